"""Random ugly sheets with known truth: ``python -m tests.intake.random_sheets [how many] [seed]`` prints cell accuracy.

Firms, figures and periods are drawn first; a layout is drawn second (title, units, order, header wording, header rows, totals, notes,
spelling of amounts, file kind). Header words come partly from a list that the tables under test do not declare.
"""

from __future__ import annotations

import io
import random
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl

from liantu.kernel.intake import read_tables
from liantu.kernel.sheets import read_workbook
from tests.intake.make_sheets import text, xls
from tests.intake.tables import TABLES

CODES = ("91330109MA2AX0018Y", "91330109MA2BC11216", "913301097042188334", "91330109580312077F", "91330109MA27W3K90G", "91330109609123457G", "913301097321008679", "91330109MA2H5T600B",
         "9133010914352678X3", "913301092547810388")
DECLARED = {
    "name": ("企业名称", "单位名称", "单位详细名称", "公司名称", "企业"), "uscc": ("统一社会信用代码", "信用代码", "社会信用代码"), "industry_code": ("行业代码", "行业小类"),
    "established_on": ("成立日期", "开业时间", "注册时间"), "size_class": ("企业规模", "规模"), "revenue": ("营业收入", "营收"), "output": ("工业总产值", "产值"), "tax": ("入库税收", "税收"),
    "employees": ("从业人数", "用工人数"), "power_kwh": ("用电量",)}
FOREIGN = {
    "name": ("企业名称（全称）", "单位（企业）名称", "企业单位名称", "法人单位"), "uscc": ("统一社会信用代码（18位）", "社会信用代码证号", "统一代码"), "industry_code": ("行业代码（小类）", "所属行业代码"),
    "established_on": ("成立（开业）日期", "企业成立日期"), "size_class": ("企业规模类型", "单位规模（大中小微）"), "revenue": ("本年营业收入", "营业收入合计", "主营收入"), "output": ("规上工业总产值", "完成工业总产值"),
    "tax": ("入库税收合计", "实际入库税收"), "employees": ("从业人数合计", "期末从业人数"), "power_kwh": ("工业用电量", "用电量合计")}
STRANGERS = ("联系人", "联系电话", "备注", "法定代表人", "上年同期", "排名")
MONEY, SIZES = {"元": 10000, "千元": 10, "万元": 1, "亿元": Decimal("0.0001")}, {"large": ("大型", "大"), "medium": ("中型", "中"), "small": ("小型", "小")}


@dataclass
class Made:
    """One random file and its truth: (row number, period or None) → values."""

    file: str
    data: bytes
    table: str
    truth: dict[tuple[int, str | None], dict[str, Any]] = field(default_factory=dict)


def make(rng: random.Random, foreign: float) -> Made:
    """Draw one sheet; ``foreign`` is the share of headers worded as no table declares."""
    monthly = rng.random() < 0.5
    figures = ["output", "revenue", "tax", "employees", "power_kwh"] if monthly else ["revenue", "tax", "employees", "power_kwh"]
    keys = ["name", "uscc"] + ([] if monthly else rng.sample(["industry_code", "established_on", "size_class"], rng.randint(1, 3))) + rng.sample(figures, rng.randint(1, 3))
    if rng.random() < 0.4:
        keys.remove("uscc")
    rng.shuffle(keys)
    year, month = rng.choice((2023, 2024, 2025)), rng.randint(1, 12)
    corner = rng.choice(list(MONEY)) if rng.random() < 0.5 else None
    units = {k: rng.choice(list(MONEY)) if corner is None or rng.random() < 0.3 else None for k in keys if k in ("output", "revenue", "tax")}
    heads = {k: rng.choice((FOREIGN if rng.random() < foreign else DECLARED)[k]) for k in keys}
    columns: list[str] = [*keys]
    for _ in range(rng.randint(0, 2)):
        columns.insert(rng.randint(0, len(columns)), rng.choice(STRANGERS))
    if rng.random() < 0.5:
        columns.insert(0, "序号")
    rows: list[list[Any]] = []
    if monthly or rng.random() < 0.7:
        rows.append([f"{year}年{f'{month}月' if monthly else ''}{rng.choice(('规上企业', '全区工业企业', '重点企业'))}{'产值月报' if monthly else '基本情况表'}"])
    if corner:
        rows.append([None] * rng.randint(0, len(columns) - 1) + [f"单位：{corner}"])
    head_at = len(rows)
    grouped = rng.random() < 0.3
    rows += _header(columns, heads, units, figures, grouped)
    made = Made("", b"", "monthly_figure" if monthly else "enterprise")
    sums: Counter[str] = Counter()
    for i, code in enumerate(rng.sample(CODES, rng.randint(3, 10)), 1):
        cells, values = _firm(rng, columns, code, i, units, corner)
        rows.append(cells)
        for k, v in values.items():
            if k in units:
                sums[k] += v
        made.truth[len(rows), None] = _named(values, monthly, year, month)
        if rng.random() < 0.05:
            rows.append([])
    if rng.random() < 0.4:
        rows.append(["合计" if c == columns[0] else float(sums[c] * MONEY[units[c] or corner or "万元"]) if c in units else None for c in columns])
    if rng.random() < 0.4:
        rows += [["注：本表数据为快报数。"], ["填表人：张某", "审核人：李某"][: len(columns)]]
    return _filed(rng, made, rows, head_at, grouped, columns, figures)


