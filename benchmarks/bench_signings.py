"""Repeated signings in growing ledgers, beside scoring every pair; ``python benchmarks/bench_signings.py [sizes…]``.

Every pair is scored on a small ledger and scaled up by the number of pairs, since all pairs of 20,000 projects (200 million) would take hours.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from liantu.enterprises.matching import pair_models
from liantu.evaluation.signing_ledgers import LedgerMaker
from liantu.evaluation.signing_pairs import PLACES
from liantu.kernel.parameter import parameter
from liantu.methods.project_pairs import Ledger, score_pairs

NAIVE = 400  # projects whose pairs are all scored


def main() -> None:
    """Print times, the ratio and the exponent of growth."""
    rule = parameter("signing_match").value
    rows = LedgerMaker(1).ledger(NAIVE).rows
    ledger = Ledger(rows, regions=PLACES)
    one, other = np.triu_indices(len(rows), 1)
    started = time.process_time()
    score_pairs(ledger, one.astype(np.int64), other.astype(np.int64), rule, least=rule["ask"])
    each = (time.process_time() - started) / len(one)
    before: tuple[int, float] | None = None
    for n in [int(a) for a in sys.argv[1:]] or [2_500, 5_000, 10_000, 20_000]:
        rows = LedgerMaker(2).ledger(n).rows
        wall, cpu = time.perf_counter(), time.process_time()
        ledger = Ledger(rows, regions=PLACES, models=pair_models(), likely=rule["likely_from"])
        one, other = ledger.candidates(nearest=int(rule["nearest"]), most_sharing=int(rule["most_sharing"]))
        found = score_pairs(ledger, one, other, rule, least=rule["ask"])
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        naive = each * len(rows) * (len(rows) - 1) / 2
        growth = "" if before is None else f"，增长指数 {np.log(cpu / before[1]) / np.log(len(rows) / before[0]):.2f}"
        print(f"{len(rows):>6} 个项目：{wall:6.1f} s（CPU {cpu:.1f}），比过 {len(one):,} 对，列出 {len(found)} 对；逐对约 {naive:,.0f} s，{naive / cpu:,.0f} 倍{growth}", flush=True)
        before = (len(rows), cpu)


if __name__ == "__main__":
    main()
