"""What changed between two editions, in words: rows that entered, left or changed, and nodes whose status changed with the rows behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from liantu.kernel.columns import Column, Table
from liantu.kernel.edition import Difference, Edition, Manifest, compare, list_editions
from liantu.kernel.output import run
from liantu.kernel.passport import rows_behind
from liantu.kernel.tables import all_tables, model_of, table_of
from liantu.web.cells import caption_column, show

SHOWN = 40
MAP, STATUS = "chain_map", "status"


@dataclass
class TableDifference:
    """One table's difference, the first rows of each kind in words and how many there are in all."""

    table: Table
    entered: list[str]
    entered_count: int
    left: list[str]
    left_count: int
    changed: list[tuple[int, str, str, str, str]]
    changed_count: int


@dataclass
class StatusChange:
    """A node whose status changed, and what changed among the rows that make its status."""

    key: str
    chain: str
    node: str
    before: str
    after: str
    before_words: str
    after_words: str
    reasons: list[str]


def count_of(table: str) -> int:
    """How many rows the records hold now."""
    return int(model_of(table).objects.count())


def formal_before(manifest: Manifest) -> Manifest | None:
    """The formal edition before this one, the natural one to compare with."""
    earlier = [m for m in list_editions() if m.created_at < manifest.created_at]
    formal = [m for m in earlier if m.kind == "formal"]
    return (formal or earlier or [None])[-1]


def frozen_captions(edition: Edition, table: str, ids: Iterable[int]) -> dict[int, str]:
    """Names of rows as an edition holds them; figures are led by the firm that they belong to."""
    if table not in edition.manifest.tables:
        return {}
    declared = table_of(table)
    caption = declared.column(caption_column(table))
    frame = edition.table(table).filter(pl.col("id").is_in(list(ids)))
    first = declared.column(declared.key[0]) if declared.key else caption
    found = {}
    leads = frozen_captions(edition, str(first.reference), frame[first.name].drop_nulls().to_list()) if first.reference and first.reference != table else {}
    for row in frame.iter_rows(named=True):
        own = "" if leads and caption.kind in ("long_text", "text") else str(row.get(caption.name) or "")
        found[row["id"]] = " ".join(p for p in (leads.get(row.get(first.name), ""), own) if p) or f"#{row['id']}"
    return found


def table_differences(before: Edition, after: Edition, visible: Callable[[Iterable[Column]], list[Column]]) -> list[TableDifference]:
    """Tables that differ, firms first, in words."""
    known = all_tables()
    found = [_one(d, before, after, visible) for d in compare(before, after) if d.table in known]
    found = [d for d in found if d.entered_count or d.left_count or d.changed_count]
    return sorted(found, key=lambda d: d.table.name != "enterprise")


def _one(difference: Difference, before: Edition, after: Edition, visible: Callable[[Iterable[Column]], list[Column]]) -> TableDifference:
    table = table_of(difference.table)
    seen = {c.name: c for c in visible(table.columns)}
    changed = [c for c in difference.changed if c[1] in seen]
    entered, left = difference.entered[:SHOWN], difference.left[:SHOWN]
    names = frozen_captions(after, table.name, [*entered, *(c[0] for c in changed[:SHOWN])])
    gone = frozen_captions(before, table.name, left)
    references = _reference_names(after, seen.values(), changed[:SHOWN])
    lines = [(pk, names.get(pk, f"#{pk}"), seen[column].zh, show(old, seen[column], references), show(new, seen[column], references)) for pk, column, old, new in changed[:SHOWN]]
    return TableDifference(table, [names.get(i, f"#{i}") for i in entered], len(difference.entered), [gone.get(i, f"#{i}") for i in left], len(difference.left), lines, len(changed))


def _reference_names(edition: Edition, columns: Iterable[Column], changed: list[tuple[int, str, Any, Any]]) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    for column in columns:
        if column.reference:
            ids = {v for _, name, *values in changed if name == column.name for v in values if v is not None}
            found.setdefault(column.reference, {}).update(frozen_captions(edition, column.reference, ids))
    return found


def status_changes(before: Edition, after: Edition) -> list[StatusChange]:
    """Nodes of the chain map whose status differs, with what changed in the rows behind them."""
    one, two = run(MAP, before), run(MAP, after)
    output = two.output
    column = output.column(STATUS)
    old = {one.key_of(r): r for r in one.frame.iter_rows(named=True)}
    found = []
    for row in two.frame.iter_rows(named=True):
        key = two.key_of(row)
        was = old.get(key)
        if was is None or was[STATUS] == row[STATUS]:
            continue
        reasons = _reasons(before, after, rows_behind(one.output, before, was), rows_behind(output, after, row), was, row)
        found.append(StatusChange(key, str(row["chain_name"]), str(row["name"]), str(was[STATUS]), str(row[STATUS]), show(was[STATUS], column), show(row[STATUS], column), reasons))
    return found


def _reasons(before: Edition, after: Edition, old: dict[str, pl.DataFrame], new: dict[str, pl.DataFrame], was: dict[str, Any], row: dict[str, Any]) -> list[str]:
    """Rows behind a node that came, went or changed, and the figures of the map that moved with them."""
    lines = []
    for name, frame in new.items():
        past = old.get(name, frame.clear())
        came = frame.join(past, on="id", how="anti")["id"].to_list()
        went = past.join(frame, on="id", how="anti")["id"].to_list()
        moved = _moved(past, frame)
        zh = table_of(name).zh
        for ids, word, edition in ((came, "新增", after), (went, "减少", before), (moved, "改动", after)):
            if ids:
                names = frozen_captions(edition, name, ids[:6])
                lines.append(f"{zh}{word} {len(ids)} 行：" + "、".join(names.get(i, f"#{i}") for i in ids[:6]) + ("…" if len(ids) > 6 else ""))
    from liantu.kernel.output import output_of

    for column in output_of(MAP).columns:
        if column.numeric and column.name not in ("position", "weight") and column.secrecy != "confidential" and was.get(column.name) != row.get(column.name):
            lines.append(f"{column.zh} {show(was.get(column.name), column)} → {show(row.get(column.name), column)}")
    return lines


def _moved(past: pl.DataFrame, now: pl.DataFrame) -> list[int]:
    shared = [c for c in now.columns if c in past.columns and c != "id"]
    both = past.join(now, on="id", suffix="__now")
    if both.is_empty() or not shared:
        return []
    return both.filter(pl.any_horizontal(*(pl.col(c).ne_missing(pl.col(f"{c}__now")) for c in shared)))["id"].to_list()
