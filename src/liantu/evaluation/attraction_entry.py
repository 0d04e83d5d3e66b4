"""What takes root next: the feasibility engine learned on the last but one transition of a panel, frozen, and judged on the last one.

Eligible: location quotient below .5 at the start; entered: 1 or more at the end, with a least amount. Every score at the start uses that layer alone;
settings were chosen by cross-validation inside training transitions. The naive methods are judged on the same cells in the same run. Intervals draw regions anew.
A panel with two years only has no later transition: figures are then out of fold over regions, and say so.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from liantu.evaluation.attraction_panel import Table, read
from liantu.evaluation.report import Asked, Measure
from liantu.kernel.problems import UserError
from liantu.methods import complexity as c
from liantu.methods.entry_calibration import Calibration, measured
from liantu.methods.entry_measure import by_region, drawn, f1_at
from liantu.methods.entry_model import EntryModel, fit_entry
from liantu.methods.entry_panel import Transition, shuffled, transition
from liantu.methods.intervals import bootstrap_mean
from liantu.methods.recommenders import ease_scores, region_knn

Floats = NDArray[np.floating]
FILES = ("au_sa3_industry_2011_2021.parquet", "us_zip3_naics5_2012_2022.parquet", "us_county_naics4_2017_2021.parquet")
OURS, NEIGHBOURS = "liantu", "相似地区（20 近邻）"
TARGETS = {"AUC": 0.81, "最佳 F1": 0.16, "前 10 准确率": 0.066, "平均精度": 0.235}
ECE_TARGET = 0.02
SEEDS, SHUFFLES = 3, 20


@dataclass(frozen=True)
class Figures:
    """Draws of AUC and F1 (draws + 1,) and per-region figures (R,)."""

    auc: Floats
    f1: Floats
    precision: Floats
    average: Floats
    recall: Floats


def naive(quotient: Floats) -> dict[str, Floats]:
    """Scores without labels, from one layer of quotients (R, I)."""
    m, logs = c.presence(quotient), np.log1p(quotient)
    return {"随机": np.random.default_rng(0).random(quotient.shape), "热门行业": np.broadcast_to(m.mean(axis=0), quotient.shape), "现有区位商": quotient,
            "关联密度": c.density(m, c.proximity(m)), NEIGHBOURS: region_knn(logs, 20), "EASE": ease_scores(logs, 100.0)}


def figures(score: Floats, change: Transition) -> Figures:
    """All figures of one ranking."""
    entered, eligible = change.entered(), change.eligible
    auc, f1 = drawn(score, entered, eligible)
    ranked = by_region(score, entered, eligible)
    return Figures(auc, f1, ranked.precision, ranked.average_precision, ranked.recall)


def run(asked: Asked) -> list[Measure]:
    """The panel asked for, or the panels of the folder."""
    options = dict(asked.options)
    told = options.pop("panel", None)
    files = [Path(told)] if told else [asked.data / f for f in (FILES[:1] if asked.quick else FILES) if (asked.data / f).is_file()]
    if not files:
        raise UserError(f"「{asked.data}」里没有 {FILES[0]}。", code="no-panel", hint="用 --panel 指定一张地区 × 行业 × 年份的表。")
    return [m for file in files for m in judge(read(file, options), asked, targets=file.name == FILES[0])]


def judge(table: Table, asked: Asked, *, targets: bool = False) -> list[Measure]:
    """All measures of one panel."""
    panel, seeds, started = table.panel, 1 if asked.quick else min(asked.seeds, SEEDS), time.process_time()
    layers = len(panel.years)
    if layers < 2:
        raise UserError(f"{table.name} 只有 {layers} 个年份，无从知道后来怎样。", code="panel-too-short", hint="至少要两个年份；三个年份才能学一次、再考一次。")
    asked.progress(f"{table.name}：{'；'.join(table.notes)}")
    start, end = (layers - 2, layers - 1)
    change = transition(panel, start, end)
    if not change.entered()[change.eligible].any():
        raise UserError(f"{table.name} {panel.years[start]}–{panel.years[end]} 年没有一例新出现，无从评测。", code="panel-without-entries", hint="看一看年份、最低数量（--column level=…）是否合适。")
    models: list[EntryModel] = []
    for seed in range(seeds):
        asked.progress(f"{table.name}：第 {seed + 1} / {seeds} 次学习（{panel.years[max(start - 1, 0)]}→{panel.years[max(start, 1)]}）")
        models.append(fit_entry(panel, at=max(start - 1, 0), to=max(start, 1), seed=seed))
    if layers == 2:
        return _out_of_fold(table, models, change)
    entries = [model.predict(panel, start) for model in models]
    scores = {name: figures(score, change) for name, score in naive(change.before).items()}
    ours = [figures(e.score, change) for e in entries]
    cells = int((change.entered() & change.eligible).sum())
    when = f"{panel.years[start]}→{panel.years[end]}"
    note = f"{len(panel.values[0])}×{panel.values.shape[2]}，可算 {int(change.eligible.sum())} 格，新出现 {cells}"
    found = [m for name, f in scores.items() for m in _measures(table.name, name, [f], when, None, note if name == "随机" else "")]
    found += _measures(table.name, OURS, ours, when, TARGETS if targets else None, models[0].how)
    found += _beside(table.name, ours, scores, when) + _threshold(table.name, models, entries, change, when) + _calibrated(table.name, models, entries, change, when, ECE_TARGET if targets else None)
    if not asked.quick:
        asked.progress(f"{table.name}：打乱结果再学一次")
        found += _shuffle(table, change, start, when)
    return [*found, Measure(table.name, "CPU 秒（全部）", OURS, round(time.process_time() - started, 1), when, seeds=seeds, note="；".join(table.notes))]


def _measures(name: str, method: str, each: list[Figures], when: str, targets: dict[str, float] | None, note: str) -> list[Measure]:
    """One method's figures, mean over seeds, with intervals over regions."""
    found = []
    for metric, draws in (("AUC", [f.auc for f in each]), ("最佳 F1", [f.f1 for f in each])):
        mean = np.mean(draws, axis=0)
        low, high = np.nanquantile(mean[1:], [0.025, 0.975])
        found.append(Measure(name, metric, method, float(mean[0]), when, len(each[0].precision), len(each), float(low), float(high), "bootstrap over regions", (targets or {}).get(metric)))
    for metric, rows in (("前 10 准确率", [f.precision for f in each]), ("平均精度", [f.average for f in each]), ("前 10 召回率", [f.recall for f in each])):
        found.append(_mean(name, metric, method, np.mean(rows, axis=0), when, len(each), (targets or {}).get(metric)))
    return [Measure(**{**found[0].__dict__, "note": note}), *found[1:]]


