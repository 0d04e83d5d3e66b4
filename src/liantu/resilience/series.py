"""The monthly series of firms as pages and the detector read them: one value per month of an axis, None where nothing was handed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import narwhals as nw

from liantu.kernel.edition import Edition
from liantu.kernel.relations import months_before
from liantu.resilience.shared import flows

FLOWS = {"power_kwh": None, "output": "output_cumulative", "tax": None}


def axis(as_of: date, months: int) -> list[str]:
    """The last months up to the one of ``as_of``, oldest first.

    >>> axis(date(2026, 2, 28), 3)
    ['2025-12', '2026-01', '2026-02']
    """
    return [months_before(as_of.replace(day=1), back).strftime("%Y-%m") for back in range(months - 1, -1, -1)]


def series_of(edition: Edition, name: str, months: Sequence[str], firms: Iterable[int] | None = None) -> dict[int, list[float | None]]:
    """``name`` (power_kwh, output, tax, employees, orders) by firm over ``months``; of two sources the larger.

    Output of a month whose own figure was not handed in is the difference of cumulative ones; January is empty and February holds
    both months where nothing finer is known. Only firms with at least one value are there.
    """
    table = nw.from_native(edition.table("order_book" if name == "orders" else "monthly_figure").lazy())
    if firms is not None:
        table = table.filter(nw.col("enterprise").is_in(sorted(set(firms))))
    if name == "output":
        rows = flows(table, name, FLOWS[name]).select("enterprise", "period", "value")
    else:
        rows = table.filter(~nw.col(name).is_null()).group_by("enterprise", "period").agg(nw.col(name).max().cast(nw.Float64).alias("value"))
    place = {month: at for at, month in enumerate(months)}
    found: dict[int, list[float | None]] = {}
    frame: Any = nw.to_native(rows).collect()
    for firm, period, value in frame.select("enterprise", "period", "value").iter_rows():
        if period in place:
            found.setdefault(firm, [None] * len(months))[place[period]] = value
    return dict(sorted(found.items()))
