from __future__ import annotations

import io
import json
import math
import struct
import zipfile

import pytest
import shapefile
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.kernel.problems import UserError
from liantu.places import boundary_files
from liantu.places.boundary_files import read_features

SQUARE = [[116.0, 28.0], [116.1, 28.0], [116.1, 28.1], [116.0, 28.1], [116.0, 28.0]]
BOW = [[116.0, 28.0], [116.1, 28.1], [116.1, 28.0], [116.0, 28.12], [116.0, 28.0]]
GEOGCS = 'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000"]]'


def geojson(*features, **more):
    return json.dumps({"type": "FeatureCollection", **more, "features": [{"type": "Feature", "properties": p, "geometry": g} for p, g in features]}, ensure_ascii=False).encode()


def area(ring=SQUARE):
    return {"type": "Polygon", "coordinates": [ring]}


def packed_shapefile(rows, *, encoding="utf-8", prj=GEOGCS, cpg="", drop=()):
    parts = {suffix: io.BytesIO() for suffix in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, shapeType=shapefile.POLYGON, encoding=encoding) as writer:
        writer.field("NAME", "C", 60)
        for name, ring in rows:
            writer.poly([ring])
            writer.record(name)
    files = {f"镇界.{suffix}": buffer.getvalue() for suffix, buffer in parts.items()} | {"镇界.prj": prj.encode()} | ({"镇界.cpg": cpg.encode()} if cpg else {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            if name.rsplit(".", 1)[1] not in drop:
                target.writestr(f"folder/{name}", data)
    return out.getvalue(), files


def codes(found):
    return [problem.code for problem in found.problems]


def test_geojson_areas_are_read_with_their_properties():
    found = read_features(geojson(({"name": "白鹭镇", "code": 7, "x": None}, area())), "边界.geojson")
    (feature,) = found.features
    assert feature.properties == {"name": "白鹭镇", "code": "7", "x": ""} and feature.points == 5 and not found.problems


@pytest.mark.parametrize(("geometry", "code"), [
    (None, "boundary-empty"), (area([]), "boundary-empty"), (area(SQUARE[:2]), "boundary-empty"), (area([[116, 28]] * 5), "boundary-empty"),
    (area([[116.0, 28.0], [116.1, 28.1], [116.2, 28.2], [116.0, 28.0]]), "boundary-empty"),
    ({"type": "Point", "coordinates": [116, 28]}, "boundary-not-area"), ({"type": "GeometryCollection", "geometries": []}, "boundary-not-area"),
    (area(BOW), "boundary-crosses"), (area([[y, x] for x, y in SQUARE]), "boundary-outside"), (area([[500000 + x, 3e6 + y] for x, y in SQUARE]), "boundary-outside"),
    (area([["a", "b"]] * 4), "boundary-bad-number"), (area([[True, 28]] * 4), "boundary-bad-number"), (area([[116, None], *SQUARE]), "boundary-bad-number"),
    (area([[116], *SQUARE]), "boundary-bad-number"), ({"type": "Polygon"}, "boundary-bad-number"), ({"type": "Polygon", "coordinates": 7}, "boundary-bad-number"),
    (area([[10 ** 400, 28], *SQUARE]), "boundary-bad-number"), (area([[float("nan"), 28], *SQUARE]), "boundary-bad-number"),
])
def test_each_wrong_geometry_is_told_and_left_out(geometry, code):
    found = read_features(geojson(({"name": "甲"}, geometry), ({"name": "乙"}, area())), "边界.json")
    assert codes(found) == [code] and [f.number for f in found.features] == [2]
    assert "第 1 个要素" in found.problems[0].line() and found.problems[0].line("en")


def test_a_hole_and_a_third_coordinate_are_kept_and_dropped():
    hole = [[116.02, 28.02], [116.04, 28.02], [116.04, 28.04], [116.02, 28.02]]
    found = read_features(geojson(({}, {"type": "MultiPolygon", "coordinates": [[[[x, y, 9.0] for x, y in SQUARE], hole]]})), "a.json")
    assert [len(ring) for ring in found.features[0].polygons[0]] == [5, 4] and found.features[0].polygons[0][0][0] == (116.0, 28.0)


@pytest.mark.parametrize("data", [b"", b"not json", b"[]", b"{}", b'{"type":"FeatureCollection","features":7}', b"\xff\xfe\x00", b"[" * 100_000, b"PK\x03\x04broken", b"null"])
def test_what_is_no_boundary_file_is_refused_in_words(data):
    with pytest.raises(UserError) as refused:
        read_features(data, "边界.json")
    assert refused.value.code.startswith("boundary-") and refused.value.hint


def test_the_datum_that_a_file_names_is_known_and_a_projected_one_refused():
    assert read_features(geojson(({}, area()), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}), "a.json").told_datum == "cgcs2000"
    assert read_features(geojson(({}, area()), crs={"properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}), "a.json").told_datum == "wgs84"
    assert read_features(geojson(({}, area()), crs=7), "a.json").told_datum == ""
    with pytest.raises(UserError, match="EPSG::4527"):
        read_features(geojson(({}, area()), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::4527"}}), "a.json")
    for prj in ('PROJCS["CGCS2000_3_Degree_GK_Zone_39",GEOGCS[]]', 'GEOGCS["GCS_Xian_1980"]', 'GEOGCS["GCS_Beijing_1954"]'):
        with pytest.raises(UserError) as refused:
            read_features(packed_shapefile([("甲", SQUARE)], prj=prj)[0], "a.zip")
        assert refused.value.code == "boundary-projected"


@pytest.mark.parametrize(("encoding", "cpg", "asked"), [("utf-8", "", None), ("gbk", "", None), ("gbk", "GBK", None), ("gbk", "", "gbk"), ("utf-8", "UTF-8", None)])
def test_a_zipped_shapefile_in_the_usual_encodings(encoding, cpg, asked):
    data, _ = packed_shapefile([("白鹭镇", SQUARE), ("梅岭乡", [[x + 0.1, y] for x, y in SQUARE])], encoding=encoding, cpg=cpg)
    found = read_features(data, "镇界.zip", encoding=asked)
    assert [f.properties["NAME"] for f in found.features] == ["白鹭镇", "梅岭乡"] and found.told_datum == "cgcs2000" and not found.problems


def test_a_plain_shapefile_with_its_siblings():
    _, files = packed_shapefile([("白鹭镇", SQUARE)])
    shp = files.pop("镇界.shp")
    assert read_features(shp, "镇界.shp", siblings=files).features[0].properties["NAME"] == "白鹭镇"
    with pytest.raises(UserError, match="dbf"):
        read_features(shp, "镇界.shp", siblings={})


def test_a_wrong_encoding_asks_for_the_right_one():
    with pytest.raises(UserError) as refused:
        read_features(packed_shapefile([("白鹭镇", SQUARE)], encoding="gbk")[0], "a.zip", encoding="utf-8")
    assert refused.value.code == "boundary-encoding"
    with pytest.raises(UserError):
        read_features(packed_shapefile([("白鹭镇", SQUARE)])[0], "a.zip", encoding="no-such-codec")


def test_zip_files_that_hold_too_much_or_too_little(monkeypatch):
    data, _ = packed_shapefile([("白鹭镇", SQUARE)])
    with pytest.raises(UserError, match="dbf"):
        read_features(packed_shapefile([("甲", SQUARE)], drop=("dbf",))[0], "a.zip")
    with pytest.raises(UserError, match="shp"):
        read_features(packed_shapefile([("甲", SQUARE)], drop=("shp",))[0], "a.zip")
    monkeypatch.setattr(boundary_files, "MOST_UNPACKED", 100)
    with pytest.raises(UserError) as refused:
        read_features(data, "a.zip")
    assert refused.value.code == "boundary-too-large"


def test_too_large_a_file_and_too_many_features(monkeypatch):
    monkeypatch.setattr(boundary_files, "MOST_BYTES", 10)
    with pytest.raises(UserError, match="太大"):
        read_features(geojson(({}, area())), "a.json")
    monkeypatch.setattr(boundary_files, "MOST_BYTES", 10 ** 9)
    monkeypatch.setattr(boundary_files, "MOST_FEATURES", 1)
    with pytest.raises(UserError, match="最多 1 个"):
        read_features(geojson(({}, area()), ({}, area())), "a.json")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
def test_a_damaged_shapefile_is_read_or_refused_but_never_falls_over(at, noise):
    _, files = packed_shapefile([("白鹭镇", SQUARE), ("乙", SQUARE)])
    shp = bytearray(files.pop("镇界.shp"))
    place = at % len(shp)
    shp[place:place + len(noise)] = noise
    try:
        read_features(bytes(shp), "镇界.shp", siblings=files)
    except UserError as refused:
        assert refused.code.startswith("boundary-")


def test_a_shape_that_claims_a_million_points_is_refused():
    _, files = packed_shapefile([("甲", SQUARE)])
    shp = bytearray(files.pop("镇界.shp"))
    shp[148:152] = struct.pack("<i", 1_000_000)
    try:
        found = read_features(bytes(shp), "镇界.shp", siblings=files)
        assert found.problems or all(math.isfinite(x) for f in found.features for rings in f.polygons for ring in rings for x, _ in ring)
    except UserError as refused:
        assert refused.code == "boundary-unreadable"
