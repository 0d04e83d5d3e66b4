"""Intervals over drawn networks and the firms named: on districts small enough to know what is right."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from liantu.methods.cascade import FirmNetwork, shock
from liantu.methods.ensemble_draw import draw_networks
from liantu.methods.ensemble_known import Known, arrays
from liantu.methods.ensemble_learn import learn
from liantu.methods.ensemble_losses import Calibration, calibrate, closures, interval, losses, revealed
from liantu.methods.ensemble_phone import Phone, phone_list, unknown
from liantu.methods.network_ensemble import answer
from tests.methods.test_network_ensemble import made


def named(known: Known, remaining: np.ndarray, *, essential: int = 2, firms: int = 10, draws: int = 120) -> Phone:
    """The phone list for a shock weighed by sales."""
    drawn, weight = draw_networks(known, draws, seed=1), np.nan_to_num(np.asarray(known.sales), nan=1.0)
    return phone_list(known, drawn, losses(drawn, known.sector, essential, remaining, weight, states=True), essential, remaining, weight, firms=firms)


def test_everything_known_is_the_cascades_own_answer_without_width() -> None:
    everything, _ = made()
    i, j, amount = arrays(everything)
    weight, remaining = np.asarray(everything.sales), closures([0, 5, 9], everything.n)
    network = FirmNetwork(everything.n, i, j, amount, everything.sector, 2, sales=everything.sales, purchases=everything.purchases)
    answer = (1 - shock(network, remaining).level) @ weight
    found = losses(draw_networks(everything, 20), everything.sector, 2, remaining, weight)
    low, middle, high = interval(found.beyond, found.own, calibration=calibrate(everything, 2, weight, draws=10))
    np.testing.assert_allclose(low, high, rtol=1e-12)
    np.testing.assert_allclose(middle[:, 0], answer - weight[[0, 5, 9]], rtol=1e-9)
    assert not unknown(everything).any()
    assert len(named(everything, remaining, draws=20).firm) == 0


def test_several_weights_and_several_shocks_at_once() -> None:
    _, known = made()
    drawn, remaining = draw_networks(known, 10), closures([1, 2], known.n)
    weights = np.column_stack([known.sales, np.ones(known.n)])
    both = losses(drawn, known.sector, 1, remaining, weights)
    assert both.loss.shape == (10, 2, 2)
    alone = losses(drawn, known.sector, 1, remaining[1], known.sales)
    np.testing.assert_allclose(both.loss[:, 1, 0], alone.loss[:, 0, 0])
    assert (both.loss[..., 1] >= 1 - 1e-9).all()


@cache
def planted() -> Known:
    """Firm 0 has answered and sells all to firm 1 alone; whom firm 1 supplies is not known, and nobody else can matter."""
    n = 40
    sector = np.r_[0, 1, np.full(n - 2, 2)]
    sales = np.r_[800.0, 2000.0, np.linspace(100, 4000, n - 2)]
    shares = np.zeros((3, 3))
    shares[0, 1], shares[1, 2] = 0.8, 0.5
    told = np.zeros(n, dtype=bool)
    told[0] = True
    return Known(sector, sales, sales * 0.5, shares, [0], [1], [700.0], told, told)


def test_the_one_firm_that_decides_everything_is_named_first() -> None:
    found = named(planted(), closures([0], 40))
    assert found.firm[0] == 1 and found.customers[0] and not found.totals[0]
    assert found.share[0] > 0.6 and found.left[0] < 0.65
    assert (np.diff(found.left) <= 1e-12).all()


def test_stock_is_asked_where_the_loss_comes_by_want_of_inputs() -> None:
    found = named(planted(), closures([0], 40))
    assert found.stock[0]  # firm 1 stops with firm 0


def test_missing_amounts_and_totals_are_unknowns_too() -> None:
    everything, _ = made()
    i, j, amount = arrays(everything)
    lost = 3
    told = replace(everything, amount=np.where(np.arange(len(i)) == lost, np.nan, amount))
    assert np.flatnonzero(unknown(told)).tolist() == sorted({int(i[lost]), int(j[lost])})
    found = named(told, closures([int(i[lost])], told.n), essential=1)
    assert set(found.firm.tolist()) <= {int(i[lost]), int(j[lost])} and len(found.firm)
    sales = np.array(everything.sales)
    sales[7] = np.nan
    buyer = int(j[i == 7][0])
    found = named(replace(everything, sales=sales), closures([buyer], everything.n))
    assert found.firm.tolist() in ([], [7]) and (not len(found.firm) or found.totals[0])


def test_asking_the_named_firm_narrows_and_asking_any_firm_does_not_widen_on_average() -> None:
    _, known = made()
    learnt, weight = learn(known), np.asarray(known.sales)
    closed = int(np.flatnonzero(unknown(known))[3])
    remaining = closures([closed], known.n)
    before = draw_networks(known, 200, seed=1, learnt=learnt)
    first = losses(before, known.sector, 2, remaining, weight, states=True)
    best = int(phone_list(known, before, first, 2, remaining, weight, firms=1).firm[0])
    others = np.random.default_rng(0).choice([f for f in np.flatnonzero(unknown(known)) if f != best], 8, replace=False)

    def left(firm: int, truths: range) -> float:
        """Mean width, over draws taken for the truth, when the firm has answered; as a share of today's."""
        now = np.subtract(*interval(first.beyond, first.own)[::-2])[0, 0]
        told = [losses(draw_networks(revealed(known, before, d, [firm]), 60, seed=d, learnt=learnt), known.sector, 2, remaining, weight) for d in truths]
        return float(np.mean([np.subtract(*interval(t.beyond, t.own)[::-2])[0, 0] for t in told]) / now)

    rest = [left(int(f), range(4 * at, 4 * at + 4)) for at, f in enumerate(others)]
    assert left(best, range(10)) < 0.6
    assert np.mean(rest) < 1.05


