"""落地预测: each project's chance to start and to produce within a year, learnt from the district's own stages."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from liantu.attraction.forecast import TARGETS, USED, history, project_chances
from liantu.kernel.arrays import collected, relation_of
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.methods.stage_forecast import MONTH
from liantu.projects.choices import STAGES

ROUGH = "按本区项目阶段的历史推算，是概率不是计划；数据少时偏向总体平均"
COLUMNS = (
    Column("project", "项目编号", "Project id", "integer", unit="号"),
    Column("name", "项目名称", "Project"),
    Column("stage", "阶段", "Stage", "choice", choices=STAGES),
    Column("waited_months", "在本阶段已", "Months in this stage", "integer", unit="个月", help="从最近一个有日期的阶段算起"),
    *(c for target, zh in TARGETS.items() for c in (
        Column(f"{target}_chance", f"一年内{zh}的概率", f"Chance of {target} within a year", "share", unit="1", help=ROUGH + "；已到的为空"),
        Column(f"{target}_low", f"{zh}概率低值", f"{target}, low", "share", unit="1", help="90% 区间，项目重抽"),
        Column(f"{target}_high", f"{zh}概率高值", f"{target}, high", "share", unit="1"))),
    Column("start_plan", "计划开工时间", "Planned start", "date"),
    Column("finish_plan", "计划竣工时间", "Planned finish", "date"),
    Column("invest_total", "总投资", "Total investment", "money", unit="万元"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
)
TRACE = (("project", {"id": "project"}), ("stage_event", {}), ("signing_verdict", {}), ("chain", {"id": "project.chain"}), ("chain_node", {"id": "project.chain_node"}))


@list_("落地预测", "Landing forecast", key=("project",), columns=COLUMNS, trace=TRACE, sort=("-started_chance", "-producing_chance"), secrecy="internal", rule="stage_forecast")
def landing_forecast(project: Any, stage_event: Any, signing_verdict: Any, chain_node: Any, chain: Any, as_of: date, rule: Any) -> Any:
    """已签约未投产的项目一年内开工、投产的概率和区间，按本区各阶段的等待时间和中途终止推算；供调度时看哪些要推一把。认定重复的后签项目不在其中。

    Chances of signed projects to start and to produce within a year, from the waiting times and endings of this district's own stages. Later signings of one project are left out.

    Example:
        project
        id | name | stage      | signed_on  | side_state | invest_total | chain | updated_on
        1  | 甲   | signed     | 2026-09-30 | normal     | 100.0        | 1     |
        2  | 乙   | producing  | 2024-01-10 | normal     | 200.0        | 1     |
        3  | 丙   | signed     | 2025-01-10 | ended      | 300.0        | 1     | 2025-12-01
        stage_event
        id | project | stage     | happened_on
        1  | 2       | started   | 2024-06-10
        2  | 2       | producing | 2025-06-10
        signing_verdict
        id | project | other | verdict
        chain_node
        id | code | name | chain
        chain
        id | code | name
        1  | c    | 电池
        gives
        project | name | stage  | waited_months | chain_code
        1       | 甲   | signed | 1             | c
    """
    rows = collected(project)
    dropped = set(collected(signing_verdict).filter(pl.col("verdict") == "same")["other"].to_list())
    known = history(rows, collected(stage_event), dropped)
    told = project_chances(known, as_of, rule)
    chains = {pk: (code, name) for pk, code, name in collected(chain).select("id", "code", "name").iter_rows()}
    of_node = dict(collected(chain_node).select("id", "chain").iter_rows())
    arrived = known.told.known(as_of.toordinal())
    since = {pk: (stage, arrived.arrived[at, stage]) for at, (pk, stage) in enumerate(zip(known.ids, arrived.stage().tolist(), strict=True))}
    lines = []
    for row in rows.sort("id").to_dicts():
        own = since.get(row["id"])
        if own is None or own[0] < 0 or own[0] >= USED.index("producing") or told["producing"][row["id"]] is None:
            continue
        code, name = chains.get(row["chain"] or of_node.get(row["chain_node"]), (None, None))
        lines.append({"project": row["id"], "name": row["name"], "stage": row["stage"], "waited_months": int((as_of.toordinal() - own[1]) // MONTH), "start_plan": row["start_plan"],
                      "finish_plan": row["finish_plan"], "invest_total": row["invest_total"], "chain_code": code, "chain_name": name, **_shares(row["id"], own[0], told)})
    schema = {c.name: {"integer": pl.Int64, "date": pl.Date, "share": pl.Float64, "money": pl.Float64}.get(c.kind, pl.String) for c in COLUMNS}
    return relation_of(pl.DataFrame(lines, schema=schema).to_dict())


def _shares(pk: int, stage: int, told: dict[str, dict[int, Any]]) -> dict[str, float | None]:
    """The chances of one project; none for a step that it has taken."""
    found: dict[str, float | None] = {}
    for target, own in told.items():
        values = own[pk] if stage < USED.index(target) else None
        found |= dict(zip((f"{target}_chance", f"{target}_low", f"{target}_high"), values or (None, None, None), strict=True))
    return found
