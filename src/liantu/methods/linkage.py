"""Which firm of a register is meant by a name: candidates by likeness, pairs scored by their parts, doubtful ones left open.

>>> index = NameIndex(["平潭县龙翔房地产有限公司", "福州龙翔房地产有限公司"], regions=Regions([("350128", "平潭县"), ("350100", "福州市")]))
>>> found = index.match(["平潭龍翔房地產公司"])
>>> int(found.at[0])
0

Record linkage after Fellegi & Sunter (*JASA* 64 (1969) 1183–1210) with a learned comparison function; candidates are the
nearest names by TF-IDF cosine on character 1- and 2-grams. A name that differs from just one known name by nothing but its way of
writing is that firm; a branch is never its parent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel, JaroWinkler, LCSseq, Levenshtein
from rapidfuzz.process import cpdist
from scipy import sparse  # type: ignore[import-untyped]
from scipy.sparse.csgraph import min_weight_full_bipartite_matching  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
from sparse_dot_topn import sp_matmul_topn

from liantu.methods.firm_names import BRANCH_WORDS, Name, Regions, listing_name, ordinals, places_agree, read_name, sound
from liantu.methods.pair_model import PairModel
from liantu.methods.text import Floats, Ints

COLUMNS = ("cosine", "key", "body", "body_edits", "core_edits", "sound_edits", "covered", "covers", "start", "least", "most", "region", "form", "branch", "tail",
           "ordinals", "same_core", "same_key", "ahead", "rank", "missing", "extra")
CONTEXT = ("city", "address", "city_named")
SHORT = ("walked", "walked_at", "walked_gaps", "head")
KINDS = {"name": COLUMNS, "context": COLUMNS + CONTEXT, "short": COLUMNS + SHORT}
_THREADS = 2


@dataclass(frozen=True)
class Pairs:
    """Candidate pairs: position of the asked name, position in the register, cosine and rank (0 = nearest)."""

    asked: Ints
    known: Ints
    cosine: Floats
    rank: Ints


@dataclass(frozen=True)
class Found:
    """For each asked name the best firm (−1 none at all), its probability, the runner-up (−1) and its probability."""

    at: Ints
    probability: Floats
    second: Ints
    second_probability: Floats
    exact: NDArray[np.bool_]


class Side:
    """One list of names, read; ``cities`` and ``addresses`` are None when not known for any."""

    def __init__(self, names: Sequence[str], regions: Regions, cities: Sequence[str] | None, addresses: Sequence[str] | None) -> None:
        self.names = [read_name(n, regions) for n in names]
        self.key = [n.key for n in self.names]
        self.body = [n.body for n in self.names]
        self.core = [n.core for n in self.names]
        self.tail = [n.tail for n in self.names]
        self.sound = [sound(b) for b in self.body]
        self.form = [n.form for n in self.names]
        self.cities, self.addresses = cities, addresses


class NameIndex:
    """The names of a register, ready to be asked; ``cities`` and ``addresses`` are optional columns of the same length."""

    def __init__(self, names: Sequence[str], *, regions: Regions | None = None, cities: Sequence[str] | None = None, addresses: Sequence[str] | None = None,
                 models: Mapping[str, PairModel] | None = None, nearest: int = 6) -> None:
        self.regions = regions or Regions()
        self.models, self.nearest = dict(models or {}), nearest
        self.side = Side(names, self.regions, cities, addresses)
        self._core_count = Counter(self.side.core)
        self._by_key: dict[str, list[int]] = {}
        for at, key in enumerate(self.side.key):
            self._by_key.setdefault(key, []).append(at)
        most = max(0.01, 200 / max(len(names), 1))
        self._vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), max_df=min(most, 1.0), lowercase=False, dtype=np.float32, token_pattern=None)
        self._matrix = self._vectors.fit_transform(self.side.key)
        chars = TfidfVectorizer(analyzer="char", lowercase=False, dtype=np.float32, norm=None, binary=True)
        self._known_chars = chars.fit_transform(b or "　" for b in self.side.body)
        self._chars = chars

    def candidates(self, asked: Side, rows: Ints | None = None) -> Pairs:
        """The nearest names of the register for each asked one, or only for the asked at ``rows``."""
        at = np.arange(len(asked.key)) if rows is None else rows
        if not len(at):
            return Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64))
        keys = self._vectors.transform([asked.key[i] for i in at.tolist()])
        found = sp_matmul_topn(keys, self._matrix.T.tocsr(), top_n=self.nearest, sort=True, n_threads=_THREADS)
        size = np.diff(found.indptr)
        row = np.repeat(at, size)
        rank = np.arange(len(row)) - np.repeat(found.indptr[:-1], size)
        return Pairs(row, found.indices.astype(np.int64), found.data.astype(float), rank)

    def features(self, asked: Side, pairs: Pairs, kind: str = "name") -> NDArray[np.float32]:
        """Pairs × columns of ``KINDS[kind]``, float32."""
        q, r = pairs.asked.tolist(), pairs.known.tolist()
        known = self.side

        def take(values: Sequence[str], at: list[int]) -> list[str]:
            return [values[i] for i in at]

        body_q, body_r = take(asked.body, q), take(known.body, r)
        length_q, length_r = np.array([len(b) for b in body_q]), np.array([len(b) for b in body_r])
        common = cpdist(body_q, body_r, scorer=LCSseq.similarity, workers=_THREADS).astype(float)
        columns = {
            "cosine": pairs.cosine,
            "key": cpdist(take(asked.key, q), take(known.key, r), scorer=Indel.normalized_similarity, workers=_THREADS),
            "body": cpdist(body_q, body_r, scorer=Indel.normalized_similarity, workers=_THREADS),
            "body_edits": cpdist(body_q, body_r, scorer=Levenshtein.distance, workers=_THREADS),
            "core_edits": cpdist(take(asked.core, q), take(known.core, r), scorer=Levenshtein.distance, workers=_THREADS),
            "sound_edits": cpdist(take(asked.sound, q), take(known.sound, r), scorer=Levenshtein.distance, workers=_THREADS),
            "covered": common / np.maximum(length_q, 1), "covers": common / np.maximum(length_r, 1),
            "start": cpdist(body_q, body_r, scorer=JaroWinkler.similarity, workers=_THREADS),
            "least": np.minimum(length_q, length_r), "most": np.maximum(length_q, length_r),
            "region": self._regions(asked, q, r), "form": _relation(take(asked.form, q), take(known.form, r)),
            "branch": _branches(asked, known, q, r), "tail": cpdist(take(asked.tail, q), take(known.tail, r), scorer=Indel.normalized_similarity, workers=_THREADS),
            "ordinals": _relation([ordinals(b) for b in body_q], [ordinals(b) for b in body_r]),
            "same_core": np.log1p([self._core_count[known.core[j]] for j in r]),
            "same_key": np.array([asked.key[i] == known.key[j] for i, j in zip(q, r, strict=True)], dtype=float),
            "ahead": _ahead(pairs), "rank": pairs.rank,
        }
        columns["missing"], columns["extra"] = self._unmatched(asked, pairs)
        if kind == "context":
            columns |= self._context(asked, q, r)
        if kind == "short":
            columns |= _walks(body_q, [known.key[j] for j in r], [known.core[j] for j in r])
        return np.column_stack([columns[c] for c in KINDS[kind]]).astype(np.float32)

    def _regions(self, asked: Side, q: list[int], r: list[int]) -> Floats:
        """0 none named, 1 equal, 2 one lies in the other, 3 only the register's, 4 only the asked, 5 different places."""
        kept: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
        out = np.empty(len(q))
        for at, (i, j) in enumerate(zip(q, r, strict=True)):
            pair = asked.names[i].regions, self.side.names[j].regions
            value = kept.get(pair)
            if value is None:
                one, other = pair
                value = 0 if not one and not other else 3 if not one else 4 if not other else 1 if one == other else 2 if places_agree(one, other) else 5
                kept[pair] = value
            out[at] = value
        return out

    def _unmatched(self, asked: Side, pairs: Pairs) -> tuple[Floats, Floats]:
        """How telling the characters are that only one of the two names has (sum of idf)."""
        mine = self._chars.transform(b or "　" for b in asked.body)
        total_q, total_r = np.asarray(mine.sum(axis=1)).ravel(), np.asarray(self._known_chars.sum(axis=1)).ravel()
        mine.data[:] = 1.0
        shared = np.empty(len(pairs.asked))
        for low in range(0, len(shared), 200_000):
            part = slice(low, low + 200_000)
            both = mine[pairs.asked[part]].multiply(self._known_chars[pairs.known[part]])
            shared[part] = np.asarray(both.sum(axis=1)).ravel()
        return total_q[pairs.asked] - shared, total_r[pairs.known] - shared

    def _context(self, asked: Side, q: list[int], r: list[int]) -> dict[str, Floats]:
        known = self.side
        mine, theirs = asked.cities or (), known.cities or ()
        city = np.array([0 if not mine[i] or not theirs[j] else 1 if mine[i] == theirs[j] else 2 for i, j in zip(q, r, strict=True)], dtype=float)
        one = [(asked.addresses or [""] * len(asked.key))[i] or "" for i in q]
        other = [(known.addresses or [""] * len(known.key))[j] or "" for j in r]
        alike = cpdist(one, other, scorer=Indel.normalized_similarity, workers=_THREADS).astype(float)
        alike[np.array([not a or not b for a, b in zip(one, other, strict=True)], dtype=bool)] = -1
        named = np.array([float(bool(theirs[j]) and theirs[j] in asked.key[i]) for i, j in zip(q, r, strict=True)])
        return {"city": city, "address": alike, "city_named": named}

    def read(self, names: Sequence[str], cities: Sequence[str] | None = None, addresses: Sequence[str] | None = None) -> Side:
        """Asked names, read."""
        return Side(names, self.regions, cities, addresses)

    def match(self, names: Sequence[str], *, cities: Sequence[str] | None = None, addresses: Sequence[str] | None = None, short: bool = False,
              each_once: bool = False) -> Found:
        """The best firm for each name; ``short`` says that these are short names, ``each_once`` that no firm is meant twice.

        Without models the cosine stands for the probability.
        """
        asked = self.read([listing_name(n) for n in names] if short else names, cities, addresses)
        open_ = np.array([len(self._by_key.get(key, ())) != 1 for key in asked.key], dtype=bool)
        pairs = self.candidates(asked, np.flatnonzero(open_))
        kind = "short" if short else "context" if asked.cities is not None and self.side.cities is not None else "name"
        score = self.score(asked, pairs, kind)
        return self.choose(asked, pairs, each_once_score(pairs, score) if each_once else score)

    def score(self, asked: Side, pairs: Pairs, kind: str) -> Floats:
        """Probability of each pair; 0 for a branch beside its parent."""
        model = self.models.get(kind)
        score = model.probability(self.features(asked, pairs, kind)) if model and len(pairs.asked) else pairs.cosine
        return np.where(_parted(asked, self.side, pairs), 0.0, score)

    def choose(self, asked: Side, pairs: Pairs, score: Floats) -> Found:
        """Best and second pair of each asked name; a way of writing that only one known name has decides alone."""
        n = len(asked.key)
        score = np.where(_parted(asked, self.side, pairs), 0.0, score)
        order = np.lexsort((-score, pairs.asked))
        start = np.searchsorted(pairs.asked[order], np.arange(n))
        count = np.bincount(pairs.asked, minlength=n)
        at, probability = np.full(n, -1), np.zeros(n)
        second, second_probability = np.full(n, -1), np.zeros(n)
        has, more = count > 0, count > 1
        first = order[start[has]]
        at[has], probability[has] = pairs.known[first], score[first]
        other = order[start[more] + 1]
        second[more], second_probability[more] = pairs.known[other], score[other]
        exact = np.zeros(n, dtype=bool)
        for i, key in enumerate(asked.key):
            same = self._by_key.get(key)
            if same and len(same) == 1:
                if at[i] != same[0]:
                    second[i], second_probability[i] = at[i], min(probability[i], 0.5)
                at[i], probability[i], exact[i] = same[0], 1.0, True
        return Found(at, probability, second, second_probability, exact)


