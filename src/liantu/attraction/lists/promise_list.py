"""承诺台账: every promise beside what came of it, source by source, with the share kept and its lamp."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from liantu.attraction.choices import ACTUAL_SOURCES, PROMISE_UNITS, PROMISES
from liantu.attraction.promise_shared import JUDGED_BY, LAMP_OF, PROMISE_RULES, STAGE_OF, Row, actuals_of, firm_wide, judged, of_project, rule_of
from liantu.chains.shared import latest_figures
from liantu.kernel.arrays import collected, relation_of
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.kernel.units import ratio
from liantu.projects.choices import OF_CONTRACT, STAGES, VERIFIED
from liantu.projects.shared import LAMPS

KEPT = {"secrecy": "confidential", "source_limit": OF_CONTRACT}
COLUMNS = (
    Column("promise", "承诺编号", "Promise id", "integer", unit="号"),
    Column("project", "项目编号", "Project id", "integer", unit="号"),
    Column("project_name", "项目名称", "Project"),
    Column("lamp", "灯色", "Lamp", "choice", choices=LAMPS),
    Column("lamp_rule", "亮灯理由", "Why this lamp", "choice", choices=PROMISE_RULES),
    Column("kind", "承诺事项", "Promise", "choice", choices=PROMISES),
    Column("measure", "单位", "Unit"),
    Column("due_on", "兑现时限", "Due on", "date"),
    Column("amount", "承诺值", "Promised", "number", unit="见单位列", **KEPT),
    Column("actual", "认定实际值", "Actual held against it", "number", unit="见单位列", help="已核实的先于待核的；审计、统计、税务、社保、许可、自报依次", **KEPT),
    Column("judged_by", "依据来源", "Source", "choice", choices=JUDGED_BY),
    Column("kept_share", "兑现比例", "Share kept", "share", unit="1", help="认定实际值 ÷ 承诺值", **KEPT),
    *(Column(f"by_{s.value}", f"{s.zh}数", f"By {s.en.lower()}", "number", unit="见单位列", help="该来源最近一次的数", **KEPT) for s in ACTUAL_SOURCES),
    Column("by_firm", "年报数（全企业）", "Yearly figures (whole firm)", "number", unit="见单位列", help="企业年度数据，是整个企业的，不是这个项目的；亩均按项目用地折算", **KEPT),
    Column("firm_year", "年报年份", "Year", "year"),
    Column("firm_source", "年报来源与口径", "Source and definition"),
    Column("reached_on", "实际到达日期", "Reached on", "date", help="开工、竣工、投产类承诺"),
    Column("verification", "核实状态", "Verified", "choice", choices=VERIFIED),
    Column("clause", "协议条款", "Clause"),
    Column("stage", "项目阶段", "Stage", "choice", choices=STAGES),
    Column("enterprise_name", "实施企业", "Enterprise", "name"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("land_mu", "项目用地", "Land", "number", unit="亩"),
)
TRACE = (("promise", {"id": "promise"}), ("promise_actual", {"project": "project", "kind": "kind"}), ("project", {"id": "project"}), ("stage_event", {"project": "project"}),
         ("annual_figure", {"enterprise": "project.enterprise"}), ("enterprise", {"id": "project.enterprise"}), ("chain_node", {"id": "project.chain_node"}), ("chain", {}))


@list_("承诺台账", "Promise ledger", key=("promise",), columns=COLUMNS, trace=TRACE, sort=("chain_code", "project_name", "due_on"), verified="verification", secrecy="internal", rule="promise_lamps")
def promise_list(promise: Any, promise_actual: Any, project: Any, stage_event: Any, annual_figure: Any, enterprise: Any, chain_node: Any, chain: Any, as_of: Any, rule: Any) -> Any:
    """每项承诺多少、何时兑现，各来源的实际数并排，兑现几成，亮什么灯；企业年报数是全企业口径，只作上限看。供招商、园区和统计人员，单个项目的数不对外。

    Each promise with its due day, the figures of every source side by side, the share kept and its lamp; yearly figures are the whole firm's and only bound the project's.

    Example:
        promise
        id | project | kind    | amount | due_on     | clause
        1  | 5       | output  | 1000.0 | 2026-06-30 | 第三条
        2  | 5       | jobs    | 100.0  | 2026-06-30 |
        3  | 5       | produce |        | 2026-06-30 |
        4  | 5       | tax     | 50.0   | 2028-12-31 |
        promise_actual
        id | project | kind   | as_of      | amount | source     | verified
        1  | 5       | output | 2026-06-30 | 400.0  | statistics | verified
        2  | 5       | output | 2026-06-30 | 900.0  | reported   |
        project
        id | name | stage   | enterprise | enterprise_name | chain | chain_node | land_mu | invest_done
        5  | 甲   | started | 7          |                 | 1     |            | 50.0    |
        stage_event
        id | project | stage | happened_on
        annual_figure
        id | enterprise | year | output | tax | employees | source | definition
        1  | 7          | 2025 | 5000.0 | 9.0 | 120       | 统计   | 法人在地
        enterprise
        id | name
        7  | 乙公司
        chain_node
        id | code | name | chain
        chain
        id | code | name
        1  | c    | 电池
        gives
        promise | lamp   | lamp_rule   | actual | judged_by  | kept_share | by_statistics | by_reported | by_firm | firm_source     | verification
        1       | red    | below       | 400.0  | statistics | 0.4        | 400.0         | 900.0       | 5000.0  | 统计，法人在地 | verified
        2       | yellow | firm_wide   | 120.0  | firm_wide  | 1.2        |               |             | 120.0   | 统计，法人在地 | to_verify
        3       | red    | not_reached |        | stage      |            |               |             |         |                 | to_verify
        4       | green  | not_due     | 9.0    | firm_wide  | 0.18       |               |             | 9.0     | 统计，法人在地 | to_verify
    """
    rows = _context(collected(project), collected(chain_node), collected(chain), collected(enterprise))
    figures = {r["enterprise"]: r for r in collected(latest_figures(annual_figure)).to_dicts()}
    sources = _sources(collected(annual_figure), figures)
    told = actuals_of(collected(promise_actual), as_of)
    reached = {(r["project"], r["stage"]): r["happened_on"] for r in collected(stage_event).to_dicts() if r["happened_on"] is not None and r["happened_on"] <= as_of}
    lines = [_line(p, rows[p["project"]], told.get((p["project"], p["kind"]), {}), figures, sources, reached, as_of, rule) for p in collected(promise).to_dicts() if p["project"] in rows]
    schema = {c.name: {"integer": pl.Int64, "date": pl.Date, "number": pl.Float64, "share": pl.Float64, "year": pl.Int64}.get(c.kind, pl.String) for c in COLUMNS}
    return relation_of(pl.DataFrame(lines, schema=schema).to_dict())


def _context(project: pl.DataFrame, chain_node: pl.DataFrame, chain: pl.DataFrame, enterprise: pl.DataFrame) -> dict[int, Row]:
    """Projects by id, with the names of their firm and chain."""
    names, of_node = dict(enterprise.select("id", "name").iter_rows()), dict(chain_node.select("id", "chain").iter_rows())
    chains = {pk: (code, name) for pk, code, name in chain.select("id", "code", "name").iter_rows()}
    rows = {r["id"]: r for r in project.to_dicts()}
    for row in rows.values():
        row["chain_code"], row["chain_name"] = chains.get(row["chain"] or of_node.get(row["chain_node"]), (None, None))
        row["enterprise_name"] = names.get(row["enterprise"]) or row["enterprise_name"]
    return rows


def _sources(annual: pl.DataFrame, figures: dict[int, Row]) -> dict[int, str]:
    """Enterprise → where the figures of its latest year come from and under which definition."""
    found: dict[int, list[str]] = {}
    for row in annual.sort("id").to_dicts():
        used = figures.get(row["enterprise"])
        if used and row["year"] == used["year"]:
            found.setdefault(row["enterprise"], []).append("，".join(w for w in (row["source"], row["definition"]) if w) or "来源未填")
    return {firm: "；".join(dict.fromkeys(told)) for firm, told in found.items()}


def _line(promise: Row, project: Row, told: dict[str, Row], figures: dict[int, Row], sources: dict[int, str], reached: dict[tuple[int, str], date], as_of: date, rule: Row) -> Row:
    """One promise with all that is known of it."""
    kind, year = promise["kind"], figures.get(project["enterprise"])
    whole = firm_wide(project, kind, year)
    value, source, verified = (None, "stage", False) if kind in STAGE_OF else judged(told, whole, of_project(project, kind))
    share = ratio(value, promise["amount"])
    arrived = reached.get((promise["project"], STAGE_OF[kind])) if kind in STAGE_OF else None
    why = rule_of(promise, share, source, arrived, as_of, rule)
    return {"promise": promise["id"], "project": promise["project"], "project_name": project["name"], "lamp": LAMP_OF[why], "lamp_rule": why, "kind": kind, "measure": PROMISE_UNITS.get(kind, ""),
            "due_on": promise["due_on"], "amount": promise["amount"], "actual": value, "judged_by": source, "kept_share": share,
            **{f"by_{s.value}": float(told[s.value]["amount"]) if s.value in told else None for s in ACTUAL_SOURCES}, "by_firm": whole, "firm_year": year["year"] if year and whole is not None else None,
            "firm_source": sources.get(project["enterprise"]) if whole is not None else None, "reached_on": arrived, "verification": "verified" if verified else "to_verify", "clause": promise["clause"],
            "stage": project["stage"], "enterprise_name": project["enterprise_name"], "chain_code": project["chain_code"], "chain_name": project["chain_name"], "land_mu": project["land_mu"]}


