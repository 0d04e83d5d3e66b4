"""独家环节预警: a node where one firm makes nearly all of the output."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.shared import standing
from liantu.kernel.columns import Column
from liantu.kernel.output import warning
from liantu.kernel.relations import ratio, zero

LANE, GRADE = "standing", ("share", "single_supplier_share")
CAUSE = "cut_off"
COLUMNS = (
    Column("node_code", "环节代码", "Node code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("node_name", "环节", "Node", "name"),
    Column("enterprise", "企业编号", "Enterprise id", "integer", unit="号"),
    Column("name", "企业名称", "Enterprise", "name"),
    Column("uscc", "统一社会信用代码", "Credit code", "uscc"),
    Column("share", "占环节产值", "Share of the node's output", "share", unit="1", secrecy="confidential"),
    Column("node_output", "环节企业产值", "Output of the firms at the node", "money", unit="万元", secrecy="confidential", help="站在该环节的企业产值之和；跨环节企业在每个环节都全额计入（或按已知业务占比）"),
    Column("others", "其他企业数", "Other firms", "integer", unit="家"),
    Column("customers", "区内客户数", "Local customers", "integer", unit="家"),
)
TRACE = (
    ("chain_node", {"code": "node_code"}),
    ("chain", {"id": "chain_node.chain"}),
    ("placement", {"chain_node": "chain_node.id"}),
    ("placement", {"enterprise": "placement.enterprise"}),
    ("enterprise", {"id": "placement.enterprise"}),
    ("annual_figure", {"enterprise": "placement.enterprise"}),
    ("supply_link", {"supplier": "enterprise"}),
)


@warning("独家环节预警", "Single-supplier warning", key=("node_code",), columns=COLUMNS, trace=TRACE, sort=("-node_output",), secrecy="internal", rule="node_status")
def single_supplier(chain_node: Any, chain: Any, placement: Any, enterprise: Any, annual_figure: Any, supply_link: Any, rule: Any) -> Any:
    """一家企业占了环节产值绝大部分：它一停，链就断；供链长办和值守人员。

    Nodes where one firm makes nearly all of the output: if it stops, the chain stops; for the chain office and the watch.

    Example:
        chain_node
        id | code | chain | name
        2  | c/b  | 1     | 电芯
        chain
        id | code | name
        1  | c    | 电池
        placement
        id | enterprise | chain_node | grade
        1  | 7          | 2          | confirmed
        2  | 8          | 2          | likely
        enterprise
        id | name | uscc | above_scale
        7  | 甲   | X    | true
        8  | 乙   |      | false
        annual_figure
        enterprise | year | output
        7          | 2025 | 9500.0
        8          | 2025 | 500.0
        supply_link
        supplier | customer
        7        | 8
        gives
        node_code | enterprise | name | share | node_output | others | customers
        c/b       | 7          | 甲   | 0.95  | 10000.0     | 1      | 1
    """
    rows = standing(placement, enterprise, annual_figure)
    totals = rows.group_by("chain_node").agg(nw.col("at_stake").sum().alias("total"), (nw.len() - 1).alias("others"))
    rows = rows.join(totals, on="chain_node", how="inner").with_columns(ratio(nw.col("at_stake"), nw.col("total")).alias("share"))
    rows = rows.filter(nw.col("share") >= rule["single_supplier_share"], nw.col("total") >= rule["risk_output"])
    served = supply_link.filter(~nw.col("customer").is_null(), ~nw.col("supplier").is_null()).select("supplier", "customer").unique()
    served = served.group_by("supplier").agg(nw.len().alias("customers")).rename({"supplier": "enterprise"})
    rows = rows.join(served, on="enterprise", how="left").with_columns(zero(nw.col("customers")).alias("customers"))
    nodes = chain_node.select(nw.col("id").alias("chain_node"), nw.col("code").alias("node_code"), nw.col("name").alias("node_name"), "chain")
    nodes = nodes.join(chain.select(nw.col("id").alias("chain"), nw.col("name").alias("chain_name")), on="chain", how="inner")
    rows = rows.select("chain_node", "enterprise", "firm_name", "share", "total", "others", "customers").join(nodes, on="chain_node", how="inner")
    rows = rows.join(enterprise.select(nw.col("id").alias("enterprise"), "uscc"), on="enterprise", how="inner")
    return rows.rename({"firm_name": "name", "total": "node_output"})
