"""税收下滑预警: tax of the last three months far below the same three months a year before."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw

from liantu.kernel.output import warning
from liantu.resilience.shared import CHANGE, PERIOD, against_months, fallen, firm_columns, named, pair

FAMILY, SERIES = "tax", "tax"
ROLLING = 3
COLUMNS = firm_columns(PERIOD, *pair("money", "万元", "近三月税收", "Tax of three months", "上年同期", "A year before"), CHANGE)
TRACE = (("enterprise", {"id": "enterprise"}), ("monthly_figure", {"enterprise": "enterprise"}))


@warning("税收下滑预警", "Falls of tax", key=("enterprise",), columns=COLUMNS, trace=TRACE, sort=("change",), secrecy="internal", rule="warning_levels")
def tax_fall(monthly_figure: Any, enterprise: Any, as_of: date, rule: Any) -> Any:
    """近三个月入库税收合计比上年同期低很多的企业；六个月的数都有才比；供值守人员。

    Firms whose tax of the last three months together is far below the same three months a year before; compared only where all six
    months are known. For the watch.

    Example:
        monthly_figure
        enterprise | period  | tax
        7          | 2025-08 | 10.0
        7          | 2025-09 | 10.0
        7          | 2025-10 | 10.0
        7          | 2026-08 | 9.0
        7          | 2026-09 | 3.0
        7          | 2026-10 | 0.0
        8          | 2025-10 | 10.0
        8          | 2026-10 | 1.0
        enterprise
        id | name | uscc
        7  | 甲   | X
        8  | 乙   | Y
        gives
        enterprise | name | period  | value | baseline | change | level
        7          | 甲   | 2026-10 | 12.0  | 30.0     | -0.6   | orange
    """
    lags = [*range(ROLLING), *range(12, 12 + ROLLING)]
    rows = against_months(monthly_figure, "tax", as_of, rule["fresh_months"], lags)
    now, before = (sum((nw.col(f"v{lag + shift}") for lag in range(1, ROLLING)), nw.col(f"v{shift}")) for shift in (0, 12))
    return named(fallen(rows.with_columns(now.alias("value"), before.alias("baseline")), rule["tax_yoy"]), enterprise)
