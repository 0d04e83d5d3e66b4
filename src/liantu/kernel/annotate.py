"""The clerk's own workbook back: a first sheet of findings with links, coloured cells, and a comment at each.

An .xlsx keeps its own sheets and formulas; xls, csv and web pages are rebuilt as .xlsx. Text written here never becomes a formula.
Drawings that openpyxl does not keep are lost from the copy; the file stored at import stays as it was.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from liantu.kernel.intake import Reading
from liantu.kernel.problems import Problem
from liantu.kernel.sheets import SheetGrid, column_number, read_workbook

FINDINGS = "导入核对"
AUTHOR = "链图"
MAX_COMMENTS = 3_000
MAX_LISTED = 20_000

_LEVELS = {"error": ("错误", "FFC7CE"), "warning": ("提醒", "FFEB9C"), "info": ("说明", "DDEBF7")}
_ORDER = ("error", "warning", "info")
_HEADERS = ("序号", "级别", "工作表", "单元格", "列", "原来写的", "问题", "怎样改", "代码")
_WIDTHS = (6, 6, 16, 9, 18, 26, 52, 44, 20)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CELL = re.compile(r"^([A-Z]{1,3})(\d{1,7})$")


@dataclass(frozen=True)
class _Mark:
    level: str
    text: str


def safe_text(text: object) -> str:
    """Text that no spreadsheet takes for a formula, without characters that a workbook may not hold."""
    plain = _ILLEGAL.sub("", str(text))[:8_000]
    return "'" + plain if plain[:1] in ("=", "+", "-", "@", "\t", "\r") else plain


def annotated_workbook(data: bytes, reading: Reading) -> bytes:
    """The file as .xlsx with all problems of ``reading`` marked. Comments stop after 3,000 cells, the list after 20,000 lines."""
    if data.startswith(b"PK"):
        kept = _kept(data, reading)
        if kept is not None:
            return kept
    return _rebuilt(data, reading)


def _findings(reading: Reading) -> list[Problem]:
    return sorted(reading.problems, key=lambda p: _ORDER.index(p.severity))


def _lines(reading: Reading) -> Iterator[tuple[Problem, tuple[str, ...]]]:
    for number, problem in enumerate(_findings(reading)[:MAX_LISTED], 1):
        yield problem, (str(number), _LEVELS[problem.severity][0], problem.sheet, problem.cell, problem.column, problem.seen,
                        problem.message(), problem.hint(), problem.code)


def _summary(reading: Reading) -> list[str]:
    counts = {level: sum(1 for p in reading.problems if p.severity == level) for level in _ORDER}
    good = sum(1 for row in reading.rows if row.ok)
    lines = [f"导入核对：{reading.file}",
             f"读到 {len(reading.rows)} 行，其中可以导入 {good} 行；错误 {counts['error']} 处，提醒 {counts['warning']} 处，说明 {counts['info']} 处。",
             "点「单元格」可跳到原处。改好后保存，直接重新上传本文件即可（本页会被忽略）。"]
    lines += [f"工作表「{sheet}」没有读：{why}。" for sheet, why in reading.skipped_sheets]
    if len(reading.problems) > MAX_LISTED:
        lines.append(f"下面只列前 {MAX_LISTED} 处，还有 {len(reading.problems) - MAX_LISTED} 处未列。")
    return lines


def _marks(reading: Reading) -> dict[tuple[str, str], _Mark]:
    """One mark for each cell with problems, the worst first; at most MAX_COMMENTS."""
    marks: dict[tuple[str, str], _Mark] = {}
    for problem in _findings(reading):
        if not problem.cell:
            continue
        place = (problem.sheet, problem.cell)
        text = f"【{_LEVELS[problem.severity][0]}】{problem.message()}{problem.hint()}[{problem.code}]"
        if place in marks:
            marks[place] = _Mark(marks[place].level, f"{marks[place].text}\n{text}")
        elif len(marks) < MAX_COMMENTS:
            marks[place] = _Mark(problem.severity, text)
    return marks


# -- the clerk's own xlsx -------------------------------------------------------------------------------------------

def _kept(data: bytes, reading: Reading) -> bytes | None:
    """The same workbook with marks added; None when openpyxl cannot open or save it."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data))
        if FINDINGS in book.sheetnames:
            del book[FINDINGS]
        _clear_old_marks(book)
        for (sheet, cell), mark in _marks(reading).items():
            if sheet in book.sheetnames:
                _mark_cell(book[sheet], cell, mark)
        _findings_sheet(book, reading)
        if book.calculation is not None:
            book.calculation.fullCalcOnLoad = True
        out = io.BytesIO()
        book.save(out)
    except Exception:  # odd workbooks make openpyxl raise nearly anything; the rebuilt form always works
        return None
    return out.getvalue()


