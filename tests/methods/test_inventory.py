"""The stock model by hand, against a literal version without compiled code, against the cascade, and what must always hold."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from liantu.methods import inventory
from liantu.methods.cascade import shock
from liantu.methods.firm_network import FirmNetwork
from liantu.methods.inventory import outlook, recovery


def test_doctests() -> None:
    assert doctest.testmod(inventory).failed == 0


def random_network(seed: int, n: int = 40, links: int = 160, sectors: int = 6, kinds: tuple[int, ...] = (0, 1, 2), open_share: float = 0.5) -> FirmNetwork:
    """Firms that sell and buy inside and outside; links may form rings."""
    rng = np.random.default_rng(seed)
    s, b = rng.integers(0, n, (2, links))
    s, b = s[s != b], b[s != b]
    a = rng.lognormal(3, 1, s.size)
    sold, bought = np.bincount(s, a, n), np.bincount(b, a, n)
    return FirmNetwork(n, s, b, a, rng.integers(0, sectors, n), rng.choice(kinds, (sectors, sectors)), sales=sold / (1 - open_share * rng.random(n)) + rng.lognormal(2, 1, n),
                       purchases=bought * (1 + rng.random(n)))


def literal(net: FirmNetwork, struck, path, stock_days, period, tau, firms_first=False, room=0.0, orders_for="demand"):
    """The equations of the module, one firm and one link after the other."""
    n = net.n
    full, outside = net.sales / period, (net.sales - net.sold) / period
    groups: dict[tuple[int, int], list[tuple[int, float]]] = {}
    for s, b, a in zip(net.supplier, net.customer, net.amount, strict=True):
        groups.setdefault((int(b), int(net.sector[s])), []).append((int(s), a / period))
    use = {g: sum(a for _, a in v) for g, v in groups.items()}
    stock = {g: stock_days * u for g, u in use.items()}
    wanted, output, levels = np.ones(n), [], []
    for t in range(len(path)):
        factor = {g: max(0.0, wanted[g[0]] + (stock_days - stock[g] / use[g]) / tau) for g in groups}
        demand = outside.copy()
        for g, rows in groups.items():
            for s, a in rows:
                demand[s] += a * factor[g]
        made, within = np.zeros(n), np.zeros(n)
        for j in range(n):
            vital, plain = [0.0], 0.0
            for g in groups:
                if g[0] == j:
                    missing = max(0.0, 1 + room - stock[g] / use[g])
                    kind = net.essential[g[1], net.sector[j]]
                    if kind == 2:
                        vital.append(missing * net.bought[j] / net.purchases[j])
                    elif kind == 1:
                        plain += missing * use[g] * period / net.purchases[j]
            cap = (path[t] if j in struck else 1.0) * (1 + room)
            within[j] = min(demand[j], full[j] * cap)
            made[j] = min(within[j], full[j] * max(0.0, 1 + room - max(*vital, plain)))
        level = made / full
        wanted = within / full if orders_for == "demand" else level
        for g, rows in groups.items():
            came = 0.0
            for s, a in rows:
                asked = demand[s] - outside[s]
                came += a * factor[g] * (min(1.0, made[s] / asked) if firms_first else made[s] / demand[s])
            stock[g] += came - min(stock[g], use[g] * level[g[0]])
        output.append(made.sum())
        levels.append(level)
    return np.array(output), np.array(levels)


@pytest.mark.parametrize(("seed", "firms_first", "room", "orders_for"), [(1, False, 0.0, "demand"), (2, True, 0.0, "output"), (3, False, 0.2, "output"), (4, True, 0.1, "demand")])
def test_equals_the_literal_version(seed: int, firms_first: bool, room: float, orders_for: str) -> None:
    net = random_network(seed)
    path = recovery(40, start=0.1, stopped=12, ramp=6, begin=2)
    found = outlook(net, [3, 7], path[:, None], days=40, stock_days=4, smooth_days=5, firms_first=firms_first, room=room, orders_for=orders_for, follow=range(net.n))
    output, levels = literal(net, {3, 7}, path, 4.0, 365.0, 5.0, firms_first, room, orders_for)
    np.testing.assert_allclose(found.output, output, rtol=1e-11)
    np.testing.assert_allclose(found.path, levels, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(found.lost, ((1 - levels) * net.sales / 365).sum(axis=0), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found.lowest, np.minimum(levels.min(axis=0), 1), rtol=1e-10, atol=1e-12)
    first = [int(np.argmax(column < 0.95)) if (column < 0.95).any() else -1 for column in (levels + 1e-9).T]
    assert found.felt.tolist() == first


def test_a_chain_by_hand() -> None:
    """Ore → steel → car, 10 a day; ore closed for good. Steel holds 2 days, cars 5: steel stops on day 2, cars on day 2 + 5 = 7; no day in between is partly lost."""
    net = FirmNetwork(3, [0, 1], [1, 2], [10.0, 10.0], [0, 1, 2], sales=[10.0, 10.0, 10.0])
    found = outlook(net, [0], 0.0, days=10, stock_days=[1.0, 2.0, 5.0], period=1, weights=[[5, 1.0], [20, 2.0], [300, 0.0]], follow=[0, 1, 2])
    assert found.path[:, 0].tolist() == [0.0] * 10
    assert found.path[:, 1].tolist() == [1.0] * 2 + [0.0] * 8
    assert found.path[:, 2].tolist() == [1.0] * 7 + [0.0] * 3
    assert found.felt.tolist() == [0, 2, 7] and found.lost.tolist() == [100.0, 80.0, 30.0]
    assert found.at_stake[[0, 2, 7]].tolist() == [[5, 1.0], [25, 3.0], [325, 3.0]]


def test_shares_of_inputs_by_hand() -> None:
    """The buyer of a half share of an essential input halves; of a plain input at 30 % of its purchases it loses 15 %; of a negligible one nothing."""
    kinds = np.array([[2, 2, 2, 2], [2, 2, 2, 2], [2, 2, 2, 2], [2, 1, 0, 2]]).T  # column: buyer's sector 3 needs sector 0 badly, 1 plainly, 2 not
    for closed, expected in ((0, 0.5), (2, 1 - 0.3 * 0.5), (4, 1.0)):
        net = FirmNetwork(7, range(6), [6] * 6, [20.0, 20.0, 15.0, 15.0, 15.0, 15.0], [0, 0, 1, 1, 2, 2, 3], kinds, sales=[20.0, 20.0, 15.0, 15.0, 15.0, 15.0, 200.0])
        assert net.essential[:3, 3].tolist() == [2, 1, 0]
        found = outlook(net, [closed], 0.0, days=200, stock_days=3, period=1, smooth_days=1e9, follow=[6])
        assert found.path[-1, 0] == pytest.approx(expected, abs=1e-6)


def test_what_is_bought_outside_keeps_coming() -> None:
    net = FirmNetwork(2, [0], [1], [10.0], [0, 1], sales=[10.0, 50.0], purchases=[0.0, 40.0])
    assert outlook(net, [0], 0.0, days=9, stock_days=3, period=1, follow=[1]).path[-1, 0] == pytest.approx(0.75)


def test_a_buyer_that_stops_is_missed_by_its_suppliers() -> None:
    """The supplier sells 30 of 40 to the closed buyer: after the day's orders only the 10 of the outside are left."""
    net = FirmNetwork(2, [0], [1], [30.0], [0, 1], sales=[40.0, 100.0])
    found = outlook(net, [1], 0.0, days=8, stock_days=2, period=1, follow=[0])
    assert found.path[0, 0] == 1.0 and found.path[2:, 0].tolist() == pytest.approx([0.25] * 6)


