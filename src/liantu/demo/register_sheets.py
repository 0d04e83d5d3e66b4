"""Register sheets of the synthetic district: parks, market register, above-scale list, township lists, qualified firms."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from liantu.demo import words
from liantu.demo.dirt import Plants, said_date, said_money, said_name, said_number
from liantu.demo.district import Park
from liantu.demo.figures import Figures
from liantu.demo.firms import Firm
from liantu.demo.names import SPELLINGS
from liantu.demo.planted import Place
from liantu.demo.sheets_out import Cell, Sheet

SYNTHETIC = f"（{words.LABEL}）"
ABOVE_FILE, TOWNSHIP_FILE = "03_规上企业名录_202610.xlsx", "04_镇街企业名录_202610.xlsx"
MARKET_FILE, HIGH_TECH_FILE, SRDI_FILE = "02_市场监管_存量企业名录.csv", "05_高新技术企业名单_2025.xls", "06_专精特新企业名单.et"
DUPLICATE_KINDS = (*SPELLINGS, "former", "same_code")


@dataclass
class World:
    """Everything true about the district, and the recorder of what is planted."""

    parks: list[Park]
    firms: list[Firm]
    figures: Figures
    plants: Plants
    seed: int

    def rng(self, word: str) -> Random:
        """A stream of chance of its own for one file."""
        return Random(f"{word}:{self.seed}")

    @property
    def above(self) -> list[Firm]:
        """Firms above designated size, park by park."""
        order = {p.code: i for i, p in enumerate(self.parks)}
        return sorted((f for f in self.firms if f.above_scale), key=lambda f: (order[f.park.code], f.number))

    def some(self, share: float, least: int) -> int:
        """A number of things to plant, scaled to the size of the district."""
        return max(least, round(share * len(self.firms)))


def park_sheets(world: World) -> list[Sheet]:
    """Region codes, and parks with their borders as GeoJSON."""
    regions = Sheet("行政区划", [f"{words.DISTRICT_TITLE}行政区划代码表"], [["区划代码", "区划名称"]])
    regions.add([words.CITY_CODE, words.CITY])
    regions.add([words.DISTRICT_CODE, words.DISTRICT])
    parks = Sheet("园区名录", [f"{words.DISTRICT_TITLE}镇街园区名录", "示意边界，按CGCS2000经纬度表示，非行政区划依据"],
                  [["序号", "园区代码", "园区名称", "类别", "所属区划", "级别", "主导产业", "面积（亩）", "坐标系", "边界"]])
    for number, park in enumerate(world.parks, 1):
        parks.add([number, park.code, park.name, park.kind, words.DISTRICT, park.level, park.leading, park.land_mu, "CGCS2000", park.geojson])
    return [regions, parks]


def market_sheet(world: World) -> Sheet:
    """The market office's register: scope texts, former names, capital."""
    rng = world.rng("market")
    sheet = Sheet("", [f"{words.DISTRICT_TITLE}市场监管局 存量企业名录 2026年10月"],
                  [["序号", "企业名称", "统一社会信用代码", "曾用名", "行业代码", "经营范围", "成立日期", "注册资本（万元）", "登记状态", "住所"]])
    here = [f for f in world.firms if rng.random() > 0.02 or f.master or f.chain]
    spoiled = world.plants.spoil(here, world.some(0.002, 4))
    for number, firm in enumerate(here, 1):
        place = (MARKET_FILE, "", sheet.first_row + number - 1)
        former = "、".join(firm.former) if rng.random() < 0.8 else None
        day = said_date(firm.established, rng)
        sheet.add([number, said_name(firm.name, rng), world.plants.code(firm, spoiled.get(firm.number), place, text_only=True), former, firm.industry_code,
                   firm.scope, str(day), said_money(firm.capital, rng), firm.status, firm.address])
    return sheet


