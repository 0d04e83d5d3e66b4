"""One-step surprises of many monthly series at once: exponential smoothing of the logarithm, missing-safe, winsorised, never looking ahead.

Each series is smoothed by several Holt–Winters filters without trend (Winters, *Management Science* 6 (1960) 324–342; robust updating after
Gelper, Fried and Croux, *J. Forecasting* 29 (2010) 285–300); their forecasts are averaged by how well each did so far. The first
``WARM`` months since a series' first value train level and season and are not judged. All steps are relative to the series' own level, so units
do not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
WARM = 24
ENOUGH = 16  # observed months of the training window without which a series stays unjudged
LEVEL_RATES = (0.05, 0.15, 0.3, 0.5, 0.8)
SEASON_RATE = 0.15  # from the seventh year; before, one over the years seen
SHARPNESS = 3  # forecasts are weighed by their usual error to this power
WINSOR = 2.0  # in scales: how much of a surprise enters the level
FLOOR = 0.02  # of the expected value: what zeros and negatives count as
SCALE_MEMORY = 0.06
LEAST_SCALE = 0.005
MAD = 1.2533  # standard deviation of a normal in mean absolute deviations


@dataclass(frozen=True)
class Residuals:
    """(n, T) each: ``log_expected``, known for missing months too, NaN where unjudged; ``residual`` = log of value over expected, NaN where missing; ``scale`` = its usual size."""

    log_expected: Floats
    residual: Floats
    scale: Floats

    @property
    def z(self) -> Floats:
        """Surprise in scales, negative = below expectation; NaN where unjudged."""
        return np.where(np.isfinite(self.log_expected), self.residual / self.scale, np.nan)


def one_step(values: Floats, offset: Floats | None = None) -> Residuals:
    """One-step residuals of ``values`` (n, T), NaN = missing; ``offset`` (n, T) = known calendar effect on the logarithm."""
    n, months = values.shape
    if not months:
        return Residuals(values, values, values)
    start = np.where(np.isfinite(values).any(axis=1), np.isfinite(values).argmax(axis=1), months)
    shift = start[:, None] + np.arange(months)[None, :]
    inside, shift = shift < months, np.minimum(shift, months - 1)
    own = np.where(inside, np.take_along_axis(values, shift, axis=1), np.nan).T.copy()
    drift = np.zeros((months, n)) if offset is None else np.where(inside, np.take_along_axis(offset, shift, axis=1), 0.0).T.copy()
    expected, residual, scale = _filter(own, drift)
    back = np.arange(months)[None, :] - start[:, None]
    before, back = back < 0, np.maximum(back, 0)
    return Residuals(*(np.where(before, np.nan, np.take_along_axis(part.T, back, axis=1)) for part in (expected, residual, scale)))


def _start(own: Floats, drift: Floats) -> tuple[Any, Any, Any, Any, Any]:
    """Level (n,), season (12, n), scale (n,), which calendar months were seen (12, n) and which series are ready (n,), from the first two years."""
    warm = own[:WARM]
    n = own.shape[1]
    with np.errstate(invalid="ignore"):
        positive = np.where(warm > 0, warm, np.nan)
        usual = _column_median(positive)
        logs = np.log(np.maximum(warm, FLOOR * usual)) - drift[:WARM]
    halves = [_column_mean(logs[:12]), _column_mean(logs[12:])]
    first, second = (np.where(np.isfinite(a), a, b) for a, b in (halves, halves[::-1]))
    slope = np.clip((second - first) / 12, -0.02, 0.02)
    flat = logs - (first + second) / 2 - slope * (np.arange(len(warm)) - (len(warm) - 1) / 2)[:, None]
    if len(warm) < WARM:
        return first, np.zeros((12, n)), np.full(n, np.nan), np.zeros((12, n), dtype=bool), np.zeros(n, dtype=bool)
    pair = flat.reshape(2, 12, n)
    seen = np.isfinite(pair)
    season = _season(pair - _column_mean(pair.reshape(WARM, n)), seen)
    steps = np.diff(flat - np.tile(season, (2, 1)), axis=0)
    scale = np.maximum(1.4826 * 0.8 * _column_median(np.abs(steps)), LEAST_SCALE)
    ready = (np.isfinite(warm).sum(axis=0) >= ENOUGH) & ((warm > 0).sum(axis=0) >= ENOUGH // 2) & np.isfinite(scale)
    return first, season, np.where(ready, scale, 1.0), seen.any(axis=0), ready


def _season(pair: Floats, seen: NDArray[np.bool_]) -> Floats:
    """(12, n): mean of two years (2, 12, n), shrunk by how far the years agree (the part of the variance they share; Efron and Morris 1975)."""
    both = seen.all(axis=0)
    filled = np.where(seen, pair, 0.0)
    mean = filled.sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    shared = np.where(both, filled[0] * filled[1], 0.0).sum(axis=0)
    whole = np.where(both, mean**2, 0.0).sum(axis=0)
    trust = np.where(both.sum(axis=0) >= 6, np.clip(shared / np.maximum(whole, 1e-12), 0, 1), 0.5)
    season = mean * trust
    return np.asarray(season - season.mean(axis=0))


def _filter(own: Floats, drift: Floats) -> tuple[Floats, Floats, Floats]:
    """(T, n) log expected value, residual and scale of series that all start in row 0."""
    months, n = own.shape
    rates = np.array(LEVEL_RATES)[:, None]
    level, season, scale, seen, ready = _start(own, drift)
    levels = np.repeat(np.where(ready, level, 0.0)[None, :], len(rates), axis=0)
    seasons = np.repeat(season[:, None, :], len(rates), axis=1)
    size, errors, gap = scale / MAD, np.full((len(rates), n), 1e-3), np.zeros(n)
    expected, residual, spread = (np.full((months, n), np.nan) for _ in range(3))
    for t in range(months):
        month, rate = t % 12, max(SEASON_RATE, 1 / (t // 12 + 1)) if t >= WARM else SEASON_RATE
        forecast = levels + seasons[month]
        weight = (errors + 1e-6) ** -SHARPNESS
        weight /= weight.sum(axis=0)
        middle = (weight * forecast).sum(axis=0)
        known = np.isfinite(own[t]) & ready
        with np.errstate(invalid="ignore", over="ignore"):
            ratio = np.where(known, own[t], 1.0) / np.exp(middle + drift[t])
        log = middle + np.log(np.clip(ratio, FLOOR, 1 / FLOOR))
        surprise = np.where(known, log - middle, 0.0)
        wide = scale * np.sqrt(1 + 0.16 * gap)
        if t >= WARM:
            expected[t] = np.where(ready & seen[month], middle + drift[t], np.nan)
        spread[t] = np.where(ready, wide, np.nan)
        residual[t] = np.where(known & seen[month], surprise, np.nan)
        new = known & ~seen[month]
        error = np.where(known, np.clip(log - forecast, -WINSOR * scale, WINSOR * scale), 0.0)
        levels += np.where(new, 0.0, rates * error)
        seasons[month] += np.where(new, log - forecast, rate * (1 - rates) * error)
        known &= seen[month]
        errors = np.where(known, 0.95 * errors + 0.05 * np.abs(error), errors)
        size = np.where(known, (1 - SCALE_MEMORY) * size + SCALE_MEMORY * np.minimum(np.abs(surprise), 3.75 * size), size)
        scale = np.maximum(MAD * size, LEAST_SCALE)
        gap = np.where(known, 0.0, gap + 1)
        seen[month] |= new
    return expected, residual, spread


def _column_mean(values: Floats) -> Floats:
    counts = np.isfinite(values).sum(axis=0)
    return np.where(counts > 0, np.where(np.isfinite(values), values, 0.0).sum(axis=0) / np.maximum(counts, 1), np.nan)


def _column_median(values: Floats) -> Floats:
    """Column medians without NaN; NaN for empty columns."""
    ordered, counts = np.sort(values, axis=0), np.isfinite(values).sum(axis=0)
    if not len(values):
        return np.full(values.shape[1], np.nan)
    columns = np.arange(values.shape[1])
    return np.asarray(np.where(counts > 0, (ordered[np.maximum(counts - 1, 0) // 2, columns] + ordered[np.minimum(counts // 2, len(values) - 1), columns]) / 2, np.nan))