def _clear_old_marks(book: Any) -> None:
    """A file that was annotated before loses the old marks."""
    from openpyxl.styles import PatternFill

    for sheet in book.worksheets:
        for cell in list(getattr(sheet, "_cells", {}).values()):
            if getattr(cell, "comment", None) is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()


def _mark_cell(sheet: Any, name: str, mark: _Mark) -> None:
    from openpyxl.cell.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell = sheet[name]
    if isinstance(cell, MergedCell):
        merged = next((m for m in sheet.merged_cells.ranges if name in m), None)
        if merged is None:
            return
        cell = sheet.cell(merged.min_row, merged.min_col)
    earlier = f"{cell.comment.text}\n" if cell.comment is not None else ""
    cell.comment = Comment(_ILLEGAL.sub("", earlier + mark.text)[:4_000], AUTHOR, width=360, height=120)
    cell.fill = PatternFill("solid", start_color=_LEVELS[mark.level][1], end_color=_LEVELS[mark.level][1])


def _findings_sheet(book: Any, reading: Reading) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.hyperlink import Hyperlink

    sheet = book.create_sheet(FINDINGS, 0)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    for words in _summary(reading):
        sheet.append([safe_text(words)])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.append([])
    sheet.append(list(_HEADERS))
    head = sheet.max_row
    for cell in sheet[head]:
        cell.font = Font(bold=True)
    for problem, line in _lines(reading):
        sheet.append([int(line[0]), *(safe_text(text) for text in line[1:])])
        r = sheet.max_row
        sheet.cell(r, 2).fill = PatternFill("solid", start_color=_LEVELS[problem.severity][1], end_color=_LEVELS[problem.severity][1])
        if problem.sheet in book.sheetnames:
            place = sheet.cell(r, 4)
            place.value = problem.cell or "整张表"
            place.hyperlink = Hyperlink(ref=place.coordinate, location=_location(problem))
            place.font = Font(underline="single", color="0563C1")
        for c in (6, 7, 8):
            sheet.cell(r, c).alignment = Alignment(wrap_text=True, vertical="top")
    for i, width in enumerate(_WIDTHS):
        sheet.column_dimensions[chr(65 + i)].width = width
    sheet.freeze_panes = sheet.cell(head + 1, 1)


def _location(problem: Problem, names: dict[str, str] | None = None) -> str:
    sheet = (names or {}).get(problem.sheet, problem.sheet).replace("'", "''")
    return f"'{sheet}'!{problem.cell or 'A1'}"


# -- rebuilt from cells ---------------------------------------------------------------------------------------------

def _rebuilt(data: bytes, reading: Reading) -> bytes:
    """A new workbook with the cells as they were read."""
    import xlsxwriter

    grids = [s for s in read_workbook(data, reading.file).sheets if s.name != FINDINGS]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "nan_inf_to_errors": True})
    formats = {level: book.add_format({"bg_color": f"#{colour}"}) for level, (_, colour) in _LEVELS.items()}
    names = _sheet_names(grids)
    listing = book.add_worksheet(FINDINGS)
    _rebuilt_listing(book, listing, reading, names, formats)
    marks = _marks(reading)
    for grid in grids:
        sheet = book.add_worksheet(names[grid.name])
        if grid.hidden:
            sheet.hide()
        _rebuilt_sheet(book, sheet, grid, {place: mark for (name, place), mark in marks.items() if name == grid.name}, formats)
    listing.activate()
    book.close()
    return out.getvalue()


