"""Evidence for (firm, node) pairs: word finds, likeness and industry codes, combined into one score between 0 and 1.

The score of a pair is ``1 − (1 − s₁)·∏(1 − d·sₖ)·(1 − c)`` over its distinct words in falling order of strength, where
``s = base · source · specificity · head · cover · role · rank`` and ``c`` is the support of the industry code. It orders
candidates and is cut by the caller's thresholds; it is a score, not a probability.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from liantu.methods.scope_text import DEVELOP, MAKE, NAME, PRODUCTS, SCOPE, SELL, SERVE, Items, ScopeReader, dictionary_word
from liantu.methods.text import Floats, Ints, WordLikeness

MAKER, SERVICE, TRADER = 0, 1, 2
_PARTS = re.compile("[与和及、/]")
_STALE = np.array([ord(c) for c in "废旧无非仿除"])  # 废旧电池, 无芯片: not the thing itself
_STALE_PAIRS = np.array([ord(a) << 16 | ord(b) for a, b in ("二手", "玩具", "模型")])


@dataclass(frozen=True)
class NodeText:
    """The words and codes of one chain node; ``code`` is unique over all chains ('chain/node')."""

    code: str
    name: str
    synonyms: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    industry_codes: tuple[str, ...] = ()
    chain: str = ""
    group_name: str = ""


@dataclass(frozen=True)
class PlacementWeights:
    """Settings of the method, found by reading placed firms; none of them is an official figure. All are shares 0–1."""

    base: float = 0.85
    source: Mapping[int, float] = field(default_factory=lambda: {NAME: 0.6, PRODUCTS: 1.0, SCOPE: 0.92})
    word_length: tuple[float, ...] = (0.0, 0.0, 0.72, 0.9, 1.0)  # by length in characters, the last for all longer
    other_head: float = 0.22  # the word stands before another noun: 锂电池 in 锂电池检测设备
    stale: float = 0.2  # 废旧…, 二手…, 玩具…
    wider: float = 0.7  # the word is only part of the node's name, so wider than the node: 传感器 for 车用传感器
    borrowed: float = 0.75  # another node bears the word as its name or synonym
    rank: float = 0.03  # an item at place r counts 1 / (1 + rank·r)
    more: float = 0.5  # further words of a node count this much of their strength
    focus: Mapping[int, tuple[float, float]] = field(
        default_factory=lambda: {MAKER: (0.85, 0.15), SERVICE: (0.65, 0.25), TRADER: (0.6, 0.25)}
    )  # by kind of node: factor for a by-line of the firm, and share of its items from which the chain is its business
    rare_share: float = 0.001  # words in a larger share of the background firms are less specific
    likeness: float = 0.75  # a like item counts this much of an equal one
    likeness_floor: float = 0.62  # cosine below which two texts are not alike
    code: tuple[float, float, float] = (0.5, 0.25, 0.1)  # equal 4, 3, 2 digits
    code_only: float = 0.42  # an equal 4-digit code without any word, divided by √(nodes of the chain with that code)
    code_against: float = 0.7  # another division (大类) than any of the node's
    code_trade: float = 0.45  # a wholesale or retail firm (51, 52) at a maker's node
    mixed_trade: float = 0.6  # selling counts this much at a node whose codes name makers as well as traders
    chain_gate: float = 0.5  # chains whose best node has less than this share of the firm's best node are left out


def node_kinds(codes: Sequence[str]) -> list[int]:
    """What a node's firms do, told by the divisions of GB/T 4754: make (01–04, 06–42), serve, or trade (51–52)."""
    kinds = []
    for code in codes:
        division = int(code[:2]) if code[:2].isdigit() else 0
        maker = 1 <= division <= 42 and division != 5
        kinds.append(MAKER if maker else TRADER if division in (51, 52) else SERVICE)
    return sorted(set(kinds)) or [MAKER]


