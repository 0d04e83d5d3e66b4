from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from liantu.drawing.scene import Circle, Group, Paint, Polygon, Rect, Scene, Stroke, Words
from liantu.drawing.scene_svg import scene_svg, token

SVG = "{http://www.w3.org/2000/svg}"


def scene(name="隔膜", href="/n/1", **more):
    items = (Rect(10, 10, 80, 20, Paint("#fbe9c6", "#a66a10", 1.5, "dash", "dots"), 4), Circle(120, 20, 6, Paint("#16805c", opacity=0.5)), Words(14, 24, name, 11, bold=True, halo=True),
             Polygon((((0, 0), (9, 0), (9, 9)),), Paint("#ffffff", "#123456", pattern="hatch")), Stroke(((0, 0), (5, 5, 6, 6, 10, 10)), Paint("", "#9db9d6", 2), arrow=True),
             Words(30, 80, "转", 9, anchor="middle", turn=-90))
    return Scene(200, 100, (Group(name, items, tip=name, href=href, passport="P1", code=name, links=("甲 乙", "丙")), *more.get("items", ())), "图")


def test_the_page_form_has_no_inline_style_or_script():
    root = etree.fromstring(scene_svg(scene(), interactive=True, standalone=False))
    assert not list(root.iter(f"{SVG}style", f"{SVG}script"))
    assert not [e for e in root.iter() if any(key == "style" or key.startswith("on") for key in e.attrib)]
    assert root.get("data-interactive") == "true" and root.get("width") is None


def test_a_part_of_the_page_can_be_reached_by_key_and_names_its_kin():
    part = next(e for e in etree.fromstring(scene_svg(scene(), interactive=True, standalone=False)).iter() if e.get("data-code"))
    assert part.tag == f"{SVG}a" and part.get("href") == "/n/1" and part.get("tabindex") == "0" and part.get("aria-label") == "隔膜"
    assert part.get("data-links").split() == ["甲_乙", "丙"] and part.get("data-passport") == "P1"


def test_a_part_without_address_is_a_button_and_a_link_holds_no_link():
    inner = Group("内", (Rect(0, 0, 1, 1, Paint("#000000")),), href="/x", code="i")
    outer = Group("外", (inner,), tip="外", code="o")
    root = etree.fromstring(scene_svg(Scene(10, 10, (outer, Group("链", (inner,), href="/y", code="l"))), interactive=True, standalone=False))
    assert next(e for e in root.iter() if e.get("data-code") == "o").get("role") == "button"
    assert not root.findall(f".//{SVG}a//{SVG}a")


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", " JaVa\tscript:alert(1)"])
def test_only_plain_addresses_become_links(href):
    assert "script:" not in scene_svg(scene(href=href), interactive=True, standalone=False)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_any_name_gives_well_formed_svg(name):
    for standalone in (False, True):
        etree.fromstring(scene_svg(scene(name, href=name), title=name, subtitle=name, footer=name, interactive=not standalone, standalone=standalone))


def test_markup_in_names_stays_text():
    root = etree.fromstring(scene_svg(scene("<script>a&b\"'</text>"), title="<b>"))
    assert not list(root.iter(f"{SVG}script"))
    assert "<script>a&b\"'</text>" in ["".join(e.itertext()) for e in root.iter(f"{SVG}text")]


def test_a_file_of_its_own_has_title_subtitle_and_footer_and_nothing_to_click():
    svg = scene_svg(scene(), title="技术路线图", subtitle="版次 2026-1.0", footer="来源")
    root = etree.fromstring(svg)
    assert float(root.get("height")) > 100 and root.get("role") == "img" and "data-code" not in svg and f"{SVG}a" not in {e.tag for e in root.iter()}
    assert {"技术路线图", "版次 2026-1.0", "来源"} <= {"".join(e.itertext()) for e in root.iter(f"{SVG}text")}
    assert root.find(f"{SVG}rect").get("fill") == "#ffffff"


def test_every_pattern_and_arrow_used_is_defined():
    root = etree.fromstring(scene_svg(scene()))
    defined = {e.get("id") for e in root.iter() if e.get("id")}
    used = {value[5:-1] for e in root.iter() for value in e.attrib.values() if value.startswith("url(#")}
    assert used and used == defined


def test_two_scenes_on_a_page_do_not_share_names():
    one, two = (etree.fromstring(scene_svg(scene(name))) for name in ("甲", "乙"))
    ids = [{e.get("id") for e in root.iter() if e.get("id")} for root in (one, two)]
    assert not ids[0] & ids[1]


def test_a_code_is_one_word():
    assert token(" a b\tc ") == "a_b_c"
