"""The same departments a month later: sheets for November 2026 under other headers and in another order of columns.

The headers are other aliases of the same columns. Two are in no list of aliases; they stood on the first month's sheets too
(``Planted.unlisted_headers``), so whoever said then what they mean must not be asked again. What really changed in the month is
told by :mod:`liantu.demo.month` and written into ``Planted.changes``.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

from liantu.demo import figure_sheets, pipeline_sheets, words
from liantu.demo.dirt import said_date, said_money, said_name, said_number
from liantu.demo.figures import LAST_MONTH, MONTHS
from liantu.demo.generator import Built, build, write
from liantu.demo.later_books import month_books
from liantu.demo.month import Month, make_month
from liantu.demo.planted import Planted
from liantu.demo.sheets_out import Sheet

FOLDER = "next_month"


def next_month(out_dir: Path, planted: Planted, seed: int) -> list[Path]:
    """Write the sheets of the month after ``last_month`` into ``out_dir/next_month``; ``seed`` varies spellings only.

    ``planted.changes`` is filled and ``planted.json`` written again.
    """
    built = build(planted.settings)
    happened = make_month(built, planted)
    folder = Path(out_dir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    month = MONTHS[MONTHS.index(LAST_MONTH) + 1]
    stamp, rng = month.replace("-", ""), Random(f"later:{seed}")
    year = month[:4]
    books = {f"03_规上企业名录_{stamp}.xlsx": _above(built, happened, rng), f"05_高新技术企业名单_{stamp}.xls": _high_tech(built, rng),
             f"10_供电公司_{stamp}工业用电量.xlsx": _power(built, month, rng), f"11_工信局_{year}年{int(month[5:])}月工业产值月报.xlsx": _output(built, month, rng),
             f"12_链主企业供应商清单_1_{stamp}.xlsx": _master(built, rng)}
    every = {name: [sheet] for name, sheet in books.items()} | month_books(built.work, happened, stamp, rng) | pipeline_sheets.later_books(built, stamp)
    for name, sheets in every.items():
        write(folder / name, sheets)
    planted.changes = happened.changes(built)
    planted.save(Path(out_dir) / "planted.json")
    return [folder / name for name in sorted(every)]


def _above(built: Built, happened: Month, rng: Random) -> Sheet:
    sheet = Sheet("名录", [f"{words.DISTRICT_TITLE}规模以上企业名录", "统计局　2026年11月"],
                  [["社会信用代码", "法人单位名称", "乡镇街道", "行业小类代码", "规模以上", "主要产品名称", "注册时间", "单位规模", "联系电话"]])
    gone = {firm.number for firm, _ in happened.gone}
    for firm in (*(f for f in built.world.above if f.number not in gone), *happened.raised, *(f for f in happened.new if f.above_scale)):
        sheet.add([firm.uscc, said_name(firm.name, rng), firm.park.name, firm.industry_code, "√", "，".join(firm.products[:3]) or None,
                   said_date(firm.established, rng), firm.size_class, None])
    return sheet


def _high_tech(built: Built, rng: Random) -> Sheet:
    sheet = Sheet("Sheet1", [f"{words.DISTRICT_TITLE}科技局 高新技术企业名单（2026年11月更新）"], [["企业资质", "企业全称", "信用代码", "属地"]])
    for firm in built.world.firms:
        if words.QUALIFICATIONS[0] in firm.qualifications:
            sheet.add([words.QUALIFICATIONS[0], said_name(firm.name, rng), firm.uscc, firm.park.name])
    return sheet


def _power(built: Built, month: str, rng: Random) -> Sheet:
    """Long form now: one month in a column of its own."""
    figures, at_month = built.world.figures, MONTHS.index(month)
    sheet = Sheet("用电量", [f"{words.DISTRICT_TITLE}供电公司工业企业用电量"], [["用电月份", "售电量", figure_sheets.POWER_NAME_HEADER, "户号"]], corner="单位：千瓦时")
    for at in figures.power_users:
        firm = built.world.firms[int(at)]
        sheet.add([rng.choice((month, f"{month[:4]}年{int(month[5:])}月", month.replace("-", "."))), int(figures.power[at, at_month]) or "—",
                   said_name(firm.name, rng), f"36{firm.number:08d}"])
    return sheet


def _output(built: Built, month: str, rng: Random) -> Sheet:
    """The monthly output again, in 千元, sums before months."""
    figures, end = built.world.figures, MONTHS.index(month)
    number = int(month[5:])
    sheet = Sheet(f"{number}月", [f"{words.DISTRICT_TITLE}{month[:4]}年1-{number}月工业企业产值月报", f"工信局　所属期：{month[:4]}年{number}月"],
                  [["本年累计产值", figure_sheets.OUTPUT_HEADER, "填报单位", "统一信用代码", "期末用工人数"]], corner="单位：千元")
    for firm in built.world.above:
        at = firm.number - 1
        now, total = float(figures.output[at, end]), float(figures.output[at, end - number + 1:end + 1].sum().round(2))
        sheet.add([said_number(total * 10, rng), said_number(now * 10, rng), said_name(firm.name, rng), firm.uscc, int(figures.employees[at, -1])])
    return sheet


def _master(built: Built, rng: Random) -> Sheet:
    firm = next(f for f in built.world.firms if f.master)
    rows = [r for r in built.supply if r.customer is firm and r.year == 2025]
    sheet = Sheet("清单", [f"{firm.name}供应商清单（{words.LABEL}）", "链主企业填报"], [["采购额（万元）", "货物名称", "购买方", "供货商", "年度", "供应商所在地"]])
    for row in rows:
        sheet.add([said_money(round(row.amount * rng.uniform(0.8, 1.0), 2), rng), row.item, firm.name, said_name(row.supplier_name, rng), 2026,
                   words.DISTRICT if row.supplier else "区外"])
    return sheet

