"""What the rules of the watch share: a month's own figure out of cumulative ones, the falls of a series, and levels by dated thresholds.

A month of a year is an *observation*: January and February are one (January is often not handed in, February holds the sum of both, and
the Spring Festival moves between them), so a year has eleven and the same months of two years stand eleven observations apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import narwhals as nw

from liantu.chains.shared import working
from liantu.kernel.columns import Column
from liantu.kernel.relations import count_of, day_number, first_of, mapped, months_before, ratio
from liantu.resilience.choices import LEVELS, RANK, SERIES

YEAR = 11  # observations of a year
DEEP = 3  # observations looked at, one before the other
LEVEL = Column("level", "级别", "Level", "choice", choices=LEVELS)
RISING = ("red", "orange", "yellow", "blue")
MAINTENANCE = "maintenance"


def firm_columns(*own: Column) -> tuple[Column, ...]:
    """The columns of a rule about firms: whose, then its own, then the level."""
    return (Column("enterprise", "企业编号", "Enterprise id", "integer", unit="号"), Column("name", "企业名称", "Enterprise", "name"),
            Column("uscc", "统一社会信用代码", "Credit code", "uscc"), *own, LEVEL)


def pair(kind: str, unit: str, zh: str, en: str, against_zh: str, against_en: str, ending: str = "") -> tuple[Column, Column]:
    """A figure and what it is held against; only those who see single firms' figures see them."""
    told: dict[str, Any] = {"kind": kind, "unit": unit, "secrecy": "confidential"}
    return Column(f"value{ending}", zh, en, **told), Column(f"baseline{ending}", against_zh, against_en, **told)


PERIOD = Column("period", "月份", "Month", "month")
CHANGE = Column("change", "变化", "Change", "share", unit="1")
MONTHS = Column("months", "连续月数", "Months in a row", "integer", unit="月")

SERIES_COLUMN = Column("item", "序列", "Series", "choice", choices=SERIES)


def series_pair(against_zh: str, against_en: str) -> tuple[Column, Column]:
    """A figure of either series and what it is held against, in the unit of the series (electricity kWh, output 万元)."""
    return pair("number", "见序列", "现值", "Value", against_zh, against_en)


def both_series(monthly_figure: Any) -> Any:
    """Observations of electricity and output below each other, ``item`` naming the series."""
    power, output = flows(monthly_figure, "power_kwh"), flows(monthly_figure, "output", "output_cumulative")
    return nw.concat([power.with_columns(nw.lit("power_kwh").alias("item")), output.with_columns(nw.lit("output").alias("item"))], how="vertical")


def named(rows: Any, enterprise: Any) -> Any:
    """Rows of firms that still work here, with name and credit code."""
    return rows.join(working(enterprise).select(nw.col("id").alias("enterprise"), "name", "uscc"), on="enterprise", how="inner")


def calendar(rows: Any) -> Any:
    """Rows with ``year`` and ``month`` of their ``period`` as numbers."""
    year, month = nw.col("period").str.slice(0, 4).cast(nw.Int64), nw.col("period").str.slice(5, 2).cast(nw.Int64)
    return rows.with_columns(year.alias("year"), month.alias("month"))


def order_of(day: date) -> int:
    """The observation that a day belongs to.

    >>> order_of(date(2026, 3, 1)) - order_of(date(2026, 1, 5)), order_of(date(2026, 2, 1)) - order_of(date(2025, 2, 1))
    (1, 11)
    """
    return day.year * YEAR + max(day.month, 2) - 2


def _order(year: Any, month: Any) -> Any:
    return year * YEAR + nw.when(month < 2).then(nw.lit(0)).otherwise(month - 2)


def flows(rows: Any, column: str, cumulative: str | None = None) -> Any:
    """One row (enterprise, order, period, value) per observation of a monthly amount; of two sources the larger.

    A month's own figure where it was handed in, else the difference of two cumulative ones of the same year; January and February
    together, from February's cumulative figure or from both months. A difference below zero (a figure revised since) is no figure.
    """
    wanted = [column] + ([cumulative] if cumulative else [])
    rows = calendar(rows.group_by("enterprise", "period").agg(*(nw.col(c).max() for c in wanted)).rename({column: "own"}))
    total = nw.col(cumulative) if cumulative else nw.lit(None).cast(nw.Float64)
    rows = rows.select("enterprise", "period", "year", "month", nw.col("own").cast(nw.Float64), total.cast(nw.Float64).alias("total"))
    before = rows.select("enterprise", "year", (nw.col("month") + 1).alias("month"), nw.col("own").alias("own_before"), nw.col("total").alias("total_before"))
    rows = rows.join(before, on=["enterprise", "year", "month"], how="left")
    both = nw.coalesce(nw.col("total"), nw.col("own") + nw.col("own_before"))
    later = nw.coalesce(nw.col("own"), nw.col("total") - nw.col("total_before"))
    value = nw.when(nw.col("month") == 2).then(both).otherwise(later)
    rows = rows.filter(nw.col("month") > 1).with_columns(value.alias("value"), _order(nw.col("year"), nw.col("month")).alias("order"))
    return rows.filter(nw.col("value") >= 0).select("enterprise", "order", "period", "value")


