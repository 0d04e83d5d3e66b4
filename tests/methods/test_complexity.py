"""Complexity and concentration: the golden matrix that several packages agree on, each clashing convention, properties and the literal definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from liantu.methods import complexity as c
from liantu.methods import concentration as k

X = np.array([[10, 5, 0, 2, 0], [4, 8, 3, 0, 0], [0, 2, 6, 4, 1], [1, 0, 0, 3, 9]], float)
LQ = [[2.27451, 1.137255, 0, 0.75817, 0], [1.031111, 2.062222, 1.288889, 0, 0], [0, 0.594872, 2.974359, 1.982906, 0.446154], [0.297436, 0, 0, 1.487179, 4.015385]]
M = c.presence(c.rca(X))
ECI = [1.095158, 0.784385, -0.482044, -1.397499]


def near(found, told):
    assert found == pytest.approx(np.asarray(told, float), abs=1e-6)


def test_quotients_and_counts():
    near(c.rca(X), LQ)
    near(c.diversity(M), [2, 3, 2, 2])
    near(c.ubiquity(M), [2, 2, 2, 2, 1])
    near(c.rca(X, rounded=2), np.round(LQ, 2))
    assert c.rca(X, rounded=2)[0, 1] == 1.14


def test_proximity_and_both_densities():
    phi = c.proximity(M)
    told = np.eye(5)
    for i, j, v in ((0, 1, 1), (0, 2, 0.5), (1, 2, 0.5), (2, 3, 0.5), (3, 4, 0.5)):
        told[i, j] = told[j, i] = v
    near(phi, told)
    assert c.density(M, phi)[0, 0] == pytest.approx(0.8)
    assert c.density(M, phi, diagonal="excluded", scale=100)[0, 0] == pytest.approx(66.666667)


@pytest.mark.parametrize(("options", "eci", "pci"), [
    ({}, ECI, [1.042956, 1.042956, 0.221369, -0.915204, -1.392078]),
    (c.CONVENTIONS["harvard"], ECI, [1.095158, 1.095158, 0.162837, -1.126925, -1.668072]),
    (c.CONVENTIONS["econcomplex"], ECI, [-1.042956, -1.042956, -0.221369, 0.915204, 1.392078]),
    (c.CONVENTIONS["datawheel"], [0.948301], [0.932783]),
    (c.CONVENTIONS["econgeo"], [2.895808, 2.002939, -1.634603, -4.264144], None),
])
def test_complexity_in_each_convention(options, eci, pci):
    found = c.complexity(M, **options)
    near(found.eci[: len(eci)], eci)
    if pci is not None:
        near(found.pci[: len(pci)], pci)


def test_second_eigenvalue_and_parts():
    found = c.complexity(M)
    assert found.eigenvalue == pytest.approx(0.84584702, abs=1e-8)
    assert found.components == 1
    apart = c.complexity(np.kron(np.eye(2), np.ones((2, 3))))
    assert apart.components == 2 and apart.eigenvalue == pytest.approx(1)


def test_many_reflections_reach_the_eigenvector_and_few_are_the_literal_ones():
    m = (np.random.default_rng(3).random((40, 60)) < 0.3) * 1.0
    m[0] = 1
    limit, found = c.complexity(m), c.complexity(m, method="reflections", steps=4000)
    near(found.eci, limit.eci)
    near(found.pci, limit.pci)
    kc, kp = m.sum(axis=1), m.sum(axis=0)
    for _ in range(4):
        kc, kp = (m @ kp) / m.sum(axis=1), (m.T @ kc) / m.sum(axis=0)
    few = c.complexity(m, method="reflections", steps=4).eci
    near(np.abs(few), np.abs((kc - kc.mean()) / kc.std()))


def test_all_eigenvalues():
    near(c.spectrum(M), [1, 0.84584702, 0.37095466, 0.03319832])
    near(c.spectrum(M.T), c.spectrum(M))
    assert c.spectrum(np.zeros((3, 2))).size == 0


def test_regions_that_are_all_alike_have_no_complexity_to_tell():
    for shape in ((4, 4), (4, 6), (6, 4), (400, 350)):
        found = c.complexity(np.ones(shape))
        assert found.eigenvalue == pytest.approx(0, abs=1e-12) and not found.eci.any() and not found.pci.any()


def test_two_parts_are_told_apart_and_three_are_not_invented():
    found = c.complexity(np.kron(np.eye(2), np.ones((2, 3))))
    near(np.abs(found.eci), np.ones(4))
    assert np.sign(found.eci).tolist() in ([1, 1, -1, -1], [-1, -1, 1, 1])
    apart = c.complexity(np.eye(3))
    assert apart.components == 3 and np.isnan(apart.eci).all() and np.isnan(apart.pci).all()


def test_the_largest_part_is_not_taken_over_by_a_region_of_its_own():
    m = np.zeros((5, 6))
    m[0, 0] = 1
    m[1:, 1:] = M
    assert c.complexity(m).eci[1:] == pytest.approx(np.full(4, c.complexity(m).eci[1]))
    found = c.complexity(m, parts="largest")
    near(found.eci[1:], ECI)
    near(found.pci[1:], c.complexity(M).pci)
    assert np.isnan([found.eci[0], found.pci[0]]).all()


def test_economic_complexity_is_the_mean_of_its_products():
    found = c.complexity(M, pci_moments="eci")
    near((M @ found.pci) / M.sum(axis=1), found.eci)


def test_concentration():
    near(k.krugman(X), [0.730223, 0.655172, 0.917772, 1.190981])
    near(k.specialisation(X), [0.365112, 0.327586, 0.458886, 0.595491])
    near(k.hachman(X), [0.567656, 0.612523, 0.474216, 0.317868])
    near(k.entropy(X), [1.33282, 1.456565, 1.738149, 1.140116])
    near(k.locational_gini(X), [0.245402, 0.207471, 0.307471, 0.205939, 0.365517])
    near(k.gini(X), [0.55, 0.45, 0.583333, 0.361111, 0.7])
    assert k.herfindahl(X)[0] == pytest.approx(0.446367, abs=1e-6)
    assert k.herfindahl(X, normalised=True)[0] == pytest.approx(0.307958, abs=1e-6)
    assert k.hoover(X, against="uniform")[0] * 100 == pytest.approx(43.33, abs=5e-3)
    assert k.hoover(X)[0] * 100 == pytest.approx(38.16, abs=5e-3)


@pytest.mark.parametrize("shape", [(40, 25), (25, 40), (420, 350), (350, 420)])
def test_the_symmetric_form_solves_the_stochastic_matrix(shape):
    m = (np.random.default_rng(3).random(shape) < 0.2) * 1.0
    m[:, 0] = m[0] = 1
    found = c.complexity(m)
    d, u = m.sum(axis=1), m.sum(axis=0)
    w = (m / d[:, None]) @ (m.T / u[:, None])
    values, vectors = np.linalg.eig(w)
    order = np.argsort(-values.real)
    v = vectors[:, order[1]].real
    v = (v - v.mean()) / v.std()
    assert found.eigenvalue == pytest.approx(values[order[1]].real, abs=1e-9)
    assert min(np.abs(found.eci - v).max(), np.abs(found.eci + v).max()) < 1e-6
    assert np.dot(found.eci, d - d.mean()) > 0


def test_empty_rows_and_columns_have_no_complexity():
    m = np.zeros((6, 7))
    m[:4, :5] = M
    found = c.complexity(m)
    near(found.eci[:4], ECI)
    assert np.isnan(found.eci[4:]).all() and np.isnan(found.pci[5:]).all()


@pytest.mark.parametrize("option", [{"method": "x"}, {"pci_sign": "x"}, {"pci_moments": "x"}, {"parts": "x"}, {"method": "reflections", "steps": 3}])
def test_options_that_do_not_exist_are_refused(option):
    with pytest.raises(ValueError, match="must be|even"):
        c.complexity(M, **option)


@pytest.mark.parametrize("bad", [np.ones(3), [[1, np.nan]], [[1, -1]]])
def test_what_is_no_matrix_of_amounts_is_refused_in_words(bad):
    with pytest.raises(ValueError, match="matrix|amounts"):
        c.rca(bad)


def test_too_little_for_complexity():
    with pytest.raises(ValueError, match="at least two"):
        c.complexity([[1, 1, 0]])


def test_fitness_of_a_nested_matrix_falls_with_diversity():
    fit, quality = c.fitness(np.tril(np.ones((5, 5)))[:, ::-1][::-1])
    assert (np.diff(fit[np.argsort(-np.tril(np.ones((5, 5)))[:, ::-1][::-1].sum(axis=1))]) < 0).all()
    assert quality[np.argmin(np.tril(np.ones((5, 5)))[:, ::-1][::-1].sum(axis=0))] == quality.max()


def test_outlook_by_the_literal_sums():
    phi, pci = c.proximity(M), c.complexity(M).pci
    coi, cog = c.outlook(M, phi, pci)
    d = c.density(M, phi)
    r, i = 0, 3
    assert coi[r] == pytest.approx(sum(d[r, j] * (1 - M[r, j]) * pci[j] for j in range(5)))
    assert cog[r, i] == pytest.approx(sum(phi[i, j] / phi[j].sum() * (1 - M[r, j]) * pci[j] for j in range(5)) - d[r, i] * pci[i])
    assert cog[M > 0].max() == 0 == cog[M > 0].min()


@pytest.mark.parametrize("method", ["association", "cosine", "jaccard", "probability"])
def test_relatedness_is_symmetric_and_has_no_diagonal(method):
    together = M.T @ M
    found = c.relatedness(together, method=method)
    near(found, found.T)
    assert (np.diag(found) == 0).all()
    off = together - np.diag(np.diag(together))
    if method == "association":
        s, t = off.sum(axis=0), off.sum()
        assert found[0, 1] == pytest.approx(off[0, 1] / t / (s[0] / t * s[1] / t))


amounts = arrays(float, st.tuples(st.integers(2, 6), st.integers(2, 6)), elements=st.floats(0, 100).map(lambda v: round(v, 2)))


@settings(max_examples=60, deadline=None)
@given(amounts, st.floats(0.1, 50))
def test_quotients_do_not_know_the_unit_and_lie_around_one(x, factor):
    q = c.rca(x)
    assert c.rca(x * factor) == pytest.approx(q, rel=1e-9)
    if x.sum() > 0:
        weights = x.sum(axis=1) / x.sum()
        full = x.sum(axis=0) > 0
        assert (weights @ q)[full] == pytest.approx(np.ones(full.sum()), rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 999), min_size=1, max_size=8), st.lists(st.integers(1, 999), min_size=1, max_size=8))
def test_regions_that_are_exactly_average_keep_every_presence(rows, columns):
    x = np.outer(rows, columns).astype(float)
    assert (c.rca(x) == 1).all()
    assert c.presence(c.rca(x * 0.1)).all() and c.presence(c.rca(x.astype(np.float32))).all()


def test_quotients_of_very_large_and_small_amounts():
    for unit in (1e-200, 1e200):
        near(c.rca(X * unit), LQ)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 8), st.integers(3, 8))
def test_complexity_follows_the_order_of_regions_and_industries(seed, regions, items):
    chance = np.random.default_rng(seed)
    m = (chance.random((regions, items)) < 0.5) * 1.0
    m[0], m[:, 0] = 1, 1
    values = c.spectrum(m)
    d = m.sum(axis=1)
    found = c.complexity(m)
    assert found.eigenvalue == pytest.approx(values[1], abs=1e-9)
    if values[1] - values[2] < 1e-6 or abs(np.dot(found.eci, d - d.mean())) < 1e-6:
        return  # the direction, or its sign, is not determined
    a, b = chance.permutation(regions), chance.permutation(items)
    again = c.complexity(m[a][:, b])
    assert again.eci == pytest.approx(found.eci[a], abs=1e-6)
    assert again.pci == pytest.approx(found.pci[b], abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(amounts, st.randoms(use_true_random=False))
def test_density_is_a_share_and_follows_the_order_of_regions(x, rng):
    m = c.presence(c.rca(x))
    d = c.density(m, c.proximity(m))
    assert d.min() >= 0 and d.max() <= 1 + 1e-12
    order = list(range(len(x)))
    rng.shuffle(order)
    again = c.density(m[order], c.proximity(m[order]))
    assert again == pytest.approx(d[order])
