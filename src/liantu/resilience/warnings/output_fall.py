"""产值下滑预警: output far below the same month a year before."""

from __future__ import annotations

from datetime import date
from typing import Any

from liantu.kernel.output import warning
from liantu.resilience.shared import CHANGE, MONTHS, PERIOD, firm_columns, flows, named, pair, without_maintenance, year_falls

FAMILY, SERIES = "output", "output"
COLUMNS = firm_columns(PERIOD, *pair("money", "万元", "当月产值", "Output in the month", "上年同期", "A year before"), CHANGE, MONTHS)
TRACE = (("enterprise", {"id": "enterprise"}), ("monthly_figure", {"enterprise": "enterprise"}), ("stop_report", {"enterprise": "enterprise"}))


@warning("产值下滑预警", "Falls of output", key=("enterprise",), columns=COLUMNS, trace=TRACE, sort=("change",), secrecy="internal", rule="warning_levels")
def output_fall(monthly_figure: Any, enterprise: Any, stop_report: Any, as_of: date, rule: Any) -> Any:
    """当月产值比上年同期低很多的企业；只有累计数的月份用累计数相减，1–2月合并看；报过计划检修的月份不算；供值守人员。

    Firms whose output of the month is far below the same month a year before; where only cumulative figures were handed in, their
    difference; January and February as one; months of maintenance reported beforehand are left out. For the watch.

    Example:
        monthly_figure
        enterprise | period  | output | output_cumulative
        7          | 2025-10 | 100.0  | 1000.0
        7          | 2026-09 |        | 700.0
        7          | 2026-10 |        | 750.0
        8          | 2025-10 | 100.0  | 900.0
        8          | 2026-10 | 95.0   | 850.0
        enterprise
        id | name | uscc
        7  | 甲   | X
        8  | 乙   | Y
        stop_report
        enterprise | kind
        gives
        enterprise | name | period  | value | baseline | change | months | level
        7          | 甲   | 2026-10 | 50.0  | 100.0    | -0.5   | 1      | orange
    """
    rows = year_falls(flows(monthly_figure, "output", "output_cumulative"), as_of, rule["fresh_months"], rule["output_yoy"], rule["output_months"])
    return named(without_maintenance(rows, stop_report), enterprise)
