"""How far two readers agree beyond chance.

>>> round(kappa([1, 1, 0, 0], [1, 0, 0, 0]), 3)
0.5
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray


def kappa(first: ArrayLike, second: ArrayLike) -> float:
    """Cohen's kappa of two readings of the same things, each yes or no (Cohen, *Educ. Psychol. Meas.* 20 (1960) 37–46); nan where chance leaves nothing."""
    a, b = np.asarray(first, dtype=bool).ravel(), np.asarray(second, dtype=bool).ravel()
    both, one, other = (np.array([float(v)]) for v in ((a & b).sum(), a.sum(), b.sum()))
    return float(_kappa(both, one, other, np.array([float(a.size)]))[0])


def _kappa(both: NDArray[np.float64], one: NDArray[np.float64], other: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    seen = (n - one - other + 2 * both) / np.maximum(n, 1)
    chance = (one * other + (n - one) * (n - other)) / np.maximum(n, 1) ** 2
    return np.where(chance < 1, (seen - chance) / np.where(chance < 1, 1 - chance, 1.0), np.nan)


def kappa_interval(first: Sequence[ArrayLike], second: Sequence[ArrayLike], *, level: float = 0.95, draws: int = 1000, seed: int = 0) -> tuple[float, float, float]:
    """Kappa over (cases × things), with a percentile bootstrap interval that draws whole cases: (kappa, low, high)."""
    a, b = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    if not len(a):
        return float("nan"), -1.0, 1.0
    a, b = a.reshape(len(a), -1), b.reshape(len(b), -1)
    parts = np.column_stack([(a & b).sum(1), a.sum(1), b.sum(1), np.full(len(a), a.shape[1])]).astype(float)
    counts = np.random.default_rng(seed).multinomial(len(a), np.full(len(a), 1 / len(a)), size=draws)
    found = _kappa(*(counts @ parts).T)
    low, high = np.nanquantile(found, [(1 - level) / 2, (1 + level) / 2])
    return kappa(a, b), float(low), float(high)
