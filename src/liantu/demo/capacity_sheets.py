"""Sheet 31: what firms say they could still supply, and which of them have nothing left or answered long ago."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from liantu.demo import words
from liantu.demo.dirt import said_money, said_name
from liantu.demo.firms import Firm
from liantu.demo.planted import Planted
from liantu.demo.register_sheets import World
from liantu.demo.sheets_out import Cell, Sheet
from liantu.demo.supply import Supply
from liantu.demo.work_sheets import Dirt

CAPACITY_FILE = "31_产能余量调查表.xlsx"
ANSWERING = 0.35  # share of the firms above scale with customers in the district that answer (unit: 1)
SPARE = (0.05, 0.3)  # of capacity (unit: 1)
FULL, STALE = 0.1, 0.08  # share of the answers that have nothing left; that are old (unit: 1)
ASKED_ON, ASKED_BEFORE = dt.date(2026, 9, 20), dt.date(2024, 6, 30)
CERTIFICATES = ("ISO9001", "IATF16949", "ISO14001", "ISO45001", "GJB9001C")
FRESH_HEAD = ["序号", "企业名称", "可供产品", "年产能（产值）", "可增供产值", "已供客户", "体系认证", "切换周期（天）", "填报日期"]
OLD_HEAD = ["序号", "单位名称", "可替代产品", "设计产能", "闲置比例（%）", "合格供方", "认证情况", "转产周期", "统计日期"]


def books(world: World, supply: Sequence[Supply], planted: Planted) -> dict[str, list[Sheet]]:
    """File → sheets: this year's answers, and those of two years before in other words; ``planted.capacities`` says what they come to."""
    rng, dirt = world.rng("capacities"), Dirt(world.plants)
    sold = _sold(supply)
    firms = [f for f in world.above if f.number in sold]
    answering = sorted(rng.sample(firms, round(ANSWERING * len(firms))), key=lambda f: f.number)
    fresh = Sheet("2026年调查", [f"{words.DISTRICT_TITLE}重点企业产能余量调查表（{words.LABEL}）", "工信局　2026年9月"], [FRESH_HEAD], corner="单位：万元")
    old = Sheet("2024年调查", [f"{words.DISTRICT_TITLE}重点企业产能闲置情况（{words.LABEL}）", "工信局　2024年6月"], [OLD_HEAD], corner="单位：亿元")
    stale = max(2, round(STALE * len(answering)))
    for at, firm in enumerate(answering):
        item, customers, amount = max(sold[firm.number], key=lambda s: (s[2], s[0]))
        capacity = round(amount * rng.uniform(1.2, 2.0), 2)
        full = at % round(1 / FULL) == 1
        share = 0.0 if full else round(rng.uniform(*SPARE), 2)
        days = rng.choice((7, 10, 15, 20, 30, 45, 60))
        kind = "stale" if at < stale else "full" if full else "ready"
        if kind == "stale":
            old.add([len(old.rows) + 1, said_name(firm.name, rng), item, round(capacity / 10_000, 6), round(share * 100), *_partners(customers, rng), days, ASKED_BEFORE.isoformat()])
            spare = round(round(capacity / 10_000, 6) * 10_000 * share, 2)
        else:
            spare = round(capacity * share, 2)
            fresh.add([len(fresh.rows) + 1, said_name(firm.name, rng), item, said_money(capacity, rng), 0 if full else said_money(spare, rng), *_partners(customers, rng), days, ASKED_ON.isoformat()])
        planted.capacities.append({"uscc": firm.uscc, "item": item, "spare": spare, "switch_days": days, "kind": kind})
    _soil(dirt, fresh, next(f for f in firms if f not in answering))
    return {CAPACITY_FILE: [fresh, old]}


def _sold(supply: Sequence[Supply]) -> dict[int, list[tuple[str, list[str], float]]]:
    """Firm number → items with their customers here and amount in a year."""
    newest = max(row.year for row in supply)
    found: dict[int, dict[str, tuple[list[str], float]]] = {}
    for row in supply:
        if row.supplier is not None and row.year == newest:
            items = found.setdefault(row.supplier.number, {})
            customers, amount = items.get(row.item, ([], 0.0))
            items[row.item] = ([*customers, row.customer.name], amount + row.amount)
    return {number: [(item, customers, amount) for item, (customers, amount) in items.items()] for number, items in found.items()}


def _partners(customers: list[str], rng: Random) -> list[Cell]:
    """Customers served and certificates, in one cell each."""
    return [rng.choice(("、", "；", "，")).join(sorted(set(customers))[:4]), rng.choice(("、", ",")).join(rng.sample(CERTIFICATES, rng.randint(1, 3)))]


def _soil(dirt: Dirt, sheet: Sheet, silent: Firm) -> None:
    """A firm that nobody knows, and words where a number should be."""
    dirt.row(CAPACITY_FILE, sheet, [len(sheet.rows) + 1, "云澜区不存在的零件厂", "电解液", 500, 50, None, None, 30, ASKED_ON.isoformat()], "unknown-reference", "企业名称", "云澜区不存在的零件厂")
    dirt.row(CAPACITY_FILE, sheet, [len(sheet.rows) + 1, silent.name, "未列产品", 800, "看订单", None, None, 30, ASKED_ON.isoformat()], "bad-number", "富余产能", "看订单")
