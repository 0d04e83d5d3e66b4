"""Label-free scores against their literal definitions."""

from __future__ import annotations

import numpy as np
import pytest

from liantu.methods import recommenders as r

X = np.log1p(np.random.default_rng(5).gamma(0.4, 2.0, (30, 12)))


def test_ease_is_the_ridge_regression_of_each_industry_on_the_others():
    weights = r.ease_weights(X, 3.0)
    assert (np.diag(weights) == 0).all()
    for i in range(12):
        rest = [j for j in range(12) if j != i]
        a = X[:, rest]
        assert weights[rest, i] == pytest.approx(np.linalg.solve(a.T @ a + 3.0 * np.eye(11), a.T @ X[:, i]))
    assert r.ease_scores(X, 3.0) == pytest.approx(X @ weights)


def test_contributions_are_what_speaks_for_an_item():
    weights = r.ease_weights(X, 3.0)
    told = r.contributions(X[4], weights, 2, top=4)
    assert [v for _, v in told] == sorted((v for _, v in told), reverse=True)
    assert all(v == pytest.approx(X[4, j] * weights[j, 2]) and v > 0 for j, v in told)


def test_neighbours_by_the_literal_loop():
    found = r.region_knn(X, 4)
    unit = X / np.linalg.norm(X, axis=1, keepdims=True)
    for i in range(len(X)):
        alike = unit @ unit[i]
        alike[i] = -1
        near = np.argsort(-alike)[:4]
        assert found[i] == pytest.approx(alike[near] @ X[near] / alike[near].sum())


@pytest.mark.parametrize("x", [X, X.T])
def test_svd_is_the_truncated_one(x):
    u, s, v = np.linalg.svd(x, full_matrices=False)
    assert r.svd_scores(x, 3) == pytest.approx((u[:, :3] * s[:3]) @ v[:3])
    assert r.svd_scores(x, 99) == pytest.approx(x)


def test_the_quick_ways_of_large_tables_are_as_exact():
    x = np.log1p(np.random.default_rng(6).gamma(0.3, 3.0, (700, 400)))
    u, s, v = np.linalg.svd(x, full_matrices=False)
    literal = (u[:, :20] * s[:20]) @ v[:20]
    assert r.svd_scores(x) == pytest.approx(literal, abs=1e-8)
    small = x.astype(np.float32)
    for score in (r.svd_scores, r.region_knn, r.ease_scores):
        told = score(small)
        assert told.dtype == np.float32
        assert np.abs(told - score(x)).max() < 2e-4 * x.max()


def test_in_single_precision_only_neighbours_that_are_alike_to_its_last_digit_change():
    x = np.log1p(np.random.default_rng(8).gamma(0.3, 3.0, (900, 200)))
    off = np.abs(r.region_knn(x.astype(np.float32)) - r.region_knn(x)).max(axis=1) > 1e-5 * x.max()
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    alike = -np.sort(-(unit @ unit.T - 2 * np.eye(len(x))), axis=1)
    assert (alike[off, 19] - alike[off, 20] < 1e-6).all()
    assert off.mean() < 0.01


def test_scores_follow_the_order_of_regions_and_industries():
    chance = np.random.default_rng(1)
    a, b = chance.permutation(30), chance.permutation(12)
    for score in (lambda x: r.ease_scores(x, 3.0), lambda x: r.region_knn(x, 4), lambda x: r.svd_scores(x, 3)):
        assert score(X[a][:, b]) == pytest.approx(score(X)[a][:, b])


def test_empty_regions_and_industries_get_no_score():
    x = X.copy()
    x[3], x[:, 5] = 0, 0
    for score in (lambda v: r.ease_scores(v, 3.0), lambda v: r.region_knn(v, 4), lambda v: r.svd_scores(v, 3)):
        found = score(x)
        assert np.isfinite(found).all() and found[3] == pytest.approx(np.zeros(12), abs=1e-9) and found[:, 5] == pytest.approx(np.zeros(30), abs=1e-9)


def test_nmf_comes_near_and_is_not_negative():
    found = r.nmf_scores(X, 6)
    assert found.min() >= 0
    assert np.linalg.norm(found - X) < 0.6 * np.linalg.norm(X)


def test_a_single_region_has_no_neighbours_and_nothing_has_no_factors():
    assert not r.region_knn(X[:1]).any()
    assert not r.nmf_scores(np.zeros((3, 4))).any()


def test_no_negative_amounts():
    with pytest.raises(ValueError, match="not negative"):
        r.ease_weights(-X)
    with pytest.raises(ValueError, match="positive"):
        r.ease_weights(X, 0)
