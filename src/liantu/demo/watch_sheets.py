"""Sheets 26–30 for the watch: stocks of key materials, orders in hand, signs of moving away, stops and maintenance, insured employees.

What must be found, and what must not, is chosen here from firms above designated size to which nothing else was done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from liantu.demo import words
from liantu.demo.dirt import said_money, said_name, said_number
from liantu.demo.firms import Firm
from liantu.demo.planted import Planted
from liantu.demo.register_sheets import World
from liantu.demo.sheets_out import Cell, Sheet
from liantu.demo.troubles import REPAIR_MONTH
from liantu.demo.work_sheets import Dirt, said_day

if TYPE_CHECKING:
    from liantu.demo.supply import Supply

STOCK_FILE, ORDER_FILE, MOVE_FILE, STOP_FILE, INSURED_FILE = ("26_关键物料库存旬报_202610.xlsx", "27_在手订单月报_202610.xlsx", "28_企业外迁迹象台账.et", "29_停产停线和检修计划_202610.xlsx",
                                                              "30_人社局_参保人数月报_202610.csv")
REPORTING = 0.45  # share of the firms above scale that report stocks and orders (unit: 1)
TENTHS = (dt.date(2026, 10, 10), dt.date(2026, 10, 20), dt.date(2026, 10, 31))
ORDER_MONTHS = tuple(f"2026-{m:02d}" for m in range(3, 11))
INSURED_MONTHS = tuple(f"2026-{m:02d}" for m in range(3, 11))
SHORT_DAYS = ((20, 11, 5), (14, 8, 2), (30, 22, 12))  # days of stock in the three tenths of October of firms that run short
OK_DAYS = (38.0, 95.0)
RECOVERED = (6, 25, 55)
SIGN_SAID = {"异地新设同业子公司": ("异地新设同业子公司", "外地设厂"), "住所变更": ("住所变更", "迁址"), "厂房退租": ("厂房退租", "退租"), "设备异地转移": ("设备异地转移", "设备搬迁"),
             "股权变更至异地主体": ("股权变更至异地主体", "股权变更")}
COUNTS = {"short": (0.0012, 3), "imported": (0.0008, 2), "recovered": (0.0004, 1), "orders": (0.0008, 2), "signs": (0.0006, 3), "old_sign": (0.0002, 1), "stopped": (0.0004, 2),
          "ended_stop": (0.0002, 1), "cuts": (0.0008, 2), "creeping": (0.0004, 1)}


@dataclass
class Choice:
    """Who is chosen for what (COUNTS' keys), who reports, and which material each reports."""

    of: dict[str, list[Firm]] = field(default_factory=dict)
    reporting: list[Firm] = field(default_factory=list)
    items: dict[int, list[str]] = field(default_factory=dict)

    def has(self, kind: str, firm: Firm) -> bool:
        return firm in self.of[kind]


def choose(world: World, supply: Sequence[Supply]) -> Choice:
    """Nobody is chosen for two things; firms whose output or electricity was changed are left alone."""
    rng, figures = world.rng("watch"), world.figures
    busy = {at for at, _, _ in figures.falls} | figures.troubles.chosen
    bought: dict[int, list[str]] = {}
    for row in (r for r in supply if r.node):  # services from off the chains are no materials
        if row.item not in bought.setdefault(row.customer.number, []):
            bought[row.customer.number].append(row.item)
    free = [f for f in world.above if f.number - 1 not in busy and not f.master]
    rng.shuffle(free)
    choice = Choice()
    for kind, (share, least) in COUNTS.items():
        count = world.some(share, least)
        choice.of[kind], free = free[:count], free[count:]
    told = [f for kind in ("short", "imported", "recovered", "orders") for f in choice.of[kind]]
    others = [f for f in world.above if f not in told]
    choice.reporting = sorted([*told, *rng.sample(others, min(len(others), round(REPORTING * len(others))))], key=lambda f: f.number)
    for firm in choice.reporting:
        known = bought.get(firm.number, [])[:2] or [rng.choice(("包装材料", "标准件", "润滑油", "胶粘剂"))]
        choice.items[firm.number] = known
    return choice


def books(world: World, supply: Sequence[Supply], planted: Planted) -> dict[str, list[Sheet]]:
    """File → sheets; ``planted.watch`` says what must be found and what must not."""
    choice, dirt = choose(world, supply), Dirt(world.plants)
    made = {STOCK_FILE: _stocks(world, choice, dirt), ORDER_FILE: [_orders(world, choice, dirt)], MOVE_FILE: [_signs(world, choice, dirt)], STOP_FILE: [_stops(world, choice)],
            INSURED_FILE: [_insured(world, choice)]}
    planted.watch = answers(world, choice)
    return made


def answers(world: World, choice: Choice) -> dict[str, dict[str, list[str]]]:
    """``found``: rule or kind → firms that must be told; ``not_found``: kind → firms that must not."""
    def codes(kind: str) -> list[str]:
        return sorted(f.uscc for f in choice.of[kind])

    def rows(numbers: Sequence[int]) -> list[str]:
        return sorted(world.firms[at].uscc for at in numbers)

    troubles = world.figures.troubles
    return {"found": {"slow_decline": rows(troubles.slow), "stock_days": codes("short"), "import_dependence": codes("imported"), "orders_fall": codes("orders"), "relocation_signs": codes("signs"),
                      "stop_reports": codes("stopped"), "insured_fall": codes("cuts"), "staff_cuts": codes("creeping")},
            "not_found": {"slack_season": rows(troubles.slack), "planned_maintenance": rows(troubles.repair), "spring_festival": rows(troubles.festival), "recovered_stock": codes("recovered"),
                          "old_sign": codes("old_sign"), "ended_stop": codes("ended_stop")}}


def counts(world: World, supply: Sequence[Supply]) -> dict[str, int]:
    """Records that must come of these sheets, by table."""
    choice = choose(world, supply)
    signs = sum(1 + at % 3 for at in range(len(choice.of["signs"]))) + len(choice.of["old_sign"])
    stops = len(choice.of["stopped"]) + len(choice.of["ended_stop"]) + len(world.figures.troubles.repair)
    return {"material_stock": len(TENTHS) * sum(len(choice.items[f.number]) for f in choice.reporting), "order_book": len(ORDER_MONTHS) * len(choice.reporting), "relocation_sign": signs, "stop_report": stops}


def _stocks(world: World, choice: Choice, dirt: Dirt) -> list[Sheet]:
    """One sheet per tenth of the month; later ones name their columns otherwise."""
    heads = (["序号", "企业名称", "关键物料名称", "库存可用天数", "进口占比（%）", "合格供应商数", "统计日期"], ["序号", "单位名称", "原材料名称", "可维持天数", "进口依赖度（%）", "供应商家数", "截至日期"],
             ["序号", "填报单位", "关键零部件", "保供天数", "进口比例（%）", "供应商数量", "库存日期"])
    sheets = []
    for at, day in enumerate(TENTHS):
        rng = world.rng(f"stock{at}")
        sheet = Sheet(f"10月{'上中下'[at]}旬", [f"{words.DISTRICT_TITLE}重点企业关键物料库存旬报（{words.LABEL}）", f"工信局　2026年10月{'上中下'[at]}旬"], [heads[at]])
        for firm in choice.reporting:
            for item in choice.items[firm.number]:
                sheet.add([len(sheet.rows) + 1, said_name(firm.name, rng), item, *_stock(world, choice, firm, item, at), said_day(day, rng)])
        if at == len(TENTHS) - 1:
            dirt.row(STOCK_FILE, sheet, [len(sheet.rows) + 1, "云澜区不存在的材料厂", "铜箔", 12, 5, 2, day.isoformat()], "unknown-reference", "企业名称", "云澜区不存在的材料厂")
            known = next(f for f in choice.reporting if not any(choice.has(kind, f) for kind in COUNTS))
            dirt.row(STOCK_FILE, sheet, [len(sheet.rows) + 1, known.name, "未列物料", "充足", 5, 2, day.isoformat()], "bad-number", "库存可用天数", "充足")
        sheets.append(sheet)
    return sheets


def _stock(world: World, choice: Choice, firm: Firm, item: str, at: int) -> list[Cell]:
    rng = Random(f"stock:{world.seed}:{firm.number}:{item}")
    days, imported, suppliers = rng.uniform(*OK_DAYS), rng.choice((0, 0, 0, 5, 10, 15, 20, 25)), rng.randint(2, 6)
    first = item == choice.items[firm.number][0]
    if first and choice.has("short", firm):
        days = SHORT_DAYS[choice.of["short"].index(firm) % len(SHORT_DAYS)][at]
    elif first and choice.has("recovered", firm):
        days = RECOVERED[at]
    elif first and choice.has("imported", firm):
        imported, suppliers = (92, 78, 85)[choice.of["imported"].index(firm) % 3], 1
    return [round(days), imported, suppliers]


def _orders(world: World, choice: Choice, dirt: Dirt) -> Sheet:
    """Months below each other; the months written in three ways."""
    rng = world.rng("orders")
    sheet = Sheet("在手订单", [f"{words.DISTRICT_TITLE}重点企业在手订单月报（{words.LABEL}）", "工信局"], [["序号", "企业名称", "统计月份", "期末在手订单", "备注"]], corner="单位：万元")
    for firm in choice.reporting:
        base = float(world.figures.annual_output[firm.number - 1, -1]) / 5
        chance = Random(f"orders:{world.seed}:{firm.number}")
        for at, month in enumerate(ORDER_MONTHS):
            value = base * chance.uniform(0.95, 1.06)
            if choice.has("orders", firm) and at >= len(ORDER_MONTHS) - 1:
                value *= 0.4
            said = rng.choice((month, f"{month[:4]}年{int(month[5:])}月", month.replace("-", ".")))
            sheet.add([len(sheet.rows) + 1, said_name(firm.name, rng), said, said_money(round(value, 2), rng), None])
    known = choice.reporting[0]
    dirt.row(ORDER_FILE, sheet, [len(sheet.rows) + 1, known.name, "上个月", 100, None], "bad-month", "月份", "上个月")
    return sheet


def _signs(world: World, choice: Choice, dirt: Dirt) -> Sheet:
    rng = world.rng("signs")
    sheet = Sheet("外迁迹象", [f"{words.DISTRICT_TITLE}企业外迁迹象台账（{words.LABEL}）"], [["序号", "企业名称", "迹象类型", "获知日期", "具体情况", "信息来源"]])
    kinds = list(SIGN_SAID)
    for at, firm in enumerate(choice.of["signs"]):
        for kind in rng.sample(kinds, 1 + at % 3):
            day = dt.date(2026, rng.randint(4, 10), rng.randint(1, 28))
            sheet.add([len(sheet.rows) + 1, said_name(firm.name, rng), rng.choice(SIGN_SAID[kind]), day.isoformat(), f"{kind}（走访得知）", rng.choice(("园区走访", "市场监管局", "税务局"))])
    for firm in choice.of["old_sign"]:
        sheet.add([len(sheet.rows) + 1, said_name(firm.name, rng), "厂房退租", "2023-05-12", "后已续租", "园区走访"])
    dirt.row(MOVE_FILE, sheet, [len(sheet.rows) + 1, choice.of["signs"][0].name, "听说要搬", "2026-09-09", None, "群众反映"], "not-a-choice", "迹象", "听说要搬")
    return sheet


def _stops(world: World, choice: Choice) -> Sheet:
    rng = world.rng("stops")
    sheet = Sheet("停产检修", [f"{words.DISTRICT_TITLE}企业停产停线和检修计划（{words.LABEL}）", "工信局　2026年10月"], [["序号", "单位名称", "停产类型", "停产日期", "预计复产日期", "停产原因", "数据来源"]])
    for at, firm in enumerate(choice.of["stopped"]):
        kind, day, why = (("全线停产", "2026-10-19", "原料断供") if at % 2 else ("停线", "2026-10-22", "缺关键零部件"))
        sheet.add([len(sheet.rows) + 1, said_name(firm.name, rng), kind, day, None, why, "企业报告"])
    for firm in choice.of["ended_stop"]:
        sheet.add([len(sheet.rows) + 1, said_name(firm.name, rng), "停产", "2026-08-03", "2026-08-20", "设备故障", "企业报告"])
    month = REPAIR_MONTH % 12 + 1
    for at in world.figures.troubles.repair:
        sheet.add([len(sheet.rows) + 1, said_name(world.firms[at].name, rng), "年度检修", f"2026-{month:02d}-06", f"2026-{month:02d}-28", "年度大修", "检修计划"])
    return sheet


def _insured(world: World, choice: Choice) -> Sheet:
    """Insured employees month by month in long form."""
    rng = world.rng("insured")
    sheet = Sheet("", [f"{words.DISTRICT_TITLE}人社局企业参保人数月报（{words.LABEL}）"], [["序号", "单位名称", "统一社会信用代码", "所属期", "参保人数", "数据来源"]])
    for firm in world.above:
        heads = max(24.0, float(world.figures.employees[firm.number - 1, -1]))
        chance = Random(f"insured:{world.seed}:{firm.number}")
        for at, month in enumerate(INSURED_MONTHS):
            now = heads * chance.uniform(0.985, 1.015)
            if choice.has("cuts", firm) and at == len(INSURED_MONTHS) - 1:
                now = heads * 0.72
            elif choice.has("creeping", firm):
                now = heads * 0.955 ** at
            sheet.add([len(sheet.rows) + 1, said_name(firm.name, rng), firm.uscc, month, said_number(round(now), rng, 0), "人社"])
    return sheet
