"""Networks drawn on made-up districts: what is known is kept, totals hold, and nothing depends on units."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from liantu.methods.ensemble_draw import Ensemble, draw_networks
from liantu.methods.ensemble_known import Known, arrays
from liantu.methods.ensemble_learn import learn, observed


@cache
def made(seed: int = 0, n: int = 60, answered: float = 0.3) -> tuple[Known, Known]:
    """(everything known, what is known when a share of the firms has answered) of a random district."""
    chance = np.random.default_rng(seed)
    m = 4
    sales = chance.lognormal(8, 1, n)
    pair = np.flatnonzero((chance.random((n, n)) < 0.08 * np.sqrt(sales / sales.mean())[:, None]) & ~np.eye(n, dtype=bool))
    i, j = pair // n, pair % n
    purchases = 0.6 * sales
    amount = chance.lognormal(0, 1, len(i)) * sales[i] ** 0.5 * purchases[j] ** 0.5
    for end, total in ((i, sales), (j, purchases)):
        amount *= np.minimum(1, 0.5 * total / np.maximum(np.bincount(end, amount, n), 1e-9))[end]
    everything = Known(chance.integers(0, m, n), sales, purchases, np.full((m, m), 0.2), i, j, amount, np.ones(n, bool), np.ones(n, bool), chance.normal(0, 9, (n, 2)), sales)
    return everything, everything.hide(chance.choice(n, round((1 - answered) * n), replace=False))


def pairs(drawn: Ensemble) -> set[tuple[int, int]]:
    """Every pair linked in some draw."""
    return set(zip(drawn.supplier.tolist(), drawn.customer.tolist(), strict=True))


def test_totals_are_met_and_what_is_outside_stays() -> None:
    _, known = made()
    drawn = draw_networks(known, 30, seed=3)
    for inside, total in ((drawn.sold_inside(), drawn.sales), (drawn.bought_inside(), drawn.purchases)):
        assert (inside <= total * (1 + 1e-9)).all()
        assert 0.05 < (inside.sum(axis=1) / total.sum(axis=1)).mean() < 0.9
    np.testing.assert_allclose(drawn.sales, np.tile(np.asarray(known.sales), (30, 1)))


def test_industry_shares_bound_what_a_firm_buys_from_a_sector() -> None:
    everything, known = made()
    m, n = everything.m, everything.n
    shares = np.zeros((m, m))
    shares[0] = 0.5  # everything bought comes from the first sector
    known = replace(known, shares=shares, supplier=(), customer=(), amount=(), suppliers_complete=None, customers_complete=None)
    drawn = draw_networks(known, 40, seed=1)
    by_sector = np.bincount(np.asarray(known.sector)[drawn.supplier], drawn.amount, m)
    assert by_sector[0] > 0.85 * by_sector.sum()
    bought = drawn.bought_inside().sum(axis=0) / drawn.purchases.sum(axis=0)
    assert bought.max() < 0.7 and n == len(bought)


def test_known_links_and_amounts_are_kept_exactly() -> None:
    _, known = made()
    i, j, amount = arrays(known)
    amount = np.where(np.arange(len(i)) % 3 == 0, np.nan, amount)
    known = replace(known, amount=amount)
    drawn = draw_networks(known, 8, seed=5)
    for d in range(8):
        a, b, money, _, _ = drawn.network(d)
        told = dict(zip(zip(a.tolist(), b.tolist(), strict=True), money.tolist(), strict=True))
        for supplier, customer, value in zip(i.tolist(), j.tolist(), amount.tolist(), strict=True):
            assert told[supplier, customer] == value or (np.isnan(value) and told[supplier, customer] >= 0)
        assert len(told) == len(a)


def test_complete_lists_never_get_other_links() -> None:
    _, known = made()
    i, j, _ = arrays(known)
    told_i, told_j = np.asarray(known.customers_complete), np.asarray(known.suppliers_complete)
    drawn = draw_networks(known, 60, seed=2)
    new = pairs(drawn) - set(zip(i.tolist(), j.tolist(), strict=True))
    assert new and not any(told_i[a] or told_j[b] or a == b for a, b in new)
    assert new <= {(a, b) for a, b in known.open_pairs().tolist()}


def test_everything_known_gives_the_same_network_in_every_draw() -> None:
    everything, _ = made()
    drawn = draw_networks(everything, 5, seed=9)
    i, j, amount = arrays(everything)
    for d in range(5):
        a, b, money, sales, _ = drawn.network(d)
        np.testing.assert_array_equal(np.column_stack([a, b]), np.column_stack([i, j]))
        np.testing.assert_array_equal(money, amount)
        np.testing.assert_array_equal(sales, everything.sales)


def test_same_seed_same_networks_and_units_do_not_matter() -> None:
    _, known = made()
    first, again, other = (draw_networks(known, 6, seed=s) for s in (4, 4, 5))
    np.testing.assert_array_equal(first.amount, again.amount)
    assert len(first.amount) != len(other.amount) or not np.array_equal(first.amount, other.amount)
    yuan = replace(known, sales=np.asarray(known.sales) * 1e4, purchases=np.asarray(known.purchases) * 1e4, amount=np.asarray(known.amount) * 1e4,
                   place=np.asarray(known.place) * 1000, size=np.asarray(known.size) * 7)
    scaled = draw_networks(yuan, 6, seed=4)
    np.testing.assert_array_equal(first.supplier, scaled.supplier)
    np.testing.assert_allclose(first.amount * 1e4, scaled.amount, rtol=1e-6)


def test_density_and_popular_suppliers_are_learnt_from_the_answers() -> None:
    everything, known = made(1, 120)
    truth = len(arrays(everything)[0])
    drawn = draw_networks(known, 60, seed=0)
    per_draw = np.bincount(drawn.draw, minlength=60)
    assert np.quantile(per_draw, 0.02) < truth < np.quantile(per_draw, 0.98)
    assert abs(per_draw.mean() / truth - 1) < 0.25
    nothing = draw_networks(replace(known, supplier=(), customer=(), amount=(), suppliers_complete=None, customers_complete=None), 60, seed=0)
    spread = np.bincount(nothing.draw, minlength=60)
    assert spread.std() / spread.mean() > 3 * per_draw.std() / per_draw.mean()


def test_missing_totals_are_drawn_from_size() -> None:
    everything, known = made()
    sales = np.array(everything.sales)
    sales[:5] = np.nan
    drawn = draw_networks(replace(known, sales=sales, amount=np.full(len(arrays(known)[0]), np.nan)), 200, seed=0)
    seen = np.median(drawn.sales[:, :5], axis=0) / np.asarray(everything.sales)[:5]
    assert (drawn.sales[:, :5].std(axis=0) > 0).all()
    assert (drawn.sales[:, 5:] == sales[5:]).all()
    assert np.abs(np.log(seen)).max() < 0.5


def test_observed_pairs_are_those_of_the_answers() -> None:
    everything, known = made()
    i, j, y, weight = observed(known)
    told = np.asarray(known.answered)
    assert (told[i] | told[j]).all() and (weight == 1).all()
    n = everything.n
    assert len(i) == told.sum() * (n - 1) + (n - told.sum()) * told.sum()
    a, b, _ = arrays(known)
    assert y.sum() == len(a)


def test_hiding_and_telling_undo_each_other() -> None:
    everything, _ = made()
    i, j, amount = arrays(everything)
    gone = [0, 3, 7, 8]
    hidden = everything.hide(gone)
    among = np.isin(i, gone) & np.isin(j, gone)
    assert len(arrays(hidden)[0]) == len(i) - among.sum()  # the other end still tells
    back = hidden.tell(i[among], j[among], amount[among], suppliers_of=gone, customers_of=gone)
    for one, two in zip(arrays(back), arrays(everything), strict=True):
        np.testing.assert_array_equal(one, two)
    assert np.asarray(back.answered).all()


def test_learning_is_the_same_each_time_and_widens_without_answers() -> None:
    everything, known = made()
    one, two = learn(known), learn(known)
    np.testing.assert_array_equal(one.link.mean, two.link.mean)
    assert np.trace(learn(everything).link.root @ learn(everything).link.root.T) < np.trace(one.link.root @ one.link.root.T)


@pytest.mark.parametrize(("change", "words"), [
    ({"shares": [[0.7, 0.2, 0, 0]] * 4}, "shares"),
    ({"supplier": [0], "customer": [0], "amount": [1.0]}, "joins two firms"),
    ({"supplier": [0], "customer": [99], "amount": [1.0]}, "firms 0"),
    ({"sales": [1.0]}, "length"),
])
def test_what_does_not_fit_is_refused(change: dict, words: str) -> None:
    everything, _ = made()
    with pytest.raises(ValueError, match=words):
        replace(everything, **change)
