"""From rows read to rows to write: what is met, what is merged, and what cannot be stored."""

from datetime import date
from decimal import Decimal

import pytest

from liantu.chains.models import SupplyLink
from liantu.enterprises.models import AnnualFigure, Enterprise, MonthlyFigure
from liantu.kernel.desk import accept, inspect, open_draft
from liantu.kernel.history import origins
from tests.robust.kit import credit_code, csv_bytes, firm_row, firm_sheet, register, replay, xlsx_bytes


def opened(data, name="名录.csv", **other):
    return inspect(open_draft(data, name, **other))


def codes(found):
    return [p.code for p in found.problems if p.severity != "info"]


def test_blank_cells_never_erase(take):
    take(firm_sheet([1]))
    batch = take(csv_bytes([{**firm_row(1), "经营范围": "", "地址": "新址"}]), "二.csv")
    firm = Enterprise.objects.get()
    assert (batch.updated, firm.address) == (1, "新址")
    assert firm.scope == firm_row(1)["经营范围"]


def test_a_second_row_of_the_file_that_says_more(take):
    """The first row says what is known already, the second something new: the new is not lost, and its own cell is told."""
    take(firm_sheet([1]))
    batch = take(csv_bytes([{**firm_row(1), "地址": ""}, {**firm_row(1), "地址": "新址"}]), "二.csv")
    assert (batch.updated, Enterprise.objects.get().address) == (1, "新址")
    assert replay() == register()
    told = {o.column: o for o in origins("enterprise", Enterprise.objects.get().pk)}
    assert (told["address"].cell, told["address"].seen) == ("D3", "新址")


def test_figures_of_a_second_row_of_the_same_firm(take):
    head = firm_row(1)
    take(csv_bytes([{**head, "2025年营业收入（万元）": "10", "2025年税收（万元）": ""}]))
    batch = take(csv_bytes([{**head, "2025年营业收入（万元）": "10", "2025年税收（万元）": ""}, {**head, "2025年营业收入（万元）": "", "2025年税收（万元）": "3"}]), "二.csv")
    figure = AnnualFigure.objects.get()
    assert (batch.updated, figure.revenue, figure.tax) == (1, 10, 3)
    assert {o.column: o.seen for o in origins("annual_figure", figure.pk)}["tax"] == "3"
    assert replay() == register()


def test_a_row_whose_figures_have_no_year_is_left_out_whole(take):
    data = csv_bytes([{**firm_row(1), "营业收入（万元）": "10"}])
    found = opened(data)
    assert "no-year" in codes(found) and found.good == 0
    assert take(data, good_only=True) is None and not Enterprise.objects.exists()


def test_figures_for_firms_of_the_same_file(take):
    """A new firm and its monthly figures stand on two sheets of one workbook."""
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([["统一社会信用代码", "企业名称", "经营范围"], [credit_code(1), "甲精密公司", "零件"], [credit_code(2), "乙电子公司", "电子"]], "企业名录")))
    sheet = book.create_sheet("2025年3月产值月报")
    for row in [["企业名称", "月份", "工业总产值（万元）"], ["甲精密公司", "2025-03", 12], ["乙电子公司", "2025-03", 13], ["甲精密公司", "2025-03", 12]]:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    batch = take(out.getvalue(), "两张表.xlsx", good_only=True)
    assert (Enterprise.objects.count(), MonthlyFigure.objects.count(), batch.created) == (2, 2, 4)
    assert replay() == register()


def test_decimals_are_kept_as_the_column_keeps_them(take):
    """What is beyond the column's places is rounded once, in the open: the second import finds nothing new."""
    data = csv_bytes([{**firm_row(1), "注册资本（万元）": "12.34565", "经度": "114.123456", "纬度": "28.98765"}])
    take(data)
    firm = Enterprise.objects.get()
    assert (firm.capital, firm.longitude, firm.latitude) == (Decimal("12.3457"), Decimal("114.1235"), Decimal("28.9877"))
    assert take(data) is None
    assert replay() == register()


