"""Placement, first version: at which chain nodes a firm stands, from its products, 经营范围, name and industry code.

>>> cell = NodeText("b/cell", "方形电芯", products=("方形铝壳电池",), industry_codes=("3841",), chain="b")
>>> placer = Placer([cell], likely=0.6, verify=0.3)
>>> [(p.node, p.grade, p.evidence) for p in placer.place([FirmText(1, "甲公司", scope="方形铝壳电池的生产、销售")])]
[('b/cell', 'likely', ('经营范围:方形铝壳电池（生产、销售）',))]

Finding words item by item, with the role of each item (see :mod:`liantu.methods.scope_text`), comes first; likeness of
items to words, industry codes and the firm's name add to it (:mod:`liantu.methods.placement_score`). A firm may stand at
several nodes or at none. The thresholds are the caller's.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from liantu.methods.placement_score import Finds, NodeIndex, NodeText, Pairs, PlacementWeights
from liantu.methods.scope_text import MAKE, NAME, PRODUCTS, SCOPE, SELL, SERVE, Items, name_kind, role_label
from liantu.methods.text import Ints

__all__ = ["FirmText", "NodeText", "Placed", "PlacedChunk", "PlacementWeights", "Placer"]

Grade = Literal["likely", "to_verify"]
Row = tuple[str, str, Sequence[str], str]  # name, scope, products, industry code

_SOURCES = {NAME: "名称", PRODUCTS: "产品", SCOPE: "经营范围"}
_NAME_KINDS = {0: 0, MAKE: 1, SELL: 2, SERVE: 3}
_MIN_BACKGROUND = 200  # firms; fewer say nothing about how common a word is
_SHOWN = 4  # pieces of evidence


@dataclass(frozen=True)
class FirmText:
    """What is known of a firm in words; ``industry_code`` is a GB/T 4754-2017 code of two to four digits."""

    key: Hashable
    name: str
    scope: str = ""
    products: tuple[str, ...] = ()
    industry_code: str = ""


@dataclass(frozen=True)
class Placed:
    """A firm at a node. ``score`` (0–1) orders candidates and is no probability; ``why`` and ``why_not`` are for readers.

    ``activities`` are those of 生产, 销售, 服务 and 研发 that the scope names for this node's words (empty: none is named);
    ``probability`` is that of being right, where decisions of people have taught it.
    """

    key: Hashable
    node: str
    score: float
    grade: Grade
    evidence: tuple[str, ...]
    runner_up: str | None
    why: str
    why_not: str
    activities: str = ""
    probability: float | None = None


@dataclass(frozen=True)
class PlacedChunk:
    """Placements of one chunk as arrays of equal length, sorted by firm and falling score.

    ``row`` is the 0-based number of the firm in the input, ``node`` and ``runner_up`` are positions in the placer's
    nodes (−1 = none), ``likely`` tells the grade. The four lists of texts are empty unless asked for.
    """

    row: Ints
    node: Ints
    score: NDArray[np.float32]
    likely: NDArray[np.bool_]
    runner_up: Ints
    evidence: list[tuple[str, ...]]
    why: list[str]
    why_not: list[str]
    activities: list[str]


class Placer:
    """Places firms on the nodes given.

    ``likely`` and ``verify`` are scores between 0 and 1: a firm is placed from ``verify`` upwards, and as likely from
    ``likely`` upwards if at least one word of the node stands in its products or scope as something it does itself.
    """

    def __init__(self, nodes: Sequence[NodeText], *, likely: float, verify: float,
                 weights: PlacementWeights | None = None) -> None:
        if not 0 < verify <= likely <= 1:
            raise ValueError("入链门槛须满足 0 < 待核实 ≤ 较可靠 ≤ 1 (0 < verify <= likely <= 1)")
        codes = [node.code for node in nodes]
        if len(set(codes)) != len(codes):
            twice = next(code for code in codes if codes.count(code) > 1)
            raise ValueError(f"节点代码重复：{twice} (node code occurs twice)")
        self.nodes = tuple(nodes)
        self.likely, self.verify = likely, verify
        self._index = NodeIndex(self.nodes, weights or PlacementWeights())

    def fit_background(self, firms: Iterable[FirmText], *, at_most: int | None = 100_000) -> Placer:
        """Learn from unlabelled firms how common each word is; below 200 firms nothing is changed. Returns itself."""
        index, seen = self._index, 0
        words, grams = np.zeros(len(index.words)), np.zeros(len(index.likeness.grams))
        rows: Iterator[Row] = ((f.name, f.scope, f.products, f.industry_code) for f in islice(firms, at_most))
        for chunk in _chunks(rows, 1_500_000):
            items = self._read(chunk)
            seen += len(chunk)
            finds = index.finds(items, _name_kinds(chunk))
            done = finds.exact & finds.acts  # 中药饮片 is sold by many and made by few: count those who act on it
            words += _firms_per_value(finds.firm[done], finds.word[done], len(words))
            firm_at = np.append(items.firm, -1)[items.item_at]
            at, gram, _ = index.likeness.grams_of(items.points, firm_at)
            grams += _firms_per_value(at, gram, len(grams))
        if seen >= _MIN_BACKGROUND:
            index.use_background(words, grams, seen)
        return self

    def place(self, firms: Sequence[FirmText], *, at_most: int = 3) -> list[Placed]:
        """Zero, one or several placements per firm, in the order of the firms and falling score."""
        rows = ((f.name, f.scope, f.products, f.industry_code) for f in firms)
        placed: list[Placed] = []
        for chunk in self._place(rows, at_most, 1_500_000, texts=True):
            for at in range(len(chunk.row)):
                second = int(chunk.runner_up[at])
                placed.append(Placed(
                    firms[int(chunk.row[at])].key, self.nodes[int(chunk.node[at])].code, round(float(chunk.score[at]), 4),
                    "likely" if chunk.likely[at] else "to_verify", chunk.evidence[at],
                    self.nodes[second].code if second >= 0 else None, chunk.why[at], chunk.why_not[at],
                    chunk.activities[at],
                ))
        return placed

    def leading_nodes(self, words: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """For each product word, the node of each chain at which it speaks loudest as a product; a chain in which two tie is left out.

        A firm's business in that product belongs there, and to no second node of the chain.

        >>> nodes = [NodeText("a", "电芯", chain="b"), NodeText("c", "隔膜", chain="b"), NodeText("d", "隔膜", chain="b")]
        >>> Placer(nodes, likely=0.6, verify=0.3).leading_nodes(["方形电芯", "隔膜", "面包"])
        {'方形电芯': ('a',), '隔膜': (), '面包': ()}
        """
        found: dict[str, tuple[str, ...]] = {}
        rows: Iterator[Row] = (("", "", (word,), "") for word in words)
        for chunk in _chunks(rows, 1_500_000) if self.nodes else ():
            items = self._read(chunk)
            finds = self._index.finds(items, np.zeros(len(chunk), dtype=np.int64))
            leads: list[list[str]] = [[] for _ in chunk]
            for row, node in zip(*_loudest(finds, self._index.chain, len(self.nodes)), strict=True):
                leads[row].append(self.nodes[node].code)
            found.update((row[2][0], tuple(lead)) for row, lead in zip(chunk, leads, strict=True))
        return found

    def place_arrays(self, names: Iterable[str], scopes: Iterable[str], products: Iterable[Sequence[str]] | None = None,
                     industry_codes: Iterable[str] | None = None, *, at_most: int = 3, chunk_characters: int = 1_500_000,
                     texts: bool = True) -> Iterator[PlacedChunk]:
        """Stream placements chunk by chunk; the columns may be generators, and only one chunk is held in memory.

        ``chunk_characters`` bounds a chunk by its text; memory is about 100 bytes per character of it.
        """
        given = [column for column in (names, scopes, products, industry_codes) if column is not None]
        rows = (
            (row[0], row[1], row[2] if products is not None else (), row[-1] if industry_codes is not None else "")
            for row in zip(*given, strict=True)
        )
        return self._place(rows, at_most, chunk_characters, texts=texts)

    def _read(self, chunk: Sequence[Row]) -> Items:
        names, scopes, products, _ = zip(*chunk, strict=True)
        return self._index.reader.read(names, products, scopes)

    def _place(self, rows: Iterable[Row], at_most: int, size: int, *, texts: bool) -> Iterator[PlacedChunk]:
        done = 0
        for chunk in _chunks(rows, size):
            if self.nodes:
                yield self._chunk(chunk, done, at_most, texts)
            done += len(chunk)

    def _chunk(self, chunk: Sequence[Row], offset: int, at_most: int, texts: bool) -> PlacedChunk:
        items = self._read(chunk)
        finds = self._index.finds(items, _name_kinds(chunk))
        codes = [row[3] for row in chunk]
        pairs = self._index.pairs(items, finds, codes)
        chosen, second = _choose(pairs, self.verify, at_most)
        likely = (pairs.score[chosen] >= self.likely) & pairs.solid[chosen]
        evidence: list[tuple[str, ...]] = []
        why: list[str] = []
        why_not: list[str] = []
        activities: list[str] = []
        if texts and len(chosen):
            tell = _Teller(self.nodes, self._index.words, items, finds, codes)
            for at, other, sure in zip(chosen, second, likely, strict=True):
                pieces = tell.evidence(pairs, int(at))
                evidence.append(pieces)
                why.append(tell.why(pairs, int(at), pieces, bool(sure), self.likely if sure else self.verify))
                why_not.append(tell.why_not(pairs, int(other), self.verify))
                activities.append(tell.activities(pairs, int(at)))
        node = np.where(second >= 0, pairs.node[np.maximum(second, 0)], -1) if len(chosen) else second
        return PlacedChunk(pairs.firm[chosen] + offset, pairs.node[chosen], pairs.score[chosen].astype(np.float32), likely,
                           node, evidence, why, why_not, activities)


def _loudest(finds: Finds, chain: Ints, nodes: int) -> tuple[list[int], list[int]]:
    """(firm, node) of the strongest node of each chain, where no second one is as strong."""
    cell, inverse = np.unique(finds.firm * nodes + finds.node, return_inverse=True)
    strength = np.zeros(len(cell))
    np.maximum.at(strength, inverse, finds.strength)
    firm, node = cell // max(nodes, 1), cell % max(nodes, 1)
    order = np.lexsort((node, -strength, chain[node], firm))
    firm, node, strength = firm[order], node[order], strength[order]
    new = np.append(True, (firm[1:] != firm[:-1]) | (chain[node[1:]] != chain[node[:-1]])) if len(firm) else np.zeros(0, dtype=bool)
    tied = np.append(~new[1:] & np.isclose(strength[1:], strength[:-1]), False) if len(firm) else new
    kept = np.flatnonzero(new & ~tied)
    return firm[kept].tolist(), node[kept].tolist()


def _chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """Rows in lists of at most ``size`` characters or 20,000 firms; one huge row makes a list of its own."""
    chunk: list[Row] = []
    held = 0
    for name, scope, products, code in rows:
        row = (name or "", scope or "", products or (), code or "")
        length = len(row[0]) + len(row[1]) + sum(len(p) for p in row[2])
        if chunk and (held + length > size or len(chunk) >= 20_000):
            yield chunk
            chunk, held = [], 0
        chunk.append(row)
        held += length
    if chunk:
        yield chunk


def _name_kinds(chunk: Sequence[Row]) -> Ints:
    return np.array([_NAME_KINDS[name_kind(row[0])] for row in chunk], dtype=np.int64)


def _firms_per_value(firm: Ints, value: Ints, size: int) -> Ints:
    """In how many firms each value 0 … size − 1 occurs."""
    return np.bincount(np.unique(firm * max(size, 1) + value) % max(size, 1), minlength=size)[:size]


def _choose(pairs: Pairs, verify: float, at_most: int) -> tuple[Ints, Ints]:
    """Rows to place, and for each the row of its runner-up: the best one not placed, else the next one placed (−1 none)."""
    size = len(pairs.firm)
    if not size:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    index = np.arange(size)
    first = np.searchsorted(pairs.firm, pairs.firm)
    take = (index - first < at_most) & (pairs.score >= verify)
    chosen = np.flatnonzero(take)
    last = np.searchsorted(pairs.firm, pairs.firm, side="right") - 1
    taken = np.bincount(first[chosen], minlength=size)[first]
    left_out = first + taken
    following = np.where(index + 1 <= np.minimum(last, left_out - 1), index + 1, first)
    second = np.where(left_out <= last, left_out, np.where(following != index, following, -1))
    return chosen, second[chosen]


class _Teller:
    """Words the evidence of one chunk for its readers."""

    def __init__(self, nodes: Sequence[NodeText], words: Sequence[str], items: Items, finds: Finds, codes: Sequence[str]) -> None:
        self._nodes, self._words, self._items, self._finds, self._codes = nodes, words, items, finds, codes
        self._cell = finds.firm * len(nodes) + finds.node
        self._order = np.lexsort((finds.item, -finds.strength, self._cell))
        self._sorted = self._cell[self._order]

    def _rows(self, pairs: Pairs, at: int) -> Ints:
        cell = pairs.firm[at] * len(self._nodes) + pairs.node[at]
        low, high = np.searchsorted(self._sorted, (cell, cell + 1))
        return self._order[low:high]

    def evidence(self, pairs: Pairs, at: int) -> tuple[str, ...]:
        """The strongest finds, each with where it stands and what the firm does there; then the industry code."""
        pieces: dict[str, None] = {}
        for row in self._rows(pairs, at)[: 3 * _SHOWN]:
            pieces[self._piece(int(row))] = None
            if len(pieces) == _SHOWN:
                break
        code = self._codes[pairs.firm[at]]
        if code and pairs.digits[at] >= 2:
            pieces[f"行业代码:{code}"] = None
        return tuple(pieces)

    def activities(self, pairs: Pairs, at: int) -> str:
        """What the scope says the firm does with this node's words, such as 「生产、销售」; empty when no verb is said."""
        rows = self._finds.item[self._rows(pairs, at)]
        said = self._items.role[rows[self._items.source[rows] == SCOPE]]
        return role_label(int(np.bitwise_or.reduce(said))) if said.size else ""

    def _piece(self, row: int) -> str:
        items, item = self._items, int(self._finds.item[row])
        word = self._words[self._finds.word[row]]
        core = items.text[items.core_start[item]:items.core_end[item]]
        whole = items.text[items.start[item]:items.end[item]]
        short = word in core and len(core) <= 20 and items.source[item] != NAME
        shown = word if word in whole and not short else core
        label = role_label(int(items.role[item])) if items.source[item] == SCOPE else ""
        like = "" if word in whole else f"≈{word}"
        return f"{_SOURCES[int(items.source[item])]}:{shown}{like}" + (f"（{label}）" if label else "")

    def why(self, pairs: Pairs, at: int, pieces: tuple[str, ...], sure: bool, line: float) -> str:
        """One line on why the firm stands here."""
        name, score = self._nodes[pairs.node[at]].name, float(pairs.score[at])
        told = "；".join(pieces)
        rank = "较可靠" if sure else "待核实"
        weak = "" if sure or pairs.solid[at] else "，未见企业自身从事该环节的明确表述"
        return f"按{told}归入“{name}”{weak}；得分{score:.2f}，达到{rank}线{line:.2f}"

    def why_not(self, pairs: Pairs, at: int, verify: float) -> str:
        """One line on the runner-up."""
        if at < 0:
            return "没有其他环节的词语或代码相符"
        name, score = self._nodes[pairs.node[at]].name, float(pairs.score[at])
        pieces = self.evidence(pairs, at)[:1]
        reason = f"依据为{pieces[0]}" if pieces else "仅有行业代码相符"
        verdict = f"低于待核实线{verify:.2f}" if score < verify else "亦可归入，排位在后"
        return f"次选“{name}”得分{score:.2f}，{verdict}；{reason}"