def _mean(name: str, metric: str, method: str, rows: Floats, when: str, seeds: int, target: float | None = None, note: str = "") -> Measure:
    known = rows[np.isfinite(rows)]
    value, low, high = bootstrap_mean(known.tolist())
    return Measure(name, metric, method, value, when, len(known), seeds, low, high, "bootstrap over regions", target, note=note)


def _beside(name: str, ours: list[Figures], scores: dict[str, Figures], when: str) -> list[Measure]:
    """Ours minus a naive method on the same regions, and how many times better than chance the first ten are."""
    found, precision = [], np.mean([f.precision for f in ours], axis=0)
    for method in ("关联密度", NEIGHBOURS, "EASE"):
        other = scores[method]
        found += [_mean(name, "平均精度之差", f"{OURS} 减 {method}", np.mean([f.average for f in ours], axis=0) - other.average, when, len(ours)),
                  _mean(name, "前 10 准确率之差", f"{OURS} 减 {method}", precision - other.precision, when, len(ours))]
    return found


def _threshold(name: str, models: list[EntryModel], entries: list, change: Transition, when: str) -> list[Measure]:
    """F1 at the score that was best out of fold in training; precision of ten against the share of all eligible cells."""
    f1 = [f1_at(e.score, change.entered(), change.eligible, m.threshold) for m, e in zip(models, entries, strict=True)]
    base = float(change.entered()[change.eligible].mean())
    ten = [np.nanmean(by_region(e.score, change.entered(), change.eligible).precision) / base for e in entries]
    return [Measure(name, "F1，门槛取自训练", OURS, float(np.mean(f1)), when, len(change.before), len(models)),
            Measure(name, "前 10 比碰运气好几倍", OURS, float(np.mean(ten)), when, len(change.before), len(models), note=f"碰运气 {base:.4f}")]


def _calibrated(name: str, models: list[EntryModel], entries: list, change: Transition, when: str, target: float | None) -> list[Measure]:
    """Calibration error of the later transition and, out of fold, of the one learned from; the highest 1 %; deciles in the note."""
    judged = [measured(e.probability[change.eligible], change.entered()[change.eligible]) for e in entries]
    first: Calibration = judged[0]
    deciles = " ".join(f"{p:.4f}/{seen:.4f}" for p, seen, _ in first.bins)
    top = f"最高 1%（{first.top[2]} 格）：预计 {first.top[0]:.3f}，实际 {first.top[1]:.3f}"
    return [Measure(name, "校准误差", OURS, float(np.mean([j.ece for j in judged])), when, first.n, len(models), target=target, note=f"十等分，预计/实际 {deciles}；{top}"),
            Measure(name, "校准误差，训练折外", OURS, float(np.mean([m.calibration.ece for m in models])), "", models[0].calibration.n, len(models))]


def _shuffle(table: Table, change: Transition, start: int, when: str) -> list[Measure]:
    """Learned from outcomes dealt out anew, judged against such outcomes: about .5, or something leaks."""
    model = fit_entry(table.panel, at=start - 1, to=start, trees=False, shuffle=1)
    score, eligible = model.predict(table.panel, start).score, change.eligible
    aucs = [float(drawn(score, shuffled(change, np.random.default_rng(k)).entered(), eligible, draws=0)[0][0]) for k in range(SHUFFLES)]
    inside, entered, _ = model.out_of_fold
    fold = float(drawn(inside[None], entered[None], np.ones((1, len(inside)), dtype=bool), draws=0)[0][0])
    return [Measure(table.name, "打乱结果后的 AUC", OURS, float(np.mean(aucs)), when, len(change.before), SHUFFLES, note=f"应在 .48–.52；训练折外 {fold:.3f}")]


def _out_of_fold(table: Table, models: list[EntryModel], change: Transition) -> list[Measure]:
    """Two years only: out of fold over regions."""
    note, when = "只有两个年份：按没学过的地区评，没有隔年考过，偏乐观", f"{table.panel.years[0]}→{table.panel.years[1]}，折外"
    found = [m for name, s in naive(change.before).items() for m in _measures(table.name, name, [figures(s, change)], when, None, "")]
    for metric, k in (("AUC", 0), ("最佳 F1", 1)):
        values = [float(drawn(s[None], y[None], np.ones((1, len(s)), dtype=bool), draws=0)[k][0]) for s, y, _ in (m.out_of_fold for m in models)]
        found.append(Measure(table.name, metric, OURS, float(np.mean(values)), when, len(change.before), len(models), note=note))
    return [*found, Measure(table.name, "校准误差", OURS, models[0].calibration.ece, when, models[0].calibration.n, len(models), note=models[0].how)]
