"""Intervals for shares and means.

>>> [round(bound, 3) for bound in wilson(8, 10)]
[0.49, 0.943]
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import binomtest


def wilson(right: int, n: int, *, level: float = 0.95) -> tuple[float, float]:
    """Wilson score interval of a share (Wilson 1927); (0, 1) for no cases."""
    if n == 0:
        return 0.0, 1.0
    found = binomtest(right, n).proportion_ci(confidence_level=level, method="wilson")
    return float(found.low), float(found.high)


def bootstrap_mean(values: Sequence[float], weights: Sequence[float] | None = None, *, level: float = 0.95, draws: int = 1000,
                   seed: int = 0) -> tuple[float, float, float]:
    """Weighted mean with a percentile bootstrap interval over cases (Efron 1979): (mean, low, high); cases are drawn with replacement."""
    value = np.asarray(values, dtype=float)
    weight = np.ones(len(value)) if weights is None else np.asarray(weights, dtype=float)
    if not len(value):
        return float("nan"), 0.0, 1.0
    chance = np.random.default_rng(seed)
    counts = chance.multinomial(len(value), np.full(len(value), 1 / len(value)), size=draws)
    means = (counts @ (value * weight)) / np.maximum(counts @ weight, 1e-12)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(np.average(value, weights=weight)), float(low), float(high)


def stratified_ratio(over: Sequence[float], under: Sequence[float], weights: Sequence[float], strata: Sequence[str], *, level: float = 0.95, draws: int = 1000,
                     seed: int = 0) -> tuple[float, float, float]:
    """Σ w·over ÷ Σ w·under of a stratified sample, with a percentile bootstrap interval: (ratio, low, high); nan over nothing.

    Cases are drawn with replacement inside their stratum (Rao & Wu, *JASA* 83 (1988) 231–241, with n of n draws: a little narrow for small strata).
    """
    weight, stratum = np.asarray(weights, dtype=float), np.asarray(strata)
    top, bottom = np.asarray(over, dtype=float) * weight, np.asarray(under, dtype=float) * weight
    if not bottom.sum():
        return float("nan"), 0.0, 1.0
    chance = np.random.default_rng(seed)
    tops, bottoms = np.zeros(draws), np.zeros(draws)
    for name in np.unique(stratum):
        rows = np.flatnonzero(stratum == name)
        counts = chance.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=draws)
        tops += counts @ top[rows]
        bottoms += counts @ bottom[rows]
    low, high = np.quantile(tops[bottoms > 0] / bottoms[bottoms > 0], [(1 - level) / 2, (1 + level) / 2])
    return float(top.sum() / bottom.sum()), float(low), float(high)
