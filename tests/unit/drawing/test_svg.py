from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from liantu.drawing import MapGroup, MapLink, MapNode, MapStage, lay_out, style, to_svg
from liantu.drawing.svg import safe_href

from .conftest import random_chain

SVG = "{http://www.w3.org/2000/svg}"


def one(name: str, **more):
    nodes = [MapNode("p", name, name, "x", "missing", 0, **more), MapNode("q", "铝箔", "Foil", "x", "strong", 3)]
    return lay_out([MapStage("a", name, name)], [MapGroup("x", name, name, "a")], nodes, [MapLink("p", "q", name)])


def words(root) -> str:
    return "".join(text for element in root.iter(f"{SVG}text") for text in element.itertext())


def test_every_node_is_drawn_once(chain):
    root = etree.fromstring(to_svg(lay_out(*chain), title="图"))
    drawn = [element.get("data-code") for element in root.iter() if "node" in (element.get("class") or "").split()]
    assert sorted(drawn) == sorted(node.code for node in chain[2])


def test_the_page_form_has_no_inline_style_or_script(chain):
    svg = to_svg(lay_out(*chain), title="图", subtitle="副题")
    root = etree.fromstring(svg)
    assert not list(root.iter(f"{SVG}style", f"{SVG}script"))
    assert not [e for e in root.iter() if any(key == "style" or key.startswith("on") for key in e.attrib)]
    assert root.get("aria-label") == "图 副题"
    cards = [e for e in root.iter() if e.get("data-code")]
    assert all(card.get("tabindex") == "0" and card.get("aria-label") for card in cards)


def test_the_standalone_form_carries_everything(chain):
    svg = to_svg(lay_out(*chain), title="新能源汽车产业链图", subtitle="数据截至", footer="版次 2026-03 · 来源", standalone=True)
    root = etree.fromstring(svg)
    assert len(list(root.iter(f"{SVG}style"))) == 1 and root.get("role") == "img" and root.get("width")
    for text in ("新能源汽车产业链图", "数据截至", "版次 2026-03 · 来源", "优势", "缺失", "链主企业"):
        assert text in words(root)
    assert "Noto Sans CJK SC" in svg and "data-code" not in svg


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=30))
def test_any_name_gives_well_formed_svg(name):
    for standalone in (False, True):
        etree.fromstring(to_svg(one(name, master=name, note=name, href=name), title=name, subtitle=name, footer=name,
                                standalone=standalone))


def test_markup_in_names_stays_text():
    root = etree.fromstring(to_svg(one("<script>a&b\"'"), title="<b>"))
    assert not list(root.iter(f"{SVG}script")) and root.get("aria-label") == "<b>"
    label = next(e for e in root.iter() if e.get("data-code") == "p").get("aria-label")
    assert label.startswith("<script>a&b\"'，缺失")


@pytest.mark.parametrize(("href", "kept"), [("/n/1", "/n/1"), ("?a=b:c", "?a=b:c"), ("https://a.cn/x", "https://a.cn/x"),
                                            ("javascript:alert(1)", ""), (" JaVa\tscript:alert(1)", ""), ("data:text/html,x", "")])
def test_only_plain_addresses_become_links(href, kept):
    assert safe_href(href) == kept


def test_a_cut_name_is_whole_in_the_tooltip():
    name = "高性能高可靠大功率车规级碳化硅功率半导体模块封装测试"
    root = etree.fromstring(to_svg(one(name), title="图"))
    node = next(e for e in root.iter() if e.get("data-code") == "p")
    assert name in node.find(f"{SVG}title").text


def test_status_is_told_without_colour(chain):
    """Each status differs in its bar or count, so that a black-and-white print can be read."""
    root = etree.fromstring(to_svg(lay_out(*chain), title="图"))
    seen = {}
    for element in root.iter():
        classes = (element.get("class") or "").split()
        if "node" in classes:
            bars = [float(bar.get("width")) for bar in element.iter(f"{SVG}rect") if bar.get("class") == "bar"]
            count = "".join(next(t for t in element.iter(f"{SVG}text") if t.get("class") == "count").itertext())
            seen[classes[1]] = (len(bars), bars[:1], "▲" in count, count == "缺")
    assert len(seen) == 5 and len({str(sign) for sign in seen.values()}) == 5


def test_english_and_chinese(chain):
    layout = lay_out(*chain, language="en")
    text = words(etree.fromstring(to_svg(layout, title="Map", language="en")))
    assert "Strong" in text and "优势" not in text


def test_collapsed_groups_show_counts():
    root = etree.fromstring(to_svg(lay_out(*random_chain(170)), title="图"))
    assert [e for e in root.iter() if "collapsed" in (e.get("class") or "")]
    assert "●" in words(root)


def test_same_input_same_drawing(chain):
    assert to_svg(lay_out(*chain), title="图") == to_svg(lay_out(*chain), title="图")


def test_the_style_sheet_is_the_one_made_from_style():
    file = Path(style.__file__).parent / "static" / "liantu" / "chain_map.css"
    assert file.read_text(encoding="utf-8") == style.css(), "run: python -m liantu.drawing.style > …/chain_map.css"


def test_every_class_drawn_is_known_to_the_style_sheet_or_script(chain):
    root = etree.fromstring(to_svg(lay_out(*chain), title="图"))
    used = {name for e in root.iter() for name in (e.get("class") or "").split()}
    static = Path(style.__file__).parent / "static" / "liantu"
    known = set(re.findall(r"\.([a-z][\w-]*)", style.css() + (static / "chain_map.js").read_text(encoding="utf-8")))
    structure = {"stage", "stages", "groups", "nodes", "map"}
    assert used - known <= structure
