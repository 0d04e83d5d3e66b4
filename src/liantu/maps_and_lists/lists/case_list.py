"""问题清单: every case with its lamp, the days left, who answers for it and what has to be decided."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.cases.choices import CATEGORIES, LEVELS, SATISFACTION, SOURCES, STATES
from liantu.cases.shared import CASE_RULES, with_lamp
from liantu.chains.shared import named_chain
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.projects.shared import LAMPS

COLUMNS = (
    Column("case", "事项序号", "Case id", "integer", unit="号"),
    Column("code", "问题编号", "Case number", "code"),
    Column("title", "问题描述", "What is asked", "long_text"),
    Column("lamp", "灯色", "Lamp", "choice", choices=LAMPS),
    Column("lamp_rule", "亮灯理由", "Why this lamp", "choice", choices=CASE_RULES),
    Column("days_left", "剩余天数", "Days left", "integer", unit="天", help="距时限的天数，负数为超期；办结的不计"),
    Column("state", "状态", "State", "choice", choices=STATES),
    Column("level", "升级层级", "Level", "choice", choices=LEVELS),
    Column("ask", "提请事项", "To be decided", "long_text"),
    Column("category", "类别", "Category", "choice", choices=CATEGORIES),
    Column("source", "来源", "Source", "choice", choices=SOURCES),
    Column("enterprise_name", "企业名称", "Enterprise", "name"),
    Column("project_name", "项目名称", "Project"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("node_code", "环节代码", "Node code", "code"),
    Column("node_name", "环节", "Node", "name"),
    Column("raised_on", "提出日期", "Raised on", "date"),
    Column("due_on", "时限", "Due on", "date"),
    Column("lead_office", "牵头单位", "Lead office"),
    Column("partner_offices", "配合单位", "Partner offices", "words"),
    Column("owner", "责任人", "Owner"),
    Column("measure", "措施", "Measure", "long_text"),
    Column("progress", "进展", "Progress", "long_text"),
    Column("progress_share", "进度", "Progress share", "share", unit="1"),
    Column("closed_on", "办结日期", "Closed on", "date"),
    Column("closing_proof", "销号佐证", "Proof of closing"),
    Column("satisfaction", "满意度", "Satisfaction", "choice", choices=SATISFACTION),
    Column("updated_on", "更新日期", "Updated on", "date"),
)
TRACE = (
    ("case", {"id": "case"}),
    ("enterprise", {"id": "case.enterprise"}),
    ("project", {"id": "case.project"}),
    ("chain_node", {"id": "case.chain_node"}),
    ("chain_node", {"id": "project.chain_node"}),
    ("chain", {"id": "case.chain"}),
    ("chain", {"id": "chain_node.chain"}),
    ("chain", {"id": "project.chain"}),
)


@list_("问题清单", "Case list", key=("case",), columns=COLUMNS, trace=TRACE, sort=("chain_code", "days_left"), secrecy="internal", lamps="case_lamps")
def case_list(case: Any, enterprise: Any, project: Any, chain_node: Any, chain: Any, lamps: Any, as_of: Any) -> Any:
    """每件事谁牵头、还剩几天、亮什么灯、要谁来定；供链长办调度。销号没有佐证的另行标出，挂起的仍按时限算。内部使用。

    Who answers for each case, how many days are left, its lamp and what must be decided; for the chain office. Internal.

    A case closed without proof is marked; a suspended one keeps its due day. The chain is the case's own, else that of its project or node.

    Example:
        case
        id | code | title  | enterprise | enterprise_name | project | chain | chain_node | raised_on  | due_on     | progress_share | state  | closing_proof | updated_on
        1  | Q1   | 缺工   | 7          | 甲厂            |         |       | 2          | 2026-10-01 | 2026-11-05 | 0.2            | doing  |               | 2026-10-20
        2  | Q2   | 缺电   |            | 区外乙厂        | 5       |       |            | 2026-09-01 | 2026-10-30 | 0.9            | doing  |               | 2026-10-20
        3  | Q3   | 已了   |            |                 |         | 1     |            | 2026-09-01 | 2026-09-10 |                | closed |               | 2026-09-09
        enterprise
        id | name
        7  | 甲
        project
        id | name | chain | chain_node
        5  | 项目 | 1     |
        chain_node
        id | code | name | chain
        2  | c/b  | 电芯 | 1
        chain
        id | code | name
        1  | c    | 电池
        gives
        case | code | enterprise_name | project_name | chain_code | node_code | lamp   | lamp_rule            | days_left
        1    | Q1   | 甲              |              | c          | c/b       | yellow | slow                 | 5
        2    | Q2   | 区外乙厂        | 项目         | c          |           | red    | overdue              | -1
        3    | Q3   |                 |              | c          |           | yellow | closed_without_proof |
    """
    rows = with_lamp(case.rename({"id": "case"}), lamps, as_of)
    projects = project.select(nw.col("id").alias("project"), nw.col("name").alias("project_name"), nw.col("chain").alias("project_chain"), nw.col("chain_node").alias("project_node"))
    rows = rows.join(projects, on="project", how="left")
    rows = rows.with_columns(nw.coalesce("chain_node", "project_node").alias("chain_node"), nw.coalesce("chain", "project_chain").alias("chain"))
    rows = named_chain(rows, chain_node, chain)
    rows = rows.join(enterprise.select(nw.col("id").alias("enterprise"), nw.col("name").alias("register_name")), on="enterprise", how="left")
    return rows.with_columns(nw.coalesce("register_name", "enterprise_name").alias("enterprise_name"))
