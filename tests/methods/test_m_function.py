"""The M function by hand-computed figures, its literal double sum, and what cannot be told."""

from __future__ import annotations

import numpy as np
import pytest

from liantu.methods.m_function import m_function

XY = np.array([(0, 0), (1, 0), (0, 1), (5, 5), (6, 5), (5, 6)], float)
W = np.arange(1, 7.0)
KIND = np.array(list("AABABB"))


def test_figures_by_hand():
    assert m_function(XY, W, KIND, [1.2, 2, 8], reference="A") == pytest.approx([1.8928422, 0.8788196, 1], abs=1e-6)
    assert m_function(XY, W, KIND, [1.2, 2], reference="A", neighbours="B") == pytest.approx([0.7078482, 1.0396521], abs=1e-6)


def test_the_literal_double_sum():
    chance = np.random.default_rng(4)
    xy, w, kind = chance.random((1100, 2)), chance.gamma(1, 1, 1100), chance.integers(0, 2, 1100)
    radii = [0.004, 0.02, 0.1]
    far = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    np.fill_diagonal(far, np.inf)
    own = np.flatnonzero(kind == 1)
    for other in (1, 0):
        told = []
        for r in radii:
            part = np.array([(w[(far[i] <= r) & (kind == other)].sum(), w[far[i] <= r].sum(), (w[kind == other].sum() - w[i] * (other == 1)) / (w.sum() - w[i])) for i in own])
            part = part[part[:, 1] > 0]
            told.append((part[:, 0] / part[:, 1]).sum() / part[:, 2].sum())
        assert m_function(xy, w, kind, radii, reference=1, neighbours=other) == pytest.approx(told)


def test_nobody_near_is_not_a_number():
    assert np.isnan(m_function(XY, W, KIND, [0.5], reference="A")).all()
    assert np.isnan(m_function(XY, W, KIND, [9.0], reference="C")).all()


def test_moved_turned_and_stretched_it_is_the_same():
    turned = XY @ np.array([[0.6, 0.8], [-0.8, 0.6]]) * 3 + 7
    assert m_function(turned, W * 2, KIND, [3.6, 6], reference="A") == pytest.approx(m_function(XY, W, KIND, [1.2, 2], reference="A"))


@pytest.mark.parametrize("given", [(XY[:5], W, KIND, [1]), (XY, -W, KIND, [1]), (XY, W, KIND, [2, 1]), (XY * np.nan, W, KIND, [1])])
def test_wrong_points_are_refused_in_words(given):
    with pytest.raises(ValueError, match="must be"):
        m_function(*given, reference="A")
