from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pptx import Presentation
from pptx.oxml import parse_xml

from liantu.drawing.application import application_scene
from liantu.drawing.scene import Rect, Scene, Words, walk
from liantu.drawing.scene_slide import scene_scale, scene_shapes
from liantu.drawing.scene_svg import scene_svg
from liantu.drawing.shapes import Box
from liantu.drawing.slide_shapes import EMU_PER_POINT, NAMESPACES
from liantu.drawing.technology import technology_scene

from .scenes import result_of, routes, uses
from .test_scene_svg import SVG, scene

BOX = Box(20, 60, 920, 440)
DRAWN = {"technology_map": (technology_scene, routes(30)), "application_map": (application_scene, uses(30))}


def slide_of(shapes):
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    for element in list(parse_xml(f"<p:spTree {NAMESPACES}>{''.join(shapes)}</p:spTree>")):
        slide.shapes._spTree.append(element)
    out = io.BytesIO()
    deck.save(out)
    return Presentation(io.BytesIO(out.getvalue())).slides[0]


def every(shapes):
    for shape in shapes:
        yield shape
        if shape.shape_type == 6:
            yield from every(shape.shapes)


@pytest.mark.parametrize("name", DRAWN)
def test_shapes_are_editable_and_say_what_the_scene_says(tmp_path, name):
    function, rows = DRAWN[name]
    drawing = function(result_of(name, rows, tmp_path), "c", width=1100, height=600)
    slide = slide_of(scene_shapes(drawing, BOX))
    shapes = list(every(slide.shapes))
    said = sorted(s.text_frame.text for s in shapes if s.has_text_frame and s.text_frame.text)
    assert said == sorted(" ".join(w.text.split()) for w in walk(drawing.items) if isinstance(w, Words) and w.text.strip())
    assert not [s for s in shapes if s.shape_type == 13], "no pictures"
    xml = slide.shapes._spTree.xml
    assert "<p:style>" not in xml and "outerShdw" not in xml
    ids = [s.shape_id for s in shapes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", DRAWN)
def test_slide_and_svg_share_one_set_of_coordinates(tmp_path, name):
    function, rows = DRAWN[name]
    drawing = function(result_of(name, rows, tmp_path), "c", width=1100, height=600)
    scale = scene_scale(drawing, BOX)
    root = etree.fromstring(scene_svg(drawing, standalone=False))
    svg = [tuple(float(e.get(key)) for key in ("x", "y", "width", "height")) for e in root.iter(f"{SVG}rect") if not e.get("fill", "").startswith("url") and e.getparent().tag != f"{SVG}pattern"]
    boxes = [s for s in every(slide_of(scene_shapes(drawing, BOX)).shapes) if s.name == "rectangle"]
    assert len(svg) == len(boxes) == sum(isinstance(i, Rect) for i in walk(drawing.items)) > 50
    slack = 0.06 * scale.points * EMU_PER_POINT + 2
    for (x, y, w, h), shape in zip(svg, boxes, strict=True):
        assert abs(scale.x(x) - shape.left) <= slack and abs(scale.y(y) - shape.top) <= slack
        assert abs(scale.size(w) - shape.width) <= slack and abs(scale.size(h) - shape.height) <= slack


def test_all_stands_in_the_box_and_in_its_middle(tmp_path):
    drawing = technology_scene(result_of("technology_map", routes(30), tmp_path), "c", width=1100, height=600)
    for shape in slide_of(scene_shapes(drawing, BOX)).shapes:
        assert shape.left >= BOX.x * EMU_PER_POINT - 9000 and shape.left + shape.width <= BOX.right * EMU_PER_POINT + 9000
        assert shape.top >= BOX.y * EMU_PER_POINT - 9000 and shape.top + shape.height <= BOX.bottom * EMU_PER_POINT + 9000


def test_tip_and_passport_are_the_alternative_text():
    group = slide_of(scene_shapes(scene(), BOX)).shapes[0]
    assert group._element.xpath("./p:nvGrpSpPr/p:cNvPr/@descr") == ["隔膜 P1"] or "P1" in group._element.xpath("./p:nvGrpSpPr/p:cNvPr/@descr")[0]


def test_patterns_arrows_and_turned_words_are_native():
    xml = slide_of(scene_shapes(scene(), BOX)).shapes._spTree.xml
    assert 'prst="wdUpDiag"' in xml and 'prst="pct20"' in xml and "tailEnd" in xml and f'rot="{270 * 60000}"' in xml and "cubicBezTo" in xml


def test_ids_begin_where_asked():
    assert 'id="500"' in scene_shapes(scene(), BOX, first_id=500)[0]


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=30))
def test_any_name_opens(name):
    slide_of(scene_shapes(scene(name), BOX))


def test_markup_in_names_stays_text():
    slide = slide_of(scene_shapes(scene("<script>&\"'"), BOX))
    assert "<script>&\"'" in [s.text_frame.text for s in every(slide.shapes) if s.has_text_frame]


def test_an_empty_scene_has_no_shapes():
    assert scene_shapes(Scene(10, 10, ()), BOX) == []
