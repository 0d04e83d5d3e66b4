"""The learners whose ranks are averaged: logistic regression, boosted trees, a forest; each score told as its place among out-of-fold training scores.

How strong an industry will be is learned at several lines, not only at the one that counts: whether the quotient reaches 0.6, 0.8, 1 or 1.3 are four views
of one thing, and the lower ones have several times as many cases (Frank and Hall, *ECML* 2001, ordinal classification by binary tasks).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from liantu.methods.complexity import Floats
from liantu.methods.entry_panel import Flags

LINES = (0.6, 0.8, 1.0, 1.3)
TREE_LINES = (0.8, 1.0)
CUTS = 63  # quantiles that trees may cut a feature at
PENALTY, PENALTY_FEW = 0.05, 0.01
TREES: dict[str, Any] = {"max_iter": 150, "learning_rate": 0.05, "max_leaf_nodes": 8, "min_samples_leaf": 30, "l2_regularization": 10.0, "max_features": 0.4, "max_bins": 128, "early_stopping": False}
FOREST: dict[str, Any] = {"n_estimators": 40, "min_samples_leaf": 5, "max_features": 0.4, "max_samples": 0.5, "bootstrap": True}


@dataclass(frozen=True)
class Logistic:
    """Logistic model on standardised features: ``mean``, ``spread``, ``weight`` (F,), ``constant``."""

    mean: Floats
    spread: Floats
    weight: Floats
    constant: float

    def __call__(self, z: Floats) -> Floats:
        """Log odds (n,)."""
        found: Floats = ((z - self.mean) / self.spread) @ self.weight + self.constant
        return found

    def terms(self, row: Floats) -> Floats:
        """What each feature adds to the log odds, against the average case (F,)."""
        found: Floats = (row - self.mean) / self.spread * self.weight
        return found


@dataclass(frozen=True)
class Trees:
    """Boosted trees or a forest over features told as numbers of bins, whose ``edges`` are (CUTS, F)."""

    model: Any
    edges: Floats

    def __call__(self, z: Floats) -> Floats:
        with threadpool_limits(1):
            found: Floats = self.model.predict_proba(binned(z, self.edges))[:, 1]
        return found


def edges_of(z: Floats) -> Floats:
    """Quantiles of each feature, (n, F) → (CUTS, F)."""
    found: Floats = np.quantile(z, np.arange(1, CUTS + 1) / (CUTS + 1), axis=0)
    return found


def binned(z: Floats, edges: Floats) -> Floats:
    """Number of the bin of each value, (n, F): all that trees need to know, and quicker to grow from."""
    found = np.empty(z.shape, dtype=np.float32)
    for k in range(z.shape[1]):
        found[:, k] = np.searchsorted(edges[:, k], z[:, k])
    return found


Learner = Logistic | Trees


def logistic(z: Floats, y: Flags, penalty: float) -> Logistic:
    """Fitted on cases (n, F) with labels (n,)."""
    mean, spread = z.mean(axis=0, dtype=float), z.std(axis=0, dtype=float)
    spread = np.where(spread > 1e-9, spread, 1.0)
    with threadpool_limits(1):
        fitted = LogisticRegression(C=penalty, max_iter=500).fit((z - mean) / spread, y)
    return Logistic(mean, spread, fitted.coef_[0], float(fitted.intercept_[0]))


def learners(z: Floats, labels: dict[float, Flags], *, few: bool, trees: bool, seed: int) -> list[list[Learner]]:
    """Families of learners, each over several lines; lines nobody or everybody reached are left out."""
    usable = {line: y for line, y in labels.items() if 0 < y.sum() < len(y)}
    families: list[list[Learner]] = [[logistic(z, y, PENALTY_FEW if few else PENALTY) for y in usable.values()]]
    if trees:
        edges = edges_of(z)
        bins, wanted = binned(z, edges), [y for line, y in usable.items() if line in TREE_LINES]
        with threadpool_limits(1):
            families.append([Trees(HistGradientBoostingClassifier(random_state=seed, **TREES).fit(bins, y), edges) for y in wanted])
            families.append([Trees(ExtraTreesClassifier(random_state=seed, n_jobs=1, **FOREST).fit(bins, y), edges) for y in wanted])
    return [family for family in families if family]


@dataclass(frozen=True)
class Places:
    """Out-of-fold training scores of each learner, sorted: a new score is told as its place among them, whatever else is scored with it."""

    reference: tuple[tuple[Floats, ...], ...]

    def __call__(self, scores: Sequence[Sequence[Floats]]) -> Floats:
        """Mean place (n,), 0–1: within each family, then over families."""
        found: Floats = np.mean([np.mean([place(s, r) for s, r in zip(family, known, strict=True)], axis=0) for family, known in zip(scores, self.reference, strict=True)], axis=0)
        return found


def place(score: Floats, reference: Floats) -> Floats:
    """Share of reference scores (sorted) below each score, ties half; beyond both ends it goes on a little, so that the order stays."""
    n = len(reference)
    low, high = np.searchsorted(reference, score, "left"), np.searchsorted(reference, score, "right")
    span = max(float(reference[-1] - reference[0]), 1e-12)
    beyond = np.clip(score - reference[-1], 0, None) + np.clip(score - reference[0], None, 0)
    found: Floats = (low + high + 2 * np.clip(beyond / span, -1, 1)) / (2 * n)
    return found
