"""Checks over rows: totals against the rows they add up, figures far out of scale, and rows that say the same thing twice."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from liantu.kernel.columns import Column, Table
from liantu.kernel.problems import Problem
from liantu.kernel.sheets import cell_name
from liantu.kernel.units import compatible, tidy, to_stored
from liantu.kernel.values import cell_text, parse_value

if TYPE_CHECKING:
    from liantu.kernel.intake import Reading, Row
    from liantu.kernel.intake_rows import Reader, SheetReader

_SCALE_FEWEST, _SCALE_TIMES = 8, 1000


# -- totals ---------------------------------------------------------------------------------------------------------

def check_totals(sheet: SheetReader) -> None:
    """Compare each total with the rows it may stand for: all rows, or those of its group (above or below it)."""
    if not sheet.totals:
        return
    marks = [r for r, label in sheet.totals if not label.startswith("其中")]
    for reader in sheet.readers:
        if not reader.column.numeric or reader.column.kind == "share" or "率" in reader.column.zh or "均" in reader.column.zh:
            continue
        for r, label in sheet.totals:
            if not label.startswith("其中"):
                _check_total(sheet, reader, r, label, marks)


def _check_total(sheet: SheetReader, reader: Reader, r: int, label: str, marks: list[int]) -> None:
    told = _figure(sheet, reader, r)
    if told is None:
        return
    first, last = sheet.layout.first_row, sheet.layout.last_row
    before = max((m for m in marks if m < r), default=first - 1)
    after = min((m for m in marks if m > r), default=last + 1)
    above, below, whole = (before + 1, r), (r + 1, after), (first, last + 1)
    group = "小计" in label
    spans = [above, below] if group else [whole, (first, r), above, below] if len(label) > 3 else [whole, (first, r)]
    sums = []
    for start, end in spans:
        found = _sum(sheet, reader, start, end)
        if found is None:
            return
        if found[2] and _agree(told, found[0], found[1]):
            return
        sums.append(found)
    added = next((s for s in sums if s[2]), None)
    if added is None:
        return
    sheet.reading.problems.append(Problem(
        "total-mismatch", sheet.reading.file, sheet.sheet.name, r + 1, cell_name(r, reader.index), reader.column.zh, f"{told:f}",
        (("sum", f"{tidy(added[0]):f}"), ("label", label))))


def _figure(sheet: SheetReader, reader: Reader, r: int) -> Decimal | None:
    row = sheet.sheet.rows[r]
    if reader.index >= len(row) or row[reader.index] in (None, ""):
        return None
    value = parse_value(row[reader.index], reader.column, unit=reader.unit).value
    return Decimal(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else None


def _sum(sheet: SheetReader, reader: Reader, start: int, end: int) -> tuple[Decimal, Decimal, int] | None:
    """Sum, allowed difference from rounding, and number of figures; None when a figure could not be read."""
    total, count, written = Decimal(0), 0, _written_step(reader)
    step = written
    for r in range(start, end):
        row = sheet.sheet.rows[r]
        if r in sheet.passed or reader.index >= len(row) or row[reader.index] in (None, ""):
            continue
        parsed = sheet.parsed(reader, row[reader.index], r)
        value = parsed[0]
        if value is None:
            if parsed[2]:
                return None
            continue
        value = Decimal(value)
        exponent = value.as_tuple().exponent
        step = min(step, Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0))
        total, count = total + value, count + 1
    return total, step / 2 * (count + 1) if step < written else written / 2, count


def _written_step(reader: Reader) -> Decimal:
    """What one whole unit of the sheet is in stored units: 千元 is 0.1 万元."""
    step = to_stored(Decimal(1), reader.unit, reader.column) if reader.unit and compatible(reader.unit, reader.column) else Decimal(1)
    return step if step.normalize().as_tuple().digits == (1,) else Decimal(1)


def _agree(told: Decimal, added: Decimal, rounding: Decimal) -> bool:
    return abs(told - added) <= max(min(rounding, abs(told) / 1000), abs(told) * Decimal("1e-9"))


# -- scale ----------------------------------------------------------------------------------------------------------

def check_scale(sheet: SheetReader) -> None:
    """A figure over 1000 times the column's median and over 100 times the next largest: perhaps 元 among 万元."""
    rows = sheet.reading.rows[sheet.first_row_read:]
    for reader in sheet.readers:
        if reader.column.kind != "money" or len(rows) < _SCALE_FEWEST or reader.period:
            continue
        name = reader.column.name
        figures = sorted((float(v), i) for i, row in enumerate(rows) if (v := row.values.get(name)) is not None and v > 0)
        if len(figures) < _SCALE_FEWEST:
            continue
        (top, at), next_one, middle = figures[-1], figures[-2][0], figures[len(figures) // 2][0]
        if top >= _SCALE_TIMES * middle and top >= 100 * next_one:
            row = rows[at]
            problem = Problem("scale-suspect", sheet.reading.file, row.sheet, row.number, row.cells[name], reader.column.zh,
                              row.seen.get(name) or cell_text(float(top)), (("times", str(_SCALE_TIMES)),))
            row.problems.append(problem)
            sheet.reading.problems.append(problem)


# -- duplicates -----------------------------------------------------------------------------------------------------

def check_duplicates(reading: Reading, table: Table) -> None:
    """Rows of one table with the same natural key, over all sheets of the file; the later one is told."""
    sheets = {la.sheet: la for la in reading.layouts if la.table == table.name}
    if not sheets or not table.key:
        return
    seen: dict[tuple[Any, ...], Row] = {}
    for row in reading.rows:
        if row.sheet not in sheets:
            continue
        key = _key(row, table)
        if key is None:
            continue
        earlier = seen.setdefault(key, row)
        if earlier is not row and (earlier.sheet, earlier.number) != (row.sheet, row.number):
            _tell(reading, table, earlier, row)


def _key(row: Row, table: Table) -> tuple[Any, ...] | None:
    """The natural key; None when a part is missing that no context of the table supplies."""
    parts = []
    for name in table.key:
        value = row.values.get(name)
        if value is None and name not in row.values:
            value = row.values.get(name.removesuffix("_name"))
        if value is None and (name not in table.context or table.column(name).required):
            return None
        parts.append(value)
    return tuple(parts)


def _tell(reading: Reading, table: Table, earlier: Row, row: Row) -> None:
    details: tuple[tuple[str, str], ...]
    differing = _differing(table, earlier, row)
    named = next((n for n in (*table.key, *(k.removesuffix("_name") for k in table.key)) if n in earlier.cells), "")
    other = earlier.cells.get(named, f"第 {earlier.number} 行")
    other = other if earlier.sheet == row.sheet else f"〔{earlier.sheet}〕{other}"
    words = "、".join(table.column(n).zh for n in table.key if n in table.names)
    if differing:
        code, place = "duplicate-conflict", row.cells.get(differing[0].name, "")
        details = (("other", other), ("key", words), ("columns", "、".join(c.zh for c in differing)))
    else:
        same = all(row.values.get(c) == v for c, v in earlier.values.items()) and earlier.values.keys() == row.values.keys()
        code, place, details = "duplicate-row" if same else "duplicate-merged", row.cells.get(named, ""), (("other", other),)
    problem = Problem(code, reading.file, row.sheet, row.number, place, differing[0].zh if differing else "", "", details)
    row.problems.append(problem)
    reading.problems.append(problem)


def _differing(table: Table, earlier: Row, row: Row) -> list[Column]:
    """Columns in which both rows say something and not the same; figures of different periods do not conflict."""
    other_period = {c.name.rpartition(".")[0] for c in table.columns if "." in c.name and c.kind in ("year", "month")
                    and row.values.get(c.name) != earlier.values.get(c.name)}
    found = []
    for column in table.columns:
        mine, theirs = row.values.get(column.name), earlier.values.get(column.name)
        if mine is not None and theirs is not None and mine != theirs and not ("." in column.name and column.name.rpartition(".")[0] in other_period):
            found.append(column)
    return found

