"""Inequality of one list and the edges of concentration; the golden figures of the matrix are in test_complexity."""

from __future__ import annotations

import numpy as np
import pytest

from liantu.methods import concentration as k


@pytest.mark.parametrize(("aversion", "told"), [(0.5, 0.06315), (1, 0.1316096), (0, 0)])
def test_atkinson(aversion, told):
    assert k.atkinson([10, 20, 30, 40, 50], aversion) == pytest.approx(told, abs=5e-6 if aversion == 0.5 else 1e-6)


def test_atkinson_of_somebody_with_nothing():
    assert k.atkinson([0, 1], 1) == 1
    assert k.atkinson([0, 1], 0.5) == pytest.approx(0.5)


def test_wolfson():
    assert k.wolfson([6, 6, 8, 8, 10, 10, 12, 12]) == pytest.approx(1 / 12)
    assert k.wolfson(range(2, 17, 2)) == pytest.approx(11 / 72)
    assert k.wolfson([6, 6, 8, 8, 10, 10, 12, 12], factor=4) == pytest.approx(1 / 6)


def test_theil_and_its_parts():
    assert k.theil([0, 0, 0, 10, 10, 10], list("aaabbb")) == pytest.approx((np.log(2), np.log(2), 0))
    assert k.theil([3, 3, 3]) == pytest.approx((0, 0, 0))
    whole, between, within = k.theil([1, 2, 3, 4], [0, 0, 1, 1])
    assert between == pytest.approx(0.3 * np.log(0.6) + 0.7 * np.log(1.4))
    assert within == pytest.approx(0.3 * k.theil([1, 2])[0] + 0.7 * k.theil([3, 4])[0]) and whole == pytest.approx(between + within)


def test_empty_rows_and_one_region():
    x = np.array([[0.0, 0, 0], [1, 2, 0]])
    for measure in (k.herfindahl, k.entropy, k.krugman, k.hachman):
        found = measure(x)
        assert found[0] == 0 and np.isfinite(found).all()
    for measure in (k.hoover, k.gini, k.locational_gini):
        assert np.isfinite(measure(x)).all() and measure(x)[2] == 0
        assert not measure(np.ones((1, 3))).any()


@pytest.mark.parametrize("bad", [[], [0, 0], [[1, 2]], [1, -1], [1, np.nan]])
def test_what_is_no_list_of_amounts_is_refused(bad):
    for measure in (k.atkinson, k.theil, k.wolfson):
        with pytest.raises(ValueError, match="amounts"):
            measure(bad)
