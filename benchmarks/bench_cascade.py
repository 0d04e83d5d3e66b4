"""Speed and memory of the systemic risk engine, beside the literal text in NumPy and the full sweep of all links, in one run.

    LIANTU_DATA=<folder with essentiality_nace4_616.csv> python benchmarks/bench_cascade.py [--firms 1000 10000 100000] [--all-firms 10000] [--chosen 400] [--rounds 3]

Two shapes with ten links a firm and 616 sectors: "trunc" (customers uniform, numbers of customers after a power law cut at 128) and "hub" (both ends after heavy tails, amounts lognormal times sizes).
Tolerance 1e-2, the paper's rule, closed networks: the setting in which others have published. Figures are CPU milliseconds for one closed firm on one thread: the engine and the sweep as the best of some rounds over
the same random firms, the literal text once over few. Without the folder a made-up essentiality with the
same shares of 2, 1 and 0 is used (told in the output).
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from pathlib import Path
from typing import Any

import numpy as np

from liantu.methods.cascade import PAPER, FirmNetwork, scores, shock
from liantu.methods.cascade_plain import plain_cascade

SECTORS = 616


def essentiality() -> tuple[Any, str]:
    """(616, 616) kinds of input and where they come from."""
    path = Path(os.environ.get("LIANTU_DATA", "")) / "essentiality_nace4_616.csv"
    if os.environ.get("LIANTU_DATA") and path.exists():
        return np.loadtxt(path, delimiter=",").astype(np.int8), "IHS survey, 616 × 616"
    return np.random.default_rng(0).choice([2, 1, 0], (SECTORS, SECTORS), p=[0.172, 0.119, 0.709]), "MADE-UP essentiality (LIANTU_DATA is not set)"


def trunc(n: int, chance: np.random.Generator) -> tuple[Any, ...]:
    """Numbers of customers after k^−2.3, k ≤ 128, filled up to ten a firm; customers uniform."""
    law = np.cumsum(np.arange(1, min(n, 128) + 1) ** -2.3)
    degree = np.searchsorted(law / law[-1], chance.random(n)) + 1
    degree += np.bincount(chance.integers(0, n, max(10 * n - int(degree.sum()), 0)), minlength=n)
    supplier = np.repeat(np.arange(n), degree)
    customer = chance.integers(0, n, len(supplier))
    supplier, customer = np.divmod(np.unique(supplier[supplier != customer] * n + customer[supplier != customer]), n)
    return supplier, customer, 1.0 + (13 * (supplier + 1) + 7 * (customer + 1)) % 17, np.arange(n) % SECTORS


def hub(n: int, chance: np.random.Generator) -> tuple[Any, ...]:
    """Both ends after Pareto fitness (degree exponent 2.3), sectors after a Zipf law."""
    sells = chance.pareto(1.3, n) + 0.15
    buys = sells**0.8 * chance.lognormal(0, 0.7, n)
    sells, buys = np.minimum(sells, sells.sum() / 50), np.minimum(buys, buys.sum() / 50)
    count = int(10 * n * 1.25)
    supplier, customer = chance.choice(n, count, p=sells / sells.sum()), chance.choice(n, count, p=buys / buys.sum())
    pairs = np.unique(supplier[supplier != customer] * n + customer[supplier != customer])
    supplier, customer = np.divmod(np.sort(chance.permutation(pairs)[:10 * n]), n)
    amount = np.round(chance.lognormal(0, 1.5, len(supplier)) * np.sqrt(sells[supplier] * buys[customer]) * 1000 + 1, 2)
    size = 1 / np.arange(1, SECTORS + 1) ** 0.8
    sector = chance.choice(SECTORS, n, p=size / size.sum())
    return supplier, customer, amount, chance.permutation(SECTORS)[sector]


def cpu(job: Any, rounds: int = 1) -> tuple[float, Any]:
    """Least CPU seconds of some rounds, and the last result."""
    best, found = float("inf"), None
    for _ in range(rounds):
        begun = time.process_time()
        found = job()
        best = min(best, time.process_time() - begun)
    return best, found


def measure(name: str, n: int, need: Any, chosen: int, rounds: int, whole: bool) -> float:
    """One line of the table; returns the engine's milliseconds a firm."""
    supplier, customer, amount, sector = {"trunc": trunc, "hub": hub}[name](n, np.random.default_rng(42))
    network = FirmNetwork(n, supplier, customer, amount, sector, need)
    prepare, _ = cpu(lambda: (network.down, network.up))
    firms = np.random.default_rng(1).permutation(n)[:chosen]
    scores(network, firms[:16], tolerance=PAPER, workers=1)
    engine, found = cpu(lambda: scores(network, firms, tolerance=PAPER, workers=1), rounds)
    few = firms[:32 if n < 100_000 else 16]
    closed = np.ones((len(few), n))
    closed[np.arange(len(few)), few] = 0
    swept, outcome = cpu(lambda: shock(network, closed, tolerance=PAPER), rounds)
    literal_firms = few[:4 if n < 100_000 else 1]
    literal, plain = cpu(lambda: [plain_cascade(network, closed[at], tolerance=PAPER) for at in range(len(literal_firms))])
    apart = max(float(np.abs(outcome.score - found.both[:len(few)]).max()), *(float(np.abs(d - outcome.down[at]).max()) for at, (d, _, _) in enumerate(plain)))
    ours, sweep, text = engine / len(firms) * 1e3, swept / len(few) * 1e3, literal / len(literal_firms) * 1e3
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:<6}{n:>8,}{network.links:>11,}{found.steps.mean():>7.1f}{ours:>10.3f}{sweep:>10.3f}{text:>11.1f}{sweep / ours:>9.1f}{text / ours:>10.0f}{apart:>11.1e}{prepare:>8.2f}{memory:>9.0f}", flush=True)
    if whole:
        begun = time.perf_counter()
        seconds, every = cpu(lambda: scores(network, tolerance=PAPER))
        print(f"       all {n:,} firms: {seconds:.1f} CPU s, {time.perf_counter() - begun:.1f} s wall on {os.cpu_count()} cores; mean index {every.both.mean():.2e}, largest {every.both.max():.3f}", flush=True)
    return ours


def main() -> None:
    """Print the table and how cost grows."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--firms", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--shapes", nargs="+", default=["trunc", "hub"])
    parser.add_argument("--all-firms", type=int, default=10_000, help="run every firm up to this size")
    parser.add_argument("--chosen", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    need, origin = essentiality()
    print(f"essentiality: {origin}; tolerance {PAPER}; CPU ms for one closed firm, one thread")
    print(f"{'shape':<6}{'firms':>8}{'links':>11}{'steps':>7}{'engine':>10}{'sweep':>10}{'literal':>11}{'sweep/e':>9}{'literal/e':>10}{'apart':>11}{'prep s':>8}{'peak MB':>9}")
    for shape in asked.shapes:
        times = [(n, measure(shape, n, need, min(asked.chosen, n), asked.rounds, n <= asked.all_firms)) for n in asked.firms]
        for (n, t), (more, u) in zip(times, times[1:], strict=False):
            print(f"       {shape}: firms × {more / n:g} → time a firm × {u / t:.1f} (n^{np.log(u / t) / np.log(more / n):.2f}; all firms n^{1 + np.log(u / t) / np.log(more / n):.2f})")


if __name__ == "__main__":
    main()
