"""A space of meaning learned from a register's own texts: grams that stand in the same firms lie near each other.

Latent semantic analysis (Deerwester et al., *J. Am. Soc. Inf. Sci.* 41 (1990) 391–407): the right singular vectors of the matrix
firms × grams of :mod:`liantu.methods.item_text`, found by random projection (Halko, Martinsson & Tropp, *SIAM Review* 53 (2011)
217–288). No text or table comes with the package: the space is learned from the texts given, at run time.

>>> scopes = ["贷款发放、存款业务", "贷款发放、银行卡业务", "芒果蜜饯、果脯制作", "果脯制作、凉果"] * 5
>>> space = GramSpace(components=2, min_df=2).fit([ItemText(scope=s) for s in scopes])
>>> loan, card, fruit = space.rows([ItemText(products=((w, 1.0),)) for w in ("贷款", "银行卡", "蜜饯")])
>>> bool(loan @ card > 0.9 > 0.1 > abs(loan @ fruit))
True
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.extmath import randomized_svd  # type: ignore[import-untyped]

from liantu.methods.item_text import ItemFeatures, ItemText, ItemWeights


class GramSpace:
    """Vectors of grams; a text lies where its grams lie, whether or not it shares one with another text."""

    def __init__(self, components: int = 200, *, items: ItemWeights | None = None, min_df: int = 2, seed: int = 0) -> None:
        self.components, self.seed = components, seed
        self.features = ItemFeatures(items, min_df=min_df)

    def fit(self, texts: Sequence[ItemText]) -> GramSpace:
        """Learn from the texts of a register; at least two texts with known grams."""
        x = self.features.fit(texts).transform(texts)
        size = min(self.components, min(x.shape) - 1)
        if size < 1:
            raise ValueError("文本太少，学不出词语空间 (too few texts to learn a space from)")
        found = randomized_svd(x, n_components=size, n_iter=2, random_state=self.seed)
        self.vectors: NDArray[np.float32] = np.ascontiguousarray(found[2].T, dtype=np.float32)
        return self

    def rows(self, texts: Sequence[ItemText], first: int | None = None) -> NDArray[np.float32]:
        """(texts × components) rows of unit length, of the ``first`` components only when given; a text without a known gram is zero."""
        placed = np.asarray(self.features.transform(texts) @ self.vectors[:, :first], dtype=np.float32)
        return np.asarray(placed / np.maximum(np.linalg.norm(placed, axis=1, keepdims=True), 1e-9), dtype=np.float32)