def _role_table() -> Floats:
    """[node kind, source is product list, role bits, kind of name (0 none, 1 make, 2 sell, 3 serve)] → factor."""
    table = np.zeros((3, 2, 16, 4))
    verbless = {MAKER: (0.55, 0.9, 0.15, 0.08), SERVICE: (0.75, 0.6, 0.5, 0.9), TRADER: (0.75, 0.4, 1.0, 0.4)}
    listed = {MAKER: (0.95, 1.0, 0.5, 0.4), SERVICE: (0.95, 0.8, 0.6, 1.0), TRADER: (0.95, 0.6, 1.0, 0.5)}
    single = {
        MAKER: {MAKE: 1.0, DEVELOP: 0.6, SELL: 0.2, SERVE: 0.07},
        SERVICE: {MAKE: 0.5, DEVELOP: 0.9, SELL: 0.25, SERVE: 1.0},
        TRADER: {MAKE: 0.35, DEVELOP: 0.3, SELL: 1.0, SERVE: 0.35},
    }
    by_name = {MAKER: (1.0, 1.0, 0.65, 0.3), SERVICE: (1.0, 0.9, 0.8, 1.0), TRADER: (1.0, 0.8, 1.0, 0.6)}
    for kind in (MAKER, SERVICE, TRADER):
        table[kind, 0, 0], table[kind, 1, 0] = verbless[kind], listed[kind]
        for bits in range(1, 16):
            best = max(share for bit, share in single[kind].items() if bits & bit)
            table[kind, :, bits] = best * np.array(by_name[kind])
    return table


@dataclass(frozen=True)
class Finds:
    """One row per find: a word in an item that speaks for a node, with its strength (0–1)."""

    firm: Ints
    node: Ints
    word: Ints
    item: Ints
    strength: Floats
    exact: NDArray[np.bool_]  # the word itself, as the head of the item
    acts: NDArray[np.bool_]  # the firm does with it what firms of the node do


@dataclass(frozen=True)
class Pairs:
    """One row per (firm, node) with any evidence, sorted by firm, falling score, node."""

    firm: Ints
    node: Ints
    score: Floats
    solid: NDArray[np.bool_]  # at least one exact find outside the name that the firm acts on
    digits: Ints  # equal leading digits of the industry code: 4, 3, 2, 0; −1 = no code given


