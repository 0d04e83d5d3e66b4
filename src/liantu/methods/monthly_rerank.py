"""A score for each series-month, learned by planting drops into the user's own series.

Drops of random kind, size and month are put into copies of the series; a logistic model learns to tell their first months from ordinary ones. As an
event counts as found when any of its first months raises an alarm, each event is learned by its clearest month (multiple instances: Andrews,
Tsochantaridis and Hofmann, NIPS 2002), against the ordinary months that look worst. Among these, boosted trees (Friedman, *Annals of Statistics* 29
(2001) 1189–1232) learn the same task again, for what no straight line tells apart; the score is the mean of both log odds, each in its own spread.
Series are split into folds: none is scored by a model that saw it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Small = NDArray[np.float32]
KINDS = ("level", "ramp", "month", "shutdown")
FOLDS = 3
SERIES, EVENTS = 1500, 5000  # at most so many series train, and about so many planted drops
LEAST_SERIES = 100  # series below which nothing is learned
WINDOW = 4  # months of an event of which the clearest is learned
HARD = 0.3  # share of ordinary months, the worst-looking, that the second pass learns from
HARDEST = 0.2  # those that the trees learn from and score
SPREAD = (0.3, 0.975)  # quantiles among the hardest between which log odds are one apart
PENALTY = 0.1
TREES, LEAVES, LEAF_CASES, SHRINKAGE, LEAF_PENALTY, BINS = 50, 10, 40, 0.1, 5.0, 64
ROUNDS = 2
EARLIEST = 30  # months of history before a planted drop


@dataclass(frozen=True)
class Linear:
    """Logistic model on standardised features: ``mean``, ``spread``, ``weight`` (F,) and ``constant``."""

    mean: Floats
    spread: Floats
    weight: Floats
    constant: float

    def score(self, features: Small) -> Floats:
        """(…,): log odds of a drop for (…, F) features; unknown features count as usual ones."""
        gain = (self.weight / self.spread).astype(np.float32)
        centred = np.where(np.isfinite(features), features, self.mean.astype(np.float32)) - self.mean.astype(np.float32)
        return np.asarray(centred @ gain + self.constant, dtype=np.float64)


@dataclass(frozen=True)
class Reranker:
    """``linear`` scores all months, ``trees`` those that reach ``gate`` by it; ``least`` = the lowest log odds of the trees where they learned;
    ``line_unit``, ``tree_unit`` = spread of either's log odds there."""

    linear: Linear
    trees: HistGradientBoostingClassifier
    gate: float
    least: float
    line_unit: float
    tree_unit: float

    def score(self, features: Small) -> Floats:
        """(…,) for (…, F) features: mean of both models' log odds of a drop in their units, higher = likelier; below ``gate`` the trees count as ``least``."""
        line = self.linear.score(features)
        hard = (line >= self.gate) & np.isfinite(features[..., 0])
        trees = np.full(line.shape, self.least)
        if hard.any():
            with threadpool_limits(1, user_api="openmp"):
                trees[hard] = np.maximum(self.trees.decision_function(features[hard]), self.least)
        return np.asarray((line / self.line_unit + trees / self.tree_unit) / 2)


def plant(values: Floats, chance: np.random.Generator, *, earliest: int = EARLIEST, latest: int | None = None) -> tuple[Floats, Ints, Ints]:
    """Copies of ``values`` (n, T) with one drop each, its first month (n,) and kind (n,).

    A lasting fall by 12–50 %, a slide of 2.5–9 % a month for 4–10 months, one month down 25–60 %, or 2–4 months down 40–95 %.
    """
    n, months = values.shape
    start = np.asarray(chance.integers(earliest, months if latest is None else latest, size=n))
    kind = np.asarray(chance.integers(0, len(KINDS), size=n))
    since = np.arange(months)[None, :] - start[:, None]
    begun = since >= 0

    def between(low: float, high: float) -> Floats:
        return np.asarray(chance.uniform(low, high, size=n))[:, None]

    slide = np.maximum(1 - between(0.025, 0.09) * np.clip(since + 1, 0, np.asarray(chance.integers(4, 11, size=n))[:, None]), 0.1)
    left = [np.where(begun, 1 - between(0.12, 0.5), 1), np.where(begun, slide, 1), np.where(since == 0, 1 - between(0.25, 0.6), 1),
            np.where(begun & (since < np.asarray(chance.integers(2, 5, size=n))[:, None]), 1 - between(0.4, 0.95), 1)]
    return values * np.choose(kind[:, None], left), start, kind


