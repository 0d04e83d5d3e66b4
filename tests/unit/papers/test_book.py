"""The workbook of lists as a spreadsheet program reads it."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest

from liantu.drawing.text import text_width
from liantu.kernel.edition import Edition
from liantu.kernel.home import folder
from liantu.kernel.output import run
from liantu.kernel.profile import profile
from liantu.papers.book import set_workbook
from liantu.papers.cells import HIDDEN, HIDDEN_NOTE
from liantu.papers.xlsx import list_workbook


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_the_sheets_are_the_lists_of_the_profile(now: Edition):
    book = opened(set_workbook(now, "c"))
    assert book.sheetnames == ["目录", *(part.title for part in profile().lists), "说明"]


def test_the_contents_count_rows_and_lead_to_the_sheets(now: Edition):
    page = opened(set_workbook(now, "c"))["目录"]
    told = {row[1].value: (row[2].value, row[1].hyperlink.location) for row in page.iter_rows(min_row=5, max_row=9)}
    assert told["问题清单"] == (2, "'问题清单'!A1")
    assert "链长：区长 王某" in page["A2"].value and "内部资料" in page["A2"].value


@pytest.mark.parametrize("name", [part.title for part in profile().lists])
def test_each_list_works_and_prints_like_a_list(now: Edition, name: str):
    page = opened(set_workbook(now, "c"))[name]
    assert page["A1"].value == name and "正式版次 2.0" in page["A2"].value
    assert page.freeze_panes.endswith("5") and page.auto_filter.ref.startswith("A4:")
    assert page.print_title_rows == "$1:$4" and page.page_setup.orientation == "landscape" and page.sheet_properties.pageSetUpPr.fitToPage
    assert page.page_setup.fitToHeight == 0 and "正式版次 2.0" in page.oddFooter.left.text
    assert [c.value for c in page[4]][-1] == "凭证号" and all(row[-1].value.startswith("P") for row in page.iter_rows(min_row=5))


def test_totals_are_live_and_sum_the_rows(now: Edition):
    book = list_workbook(run("firm_list", now))
    page = opened(book).worksheets[0]
    at = next(c.column_letter for c in page[4] if c.value == "工业总产值（万元）")
    assert page[f"{at}3"].value == f"=SUBTOTAL(9,{at}5:{at}10)"
    cached = openpyxl.load_workbook(io.BytesIO(book), data_only=True).worksheets[0]
    assert cached[f"{at}3"].value == pytest.approx(sum(1234.5 * n for n in range(1, 6)) + 900)
    shares = next(c.column_letter for c in page[4] if c.value == "研发强度（%）")
    assert page[f"{shares}3"].value is None


def test_a_lamp_is_a_colour_and_a_word(now: Edition):
    page = opened(set_workbook(now, "c"))["问题清单"]
    head = [c.value for c in page[4]]
    cells = [row[head.index("灯色")] for row in page.iter_rows(min_row=5)]
    assert {c.value for c in cells} == {"● 红灯", "● 绿灯"} and len({c.fill.fgColor.rgb for c in cells}) == 2


def test_marks_tell_by_whose_rule_and_whether_checked(now: Edition):
    page = opened(set_workbook(now, "c"))["重点项目清单"]
    head = [c.value for c in page[4]]
    assert head[-3:] == ["依据", "核对", "凭证号"]
    assert {row[-3].value for row in page.iter_rows(min_row=5)} == {"liantu 默认"} and {row[-2].value for row in page.iter_rows(min_row=5)} == {"待核"}


def test_a_withheld_figure_is_a_mark_with_its_note_and_totals_say_so(now: Edition):
    result = run("firm_list", now)
    page = opened(list_workbook(replace(result, hidden=frozenset({("1", "output")})))).worksheets[0]
    head = [c.value for c in page[4]]
    named = {row[head.index("企业名称")].value: row[head.index("工业总产值（万元）")].value for row in page.iter_rows(min_row=5)}
    assert named["=甲（澄岚）新能源动力电池系统集成股份有限公司"] == HIDDEN and list(named.values()).count(HIDDEN) == 1
    assert HIDDEN_NOTE["zh"] in page["A2"].value and page["A3"].value == "合计（不含※）"


def test_the_public_book_has_no_figures_of_single_firms(now: Edition):
    book = opened(set_workbook(now, "c", version="public"))
    heads = {c.value for page in book.worksheets for c in page[4]}
    assert not heads & {"工业总产值（万元）", "营业收入（万元）", "税收（万元）"} and "企业名称" in heads
    assert "问题清单" not in book.sheetnames and "公开版" in book["目录"]["A2"].value


def test_text_that_looks_like_a_formula_stays_text(now: Edition):
    page = opened(set_workbook(now, None))["重点企业清单"]
    cells = [c for row in page.iter_rows(min_row=5) for c in row if isinstance(c.value, str) and c.value.startswith("=")]
    assert cells and all(c.data_type == "s" for c in cells)


def test_nothing_is_cut(now: Edition):
    """Each text has room in its column for the lines that its row is high."""
    for page in opened(set_workbook(now, "c")).worksheets[1:-1]:
        widths = {c.column_letter: page.column_dimensions[c.column_letter].width for c in page[4]}
        for row in page.iter_rows(min_row=5):
            lines = (page.row_dimensions[row[0].row].height - 3) / 15
            for cell in row:
                if isinstance(cell.value, str) and not page.column_dimensions[cell.column_letter].hidden:
                    assert text_width(cell.value, 1.0) * 1.8 <= widths[cell.column_letter] * lines, (page.title, cell.coordinate, cell.value)


def test_the_same_edition_gives_the_same_bytes(now: Edition):
    assert set_workbook(now, "c") == set_workbook(now, "c")


def test_a_chain_without_rows_still_has_its_sheets(site, district):
    district.put("chain", code="e", name="空链", name_en="Empty")
    edition = district.edition(folder("editions"), "3.0")
    book = opened(set_workbook(edition, "e"))
    assert book["重点企业清单"]["A5"].value is None and len(book.sheetnames) == 7


def test_english_throughout(now: Edition):
    book = opened(set_workbook(now, "c", language="en"))
    assert book.sheetnames[0] == "Contents" and book["Key firms"]["A4"].value == "Enterprise" and "formal edition 2.0" in book["Key firms"]["A2"].value
