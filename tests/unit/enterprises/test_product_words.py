"""Products with the share of business they carry."""

import pytest

from liantu.enterprises.models import Enterprise
from liantu.enterprises.product_words import gathered_products, product_words
from tests.robust.kit import csv_bytes, firm_row


@pytest.mark.parametrize(("cell", "wanted"), [
    ("电芯 60%、电池包 40%", {"电芯": 0.6, "电池包": 0.4}),
    ("电芯（60％）、电池包（40％）", {"电芯": 0.6, "电池包": 0.4}),
    ("光伏组件：占主营收入约55.5%、其他", {"光伏组件": 0.555, "其他": None}),
    ("软件销售60%、硬件40%", {"软件销售": 0.6, "硬件": 0.4}),
    ("8英寸硅片（30%）、12英寸硅片（70%）", {"8英寸硅片": 0.3, "12英寸硅片": 0.7}),
    ("电芯（3.2亿元）、电池包（8000万元）", {"电芯": 0.8, "电池包": 0.2}),
    # left alone: concentrations, too much, one amount only, investments
    ("氧化铝（99.9%）", {"氧化铝（99.9%）": None}), ("98%硫酸、液碱（32%）", {"98%硫酸": None, "液碱（32%）": None}),
    ("电芯（60%）、电池包（60%）", {"电芯（60%）": None, "电池包（60%）": None}), ("电芯占80%、电池包占70%", {"电芯占80%": None, "电池包占70%": None}),
    ("电芯（3.2亿元）", {"电芯（3.2亿元）": None}), ("技改项目（3亿元）、扩产项目（1亿元）", {"技改项目（3亿元）": None, "扩产项目（1亿元）": None}),
    ("", {}), (None, {}), ("%", {"%": None}), ("（60%）", {"（60%）": None}),
])
def test_shares_are_read_where_they_are_told(cell, wanted):
    assert {p.word: p.share for p in product_words(cell)} == wanted


def test_gathering_is_settled_after_one_step():
    for held, new in ((("电芯",), ("电芯 60%", "电池包 40%")), (("电芯（占60%）", "隔膜"), ("隔膜（30%）", "电芯（70%）")), ((), ("电芯（营收占比60%）", "隔膜")), ((), ("电芯",))):
        once = gathered_products(held, new)
        assert gathered_products(once, new) == once and gathered_products(once, ()) == once


def test_import_keeps_thousands_together_and_gathers(take):
    take(csv_bytes([firm_row(1, 主导产品="电芯")]))
    take(csv_bytes([firm_row(1, 主导产品="电芯（3,000万元），电池包（1,000万元）")]), "二.csv")
    assert Enterprise.objects.get().products == "电芯（占75%）、电池包（占25%）"
    take(csv_bytes([firm_row(1, 主导产品="隔膜,电芯")]), "三.csv")
    assert Enterprise.objects.get().products == "电芯（占75%）、电池包（占25%）、隔膜"
