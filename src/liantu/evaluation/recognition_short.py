"""Short names that people really use → full names: listed firms, alone and among 200,000 other registered names.

Five folds over firms in each round: a firm is judged by a model that did not see it.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from liantu.enterprises.matching import national_regions
from liantu.evaluation.report import Asked, Measure, over_seeds, share
from liantu.methods.firm_names import listing_name
from liantu.methods.linkage import KINDS, NameIndex, Pairs, Side, each_once_score
from liantu.methods.pair_model import PairModel
from liantu.methods.text import Floats

MARKS = {0: (0.965, 0.952), 200_000: (0.90, 0.873)}


@dataclass(frozen=True)
class Short:
    """Short names, candidates among full names, and which pairs are one firm (same listing code)."""

    names: list[str]
    index: NameIndex
    asked: Side
    pairs: Pairs
    features: NDArray[np.float32]
    hit: NDArray[np.bool_]


def labelled(folder: Path, others: int) -> Short:
    """Read listed firms; ``others`` registered names that are not theirs stand between them."""
    codes: dict[str, set[str]] = defaultdict(set)
    asked: dict[str, set[str]] = defaultdict(set)
    with (folder / "chainkg_company.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            code = row["code"][:6]
            codes[row["fullname"]].add(code)
            asked[row["name"]].add(code)
    full = list(codes)
    if others:
        registered = pl.read_parquet(folder / "registry_300k.parquet", columns=["name"])["name"].unique().sort()
        full += [n for n in registered.sample(min(others, len(registered)), seed=1).to_list() if n not in codes]
    short = list(asked)
    index = NameIndex(full, regions=national_regions(), nearest=30)
    side = index.read([listing_name(s) for s in short])
    pairs = index.candidates(side)
    hit = np.array([bool(asked[short[i]] & codes.get(full[j], set())) for i, j in zip(pairs.asked.tolist(), pairs.known.tolist(), strict=True)])
    return Short(short, index, side, pairs, index.features(side, pairs, "short"), hit)


def run(asked: Asked) -> list[Measure]:
    """Top-1 and top-3, beside cosine alone."""
    measures: list[Measure] = []
    for others in (0,) if asked.quick or not (asked.data / "registry_300k.parquet").is_file() else (0, 200_000):
        asked.progress(f"简称：另有 {others} 个名称混入")
        measures += _measure(labelled(asked.data, others), others, asked)
    return measures


def _measure(short: Short, others: int, asked: Asked) -> list[Measure]:
    n, group = len(short.names), f"混入 {others} 个名称"
    by_case: dict[str, dict[Any, list[float]]] = {m: defaultdict(list) for m in ("top-1", "top-3", "once", "exact")}
    for seed in range(asked.seeds):
        fold = np.random.default_rng(seed).integers(0, 5, n)[short.pairs.asked]
        score = np.zeros(len(fold))
        for k in range(5):
            model = PairModel.fit(short.features[fold != k], short.hit[fold != k], KINDS["short"], trees=120, leaves=12, seed=seed)
            score[fold == k] = model.probability(short.features[fold == k])
        for metric, top, values in (("top-1", 1, score), ("top-3", 3, score), ("once", 1, each_once_score(short.pairs, score))):
            for at, right in enumerate(_right(short, values, top, n)):
                by_case[metric][at].append(float(right))
    target, floor = MARKS[others]
    plain = _right(short, short.pairs.cosine, 1, n)
    found = np.zeros(n, dtype=bool)
    found[short.pairs.asked[short.hit]] = True
    return [
        over_seeds("short_names", "top-1", "liantu", by_case["top-1"], seeds=asked.seeds, group=group, target=target, floor=floor),
        over_seeds("short_names", "top-1", "liantu，每家只认一次", by_case["once"], seeds=asked.seeds, group=group, note="清单对清单时可用：一家企业只对一个简称"),
        over_seeds("short_names", "top-3", "liantu", by_case["top-3"], seeds=asked.seeds, group=group),
        share("short_names", "top-1", "词频余弦", int(plain.sum()), n, group=group),
        share("short_names", "候选中含正确企业", "候选", int(found.sum()), n, group=group),
    ]


def _right(short: Short, score: Floats, top: int, n: int) -> NDArray[np.bool_]:
    """Whether one of the ``top`` best candidates of each short name is right."""
    order = np.lexsort((-score, short.pairs.asked))
    row = short.pairs.asked[order]
    place = np.arange(len(row)) - np.searchsorted(row, row)
    right = np.zeros(n, dtype=bool)
    right[row[(place < top) & short.hit[order]]] = True
    return right
