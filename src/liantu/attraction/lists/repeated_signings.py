"""重复签约清单: pairs of signed projects that may be one, with the reasons and what a person decided."""

from __future__ import annotations

from typing import Any

import polars as pl

from liantu.attraction.choices import SAME
from liantu.attraction.signing_shared import look_alike, reason
from liantu.kernel.arrays import collected, relation_of
from liantu.kernel.columns import Column
from liantu.kernel.output import list_

COLUMNS = (
    Column("first", "先签项目编号", "First id", "integer", unit="号"),
    Column("other", "后签项目编号", "Later id", "integer", unit="号"),
    Column("probability", "是同一项目的把握", "Probability", "share", unit="1", help="按合成台账定的权重算，未用真实台账校准；已认定而现在不再相似的为空"),
    Column("first_name", "先签项目", "First signed"),
    Column("other_name", "后签项目", "Signed later"),
    Column("verdict", "认定", "Verdict", "choice", choices=SAME, help="空的为待认定"),
    Column("reasons", "理由", "Reasons", "long_text", help="支持的在前，反对的在后；括号内为对把握（对数几率）的增减"),
    Column("first_party", "先签投资方", "First investor", "name"),
    Column("other_party", "后签投资方", "Later investor", "name"),
    Column("first_invest", "先签总投资", "First amount", "money", unit="万元"),
    Column("other_invest", "后签总投资", "Later amount", "money", unit="万元"),
    Column("first_signed", "先签时间", "First signed on", "date"),
    Column("other_signed", "后签时间", "Later signed on", "date"),
    Column("days", "相隔", "Days between", "integer", unit="天"),
    Column("first_park", "先签落地", "First park", "name"),
    Column("other_park", "后签落地", "Later park", "name"),
    Column("decided_on", "认定日期", "Decided on", "date"),
    Column("who", "认定人", "Who"),
    Column("why", "认定依据", "Reason of the verdict", "long_text"),
    Column("parts", "比较明细", "Parts of the comparison", "long_text", help="每行一项：名称、对数几率、细节"),
)
TRACE = (("project", {"id": "first"}), ("project", {"id": "other"}), ("signing_verdict", {"project": "first", "other": "other"}), ("enterprise", {}), ("park", {}), ("region", {}))


@list_("重复签约清单", "Repeated signings", key=("first", "other"), columns=COLUMNS, trace=TRACE, sort=("-probability",), secrecy="internal", rule="signing_match")
def repeated_signings(project: Any, signing_verdict: Any, enterprise: Any, park: Any, region: Any, rule: Any) -> Any:
    """可能签了两次的项目：名称、投资方改了写法，建设内容、产能、环节相合；由人认定，认定为同一项目的只计最先签约的一个。供招商和统计人员。

    Projects that may have been signed twice under changed names, with reasons; a person decides, and of one project only the first signing counts.

    Example:
        project
        id | name                     | investor             | enterprise_name | chain_node | content              | invest_total | stage   | signed_on
        1  | 华铭年产5万吨磷酸铁锂项目 | 华铭新材料集团有限公司 |                 | 4          | 形成年产5万吨磷酸铁锂能力 | 90000.0      | started | 2025-03-01
        2  | 华铭磷酸铁锂生产基地项目  | 华铭新材料            |                 | 4          | 年产5万吨磷酸铁锂     | 110000.0     | signed  | 2025-09-01
        3  | 恒泰年产2万吨铜箔项目     | 恒泰铜业有限公司      |                 | 5          |                      | 30000.0      | signed  | 2025-05-01
        signing_verdict
        id | project | other | verdict | decided_on | who | reason
        1  | 1       | 3     | different | 2025-10-01 | 甲 |
        enterprise
        id | name | former
        park
        id | name
        region
        id | code | name
        gives
        first | other | first_name               | verdict   | days
        1     | 2     | 华铭年产5万吨磷酸铁锂项目 |           | 184
        1     | 3     | 华铭年产5万吨磷酸铁锂项目 | different | 61
    """
    tables = {"project": collected(project), "enterprise": collected(enterprise), "region": collected(region)}
    said = {(v["project"], v["other"]): v for v in collected(signing_verdict).to_dicts()}
    names = dict(collected(park).select("id", "name").iter_rows())
    rows = {r["id"]: r for r in tables["project"].to_dicts()}
    found = {(p["first"], p["other"]): p for p in look_alike(tables, rule)}
    pairs = [k for k in {*found, *said} if k[0] in rows and k[1] in rows and not (k not in said and k[::-1] in said)]
    lines = [_line(pair, rows, names, found.get(pair) or found.get(pair[::-1]), said.get(pair)) for pair in sorted(pairs)]
    schema = {c.name: {"integer": pl.Int64, "date": pl.Date, "money": pl.Float64, "share": pl.Float64}.get(c.kind, pl.String) for c in COLUMNS}
    return relation_of(pl.DataFrame(lines, schema=schema).to_dict())


def _line(pair: tuple[int, int], rows: dict[int, Any], parks: dict[int, str], alike: Any, said: Any) -> dict[str, Any]:
    """One row of the list."""
    one, other = rows[pair[0]], rows[pair[1]]
    parts = alike["parts"] if alike else ()
    days = abs((other["signed_on"] - one["signed_on"]).days) if one["signed_on"] and other["signed_on"] else None
    told = {f"{w}_{name}": value for w, row in (("first", one), ("other", other)) for name, value in
            (("name", row["name"]), ("party", row["investor"] or row["enterprise_name"]), ("invest", row["invest_total"]), ("signed", row["signed_on"]), ("park", parks.get(row["park"])))}
    return {"first": pair[0], "other": pair[1], "probability": alike and alike["probability"], "verdict": said and said["verdict"], "decided_on": said and said["decided_on"], "who": said and said["who"],
            "why": said and said["reason"], "days": days, "reasons": "；".join(f"{reason(p)}（{p[1]:+.1f}）" for p in sorted(parts, key=lambda p: -p[1])) or None,
            "parts": "\n".join(f"{name}\t{odds:.2f}\t{detail}" for name, odds, detail in parts) or None, **told}
