"""照抄上月: a figure that is to the last digit that of the month before."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw

from liantu.kernel.output import warning
from liantu.kernel.relations import first_of
from liantu.resilience.shared import PERIOD, SERIES_COLUMN, against, both_series, firm_columns, named, series_pair

LANE, FAMILY, PRIOR = "data", "copied", "reports"
COLUMNS = firm_columns(SERIES_COLUMN, PERIOD, *series_pair("上一期", "The month before"))
TRACE = (("enterprise", {"id": "enterprise"}), ("monthly_figure", {"enterprise": "enterprise"}))


@warning("照抄上月预警", "Copied months", key=("enterprise", "item"), columns=COLUMNS, trace=TRACE, sort=("-value",), secrecy="internal", rule="warning_levels")
def copied_months(monthly_figure: Any, enterprise: Any, as_of: date, rule: Any) -> Any:
    """最近一期与上一期一分不差的企业：多半是照抄；连续两期一样为黄；供数据管理员。

    Firms whose newest figure equals the one before to the last digit: most likely copied; twice in a row is yellow. For whoever keeps the data.

    Example:
        monthly_figure
        enterprise | period  | output
        7          | 2026-08 | 321.55
        7          | 2026-09 | 321.55
        7          | 2026-10 | 321.55
        8          | 2026-09 | 100.0
        8          | 2026-10 | 101.0
        enterprise
        id | name | uscc
        7  | 甲   | X
        8  | 乙   | Y
        gives
        enterprise | name | item   | period  | value  | baseline | level
        7          | 甲   | output | 2026-10 | 321.55 | 321.55   | yellow
    """
    rows = against(both_series(monthly_figure), as_of, rule["fresh_months"], range(3), ("enterprise", "item"))
    rows = rows.filter(nw.col("v0") > 0, nw.col("v0") == nw.col("v1"))
    return named(rows.with_columns(first_of([("yellow", nw.col("v1") == nw.col("v2"))], "blue").alias("level")).rename({"v0": "value", "v1": "baseline"}), enterprise)
