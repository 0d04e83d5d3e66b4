"""Sparse features of firms from their items: character 1- and 2-grams that never cross an item boundary.

A firm is its name, its products with revenue shares, and its 经营范围. Every item has a weight: 0.15 + √share for a product,
1/(1 + 0.4·rank) for the item at 0-based ``rank`` of the scope, a constant for the name. The weights of a gram are summed over the
items, damped by ln(1 + x), multiplied by idf = ln((1 + N)/(1 + df)) + 1 and scaled to unit length (Salton & Buckley,
*Inf. Process. Manage.* 24 (1988) 513–523; weights measured for this project). All of a chunk is one array of code points.

>>> texts = [ItemText("甲厂", (("电机", 0.9), ("水泵", 0.1))), ItemText("乙厂", scope="电机、风机的制造。（依法须经批准的项目，经批准后方可开展）")]
>>> features = ItemFeatures(min_df=1).fit(texts)
>>> features.transform(texts).shape == (2, features.size)
True
>>> [item for item, _ in scope_items(texts[1].scope)]
['电机', '风机的制造']
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]

from liantu.methods.text import Ints, code_points

_BRACKET = re.compile(r"[(（\[【〔]([^()（）\[\]【】〔〕]{0,80})[)）\]】〕]")
_SPLIT = re.compile(r"[;；,，、。:：|!！?？^*#()（）\[\]【】<>《》\"“”'‘’\s]+")
_LEGAL = re.compile(
    r"依法|须经|审批|批准|方可|不得|禁止|不含|除外|许可|资质|为准|限制|有效期|法律|法规|国务院|国家|规定|凭.*证|自主|另行|专营|专控|专项|"
    r"以上|上述|涉及|具体项目|分支机构|一般项目|一般经营项目|无\)?$"
)
_HEAD = re.compile(r"^(?:\d{1,2}[.、．]?|[一二三四五六七八九十][.、．]|[Ⅰ-Ⅹ①-⑳]|主营|兼营|经营范围|经营项目|从事|其中|包括|主要|各种|各类|本公司|本企业|公司|及其|其他)+")
_NAME_NOISE = re.compile(r"股份|有限|责任|公司|集团|控股|\(.*?\)|（.*?）")


@dataclass(frozen=True)
class ItemText:
    """One firm: ``products`` are (word, share of revenue 0–1), ``scope`` is 经营范围 as registered; any part may be empty."""

    name: str = ""
    products: tuple[tuple[str, float], ...] = ()
    scope: str = ""


def name_core(name: str) -> str:
    """The name without legal form and brackets: 某某锅炉股份有限公司 → 某某锅炉."""
    return _NAME_NOISE.sub("", name) or name


def _bracket(match: re.Match[str]) -> str:
    inside = match.group(1)
    return "、" if len(inside) < 2 or _LEGAL.search(inside) else f"、{inside}、"


def scope_items(scope: str, damping: float = 0.4, at_most: int = 60) -> list[tuple[str, float]]:
    """Items of a 经营范围 without boilerplate, each with its weight 1/(1 + ``damping``·rank)."""
    plain = _BRACKET.sub(_bracket, scope)
    items = (_HEAD.sub("", piece) for piece in _SPLIT.split(plain))
    kept = [item for item in items if len(item) >= 2 and not _LEGAL.search(item)]
    return [(item, 1.0 / (1.0 + damping * rank)) for rank, item in enumerate(kept[:at_most])]


@dataclass(frozen=True)
class ItemWeights:
    """How much each kind of item counts; ``name`` is the weight of the name beside products, ``name_alone`` without any; 0 leaves it out."""

    name: float = 0.6
    name_alone: float = 1.5
    product_base: float = 0.15
    scope: float = 1.0
    scope_damping: float = 0.4


class ItemFeatures:
    """Learns the grams of some texts and turns texts into rows of unit length (float32)."""

    def __init__(self, weights: ItemWeights | None = None, *, min_df: int = 2, max_features: int = 200_000, name_apart: bool = False) -> None:
        self.weights = weights or ItemWeights()
        self.min_df, self.max_features, self.name_apart = min_df, max_features, name_apart

    def items(self, text: ItemText) -> list[tuple[str, float, int]]:
        """(item, weight, 1 for the name else 0) of one firm."""
        w = self.weights
        name = w.name if text.products else w.name_alone
        found = [(name_core(text.name), name, 1)] if text.name and name else []
        found += [(word, w.product_base + min(max(share, 0.0), 1.0) ** 0.5, 0) for word, share in text.products]
        return found + [(item, w.scope * weight, 0) for item, weight in scope_items(text.scope, w.scope_damping)]

    def _grams(self, texts: Sequence[ItemText]) -> tuple[Ints, Ints, NDArray[np.float32]]:
        """(row, key, weight) of every gram; keys are code points, pairs (first + 1)·2¹⁶ + second, names shifted by 2⁴⁰."""
        strings: list[str] = []
        weight: list[float] = []
        row: list[int] = []
        part: list[int] = []
        for at, text in enumerate(texts):
            for item, value, kind in self.items(text):
                strings.append(item)
                weight.append(value)
                row.append(at)
                part.append(kind)
        points = code_points("".join(strings)).astype(np.int64)
        item_of = np.repeat(np.arange(len(strings)), [len(s) for s in strings])
        ink = points != 32
        points, item_of = points[ink], item_of[ink]
        together = item_of[:-1] == item_of[1:]
        pairs = ((points[:-1] + 1) << 16 | points[1:])[together]
        owner = np.concatenate((item_of, item_of[:-1][together]))
        keys = np.concatenate((points, pairs))
        if self.name_apart:
            keys = keys + (np.asarray(part, np.int64)[owner] << 40)
        return np.asarray(row, np.int64)[owner], keys, np.asarray(weight, np.float32)[owner]

    def fit(self, texts: Sequence[ItemText]) -> ItemFeatures:
        """Learn the grams that at least ``min_df`` of the texts hold (the most frequent ``max_features``) and their idf."""
        row, keys, _ = self._grams(texts)
        known: Ints = np.unique(keys)
        number: Ints = np.searchsorted(known, keys).astype(np.int64)
        once: Ints = np.unique(number * max(len(texts), 1) + row)
        df = np.bincount(once // max(len(texts), 1), minlength=len(known))
        kept = np.flatnonzero(df >= self.min_df)
        if len(kept) > self.max_features:
            kept = np.sort(kept[np.argsort(-df[kept], kind="stable")[: self.max_features]])
        self.keys: Ints = known[kept]
        self.idf: NDArray[np.float32] = (np.log((1.0 + len(texts)) / (1.0 + df[kept])) + 1.0).astype(np.float32)
        return self

    @property
    def size(self) -> int:
        """Number of features."""
        return len(self.keys)

    def transform(self, texts: Sequence[ItemText]) -> sparse.csr_matrix:
        """(len(texts) × ``size``) rows of unit length; a text without a known gram is an empty row."""
        counts = self.counts(texts)
        counts.data = np.log1p(counts.data) * self.idf[counts.indices]
        squares = np.add.reduceat(np.append(counts.data**2, 0.0), counts.indptr[:-1]) if counts.shape[0] else np.empty(0)
        lengths = np.diff(counts.indptr)
        norm = np.where(lengths > 0, np.sqrt(np.maximum(squares, 1e-12)), 1.0).astype(np.float32)
        counts.data = (counts.data / np.repeat(norm, lengths)).astype(np.float32)
        return counts

    def counts(self, texts: Sequence[ItemText]) -> sparse.csr_matrix:
        """Summed item weights of every known gram, (len(texts) × ``size``) float32, before damping and idf."""
        row, keys, weight = self._grams(texts)
        at = np.searchsorted(self.keys, keys)
        at[at == len(self.keys)] = 0
        hit = self.keys[at] == keys if len(self.keys) else np.zeros(len(keys), dtype=bool)
        return sparse.csr_matrix((weight[hit], (row[hit], at[hit])), shape=(len(texts), len(self.keys)), dtype=np.float32)