class NodeIndex:
    """The nodes' words, vetoes, kinds and codes as arrays, and the scoring of a chunk of firms against them."""

    def __init__(self, nodes: Sequence[NodeText], weights: PlacementWeights) -> None:
        self.nodes, self.weights = list(nodes), weights
        chains = list(dict.fromkeys(node.chain for node in nodes))
        self.chain = np.array([chains.index(node.chain) for node in nodes], dtype=np.int64)
        self.words, self._at, self._node = _table(nodes, lambda n: (n.name, *n.synonyms, *n.products))
        self.vetoes, self._veto_at, self._veto_node = _table(nodes, lambda n: n.excludes)
        self.reader = ScopeReader(self.words, self.vetoes)
        self.likeness = WordLikeness(self.words)
        kinds = np.zeros((len(nodes), 3), dtype=bool)
        for row, node in enumerate(nodes):
            kinds[row, node_kinds(node.industry_codes)] = True
        self.kinds = kinds
        self.roles = _role_table()
        self.own_role = np.array([self.reader.own_role(word) for word in self.words], dtype=np.int64)
        self._letters = np.array([_width(word) for word in self.words], dtype=float)
        steps = np.array(weights.word_length)
        self.specific = steps[np.minimum(np.ceil(self._letters), len(steps) - 1).astype(int)] if self.words else np.zeros(0)
        self.fit = self._fit()
        self._codes: dict[str, tuple[Ints, Floats, Floats]] = {}

    def _fit(self) -> Floats:
        """How well each (word, node) of the table fits: less where the word is wider than the node or bears another's name."""
        names = [[dictionary_word(part) for part in _PARTS.split(node.name)] for node in self.nodes]
        fit = np.ones(len(self._node))
        for word in range(len(self.words)):
            rows = range(self._at[word], self._at[word + 1])
            text = self.words[word]
            bears = [text in names[self._node[r]] or text in map(dictionary_word, self.nodes[self._node[r]].synonyms) for r in rows]
            for row, own in zip(rows, bears, strict=True):
                if text not in names[self._node[row]] and any(text in part for part in names[self._node[row]]):
                    fit[row] = self.weights.wider
                elif any(bears) and not own:
                    fit[row] = self.weights.borrowed
        return fit

    def use_background(self, word_firms: Floats, gram_firms: Floats, firms: int) -> None:
        """Lower the specificity of words that many of the ``firms`` background firms act on, and take idf from them."""
        rare = max(self.weights.rare_share, 3 / firms)  # a word of one or two firms is rare in any background
        common = np.log(firms / (word_firms + 0.5)) / np.log(1 / rare)
        steps = np.array(self.weights.word_length)
        by_length = steps[np.minimum(np.ceil(self._letters), len(steps) - 1).astype(int)]
        self.specific = by_length * np.clip(common, 0.3, 1.0)
        self.likeness.use_background((gram_firms + 0.5) / firms)

    def finds(self, items: Items, name_kinds: Ints) -> Finds:
        """All finds of a chunk; ``name_kinds`` holds 0 none, 1 make, 2 sell, 3 serve per firm."""
        exact, headed = self._exact(items, name_kinds)
        like = self._like(items, name_kinds, headed)
        both = [np.concatenate(pair) for pair in zip(exact, like, strict=True)]
        if len(items.veto_item):
            row, node = _expand(items.vetoes.word, self._veto_at, self._veto_node)
            barred = np.unique(items.veto_item[row] * len(self.nodes) + node)
            keep = ~np.isin(both[3] * len(self.nodes) + both[1], barred)
            both = [column[keep] for column in both]
        return Finds(*both)

    def _exact(self, items: Items, name_kinds: Ints) -> tuple[tuple[NDArray[np.generic], ...], NDArray[np.bool_]]:
        weights, hits = self.weights, items.hits
        row, place = _places(hits.word, self._at)
        node, word, item = self._node[place], hits.word[row], items.hit_item[row]
        head = _is_head(items, hits.end[row], items.core_end[item])
        core = np.maximum(items.core_end[item] - items.core_start[item], 1)
        cover = np.minimum((hits.end - hits.start)[row] / core, 1.0)
        letters = self._letters[word]
        floor = np.select([letters <= 2, letters <= 3, letters <= 4], [0.4, 0.55, 0.7], 0.8)
        stale = _is_stale(items, hits.start[row], items.start[item])
        role, acts = self._role_factor(items, item, node, name_kinds, self.own_role[word])
        strength = self._base(items, item) * self.specific[word] * self.fit[place] * role * (floor + (1 - floor) * cover)
        strength *= np.where(head, 1.0, weights.other_head) * np.where(stale, weights.stale, 1.0)
        headed = np.zeros(len(items.start), dtype=bool)
        headed[item[head]] = True
        clean = head & ~stale & (items.source[item] != NAME)
        return (items.firm[item], node, word, item, strength, clean, acts), headed

    def _like(self, items: Items, name_kinds: Ints, headed: NDArray[np.bool_]) -> tuple[NDArray[np.generic], ...]:
        """Items that are like a word without holding one at their head: same last character, cosine above the floor."""
        length = items.core_end - items.core_start
        plain = ~headed & (length >= 3) & (length <= 24) & (items.source != NAME)
        plain &= items.item_at[np.minimum(items.start, len(items.item_at) - 1)] >= 0
        if not plain.any() or not self.words:
            empty = np.empty(0, np.int64)
            return empty, empty, empty, empty, np.empty(0), np.empty(0, bool), np.empty(0, bool)
        chosen = np.flatnonzero(plain)
        spans = length[chosen]
        owner = np.repeat(np.arange(len(chosen)), spans)
        offset = np.arange(len(owner)) - np.repeat(np.cumsum(spans) - spans, spans)
        points = items.points[items.core_start[chosen][owner] + offset]
        row, word, cosine = self.likeness.nearest(points, owner, spans, self.weights.likeness_floor)
        last = np.array([ord(w[-1]) for w in self.words], dtype=np.int64)
        same = items.points[items.core_end[chosen][row] - 1] == last[word]
        row, word, cosine = chosen[row[same]], word[same], cosine[same]
        cores = [items.text[a:b] for a, b in zip(items.core_start[row], items.core_end[row], strict=True)]
        wider = np.array([core in self.words[w] for core, w in zip(cores, word, strict=True)], dtype=bool)
        row, word, cosine = row[~wider], word[~wider], cosine[~wider]  # 有色金属 is wider than 废旧有色金属
        at, place = _places(word, self._at)
        node, item, word, cosine = self._node[place], row[at], word[at], cosine[at] * self.fit[place]
        role, acts = self._role_factor(items, item, node, name_kinds, self.own_role[word])
        strength = self._base(items, item) * self.specific[word] * role * cosine * self.weights.likeness
        return items.firm[item], node, word, item, strength, np.zeros(len(item), bool), acts

    def _base(self, items: Items, item: Ints) -> Floats:
        by_source = np.array([self.weights.source[kind] for kind in (NAME, PRODUCTS, SCOPE)])
        rank = np.where(items.source[item] == SCOPE, items.rank[item], 0)
        return np.asarray(self.weights.base * by_source[items.source[item]] / (1 + self.weights.rank * rank))

    def _role_factor(self, items: Items, item: Ints, node: Ints, name_kinds: Ints,
                     own: Ints) -> tuple[Floats, NDArray[np.bool_]]:
        listed = (items.source[item] == PRODUCTS).astype(np.int64)
        name = name_kinds[items.firm[item]]
        role = items.role[item]
        every = self.roles[:, listed, role, name]  # kind × find
        mixed = self.kinds[node, MAKER] & self.kinds[node, TRADER]
        every[TRADER] *= np.where(mixed, self.weights.mixed_trade, 1.0)
        factor = np.where(self.kinds[node].T, every, 0.0).max(axis=0)
        meant = (own > 0) & (own & role > 0)  # the word itself names the activity
        factor = np.where(meant, np.maximum(factor, 0.9), factor)
        return factor, factor >= 0.5

    def _focus(self, items: Items, finds: Finds, firms: int) -> Floats:
        """[firm, chain] → share of the firm's items that speak for the chain; 1 where nothing but the name is known."""
        chains = int(self.chain.max()) + 1 if len(self.chain) else 1
        real = (items.core_end > items.core_start) & (items.source != NAME)
        total = np.bincount(items.firm[real], minlength=firms)[:firms]
        clear = finds.exact & (finds.strength >= 0.1)
        cell = finds.firm[clear] * chains + self.chain[finds.node[clear]]
        kept = np.unique(np.stack((cell, finds.item[clear])), axis=1)[0] if clear.any() else cell
        held = np.bincount(kept, minlength=firms * chains).reshape(firms, chains)
        return np.where(total[:, None] > 0, held / np.maximum(total, 1)[:, None], 1.0)

    def _by_line(self, focus: Floats, firm: Ints, node: Ints) -> Floats:
        """Factor below 1 for a chain that is only a by-line of the firm; the mildest of the node's kinds counts."""
        factor = np.zeros(len(firm))
        share = focus[firm, self.chain[node]] if len(firm) else factor
        for kind, (least, full) in self.weights.focus.items():
            here = self.kinds[node, kind] if len(firm) else np.zeros(0, bool)
            factor = np.where(here, np.maximum(factor, least + (1 - least) * np.minimum(share / full, 1.0)), factor)
        return factor

    def pairs(self, items: Items, finds: Finds, codes: Sequence[str]) -> Pairs:
        """Score every (firm, node) pair that has evidence."""
        size = max(len(self.nodes), 1)
        firm, node, best, solid = _combine(finds, size, self.weights.more)
        best = best * self._by_line(self._focus(items, finds, len(codes)), firm, node)
        extra_firm, extra_node, extra_score = self._code_only(codes)
        firm, node = np.concatenate((firm, extra_firm)), np.concatenate((node, extra_node))
        first = np.unique(firm * size + node, return_index=True)[1]
        worded = np.concatenate((np.ones(len(best), bool), np.zeros(len(extra_score), bool)))[first]
        score = np.concatenate((best, extra_score))[first]
        solid = np.concatenate((solid, np.zeros(len(extra_score), bool)))[first]
        firm, node = firm[first], node[first]
        digits = np.full(len(firm), -1, dtype=np.int64)
        coded = np.array([bool(code) for code in codes], dtype=bool)
        for row in np.flatnonzero(coded[firm] if len(codes) else np.zeros(0, bool)):
            equal, support, factor = self._code(codes[firm[row]])
            digits[row] = equal[node[row]]
            if worded[row]:
                score[row] = (1 - (1 - score[row]) * (1 - support[node[row]])) * factor[node[row]]
        keep = self._gate(firm, node, score, len(codes))
        order = keep[np.lexsort((node[keep], -score[keep], firm[keep]))]
        return Pairs(firm[order], node[order], np.clip(score[order], 0.0, 1.0), solid[order], digits[order])

    def _gate(self, firm: Ints, node: Ints, score: Floats, firms: int) -> Ints:
        """Rows of the chains that are near enough to the firm's best chain."""
        chains = int(self.chain.max()) + 1 if len(self.chain) else 1
        cell = firm * chains + (self.chain[node] if len(node) else node)
        by_chain = np.zeros(firms * chains)
        np.maximum.at(by_chain, cell, score)
        best = by_chain.reshape(firms, chains).max(axis=1) if firms else np.zeros(0)
        return np.flatnonzero(by_chain[cell] >= self.weights.chain_gate * best[firm])

    def _code(self, code: str) -> tuple[Ints, Floats, Floats]:
        """Equal leading digits, support and factor of one industry code for every node (cached)."""
        if code not in self._codes:
            weights = self.weights
            equal = np.zeros(len(self.nodes), np.int64)
            for row, node in enumerate(self.nodes):
                equal[row] = max((_equal_digits(code, own) for own in node.industry_codes), default=0)
            told = np.array([bool(node.industry_codes) for node in self.nodes])
            support = np.select([equal == 4, equal == 3, equal == 2], weights.code, 0.0)
            trade = code[:2] in ("51", "52")
            against = np.where(trade & self.kinds[:, MAKER], weights.code_trade, weights.code_against)
            self._codes[code] = (equal, support, np.where(told & (equal == 0), against, 1.0))
        return self._codes[code]

    def _code_only(self, codes: Sequence[str]) -> tuple[Ints, Ints, Floats]:
        rows: list[tuple[int, int, float]] = []
        for firm, code in enumerate(codes):
            if len(code) < 4:
                continue
            for node in np.flatnonzero(self._code(code)[0] == 4):
                crowd = int((self._code(code)[0][self.chain == self.chain[node]] == 4).sum())
                rows.append((firm, int(node), self.weights.code_only / crowd**0.5))
        table = np.array(rows, dtype=float).reshape(-1, 3)
        return table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2]


