"""Character arrays, a dictionary scanner and item-against-word likeness, vectorised over many texts at once.

Texts are laid end to end in one array of code points, so that one pass of NumPy serves a whole chunk of firms:

* :class:`Scanner` finds every dictionary word (a trie walked for all start positions together, the many-pattern
  search of Aho & Corasick, *Comm. ACM* 18 (1975) 333–340, without failure links because the walk restarts everywhere);
* :class:`WordLikeness` is TF-IDF cosine on character 1- and 2-grams between short items and dictionary words
  (Salton & Buckley, *Inf. Process. Manage.* 24 (1988) 513–523).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_MASK = (1 << 20) - 1
_ALIKE = dict(zip("【〔［{〖】〕］}〗〓*；；．", "((((()))))  ;;.", strict=True))
_MIX = np.uint64(0x9E3779B97F4A7C15)


@cache
def fold_table() -> NDArray[np.uint32]:
    """Lookup table over the basic plane: full width to half width (NFKC of single characters), lower case, blanks and
    control characters to space."""
    table = np.arange(65536, dtype=np.uint32)
    for point in range(65536):
        char = chr(point)
        if 0x3400 <= point <= 0x9FFF or 0xAC00 <= point <= 0xD7FF or 0xD800 <= point <= 0xF8FF:
            continue
        folded = _ALIKE.get(char) or unicodedata.normalize("NFKC", char).lower()
        if char.isspace() or not folded.strip() or unicodedata.category(char) in ("Cc", "Cf"):
            table[point] = 32
        elif len(folded) == 1 and ord(folded) < 65536:
            table[point] = ord(folded)
    return table


def code_points(text: str) -> NDArray[np.uint32]:
    """Folded code points of ``text``, one per character; characters beyond the basic plane become U+FFFD."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return fold_table()[np.where(points < 65536, points, 0xFFFD)]


def fold(text: str) -> str:
    """``text`` as the scanner sees it: folded and without blanks."""
    points = code_points(text)
    return str(points[points != 32].astype("<u4").tobytes(), "utf-32-le", "surrogatepass")


class _Keys:
    """Exact lookup of 64-bit keys among a few thousand, with a bit table in front that turns most keys away."""

    def __init__(self, keys: Ints) -> None:
        order = np.argsort(keys, kind="stable")
        self.keys, self.order = keys[order], order
        self.filter = np.zeros(_MASK + 1, dtype=bool)
        self.filter[self._slot(keys)] = True

    @staticmethod
    def _slot(keys: Ints) -> Ints:
        return ((keys.astype(np.uint64) * _MIX) >> np.uint64(44)).astype(np.int64)

    def find(self, keys: Ints) -> tuple[Ints, Ints]:
        """Positions in ``keys`` that are known, and the index of each in the array given at construction."""
        if not len(self.keys):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        where = np.flatnonzero(self.filter[self._slot(keys)])
        wanted = keys[where]
        at = np.searchsorted(self.keys, wanted)
        at[at == len(self.keys)] = 0
        hit = self.keys[at] == wanted
        return where[hit], self.order[at[hit]]


@dataclass(frozen=True)
class Hits:
    """Dictionary words found: ``start`` and ``end`` are positions in the scanned array, ``word`` the word's number."""

    start: Ints
    end: Ints
    word: Ints

    def take(self, rows: NDArray[np.generic]) -> Hits:
        """The hits chosen by a mask or by row numbers."""
        return Hits(self.start[rows], self.end[rows], self.word[rows])


class Scanner:
    """Finds all occurrences of many words (two or more characters each) in one array of code points."""

    def __init__(self, words: Sequence[str]) -> None:
        pairs: dict[tuple[int, int], int] = {}
        steps: dict[tuple[int, int], int] = {}
        ends: dict[int, int] = {}
        for number, word in enumerate(words):
            points = [int(p) for p in code_points(word)]
            if len(points) < 2:
                raise ValueError("a dictionary word needs two characters")
            state = pairs.setdefault((points[0], points[1]), len(pairs) + len(steps))
            for point in points[2:]:
                state = steps.setdefault((state, point), len(pairs) + len(steps))
            ends[state] = number
        self._pairs, self._pair_state = self._index(pairs)
        self._steps, self._step_state = self._index(steps)
        self._word_at = np.full(len(pairs) + len(steps), -1, dtype=np.int64)
        for state, number in ends.items():
            self._word_at[state] = number

    @staticmethod
    def _index(moves: dict[tuple[int, int], int]) -> tuple[_Keys, Ints]:
        table = np.array([(*key, state) for key, state in moves.items()], dtype=np.int64).reshape(-1, 3)
        return _Keys(table[:, 0] << 16 | table[:, 1]), table[:, 2]

    def find(self, points: NDArray[np.uint32]) -> Hits:
        """Every occurrence of every word, overlapping ones included, in no promised order."""
        wide = points.astype(np.int64)
        where, index = self._pairs.find(wide[:-1] << 16 | wide[1:]) if len(wide) > 1 else (np.empty(0, np.int64),) * 2
        state, depth = self._pair_state[index], 2
        found: list[tuple[Ints, Ints, Ints]] = []
        while len(where):
            word = self._word_at[state]
            done = word >= 0
            found.append((where[done], where[done] + depth, word[done]))
            inside = where + depth < len(wide)
            where, state = where[inside], state[inside]
            rows, index = self._steps.find(state << 16 | wide[where + depth])
            where, state, depth = where[rows], self._step_state[index], depth + 1
        if not found:
            return Hits(*(np.empty(0, np.int64),) * 3)
        return Hits(*(np.concatenate(column) for column in zip(*found, strict=True)))


