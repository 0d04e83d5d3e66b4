"""What answers to the monthly samples say of the machine: precision by chain and grade, recall, each with its interval.

Precision of a stratum is a share with its Wilson interval; over several strata each is weighed by its size, and the interval is
Wilson's at the effective number of answers. Recall's interval comes from draws of each stratum's shares (Beta and Dirichlet with
Jeffreys prior 0.5), which, unlike resampling, do not shrink to a point when all answers agree (Brown, Cai, DasGupta 2001).

>>> share_of([Told("2025-03", "c", "likely", 50, "right")] * 9 + [Told("2025-03", "c", "likely", 50, "wrong")]).value
0.9
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from liantu.methods.intervals import wilson

PRIOR = 0.5
Z = 1.959963984540054  # 95 % of the normal distribution lies within
DRAWS = 4000


@dataclass(frozen=True)
class Told:
    """One answered row. ``stratum`` names chain and grade, or is None for firms placed nowhere; ``chain`` is where the row's firm was placed or belongs."""

    month: str
    chain: str | None
    grade: str | None
    out_of: int
    answer: str
    missed_on: str | None = None

    @property
    def stratum(self) -> tuple[str, str] | None:
        return (self.chain or "", self.grade or "") if self.grade else None


@dataclass(frozen=True)
class Estimate:
    """A share (0–1; None while a part has no answers) with its 95 % interval, the answers it rests on and those that said yes."""

    value: float | None
    low: float
    high: float
    n: int
    right: int


def share_of(rows: Sequence[Told]) -> Estimate:
    """The plain share of right answers with its Wilson interval."""
    right = sum(r.answer == "right" for r in rows)
    low, high = wilson(right, len(rows))
    return Estimate(right / len(rows) if rows else None, low, high, len(rows), right)


def _strata(rows: Iterable[Told]) -> dict[tuple[str, str] | None, list[Told]]:
    found: dict[tuple[str, str] | None, list[Told]] = defaultdict(list)
    for row in rows:
        found[row.stratum].append(row)
    return found


def _size(rows: Sequence[Told]) -> int:
    """The stratum's size when it was last drawn."""
    return max(rows, key=lambda r: r.month).out_of


def _interval(draws: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(low), float(high)


def _weighted_wilson(value: float, strata: Sequence[tuple[float, int, int]]) -> tuple[float, float]:
    """Wilson interval of a weighted share at its effective number of answers (Korn and Graubard 1998).

    ``strata`` holds (weight, right, n), weights adding up to 1; the variance uses (right + 0.5) ÷ (n + 1), so that it is never 0.
    """
    smooth = [(w, (right + PRIOR) / (n + 2 * PRIOR), n) for w, right, n in strata]
    whole = sum(w * p for w, p, _ in smooth)
    spread = sum(w * w * p * (1 - p) / n for w, p, n in smooth)
    n = min(float(sum(n for _, _, n in smooth)), whole * (1 - whole) / spread)
    centre, reach = value + Z * Z / (2 * n), Z * sqrt(value * (1 - value) / n + Z * Z / (4 * n * n))
    return max(0.0, (centre - reach) / (1 + Z * Z / n)), min(1.0, (centre + reach) / (1 + Z * Z / n))


def precision(rows: Sequence[Told], chain: str | None = None) -> Estimate:
    """Share of the machine's placements that are right, strata weighed by their size; over one chain or all."""
    strata = {key: group for key, group in _strata(rows).items() if key is not None and chain in (None, key[0])}
    if not strata:
        return Estimate(None, 0.0, 1.0, 0, 0)
    total = sum(max(1, _size(group)) for group in strata.values())
    parts = [(max(1, _size(group)) / total, sum(r.answer == "right" for r in group), len(group)) for _, group in sorted(strata.items())]
    value = min(1.0, sum(w * right / n for w, right, n in parts))
    return Estimate(value, *_weighted_wilson(value, parts), sum(n for _, _, n in parts), sum(right for _, right, _ in parts))


def recall(rows: Sequence[Told], chain: str | None = None, *, seed: int = 0) -> Estimate:
    """Share of the places where firms stand that the machine had proposed: found ÷ (found + missed), strata weighed by their size.

    Missed are firms placed nowhere that belong at a node, and wrong placements whose right node the machine never proposed for that firm.
    ``n`` counts the answers on firms placed nowhere, ``right`` those of them that belong at no node (of the chain).
    """
    strata = _strata(rows)
    apart = strata.get(None, [])
    if not apart or len(strata) < 2:
        return Estimate(None, 0.0, 1.0, len(apart), sum(r.missed_on is None for r in apart))
    chance = np.random.default_rng(seed)
    found = missed = 0.0
    found_draws, missed_draws = np.zeros(DRAWS), np.zeros(DRAWS)
    for key, group in sorted(strata.items(), key=lambda pair: pair[0] or ("", "")):
        good = sum(r.answer == "right" for r in group) if key is not None and chain in (None, key[0]) else 0
        lost = sum(r.missed_on is not None and chain in (None, r.missed_on) for r in group)
        if key is not None and chain not in (None, key[0]) and not lost:
            continue
        size = max(1, _size(group))
        parts = chance.dirichlet([good + PRIOR, lost + PRIOR, len(group) - good - lost + PRIOR], DRAWS) if key is not None else None
        found, missed = found + size * good / len(group), missed + size * lost / len(group)
        if parts is None:
            missed_draws += size * chance.beta(lost + PRIOR, len(group) - lost + PRIOR, DRAWS)
        else:
            found_draws += size * parts[:, 0] if chain in (None, key[0] if key else None) else 0
            missed_draws += size * parts[:, 1]
    low, high = _interval(found_draws / np.maximum(found_draws + missed_draws, 1e-9))
    kept = sum(not (r.missed_on is not None and chain in (None, r.missed_on)) for r in apart)
    value = found / (found + missed) if found + missed else None
    return Estimate(value, low if value is None else min(low, value), high if value is None else max(high, value), len(apart), kept)
