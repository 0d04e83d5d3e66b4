"""The clerk's workbook comes back with marks, links and its own content, and can be uploaded again."""

from __future__ import annotations

import io
import warnings

import openpyxl
import pytest

from liantu.kernel.annotate import FINDINGS, annotated_workbook, safe_text
from liantu.kernel.intake import Reading, read_tables
from liantu.kernel.sheets import read_workbook
from tests.intake import make_sheets
from tests.intake.make_sheets import GOOD, Case, text, xlsx
from tests.intake.tables import TABLES

make_sheets.load()


def opened(data: bytes) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data))


def annotated(case: Case) -> tuple[Reading, bytes]:
    data = case.make()
    reading = read_tables(read_workbook(data, case.file), TABLES, **case.options)
    return reading, annotated_workbook(data, reading)


@pytest.mark.parametrize("name", GOOD)
def test_reading_it_again_gives_the_same_rows(name: str) -> None:
    case = GOOD[name]
    reading, data = annotated(case)
    book = opened(data)
    assert book.sheetnames[0] == FINDINGS
    file = case.file.rsplit(".", 1)[0] + ".xlsx"
    again = read_tables(read_workbook(data, file), TABLES, **case.options)
    if name == "stored_results":  # openpyxl keeps formulas, not their results: a spreadsheet computes them on opening
        return
    assert [(r.number, r.values) for r in again.rows] == [(r.number, r.values) for r in reading.rows]


def test_cells_are_coloured_commented_and_linked() -> None:
    reading, data = annotated(GOOD["amounts"])
    book = opened(data)
    cell = book["Sheet1"]["B7"]
    assert "bad-number" in cell.comment.text and "五百" in cell.comment.text
    assert cell.fill.start_color.rgb.endswith("FFC7CE")
    links = {c.value: c.hyperlink.location for row in book[FINDINGS].iter_rows() for c in row if c.hyperlink}
    assert links["B7"] == "'Sheet1'!B7"
    assert len(links) == len(reading.problems)


def test_marks_of_an_earlier_round_are_cleared() -> None:
    _, data = annotated(GOOD["amounts"])
    book = opened(data)
    book["Sheet1"]["B7"].value = 500
    out = io.BytesIO()
    book.save(out)
    second = read_tables(read_workbook(out.getvalue(), "名录.xlsx"), TABLES)
    cell = opened(annotated_workbook(out.getvalue(), second))["Sheet1"]["B7"]
    assert cell.value == 500 and cell.comment is None and not cell.fill.start_color.rgb.endswith("FFC7CE")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_nothing_written_becomes_a_formula(kind: str) -> None:
    wicked = '=HYPERLINK("http://example.org","x")'
    if kind == "csv":
        data = text(f"企业名称,信用代码,税收（万元）\n甲有限公司,@SUM(1),'{wicked}\n=cmd|x,+1,-x\n".replace('"', ""))
    else:
        data = xlsx({"Sheet1": [["企业名称", "信用代码", "税收（万元）"], ["甲有限公司", "@SUM(1)", "'" + wicked], ["乙有限公司", "+1+1", "-x"]]})
    reading = read_tables(read_workbook(data, f"名录.{kind}"), TABLES)
    book = opened(annotated_workbook(data, reading))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert not any(cell.data_type == "f" for cell in row)
    for row in book[FINDINGS].iter_rows():
        assert not any(isinstance(cell.value, str) and cell.value[:1] in ("=", "+", "-", "@") for cell in row)


def test_safe_text() -> None:
    assert [safe_text(t) for t in ("=1", "+1", "-1", "@a", "\t=1", "甲", "a\x00b")] == ["'=1", "'+1", "'-1", "'@a", "'\t=1", "甲", "ab"]