@pytest.mark.parametrize("seed", range(6))
def test_without_shock_nothing_moves(seed: int) -> None:
    net = random_network(seed)
    for firms, left in (([], 1.0), ([1, 2], 1.0)):
        found = outlook(net, firms, left, days=50, stock_days=1 + seed)
        np.testing.assert_allclose(found.output, net.sales.sum() / 365, rtol=1e-10)
        assert np.abs(found.lost).max() < 1e-6 and (found.felt == -1).all() and found.share[-1] == pytest.approx(1)


@pytest.mark.parametrize("unit", [1e-4, 1e4])
def test_units_do_not_matter(unit: float) -> None:
    net = random_network(11)
    scaled = FirmNetwork(net.n, net.supplier, net.customer, net.amount * unit, net.sector, net.essential, sales=net.sales * unit, purchases=net.purchases * unit)
    a, z = (outlook(x, [0, 5], 0.3, days=60, stock_days=5, weights=np.ones(net.n)) for x in (net, scaled))
    np.testing.assert_allclose(z.output, a.output * unit, rtol=1e-9)
    np.testing.assert_allclose(z.at_stake, a.at_stake, rtol=1e-7, atol=1e-9)
    assert z.felt.tolist() == a.felt.tolist()


@pytest.mark.parametrize("seed", range(8))
def test_more_stock_is_never_felt_earlier(seed: int) -> None:
    """In a network without rings, struck once and for good, longer stocks only put off the day."""
    rng = np.random.default_rng(seed)
    n = 30
    pairs = np.array([(i, j) for i in range(n) for j in range(i + 1, n) if rng.random() < 0.12])
    amount = rng.lognormal(2, 1, len(pairs))
    net = FirmNetwork(n, pairs[:, 0], pairs[:, 1], amount, np.arange(n), sales=np.bincount(pairs[:, 0], amount, n) * 1.2 + 5)
    before = np.zeros(n)
    for stock in (1, 2, 4, 8, 16):
        felt = outlook(net, [0, 1], 0.0, days=200, stock_days=stock).felt.astype(float)
        felt[felt < 0] = np.inf
        assert (felt >= before).all()
        before = felt


@pytest.mark.parametrize("seed", range(6))
def test_recovery_comes_back_to_where_it_began(seed: int) -> None:
    net = random_network(20 + seed)
    path = recovery(1500, start=0.0, stopped=20, ramp=10)
    for room in (0.0, 0.1):
        found = outlook(net, [int(np.argmax(net.sold))], path[:, None], days=1500, stock_days=6, room=room)
        assert found.share.min() < 0.999
        assert found.share[-1] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("seed", range(8))
