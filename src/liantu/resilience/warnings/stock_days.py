"""关键物料库存告急: a key material that lasts only a few days more."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column
from liantu.kernel.output import warning
from liantu.resilience.shared import firm_columns, graded, named, newest_stock

FAMILY, PRIOR = "stock", "reports"
CAUSE = "cut_off"
COLUMNS = firm_columns(Column("item", "关键物料", "Key material"), Column("as_of", "库存日期", "As of", "date"), Column("value", "可用天数", "Days of stock", "number", unit="天", secrecy="confidential"),
                       Column("suppliers", "供应商数", "Suppliers", "integer", unit="家"))
TRACE = (("enterprise", {"id": "enterprise"}), ("material_stock", {"enterprise": "enterprise", "item": "item"}))


@warning("关键物料库存预警", "Low stocks", key=("enterprise", "item"), columns=COLUMNS, trace=TRACE, sort=("value",), secrecy="internal", rule="warning_levels")
def stock_days(material_stock: Any, enterprise: Any, as_of: date, rule: Any) -> Any:
    """关键物料只够用几天的企业，按最近一次报的库存；太久没报的不算；供值守人员。

    Firms whose key material lasts only a few days more, by the newest report; reports that are too old do not count. For the watch.

    Example:
        material_stock
        enterprise | item     | as_of      | stock_days | suppliers
        7          | 电解液   | 2026-10-10 | 40         | 2
        7          | 电解液   | 2026-10-20 | 5          | 2
        8          | 隔膜     | 2026-03-20 | 2          | 1
        9          | 铜箔     | 2026-10-20 | 60         | 3
        enterprise
        id | name | uscc
        7  | 甲   | X
        8  | 乙   | Y
        9  | 丙   | Z
        gives
        enterprise | name | item   | as_of      | value | suppliers | level
        7          | 甲   | 电解液 | 2026-10-20 | 5     | 2         | orange
    """
    rows = newest_stock(material_stock, as_of, rule["fresh_days"]).filter(~nw.col("stock_days").is_null())
    return named(graded(rows, nw.col("stock_days"), rule["stock_days"], below=True), enterprise).rename({"stock_days": "value"})
