"""BM25 over character pairs: the plain yardstick that other ways of placing texts must beat.

>>> index = Bm25(["电机制造", "水泵制造", "蜜饯"])
>>> int(index.scores(["永磁电机"]).argmax())
0
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import CountVectorizer  # type: ignore[import-untyped]

from liantu.methods.text import Floats


class Bm25:
    """Okapi BM25 (Robertson & Zaragoza, *FnTIR* 3 (2009) 333–389), terms are character 2-grams inside words."""

    def __init__(self, documents: Sequence[str], *, k1: float = 1.5, b: float = 0.75) -> None:
        self._count = CountVectorizer(analyzer="char_wb", ngram_range=(2, 2), lowercase=False)
        counts = sparse.csr_matrix(self._count.fit_transform(documents), dtype=float)
        length = np.asarray(counts.sum(axis=1)).ravel()
        df = np.bincount(counts.indices, minlength=counts.shape[1])
        idf = np.log(1 + (len(documents) - df + 0.5) / (df + 0.5))
        norm = np.repeat(k1 * (1 - b + b * length / max(float(length.mean()), 1e-9)), np.diff(counts.indptr))
        counts.data = idf[counts.indices] * counts.data * (k1 + 1) / (counts.data + norm)
        self._terms = counts.T.tocsr()

    def scores(self, queries: Sequence[str]) -> Floats:
        """(queries × documents) scores, not bounded."""
        asked = self._count.transform(queries)
        asked.data[:] = 1
        return np.asarray((asked @ self._terms).toarray())


def vote(scores: Floats, labels: Sequence[int], classes: int, neighbours: int = 15) -> Floats:
    """(queries × classes): the summed scores of the ``neighbours`` best documents by their label."""
    k = min(neighbours, scores.shape[1])
    best = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    found = np.zeros((len(scores), classes))
    rows = np.repeat(np.arange(len(scores)), k)
    np.add.at(found, (rows, np.asarray(labels)[best.ravel()]), scores[rows, best.ravel()])
    return found