def _table(nodes: Sequence[NodeText], of: object) -> tuple[list[str], Ints, Ints]:
    """Distinct words of the nodes, and word → nodes as offsets and values."""
    owners: dict[str, dict[int, None]] = {}
    for row, node in enumerate(nodes):
        for word in of(node):  # type: ignore[operator]
            plain = dictionary_word(word)
            if plain:
                owners.setdefault(plain, {})[row] = None
    counts = [len(rows) for rows in owners.values()]
    at = np.concatenate(([0], np.cumsum(counts, dtype=np.int64))).astype(np.int64)
    return list(owners), at, np.array([row for rows in owners.values() for row in rows], dtype=np.int64)


def _expand(word: Ints, at: Ints, node: Ints) -> tuple[Ints, Ints]:
    """Row numbers and nodes of every (find, node of its word)."""
    if not len(word):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    row, place = _places(word, at)
    return row, node[place]


def _places(word: Ints, at: Ints) -> tuple[Ints, Ints]:
    """Row numbers and places in the (word, node) table."""
    counts = at[word + 1] - at[word]
    row = np.repeat(np.arange(len(word)), counts)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    return row, at[word][row] + offset


def _combine(finds: Finds, size: int, more: float) -> tuple[Ints, Ints, Floats, NDArray[np.bool_]]:
    """Best find per word, then the best word in full and the others in part."""
    cell = finds.firm * size + finds.node
    order = np.lexsort((-finds.strength, finds.word, cell))
    cell, word = cell[order], finds.word[order]
    lead = np.ones(len(cell), bool)
    lead[1:] = (cell[1:] != cell[:-1]) | (word[1:] != word[:-1])
    strength = np.clip(finds.strength[order][lead], 0.0, 0.98)
    pair, inverse = np.unique(cell[lead], return_inverse=True)
    best = np.zeros(len(pair))
    np.maximum.at(best, inverse, strength)
    rest = np.bincount(inverse, np.log1p(-more * strength), minlength=len(pair)) - np.log1p(-more * best)
    solid = np.zeros(len(pair), bool)
    strong = finds.exact & finds.acts
    solid[np.searchsorted(pair, (finds.firm * size + finds.node)[strong])] = True
    return pair // size, pair % size, 1 - (1 - best) * np.exp(np.minimum(rest, 0.0)), solid


