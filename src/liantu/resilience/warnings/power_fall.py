"""用电骤降预警: electricity far below the same months a year before."""

from __future__ import annotations

from datetime import date
from typing import Any

from liantu.kernel.output import warning
from liantu.resilience.shared import CHANGE, MONTHS, PERIOD, firm_columns, flows, named, pair, without_maintenance, year_falls

FAMILY, SERIES = "power", "power_kwh"
COLUMNS = firm_columns(PERIOD, *pair("number", "kWh", "用电量", "Electricity", "上年同期", "A year before", "_kwh"), CHANGE, MONTHS)
TRACE = (("enterprise", {"id": "enterprise"}), ("monthly_figure", {"enterprise": "enterprise"}), ("stop_report", {"enterprise": "enterprise"}))


@warning("用电骤降预警", "Falls of electricity", key=("enterprise",), columns=COLUMNS, trace=TRACE, sort=("change",), secrecy="internal", rule="warning_levels")
def power_fall(monthly_figure: Any, enterprise: Any, stop_report: Any, as_of: date, rule: Any) -> Any:
    """用电量比上年同期低很多的企业；同月比同月，淡季不算；一、二月合并看；报过计划检修的月份不算；供值守人员。

    Firms whose electricity is far below the same months a year before, so that a season is no fall; January and February count
    as one; months of maintenance reported beforehand are left out. For the watch.

    Example:
        monthly_figure
        enterprise | period  | power_kwh
        7          | 2025-09 | 1000
        7          | 2025-10 | 1000
        7          | 2026-09 | 400
        7          | 2026-10 | 450
        8          | 2025-10 | 300
        8          | 2026-10 | 290
        9          | 2025-10 | 500
        9          | 2026-10 | 20
        5          | 2025-10 | 500
        5          | 2026-10 | 200
        enterprise
        id | name | uscc | status
        5  | 丁   | W    | active
        7  | 甲   | X    | active
        8  | 乙   | Y    | active
        9  | 丙   | Z    |
        stop_report
        enterprise | kind        | start_on   | end_on
        9          | maintenance | 2026-09-28 | 2026-10-12
        gives
        enterprise | name | period  | value_kwh | baseline_kwh | change | months | level
        5          | 丁   | 2026-10 | 200       | 500          | -0.6   | 1      | yellow
        7          | 甲   | 2026-10 | 450       | 1000         | -0.55  | 2      | orange
    """
    rows = year_falls(flows(monthly_figure, "power_kwh"), as_of, rule["fresh_months"], rule["power_yoy"], rule["power_months"])
    return named(without_maintenance(rows, stop_report), enterprise).rename({"value": "value_kwh", "baseline": "baseline_kwh"})
