"""Complexity and label-free scores: CPU seconds, how they grow, and beside the packages of PyPI that are installed, in one run.

    python benchmarks/bench_complexity.py [--sizes 300x1000 250x5000 3000x1000] [--peer-cells 300000] [--peers ecomplexity econcomplex economic_complexity] [--seed 1]

The complexity index is compared with ``ecomplexity`` (Harvard), ``econcomplex`` and ``economic-complexity`` (Datawheel's reflections), each where it is installed and the table has
at most ``--peer-cells`` cells (they take minutes beyond); the largest gap of the standardised indices is printed beside each ratio. Reflections as economic-complexity does them
lose their digits where the second eigenvalue to the 9th power nears 1e-16; ours do not, and the two then disagree. A naive way, the dense eigenproblem of the projected matrix, runs always.
Times are CPU seconds of this process on all its threads. Tables are seeded: gamma amounts on a latent relatedness of rank 8.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import time
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

from liantu.methods import complexity as c
from liantu.methods import recommenders as r


def table(regions: int, items: int, seed: int) -> np.ndarray:
    """Amounts (regions, items) with a latent structure and many zeros."""
    chance = np.random.default_rng(seed)
    a, b = chance.gamma(0.5, 1, (regions, 8)), chance.gamma(0.5, 1, (8, items))
    return np.floor(chance.gamma(0.3, 1 / 0.3, (regions, items)) * (a @ b) * 3)


def spent(work: Callable[[], Any]) -> tuple[Any, float]:
    """What a call gives and the CPU seconds that it took."""
    start = time.process_time()
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        found = work()
    return found, time.process_time() - start


def dense(m: np.ndarray) -> np.ndarray:
    """ECI by the dense eigenproblem of the projected matrix of regions."""
    d, u = m.sum(axis=1), m.sum(axis=0)
    values, vectors = np.linalg.eig((m / d[:, None]) @ (m.T / u[:, None]))
    v = vectors[:, np.argsort(-values.real)[1]].real
    return (v - v.mean()) / v.std()


def long_frame(x: np.ndarray, m: np.ndarray) -> Any:
    """The amounts in long form, as Harvard's package wants them."""
    import pandas as pd

    rows, columns = np.nonzero(np.ones_like(x))
    return pd.DataFrame({"year": 2025, "region": rows, "item": columns, "amount": x.ravel()})


def wide_frame(x: np.ndarray, m: np.ndarray) -> Any:
    import pandas as pd

    return pd.DataFrame(m)


def by_harvard(long: Any) -> np.ndarray:
    """Gives quotients, proximity, density and outlook along with ECI and PCI: compare with both of our lines."""
    from ecomplexity import ecomplexity

    found = ecomplexity(long, {"time": "year", "loc": "region", "prod": "item", "val": "amount"}, check_logsupermodularity=False, verbose=False)
    return np.asarray(found.drop_duplicates("region").sort_values("region")["eci"], float)


def by_econcomplex(wide: Any) -> np.ndarray:
    import econcomplex

    found = econcomplex.eci_pci_eigenvector(wide)
    return np.asarray(found[0] if isinstance(found, tuple) else found["eci"], float).ravel()


def by_datawheel(wide: Any) -> np.ndarray:
    from economic_complexity import complexity

    return np.asarray(complexity(wide)[0], float)


def everything(x: np.ndarray) -> None:
    """All that Harvard's package gives in one call."""
    m = c.presence(c.rca(x))
    found, phi = c.complexity(m, **c.CONVENTIONS["harvard"]), c.proximity(m)
    c.density(m, phi)
    c.outlook(m, phi, found.pci)


PEERS: dict[str, tuple[Callable[..., Any], Callable[..., np.ndarray]]] = {
    "ecomplexity": (long_frame, by_harvard), "econcomplex": (wide_frame, by_econcomplex), "economic_complexity": (wide_frame, by_datawheel)}


