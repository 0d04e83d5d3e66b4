"""What outputs say about places alike: how far and in which direction something lies, as relations on every engine."""

from __future__ import annotations

import math
from typing import Any

import narwhals as nw

from liantu.kernel.columns import Choice
from liantu.kernel.relations import ratio
from liantu.methods.geo import EARTH_KM

DIRECTIONS = (Choice("n", "北", "N"), Choice("ne", "东北", "NE"), Choice("e", "东", "E"), Choice("se", "东南", "SE"), Choice("s", "南", "S"), Choice("sw", "西南", "SW"),
              Choice("w", "西", "W"), Choice("nw", "西北", "NW"))
_ARCSIN = (1.5707963050, -0.2145988016, 0.0889789874, -0.0501743046, 0.0308918810, -0.0170881256, 0.0066700901, -0.0012624911)
"""M. Abramowitz and I. Stegun, Handbook of Mathematical Functions, 4.4.46: off by at most 2e-8 (0.3 m on the earth)."""

NEAR = 1e-6  # radians (6 m): nearer than this there is no direction


def arcsin(x: Any) -> Any:
    """Arc sine of an expression between 0 and 1, in radians; no engine's dialect has to know it."""
    total: Any = nw.lit(0.0)
    for coefficient in reversed(_ARCSIN):
        total = total * x + coefficient
    return math.pi / 2 - (1 - x).sqrt() * total


def located(rows: Any) -> Any:
    """Only rows whose longitude and latitude can be a place in China (degrees)."""
    return rows.filter(nw.col("longitude").is_between(73, 136), nw.col("latitude").is_between(3, 54))


def with_way(rows: Any) -> Any:
    """Add ``distance_km`` and ``bearing_degrees`` (clockwise from north) from ``from_longitude``/``from_latitude`` to ``longitude``/``latitude``; null where unknown.

    The haversine formula and initial bearing of :mod:`liantu.methods.geo`; a test holds the two together.
    """
    degree = math.radians(1)
    rows = rows.with_columns(((nw.col("longitude") - nw.col("from_longitude")) * degree).alias("_dx"), (nw.col("latitude") * degree).alias("_y"), (nw.col("from_latitude") * degree).alias("_y0"))
    rows = rows.with_columns(((nw.col("_y") - nw.col("_y0")) / 2).alias("_half_y"), (nw.col("_dx") / 2).alias("_half_x"))
    rows = rows.with_columns((nw.col("_half_y").sin() * nw.col("_half_y").sin() + nw.col("_y0").cos() * nw.col("_y").cos() * nw.col("_half_x").sin() * nw.col("_half_x").sin()).alias("_chord"))
    rows = rows.with_columns(nw.min_horizontal(nw.col("_chord").sqrt(), nw.lit(1.0)).alias("_chord"))
    east = nw.col("_dx").sin() * nw.col("_y").cos()
    north = nw.col("_y0").cos() * nw.col("_y").sin() - nw.col("_y0").sin() * nw.col("_y").cos() * nw.col("_dx").cos()
    rows = rows.with_columns(east.alias("_east"), north.alias("_north"))
    rows = rows.with_columns((nw.col("_east") * nw.col("_east") + nw.col("_north") * nw.col("_north")).sqrt().alias("_reach"))
    rows = rows.with_columns(nw.min_horizontal(ratio(nw.col("_east").abs(), nw.col("_reach")), nw.lit(1.0)).alias("_sine"))
    rows = rows.with_columns((arcsin(nw.col("_sine")) * math.degrees(1)).alias("_angle"), (2 * EARTH_KM * arcsin(nw.col("_chord"))).alias("distance_km"))
    ahead, right = nw.col("_north") >= 0, nw.col("_east") >= 0
    turned = nw.when(ahead & right).then(nw.col("_angle")).when(right).then(180.0 - nw.col("_angle")).when(~ahead).then(180.0 + nw.col("_angle")).otherwise(360.0 - nw.col("_angle"))
    known = ~nw.col("longitude").is_null() & ~nw.col("latitude").is_null() & ~nw.col("from_longitude").is_null()
    return rows.with_columns(nw.when(known).then(nw.col("distance_km")).alias("distance_km"), nw.when(known & (nw.col("_reach") > NEAR)).then(turned).alias("bearing_degrees"))


def direction(bearing: Any) -> Any:
    """One of :data:`DIRECTIONS` for a bearing in degrees; null for null."""
    told = nw.lit(None, dtype=nw.String)
    for place, choice in reversed(list(enumerate(DIRECTIONS))):
        low = place * 45 - 22.5
        inside = (bearing >= low) & (bearing < low + 45) if place else (bearing >= 337.5) | (bearing < 22.5)
        told = nw.when(inside).then(nw.lit(choice.value)).otherwise(told)
    return told
