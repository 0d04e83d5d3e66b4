"""One firm under many names: precision and recall of the packaged model, of one grown anew each round, and of plain ways.

Lines for a wanted precision are set on the development part (three tenths, fixed by the text; the anew-grown model by two halves of
it that judge each other); everything is judged on the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from liantu.enterprises.matching import pair_models
from liantu.evaluation.name_pairs import NamePairs, line_for, load, sizes
from liantu.evaluation.recognition_model import LEAVES, TREES
from liantu.evaluation.report import Asked, Measure, over_seeds, share
from liantu.kernel.parameter import parameter
from liantu.methods.linkage import KINDS
from liantu.methods.pair_model import PairModel
from liantu.methods.text import Floats, Ints

TOLD = {"name": "仅名称", "context": "名称＋城市＋地址"}
WANTED = {"name": 0.995, "context": 0.997}
MARKS = {"name": ((0.995, 0.99), (0.965, 0.956)), "context": ((0.997, 0.994), (0.99, 0.985))}
BRUTE = 6000  # names up to which every pair is compared


def run(asked: Asked) -> list[Measure]:
    """All sizes of the folder; a quick run takes the smallest."""
    measures: list[Measure] = []
    for size in sizes(asked.data)[: 1 if asked.quick else None]:
        asked.progress(f"识别：{size} × {size} 个名称")
        names = load(asked.data, size, pair_models())
        for kind in ("name", "context"):
            measures += _packaged(names, kind) + _anew(names, kind, asked)
        measures += _plain(names)
        found = np.zeros(len(names.truth), dtype=bool)
        found[names.pairs.asked[names.hit]] = True
        true = names.truth >= 0
        measures.append(share("names", "候选中含正确企业", "候选", int(found[true].sum()), int(true.sum()), group=f"{size}", note=f"每个名称 {len(names.hit) / len(true):.1f} 个候选"))
    return measures


def _packaged(names: NamePairs, kind: str) -> list[Measure]:
    """The model and the line that the package ships, as a user gets them."""
    line = parameter("recognition").value["accept"]
    found = names.index.choose(names.asked, names.pairs, names.index.score(names.asked, names.pairs, kind))
    method, group = f"liantu（{TOLD[kind]}）", f"{names.size}"
    accepted = (found.probability >= line) & ~names.dev
    measures = _shares(names, method, group, found.at, accepted, MARKS[kind], f"随包模型，门槛 {line:g}")
    for name in sorted(set(names.kind.tolist())):
        part = (names.kind == name) & ~names.dev
        taken, right = int(accepted[part].sum()), int((accepted & (found.at == names.truth))[part].sum())
        if name.startswith("neg"):
            measures.append(share("names", "误认率", method, taken, int(part.sum()), group=f"{group} {name}"))
        else:
            measures.append(share("names", "召回率", method, right, int(part.sum()), group=f"{group} {name}"))
    return measures


def _shares(names: NamePairs, method: str, group: str, at: Ints, accepted: NDArray[np.bool_], marks: Any, note: str) -> list[Measure]:
    right = accepted & (at == names.truth)
    true = int(((names.truth >= 0) & ~names.dev).sum())
    return [share("names", "准确率", method, int(right.sum()), int(accepted.sum()), group=group, target=marks[0][0], floor=marks[0][1], note=note),
            share("names", "召回率", method, int(right.sum()), true, group=group, target=marks[1][0], floor=marks[1][1], note=note)]


def _anew(names: NamePairs, kind: str, asked: Asked) -> list[Measure]:
    """Grown on nine tenths of the development part, drawn anew each round; the line for the wanted precision by its two halves."""
    x = names.index.features(names.asked, names.pairs, kind)
    precision: dict[Any, list[float]] = defaultdict(list)
    recall: dict[Any, list[float]] = defaultdict(list)
    lines = []
    for seed in range(asked.seeds):
        draw = np.random.default_rng(seed).random(len(names.truth))
        part = np.where(names.dev & (draw < 0.9), np.where(draw < 0.45, 1, 2), 0)[names.pairs.asked]
        score = _grow(x, names, part > 0, kind, seed).probability(x)
        for half in (1, 2):
            score[part == half] = _grow(x, names, part == 3 - half, kind, seed).probability(x[part == half])
        found = names.index.choose(names.asked, names.pairs, score)
        right = found.at == names.truth
        inner = names.dev & (draw < 0.9)
        line = line_for(found.probability[inner], right[inner], WANTED[kind])
        lines.append(line)
        for at in np.flatnonzero(~names.dev):
            accepted = found.probability[at] >= line
            if accepted:
                precision[at].append(float(right[at]))
            if names.truth[at] >= 0:
                recall[at].append(float(accepted and right[at]))
    note = f"开发集重训，门槛 {min(lines):.2f}–{max(lines):.2f}（按准确率 {WANTED[kind]}）"
    marks, method = MARKS[kind], f"liantu 重训（{TOLD[kind]}）"
    return [over_seeds("names", "准确率", method, precision, seeds=asked.seeds, group=f"{names.size}", target=marks[0][0], floor=marks[0][1], note=note),
            over_seeds("names", "召回率", method, recall, seeds=asked.seeds, group=f"{names.size}", target=marks[1][0], floor=marks[1][1], note=note)]


def _grow(x: NDArray[np.float32], names: NamePairs, rows: NDArray[np.bool_], kind: str, seed: int) -> PairModel:
    return PairModel.fit(x[rows], names.hit[rows], KINDS[kind], trees=TREES, leaves=LEAVES, seed=seed)


def _plain(names: NamePairs) -> list[Measure]:
    """Equal text, equal key, cosine with a line, and (small registers) likeness of every pair."""
    none = ((None, None), (None, None))
    measures = []
    raw = _equal(names.asked_names, names.names)
    measures += _shares(names, "原样相等", f"{names.size}", raw, (raw >= 0) & ~names.dev, none, "")
    key = _equal(names.asked.key, names.index.side.key)
    measures += _shares(names, "规范后相等", f"{names.size}", key, (key >= 0) & ~names.dev, none, "")
    best = names.pairs.rank == 0
    at, score = np.full(len(names.truth), -1), np.zeros(len(names.truth))
    at[names.pairs.asked[best]], score[names.pairs.asked[best]] = names.pairs.known[best], names.pairs.cosine[best]
    measures += _lined(names, "词频余弦加门槛", at, score)
    if names.size <= BRUTE:
        table = cdist(names.asked.key, names.index.side.key, scorer=fuzz.ratio, workers=2, dtype=np.uint8)
        measures += _lined(names, "逐对编辑距离加门槛", table.argmax(axis=1), table.max(axis=1) / 100)
    return measures


def _lined(names: NamePairs, method: str, at: Ints, score: Floats) -> list[Measure]:
    """The line of the best F1 on the development part."""
    right, true = at == names.truth, (names.truth >= 0) & names.dev
    options = np.unique(np.round(score[names.dev], 2))
    f1: Callable[[float], float] = lambda line: 2 * (right & (score >= line) & names.dev).sum() / max(((score >= line) & names.dev).sum() + true.sum(), 1)  # noqa: E731
    line = max(options.tolist(), key=f1)
    return _shares(names, method, f"{names.size}", at, (score >= line) & ~names.dev, ((None, None), (None, None)), f"门槛 {line:.2f}（开发集 F1 最高）")


def _equal(asked: list[str], known: list[str]) -> Ints:
    place: dict[str, int] = {}
    for at, name in enumerate(known):
        place[name] = -1 if name in place else at
    return np.array([place.get(name, -1) for name in asked])