def train(ordinary: Small, planted: Callable[[Ints, np.random.Generator], tuple[Small, Ints]], *, seed: int = 0) -> tuple[tuple[Reranker, ...], Ints] | None:
    """Rerankers by fold and the fold of each series (n,); None when too few series can be judged.

    ``ordinary`` (n, T, F) features, all NaN where unjudged; ``planted(rows, chance)`` gives features (k, T, F) of these series with a drop and its first months (k,).
    """
    chance = np.random.default_rng(seed)
    n, months, _ = ordinary.shape
    judged = np.isfinite(ordinary[:, :, 0])
    fold = chance.permutation(n) % FOLDS
    able = np.flatnonzero(judged[:, EARLIEST:].any(axis=1))
    if len(able) < LEAST_SERIES or months < EARLIEST + WINDOW:
        return None
    used = chance.permutation(able)[:SERIES]
    events, of = [], []
    for _ in range(max(2, -(-EVENTS // len(used)))):
        changed, start = planted(used, chance)
        at = start[:, None] + np.arange(WINDOW)
        events.append(changed[np.arange(len(used))[:, None], np.minimum(at, months - 1)])
        of.append(fold[used])
    first, its_fold = np.concatenate(events), np.concatenate(of)
    seen = np.isfinite(first[:, :, 0]).any(axis=1)
    first, its_fold = first[seen], its_fold[seen]
    rows = ordinary[used]
    rows_judged = judged[used].copy()
    rows_judged[:, :EARLIEST] = False
    return tuple(_learn(rows[fold[used] != f][rows_judged[fold[used] != f]], first[its_fold != f]) for f in range(FOLDS)), fold


def _learn(ordinary: Small, events: Small) -> Reranker:
    model = _fit(ordinary, events[:, 0][np.isfinite(events[:, 0, 0])], 0.1)
    for _ in range(ROUNDS):
        hard, clearest, _ = _hard(model, ordinary, events, HARD)
        model = _fit(hard, clearest, 0.5)
    hard, clearest, gate = _hard(model, ordinary, events, HARDEST)
    clearest = clearest[model.score(clearest) >= gate]
    trees = HistGradientBoostingClassifier(max_iter=TREES, learning_rate=SHRINKAGE, max_leaf_nodes=LEAVES, min_samples_leaf=LEAF_CASES,
                                           l2_regularization=LEAF_PENALTY, max_bins=BINS, early_stopping=False, random_state=0)
    with threadpool_limits(1, user_api="openmp"):  # so small a task only waits for its other threads
        trees.fit(np.concatenate([hard, clearest]), np.repeat(np.array([0, 1]), [len(hard), len(clearest)]))
        odds = trees.decision_function(hard)
    line_unit, tree_unit = (max(float(np.diff(np.quantile(o, SPREAD))[0]), 1e-6) for o in (model.score(hard), odds))
    return Reranker(model, trees, gate, float(odds.min()), line_unit, tree_unit)


def _hard(model: Linear, ordinary: Small, events: Small, share: float) -> tuple[Small, Small, float]:
    """The worst-looking ``share`` of ordinary months, the clearest month of each event, and the score that these months reach."""
    score = np.where(np.isfinite(events[:, :, 0]), model.score(events), -np.inf)
    looks = model.score(ordinary)
    gate = float(np.quantile(looks, 1 - share))
    return ordinary[looks >= gate], events[np.arange(len(events)), score.argmax(axis=1)], gate


def _fit(ordinary: Small, events: Small, odds: float) -> Linear:
    """Weighted so that events weigh ``odds`` times the ordinary months."""
    both = np.concatenate([ordinary, events]).astype(np.float64)
    known = np.isfinite(both)
    mean = np.where(known, both, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    centred = np.where(known, both - mean, 0)
    spread = np.maximum(np.sqrt((centred**2).mean(axis=0)), 1e-6)
    is_event = np.r_[np.zeros(len(ordinary)), np.ones(len(events))]
    weight = np.where(is_event == 1, odds * len(ordinary) / len(events), 1.0)
    model = LogisticRegression(C=PENALTY, solver="newton-cholesky", max_iter=50).fit(centred / spread, is_event, sample_weight=weight)
    return Linear(mean, spread, np.asarray(model.coef_[0], dtype=np.float64), float(model.intercept_[0]))
