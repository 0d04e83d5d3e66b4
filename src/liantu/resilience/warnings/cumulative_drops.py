"""累计倒退: a cumulative output that is lower than the month before of the same year."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw

from liantu.kernel.output import warning
from liantu.kernel.relations import months_before
from liantu.resilience.shared import PERIOD, calendar, firm_columns, named, pair

LANE, FAMILY, PRIOR = "data", "cumulative", "reports"
COLUMNS = firm_columns(PERIOD, *pair("money", "万元", "累计产值", "Output, cumulative", "上月累计", "Cumulative the month before"))
TRACE = (("enterprise", {"id": "enterprise"}), ("monthly_figure", {"enterprise": "enterprise"}))


@warning("累计倒退预警", "Cumulative figures that fall", key=("enterprise",), columns=COLUMNS, trace=TRACE, sort=("-baseline",), secrecy="internal", rule="warning_levels")
def cumulative_drops(monthly_figure: Any, enterprise: Any, as_of: date, rule: Any) -> Any:
    """累计产值比同年上月还小的企业：不是改过上月的数，就是填错；相减得出的当月数不能用；供数据管理员。

    Firms whose cumulative output is lower than the month before of the same year: either the month before was revised or one of them is wrong, and
    the month's own figure cannot be had by subtraction. For whoever keeps the data.

    Example:
        monthly_figure
        enterprise | period  | output_cumulative | source
        7          | 2026-09 | 900.0             | 工信
        7          | 2026-10 | 850.0             | 工信
        8          | 2026-09 | 900.0             | 工信
        8          | 2026-10 | 980.0             | 工信
        9          | 2025-12 | 1200.0            | 工信
        9          | 2026-02 | 150.0             | 工信
        enterprise
        id | name | uscc
        7  | 甲   | X
        8  | 乙   | Y
        9  | 丙   | Z
        gives
        enterprise | name | period  | value | baseline | level
        7          | 甲   | 2026-10 | 850.0 | 900.0    | yellow
    """
    first, last = months_before(as_of.replace(day=1), rule["fresh_months"]).strftime("%Y-%m"), as_of.strftime("%Y-%m")
    rows = calendar(monthly_figure.filter(~nw.col("output_cumulative").is_null()).group_by("enterprise", "period").agg(nw.col("output_cumulative").max().alias("value")))
    before = rows.select("enterprise", "year", (nw.col("month") + 1).alias("month"), nw.col("value").alias("baseline"))
    rows = rows.join(before, on=["enterprise", "year", "month"], how="inner").filter(nw.col("value") < nw.col("baseline"), nw.col("period") >= first, nw.col("period") <= last)
    newest = rows.group_by("enterprise").agg(nw.col("period").max())
    rows = rows.join(newest, on=["enterprise", "period"], how="inner")
    return named(rows.with_columns(nw.lit("yellow").alias("level")), enterprise)