def above_sheet(world: World) -> Sheet:
    """The list of firms above designated size: merged two-row header, unit in the corner, subtotals by park."""
    rng = world.rng("above")
    sheet = Sheet("规上企业名录", [f"{words.DISTRICT_TITLE}规模以上企业名录", "统计局　2026年10月"],
                  [["序号", "单位详细名称", "统一社会信用代码", *["行业"] * 2, *["所在地"] * 2, "开业时间", "单位规模", *["2025年主要指标"] * 2, "企业资质",
                    "是否规上", "联系人"],
                   ["", "", "", "行业代码(4位)", "主要业务活动", "所属镇街", "详细地址", "", "", "营业收入", "从业人员", "", "", ""]], corner="单位：万元、人")
    firms, plants = world.above, world.plants
    spoiled = plants.spoil([f for f in firms if not f.master], world.some(0.006, 8))
    variants = _choose(world, [f for f in firms if f.number not in spoiled and not f.master], world.some(0.005, 6), rng)
    number, totals = 0, [0.0, 0.0]
    for park in world.parks:
        part = [0.0, 0.0]
        for firm in (f for f in firms if f.park is park):
            number += 1
            place: Place = (ABOVE_FILE, sheet.name, sheet.first_row + len(sheet.rows))
            name, code = said_name(firm.name, rng), plants.code(firm, spoiled.get(firm.number), place)
            if firm.number in variants:
                kind, name = variants[firm.number]
                code = firm.uscc if kind == "same_code" else None
                world.plants.planted.duplicates.append({"kind": kind, "names": [firm.name, name], "places": [list(place)], "uscc": firm.uscc})
            at = firm.number - 1
            revenue, heads = float(world.figures.revenue[at, 2]), int(world.figures.employees[at, 2])
            part = [part[0] + revenue, part[1] + heads]
            sheet.add([number, name, code, firm.industry_code, "、".join(firm.products[:3]) or None, firm.park.name, firm.address, said_date(firm.established, rng),
                       firm.size_class, said_money(revenue, rng), said_number(heads, rng, 0), "、".join(firm.qualifications) or None, "是", firm.contact])
        totals = [totals[0] + part[0], totals[1] + part[1]]
        sheet.add([None, f"{park.name}小计", *[None] * 7, round(part[0], 2), int(part[1]), None, None, None])
    sheet.add(["合计", None, *[None] * 7, round(totals[0], 2), int(totals[1]), None, None, None])
    sheet.notes = ["注：1.本表为合成数据；2.营业收入为2025年快报数；3.规上指年主营业务收入2000万元及以上。"]
    return sheet


def _choose(world: World, pool: list[Firm], count: int, rng: Random) -> dict[int, tuple[str, str]]:
    """Firms that appear under another spelling: firm number → kind and spelling, the kinds in turn."""
    pool, chosen = list(pool), {}
    rng.shuffle(pool)
    used = {d["uscc"] for d in world.plants.planted.duplicates}
    for at in range(count):
        kind = DUPLICATE_KINDS[at % len(DUPLICATE_KINDS)]
        for firm in pool:
            if firm.number not in chosen and firm.uscc not in used and (name := world.plants.variant(firm, kind)):
                chosen[firm.number] = (kind, name)
                break
    return chosen


HEADERS = {
    "name": ("企业名称", "单位名称", "企业全称", "公司名称"), "code": ("统一社会信用代码", "社会信用代码", "信用代码"),
    "products": ("主要产品", "主导产品", "主营产品"), "address": ("地址", "详细地址", "生产经营地址"), "above": ("是否规上", "规上"),
    "status": ("状态", "生产状态", "经营状态"), "lon": ("经度",), "lat": ("纬度",), "size": ("企业规模", "规模"), "contact": ("联系人",), "note": ("备注",),
}


