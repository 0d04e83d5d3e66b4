"""The region maps and the chains side by side from editions: what each version may show."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from liantu.drawing import region_inside
from liantu.drawing.overview import overview_scene
from liantu.drawing.region_inside import APPROVAL, POINTS_DATUM, region_scene
from liantu.drawing.region_outside import outside_scene
from liantu.drawing.scene import Circle, Group, Polygon, Words, walk
from liantu.kernel.edition import save_edition, schema_of
from liantu.kernel.example import typed
from liantu.kernel.output import run
from liantu.kernel.problems import UserError
from liantu.kernel.tables import models_by_table, table_of
from liantu.methods.geo import wgs84_to_gcj02


def square(west, south, size=0.1):
    return json.dumps({"type": "Polygon", "coordinates": [[[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]]})


def rows():
    """Two chains, three parks (two with boundaries), four firms, a project, two presences elsewhere."""
    return {
        "chain": [{"id": "1", "code": "bat", "name": "电池产业链", "name_en": "Batteries"}, {"id": "2", "code": "med", "name": "医药产业链", "name_en": "Medicine"}],
        "chain_node": [{"id": "1", "code": "bat/a", "chain": "1", "name": "隔膜", "name_en": "Separator", "weight": "1", "stage_code": "u", "stage_name": "上游", "group_code": "g1", "group_name": "材料", "position": "1"},
                       {"id": "2", "code": "bat/b", "chain": "1", "name": "电芯", "name_en": "Cell", "weight": "1", "stage_code": "m", "stage_name": "中游", "group_code": "g2", "group_name": "电芯", "position": "2"},
                       {"id": "3", "code": "med/a", "chain": "2", "name": "原料药", "name_en": "API", "weight": "1", "stage_code": "u", "stage_name": "上游", "group_code": "g3", "group_name": "原料", "position": "1"}],
        "park": [{"id": "1", "code": "p1", "name": "高新园", "boundary": square(116.0, 28.0), "datum": "cgcs2000"}, {"id": "2", "code": "p2", "name": "白鹭镇", "boundary": square(116.1, 28.0), "datum": "cgcs2000"},
                 {"id": "3", "code": "p3", "name": "梅岭乡"}],
        "enterprise": [{"id": str(n), "name": f"企业{n}", "park": str(1 + n % 2), "longitude": str(116.02 + 0.1 * (n % 2)), "latitude": str(28.02 + n * 0.01)} for n in range(1, 4)]
        + [{"id": "4", "name": "没坐标", "park": "1"}],
        "placement": [{"id": "1", "enterprise": "1", "chain_node": "2", "grade": "confirmed", "role": "master"}, {"id": "2", "enterprise": "2", "chain_node": "2", "grade": "likely"},
                      {"id": "3", "enterprise": "3", "chain_node": "3", "grade": "likely"}, {"id": "4", "enterprise": "4", "chain_node": "3", "grade": "likely"}],
        "annual_figure": [{"id": str(n), "enterprise": str(n), "year": "2025", "output": str(n * 10_000.0)} for n in range(1, 5)],
        "project": [{"id": "1", "name": "新项目", "chain": "1", "stage": "started", "park": "2", "invest_total": "5000"}],
        "outside_presence": [{"id": "1", "name": "甲集团", "kind": "leader", "chain_node": "1", "province": "安徽省", "city": "合肥市", "longitude": "117.2", "latitude": "31.8"},
                             {"id": "2", "name": "乙集群", "kind": "cluster", "chain_node": "3", "province": "某省", "city": "某市"}],
    }


def edition_of(tmp_path, **changes):
    given = rows() | changes
    return save_edition({name: typed(given.get(name, []), schema_of(table_of(name))) for name in models_by_table()}, number="T-1", root=tmp_path)


@pytest.fixture(autouse=True)
def own_folder(site, monkeypatch):
    for name in (APPROVAL, POINTS_DATUM):
        monkeypatch.delenv(name, raising=False)


def told(scene):
    return "\n".join(item.text for item in walk(scene.items) if isinstance(item, Words))


def dots(scene):
    return [g for g in walk(scene.items) if isinstance(g, Group) and g.tip.startswith("企业")]


def areas(scene):
    return {g.code: g for g in walk(scene.items) if isinstance(g, Group) and g.code.startswith("park:") and isinstance(g.items[0], Polygon)}


def test_the_internal_map_has_boundaries_dots_by_size_and_says_what_is_missing(tmp_path):
    result = run("region_map", edition_of(tmp_path))
    scene = region_scene(result, "all")
    assert areas(scene).keys() == {"park:p1", "park:p2"} and len(dots(scene)) == 3
    text = told(scene)
    for words in ("示意图", "坐标系 CGCS2000", "没有审图号", "没有边界：梅岭乡", "1 家没有坐标", "同一坐标系画"):
        assert words in text, words
    assert {g.name for g in dots(scene)} == {"企业1", "企业2", "企业3"}
    radii = [item.r for g in dots(scene) for item in g.items[:1] if isinstance(item, Circle)]
    assert len(set(radii)) > 1
    assert "1" in text and "在推项目" in text


def test_one_chain_shows_its_own_firms_and_the_passport_of_each_figure(tmp_path):
    edition = edition_of(tmp_path)
    scene = region_scene(run("region_map", edition), "bat", language="en")
    assert {g.name for g in dots(scene)} == {"企业1", "企业2"} and scene.title.startswith("Batteries")
    assert areas(scene)["park:p1"].passport.startswith("P") and areas(scene)["park:p1"].passport != areas(scene)["park:p2"].passport


def test_other_versions_show_no_sizes_and_the_public_one_no_firm_and_no_unapproved_boundary(tmp_path, monkeypatch):
    result = run("region_map", edition_of(tmp_path))
    department = region_scene(replace(result, version="department"), "all")
    assert len(dots(department)) == 3
    assert len({getattr(item, "r", None) for g in dots(department) for item in g.items[:1] if isinstance(item, Circle)}) <= 1
    public = region_scene(replace(result, version="public"), "all")
    assert not dots(public) and not areas(public) and "公开版不画边界" in told(public) and "位置和大小不表示方位和面积" in told(public)
    monkeypatch.setenv(APPROVAL, "赣S(2025)001号")
    approved = region_scene(replace(result, version="public"), "all")
    assert areas(approved) and not dots(approved) and "赣S(2025)001号" in told(approved)


def test_kept_back_figures_are_hatched_and_a_map_of_them_is_shaded_by_firms(tmp_path):
    result = run("region_map", edition_of(tmp_path))
    one = replace(result, version="department", hidden=frozenset({("p1|bat", "output")}))
    assert areas(region_scene(one, "bat"))["park:p1"].items[0].paint.pattern == "hatch"
    most = replace(result, version="department", hidden=frozenset({("p1|bat", "output"), ("p2|med", "output")}))
    assert "改按企业数着色" in told(region_scene(most, "all"))


def test_without_boundaries_tiles_say_so(tmp_path):
    parks = [{k: v for k, v in row.items() if k not in ("boundary", "datum")} for row in rows()["park"]]
    scene = region_scene(run("region_map", edition_of(tmp_path, park=parks)), "all")
    assert "没有导入边界" in told(scene) and not areas(scene) and all(name in told(scene) for name in ("高新园", "白鹭镇", "梅岭乡"))


def test_boundaries_of_two_datums_are_brought_into_one(tmp_path):
    east = [float(v) for v in wgs84_to_gcj02(116.1, 28.0)]
    parks = rows()["park"]
    parks[1] = {**parks[1], "boundary": square(east[0], east[1]), "datum": "gcj02"}
    edition = edition_of(tmp_path, park=parks)
    rings, said = region_inside._outlines(edition.table("park"), "internal", "zh")
    assert rings["p2"][0][0] == pytest.approx((116.1, 28.0), abs=1e-6) and "已换算为 WGS-84" in said[0]
    parks[1] = {**parks[1], "datum": ""}
    rings, said = region_inside._outlines(edition_of(tmp_path / "2", park=parks).table("park"), "internal", "zh")
    assert rings["p2"][0][0] == pytest.approx(east) and any("未换算" in words for words in said)


def test_firms_in_another_datum_are_moved(tmp_path, monkeypatch):
    result = run("region_map", edition_of(tmp_path))
    monkeypatch.setenv(POINTS_DATUM, "gcj02")
    parks, kinds = result.edition.table("park"), {"bat": "电池", "med": "医药"}
    points, said = region_inside._points(result, "", parks, kinds, "zh")
    assert not any("未换算" in words for words in said)
    assert points[0].x == pytest.approx(116.12 - 0.005, abs=0.003) and points[0].x != 116.12


def test_a_boundary_that_is_no_geojson_is_no_boundary(tmp_path):
    parks = [{**row, "boundary": text} for row, text in zip(rows()["park"], ("{not json", "[" * 5000, '{"type":"Polygon","coordinates":[[1,2]]}'), strict=True)]
    scene = region_scene(run("region_map", edition_of(tmp_path, park=parks)), "all")
    assert not areas(scene) and "高新园" in told(scene)


def test_an_unknown_chain_has_nothing_to_draw(tmp_path):
    edition = edition_of(tmp_path)
    for draw, output in ((region_scene, "region_map"), (outside_scene, "outside_map")):
        with pytest.raises(UserError) as refused:
            draw(run(output, edition), "nothing")
        assert refused.value.code == "nothing-to-draw"


def test_where_to_go_shows_our_gaps_to_those_who_may_see_them(tmp_path):
    result = run("outside_map", edition_of(tmp_path))
    scene = outside_scene(result, "all", href=lambda code: f"/n/{code}")
    assert "缺隔膜" in told(scene) and "合肥市" in told(scene) and "没有坐标" in told(scene) and "某市1" in told(scene)
    assert "不画国界" in told(scene) and {g.href for g in walk(scene.items) if isinstance(g, Group) and g.href} == {"/n/bat/a"}
    public = outside_scene(replace(result, version="public"), "bat", language="en")
    assert "Separator" in told(public) and "Our node's status" not in told(public)


def test_chains_side_by_side_with_masters_and_completeness(tmp_path):
    scene = overview_scene(run("chain_map", edition_of(tmp_path)), href=lambda code: f"/{code}")
    text = told(scene)
    assert "电池产业链" in text and "医药产业链" in text and "★企业1" in text and "完整度" in text and "缺 1：隔膜" in text
    assert {g.href for g in walk(scene.items) if isinstance(g, Group) and g.href} >= {"/bat", "/med", "/bat/a", "/med/a"}
