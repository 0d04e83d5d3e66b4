"""三未清单: approved and not started, started and not built, built and not finished, with the reason and who answers."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.attraction.pipeline_shared import days_since
from liantu.kernel.columns import Choice, Column
from liantu.kernel.output import list_
from liantu.kernel.relations import first_of
from liantu.projects.choices import OF_CONTRACT, SIDE_STATES, STAGES, VERIFIED
from liantu.projects.shared import LAMPS, PROJECT_RULES

UNDONE = (Choice("not_started", "立项未开工", "Approved, not started"), Choice("not_built", "开工未建设", "Started, nothing invested"), Choice("not_finished", "建设未竣工", "Under construction"))
COLUMNS = (
    Column("project", "项目编号", "Project id", "integer", unit="号"),
    Column("name", "项目名称", "Project"),
    Column("unfinished", "三未", "Unfinished", "choice", choices=UNDONE),
    Column("lamp", "灯色", "Lamp", "choice", choices=LAMPS),
    Column("lamp_rule", "亮灯理由", "Why this lamp", "choice", choices=PROJECT_RULES),
    Column("stage", "阶段", "Stage", "choice", choices=STAGES),
    Column("verification", "核实状态", "Verified", "choice", choices=VERIFIED),
    Column("since_on", "从哪天算起", "Since", "date", help="立项未开工从签约日，其余从开工日；没有登记的按到达本阶段的日期"),
    Column("undone_days", "已过天数", "Days since", "integer", unit="天"),
    Column("planned_on", "计划日期", "Planned on", "date", help="立项未开工为计划开工，其余为计划竣工"),
    Column("late_days", "超期天数", "Days late", "integer", unit="天", help="正数为已超过计划日期"),
    Column("reason", "原因", "Reason", "long_text", help="项目登记的存在问题；没有写的要补"),
    Column("reason_told", "已写原因", "Reason told", "flag"),
    Column("side_state", "推进状态", "State", "choice", choices=SIDE_STATES),
    Column("invest_total", "总投资", "Total investment", "money", unit="万元"),
    Column("invest_done_rate", "投资完成率", "Share invested", "share", unit="1", source_limit=OF_CONTRACT, secrecy="confidential"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("enterprise_name", "实施企业", "Enterprise", "name"),
    Column("lead_office", "责任单位", "Responsible office"),
    Column("owner", "责任人", "Responsible person"),
    Column("leader", "包联领导", "Leader in charge"),
    Column("moved_on", "最近动静", "Last movement", "date"),
)
TRACE = (("project_list", {"project": "project"}), ("stage_event", {"project": "project"}))


@list_("三未清单", "Unfinished projects", key=("project",), columns=COLUMNS, trace=TRACE, sort=("-late_days",), verified="verification", secrecy="internal")
def three_undone(project_list: Any, stage_event: Any, as_of: Any) -> Any:
    """立项未开工、开工未建设、建设未竣工的项目各拖了多少天、什么原因、谁负责；供调度会逐个过。已终止的不算。内部使用。

    Projects approved and not started, started and not built, built and not finished: for how long, why, and who answers; for the meeting. Ended ones are left out. Internal.

    Example:
        project_list
        project | name | unfinished   | stage      | signed_on  | started_on | start_plan | finish_plan | problem  | owner
        1       | 甲   | not_started  | registered | 2026-01-31 |            | 2026-10-01 |             | 用地未批 | 李
        2       | 乙   | not_finished | started    | 2025-01-01 | 2026-10-01 |            | 2026-11-30  |          |
        3       | 丙   | not_built    | started    |            |            |            |             |          |
        4       | 丁   |              | producing  |            |            |            |             |          |
        stage_event
        id | project | stage   | happened_on
        1  | 3       | started | 2026-10-21
        gives
        project | unfinished   | since_on   | undone_days | planned_on | late_days | reason   | reason_told
        1       | not_started  | 2026-01-31 | 273         | 2026-10-01 | 30        | 用地未批 | true
        2       | not_finished | 2026-10-01 | 30          | 2026-11-30 | -30       |          | false
        3       | not_built    | 2026-10-21 | 10          |            |           |          | false
    """
    reached = stage_event.filter(nw.col("happened_on") <= nw.lit(as_of)).select("project", "stage", nw.col("happened_on").alias("_reached_on"))
    rows = project_list.filter(~nw.col("unfinished").is_null()).join(reached, on=["project", "stage"], how="left")
    waiting = nw.col("unfinished") == "not_started"
    rows = rows.with_columns(nw.when(waiting).then(nw.coalesce("signed_on", "_reached_on")).otherwise(nw.coalesce("started_on", "_reached_on")).alias("since_on"),
                             nw.when(waiting).then(nw.col("start_plan")).otherwise(nw.col("finish_plan")).alias("planned_on"), nw.col("problem").alias("reason"),
                             (first_of([("told", ~nw.col("problem").is_null())], "") == "told").alias("reason_told"))
    return rows.with_columns(days_since("since_on", as_of).alias("undone_days"), days_since("planned_on", as_of).alias("late_days"))
