"""Which projects of a ledger may be one project under two names: candidates by rare shared marks, scored by added log odds with reasons.

Record linkage as in Fellegi & Sunter (*JASA* 64 (1969) 1183–1210): what agrees and what differs (parties, product, capacity, node, amount, phase, place, time) adds to
or takes from the log odds by dated weights, and each part is told. Candidates are nearest neighbours by TF-IDF cosine over marks that few projects
share, so that the cost grows with the ledger and not with its square; a mark of more than ``most_sharing`` projects finds nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist
from scipy import sparse  # type: ignore[import-untyped]
from sparse_dot_topn import sp_matmul_topn

from liantu.methods.duplicate_groups import twins
from liantu.methods.firm_names import Regions, simplified
from liantu.methods.linkage import NameIndex
from liantu.methods.pair_model import PairModel
from liantu.methods.signing_words import ProjectWords, latin_meets, pinyin_of, read_project, sounds

Floats = NDArray[np.float64]
PARTIES = ("same_firm", "same_name", "likely_name", "same_brand", "brand_named", "brand_sounds", "brand_letters", "party_unknown", "other_party")
THREADS = 2


@dataclass(frozen=True)
class Signing:
    """One project. ``firms`` are register ids of its parties where known; ``parties`` their names as handed in; amounts 万元, ``node`` and ``place`` "" when not told."""

    name: str
    parties: tuple[str, ...] = ()
    firms: tuple[int, ...] = ()
    content: str = ""
    amount: float | None = None
    node: str = ""
    place: str = ""
    day: date | None = None


@dataclass(frozen=True)
class SigningPair:
    """Positions ``first`` (signed first) and ``other``; ``parts`` are (what was compared, log odds, detail) that add up to the probability with the prior."""

    first: int
    other: int
    probability: float
    parts: tuple[tuple[str, float, str], ...]


class Ledger:
    """All projects, read once."""

    def __init__(self, rows: Sequence[Signing], *, regions: Regions | None = None, models: Mapping[str, PairModel] | None = None, likely: float = 0.85) -> None:
        self.rows, self.regions = list(rows), regions or Regions()
        self.words: list[ProjectWords] = [read_project(r.name, r.content, r.parties, self.regions) for r in self.rows]
        self.parties = [tuple(simplified(p) for p in r.parties if p) for r in self.rows]
        names = sorted({p for r in self.rows for p in r.parties if p})
        self.likely: dict[frozenset[str], float] = {}
        if models and len(names) > 1:
            index = NameIndex(names, regions=self.regions, models=models)
            self.likely = {frozenset((simplified(names[t.one]), simplified(names[t.other]))): t.probability for t in twins(index, least=likely)}
        self._linked: dict[str, list[str]] = {}
        for pair in self.likely:
            mark = min(pair)
            for name in pair:
                self._linked.setdefault(name, []).append(mark)
        self.brands = Counter(b for w in self.words for b in w.brands)

    def marks(self, at: int) -> list[str]:
        """Marks by which another telling of this project is found."""
        row, words = self.rows[at], self.words[at]
        own = [f"f:{f}" for f in row.firms] + [f"p:{p}" for p in self.parties[at]] + [f"l:{m}" for p in self.parties[at] for m in self._linked.get(p, ())]
        heads = [*words.brands, words.named[:2]]
        own += [f"b:{sounds(b)}" for b in heads] + [f"y:{pinyin_of(b)}" for b in heads] + [f"y:{w}" for w in words.latin]
        what = [f"w:{words.product[i:i + 2]}" for i in range(len(words.product) - 1)]
        made = [f"c:{n:g}{u}" for n, u in words.capacities]
        size = [f"a:{step}" for step in _steps(row.amount)]
        found = own + what + made + [f"{m}|{row.node}" for m in (*own, *made, *size) if row.node] + [f"{m}|{s}" for m in made for s in size]
        if row.node:
            found += [f"{m}|{row.node}|{s}" for m in made for s in size]
        return found

    def candidates(self, *, nearest: int, most_sharing: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pairs (lower position, higher position) that share rare marks: for each project its nearest others."""
        known: dict[str, int] = {}
        column: list[int] = []
        ends = [0]
        for at in range(len(self.rows)):
            column += [known.setdefault(m, len(known)) for m in dict.fromkeys(self.marks(at))]
            ends.append(len(column))
        count = np.bincount(np.asarray(column, dtype=np.int64), minlength=len(known)) if column else np.zeros(0, np.int64)
        weight = np.where((count > 1) & (count <= most_sharing), np.log1p(len(self.rows) / np.maximum(count, 1)), 0.0)
        matrix = sparse.csr_matrix((weight[column], column, ends), shape=(len(self.rows), max(len(known), 1)), dtype=np.float64)
        matrix.eliminate_zeros()
        found = sp_matmul_topn(matrix, matrix.T.tocsr(), top_n=nearest + 1, sort=True, n_threads=THREADS)
        row = np.repeat(np.arange(len(self.rows)), np.diff(found.indptr))
        low, high = np.minimum(row, found.indices), np.maximum(row, found.indices)
        code = np.unique((low.astype(np.int64) * len(self.rows) + high)[low < high])
        return code // max(len(self.rows), 1), code % max(len(self.rows), 1)

    def party(self, one: int, other: int) -> tuple[str, str]:
        """How the parties of two projects relate: one of PARTIES, and the detail."""
        a, b, wa, wb = self.rows[one], self.rows[other], self.words[one], self.words[other]
        if set(a.firms) & set(b.firms):
            return "same_firm", ""
        shared = set(self.parties[one]) & set(self.parties[other])
        if shared:
            return "same_name", min(shared)
        likely = max((self.likely.get(frozenset((p, q)), 0.0) for p in self.parties[one] for q in self.parties[other]), default=0.0)
        if likely:
            return "likely_name", f"{likely:.2f}"
        brands = set(wa.brands) & set(wb.brands)
        if brands:
            return "same_brand", min(brands)
        named = [x for x in wa.brands if wb.named.startswith(x)] + [x for x in wb.brands if wa.named.startswith(x)]
        if named:
            return "brand_named", named[0]
        heads_a, heads_b = (*wa.brands, wa.named[:2]), (*wb.brands, wb.named[:2])
        if {sounds(x) for x in heads_a} & {sounds(x) for x in heads_b}:
            return "brand_sounds", f"{heads_a[0]}／{heads_b[0]}"
        letters = next((f"{w}／{x}" for mine, theirs in ((wa.latin, heads_b), (wb.latin, heads_a)) for w in mine for x in theirs if latin_meets(w, x)), "")
        if letters:
            return "brand_letters", letters
        return ("other_party", "") if self.parties[one] and self.parties[other] else ("party_unknown", "")