def test_nothing_comes_from_nothing(seed: int) -> None:
    """What is made is what is delivered and sold; nobody makes more than capacity and stock allow, and no stock falls below nothing."""
    net = random_network(40 + seed)
    rng = np.random.default_rng(seed)
    struck = rng.choice(net.n, 5, replace=False)
    capacity = rng.random((80, 5))
    found = outlook(net, struck, capacity, days=80, stock_days=1 + 5 * rng.random(net.n), firms_first=seed % 2 == 1, follow=[*struck, *range(net.n)])
    np.testing.assert_allclose(found.output, found.delivered + found.sold_outside, rtol=1e-10)
    assert found.least_stock.min() >= 0 and found.sold_outside.min() >= -1e-9
    assert (found.path[:, :5] <= capacity + 1e-12).all() and found.path.min() >= 0 and found.path.max() <= 1 + 1e-12


def test_firms_come_before_the_outside_when_asked() -> None:
    """Supplier at half: in proportion both go short; firms first, the buyer takes all 5 of its 5."""
    net = FirmNetwork(2, [0], [1], [5.0], [0, 1], sales=[10.0, 50.0])
    shared, first = (outlook(net, [0], 0.5, days=60, stock_days=3, period=1, firms_first=choice, follow=[1]).path[-1, 0] for choice in (False, True))
    assert first == pytest.approx(1.0) and shared < 0.9


@pytest.mark.parametrize(("seed", "kinds"), [*((seed, (2,)) for seed in range(5)), *((seed, (1, 2)) for seed in range(5))])
def test_in_the_long_run_the_weeks_end_where_the_cascade_ends(seed: int, kinds: tuple[int, ...]) -> None:
    """No rings, struck firms that buy from nobody, customers outside: without pressing to restock the last day is the downstream cascade (an independent engine), firm by
    firm. Where plain inputs add up the cascade is the lower bound: a firm held back by one input piles up the others."""
    rng = np.random.default_rng(seed)
    n = 25
    pairs = np.array([(i, j) for i in range(n) for j in range(max(5, i + 1), n) if rng.random() < 0.15])
    amount = rng.lognormal(2, 1, len(pairs))
    net = FirmNetwork(n, pairs[:, 0], pairs[:, 1], amount, rng.integers(0, 5, n), rng.choice(kinds, (5, 5)), sales=np.bincount(pairs[:, 0], amount, n) + rng.lognormal(2, 1, n),
                      purchases=np.bincount(pairs[:, 1], amount, n) * (1 + rng.random(n)))
    left = np.where(np.isin(np.arange(n), [0, 3]), 0.4, 1.0)
    found = outlook(net, [0, 3], 0.4, days=400, stock_days=4, smooth_days=1e12, follow=range(n))
    level = shock(net, left, np.ones(n), tolerance=1e-12, replace=False).down[0]
    assert level.min() < 0.999
    assert (found.path[-1] >= level - 1e-9).all()
    if kinds == (2,):
        np.testing.assert_allclose(found.path[-1], level, atol=1e-9)


def test_orders_for_output_spiral_beside_customers_outside() -> None:
    """Half the supplier's sales go outside, and it keeps 0.9. Orders for output shrink again and again, to a small part; orders for demand stay at 0.9."""
    net = FirmNetwork(2, [0], [1], [5.0], [0, 1], sales=[10.0, 50.0])
    by_demand, by_output = (outlook(net, [0], 0.9, days=60, stock_days=2, period=1, smooth_days=1e12, orders_for=rule, follow=[1]).path[-1, 0] for rule in ("demand", "output"))
    assert by_demand == pytest.approx(0.9) and by_output < 0.85


def test_stock_by_link_and_present_stock() -> None:
    """Per link the days are weighed within a group; a shelf that is empty today stops the buyer at once."""
    net = FirmNetwork(3, [0, 1], [2, 2], [30.0, 10.0], [0, 0, 1], sales=[30.0, 10.0, 90.0])
    assert outlook(net, [0, 1], 0.0, days=9, stock_days=[2.0, 6.0], stock_per="link", period=1).felt[2] == 3  # (30·2 + 10·6) / 40
    assert outlook(net, [0, 1], 0.0, days=9, stock_days=5, stock_now=0.0, period=1).felt[2] == 0


@pytest.mark.parametrize("wrong", [
    {"stock_days": 0.5}, {"stock_days": [3.0]}, {"stock_now": -1.0}, {"firms": [9]}, {"remaining": 1.2}, {"remaining": np.nan}, {"smooth_days": 0.0}, {"room": -0.1}, {"weights": [1.0]}, {"period": 0.0},
])
def test_wrong_input_is_named(wrong: dict) -> None:
    net = FirmNetwork(3, [0, 1], [1, 2], [1.0, 1.0], [0, 1, 2])
    with pytest.raises(ValueError, match=r"\w"):
        outlook(net, **{"firms": [0], "remaining": 0.0, "stock_days": 3, **wrong})
