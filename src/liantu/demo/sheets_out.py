"""Writes sheets as offices hand them over: title rows, merged headers, a unit in the corner, totals, notes; five formats.

``.xlsx`` (XlsxWriter), ``.xls`` and ``.et`` (BIFF8 through xlwt), ``.csv`` (GB 18030 or UTF-8 with mark) and ``.xls`` files that
are really an HTML table. Rows are counted from 1 as a spreadsheet shows them.
"""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
from dataclasses import dataclass, field
from pathlib import Path

Cell = str | int | float | dt.date | None
FIXED_DAY = dt.datetime(2026, 11, 1)


@dataclass
class Sheet:
    """One sheet. ``header`` has one or two rows; in two, equal neighbours above are merged, and blanks below merge upward."""

    name: str
    title: list[str]
    header: list[list[str]]
    corner: str = ""
    rows: list[list[Cell]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    hidden: bool = False

    @property
    def first_row(self) -> int:
        """Row number of the first row of data."""
        return len(self.title) + bool(self.corner) + len(self.header) + 1

    def add(self, row: list[Cell]) -> int:
        """Append a row; returns its row number."""
        self.rows.append(row)
        return self.first_row + len(self.rows) - 1

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.header[-1])

    def lines(self) -> list[list[Cell]]:
        """All rows top to bottom without merging."""
        lines: list[list[Cell]] = [[t] for t in self.title]
        if self.corner:
            lines.append([*[None] * (self.width - 1), self.corner])
        for head in self.header:
            lines.append(list(head))
        lines += self.rows
        for note in self.notes:
            lines.append([note])
        return lines


def _spans(header: list[list[str]]) -> list[tuple[int, int, int, int, str]]:
    """Merged areas of a two-row header: row, column, last row, last column, text."""
    if len(header) < 2:
        return []
    spans, at = [], 0
    upper, lower = header
    while at < len(upper):
        end = at
        while end + 1 < len(upper) and upper[end + 1] == upper[at] and upper[at] and lower[at]:
            end += 1
        if not lower[at]:
            spans.append((0, at, 1, at, upper[at]))
        elif end > at:
            spans.append((0, at, 0, end, upper[at]))
        at = end + 1
    return spans


def write_xlsx(path: Path, sheets: list[Sheet]) -> None:
    """An .xlsx book; equal cells give an equal file."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    book.set_properties({"created": FIXED_DAY, "title": "合成数据", "comments": "合成数据，与任何真实企业无关"})
    big = book.add_format({"bold": True, "font_size": 14, "align": "center"})
    head = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "border": 1, "text_wrap": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        if sheet.hidden:
            page.hide()
        row = 0
        for text in sheet.title:
            if sheet.width > 1 and not row:
                page.merge_range(row, 0, row, sheet.width - 1, text, big)
            else:
                page.write_string(row, 0, text)
            row += 1
        if sheet.corner:
            page.write_string(row, max(sheet.width - 2, 0), sheet.corner)
            row += 1
        spans = _spans(sheet.header)
        merged = {(r, c) for a, b, z, y, _ in spans for r in range(a, z + 1) for c in range(b, y + 1)}
        for r, head_line in enumerate(sheet.header):
            for c, text in enumerate(head_line):
                if (r, c) not in merged and text:
                    page.write_string(row + r, c, text, head)
        for a, b, z, y, text in spans:
            page.merge_range(row + a, b, row + z, y, text, head)
        row += len(sheet.header)
        for line in sheet.rows:
            for c, value in enumerate(line):
                if value is None or value == "":
                    continue
                if isinstance(value, str):
                    page.write_string(row, c, value)
                elif isinstance(value, dt.date):
                    page.write_datetime(row, c, dt.datetime(value.year, value.month, value.day), day)
                else:
                    page.write_number(row, c, value)
            row += 1
        for text in sheet.notes:
            page.write_string(row, 0, text)
            row += 1
    book.close()


def write_xls(path: Path, sheets: list[Sheet]) -> None:
    """A BIFF8 book (.xls, or .et as older office suites name it)."""
    try:
        import xlwt
    except ImportError as error:
        from liantu.kernel.problems import UserError

        raise UserError("生成旧版 .xls/.et 演示表需要 xlwt。", code="demo-xlwt", hint="请安装 xlwt 后重试（Install xlwt and try again）。") from error
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        for r, line in enumerate(sheet.lines()):
            for c, value in enumerate(line):
                if value is None or value == "":
                    continue
                if isinstance(value, dt.date):
                    page.write(r, c, value, day)
                elif r == 0 and c == 0 and sheet.width > 1:
                    page.write_merge(0, 0, 0, sheet.width - 1, value)
                else:
                    page.write(r, c, value)
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(buffer.getvalue())


def write_csv(path: Path, sheet: Sheet, encoding: str = "gb18030") -> None:
    """Comma-separated text; the title stands in the first line as departments leave it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for line in sheet.lines():
        writer.writerow(["" if v is None else v for v in line])
    path.write_bytes(text.getvalue().encode(encoding))


def write_html(path: Path, sheet: Sheet, encoding: str = "gb18030") -> None:
    """An HTML table under an .xls name, as many web systems export."""
    parts = [f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}"></head><body><table border="1">']
    for number, line in enumerate(sheet.lines()):
        tag = "th" if number == sheet.first_row - 2 else "td"
        if len(line) == 1 and sheet.width > 1:
            parts.append(f'<tr><td colspan="{sheet.width}">{html.escape(str(line[0]))}</td></tr>')
        else:
            parts.append("<tr>" + "".join(f"<{tag}>{'' if v is None else html.escape(str(v))}</{tag}>" for v in line) + "</tr>")
    parts.append("</table></body></html>")
    path.write_bytes("\r\n".join(parts).encode(encoding))
