"""What breaks if this firm stops: the economic systemic risk index of firms, for one shock or for every firm at once.

Diem, Borsos, Reisch, Kertész, Thurner, *Scientific Reports* 12 (2022) 7719, equations (5)–(13). Step by step and all firms at the same time, with h = 1 − loss:

* downstream, a buyer loses the largest of its losses by essential supplier sectors and of the sum over its plain inputs; a supplier's loss is damped by σ = min(1, its sales ÷
  what its market still sells), since others of its market can take its place;
* upstream, a supplier loses the demand of its buyers; with total sales given, sales outside the network are kept.

Both run until neither moves by more than ``tolerance``, and never meet before the end, where the larger loss counts. Losses only grow, so every order of work ends at the same numbers.
``tolerance`` 1e-2 (:data:`PAPER`) is the rule of the paper, which stops long before the end in closed networks; give total sales and purchases and 1e-6 otherwise.

>>> pair = FirmNetwork(3, [0, 1], [1, 2], [10, 10], sector=[0, 1, 2])
>>> scores(pair).both[:, 0].tolist()
[1.0, 1.0, 1.0]
>>> shock(pair, [1, 0, 1], tolerance=PAPER).score_down[:, 0].tolist()
[0.5]
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from liantu.methods.firm_network import FirmNetwork, Floats, Ints

__all__ = ["PAPER", "Cancelled", "FirmNetwork", "Outcome", "Scores", "scores", "scores_on_spark", "shock"]
PAPER = 1e-2
MOST_STEPS = 100_000
_LIGHT = 0.05  # a shock is followed link by link while its next step walks no more than this share of the links
_CHUNK = 128  # shocks in a piece of work


class Cancelled(Exception):
    """Raised by :func:`scores` when ``cancel`` answers true; nothing is returned."""


@dataclass(frozen=True)
class Outcome:
    """k shocks. ``down``, ``up`` (k, n) remaining output in [0, 1] after either cascade; ``score…`` (k, q) share of each weight's total lost; ``steps`` (k,) until nothing moved by more than ``tolerance``."""

    down: Floats
    up: Floats
    score: Floats
    score_down: Floats
    score_up: Floats
    steps: Ints
    tolerance: float

    @property
    def level(self) -> Floats:
        """(k, n) remaining output: the lower of both cascades."""
        return np.minimum(self.down, self.up)

    def lost_by(self, group: ArrayLike, weight: ArrayLike) -> Floats:
        """(k, G) share of each group's weight lost; ``group`` (n,) numbers 0 … G − 1 (sectors, parks, chain nodes), ``weight`` (n,). A group without weight loses 0 (Diem et al., *PNAS Nexus* 3 (2024) pgae064)."""
        groups, weights = np.asarray(group), np.asarray(weight, dtype=float)
        count = int(groups.max()) + 1 if len(groups) else 0
        whole = np.bincount(groups, weights, count)
        lost = np.stack([np.bincount(groups, weights * (1 - row), count) for row in self.level])
        return np.divide(lost, whole, out=np.zeros_like(lost), where=whole > 0)


@dataclass(frozen=True)
class Scores:
    """Each of k firms closed alone: ``both``, ``down``, ``up`` (k, q) share of each weight's total lost, ``steps`` (k,), ``firms`` (k,) their numbers."""

    both: Floats
    down: Floats
    up: Floats
    steps: Ints
    firms: Ints
    tolerance: float


def _weights(network: FirmNetwork, weights: ArrayLike | None) -> Floats:
    """(n, q) weights as shares of their totals."""
    found = network.sold if weights is None else np.asarray(weights, dtype=float)
    if found.shape[:1] != (network.n,) or found.ndim > 2 or not np.all(found >= 0) or not np.all(np.isfinite(found)):
        raise ValueError(f"weights must be ({network.n},) or ({network.n}, q), finite and not negative")
    found = found.reshape(network.n, 1 if found.ndim == 1 else found.shape[1])
    whole = found.sum(axis=0)
    return np.ascontiguousarray(np.divide(found, whole, out=np.zeros_like(found), where=whole > 0))


