"""单位疑错: a figure about ten (a hundred, …) times what it was, as when 千元 stands for 万元."""

from __future__ import annotations

from datetime import date
from functools import reduce
from typing import Any

import narwhals as nw

from liantu.kernel.output import warning
from liantu.kernel.relations import first_of, ratio
from liantu.resilience.shared import PERIOD, SERIES_COLUMN, against, both_series, firm_columns, named, series_pair

LANE, FAMILY, PRIOR = "data", "unit", "reports"
POWERS = (1, 2, 3, 4)  # 10, 100, 1,000, 10,000 times
COLUMNS = firm_columns(SERIES_COLUMN, PERIOD, *series_pair("前三期平均", "Mean of three before"))
TRACE = (("enterprise", {"id": "enterprise"}), ("monthly_figure", {"enterprise": "enterprise"}))


@warning("单位疑错预警", "Wrong units", key=("enterprise", "item"), columns=COLUMNS, trace=TRACE, sort=("-value",), secrecy="internal", rule="warning_levels")
def unit_jumps(monthly_figure: Any, enterprise: Any, as_of: date, rule: Any) -> Any:
    """最近一期恰好是前三期平均的约十倍、百倍（或十分之一）的企业：多半是单位填错；供数据管理员。

    Firms whose newest figure is about ten or a hundred times (or a tenth of) the mean of the three before: most likely the unit is wrong; a
    tenth may also be a real fall and is told at the lowest level. For whoever keeps the data.

    Example:
        monthly_figure
        enterprise | period  | output
        7          | 2026-07 | 100.0
        7          | 2026-08 | 105.0
        7          | 2026-09 | 95.0
        7          | 2026-10 | 1020.0
        8          | 2026-07 | 100.0
        8          | 2026-08 | 100.0
        8          | 2026-09 | 100.0
        8          | 2026-10 | 300.0
        enterprise
        id | name | uscc
        7  | 甲   | X
        8  | 乙   | Y
        gives
        enterprise | name | item   | period  | value  | baseline | level
        7          | 甲   | output | 2026-10 | 1020.0 | 100.0    | orange
    """
    rows = against(both_series(monthly_figure), as_of, rule["fresh_months"], range(4), ("enterprise", "item"))
    rows = rows.with_columns(((nw.col("v1") + nw.col("v2") + nw.col("v3")) / 3).alias("baseline")).filter(nw.col("baseline") > 0, nw.col("v0") > 0)
    rows = rows.with_columns(ratio(nw.col("v0"), nw.col("baseline")).alias("times"), ratio(nw.col("baseline"), nw.col("v0")).alias("part"))
    low, high = 1 - rule["unit_tolerance"], 1 + rule["unit_tolerance"]
    up, down = (reduce(lambda a, b: a | b, ((nw.col(c) >= low * rule["unit_ratio"] ** p) & (nw.col(c) <= high * rule["unit_ratio"] ** p) for p in POWERS)) for c in ("times", "part"))
    rows = rows.with_columns(first_of([("orange", up), ("blue", down)], "none").alias("level")).filter(nw.col("level") != "none")
    return named(rows.rename({"v0": "value"}), enterprise)
