"""Units: what headers say, what conversions give, and the one division."""

from __future__ import annotations

import math
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.kernel.columns import Column
from liantu.kernel.units import compatible, measure, parse_unit, parse_units, ratio, tidy, to_stored

MONEY = Column("a", "a", "a", "money", unit="万元")
SHARE = Column("a", "a", "a", "share", unit="1")


def quantity(unit: str) -> Column:
    return Column("a", "a", "a", "number", unit=unit)


@pytest.mark.parametrize(("text", "unit"), [
    ("单位：千元", "千元"), ("计量单位: 万元", "万元"), ("(万元)", "万元"), ("产值（亿元）", "亿元"), ("同比±%", "%"), ("增速(%)", "%"), ("税收（万元/亩）", "万元/亩"), ("产值,万元", "万元"),
    ("用电量(万千瓦时)", "万千瓦时"), ("占地面积（㎡）", "m2"), ("能耗（吨标准煤）", "吨标准煤"), ("营业收入 万元", "万元"), ("企业名称", None), ("2025年", None), ("开业时间（年）", None),
    ("联系电话（手机）", None), ("行业代码（4位）", None), ("备注（可不填）", None), ("单位名称", None), ("填报单位：城东街道", None)])
def test_parse_unit(text: str, unit: str | None) -> None:
    assert parse_unit(text) == unit


def test_several_units_in_one_corner() -> None:
    assert parse_units("单位：万元、人") == ["万元", "人"]


@pytest.mark.parametrize(("value", "unit", "column", "stored"), [
    ("1", "元", MONEY, "0.0001"), ("1", "千元", MONEY, "0.1"), ("1", "百万元", MONEY, "100"), ("1.5", "亿元", MONEY, "15000"), ("7", "万元", MONEY, "7"), ("7", None, MONEY, "7"),
    ("35", "%", SHARE, "0.35"), ("5", "‰", SHARE, "0.005"), ("2000", "平方米", quantity("亩"), "3"), ("1", "公顷", quantity("亩"), "15"), ("3", "亩", quantity("m²"), "2000"),
    ("2", "万平方米", quantity("m²"), "20000"), ("1", "平方公里", quantity("亩"), "1500"), ("3", "万千瓦时", quantity("kWh"), "30000"), ("3", "度", quantity("kWh"), "3"), ("2", "兆瓦时", quantity("kWh"), "2000"),
    ("0.5", "万吨标准煤", quantity("tce"), "5000"), ("8", "吨标煤", quantity("tce"), "8"), ("0.3", "万人", quantity("人"), "3000"), ("12", "家", quantity("个"), "12"),
    ("10", "万元/亩", quantity("万元/亩"), "10"), ("5", "元/亩", quantity("万元/亩"), "0.0005")])
def test_to_stored(value: str, unit: str | None, column: Column, stored: str) -> None:
    assert to_stored(D(value), unit, column) == D(stored)


@pytest.mark.parametrize(("unit", "column"), [("吨", MONEY), ("万元", SHARE), ("亩", quantity("kWh")), ("万元", quantity("人"))])
def test_different_things_do_not_convert(unit: str, column: Column) -> None:
    assert not compatible(unit, column)
    with pytest.raises(ValueError, match="不能换算"):
        to_stored(D(1), unit, column)


def test_measure_knows_no_other_words() -> None:
    assert [measure(word) for word in ("", "企业", "万企业", "/", "亩/")] == [None] * 5


def test_tidy() -> None:
    assert [str(tidy(D(text))) for text in ("1E+3", "1.500", "0.000", "-2.0", "0.1234567890123456")] == ["1000", "1.5", "0", "-2", "0.123456789012"]


@given(st.one_of(st.none(), st.floats(), st.decimals(allow_nan=False)), st.one_of(st.none(), st.floats(), st.decimals(allow_nan=False)))
def test_ratio_is_never_nan(a: float | None, b: float | None) -> None:
    answer = ratio(a, b)
    assert answer is None or math.isfinite(answer)


def test_ratio() -> None:
    assert (ratio(1, 4), ratio(0, 0), ratio(1, 0), ratio(None, 1), ratio(D(1), 3)) == (0.25, None, None, None, 1 / 3)
