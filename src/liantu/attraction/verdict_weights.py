"""Attractiveness of nodes: percentiles among the district's gap nodes, weighed as the district wants. Never mixed with feasibility."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

PARTS = ("value_added", "tax", "jobs", "gap", "energy", "pollution")
LESS_IS_BETTER = ("energy", "pollution")
POLLUTION_LEVEL = {"low": 0.0, "medium": 1.0, "high": 2.0}


def percentiles(values: Sequence[float | None], *, less: bool = False) -> list[float | None]:
    """Mid-rank percentile of each value among the known ones, 0–100; None stays None, a value alone (or all equal) gets 50.

    ``less``: the smallest value gets the most points. Equal values get equal points.

    >>> percentiles([1.0, 2.0, None, 3.0])
    [16.666666666666668, 50.0, None, 83.33333333333333]
    >>> percentiles([1.0, 2.0, 2.0], less=True)
    [83.33333333333333, 33.33333333333333, 33.33333333333333]
    """
    known = sorted(v for v in values if v is not None)
    share = [None if v is None else (bisect_left(known, v) + bisect_right(known, v)) / 2 / len(known) for v in values]
    return [None if s is None else 100 * (1 - s) if less else 100 * s for s in share]


def weighed(points: Mapping[str, float | None], weights: Mapping[str, float], least_known: float) -> float | None:
    """Weighted mean of the parts that are known (分, 0–100); None when the weights of what is known are less than ``least_known`` of all.

    >>> weighed({"tax": 80.0, "jobs": 20.0}, {"tax": 3, "jobs": 1}, 0.6)
    65.0
    >>> weighed({"tax": None, "jobs": 20.0}, {"tax": 3, "jobs": 1}, 0.6) is None
    True
    """
    whole = sum(weights.values())
    known = {name: value for name, value in points.items() if value is not None and weights.get(name, 0) > 0}
    base = sum(weights[name] for name in known)
    if whole <= 0 or base <= 0 or base < least_known * whole:
        return None
    return sum(weights[name] * value for name, value in known.items()) / base


def standing_order(scores: Mapping[str, float | None]) -> dict[str, int]:
    """Rank of each code by score, best first, 1-based; equal scores share a rank; those without a score have none."""
    known = sorted((s for s in scores.values() if s is not None), reverse=True)
    return {code: known.index(score) + 1 for code, score in scores.items() if score is not None}
