"""The stock model on made-up networks: CPU time per link and day, and how it grows; beside the same equations in plain NumPy and in plain Python, in one run.

    python benchmarks/bench_inventory.py [--firms 1000 10000 100000] [--days 60] [--python 1000] [--seed 1]

Networks have ten links per firm and heavy tails at both ends (a few firms with thousands of links), amounts log-normal, 616 sectors, a third of the pairs of
sectors essential, a third plain. The largest seller is closed for 20 days and comes back over 10. Times are CPU seconds of this process, the fastest of three runs; the first call, which compiles or loads
what was compiled, is told apart. All versions must give the same days to 1e-9.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np

from liantu.methods.firm_network import FirmNetwork
from liantu.methods.inventory import SMOOTH_DAYS, YEAR, outlook, recovery

LINKS_PER_FIRM, SECTORS, STOCK_DAYS = 10, 616, 10.0


def network(firms: int, seed: int) -> FirmNetwork:
    """Firms drawn at both ends by Pareto weights; two thirds of sales inside the network."""
    chance = np.random.default_rng(seed)
    pull = np.minimum(chance.pareto(1.3, (2, firms)) + 0.15, firms / 50)
    seller, buyer = (chance.choice(firms, firms * LINKS_PER_FIRM, p=w / w.sum()) for w in pull)
    apart = seller != buyer
    seller, buyer = seller[apart], buyer[apart]
    amount = chance.lognormal(0, 1.5, seller.size) * np.sqrt(pull[0][seller] * pull[1][buyer])
    sales, bought = np.bincount(seller, amount, firms) * 1.5 + 1.0, np.bincount(buyer, amount, firms)
    return FirmNetwork(firms, seller, buyer, amount, chance.integers(0, SECTORS, firms), chance.choice([0, 1, 2], (SECTORS, SECTORS)), sales=sales, purchases=bought * 1.3 + 1.0)


def in_numpy(net: FirmNetwork, struck: int, path: np.ndarray) -> np.ndarray:
    """The same days with one NumPy call per step."""
    key = net.customer.astype(np.int64) * SECTORS + net.sector[net.supplier]
    groups, group = np.unique(key, return_inverse=True)
    buyer, kind = groups // SECTORS, net.essential[groups % SECTORS, net.sector[groups // SECTORS]]
    amount, full, outside = net.amount / YEAR, net.sales / YEAR, np.maximum(0, net.sales - net.sold) / YEAR
    use = np.bincount(group, amount)
    harm = np.where(kind == 2, net.bought[buyer], np.where(kind == 1, use * YEAR, 0.0)) / net.purchases[buyer]
    vital, plain = kind == 2, kind == 1
    stock, wanted, output, remaining = use * STOCK_DAYS, np.ones(net.n), [], np.ones(net.n)
    for left in path:
        remaining[struck] = left
        cover = stock / use
        factor = np.maximum(0, wanted[buyer] + (STOCK_DAYS - cover) / SMOOTH_DAYS)
        order = amount * factor[group]
        asked = outside + np.bincount(net.supplier, order, net.n)
        loss = harm * np.maximum(0, 1 - cover)
        worst = np.zeros(net.n)
        np.maximum.at(worst, buyer[vital], loss[vital])
        possible = np.maximum(0, 1 - np.maximum(worst, np.bincount(buyer[plain], loss[plain], net.n)))
        within = np.minimum(asked, full * remaining)
        made = np.minimum(within, full * possible)
        level, wanted = made / full, within / full
        stock += np.bincount(group, order * (made / asked)[net.supplier]) - np.minimum(stock, use * level[buyer])
        output.append(made.sum())
    return np.array(output)


def in_python(net: FirmNetwork, struck: int, path: np.ndarray) -> np.ndarray:
    """The same days firm by firm and link by link, as one would first write it."""
    n = net.n
    full, outside = (net.sales / YEAR).tolist(), (np.maximum(0, net.sales - net.sold) / YEAR).tolist()
    inputs: list[dict[int, list[tuple[int, float]]]] = [{} for _ in range(n)]
    for s, b, a in zip(net.supplier.tolist(), net.customer.tolist(), (net.amount / YEAR).tolist(), strict=True):
        inputs[b].setdefault(int(net.sector[s]), []).append((s, a))
    use = [{k: sum(a for _, a in rows) for k, rows in own.items()} for own in inputs]
    stock = [{k: u * STOCK_DAYS for k, u in own.items()} for own in use]
    essential, purchases, bought, sector = net.essential, net.purchases.tolist(), net.bought.tolist(), net.sector.tolist()
    wanted, output = [1.0] * n, []
    for left in path:
        asked = list(outside)
        factor = [{k: max(0.0, wanted[j] + (STOCK_DAYS - stock[j][k] / use[j][k]) / SMOOTH_DAYS) for k in inputs[j]} for j in range(n)]
        for j in range(n):
            for k, rows in inputs[j].items():
                for s, a in rows:
                    asked[s] += a * factor[j][k]
        made, wanted = [0.0] * n, [0.0] * n
        for j in range(n):
            worst, plain = 0.0, 0.0
            for k in inputs[j]:
                missing = max(0.0, 1 - stock[j][k] / use[j][k])
                kind = essential[k, sector[j]]
                if kind == 2:
                    worst = max(worst, missing * bought[j] / purchases[j])
                elif kind == 1:
                    plain += missing * use[j][k] * YEAR / purchases[j]
            within = min(asked[j], full[j] * (left if j == struck else 1.0))
            made[j], wanted[j] = min(within, full[j] * max(0.0, 1 - max(worst, plain))), within / full[j]
        for j in range(n):
            for k, rows in inputs[j].items():
                came = sum(a * factor[j][k] * made[s] / asked[s] for s, a in rows)
                stock[j][k] += came - min(stock[j][k], use[j][k] * made[j] / full[j])
        output.append(sum(made))
    return np.array(output)


def timed(call: Callable[[], np.ndarray], times: int = 3) -> tuple[float, np.ndarray]:
    """CPU seconds of the fastest of some runs: others on the machine push caches out."""
    seconds = []
    for _ in range(times):
        started = time.process_time()
        found = call()
        seconds.append(time.process_time() - started)
    return min(seconds), found


def measure(firms: int, days: int, python_up_to: int, seed: int) -> None:
    net = network(firms, seed)
    struck, path = int(np.argmax(net.sold)), recovery(days, stopped=20, ramp=10)
    ours = lambda count: outlook(net, [struck], path[:count, None], days=count, stock_days=STOCK_DAYS).output  # noqa: E731
    whole, output = timed(lambda: ours(days))
    one, _ = timed(lambda: ours(1))
    step = (whole - one) / (days - 1) / net.links * 1e9
    print(f"{firms:>8} firms {net.links:>9} links  ours    {whole:8.3f} s for {days} days ({one:.3f} s to lay out), {step:7.1f} ns a link and day; lowest day {output.min() / output[0]:.3f} of the first", flush=True)
    for name, call in (("NumPy", in_numpy), *([("Python", in_python)] if firms <= python_up_to else [])):
        seconds, other = timed(lambda call=call: call(net, struck, path), 1 if name == "Python" else 3)
        np.testing.assert_allclose(other, output, rtol=1e-9)
        print(f"{'':>30}  {name:<7} {seconds:8.3f} s, {seconds / days / net.links * 1e9:7.1f} ns   {name} ÷ ours = {seconds / whole:.1f}, without laying out {seconds / (whole - one):.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--firms", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--python", type=int, default=1000, help="largest network for the plain Python version")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    tiny = FirmNetwork(2, [0], [1], [1.0], [0, 1])
    print(f"first call (compiles, or loads what was compiled before): {timed(lambda: outlook(tiny, [0], 0.0, days=2, stock_days=1).output, 1)[0]:.2f} s CPU")
    for firms in given.firms:
        measure(firms, given.days, given.python, given.seed)


if __name__ == "__main__":
    main()
