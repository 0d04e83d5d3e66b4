"""Monthly firm series watched: CPU seconds from values to alarms, without and with learning, and how they grow; beside a plain loop in the same run.

    python benchmarks/bench_warnings.py [--series 1000 3000 10000 30000] [--months 36 60 120] [--plain 300] [--seed 1]

The plain loop does the surprises alone (exponential smoothing of one series after the other in Python floats, same filters), for ``--plain`` series, scaled to all.
Times are CPU seconds of this process. Series are random: log-normal size, season, drift, noise, a Spring Festival dip, 2 % of months missing.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from liantu.methods.monthly_calendar import festival_regressors, month_number
from liantu.methods.monthly_residuals import FLOOR, LEVEL_RATES, SCALE_MEMORY, SEASON_RATE, SHARPNESS, WARM, WINSOR, one_step
from liantu.methods.monthly_signals import watch_series

FIRST = "2016-01"


def firms(series: int, months: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Values (series, months) and peer groups."""
    chance = np.random.default_rng(seed)
    log = chance.normal(5, 1.5, (series, 1)) + chance.normal(0, 0.005, (series, months)).cumsum(axis=1)
    log += chance.uniform(0, 0.2, (series, 1)) * np.sin(2 * np.pi * (np.arange(months) + chance.integers(0, 12, (series, 1))) / 12)
    log += chance.lognormal(-2.5, 0.8, (series, 1)) * chance.standard_t(4, (series, months)) + festival_regressors(month_number(FIRST), months) @ np.array([-0.05, -0.25, -0.1])
    return np.where(chance.random((series, months)) < 0.02, np.nan, np.exp(log)), chance.integers(0, max(series // 40, 1), series)


def plain(row: list[float]) -> list[float]:
    """Surprises of one series in Python floats."""
    logs = [math.log(v) if v > 0 else math.nan for v in row]
    known = [v for v in logs[:WARM] if not math.isnan(v)]
    level, season = statistics.fmean(known), [0.0] * 12
    for m in range(12):
        seen = [v for v in (logs[m], logs[m + 12]) if not math.isnan(v)]
        season[m] = statistics.fmean(seen) - level if seen else 0.0
    levels, seasons, errors = [level] * len(LEVEL_RATES), [season[:] for _ in LEVEL_RATES], [1e-3] * len(LEVEL_RATES)
    size, found = statistics.fmean(abs(v - level) for v in known), []
    for t, value in enumerate(logs):
        forecasts = [a + s[t % 12] for a, s in zip(levels, seasons, strict=True)]
        weights = [(e + 1e-6) ** -SHARPNESS for e in errors]
        middle = sum(w * f for w, f in zip(weights, forecasts, strict=True)) / sum(weights)
        if math.isnan(value):
            found.append(math.nan)
            continue
        surprise = min(max(value - middle, math.log(FLOOR)), -math.log(FLOOR))
        scale = 1.2533 * size
        for k, rate in enumerate(LEVEL_RATES):
            error = min(max(middle + surprise - forecasts[k], -WINSOR * scale), WINSOR * scale)
            levels[k] += rate * error
            seasons[k][t % 12] += SEASON_RATE * (1 - rate) * error
            errors[k] = 0.95 * errors[k] + 0.05 * abs(error)
        size = (1 - SCALE_MEMORY) * size + SCALE_MEMORY * min(abs(surprise), 3.75 * size)
        found.append(surprise / scale)
    return found


def seconds(work: Callable[[], object], repeats: int = 2) -> float:
    """CPU seconds, the best of a few."""
    best = math.inf
    for _ in range(repeats):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


def measure(series: int, months: int, loop: int, seed: int) -> None:
    values, peers = firms(series, months, seed)
    smoothing = seconds(lambda: one_step(values))
    watching = seconds(lambda: watch_series(values, FIRST, peers=peers, learn=False))
    learning = seconds(lambda: watch_series(values, FIRST, peers=peers), 1)
    rows = values[:loop].tolist()
    slow = seconds(lambda: [plain(row) for row in rows], 1) * series / len(rows)
    print(f"{series:>7} × {months:<4} surprises {smoothing:7.3f} s   watched {watching:7.3f} s   watched, score learned {learning:7.3f} s   "
          f"plain loop, surprises only {slow:7.2f} s (from {len(rows)})   loop ÷ surprises = {slow / smoothing:.0f}, loop ÷ watched = {slow / watching:.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--series", type=int, nargs="*", default=[1000, 3000, 10000, 30000])
    parser.add_argument("--months", type=int, nargs="*", default=[36, 60, 120])
    parser.add_argument("--plain", type=int, default=300, help="series for the plain loop")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for series in asked.series:
        measure(series, 60, asked.plain, asked.seed)
    for months in asked.months:
        measure(10000, months, asked.plain, asked.seed)


if __name__ == "__main__":
    main()
