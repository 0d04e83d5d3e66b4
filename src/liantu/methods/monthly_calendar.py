"""The Spring Festival in monthly series: its dates, how much of it falls into which month, and what it does to a series.

Dates are the first day of the first lunar month by GB/T 33661-2017 农历的编算和颁行 (the day, in Beijing, of the second new moon after the winter
solstice, or the third in a year with a leap month in between). Three regressors (the fortnight before, the holiday week, the fortnight after; the
share of each in a month, less its long-run mean for that calendar month) follow Bell and Hillmer, *JASA* 78 (1983) 526–534, and Lin and Liu,
"Modeling Lunar Calendar Holiday Effects in Taiwan" (2002). A firm's own years are too few for three coefficients: they are shrunk towards those
of all firms (Efron and Morris, *JASA* 70 (1975) 311–319).

>>> spring_festival(2026).isoformat()
'2026-02-17'
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FIRST_YEAR, LAST_YEAR = 1990, 2040
_DAYS = """
0127 0215 0204 0123 0210 0131 0219 0207 0128 0216 0205 0124 0212 0201 0122 0209 0129 0218 0207 0126
0214 0203 0123 0210 0131 0219 0208 0128 0216 0205 0125 0212 0201 0122 0210 0129 0217 0206 0126 0213
0203 0123 0211 0131 0219 0208 0128 0215 0204 0124 0212
"""  # month and day of each year from 1990
SPANS = ((-15, 0), (0, 7), (7, 22))  # days from the festival: before, holiday, after
PRIOR_SPREAD = 0.15  # how far a firm's coefficient may lie from all firms', in log points
LEAST_SPREAD = 0.01
DATE_NOISE = 0.03  # log points by which a median change departs from the effect
RIDGE = 0.01  # = (DATE_NOISE ÷ 0.3)²: pooled coefficients are of the order of 0.3 before anything is known


def spring_festival(year: int) -> date:
    """The day of the Spring Festival. ValueError outside 1990–2040."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"no date of the Spring Festival for {year}; the table holds {FIRST_YEAR} to {LAST_YEAR}")
    text = _DAYS.split()[year - FIRST_YEAR]
    return date(year, int(text[:2]), int(text[2:]))


def month_number(month: str | tuple[int, int]) -> int:
    """Months since the year 0: ``"2026-03"`` and ``(2026, 3)`` both give 2026 × 12 + 2. ValueError when it is no month."""
    try:
        year, number = (int(part) for part in (month.split("-")[:2] if isinstance(month, str) else month))
    except ValueError:
        raise ValueError(f"{month!r} is no month; write it as 2026-03") from None
    if not (1 <= number <= 12 and year > 0):
        raise ValueError(f"{month!r} is no month; write it as 2026-03")
    return year * 12 + number - 1


@cache
def _raw(month: int) -> tuple[float, float, float]:
    """Shares of the three spans that fall into the month."""
    year, number = divmod(month, 12)
    first = date(year, number + 1, 1)
    last = first + timedelta(days=monthrange(year, number + 1)[1])
    found = []
    for start, end in SPANS:
        day = spring_festival(year)
        overlap = (min(day + timedelta(days=end), last) - max(day + timedelta(days=start), first)).days
        found.append(max(overlap, 0) / (end - start))
    return found[0], found[1], found[2]


@cache
def _means() -> Floats:
    """(12, 3): the long-run mean of each regressor in each calendar month."""
    rows = np.array([[_raw(year * 12 + month) for month in range(12)] for year in range(FIRST_YEAR, LAST_YEAR + 1)])
    return np.asarray(rows.mean(axis=0), dtype=np.float64)


def festival_regressors(first_month: int, months: int) -> Floats:
    """(months, 3) regressors; each sums to zero over the years in every calendar month, so that they leave the season alone."""
    numbers = range(first_month, first_month + months)
    return np.array([_raw(m) for m in numbers]) - _means()[[m % 12 for m in numbers]]


@dataclass(frozen=True)
class YearlyEffect:
    """What is known of the Spring Festival when months ``begin`` to ``end`` (columns) are judged: ``effect`` (n, end) on the logarithm of all months so far, and
    ``doubt`` (end,), the standard error of the pooled effect against that of the same month in the years before."""

    begin: int
    end: int
    effect: Floats
    doubt: Floats


