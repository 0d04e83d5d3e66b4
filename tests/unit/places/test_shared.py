"""Distances and bearings as relations agree with the method on arrays, on two engines."""

from __future__ import annotations

import duckdb
import narwhals as nw
import numpy as np
import polars as pl
import pytest

from liantu.methods.geo import bearing_degrees, distance_km
from liantu.places.shared import arcsin, direction, located, with_way

HERE = (116.26, 28.20)


def places(count=400):
    draw = np.random.default_rng(7)
    lon, lat = draw.uniform(74, 135, count), draw.uniform(4, 53, count)
    return pl.DataFrame({"id": range(count), "longitude": lon, "latitude": lat, "from_longitude": HERE[0], "from_latitude": HERE[1]})


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_the_relation_agrees_with_the_method(engine, tmp_path):
    frame = places()
    frame.write_parquet(tmp_path / "places.parquet")
    rows = nw.from_native(frame.lazy() if engine == "polars" else duckdb.read_parquet(str(tmp_path / "places.parquet")))
    native = nw.to_native(with_way(rows).select("id", "distance_km", "bearing_degrees"))
    found = (native.collect() if engine == "polars" else pl.DataFrame(native.fetchall(), schema=native.columns, orient="row")).sort("id")
    far = distance_km(*HERE, frame["longitude"].to_numpy(), frame["latitude"].to_numpy())
    turn = bearing_degrees(*HERE, frame["longitude"].to_numpy(), frame["latitude"].to_numpy())
    assert np.abs(found["distance_km"].to_numpy() - far).max() < 0.001
    off = np.abs(found["bearing_degrees"].to_numpy() - turn)
    assert np.minimum(off, 360 - off).max() < 1e-4


def test_unknown_coordinates_give_nothing_and_our_own_place_no_bearing():
    frame = pl.DataFrame({"longitude": [None, HERE[0]], "latitude": [30.0, HERE[1]], "from_longitude": HERE[0], "from_latitude": HERE[1]})
    rows = with_way(nw.from_native(frame)).select("distance_km", "bearing_degrees").to_native().rows()
    assert rows[0] == (None, None)
    assert rows[1][0] == pytest.approx(0.0, abs=0.001) and rows[1][1] is None


def test_arcsine_is_as_exact_as_it_says():
    x = np.linspace(0, 1, 1001)
    found = nw.from_native(pl.DataFrame({"x": x})).select(arcsin(nw.col("x")).alias("y")).to_native()["y"].to_numpy()
    assert np.abs(found - np.arcsin(x)).max() < 3e-8


@pytest.mark.parametrize(("degrees", "name"), [(0, "n"), (22.4, "n"), (22.6, "ne"), (90, "e"), (135, "se"), (200, "s"), (247.6, "w"), (315, "nw"), (337.6, "n")])
def test_eight_directions(degrees, name):
    frame = nw.from_native(pl.DataFrame({"b": [float(degrees), None]}))
    assert frame.select(direction(nw.col("b")).alias("d")).to_native()["d"].to_list() == [name, None]


def test_coordinates_outside_china_are_no_places():
    frame = nw.from_native(pl.DataFrame({"longitude": [0.0, 116.0, 28.2, None], "latitude": [0.0, 28.0, 116.2, 30.0]}))
    assert located(frame).to_native().rows() == [(116.0, 28.0)]
