"""减员预警: employees far below half a year before, also when they went one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw

from liantu.kernel.output import warning
from liantu.resilience.shared import CHANGE, PERIOD, against, fallen, firm_columns, named, one_source, pair, stocks

FAMILY, SERIES = "people", "employees"
HALF_YEAR = 6
COLUMNS = firm_columns(PERIOD, *pair("integer", "人", "参保（从业）人数", "Insured employees", "约半年前", "Half a year before"), CHANGE)
TRACE = (("enterprise", {"id": "enterprise"}), ("monthly_figure", {"enterprise": "enterprise"}))


@warning("减员预警", "Staff cuts", key=("enterprise",), columns=COLUMNS, trace=TRACE, sort=("change",), secrecy="internal", rule="warning_levels")
def staff_cuts(monthly_figure: Any, enterprise: Any, as_of: date, rule: Any) -> Any:
    """参保（从业）人数半年里累计少了很多的企业，逐月慢慢减的也看得到；供值守人员。

    Firms whose employees fell much within half a year, also where they went little by little; each source held against itself. For the watch.

    Example:
        monthly_figure
        enterprise | period  | employees | source
        7          | 2026-04 | 200       | 人社
        7          | 2026-09 | 156       | 人社
        7          | 2026-10 | 150       | 人社
        8          | 2026-04 | 200       | 人社
        8          | 2026-10 | 195       | 人社
        enterprise
        id | name | uscc
        7  | 甲   | X
        8  | 乙   | Y
        gives
        enterprise | name | period  | value | baseline | change | level
        7          | 甲   | 2026-10 | 150   | 200      | -0.25  | yellow
    """
    rows = against(stocks(monthly_figure, "employees", ("enterprise", "source")), as_of, rule["fresh_months"], [0, HALF_YEAR], ("enterprise", "source"))
    rows = rows.rename({"v0": "value", f"v{HALF_YEAR}": "baseline"}).filter(nw.col("baseline") >= rule["least_employees"])
    return named(one_source(fallen(rows, rule["staff_half_year"])), enterprise)
