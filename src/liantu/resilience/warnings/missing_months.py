"""缺报: a firm that used to hand in a monthly series and has stopped to."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column
from liantu.kernel.output import warning
from liantu.kernel.relations import first_of
from liantu.resilience.shared import SERIES_COLUMN, YEAR, both_series, firm_columns, named, order_of

LANE, FAMILY, PRIOR = "data", "missing", "reports"
USED_TO = 6  # observations of the year before the gap that make a series one that is handed in
COLUMNS = firm_columns(SERIES_COLUMN, Column("period", "最后一期", "Newest month", "month"), Column("value", "缺报月数", "Months missing", "integer", unit="月"))
TRACE = (("enterprise", {"id": "enterprise"}), ("monthly_figure", {"enterprise": "enterprise"}))


@warning("缺报预警", "Missing months", key=("enterprise", "item"), columns=COLUMNS, trace=TRACE, sort=("-value",), secrecy="internal", rule="warning_levels")
def missing_months(monthly_figure: Any, enterprise: Any, as_of: date, rule: Any) -> Any:
    """以前按月报用电或产值、最近几个月没有数的企业：先补数；补不上的可能已经停产；供数据管理员。

    Firms that handed in electricity or output month by month and have no figure for the last months: ask for it; where there is none, the
    firm may have stopped. For whoever keeps the data.

    Example:
        monthly_figure
        enterprise | period  | power_kwh
        7          | 2025-12 | 90
        7          | 2026-03 | 90
        7          | 2026-04 | 90
        7          | 2026-05 | 95
        7          | 2026-06 | 90
        7          | 2026-07 | 90
        8          | 2026-06 | 80
        enterprise
        id | name | uscc
        7  | 甲   | X
        8  | 乙   | Y
        gives
        enterprise | name | item      | period  | value | level
        7          | 甲   | power_kwh | 2026-07 | 2     | yellow
    """
    expected, least = order_of(as_of) - 1, rule["missing_months"]
    rows = both_series(monthly_figure).filter(nw.col("order") <= expected + 1)
    last = rows.group_by("enterprise", "item").agg(nw.col("order").max().alias("last"), nw.col("period").max())
    rows = rows.select("enterprise", "item", "order").join(last, on=["enterprise", "item"], how="inner").filter(nw.col("order") > nw.col("last") - YEAR)
    rows = rows.group_by("enterprise", "item").agg(nw.len().alias("reported"), nw.col("last").max(), nw.col("period").max())
    rows = rows.with_columns((expected - nw.col("last")).alias("value")).filter(nw.col("reported") >= USED_TO, nw.col("value") >= least, nw.col("value") <= YEAR)
    return named(rows.with_columns(first_of([("orange", nw.col("value") >= 2 * least)], "yellow").alias("level")), enterprise)
