"""What outputs say about cases alike: the days left and the lamp by the dated rule."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw

from liantu.kernel.columns import Choice
from liantu.kernel.relations import day_number, first_of, mapped, months_before, ratio, zero

SETTLED = ("done", "called_back", "closed")
CASE_RULES = (
    Choice("closed_without_proof", "已销号但没有佐证", "Closed without proof"),
    Choice("unsatisfied", "企业不满意，应当重办", "The firm is not satisfied: to be done again"),
    Choice("closed", "已销号，有佐证", "Closed with proof"),
    Choice("settled", "已办结，待回访销号", "Done, to be called back and closed"),
    Choice("overdue", "超过时限未办结", "Past its due day"),
    Choice("stalled", "连续几个月没有更新", "No update for months"),
    Choice("slow", "时限过大半，进度不足或未填", "Most of the time has passed, too little is done or told"),
    Choice("suspended", "挂起待上级", "Suspended, waits for a higher level"),
    Choice("stale", "近期没有更新", "No update lately"),
    Choice("undated", "没有时限也没有更新日期，无法评", "Neither due day nor update is dated"),
    Choice("on_schedule", "按时限推进", "On schedule"),
)
_COLOURS = {"closed_without_proof": "yellow", "unsatisfied": "yellow", "closed": "green", "settled": "green", "overdue": "red", "stalled": "red", "slow": "yellow", "suspended": "yellow", "stale": "yellow",
            "undated": "none", "on_schedule": "green"}


def is_open() -> Any:
    """Whether a case still has to be done; a case whose state is not told is open."""
    return nw.col("state").is_null() | ~nw.col("state").is_in(SETTLED)


def with_lamp(case: Any, rule: dict[str, Any], as_of: date) -> Any:
    """Add ``days_left`` (of open cases; negative = overdue), ``lamp_rule`` and ``lamp``. Suspended cases keep their due day: suspending hides nothing."""
    today = as_of.toordinal()
    left = nw.when(is_open()).then(day_number(nw.col("due_on")) - today)
    rows = case.with_columns(left.alias("days_left"), nw.when(nw.col("updated_on") <= nw.lit(as_of)).then(nw.col("updated_on")).otherwise(nw.col("raised_on")).alias("moved_on"))
    passed = ratio(today - day_number(nw.col("raised_on")), day_number(nw.col("due_on")) - day_number(nw.col("raised_on")))

    def still(months: int) -> Any:
        return nw.col("moved_on") <= nw.lit(months_before(as_of, months))

    steps = [
        ("closed_without_proof", (nw.col("state") == "closed") & nw.col("closing_proof").is_null()),
        ("unsatisfied", ~is_open() & (nw.col("satisfaction") == "unsatisfied")),
        ("closed", nw.col("state") == "closed"),
        ("settled", ~is_open()),
        ("overdue", nw.col("days_left") < 0),
        ("stalled", still(rule["red_months"])),
        ("slow", (passed >= rule["slow_time_share"]) & (zero(nw.col("progress_share")) < rule["slow_done_share"])),
        ("suspended", nw.col("state") == "suspended"),
        ("stale", still(rule["yellow_months"])),
        ("undated", nw.col("due_on").is_null() & nw.col("moved_on").is_null()),
    ]
    rows = rows.with_columns(first_of(steps, "on_schedule").alias("lamp_rule"))
    return rows.with_columns(mapped(nw.col("lamp_rule"), _COLOURS).alias("lamp"))
