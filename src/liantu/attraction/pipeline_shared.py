"""What the outputs of the pipeline share: the contents that a lead must tell, its clocks as columns, and visits counted."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw

from liantu.kernel.columns import Choice
from liantu.kernel.relations import count_of, day_number, months_before

CONTENTS = {"investor": ("投资方", "investor", ("investor",)), "content": ("项目概况", "what is planned", ("content",)), "process": ("工艺流程", "process", ("process",)),
            "invest_total": ("总投资", "total investment", ("invest_total",)), "land": ("用地或厂房", "land or plant", ("land_mu", "plant_m2")), "energy_tce": ("用能", "energy", ("energy_tce",)),
            "pollutants": ("生态环境容量", "pollutants", ("pollutants",)), "output_expected": ("预计产值", "expected output", ("output_expected",)),
            "tax_expected": ("预计税收", "expected tax", ("tax_expected",))}
LEAD_RULES = (
    Choice("closed", "已放弃，不评", "Dropped, not judged"), Choice("moved", "已转在谈项目", "Became a project"), Choice("undated", "没有收到日期，无法评", "Nobody told when it came in"),
    Choice("answer_late", "过了响应时限没有响应", "Not answered in time"), Choice("assess_late", "过了研判时限没有研判", "Not assessed in time"),
    Choice("feedback_late", "过了时限没有反馈引荐人", "The introducer was not told in time"), Choice("drop", "长期没有动静，建议移出", "No movement for long: should leave the pool"),
    Choice("stalled", "连续几个月没有动静", "No movement for months"), Choice("report_late", "过了报告时限没有进展报告", "No report in time"), Choice("stale", "近期没有动静", "No movement lately"),
    Choice("due_soon", "时限将到", "Due soon"), Choice("in_time", "在时限内", "In time"))
LEAD_LAMPS = {"closed": "none", "moved": "green", "undated": "none", "answer_late": "red", "assess_late": "red", "feedback_late": "red", "drop": "red", "stalled": "red", "report_late": "yellow",
              "stale": "yellow", "due_soon": "yellow", "in_time": "green"}
LEAD_CLOCKS = (Choice("answer", "响应", "Answer"), Choice("assess", "研判", "Assessment"), Choice("feedback", "反馈引荐人", "Word to the introducer"), Choice("report", "进展报告", "Report"))


def plus(column: str, days: int) -> Any:
    """A date some days later."""
    return nw.col(column).dt.offset_by(f"{days}d").cast(nw.Date)


def days_between(earlier: Any, later: Any) -> Any:
    """Whole days from one date column to another."""
    return day_number(later) - day_number(earlier)


def days_since(column: str, as_of: date) -> Any:
    """Whole days from a date column to a day."""
    return nw.lit(as_of.toordinal()) - day_number(nw.col(column))


def with_clocks(lead: Any, rule: dict[str, Any]) -> Any:
    """Add ``answer_due``, ``assess_due``, ``feedback_due`` and ``report_due``: when each step of a lead is due; null where it has no such clock."""
    state = nw.when(nw.col("state").is_null()).then(nw.lit("new")).otherwise(nw.col("state"))
    large = nw.col("invest_total") >= rule["large_invest"]
    rows = lead.with_columns(state.alias("state"), nw.max_horizontal("reported_on", "assessed_on").alias("_told_on"))
    assess = nw.when(large).then(plus("received_on", rule["assess_large_days"])).otherwise(plus("received_on", rule["assess_days"]))
    return rows.with_columns(plus("received_on", rule["answer_days"]).alias("answer_due"), assess.alias("assess_due"),
                             nw.when(~nw.col("introducer").is_null()).then(plus("received_on", rule["feedback_days"])).alias("feedback_due"),
                             nw.when(nw.col("state") == "assessed").then(plus("_told_on", rule["report_days"])).alias("report_due"))


def lead_steps(rule: dict[str, Any], lamps: dict[str, Any], as_of: date) -> list[tuple[str, Any]]:
    """The rules of a lead's lamp in their order, over the columns of :func:`with_clocks`, ``moved_on`` and ``due_on``."""
    today, working = nw.lit(as_of), nw.col("state").is_in(("new", "answered", "assessed"))

    def late(due: str, done: str) -> Any:
        return nw.col(done).is_null() & (nw.col(due) < today)

    def still(months: int) -> Any:
        return nw.col("moved_on") <= nw.lit(months_before(as_of, months))

    return [("closed", nw.col("state") == "dropped"), ("moved", nw.col("state") == "talks"), ("undated", nw.col("received_on").is_null()),
            ("answer_late", working & late("answer_due", "answered_on")), ("assess_late", working & late("assess_due", "assessed_on")), ("feedback_late", late("feedback_due", "feedback_on")),
            ("drop", still(lamps["drop_months"])), ("stalled", still(lamps["red_months"])), ("report_late", nw.col("report_due") < today), ("stale", still(lamps["yellow_months"])),
            ("due_soon", days_between(nw.lit(as_of), nw.col("due_on")) <= rule["due_soon_days"])]


def counted_visits(visit: Any, by: str) -> Any:
    """Per lead or project: ``visits`` and ``last_visit_on``."""
    rows = visit.filter(~nw.col(by).is_null()).with_columns(count_of(~nw.col(by).is_null()).alias("visits"))
    return rows.group_by(by).agg(nw.col("visits").sum(), nw.col("visited_on").max().alias("last_visit_on"))


def visit_of_project(visit: Any, lead: Any) -> Any:
    """Visits with the project that they were about; a visit of a lead that became a project belongs to it."""
    origins = lead.select(nw.col("id").alias("lead"), nw.col("project").alias("_origin"))
    return visit.join(origins, on="lead", how="left").with_columns(nw.coalesce("project", "_origin").alias("project"))
