"""环节企业清单: who stands at a node, on what evidence."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.choices import GRADES, ROLES
from liantu.chains.shared import latest_figures, working
from liantu.kernel.columns import Column
from liantu.kernel.output import list_

COLUMNS = (
    Column("placement", "入链编号", "Placement id", "integer", unit="号"),
    Column("node_code", "环节代码", "Node code", "code"),
    Column("node_name", "环节", "Node", "name"),
    Column("enterprise", "企业编号", "Enterprise id", "integer", unit="号"),
    Column("name", "企业名称", "Enterprise", "name", secrecy="public"),
    Column("role", "角色", "Role", "choice", choices=ROLES),
    Column("activity", "从事活动", "Activities", "words"),
    Column("grade", "核实程度", "Grade", "choice", choices=GRADES),
    Column("score", "判断分", "Score", "number", unit="分"),
    Column("probability", "判对的可能", "Probability of being right", "share", unit="1"),
    Column("evidence", "依据", "Evidence", "long_text"),
    Column("why_not", "未选理由", "Why not the runner-up"),
    Column("who", "确认人", "Who"),
    Column("above_scale", "规上", "Above scale", "flag"),
    Column("year", "数据年份", "Year", "year"),
    Column("output", "工业总产值", "Output of the firm", "money", unit="万元", secrecy="confidential"),
)
TRACE = (
    ("placement", {"id": "placement"}),
    ("chain_node", {"id": "placement.chain_node"}),
    ("enterprise", {"id": "placement.enterprise"}),
    ("annual_figure", {"enterprise": "placement.enterprise"}),
)


@list_("环节企业清单", "Firms by node", key=("placement",), columns=COLUMNS, trace=TRACE, sort=("node_code", "-output"), verified="grade")
def node_firm_list(placement: Any, chain_node: Any, enterprise: Any, annual_figure: Any) -> Any:
    """每个环节上有哪些企业、担任什么角色、凭什么、谁定的；供逐环节核对。

    Each firm at each node with role, evidence and who said so; for checking the map node by node.

    Example:
        placement
        id | enterprise | chain_node | grade  | evidence
        5  | 7          | 2          | likely | 产品:电芯
        chain_node
        id | code | name
        2  | c/b  | 电芯
        enterprise
        id | name | above_scale
        7  | 甲   | true
        annual_figure
        enterprise | year | output
        7          | 2025 | 10.0
        gives
        placement | node_code | name | grade  | evidence  | output
        5         | c/b       | 甲   | likely | 产品:电芯 | 10.0
    """
    rows = placement.rename({"id": "placement"})
    rows = rows.join(chain_node.select(nw.col("id").alias("chain_node"), nw.col("code").alias("node_code"), nw.col("name").alias("node_name")), on="chain_node", how="inner")
    rows = rows.join(working(enterprise).select(nw.col("id").alias("enterprise"), "name", "above_scale"), on="enterprise", how="inner")
    return rows.join(latest_figures(annual_figure).select("enterprise", "year", "output"), on="enterprise", how="left")
