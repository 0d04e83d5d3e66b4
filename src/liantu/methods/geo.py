"""Places on the earth: distance and bearing, the datums in use in China, and rings of points (area, simplifying, self-crossing).

Degrees in and out, longitude before latitude; arrays broadcast. WGS-84 and CGCS2000 differ by less than a decimetre and count
as one here. GCJ-02 ("Mars" coordinates) and BD-09 are offsets of a few hundred metres put on top of WGS-84 inside China.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
EARTH_KM = 6371.0088
"""Mean radius of the earth, R1 of GRS 80 (H. Moritz, "Geodetic Reference System 1980", Journal of Geodesy 74, 2000)."""
DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")
_AXIS, _ECCENTRICITY2 = 6378245.0, 0.00669342162296594323  # Krasovsky 1940, as the published GCJ-02 formula has them


def distance_km(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike, *, radius_km: float = EARTH_KM) -> Floats:
    """Great-circle distance by the haversine formula, in km.

    ``d = 2 R asin √(sin²(Δφ/2) + cos φ1 cos φ2 sin²(Δλ/2))`` (R. W. Sinnott, "Virtues of the haversine", Sky and Telescope
    68(2), 1984). The earth is no sphere: up to 0.56 % off.

    The airports of Nashville and Los Angeles are 2887.26 km apart on a sphere of 6372.8 km (Rosetta Code, "Haversine formula"):

    >>> round(float(distance_km(-86.67, 36.12, -118.40, 33.94, radius_km=6372.8)), 2)
    2887.26
    """
    lam1, phi1, lam2, phi2 = (np.radians(np.asarray(v, dtype=float)) for v in (lon1, lat1, lon2, lat2))
    chord = np.sin((phi2 - phi1) / 2) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin((lam2 - lam1) / 2) ** 2
    return np.asarray(2 * radius_km * np.arcsin(np.sqrt(np.clip(chord, 0, 1))))


def bearing_degrees(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> Floats:
    """Initial bearing from the first place to the second, degrees clockwise from north in [0, 360).

    ``θ = atan2(sin Δλ cos φ2, cos φ1 sin φ2 − sin φ1 cos φ2 cos Δλ)`` (Ed Williams, "Aviation Formulary", course between points).
    From Baghdad (35° N, 45° E) to Osaka (35° N, 135° E) one sets out at 60° (C. Veness, "Calculate distance, bearing and more"):

    >>> round(float(bearing_degrees(45, 35, 135, 35)))
    60
    """
    lam1, phi1, lam2, phi2 = (np.radians(np.asarray(v, dtype=float)) for v in (lon1, lat1, lon2, lat2))
    east = np.sin(lam2 - lam1) * np.cos(phi2)
    north = np.cos(phi1) * np.sin(phi2) - np.sin(phi1) * np.cos(phi2) * np.cos(lam2 - lam1)
    return np.asarray(np.degrees(np.arctan2(east, north)) % 360)


def _outside_china(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """Where GCJ-02 leaves coordinates alone (the rough box of the published formula)."""
    return np.asarray(~((lon > 73.66) & (lon < 135.05) & (lat > 3.86) & (lat < 53.55)))


def _offset(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """The offset of GCJ-02 against WGS-84 in degrees, at WGS-84 (or, nearly the same, GCJ-02) coordinates."""
    x, y, pi = lon - 105.0, lat - 35.0, np.pi
    waves = (20 * np.sin(6 * pi * x) + 20 * np.sin(2 * pi * x)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + waves
    north = north + (20 * np.sin(pi * y) + 40 * np.sin(pi * y / 3)) * 2 / 3 + (160 * np.sin(pi * y / 12) + 320 * np.sin(pi * y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + waves
    east = east + (20 * np.sin(pi * x) + 40 * np.sin(pi * x / 3)) * 2 / 3 + (150 * np.sin(pi * x / 12) + 300 * np.sin(pi * x / 30)) * 2 / 3
    phi = np.radians(lat)
    flat = 1 - _ECCENTRICITY2 * np.sin(phi) ** 2
    across, along = _AXIS / np.sqrt(flat) * np.cos(phi), _AXIS * (1 - _ECCENTRICITY2) / (flat * np.sqrt(flat))
    away = _outside_china(lon, lat)
    return np.where(away, 0.0, np.degrees(east / across)), np.where(away, 0.0, np.degrees(north / along))


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """WGS-84 to GCJ-02 by the formula in common use (there is no official one in print).

    The check value is that of wandergis/coordtransform, test/app.js:

    >>> lon, lat = wgs84_to_gcj02(116.404, 39.915)
    >>> round(float(lon), 8), round(float(lat), 8)
    (116.4102445, 39.91640428)
    """
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    east, north = _offset(x, y)
    return x + east, y + north


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike, *, rounds: int = 6) -> tuple[Floats, Floats]:
    """GCJ-02 back to WGS-84: fixed-point iteration, after six rounds better than a millimetre.

    >>> lon, lat = gcj02_to_wgs84(*wgs84_to_gcj02(116.404, 39.915))
    >>> round(float(lon), 8), round(float(lat), 8)
    (116.404, 39.915)
    """
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    back_x, back_y = x, y
    for _ in range(rounds):
        east, north = _offset(back_x, back_y)
        back_x, back_y = x - east, y - north
    return back_x, back_y


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """BD-09 to GCJ-02, by the formula in common use.

    The check value is that of wandergis/coordtransform, test/app.js:

    >>> lon, lat = bd09_to_gcj02(116.404, 39.915)
    >>> round(float(lon), 8), round(float(lat), 8)
    (116.39762729, 39.90865674)
    """
    x, y = np.asarray(lon, dtype=float) - 0.0065, np.asarray(lat, dtype=float) - 0.006
    turn = np.pi * 3000 / 180
    reach = np.hypot(x, y) - 0.00002 * np.sin(y * turn)
    angle = np.arctan2(y, x) - 0.000003 * np.cos(x * turn)
    return reach * np.cos(angle), reach * np.sin(angle)


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: str) -> tuple[Floats, Floats]:
    """Coordinates of any of :data:`DATUMS` as WGS-84; another datum raises ValueError."""
    if datum not in DATUMS:
        raise ValueError(f"unknown datum {datum!r}; known: {', '.join(DATUMS)}")
    if datum == "bd09":
        lon, lat = bd09_to_gcj02(lon, lat)
    if datum in ("bd09", "gcj02"):
        return gcj02_to_wgs84(lon, lat)
    return np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)


def ring_area(ring: ArrayLike) -> float:
    """Signed area of a ring (n, 2), closed or not, in squared units (shoelace); positive when it runs counter-clockwise.

    >>> ring_area([(0, 0), (2, 0), (2, 1), (0, 1)])
    2.0
    """
    xy = np.asarray(ring, dtype=float)
    x, y = xy[:, 0] - xy[0, 0], xy[:, 1] - xy[0, 1]
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2)


def simplified(line: ArrayLike, tolerance: float) -> Floats:
    """A line (n, 2) with as few of its points as stay within ``tolerance`` (same unit) of it; both ends are kept.

    D. H. Douglas and T. K. Peucker, "Algorithms for the reduction of the number of points required to represent a digitized
    line or its caricature", Cartographica 10(2), 1973. Worst case O(n²), usually O(n log n).

    >>> simplified([(0, 0), (1, 0.1), (2, -0.1), (3, 5), (4, 6), (5, 7), (6, 8.1), (7, 9), (8, 9), (9, 9)], 1.0).tolist()
    [[0.0, 0.0], [2.0, -0.1], [3.0, 5.0], [7.0, 9.0], [9.0, 9.0]]
    """
    xy = np.asarray(line, dtype=float)
    kept = np.zeros(len(xy), dtype=bool)
    kept[[0, -1]] = True
    waiting = [(0, len(xy) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        off = _distances(xy[first + 1:last], xy[first], xy[last])
        farthest = int(np.argmax(off))
        if off[farthest] > tolerance:
            middle = first + 1 + farthest
            kept[middle] = True
            waiting += [(first, middle), (middle, last)]
    return xy[kept]


def _distances(points: Floats, start: Floats, end: Floats) -> Floats:
    """Distances of points from the segment between two points (from the point itself when both are one)."""
    along = end - start
    length2 = float(along @ along)
    share = np.clip((points - start) @ along / length2, 0, 1)[:, None] if length2 > 0 else np.zeros((len(points), 1))
    return np.asarray(np.linalg.norm(points - start - share * along, axis=1))


def self_crossing(ring: ArrayLike) -> tuple[float, float] | None:
    """A point where a ring (n, 2) crosses itself, or None; touching at a corner is no crossing.

    Segments are swept by their left ends; O(n · k) where k is how many lie above each other.

    >>> self_crossing([(0, 0), (2, 2), (2, 0), (0, 2)])
    (1.0, 1.0)
    >>> self_crossing([(0, 0), (2, 0), (2, 2), (0, 2)]) is None
    True
    """
    xy = np.asarray(ring, dtype=float)
    if len(xy) > 1 and np.array_equal(xy[0], xy[-1]):
        xy = xy[:-1]
    order = np.argsort(np.minimum(xy[:, 0], np.roll(xy[:, 0], -1)), kind="stable")
    a, b = xy[order], np.roll(xy, -1, axis=0)[order]
    left, right = np.minimum(a[:, 0], b[:, 0]), np.maximum(a[:, 0], b[:, 0])
    low, high = np.minimum(a[:, 1], b[:, 1]), np.maximum(a[:, 1], b[:, 1])
    ends = np.searchsorted(left, right, side="right")
    for at in range(len(a)):
        others = np.arange(at + 1, ends[at])
        others = others[(low[others] <= high[at]) & (high[others] >= low[at])]
        crossing = _properly(a[at], b[at], a[others], b[others])
        if crossing.any():
            return _meeting(a[at], b[at], a[others[crossing][0]], b[others[crossing][0]])
    return None


def _side(p: Floats, q: Floats, r: Floats) -> Floats:
    """Twice the signed area of the triangles p q r: which side of the line p q each r lies on."""
    return np.asarray((q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0]))


def _properly(a: Floats, b: Floats, c: Floats, d: Floats) -> NDArray[np.bool_]:
    """Whether segment a b and each segment c d cross inside both."""
    return np.asarray((_side(a, b, c) * _side(a, b, d) < 0) & (_side(c, d, a) * _side(c, d, b) < 0))


def _meeting(a: Floats, b: Floats, c: Floats, d: Floats) -> tuple[float, float]:
    """Where two crossing segments meet."""
    share = _side(c, d, a) / (_side(c, d, a) - _side(c, d, b))
    point = a + share * (b - a)
    return float(point[0]), float(point[1])
