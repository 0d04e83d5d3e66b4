"""Early warning for monthly firm series: one call from values to alarms.

Calendar adjustment (:mod:`liantu.methods.monthly_calendar`), one-step surprises (:mod:`.monthly_residuals`), contrast with peers, a score (the larger of
the surprise and its EWMA, Roberts, *Technometrics* 1 (1959) 239–250; or, with enough series, a model that has learned from planted drops:
:mod:`.monthly_rerank`), a threshold from the alarm budget (:mod:`.monthly_alarms`), and a separate lane for doubtful data (:mod:`.monthly_quality`).

Expected values, surprises and flags of a month never use a later one (save ``Quality.TENFOLD_BACK``); nor does the plain score or its rank. The learned
score's coefficients and trees come from all months of *other* series; pass a ``model`` trained before a month to judge it with nothing later at all.

>>> steady = 100 + 5 * np.sin(np.arange(48))[None, :] * np.ones((300, 1)) + np.random.default_rng(0).normal(0, 2, (300, 48))
>>> steady[7, 47] *= 0.5
>>> seen = watch_series(steady, "2022-01", festival=False, learn=False)
>>> bool(seen.alarm[7, 47]), round(float(seen.shortfall[7, 47]), 1)
(True, 0.5)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liantu.methods.monthly_alarms import AlarmLine, alarm_line
from liantu.methods.monthly_calendar import festival_effects, january_with_february, month_number
from liantu.methods.monthly_features import features
from liantu.methods.monthly_quality import quality_flags
from liantu.methods.monthly_rerank import FOLDS, Reranker, plant, train
from liantu.methods.monthly_residuals import Residuals, one_step

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BUDGET = 0.005  # of series-months
EWMA_RATE = 0.6
PEERS_LEAST = 5  # other judged firms of a group below which there is no contrast
SURPRISE_CAP = 8.0


@dataclass(frozen=True)
class WatchModel:
    """What was learned: how to score (empty = the plain score) and where the line lies."""

    rerankers: tuple[Reranker, ...]
    line: AlarmLine


@dataclass(frozen=True)
class Watched:
    """(n, T) each unless said otherwise; NaN where a month is unjudged (first two years of a series, missing months).

    ``score`` (higher = worse), ``rank`` (share of series-months that score as high or higher; told apart only in the worst twentieth), ``alarm`` (rank within
    the budget and value below expectation), ``expected`` value (known for missing months too), ``shortfall`` = 1 − value ÷ expected (negative = above),
    ``z`` the surprise in usual surprises (negative = below), ``peer_shortfall`` the median shortfall of the group's other firms (NaN without peers),
    ``quality`` flags of :class:`.monthly_quality.Quality`, ``model`` what was learned.
    """

    score: Floats
    rank: Floats
    alarm: NDArray[np.bool_]
    expected: Floats
    shortfall: Floats
    z: Floats
    peer_shortfall: Floats
    quality: NDArray[np.uint8]
    model: WatchModel


def watch_series(values: Floats, first_month: str | tuple[int, int], *, peers: Ints | None = None, budget: float = BUDGET, model: WatchModel | None = None,
                 learn: bool = True, festival: bool = True, hold_january: bool = False, running: NDArray[np.bool_] | None = None, seed: int = 0) -> Watched:
    """Watch series (n, T) of quantities that cannot fall below zero (output, electricity, insured staff …), NaN = missing.

    ``first_month`` of column 0, as "2021-01"; ``peers`` (n,) group numbers, negative = none; ``budget`` = share of judged series-months that may raise
    an alarm; ``model`` = one learned elsewhere or earlier, for the same first month; ``learn`` = learn the score from planted drops (where too few series can be
    judged, or False: the plain score); ``festival`` adjusts for the Spring Festival; ``hold_january`` judges January and February together, in
    February; ``running`` (n, T) says that another series of the firm is above zero. ValueError for arrays that do not fit.
    """
    values = np.asarray(values, dtype=np.float64)
    _check(values, peers, budget, model)
    first = month_number(first_month)
    judged_values = january_with_february(values, first) if hold_january else values
    found, offset = _with_calendar(judged_values, first) if festival and values.size else (one_step(judged_values), None)
    others = peer_median(found.residual, peers)
    contrast = found.residual - np.where(np.isfinite(others), np.minimum(others, 0.0), 0.0)
    score, rerankers = _score(judged_values, found, contrast, offset, others, model, learn, seed)
    line = alarm_line(score) if model is None else model.line
    rank = line.rank(score)
    expected = np.exp(found.log_expected)
    judged = np.isfinite(score)
    with np.errstate(invalid="ignore"):
        alarm = judged & (rank <= budget) & (contrast < 0)
    return Watched(score, rank, alarm, expected, np.where(judged, 1 - judged_values / expected, np.nan), found.z, np.where(judged, 1 - np.exp(others), np.nan),
                   quality_flags(values, None if hold_january else expected, running), WatchModel(rerankers, line))


def _check(values: Floats, peers: Ints | None, budget: float, model: WatchModel | None) -> None:
    if values.ndim != 2:
        raise ValueError(f"values must be (series, months), not {values.shape}")
    if peers is not None and np.shape(peers) != values.shape[:1]:
        raise ValueError(f"peers must name one group per series ({len(values)}), not {np.shape(peers)}")
    if not 0 < budget < 1:
        raise ValueError(f"budget is a share between 0 and 1, not {budget}")
    if model is not None and len(model.line.start) < values.shape[1]:
        raise ValueError(f"the model knows {len(model.line.start)} months, the values have {values.shape[1]}")


def _with_calendar(values: Floats, first: int) -> tuple[Residuals, Floats]:
    """Surprises, each year's with all months before seen in the light of what that year knows of the Spring Festival; and that effect (n, T)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.where(values > 0, np.log(values), np.nan)
    years = festival_effects(logs, first)
    parts = [(year, one_step(values[:, : year.end], year.effect)) for year in years]
    joined = [np.concatenate([getattr(part, name)[:, year.begin:] for year, part in parts], axis=1) for name in ("log_expected", "residual", "scale")]
    doubt = np.concatenate([year.doubt[year.begin:] for year in years])
    return Residuals(joined[0], joined[1], np.hypot(joined[2], doubt)), np.concatenate([year.effect[:, year.begin:] for year in years], axis=1)


