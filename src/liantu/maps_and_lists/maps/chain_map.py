"""产业链图: every node of every chain with its firms and its status."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.choices import STAGES
from liantu.chains.shared import NODE_TRACE, node_facts
from liantu.kernel.columns import Column
from liantu.kernel.output import map_
from liantu.maps_and_lists.lists.firm_parts import node_output
from liantu.maps_and_lists.lists.trade_parts import bought_at
from liantu.maps_and_lists.shared import RULES, STATUSES, VERIFICATION, with_status

COLUMNS = (
    Column("code", "环节代码", "Node code", "code", secrecy="public"),
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="public"),
    Column("chain_name", "产业链", "Chain", "name", secrecy="public"),
    Column("name", "环节", "Node", "name", secrecy="public"),
    Column("name_en", "环节英文", "Node in English", secrecy="public"),
    Column("stage", "位置", "Stage", "choice", choices=STAGES, secrecy="public"),
    Column("stage_code", "阶段代码", "Stage code", "code", secrecy="public"),
    Column("stage_name", "阶段", "Stage name", secrecy="public"),
    Column("stage_name_en", "阶段英文", "Stage name in English", secrecy="public"),
    Column("group_code", "分组代码", "Group code", "code", secrecy="public"),
    Column("group_name", "分组", "Group", secrecy="public"),
    Column("group_name_en", "分组英文", "Group in English", secrecy="public"),
    Column("position", "次序", "Position", "integer", unit="位", secrecy="public"),
    Column("weight", "权重", "Weight", "integer", unit="分", secrecy="public"),
    Column("critical", "关键环节", "Critical", "flag", secrecy="public"),
    Column("status", "状态", "Status", "choice", choices=STATUSES, secrecy="public", follows=("output",)),
    Column("status_rule", "判定理由", "Why this status", "choice", choices=RULES),
    Column("firms", "企业数", "Firms", "integer", unit="家", secrecy="public", help="已确认和可能入链、仍在经营的企业"),
    Column("above_scale_firms", "规上企业数", "Firms above scale", "integer", unit="家"),
    Column("to_verify", "待核企业数", "Firms to verify", "integer", unit="家"),
    Column("output", "环节产值", "Output", "money", unit="万元", secrecy="confidential", adds_up=True, sums=node_output("code"), help="企业最近一年产值；跨环节企业按业务占比，未知时全部计入首要环节"),
    Column("largest_share", "最大企业占比", "Largest firm's share", "share", unit="1", secrecy="confidential", help="该环节企业产值中最大一家的占比；跨环节企业全额计入（或按已知业务占比）"),
    Column("local_supply_share", "本地配套率", "Local supply share", "share", unit="1", adds_up=True, sums=bought_at("code"), help="本区企业采购该环节产品中向本区企业采购的金额占比；仅作监测"),
    Column("master", "链主", "Chain master", "name", secrecy="public"),
    VERIFICATION,
)


@map_("产业链图", "Chain map", key=("code",), columns=COLUMNS, trace=NODE_TRACE, sort=("chain_code", "position"), verified="verification", rule="node_status")
def chain_map(chain_node: Any, chain: Any, placement: Any, enterprise: Any, annual_figure: Any, supply_link: Any, rule: Any) -> Any:
    """每条产业链的环节，区里有哪些、缺哪些、弱在哪、险在哪；供链长看全链。状态按注明日期和来源的规则判定，不是简单数企业；人确认的和可能的企业计入，待核的另列。

    Which links of each chain the district holds, and which are missing, weak, strong or at risk; for the chain chief.

    A node's status follows a dated rule, not a bare count. Firms count when a person confirmed them or the reading of
    their code, products and scope makes them likely; firms still to verify are shown apart.

    Example:
        chain_node
        id | code | chain | name | position | weight | critical
        1  | c/a  | 1     | 隔膜 | 1        | 3      | true
        2  | c/b  | 1     | 电芯 | 2        | 3      | true
        chain
        id | code | name
        1  | c    | 电池
        placement
        id | enterprise | chain_node | grade     | role
        1  | 7          | 2          | confirmed | master
        2  | 8          | 2          | likely    |
        3  | 9          | 2          | to_verify |
        enterprise
        id | name | above_scale
        7  | 甲   | true
        8  | 乙   | false
        9  | 丙   | true
        annual_figure
        enterprise | year | output
        7          | 2024 | 1.0
        7          | 2025 | 9500.0
        8          | 2025 | 500.0
        supply_link
        chain_node | supplier | customer | amount
        gives
        code | status  | status_rule | firms | above_scale_firms | to_verify | output  | largest_share | master | verification
        c/a  | missing | no_firm     | 0     | 0                 | 0         | 0.0     |               |        | to_verify
        c/b  | at_risk | single      | 2     | 1                 | 1         | 10000.0 | 0.95          | 甲     | to_verify
    """
    facts = with_status(node_facts(chain_node, chain, placement, enterprise, annual_figure, supply_link), rule)
    named = placement.filter(nw.col("role") == "master", nw.col("grade") == "confirmed").select("chain_node", "enterprise")
    named = named.join(enterprise.select(nw.col("id").alias("enterprise"), "name"), on="enterprise", how="inner")
    masters = named.group_by("chain_node").agg(nw.col("name").min().alias("master"))
    return facts.join(masters.rename({"chain_node": "node_id"}), on="node_id", how="left")
