"""Sheets 36–40: a pool of firms elsewhere over several years, with yearly figures, signs, links with firms here and where they landed.

Landings follow a planted law: recent signs of expansion, links with firms here and gaps of the district raise a firm's odds of coming in the year after; the
score is not asked. So the replay of past lists must find that they were better than chance. All firms are invented.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from liantu.demo import words
from liantu.demo.cities import CITIES, OF_CHAIN, City
from liantu.demo.dirt import said_money, said_name
from liantu.demo.firms import Firm
from liantu.demo.knowledge import _outside_name
from liantu.demo.planted import Planted
from liantu.demo.sheets_out import Sheet
from liantu.demo.work_sheets import Dirt

if TYPE_CHECKING:
    from liantu.demo.generator import Built

POOL_FILE, FIGURE_FILE, SIGN_FILE, LINK_FILE, LANDING_FILE = "36_目标企业库.xlsx", "37_目标企业年度数据.xlsx", "38_招商情报信号.csv", "39_以商招商联系.xlsx", "40_企业落地记录.xlsx"
FULL, SMALL, LARGE_DISTRICT = 600, 300, 2000  # firms of the pool; of a small district; firms from which a district is large
FIRST, LAST = dt.date(2020, 10, 31), dt.date(2026, 10, 31)
YEARS = range(2019, 2026)
LANDS = 0.05  # share of the pool that comes here in a year
EFFECT = {"sign": 1.6, "link": 1.8, "gap": 1.2}  # log odds ratios
POOL_SAID = ("上市公司", "专精特新", "工商登记", "供应商", "外地企业", "企业推荐", "科研院所", "被投企业", "外地园区")
SIGN_SAID = {"对外投资": ("在{0}设立全资子公司", "公告在{0}投资建设基地"), "募投项目": ("定增募资投向{1}项目",), "扩产公告": ("{1}二期环评公示", "公告扩建{1}产线"), "扩招": ("集中招聘{1}技术工人",)}
MOVE_SAID = {"用地到期": "现厂区租约两年内到期", "环保限产": "所在园区能耗指标收紧", "成本外迁": "当地用工成本上升", "产能转移": "年报称拟向中部布局{1}产能"}
RISK_SAID = ("失信被执行", "诉讼", "资金链紧张", "环保处罚")
LINK_SAID = ("供货", "客户", "引荐", "乡贤", "校友", "技术合作", "基金", "股权")
OTHER_PLACES = ("安洲市高新区", "临漪市开发区", "靖川市新区", "望麓市产业园")


@dataclass
class Candidate:
    """One firm of the pool as it truly is; revenue in 万元 by year."""

    name: str
    chain: str
    node: str
    city: City
    known: dt.date
    pool: str
    revenue: list[float]
    marks: list[str]
    signs: list[tuple[str, dt.date, str]] = field(default_factory=list)
    links: list[tuple[str, Firm | None, str, dt.date]] = field(default_factory=list)
    landed: list[tuple[bool, str, dt.date]] = field(default_factory=list)
    told: bool = True
    dishonest: bool = False


def size(built: Built) -> int:
    """Firms of the pool."""
    return FULL if len(built.world.firms) >= LARGE_DISTRICT else SMALL


def pool(built: Built) -> list[Candidate]:
    """The pool; equal districts give equal pools."""
    rng = built.world.rng("targets")
    gap = {p.ref for p in built.plan.of_kind("missing", "weak", "single")}
    refs = [ref for ref in built.plan.nodes if built.plan.nodes[ref].industrial]
    weights = [4.0 if ref in gap else 1.0 for ref in refs]
    names, found = {p.name for p in built.work.presence}, []
    while len(found) < size(built):
        ref = rng.choices(refs, weights)[0]
        one = _candidate(built, ref, rng)
        if one.name not in names:
            names.add(one.name)
            found.append(one)
    _known_suppliers(built, found, rng)
    for one in found:
        _facts(built, one, rng)
    _come(found, gap, rng)
    return found


def _candidate(built: Built, ref: str, rng: Random) -> Candidate:
    chain = ref.split("/", maxsplit=1)[0]
    city = CITIES[rng.choice(OF_CHAIN[chain])]
    name = f"{_outside_name(city.name.removesuffix('市'), built.work.node(ref).zh, chain, rng)}（合成）"
    base, growth = rng.lognormvariate(math.log(15_000), 1.2), rng.gauss(0.07, 0.08)
    revenue = [round(base * (1 + growth) ** at * rng.uniform(0.93, 1.07), 2) for at in range(len(YEARS))]
    marks = [mark for mark, chance in (("专精特新小巨人", 0.12), ("高新技术企业", 0.45), ("单项冠军", 0.03)) if rng.random() < chance]
    known = FIRST - dt.timedelta(days=30) if rng.random() < 0.7 else FIRST + dt.timedelta(days=rng.randrange((LAST - FIRST).days))
    return Candidate(name, chain, ref, city, known, rng.choice(POOL_SAID), revenue, marks, told=rng.random() > 0.12)


def _known_suppliers(built: Built, found: list[Candidate], rng: Random) -> None:
    """Some of the pool are suppliers that chain masters' lists already name."""
    outside = sorted({(r.supplier_name, r.node) for r in built.supply if r.supplier is None and r.node and r.customer.master})
    chosen = rng.sample(outside, min(len(outside), len(found) // 25))
    taken: set[str] = set()
    for one, (name, ref) in zip(rng.sample(found, len(chosen)), chosen, strict=True):
        if name not in taken:
            taken.add(name)
            one.name, one.node, one.chain, one.pool, one.told = name, ref, ref.split("/")[0], "供应商", True


def _facts(built: Built, one: Candidate, rng: Random) -> None:
    days, product = (LAST - FIRST).days + 700, built.work.node(one.node).zh
    masters = [f for f in built.world.firms if f.master and f.chain == one.chain] or built.world.above[:1]
    near = [f for f in built.world.above if f.chain == one.chain] or masters
    taken: set[tuple[str, dt.date]] = set()

    def sign(kind: str, text: str) -> None:
        day = LAST - dt.timedelta(days=rng.randrange(days))
        if (kind, day) not in taken:
            taken.add((kind, day))
            one.signs.append((kind, day, text.format(rng.choice(OTHER_PLACES)[:3], product)))

    for _ in range(min(8, int(rng.expovariate(1 / 1.9)))):
        kind = rng.choice(list(SIGN_SAID))
        sign(kind, rng.choice(SIGN_SAID[kind]))
    if rng.random() < 0.2:
        kind = rng.choice(list(MOVE_SAID))
        sign(kind, MOVE_SAID[kind])
    if rng.random() < 0.08:
        kind = rng.choice(RISK_SAID)
        sign(kind, "公开信息")
        one.dishonest = kind == "失信被执行" and one.signs[-1][1] > LAST - dt.timedelta(days=1000)
    if rng.random() < 0.18:
        kind = rng.choice(LINK_SAID)
        one.links.append((kind, rng.choice(masters) if rng.random() < 0.5 else rng.choice(near), product, LAST - dt.timedelta(days=rng.randrange(days))))


def _come(found: list[Candidate], gap: set[str], rng: Random) -> None:
    """Year by year: who comes here, from what was known at the year's beginning; others settle elsewhere at random."""
    for year in range(FIRST.year, LAST.year):
        begin = dt.date(year, FIRST.month, FIRST.day)
        here = [c for c in found if c.known <= begin and not any(l[0] for l in c.landed)]
        odds = []
        for one in here:
            recent = any(kind in SIGN_SAID and begin - dt.timedelta(days=730) < day <= begin for kind, day, _ in one.signs)
            linked = any(since <= begin for *_, since in one.links)
            odds.append(math.exp(EFFECT["sign"] * recent + EFFECT["link"] * linked + EFFECT["gap"] * (one.node in gap)))
        for one, weight in zip(here, odds, strict=True):
            day = begin + dt.timedelta(days=rng.randint(5, 360))
            if rng.random() < LANDS * len(here) * weight / sum(odds):
                one.landed.append((True, words.DISTRICT, day))
            elif rng.random() < 0.05:
                one.landed.append((False, rng.choice(OTHER_PLACES), day))


def books(built: Built) -> dict[str, list[Sheet]]:
    """File → sheets."""
    found, rng, dirt = pool(built), built.world.rng("target sheets"), Dirt(built.world.plants)
    return {POOL_FILE: [_pool_sheet(built, found, rng)], FIGURE_FILE: [_figure_sheet(found, built.world.rng("target figures"))], SIGN_FILE: [_sign_sheet(found, dirt)], LINK_FILE: [_link_sheet(found, dirt, rng)],
            LANDING_FILE: [_landing_sheet(found, rng)]}


def _pool_sheet(built: Built, found: list[Candidate], rng: Random) -> Sheet:
    sheet = Sheet("目标企业库", [f"{words.DISTRICT_TITLE}招商目标企业库（{words.LABEL}）", "区商务局（投资促进）"],
                  [["序号", "目标企业", "名单类别", "产业链名称", "环节名称", "所在省", "所在城市", "经度", "纬度", "主要产品", "资质荣誉", "研发投入占比（%）", "用地需求（亩）", "年能耗（吨标煤）",
                    "环境影响", "入库日期", "资料来源"]])
    for one in found:
        node = built.work.node(one.node)
        asked = rng.random() < 0.5
        sheet.add([len(sheet.rows) + 1, one.name, one.pool, built.work.templates[one.chain].zh if one.told else None, node.zh if one.told else None, one.city.province, one.city.name,
                   one.city.longitude, one.city.latitude, node.zh, "、".join(one.marks) or None, round(rng.uniform(1, 8), 1), rng.randint(20, 300) if asked else None,
                   rng.randint(300, 14_000) if asked else None, rng.choice(("轻", "轻", "中", "重")) if asked else None, one.known.isoformat(),
                   rng.choice(("公开年报", "名单公示", "行业展会", "商会推荐", "企业走访", "校友会"))])
    return sheet


def _figure_sheet(found: list[Candidate], rng: Random) -> Sheet:
    sheet = Sheet("年度数据", [f"{words.DISTRICT_TITLE}目标企业年度数据（{words.LABEL}）"], [["序号", "目标企业", "年度", "营业收入", "员工人数", "数据来源"]], corner="单位：万元、人")
    for one in found:
        for year, revenue in zip(YEARS, one.revenue, strict=True):
            if rng.random() < 0.9:
                sheet.add([len(sheet.rows) + 1, said_name(one.name, rng), year, said_money(revenue, rng), max(8, round(revenue / rng.uniform(60, 140))), "年报和名单"])
    return sheet


def _sign_sheet(found: list[Candidate], dirt: Dirt) -> Sheet:
    sheet = Sheet(SIGN_FILE.removesuffix(".csv"), [f"{words.DISTRICT_TITLE}招商情报信号台账（{words.LABEL}）"], [["序号", "企业名称", "信号类型", "公告日期", "摘要", "信息来源"]])
    for one in found:
        for kind, day, text in one.signs:
            sheet.add([len(sheet.rows) + 1, one.name, kind, day.isoformat(), text, "公告"])
    dirt.row(SIGN_FILE, sheet, [len(sheet.rows) + 1, found[0].name, "听说要来", "2026-09-01", "饭局上听说", "传闻"], "not-a-choice", "信号", "听说要来")
    return sheet


def _link_sheet(found: list[Candidate], dirt: Dirt, rng: Random) -> Sheet:
    sheet = Sheet("联系", [f"{words.DISTRICT_TITLE}以商招商联系登记表（{words.LABEL}）"], [["序号", "目标企业", "关系类型", "本地关联企业", "说明", "登记日期", "资料来源"]])
    for one in found:
        for kind, firm, item, since in one.links:
            sheet.add([len(sheet.rows) + 1, one.name, kind, said_name(firm.name, rng) if firm else None, item, since.isoformat(), "链主走访"])
    dirt.row(LINK_FILE, sheet, [len(sheet.rows) + 1, "库里没有的企业（合成）", "供货", found[0].links[0][1].name if found[0].links and found[0].links[0][1] else None, "部件", "2026-01-01", "链主走访"],
             "unknown-reference", "目标企业", "库里没有的企业（合成）")
    return sheet


def _landing_sheet(found: list[Candidate], rng: Random) -> Sheet:
    sheet = Sheet("落地记录", [f"{words.DISTRICT_TITLE}目标企业落地记录（{words.LABEL}）"], [["序号", "企业名称", "落地地区", "落户本区", "落地方式", "落地日期", "项目名称", "资料来源"]])
    for one in found:
        for here, place, day in one.landed:
            sheet.add([len(sheet.rows) + 1, said_name(one.name, rng), place, "是" if here else "否", rng.choice(("新设子公司", "拿地", "签约", "开工")), day.isoformat(), None, "工商登记和土地成交"])
    return sheet


def answers(built: Built, planted: Planted) -> None:
    """``planted.attraction["targets"]``: pool, landed_here, effect, dishonest (names kept off the short list), and the records that must come of the sheets."""
    found = pool(built)
    planted.attraction["targets"] = {"pool": len(found), "landed_here": sorted(c.name for c in found if any(l[0] for l in c.landed)), "effect": EFFECT,
                                     "dishonest": sorted(c.name for c in found if c.dishonest)}
    planted.totals["records"] |= {"candidate_firm": len(found), "candidate_figure": len(_figure_sheet(found, built.world.rng("target figures")).rows), "candidate_sign": sum(len(c.signs) for c in found), "candidate_link": sum(len(c.links) for c in found),
                                  "candidate_landing": sum(len(c.landed) for c in found)}
