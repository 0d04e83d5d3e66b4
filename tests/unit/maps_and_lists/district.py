"""A small hand-made district: rows by table, saved as editions without a database."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from liantu.kernel.edition import Edition, save_edition, schema_of
from liantu.kernel.tables import all_tables

DAY = date(2026, 3, 31)


class District:
    """Rows as dicts by table; columns not told are empty. ``put`` adds a row, ``row`` gives one to be changed, ``drop`` takes one away."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in all_tables()}
        self.last = dict.fromkeys(self.tables, 0)  # ids are never given twice, as in the records

    def put(self, table: str, **values: Any) -> int:
        self.last[table] += 1
        number = self.last[table]
        self.tables[table][number] = values
        return number

    def row(self, table: str, number: int) -> dict[str, Any]:
        return self.tables[table][number]

    def drop(self, table: str, number: int) -> None:
        del self.tables[table][number]

    def copy(self) -> District:
        return copy.deepcopy(self)

    def frames(self) -> dict[str, pl.DataFrame]:
        found = {}
        for name, rows in self.tables.items():
            schema = schema_of(all_tables()[name])
            assert all(set(row) <= set(schema) for row in rows.values()), name
            found[name] = pl.DataFrame([{"id": number, **row} for number, row in rows.items()], schema=schema)
        return found

    def edition(self, root: Path, number: str | None = None, as_of: date = DAY) -> Edition:
        return save_edition(self.frames(), root=root, number=number, as_of=as_of, approver="链长" if number else None)


def two_chains() -> District:
    """Chains c and d with nodes c/a, c/b, d/a; five firms; a project, a case and a policy."""
    made = District()
    for code, name, en in (("c", "电池链", "Battery"), ("d", "文旅链", "Culture")):
        made.put("chain", code=code, name=name, name_en=en)
    for place, (code, chain, name, en) in enumerate((("c/a", 1, "隔膜", "Separator"), ("c/b", 1, "电芯", "Cell"), ("d/a", 2, "演艺", "Shows")), 1):
        made.put("chain_node", code=code, chain=chain, name=name, name_en=en, position=place, weight=1)
    for name, node, above in (("甲", 2, True), ("乙", 2, True), ("丙", 1, True), ("丁", 3, False), ("戊", 2, False)):
        firm = made.put("enterprise", name=name, status="active", above_scale=above)
        made.put("placement", enterprise=firm, chain_node=node, grade="confirmed", score=1.0)
    made.put("project", name="隔膜二期", chain=1, stage="signed")
    made.put("case", code="W1", title="缺变压器", chain=1, state="doing", due_on=date(2026, 4, 10), lead_office="工信局")
    made.put("policy", name="技改补助", code="区发1号", valid_from=date(2025, 1, 1), valid_until=date(2026, 4, 15))
    return made
