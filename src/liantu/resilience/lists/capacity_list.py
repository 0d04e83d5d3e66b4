"""可供产能清单: what firms say they could still supply, and whether that still counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw

from liantu.chains.shared import named_chain
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.kernel.relations import months_before

COLUMNS = (
    Column("capacity_id", "记录序号", "Row id", "integer", unit="号"),
    Column("enterprise", "企业编号", "Enterprise id", "integer", unit="号"),
    Column("name", "企业名称", "Enterprise", "name"),
    Column("uscc", "统一社会信用代码", "Credit code", "uscc"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("node_name", "环节", "Node", "name"),
    Column("item", "产品", "Item", "text"),
    Column("yearly", "年产能", "Yearly capacity", "money", unit="万元", secrecy="confidential"),
    Column("spare", "富余产能", "Spare capacity", "money", unit="万元", secrecy="confidential", help="企业自报；只报比例的按年产能 × 富余比例"),
    Column("qualified", "已认证客户", "Qualified with", "words"),
    Column("certificates", "认证", "Certificates", "words"),
    Column("switch_days", "切换天数", "Days to switch", "integer", unit="天"),
    Column("as_of", "填报日期", "As of", "date"),
    Column("counts", "仍有效", "Still counts", "flag", help="填报日期在参数「替代供应」所定月数之内；过期和没有日期的，找替代时不用"),
)
TRACE = (
    ("supply_capacity", {"id": "capacity_id"}),
    ("enterprise", {"id": "supply_capacity.enterprise"}),
    ("chain_node", {"id": "supply_capacity.chain_node"}),
    ("chain", {"id": "chain_node.chain"}),
)


@list_("可供产能清单", "Capacity on offer", key=("capacity_id",), columns=COLUMNS, trace=TRACE, sort=("chain_name", "node_name", "item", "-spare"), secrecy="internal", rule="substitutes")
def capacity_list(supply_capacity: Any, enterprise: Any, chain_node: Any, chain: Any, rule: Any, as_of: date) -> Any:
    """哪些企业还能多供什么、供多少、多久能切换，是哪天报的；断供时找替代用，供值守人员和链长办。

    Which firms could supply more of what, how much, how soon, and when they said so; for finding substitutes when a supplier fails.

    Example:
        supply_capacity
        id | enterprise | chain_node | item | capacity | spare | spare_share | switch_days | as_of
        1  | 7          | 2          | 基膜 | 500.0    | 60.0  |             | 15          | 2026-09-01
        2  | 8          |            | 铜箔 | 200.0    |       | 0.1         | 30          | 2024-06-30
        3  | 8          |            | 铝箔 | 200.0    |       |             |             |
        enterprise
        id | name | uscc
        7  | 甲   | X
        8  | 乙   |
        chain_node
        id | code | chain | name
        2  | c/b  | 1     | 隔膜
        chain
        id | code | name
        1  | c    | 电池
        gives
        capacity_id | name | node_name | item | yearly | spare | switch_days | counts
        1           | 甲   | 隔膜      | 基膜 | 500.0  | 60.0  | 15          | true
        2           | 乙   |           | 铜箔 | 200.0  | 20.0  | 30          | false
        3           | 乙   |           | 铝箔 | 200.0  |       |             | false
    """
    since = months_before(as_of, rule["declared_months"])
    fresh = nw.when((nw.col("as_of") >= nw.lit(since)) & (nw.col("as_of") <= nw.lit(as_of))).then(nw.lit(True)).otherwise(nw.lit(False))
    rows = supply_capacity.rename({"id": "capacity_id", "capacity": "yearly"})
    rows = rows.with_columns(nw.coalesce(nw.col("spare"), nw.col("yearly") * nw.col("spare_share")).alias("spare"), fresh.alias("counts"), nw.lit(None, dtype=nw.Int64).alias("chain"))
    rows = rows.join(enterprise.select(nw.col("id").alias("enterprise"), "name", "uscc"), on="enterprise", how="left")
    return named_chain(rows, chain_node, chain)
