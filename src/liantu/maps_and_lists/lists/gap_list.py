"""补短板清单: nodes that are missing, weak or at risk, with what to do and how pressing it is."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.shared import NODE_TRACE, node_facts
from liantu.kernel.columns import Choice, Column
from liantu.kernel.output import list_
from liantu.kernel.relations import zero
from liantu.maps_and_lists.lists.firm_parts import node_output
from liantu.maps_and_lists.lists.trade_parts import bought_at
from liantu.maps_and_lists.shared import RULES, STATUSES, VERIFICATION, with_status

ACTIONS = (Choice("fill", "补链", "Fill"), Choice("strengthen", "强链", "Strengthen"), Choice("back_up", "备链", "Back up"))
COLUMNS = (
    Column("code", "环节代码", "Node code", "code"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("group_name", "分组", "Group"),
    Column("name", "环节", "Node", "name"),
    Column("status", "状态", "Status", "choice", choices=STATUSES),
    Column("status_rule", "判定理由", "Why this status", "choice", choices=RULES),
    Column("action", "方向", "Direction", "choice", choices=ACTIONS),
    Column("critical", "关键环节", "Critical", "flag"),
    Column("weight", "权重", "Weight", "integer", unit="分"),
    Column("firms", "企业数", "Firms", "integer", unit="家"),
    Column("above_scale_firms", "规上企业数", "Firms above scale", "integer", unit="家"),
    Column("to_verify", "待核企业数", "Firms to verify", "integer", unit="家"),
    Column("output", "环节产值", "Output", "money", unit="万元", secrecy="confidential", adds_up=True, sums=node_output("code")),
    Column("largest_share", "最大企业占比", "Largest firm's share", "share", unit="1", secrecy="confidential", help="该环节企业产值中最大一家的占比；跨环节企业全额计入（或按已知业务占比）"),
    Column("local_supply_share", "本地配套率", "Local supply share", "share", unit="1", adds_up=True, sums=bought_at("code"), help="仅作监测，不作要求"),
    Column("bought_outside", "区外采购额", "Bought outside", "money", unit="万元", adds_up=True, sums=bought_at("code"), help="本区企业向区外采购该环节产品的金额：看得见的本地需求"),
    VERIFICATION,
)


@list_("补短板清单", "Gap list", key=("code",), columns=COLUMNS, trace=NODE_TRACE, sort=("chain_code", "-weight"), secrecy="internal", verified="verification", rule="node_status")
def gap_list(chain_node: Any, chain: Any, placement: Any, enterprise: Any, annual_figure: Any, supply_link: Any, rule: Any) -> Any:
    """缺失（补链）、薄弱（强链）和系于一家（备链）的环节；供链长办和招商局确定方向。

    Which nodes are missing (fill), weak (strengthen) or rest on one firm (back up); for the chain office and the investment office.

    Example:
        chain_node
        id | code | chain | name | weight | critical
        1  | c/a  | 1     | 隔膜 | 3      | true
        2  | c/b  | 1     | 电芯 | 3      | true
        chain
        id | code | name
        1  | c    | 电池
        placement
        id | enterprise | chain_node | grade
        1  | 7          | 2          | likely
        enterprise
        id | name | above_scale
        7  | 甲   | true
        annual_figure
        enterprise | year | output
        7          | 2025 | 800.0
        supply_link
        chain_node | supplier | customer | amount
        1          |          | 7        | 300.0
        gives
        code | status  | action     | firms | output | bought_outside
        c/a  | missing | fill       | 0     | 0.0    | 300.0
        c/b  | weak    | strengthen | 1     | 800.0  | 0.0
    """
    facts = with_status(node_facts(chain_node, chain, placement, enterprise, annual_figure, supply_link), rule)
    gaps = facts.filter(nw.col("status").is_in(["missing", "weak", "at_risk"]))
    action = nw.when(nw.col("status") == "missing").then(nw.lit("fill")).otherwise(
        nw.when(nw.col("status") == "weak").then(nw.lit("strengthen")).otherwise(nw.lit("back_up")))
    return gaps.with_columns(action.alias("action"), (zero(nw.col("bought")) - zero(nw.col("bought_inside"))).alias("bought_outside"))
