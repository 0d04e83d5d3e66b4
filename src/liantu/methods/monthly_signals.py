"""Early warning for monthly firm series: one call from values to alarms.

Calendar adjustment (:mod:`liantu.methods.monthly_calendar`), one-step surprises (:mod:`.monthly_residuals`), the larger of the surprise and its
EWMA (Roberts, *Technometrics* 1 (1959) 239–250), contrast with peers, a threshold from the alarm budget (:mod:`.monthly_alarms`), and a separate
lane for doubtful data (:mod:`.monthly_quality`). Nothing that is said of a month uses a later one (save ``Quality.TENFOLD_BACK``).

>>> steady = 100 + 5 * np.sin(np.arange(48))[None, :] * np.ones((300, 1)) + np.random.default_rng(0).normal(0, 2, (300, 48))
>>> steady[7, 47] *= 0.5
>>> seen = watch_series(steady, "2022-01", festival=False)
>>> bool(seen.alarm[7, 47]), round(float(seen.shortfall[7, 47]), 1)
(True, 0.5)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liantu.methods.monthly_alarms import AlarmLine, alarm_line
from liantu.methods.monthly_calendar import festival_effect, january_with_february, month_number
from liantu.methods.monthly_quality import quality_flags
from liantu.methods.monthly_residuals import Residuals, one_step

Floats = NDArray[np.float64]
BUDGET = 0.005  # of series-months
EWMA_RATE = 0.6
PEERS_LEAST = 5  # other judged firms of a group below which there is no contrast
SURPRISE_CAP = 8.0


@dataclass(frozen=True)
class Watched:
    """(n, T) each unless said otherwise; NaN where a month is unjudged (first two years of a series, missing months).

    ``score`` (higher = worse), ``rank`` (share of series-months that score as high or higher), ``alarm`` (rank within the budget and value below
    expectation), ``expected`` value, ``shortfall`` = 1 − value ÷ expected (negative = above), ``z`` the surprise in usual surprises (negative = below),
    ``peer_shortfall`` the median shortfall of the group's other firms (NaN without peers), ``quality`` flags of :class:`.monthly_quality.Quality`,
    ``line`` the threshold learned.
    """

    score: Floats
    rank: Floats
    alarm: NDArray[np.bool_]
    expected: Floats
    shortfall: Floats
    z: Floats
    peer_shortfall: Floats
    quality: NDArray[np.uint8]
    line: AlarmLine


def watch_series(values: Floats, first_month: str | tuple[int, int], *, peers: NDArray[np.int64] | None = None, budget: float = BUDGET, festival: bool = True,
                 hold_january: bool = False, running: NDArray[np.bool_] | None = None, line: AlarmLine | None = None) -> Watched:
    """Watch series (n, T) of quantities that cannot fall below zero (output, electricity, insured staff …), NaN = missing.

    ``first_month`` of column 0, as "2021-01"; ``peers`` (n,) group numbers, negative = none; ``budget`` = share of judged series-months that may raise
    an alarm; ``festival`` adjusts for the Spring Festival; ``hold_january`` judges January and February together, in February; ``running`` (n, T) says that
    another series of the firm is above zero; ``line`` is a threshold learned elsewhere. ValueError for arrays that do not fit.
    """
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 2:
        raise ValueError(f"values must be (series, months), not {values.shape}")
    if not 0 < budget < 1:
        raise ValueError(f"budget is a share between 0 and 1, not {budget}")
    first = month_number(first_month)
    quality_values = values
    values = january_with_february(values, first) if hold_january else values
    offset = None
    if festival and values.shape[1]:
        with np.errstate(invalid="ignore", divide="ignore"):
            offset = festival_effect(np.where(values > 0, np.log(values), np.nan), first)
    found = one_step(values, offset)
    others = peer_median(found.residual, peers)
    score = plain_score(found, others)
    line = alarm_line(score) if line is None else line
    rank = line.rank(score)
    expected = np.exp(found.log_expected)
    judged = np.isfinite(score)
    shortfall = np.where(judged, 1 - values / expected, np.nan)
    with np.errstate(invalid="ignore"):
        alarm = judged & (rank <= budget) & (found.residual < 0)
    flags = quality_flags(quality_values, None if hold_january else expected, running)
    return Watched(score, rank, alarm, expected, shortfall, found.z, np.where(np.isfinite(others) & judged, 1 - np.exp(others), np.nan), flags, line)


def plain_score(found: Residuals, others: Floats) -> Floats:
    """The larger of the downward surprise beyond that of peers and its EWMA, in scales; NaN where unjudged."""
    own = found.residual - np.where(np.isfinite(others), np.minimum(others, 0.0), 0.0)
    z = np.where(np.isfinite(found.log_expected), -own / found.scale, np.nan)
    return np.asarray(np.fmax(z, np.where(np.isfinite(z), ewma(z) / np.sqrt(EWMA_RATE / (2 - EWMA_RATE)), np.nan)))


def ewma(z: Floats, rate: float = EWMA_RATE) -> Floats:
    """Exponentially weighted moving average along months, capped; missing months leave it as it was."""
    found, state = np.zeros_like(z), np.zeros(len(z))
    for t in range(z.shape[1]):
        state = np.where(np.isfinite(z[:, t]), rate * np.clip(z[:, t], -SURPRISE_CAP, SURPRISE_CAP) + (1 - rate) * state, state)
        found[:, t] = state
    return found


def peer_median(residual: Floats, peers: NDArray[np.int64] | None) -> Floats:
    """(n, T): median log residual of the group's other firms in the month; NaN without ``peers`` or with fewer than ``PEERS_LEAST`` others."""
    found = np.full(residual.shape, np.nan)
    if peers is None:
        return found
    for group in np.unique(peers[peers >= 0]):
        rows = np.flatnonzero(peers == group)
        if len(rows) > PEERS_LEAST:
            found[rows] = _leave_one_out_median(residual[rows])
    return found


def _leave_one_out_median(values: Floats) -> Floats:
    """(k, T): for each row the median of the others' known values; NaN with fewer than ``PEERS_LEAST`` others."""
    ordered = np.sort(values, axis=0)
    place = np.argsort(np.argsort(values, axis=0, kind="stable"), axis=0)
    known = np.isfinite(values)
    others = known.sum(axis=0)[None, :] - known
    columns = np.broadcast_to(np.arange(values.shape[1]), values.shape)

    def picked(at: NDArray[np.int64]) -> Floats:
        moved = np.where(known & (place <= at), at + 1, at)
        return np.asarray(ordered[np.clip(moved, 0, len(values) - 1), columns])

    middle = (picked((others - 1) // 2) + picked(others // 2)) / 2
    return np.where(others >= PEERS_LEAST, middle, np.nan)
