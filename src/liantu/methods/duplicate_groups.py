"""Firms that may stand twice in one register: pairs, and groups that hold no two firms known to be different."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from liantu.methods.linkage import NameIndex, Pairs


@dataclass(frozen=True)
class Twin:
    """Two positions of the register, ``one`` < ``other``, and the probability that they are one firm."""

    one: int
    other: int
    probability: float


def twins(index: NameIndex, *, least: float) -> list[Twin]:
    """Pairs of the register from probability ``least`` upwards, surest first; a firm is never paired with itself.

    Needs the model for names (or for names with city and address) of the index.
    """
    side = index.side
    found = index.candidates(side)
    keep = found.asked < found.known
    pairs = Pairs(found.asked[keep], found.known[keep], found.cosine[keep], np.maximum(found.rank[keep] - 1, 0))
    kind = "context" if side.cities is not None and "context" in index.models else "name"
    score = index.score(side, pairs, kind)
    order = np.argsort(-score, kind="stable")
    return [Twin(int(pairs.asked[at]), int(pairs.known[at]), float(score[at])) for at in order if score[at] >= least]


def groups(size: int, pairs: Sequence[Twin], codes: Sequence[Hashable | None]) -> list[list[int]]:
    """Positions that belong together, joined from the surest pair down; two different ``codes`` never come into one group."""
    member = list(range(size))
    inside: dict[int, list[int]] = {}
    known: dict[int, set[Hashable]] = {}
    for pair in pairs:
        a, b = member[pair.one], member[pair.other]
        if a == b:
            continue
        both = known.get(a, {codes[pair.one]} - {None}) | known.get(b, {codes[pair.other]} - {None})
        if len(both) > 1:
            continue
        joined = inside.pop(a, [a]) + inside.pop(b, [b])
        for at in joined:
            member[at] = a
        inside[a], known[a] = joined, both
    return sorted(sorted(g) for g in inside.values())
