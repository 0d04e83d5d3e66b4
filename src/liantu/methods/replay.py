"""Were past lists right: hits of a ranking as it would have been on past days, against lists that anybody could have made, with exact tests.

A cut-off is a risk set: the firms of the pool that had not yet landed, of which some (``landed``) did so within the horizon. A list of
k firms is drawn from it. If the list knew nothing, its hits follow the hypergeometric law, whatever happened before; so the hits of
cut-offs whose horizons do not overlap may be added, their law being the convolution of the single ones, and no firm is counted as a
hit twice because a firm that landed leaves the pool (the argument of the log-rank test: N. Mantel, Cancer Chemotherapy Reports 50,
1966). Within strata (one industry each) the same holds stratum by stratum.

Let every listed firm have ω times the odds of landing of any other. The law of the hits then is the first one tilted by ω^hits (the
noncentral hypergeometric law of R. A. Fisher, JRSS 98, 1935), also after convolution. Its tails give the exact interval of ω and, as the
mean of the hits rises with ω, of the lift, hits ÷ expected hits (C. J. Clopper & E. S. Pearson, Biometrika 26, 1934).

>>> told = [Draw(pool=600, landed=18, listed=30, hits=5), Draw(pool=590, landed=20, listed=29, hits=4)]
>>> round(expected(told), 3), round(at_least(told), 5)
(1.883, 5e-05)
>>> [round(v, 2) for v in lift(told)]
[4.78, 2.38, 7.84]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import hypergeom

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
STEEPEST = 60.0  # largest log odds ratio looked at


@dataclass(frozen=True)
class Draw:
    """One urn: ``pool`` firms of which ``landed`` did so, ``listed`` were on the list, ``hits`` both. Counts."""

    pool: int
    landed: int
    listed: int
    hits: int

    def __post_init__(self) -> None:
        if not max(0, self.landed + self.listed - self.pool) <= self.hits <= min(self.landed, self.listed) <= self.pool:
            raise ValueError(f"impossible counts {self}")


@dataclass(frozen=True)
class Cut:
    """One cut-off: the list against the whole pool, against its own industries (a draw each), against each other list of the same length."""

    pool: Draw
    industry: tuple[Draw, ...]
    largest: Draw
    last: Draw | None
    largest_hits: int
    last_hits: int | None
    curve: tuple[tuple[int, int], ...]


def shortlist(score: Floats, k: int) -> Ints:
    """Places of the k highest scores, ties in their order; firms without a score (nan) are never listed.

    >>> shortlist(np.array([1.0, 3.0, np.nan, 3.0]), 2).tolist()
    [1, 3]
    """
    order = np.argsort(-np.nan_to_num(score, nan=-np.inf), kind="stable")[:max(k, 0)]
    return np.asarray(order[~np.isnan(score[order])], dtype=np.int64)


def cut(score: Floats, size: Floats, industry: Ints, landed: Flags, listed: Flags, *, previous: Flags | None = None, at: Sequence[int] = ()) -> Cut:
    """What a list was worth on one day.

    All arrays run over the firms of the pool on that day, (n,): ``score``; ``size`` (nan where unknown: listed last); ``industry`` as whole
    numbers; ``landed`` within the horizon; ``listed`` by us; ``previous``: whether the list of a year before had named it. ``at`` are the
    lengths k for hit@k. Raises ValueError when the lengths differ.
    """
    n, k = len(score), int(listed.sum())
    if any(len(a) != n for a in (size, industry, landed, listed)) or (previous is not None and len(previous) != n):
        raise ValueError("arrays of different lengths")
    hit = landed & listed
    largest = np.zeros(n, dtype=bool)
    largest[shortlist(np.nan_to_num(size, nan=-1.0), k)] = True
    kinds = int(industry.max(initial=-1)) + 1
    counts = [np.bincount(industry[mask], minlength=kinds) for mask in (np.ones(n, dtype=bool), landed, listed, hit)]
    strata = tuple(Draw(*(int(c) for c in row)) for row in np.transpose(counts) if row[1] and row[2])
    best = np.cumsum(landed[shortlist(score, n)])
    curve = tuple((int(a), int(best[min(a, len(best)) - 1])) for a in at if a > 0 and len(best))
    return Cut(Draw(n, int(landed.sum()), k, int(hit.sum())), strata, _against(landed, listed, largest), None if previous is None else _against(landed, listed, previous),
               int((landed & largest).sum()), None if previous is None else int((landed & previous).sum()), curve)


def _against(landed: Flags, ours: Flags, other: Flags) -> Draw:
    """Only firms that one list named and the other did not can tell them apart."""
    apart = ours ^ other
    return Draw(int(apart.sum()), int((apart & landed).sum()), int((apart & ours).sum()), int((apart & ours & landed).sum()))


def expected(draws: Sequence[Draw]) -> float:
    """Expected hits of lists that know nothing: Σ listed · landed ÷ pool."""
    return float(sum(d.listed * d.landed / d.pool for d in draws if d.pool))


def law(draws: Sequence[Draw]) -> Floats:
    """The law of the hits in all if the lists knew nothing: P(0), P(1), …, by convolution."""
    told = np.ones(1)
    for d in draws:
        if d.landed and d.listed:
            told = np.convolve(told, hypergeom.pmf(np.arange(min(d.landed, d.listed) + 1), d.pool, d.landed, d.listed))
    return np.asarray(told)


def at_least(draws: Sequence[Draw]) -> float:
    """The chance of as many hits or more by chance alone (exact, one-sided).

    One urn is Fisher's exact test; his lady tasting tea named 3 of 4 rightly (The Design of Experiments, 1935):

    >>> round(at_least([Draw(8, 4, 4, 3)]), 3)
    0.243
    """
    return float(min(1.0, law(draws)[sum(d.hits for d in draws):].sum()))


def lift(draws: Sequence[Draw], *, level: float = 0.95) -> tuple[float, float, float]:
    """Hits ÷ expected hits with its exact two-sided interval: (lift, low, high); (nan, 0, inf) where nothing could be hit."""
    base = law(draws)
    seen, mean = sum(d.hits for d in draws), expected(draws)
    if mean == 0:
        return float("nan"), 0.0, float("inf")
    x = np.arange(len(base))
    possible = x[base > 0]
    tail = (1 - level) / 2
    low = possible[0] / mean if seen <= possible[0] else _mean(base, x, _solve(base, x, seen, tail, above=True)) / mean
    high = possible[-1] / mean if seen >= possible[-1] else _mean(base, x, _solve(base, x, seen, tail, above=False)) / mean
    return seen / mean, float(low), float(high)


def _tilted(base: Floats, x: Ints, slope: float) -> Floats:
    with np.errstate(divide="ignore"):
        log = np.log(base) + slope * x
    told = np.exp(log - log.max())
    return np.asarray(told / told.sum())


def _mean(base: Floats, x: Ints, slope: float) -> float:
    return float(_tilted(base, x, slope) @ x)


def _solve(base: Floats, x: Ints, seen: int, tail: float, *, above: bool) -> float:
    """The log odds ratio at which as many hits or more (``above``), or as few or fewer, have the chance ``tail``."""
    mask = x >= seen if above else x <= seen
    return float(brentq(lambda slope: _tilted(base, x, slope)[mask].sum() - tail, -STEEPEST, STEEPEST))


@dataclass(frozen=True)
class Verdict:
    """Several cut-offs together: hits and expected hits, the lift over the pool and over the same industries at random with intervals and chances.

    ``found``: the low ends of both intervals exceed 1, so the list knew more than size of the pool and choice of industries tell.
    ``enough``: had every hit that was possible been made, it would have been found; without that the data are too few to say anything.
    """

    hits: int
    expected: float
    lift: float
    low: float
    high: float
    p: float
    industry_expected: float
    industry_lift: float
    industry_low: float
    industry_high: float
    industry_p: float
    largest_hits: int
    largest_p: float
    last_hits: int | None
    last_p: float | None
    last_ours: int | None
    found: bool
    enough: bool


def verdict(cuts: Sequence[Cut], *, level: float = 0.95) -> Verdict:
    """The cut-offs together; their horizons must not overlap, or landings would count twice."""
    pool, industry, largest = [c.pool for c in cuts], [d for c in cuts for d in c.industry], [c.largest for c in cuts]
    known = [c for c in cuts if c.last is not None]
    last = [c.last for c in known if c.last is not None]
    whole, kind = lift(pool, level=level), lift(industry, level=level)
    base = law(pool)
    return Verdict(sum(d.hits for d in pool), expected(pool), *whole, at_least(pool), expected(industry), *kind, at_least(industry),
                   sum(c.largest_hits for c in cuts), at_least(largest), sum(c.last_hits or 0 for c in known) if known else None, at_least(last) if known else None,
                   sum(c.pool.hits for c in known) if known else None,
                   found=whole[1] > 1 and kind[1] > 1, enough=bool(len(base) > 1 and base[base > 0][-1] < (1 - level) / 2))