def festival_effects(log_values: Floats, first_month: int) -> list[YearlyEffect]:
    """The effect by year of judging, from year-on-year changes of January to March of the months before that year only.

    ``log_values`` (n, T), NaN = missing. The first two years, which train the season and are never judged, take what is known at their end; with no
    more months than that the effect is nought.
    """
    n, months = log_values.shape
    if months <= 24:
        return [YearlyEffect(0, months, np.zeros((n, months)), np.zeros(months))]
    x = festival_regressors(first_month, months)
    change, moved = np.full((n, months), np.nan), np.zeros((months, 3))
    change[:, 12:], moved[12:] = log_values[:, 12:] - log_values[:, :-12], x[12:] - x[:-12]
    against = np.array([x[t] - x[t % 12:t:12].mean(axis=0) if t >= 12 else np.zeros(3) for t in range(months)])
    number = np.arange(first_month, first_month + months)
    learned = [24, *(t for t in range(25, months) if number[t] % 12 == 0)]
    found = []
    for begin, end in zip(learned, [*learned[1:], months], strict=True):
        known = np.flatnonzero((number[:begin] % 12 < 3) & (np.arange(begin) >= 12))
        coefficients = _shrunk(change[:, :begin], moved[:begin], known)
        error = DATE_NOISE**2 * np.linalg.inv(moved[known].T @ moved[known] + RIDGE * np.eye(3))
        doubt = np.sqrt(np.einsum("ti,ij,tj->t", against[:end], error, against[:end]))
        found.append(YearlyEffect(0 if begin == 24 else begin, end, coefficients @ x[:end].T, doubt))
    return found


def _shrunk(change: Floats, moved: Floats, months: NDArray[np.intp]) -> Floats:
    """(n, 3) coefficients: the pooled ones, from each month's median change, and what a firm's own least squares add, shrunk by how noisy it is."""
    with np.errstate(invalid="ignore"):
        counts = np.isfinite(change).sum(axis=1)
        ready = np.where(counts[:, None] > 5, change, np.nan)
        centre = _median(ready)
        spread = np.maximum(1.4826 * _median(np.abs(ready - centre[:, None])), LEAST_SPREAD)
    rows = ready[:, months] - centre[:, None]
    x = moved[months]
    common = _median(rows.T)
    told = np.isfinite(common)
    pooled = np.linalg.solve(x[told].T @ x[told] + RIDGE * np.eye(3), x[told].T @ common[told])
    own = rows - x @ pooled  # what a firm adds to all firms' effect
    seen = np.isfinite(own)
    spread = np.where(np.isfinite(spread), spread, 1.0)[:, None]
    weight = np.where(seen, 1 / spread**2, 0.0)
    clipped = np.where(seen, np.clip(own, -4 * spread, 4 * spread), 0.0)
    information = np.einsum("nm,mi,mj->nij", weight, x, x) + np.eye(3) / PRIOR_SPREAD**2
    moment = np.einsum("nm,nm,mi->ni", weight, clipped, x)
    return np.asarray(pooled + np.linalg.solve(information, moment[:, :, None])[:, :, 0], dtype=np.float64)


def _median(values: Floats) -> Floats:
    """Row medians without NaN; NaN for empty rows, silently."""
    ordered = np.sort(values, axis=1)
    counts = np.isfinite(values).sum(axis=1)
    if values.shape[1] == 0:
        return np.full(len(values), np.nan)
    rows = np.arange(len(values))
    low, high = np.maximum(counts - 1, 0) // 2, counts // 2
    return np.asarray(np.where(counts > 0, (ordered[rows, low] + ordered[rows, np.minimum(high, values.shape[1] - 1)]) / 2, np.nan))


def january_with_february(values: Floats, first_month: int) -> Floats:
    """The two months as one observation: January empty, February the mean of both, empty unless both are known."""
    held = values.copy()
    number = np.arange(first_month, first_month + values.shape[1]) % 12
    held[:, number == 0] = np.nan
    for t in np.flatnonzero(number == 1):
        held[:, t] = (values[:, t - 1] + values[:, t]) / 2 if t else np.nan
    return held
