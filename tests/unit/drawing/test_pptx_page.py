from __future__ import annotations

import io

from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation

from liantu.drawing import lay_out, to_pptx

from .conftest import random_chain
from .test_svg import one


def every(shapes):
    for shape in shapes:
        yield shape
        if shape.shape_type == 6:
            yield from every(shape.shapes)


def opened(data: bytes):
    deck = Presentation(io.BytesIO(data))
    return deck, list(every(deck.slides[0].shapes))


def texts(shapes):
    return [shape.text_frame.text.replace("\v", "") for shape in shapes if shape.has_text_frame]


def test_each_node_is_one_editable_shape_with_its_text(chain):
    deck, shapes = opened(to_pptx(lay_out(*chain), title="图", footer="版次"))
    assert (deck.slide_width, deck.slide_height) == (12192000, 6858000)
    cards = [text for text in texts(shapes) if text]
    for node in chain[2]:
        wanted = node.zh + (f"★{node.master}" if node.master else "")
        assert wanted in cards
        cards.remove(wanted)
    assert not [shape for shape in shapes if shape.shape_type == 13], "no pictures: native shapes only"


def test_everything_stands_on_the_slide():
    for nodes, stages in ((20, 3), (95, 6), (148, 5), (300, 5)):
        deck, shapes = opened(to_pptx(lay_out(*random_chain(nodes, stages)), title="图", subtitle="副", footer="版次"))
        for shape in shapes:
            assert shape.left >= -1 and shape.left + shape.width <= deck.slide_width + 20000, shape.name
            assert shape.top >= -1 and shape.top + shape.height <= deck.slide_height + 1, shape.name


def test_nothing_comes_from_the_theme(chain):
    deck, _ = opened(to_pptx(lay_out(*chain), title="图"))
    xml = deck.slides[0].shapes._spTree.xml
    assert "<p:style>" not in xml and "outerShdw" not in xml and "cubicBezTo" in xml


def test_ids_are_unique(chain):
    _, shapes = opened(to_pptx(lay_out(*chain), title="图"))
    ids = [shape.shape_id for shape in shapes]
    assert len(ids) == len(set(ids))


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_any_name_opens(name):
    opened(to_pptx(one(name, master=name, note=name), title=name, subtitle=name, footer=name))


def test_markup_in_names_stays_text():
    _, shapes = opened(to_pptx(one("<script>&"), title="<b>"))
    assert "<script>&" in texts(shapes) and "<b>" in texts(shapes)


def test_notes_and_same_bytes(chain):
    layout = lay_out(*chain)
    data = to_pptx(layout, title="图", notes="凭证 3f2a")
    assert opened(data)[0].slides[0].notes_slide.notes_text_frame.text == "凭证 3f2a"
    assert to_pptx(layout, title="图", notes="凭证 3f2a") == data
