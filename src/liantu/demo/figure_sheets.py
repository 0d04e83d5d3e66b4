"""Sheets with figures: monthly output (工信直报), electricity (供电), tax (税务), R&D (科技), yearly base data per firm."""

from __future__ import annotations

from liantu.demo import words
from liantu.demo.dirt import said_money, said_name, said_number
from liantu.demo.figures import FIRST_YEAR, LAST_MONTH, MONTHS, YEARS
from liantu.demo.register_sheets import World
from liantu.demo.sheets_out import Cell, Sheet

YEARLY_FILE, RESEARCH_FILE = "09_亩均效益评价基础数据.xlsx", "08_科技局_研发投入.xls"
POWER_NAME_HEADER, OUTPUT_HEADER = "用能户主", "当期发生产值"  # in no list of aliases: a clerk says what they mean
THOUSANDS_YEAR = 2024  # the year whose monthly books are in 千元


def tax_file(year: int) -> str:
    """File of one year's tax."""
    return f"07_税务局_{year}年分企业税收.csv"


def power_file(year: int) -> str:
    """File of one year's electricity."""
    return f"10_供电公司_{year}年工业用电量.xlsx"


def output_file(year: int) -> str:
    """File of one year's monthly output."""
    return f"11_工信局_{year}年工业产值月报.xlsx"


def published(months: int) -> list[str]:
    """The last ``months`` months up to LAST_MONTH."""
    end = MONTHS.index(LAST_MONTH) + 1
    return list(MONTHS[max(0, end - months):end])


def tax_sheet(world: World, year: int) -> Sheet:
    """Tax and revenue in 元, under the names that the firms had in that year."""
    rng, figures, at_year = world.rng(f"tax{year}"), world.figures, YEARS.index(year)
    sheet = Sheet("", [f"{words.DISTRICT_TITLE}税务局{year}年度分企业税收"], [["序号", "纳税人名称", "纳税人识别号", "所属年度", "入库税收（元）", "营业收入（元）"]])
    here = [f for f in world.firms if f.established.year <= year and (rng.random() > 0.03 or f.above_scale)]
    spoiled = world.plants.spoil(here, world.some(0.0016, 4))
    for number, firm in enumerate(here, 1):
        place = (tax_file(year), "", sheet.first_row + number - 1)
        at = firm.number - 1
        tax, revenue = (round(float(v[at, at_year]) * 10_000) for v in (figures.tax, figures.revenue))
        sheet.add([number, said_name(firm.name_in(year), rng), world.plants.code(firm, spoiled.get(firm.number), place, text_only=True), year,
                   said_number(tax, rng, 0), said_number(revenue, rng, 0)])
    sheet.rows.append(["合计", None, None, None, round(sum(float(figures.tax[f.number - 1, at_year]) for f in here) * 10_000), None])
    return sheet


def research_sheet(world: World) -> Sheet:
    """R&D spending of qualified firms, three years below each other."""
    rng = world.rng("research")
    sheet = Sheet("", [f"{words.DISTRICT_TITLE}科技局 企业研发投入统计 单位：万元"], [["序号", "企业名称", "统一社会信用代码", "年度", "研发费用", "研发人员"]])
    for at_year, year in enumerate(YEARS):
        for firm in (f for f in world.firms if f.qualifications and f.established.year <= year):
            at = firm.number - 1
            value = float(world.figures.research[at, at_year])
            sheet.add([len(sheet.rows) + 1, said_name(firm.name_in(year), rng), firm.uscc, f"{year}年" if rng.random() < 0.3 else year,
                       said_number(value, rng), int(world.figures.employees[at, at_year] * 0.1) or 1])
    return sheet


def yearly_sheets(world: World) -> list[Sheet]:
    """Output, revenue, employees, land and electricity of industrial firms, one sheet per year, with subtotals by park."""
    sheets, figures = [], world.figures
    for at_year, year in enumerate(YEARS):
        rng = world.rng(f"yearly{year}")
        sheet = Sheet(f"{year}年", [f"{words.DISTRICT_TITLE}{year}年度工业企业亩均效益评价基础数据", "工信局汇总"],
                      [["序号", "企业名称", "统一社会信用代码", "所属镇街", "工业总产值", "营业收入", "从业人员", "用地面积（亩）",
                        "年用电量（千瓦时）"]], corner="单位：万元")
        grand = 0.0
        for park in world.parks:
            total = 0.0
            for firm in (f for f in world.firms if f.park is park and f.industrial and f.established.year <= year):
                at = firm.number - 1
                output, power = float(figures.annual_output[at, at_year]), float(figures.annual_power[at, at_year])
                total += output
                sheet.add([len(sheet.rows) + 1, said_name(firm.name_in(year), rng), firm.uscc, park.name, said_money(output, rng),
                           said_money(float(figures.revenue[at, at_year]), rng), int(figures.employees[at, at_year]),
                           said_number(float(figures.land_mu[at]), rng, 1), int(power) if power else said_number(None, rng)])
            grand += total
            sheet.add([None, "小计", None, park.name, round(total, 2), None, None, None, None])
        sheet.add([None, "合计", None, None, round(grand, 2), None, None, None, None])
        sheet.notes = ["注：合成数据；“—”表示无数据。"]
        sheets.append(sheet)
    return sheets