@pytest.mark.parametrize(("column", "text", "code"), [
    ("企业名称", "长" * 201, "too-long"), ("地址", "长" * 301, "too-long"), ("行业代码", "123456789", "too-long"), ("注册资本（万元）", "1" + "0" * 17, "out-of-range"),
    ("注册资本（万元）", "99999999999万亿元", "out-of-range"), ("2025年从业人数（人）", "3000000000", "out-of-range"), ("2025年营业收入（万元）", "1" + "0" * 17, "out-of-range"),
    ("2025年用电量（kWh）", "9" * 19 + "万千瓦时", "out-of-range")])
def test_what_no_column_can_hold_is_a_problem_at_its_cell(take, column, text, code):
    row = firm_row(1)
    row[column] = text
    data = csv_bytes([firm_row(2), row], list(row))
    found = opened(data)
    problem = next(p for p in found.problems if p.code == code)
    letter = chr(65 + list(row).index(column))
    assert (problem.severity, problem.cell, problem.row) == ("error", f"{letter}3", 3)
    assert problem.message() and "—" not in problem.message()
    batch = take(data, good_only=True)
    assert batch.created == 1 and Enterprise.objects.get().uscc == credit_code(2)


def test_a_number_as_industry_code_that_is_too_long(take):
    data = xlsx_bytes([["统一社会信用代码", "企业名称", "行业代码"], [credit_code(1), "甲公司", 123456789]])
    assert "too-long" in codes(opened(data, "名录.xlsx"))


def test_a_supplier_name_that_is_too_long(take):
    data = csv_bytes([{"供应商": "长" * 250, "客户": "乙公司", "物料": "铜箔", "年份": "2025", "年采购额（万元）": "5"}])
    found = opened(data, "供需.csv", as_table="supply_link")
    problem = next(p for p in found.problems if p.code == "too-long")
    assert problem.cell == "A2" and problem.details[0] == ("length", "250")
    assert take(data, "供需.csv", as_table="supply_link", good_only=True) is None and not SupplyLink.objects.exists()


def test_signs_that_cannot_be_stored(take):
    """Zero bytes and half signs in cells, headers and titles never reach the database."""
    row = {**firm_row(1), "联系\x00备注": "备\x00注", "经营范围": "零\x00件\u202e制造"}
    batch = take(csv_bytes([row, *(firm_row(n) for n in range(2, 99))]), "名\x00录.csv", good_only=True)
    assert Enterprise.objects.get(uscc=credit_code(1)).scope.replace(" ", "") == "零件制造"
    assert replay() == register()
    assert "\x00" not in str(register()) + str(batch.layouts)


def test_rows_of_one_file_that_disagree_about_a_firm(take):
    """One row has the code, the other only the name: they mean one firm, and the clerk hears that they differ."""
    with_code = {**firm_row(1), "2025年营业收入（万元）": "10"}
    data = csv_bytes([with_code, {**with_code, "统一社会信用代码": "", "2025年营业收入（万元）": "12"}])
    found = opened(data)
    assert "said-twice" in codes(found)
    take(data)
    assert AnnualFigure.objects.get().revenue == 12 and Enterprise.objects.count() == 1
    assert take(data) is None


def test_two_rows_one_code_two_names(take):
    """A known firm without a code gets one, and another row of the file gives the same code to a firm of another name."""
    take(csv_bytes([{"企业名称": "甲精密制造公司", "经营范围": "零件"}], ["企业名称", "经营范围"]))
    data = csv_bytes([{"统一社会信用代码": credit_code(9), "企业名称": "甲精密制造公司"}, {"统一社会信用代码": credit_code(9), "企业名称": "完全不同的乙食品厂"}])
    take(data, "二.csv", good_only=True)
    assert Enterprise.objects.filter(uscc=credit_code(9)).count() == 1
    assert replay() == register()


def test_small_register_is_asked_only_for_what_is_wanted(take, django_assert_max_num_queries):
    take(firm_sheet(range(50)))
    draft = open_draft(firm_sheet([3], 地址="新"), "一.csv")
    with django_assert_max_num_queries(40):
        accept(draft)
    assert Enterprise.objects.get(uscc=credit_code(3)).established_on == date(2003, 4, 4)