def _sheet_names(grids: list[SheetGrid]) -> dict[str, str]:
    """Sheet names that a workbook allows: at most 31 characters, none of []:*?/\\, no two alike."""
    names: dict[str, str] = {}
    used = {FINDINGS.casefold(), "history"}
    for grid in grids:
        base = re.sub(r"[\[\]:*?/\\]|^'+|'+$", "", _ILLEGAL.sub("", grid.name))[:28].strip("'") or "表"
        name, number = base, 2
        while name.casefold() in used:
            name, number = f"{base[:26]}_{number}", number + 1
        used.add(name.casefold())
        names[grid.name] = name
    return names


def _rebuilt_listing(book: Any, sheet: Any, reading: Reading, names: dict[str, str], formats: dict[str, Any]) -> None:
    bold, link, wrap = book.add_format({"bold": True}), book.add_format({"underline": 1, "font_color": "#0563C1"}), book.add_format({"text_wrap": True, "valign": "top"})
    at = 0
    for at, words in enumerate(_summary(reading)):
        sheet.write_string(at, 0, safe_text(words), bold if at == 0 else None)
    head = at + 2
    for c, (title, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True)):
        sheet.write_string(head, c, title, bold)
        sheet.set_column(c, c, width)
    for r, (problem, line) in enumerate(_lines(reading), head + 1):
        sheet.write_number(r, 0, int(line[0]))
        for c, text in enumerate(line[1:], 1):
            sheet.write_string(r, c, safe_text(text), formats[problem.severity] if c == 1 else wrap if c in (5, 6, 7) else None)
        if problem.sheet in names:
            sheet.write_url(r, 3, f"internal:{_location(problem, names)}", link, problem.cell or "整张表")
    sheet.freeze_panes(head + 1, 0)


def _rebuilt_sheet(book: Any, sheet: Any, grid: SheetGrid, marks: dict[str, _Mark], formats: dict[str, Any]) -> None:
    days = {level: book.add_format({"num_format": "yyyy-mm-dd", **({"bg_color": f"#{colour}"} if colour else {})})
            for level, colour in (("", ""), *((level, colour) for level, (_, colour) in _LEVELS.items()))}
    levels: dict[tuple[int, int], str] = {}
    for place, mark in marks.items():
        found = _CELL.match(place)
        if found:
            r, c = int(found.group(2)) - 1, column_number(found.group(1))
            levels[r, c] = mark.level
            sheet.write_comment(r, c, _ILLEGAL.sub("", mark.text)[:4_000], {"author": AUTHOR, "x_scale": 2.5, "y_scale": 1.5})
            sheet.write_blank(r, c, None, formats[mark.level])
    for r0, c0, r1, c1 in grid.merged[:2_000]:
        if (r1 > r0 or c1 > c0) and not any((r, c) in levels for r in range(r0, min(r1, r0 + 50) + 1) for c in range(c0, min(c1, c0 + 50) + 1)):
            try:
                sheet.merge_range(r0, c0, r1, c1, "")
            except Exception:  # overlapping ranges in a broken file: leave them unmerged
                continue
    for r, row in enumerate(grid.rows):
        for c, cell in enumerate(row):
            if cell is not None and cell != "":
                level = levels.get((r, c), "")
                _write(sheet, (r, c), cell, formats.get(level), days[level])


def _write(sheet: Any, place: tuple[int, int], cell: Any, shade: Any, day: Any) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(*place, cell, shade)
    elif isinstance(cell, (int, float)):
        sheet.write_number(*place, cell, shade)
    elif isinstance(cell, (date, datetime)) and cell.year >= 1900:
        sheet.write_datetime(*place, cell, day)
    else:
        sheet.write_string(*place, _ILLEGAL.sub("", str(cell))[:32_000], shade)