def _steps(amount: float | None) -> tuple[int, ...]:
    """The two steps of about a fifth into which an amount falls, so that close amounts share one."""
    if not amount or amount <= 0:
        return ()
    place = float(np.log(amount) / 0.2)
    return (round(place), round(place + 0.5) + 100_000)


def likeness(texts: Sequence[tuple[str, str]]) -> Floats:
    """Indel likeness of pairs of texts in characters in common; nan where one is empty."""
    if not texts:
        return np.zeros(0)
    one, other = [a for a, _ in texts], [b for _, b in texts]
    told = cpdist(one, other, scorer=Indel.normalized_similarity, workers=THREADS).astype(float)
    return np.where([not a or not b for a, b in texts], np.nan, told)


def score_pairs(ledger: Ledger, one: NDArray[np.int64], other: NDArray[np.int64], weights: Mapping[str, float], *, least: float) -> list[SigningPair]:
    """Candidate pairs from probability ``least`` up, surest first. ``weights``: log odds by part (parameter file ``signing_match``)."""
    words, pairs = ledger.words, list(zip(one.tolist(), other.tolist(), strict=True))
    product = likeness([(words[a].product, words[b].product) for a, b in pairs])
    inside = np.array([_inside(words[a], words[b]) or _inside(words[b], words[a]) for a, b in pairs], dtype=bool)
    product = np.where(inside, 1.0, product)
    content = likeness([(words[a].content, words[b].content) for a, b in pairs])
    found = []
    for at, (a, b) in enumerate(pairs):
        parts = _parts(ledger, a, b, float(product[at]), float(content[at]), weights)
        odds = weights["prior"] + sum(p[1] for p in parts)
        if odds > -700 and (sure := 1 / (1 + np.exp(-odds))) >= least:
            first, later = (a, b) if _before(ledger.rows[a], ledger.rows[b], a, b) else (b, a)
            found.append(SigningPair(first, later, float(sure), tuple(sorted(parts, key=lambda p: -abs(p[1])))))
    return sorted(found, key=lambda p: (-p.probability, p.first, p.other))


