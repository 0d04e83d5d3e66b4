"""产品供需清单: per node, what firms here buy, from whom, and who here could supply it."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.shared import NODE_TRACE, node_facts, standing
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.kernel.relations import joined, zero

LISTED = 5
COLUMNS = (
    Column("node_code", "环节代码", "Node code", "code", secrecy="public"),
    Column("node_name", "环节", "Node", "name", secrecy="public"),
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="public"),
    Column("chain_name", "产业链", "Chain", "name", secrecy="public"),
    Column("items", "主要物料", "Main items", "words", secrecy="public", help="按采购额，最多五种"),
    Column("bought", "采购总额", "Bought", "money", unit="万元", secrecy="confidential", adds_up=True, help="本区企业采购该环节产品的已知金额"),
    Column("bought_inside", "区内采购额", "Bought inside", "money", unit="万元", secrecy="confidential", adds_up=True),
    Column("bought_outside", "区外采购额", "Bought outside", "money", unit="万元", secrecy="confidential", adds_up=True),
    Column("local_supply_share", "本地配套率", "Local supply share", "share", unit="1", secrecy="confidential", adds_up=True, help="仅作监测，不作要求"),
    Column("buyers", "采购企业数", "Buyers", "integer", unit="家", secrecy="public"),
    Column("outside_suppliers", "主要区外供应商", "Main suppliers outside", "words", help="按采购额，最多五家"),
    Column("firms", "区内同环节企业数", "Firms here", "integer", unit="家", secrecy="public"),
    Column("suppliers_here", "区内可对接企业", "Firms that could supply", "words", help="站在该环节的在营企业，规上在前，最多五家；供自愿对接"),
)
TRACE = (*((table, {"code": "node_code"} if table == "chain_node" else conditions) for table, conditions in NODE_TRACE),)


@list_("产品供需清单", "Supply and demand list", key=("node_code",), columns=COLUMNS, trace=TRACE, sort=("chain_code", "-bought_outside"))
def supply_demand_list(chain_node: Any, chain: Any, placement: Any, enterprise: Any, annual_figure: Any, supply_link: Any) -> Any:
    """每个环节的产品本区企业买了多少、在区内外各买多少、区里谁能供；供自愿的供需对接，不作采购要求。

    What firms here buy of each node's products, inside and outside, and who here could supply it; for voluntary matchmaking, never a demand.

    Example:
        chain_node
        id | code | chain | name
        2  | c/b  | 1     | 隔膜
        3  | c/c  | 1     | 电芯
        chain
        id | code | name
        1  | c    | 电池
        placement
        id | enterprise | chain_node | grade
        1  | 7          | 2          | confirmed
        2  | 8          | 2          | likely
        enterprise
        id | name | above_scale
        7  | 甲   | false
        8  | 乙   | true
        annual_figure
        enterprise | year | output
        supply_link
        chain_node | item   | supplier | supplier_name | customer | amount
        2          | 湿法膜 |          | 区外丙厂      | 8        | 300.0
        2          | 干法膜 | 7        | 甲            | 8        | 100.0
        gives
        node_code | items          | bought | bought_inside | bought_outside | local_supply_share | buyers | outside_suppliers | firms | suppliers_here
        c/b       | 湿法膜、干法膜 | 400.0  | 100.0         | 300.0          | 0.25               | 1      | 区外丙厂          | 2     | 乙、甲
    """
    facts = node_facts(chain_node, chain, placement, enterprise, annual_figure, supply_link).filter(nw.col("bought") > 0)
    bought = supply_link.filter(~nw.col("chain_node").is_null(), ~nw.col("customer").is_null())
    buyers = bought.select("chain_node", "customer").unique().group_by("chain_node").agg(nw.len().alias("buyers"))
    items = joined(bought.with_columns(nw.col("item").alias("items")), "chain_node", "items", order="amount", limit=LISTED)
    outside = bought.filter(nw.col("supplier").is_null()).with_columns(nw.col("supplier_name").alias("outside_suppliers"))
    outside = joined(outside, "chain_node", "outside_suppliers", order="amount", limit=LISTED)
    here = standing(placement, enterprise, annual_figure).with_columns(nw.col("firm_name").alias("suppliers_here"))
    here = joined(here, "chain_node", "suppliers_here", order="above", limit=LISTED)
    for part in (buyers, items, outside, here):
        facts = facts.join(part.rename({"chain_node": "node_id"}), on="node_id", how="left")
    return facts.with_columns(nw.col("code").alias("node_code"), nw.col("name").alias("node_name"), zero(nw.col("buyers")).alias("buyers"),
                              (nw.col("bought") - nw.col("bought_inside")).alias("bought_outside"))
