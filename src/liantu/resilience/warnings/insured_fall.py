"""参保人数骤降预警: insured employees far below the month before."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw

from liantu.kernel.output import warning
from liantu.resilience.shared import CHANGE, PERIOD, against, fallen, firm_columns, named, one_source, pair, stocks

FAMILY, SERIES = "people", "employees"
COLUMNS = firm_columns(PERIOD, *pair("integer", "人", "参保（从业）人数", "Insured employees", "上月", "The month before"), CHANGE)
TRACE = (("enterprise", {"id": "enterprise"}), ("monthly_figure", {"enterprise": "enterprise"}))


@warning("参保人数骤降预警", "Falls of insured employees", key=("enterprise",), columns=COLUMNS, trace=TRACE, sort=("change",), secrecy="internal", rule="warning_levels")
def insured_fall(monthly_figure: Any, enterprise: Any, as_of: date, rule: Any) -> Any:
    """参保（从业）人数一个月里少了很多的企业；同一来源比同一来源，人太少的不看；供值守人员。

    Firms whose insured employees fell much within a month, each source held against itself; very small firms are left out. For the watch.

    Example:
        monthly_figure
        enterprise | period  | employees | source
        7          | 2026-09 | 200       | 人社
        7          | 2026-10 | 150       | 人社
        7          | 2026-10 | 210       | 工信
        8          | 2026-09 | 12        | 人社
        8          | 2026-10 | 6         | 人社
        9          | 2025-12 | 100       | 人社
        9          | 2026-01 | 40        | 人社
        enterprise
        id | name | uscc
        7  | 甲   | X
        8  | 乙   | Y
        9  | 丙   | Z
        gives
        enterprise | name | period  | value | baseline | change | level
        7          | 甲   | 2026-10 | 150   | 200      | -0.25  | orange
    """
    rows = against(stocks(monthly_figure, "employees", ("enterprise", "source")), as_of, rule["fresh_months"], [0, 1], ("enterprise", "source"))
    rows = rows.rename({"v0": "value", "v1": "baseline"}).filter(nw.col("baseline") >= rule["least_employees"])
    return named(one_source(fallen(rows, rule["insured_mom"])), enterprise)
