"""What takes root next, learned and foreseen: CPU seconds, and how they grow; beside a forest per industry on the region's quotients in the same run.

    python benchmarks/bench_entry.py [--sizes 100x60 300x200 1000x300] [--industries 10] [--seed 1]

``learned`` = features, relations, out-of-fold learners and calibration of one transition; ``foreseen`` = probabilities of all cells one transition later.
The naive way (Albora, Zaccaria 2022: 100 trees per industry on the vector of quotients) is done for ``--industries`` industries and scaled to all, without calibration.
Times are CPU seconds of this process, one thread. Panels are random: hidden traits, Poisson amounts, drifting tastes.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from sklearn.ensemble import RandomForestClassifier

from liantu.methods.complexity import rca
from liantu.methods.entry_measure import drawn
from liantu.methods.entry_model import fit_entry
from liantu.methods.entry_panel import EntryPanel, transition


def panel(regions: int, items: int, seed: int) -> EntryPanel:
    """Three layers."""
    chance = np.random.default_rng(seed)
    fit = chance.normal(size=(regions, 5)) @ chance.normal(size=(5, items)) / 2.2
    size, taste, layers = np.exp(chance.normal(9, 0.8, regions))[:, None] * chance.dirichlet(np.full(items, 2.0)), chance.normal(0, 1.2, fit.shape), []
    for _ in range(3):
        strength = np.exp(fit + taste)
        layers.append(chance.poisson(size * strength / strength.mean()).astype(float))
        taste = 0.75 * taste + chance.normal(0, 0.8, taste.shape)
    return EntryPanel(np.array(layers), np.array([2011, 2016, 2021]), level=10)


def seconds(work: Callable[[], object]) -> tuple[float, object]:
    started = time.process_time()
    found = work()
    return time.process_time() - started, found


def forests(p: EntryPanel, industries: np.ndarray, seed: int) -> np.ndarray:
    """A forest per industry, learned on the first transition, asked at the second layer: (R, len(industries))."""
    first, second = transition(p, 0, 1), rca(p.values[1])
    entered, found = first.entered(), np.zeros((len(second), len(industries)))
    for k, item in enumerate(industries):
        model = RandomForestClassifier(100, n_jobs=1, random_state=seed).fit(first.before, entered[:, item])
        if len(model.classes_) == 2:
            found[:, k] = model.predict_proba(second)[:, 1]
    return found


def measure(regions: int, items: int, industries: int, seed: int) -> None:
    p = panel(regions, items, seed)
    learned, model = seconds(lambda: fit_entry(p, at=0, to=1, seed=seed))
    foreseen, entry = seconds(lambda: model.predict(p, 1))
    asked = np.random.default_rng(seed).choice(items, min(industries, items), replace=False)
    slow, scores = seconds(lambda: forests(p, asked, seed))
    slow *= items / len(asked)
    change = transition(p, 1, 2)
    eligible, entered = change.eligible[:, asked], change.entered()[:, asked]
    ours, theirs = (float(drawn(s, entered, eligible, draws=0)[0][0]) for s in (entry.score[:, asked], scores))
    print(f"{regions:>5} × {items:<5} {model.entries:>6} entries   learned {learned:7.2f} s   foreseen {foreseen:6.2f} s   a forest per industry {slow:8.2f} s (from {len(asked)})   "
          f"forest ÷ ours = {slow / (learned + foreseen):.1f}   AUC {ours:.3f} against {theirs:.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="*", default=["100x60", "300x200", "1000x300", "3000x1000"])
    parser.add_argument("--industries", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for size in asked.sizes:
        regions, items = (int(n) for n in size.split("x"))
        measure(regions, items, asked.industries, asked.seed)


if __name__ == "__main__":
    main()
