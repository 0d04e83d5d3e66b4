"""Column widths: the type area is filled, numbers and short heads do not break."""

from __future__ import annotations

from liantu.papers.docx_form import WIDTH
from liantu.papers.docx_table import CELL_CHARACTER, MARGIN, widths


def test_the_type_area_is_filled_whatever_stands_in_it():
    for lines in ([["序号", "名称"], ["1", "甲"]], [["序号"] + ["很长的表头（万元）"] * 12, ["1"] + ["123,456,789.0"] * 12], [["序号", "说明", "数"], ["1", "字" * 500, "1"]]):
        made = widths(lines)
        assert sum(made) == WIDTH and min(made) > 0


def test_numbers_heads_and_units_keep_their_line():
    heads = ["序号", "产业链", "新签约（个）", "新开工（个）", "新入统（个）", "新投产（个）", "到位资金（万元）"]
    made = widths([heads, ["1", "新能源汽车和先进制造产业链", "12", "3", "4", "5", "115,340.0"]])
    room = [(w - 2 * MARGIN) / CELL_CHARACTER for w in made]
    assert room[0] >= 2 and all(r >= 3 for r in room[2:6]) and room[6] >= 9 * 0.5
    assert room[1] == max(room)  # what is left goes to the long names


def test_long_texts_share_what_is_left():
    made = widths([["序号", "问题", "进展"], ["1", "字" * 60, "字" * 30]])
    assert made[1] > made[2] / 1.2 and made[0] < made[2] < made[1] * 1.2