def _header(columns: list[str], heads: dict[str, str], units: dict[str, str | None], figures: list[str], grouped: bool) -> list[list[Any]]:
    extra = {"employees": "（人）", "power_kwh": "（千瓦时）"}
    labels = [(heads.get(c, c) + (f"（{units[c]}）" if units.get(c) else extra.get(c, ""))) for c in columns]
    if not grouped:
        return [labels]
    inside = [c in figures for c in columns]
    upper = ["主要指标" if inside[i] and (i == 0 or not inside[i - 1]) else None if inside[i] else labels[i] for i in range(len(columns))]
    return [upper, [labels[i] if inside[i] else None for i in range(len(columns))]]


def _firm(rng: random.Random, columns: list[str], code: str, i: int, units: dict[str, str | None], corner: str | None) -> tuple[list[Any], dict[str, Any]]:
    name = f"临江{'甲乙丙丁戊己庚辛壬癸'[i - 1]}{rng.choice(('机械', '电子', '食品', '医药'))}{rng.choice(('有限公司', '（集团）有限公司', '厂'))}"
    cells: list[Any] = []
    values: dict[str, Any] = {}
    for c in columns:
        if c in units:
            amount = Decimal(rng.randint(1, 500000)) / 100
            scaled = amount * MONEY[units[c] or corner or "万元"]
            shown: Any = float(scaled)
            if rng.random() < 0.1:
                shown = rng.choice((f"{scaled:,f}", f" {scaled:f} ", f"{amount:f}万元", f"{amount * 10000:f}元"))
            cells, values[c] = [*cells, shown], amount
        elif c == "name":
            cells, values[c] = [*cells, rng.choice((name, name, name.replace("（", "(").replace("）", ")"), f" {name}"))], name
        elif c == "uscc":
            cells, values[c] = [*cells, rng.choice((code, code, code.lower(), f"{code[:4]} {code[4:]}"))], code
        elif c == "industry_code":
            number = rng.randint(1311, 4390)
            cells, values[c] = [*cells, rng.choice((number, str(number)))], str(number)
        elif c == "established_on":
            day = date(rng.randint(1990, 2023), rng.randint(1, 12), rng.randint(1, 28))
            cells, values[c] = [*cells, rng.choice((day, day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day:%Y/%m/%d}", int(f"{day:%Y%m%d}")))], day
        elif c == "size_class":
            value = rng.choice(list(SIZES))
            cells, values[c] = [*cells, rng.choice(SIZES[value])], value
        elif c in ("employees", "power_kwh"):
            number = rng.randint(1, 90000)
            cells, values[c] = [*cells, rng.choice((number, float(number), f"{number:,}"))], Decimal(number) if c == "power_kwh" else number
        else:
            cells.append(i if c in ("序号", "排名") else f"{c}{i}" if c != "上年同期" else rng.randint(1, 999))
    for c in list(values):
        if c not in ("name", "uscc") and rng.random() < 0.06:
            cells[columns.index(c)] = rng.choice((None, "—", "/", "无"))
            del values[c]
    return cells, values


def _named(values: dict[str, Any], monthly: bool, year: int, month: int) -> dict[str, Any]:
    if monthly:
        names = {"name": "enterprise", "uscc": "enterprise.uscc"}
        return {**{names.get(k, k): v for k, v in values.items()}, "period": f"{year}-{month:02d}"}
    return {(f"annual_figure.{k}" if k in ("revenue", "tax", "employees", "power_kwh") else k): v for k, v in values.items()}


def _filed(rng: random.Random, made: Made, rows: list[list[Any]], head_at: int, grouped: bool, columns: list[str], figures: list[str]) -> Made:
    kind = rng.choice(("xlsx", "xlsx", "xls", "csv"))
    made.file = f"数据.{kind}"
    if kind == "csv":
        plain = [["" if v is None else str(v) for v in [*row, *[None] * (len(columns) - len(row))]] for row in rows]
        made.data = text("\n".join(",".join(f'"{v}"' if "," in v else v for v in row) for row in plain) or " ", rng.choice(("utf-8", "gb18030", "utf-8-sig")))
        return made
    if kind == "xls":
        made.data = xls({"Sheet1": [[v.isoformat() if isinstance(v, date) else v for v in row] for row in rows]})
        return made
    book = openpyxl.Workbook()
    sheet = book.active
    for r, row in enumerate(rows, 1):
        for c, value in enumerate(row, 1):
            if value is not None:
                sheet.cell(r, c, value)
    if head_at and rng.random() < 0.7:
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(columns)) if len(rows[0]) == 1 else None
    if grouped:
        c = 0
        while c < len(columns):
            end = c
            while end + 1 < len(columns) and columns[c] in figures and columns[end + 1] in figures:
                end += 1
            if columns[c] not in figures:
                sheet.merge_cells(start_row=head_at + 1, end_row=head_at + 2, start_column=c + 1, end_column=c + 1)
            elif end > c:
                sheet.merge_cells(start_row=head_at + 1, end_row=head_at + 1, start_column=c + 1, end_column=end + 1)
            c = end + 1
    out = io.BytesIO()
    book.save(out)
    made.data = out.getvalue()
    return made


def measure(how_many: int, seed: int, foreign: float, show: int = 0) -> Counter[str]:
    """Cells expected, right, wrong, missed and read too many over random sheets; sheets whose table was not recognised."""
    rng, totals = random.Random(seed), Counter[str]()
    for number in range(how_many):
        made = make(rng, foreign)
        reading = read_tables(read_workbook(made.data, made.file), TABLES)
        got = {row.number: {c: v for c, v in row.values.items() if v is not None and c != "annual_figure.year"} for row in reading.rows}
        before = Counter(totals)
        totals["sheets"] += 1
        totals["sheets of the wrong table"] += [la.table for la in reading.layouts] != [made.table]
        for (row, _), values in made.truth.items():
            read = got.pop(row, {})
            totals["expected"] += len(values)
            for column, value in values.items():
                totals["missed" if column not in read else "right" if read[column] == value else "wrong"] += 1
            totals["extra"] += len(read.keys() - values.keys())
        totals["extra"] += sum(map(len, got.values()))
        if show and (totals - before)["right"] < (totals - before)["expected"]:
            show -= 1
            print(number, made.file, made.table, [(la.table, [(g.source, g.column, g.why) for g in la.guesses if not g.column]) for la in reading.layouts], reading.skipped_sheets)
    return totals


def main() -> None:
    """Print the measure for declared headers, mixed ones, and all foreign."""
    how_many, seed = (int(a) for a in [*sys.argv[1:3], *["200", "1"][len(sys.argv) - 1:]])
    for foreign in (0.0, 0.3, 1.0):
        totals = measure(how_many, seed, foreign)
        print(f"foreign headers {foreign:.0%}: {dict(totals)}; right {totals['right'] / totals['expected']:.2%}, wrong {totals['wrong'] / totals['expected']:.2%}")


if __name__ == "__main__":
    main()
