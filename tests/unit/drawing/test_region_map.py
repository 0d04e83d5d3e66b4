from __future__ import annotations

from lxml import etree

from liantu.drawing.region_map import RegionPoint, RegionShape, label_spot, region_map_svg, shapes_from_geojson, step_of

SQUARE = [(117.0, 30.5), (117.1, 30.5), (117.1, 30.6), (117.0, 30.6)]
NEXT = [(117.1, 30.5), (117.2, 30.5), (117.2, 30.6), (117.1, 30.6)]


def test_areas_points_and_the_sketch_note():
    shapes = [RegionShape("a", "云台<镇>", "Yuntai", [SQUARE], "/r/a"), RegionShape("b", "梅岭乡", "Meiling", [NEXT])]
    points = [RegionPoint(117.05, 30.55, 9, "新材料", "某&企业"), RegionPoint(117.15, 30.55, 1, "医药")]
    for standalone in (False, True):
        svg = region_map_svg(shapes, {"a": 120.0, "b": None}, points, title="布局图", measure="产值", unit="亿元", standalone=standalone)
        root = etree.fromstring(svg)
        text = "".join(root.itertext())
        assert "云台<镇>" in text and "示意图" in text and "某&企业" in text
        assert len([e for e in root.iter() if (e.get("class") or "").startswith("area ")]) == 2
        assert len([e for e in root.iter() if (e.get("class") or "").startswith("point ")]) == 2
        assert ("<style>" in svg) is standalone


def test_labels_stand_inside_bent_areas():
    bent = [(0, 0), (10, 0), (10, 2), (2, 2), (2, 10), (0, 10)]
    x, y = label_spot([bent])
    assert (0 < x < 10 and 0 < y < 2) or (0 < x < 2 and 0 < y < 10)


def test_shades_grow_with_the_value():
    steps = [step_of(value, 100) for value in (0, 1, 10, 30, 60, 100)]
    assert steps == sorted(steps) and steps[0] == 0 and steps[-1] == 5
    assert step_of(5, 0) == 0


def test_geojson_features_become_shapes():
    feature = {"properties": {"code": "a", "name": "云台镇"}, "geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE], [NEXT]]}}
    (shape,) = shapes_from_geojson({"features": [feature, {"properties": {}, "geometry": None}]})
    assert (shape.code, shape.zh, len(shape.rings)) == ("a", "云台镇", 2)


def test_no_areas_is_still_a_drawing():
    etree.fromstring(region_map_svg([], {}, title="空"))
