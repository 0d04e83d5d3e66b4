"""购销贡献明细: what each firm buys and sells of each node's products; the rows behind every sum of purchases."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column, Sum, sum_of
from liantu.kernel.output import list_
from liantu.kernel.relations import count_of, zero

SUMS = ("bought_inside", "bought_outside", "sold_inside")
COLUMNS = (
    Column("node_code", "环节代码", "Node code", "code", secrecy="confidential"),
    Column("enterprise", "企业编号", "Enterprise id", "integer", unit="号", secrecy="confidential"),
    Column("firm", "法人编号", "Legal person", "integer", unit="号", secrecy="confidential", help="分支机构归到上级法人"),
    Column("bought_inside", "区内采购额", "Bought inside", "money", unit="万元", secrecy="confidential", help="没有采购的为空"),
    Column("bought_outside", "区外采购额", "Bought outside", "money", unit="万元", secrecy="confidential", help="没有采购的为空"),
    Column("sold_inside", "区内供货额", "Sold inside", "money", unit="万元", secrecy="confidential", help="没有向本区企业供货的为空"),
)
TRACE = (
    ("chain_node", {"code": "node_code"}),
    ("supply_link", {"chain_node": "chain_node.id"}),
    ("enterprise", {"id": "enterprise"}),
)


def bought_at(node: str) -> tuple[Sum, ...]:
    """``Column.sums`` of figures about what is bought at the node that the row's column ``node`` names: each of the three must betray nobody."""
    return tuple(sum_of("trade_parts", column, node_code=node) for column in SUMS)


@list_("购销贡献明细", "What firms buy and sell", key=("node_code", "enterprise"), columns=COLUMNS, trace=TRACE, secrecy="confidential")
def trade_parts(chain_node: Any, supply_link: Any, enterprise: Any) -> Any:
    """每家企业在每个环节的区内采购、区外采购、区内供货各多少；公开版和部门版据此判断哪些采购合计会泄露单个企业。只供内部使用。

    What each firm buys of each node's products, here and elsewhere, and sells here; from it the other versions know which sums would betray a firm. Internal only.

    Example:
        chain_node
        id | code
        2  | c/b
        enterprise
        id | branch_of
        7  |
        8  | 7
        supply_link
        chain_node | supplier | customer | amount
        2          | 7        | 8        | 100.0
        2          |          | 8        | 300.0
        2          | 7        |          | 50.0
        gives
        node_code | enterprise | firm | bought_inside | bought_outside | sold_inside
        c/b       | 7          | 7    |               |                | 100.0
        c/b       | 8          | 7    | 100.0         | 300.0          |
    """
    links = supply_link.filter(~nw.col("chain_node").is_null(), ~nw.col("customer").is_null()).with_columns(zero(nw.col("amount")).alias("amount"), nw.lit(0.0).alias("nothing"))
    inside = ~nw.col("supplier").is_null()
    bought = links.select("chain_node", nw.col("customer").alias("enterprise"), nw.when(inside).then(nw.col("amount")).otherwise(nw.col("nothing")).alias("bought_inside"),
                          nw.when(inside).then(nw.col("nothing")).otherwise(nw.col("amount")).alias("bought_outside"), nw.col("nothing").alias("sold_inside"),
                          count_of(inside).alias("_side")).with_columns(nw.lit(1).alias("buys"), nw.lit(0).alias("sells"))
    sold = links.filter(inside).select("chain_node", nw.col("supplier").alias("enterprise"), nw.col("nothing").alias("bought_inside"), nw.col("nothing").alias("bought_outside"),
                                       nw.col("amount").alias("sold_inside"), count_of(inside).alias("_side")).with_columns(nw.lit(0).alias("buys"), nw.lit(1).alias("sells"))
    rows = nw.concat([bought, sold], how="vertical").group_by("chain_node", "enterprise").agg(*(nw.col(c).sum() for c in SUMS), nw.col("buys").max(), nw.col("sells").max())
    rows = rows.with_columns(*(nw.when(nw.col("buys") == 1).then(nw.col(c)).alias(c) for c in SUMS[:2]), nw.when(nw.col("sells") == 1).then(nw.col("sold_inside")).alias("sold_inside"))
    rows = rows.join(chain_node.select(nw.col("id").alias("chain_node"), nw.col("code").alias("node_code")), on="chain_node", how="inner")
    return rows.join(enterprise.select(nw.col("id").alias("enterprise"), nw.coalesce("branch_of", "id").alias("firm")), on="enterprise", how="inner")
