from __future__ import annotations

from datetime import date

import pytest
from lxml import etree

from liantu.drawing.scene import Group, Polygon, Rect, Words, extent, walk
from liantu.drawing.scene_svg import scene_svg
from liantu.drawing.technology import GRASP_LOOKS, KIND_LOOKS, lanes_of, panels_of, span_of, technology_scene
from liantu.kernel.passport import figure_id, passport_id
from liantu.kernel.problems import UserError

from .scenes import assert_sound, groups, result_of, routes, texts

SIZES = [(1156, 600), (1092, 620), (1054, 650), (1304, 900), (1640, 1080)]


def drawn(rows, root, *, width=1156, height=600, version="internal", **more):
    return technology_scene(result_of("technology_map", rows, root, version=version), "c", width=width, height=height, **more)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [1, 7, 40, 129])
def test_texts_do_not_overlap_and_all_stands_on_the_sheet(tmp_path, count, size, language):
    scene = drawn(routes(count), tmp_path, width=size[0], height=size[1], language=language)
    assert_sound(scene)
    assert_sound(drawn(routes(count), tmp_path, width=size[0], height=size[1], language=language, page=scene.pages))


@pytest.mark.parametrize("count", [5, 30, 129, 400])
def test_every_route_stands_on_one_page_and_each_page_counts_the_rest(tmp_path, count):
    rows = routes(count)
    pages = [drawn(rows, tmp_path, page=page + 1) for page in range(drawn(rows, tmp_path).pages)]
    found = [group.code for scene in pages for group in groups(scene, "r")]
    assert sorted(found) == sorted(f"r{row['route']}" for row in rows)
    for scene in pages if len(pages) > 1 else []:
        here = len(groups(scene, "r"))
        assert any(f"{here} 条路线" in words.text and f"、{count - here} 条路线" in words.text for words in texts(scene))


def test_critical_nodes_stand_on_the_first_page(tmp_path):
    rows = [{**row, "critical": row["node_code"] == "c/8"} for row in routes(90)]
    scene = drawn(rows, tmp_path)
    assert groups(scene, "nc/8") and scene.pages > 1


def test_bars_keep_to_their_row_and_to_their_years(tmp_path):
    rows = [{**row, "since_year": 2010, "until_year": 2030, "local_grasp": "leading"} for row in routes(8)]
    bars = [next(i for i in g.items if isinstance(i, Rect) and i.paint.fill == GRASP_LOOKS["leading"][0]) for g in groups(drawn(rows, tmp_path), "r")]
    assert len({(bar.x, bar.w) for bar in bars}) == 1
    ordered = sorted(bars, key=lambda bar: bar.y)
    assert all(a.y + a.h < b.y for a, b in zip(ordered, ordered[1:], strict=False))


def test_a_longer_route_has_a_longer_bar_and_ends_later(tmp_path):
    rows = [{**row, "since_year": 2010, "until_year": until, "local_grasp": "leading", "maturity": None, "chokepoint": False} for row, until in zip(routes(2), (2020, 2040), strict=True)]
    short, long = ([i for i in g.items if isinstance(i, Rect)][0] for g in sorted(groups(drawn(rows, tmp_path), "r"), key=lambda g: int(g.code[1:])))
    assert short.x == long.x and long.w == pytest.approx(short.w * 31 / 11)


def test_an_open_end_has_a_pointer_and_a_known_one_has_none(tmp_path):
    rows = [{**row, "since_year": 2010, "until_year": until} for row, until in zip(routes(2), (2030, None), strict=True)]
    known, open_ = sorted(groups(drawn(rows, tmp_path), "r"), key=lambda g: int(g.code[1:]))
    assert not [i for i in known.items if isinstance(i, Polygon)] and len([i for i in open_.items if isinstance(i, Polygon)]) == 1


def test_unknown_years_are_said(tmp_path):
    rows = [{**row, "since_year": None, "until_year": None} for row in routes(1)]
    assert "年份未填" in [words.text for words in texts(drawn(rows, tmp_path))]


def test_years_given_the_wrong_way_round_still_give_a_bar(tmp_path):
    assert_sound(drawn([{**routes(1)[0], "since_year": 2035, "until_year": 2015}], tmp_path))
    assert_sound(drawn([{**routes(1)[0], "since_year": 1, "until_year": 9999}], tmp_path))


