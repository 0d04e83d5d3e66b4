"""The cascade step by step: the same end as the engine's, and a road back that holds."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from liantu.methods import firm_links, wave
from liantu.methods.cascade import FirmNetwork, shock


def test_doctests():
    for module in (wave, firm_links):
        done = doctest.testmod(module)
        assert done.failed == 0 and done.attempted >= 3


def random_network(rng, n=60, links=240, sectors=8):
    supplier, customer = rng.integers(0, n, (2, links))
    apart = supplier != customer
    amount = rng.lognormal(2, 1, links)
    sold, bought = (np.bincount(end[apart], amount[apart], n) for end in (supplier, customer))
    return FirmNetwork(n, supplier[apart], customer[apart], amount[apart], np.concatenate([np.arange(sectors), rng.integers(0, sectors, n - sectors)]),
                       rng.integers(0, 3, (sectors, sectors)), sales=sold * rng.uniform(1, 2, n) + 1, purchases=bought * rng.uniform(1, 2, n) + 1)


@pytest.mark.parametrize("seed", range(12))
def test_ends_where_the_engine_ends(seed):
    rng = np.random.default_rng(seed)
    network = random_network(rng)
    low, low_up = rng.choice([0.0, 0.4, 1.0, 1.0, 1.0], (2, network.n))
    for replace in (True, False):
        engine, found = shock(network, low, low_up, replace=replace), wave.wave(network, low, low_up, replace=replace)
        assert np.abs(engine.down[0] - found.down[-1]).max() < 1e-12 and np.abs(engine.up[0] - found.up[-1]).max() < 1e-12 and engine.steps[0] == found.steps


@pytest.mark.parametrize("seed", range(6))
def test_the_road_leads_back_to_a_shocked_firm_and_days_grow_along_it(seed):
    rng = np.random.default_rng(seed)
    network = random_network(rng)
    low = np.ones(network.n)
    low[rng.integers(0, network.n, 3)] = 0.0
    found, stock = wave.wave(network, low), rng.uniform(1, 40, network.n)
    down, up = found.days(stock, stock + 5)
    pairs = set(zip(network.supplier.tolist(), network.customer.tolist(), strict=True))
    for upstream, fell, days, lasting in ((False, found.fell_down, down, stock), (True, found.fell_up, up, stock + 5)):
        assert (fell > 0).any() and (np.isinf(days) == (fell < 0)).all()
        for firm in np.flatnonzero(fell > 0):
            path = found.path(int(firm), upstream=upstream)
            assert low[path[0]] == 0 and len(set(path)) == len(path)
            assert all(((b, a) if upstream else (a, b)) in pairs for a, b in zip(path, path[1:], strict=False))
            assert days[firm] == pytest.approx(sum(lasting[p] for p in path[1:]))


def test_a_cut_link_is_a_stopped_supplier_when_nothing_else_passes():
    """Cutting all that a firm sells hurts its buyers exactly as its stopping does, where nobody can stand in."""
    rng = np.random.default_rng(3)
    network = random_network(rng)
    ends = network.supplier, network.customer, network.amount
    firm = int(np.bincount(network.supplier, minlength=network.n).argmax())
    closed, stopped = firm_links.without_links(network, *ends, network.supplier == firm, replaceable=False)
    low = np.ones(closed.n)
    low[stopped] = 0.0
    alone = np.ones(network.n)
    alone[firm] = 0.0
    cut, whole = wave.wave(closed, low, replace=False).down[-1][:network.n], wave.wave(network, alone, replace=False).down[-1]
    others = np.arange(network.n) != firm
    assert np.abs(cut - whole)[others].max() < 1e-12 and (whole[others] < 1).sum() > 5


def test_unknown_amounts_never_exceed_what_the_customer_can_have_bought():
    filled = firm_links.fill_amounts([90.0, np.nan, np.nan], [0, 1, 2], [3, 3, 3], [np.nan, np.nan, np.nan, 100.0], [np.nan] * 4)
    assert filled.sum() == pytest.approx(100.0) and filled[1] == filled[2] == pytest.approx(5.0)
    assert firm_links.fill_amounts([np.nan], [0], [1], [np.nan, np.nan], [np.nan, np.nan]).tolist() == [1.0]