def stocks(rows: Any, column: str, by: tuple[str, ...] = ("enterprise",)) -> Any:
    """One row per observation of a count at a month's end (employees); January's is left aside."""
    rows = calendar(rows.filter(~nw.col(column).is_null()).group_by(*by, "period").agg(nw.col(column).max().cast(nw.Float64).alias("value")))
    return rows.filter(nw.col("month") > 1).with_columns(_order(nw.col("year"), nw.col("month")).alias("order")).select(*by, "order", "period", "value")


def against(observations: Any, as_of: date, fresh: int, lags: Sequence[int], by: tuple[str, ...] = ("enterprise",)) -> Any:
    """One row per series: its newest observation (``period``, ``last``), if at most ``fresh`` months old, and ``v<lag>`` for each lag before it."""
    oldest, newest = order_of(months_before(as_of, fresh)), order_of(as_of)
    observations = observations.filter(nw.col("order") <= newest)
    last = observations.group_by(*by).agg(nw.col("order").max().alias("last")).filter(nw.col("last") >= oldest)
    rows = observations.join(last, on=list(by), how="inner").with_columns((nw.col("last") - nw.col("order")).alias("lag"))
    told = [nw.when(nw.col("lag") == lag).then(nw.col("value")).alias(f"v{lag}") for lag in lags]
    rows = rows.with_columns(nw.when(nw.col("lag") == 0).then(nw.col("period")).alias("period"), *told)
    return rows.group_by(*by).agg(nw.col("last").max(), nw.col("period").max(), *(nw.col(f"v{lag}").max() for lag in lags))


def against_months(rows: Any, column: str, as_of: date, fresh: int, lags: Sequence[int]) -> Any:
    """As :func:`against`, by plain months (January is one): for what is summed over months or stands at a month's end; of two sources the larger."""
    rows = calendar(rows.filter(~nw.col(column).is_null()).group_by("enterprise", "period").agg(nw.col(column).max().cast(nw.Float64).alias("value")))
    rows = rows.with_columns((nw.col("year") * 12 + nw.col("month")).alias("order")).filter(nw.col("order") <= as_of.year * 12 + as_of.month)
    last = rows.group_by("enterprise").agg(nw.col("order").max().alias("last")).filter(nw.col("last") >= as_of.year * 12 + as_of.month - fresh)
    rows = rows.join(last, on="enterprise", how="inner").with_columns((nw.col("last") - nw.col("order")).alias("lag"))
    told = [nw.when(nw.col("lag") == lag).then(nw.col("value")).alias(f"v{lag}") for lag in lags]
    rows = rows.with_columns(nw.when(nw.col("lag") == 0).then(nw.col("period")).alias("period"), *told)
    return rows.group_by("enterprise").agg(nw.col("period").max(), *(nw.col(f"v{lag}").max() for lag in lags))


def one_source(rows: Any) -> Any:
    """Of several sources of one firm the one with the largest fall; of equal ones the first by name."""
    rows = rows.with_columns(nw.col("source").fill_null("").alias("source"))
    worst = rows.group_by("enterprise").agg(nw.col("change").min())
    rows = rows.join(worst, on=["enterprise", "change"], how="inner")
    first = rows.group_by("enterprise").agg(nw.col("source").min())
    return rows.join(first, on=["enterprise", "source"], how="inner")


def newest_stock(material_stock: Any, as_of: date, fresh_days: int | None) -> Any:
    """The newest report of each firm and material up to a day, if it is at most ``fresh_days`` old."""
    rows = material_stock.filter(~nw.col("as_of").is_null()).filter(day_number(nw.col("as_of")) <= as_of.toordinal())
    if fresh_days is not None:
        rows = rows.filter(day_number(nw.col("as_of")) >= as_of.toordinal() - fresh_days)
    last = rows.group_by("enterprise", "item").agg(nw.col("as_of").max())
    return rows.join(last, on=["enterprise", "item", "as_of"], how="inner")