def park_output(world: World, year: int) -> dict[str, float]:
    """What the yearly sheet of this year adds up to, per park, 万元."""
    at_year = YEARS.index(year)
    return {p.name: round(sum(float(world.figures.annual_output[f.number - 1, at_year]) for f in world.firms
                              if f.park is p and f.industrial and f.established.year <= year), 2) for p in world.parks}


def power_sheet(world: World, year: int, months: list[str]) -> Sheet:
    """One year of electricity: firms down, months across, no codes, a sum at the end of the row."""
    rng = world.rng(f"power{year}")
    mine = [m for m in months if m.startswith(str(year))]
    name = POWER_NAME_HEADER if year == int(LAST_MONTH[:4]) else "用户名称"
    across = [f"{int(m[5:])}月" for m in mine]
    sheet = Sheet("用电量", [f"{words.DISTRICT_TITLE}供电公司{year}年工业企业用电量"], [["序号", "户号", name, *across, "合计"]], corner="单位：千瓦时")
    for at in world.figures.power_users:
        firm = world.firms[int(at)]
        if firm.established.year > year:
            continue
        values = [int(world.figures.power[at, MONTHS.index(m)]) for m in mine]
        cells: list[Cell] = [v if v else "—" for v in values]
        sheet.add([len(sheet.rows) + 1, f"36{firm.number:08d}", said_name(firm.name_in(year), rng), *cells, sum(values)])
    return sheet


def month_sheet(world: World, month: str, headers: tuple[str, str, str, str, str], factor: int) -> Sheet:
    """One month of output from the firms above scale; February has only the sum of two months. ``factor`` 10 means 千元."""
    rng, figures, year = world.rng(f"month{month}"), world.figures, int(month[:4])
    number, at_year = int(month[5:]), min(year, YEARS[-1]) - FIRST_YEAR
    span = f"1-{number}月"
    sheet = Sheet(f"{number}月", [f"{words.DISTRICT_TITLE}{year}年{span}工业企业产值月报", f"工信局　所属期：{year}年{number}月"],
                  [["序号", *headers, "本月营业收入", "从业人员", "备注"]], corner=f"单位：{'千元' if factor == 10 else '万元'}")
    end = MONTHS.index(month)
    start = end - number + 1
    totals = [0.0, 0.0]
    for firm in world.above:
        at = firm.number - 1
        now, total = float(figures.output[at, end]), float(figures.output[at, start:end + 1].sum().round(2))
        ratio = float(figures.revenue[at, at_year]) / max(float(figures.annual_output[at, at_year]), 0.01)
        totals = [totals[0] + now, totals[1] + total]
        sheet.add([len(sheet.rows) + 1, said_name(firm.name_in(year), rng), firm.uscc, firm.park.name,
                   "—" if number == 2 else said_number(now * factor, rng), said_number(total * factor, rng),
                   "—" if number == 2 else said_number(now * ratio * factor, rng), int(figures.employees[at, at_year]), None])
    sheet.add([None, "合计", None, None, "—" if number == 2 else round(totals[0] * factor, 2), round(totals[1] * factor, 2), None, None, None])
    sheet.notes = ["注：1月免报；累计数自年初起；本表为合成数据。"]
    return sheet


def output_sheets(world: World, year: int, months: list[str]) -> list[Sheet]:
    """One year's book, a sheet per month (none for January)."""
    now = {2023: "本月产值", 2024: "当月产值", 2025: "本月工业总产值"}.get(year, OUTPUT_HEADER)
    headers = ("企业名称" if year % 2 else "单位名称", "统一社会信用代码", "所属镇街", now, "累计产值" if year % 2 else "1-本月累计产值")
    mine = [m for m in months if m.startswith(str(year)) and not m.endswith("-01")]
    return [month_sheet(world, m, headers, 10 if year == THOUSANDS_YEAR else 1) for m in mine]
