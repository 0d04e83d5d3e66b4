"""洽谈走访清单: every visit with what was said, what comes next, and whether the next step was left lying."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.attraction.choices import VISIT_KINDS
from liantu.attraction.pipeline_shared import days_between
from liantu.chains.shared import named_chain
from liantu.kernel.columns import Choice, Column
from liantu.kernel.output import list_
from liantu.kernel.relations import first_of, mapped
from liantu.projects.shared import LAMPS

VISIT_RULES = (Choice("done", "之后又有走访", "Visited again since"), Choice("overdue", "下一步过期没有动静", "The next step is overdue"), Choice("due_soon", "下一步将到期", "The next step is due soon"),
               Choice("planned", "下一步已定", "A next step is set"), Choice("no_step", "没有写下一步", "No next step"))
_LAMPS = {"done": "green", "overdue": "red", "due_soon": "yellow", "planned": "green", "no_step": "none"}
COLUMNS = (
    Column("visit", "走访序号", "Visit id", "integer", unit="号"),
    Column("code", "走访编号", "Visit number", "code"),
    Column("visited_on", "日期", "On", "date"),
    Column("firm_name", "企业名称", "Firm", "name"),
    Column("kind", "方式", "Kind", "choice", choices=VISIT_KINDS),
    Column("office", "单位", "Office"),
    Column("people", "参加人", "Our people", "words"),
    Column("met", "对方人员", "Met", "words"),
    Column("notes", "情况", "Notes", "long_text"),
    Column("lamp", "灯色", "Lamp", "choice", choices=LAMPS),
    Column("lamp_rule", "亮灯理由", "Why this lamp", "choice", choices=VISIT_RULES),
    Column("next_step", "下一步", "Next step"),
    Column("next_on", "下一步日期", "Next on", "date"),
    Column("days_left", "剩余天数", "Days left", "integer", unit="天", help="到下一步日期；负数为已超天数"),
    Column("lead_code", "线索编号", "Lead number", "code"),
    Column("project_name", "项目名称", "Project"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("node_code", "环节代码", "Node code", "code"),
    Column("node_name", "环节", "Node", "name"),
)
TRACE = (("visit", {"id": "visit"}), ("visit", {"firm_name": "visit.firm_name"}), ("lead", {"id": "visit.lead"}), ("project", {"id": "visit.project"}), ("chain_node", {"id": "lead.chain_node"}), ("chain", {"id": "lead.chain"}))


@list_("洽谈走访清单", "Visits", key=("visit",), columns=COLUMNS, trace=TRACE, sort=("-visited_on",), secrecy="internal", clock="lead_clock")
def visit_list(visit: Any, lead: Any, project: Any, chain_node: Any, chain: Any, clock: Any, as_of: Any) -> Any:
    """哪天谁去见了谁、说了什么、下一步是什么；下一步过了日子又没有再走访的亮红灯。供招商部门和专班。内部使用。

    Who met whom when, what was said and what comes next; a next step left lying past its day shows red. For the investment office. Internal.

    Example:
        visit
        id | code | visited_on | firm_name | lead | project | next_step | next_on
        1  | Z1   | 2026-10-01 | 甲        | 1    |         | 回访      | 2026-10-10
        2  | Z2   | 2026-10-12 | 甲        | 1    |         | 报方案    | 2026-11-01
        3  | Z3   | 2026-10-01 | 乙        |      | 9       | 回访      | 2026-10-10
        4  | Z4   | 2026-10-01 | 丙        |      |         |           |
        lead
        id | code | chain | chain_node
        1  | X1   | 1     |
        project
        id | name   | chain | chain_node
        9  | 乙项目 | 1     |
        chain_node
        id | code | name | chain
        chain
        id | code | name
        1  | c    | 电池
        gives
        visit | lamp   | lamp_rule | days_left | lead_code | project_name | chain_code
        1     | green  | done      | -21       | X1        |              | c
        2     | yellow | due_soon  | 1         | X1        |              | c
        3     | red    | overdue   | -21       |           | 乙项目       | c
        4     | none   | no_step   |           |           |              |
    """
    last = visit.group_by("firm_name").agg(nw.col("visited_on").max().alias("last_on"))
    rows = visit.rename({"id": "visit", "lead": "lead_id", "project": "project_id"}).join(last, on="firm_name", how="left")
    rows = rows.join(lead.select(nw.col("id").alias("lead_id"), nw.col("code").alias("lead_code"), nw.col("chain").alias("_lead_chain"), nw.col("chain_node").alias("_lead_node")), on="lead_id", how="left")
    rows = rows.join(project.select(nw.col("id").alias("project_id"), nw.col("name").alias("project_name"), nw.col("chain").alias("_chain"), nw.col("chain_node").alias("_node")), on="project_id", how="left")
    rows = rows.with_columns(nw.coalesce("_lead_chain", "_chain").alias("chain"), nw.coalesce("_lead_node", "_node").alias("chain_node"), days_between(nw.lit(as_of), nw.col("next_on")).alias("days_left"))
    steps = [("done", nw.col("last_on") > nw.col("visited_on")), ("no_step", nw.col("next_on").is_null()), ("overdue", nw.col("days_left") < 0), ("due_soon", nw.col("days_left") <= clock["due_soon_days"])]
    rows = rows.with_columns(first_of(steps, "planned").alias("lamp_rule"))
    return named_chain(rows.with_columns(mapped(nw.col("lamp_rule"), _LAMPS).alias("lamp")), chain_node, chain)
