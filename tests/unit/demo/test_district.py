"""The land: 14 parks that tile one outline."""

from __future__ import annotations

import json

import numpy as np

from liantu.demo.district import HEIGHT, SOUTH, WEST, WIDTH, area, parks


def test_parks_tile_without_overlap_or_holes() -> None:
    land = parks(1)
    rng = np.random.default_rng(0)
    xs, ys = rng.uniform(WEST - 0.05, WEST + WIDTH + 0.05, 6000), rng.uniform(SOUTH - 0.05, SOUTH + HEIGHT + 0.05, 6000)
    cover = sum(p.inside(xs, ys).astype(int) for p in land)
    assert len(land) == 14 and cover.max() == 1
    inner = (abs(xs - WEST - WIDTH / 2) < WIDTH / 6) & (abs(ys - SOUTH - HEIGHT / 2) < HEIGHT / 6)
    assert (cover[inner] == 1).all()


def test_inner_borders_belong_to_two_parks() -> None:
    sides: dict[frozenset, int] = {}
    for park in parks(7):
        assert park.ring[0] == park.ring[-1] and abs(area(park.ring)) > 0
        for a, b in zip(park.ring, park.ring[1:], strict=False):
            sides[frozenset((a, b))] = sides.get(frozenset((a, b)), 0) + 1
    assert set(sides.values()) <= {1, 2} and list(sides.values()).count(2) > 200


def test_geojson_is_small_enough_for_a_cell_and_points_lie_inside() -> None:
    park = parks(3)[0]
    assert json.loads(park.geojson)["type"] == "Polygon" and len(park.geojson) < 32_767
    points = np.array(park.points(200, np.random.default_rng(1)))
    assert park.inside(points[:, 0], points[:, 1]).all()


def test_borders_do_not_cross() -> None:
    for park in parks(20261123):
        ring = np.array(park.ring)
        a, b = ring[:-1], ring[1:]

        def side(p: np.ndarray, q: np.ndarray, r: np.ndarray) -> np.ndarray:
            return np.sign((q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0]))

        p, q, r, s = a[:, None], b[:, None], a[None], b[None]
        crossing = (side(p, q, r) * side(p, q, s) < 0) & (side(r, s, p) * side(r, s, q) < 0)
        assert not crossing.any()
