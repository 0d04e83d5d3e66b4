"""From scores to probabilities that hold: isotonic regression on regions not used in learning, and how far the probabilities are off.

Sources: Zadrozny and Elkan, *KDD* 2002, isotonic calibration; Naeini, Cooper and Hauskrecht, *AAAI* 2015, expected calibration error (here with bins of equal number,
as with rare events bins of equal width hold nearly all cases in the first).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.isotonic import IsotonicRegression

from liantu.methods.complexity import Floats
from liantu.methods.entry_panel import Flags, Ints

BINS = 10
TOP = 0.01
PRIOR_CASES = 10.0
"""Cases of the base rate mixed into each step of the isotonic curve: no step of a few cases says 0 or 1."""


@dataclass(frozen=True)
class Calibration:
    """How far probabilities are off. ``n`` cases, ``base_rate`` the share that entered; ``ece`` the mean gap over ``bins``: (mean predicted, share seen, cases).

    ``top`` the same for the highest one percent, where a list is made from.
    """

    n: int
    base_rate: float
    ece: float
    bins: tuple[tuple[float, float, int], ...]
    top: tuple[float, float, int]


def measured(probability: Floats, entered: Flags) -> Calibration:
    """Calibration of probabilities (n,) against what came (n,)."""
    n = len(probability)
    if not n:
        return Calibration(0, float("nan"), float("nan"), (), (float("nan"), float("nan"), 0))
    order = np.argsort(probability, kind="stable")
    bins = tuple((float(probability[part].mean()), float(entered[part].mean()), len(part)) for part in np.array_split(order, min(BINS, n)))
    best = order[n - max(int(round(TOP * n)), 1):]
    ece = sum(size * abs(p - seen) for p, seen, size in bins) / n
    return Calibration(n, float(entered.mean()), float(ece), bins, (float(probability[best].mean()), float(entered[best].mean()), len(best)))


@dataclass(frozen=True)
class Curve:
    """A rising curve from score to probability: ``scores``, ``probabilities`` (K,)."""

    scores: Floats
    probabilities: Floats

    def __call__(self, score: Floats, horizon: float = 1.0) -> Floats:
        """Probability of an entry within ``horizon`` transitions: ``1 − (1 − p)^horizon``, a constant chance per year within the transition."""
        p = np.interp(score, self.scores, self.probabilities)
        return p if horizon == 1.0 else 1 - (1 - p) ** horizon


def curve(score: Floats, entered: Flags) -> Curve:
    """Isotonic curve through scores (n,) and outcomes, each of its steps drawn a little to the base rate, joined linearly between step centres."""
    base = float(entered.mean())
    fitted = IsotonicRegression(out_of_bounds="clip").fit_transform(score, entered.astype(float))
    _, step = np.unique(fitted, return_inverse=True)
    size = np.bincount(step)
    centre, level = np.bincount(step, score) / size, np.bincount(step, fitted) / size
    drawn = (level * size + base * PRIOR_CASES) / (size + PRIOR_CASES)
    return Curve(centre, IsotonicRegression().fit_transform(centre, drawn, sample_weight=size.astype(float)))


def out_of_fold(score: Floats, entered: Flags, fold: Ints) -> Floats:
    """Probabilities (n,) by curves that were drawn without the fold they are applied to."""
    found = np.zeros(len(score))
    for part in np.unique(fold):
        here = fold == part
        rest = ~here if (~here).any() else here
        found[here] = curve(score[rest], entered[rest])(score[here])
    return found
