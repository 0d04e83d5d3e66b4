from __future__ import annotations

import doctest
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.methods import geo

INSIDE = st.tuples(st.floats(75, 134), st.floats(5, 53))


def test_the_published_values_of_the_docstrings_hold():
    assert doctest.testmod(geo).failed == 0 and doctest.testmod(geo).attempted >= 12


PAIRS = (  # (wgs-84, gcj-02), longitude first, as the tests of googollee/eviltransform have them (its formula differs in the seventh decimal)
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
)


@pytest.mark.parametrize(("plain", "shifted"), PAIRS)
def test_published_pairs_of_two_datums(plain, shifted):
    assert np.allclose(geo.wgs84_to_gcj02(*plain), shifted, atol=1e-5)
    assert np.allclose(geo.to_wgs84(*shifted, "gcj02"), plain, atol=1e-5)


@given(INSIDE)
def test_there_and_back_is_the_same_place(place):
    back = geo.gcj02_to_wgs84(*geo.wgs84_to_gcj02(*place))
    assert geo.distance_km(*place, *back) < 1e-5


@given(INSIDE)
def test_the_offset_is_some_hundred_metres_inside_and_nothing_outside(place):
    moved = geo.distance_km(*place, *geo.wgs84_to_gcj02(*place))
    assert 0.0 <= moved < 1.5
    assert tuple(map(float, geo.wgs84_to_gcj02(-74.0, 40.7))) == (-74.0, 40.7)


def test_baidu_coordinates_go_through_gcj02():
    lon, lat = geo.to_wgs84(116.404, 39.915, "bd09")
    assert np.allclose((lon, lat), geo.gcj02_to_wgs84(116.39762729119315, 39.90865673957631), atol=1e-9)


def test_an_unknown_datum_is_refused():
    with pytest.raises(ValueError, match="beijing54"):
        geo.to_wgs84(116, 40, "beijing54")


@given(INSIDE, INSIDE)
def test_distance_is_symmetric_and_obeys_the_triangle(one, two):
    assert geo.distance_km(*one, *two) == pytest.approx(geo.distance_km(*two, *one))
    assert geo.distance_km(*one, *two) <= geo.distance_km(*one, 110, 30) + geo.distance_km(110, 30, *two) + 1e-6


@pytest.mark.parametrize(("to", "bearing"), [((116, 29), 0), ((117, 28.0), 90), ((116, 27), 180), ((115, 28.0), 270)])
def test_bearings_of_the_four_directions(to, bearing):
    assert geo.bearing_degrees(116, 28, *to) == pytest.approx(bearing, abs=0.3)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.001, 0.2))
def test_a_simplified_line_stays_within_its_tolerance(seed, tolerance):
    draw = random.Random(seed)
    line = [(at / 40, math.sin(at / 6) + draw.uniform(-0.05, 0.05)) for at in range(120)]
    kept = geo.simplified(line, tolerance)
    assert kept[0].tolist() == list(line[0]) and kept[-1].tolist() == list(line[-1]) and len(kept) <= len(line)
    for point in line:
        off = min(float(geo._distances(np.array([point]), a, b)[0]) for a, b in zip(kept, kept[1:], strict=False))
        assert off <= tolerance + 1e-9


def brute_crossing(ring):
    edges = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    sides = [[np.array(p, dtype=float) for p in edge] for edge in edges]
    return any(bool(geo._properly(*sides[i], *sides[j])) for i in range(len(sides)) for j in range(i))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=3, max_size=14, unique=True))
def test_the_sweep_finds_what_comparing_all_pairs_finds(ring):
    assert (geo.self_crossing(ring) is not None) == brute_crossing(ring)


def test_a_long_ring_is_checked_in_time():
    turn = np.linspace(0, 2 * np.pi, 20_000, endpoint=False)
    ring = np.c_[np.cos(turn), np.sin(turn)] * (1 + 0.01 * np.sin(turn * 50))[:, None]
    assert geo.self_crossing(ring) is None
