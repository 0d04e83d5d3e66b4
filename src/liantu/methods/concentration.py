"""How concentrated and how special: of a region's industries, of an industry over regions. Conventions that clash are named options.

Rows are regions (R), columns industries (I) of amounts. Sources: Hoover (1936); Krugman (1991), locational Gini and dissimilarity; Hachman (1995);
Shannon (1948); of one list of amounts: Atkinson (1970), Theil (1967), Wolfson (1994). Figures of EconGeo, econcomplex and their like are pinned in the tests.
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
    return np.asarray((s * np.log2(1 / np.where(s > 0, s, 1))).sum(axis=1))


def krugman(values: Any) -> Floats:
    """Krugman's dissimilarity of each row from the whole, (R, I) → (R,), 0 to 2: ``Σ_i |s_ri − s_i|``; the whole includes the region itself; 0 for an empty row."""
    x = checked(values)
    return np.where(x.any(axis=1), np.abs(_shares(x) - divided(x.sum(axis=0), x.sum())).sum(axis=1), 0.0)


def specialisation(values: Any) -> Floats:
    """Coefficient of specialisation of each row, (R, I) → (R,): half of :func:`krugman`."""
    return krugman(values) / 2


def hachman(values: Any) -> Floats:
    """Hachman index of each row, (R, I) → (R,): ``1 / Σ_i s_ri² / s_i``; 1 when the region is like the whole."""
    x = checked(values)
    whole = divided(x.sum(axis=0), x.sum())
    return divided(1.0, (divided(_shares(x) ** 2, whole)).sum(axis=1))


def hoover(values: Any, *, against: Literal["total", "uniform"] = "total") -> Floats:
    """Hoover index of each column over regions, (R, I) → (I,), 0 to 1: half the sum of gaps between its shares and those of all amounts (or equal ones); 0 for an empty column.

    EconGeo compares with equal shares and econcomplex with the total, both in percent.
    """
    x = checked(values)
    if against not in ("total", "uniform"):
        raise ValueError(f"against must be total or uniform, not {against!r}")
    base = np.full(x.shape[0], 1 / x.shape[0]) if against == "uniform" else divided(x.sum(axis=1), x.sum())
    return np.where(x.any(axis=0), np.abs(_shares(x.T) - base).sum(axis=1) / 2, 0.0)


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


def _list(values: Any) -> Floats:
    """One list of amounts, checked, at least one of them positive."""
    x = checked(np.asarray(values, dtype=float).reshape(1, -1))[0]
    if np.ndim(values) != 1 or not x.sum() > 0:
        raise ValueError("values must be one list of amounts, not all 0")
    return x


def atkinson(values: Any, aversion: float = 1.0) -> float:
    """Atkinson's index of a list of amounts (n,), 0 to 1: ``1 − (mean x^(1−ε))^(1/(1−ε)) / mean x``; ε = 1: geometric mean; 0 at ε = 0 (Atkinson 1970)."""
    x = _list(values)
    if aversion < 0:
        raise ValueError(f"aversion must not be negative, not {aversion}")
    if aversion >= 1 and (x == 0).any():
        return 1.0
    equal = float(np.exp(np.log(x).mean())) if aversion == 1 else float((x ** (1 - aversion)).mean() ** (1 / (1 - aversion)))
    return 1 - equal / float(x.mean())


def theil(values: Any, groups: Any | None = None) -> tuple[float, float, float]:
    """Theil's T of a list of amounts (n,), and its parts between and within groups (n,): ``T = Σ s ln(n s)``, ``s`` shares; all of it within when there are no groups."""
    x = _list(values)
    s = x / x.sum()
    whole = float((s * np.log(np.where(s > 0, s * s.size, 1))).sum())
    if groups is None:
        return whole, 0.0, whole
    _, number = np.unique(np.asarray(groups), return_inverse=True)
    share, count = np.bincount(number, s), np.bincount(number)
    between = float((share * np.log(np.where(share > 0, share * s.size / count, 1))).sum())
    return whole, between, whole - between


def wolfson(values: Any, *, factor: float = 2.0) -> float:
    """Wolfson's bipolarisation of a list of amounts (n,): ``factor · (mean / median) (½ − L(½) − G / 2)``, L the Lorenz curve, G Gini.

    ``factor=2`` gives the figures of pysal's ``inequality``; 4 scales them to 0–1 as ``2 (2 T − G) mean / median`` does.
    """
    x = np.sort(_list(values))
    if not np.median(x) > 0:
        raise ValueError("the median is 0: there is no Wolfson index")
    lorenz = np.interp(0.5, np.arange(x.size + 1) / x.size, np.concatenate([[0.0], np.cumsum(x) / x.sum()]))
    return float(factor * x.mean() / np.median(x) * (0.5 - lorenz - gini(x[:, None])[0] / 2))