def _relation(one: list[str], other: list[str]) -> Floats:
    """0 both empty, 1 equal, 2 only the second has it, 3 only the first, 4 different."""
    return np.array([0 if not a and not b else 1 if a == b else 2 if not a else 3 if not b else 4 for a, b in zip(one, other, strict=True)], dtype=float)


def _branches(asked: Side, known: Side, q: list[int], r: list[int]) -> Floats:
    """0 neither is a branch, 1 both, 2 only the register's, 3 only the asked."""
    return np.array([(0, 2, 3, 1)[2 * asked.names[i].branch + known.names[j].branch] for i, j in zip(q, r, strict=True)], dtype=float)


def _parted(asked: Side, known: Side, pairs: Pairs) -> NDArray[np.bool_]:
    """Pairs of a branch and what may be its parent: the one name begins like the other and goes on with a branch."""
    out = np.zeros(len(pairs.asked), dtype=bool)
    for at, (i, j) in enumerate(zip(pairs.asked.tolist(), pairs.known.tolist(), strict=True)):
        a, b = asked.names[i], known.names[j]
        if a.branch != b.branch:
            branch, whole = (a, b) if a.branch else (b, a)
            out[at] = _branch_of(branch, whole)
        elif a.branch and a.tail != b.tail:
            longer, shorter = (a.body, b.body) if len(a.body) > len(b.body) else (b.body, a.body)
            out[at] = longer.startswith(shorter) and longer[len(shorter):].endswith(BRANCH_WORDS)
    return out


