"""Firm → class of three levels: from products with shares, and from 经营范围 with the name; beside three plain ways.

Each round draws three tenths of the labelled firms as test, spread over the second level; settings were chosen by inner folds on
round 0's training part. ``ten folds`` judges every firm by a machine trained on nine tenths.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.metrics import f1_score  # type: ignore[import-untyped]
from sklearn.svm import LinearSVC  # type: ignore[import-untyped]

from liantu.evaluation.listed_firms import ListedFirm, class_names, listed_firms, stratified
from liantu.evaluation.report import Asked, Measure, over_seeds
from liantu.methods.classify import TreeClassifier, calibration_error, confidence_of
from liantu.methods.item_text import ItemFeatures, ItemText, ItemWeights
from liantu.methods.retrieval import Bm25, vote
from liantu.methods.text import Floats, Ints

LEVELS = ("一级", "二级", "三级")
MARKS = {"产品＋名称": ((0.80, 0.79), (0.68, 0.665), (0.57, 0.55)), "经营范围＋名称": ((0.74, 0.71), (0.60, 0.57), (0.46, 0.43))}
TOP3 = ((0.95, 0.946), (0.86, 0.852), (0.76, 0.739))
COVER = ((0.72, 0.69), (0.40, 0.36), (None, 0.12))
PROMISE = 0.9
Cases = dict[tuple[str, str, int], dict[Any, list[float]]]


def run(asked: Asked) -> list[Measure]:
    """All figures of the protocol for the data of the folder."""
    firms = [f for f in listed_firms(asked.data) if f.path]
    names = class_names(asked.data)
    cases: Cases = defaultdict(lambda: defaultdict(list))
    macro: dict[tuple[str, int], list[float]] = defaultdict(list)
    sure: dict[tuple[str, int], list[tuple[Floats, Any]]] = defaultdict(list)
    notes: dict[str, str] = {}
    for seed in range(asked.seeds):
        asked.progress(f"分类：第 {seed + 1} 轮，共 {asked.seeds} 轮")
        train, test = stratified([f.path[1] for f in firms if f.path], 0.3, seed)
        learn, judge = [firms[i] for i in train], [firms[i] for i in test]
        notes["产品＋名称"] = f"训练 {len(learn)} 家"
        machine = _machine(learn, names).fit([f.by_products for f in learn], _paths(learn))
        _judge("产品＋名称", machine, [f.by_products for f in judge], judge, cases, macro)
        _confidence(machine, learn, judge, cases, sure)
        if not asked.quick or seed == 0:
            _plain(learn, judge, names, cases)
        _scopes(learn, judge, names, cases, macro, notes)
    if not asked.quick:
        _ten_folds(firms, names, cases, asked)
    return _measures(cases, macro, sure, asked, notes)


def _paths(firms: Sequence[ListedFirm]) -> list[tuple[str, ...]]:
    return [f.path for f in firms if f.path]


def _machine(learn: Sequence[ListedFirm], names: dict[str, str], items: ItemWeights | None = None) -> TreeClassifier:
    """Every class of the published tree is known by its name, also those that no firm of the training part has."""
    leaves = [(code[:2], code[:4], code) for code in sorted(names) if len(code) == 6]
    return TreeClassifier(names, leaves, items=items)


def _judge(what: str, machine: TreeClassifier, texts: list[ItemText], judge: Sequence[ListedFirm], cases: Cases, macro: dict[tuple[str, int], list[float]]) -> None:
    found = machine.scores(texts)
    for level in range(3):
        classes = machine.classes[level]
        share = found.shares[level]
        order = np.argsort(-share, axis=1)[:, :3]
        truth = [f.path[level] for f in judge if f.path]
        best = [classes[i] for i in order[:, 0]]
        surer = share.max(axis=1) >= np.quantile(share.max(axis=1), 0.2)
        for at, firm in enumerate(judge):
            cases[what, "top-1", level][firm.code].append(float(best[at] == truth[at]))
            cases[what, "top-3", level][firm.code].append(float(truth[at] in [classes[i] for i in order[at]]))
            if surer[at]:
                cases[what, "top-1，最有把握的 80%", level][firm.code].append(float(best[at] == truth[at]))
        macro[what, level].append(float(f1_score(truth, best, labels=sorted(set(truth)), average="macro", zero_division=0)))


def _confidence(machine: TreeClassifier, learn: Sequence[ListedFirm], judge: Sequence[ListedFirm], cases: Cases,
                sure: dict[tuple[str, int], list[tuple[Floats, Any]]]) -> None:
    lines = confidence_of([f.by_products for f in learn], _paths(learn), machine)
    found = machine.scores([f.by_products for f in judge])
    for level, line in enumerate(lines):
        best = [machine.classes[level][i] for i in found.shares[level].argmax(axis=1)]
        right = np.array([b == f.path[level] for b, f in zip(best, judge, strict=True) if f.path])
        signs = found.signs(level)
        taken = line.accepts(signs, PROMISE)
        for at, firm in enumerate(judge):
            cases["产品＋名称", f"承诺 {PROMISE:.0%} 时可自动采纳", level][firm.code].append(float(taken[at]))
            if taken[at]:
                cases["产品＋名称", "自动采纳部分的实际准确率", level][firm.code].append(float(right[at]))
        sure["产品＋名称", level].append((line.probability(signs), right))


def _plain(learn: Sequence[ListedFirm], judge: Sequence[ListedFirm], names: dict[str, str], cases: Cases) -> None:
    """Names of classes as substrings, BM25 with 15 neighbours, and one flat machine per level."""
    told = ["、".join((f.name, *(p for p, _ in f.products))) for f in judge]
    bm25 = Bm25(["、".join((f.name, *(p for p, _ in f.products))) for f in learn]).scores(told)
    features = ItemFeatures()
    x = features.fit([f.by_products for f in learn]).transform([f.by_products for f in learn])
    asked = features.transform([f.by_products for f in judge])
    for level in range(3):
        classes = sorted({f.path[level] for f in learn if f.path})
        y = [classes.index(f.path[level]) for f in learn if f.path]
        flat = LinearSVC(C=1.0, dual=True, max_iter=200, random_state=0).fit(x, y)
        answers = {
            "类名作关键词": _keywords(told, classes, names),
            "BM25＋15 近邻": vote(bm25, y, len(classes)).argmax(axis=1),
            "单级支持向量机": flat.predict(asked),
        }
        for method, best in answers.items():
            for at, firm in enumerate(judge):
                cases[method, "top-1", level][firm.code].append(float(bool(firm.path) and classes[int(best[at])] == (firm.path or ("",) * 3)[level]))


def _keywords(texts: Sequence[str], classes: Sequence[str], names: dict[str, str]) -> Ints:
    """The class whose name, or the longest name of its children, occurs most often; ties go to the first."""
    words = [{n.rstrip("ⅠⅡⅢ") for c, n in names.items() if c.startswith(code)} for code in classes]
    count = np.array([[sum(text.count(w) * len(w) for w in known) for known in words] for text in texts])
    return np.asarray(count.argmax(axis=1))


def _scopes(learn: Sequence[ListedFirm], judge: Sequence[ListedFirm], names: dict[str, str], cases: Cases,
            macro: dict[tuple[str, int], list[float]], notes: dict[str, str]) -> None:
    """Learn from products and scopes, judge by scope and name only."""
    told = [f for f in judge if f.scope]
    if not told:
        return
    scoped = [f for f in learn if f.scope]
    texts = [f.by_products for f in learn] + [f.by_scope for f in scoped]
    machine = _machine(learn, names).fit(texts, _paths(learn) + _paths(scoped))
    notes["经营范围＋名称"] = f"训练 {len(learn)} 家，其中有经营范围 {len(scoped)} 家"
    _judge("经营范围＋名称", machine, [f.by_scope for f in told], told, cases, macro)


def _ten_folds(firms: Sequence[ListedFirm], names: dict[str, str], cases: Cases, asked: Asked) -> None:
    fold = np.random.default_rng(0).permutation(len(firms)) % 10
    for k in range(10):
        asked.progress(f"分类：十折第 {k + 1} 折")
        learn, judge = [f for f, at in zip(firms, fold, strict=True) if at != k], [f for f, at in zip(firms, fold, strict=True) if at == k]
        machine = _machine(learn, names).fit([f.by_products for f in learn], _paths(learn))
        found = machine.scores([f.by_products for f in judge])
        for level in range(3):
            best = [machine.classes[level][i] for i in found.shares[level].argmax(axis=1)]
            for answer, firm in zip(best, judge, strict=True):
                cases["产品＋名称（十折）", "top-1", level][firm.code].append(float(bool(firm.path) and answer == (firm.path or ("",) * 3)[level]))


def _measures(cases: Cases, macro: dict[tuple[str, int], list[float]], sure: dict[tuple[str, int], list[tuple[Floats, Any]]],
              asked: Asked, notes: dict[str, str]) -> list[Measure]:
    measures = []
    for (method, metric, level), by_case in cases.items():
        marks = MARKS.get(method.removesuffix("（十折）"), ((None, None),) * 3)[level] if metric == "top-1" else (None, None)
        if metric == "top-3" and method == "产品＋名称":
            marks = TOP3[level]
        if "可自动采纳" in metric:
            marks = COVER[level]
        if "实际准确率" in metric:
            marks = (PROMISE, PROMISE - 0.02)
        measures.append(over_seeds("classes", metric, method, by_case, seeds=1 if "十折" in method else asked.seeds, group=LEVELS[level],
                                   target=marks[0], floor=marks[1], note=notes.get(method, "") if metric == "top-1" else ""))
    for (method, level), values in macro.items():
        measures.append(Measure("classes", "宏平均 F1", method, float(np.mean(values)), LEVELS[level], n=len(cases[method, "top-1", level]), seeds=len(values)))
    for (method, level), pairs in sure.items():
        error = calibration_error(np.concatenate([p for p, _ in pairs]), np.concatenate([r for _, r in pairs]))
        each = [calibration_error(p, r) for p, r in pairs]
        measures.append(Measure("classes", "校准误差 ECE（各轮合并）", method, error, LEVELS[level], n=sum(len(r) for _, r in pairs), seeds=len(pairs),
                                target=0.03, floor=0.03, note=f"单轮 {min(each):.3f}–{max(each):.3f}，含抽样噪声"))
    order = {m: i for i, m in enumerate(dict.fromkeys(m.metric for m in measures))}
    return sorted(measures, key=lambda m: (order[m.metric], m.group != "一级", m.group != "二级", list(MARKS).index(m.method) if m.method in MARKS else 9))
