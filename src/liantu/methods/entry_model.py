"""What takes root next in a region: a calibrated probability for every region × industry that is not there yet, learned from one past transition.

Features of a cell at the start (:mod:`~liantu.methods.entry_features`) and relations learned from how other regions changed (:mod:`~liantu.methods.entry_links`)
go to a logistic model, boosted trees and a forest; the mean of their ranks is the score, isotonic regression on regions not used in learning makes a probability of it.
With few entries trees lose to plain scores (measured on 135), so they are left out; with next to none, or across a change in the way
of counting (measured: what was learned there lost to plain scores), only label-free scores are ranked.
Nothing after the layer asked about is ever read; the figures of :class:`EntryModel` ``.calibration`` are out of fold.

Sources: Albora, Zaccaria, *Complexity* 2022, 2095048; Hidalgo et al. (2007); Steck (2019); Breiman (2001), Geurts et al. (2006), Friedman (2001), learners.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from liantu.methods.complexity import Floats
from liantu.methods.entry_calibration import Calibration, Curve, curve, measured, out_of_fold
from liantu.methods.entry_features import Layer, layer
from liantu.methods.entry_learners import LINES, Learner, Logistic, Places, learners
from liantu.methods.entry_links import NAMES as LEARNED
from liantu.methods.entry_links import Links, folds_of, learn_links
from liantu.methods.entry_panel import HIGH, LOW, EntryPanel, Flags, Ints, Transition, crosses, in_words, shuffled, transition
from liantu.methods.recommenders import contributions

FEW, HARDLY_ANY = 250, 30
"""Entries below which no trees are grown, and below which nothing is learned from labels."""
TRAINING, CALIBRATING = 40_000, 120_000
LABEL_FREE = ("ease_presence", "alike", "density")
CHUNK = 200_000  # cells
CROSSED = "学习用的两个年份之间统计口径有变，没有从中学：只按三种不用标签的得分排，概率只作参考 (the way of counting changed in between: label-free scores, probabilities are only indicative)"


@dataclass(frozen=True)
class Entry:
    """What may come, (R, I): ``score`` and ``probability`` NaN where the industry is there already (not ``eligible``); ``base_rate`` = share of all eligible cells that entered in the transition learned from."""

    probability: Floats
    score: Floats
    eligible: Flags
    base_rate: float


@dataclass(frozen=True)
class Plain:
    """A label-free score used as it is."""

    column: int

    def __call__(self, z: Floats) -> Floats:
        found: Floats = z[:, self.column]
        return found


@dataclass(frozen=True)
class EntryModel:
    """Learned on one transition; ``how`` says in words what was learned and from how much. ``threshold``: the score that gave the best F1 out of fold."""

    how: str
    calibration: Calibration
    entries: int
    span: int
    threshold: float
    names: tuple[str, ...]
    out_of_fold: tuple[Floats, Flags, Ints]
    _families: Sequence[Sequence[Learner | Plain]] = field(repr=False)
    _links: Links | None = field(repr=False)
    _places: Places | None = field(repr=False)
    _curve: Curve | None = field(repr=False)
    _shape: tuple[int, int] = field(repr=False)
    _seen: list[tuple[EntryPanel, int, Layer]] = field(repr=False, default_factory=list)

    def predict(self, panel: EntryPanel, at: int, *, years: float | None = None) -> Entry:
        """From the layer ``at`` on, for as long as the transition learned from, or ``years``. ValueError in words where the layer holds too little."""
        if panel.values.shape[2] != self._shape[1]:
            raise ValueError(f"the model knows {self._shape[1]} industries, the panel has {panel.values.shape[2]}")
        now = self._layer(panel, at)
        eligible = now.quotient < LOW
        score = np.full(eligible.shape, np.nan)
        step = max(CHUNK // eligible.shape[1], 1)
        for low in range(0, len(eligible), step):
            rows = np.zeros(len(eligible), dtype=bool)
            rows[low:low + step] = True
            cells = eligible & rows[:, None]
            if cells.any():
                score[cells] = self._score(_table(now, self._learned(now, rows), cells, rows, self.names))
        if self._curve is None:
            return Entry(np.full(score.shape, np.nan), score, eligible, float("nan"))
        horizon = 1.0 if years is None or not self.span else years / self.span
        return Entry(np.where(eligible, self._curve(score, horizon), np.nan), score, eligible, self.calibration.base_rate)

    def explain(self, panel: EntryPanel, at: int, region: int, item: int, top: int = 3) -> list[tuple[int, float]]:
        """"Because you have X and Y": industries of the region that speak for this one, strongest first, with their EASE contribution; may be empty."""
        now = self._layer(panel, at)
        return contributions(np.log1p(now.quotient[region]), now.weights, item, top)

    def terms(self, panel: EntryPanel, at: int, region: int, item: int, top: int = 5) -> list[tuple[str, float]]:
        """Features that raise or lower the log odds of the logistic part most, against the average case; empty where nothing was learned."""
        lines = [learner for family in self._families for learner in family if isinstance(learner, Logistic)]
        if not lines:
            return []
        now, rows = self._layer(panel, at), np.zeros(panel.values.shape[1], dtype=bool)
        rows[region] = True
        cell = np.zeros(panel.values.shape[1:], dtype=bool)
        cell[region, item] = True
        parts = lines[min(2, len(lines) - 1)].terms(_table(now, self._learned(now, rows), cell, rows, self.names)[0])
        return [(self.names[k], float(parts[k])) for k in np.argsort(-np.abs(parts), kind="stable")[:top]]

    def _layer(self, panel: EntryPanel, at: int) -> Layer:
        for known, when, found in self._seen:
            if known is panel and when == at:
                return found
        problem = in_words(panel, at)
        if problem:
            raise ValueError(problem)
        found = layer(panel, at)
        self._seen[:] = [(panel, at, found)]
        return found

    def _learned(self, now: Layer, rows: Flags) -> dict[str, Floats]:
        return {} if self._links is None else self._links.features(now, rows, own=now.quotient.shape == self._shape)

    def _score(self, z: Floats) -> Floats:
        scores = [[learner(z) for learner in family] for family in self._families]
        if self._places is not None:
            return self._places(scores)
        found: Floats = np.mean([np.argsort(np.argsort(s)) / len(s) for family in scores for s in family], axis=0)
        return found


def _table(now: Layer, learned: dict[str, Floats], cells: Flags, rows: Flags, names: Sequence[str]) -> Floats:
    """Features (n, F) of some cells, which lie in ``rows``; a feature the layer has not counts as 0."""
    part = cells[rows]
    columns = [learned[n][part] if n in learned else now.features[n][cells] if n in now.features else np.zeros(int(part.sum()), np.float32) for n in names]
    return np.nan_to_num(np.stack(columns, axis=1).astype(np.float32), posinf=0, neginf=0)


@dataclass(frozen=True)
class _Cases:
    """Cases one below the other: features ``z`` (n, F), ``fold`` and whether they ``train`` and ``judge``; ``labels`` by line."""

    z: Floats
    fold: Ints
    train: Flags
    judge: Flags
    labels: dict[float, Flags]


def fit_entry(panel: EntryPanel, *, at: int = 0, to: int = 1, seed: int = 0, trees: bool = True, shuffle: int | None = None) -> EntryModel:
    """Learns on the transition between two layers, ``at`` before ``to``. The same seed gives the same model.

    With one layer only, or none that may be used, scores stay label-free and there is no probability: ``how`` says so.
    ``trees=False`` leaves them out whatever the number of entries: quicker, a little worse. ``shuffle`` deals the outcomes out anew (by this seed): a check, whose ranking must be no better than chance.
    ValueError in words where a layer holds too little.
    """
    last = len(panel.years) - 1
    if not last:
        return _unlearned(panel, "只有一个年份，没有学习，也没有概率；次序按三种不用标签的得分 (one year only: ranked by label-free scores, no probability)")
    if not 0 <= at < to <= last:
        raise ValueError(f"at and to must be two layers in order out of 0–{last}, not {at} and {to}")
    for k in (at, to):
        problem = in_words(panel, k)
        if problem:
            raise ValueError(problem)
    before, after = layer(panel, at), layer(panel, to)
    there, back = transition(panel, at, to), transition(panel, to, at)
    chance = np.random.default_rng(seed)
    if shuffle is not None:
        dealer = np.random.default_rng(shuffle)
        there, back = shuffled(there, dealer), shuffled(back, dealer)
    entries, fold = int((there.eligible & there.entered()).sum()), folds_of(before, seed)
    crossed = crosses(panel, at, to)
    taught = 0 if crossed else entries
    names = (*before.features, *LEARNED) if taught >= HARDLY_ANY else tuple(before.features)
    cases = _cases((before, after), (there, back), fold, names, taught >= HARDLY_ANY, chance)
    model = _fitted(panel, (at, to), (before, after), (there, back), cases, taught, names, seed, trees)
    return replace(model, how=CROSSED, entries=entries) if crossed else model


def _fitted(panel: EntryPanel, ends: tuple[int, int], layers: tuple[Layer, Layer], changes: tuple[Transition, Transition], cases: _Cases, entries: int,
            names: tuple[str, ...], seed: int, trees: bool) -> EntryModel:
    judged = [(cases.fold == f) & cases.judge for f in np.unique(cases.fold)]
    scores = _judge(cases, judged, entries, names, seed, trees)
    entered, fold = cases.labels[HIGH][cases.judge], cases.fold[cases.judge]
    places = Places(tuple(tuple(np.sort(s) for s in family) for family in scores))
    score = places(scores)
    everyone = np.ones(len(layers[0].quotient), dtype=bool)
    links = learn_links(*layers, *changes, everyone) if entries >= HARDLY_ANY else None
    span = int(panel.years[ends[1]] - panel.years[ends[0]])
    return EntryModel(_how(entries, span, trees), measured(out_of_fold(score, entered, fold), entered), entries, span, best_threshold(score, entered), names, (score, entered, fold),
                      _families(cases, cases.train, entries, names, seed, trees), links, places, curve(score, entered), layers[0].quotient.shape, [(panel, ends[1], layers[1])])


def _families(cases: _Cases, rows: Flags, entries: int, names: Sequence[str], seed: int, trees: bool) -> list[list[Learner | Plain]]:
    """Learners of some cases by the small-data rule."""
    plain: list[Learner | Plain] = [Plain(names.index(n)) for n in LABEL_FREE]
    if entries < HARDLY_ANY:
        return [plain]
    labels = {line: y[rows] for line, y in cases.labels.items()}
    found: list[list[Learner | Plain]] = [list(f) for f in learners(cases.z[rows], labels, few=entries < FEW, trees=trees and entries >= FEW, seed=seed)]
    return found if entries >= FEW else [*found, plain]


def _judge(cases: _Cases, judged: Sequence[Flags], entries: int, names: Sequence[str], seed: int, trees: bool) -> list[list[Floats]]:
    """Scores of the cases to judge by learners that saw none of their fold: per family and learner, in the order of the cases."""
    by_fold = []
    for rows in judged:
        families = _families(cases, cases.train & ~np.isin(cases.fold, np.unique(cases.fold[rows])), entries, names, seed, trees)
        by_fold.append([[learner(cases.z[rows]) for learner in family] for family in families])
    index = np.concatenate([np.flatnonzero(rows) for rows in judged])
    order = np.argsort(index, kind="stable")
    whole = [k for k in range(len(by_fold[0])) if all(len(f) > k and len(f[k]) == len(by_fold[0][k]) for f in by_fold)]
    return [[np.concatenate([f[k][j] for f in by_fold])[order] for j in range(len(by_fold[0][k]))] for k in whole]


def _cases(layers: tuple[Layer, Layer], changes: tuple[Transition, Transition], fold: Ints, names: Sequence[str], learn: bool, chance: np.random.Generator) -> _Cases:
    """Cases of both directions; learned features of a fold come from the others."""
    lowest = min(LINES)
    picked = [_picked(change, change.eligible & change.entered(lowest), chance) for change in changes]
    judge = _some(changes[0].eligible, CALIBRATING, chance)
    parts: list[tuple[Floats, ...]] = []
    labels: dict[float, list[Flags]] = {line: [] for line in LINES}
    for f in np.unique(fold):
        rows = fold == f
        links = learn_links(*layers, *changes, ~rows) if learn and (~rows).any() else None
        for k, (now, change, train) in enumerate(zip(layers, changes, picked, strict=True)):
            cells = (train | judge if k == 0 else train) & rows[:, None]
            z = _table(now, links.features(now, rows, own=False) if links else {}, cells, rows, names)
            judged = judge[cells] if k == 0 else np.zeros(len(z), dtype=bool)
            parts.append((z, np.full(len(z), f), train[cells], judged))
            for line in LINES:
                labels[line].append(change.entered(line)[cells])
    z, folds, train, judged = (np.concatenate(p) for p in zip(*parts, strict=True))
    return _Cases(z, folds.astype(np.int64), train.astype(bool), judged.astype(bool), {line: np.concatenate(y) for line, y in labels.items()})


def _picked(change: Transition, keep: Flags, chance: np.random.Generator) -> Flags:
    """Eligible cells to learn from: all in ``keep`` and as many others as there is room for; the ranking does not mind, the calibration has its own cases."""
    return keep | _some(change.eligible & ~keep, max(TRAINING // 2 - int(keep.sum()), int(keep.sum()), 1), chance)


def _some(cells: Flags, limit: int, chance: np.random.Generator) -> Flags:
    """At most ``limit`` of some cells, at random."""
    where = np.flatnonzero(cells)
    if len(where) <= limit:
        return cells
    found = np.zeros(cells.size, dtype=bool)
    found[chance.choice(where, limit, replace=False)] = True
    return found.reshape(cells.shape)


def best_threshold(score: Floats, entered: Flags) -> float:
    """Score from which on naming cells gives the best F1; infinite where nothing entered."""
    if not entered.any():
        return float("inf")
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(entered[order])
    return float(score[order[(2 * hits / (np.arange(1, len(score) + 1) + entered.sum())).argmax()]])


def _how(entries: int, span: int, trees: bool) -> str:
    seen = f"从一次 {span} 年的变化里学，其中新出现 {entries} 例"
    if entries < HARDLY_ANY:
        return f"{seen}，太少：只按三种不用标签的得分排，用这些例子校准 (too few entries to learn from: label-free scores, calibrated)"
    if entries < FEW:
        return f"{seen}，不多：逻辑回归加三种不用标签的得分，不用树 (few entries: logistic and label-free scores, no trees)"
    if not trees:
        return f"{seen}：逻辑回归，按没学过的地区校准 (logistic alone, calibrated on regions left out)"
    return f"{seen}：逻辑回归、提升树、随机森林的名次平均，按没学过的地区校准 (mean rank of logistic, boosted trees and a forest, calibrated on regions left out)"


def _unlearned(panel: EntryPanel, how: str) -> EntryModel:
    problem = in_words(panel, 0)
    if problem:
        raise ValueError(problem)
    now = layer(panel, 0)
    names, nothing = tuple(now.features), np.zeros(0)
    plain = [[Plain(names.index(n)) for n in LABEL_FREE]]
    none = (nothing, nothing.astype(bool), nothing.astype(np.int64))
    return EntryModel(how, measured(nothing, none[1]), 0, 0, float("inf"), names, none, plain, None, None, None, now.quotient.shape, [(panel, 0, now)])
