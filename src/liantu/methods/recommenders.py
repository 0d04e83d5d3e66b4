"""Scores of what might come next in a region, learnt from the table itself without any label: who has what tells who may have what.

All take a matrix X (R regions, I industries), usually ``log1p`` of location quotients, and give scores of the same shape; higher = closer to what is
there. They rank; they are not probabilities. float32 is kept and halves the cost: EASE and SVD then agree to 2e-5 of the largest score. On five panels of regions they rank entries better than relatedness density at the same cost.

Sources: Steck (2019), EASE; Sarwar et al. (2001), neighbourhood methods; Eckart, Young (1936), truncated SVD; Lee, Seung (1999), NMF.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.linalg import cho_factor, cho_solve, eigh
from scipy.sparse import csr_array
from scipy.sparse.linalg import eigsh

from liantu.methods.complexity import SMALL, Floats, checked


def ease_weights(x: Any, l2: float = 100.0) -> Floats:
    """Item-to-item weights B (I, I), zero diagonal, of the ridge regression of each column on all others (Steck 2019, eq. 8): ``B_ij = −P_ij / P_jj``, ``P = (XᵀX + λI)⁻¹``."""
    if l2 <= 0:
        raise ValueError(f"l2 must be positive, not {l2}")
    a = checked(x, "x")
    gram = a.T @ a
    gram[np.diag_indices_from(gram)] += l2
    inverse = cho_solve(cho_factor(gram, lower=True, overwrite_a=True, check_finite=False), np.eye(len(gram), dtype=gram.dtype), overwrite_b=True, check_finite=False)
    weights = -inverse / inverse.diagonal()
    np.fill_diagonal(weights, 0)
    return weights


def ease_scores(x: Any, l2: float = 100.0) -> Floats:
    """Scores X B of :func:`ease_weights`, (R, I) → (R, I)."""
    found: Floats = checked(x, "x") @ ease_weights(x, l2)
    return found


def contributions(x_row: Any, weights: Any, item: int, top: int = 3) -> list[tuple[int, float]]:
    """What of a region's row (I,) speaks for an item, the strongest first: (industry, ``x_j B_j,item``), positive ones only: "because you have X and Y"."""
    part = np.asarray(x_row) * np.asarray(weights)[:, item]
    order = np.argsort(-part, kind="stable")[:top]
    return [(int(j), float(part[j])) for j in order if part[j] > 0]


def region_knn(x: Any, k: int = 20) -> Floats:
    """Mean of the k regions that are most alike by cosine, weighted by it, (R, I) → (R, I); a region is not its own neighbour.

    In single precision the same, but where the k-th and the next are alike to about 1e-7 the other may be taken (1 of 3,000 regions in the benchmark).
    """
    a = checked(x, "x")
    k = min(k, len(a) - 1)
    if k < 1:
        return np.zeros_like(a)
    norm = np.linalg.norm(a, axis=1)
    unit = a / np.where(norm > 0, norm, 1)[:, None]
    alike = unit @ unit.T
    np.fill_diagonal(alike, -1)
    near = np.argpartition(alike, -k, axis=1)[:, -k:]
    weight = np.maximum(np.take_along_axis(alike, near, axis=1), 0)
    total = weight.sum(axis=1, keepdims=True)
    weight /= np.where(total > 0, total, 1)
    return np.asarray(csr_array((weight.ravel(), near.ravel(), np.arange(0, near.size + 1, k)), shape=alike.shape) @ a)


def svd_scores(x: Any, rank: int = 20) -> Floats:
    """Best approximation of X of this rank, (R, I) → (R, I), through the gram matrix of the smaller side."""
    a = checked(x, "x")
    tall = a.shape[0] >= a.shape[1]
    side = a if tall else a.T
    gram, size = side.T @ side, side.shape[1]
    if size > SMALL and rank <= size // 10:
        _, v = eigsh(gram, k=rank, v0=np.asarray(np.random.default_rng(0).standard_normal(size), dtype=gram.dtype), tol=1e-6 if gram.dtype == np.float32 else 1e-12)
    else:
        _, v = eigh(gram, subset_by_index=[max(size - rank, 0), size - 1], overwrite_a=True, check_finite=False)
    kept = (side @ v) @ v.T
    return kept if tall else kept.T


def nmf_scores(x: Any, rank: int = 20, *, steps: int = 200, seed: int = 0) -> Floats:
    """Non-negative approximation of this rank, (R, I) → (R, I), by coordinate descent from a deterministic start."""
    from warnings import catch_warnings, simplefilter

    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    a = checked(x, "x")
    rank = min(rank, *a.shape)
    if not a.any():
        return np.zeros_like(a)
    with catch_warnings():
        simplefilter("ignore", ConvergenceWarning)
        model = NMF(rank, init="nndsvda", max_iter=steps, random_state=seed)
        found: Floats = model.fit_transform(a) @ model.components_
    return found
