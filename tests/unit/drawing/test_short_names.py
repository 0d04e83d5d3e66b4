from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.drawing import lay_out
from liantu.drawing.planning import name_widths
from liantu.drawing.short_names import KNOWN, fit_name
from liantu.drawing.svg import card_lines
from liantu.drawing.text import text_width

from .conftest import random_chain


@pytest.mark.parametrize(("name", "lines"), [
    ("Battery testing services", ("Batt. tests", "serv.")), ("Separators", ("Separators",)), ("Mixing and coating", ("Mixing &", "coating")),
])
def test_usual_abbreviations(name, lines):
    fitted = fit_name(name, (52.0, 52.0), 9.0, 8.0, "en")
    assert not fitted.cut and all(text_width(line, fitted.size) <= 52.0 for line in fitted.lines)
    assert fitted.lines[0][:3] == lines[0][:3]


def test_a_name_that_fits_is_left_alone_and_a_chinese_one_always():
    assert fit_name("Battery and pack", (200.0,), 11, 8, "en").lines == ("Battery and pack",)
    assert "&" not in "".join(fit_name("Battery and pack", (60.0,), 11, 8, "zh").lines)


def test_no_hyphen_where_a_shorter_form_fits():
    fitted = fit_name("Refrigerated transport equipment", (60.0, 66.0), 10.5, 8, "en")
    assert not fitted.cut and not any(line.endswith("-") for line in fitted.lines)


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=60), st.floats(20, 120))
def test_lines_always_fit(name, width):
    fitted = fit_name(name, (width, width), 10, 8, "en")
    assert len(fitted.lines) <= 2
    for line in fitted.lines:
        assert text_width(line, fitted.size) <= width + 0.01 or len(line) == 1


def test_every_abbreviation_is_shorter():
    assert all(len(short) < len(word) for word, short in KNOWN.items())


def test_an_english_map_of_140_nodes_cuts_few_names():
    words = ("Lithium hexafluorophosphate", "Battery management systems", "Aluminium laminate film", "Precision machining equipment", "Traditional herbal products", "Automotive lamps")
    stages, groups, nodes, links = random_chain(140, 6)
    named = [type(n)(n.code, n.zh, words[at % len(words)], n.group, n.status, n.firms, n.master, n.critical) for at, n in enumerate(nodes)]
    layout = lay_out(stages, groups, named, links, width=1156, min_height=560, target_height=576, language="en")
    cut = sum(card_lines(card, layout, "en")[2] for card in layout.cards)
    assert cut <= 0.1 * len(layout.cards), cut
    assert all(name_widths(card.node, layout.density, card.box.w)[1] > 40 for card in layout.cards)
