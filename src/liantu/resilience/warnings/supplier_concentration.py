"""供应商集中: an item that a firm buys nearly all from one supplier."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column
from liantu.kernel.output import warning
from liantu.kernel.relations import ratio
from liantu.resilience.shared import firm_columns, graded, largest_partner, named

LANE, FAMILY = "standing", "supplier"
CAUSE = "cut_off"
COLUMNS = firm_columns(Column("item", "物料", "Item"), Column("partner", "最大供应商", "Largest supplier"),
                       Column("value", "采购占比", "Share bought from it", "share", unit="1", secrecy="confidential"),
                       Column("amount", "该物料年采购额", "Bought of the item a year", "money", unit="万元", secrecy="confidential"))
TRACE = (("enterprise", {"id": "enterprise"}), ("supply_link", {"customer": "enterprise", "item": "item"}))


@warning("供应商集中预警", "Supplier concentration", key=("enterprise", "item"), columns=COLUMNS, trace=TRACE, sort=("-amount",), secrecy="internal", rule="warning_levels")
def supplier_concentration(supply_link: Any, enterprise: Any, rule: Any) -> Any:
    """一种物料几乎全向一家供应商买的企业，按最近一年已知的采购；采购额小的物料不看；供值守人员和链长办。

    Firms that buy an item nearly all from one supplier, by the known purchases of the item's newest year; small items are left out. For the
    watch and the chain office.

    Example:
        supply_link
        customer | supplier_name | item | amount | year
        7        | 甲材料        | 铜箔 | 9000.0 | 2025
        7        | 乙材料        | 铜箔 | 1000.0 | 2025
        7        | 乙材料        | 铜箔 | 9999.0 | 2024
        7        | 丙材料        | 胶带 | 10.0   | 2025
        enterprise
        id | name | uscc
        7  | 甲   | X
        gives
        enterprise | name | item | partner | value | amount  | level
        7          | 甲   | 铜箔 | 甲材料  | 0.9   | 10000.0  | orange
    """
    rows = largest_partner(supply_link, "customer", "supplier_name", ("item",)).filter(nw.col("total") >= rule["least_purchase"])
    rows = rows.with_columns(ratio(nw.col("amount"), nw.col("total")).alias("value"))
    return named(graded(rows.drop("amount"), nw.col("value"), rule["supplier_share"]), enterprise).rename({"total": "amount"})
