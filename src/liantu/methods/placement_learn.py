"""What people's decisions say about proposals: the probability that a proposed placement is right, and the line for a wanted precision.

>>> told = [Decided("a", "电芯", 0.8, True)] * 30 + [Decided("b", "五金制品", 0.8, False)] * 30
>>> learned = learn(told, least=30, least_each=5)
>>> [bool(p > 0.5) for p in learned.probability(["a", "b"], ["电芯", "五金制品"], [0.8, 0.8])]
[True, False]

Logistic regression on the machine's score with one effect per node, per word and per word at a node, all drawn towards zero by a
ridge of variance 1 (Hoerl & Kennard, *Technometrics* 12 (1970) 55–67): a node or word seen once hardly moves, one seen often speaks
for itself, one never seen stays at the average.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from liantu.methods.text import Floats


@dataclass(frozen=True)
class Decided:
    """One proposal that a person judged: its node, the word that spoke for it most, its score (0–1), and the answer."""

    node: str
    word: str
    score: float
    right: bool


class Learned:
    """Probabilities from decisions; see :func:`learn`. ``n`` is how many decisions it rests on."""

    def __init__(self, decided: Sequence[Decided]) -> None:
        self.n = len(decided)
        self._effects: dict[tuple[str, ...], int] = {}
        for d in decided:
            for effect in _effects(d.node, d.word):
                self._effects.setdefault(effect, len(self._effects) + 1)
        x = self._matrix([d.node for d in decided], [d.word for d in decided], [d.score for d in decided])
        self._fit = LogisticRegression(C=1.0, max_iter=500).fit(x, np.array([d.right for d in decided]))

    def _matrix(self, nodes: Sequence[str], words: Sequence[str], scores: Sequence[float]) -> sparse.csr_matrix:
        rows, columns = [], []
        for at, (node, word) in enumerate(zip(nodes, words, strict=True)):
            for effect in _effects(node, word):
                column = self._effects.get(effect)
                if column is not None:
                    rows.append(at)
                    columns.append(column)
        score = np.clip(np.asarray(scores, dtype=float), 0.01, 0.99)
        value = np.concatenate([np.log(score / (1 - score)), np.ones(len(rows))])
        place = (np.concatenate([np.arange(len(score)), np.asarray(rows, dtype=int)]), np.concatenate([np.zeros(len(score), dtype=int), np.asarray(columns, dtype=int)]))
        return sparse.csr_matrix((value, place), shape=(len(score), len(self._effects) + 1))

    def probability(self, nodes: Sequence[str], words: Sequence[str], scores: Sequence[float]) -> Floats:
        """Probability (0–1) that each proposal is right."""
        if not len(nodes):
            return np.zeros(0)
        return np.asarray(self._fit.predict_proba(self._matrix(nodes, words, scores))[:, 1])


def _effects(node: str, word: str) -> tuple[tuple[str, ...], ...]:
    return (("node", node), ("word", word), ("both", node, word))


def learn(decided: Sequence[Decided], *, least: int, least_each: int) -> Learned | None:
    """What the decisions teach; None below ``least`` decisions or ``least_each`` of either answer."""
    right = sum(d.right for d in decided)
    if len(decided) < least or min(right, len(decided) - right) < least_each:
        return None
    return Learned(decided)


def line_for_precision(probability: Floats, wanted: float) -> float:
    """The lowest probability from which on the expected share right is at least ``wanted``; above 1 when there is none."""
    falling = np.sort(np.asarray(probability, dtype=float))[::-1]
    good = np.flatnonzero(np.cumsum(falling) / np.arange(1, len(falling) + 1) >= wanted)
    return float(falling[good[-1]]) if len(good) else 1.01