def _score(values: Floats, found: Residuals, contrast: Floats, offset: Floats | None, others: Floats, model: WatchModel | None, learn: bool,
           seed: int) -> tuple[Floats, tuple[Reranker, ...]]:
    """(n, T) scores and the models behind them, none for the plain score."""
    if (model is not None and not model.rerankers) or (model is None and not learn):
        return plain_score(found, contrast), ()
    judged = np.isfinite(found.log_expected) & np.isfinite(found.residual)
    seen = features(values, found, contrast, offset)
    seen[~judged] = np.nan
    if model is not None:
        rerankers, fold = model.rerankers, np.arange(len(values)) % FOLDS
    else:
        common = np.where(np.isfinite(others), np.minimum(others, 0.0), 0.0)

        def planted(rows: Ints, chance: np.random.Generator) -> tuple[NDArray[np.float32], Ints]:
            changed, start, _ = plant(values[rows], chance)
            drift = None if offset is None else offset[rows]
            again = one_step(changed, drift)
            told = features(changed, again, again.residual - common[rows], drift)
            told[~(np.isfinite(again.log_expected) & np.isfinite(again.residual))] = np.nan
            return told, start

        learned = train(seen, planted, seed=seed)
        if learned is None:
            return plain_score(found, contrast), ()
        rerankers, fold = learned
    score = np.full(values.shape, np.nan)
    for f, reranker in enumerate(rerankers):
        score[fold == f] = reranker.score(seen[fold == f])
    return np.where(judged, score, np.nan), rerankers


def plain_score(found: Residuals, contrast: Floats) -> Floats:
    """The larger of the downward surprise beyond that of peers and its EWMA, in scales; NaN where unjudged."""
    z = np.where(np.isfinite(found.log_expected), -contrast / found.scale, np.nan)
    return np.asarray(np.fmax(z, np.where(np.isfinite(z), ewma(z) / np.sqrt(EWMA_RATE / (2 - EWMA_RATE)), np.nan)))


def ewma(z: Floats, rate: float = EWMA_RATE) -> Floats:
    """Exponentially weighted moving average along months, capped; missing months leave it as it was."""
    found, state = np.zeros_like(z), np.zeros(len(z))
    for t in range(z.shape[1]):
        state = np.where(np.isfinite(z[:, t]), rate * np.clip(z[:, t], -SURPRISE_CAP, SURPRISE_CAP) + (1 - rate) * state, state)
        found[:, t] = state
    return found


def peer_median(residual: Floats, peers: Ints | None) -> Floats:
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

    def picked(at: Ints) -> Floats:
        moved = np.where(known & (place <= at), at + 1, at)
        return np.asarray(ordered[np.clip(moved, 0, len(values) - 1), columns])

    middle = (picked((others - 1) // 2) + picked(others // 2)) / 2
    return np.where(others >= PEERS_LEAST, middle, np.nan)
