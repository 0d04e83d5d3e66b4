"""A small additive model of decision trees over pairs, read from a file and applied with NumPy alone.

Trees are grown by histogram gradient boosting (Ke et al., *NeurIPS* 2017; scikit-learn's implementation) and kept as arrays,
so that nothing is trained, unpickled or downloaded when a register is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from liantu.methods.text import Floats, Ints

_CHUNK = 4096  # pairs
_FEW_PAIRS = 50_000  # below, threads wait for each other longer than they work


@dataclass(frozen=True)
class PairModel:
    """All trees laid end to end. ``feature`` is −1 at a leaf; ``left`` and ``right`` are positions in the same arrays."""

    columns: tuple[str, ...]
    base: float
    roots: Ints
    feature: Ints
    cut: Floats
    left: Ints
    right: Ints
    value: Floats

    def probability(self, x: NDArray[np.float32]) -> Floats:
        """Probability of a match for each row of ``x`` (pairs × columns)."""
        if x.shape[1] != len(self.columns):
            raise ValueError(f"特征应为 {len(self.columns)} 列，实为 {x.shape[1]} 列 (wrong number of columns)")
        return np.concatenate([self._part(x[low:low + _CHUNK]) for low in range(0, max(len(x), 1), _CHUNK)])

    def _part(self, x: NDArray[np.float32]) -> Floats:
        """One chunk that stays in the processor's cache while all trees go over it."""
        total = np.full(len(x), self.base)
        flat, row = np.ascontiguousarray(x, dtype=np.float64).ravel(), np.arange(len(x), dtype=np.int64) * x.shape[1]
        for root in self.roots:
            at = np.full(len(x), root)
            while True:
                feature = self.feature[at]
                inner = feature >= 0
                if not inner.any():
                    break
                below = flat[row + np.maximum(feature, 0)] <= self.cut[at]
                at = np.where(inner, np.where(below, self.left[at], self.right[at]), at)
            total += self.value[at]
        return np.asarray(1 / (1 + np.exp(-total)))

    def as_data(self) -> dict[str, Any]:
        """Plain lists for JSON."""
        return {"columns": list(self.columns), "base": round(self.base, 6), "roots": self.roots.tolist(), "feature": self.feature.tolist(),
                "cut": self.cut.tolist(), "left": self.left.tolist(), "right": self.right.tolist(), "value": [round(float(v), 5) for v in self.value]}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> PairModel:
        """The model kept by :meth:`as_data`."""
        ints = {k: np.asarray(data[k], dtype=np.int64) for k in ("roots", "feature", "left", "right")}
        return cls(tuple(data["columns"]), float(data["base"]), ints["roots"], ints["feature"], np.asarray(data["cut"], dtype=float), ints["left"], ints["right"],
                   np.asarray(data["value"], dtype=float))

    @classmethod
    def fit(cls, x: NDArray[np.float32], y: NDArray[np.bool_], columns: Sequence[str], *, trees: int = 80, leaves: int = 12, seed: int = 0) -> PairModel:
        """Grow a model on labelled pairs; ``x`` is pairs × columns."""
        from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]

        grown = HistGradientBoostingClassifier(max_iter=trees, max_leaf_nodes=leaves, learning_rate=0.12, min_samples_leaf=20, l2_regularization=1.0,
                                               early_stopping=False, random_state=seed)
        with threadpool_limits(1 if len(x) < _FEW_PAIRS else None, user_api="openmp"):
            grown.fit(x, y)
        parts, roots, size = [], [], 0
        for (tree,) in grown._predictors:
            nodes = tree.nodes
            leaf = nodes["is_leaf"].astype(bool)
            parts.append((np.where(leaf, -1, nodes["feature_idx"]), nodes["num_threshold"], nodes["left"] + size, nodes["right"] + size, np.where(leaf, nodes["value"], 0.0)))
            roots.append(size)
            size += len(nodes)
        feature, cut, left, right, value = (np.concatenate(p) for p in zip(*parts, strict=True))
        leaf = feature < 0
        return cls(tuple(columns), float(np.ravel(grown._baseline_prediction)[0]), np.asarray(roots, np.int64), feature.astype(np.int64),
                   np.where(leaf, 0.0, np.nan_to_num(cut, posinf=1e12)), np.where(leaf, 0, left).astype(np.int64), np.where(leaf, 0, right).astype(np.int64), value.astype(float))
