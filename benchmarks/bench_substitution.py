"""Allotting spare capacity: CPU seconds and how they grow; beside a greedy way, HiGHS on the same linear programme and, where they are installed, networkx and OR-tools, in one run.

    python benchmarks/bench_substitution.py [--suppliers 300 1000 3000 10000] [--highs 1000] [--networkx 300] [--seed 1]

Buyers are 10/3 and arcs 200/3 times the suppliers (3,000 × 10,000 × 200,000); needs and capacities log-normal, spare capacity 0.9 of the needs; costs are distances
and one of three price classes. Times are CPU seconds of this process. HiGHS, networkx and OR-tools only up to the given number of suppliers: the first needs over a minute at 3,000.
networkx and OR-tools count in whole numbers: amounts in 1/1000, costs in 1/1000000.
"""

from __future__ import annotations

import argparse
import time
from importlib.util import find_spec

import numpy as np

from liantu.methods.substitution import _cheapest, _Problem, allot

SHORT = 10.0


def district(suppliers: int, seed: int) -> tuple[np.ndarray, ...]:
    """Needs, spare capacities, arcs and their costs."""
    chance = np.random.default_rng(seed)
    buyers, arcs = suppliers * 10 // 3, suppliers * 200 // 3
    s, b = np.divmod(np.unique(chance.integers(0, suppliers, arcs) * buyers + chance.integers(0, buyers, arcs)), buyers)
    need, spare = chance.lognormal(3, 1, buyers), chance.lognormal(3, 1, suppliers)
    where = chance.random((suppliers, 2)), chance.random((buyers, 2))
    return need, spare * 0.9 * need.sum() / spare.sum(), s, b, np.hypot(*(where[0][s] - where[1][b]).T) + chance.choice([0, 0.1, 0.3], s.size)


def greedy(need: np.ndarray, spare: np.ndarray, s: np.ndarray, b: np.ndarray, cost: np.ndarray) -> float:
    """Cheapest arc first."""
    need, spare, total = need.tolist(), spare.tolist(), 0.0
    for arc in np.argsort(cost).tolist():
        amount = min(need[b[arc]], spare[s[arc]])
        need[b[arc]] -= amount
        spare[s[arc]] -= amount
        total += amount * cost[arc]
    return total + SHORT * sum(need)


def by_highs(need: np.ndarray, spare: np.ndarray, s: np.ndarray, b: np.ndarray, cost: np.ndarray) -> float:
    best = _cheapest(s * need.size + b, cost)
    problem = _Problem(spare, need, s[best], b[best], cost[best], np.full(need.size, SHORT))
    found = problem.highs()
    return float(problem.cost @ found.amount + SHORT * found.short.sum())


def whole(need: np.ndarray, spare: np.ndarray, cost: np.ndarray) -> tuple[np.ndarray, ...]:
    return np.rint(need * 1e3).astype(np.int64), np.rint(spare * 1e3).astype(np.int64), np.rint(cost * 1e6).astype(np.int64)


def by_networkx(need: np.ndarray, spare: np.ndarray, s: np.ndarray, b: np.ndarray, cost: np.ndarray) -> float:
    import networkx as nx

    needs, room, price = whole(need, spare, cost)
    graph = nx.DiGraph()
    graph.add_node("rest", demand=int(room.sum() - needs.sum()))
    graph.add_nodes_from((("s", k), {"demand": -int(v)}) for k, v in enumerate(room))
    graph.add_nodes_from((("b", k), {"demand": int(v)}) for k, v in enumerate(needs))
    graph.add_edges_from((("s", int(i)), ("b", int(j)), {"weight": int(c)}) for i, j, c in zip(s, b, price, strict=True))
    graph.add_edges_from((("s", k), "rest", {"weight": 0}) for k in range(spare.size))
    graph.add_edges_from(("rest", ("b", k), {"weight": int(SHORT * 1e6)}) for k in range(need.size))
    return float(nx.network_simplex(graph)[0]) / 1e9


def by_ortools(need: np.ndarray, spare: np.ndarray, s: np.ndarray, b: np.ndarray, cost: np.ndarray) -> float:
    from ortools.graph.python import min_cost_flow

    needs, room, price = whole(need, spare, cost)
    suppliers, buyers = spare.size, need.size
    flow, rest = min_cost_flow.SimpleMinCostFlow(), suppliers + buyers
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([s, np.arange(suppliers), np.full(buyers, rest)]), np.concatenate([b + suppliers, np.full(suppliers, rest), np.arange(buyers) + suppliers]),
        np.concatenate([np.minimum(room[s], needs[b]), room, needs]), np.concatenate([price, np.zeros(suppliers, np.int64), np.full(buyers, int(SHORT * 1e6))]))
    flow.set_nodes_supplies(np.arange(rest + 1), np.concatenate([room, -needs, [needs.sum() - room.sum()]]))
    if flow.solve() != flow.OPTIMAL:
        raise ArithmeticError("OR-tools found no optimum")
    return float(flow.optimal_cost()) / 1e9


def timed(call, *given: np.ndarray) -> tuple[float, float]:
    started = time.process_time()
    found = call(*given)
    return time.process_time() - started, float(found)


def measure(suppliers: int, highs_up_to: int, networkx_up_to: int, seed: int) -> None:
    given = district(suppliers, seed)
    proof = {}

    def ours(*arrays: np.ndarray) -> float:
        found = allot(*arrays, shortage_cost=SHORT)
        proof.update(gap=found.gap, solver=found.solver)
        return found.cost

    seconds, cost = timed(ours, *given)
    print(f"{suppliers:>6} × {given[0].size:>6} × {given[2].size:>8} arcs  ours       {seconds:8.3f} s  cost {cost:14.4f}  proved to {proof['gap']:.0e} by {proof['solver']}", flush=True)
    others = [("greedy", greedy)]
    others += [("HiGHS", by_highs)] if suppliers <= highs_up_to else []
    others += [("networkx", by_networkx)] if suppliers <= networkx_up_to and find_spec("networkx") else []
    others += [("OR-tools", by_ortools)] if find_spec("ortools") else []
    for name, call in others:
        other, found = timed(call, *given)
        print(f"{'':>32}  {name:<9}  {other:8.3f} s  cost {found:14.4f}  ({found / cost - 1:+.2%})   {name} ÷ ours = {other / seconds:.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suppliers", type=int, nargs="+", default=[300, 1000, 3000, 10_000])
    parser.add_argument("--highs", type=int, default=1000)
    parser.add_argument("--networkx", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    started = time.process_time()
    allot([1.0], [1.0], [0], [0], [1.0])
    print(f"first call (imports the solver): {time.process_time() - started:.2f} s CPU")
    for suppliers in given.suppliers:
        measure(suppliers, given.highs, given.networkx, given.seed)


if __name__ == "__main__":
    main()
