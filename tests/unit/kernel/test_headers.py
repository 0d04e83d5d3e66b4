"""Headers: the plain form under which corrections are remembered, periods, and the choice of table."""

from __future__ import annotations

import pytest

from liantu.kernel.header_context import read_context
from liantu.kernel.header_words import header_period
from liantu.kernel.headers import guess_layout, normal_header
from liantu.kernel.sheets import SheetGrid, cell_name, column_letter, column_number
from tests.intake.tables import ENTERPRISE, TABLES


@pytest.mark.parametrize(("text", "key"), [
    ("企业名称", "企业名称"), ("*企业 名称：", "企业名称"), ("营业收入（万元）", "营业收入"), ("2025年3月营业收入(千元)", "营业收入"), ("1-3月产值", "累计产值"), ("1—12月累计产值", "累计产值"), ("3月", "n月"), ("2024年", "n年"),
    ("2025年1月", "n月"), ("同比±%", "同比"), ("增速（%）", "增速"), ("行业代码(4位)", "行业代码(4位)"), ("３月产值，万元", "产值"), ("其中：出口交货值", "出口交货值"), ("1.企业名称", "企业名称"), ("一、基本情况", "基本情况"),
    ("R&D经费", "r&d经费"), ("经营（业务）范围", "经营(业务)范围"), ("", ""), ("营业收入\n（亿元）", "营业收入")])
def test_normal_header(text: str, key: str) -> None:
    assert normal_header(text) == key
    assert normal_header(key) in (key, "")


@pytest.mark.parametrize(("text", "year", "period"), [("3月", "2025", "2025-03"), ("3月", None, "03"), ("2025年3月产值", None, "2025-03"), ("2025年营业收入", None, "2025"), ("1-3月累计", "2025", "2025-03"), ("企业名称", "2025", None), ("13月", None, None)])
def test_header_period(text: str, year: str | None, period: str | None) -> None:
    assert header_period(text, year) == period


@pytest.mark.parametrize(("title", "sheet", "file", "year", "month", "township"), [
    ("2025年3月规上工业企业产值", "Sheet1", "a.xlsx", "2025", "03", None), ("城东街道2025年1-3月企业用电", "Sheet1", "a.xlsx", "2025", "03", "城东街道"), ("企业名录", "云溪镇", "a.xlsx", None, None, "云溪镇"),
    ("企业名录", "3月", "2025年.xlsx", "2025", "03", None), ("企业名录", "Sheet1", "企业产值202503.xlsx", "2025", "03", None), ("企业名录", "Sheet1", "名录20250410.xlsx", None, None, None),
    ("填报日期：2025年4月10日", "Sheet1", "a.xlsx", None, None, None), ("截至2025年3月31日企业名录", "Sheet1", "a.xlsx", "2025", "03", None), ("2025年4月10日企业名录", "Sheet1", "a.xlsx", None, None, None),
    ("2024年度财务状况", "Sheet1", "a.xlsx", "2024", None, None), ("某某区云溪镇企业名录", "Sheet1", "a.xlsx", None, None, "云溪镇"), ("乡镇企业名录", "Sheet1", "a.xlsx", None, None, None), ("2025.3产值", "Sheet1", "a.xlsx", "2025", "03", None)])
def test_context(title: str, sheet: str, file: str, year: str | None, month: str | None, township: str | None) -> None:
    said = read_context([("A1", title)], sheet, file)
    assert tuple(said.values.get(k) for k in ("year", "month", "township")) == (year, month, township)


def grid(*rows: list[object], name: str = "Sheet1") -> SheetGrid:
    return SheetGrid(name, [list(r) for r in rows])  # type: ignore[arg-type]


def test_prose_is_no_table() -> None:
    assert guess_layout(grid(["请于每月5日前报送"], ["企业名称要写全称", "联系工信局"]), TABLES) is None
    assert guess_layout(grid(["姓名", "职务", "电话"], ["张某", "科长", "1234"]), TABLES) is None
    assert guess_layout(grid(), TABLES) is None


def test_corrections_by_letter_and_by_header() -> None:
    sheet = grid(["企业名称", "信用代码", "数"], ["甲有限公司", "91330109MA2AX0018Y", 3])
    layout = guess_layout(sheet, [ENTERPRISE], corrections={"C": "annual_figure.tax", "信用代码": None})
    assert layout is not None
    assert [(g.column, g.how) for g in layout.guesses] == [("name", "alias"), (None, "remembered"), ("annual_figure.tax", "remembered")]


def test_a_correction_to_a_column_that_is_not_there_is_passed_over() -> None:
    layout = guess_layout(grid(["企业名称", "信用代码"], ["甲有限公司", "91330109MA2AX0018Y"]), [ENTERPRISE], corrections={"B": "no_such_column"})
    assert layout is not None and [g.column for g in layout.guesses] == ["name", "uscc"]


def test_growth_columns_are_not_taken_for_the_figure() -> None:
    layout = guess_layout(grid(["企业名称", "营业收入增速", "上年营业收入", "营业收入占比", "营业收入"], ["甲有限公司", 1, 2, 3, 4]), [ENTERPRISE])
    assert layout is not None and [g.column for g in layout.guesses] == ["name", None, None, None, "annual_figure.revenue"]


def test_cell_names() -> None:
    assert [cell_name(11, 2), cell_name(0, 26), cell_name(1048575, 16383)] == ["C12", "AA1", "XFD1048576"]
    assert all(column_number(column_letter(i)) == i for i in range(16384))