def test_units_and_seeds_do_not_change_the_list() -> None:
    _, known = made()
    yuan = replace(known, sales=np.asarray(known.sales) * 1e4, purchases=np.asarray(known.purchases) * 1e4, amount=np.asarray(known.amount) * 1e4)
    one, two, three = (named(k, closures([4], known.n)) for k in (known, known, yuan))
    np.testing.assert_array_equal(one.firm, two.firm)
    np.testing.assert_array_equal(one.firm, three.firm)
    np.testing.assert_allclose(one.share, three.share, rtol=1e-4, atol=1e-7)


def test_calibration_needs_cases_and_never_narrows() -> None:
    _, known = made()
    none = calibrate(known.hide(range(known.n)), 2, known.sales)
    assert (none.low, none.high, none.cases) == (1.0, 1.0, 0)
    moved = calibrate(known, 2, known.sales, draws=40)
    assert moved.cases == 3 * known.answered.sum() and moved.low >= 1 and moved.high >= 1
    assert moved == calibrate(known, 2, known.sales, draws=40)
    beyond, own = np.random.default_rng(0).lognormal(size=(200, 6)), np.ones(6)
    plain, wide = interval(beyond, own), interval(beyond, own, calibration=Calibration(1.5, 2.0, 50, 0.6))
    assert (wide[0] < plain[0]).all() and (wide[2] > plain[2]).all() and (wide[1] == plain[1]).all()
    assert (interval(beyond, own, calibration=Calibration(99.0, 1.0, 50, 0.6))[0] >= 0).all()


def test_calibration_widens_when_the_answers_contradict_the_draws() -> None:
    """Handed what another district taught of local trade, the draws miss the answers, and the interval says so."""
    everything, _ = made(2, 80)
    known = everything.hide(np.random.default_rng(3).choice(80, 48, replace=False))
    right = learn(known)
    less = np.array([-4.0, 0.0])
    wrong = replace(right, bought=replace(right.bought, mean=right.bought.mean + less), sold=replace(right.sold, mean=right.sold.mean + less),
                    link=replace(right.link, mean=right.link.mean - np.array([2.0, 0, 0, 0, 0])))
    honest, contradicted = (calibrate(known, 2, known.sales, draws=60, learnt=x) for x in (right, wrong))
    assert contradicted.held < honest.held - 0.15
    assert contradicted.high > honest.high


def test_one_call_gives_interval_firms_and_phone_list() -> None:
    _, known = made()
    weights = np.column_stack([known.sales, np.ones(known.n)])
    closed = int(np.flatnonzero(unknown(known))[0])
    found = answer(known, 2, closures([closed], known.n), weights, draws=60)
    assert found.low.shape == (1, 2) and (found.low <= found.median).all() and (found.median <= found.high).all()
    assert (found.low >= found.own).all() and found.own[0].tolist() == weights[closed].tolist()
    assert found.firm_median[0, closed] == 1 and (found.firm_low <= found.firm_high).all()
    assert found.phone.firm[0] == closed and len(set(found.phone.firm.tolist())) == len(found.phone.firm) <= 10
    assert found.calibration.cases > 20
    again = answer(known, 2, closures([closed], known.n), weights, draws=60, calibration=found.calibration)
    np.testing.assert_array_equal(found.high, again.high)
