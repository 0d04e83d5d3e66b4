"""Attractiveness: percentiles and weights."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.attraction.verdict_weights import PARTS, percentiles, standing_order, weighed

values = st.lists(st.none() | st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=30)


@settings(deadline=None)
@given(values)
def test_percentiles_keep_the_order_and_less_is_its_mirror(told):
    points, mirrored = percentiles(told), percentiles(told, less=True)
    known = [(v, p, m) for v, p, m in zip(told, points, mirrored, strict=True) if v is not None]
    assert [p is None for p in points] == [v is None for v in told]
    for v, p, m in known:
        assert 0 <= p <= 100 and m == pytest.approx(100 - p)
        assert all((p < q) == (v < w) for w, q, _ in known)
    assert not known or sum(p for _, p, _ in known) / len(known) == pytest.approx(50)


points = st.fixed_dictionaries({p: st.floats(0, 100) for p in PARTS})
weights = st.fixed_dictionaries({p: st.integers(0, 100) for p in PARTS})


@settings(deadline=None)
@given(points, weights)
def test_a_weighted_mean_lies_between_its_parts_and_scales_out(told, shares):
    score = weighed(told, shares, 0.6)
    if not any(shares.values()):
        assert score is None
    else:
        used = [told[p] for p in PARTS if shares[p]]
        assert min(used) - 1e-9 <= score <= max(used) + 1e-9
        assert weighed(told, {p: 3 * w for p, w in shares.items()}, 0.6) == pytest.approx(score)


def test_too_little_known_gives_no_score():
    assert weighed(dict.fromkeys(PARTS), dict.fromkeys(PARTS, 1), 0.1) is None
    assert weighed({"tax": 90.0, "jobs": None}, {"tax": 59, "jobs": 41}, 0.6) is None
    assert weighed({"tax": 90.0, "jobs": None}, {"tax": 60, "jobs": 40}, 0.6) == 90.0


def test_equal_scores_share_a_rank():
    assert standing_order({"a": 5.0, "b": 9.0, "c": 5.0, "d": None, "e": 1.0}) == {"b": 1, "a": 2, "c": 2, "e": 4}