def of_size(regions: int, items: int, seed: int, peer_cells: int, peers: list[str]) -> None:
    x = table(regions, items, seed)
    x = x[x.sum(axis=1) > 0][:, x.sum(axis=0) > 0]
    m = c.presence(c.rca(x))
    m = m[m.sum(axis=1) > 0]
    print(f"\n{m.shape[0]} × {m.shape[1]}, {m.mean():.1%} 有比较优势")
    ours, own = spent(lambda: c.complexity(m))
    print(f"  liantu ECI、PCI                     {own:8.3f} CPU 秒")
    _, whole = spent(lambda: everything(x))
    print(f"  liantu 连同邻近度、密度、前景          {whole:8.3f} CPU 秒", flush=True)
    if min(m.shape) <= 1500 and m.shape[0] <= 3000:
        other, took = spent(lambda: dense(m))
        print(f"  naive dense eig of the regions      {took:8.3f}  {took / own:6.0f} ×  agree {agreement(other, ours.eci):.1e}")
    for name, (prepare, peer) in ((name, PEERS[name]) for name in peers):
        if find_spec(name) is None:
            print(f"  {name:<34}  not installed, left out")
        elif x.size > peer_cells:
            print(f"  {name:<34}  left out above --peer-cells")
        else:
            given = prepare(x, m)
            other, took = spent(lambda peer=peer, given=given: peer(given))  # type: ignore[misc]
            same, mine = (spent(lambda: c.complexity(m, **c.CONVENTIONS["datawheel"])) if name == "economic_complexity" else (ours, own))
            note = f"  (18 steps of reflections against ours, {mine:.3f})" if same is not ours else f"  ({took / whole:.0f} × ours with all its outputs)" if name == "ecomplexity" else ""
            print(f"  {name:<34}  {took:8.3f}  {took / mine:6.0f} ×  agree {agreement(other, same.eci):.1e}{note}", flush=True)


def agreement(other: np.ndarray, ours: np.ndarray) -> float:
    """Largest gap of two indices, each standardised, whatever the sign; 9 where they do not speak of the same regions."""
    if other.shape != ours.shape:
        return 9.0
    a, b = ((v - v.mean()) / v.std() for v in (other, ours))
    return float(min(np.abs(a - b).max(), np.abs(a + b).max()))


def scores(regions: int, items: int, seed: int) -> None:
    x = table(regions, items, seed)
    for kind in (np.float64, np.float32):
        q, t_rca = spent(lambda: c.rca(x).astype(kind))  # noqa: B023
        log, m = np.log1p(q), c.presence(q)
        steps = {"rca": t_rca, "density": spent(lambda: c.density(m, c.proximity(m)))[1], "EASE": spent(lambda: r.ease_scores(log))[1],  # noqa: B023
                 "kNN": spent(lambda: r.region_knn(log))[1], "SVD": spent(lambda: r.svd_scores(log))[1]}  # noqa: B023
        print(f"  {regions:>5} × {items:<5} {np.dtype(kind).name}: " + "  ".join(f"{k} {v:.3f}" for k, v in steps.items()) + f"  in all {sum(steps.values()):.2f} CPU 秒")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", nargs="+", default=["100x300", "300x1000", "250x5000", "3000x1000"])
    parser.add_argument("--peer-cells", type=int, default=300_000)
    parser.add_argument("--peers", nargs="+", default=list(PEERS), choices=list(PEERS))
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    spent(lambda: c.complexity(c.presence(c.rca(table(400, 350, 0)))))  # what is loaded once
    for size in asked.sizes:
        of_size(*map(int, size.split("x")), asked.seed, asked.peer_cells, asked.peers)
    print("\n免标注得分（位置商、关联密度、EASE、邻区、SVD）")
    for size in ((300, 200), (1000, 500), (3000, 1000)):
        scores(*size, asked.seed)


if __name__ == "__main__":
    main()