def _branch_of(branch: Name, whole: Name) -> bool:
    stem = branch.core if branch.tail else branch.core[: len(whole.core)]
    return bool(whole.core) and Levenshtein.distance(stem, whole.core, score_cutoff=1) <= 1


def _ahead(pairs: Pairs) -> Floats:
    """Cosine minus the best cosine of the other candidates of the same name."""
    if not len(pairs.asked):
        return np.zeros(0)
    start = np.flatnonzero(pairs.rank == 0)
    group = np.cumsum(pairs.rank == 0) - 1
    size = np.diff(np.append(start, len(pairs.rank)))
    best = pairs.cosine[start]
    next_best = np.where(size > 1, pairs.cosine[np.minimum(start + 1, len(pairs.cosine) - 1)], 0.0)
    return np.where(pairs.rank == 0, pairs.cosine - next_best[group], pairs.cosine - best[group])


def _walks(asked: list[str], keys: list[str], cores: list[str]) -> dict[str, Floats]:
    """How far a short name is read off the full one from left to right: share found, where it begins, characters skipped, same beginning."""
    out = np.zeros((len(asked), 4))
    for row, (short, key, core) in enumerate(zip(asked, keys, cores, strict=True)):
        at, first, met = -1, -1, 0
        for char in short:
            place = key.find(char, at + 1)
            if place >= 0:
                at, met = place, met + 1
                first = place if first < 0 else first
        out[row] = met / max(len(short), 1), first, at - first + 1 - met, short[:2] == core[:2]
    return dict(zip(SHORT, out.T, strict=True))


def each_once_score(pairs: Pairs, score: Floats) -> Floats:
    """Scores when every firm is meant at most once: the assignment of highest likelihood keeps its scores, other pairs are halved.

    Maximum-weight matching of a sparse bipartite graph (Jonker & Volgenant, *Computing* 38 (1987) 325–340); any name may stay alone.
    """
    if not len(score):
        return score
    asked, row = np.unique(pairs.asked, return_inverse=True)
    known, column = np.unique(pairs.known, return_inverse=True)
    cost = -np.log(np.clip(score, 1e-6, 1 - 1e-6))
    alone = np.arange(len(asked))
    graph = sparse.csr_matrix((np.concatenate([cost, np.full(len(asked), 20.0)]), (np.concatenate([row, alone]), np.concatenate([column, len(known) + alone]))),
                              shape=(len(asked), len(known) + len(asked)))
    rows, columns = min_weight_full_bipartite_matching(graph)
    given = np.full(len(asked), -1)
    given[rows] = columns
    kept = given[row] == column
    best = np.ones(len(asked))
    best[row[kept]] = score[kept]
    return np.where(kept, score, np.minimum(score, best[row]) / 2)
