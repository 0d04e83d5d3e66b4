"""Speed of drawn networks, beside a naive dense version of the same law in the same run, and growth with firms.

    python benchmarks/bench_ensemble.py [--firms 300 1000 3000 10000] [--draws 100]

Districts are those of liantu.evaluation.resilience_districts (synthetic), a quarter of the firms having answered. The naive version goes through all pairs of
firms for links and balances a full matrix; it is run for the sizes where it ends within a minute. Times are CPU seconds of this process, after a first small run
that compiles; memory is the highest resident set so far, in MB.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from liantu.evaluation.resilience_districts import district, known_of
from liantu.methods.ensemble_draw import draw_networks
from liantu.methods.ensemble_known import Known
from liantu.methods.ensemble_learn import LEAST_SHARE, Learnt, effects, fill_totals, firm_features, learn, log_distance, total_lines
from liantu.methods.ensemble_losses import calibrate, closures, losses
from liantu.methods.ensemble_phone import phone_list

NAIVE_MOST = 3000


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What the work gives, and its CPU seconds."""
    start = time.process_time()
    return work(), time.process_time() - start


def naive(known: Known, learnt: Learnt, seed: int) -> np.ndarray:
    """One network as an n × n matrix: a chance for each pair, then rounds of scaling columns by sector and rows."""
    chance, n = np.random.default_rng(seed), known.n
    sales, purchases = fill_totals(known, total_lines(known), 1, chance)
    effect, b, sector = effects(known, learnt), learnt.link.draw(1, chance)[0], np.asarray(known.sector)
    supply, demand = firm_features(known, sales, purchases)
    i, j = np.divmod(np.arange(n * n), n)
    shares = np.maximum(np.asarray(known.shares), LEAST_SHARE)[sector][:, sector]
    rate = np.exp(b[0] + b[1] * supply[0][:, None] + b[2] * demand[0] + b[3] * np.log(shares) + b[4] * log_distance(known, i, j).reshape(n, n))
    rate *= chance.gamma(effect.pair[0], 1 / effect.pair[1])[sector][:, sector] * chance.gamma(effect.supplier[0], 1 / effect.supplier[1])[:, None]
    rate *= chance.gamma(effect.customer[0], 1 / effect.customer[1]) * chance.gamma(effect.recipe[0], 1 / effect.recipe[1])[sector]
    rate *= ~np.asarray(known.customers_complete)[:, None] & ~np.asarray(known.suppliers_complete)
    np.fill_diagonal(rate, 0)
    money = np.where(chance.random((n, n)) < -np.expm1(-rate), chance.lognormal(0, learnt.amount.spread, (n, n)), 0.0)
    money[np.asarray(known.supplier), np.asarray(known.customer)] = np.nan_to_num(np.asarray(known.amount), nan=1.0)
    member = (sector == np.arange(known.m)[:, None]).astype(float)
    budget = np.maximum(np.asarray(known.shares)[:, sector] * purchases[0], member @ money * 1e-9)
    row, column = sales[0] * 0.8, budget * 0.7
    for _ in range(20):
        factor = budget / np.maximum(member @ money + column, 1e-300)
        money, column = money * factor[sector], column * factor
        factor = sales[0] / np.maximum(money.sum(axis=1) + row, 1e-300)
        money, row = money * factor[:, None], row * factor
    return money


def main() -> None:
    """Print the table."""
    ask = argparse.ArgumentParser()
    ask.add_argument("--firms", type=int, nargs="+", default=[300, 1000, 3000, 10_000])
    ask.add_argument("--draws", type=int, default=100)
    asked = ask.parse_args()
    small = district(1, 60)
    phone_warm = draw_networks(known_of(small, 1), 4)
    losses(phone_warm, small.sector, small.essential, closures([0], 60), small.sales)
    print("SYNTHETIC districts; CPU seconds; naive = dense matrices, same law")
    print(f"{'firms':>6} {'links/draw':>10} {'learn s':>8} {'draws/s':>8} {'naive/s':>8} {'ratio':>6} {'us/link':>8} {'calibrate s':>11} {'1 shock s':>9} {'phone s':>8} {'MB':>6}")
    for n in asked.firms:
        print(row(n, asked.draws if n <= 3000 else max(10, asked.draws // 4)))


def row(n: int, draws: int) -> str:
    """One district's line."""
    truth = district(1, n)
    known, times = known_of(truth, 1), 3 if n <= 1000 else 1
    learnt, learning = timed(lambda: learn(known))
    drawn, drawing = timed(lambda: draw_networks(known, draws, seed=1, learnt=learnt))
    plain = timed(lambda: [naive(known, learnt, s) for s in range(times)])[1] / times if n <= NAIVE_MOST else float("nan")
    _, calibrating = timed(lambda: calibrate(known, truth.essential, truth.sales, draws=50, learnt=learnt))
    closed = closures([int(truth.sales.argmax())], n)
    found, shocking = timed(lambda: losses(drawn, truth.sector, truth.essential, closed, truth.sales, states=True))
    _, phoning = timed(lambda: phone_list(known, drawn, found, truth.essential, closed, truth.sales))
    links, memory = len(drawn.draw) / draws, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (f"{n:>6} {links:>10.0f} {learning:>8.2f} {draws / drawing:>8.1f} {1 / plain:>8.2f} {plain * draws / drawing:>6.0f} {1e6 * drawing / draws / links:>8.2f} {calibrating:>11.2f}"
            f" {shocking:>9.2f} {phoning:>8.2f} {memory:>6.0f}   ({draws} draws)")


if __name__ == "__main__":
    main()
