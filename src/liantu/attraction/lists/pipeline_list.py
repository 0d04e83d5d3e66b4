"""招商项目进程: every attracted project with its stage, what proves it, what comes next and when, and its lamp."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.attraction.choices import ADMISSION_RESULTS, LEAD_CLASSES
from liantu.attraction.pipeline_shared import counted_visits, days_between, days_since, visit_of_project
from liantu.kernel.columns import Choice, Column
from liantu.kernel.output import list_
from liantu.kernel.relations import count_of, day_number, first_of, mapped, zero
from liantu.projects.choices import OF_CONTRACT, SIDE_STATES, STAGES, VERIFIED
from liantu.projects.shared import LAMPS, PROJECT_RULES, RANKS

IDS = 1_000_000_000  # more rows than a table has
DUES = (Choice("next_step", "下一步", "Next step"), Choice("start", "计划开工", "Planned start"), Choice("finish", "计划竣工", "Planned finish"))
COLUMNS = (
    Column("project", "项目编号", "Project id", "integer", unit="号"),
    Column("name", "项目名称", "Project"),
    Column("lamp", "灯色", "Lamp", "choice", choices=LAMPS),
    Column("lamp_rule", "亮灯理由", "Why this lamp", "choice", choices=PROJECT_RULES),
    Column("stage", "阶段", "Stage", "choice", choices=STAGES),
    Column("stage_rank", "阶段次序", "Place of the stage", "integer", unit="位", help="线索为 1，达产为 13"),
    Column("reached_on", "到达本阶段", "Reached on", "date", help="没有登记到达日期的为空"),
    Column("stage_days", "在本阶段天数", "Days in this stage", "integer", unit="天"),
    Column("verification", "核实状态", "Verified", "choice", choices=VERIFIED),
    Column("proven_stage", "佐证到的阶段", "Proven stage", "choice", choices=STAGES),
    Column("unproven", "缺佐证阶段数", "Stages without proof", "integer", unit="个", help="已登记的阶段里没有佐证材料的"),
    Column("side_state", "推进状态", "State", "choice", choices=SIDE_STATES),
    Column("repeat_of", "重复签约，已计入", "Counted under", help="经人认定与先签的项目是同一个，不计入个数和金额"),
    Column("due_what", "最近要做", "Next due", "choice", choices=DUES),
    Column("due_on", "到期日", "Due on", "date"),
    Column("days_left", "剩余天数", "Days left", "integer", unit="天", help="负数为已超天数；自然日"),
    Column("next_step", "下一步", "Next step"),
    Column("next_on", "下一步日期", "Next on", "date"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("node_code", "环节代码", "Node code", "code"),
    Column("node_name", "环节", "Node", "name"),
    Column("investor", "投资方", "Investor", "name"),
    Column("invest_total", "总投资", "Total investment", "money", unit="万元"),
    Column("funds_arrived", "到位资金", "Funds arrived", "money", unit="万元", source_limit=OF_CONTRACT, secrecy="confidential"),
    Column("admission_code", "准入评审", "Admission sheet", "code"),
    Column("admission_total", "评审得分", "Admission points", "number", unit="分"),
    Column("admission_result", "评审结论", "Admission result", "choice", choices=ADMISSION_RESULTS),
    Column("lead_code", "由来线索", "From lead", "code"),
    Column("lead_class", "分类", "Class", "choice", choices=LEAD_CLASSES),
    Column("visits", "走访次数", "Visits", "integer", unit="次"),
    Column("last_visit_on", "最近走访", "Last visit", "date"),
    Column("moved_on", "最近动静", "Last movement", "date"),
    Column("lead_office", "责任单位", "Responsible office"),
    Column("owner", "责任人", "Responsible person"),
    Column("leader", "包联领导", "Leader in charge"),
    Column("problem", "存在问题", "Problem", "long_text"),
)
TRACE = (("project_list", {"project": "project"}), ("stage_event", {"project": "project"}), ("lead", {"project": "project"}), ("visit", {"project": "project"}), ("visit", {"lead": "lead.id"}), ("admission_sheet", {"project": "project"}))


@list_("招商项目进程", "Pipeline of attracted projects", key=("project",), columns=COLUMNS, trace=TRACE, sort=("stage_rank", "days_left"), verified="verification", secrecy="internal")
def pipeline_list(project_list: Any, stage_event: Any, lead: Any, visit: Any, admission_sheet: Any, as_of: Any) -> Any:
    """每个招商项目走到哪一步、凭什么、停了多少天、下一步谁何时做、评审多少分；供招商部门和专班。类别为招商，或由线索转来、做过准入评审的项目。内部使用。

    How far each attracted project is, by what proof, for how many days, what comes next and who does it. Projects of that category, from a lead, or reviewed. Internal.

    Example:
        project_list
        project | name | category  | stage   | side_state | lamp  | start_plan | finish_plan | chain_code | proven_stage | counts_as_signed
        1       | 甲   | attracted | signed  | normal     | green | 2026-12-01 | 2027-12-01  | c          | signed       | true
        2       | 乙   | reform    | talks   | normal     | green |            |             | c          |              | false
        3       | 丙   | reform    | started | normal     | red   | 2026-01-01 | 2026-10-01  | c          |              | false
        stage_event
        id | project | stage  | happened_on | evidence
        1  | 1       | talks  | 2026-08-01  | 洽谈记录
        2  | 1       | signed | 2026-10-01  | 正式投资协议
        3  | 3       | started| 2026-09-01  |
        lead
        id | code | project | lead_class | next_step | next_on    | reported_on
        1  | X1   | 1       | a          | 催办      | 2026-11-10 | 2026-10-01
        visit
        id | project | lead | visited_on | next_step | next_on
        1  | 1       |      | 2026-10-20 | 回访      | 2026-11-05
        2  |         | 1    | 2026-09-20 | 看地      | 2026-09-25
        admission_sheet
        id | code | project | held_on    | total | result
        1  | P1   | 1       | 2026-09-01 | 55.0  | more
        2  | P2   | 1       | 2026-09-20 | 71.5  | passed
        3  | P3   | 3       | 2026-09-20 | 60.0  | passed
        gives
        project | stage_rank | reached_on | stage_days | unproven | due_what  | due_on     | days_left | next_step | admission_code | admission_total | lead_code | lead_class | visits | last_visit_on
        1       | 5          | 2026-10-01 | 30         | 0        | next_step | 2026-11-05 | 5         | 回访      | P2             | 71.5            | X1        | a          | 2      | 2026-10-20
        3       | 8          | 2026-09-01 | 60         | 1        | finish    | 2026-10-01 | -30       |           | P3             | 60.0            |           |            | 0      |
    """
    visit = visit_of_project(visit, lead)
    events = stage_event.filter(nw.col("happened_on").is_null() | (nw.col("happened_on") <= nw.lit(as_of)))
    reached = events.select("project", "stage", nw.col("happened_on").alias("reached_on"))
    gaps = events.select("project", count_of(nw.col("evidence").is_null()).alias("unproven")).group_by("project").agg(nw.col("unproven").sum())
    rows = project_list.with_columns((mapped(nw.col("stage"), RANKS) + 1).alias("stage_rank"))
    rows = rows.join(reached, on=["project", "stage"], how="left").join(gaps, on="project", how="left").join(counted_visits(visit, "project"), on="project", how="left")
    rows = rows.join(_newest(admission_sheet, "held_on").select("project", nw.col("code").alias("admission_code"), nw.col("total").alias("admission_total"), nw.col("result").alias("admission_result")),
                     on="project", how="left")
    rows = rows.join(_newest(lead, "received_on").select("project", nw.col("code").alias("lead_code"), "lead_class", nw.col("next_step").alias("_lead_step"), nw.col("next_on").alias("_lead_on")), on="project", how="left")
    rows = rows.join(_newest(visit.filter(~nw.col("next_on").is_null()), "visited_on").select("project", nw.col("next_step").alias("_step"), nw.col("next_on").alias("_on")), on="project", how="left")
    rows = rows.filter((nw.col("category") == "attracted") | ~nw.col("lead_code").is_null() | ~nw.col("admission_code").is_null())
    rows = rows.with_columns(nw.coalesce("_step", "_lead_step").alias("next_step"), nw.coalesce("_on", "_lead_on").alias("next_on"), *(zero(nw.col(c)).alias(c) for c in ("visits", "unproven")),
                             days_since("reached_on", as_of).alias("stage_days"))
    return _due(rows, as_of)


def _newest(rows: Any, day: str) -> Any:
    """The newest row of each project; of two on one day the one written last."""
    order = zero(day_number(nw.col(day))) * IDS + nw.col("id")
    told = rows.filter(~nw.col("project").is_null()).with_columns(order.alias("_order"))
    last = told.group_by("project").agg(nw.col("_order").max())
    return told.join(last, on=["project", "_order"], how="inner").drop("_order")


def _due(rows: Any, as_of: Any) -> Any:
    """The nearest day on which something is due: the next step, the planned start, the planned finish; nothing for those that ended or stand still."""
    alive = nw.col("side_state").is_null() | ~nw.col("side_state").is_in(("ended", "paused"))
    dues = {"next_step": (alive & (nw.col("next_on") >= nw.coalesce("last_visit_on", "next_on")), "next_on"), "start": (alive & (nw.col("stage_rank") <= RANKS["started"]), "start_plan"),
            "finish": (alive & (nw.col("stage_rank") <= RANKS["completed"]), "finish_plan")}
    rows = rows.with_columns(*(nw.when(condition).then(nw.col(column)).alias(f"_{name}") for name, (condition, column) in dues.items()))
    rows = rows.with_columns(nw.min_horizontal(*(f"_{name}" for name in dues)).alias("due_on"))
    what = first_of([(name, nw.col(f"_{name}") == nw.col("due_on")) for name in dues], "")
    return rows.with_columns(nw.when(~nw.col("due_on").is_null()).then(what).alias("due_what"), days_between(nw.lit(as_of), nw.col("due_on")).alias("days_left"))
