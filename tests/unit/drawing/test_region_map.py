from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from liantu.drawing.region_dots import PITCH, Dot, Raster, place_dots
from liantu.drawing.region_map import RegionPoint, RegionShape, Sketch, label_spot, region_drawing, shapes_from_geojson
from liantu.drawing.region_tiles import tile_drawing
from liantu.drawing.region_values import class_floors, limit_shown, scale_of, shown
from liantu.drawing.scene import Circle, Group, Polygon, Words, extent, walk
from liantu.drawing.scene_svg import scene_svg
from liantu.drawing.shapes import Box

SQUARE = [(117.0, 30.5), (117.1, 30.5), (117.1, 30.6), (117.0, 30.6)]
NAMES = ("云台镇", "梅岭乡", "高新技术产业开发区", "江北街道", "新港工业园", "Long-named riverside industrial township")


def district(across=4, down=3, *, points=0, sized=False, seed=1):
    """A grid of townships with firms in them."""
    draw = random.Random(seed)
    shapes, values, dots = [], {}, []
    for at in range(across * down):
        x, y = 117 + at % across * 0.1, 30 + at // across * 0.08
        ring = [(x, y), (x + 0.1, y), (x + 0.1, y + 0.08), (x, y + 0.08)]
        shapes.append(RegionShape(f"p{at}", NAMES[at % len(NAMES)], [ring], f"说明{at}", flags=at % 4, bars={"a": at, "b": 1}))
        values[f"p{at}"] = draw.choice([0.0, 12.0, 900.0, 54_000.0, 1_200_000.0])
    for at in range(points):
        dots.append(RegionPoint(117 + draw.random() * 0.1 * across, 30 + draw.random() * 0.08 * down, draw.paretovariate(1) if sized else 0.0, draw.choice("ab"), f"企业{at}"))
    return Sketch(shapes, values, "产值", "万元", {"a": "新材料产业链", "b": "医药食品产业链"}, dots, sized="圆越大产值越大" if sized else "")


def words_of(scene):
    return [item for item in walk(scene.items) if isinstance(item, Words)]


def labels_of(scene):
    """Boxes of the names on the areas."""
    return [extent(w) for w in words_of(scene) if w.bold and w.halo and not w.text.isdigit() and w.text != "n"]


@pytest.mark.parametrize("size", [(1156, 600), (920, 470), (1304, 820)])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_labels_neither_overlap_nor_leave_the_sheet(size, language):
    sketch = district(5, 4, points=300)
    scene = region_drawing(sketch, language=language, width=size[0], height=size[1])
    labels = labels_of(scene)
    assert len(labels) == 20
    assert not any(a.overlaps(b) for a, b in combinations(labels, 2))
    for item in walk(scene.items):
        box = extent(item)
        assert box.x >= -0.5 and box.right <= size[0] + 0.5 and box.y >= -0.5 and box.bottom <= size[1] + 0.5, item


@pytest.mark.parametrize("points", [1, 60, 900, 5000])
def test_dots_do_not_cover_each_other_and_none_is_lost(points):
    sketch = district(points=points)
    frame = Box(0, 0, 800, 560)
    outlines = {s.code: [[((x - 117) * 2000, (y - 30) * 2300) for x, y in ring] for ring in s.rings] for s in sketch.shapes}
    raster = Raster(frame, outlines)
    dots = [Dot((p.x - 117) * 2000, (p.y - 30) * 2300, 0.0, p.kind, p.label) for p in sketch.points]
    placed = place_dots(raster, dots)
    spots = {(round(d.x, 1), round(d.y, 1)) for d in placed.dots}
    assert len(spots) == len(placed.dots) <= 1500
    assert placed.outside == 0
    assert abs(len(placed.dots) + placed.merged - points / placed.each) <= (0 if placed.each == 1 else 30)
    homes = {raster.home(d.x, d.y) for d in placed.dots}
    assert homes <= outlines.keys()


def test_circles_keep_clear_of_dots_and_of_each_other():
    sketch = district(points=400, sized=True)
    scene = region_drawing(sketch, width=1156, height=600)
    circles = [item for group in scene.items if isinstance(group, Group) and group.name.startswith("企业") for item in group.items if isinstance(item, Circle)]
    big = [c for c in circles if c.r > 3]
    assert big
    for one in big:
        for other in circles:
            if other is not one:
                assert ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5 >= one.r + other.r - 0.6


def test_a_firm_outside_all_areas_is_counted_not_drawn():
    sketch = district(points=0)
    far = Sketch(sketch.shapes, sketch.values, "产值", "万元", {"a": "甲"}, [RegionPoint(117.05, 30.05, 0, "a", "里面"), RegionPoint(110.0, 30.0, 0, "a", "外面")])
    scene = region_drawing(far)
    told = "".join(w.text for w in words_of(scene))
    assert "1 家坐标在边界之外" in told and "示意图" in told
    assert [g.tip for g in walk(scene.items) if isinstance(g, Group) and g.tip in ("里面", "外面")] == ["里面"]


