"""Classes of a tree without labels: from the words that describe each class, then self-training on unlabelled firms.

A class is described by its own name, the names of its children, its parent, and the nearest entries of a reference
classification. The first guess is the TF-IDF cosine of a firm to these descriptions, idf from the unlabelled firms; where a space
learned from a register is given (:mod:`liantu.methods.gram_space`), the likeness there is added: 贷款 speaks for 银行. Then
machines are trained on the guesses and guess again (Nigam et al., *Machine Learning* 39 (2000) 103–134; Scudder, *IEEE Trans.
Inf. Theory* 11 (1965) 363–371); every round joins the three levels as a product of experts over the paths and keeps the
description in the mix, so that a class cannot drift from its meaning. Labels, when there are some, are held fixed.

>>> named = {"a": "电机", "b": "食品", "a1": "异步电机", "b1": "蜜饯"}
>>> firms = [ItemText(products=((word, 1.0),)) for word in ("异步电机", "芒果蜜饯", "异步电机整机")]
>>> machine = ZeroShot(named, [("a", "a1"), ("b", "b1")], min_df=1).fit(firms)
>>> [machine.classes[1][i] for i in machine.shares[1].argmax(axis=1)]
['a1', 'b1', 'a1']
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]
from sklearn.svm import LinearSVC  # type: ignore[import-untyped]

from liantu.methods.gram_space import GramSpace
from liantu.methods.item_text import ItemFeatures, ItemText, ItemWeights
from liantu.methods.text import Floats, Ints

Path = tuple[str, ...]


@dataclass(frozen=True)
class ZeroWeights:
    """Settings: first values, kept because variants on half of the listed firms made no difference; none is an official figure."""

    children: float = 0.5  # share of a child's name in the description of its parent
    parent: float = 0.1  # share of the parent's name in the description of a child
    entries: int = 3  # nearest entries of the reference classification that are added to a class
    entry: float = 0.3  # share of each of them
    likeness: float = 0.3  # least cosine of an entry to be added
    sharpness: float = 2.0  # of the softmax over standardised scores
    rounds: int = 4  # of self-training
    keep: float = 0.4  # weight of the description beside the machine
    surest: float = 0.8  # share of the firms that a round learns from, the surest first
    cost: float = 0.3  # C of the machine
    level: tuple[float, ...] = (1.0, 1.0, 1.0)  # weight of each level's expert
    near: tuple[tuple[int | None, float], ...] = ((None, 0.5), (100, 0.5))  # components of the space and their share beside the cosine


@dataclass(frozen=True)
class Entry:
    """One entry of a reference classification: its name and what its note lists."""

    name: str
    note: str = ""


class ZeroShot:
    """Places firms in the classes of a tree that nobody has labelled; ``paths`` are all paths from top to leaf, of one depth."""

    def __init__(self, named: Mapping[str, str], paths: Sequence[Path], entries: Sequence[Entry] = (), *, weights: ZeroWeights | None = None,
                 items: ItemWeights | None = None, min_df: int = 2, space: GramSpace | None = None) -> None:
        self.named, self.entries, self.weights, self.space = dict(named), list(entries), weights or ZeroWeights(), space
        self.leaves = sorted(set(paths))
        self.classes = [sorted({p[level] for p in self.leaves}) for level in range(len(self.leaves[0]))]
        number = [{c: i for i, c in enumerate(level)} for level in self.classes]
        self.place: list[Ints] = [np.array([number[level][p[level]] for p in self.leaves]) for level in range(len(number))]
        self.features = ItemFeatures(items, min_df=min_df)

    def fit(self, texts: Sequence[ItemText]) -> ZeroShot:
        """Describe the classes and train on ``texts`` (n) without labels; ``shares[level]`` (n × classes) is the result."""
        self.features.fit([*texts, *(ItemText(products=((self._word(c), 1.0),)) for level in self.classes for c in level)])
        self.x = self.features.transform(texts)
        words = [self._words(level) for level in range(len(self.classes))]
        self.cosine: list[Floats] = [(self.x @ self._described(own).T).toarray() for own in words]
        self.meant = [self._meant(cosine, texts, own) for cosine, own in zip(self.cosine, words, strict=True)]
        self.first = self.join(self.meant)
        self.shares = self.train(self.first)
        return self

    def train(self, start: list[Floats], known: Mapping[int, Path] | None = None, weight_known: float = 1.0) -> list[Floats]:
        """Self-training from ``start`` (per level n × classes); ``known`` rows keep their path and always teach."""
        w, shares = self.weights, start
        fixed = np.array(sorted(known or {}), np.int64)
        told = [np.array([level.index((known or {})[i][at]) for i in fixed.tolist()], np.int64) for at, level in enumerate(self.classes)]
        for _ in range(w.rounds):
            scores = []
            for level, share in enumerate(shares):
                label, sure = share.argmax(axis=1), share.max(axis=1)
                sure = sure.copy()
                label[fixed], sure[fixed] = told[level], 2.0
                rows = np.flatnonzero(sure >= np.quantile(sure, 1 - w.surest))
                weight = np.where(sure[rows] > 1, weight_known, sure[rows])
                raw = decide(self.x[rows], label[rows], weight, self.x, len(self.classes[level]), w.cost)
                scores.append((1 - w.keep) * standard(raw) + w.keep * standard(self.meant[level]))
            shares = self.join(scores)
        return shares

    def join(self, scores: Sequence[Floats]) -> list[Floats]:
        """Probabilities per level (n × classes) that agree over the levels, from scores per level (n × classes)."""
        total = np.zeros((len(scores[0]), len(self.leaves)))
        for level, raw in enumerate(scores):
            total += self.weights.level[level] * log_softmax(self.weights.sharpness * standard(raw))[:, self.place[level]]
        leaf = np.exp(total - total.max(axis=1, keepdims=True))
        leaf /= leaf.sum(axis=1, keepdims=True)
        out = []
        for level, place in enumerate(self.place):
            gather = sparse.csr_matrix((np.ones(len(place)), (np.arange(len(place)), place)), shape=(len(place), len(self.classes[level])))
            out.append(np.asarray(leaf @ gather))
        return out

    def _word(self, code: str) -> str:
        return self.named.get(code, "").rstrip("ⅠⅡⅢ")

    def _meant(self, cosine: Floats, texts: Sequence[ItemText], words: Sequence[ItemText]) -> Floats:
        """The cosine to the descriptions, with the likeness in the space beside it where there is one."""
        if self.space is None:
            return cosine
        total = standard(cosine)
        for first, share in self.weights.near:
            total = total + share * standard(np.asarray(self.space.rows(texts, first) @ self.space.rows(words, first).T, float))
        return total

    def _words(self, level: int) -> list[ItemText]:
        """What names each class of a level: its own name, those below it, those above it."""
        w = self.weights
        texts = []
        for code in self.classes[level]:
            below = {c for p in self.leaves if p[level] == code for c in p[level + 1:]}
            above = next(p for p in self.leaves if p[level] == code)[:level]
            own = self._word(code).removeprefix("其他")
            words = {own: 1.0} if own else {}
            for word in (self._word(c).removeprefix("其他") for c in sorted(below)):
                words.setdefault(word, w.children)
            for word in (self._word(c) for c in above):
                words.setdefault(word, w.parent)
            texts.append(ItemText("", tuple((word, share) for word, share in words.items() if word)))
        return texts

    def _described(self, texts: list[ItemText]) -> sparse.csr_matrix:
        """(classes × features) rows of unit length."""
        plain = self.features.transform(texts)
        if not self.entries or not self.weights.entries:
            return plain
        return self._with_entries(texts, plain)

    def _with_entries(self, texts: list[ItemText], plain: sparse.csr_matrix) -> sparse.csr_matrix:
        names = self.features.transform([ItemText(products=((e.name, 1.0),), scope=e.note) for e in self.entries])
        like = (plain @ names.T).toarray()
        best = np.argsort(-like, axis=1)[:, : self.weights.entries]
        wide = []
        for at, text in enumerate(texts):
            near = [self.entries[i] for i in best[at] if like[at, i] >= self.weights.likeness]
            more = tuple((e.name, self.weights.entry) for e in near)
            wide.append(ItemText("", text.products + more, "、".join(e.note for e in near if e.note)))
        return self.features.transform(wide)


def decide(x: sparse.csr_matrix, y: Ints, weight: Floats, asked: sparse.csr_matrix, classes: int, cost: float) -> Floats:
    """(asked × classes) raw scores of one-against-rest machines; a class without an example gets the lowest score."""
    present = np.unique(y)
    out = np.full((asked.shape[0], classes), -1.2)
    if len(present) == 1:
        out[:, present[0]] = 1.0
        return out
    machine = LinearSVC(C=cost, dual=True, max_iter=60, tol=1e-2, random_state=0).fit(x, y, sample_weight=weight)
    raw = np.asarray(machine.decision_function(asked))
    out[:, present] = np.column_stack((-raw, raw)) if raw.ndim == 1 else raw
    return out


def mixed_by_folds(machine: ZeroShot, known: Mapping[int, Path], *, grid: Sequence[float] = (0.0, 0.15, 0.3, 0.5, 0.7, 0.85, 1.0), folds: int = 5,
                   cost: float = 1.0) -> tuple[list[Floats], list[float]]:
    """Machines of a few labels beside the zero-label answer: shares per level, and the weight of the labels per level.

    ``known`` maps rows of the fitted texts to paths. The weight is the one of ``grid`` with the best accuracy over ``folds``
    inner folds of the labels; of equals the middle one. Nothing but the labels given is looked at.
    """
    rows = np.array(sorted(known), np.int64)
    fold = np.random.default_rng(0).permutation(len(rows)) % min(folds, len(rows))
    scores, chosen = [], []
    for level, classes in enumerate(machine.classes):
        number = {c: i for i, c in enumerate(classes)}
        y = np.array([number[known[i][level]] for i in rows.tolist()])
        prior = standard(np.log(machine.shares[level] + 1e-6))
        held = np.zeros((len(rows), len(classes)))
        for k in range(int(fold.max()) + 1):
            seen = fold != k
            held[~seen] = decide(machine.x[rows[seen]], y[seen], np.ones(int(seen.sum())), machine.x[rows[~seen]], len(classes), cost)
        right = np.array([((w * standard(held) + (1 - w) * prior[rows]).argmax(axis=1) == y).mean() for w in grid])
        best = np.flatnonzero(right >= right.max() - 1e-9)
        weight = float(grid[int(best[len(best) // 2])])
        full = decide(machine.x[rows], y, np.ones(len(rows)), machine.x, len(classes), cost)
        scores.append(weight * standard(full) + (1 - weight) * prior)
        chosen.append(weight)
    return machine.join(scores), chosen


def standard(scores: Floats) -> Floats:
    """Every row with mean 0 and deviation 1."""
    return np.asarray((scores - scores.mean(axis=1, keepdims=True)) / np.maximum(scores.std(axis=1, keepdims=True), 1e-9))


def log_softmax(scores: Floats) -> Floats:
    """Logarithm of the shares of each row."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