def _inside(one: ProjectWords, other: ProjectWords) -> bool:
    """Whether the product of one, as its name says it, stands in the other's words."""
    return len(one.product) >= 3 and (one.product in other.product or one.product in other.content)


def _before(one: Signing, other: Signing, a: int, b: int) -> bool:
    last = date.max
    return (one.day or last, a) <= (other.day or last, b)


def _parts(ledger: Ledger, a: int, b: int, product: float, content: float, weights: Mapping[str, float]) -> list[tuple[str, float, str]]:
    """What was compared, with its log odds and detail."""
    one, other, wa, wb = ledger.rows[a], ledger.rows[b], ledger.words[a], ledger.words[b]
    relation, detail = ledger.party(a, b)
    parts = [(relation, weights[relation], detail)]
    if not np.isnan(product):
        parts.append(("product", weights["product_slope"] * (product - weights["product_middle"]), f"{product:.0%}"))
    if not np.isnan(content):
        parts.append(("content", weights["content_slope"] * (content - weights["content_middle"]), f"{content:.0%}"))
    if wa.capacities and wb.capacities:
        same = wa.capacities & wb.capacities
        parts.append(("same_capacity", weights["same_capacity"], _told(min(same))) if same else ("other_capacity", weights["other_capacity"], f"{_told(min(wa.capacities))}／{_told(min(wb.capacities))}"))
    if one.node and other.node:
        parts.append(("same_node", weights["same_node"], "") if one.node == other.node else ("other_node", weights["other_node"], ""))
    if one.amount and other.amount:
        apart = abs(float(np.log(one.amount / other.amount)))
        name = "same_amount" if apart <= weights["amount_equal"] else "near_amount" if apart <= weights["amount_near"] else "far_amount"
        parts.append((name, weights[name], f"{one.amount:g}／{other.amount:g}"))
    if wa.later != wb.later:
        told = [w for w in (*wa.later, *wb.later) if (w in wa.later) != (w in wb.later)]
        parts.append(("phase", weights["phase"], "、".join(dict.fromkeys(told))))
    if one.day and other.day and abs((one.day - other.day).days) > weights["long_days"]:
        parts.append(("long_ago", weights["long_ago"], f"{abs((one.day - other.day).days)}"))
    return parts


def _told(made: tuple[float, str]) -> str:
    amount, unit = made
    return f"{amount / 1e4:g}万{unit}" if amount >= 1e4 else f"{amount:g}{unit}"


def repeated(ledger: Ledger, weights: Mapping[str, float], *, least: float) -> list[SigningPair]:
    """The whole search."""
    if len(ledger.rows) < 2:
        return []
    one, other = ledger.candidates(nearest=int(weights["nearest"]), most_sharing=int(weights["most_sharing"]))
    return score_pairs(ledger, one, other, weights, least=least)
