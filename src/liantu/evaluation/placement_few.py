"""Firm → class of three levels with no label and with 100, 300, 1,000 labels; beside class names as keywords and a plain machine.

The firms are cut in two halves by a hash of their stock code. Settings are first values; variants tried on the development half made no
difference. Figures are of the other half. The text of all firms and of 10,000 firms of the register, never a label, serves for idf, the space of meaning and self-training. Labels are drawn from the development half.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from liantu.evaluation.listed_firms import ListedFirm, class_names, listed_firms, table
from liantu.evaluation.register_space import space_of
from liantu.evaluation.report import Asked, Measure, over_seeds
from liantu.methods.text import Floats
from liantu.methods.zero_shot import Entry, ZeroShot, decide, mixed_by_folds

LEVELS = ("一级", "二级", "三级")
LABELS = (100, 300, 1000)
ZERO = ((0.75, 0.735), (0.50, 0.477), (None, 0.343))
FEW = {(100, 0): (None, 0.678), (100, 1): (0.50, 0.442), (100, 2): (None, 0.310), (300, 0): (None, 0.710), (300, 1): (None, 0.482),
       (300, 2): (None, 0.334), (1000, 0): (None, 0.755), (1000, 1): (None, 0.605), (1000, 2): (None, 0.447)}
Cases = dict[tuple[str, int, str], dict[Any, list[float]]]


def run(asked: Asked) -> list[Measure]:
    """All figures of the protocol for the data of the folder."""
    firms = listed_firms(asked.data)
    names = class_names(asked.data)
    leaves = [(code[:2], code[:4], code) for code in sorted(names) if len(code) == 6]
    asked.progress("少样本：不用标签")
    machine = ZeroShot(names, leaves, entries_of(asked.data), space=space_of(asked.data)).fit([f.by_products for f in firms])
    test = [i for i, f in enumerate(firms) if f.path and not is_dev(f.code)]
    pool = [i for i, f in enumerate(firms) if f.path and is_dev(f.code) and f.path in set(machine.leaves)]
    if asked.quick and len(test) > 1000:
        test = sorted(np.random.default_rng(0).choice(test, 1000, replace=False).tolist())
    cases: Cases = defaultdict(lambda: defaultdict(list))
    _judge("0", "类名作关键词", _keywords(firms, machine), machine, firms, test, cases)
    _judge("0", "描述余弦", machine.cosine, machine, firms, test, cases)
    _judge("0", "描述＋自训练", machine.shares, machine, firms, test, cases)
    notes: dict[str, list[list[float]]] = defaultdict(list)
    for seed in range(asked.seeds):
        for n in LABELS[:1] if asked.quick else LABELS:
            if n > len(pool):
                continue
            asked.progress(f"少样本：{n} 个标签，第 {seed + 1} 轮")
            drawn = np.random.default_rng(1000 * seed + n).choice(pool, n, replace=False).tolist()
            known = {i: firms[i].path or ("", "", "") for i in drawn}
            _judge(str(n), "支持向量机", _plain(machine, known), machine, firms, test, cases)
            shares, weights = mixed_by_folds(machine, known)
            notes[str(n)].append(weights)
            _judge(str(n), "支持向量机＋零标签", shares, machine, firms, test, cases)
    return _measures(cases, notes, asked)


def is_dev(code: str) -> bool:
    """Whether a stock code lies in the fixed half on which settings are chosen."""
    return hashlib.sha256(code.encode()).digest()[0] % 2 == 0


def entries_of(folder: Path) -> list[Entry]:
    """The entries of GB/T 4754 with notes, from the folder; none when it has no such file."""
    if not (folder / "gbt4754_2017.csv").is_file():
        return []
    rows = table(folder, "gbt4754_2017.csv").iter_rows(named=True)
    return [Entry(r["name"], r["description"]) for r in rows if r["level"] in ("2", "3", "4")]


def _plain(machine: ZeroShot, known: dict[int, tuple[str, str, str]]) -> list[Floats]:
    rows = sorted(known)
    found = []
    for level, classes in enumerate(machine.classes):
        y = np.array([classes.index(known[i][level]) for i in rows])
        found.append(decide(machine.x[rows], y, np.ones(len(rows)), machine.x, len(classes), 1.0))
    return found


def _keywords(firms: Sequence[ListedFirm], machine: ZeroShot) -> list[Floats]:
    """How many characters of the names of a class and its children occur in the firm's words."""
    told = ["、".join((f.name, *(p for p, _ in f.products))) for f in firms]
    count = {c: np.array([text.count(word) * len(word) for text in told], float) if (word := name.rstrip("ⅠⅡⅢ")) else np.zeros(len(told))
             for c, name in machine.named.items()}
    return [np.column_stack([sum((v for c, v in count.items() if c.startswith(code)), np.zeros(len(told))) for code in level]) for level in machine.classes]


def _judge(n: str, method: str, scores: list[Floats], machine: ZeroShot, firms: Sequence[ListedFirm], test: list[int], cases: Cases) -> None:
    for level, classes in enumerate(machine.classes):
        best = scores[level][test].argmax(axis=1)
        for at, i in enumerate(test):
            cases[n, level, method][firms[i].code].append(float(classes[best[at]] == (firms[i].path or ("",) * 3)[level]))


def _measures(cases: Cases, notes: dict[str, list[list[float]]], asked: Asked) -> list[Measure]:
    measures = []
    for (n, level, method), by_case in cases.items():
        marks: tuple[float | None, float | None] = (None, None)
        if method == "描述＋自训练":
            marks = ZERO[level]
        note = "所有企业的文字不带标签参与" if n == "0" and level == 0 else ""
        if method == "支持向量机＋零标签":
            marks = FEW[int(n), level]
            note = f"标签的权重由内部五折选定：{np.mean([w[level] for w in notes[n]]):.2f}"
        measures.append(over_seeds("few", f"top-1，{n} 个标签", method, by_case, seeds=1 if n == "0" else asked.seeds, group=LEVELS[level],
                                   target=marks[0], floor=marks[1], note=note))
    return measures
