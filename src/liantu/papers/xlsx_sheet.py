"""One list as a worksheet: title, edition, live totals, frozen heads, filter, print titles, marks and the passport beside each row."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from liantu.drawing.text import text_width
from liantu.kernel.columns import Column
from liantu.kernel.output import Result
from liantu.kernel.passport import passport_id
from liantu.papers.cells import HIDDEN, HIDDEN_NOTE, header, is_hidden, shown, version_word
from liantu.papers.figures import marks

FONT = "Microsoft YaHei"
FORMATS = {"money": "#,##0.00", "number": "#,##0.00", "integer": "#,##0", "share": "0.0%", "date": "yyyy-mm-dd"}
WIDEST = {"name": 28, "long_text": 42, "words": 44, "text": 28, "choice": 26}
ADDED = ("个", "家", "家次", "人", "条", "项", "亩", "吨标煤", "千瓦时", "平方米", "m²", "kWh")
HEAD_ROW, FIRST_ROW = 3, 4
ON_A4, ON_A3 = 220.0, 315.0  # characters across that stay readable in print; what is wider takes several pages across, the first column repeated
LINE = 15.0  # points a line of a wrapped cell takes
MARKS = {"basis": ("依据", "Basis"), "verified": ("核对", "Checked"), "passport": ("凭证号", "Passport")}


@dataclass(frozen=True)
class Tint:
    """How a cell with a lamp or a status looks: fill, colour of the letters, and the word (colour alone says nothing in black and white)."""

    fill: str
    ink: str
    word: str = ""


def no_tint(column: Column, value: Any) -> Tint | None:
    """Plain cells."""
    return None


@dataclass(frozen=True)
class Sheet:
    """A list as it stands in a workbook: its rows, the columns to print in their order, and how lamps look.

    ``aside`` names columns that machines need and people do not: they stand hidden. ``where`` tells what was filtered.
    """

    name: str
    title: str
    result: Result
    columns: tuple[Column, ...]
    where: Mapping[str, Any] = field(default_factory=dict)
    aside: frozenset[str] = frozenset()
    tint: Callable[[Column, Any], Tint | None] = no_tint
    note: str = ""


class Styles:
    """The cell formats of one workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[Any, Any] = {}

    def of(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": FONT, "font_size": 10, "valign": "vcenter", **look})
        return self._made[key]

    def head(self) -> Any:
        return self.of(bold=True, bg_color="#DCE8F2", border=1, border_color="#B8C6D4", text_wrap=True, align="center")

    def cell(self, kind: str, tint: Tint | None = None) -> Any:
        look: dict[str, Any] = {"border": 1, "border_color": "#D5DCE3"}
        look |= {"num_format": FORMATS[kind]} if kind in FORMATS else {"text_wrap": True, "indent": 1}
        if tint:
            look |= {"bg_color": tint.fill, "font_color": tint.ink, "bold": True, "align": "center", "indent": 0}
        return self.of(**look)

    def total(self, kind: str = "") -> Any:
        return self.of(bold=True, top=1, bottom=1, bg_color="#F3F6F9", **({"num_format": FORMATS[kind]} if kind in FORMATS else {}))


def adds(column: Column) -> bool:
    """Whether the figures of a column may be summed over rows."""
    return column.kind == "money" or (column.kind in ("integer", "number") and column.unit in ADDED)


def mark_names(sheet: Sheet) -> tuple[str, ...]:
    """Which marks stand behind the columns: by whose rule, checked or not, passport."""
    output = sheet.result.output
    return (*(("basis",) if output.parameters else ()), *(("verified",) if output.verified else ()), "passport")


def write_sheet(book: Any, styles: Styles, sheet: Sheet, language: str, *, back: str = "") -> None:
    """Write one list. ``back`` is the name of the sheet with the contents, linked from the head."""
    page = book.add_worksheet(sheet.name)
    extra, zh = mark_names(sheet), language == "zh"
    last = len(sheet.columns) + len(extra) - 1
    page.write_string(0, 0, sheet.title, styles.of(bold=True, font_size=16))
    _about_line(page, styles, sheet, language, back, last)
    widths = [_width(sheet, column, language) for column in sheet.columns]
    for at, (column, width) in enumerate(zip(sheet.columns, widths, strict=True)):
        page.write_string(HEAD_ROW, at, header(column, language), styles.head())
        page.set_column(at, at, width, None, {"hidden": column.name in sheet.aside})
    for offset, name in enumerate(extra):
        at = len(sheet.columns) + offset
        page.write_string(HEAD_ROW, at, MARKS[name][not zh], styles.head())
        page.set_column(at, at, 15 if name == "passport" else 11)
    _totals(page, styles, sheet, language, last)
    _rows(page, styles, sheet, extra, widths, language)
    _print(page, sheet, sum(w for w, c in zip(widths, sheet.columns, strict=True) if c.name not in sheet.aside) + 15.0 * len(extra), last, language)


def _about_line(page: Any, styles: Styles, sheet: Sheet, language: str, back: str, last: int) -> None:
    zh, small = language == "zh", styles.of(font_size=9, font_color="#5B6773")
    told = [sheet.result.edition.label(language), version_word(sheet.result.version, language)]
    told += [HIDDEN_NOTE["zh" if zh else "en"]] if sheet.result.hidden else []
    told += [sheet.note] if sheet.note else []
    page.write_string(1, 0, "　".join(told), small)
    if back:
        page.write_url(1, last, f"internal:'{back}'!A1", styles.of(font_size=9, font_color="#14568C", underline=1, align="right"), "← " + back)


def _totals(page: Any, styles: Styles, sheet: Sheet, language: str, last: int) -> None:
    """Live totals that follow the reader's filter; shares, years and ranks are not summed."""
    zh, rows = language == "zh", sheet.result.frame.height
    words = ("合计（不含※）" if zh else "Total (without ※)") if sheet.result.hidden else ("合计" if zh else "Total")
    first_word = next((at for at, c in enumerate(sheet.columns) if c.name not in sheet.aside and not adds(c)), None)
    for at in range(last + 1):
        column = sheet.columns[at] if at < len(sheet.columns) else None
        if column is None or not adds(column):
            page.write_string(2, at, words, styles.total()) if at == first_word else page.write_blank(2, at, None, styles.total())
            continue
        letter = xl_col_to_name(at)
        values = [v for v in sheet.result.frame[column.name].to_list() if v is not None]
        page.write_formula(2, at, f"=SUBTOTAL(9,{letter}{FIRST_ROW + 1}:{letter}{FIRST_ROW + max(rows, 1)})", styles.total(column.kind), sum(values) if values else 0)


def _rows(page: Any, styles: Styles, sheet: Sheet, extra: tuple[str, ...], widths: list[float], language: str) -> None:
    result, columns = sheet.result, sheet.columns
    plain = {c.name: styles.cell(c.kind) for c in columns}
    edge, hidden = styles.cell(""), styles.of(border=1, border_color="#D5DCE3", align="right", font_color="#5B6773")
    for row, values in enumerate(result.frame.iter_rows(named=True), FIRST_ROW):
        key, lines = result.key_of(values), 1
        for at, column in enumerate(columns):
            if is_hidden(result, key, column):
                page.write_string(row, at, HIDDEN, hidden)
                continue
            tint = sheet.tint(column, values[column.name])
            value = tint.word if tint and tint.word else shown(values[column.name], column, language)
            _write(page, row, at, value, styles.cell(column.kind, tint) if tint else plain[column.name], column)
            if isinstance(value, str) and column.name not in sheet.aside:
                lines = max(lines, lines_of(value, widths[at]))
        page.set_row(row, LINE * lines + 3)
        basis, verified = marks(result.output, values, result.edition, language) if len(extra) > 1 else ("", "")
        told = {"basis": basis, "verified": verified, "passport": passport_id(result.output.name, key, result.edition.number)}
        for offset, name in enumerate(extra):
            page.write_string(row, len(columns) + offset, told[name], edge)


def _write(page: Any, row: int, at: int, value: Any, style: Any, column: Column) -> None:
    if value is None:
        page.write_blank(row, at, None, style)
    elif isinstance(value, date):
        page.write_datetime(row, at, value, style)
    elif column.numeric:
        page.write_number(row, at, value, style)
    else:
        page.write_string(row, at, str(value), style)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a wrapped cell of a width in characters; a little is kept free for words that break early."""
    return max(1, math.ceil(_characters(text) / max(1.0, width - 4.0)))


def _print(page: Any, sheet: Sheet, across: float, last: int, language: str) -> None:
    rows = sheet.result.frame.height
    first = next((at for at, c in enumerate(sheet.columns) if c.name not in sheet.aside), 0)
    page.freeze_panes(FIRST_ROW, first + 1)
    page.autofilter(HEAD_ROW, 0, HEAD_ROW + max(rows, 1), last)
    page.set_row(0, 30)
    page.set_row(HEAD_ROW, 34)
    page.set_landscape()
    page.set_paper(9 if across <= ON_A4 else 8)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.fit_to_pages(max(1, math.ceil(across / ON_A3)), 0)
    page.repeat_rows(0, HEAD_ROW)
    page.repeat_columns(first)
    page.set_footer(f"&L&8{sheet.result.edition.label(language)}&C&8{version_word(sheet.result.version, language)}&R&8&P / &N")


def _characters(text: str) -> float:
    """Width in the characters by which sheets measure columns; Chinese characters take two."""
    return text_width(text, 1.0) * 1.95


def _width(sheet: Sheet, column: Column, language: str) -> float:
    """As wide as the widest value asks for, up to a limit by kind (then it wraps); a head may break before its unit."""
    told = header(column, language)
    pieces = told.replace("(", "（").split("（") if language == "zh" else told.split()
    least = max(max(_characters(p) for p in pieces) + 3, 9.0)
    values = sheet.result.frame[column.name].drop_nulls()
    if column.numeric:
        longest = max((len(f"{v:,.2f}" if column.kind in ("money", "number") else f"{v:,}") for v in (values.max(), values.min()) if v is not None), default=0) * 1.1
        longest = max(longest, len(f"{values.sum():,.2f}") * 1.15 if adds(column) and len(values) else 0)
    elif column.kind == "date":
        longest = 11
    else:
        longest = max((_characters(str(shown(v, column, language))) for v in values.unique().to_list()), default=0)
    return max(least, min(WIDEST.get(column.kind, 30), longest + 3.5))
