"""Allotments against the exact optimum (HiGHS on the whole linear programme, and counting all integer plans), and what prices promise."""

from __future__ import annotations

import doctest
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from liantu.methods import substitution
from liantu.methods.substitution import Allotment, _Problem, allot


def test_doctests() -> None:
    assert doctest.testmod(substitution).failed == 0


def exact(need, spare, s, b, c, out_cost, out_cap, group, short_cost, must=None, must_cost=0.0) -> float:
    """Least cost by one linear programme: arcs, outside per need, shortage per need, and (soft) missing must parts."""
    A, B, S = len(c), len(need), len(spare)
    n = A + 3 * B
    ub = np.zeros((S + len(out_cap) + B, n))
    ub[s, np.arange(A)] = 1
    for k, g in enumerate(group):
        if g >= 0:
            ub[S + g, A + k] = 1
    eq = np.zeros((B, n))
    eq[b, np.arange(A)] = 1
    for k in range(B):
        eq[k, A + k] = eq[k, A + B + k] = 1
        ub[S + len(out_cap) + k, [A + B + k, A + 2 * B + k]] = 1, -1  # short - (1-must) need <= missing must part
    cap = np.concatenate([spare, out_cap, need * (1 - (np.zeros(B) if must is None else must))])
    bounds = [(0, None)] * A + [(0, None if g >= 0 else 0) for g in group] + [(0, None)] * 2 * B
    return linprog(np.concatenate([c, out_cost, np.broadcast_to(short_cost, B), np.full(B, must_cost)]), A_ub=ub, b_ub=cap, A_eq=eq, b_eq=need, bounds=bounds).fun


def small(rng: np.random.Generator, whole: bool):
    S, B = rng.integers(1, 7, 2)
    s, b = np.nonzero(rng.random((S, B)) < 0.6)
    if whole:  # many ties and zeros: degenerate
        return rng.integers(0, 5, B).astype(float), rng.integers(0, 5, S).astype(float), s, b, rng.integers(0, 4, s.size).astype(float)
    return rng.lognormal(0, 2, B), rng.lognormal(0, 2, S), s, b, rng.random(s.size) * 10


@pytest.mark.parametrize("seed", range(60))
def test_equals_the_linear_programme(seed: int) -> None:
    rng = np.random.default_rng(seed)
    need, spare, s, b, c = small(rng, whole=seed % 2 == 1)
    group, caps, out = rng.integers(-1, 2, need.size), rng.random(2) * need.sum(), 4 + 10 * rng.random(need.size)
    short = rng.integers(8, 30, need.size).astype(float)
    found = allot(need, spare, s, b, c, outside_cost=out, outside_cap=caps, outside_group=group, shortage_cost=short)
    assert found.cost == pytest.approx(exact(need, spare, s, b, c, out, caps, group, short), rel=1e-9, abs=1e-9)
    assert found.gap <= 1e-9
    assert found.solver == "network simplex"
    feasible(found, need, spare)
    bought = np.bincount(group[group >= 0], found.outside[group >= 0], 2)
    assert (bought <= caps * (1 + 1e-12)).all() and not found.outside[group < 0].any()


def feasible(found: Allotment, need, spare) -> None:
    assert min(found.amount.min(initial=0), found.short.min(initial=0), found.outside.min(initial=0)) >= 0
    np.testing.assert_allclose(np.bincount(found.buyer, found.amount, need.size) + found.outside + found.short, need, rtol=1e-11, atol=1e-15)
    np.testing.assert_allclose(np.bincount(found.supplier, found.amount, spare.size) + found.spare_left, spare, rtol=1e-11, atol=1e-15)


@pytest.mark.parametrize("seed", range(40))
def test_without_a_price_of_shortage_as_much_as_possible_is_met(seed: int) -> None:
    rng = np.random.default_rng(100 + seed)
    need, spare, s, b, c = small(rng, whole=seed % 2 == 1)
    none = np.full(need.size, -1)
    least_short = exact(need, spare, s, b, np.zeros(c.size), np.zeros(need.size), [], none, 1.0)
    found = allot(need, spare, s, b, c)
    assert found.short.sum() == pytest.approx(least_short, rel=1e-9, abs=1e-9)
    assert found.cost == pytest.approx(exact(need, spare, s, b, c, np.zeros(need.size), [], none, 1e4) - 1e4 * least_short, rel=1e-6, abs=1e-6)
    feasible(found, need, spare)