def test_grasp_is_told_without_colour(tmp_path):
    """Pattern, shade and word differ, so that a black-and-white print can be read."""
    def grey(colour):
        return sum(int(colour[i:i + 2], 16) * w for i, w in ((1, 0.299), (3, 0.587), (5, 0.114)))

    looks = list(GRASP_LOOKS.values())
    assert all(a[2] != b[2] or abs(grey(a[0]) - grey(b[0])) > 40 for i, a in enumerate(looks) for b in looks[:i])
    assert len(set(KIND_LOOKS.values())) == 3
    rows = [{**row, "since_year": 2000, "until_year": 2040, "local_grasp": grasp} for row, grasp in zip(routes(4), GRASP_LOOKS, strict=True)]
    said = {words.text for g in groups(drawn(rows, tmp_path), "r") for words in g.items if isinstance(words, Words)}
    assert {"未掌握", "跟跑", "并跑", "领跑"} <= said


def test_maturity_fills_as_many_of_nine_steps(tmp_path):
    rows = [{**routes(1)[0], "maturity": 6}]
    scene = drawn(rows, tmp_path)
    inner = next(g for g in walk(scene.items) if isinstance(g, Group) and g.name == "成熟度")
    steps = [i for i in inner.items if isinstance(i, Rect)]
    assert len(steps) == 9 and sum(step.paint.fill != "#ffffff" for step in steps) == 6
    result = result_of("technology_map", rows, tmp_path)
    assert inner.passport == figure_id(result.output, "1", "maturity", "2026-1.0")
    assert groups(scene, "r1")[0].passport == passport_id("technology_map", "1", "2026-1.0")


def test_what_a_version_may_not_show_is_not_drawn(tmp_path):
    rows = [{**row, "chokepoint": True, "local_grasp": "none", "local_firms": "秘密公司"} for row in routes(12)]
    scene = drawn(rows, tmp_path, version="public")
    svg = scene_svg(scene, interactive=True, standalone=False)
    assert "秘密公司" not in svg and "未掌握" not in svg and "卡脖子和本地企业不在本版公布" in svg and ">卡<" not in svg
    assert_sound(scene)


def test_links_lead_to_parts_that_exist(tmp_path):
    scene = drawn(routes(30), tmp_path, href=lambda code: f"/node/{code}")
    parts = {g.code for g in walk(scene.items) if isinstance(g, Group)}
    assert all(set(g.links) <= parts for g in groups(scene, "r"))
    root = etree.fromstring(scene_svg(scene, interactive=True, standalone=False))
    assert [e for e in root.iter("{http://www.w3.org/2000/svg}a") if e.get("href", "").startswith("/node/c/") and e.get("aria-label")]


def test_nothing_to_draw_is_said(tmp_path):
    with pytest.raises(UserError) as error:
        technology_scene(result_of("technology_map", [], tmp_path), "c", width=1156, height=600)
    assert error.value.code == "nothing-to-draw"


def test_lanes_are_divided_only_where_a_node_has_too_many_routes():
    rows = routes(60)
    lanes = lanes_of(rows, 4)
    assert max(len(lane.rows) for lane in lanes) <= 4 and sum(len(lane.rows) for lane in lanes) == 60
    assert all(sum(len(lane.rows) for lane in panel) <= 10 for panel in panels_of(lanes, 10))


def test_the_axis_holds_the_day_and_no_more_than_two_generations():
    first, last = span_of([{"since_year": 1900, "until_year": 2999}], date(2026, 1, 1))
    assert first <= 2000 and last >= 2050 and last - first <= 70
    assert span_of([{"since_year": None, "until_year": None}], date(2026, 6, 1)) == (2020, 2035)


def test_the_stages_are_named_in_the_strip(tmp_path):
    strips = [g for g in drawn(routes(30), tmp_path).items if isinstance(g, Group) and g.name.startswith("阶段")]
    assert {g.name for g in strips} == {"阶段0", "阶段1"} or {g.name for g in strips} == {"阶段0", "阶段1", "阶段2"}
    assert all(extent(g).w < 20 for g in strips)