def test_a_kept_back_figure_is_hatched_and_never_written():
    sketch = district()
    hidden = Sketch(sketch.shapes, {**sketch.values, "p3": None}, "产值", "万元", hidden=frozenset({"p3"}))
    scene = region_drawing(hidden)
    area = next(g for g in scene.items if isinstance(g, Group) and g.code == "park:p3")
    assert area.items[0].paint.pattern == "hatch" and "※ 不予公布" in {w.text for w in words_of(scene)}


def test_more_townships_than_there_is_room_are_named_below():
    many = [RegionShape(f"p{n}", f"很长名称的第{n}号示范镇街园区", [[(117 + n * 1e-4, 30), (117 + n * 1e-4 + 5e-5, 30), (117 + n * 1e-4, 30.001)]]) for n in range(400)]
    scene = region_drawing(Sketch(many, {}, "企业数", "家"), width=600, height=360)
    assert any("图上写不下" in w.text for w in words_of(scene))


def test_markup_in_names_stays_text():
    sketch = Sketch([RegionShape("a", "云台<镇>", [SQUARE], "某&说明")], {"a": 1.0}, "产值", "万元", {"k": "新&材料"}, [RegionPoint(117.05, 30.52, 0, "k", "某&企业")])
    root = etree.fromstring(scene_svg(region_drawing(sketch), title="图"))
    assert "云台<镇>" in "".join(root.itertext()) and "某&企业" in "".join(root.itertext())


def test_labels_stand_inside_bent_areas():
    bent = [(0, 0), (10, 0), (10, 2), (2, 2), (2, 10), (0, 10)]
    x, y = label_spot([bent])
    assert (0 < x < 10 and 0 < y < 2) or (0 < x < 2 and 0 < y < 10)


@settings(deadline=None)
@given(st.floats(0.01, 1e9), st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_classes_are_round_rising_and_hold_every_value(largest, shares):
    values = [largest * share for share in shares] + [largest]
    scale = scale_of(values, "万元")
    assert list(scale.floors) == sorted(set(scale.floors)) and scale.floors[0] == 0 and len(scale.floors) <= 5
    steps = sorted((value, scale.step(value)) for value in values)
    assert [s for _, s in steps] == sorted(s for _, s in steps)
    assert steps[-1][1] == len(scale.floors) - 1
    assert all("e" not in limit_shown(floor, scale) or scale.per == 1 for floor in scale.floors)


def test_amounts_are_told_in_the_unit_of_the_legend():
    scale = scale_of([123_456.0, 40.0, 0.0], "万元")
    assert (scale.unit, shown(123_456.0, scale), shown(40.0, scale), shown(0.0, scale)) == ("亿元", "12.3", "<0.1", "0")
    assert scale_of([500.0], "万元").unit == "万元" and scale_of([500.0], "万元", "en").unit == "million yuan"
    assert class_floors(0.0) == (0.0,)
    assert limit_shown(10_000 * 100, scale_of([5e6], "万元", "en")) == "10,000"


def test_geojson_rings():
    assert len(shapes_from_geojson({"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]})) == 2
    assert shapes_from_geojson({"type": "Point", "coordinates": [1, 2]}) == [] and shapes_from_geojson({}) == []


@pytest.mark.parametrize("count", [1, 5, 14, 40])
def test_tiles_are_in_order_of_value_apart_and_say_what_they_are(count):
    sketch = district(count, 1)
    scene = tile_drawing(sketch, width=1156, height=600)
    tiles = [g for g in scene.items if isinstance(g, Group) and g.code.startswith("park:")]
    boxes = [extent(g.items[0]) for g in tiles]
    assert len(tiles) == count and not any(a.overlaps(b) for a, b in combinations(boxes, 2))
    order = [sketch.values[g.code[5:]] for g in tiles]
    assert order == sorted(order, reverse=True)
    assert any("位置和大小不表示方位和面积" in w.text for w in words_of(scene))
    for item in walk(scene.items):
        assert extent(item).right <= 1156.5 and extent(item).bottom <= 600.5, item


def test_same_input_same_drawing():
    assert region_drawing(district(points=500)) == region_drawing(district(points=500))


def test_the_raster_fills_an_area_and_not_its_hole():
    outer, hole = [(0, 0), (100, 0), (100, 100), (0, 100)], [(40, 40), (60, 40), (60, 60), (40, 60)]
    raster = Raster(Box(0, 0, 100, 100), {"a": [outer, hole]})
    assert (1, 1) in raster.area and raster.cell(50, 50) not in raster.area
    assert abs(len(raster.area) * PITCH ** 2 - 9600) < 900
    assert isinstance(region_drawing(district()).items[1].items[0], Polygon)