def drop_contained(hits: Hits, limit: int) -> NDArray[np.bool_]:
    """True for hits that do not lie strictly inside a longer hit (longest match wins); ``limit`` bounds positions."""
    order = np.lexsort((-hits.end, hits.start))
    start, end = hits.start[order], hits.end[order]
    reach = np.maximum.accumulate(end) if len(end) else end
    before = np.concatenate((np.full(min(1, len(end)), -1, np.int64), reach[:-1]))
    same = np.zeros(len(end), dtype=bool)  # an equal span met again is no longer hit
    same[1:] = (start[1:] == start[:-1]) & (end[1:] == end[:-1])
    inside = (before >= end) & (end <= limit)
    keep = np.empty(len(end), dtype=bool)
    lead = np.flatnonzero(~same)
    keep[order] = np.repeat(~inside[lead], np.diff(np.append(lead, len(end)))) if len(end) else keep
    return keep


class WordLikeness:
    """TF-IDF cosine on character 1- and 2-grams between items and a fixed list of words.

    Candidates must share a 2-gram; 1-grams count in the cosine. ``idf`` starts from the words themselves and may be
    replaced by :meth:`use_background`.
    """

    def __init__(self, words: Sequence[str]) -> None:
        grams = [self._keys(code_points(word).astype(np.int64)) for word in words]
        self.grams = np.unique(np.concatenate(grams)) if grams else np.empty(0, np.int64)
        self._lookup = _Keys(self.grams)
        rows = np.repeat(np.arange(len(grams)), [len(g) for g in grams])
        columns = np.searchsorted(self.grams, np.concatenate(grams)) if grams else rows
        shape = (len(words), len(self.grams))
        self._counts = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
        self._counts.data[:] = 1.0
        present = np.asarray(self._counts.sum(axis=0)).ravel()
        self._weigh(np.log((1 + len(words)) / (1 + present)) + 1.0)

    @staticmethod
    def _keys(points: Ints) -> Ints:
        return np.unique(np.concatenate((points, (points[:-1] + 1) << 16 | points[1:])))

    def _weigh(self, idf: Floats) -> None:
        self.idf = idf
        weighted = self._counts @ sparse.diags(idf)
        norm = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        unit = sparse.diags(1.0 / np.maximum(norm, 1e-12)) @ weighted
        pair = (self.grams >= 65536).astype(float)
        self._unit = unit.tocsr()
        self._pair_unit = (unit @ sparse.diags(pair)).T.tocsr()
        self._pair_unit.eliminate_zeros()

    def use_background(self, document_share: Floats) -> None:
        """Take idf from the share of background texts (0–1, one per gram of ``grams``) that hold each gram."""
        self._weigh(-np.log(np.clip(document_share, 1e-6, 1.0)) + 1.0)

    def grams_of(self, points: Ints, item: Ints) -> tuple[Ints, Ints, Floats]:
        """(item, gram, 1.0) for every known gram at every position; ``item`` < 0 marks positions outside any item."""
        single, gram = self._lookup.find(points)
        both = (item[:-1] == item[1:]) if len(item) else np.empty(0, bool)
        joined = np.where(both, (points[:-1] + 1) << 16 | points[1:], -1) if len(points) else points
        pair, pair_gram = self._lookup.find(joined)
        rows = np.concatenate((item[single], item[pair]))
        columns = np.concatenate((gram, pair_gram))
        inside = rows >= 0
        return rows[inside], columns[inside], np.ones(int(inside.sum()))

    def nearest(self, points: Ints, item: Ints, lengths: Ints, floor: float) -> tuple[Ints, Ints, Floats]:
        """(item, word, cosine) for all pairs with cosine ≥ ``floor``; ``lengths`` is each item's length in characters.

        A gram unknown to the dictionary counts in the item's norm with the mean idf, so long items are not flattered.
        """
        rows, columns, ones = self.grams_of(points, item)
        shape = (len(lengths), len(self.grams))
        counts = sparse.csr_matrix((ones, (rows, columns)), shape=shape)
        counts.data[:] = 1.0
        known = np.diff(counts.indptr)
        weighted = counts @ sparse.diags(self.idf)
        squares = np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel()
        unknown = np.maximum(2 * lengths - 1 - known, 0)
        norm = np.sqrt(squares + unknown * float(np.mean(self.idf**2) if len(self.idf) else 1.0))
        shared = (weighted @ self._pair_unit).tocoo()
        likely = shared.data >= 0.3 * floor * norm[shared.row]
        left, right = shared.row[likely].astype(np.int64), shared.col[likely].astype(np.int64)
        cosine = self._row_dots(weighted, left, right) / np.maximum(norm[left], 1e-12)
        keep = cosine >= floor
        return left[keep], right[keep], cosine[keep]

    def _row_dots(self, items: sparse.csr_matrix, left: Ints, right: Ints, block: int = 50_000) -> Floats:
        out = np.zeros(len(left))
        for at in range(0, len(left), block):
            part = slice(at, at + block)
            out[part] = np.asarray(items[left[part]].multiply(self._unit[right[part]]).sum(axis=1)).ravel()
        return out