class _Run:
    """Prepared arrays for a set of shocks, and room for their results."""

    def __init__(self, network: FirmNetwork, shocks: Any, weights: ArrayLike | None, tolerance: float, replace: bool, dead_market_unit: float, states: bool, most_steps: int) -> None:
        from liantu.methods.cascade_kernels import Firms, Kept

        if not 0 <= tolerance < 1:
            raise ValueError("tolerance must lie in [0, 1)")
        self.network, self.shocks, self.tolerance, self.most_steps = network, shocks, float(tolerance), int(most_steps)
        self.down, self.up = network.down, network.up
        order = np.argsort(network.place)
        market, sold = network.market[order], network.sold[order]
        member = np.argsort(market, kind="stable").astype(np.int32)
        start = np.searchsorted(market[member], np.arange(network.markets + 1)).astype(np.int32)
        self.firms = Firms(market, sold, np.bincount(market, sold, network.markets).astype(float), start, member, _weights(network, weights)[order], bool(replace), float(dead_market_unit))
        k, q = len(shocks.first) - 1, self.firms.weight.shape[1]
        rows = k if states else 0
        self.kept = Kept(np.zeros((k, q)), np.zeros((k, q)), np.zeros((k, q)), np.zeros(k, np.int32), np.zeros((rows, network.n)), np.zeros((rows, network.n)))

    def sweep(self, chosen: Ints) -> None:
        from liantu.methods.cascade_kernels import lanes, sweep

        sweep(chosen, self.shocks, self.down, self.up, self.firms, self.tolerance, self.most_steps, lanes(self.firms), self.kept)

    def worker(self) -> _Worker:
        return _Worker(self)


class _Worker:
    """One thread's working arrays for closing firms one by one."""

    def __init__(self, run: _Run) -> None:
        from liantu.methods.cascade_delta import bench
        from liantu.methods.cascade_kernels import lanes

        self.run, self.bench, self.lanes = run, bench(len(run.down.group_start) - 1, run.firms), lanes(run.firms)
        self.most = int(_LIGHT * (len(run.down.inputs) + len(run.up.buyers)))

    def close(self, first: int, last: int) -> None:
        from liantu.methods.cascade_delta import delta

        r = self.run
        delta(first, last, r.shocks, r.down, r.up, r.firms, r.tolerance, r.most_steps, self.most, self.bench, self.lanes, r.kept)

    def end(self) -> None:
        from liantu.methods.cascade_kernels import LANES, run_lanes

        r = self.run
        run_lanes(LANES, self.lanes, r.shocks, r.down, r.up, r.firms, r.tolerance, r.most_steps, r.kept)


def shock(network: FirmNetwork, remaining: ArrayLike, remaining_up: ArrayLike | None = None, *, tolerance: float = 1e-6, weights: ArrayLike | None = None, replace: bool = True,
          dead_market_unit: float = 0.0, most_steps: int = MOST_STEPS) -> Outcome:
    """Follow shocks to their end.

    ``remaining`` (n,) or (k, n) in [0, 1]: what each firm can still do at the start; ``remaining_up`` the same for the upstream cascade when it differs (a firm may lose its customers and keep its plant).
    ``weights`` (n,) or (n, q): what a firm's loss weighs (output, jobs, tax; sales inside the network by default). ``replace`` False takes σ = 1.
    ``dead_market_unit`` is for parity with the authors' GLcascade only, which counts a dead market as 1 unit of money.

    Raises ValueError on shapes and numbers that do not fit.
    """
    from liantu.methods.cascade_kernels import Shocks

    low = np.atleast_2d(np.asarray(remaining, dtype=float))
    low_up = low if remaining_up is None else np.atleast_2d(np.asarray(remaining_up, dtype=float))
    if low.shape != low_up.shape or low.shape[1] != network.n or not np.all((low >= 0) & (low <= 1)) or not np.all((low_up >= 0) & (low_up <= 1)):
        raise ValueError(f"remaining must be ({network.n},) or (k, {network.n}) within [0, 1], of one shape in both directions")
    row, firm = np.nonzero((low < 1) | (low_up < 1))
    first = np.searchsorted(row, np.arange(len(low) + 1)).astype(np.int32)
    run = _Run(network, Shocks(first, network.place[firm], 1 - low[row, firm], 1 - low_up[row, firm]), weights, tolerance, replace, dead_market_unit, True, most_steps)
    run.sweep(np.arange(len(low), dtype=np.int32))
    kept = run.kept
    return Outcome(1 - kept.state_down[:, network.place], 1 - kept.state_up[:, network.place], kept.both, kept.down, kept.up, kept.steps, tolerance)


