"""A list as a workbook that works like one: frozen heads, filters, print titles, live totals, and a passport beside each row."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import xlsxwriter

from liantu.kernel.columns import Column
from liantu.kernel.output import Result
from liantu.kernel.parameter import BASES
from liantu.kernel.passport import passport_id

UNIT_SUFFIX = {"1": "%"}
FORMATS = {"money": "#,##0.00", "number": "#,##0.00", "integer": "#,##0", "share": "0.0%", "date": "yyyy-mm-dd"}
WIDTHS = {"name": 30, "long_text": 46, "uscc": 21, "words": 30, "text": 18, "money": 14, "choice": 10, "flag": 7}
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True, "nan_inf_to_errors": False}


def header(column: Column, language: str = "zh") -> str:
    """The column's word with its unit: 工业总产值（万元）."""
    word = column.zh if language == "zh" else column.en
    unit = UNIT_SUFFIX.get(column.unit or "", column.unit)
    if not unit or not column.numeric:
        return word
    return f"{word}（{unit}）" if language == "zh" else f"{word} ({unit})"


def shown(value: Any, column: Column, language: str = "zh") -> Any:
    """A stored value as a person reads it: choices in words, flags as 是/否."""
    if value is None:
        return None
    if column.kind == "choice":
        found = next((c for c in column.choices if c.value == value), None)
        return (found.zh if language == "zh" else found.en) if found else value
    if column.kind == "flag":
        return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
    return value


def list_workbook(result: Result, *, columns: tuple[Column, ...] | None = None, where: Mapping[str, Any] | None = None, language: str = "zh") -> bytes:
    """A result as xlsx. Totals are live SUBTOTAL formulas, so that they follow the reader's filter; shares are not summed."""
    declared = columns or result.output.columns
    declared = tuple(sorted(declared, key=_technical))  # codes for machines stand last
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _SAFE) as book:
        sheet = book.add_worksheet((result.output.zh if language == "zh" else result.output.en)[:31])
        _fill(book, sheet, result, declared, language)
        _explain(book, result, declared, dict(where or {}), language)
    return buffer.getvalue()


def _technical(column: Column) -> bool:
    return column.kind == "code" and column.name != "industry_code" or column.unit == "号"


def _width(column: Column, language: str) -> float:
    """Wide enough for the words that will stand there; Chinese characters take two."""
    if column.kind == "choice":
        longest = max((len(c.zh) * 2 if language == "zh" else len(c.en) for c in column.choices), default=10)
        return min(40, max(10, longest + 2))
    return 26 if _technical(column) and column.kind == "code" else WIDTHS.get(column.kind, 12)


def _fill(book: Any, sheet: Any, result: Result, columns: tuple[Column, ...], language: str) -> None:
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    small = book.add_format({"font_color": "#5b6773", "font_size": 9})
    head = book.add_format({"bold": True, "bg_color": "#DCE8F2", "border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"})
    total = {k: book.add_format({"bold": True, "top": 1, "bottom": 1, "bg_color": "#F3F6F9", **({"num_format": f} if f else {})}) for k, f in [("", None), *FORMATS.items()]}
    cell = {k: book.add_format({"border": 1, "border_color": "#D5DCE3", "valign": "vcenter", **({"num_format": f} if f else {"text_wrap": k == "long_text"})})
            for k, f in [("", None), ("long_text", None), *FORMATS.items()]}
    last = len(columns)
    sheet.merge_range(0, 0, 0, last, result.output.zh if language == "zh" else result.output.en, title)
    sheet.write_string(1, 0, result.edition.label(language), small)
    rows = result.frame.height
    first, head_row = 4, 3
    sheet.write_string(2, 0, "合计" if language == "zh" else "Total", total[""])
    for at, column in enumerate(columns):
        sheet.write_string(head_row, at, header(column, language), head)
        sheet.set_column(at, at, _width(column, language), None, {"hidden": _technical(column)})
        if column.kind in ("money", "integer") and column.unit not in ("号", "位", "分", "°"):
            letter = xlsxwriter.utility.xl_col_to_name(at)
            values = [v for v in result.frame[column.name].to_list() if v is not None]
            sheet.write_formula(2, at, f"=SUBTOTAL(9,{letter}{first + 1}:{letter}{max(first + rows, first + 1)})", total[column.kind], sum(values) if values else 0)
        elif at:
            sheet.write_blank(2, at, None, total[""])
    sheet.write_blank(2, last, None, total[""])
    sheet.write_string(head_row, last, "凭证号" if language == "zh" else "Passport", head)
    sheet.set_column(last, last, 15)
    names = [c.name for c in columns]
    for offset, row in enumerate(result.frame.iter_rows(named=True)):
        for at, name in enumerate(names):
            _write(sheet, first + offset, at, shown(row[name], columns[at], language), cell.get(columns[at].kind, cell[""]), columns[at])
        sheet.write_string(first + offset, last, passport_id(result.output.name, result.key_of(row), result.edition.number), cell[""])
    sheet.freeze_panes(first, 1)
    sheet.autofilter(head_row, 0, max(head_row, head_row + rows), last)
    sheet.set_row(0, 30)
    sheet.set_row(head_row, 34)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head_row)
    sheet.set_footer(f"&L{result.edition.label(language)}&R&P / &N")


def _write(sheet: Any, row: int, at: int, value: Any, style: Any, column: Column) -> None:
    if value is None:
        sheet.write_blank(row, at, None, style)
    elif isinstance(value, date):
        sheet.write_datetime(row, at, value, style)
    elif column.numeric:
        sheet.write_number(row, at, value, style)
    else:
        sheet.write_string(row, at, str(value), style)


def _explain(book: Any, result: Result, columns: tuple[Column, ...], where: dict[str, Any], language: str) -> None:
    zh = language == "zh"
    sheet = book.add_worksheet("说明" if zh else "About")
    bold, wrap = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True, "valign": "top"})
    lines: list[tuple[str, str]] = [
        ("表名" if zh else "List", f"{result.output.zh} {result.output.en} ({result.output.name})"),
        ("版次" if zh else "Edition", result.edition.label(language)),
        ("说明" if zh else "What it tells", result.output.tells(language)),
        ("筛选" if zh else "Filter", "；".join(f"{result.output.column(k).zh}={v}" for k, v in where.items()) or ("全部" if zh else "all")),
        ("来源" if zh else "Sources", "、".join(result.output.inputs)),
    ]
    lines += [("规则" if zh else "Rule", f"{r.zh}：{BASES[r.basis] if zh else r.basis}；{r.source}；{r.since} 起；" + "；".join(f"{k} {v}" for k, v in r.figures(language))) for r in result.output.rules().values()]
    lines.append(("追溯" if zh else "Trace", f"每行末列为凭证号。在系统「凭证查询」中输入，或执行 liantu why {result.output.name} <键>，可回到来源单元格。" if zh
                  else f"Each row ends with a passport id: look it up in the system or run: liantu why {result.output.name} KEY"))
    lines += [(c.zh if zh else c.en, "；".join(filter(None, [f"单位 {c.unit}" if c.numeric and c.unit != "1" else "", c.help, c.source_limit, {"confidential": "单位内部资料"}.get(c.secrecy, "")])) or "—")
              for c in columns]
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 100)
    for row, (word, text) in enumerate(lines):
        sheet.write_string(row, 0, word, bold)
        sheet.write_string(row, 1, text, wrap)
