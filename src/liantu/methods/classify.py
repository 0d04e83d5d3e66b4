"""Classes of a tree for firms' texts: linear machines per level, decoded together, with calibrated confidence.

Per level a linear support vector machine (Fan et al., *JMLR* 9 (2008) 1871–1874, one against the rest) and the cosine to the
class centroid are standardised per firm and mixed; the levels are joined as a product of experts over the paths of the tree
(Hinton, *Neural Computation* 14 (2002) 1771–1800), so that a class always lies inside its parent. The words that name a class
are one more example of it. Confidence is a logistic function of four signs, then isotonic, both fitted on folds that did not
train the machine (Zadrozny & Elkan, KDD 2002).

>>> paths = [("机械", "电机"), ("机械", "水泵"), ("食品", "蜜饯")]
>>> texts = [ItemText(products=((word, 1.0),)) for word in ("异步电机", "离心水泵", "芒果蜜饯")]
>>> machine = TreeClassifier(min_df=1).fit(texts, paths)
>>> machine.predict([ItemText(products=(("永磁电机", 1.0),))], level=1)
['电机']
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]
from sklearn.isotonic import IsotonicRegression  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.svm import LinearSVC  # type: ignore[import-untyped]

from liantu.methods.item_text import ItemFeatures, ItemText, ItemWeights
from liantu.methods.text import Floats, Ints

Path = tuple[str, ...]


@dataclass(frozen=True)
class TreeWeights:
    """Settings of the method, chosen by inner cross-validation on labelled listed firms; none is an official figure."""

    cost: float = 1.0  # C of the support vector machine
    centroid: float = 0.4  # share of the centroid's cosine in the mix
    sharpness: float = 2.0  # of the softmax over standardised scores
    described: float = 1.0  # weight of a class's own words as one example
    parents: tuple[float, ...] = (1.0, 0.6, 0.3)  # of the words of the class, its parent, its grandparent


class TreeClassifier:
    """Learns classes of a tree from texts; ``named`` gives the words of every class of every level, labelled or not."""

    def __init__(self, named: Mapping[str, str] | None = None, paths: Sequence[Path] = (), *, weights: TreeWeights | None = None,
                 items: ItemWeights | None = None, min_df: int = 2) -> None:
        self.named, self.known = dict(named or {}), list(dict.fromkeys(paths))
        self.weights = weights or TreeWeights()
        self.features = ItemFeatures(items, min_df=min_df)

    def fit(self, texts: Sequence[ItemText], paths: Sequence[Path], weights: Sequence[float] | None = None) -> TreeClassifier:
        """Learn from ``texts`` (n) with their ``paths`` (n, all of one depth) and example ``weights`` (n, ones when None)."""
        if not texts or len(texts) != len(paths) or len({len(p) for p in paths}) != 1:
            raise ValueError("样本与类别须一一对应、各级齐全 (texts and paths must match, paths have one depth)")
        tops = {p[0] for p in paths}
        described = [p for p in self.known if p[0] in tops and self.named.get(p[-1])]
        own = [self._words(p) for p in described]
        every = [*texts, *own]
        x = self.features.fit(every).transform(every)
        weight = np.concatenate((np.ones(len(texts)) if weights is None else np.asarray(weights, float), np.full(len(own), self.weights.described)))
        labels = [*paths, *described]
        self.leaves = sorted(set(labels))
        self.classes = [sorted({p[level] for p in self.leaves}) for level in range(len(self.leaves[0]))]
        number = [{c: i for i, c in enumerate(level)} for level in self.classes]
        self.place: list[Ints] = [np.array([number[level][p[level]] for p in self.leaves]) for level in range(len(number))]
        self._planes: list[tuple[Floats, Floats]] = []
        self._centres: list[sparse.csr_matrix] = []
        for level, classes in enumerate(self.classes):
            y = np.array([number[level][p[level]] for p in labels])
            self._planes.append(_planes(x, y, weight, len(classes), self.weights.cost))
            self._centres.append(_centres(x, y, weight, len(classes)))
        self._examples = x[: len(texts)]
        return self

    def _words(self, path: Path) -> ItemText:
        """What names a class, its parent and grandparent, as the products of one example."""
        words = zip(reversed(path), self.weights.parents, strict=False)
        return ItemText("", tuple((self.named[c], share) for c, share in words if self.named.get(c)))

    def scores(self, texts: Sequence[ItemText]) -> Scored:
        """Probabilities of every class at every level, and the signs that tell how sure they are."""
        x = self.features.transform(texts)
        total = np.zeros((len(texts), len(self.leaves)), np.float64)
        margins = []
        for level, (plane, offset) in enumerate(self._planes):
            raw = np.asarray(x @ plane.T) + offset
            mixed = (1 - self.weights.centroid) * _standard(raw) + self.weights.centroid * _standard((x @ self._centres[level].T).toarray())
            total += _log_softmax(self.weights.sharpness * mixed)[:, self.place[level]]
            margins.append(raw)
        leaf = np.exp(total - total.max(axis=1, keepdims=True))
        leaf /= leaf.sum(axis=1, keepdims=True)
        shares = []
        for level, place in enumerate(self.place):
            gather = sparse.csr_matrix((np.ones(len(place)), (np.arange(len(place)), place)), shape=(len(place), len(self.classes[level])))
            shares.append(np.asarray(leaf @ gather))
        near = np.asarray((x @ self._examples.T).max(axis=1).todense()).ravel() if len(texts) else np.empty(0)
        return Scored(shares, margins, near)

    def predict(self, texts: Sequence[ItemText], level: int = -1) -> list[str]:
        """The most likely class of each text at a level (0 = the broadest)."""
        found = self.scores(texts).shares[level].argmax(axis=1)
        return [self.classes[level][i] for i in found]

    def evidence(self, text: ItemText, class_name: str, level: int = -1, at_most: int = 4) -> list[tuple[str, float]]:
        """The items of a text that speak most for a class, each with its share of the score (products of gram and plane)."""
        plane = self._planes[level][0][self.classes[level].index(class_name)]
        told: dict[str, float] = {}
        for item, weight, kind in self.features.items(text):
            alone = ItemText(item) if kind else ItemText("", ((item, 1.0),))
            told[item] = told.get(item, 0.0) + float((self.features.transform([alone]) @ plane)[0]) * weight
        return sorted(((i, s) for i, s in told.items() if s > 0), key=lambda found: (-found[1], found[0]))[:at_most]


@dataclass(frozen=True)
class Scored:
    """``shares[level]`` (n × classes) sums to 1 per row and agrees over levels; ``margins`` are raw distances; ``near`` (n) the nearest example."""

    shares: list[Floats]
    margins: list[Floats]
    near: Floats

    def signs(self, level: int) -> Floats:
        """(n × 4) signs of being right: log odds of the best, its lead in log share, its raw margin, likeness of the nearest example."""
        share = self.shares[level]
        best = share.argmax(axis=1)
        rows = np.arange(len(share))
        top = np.clip(share[rows, best], 1e-9, 1 - 1e-9)
        second = np.partition(share, -2, axis=1)[:, -2] if share.shape[1] > 1 else np.full(len(share), 1e-9)
        return np.column_stack((np.log(top / (1 - top)), np.log(top / np.maximum(second, 1e-9)), self.margins[level][rows, best], self.near))


class Confidence:
    """How often an answer with such signs is right; learned from answers known to be right or wrong."""

    def fit(self, signs: Floats, right: NDArray[np.bool_]) -> Confidence:
        """``signs`` (n × k) and whether each answer was right (n); with all alike the share itself is the answer."""
        self._base = (float(right.sum()) + 1.0) / (len(right) + 2.0)
        self._logistic = None
        if right.any() and not right.all():
            self._centre, self._scale = signs.mean(axis=0), np.maximum(signs.std(axis=0), 1e-9)
            self._logistic = LogisticRegression(C=1.0, max_iter=500).fit(self._normal(signs), right)
            raw = self._raw(signs)
            self._isotonic = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(raw, right.astype(float))
            self._order = np.argsort(-raw, kind="stable")
            self._known, self._right = raw[self._order], right[self._order]
        return self

    def _normal(self, signs: Floats) -> Floats:
        return np.asarray((signs - self._centre) / self._scale)

    def _raw(self, signs: Floats) -> Floats:
        assert self._logistic is not None
        return np.asarray(self._logistic.predict_proba(self._normal(signs))[:, 1])

    def probability(self, signs: Floats) -> Floats:
        """The calibrated probability (n) of being right: half the logistic, half its isotonic correction."""
        if self._logistic is None:
            return np.full(len(signs), self._base)
        raw = self._raw(signs)
        return np.asarray((raw + self._isotonic.predict(raw)) / 2)

    def line(self, promise: float) -> float:
        """The lowest confidence from which the answers learned from keep the promised precision; above 1 when none does."""
        if self._logistic is None:
            return 0.0 if self._base >= promise else 2.0
        kept = np.cumsum(self._right) / np.arange(1, len(self._right) + 1)
        good = np.flatnonzero(kept >= promise)
        return float(self._known[good[-1]]) if len(good) else 2.0

    def accepts(self, signs: Floats, promise: float) -> NDArray[np.bool_]:
        """Which answers (n) may be taken without review if ``promise`` of them are to be right."""
        if self._logistic is None:
            return np.full(len(signs), self._base >= promise)
        return np.asarray(self._raw(signs) >= self.line(promise))


def confidence_of(texts: Sequence[ItemText], paths: Sequence[Path], make: TreeClassifier, *, folds: int = 8, seed: int = 0) -> list[Confidence]:
    """Confidence per level from ``folds`` folds of the labelled texts, each judged by a machine like ``make`` that had not seen it."""
    fold = np.random.default_rng(seed).permutation(len(texts)) % folds
    signs: list[list[Floats]] = [[] for _ in paths[0]]
    right: list[list[NDArray[np.bool_]]] = [[] for _ in paths[0]]
    for k in range(folds):
        held, seen = np.flatnonzero(fold == k).tolist(), np.flatnonzero(fold != k).tolist()
        machine = TreeClassifier(make.named, make.known, weights=make.weights, items=make.features.weights, min_df=make.features.min_df)
        machine.fit([texts[i] for i in seen], [paths[i] for i in seen])
        found = machine.scores([texts[i] for i in held])
        for level in range(len(paths[0])):
            best = [machine.classes[level][i] for i in found.shares[level].argmax(axis=1)]
            signs[level].append(found.signs(level))
            right[level].append(np.array([b == paths[i][level] for b, i in zip(best, held, strict=True)]))
    return [Confidence().fit(np.vstack(s), np.concatenate(r)) for s, r in zip(signs, right, strict=True)]


def calibration_error(probability: Floats, right: NDArray[np.bool_], bins: int = 10) -> float:
    """Expected calibration error over ``bins`` bins of equal width (Guo et al., ICML 2017); 0 for no cases.

    Each bin's own chance adds about 0.8·√(p(1−p)/cases) even to a perfect forecast: pool rounds before reading it.
    """
    bin_of = np.minimum((probability * bins).astype(int), bins - 1)
    gap = np.bincount(bin_of, probability - right, minlength=bins)
    return float(np.abs(gap).sum() / max(len(right), 1))


def _planes(x: sparse.csr_matrix, y: Ints, weight: Floats, classes: int, cost: float) -> tuple[Floats, Floats]:
    if classes == 1:
        return np.zeros((1, x.shape[1])), np.zeros(1)
    machine = LinearSVC(C=cost, dual=True, max_iter=200, random_state=0).fit(x, y, sample_weight=weight)
    plane, offset = np.asarray(machine.coef_), np.asarray(machine.intercept_)
    return (np.vstack((-plane, plane)), np.append(-offset, offset)) if classes == 2 else (plane, offset)


def _centres(x: sparse.csr_matrix, y: Ints, weight: Floats, classes: int) -> sparse.csr_matrix:
    total = sparse.csr_matrix((weight, (y, np.arange(len(y)))), shape=(classes, len(y))) @ x
    length = np.sqrt(np.asarray(total.multiply(total).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(length, 1e-12)) @ total)


def _standard(scores: Floats) -> Floats:
    return np.asarray((scores - scores.mean(axis=1, keepdims=True)) / np.maximum(scores.std(axis=1, keepdims=True), 1e-9))


def _log_softmax(scores: Floats) -> Floats:
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