@pytest.mark.parametrize("seed", range(30))
def test_must_parts_come_before_the_rest_of_any_need(seed: int) -> None:
    rng = np.random.default_rng(200 + seed)
    need, spare, s, b, c = small(rng, whole=seed % 2 == 1)
    must, none = rng.choice([0.0, 0.3, 1.0], need.size), np.full(need.size, -1)
    found = allot(need, spare, s, b, c, shortage_cost=12.0, must_share=must)
    missing = np.maximum(0, found.short - need * (1 - must)).sum()
    assert missing == pytest.approx(exact(need, spare, s, b, np.zeros(c.size), np.zeros(need.size), [], none, 0.0, must, 1.0), rel=1e-9, abs=1e-9)
    assert found.cost == pytest.approx(exact(need, spare, s, b, c, np.zeros(need.size), [], none, 12.0, must, 1e4) - 1e4 * missing, rel=1e-6, abs=1e-6)


def test_a_long_chain_of_exchanges_is_found() -> None:
    """Need 0 is met only if each supplier of a chain of 40 moves on to the next need, each step at the full spread of costs."""
    n = 40
    supplier, buyer, cost = np.repeat(np.arange(n), 2), np.ravel([(k, k + 1) for k in range(n)]), np.tile([50.0, 0.0], n)
    found = allot(np.ones(n + 1), np.append(np.ones(n), 1.0), np.append(supplier, n), np.append(buyer, n), np.append(cost, 1.0))
    assert found.short.sum() == pytest.approx(0)
    assert found.cost == pytest.approx(50 * n + 1)


def test_whole_number_plans_counted() -> None:
    need, spare, s, b, c = [2, 3], [2, 2], [0, 0, 1, 1], [0, 1, 0, 1], [1.0, 2.0, 4.0, 3.0]
    best = min(
        np.dot(c, x) + 10 * (5 - sum(x))
        for x in product(range(4), repeat=4)
        if x[0] + x[1] <= 2 and x[2] + x[3] <= 2 and x[0] + x[2] <= 2 and x[1] + x[3] <= 3
    )
    assert allot(need, spare, s, b, c, shortage_cost=10.0).cost == pytest.approx(best)


@pytest.mark.parametrize("seed", range(12))
def test_prices_hold_between_one_unit_more_and_one_less(seed: int) -> None:
    rng = np.random.default_rng(300 + seed)
    need, spare, s, b, c = small(rng, whole=False)
    base = allot(need, spare, s, b, c, shortage_cost=20.0)
    for k in range(need.size):
        step = 1e-4 * need[k]
        more, less = (allot(need + sign * step * (np.arange(need.size) == k), spare, s, b, c, shortage_cost=20.0).cost for sign in (1, -1))
        assert more - base.cost >= base.price[k] * step - 1e-7 * step
        assert base.cost - less <= base.price[k] * step + 1e-7 * step
    for k in range(spare.size):
        step = 1e-4 * spare[k]
        more = allot(need, spare + step * (np.arange(spare.size) == k), s, b, c, shortage_cost=20.0).cost
        assert base.cost - more <= base.spare_value[k] * step + 1e-7 * step


@pytest.mark.parametrize(("need", "spare", "said"), [([4.0, 4.0], [5.0, 5.0], 2.0), ([4.0, 5.0], [5.0, 4.0], 9.0)])
def test_next_best_is_used_once_it_is_cheaper_by_what_is_said(need: list[float], spare: list[float], said: float) -> None:
    """By hand: the far supplier is 2 dearer for need 0; when it is full for need 1, which then buys outside at 9 in place of 2, 7 more."""
    far = np.array([1.0, 3.0, 2.0])
    found = allot(need, spare, [0, 1, 1], [0, 0, 1], far, outside_cost=9.0)
    assert [(t.supplier, t.amount) for t in found.taken(0)] == [(0, pytest.approx(4.0))]
    best, dearer = found.next_best()
    assert best.tolist() == [1, -1] and dearer[0] == pytest.approx(said)
    for change, used in ((said + 0.01, True), (said - 0.01, False)):
        again = allot(need, spare, [0, 1, 1], [0, 0, 1], far - np.array([0.0, change, 0.0]), outside_cost=9.0)
        assert bool(again.amount[1] > 1e-9) == used


@pytest.mark.parametrize("unit", [1e-4, 1e4, 1e8])
def test_units_do_not_matter(unit: float) -> None:
    rng = np.random.default_rng(5)
    need, spare, s, b, c = rng.lognormal(0, 2, 40), rng.lognormal(0, 2, 30), *np.divmod(np.flatnonzero(rng.random(1200) < 0.2), 40), 1.0
    cost = rng.random(s.size) * c
    a, z = allot(need, spare, s, b, cost), allot(need * unit, spare * unit, s, b, cost / unit)
    np.testing.assert_allclose(z.amount / unit, a.amount, rtol=1e-8, atol=1e-9)
    assert z.cost == pytest.approx(a.cost, rel=1e-9)


