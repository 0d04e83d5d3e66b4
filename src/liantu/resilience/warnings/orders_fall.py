"""订单下滑预警: orders in hand far below their mean of the half year before."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw

from liantu.kernel.output import warning
from liantu.kernel.relations import count_of, ratio, zero
from liantu.resilience.shared import CHANGE, PERIOD, against_months, fallen, firm_columns, named, pair

FAMILY, SERIES = "orders", "orders"
HALF_YEAR, LEAST = 6, 3
COLUMNS = firm_columns(PERIOD, *pair("money", "万元", "在手订单", "Orders in hand", "前半年平均", "Mean of the half year before"), CHANGE)
TRACE = (("enterprise", {"id": "enterprise"}), ("order_book", {"enterprise": "enterprise"}))


@warning("订单下滑预警", "Falls of orders", key=("enterprise",), columns=COLUMNS, trace=TRACE, sort=("change",), secrecy="internal", rule="warning_levels")
def orders_fall(order_book: Any, enterprise: Any, as_of: date, rule: Any) -> Any:
    """在手订单比前半年的平均低很多的企业；前半年至少有三个月的数；供值守人员。

    Firms whose orders in hand are far below their mean of the six months before, of which at least three are known. For the watch.

    Example:
        order_book
        enterprise | period  | orders
        7          | 2026-06 | 1000.0
        7          | 2026-07 | 900.0
        7          | 2026-08 | 1100.0
        7          | 2026-10 | 450.0
        8          | 2026-09 | 1000.0
        8          | 2026-10 | 100.0
        enterprise
        id | name | uscc
        7  | 甲   | X
        8  | 乙   | Y
        gives
        enterprise | name | period  | value | baseline | change | level
        7          | 甲   | 2026-10 | 450.0 | 1000.0   | -0.55  | orange
    """
    lags = range(1, HALF_YEAR + 1)
    rows = against_months(order_book, "orders", as_of, rule["fresh_months"], [0, *lags])
    known = sum((count_of(~nw.col(f"v{lag}").is_null()) for lag in lags[1:]), count_of(~nw.col("v1").is_null()))
    total = sum((zero(nw.col(f"v{lag}")) for lag in lags[1:]), zero(nw.col("v1")))
    rows = rows.with_columns(known.alias("known"), total.alias("total")).filter(nw.col("known") >= LEAST)
    rows = rows.with_columns(ratio(nw.col("total"), nw.col("known")).alias("baseline")).rename({"v0": "value"})
    return named(fallen(rows, rule["orders_half_year"]), enterprise)