def scores(network: FirmNetwork, firms: ArrayLike | None = None, *, tolerance: float = 1e-6, weights: ArrayLike | None = None, replace: bool = True, workers: int | None = None,
           progress: Callable[[float], None] | None = None, cancel: Callable[[], bool] | None = None, most_steps: int = MOST_STEPS) -> Scores:
    """The index of every firm (or of ``firms`` (k,)): what is lost when it alone closes.

    Light cascades are followed link by link, heavy ones swept eight at a time; both give the numbers of :func:`shock`. ``workers`` threads (all cores by default).
    ``progress`` is told the share done; ``cancel`` is asked between pieces of work, and a yes raises :class:`Cancelled`.
    Cost grows with the links that cascades reach, at worst links × steps per firm (measured in docs/evaluation.md).
    """
    from liantu.methods.cascade_kernels import Shocks

    chosen = np.arange(network.n) if firms is None else np.asarray(firms, dtype=np.int64)
    if chosen.ndim != 1 or (len(chosen) and (chosen.min() < 0 or chosen.max() >= network.n)):
        raise ValueError(f"firms are numbers 0 to {network.n - 1}")
    k, whole = len(chosen), np.ones(len(chosen))
    run = _Run(network, Shocks(np.arange(k + 1, dtype=np.int32), network.place[chosen], whole, whole), weights, tolerance, replace, 0.0, False, most_steps)
    threads = max(1, workers or os.cpu_count() or 1)

    def close(at: int) -> None:
        mine = idle.pop() if idle else run.worker()
        mine.close(at, min(at + _CHUNK, k))
        idle.append(mine)

    idle: list[_Worker] = []
    with ThreadPoolExecutor(threads) as pool:
        waiting = [pool.submit(close, at) for at in range(0, k, _CHUNK)]
        try:
            for done, one in enumerate(waiting, 1):
                one.result()
                if cancel is not None and cancel():
                    raise Cancelled
                if progress is not None:
                    progress(done / (len(waiting) + 1))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
        list(pool.map(_Worker.end, idle))
    if progress is not None:
        progress(1.0)
    return Scores(run.kept.both, run.kept.down, run.kept.up, run.kept.steps, chosen.astype(np.int32), tolerance)


def scores_on_spark(session: Any, network: FirmNetwork, firms: ArrayLike | None = None, *, slices: int | None = None, **options: Any) -> Scores:
    """:func:`scores` with the firms dealt out to Spark workers, for networks of a province.

    ``session`` is a ``pyspark.sql.SparkSession`` whose workers have liantu; the network is sent to each worker once and must fit into its memory (about 120 bytes a link and 250 a firm).
    ``slices`` pieces of work (default: four for each of Spark's cores); ``options`` as of :func:`scores`, less ``workers``, ``progress`` and ``cancel``.
    """
    chosen = np.arange(network.n) if firms is None else np.asarray(firms, dtype=np.int64)
    _ = network.down, network.up  # laid out once, here
    context = session.sparkContext
    shared = context.broadcast(network)
    parts = [part for part in np.array_split(chosen, slices or 4 * context.defaultParallelism) if len(part)]
    found = context.parallelize(parts, max(1, len(parts))).map(lambda part: scores(shared.value, part, workers=1, **options)).collect() if parts else [scores(network, chosen, **options)]
    both, down, up, steps, numbers = (np.concatenate([getattr(f, name) for f in found]) for name in ("both", "down", "up", "steps", "firms"))
    return Scores(both, down, up, steps, numbers, found[0].tolerance)
