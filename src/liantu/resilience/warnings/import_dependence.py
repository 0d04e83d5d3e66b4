"""进口依赖: a key material that is bought mostly abroad."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column
from liantu.kernel.output import warning
from liantu.resilience.shared import firm_columns, graded, named, newest_stock

LANE, FAMILY = "standing", "import"
CAUSE = "cut_off"
COLUMNS = firm_columns(Column("item", "关键物料", "Key material"), Column("value", "进口占比", "Imported share", "share", unit="1", secrecy="confidential"),
                       Column("suppliers", "供应商数", "Suppliers", "integer", unit="家"))
TRACE = (("enterprise", {"id": "enterprise"}), ("material_stock", {"enterprise": "enterprise", "item": "item"}))


@warning("进口依赖预警", "Import dependence", key=("enterprise", "item"), columns=COLUMNS, trace=TRACE, sort=("-value",), secrecy="internal", rule="warning_levels")
def import_dependence(material_stock: Any, enterprise: Any, as_of: date, rule: Any) -> Any:
    """关键物料大部分靠进口的企业，按最近一次报的占比；一断供就要停；供链长办和值守人员。

    Firms whose key material comes mostly from abroad, by the newest report: cut off, they stop. For the chain office and the watch.

    Example:
        material_stock
        enterprise | item   | as_of      | imported_share | suppliers
        7          | 光刻胶 | 2026-10-20 | 0.92           | 1
        8          | 铜箔   | 2026-10-20 | 0.1            | 4
        enterprise
        id | name | uscc
        7  | 甲   | X
        8  | 乙   | Y
        gives
        enterprise | name | item   | value | suppliers | level
        7          | 甲   | 光刻胶 | 0.92  | 1         | red
    """
    rows = newest_stock(material_stock.filter(~nw.col("imported_share").is_null()), as_of, None)
    return named(graded(rows, nw.col("imported_share"), rule["imported_share"]), enterprise).rename({"imported_share": "value"})
