"""企业打扰提醒: firms that several offices approach, or that are visited too often."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from liantu.attraction.contacts import KINDS, Contact, firm_key, overloads
from liantu.kernel.arrays import collected, relation_of
from liantu.kernel.columns import Column
from liantu.kernel.output import warning

COLUMNS = (
    Column("firm", "企业标识", "Firm key", "code", help="目标企业编号，没有的取名称"),
    Column("kind", "情形", "What", "choice", choices=KINDS),
    Column("firm_name", "企业名称", "Firm", "name"),
    Column("count", "数", "Count", "integer", unit="见情形", help="几个单位，或几次"),
    Column("days", "天数", "Within", "integer", unit="天"),
    Column("offices", "单位", "Offices", "words"),
    Column("first_on", "最早", "First", "date"),
    Column("last_on", "最近", "Last", "date"),
    Column("sentence", "说明", "In words", "long_text"),
)
TRACE = (("visit", {"firm_name": "firm_name"}),)


@warning("企业打扰提醒", "Firms contacted too often", key=("firm", "kind"), columns=COLUMNS, trace=TRACE, sort=("-count",), secrecy="internal", rule="contact_guard")
def contact_overload(visit: Any, as_of: date, rule: Any) -> Any:
    """近期被几个单位同时接触、或上门约谈太勤的企业；供招商部门商定由谁牵头。只提醒，不禁止；电话不算上门。

    Firms that several offices approach at a time or that are visited too often; a reminder, not a ban. Calls are no visits.

    Example:
        visit
        id | firm_name      | candidate | visited_on | office   | kind
        1  | 甲新材料公司   |           | 2026-10-02 | 商务局   | out
        2  | 甲新材料公司   |           | 2026-10-12 | 工信局   | call
        3  | 乙有限公司     |           | 2026-10-20 | 商务局   | out
        4  | 丙集团         | 7         | 2026-10-05 | 商务局   | out
        5  | 丙集团有限公司 | 7         | 2026-10-15 | 商务局   | talk
        6  | 丙集团         | 7         | 2026-10-25 | 商务局   | hosted
        gives
        firm         | kind    | firm_name      | count | offices        | last_on
        c7           | visits  | 丙集团         | 3     | 商务局         | 2026-10-25
        甲新材料公司 | offices | 甲新材料公司   | 2     | 商务局、工信局 | 2026-10-12
    """
    rows = collected(visit).filter(pl.col("visited_on").is_not_null()).sort("id").to_dicts()
    contacts = [Contact(r["firm_name"], firm_key(r["firm_name"], r["candidate"]), r["visited_on"], r["office"] or "", r["kind"] or "out") for r in rows]
    found = overloads(contacts, as_of, rule)
    schema = {c.name: {"integer": pl.Int64, "date": pl.Date}.get(c.kind, pl.String) for c in COLUMNS}
    lines = [{"firm": o.key, "kind": o.kind, "firm_name": o.firm_name, "count": o.count, "days": o.days, "offices": "、".join(o.offices), "first_on": o.first_on, "last_on": o.last_on, "sentence": o.zh}
             for o in found]
    return relation_of(pl.DataFrame(lines, schema=schema).to_dict())
