"""The deck as PowerPoint reads it: native shapes inside the page, figures with their ids, tables with heads."""

from __future__ import annotations

import io
import re
from itertools import chain as joined

import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Emu

from liantu.kernel.edition import Edition
from liantu.kernel.home import folder
from liantu.kernel.profile import profile
from liantu.papers.deck import to_deck
from liantu.papers.parts import map_parts
from liantu.papers.read_back import FIGURE_ID

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def opened(data: bytes) -> Presentation:
    return Presentation(io.BytesIO(data))


@pytest.fixture
def deck(editions) -> Presentation:
    before, now = editions
    return opened(to_deck(now, "c", since=before))


def title(slide) -> str:
    return next((s.text_frame.text for s in slide.shapes if s.name == "标题"), "")


def texts(slide) -> str:
    return "\n".join("".join(t.text or "" for t in p.iter(f"{A}t")) for p in slide._element.iter(f"{A}p"))


def every_shape(shapes):
    for shape in shapes:
        yield shape
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from every_shape(shape.shapes)


def test_it_tells_state_changes_decisions_maps_lists_and_sources_in_this_order(deck):
    titles = [title(s) for s in deck.slides]
    assert titles[:4] == ["", "链条现状", "自上次以来的变化", "需链长协调的事项"] and titles[-1] == "数据来源与凭证"
    assert titles[4:-1] == [*(p.title for p in map_parts("internal")), *(p.title for p in profile().lists)]


def test_the_cover_says_for_whom_of_when_and_that_the_data_are_synthetic(site, district):
    from liantu.kernel.edition import save_edition

    edition = save_edition(district.frames(), number="5.0", root=folder("editions"), synthetic=True)
    said = texts(opened(to_deck(edition, "c")).slides[0])
    assert all(word in said for word in ("电池链", "链长：区长 王某", "正式版次 5.0", "内部资料", "合成数据", "四图五清单"))


def test_everything_is_native_and_inside_the_page(deck):
    assert (deck.slide_width, deck.slide_height) == (Emu(12192000), Emu(6858000))
    for number, slide in enumerate(deck.slides, 1):
        for shape in slide.shapes:
            assert shape.shape_type != MSO_SHAPE_TYPE.PICTURE
            inside = shape.left >= -1 and shape.top >= -1 and shape.left + shape.width <= deck.slide_width + 1 and shape.top + shape.height <= deck.slide_height + 1
            assert inside, (number, shape.name, shape.left, shape.top, shape.width, shape.height)


def test_no_two_shapes_of_a_slide_have_one_number(deck):
    for slide in deck.slides:
        numbers = [s.shape_id for s in every_shape(slide.shapes)]
        assert len(numbers) == len(set(numbers))


def test_fonts_are_named_for_chinese_too_and_nothing_casts_a_shadow(deck):
    for slide in deck.slides:
        runs = list(slide._element.iter(f"{A}rPr"))
        assert runs and all(r.find(f"{A}ea") is not None for r in runs)
        assert not list(slide._element.iter(f"{A}outerShdw"))


def test_each_figure_of_the_state_page_carries_its_id(deck):
    slide = deck.slides[1]
    noted = {s._element.nvSpPr.cNvPr.get("descr"): s.text_frame.text for s in slide.shapes if s._element.tag.endswith("}sp") and s._element.nvSpPr.cNvPr.get("descr")}
    assert len(noted) >= 16 and all(FIGURE_ID.fullmatch(note) and "." in note for note in noted)
    bare = [s.text_frame.text for s in slide.shapes if s.name not in ("页码", "版次") and re.search(r"\d", s.text_frame.text) and not s._element.nvSpPr.cNvPr.get("descr")]
    assert bare == []


def test_what_changed_is_told_with_before_and_now(deck):
    said = texts(deck.slides[2])
    assert "正式版次 1.0" in said and "己" in said and "隔膜二期" in said
    table = next(s.table for s in deck.slides[2].shapes if s.has_table)
    rows = {r.cells[0].text: (r.cells[1].text, r.cells[2].text) for r in list(table.rows)[1:]}
    assert rows["企业数"] == ("4家", "5家")


def test_without_an_earlier_edition_nothing_is_said_to_have_changed(now: Edition):
    assert "自上次以来的变化" not in [title(s) for s in opened(to_deck(now, "c")).slides]


def test_cases_for_the_chief_come_first(deck):
    said = texts(deck.slides[3])
    assert "请链长召集供电公司定方案" in said and "缺变压器" not in said and "● 红灯" in said and "-58" in said


def test_a_long_list_is_cut_over_two_slides_with_heads_on_both(site, district):
    for number in range(80):
        firm = district.put("enterprise", name=f"第{number}号新能源汽车零部件有限公司", status="active", above_scale=True)
        district.put("placement", enterprise=firm, chain_node=2, grade="confirmed", score=1.0)
        district.put("annual_figure", enterprise=firm, year=2025, output=float(number), revenue=1.0)
    deck = opened(to_deck(district.edition(folder("editions"), "4.0"), "c"))
    pages = [s for s in deck.slides if title(s).startswith("重点企业清单")]
    assert [title(p) for p in pages] == ["重点企业清单（1/2）", "重点企业清单（2/2）"]
    tables = [next(s.table for s in p.shapes if s.has_table) for p in pages]
    heads = [[c.text.replace('\x0b', '') for c in t.rows[0].cells] for t in tables]
    assert heads[0] == heads[1] and heads[0][-1] == "凭证号" and "工业总产值（万元）" in heads[0]
    shown, listed = sum(len(t.rows) - 1 for t in tables), int(re.search(r"共 (\d+) 行", texts(pages[0])).group(1))
    assert f"其余 {listed - shown} 行" in texts(pages[1]) and listed > shown


def test_the_public_deck_has_neither_cases_nor_single_firms_figures(editions):
    before, now = editions
    deck = opened(to_deck(now, "c", since=before, version="public"))
    said = "\n".join(texts(s) for s in deck.slides)
    titles = [title(s) for s in deck.slides]
    assert "公开版" in texts(deck.slides[0]) and "需链长协调的事项" not in titles and "问题清单" not in titles
    assert not any(word in said for word in ("用电增容", "工业总产值", "1,234.5", "3,703.5"))


def test_a_chain_with_nothing_on_it_gives_a_deck_that_says_so(site, district):
    district.put("chain", code="e", name="空链", name_en="Empty")
    deck = opened(to_deck(district.edition(folder("editions"), "6.0"), "e"))
    assert "本期没有符合条件的记录。" in "".join(joined(*(texts(s) for s in deck.slides)))


def test_equal_decks_are_equal_files(editions):
    before, now = editions
    assert to_deck(now, "c", since=before) == to_deck(now, "c", since=before)


def test_english_throughout(editions):
    before, now = editions
    deck = opened(to_deck(now, "c", since=before, language="en"))
    assert title(deck.slides[1]) == "State of the chain" and "Battery" in texts(deck.slides[0]) and title(deck.slides[-1]) == "Sources and passports"