def largest_partner(supply_link: Any, side: str, other: str, by: tuple[str, ...] = ()) -> Any:
    """One row per firm on ``side`` (and ``by``): its largest partner by name (``partner``, ``amount``) and all that is known (``total``), in the newest year known."""
    rows = supply_link.filter(~nw.col(side).is_null(), nw.col("amount") > 0).rename({side: "enterprise", other: "partner"})
    keys = ["enterprise", *by]
    newest = rows.group_by(*keys).agg(nw.col("year").max())
    rows = rows.join(newest, on=[*keys, "year"], how="inner").with_columns(nw.col("partner").fill_null("").alias("partner"))
    rows = rows.group_by(*keys, "partner").agg(nw.col("amount").sum())
    whole = rows.group_by(*keys).agg(nw.col("amount").sum().alias("total"), nw.col("amount").max().alias("largest"))
    rows = rows.join(whole, on=keys, how="inner").filter(nw.col("amount") == nw.col("largest"))
    first = rows.group_by(*keys).agg(nw.col("partner").min())
    return rows.join(first, on=[*keys, "partner"], how="inner")


def year_falls(observations: Any, as_of: date, fresh: int, levels: Mapping[str, float], months: Mapping[str, int]) -> Any:
    """Series that fell against a year before: ``value``, ``baseline``, ``change``, ``months`` (in a row at least blue, at most three) and ``level``.

    A level counts only when its threshold is passed in as many observations in a row as ``months`` says.
    """
    rows = against(observations, as_of, fresh, [*range(DEEP), *range(YEAR, YEAR + DEEP)])
    for at in range(DEEP):
        now, before = nw.col(f"v{at}"), nw.col(f"v{at + YEAR}")
        rows = rows.with_columns(nw.when(before > 0).then(ratio(now - before, before)).alias(f"r{at}"))
    passed = [(level, _in_a_row(levels[level], months[level])) for level in RISING]
    rows = rows.with_columns(first_of(passed, "none").alias("level"), *(count_of(_in_a_row(levels["blue"], n)).alias(f"n{n}") for n in range(1, DEEP + 1)))
    rows = rows.filter(nw.col("level") != "none").rename({"v0": "value", f"v{YEAR}": "baseline", "r0": "change"})
    return rows.with_columns((nw.col("n1") + nw.col("n2") + nw.col("n3")).alias("months"))


def _in_a_row(threshold: float, months: int) -> Any:
    held = nw.col("r0") <= threshold
    for at in range(1, months):
        held = held & (nw.col(f"r{at}") <= threshold)
    return held


def fallen(rows: Any, levels: Mapping[str, float]) -> Any:
    """Rows with ``value`` and ``baseline`` whose ``change`` passes a threshold, with ``level``."""
    change = nw.when(nw.col("baseline") > 0).then(ratio(nw.col("value") - nw.col("baseline"), nw.col("baseline")))
    rows = rows.with_columns(change.alias("change"))
    return graded(rows, nw.col("change"), levels, below=True)


def graded(rows: Any, figure: Any, levels: Mapping[str, float], *, below: bool = False) -> Any:
    """Rows whose figure passes a threshold, with the highest ``level`` passed; ``below``: a small figure is the bad one."""
    passed = [(level, figure <= levels[level] if below else figure >= levels[level]) for level in RISING if level in levels]
    return rows.with_columns(first_of(passed, "none").alias("level")).filter(nw.col("level") != "none")


def highest(rows: Any, *by: str) -> Any:
    """One row per ``by``: the one of the highest level, of equal ones that with the smallest id ``pick``."""
    rows = rows.with_columns(mapped(nw.col("level"), RANK).cast(nw.Int64).alias("rank"))
    top = rows.group_by(*by).agg(nw.col("rank").max())
    rows = rows.join(top, on=[*by, "rank"], how="inner")
    first = rows.group_by(*by).agg(nw.col("pick").min())
    return rows.join(first, on=[*by, "pick"], how="inner")


def without_maintenance(rows: Any, stop_report: Any) -> Any:
    """Rows whose newest observation (``last``) holds no maintenance that the firm reported beforehand."""
    planned = stop_report.filter(nw.col("kind") == MAINTENANCE, ~nw.col("start_on").is_null())
    end = nw.coalesce("end_on", "start_on")
    planned = planned.select("enterprise", _day_order(nw.col("start_on")).alias("_from"), _day_order(end).alias("_to"))
    covered = rows.select("enterprise", "last").join(planned, on="enterprise", how="inner").filter(nw.col("last") >= nw.col("_from"), nw.col("last") <= nw.col("_to"))
    return rows.join(covered.select("enterprise").unique(), on="enterprise", how="anti")


def _day_order(day: Any) -> Any:
    return _order(day.dt.year().cast(nw.Int64), day.dt.month().cast(nw.Int64))
