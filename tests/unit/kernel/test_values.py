"""Cells to values, beyond what the ugly sheets already show."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal as D

import pytest

from liantu.kernel.columns import Choice, Column
from liantu.kernel.values import cell_text, is_nil, parse_value


def column(kind: str, **more: object) -> Column:
    return Column("a", "甲", "a", kind, **{"unit": {"money": "万元", "share": "1"}.get(kind), **more})  # type: ignore[arg-type]


def read(cell: object, kind: str, unit: str | None = None, **more: object) -> tuple[object, list[str]]:
    parsed = parse_value(cell, column(kind, **more), unit=unit, year=2025)
    return parsed.value, [code for code, _ in parsed.problems]


@pytest.mark.parametrize(("cell", "value", "codes"), [
    (0.1 + 0.2, D("0.3"), []), ("1.2.3", None, ["bad-number"]), ("1,23", None, ["bad-number"]), ("12 34", None, ["bad-number"]), ("+5", D(5), []), ("−5", D(-5), []), ("1.5E+3", D(1500), []),
    ("近3亿元", D(30000), ["approximate"]), ("300万元左右", D(300), ["approximate"]), ("300万以上", D(300), ["approximate"]), ("300（预计）", D(300), ["approximate"]), ("（300）", D(-300), []),
    ("￥300万", D(300), []), ("300万元人民币", D(300), []), ("HK$300万", None, ["foreign-currency"]), ("1.5万亿", D(150000000), []), ("8百万元", D(800), []), (True, None, ["bad-number"]),
    (float("nan"), None, []), (float("inf"), None, ["bad-number"]), (1e300, None, ["bad-number"]), ("#N/A", None, ["cell-error"]), ("=A1/B1", None, ["formula-no-value"]), (date(2025, 3, 1), None, ["bad-number"])])
def test_money(cell: object, value: object, codes: list[str]) -> None:
    assert read(cell, "money", "万元") == (value, codes)


def test_a_cells_own_unit_beats_the_headers() -> None:
    assert read("3.2亿", "money", "元")[0] == D(32000)
    assert read("5000", "money", "元")[0] == D("0.5")
    assert read(5000, "money", "吨") == (None, ["unit-mismatch"])


@pytest.mark.parametrize(("cell", "unit", "value"), [("35%", None, "0.35"), (0.35, None, "0.35"), (35, "%", "0.35"), ("35%", "%", "0.35"), ("3.5个百分点", None, "0.035"), ("5‰", None, "0.005"), ("(2.5%)", None, "-0.025")])
def test_share(cell: object, unit: str | None, value: str) -> None:
    assert read(cell, "share", unit) == (D(value), [])


@pytest.mark.parametrize(("cell", "value", "codes"), [
    ("2025.3", "2025-03", []), ("2025.10", "2025-10", []), (2025.1, "2025-01", ["month-ambiguous"]), (2025.12, "2025-12", []), ("202503", "2025-03", []), (45717, "2025-03", []), ("25年3月", "2025-03", []),
    ("3月", "2025-03", []), (3, "2025-03", []), ("2024年1—11月", "2024-11", ["cumulative-period"]), (datetime(2025, 3, 1, 8), "2025-03", []), ("2025年13月", None, ["bad-month"]), ("2025年", None, ["bad-month"]),
    ("二〇二五年3月", "2025-03", []), ("上半年", None, ["bad-month"]), (True, None, ["bad-month"])])
def test_month(cell: object, value: object, codes: list[str]) -> None:
    assert read(cell, "month") == (value, codes)


@pytest.mark.parametrize(("cell", "value", "codes"), [(2025, 2025, []), (2025.0, 2025, []), ("2025年度", 2025, []), ("2025年3月", 2025, []), (date(2024, 5, 1), 2024, []), ("二〇二四年", 2024, []), (45717, None, ["bad-year"]), ("今年", None, ["bad-year"]), (99, None, ["bad-year"])])
def test_year(cell: object, value: object, codes: list[str]) -> None:
    assert read(cell, "year") == (value, codes)


def test_text_kinds() -> None:
    assert read(13800000000.0, "text") == ("13800000000", [])
    assert read("x" * 11, "text", max_length=10) == (None, ["too-long"])
    assert read(3311.0, "code") == ("3311", [])
    assert read("C ３３１１", "code") == ("C3311", [])
    assert read(1234567890123456.0, "code")[1] == ["code-number"]
    assert read("a、b，c；d\ne、a", "words") == (("a", "b", "c", "d", "e"), [])
    assert read("研发/设计", "words") == (("研发", "设计"), [])
    assert read("TCP/IP", "words") == (("TCP/IP",), [])


def test_a_choice_may_be_a_nil_word() -> None:
    choices = (Choice("none", "无", "None"), Choice("some", "有", "Some"))
    assert read("无", "choice", choices=choices) == ("none", [])
    assert read("—", "choice", choices=choices) == (None, [])
    assert read("无", "flag") == (False, [])
    assert read("无", "text") == (None, [])


def test_candidates_come_with_damaged_codes() -> None:
    parsed = parse_value(914403001922038000.0, column("uscc"))
    assert parsed.value is None and parsed.problems[0][0] == "uscc-damaged"
    assert "914403001922038216" in dict(parsed.problems[0][1])["candidates"].split("、")
    # digits that another program kept: the nearest double leaves one code only
    assert read(9.144030019220383e17, "uscc") == ("914403001922038216", ["uscc-repaired"])
    assert read(914403001922038216, "uscc") == ("914403001922038216", [])


def test_nil_and_text_of_cells() -> None:
    assert all(is_nil(c) for c in (None, "", " ", "—", "－", "／", "N/A", "无", "暂无", "\u200b", float("nan")))
    assert not any(is_nil(c) for c in (0, False, "0", "无锡市", "无人机"))
    assert [cell_text(c) for c in (1.0, 0.1, True, None, date(2025, 3, 1), datetime(2025, 3, 1), 1e20)] == ["1", "0.1", "TRUE", "", "2025-03-01", "2025-03-01", "1e+20"]
