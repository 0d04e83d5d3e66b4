"""How concentrated and how special: of a region's industries, of an industry over regions. Conventions that clash are named options.

Rows are regions (R), columns industries (I) of amounts. Sources: Hoover (1936); Krugman (1991), locational Gini and dissimilarity; Hachman (1995);
Shannon (1948). Figures of EconGeo, econcomplex and their like are pinned in the tests.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from liantu.methods.complexity import Floats, checked, divided


def _shares(x: Floats) -> Floats:
    return divided(x, x.sum(axis=1, keepdims=True))


def herfindahl(values: Any, *, normalised: bool = False) -> Floats:
    """Herfindahl–Hirschman index of each row, (R, I) → (R,): ``Σ s²`` (EconGeo), or ``(H − 1/I) / (1 − 1/I)`` (econcomplex); 0 for an empty row."""
    x = checked(values)
    h = (_shares(x) ** 2).sum(axis=1)
    if not normalised:
        return np.asarray(h)
    n = x.shape[1]
    return np.where(x.sum(axis=1) > 0, (h - 1 / n) / (1 - 1 / n), 0.0) if n > 1 else np.ones_like(h)


def entropy(values: Any) -> Floats:
    """Shannon entropy of each row in bits, (R, I) → (R,)."""
    s = _shares(checked(values))
    return np.asarray(-(s * np.log2(np.where(s > 0, s, 1))).sum(axis=1))


def krugman(values: Any) -> Floats:
    """Krugman's dissimilarity of each row from the whole, (R, I) → (R,), 0 to 2: ``Σ_i |s_ri − s_i|``; the whole includes the region itself."""
    x = checked(values)
    return np.asarray(np.abs(_shares(x) - divided(x.sum(axis=0), x.sum())).sum(axis=1))


def specialisation(values: Any) -> Floats:
    """Coefficient of specialisation of each row, (R, I) → (R,): half of :func:`krugman`."""
    return krugman(values) / 2


def hachman(values: Any) -> Floats:
    """Hachman index of each row, (R, I) → (R,): ``1 / Σ_i s_ri² / s_i``; 1 when the region is like the whole."""
    x = checked(values)
    whole = divided(x.sum(axis=0), x.sum())
    return divided(1.0, (divided(_shares(x) ** 2, whole)).sum(axis=1))


def hoover(values: Any, *, against: Literal["total", "uniform"] = "total") -> Floats:
    """Hoover index of each column over regions, (R, I) → (I,), 0 to 1: half the sum of gaps between its shares and those of all amounts (or equal ones).

    EconGeo compares with equal shares and econcomplex with the total, both in percent.
    """
    x = checked(values)
    if against not in ("total", "uniform"):
        raise ValueError(f"against must be total or uniform, not {against!r}")
    base = np.full(x.shape[0], 1 / x.shape[0]) if against == "uniform" else divided(x.sum(axis=1), x.sum())
    return np.asarray(np.abs(_shares(x.T) - base).sum(axis=1) / 2)


def gini(values: Any) -> Floats:
    """Gini coefficient of each column over regions that count alike, (R, I) → (I,): ``Σ (2k − n − 1) x_(k) / (n Σ x)``."""
    x = np.sort(checked(values), axis=0)
    n = x.shape[0]
    rank = 2 * np.arange(1, n + 1) - n - 1
    return divided(rank @ x, n * x.sum(axis=0))


def locational_gini(values: Any) -> Floats:
    """Locational Gini of each column, (R, I) → (I,), 0 to 0.5: area between the diagonal and the curve of its shares against the shares of all amounts,
    regions in the order of their quotient (Krugman 1991; as EconGeo and econcomplex give it)."""
    x = checked(values)
    whole = divided(x.sum(axis=1), x.sum())
    own = _shares(x.T)
    order = np.argsort(divided(own, whole), axis=1, kind="stable")
    base, part = whole[order], np.take_along_axis(own, order, axis=1)
    above = np.cumsum(part, axis=1)
    return np.asarray(np.where(x.sum(axis=0) > 0, 0.5 - (base * (above - part / 2)).sum(axis=1), 0.0))
