"""缺口与链主: which named chain masters stand directly downstream of a node that is missing, weak or at risk."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.shared import working
from liantu.kernel.columns import Choice, Column
from liantu.kernel.output import list_

STATUSES = (Choice("weak", "薄弱", "Weak"), Choice("at_risk", "风险", "At risk"), Choice("missing", "缺失", "Missing"))
COLUMNS = (
    Column("node_code", "环节代码", "Node code", "code", secrecy="public"),
    Column("node_name", "环节", "Node", "name", secrecy="public"),
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="public"),
    Column("chain_name", "产业链", "Chain", "name", secrecy="public"),
    Column("status", "状态", "Status", "choice", choices=STATUSES),
    Column("critical", "关键环节", "Critical", "flag"),
    Column("weight", "权重", "Weight", "integer", unit="分"),
    Column("enterprise", "企业编号", "Enterprise id", "integer", unit="号"),
    Column("master", "受影响链主", "Chain master affected", "name"),
)
TRACE = (
    ("gap_list", {"code": "node_code"}),
    ("node_link", {"source": "chain_node.id"}),
    ("placement", {"chain_node": "node_link.target", "enterprise": "enterprise"}),
    ("enterprise", {"id": "enterprise"}),
)


@list_("缺口影响链主清单", "Gaps that touch chain masters", key=("node_code", "enterprise"), columns=COLUMNS, trace=TRACE, sort=("chain_code", "-weight"))
def gap_masters(gap_list: Any, chain_node: Any, node_link: Any, placement: Any, enterprise: Any) -> Any:
    """缺失、薄弱、风险环节的直接下游站着哪些已定链主：这些环节断了，先伤到谁；供链长。只看一步，不推断企业实际采购。

    Which named chain masters stand one step downstream of a missing, weak or risky node: whom a break hurts first; for the chief.

    One step only, along the chain's template; it does not say that the firm buys there.

    Example:
        gap_list
        code | name | chain_code | chain_name | status  | critical | weight
        c/a  | 隔膜 | c          | 电池       | missing | true     | 3
        chain_node
        id | code
        1  | c/a
        2  | c/b
        node_link
        source | target
        1      | 2
        placement
        enterprise | chain_node | role   | grade
        7          | 2          | master | confirmed
        8          | 2          |        | likely
        enterprise
        id | name | status
        7  | 甲   |
        8  | 乙   |
        gives
        node_code | node_name | enterprise | master | status
        c/a       | 隔膜      | 7          | 甲     | missing
    """
    nodes = gap_list.select(nw.col("code").alias("node_code"), nw.col("name").alias("node_name"), "chain_code", "chain_name", "status", "critical", "weight")
    nodes = nodes.join(chain_node.select(nw.col("code").alias("node_code"), nw.col("id").alias("source")), on="node_code", how="inner")
    links = node_link.select("source", nw.col("target").alias("chain_node")).unique()
    masters = placement.filter(nw.col("role") == "master", nw.col("grade").is_in(["confirmed", "likely"])).select("enterprise", "chain_node").unique()
    names = working(enterprise).select(nw.col("id").alias("enterprise"), nw.col("name").alias("master"))
    rows = nodes.join(links, on="source", how="inner").join(masters, on="chain_node", how="inner").join(names, on="enterprise", how="inner")
    return rows.select(*(c.name for c in COLUMNS)).unique()