def _is_head(items: Items, end: Ints, core_end: Ints) -> NDArray[np.bool_]:
    """Whether a word is what its item is about: nothing follows it there but 食品 (炒货食品 are 炒货)."""
    size = len(items.points)
    here, after = items.points[np.minimum(end, size - 1)], items.points[np.minimum(end + 1, size - 1)]
    food = (core_end - end == 2) & (here == ord("食")) & (after == ord("品"))
    return np.asarray((end >= core_end) | food)


def _is_stale(items: Items, at: Ints, start: Ints) -> NDArray[np.bool_]:
    """Whether the words at positions ``at`` stand behind 废, 旧, 无, 二手 and the like inside their item."""
    one, two = items.points[np.maximum(at - 1, 0)], items.points[np.maximum(at - 2, 0)]
    return (np.isin(one, _STALE) & (at > start)) | (np.isin(two << 16 | one, _STALE_PAIRS) & (at - 1 > start))


def _equal_digits(left: str, right: str) -> int:
    return next((n for n in (4, 3, 2) if len(left) >= n and len(right) >= n and left[:n] == right[:n]), 0)


def _width(word: str) -> float:
    """Length in Chinese characters; two Latin letters or digits count as one."""
    return sum(0.5 if ord(c) < 128 else 1.0 for c in word)
