"""Drawings as files: every form on every sheet, through the one door of ``of_output``."""

from __future__ import annotations

import io

import polars as pl
import pytest
from lxml import etree
from pptx import Presentation
from pypdf import PdfReader

from liantu.drawing import of_output
from liantu.drawing.of_output import SCENES, draw, drawable, page_svg, picture, slide_shapes
from liantu.drawing.shapes import Box
from liantu.drawing.sheet import SHEETS
from liantu.kernel.passport import passport_id
from liantu.kernel.problems import UserError

from .scenes import result_of, routes, uses
from .test_scene_svg import SVG

ROWS = {"technology_map": routes(90), "application_map": uses(20)}
MM = {"a4": (297, 210), "a3": (420, 297), "a0": (1189, 841)}


@pytest.fixture(params=ROWS)
def result(request, tmp_path):
    return result_of(request.param, ROWS[request.param], tmp_path)


@pytest.mark.parametrize("paper", MM)
def test_a_pdf_has_the_paper_s_size_and_real_text(result, paper):
    pages = PdfReader(io.BytesIO(picture(result, "c", "pdf", paper=paper))).pages
    room = SHEETS[paper].room(True, True)
    assert len(pages) == draw(result, "c", width=room.w, height=room.h).pages
    for page in pages:
        assert [float(v) / 72 * 25.4 for v in page.mediabox[2:]] == pytest.approx(MM[paper], abs=0.2)
    said = pages[0].extract_text()
    assert "合成数据" in said and "2026-1.0" in said and passport_id("chain_summary", "c", "2026-1.0") in said and result.output.zh in said


@pytest.mark.parametrize("paper", SHEETS)
def test_a_presentation_has_the_paper_s_size_and_every_page(result, paper):
    deck = Presentation(io.BytesIO(picture(result, "c", "pptx", paper=paper)))
    sheet = SHEETS[paper]
    room = sheet.room(True, True)
    assert (deck.slide_width, deck.slide_height) == pytest.approx((sheet.width * 12700, sheet.height * 12700), abs=12700)
    assert len(deck.slides) == draw(result, "c", width=room.w, height=room.h).pages
    for slide in deck.slides:
        ids = [e.get("id") for e in slide.shapes._spTree.iter("{http://schemas.openxmlformats.org/presentationml/2006/main}cNvPr")]
        assert len(ids) == len(set(ids))


def test_an_svg_on_paper_nests_the_drawing_in_its_frame(result):
    root = etree.fromstring(picture(result, "c", "svg", paper="a3", title="标题<b>", subtitle="副题", footer="脚"))
    said = {"".join(e.itertext()) for e in root.iter(f"{SVG}text")}
    assert {"标题<b>", "副题", "脚", "合成数据"} <= said and len(root.findall(f"{SVG}svg")) == 2


def test_without_words_the_drawing_takes_the_whole_sheet(result):
    bare = etree.fromstring(picture(result, "c", "svg", paper="a3", title="", subtitle="", footer=""))
    room = SHEETS["a3"].room(False, False)
    assert float(bare.findall(f"{SVG}svg")[1].get("height")) == pytest.approx(room.h, abs=0.1)
    assert not list(bare.findall(f"{SVG}svg")[0].iter(f"{SVG}text"))


def test_screen_forms(result):
    assert etree.fromstring(picture(result, "c", "svg")).get("width") == "1156"
    assert etree.fromstring(picture(result, "c", "svg", interactive=True)).get("data-interactive") == "true"
    assert picture(result, "c", "png")[:4] == b"\x89PNG"
    assert picture(result, "c", "pptx") == picture(result, "c", "pptx"), "same rows, same bytes"


def test_a_page_of_a_deck_holds_the_drawing_in_its_box(result):
    shapes = slide_shapes(result, "c", Box(20, 80, 900, 420), first_id=1000)
    assert shapes and all('id="10"' not in shape for shape in shapes)


@pytest.mark.parametrize(("form", "paper", "code"), [("bmp", "screen", "unknown-format"), ("svg", "b5", "unknown-paper")])
def test_what_cannot_be_is_said(result, form, paper, code):
    with pytest.raises(UserError) as error:
        picture(result, "c", form, paper=paper)
    assert error.value.code == code


def test_an_unknown_chain_is_answered_with_those_that_exist(result):
    with pytest.raises(UserError) as error:
        picture(result, "x", "svg")
    assert error.value.code == "unknown-chain" and "c" in error.value.hint


def test_the_page_says_when_there_is_nothing_to_draw(tmp_path):
    empty = result_of("technology_map", [], tmp_path)
    assert "还没有登记技术路线" in page_svg(empty, "c")[0] and "Nothing on record" in page_svg(empty, "c", language="en")[0]
    with pytest.raises(UserError):
        picture(empty, "c", "svg")


def test_the_page_can_show_each_of_several_pages(result):
    first, pages = page_svg(result, "c", height=300)
    second, _ = page_svg(result, "c", height=300, page=2)
    assert pages > 1 and first != second and f"共 {pages} 张" in second


def test_every_registered_scene_can_be_had():
    for where in SCENES.values():
        assert callable(of_output._function(where))
    assert drawable("chain_map") and drawable("technology_map") and not drawable("firm_list")


def test_the_chain_map_comes_through_the_same_door(tmp_path):
    from liantu.kernel.edition import save_edition
    from liantu.kernel.output import Result, output_of

    declared = output_of("chain_map")
    row = {"code": "c/a", "chain_code": "c", "chain_name": "电池", "name": "隔膜", "stage_code": "s", "stage_name": "材料", "group_code": "g", "group_name": "关键材料", "position": 1, "status": "weak",
           "firms": 2, "critical": True}
    frames = {"chain": pl.DataFrame({"id": [1], "code": ["c"], "name": ["电池"], "name_en": [None]}), "chain_node": pl.DataFrame({"id": [1], "code": ["c/a"]}),
              "node_link": pl.DataFrame({"source": [1], "target": [1], "item": [""], "weight": [1]})}
    frame = pl.DataFrame([{c.name: row.get(c.name) for c in declared.columns}])
    result = Result(declared, save_edition(frames, number="1", root=tmp_path), frame)
    assert "隔膜" in PdfReader(io.BytesIO(picture(result, "c", "pdf", paper="a3"))).pages[0].extract_text()
    deck = Presentation(io.BytesIO(picture(result, "c", "pptx", paper="a3")))
    assert any(s.name == "隔膜" for s in deck.slides[0].shapes)
    assert picture(result, "c", "png")[:4] == b"\x89PNG"
