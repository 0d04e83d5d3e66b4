"""要素保障清单: what each project needs, how much is secured, what is missing and who answers for it."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.shared import named_chain
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.kernel.relations import count_of, day_number, ratio, zero
from liantu.projects.choices import FACTORS, STAGES

COLUMNS = (
    Column("need", "需求编号", "Need id", "integer", unit="号"),
    Column("project_name", "项目名称", "Project"),
    Column("factor", "要素", "Factor", "choice", choices=FACTORS),
    Column("gap", "缺口", "Gap", "number", unit="见单位列", help="需求量 − 已保障；没有填需求量的为空"),
    Column("measure", "单位", "Unit"),
    Column("needed", "需求量", "Needed", "number", unit="见单位列"),
    Column("secured", "已保障", "Secured", "number", unit="见单位列", help="未填按没有保障"),
    Column("secured_share", "保障率", "Share secured", "share", unit="1"),
    Column("office", "责任单位", "Office"),
    Column("due_on", "时限", "Due on", "date"),
    Column("days_left", "剩余天数", "Days left", "integer", unit="天", help="负数为超期；已保障的不计"),
    Column("overdue", "超期", "Overdue", "flag", help="过了时限仍有缺口"),
    Column("stage", "项目阶段", "Stage", "choice", choices=STAGES),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("node_code", "环节代码", "Node code", "code"),
    Column("node_name", "环节", "Node", "name"),
)
TRACE = (
    ("project_need", {"id": "need"}),
    ("project", {"id": "project_need.project"}),
    ("chain_node", {"id": "project.chain_node"}),
    ("chain", {"id": "project.chain"}),
    ("chain", {"id": "chain_node.chain"}),
)


@list_("要素保障清单", "Factor list", key=("need",), columns=COLUMNS, trace=TRACE, sort=("chain_code", "days_left"), secrecy="internal")
def factor_list(project_need: Any, project: Any, chain_node: Any, chain: Any, as_of: Any) -> Any:
    """每个项目缺什么要素、还差多少、谁负责、哪天到期；供专班协调。不同要素单位不同，不相加。内部使用。

    What each project still lacks, how much, who answers and by when; for the task force. Internal. Factors have different units and are never added up.

    Example:
        project_need
        id | project | factor | needed | secured | measure | due_on
        1  | 5       | land   | 100.0  | 40.0    | 亩      | 2026-10-30
        2  | 5       | power  | 800.0  | 800.0   | kVA     | 2026-10-01
        3  | 5       | labour | 50.0   |         | 人      | 2026-11-10
        project
        id | name | stage | chain | chain_node
        5  | 甲   | started | 1   |
        chain_node
        id | code | name | chain
        chain
        id | code | name
        1  | c    | 电池
        gives
        need | project_name | chain_code | gap  | secured_share | days_left | overdue
        1    | 甲           | c          | 60.0 | 0.4           | -1        | true
        2    | 甲           | c          | 0.0  | 1.0           |           | false
        3    | 甲           | c          | 50.0 | 0.0           | 10        | false
    """
    projects = project.select(nw.col("id").alias("project"), nw.col("name").alias("project_name"), "stage", "chain", "chain_node")
    rows = named_chain(project_need.rename({"id": "need"}).join(projects, on="project", how="left"), chain_node, chain)
    short = nw.col("needed") - zero(nw.col("secured"))
    rows = rows.with_columns(nw.when(short < 0).then(nw.lit(0.0)).otherwise(short).alias("gap"), ratio(zero(nw.col("secured")), nw.col("needed")).alias("secured_share"))
    left = nw.when((nw.col("gap") > 0) | nw.col("gap").is_null()).then(day_number(nw.col("due_on")) - as_of.toordinal())
    return rows.with_columns(left.alias("days_left")).with_columns((count_of(nw.col("days_left") < 0) == 1).alias("overdue"))
