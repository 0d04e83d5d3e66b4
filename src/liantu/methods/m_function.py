"""Whether plants of an industry stand near each other more than plants at all: the M function, a relative and cumulative measure in continuous space.

Source: Marcon, Puech (2010), *Journal of Economic Geography* 10:745, eq. 5 and 6. Figures were checked by hand and agree with R's ``dbmss``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from liantu.methods.complexity import Floats, divided


def m_function(xy: Any, weights: Any, kind: Any, radii: Any, *, reference: Any, neighbours: Any | None = None) -> Floats:
    """M at each radius, (K,): 1 as all plants, above: near each other, below: apart; NaN where no plant of the reference has any neighbour.

    ``xy`` (n, 2) plane coordinates in the unit of ``radii`` (K,), rising; ``weights`` (n,) jobs or output, 0 or more; ``kind`` (n,) industry of each plant.
    ``M(r) = Σ_i (w^c_i(r) / w_i(r)) / Σ_i ((W_c − w_i) / (W − w_i))``, i plants of the ``reference``; ``w_i(r)`` is the weight within r of i without i, ``w^c`` that of the
    kind ``neighbours`` (the reference itself when not given; of another kind, ``W_c`` keeps its ``w_i``). Plants without any neighbour within r are left out of both sums.
    """
    at, w, r = np.asarray(xy, dtype=float), np.asarray(weights, dtype=float), np.asarray(radii, dtype=float)
    sort = np.asarray(kind)
    if at.ndim != 2 or at.shape[1] != 2 or w.shape != at.shape[:1] or sort.shape != w.shape:
        raise ValueError(f"xy must be n × 2 and weights and kind of length n, not {at.shape}, {w.shape}, {sort.shape}")
    if not (np.isfinite(at).all() and np.isfinite(w).all() and (w >= 0).all()) or r.ndim != 1 or not r.size or not (np.diff(r) > 0).all():
        raise ValueError("coordinates must be finite, weights finite and not negative, radii rising")
    same = neighbours is None or neighbours == reference
    here, wanted = sort == reference, sort == (reference if same else neighbours)
    near, all_near = _within(at, here, np.stack([w * wanted, w]), r)
    expected = divided((w[wanted].sum() - w * same)[here], (w.sum() - w)[here])
    counts = all_near > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(divided(near, all_near).sum(axis=0) / (expected[:, None] * counts).sum(axis=0))


def _within(at: Floats, here: Any, amounts: Floats, radii: Floats) -> Floats:
    """Sums (S, H, K) of each row of amounts (S, n) within each radius of each point that is here, the point itself left out."""
    tree, centres = cKDTree(at), np.flatnonzero(here)
    found = np.zeros((len(amounts), centres.size, radii.size))
    for start in range(0, centres.size, 512):
        block = centres[start:start + 512]
        lists = tree.query_ball_point(at[block], radii[-1] * (1 + 1e-12))
        i = np.repeat(np.arange(block.size), [len(v) for v in lists])
        j = np.concatenate([np.asarray(v, dtype=int) for v in lists]) if lists.size else np.zeros(0, int)
        step = np.searchsorted(radii, np.hypot(*(at[block[i]] - at[j]).T), side="left")
        kept = (j != block[i]) & (step < radii.size)
        cell = i[kept] * radii.size + step[kept]
        for s, amount in enumerate(amounts):
            sums = np.bincount(cell, amount[j[kept]], block.size * radii.size).reshape(block.size, radii.size)
            found[s, start:start + 512] = np.cumsum(sums, axis=1)
    return found
