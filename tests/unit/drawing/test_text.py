from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from liantu.drawing.text import clean, fit, text_width


@given(st.text(max_size=40), st.floats(20, 200), st.floats(20, 200))
def test_lines_fit_their_width(text, first, second):
    fitted = fit(text, (first, second), 11, 9)
    assert len(fitted.lines) <= 2
    for line, width in zip(fitted.lines, (first, second), strict=False):
        assert text_width(line, fitted.size) <= width + 1e-6 or len(line) <= 1
    if not fitted.cut:
        assert "".join(fitted.lines).replace(" ", "") == clean(text).replace(" ", "")


def test_words_stay_whole_and_lines_are_even():
    assert fit("BMS主控板", (40, 60), 11, 9).lines == ("BMS", "主控板")
    assert fit("智能座舱域控制器", (60, 60), 11, 9).lines == ("智能座舱", "域控制器")


def test_a_long_name_shrinks_before_it_is_cut():
    assert fit("电解液添加剂", (62,), 11, 9).size < 11
    cut = fit("电解液添加剂电解液添加剂", (62,), 11, 9)
    assert cut.cut and cut.lines[0].endswith("…")