def test_more_spare_capacity_never_costs_more() -> None:
    rng = np.random.default_rng(6)
    need, spare, s, b, c = rng.lognormal(0, 1, 30), rng.lognormal(0, 1, 20), *np.divmod(np.flatnonzero(rng.random(600) < 0.2), 30), rng.random(600)
    costs = [allot(need, spare * k, s, b, c[: s.size], shortage_cost=5.0).cost for k in (0.0, 0.5, 1.0, 2.0, 9.0)]
    assert costs[0] == pytest.approx(5 * need.sum())
    assert costs == sorted(costs, reverse=True) and costs[-1] < costs[0]


def test_highs_agrees_with_the_network_simplex() -> None:
    rng = np.random.default_rng(7)
    row, column = np.divmod(np.flatnonzero(rng.random(200) < 0.4), 20)
    problem = _Problem(rng.lognormal(0, 1, 10), rng.lognormal(0, 1, 20), row, column, rng.random(row.size), np.full(20, 3.0))
    one, other = problem.simplex(), problem.highs()
    assert one is not None and other.solver == "HiGHS" and other.gap < 1e-9
    assert problem.cost @ one.amount + 3 * one.short.sum() == pytest.approx(problem.cost @ other.amount + 3 * other.short.sum(), rel=1e-10)


def test_abundance_and_wide_ranges_are_proved_too() -> None:
    """Spare capacity far above the needs, amounts over ten orders, costs over six: no answer falls back to the slow solver."""
    rng = np.random.default_rng(8)
    s, b = np.divmod(np.flatnonzero(rng.random(60 * 90) < 0.1), 90)
    for need, spare, cost in ((rng.lognormal(0, 1, 90), rng.lognormal(12, 1, 60), rng.random(s.size)), (rng.lognormal(0, 4, 90), rng.lognormal(0, 4, 60), rng.random(s.size)), (rng.lognormal(0, 1, 90), rng.lognormal(0, 1, 60), 10 ** rng.uniform(-3, 3, s.size))):
        for more in ({}, {"must_share": 0.5}, {"shortage_cost": 2000.0}, {"outside_cost": 800.0, "outside_cap": [1.0]}):
            found = allot(need, spare, s, b, cost, **more)
            assert found.solver == "network simplex" and found.gap <= 1e-9


def test_an_unproved_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan that is dearer than need be has no prices that prove it."""
    problem = _Problem(np.array([1.0, 1.0]), np.array([1.0]), np.array([0, 1]), np.array([0, 0]), np.array([1.0, 2.0]), np.array([9.0]))
    right = problem._proved(np.array([1.0, 0.0]), np.zeros(2), "network simplex")
    wrong = problem._proved(np.array([0.0, 1.0]), np.zeros(2), "network simplex")
    assert right is not None and right.gap == 0 and wrong is None
    monkeypatch.setattr(_Problem, "simplex", lambda self: None)
    assert allot([1.0], [1.0, 1.0], [0, 1], [0, 0], [1.0, 2.0]).solver == "HiGHS"


def test_nothing_to_allot_and_nobody_to_ask() -> None:
    assert allot([], [], [], [], []).cost == 0
    alone = allot([3.0, 0.0], [], [], [], [])
    assert alone.short.tolist() == [3.0, 0.0] and alone.amount.size == 0
    bought = allot([3.0, 0.0], [], [], [], [], outside_cost=2.0)
    assert bought.outside.tolist() == [3.0, 0.0] and bought.cost == 6.0 and bought.price.tolist() == [2.0, 2.0]
    empty = allot([3.0], [0.0], [0], [0], [1.0], shortage_cost=4.0)
    assert empty.price.tolist() == [4.0] and empty.spare_value.tolist() == [3.0]


def test_of_parallel_arcs_the_cheapest_is_used() -> None:
    assert allot([2.0], [2.0], [0, 0, 0], [0, 0, 0], [5.0, 1.0, 1.5]).amount.tolist() == pytest.approx([0, 2.0, 0])


@pytest.mark.parametrize("wrong", [
    {"need": [-1.0]}, {"spare": [np.nan]}, {"supplier": [3]}, {"buyer": [-1]}, {"cost": [np.inf]}, {"cost": [1.0, 2.0]}, {"must_share": 1.5},
    {"shortage_cost": np.nan}, {"outside_cost": 2.0, "outside_group": [4], "outside_cap": [1.0]}, {"outside_cost": np.nan},
])
def test_wrong_input_is_named(wrong: dict) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        allot(**{"need": [1.0], "spare": [1.0], "supplier": [0], "buyer": [0], "cost": [1.0], **wrong})
