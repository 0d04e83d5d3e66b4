"""停产停线预警: a firm that reports a stop which has not ended."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column
from liantu.kernel.output import warning
from liantu.kernel.relations import day_number, first_of
from liantu.resilience.choices import STOP_KINDS
from liantu.resilience.shared import MAINTENANCE, firm_columns, highest, named

FAMILY, PRIOR = "stop", "reports"
COLUMNS = firm_columns(Column("kind", "停产类型", "Kind of stop", "choice", choices=STOP_KINDS), Column("start_on", "停产日期", "Stopped on", "date"),
                       Column("value", "已停天数", "Days so far", "integer", unit="天"), Column("reason", "原因", "Reason"))
TRACE = (("enterprise", {"id": "enterprise"}), ("stop_report", {"enterprise": "enterprise"}))


@warning("停产停线预警", "Stops", key=("enterprise",), columns=COLUMNS, trace=TRACE, sort=("-value",), secrecy="internal", rule="warning_levels")
def stop_reports(stop_report: Any, enterprise: Any, as_of: date, rule: Any) -> Any:
    """正在停产、停线的企业：单线停为橙，全面停产满三天为红；计划检修不算，已复产的不算；供值守人员。

    Firms with a stop that goes on: one line is orange, a whole stop of three days red; planned maintenance and what runs again are left out.
    For the watch.

    Example:
        stop_report
        id | enterprise | kind        | start_on   | end_on     | reason
        1  | 7          | whole       | 2026-10-20 |            | 缺料
        2  | 7          | line        | 2026-10-10 |            | 缺料
        3  | 8          | whole       | 2026-10-30 |            | 断电
        4  | 9          | maintenance | 2026-10-20 |            | 年度检修
        5  | 5          | whole       | 2026-09-01 | 2026-09-09 | 缺料
        enterprise
        id | name | uscc
        5  | 丁   | W
        7  | 甲   | X
        8  | 乙   | Y
        9  | 丙   | Z
        gives
        enterprise | name | kind  | start_on   | value | reason | level
        7          | 甲   | whole | 2026-10-20 | 12    | 缺料   | red
        8          | 乙   | whole | 2026-10-30 | 2     | 断电   | orange
    """
    day = as_of.toordinal()
    rows = stop_report.filter(nw.col("kind") != MAINTENANCE, ~nw.col("start_on").is_null()).filter(day_number(nw.col("start_on")) <= day)
    rows = rows.filter(nw.col("end_on").is_null() | (day_number(nw.col("end_on")) > day)).with_columns((day - day_number(nw.col("start_on")) + 1).alias("value"), nw.col("id").alias("pick"))
    red = (nw.col("kind") == "whole") & (nw.col("value") >= rule["stop_days"]["red"])
    rows = highest(rows.with_columns(first_of([("red", red)], "orange").alias("level")), "enterprise")
    return named(rows, enterprise)
