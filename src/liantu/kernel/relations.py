"""Small pieces of relation that every room's outputs need; Narwhals only, equal on every engine."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import narwhals as nw


def ratio(numerator: Any, denominator: Any) -> Any:
    """A quotient that is null, never NaN, when the divisor is null or 0."""
    return nw.when(denominator != 0).then(numerator / denominator)


def zero(expression: Any) -> Any:
    """Nulls as 0, for counts and sums over no rows."""
    return nw.when(expression.is_null()).then(nw.lit(0)).otherwise(expression)


def first_of(steps: Iterable[tuple[str, Any]], otherwise: str) -> Any:
    """The name of the first step whose condition holds; a condition that is not known does not hold."""
    told = nw.lit(otherwise)
    for name, condition in reversed(list(steps)):
        told = nw.when(condition).then(nw.lit(name)).otherwise(told)
    return told


def mapped(expression: Any, values: Mapping[str, Any]) -> Any:
    """Another value for each known one; null for the rest."""
    told = nw.lit(None)
    for known, value in values.items():
        told = nw.when(expression == known).then(nw.lit(value)).otherwise(told)
    return told


def count_of(condition: Any) -> Any:
    """1 where a condition holds, 0 where it does not or is not known: to be summed."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0))


def day_number(day: Any) -> Any:
    """A date column as its day number (1 = 0001-01-01, as ``date.toordinal``), so that days can be subtracted on every engine."""
    years = day.dt.year().cast(nw.Int64) - 1
    return years * 365 + years // 4 - years // 100 + years // 400 + day.dt.ordinal_day().cast(nw.Int64)


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def joined(rows: Any, by: str, text: str, *, order: str, limit: int, mark: str = "、") -> Any:
    """One row per ``by``: its first ``limit`` different texts by falling ``order`` (then by the text), joined with ``mark``, as column ``text``."""
    told = rows.filter(~nw.col(by).is_null(), ~nw.col(text).is_null()).with_columns(zero(nw.col(order)).alias("_order"))
    told = told.group_by(by, text).agg(nw.col("_order").sum())
    told = told.with_columns((nw.col("_order").rank("min", descending=True).over(by).cast(nw.Int64) * 1_000_000
                              + nw.col(text).rank("min").over(by).cast(nw.Int64)).alias("_rank"))
    told = told.with_columns(nw.col("_rank").rank("min").over(by).alias("_place"))
    places = [f"_text{n}" for n in range(1, limit + 1)]
    told = told.with_columns(*(nw.when(nw.col("_place") == n).then(nw.col(text)).alias(name) for n, name in enumerate(places, 1)))
    told = told.group_by(by).agg(*(nw.col(name).max() for name in places))
    later = (nw.concat_str(nw.lit(mark), nw.col(name)) for name in places[1:])
    return told.select(nw.col(by), nw.concat_str(nw.col(places[0]), *later, ignore_nulls=True).alias(text))
