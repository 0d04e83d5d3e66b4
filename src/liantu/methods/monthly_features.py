"""What the re-ranker sees of a series in a month: surprises of this and the last months, slow sums, and how likely each kind of drop is.

Likelihood ratios compare "a drop began j months ago" with "nothing happened" under Student's t noise of the series' own scale, for a lasting fall of
several sizes and for a steady slide (matched filters; generalised likelihood ratio after Willsky and Jones, *IEEE TAC* 21 (1976) 108–112).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from liantu.methods.monthly_residuals import Residuals

Floats = NDArray[np.float64]
Small = NDArray[np.float32]
DOWN_CAP, UP_CAP = 20.0, 6.0  # surprises beyond count as this
FREEDOM = 3.5
ADAPTS = 0.35  # share of a fall that the level takes in per month
FALLS = (0.15, 0.25, 0.45, 0.9)  # in logs
SLIDES = (0.04, 0.07)  # in logs per month
BACK = 4
FROM = 12  # earliest month of a series whose surprises count as its past
NAMES = (
    "z", "drop", "log_scale", "z1", "z2", "z3", "drop1", "drop2", "sum2", "sum3", "sum6", "sum12", "ewma_fast", "ewma_slow", "cusum", "run", "yoy", "yoy_turn1",
    "yoy_turn3", "yoy_turn6", "worst", "largest", "beyond_worst", "rms", "z_last_year", *(f"fall{j}" for j in range(BACK)), *(f"slide{j}" for j in range(1, BACK)),
)


def features(values: Floats, found: Residuals, contrast: Floats, calendar: Floats | None = None) -> Small:
    """(n, T, F) in the order of ``NAMES``, NaN where unknown.

    ``contrast`` (n, T) = log residual beyond that of peers; ``calendar`` (n, T) = known calendar effect on the logarithm. Only this and earlier months enter.
    """
    n, months = values.shape
    drop = (-contrast).astype(np.float32)
    scale = found.scale.astype(np.float32)
    z = np.clip(drop / scale, -UP_CAP, DOWN_CAP)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(values > 0, np.log(values), np.nan) - (0.0 if calendar is None else calendar)
    known, filled = np.isfinite(z), np.where(np.isfinite(z), np.clip(z, -4, 8), 0)
    total = filled.cumsum(axis=1)
    yoy = (lag(logs, 12) - logs).astype(np.float32)
    fast, slow, cusum, run = _running(filled, known)
    worst, largest, rms = _past(np.where(np.arange(months) >= FROM, z, np.nan))
    columns = [z, drop, np.log(scale), lag(z, 1), lag(z, 2), lag(z, 3), lag(drop, 1), lag(drop, 2), *(_window(total, m) for m in (2, 3, 6, 12)),
               fast, slow, cusum, run, yoy, *(yoy - lag(yoy, k) for k in (1, 3, 6)), worst, largest, z - worst, rms, lag(z, 12), *_likelihoods(drop, scale)]
    return np.stack([np.asarray(c, dtype=np.float32) for c in columns], axis=-1)


def lag(values: NDArray, months: int) -> NDArray:
    """The value ``months`` earlier; NaN before the first."""
    found = np.full_like(values, np.nan)
    found[:, months:] = values[:, :-months]
    return found


def _window(total: NDArray, months: int) -> NDArray:
    """Sums of the last ``months`` from running totals."""
    found = total.copy()
    found[:, months:] -= total[:, :-months]
    return found


def _running(z: NDArray, known: NDArray[np.bool_]) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """EWMA with rates 0.6 and 0.25, one-sided CUSUM (Page 1954, k = 0.5) and the number of months below expectation in a row; missing months change nothing."""
    fast, slow, cusum, run = (np.zeros_like(z) for _ in range(4))
    state = [np.zeros(len(z), dtype=z.dtype) for _ in range(4)]
    for t in range(z.shape[1]):
        now, seen = z[:, t], known[:, t]
        moved = (0.6 * now + 0.4 * state[0], 0.25 * now + 0.75 * state[1], np.maximum(state[2] + np.minimum(now, 6) - 0.5, 0), np.where(now > 0, state[3] + 1, 0))
        state = [np.where(seen, new, old) for new, old in zip(moved, state, strict=True)]
        for column, value in zip((fast, slow, cusum, run), state, strict=True):
            column[:, t] = value
    return fast, slow, cusum, run


def _past(z: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """Of the months before: the worst surprise, the largest in size and the root mean square; NaN without any."""
    known = np.isfinite(z)
    worst = np.fmax.accumulate(z, axis=1)
    largest = np.fmax.accumulate(np.abs(z), axis=1)
    count = known.cumsum(axis=1)
    rms = np.sqrt(np.where(known, z * z, 0).cumsum(axis=1) / np.maximum(count, 1))
    return lag(worst, 1), lag(largest, 1), np.where(count > 0, lag(rms, 1), np.nan)


def _likelihoods(drop: NDArray, scale: NDArray) -> list[NDArray]:
    """Log likelihood ratios: a fall that began 0 … ``BACK`` − 1 months ago, a slide that began 1 … ``BACK`` − 1 months ago, each averaged over sizes; missing months say nothing."""
    drops = [lag(drop, j) if j else drop for j in range(BACK)]
    scales = [lag(scale, j) if j else scale for j in range(BACK)]
    calm = [_student(d / s) for d, s in zip(drops, scales, strict=True)]
    left = 1 - ADAPTS
    falls = [[size * left**i for i in range(BACK)] for size in FALLS]
    slides = [[rate * sum(left**k for k in range(i + 1)) for i in range(BACK)] for rate in SLIDES]

    def ratio(shapes: list[list[float]], began: int) -> NDArray:
        each = []
        for shape in shapes:
            parts = [_student((drops[began - i] - shape[i]) / scales[began]) - calm[began - i] for i in range(began + 1)]
            each.append(np.sum([np.where(np.isfinite(p), p, 0) for p in parts], axis=0))
        return np.asarray(np.logaddexp.reduce(each, axis=0) - np.log(len(shapes)))

    return [*(ratio(falls, j) for j in range(BACK)), *(ratio(slides, j) for j in range(1, BACK))]


def _student(z: NDArray) -> NDArray:
    """Log density of Student's t up to its constant."""
    return np.asarray(-(FREEDOM + 1) / 2 * np.log1p(z * z / FREEDOM))
