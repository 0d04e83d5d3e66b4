"""What the last transition teaches about which industries lead to which: relations learned from how all regions changed, for regions not used in learning.

A ridge regression of every industry's later quotient on all industries' earlier ones (a vector autoregression over regions, shrunk), and analogues: what
regions that looked alike had one transition later. The transition is read forwards and backwards: relations hold in both directions while shocks of
the period, which hit all regions and will not come again, cancel out. Regions that are alike share a fold, as they share such shocks too: learned on
random folds these features look twice as good as they prove one transition later.

Sources: Hoerl and Kennard, *Technometrics* 12 (1970) 55–67, ridge regression; Lorenz, *J. Atmospheric Sciences* 26 (1969) 636–646, analogues;
Roberts et al., *Ecography* 40 (2017) 913–929, blocked cross-validation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from liantu.methods.complexity import Floats
from liantu.methods.entry_features import Layer
from liantu.methods.entry_panel import HIGH, LOW, Flags, Ints, Transition

RIDGE, RIDGE_SHRUNKEN, RIDGE_PRESENCE = 0.5, 0.7, 1.5  # penalties in units of a region's mean squared size
ANALOGUES = 50
PRIOR = 20.0  # cases of the common rate added to each industry's own
FOLDS, CLUSTERS = 5, 25
NAMES = ("learned", "learned_shrunken", "learned_presence", "analogues", "analogue_entries", "item_entries", "item_movement")


@dataclass(frozen=True)
class Line:
    """``mean`` (I,), ``weights`` (I, I), ``constant`` (I,) of a linear map."""

    mean: Floats
    weights: Floats
    constant: Floats

    def __call__(self, x: Floats) -> Floats:
        found: Floats = (x - self.mean) @ self.weights + self.constant
        return found


@dataclass(frozen=True)
class Links:
    """Learned maps, the regions of both ends as ``known`` (N, I) rows of unit length with what they ``became`` and whether they ``entered``, and item rates.

    ``owner`` (N,) = index of the region a row comes from.
    """

    quotient: Line
    shrunken: Line
    presence: Line
    mean: Floats
    known: Floats
    became: Floats
    entered: Floats
    owner: Ints
    entries: Floats
    movement: Floats

    def features(self, now: Layer, rows: Flags, *, own: bool) -> dict[str, Floats]:
        """Features of some regions of a layer; ``own``: these are the regions learned from, in the same order, whose own rows are then left out."""
        logs = np.log1p(now.shrunken[rows])
        alike = _unit(logs - self.mean) @ self.known.T
        if own:
            alike[np.flatnonzero(rows)[:, None] == self.owner] = -1
        k = min(ANALOGUES, alike.shape[1])
        line = -np.partition(-alike, k - 1, axis=1)[:, k - 1 : k]
        pull = np.where(alike >= np.maximum(line, 0), alike, 0)
        pull /= np.maximum(pull.sum(axis=1, keepdims=True), 1e-9)
        one = np.ones((len(logs), 1))
        values = (self.quotient(logs), self.shrunken(np.log(now.shrunken[rows])), self.presence(logs), pull @ self.became, pull @ self.entered, one * self.entries, one * self.movement)
        return dict(zip(NAMES, values, strict=True))


def _unit(x: Floats) -> Floats:
    found: Floats = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    return found


def ridge(x: Floats, *targets: tuple[Floats, float]) -> list[Line]:
    """Linear maps from x (N, I) to each target (N, J) with a penalty in units of the mean squared row; solved on the smaller side."""
    mean = x.mean(axis=0)
    a = x - mean
    tall = a.shape[0] >= a.shape[1]
    gram = a.T @ a if tall else a @ a.T
    unit, found = float(np.einsum("ij,ij->", a, a)) / max(len(a), 1) + 1e-9, []
    for y, penalty in targets:
        centre = y.mean(axis=0)
        factor = cho_factor(gram + penalty * unit * np.eye(len(gram)), lower=True, overwrite_a=True, check_finite=False)
        weights = cho_solve(factor, a.T @ (y - centre)) if tall else a.T @ cho_solve(factor, y - centre)
        found.append(Line(mean, weights, centre))
    return found


def learn_links(before: Layer, after: Layer, there: Transition, back: Transition, rows: Flags) -> Links:
    """Relations learned from some regions' change between two layers, read both ways; outcomes come from the transitions."""
    logs = np.log1p(np.concatenate([before.shrunken[rows], after.shrunken[rows]]))
    became = np.log1p(np.concatenate([there.after[rows], back.after[rows]]))
    eligible = np.concatenate([there.before[rows], back.before[rows]]) < LOW
    entered = (eligible & np.concatenate([there.entered()[rows], back.entered()[rows]])).astype(float)
    quotient, presence = ridge(logs, (became, RIDGE), ((became >= np.log1p(HIGH)).astype(float), RIDGE_PRESENCE))
    first, last = np.log(before.shrunken[rows]), np.log(after.shrunken[rows])
    (shrunken,) = ridge(np.concatenate([first, last]), (np.concatenate([last, first]), RIDGE_SHRUNKEN))
    cases, rate = eligible.sum(axis=0), entered.sum() / max(eligible.sum(), 1)
    mean, index = logs.mean(axis=0), np.flatnonzero(rows)
    return Links(quotient, shrunken, presence, mean, _unit(logs - mean), became, entered, np.concatenate([index, index]),
                 np.log((entered.sum(axis=0) + PRIOR * rate + 1e-6) / (cases + PRIOR)), np.log(np.abs(last - first).mean(axis=0) + 0.01))


def folds_of(now: Layer, seed: int = 0) -> Ints:
    """Fold of each region (R,): regions that are alike share one, the folds are about equally large."""
    from sklearn.cluster import KMeans

    n = len(now.quotient)
    clusters, folds = min(CLUSTERS, max(n // 4, 1)), min(FOLDS, n)
    if clusters < folds:
        return np.random.default_rng(seed).permutation(n) % folds
    labels = KMeans(clusters, n_init=2, random_state=seed).fit_predict(_unit(np.log1p(now.quotient)))
    sizes, fold, filled = np.bincount(labels, minlength=clusters), np.zeros(clusters, dtype=np.int64), np.zeros(folds)
    for cluster in np.argsort(-sizes, kind="stable"):
        fold[cluster] = filled.argmin()
        filled[fold[cluster]] += sizes[cluster]
    return fold[labels]
