"""The monthly series of firms as pages and the detector read them: one value per month of an axis, None where nothing was handed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import narwhals as nw

from liantu.kernel.edition import Edition
from liantu.kernel.relations import months_before
from liantu.resilience.shared import flows

FLOWS = {"output": "output_cumulative"}
HALF_YEAR = 6


def axis(as_of: date, months: int) -> list[str]:
    """The last months up to the one of ``as_of``, oldest first.

    >>> axis(date(2026, 2, 28), 3)
    ['2025-12', '2026-01', '2026-02']
    """
    return [months_before(as_of.replace(day=1), back).strftime("%Y-%m") for back in range(months - 1, -1, -1)]


def series_of(edition: Edition, name: str, months: Sequence[str], firms: Iterable[int] | None = None, *, steepest: bool = False) -> dict[int, list[float | None]]:
    """``name`` (power_kwh, output, tax, employees, orders) by firm over ``months``; of two sources the larger.

    Output of a month whose own figure was not handed in is the difference of cumulative ones; January is empty and February holds
    both months where nothing finer is known. Employees come from one source per firm, since sources count different heads: the one with most
    months, or with ``steepest`` the one that fell most within half a year. Only firms with at least one value are there.
    """
    table = nw.from_native(edition.table("order_book" if name == "orders" else "monthly_figure").lazy())
    if firms is not None:
        table = table.filter(nw.col("enterprise").is_in(sorted(set(firms))))
    if name == "output":
        rows = flows(table, name, FLOWS[name]).with_columns(nw.lit("").alias("source"))
    else:
        source = nw.col("source").fill_null("") if name == "employees" else nw.lit("")
        rows = table.filter(~nw.col(name).is_null()).with_columns(source.alias("source"))
        rows = rows.group_by("enterprise", "source", "period").agg(nw.col(name).max().cast(nw.Float64).alias("value"))
    place = {month: at for at, month in enumerate(months)}
    found: dict[int, dict[str, list[float | None]]] = {}
    frame: Any = nw.to_native(rows).collect()
    for firm, source_name, period, value in frame.select("enterprise", "source", "period", "value").iter_rows():
        if period in place:
            found.setdefault(firm, {}).setdefault(source_name, [None] * len(months))[place[period]] = value
    return {firm: _one(sources, steepest) for firm, sources in sorted(found.items())}


def _one(sources: dict[str, list[float | None]], steepest: bool) -> list[float | None]:
    """The source that is told of several, by name where they are alike."""
    if steepest:
        return min(sorted(sources.items()), key=lambda item: _left(item[1]))[1]
    return max(sorted(sources.items()), key=lambda item: sum(v is not None for v in item[1]))[1]


def _left(values: Sequence[float | None]) -> float:
    """The newest value over the largest of the half year before it."""
    known = [v for v in values if v is not None]
    before = max(known[-HALF_YEAR - 1:-1], default=0.0)
    return known[-1] / before if before else 1.0