def township_sheets(world: World) -> list[Sheet]:
    """One sheet per township with its own header words and order; here are most of the double entries."""
    rng, plants = world.rng("townships"), world.plants
    spoiled = plants.spoil((f for f in world.firms if not f.above_scale), world.some(0.007, 8))
    doubles = _choose(world, [f for f in world.firms if f.number not in spoiled and not f.above_scale], world.some(0.023, 20), rng)
    sheets: dict[str, Sheet] = {}
    layouts: dict[str, list[str]] = {}
    for number, park in enumerate(world.parks):
        order = ["name", "code", "products", "address", "size", "above", "lon", "lat", "status", "contact", "note"]
        if number % 3 == 1:
            order[0], order[1] = order[1], order[0]
        if number % 4 == 2:
            order[2], order[3] = order[3], order[2]
        layouts[park.name] = order
        sheets[park.name] = Sheet(park.name, [f"{words.DISTRICT_TITLE}{park.name}企业名录", f"报送：{park.name}经发办　　截至2026年10月"],
                                  [["序号", *(HEADERS[k][number % len(HEADERS[k])] for k in order)]])
    places: dict[int, Place] = {}
    for firm in world.firms:
        sheet = sheets[firm.park.name]
        place = (TOWNSHIP_FILE, sheet.name, sheet.first_row + len(sheet.rows))
        places[firm.number] = place
        code = plants.code(firm, spoiled.get(firm.number), place)
        name = firm.name if firm.number in doubles else said_name(firm.name, rng)
        sheet.add(_township_row(firm, layouts[sheet.name], name, code, len(sheet.rows) + 1, rng))
    by_number = {f.number: f for f in world.firms}
    for at, (number, (kind, name)) in enumerate(sorted(doubles.items())):
        firm = by_number[number]
        sheet = sheets[firm.park.name] if at % 5 < 3 else sheets[rng.choice(sorted(sheets))]
        code = firm.uscc if kind == "same_code" else None
        row = sheet.add(_township_row(firm, layouts[sheet.name], name, code, len(sheet.rows) + 1, rng))
        plants.pair(firm, kind, (firm.name, name), (places[number], (TOWNSHIP_FILE, sheet.name, row)))
    for found in plants.planted.duplicates:
        if len(found["places"]) == 1:
            owner = next(f for f in world.firms if f.uscc == found["uscc"])
            found["places"].insert(0, list(places[owner.number]))
    for sheet in sheets.values():
        sheet.rows.append(["合计", f"{len(sheet.rows)}家", *[None] * (sheet.width - 2)])
        sheet.notes = ["注：本表为合成数据，企业名称均为虚构。"]
    cover = Sheet("填表说明", [f"{words.DISTRICT_TITLE}镇街企业名录填表说明"], [["说明"]], hidden=True)
    cover.add(["各镇街按属地填报，信用代码请按营业执照填写；本簿为合成数据。"])
    return [cover, *sheets.values()]


def _township_row(firm: Firm, order: list[str], name: str, code: Cell, number: int, rng: Random) -> list[Cell]:
    cells: dict[str, Cell] = {
        "name": name, "code": code, "products": rng.choice(("、", "，", ";", "\n", "、")).join(firm.products) or None, "address": firm.address,
        "size": firm.size_class if rng.random() < 0.6 else firm.size_class[0], "above": rng.choice(("是", "√")) if firm.above_scale else rng.choice(("否", None)),
        "lon": firm.longitude, "lat": firm.latitude, "status": {"在营": rng.choice(("正常生产", "正常", "在营"))}.get(firm.status, firm.status),
        "contact": firm.contact, "note": f"原{firm.former[-1]}" if firm.former and rng.random() < 0.2 else None}
    return [number, *(cells[k] for k in order)]


def qualified_sheet(world: World, word: str, file: str, title: str, kinds: tuple[str, ...]) -> Sheet:
    """A list of firms with one of these qualifications; a few rows carry damaged codes or other spellings."""
    rng, plants = world.rng(word), world.plants
    firms = [f for f in world.firms if set(f.qualifications) & set(kinds)]
    sheet = Sheet("名单", [title], [["序号", "企业名称", "统一社会信用代码", "认定类别", "认定年份", "所在镇街"]])
    spoiled = plants.spoil(firms, min(len(firms) // 3, world.some(0.002, 4)))
    others = _choose(world, [f for f in firms if f.number not in spoiled], min(len(firms) // 3, world.some(0.003, 4)), rng)
    for number, firm in enumerate(firms, 1):
        place = (file, sheet.name, sheet.first_row + len(sheet.rows))
        name, code = said_name(firm.name, rng), plants.code(firm, spoiled.get(firm.number), place)
        if firm.number in others:
            kind, name = others[firm.number]
            code = firm.uscc if kind == "same_code" else None
            plants.planted.duplicates.append({"kind": kind, "names": [firm.name, name], "places": [list(place)], "uscc": firm.uscc})
        sheet.add([number, name, code, "、".join(q for q in firm.qualifications if q in kinds), rng.choice((2023, 2024, 2025)), firm.park.name])
    return sheet
