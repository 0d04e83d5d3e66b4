"""The input sheets of the watch through the desk: recognised by their headers, kept in one unit, imported twice without a change."""

from datetime import date
from decimal import Decimal

import pytest

from liantu.kernel.desk import open_draft, read_draft
from liantu.resilience.models import MaterialStock, OrderBook, RelocationSign, StopReport
from tests.robust.kit import csv_bytes, firm_row
from tests.unit.web.kit import sheet

NAMES = [f"云澜第{n}精密制造有限公司" for n in range(3)]


@pytest.fixture
def firms(take):
    take(csv_bytes([firm_row(n) for n in range(3)]))


CASES = {
    "stock": ("26_关键物料库存旬报.xlsx", [["重点企业关键物料库存旬报"], ["序号", "填报单位", "关键零部件", "保供天数", "进口比例（%）", "供应商数量", "库存日期"], [1, NAMES[0], "电解液", 5, 92, 1, "2026-10-31"],
                                     [2, NAMES[1].replace("有限公司", " 有限公司"), "铜箔", "１２", 0, 4, "2026.10.31"]],
              MaterialStock, ("item", "stock_days", "imported_share", "suppliers", "as_of"),
              [("电解液", Decimal(5), Decimal("0.92"), 1, date(2026, 10, 31)), ("铜箔", Decimal(12), Decimal(0), 4, date(2026, 10, 31))]),
    "orders": ("27_在手订单月报.xlsx", [["重点企业在手订单月报"], [None, None, None, "单位：万元"], ["序号", "企业名称", "统计月份", "期末在手订单"], [1, NAMES[0], "2026年9月", 5200.5], [2, NAMES[0], "2026.10", "1.2亿"]],
               OrderBook, ("period", "orders"), [("2026-09", Decimal("5200.5")), ("2026-10", Decimal(12000))]),
    "signs": ("28_企业外迁迹象台账.xlsx", [["企业外迁迹象台账"], ["序号", "企业名称", "迹象类型", "获知日期", "具体情况", "信息来源"], [1, NAMES[0], "退租", "2026-09-01", "厂房到期", "园区走访"],
                                     [2, NAMES[2], "股权变更至异地主体", "2026-10-08", None, "市场监管局"]],
              RelocationSign, ("kind", "seen_on", "source"), [("lease_ended", date(2026, 9, 1), "园区走访"), ("owner_elsewhere", date(2026, 10, 8), "市场监管局")]),
    "stops": ("29_停产停线和检修计划.xlsx", [["企业停产停线和检修计划"], ["序号", "单位名称", "停产类型", "停产日期", "预计复产日期", "停产原因"], [1, NAMES[0], "全线停产", "2026-10-19", None, "缺料"],
                                      [2, NAMES[1], "年度检修", "2026-10-06", "2026-10-28", "大修"]],
              StopReport, ("kind", "start_on", "end_on"), [("whole", date(2026, 10, 19), None), ("maintenance", date(2026, 10, 6), date(2026, 10, 28))]),
}


@pytest.mark.parametrize("case", CASES)
def test_sheet(take, firms, case):
    name, rows, model, columns, wanted = CASES[case]
    data = sheet(rows)
    draft = open_draft(data, name)
    assert {p.severity for p in read_draft(draft).problems} <= {"info"}
    take(data, name)
    assert list(model.objects.order_by("id").values_list(*columns)) == wanted
    assert take(data, name) is None and model.objects.count() == len(wanted)


def test_a_kind_that_is_none_is_a_problem_of_that_row(take, firms):
    rows = [["企业外迁迹象台账"], ["企业名称", "迹象类型", "获知日期"], [NAMES[0], "听说要搬", "2026-09-01"], [NAMES[1], "迁址", "2026-09-02"]]
    take(sheet(rows), "外迁迹象.xlsx", good_only=True)
    assert list(RelocationSign.objects.values_list("kind", flat=True)) == ["address_changed"]
