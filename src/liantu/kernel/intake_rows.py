"""The rows of one sheet by its layout: values, cells, and what was wrong with each. Months side by side become rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from liantu.kernel.columns import Column, Table
from liantu.kernel.header_rows import note_like
from liantu.kernel.header_words import plain
from liantu.kernel.headers import Guess, Layout, header_cell, period_column
from liantu.kernel.intake import Reading, Row
from liantu.kernel.intake_text import as_stored_text
from liantu.kernel.problems import Problem
from liantu.kernel.sheets import CellValue, SheetGrid, cell_name, column_letter
from liantu.kernel.units import compatible, tidy, to_stored
from liantu.kernel.values import Found, cell_text, is_nil, parse_value

_TOTAL = re.compile(r"^(?:.{0,12}(?:合计|总计|小计|共计)|全[区市县镇街园部](?:道|区)?|汇总|总共)$")
_TOTAL_HINT = re.compile(r"计\s*[:：]?\s*$|计\s*[(（\d]|^\s*全|^\s*[汇总]|^\s*其\s*中|总共")
_PART = re.compile(r"^其中[:：]?")
_HEADING = re.compile(r"^[(（]?[一二三四五六七八九十]{1,3}[)）、.．]")
_DITTO = frozenset(["同上", "〃", "″", '"', "''", "“", "”", "同前"])
_STEP = 5_000

Parsed = tuple[Any, str | None, tuple[Found, ...]]


@dataclass(slots=True)
class Reader:
    """One column being read: where it stands and what its distinct cells were parsed to."""

    column: Column
    index: int
    letter: str
    unit: str | None
    period: str | None = None
    cache: dict[Any, Parsed] = field(default_factory=dict)
    factor: Decimal | None = None  # figures stored as numbers are multiplied by this; None: not a plain figure column

    def plain_figure(self, cell: float | int) -> Parsed | None:
        """The quick way for a number in a figure column; None when it needs a closer look."""
        if self.factor is None or not -1e15 < cell < 1e15:
            return None
        value = Decimal(format(cell, ".15g"))
        if self.factor == 1:
            return value, None, ()
        return tidy(value * self.factor), cell_text(cell), ()


class SheetReader:
    """Reads one sheet into a reading."""

    def __init__(self, sheet: SheetGrid, layout: Layout, table: Table, reading: Reading) -> None:
        self.sheet, self.layout, self.table, self.reading = sheet, layout, table, reading
        self.year = int(layout.context["year"]) if layout.context.get("year", "").isdigit() else None
        self.totals: list[tuple[int, str]] = []
        self.passed: set[int] = set()
        self.fixed: dict[str, Any] = {}
        self.fixed_cells: dict[str, str] = {}
        self.everywhere: list[Problem] = []
        self.first_row_read = len(reading.rows)
        taken = [Reader(table.column(g.column or ""), g.index, column_letter(g.index), g.unit, self._own_period(g)) for g in layout.taken()]
        periods = list(dict.fromkeys(r.period for r in taken if r.period))
        self.wide = {p: [r for r in taken if r.period == p] for p in periods} if len(periods) > 1 else {}
        self.base = [r for r in taken if not (self.wide and r.period)]
        self.readers = taken
        self.labels = self._label_places()
        self.merged = self._fill_places()
        self.heads = {r.index: {plain(cell_text(sheet.rows[h][r.index])) for h in layout.header_rows if r.index < len(sheet.rows[h])} - {""} for r in taken}
        self.longest_head = max((len(word) for words in self.heads.values() for word in words), default=0) + 4

    # -- before the rows --------------------------------------------------------------------------------------------

    def _own_period(self, guess: Guess) -> str | None:
        return guess.period if guess.period and period_column(self.table, guess.column or "", guess.period) else None

    def _label_places(self) -> list[int]:
        """The places where 合计 may stand: up to the first figures."""
        figures = min((r.index for r in self.readers if r.column.numeric), default=4)
        return list(range(min(max(figures, 2), 6)))

    def _fill_places(self) -> dict[int, dict[int, CellValue]]:
        """Cells below the first of a vertically merged range: words are repeated, figures are not."""
        places: dict[int, dict[int, CellValue]] = {}
        readers = {r.index: r for r in self.readers}
        for r0, c0, r1, _ in self.sheet.merged:
            if r1 == r0 or c0 not in readers or r0 < self.layout.first_row or r0 >= len(self.sheet.rows) or c0 >= len(self.sheet.rows[r0]):
                continue
            value, reader = self.sheet.rows[r0][c0], readers[c0]
            if value in (None, ""):
                continue
            if reader.column.numeric:
                self._say("merged-number", reader, r0, value)
                continue
            for r in range(r0 + 1, min(r1, self.layout.last_row) + 1):
                places.setdefault(r, {})[c0] = value
        return places

    def read(self, progress: Callable[[int], None] | None = None) -> None:
        """Read all rows of the sheet into the reading, with every problem."""
        from liantu.kernel.intake_checks import check_scale, check_totals

        self._context_values()
        self._assumed_units()
        for reader in self.readers:
            if reader.column.kind in ("money", "number"):
                reader.factor = _factor(reader.unit, reader.column)
        first = self.layout.first_row
        for r in range(first, self.layout.last_row + 1):
            if progress is not None and (r - first) % _STEP == 0:
                progress(r - first)
            cells = self.sheet.rows[r]
            fill = self.merged.get(r)
            if fill:
                cells = list(cells) + [None] * (max(fill) + 1 - len(cells))
                for c, value in fill.items():
                    cells[c] = value
            if not self._special(r, cells):
                self._row(r, cells)
        for r in self.layout.note_rows:
            text = next(cell_text(c) for c in self.sheet.rows[r] if c not in (None, ""))
            self._note(r, "note-row", text.strip())
        check_totals(self)
        check_scale(self)

    def _context_values(self) -> None:
        """Values said once for the sheet, or carried by its headers; required columns that are nowhere."""
        on_sheet = {r.column.name for r in self.readers}
        for name in self.table.names:
            if name in self.layout.context and name not in on_sheet:
                self._fix(self.table.column(name), self.layout.context[name], self.layout.context_from.get(name, ""))
        for reader in self.readers:
            holder = period_column(self.table, reader.column.name, reader.period) if reader.period else None
            if reader.period and holder is not None and holder.name not in on_sheet:
                if holder.kind == "month" and len(reader.period) == 2:
                    place = header_cell(self.layout, reader.index)
                    self._once(Problem("year-missing", self.reading.file, self.sheet.name, None, place, holder.zh, f"{int(reader.period)}月"))
                elif not self.wide:
                    self._fix(holder, reader.period, f"表头 {header_cell(self.layout, reader.index)}")
        periods = {holder.name for ps in self.wide.values() for p in ps if (holder := period_column(self.table, p.column.name, p.period or "")) is not None}
        for column in self.table.columns:
            if column.required and "." not in column.name and column.name not in on_sheet and column.name not in self.fixed and column.name not in periods:
                self._once(Problem("column-missing", self.reading.file, self.sheet.name, None, "", column.zh))

    def _fix(self, column: Column, text: str, where: str) -> None:
        parsed = parse_value(text, column, year=self.year)
        if parsed.value is not None:
            self.fixed[column.name] = parsed.value
            place = re.search(r"[A-Z]{1,3}\d+$", where)
            if place:
                self.fixed_cells[column.name] = place.group(0)

    def _once(self, problem: Problem) -> None:
        """A problem of the whole sheet: listed once, and carried by every row when it is an error."""
        if not any(p.code == problem.code and p.column == problem.column for p in self.everywhere):
            self.everywhere.append(problem)
            self.reading.problems.append(problem)

    def _assumed_units(self) -> None:
        for reader in self.readers:
            if reader.unit is not None or reader.column.kind not in ("money", "share"):
                continue
            cells = [row[reader.index] for row in self.sheet.rows[self.layout.first_row:self.layout.last_row + 1] if reader.index < len(row)]
            figures = [float(c) for c in cells if isinstance(c, (int, float)) and not isinstance(c, bool) and abs(c) < 1e18 or
                       (isinstance(c, str) and re.fullmatch(r"\s*-?\d+(?:\.\d+)?\s*", c))]
            if not figures:
                continue
            if reader.column.kind == "money":
                self._column_note("unit-assumed", reader, "", unit="万元")
            elif _percent(figures, reader.column):
                reader.unit = "%"
                self._column_note("percent-assumed", reader, cell_text(next(f for f in figures if abs(f) > 1)))

    def _column_note(self, code: str, reader: Reader, seen: str, **details: str) -> None:
        place = header_cell(self.layout, reader.index)
        self.reading.problems.append(Problem(code, self.reading.file, self.sheet.name, self.layout.header_rows[-1] + 1, place, reader.column.zh, seen,
                                             tuple(details.items())))

    # -- rows that are no data --------------------------------------------------------------------------------------

    def _special(self, r: int, cells: list[CellValue]) -> bool:
        """Totals, repeated headers, headings and notes between the rows."""
        width = len(cells)
        for c in self.labels:
            cell = cells[c] if c < width else None
            if cell.__class__ is str and cell and self._special_label(r, c, cell, cells):
                self.passed.add(r)
                return True
        return False

    def _special_label(self, r: int, c: int, cell: str, cells: list[CellValue]) -> bool:
        if len(cell) <= 30:
            if _TOTAL_HINT.search(cell) and self._total(r, cell):
                return True
            heads = self.heads.get(c)
            if heads and len(cell) <= self.longest_head and plain(cell) in heads and self._same_as_header(cells):
                self._note(r, "header-repeated", cell.strip())
                return True
        if _HEADING.match(cell) and sum(1 for x in cells if x not in (None, "")) == 1:
            self._note(r, "heading-row", cell.strip())
            return True
        if note_like(cell) and sum(1 for x in self.readers if x.index < len(cells) and not is_nil(cells[x.index])) <= 2:
            self._note(r, "note-row", cell.strip())
            return True
        return False

    def _total(self, r: int, cell: str) -> bool:
        word = plain(cell)
        if not (_TOTAL.match(re.sub(r"\(.*?\)|:|\d+[家户个]", "", word)) or _PART.match(word)):
            return False
        self.totals.append((r, word))
        self._note(r, "total-row", cell.strip())
        return True

    def _same_as_header(self, cells: list[CellValue]) -> bool:
        same = sum(1 for c, words in self.heads.items() if c < len(cells) and plain(cell_text(cells[c])) in words)
        return same >= max(2, (len(self.heads) + 1) // 2)

    def _note(self, r: int, code: str, seen: str) -> None:
        place = next((cell_name(r, c) for c, cell in enumerate(self.sheet.rows[r]) if cell not in (None, "")), "")
        self.reading.problems.append(Problem(code, self.reading.file, self.sheet.name, r + 1, place, "", seen[:80]))

    # -- data -------------------------------------------------------------------------------------------------------

    def _row(self, r: int, cells: list[CellValue]) -> None:
        row = Row(self.sheet.name, r + 1, {}, {}, {}, [])
        something = self._take(row, self.base, r, cells)
        if not self.wide:
            if something:
                self._finish(row, r, self.base)
            return
        for period, readers in self.wide.items():
            copy = Row(row.sheet, row.number, dict(row.values), dict(row.cells), dict(row.seen), list(row.problems))
            if not self._take(copy, readers, r, cells):
                continue
            for reader in readers:
                holder = period_column(self.table, reader.column.name, period)
                if holder is not None and not (holder.kind == "month" and len(period) == 2):
                    copy.values[holder.name] = int(period[:4]) if holder.kind == "year" else period
                    copy.cells.setdefault(holder.name, header_cell(self.layout, reader.index))
            row.problems = []  # problems of the shared cells are listed with the first of the rows only
            self._finish(copy, r, self.base + readers)

    def _take(self, row: Row, readers: list[Reader], r: int, cells: list[CellValue]) -> bool:
        """Parse the given columns into ``row``; answers whether any of them said something."""
        values, places, seen, width, number = row.values, row.cells, row.seen, len(cells), row.number
        something = False
        for reader in readers:
            index, name = reader.index, reader.column.name
            places[name] = f"{reader.letter}{number}"
            cell = cells[index] if index < width else None
            if cell is None:
                values[name] = None
                continue
            value, text, found = self.parsed(reader, cell, r)
            values[name] = value
            if value is not None:
                something = True
            if text is not None:
                seen[name] = text
            if found:
                something = True
                for code, details in found:
                    row.problems.append(Problem(code, self.reading.file, row.sheet, number, places[name], reader.column.zh, cell_text(cell)[:200], details))
        return something

    def parsed(self, reader: Reader, cell: Any, r: int) -> Parsed:
        """A cell's value, its text where that differs, and what was found; each distinct cell is parsed once."""
        if cell.__class__ is float:
            quick = reader.plain_figure(cell)
            if quick is not None:
                return quick
        key = ("b", cell) if cell is True or cell is False else cell
        answer = reader.cache.get(key)
        if answer is None:
            answer = reader.cache[key] = self._parse(reader, cell, r)
        if answer[1] in _DITTO and r > self.layout.first_row:
            return self._ditto(reader, r)
        return answer

    def _parse(self, reader: Reader, cell: CellValue, r: int) -> Parsed:
        parsed = parse_value(cell, reader.column, unit=reader.unit, year=self.year)
        text = cell_text(cell)
        same = text == as_stored_text(parsed.value) and text not in _DITTO
        return parsed.value, None if same else text, parsed.problems

    def _ditto(self, reader: Reader, r: int) -> Parsed:
        """同上 means the nearest cell above that says something."""
        for above in range(r - 1, self.layout.first_row - 1, -1):
            row = self.sheet.rows[above]
            cell = row[reader.index] if reader.index < len(row) else None
            if cell not in (None, "") and cell_text(cell).strip() not in _DITTO and above not in self.passed:
                value, _, found = self._parse(reader, cell, above)
                return value, "同上", found
        return None, "同上", ()

    def _finish(self, row: Row, r: int, readers: list[Reader]) -> None:
        """Add what the sheet says once, check required columns, and keep the row."""
        for name, value in self.fixed.items():
            row.values.setdefault(name, value)
            if name in self.fixed_cells:
                row.cells.setdefault(name, self.fixed_cells[name])
        odd = {p.cell for p in row.problems} if row.problems else ()
        for reader in readers:
            column = reader.column
            if column.required and row.values.get(column.name) is None and "." not in column.name and row.cells[column.name] not in odd:
                row.problems.append(Problem("required-missing", self.reading.file, row.sheet, row.number, row.cells[column.name], column.zh,
                                            row.seen.get(column.name, "")))
        if row.problems:
            self.reading.problems.extend(row.problems)
        if self.everywhere:
            row.problems.extend(self.everywhere)
        self.reading.rows.append(row)

    def _say(self, code: str, reader: Reader, r: int, value: CellValue) -> None:
        self.reading.problems.append(Problem(code, self.reading.file, self.sheet.name, r + 1, cell_name(r, reader.index), reader.column.zh, cell_text(value)))


def _factor(unit: str | None, column: Column) -> Decimal | None:
    """By what a plain number is multiplied to be stored; None when the unit does not fit."""
    if unit is None or (column.kind == "number" and not compatible(unit, column)):
        return Decimal(1)
    try:
        return to_stored(Decimal(1), unit, column)
    except ValueError:
        return None


def _percent(figures: list[float], column: Column) -> bool:
    """Whether bare figures of a share column are percentages: shares above 1, or rates mostly above 1."""
    sizes = sorted(abs(f) for f in figures)
    return sizes[-1] > 1 if column.name.endswith("_share") else sizes[len(sizes) // 2] > 1
