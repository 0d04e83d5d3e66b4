"""What a map drawn from proposals may be expected to miss, learnt from other districts by kind of answer; no truth of this one is needed.

A firm's answer is its proposals by rank. Its *kind* is what the engine itself shows: grade of each proposal, and whether another one has nearly
its score. Firms of other districts with the same kind tell at which of their proposals firms truly stand (which first), and where
instead. For each firm such a pattern is drawn at random (random hot deck within classes: Andridge & Little, *Int. Stat. Rev.* 78 (2010) 40–64),
so proposals of one firm stay as dependent as they are. Firms that share a doubtful word err together, which such draws do not know: the districts of
known truth, each stated without itself, tell by how much the draws have to be scaled and widened (:class:`Correction`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

Answers = dict[int, list[tuple[str, str, float]]]  # firm → node code, grade, score by rank
Pattern = tuple[int, ...]  # true nodes, main first: rank of a proposal, or NEAR or FAR for one that was not proposed
NEAR, FAR = -1, -2  # in the chain of the first proposal; in another
LEAST, ALIKE = 20, 0.02  # donors a kind needs; scores this near count as equal
LEAST_DEVIATION = 0.5  # nodes; a chain in which no draw differs is still not certain


def kinds(answer: Sequence[tuple[str, str, float]]) -> list[tuple[object, ...]]:
    """The kind of an answer, finest first."""
    scores = [s for _, _, s in answer]
    near = tuple(sum(abs(s - other) <= ALIKE for other in scores) > 1 for s in scores)
    grades = tuple(g for _, g, _ in answer)
    chains = [n.partition("/")[0] for n, _, _ in answer]
    same = tuple(c == chains[0] for c in chains)
    return [(grades, near, same), (grades, near), (grades,), (len(answer),)]


@dataclass
class Deck:
    """Patterns of firms of other districts by kind."""

    held: dict[tuple[object, ...], list[Pattern]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, decks: Iterable[Deck]) -> Deck:
        """Several districts as one."""
        whole = cls()
        for deck in decks:
            for kind, patterns in deck.held.items():
                whole.held[kind] += patterns
        return whole

    def learn(self, answers: Answers, true: Mapping[int, Sequence[str]]) -> Deck:
        """Take in a district whose truth is known. Returns itself."""
        for firm, answer in answers.items():
            rank = {node: at for at, (node, _, _) in enumerate(answer)}
            chain = answer[0][0].partition("/")[0] if answer else None
            pattern = tuple(rank.get(node, NEAR if node.partition("/")[0] == chain else FAR) for node in true[firm])
            for kind in kinds(answer):
                self.held[kind].append(pattern)
        return self

    def donors(self, answer: Sequence[tuple[str, str, float]]) -> list[Pattern]:
        """Patterns of the finest kind that enough firms have; without any, all proposals are taken for right."""
        every = [self.held[k] for k in kinds(answer) if k in self.held]
        return next((d for d in every if len(d) >= LEAST), every[-1] if every else [tuple(range(len(answer)))])


def drawn(deck: Deck, answers: Answers, codes: Sequence[str], draws: int, seed: int) -> Iterator[Answers]:
    """What may be true of these firms, ``draws`` times, as placements with the main node first."""
    chance = np.random.default_rng(seed)
    patterns = {firm: deck.donors(answer) for firm, answer in answers.items()}
    picks = {firm: chance.integers(len(p), size=draws) for firm, p in patterns.items()}
    held = Counter(node for answer in answers.values() for node, grade, _ in answer if grade == "likely")
    pull = {chain: _pull([c for c in codes if chain in ("", c.partition("/")[0])], held) for chain in {"", *(c.partition("/")[0] for c in codes)}}
    for row in range(draws):
        truth: Answers = {}
        for firm, answer in answers.items():
            nodes: list[str] = []
            for at in patterns[firm][picks[firm][row]]:
                where = pull[answer[0][0].partition("/")[0] if at == NEAR else ""] if at < 0 else None
                nodes.append(where[0][int(np.searchsorted(where[1], chance.random()))] if where else answer[at][0])
            truth[firm] = [(node, "likely", 1 - k / 100) for k, node in enumerate(dict.fromkeys(nodes))]
        yield truth


def _pull(codes: list[str], held: Mapping[str, int]) -> tuple[list[str], NDArray[np.float64]]:
    """Nodes and their running shares: a missed node is drawn the likelier the more firms are placed there."""
    shares = np.cumsum([1.0 + held.get(c, 0) for c in codes])
    return codes, shares / shares[-1]


@dataclass
class Stated:
    """Draws × nodes: whether the state differs from the engine's map, and by how many firms; ``chain`` is each node's."""

    differs: NDArray[np.bool_]
    away: NDArray[np.float64]
    chain: NDArray[np.str_]

    def moments(self, chain: str = "") -> tuple[float, float]:
        """Mean and standard deviation over draws of the number of nodes (of a chain) that differ."""
        sums = self.differs[:, (self.chain == chain) | (not chain)].sum(axis=1)
        return float(sums.mean()), float(sums.std())


@dataclass(frozen=True)
class Correction:
    """What districts of known truth say of the draws: ``ratio`` of real to drawn differences, ``away`` the same for firm counts.

    ``spread`` is how much more than the draws the real numbers scatter (square root of the mean squared standardised
    residual over chains, at least 1: McCullagh & Nelder, *Generalized Linear Models*, 2nd ed. 1989, 4.5), from ``freedom`` residuals.
    """

    ratio: float = 1.0
    away: float = 1.0
    spread: float = 1.0
    freedom: int = 1_000_000

    def limits(self, told: Stated, chain: str = "") -> tuple[float, float, float]:
        """Expected number of nodes (of a chain) that differ, with one-sided 95 % limits below and above."""
        mean, deviation = told.moments(chain)
        reach = float(t.ppf(0.95, self.freedom)) * max(deviation, LEAST_DEVIATION) * self.ratio * self.spread
        return self.ratio * mean, max(0.0, self.ratio * mean - reach), self.ratio * mean + reach


def correction(cases: Sequence[tuple[Stated, NDArray[np.bool_], NDArray[np.float64]]]) -> Correction:
    """From districts stated without their own truth, each with the nodes that really differ and by how many firms."""
    drawn_nodes = sum(told.moments()[0] for told, _, _ in cases)
    drawn_firms = sum(float(told.away.mean()) for told, _, _ in cases)
    ratio = sum(float(real.sum()) for _, real, _ in cases) / drawn_nodes if drawn_nodes else 1.0
    away = sum(float(gap.mean()) for _, _, gap in cases) / drawn_firms if drawn_firms else 1.0
    squares = []
    for told, real, _ in cases:
        for chain in np.unique(told.chain):
            mean, deviation = told.moments(chain)
            squares.append(((float(real[told.chain == chain].sum()) - ratio * mean) / (max(deviation, LEAST_DEVIATION) * max(ratio, 1e-9))) ** 2)
    return Correction(ratio, away, max(1.0, float(np.sqrt(np.mean(squares)))), max(1, len(squares) - 1))
