"""The evaluation of intervals: its districts are sound, what is known of them is true, and its figures can come out either way."""

from __future__ import annotations

import numpy as np

from liantu.evaluation import resilience_interval as protocol
from liantu.evaluation.resilience_districts import district, known_of
from liantu.methods.ensemble_known import arrays


def test_the_truth_fits_its_totals_and_differs_from_seed_to_seed() -> None:
    one, again, other = district(1, 80), district(1, 80), district(2, 80)
    assert (np.bincount(one.supplier, one.amount, 80) <= one.sales).all()
    assert (np.bincount(one.customer, one.amount, 80) <= one.purchases).all()
    assert (one.supplier != one.customer).all() and len(set(zip(one.supplier, one.customer, strict=True))) == len(one.supplier)
    np.testing.assert_array_equal(one.amount, again.amount)
    assert len(one.amount) != len(other.amount)
    assert (one.table.sum(axis=0) <= 1).all()


def test_what_is_known_is_part_of_the_truth_and_answers_complete_it() -> None:
    truth = district(3, 80)
    known = known_of(truth, 3)
    real = dict(zip(zip(truth.supplier.tolist(), truth.customer.tolist(), strict=True), truth.amount.tolist(), strict=True))
    i, j, amount = arrays(known)
    for a, b, money in zip(i.tolist(), j.tolist(), amount.tolist(), strict=True):
        assert np.isnan(money) or money == real[a, b]
    assert known.answered.sum() == 20
    everyone = truth.tell(known, list(range(80)))
    assert len(arrays(everyone)[0]) == len(real) and everyone.answered.all()


def test_a_district_is_measured_and_the_figures_follow_what_was_found() -> None:
    found = [protocol.measured(seed, 60, 4, 1, 20) for seed in (1, 2)]
    for each in found:
        assert len(each.held[protocol.OURS]) == 4 and set(each.narrowed) == {protocol.NAMED, protocol.CHANCE, protocol.LARGEST, protocol.WITH}
        assert (each.penalty[protocol.OURS] >= each.width[protocol.OURS] - 1e-15).all()
        assert (each.width[protocol.OURS] >= each.width[protocol.RAW] - 1e-12).all()
    for each in found:
        each.held[protocol.OURS][:] = False
        each.narrowed[protocol.NAMED] = 2 * each.narrowed[protocol.CHANCE] - 0.1
    first = protocol._coverage(found)[0]
    assert (first.value, first.n, first.seeds) == (0.0, 8, 2)
    twice = [m for m in protocol._narrowing(found) if m.target == 0.0]
    assert twice[0].value is not None and abs(twice[0].value + 0.1) < 1e-9
