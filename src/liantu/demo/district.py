"""The land of the synthetic district: one outline, cut into townships and parks whose borders fit exactly.

Cells of a power diagram (weighted Voronoi) inside an outline; every straight border is then roughened by midpoint
displacement. The roughening depends only on the two ends of a border, so both neighbours get the same line and the cells
tile the outline without gaps. Degrees; the shape is invented and shows no real boundary.
"""

from __future__ import annotations

import json
import math
import random
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from liantu.demo import words

Point = tuple[float, float]
WEST, SOUTH, WIDTH, HEIGHT = 116.05, 28.05, 0.42, 0.30  # degrees; a box of about 41 km x 33 km
ROUGH_INSIDE, ROUGH_OUTSIDE = 0.07, 0.09  # displacement per length of border (unit: 1)
SHORTEST = 0.018  # borders are divided until pieces are this long (unit: box width)


@dataclass(frozen=True)
class Park:
    """One township or park; ``ring`` is a closed line of longitude and latitude."""

    code: str
    name: str
    kind: str
    level: str
    leading: str
    share: float
    ring: tuple[Point, ...] = field(repr=False)

    @property
    def geojson(self) -> str:
        """The ring as a GeoJSON polygon."""
        return json.dumps({"type": "Polygon", "coordinates": [[list(point) for point in self.ring]]}, separators=(",", ":"))

    @cached_property
    def land_mu(self) -> float:
        """Area in 亩 on a locally flat earth (1 亩 = 2000/3 m²)."""
        metres_y = 111_320.0
        metres_x = metres_y * math.cos(math.radians(SOUTH + HEIGHT / 2))
        return round(abs(area(self.ring)) * metres_x * metres_y * 3 / 2000, 1)

    def inside(self, xs: NDArray[np.float64], ys: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which points lie in the polygon (even-odd rule)."""
        ring = np.asarray(self.ring)
        x1, y1, x2, y2 = ring[:-1, 0], ring[:-1, 1], ring[1:, 0], ring[1:, 1]
        rise = np.where(y2 == y1, 1.0, y2 - y1)
        crosses = (y1 > ys[:, None]) != (y2 > ys[:, None])
        left = xs[:, None] < (x2 - x1) * (ys[:, None] - y1) / rise + x1
        return np.asarray((crosses & left).sum(axis=1) % 2 == 1)

    def points(self, count: int, rng: np.random.Generator) -> list[Point]:
        """Random places in the polygon, denser around its middle."""
        ring = np.asarray(self.ring)
        low, high = ring.min(axis=0), ring.max(axis=0)
        middle, spread = ring[:-1].mean(axis=0), (high - low) / 3.2
        found: list[Point] = []
        while len(found) < count:
            batch = rng.normal(middle, spread, (count * 2 + 16, 2)).round(6)
            keep = self.inside(batch[:, 0], batch[:, 1])
            found += [(float(x), float(y)) for x, y in batch[keep]]
        return found[:count]


def area(ring: tuple[Point, ...] | list[Point]) -> float:
    """Signed area of a closed ring (shoelace formula)."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False)) / 2


def _outline() -> list[Point]:
    """A convex district in the unit square; roughening makes it look like land."""
    corners = []
    for step in range(22):
        angle = 2 * math.pi * step / 22
        radius = 1 / (abs(math.cos(angle)) ** 2.6 + abs(math.sin(angle)) ** 2.6) ** (1 / 2.6)
        corners.append((0.5 + 0.5 * radius * math.cos(angle), 0.5 + 0.5 * radius * math.sin(angle)))
    return corners


def _cut(ring: list[Point], a: float, b: float, c: float) -> list[Point]:
    """The part of a convex ring where a·x + b·y ≤ c (Sutherland and Hodgman)."""
    kept: list[Point] = []
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        in1, in2 = a * x1 + b * y1 - c, a * x2 + b * y2 - c
        if in1 <= 0:
            kept.append((x1, y1))
        if (in1 < 0 < in2) or (in2 < 0 < in1):
            t = in1 / (in1 - in2)
            kept.append((x1 + t * (x2 - x1), y1 + t * (y2 - y1)))
    return kept


def _cell(at: int, seats: list[Point], weights: list[float]) -> list[Point]:
    ring = _outline()
    (px, py), w = seats[at], weights[at]
    for other, ((qx, qy), v) in enumerate(zip(seats, weights, strict=True)):
        if other != at:
            ring = _cut(ring, 2 * (qx - px), 2 * (qy - py), qx * qx + qy * qy - px * px - py * py - v + w)
    return ring


def _seats(rng: random.Random) -> tuple[list[Point], list[float]]:
    """Seats pulled towards the middles of their cells, so that no township becomes a sliver."""
    seats = [(x + rng.uniform(-0.02, 0.02), y + rng.uniform(-0.02, 0.02)) for *_, (x, y) in words.PARKS]
    weights = [0.012 * (size - 1) for *_, size, _ in words.PARKS]
    for _ in range(2):
        for at in range(len(seats)):
            ring = _cell(at, seats, weights)
            cx, cy = sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
            seats[at] = (seats[at][0] * 0.6 + cx * 0.4, seats[at][1] * 0.6 + cy * 0.4)
    return seats, weights


def _joined(rings: list[list[Point]]) -> list[list[Point]]:
    """Every corner that lies on a neighbour's border becomes a corner of the neighbour too."""
    def snap(p: Point) -> Point:
        return round(p[0], 7), round(p[1], 7)

    rings = [[p for i, p in enumerate(r) if p != r[i - 1]] for r in ([snap(p) for p in ring] for ring in rings)]
    corners = sorted({p for ring in rings for p in ring})
    joined = []
    for ring in rings:
        line: list[Point] = []
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
            length2 = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2
            between = []
            for p in corners:
                t = ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / length2
                off = abs((p[0] - a[0]) * (b[1] - a[1]) - (p[1] - a[1]) * (b[0] - a[0])) / math.sqrt(length2)
                if p not in (a, b) and 0 < t < 1 and off < 1e-6:
                    between.append((t, p))
            line += [a, *(p for _, p in sorted(between))]
        joined.append(line)
    return joined


def _rough(a: Point, b: Point, outside: bool, seed: int) -> list[Point]:
    """Points from ``a`` up to, not including, ``b``; the same line whichever end comes first."""
    if b < a:
        return [a, *reversed(_rough(b, a, outside, seed)[1:])]
    rng = random.Random(f"{seed}:{a[0]:.7f},{a[1]:.7f},{b[0]:.7f},{b[1]:.7f}")
    line, rough = [a, b], ROUGH_OUTSIDE if outside else ROUGH_INSIDE
    while math.dist(line[0], line[1]) > SHORTEST:
        halved = [line[0]]
        for p, q in zip(line, line[1:], strict=False):
            push = rng.uniform(-rough, rough)
            halved += [((p[0] + q[0]) / 2 + (q[1] - p[1]) * push, (p[1] + q[1]) / 2 - (q[0] - p[0]) * push), q]
        line = halved
    return line[:-1]


def _bent(p: Point) -> Point:
    """A smooth bend of the whole plane (one-to-one, so the cells still tile) that makes the outline less round."""
    x, y = p
    return (x + 0.055 * math.sin(5.2 * y + 0.8) + 0.03 * math.sin(9.0 * y), y + 0.07 * math.sin(4.4 * x + 0.3) + 0.035 * math.sin(10.5 * x))


def parks(seed: int) -> list[Park]:
    """The 14 townships and parks; deterministic by ``seed``."""
    seats, weights = _seats(random.Random(f"land:{seed}"))
    rings = _joined([_cell(at, seats, weights) for at in range(len(seats))])
    used: dict[frozenset[Point], int] = {}
    for ring in rings:
        for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
            used[frozenset((a, b))] = used.get(frozenset((a, b)), 0) + 1
    made = []
    for number, (ring, (name, kind, level, share, _, _)) in enumerate(zip(rings, words.PARKS, strict=True), 1):
        line = [p for a, b in zip(ring, ring[1:] + ring[:1], strict=True) for p in _rough(a, b, used[frozenset((a, b))] == 1, seed)]
        degrees = [(round(WEST + x * WIDTH, 6), round(SOUTH + y * HEIGHT, 6)) for x, y in map(_bent, line)]
        made.append(Park(f"{words.DISTRICT_CODE}{number:03d}", name, kind, level, words.PARK_LEADING[(number - 1) % 5], share,
                         (*degrees, degrees[0])))
    return made
