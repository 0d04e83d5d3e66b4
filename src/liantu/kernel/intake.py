"""From a workbook to rows and all their problems. Pure: nothing is saved, nothing is asked of the register.

The layout of each sheet comes from :mod:`liantu.kernel.headers`; rows are read by :mod:`liantu.kernel.intake_rows`; totals and
duplicates are checked by :mod:`liantu.kernel.intake_checks`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from liantu.kernel.columns import Table
from liantu.kernel.header_context import is_default_name
from liantu.kernel.headers import Corrections, Layout, Memory, guess_layout, header_cell, with_township
from liantu.kernel.problems import Problem
from liantu.kernel.sheets import SheetGrid, Workbook

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Row:
    """One row read: typed values by column, the cell each came from, the text as it stood where the value differs, problems."""

    sheet: str
    number: int
    values: dict[str, Any]
    cells: dict[str, str]
    seen: dict[str, str]
    problems: list[Problem]

    @property
    def ok(self) -> bool:
        """Whether nothing forbids taking this row."""
        return not self.problems or not any(p.severity == "error" for p in self.problems)


@dataclass
class Reading:
    """All that a file says: layouts, rows, every problem (those of rows included), and the sheets left out with the reason."""

    file: str
    sha256: str
    layouts: list[Layout] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    skipped_sheets: list[tuple[str, str]] = field(default_factory=list)


def read_tables(book: Workbook, tables: Sequence[Table], *, memory: Memory | None = None, as_table: str | None = None,
                corrections: Mapping[str, Corrections] | None = None, progress: Progress | None = None) -> Reading:
    """Read every sheet that one of the tables fits. Never raises for what stands in cells: everything wrong is a problem."""
    from liantu.kernel.intake_checks import check_duplicates
    from liantu.kernel.intake_rows import SheetReader

    reading = Reading(book.name, book.sha256, problems=list(book.notes))
    known = {table.name: table for table in tables}
    found: list[tuple[SheetGrid, Layout]] = []
    for sheet in book.sheets:
        if not _readable(sheet, reading):
            continue
        layout = guess_layout(sheet, tables, file_name=book.name, memory=memory, as_table=as_table, corrections=(corrections or {}).get(sheet.name))
        if layout is None:
            reading.skipped_sheets.append((sheet.name, "没有认出是哪一种表"))
            reading.problems.append(Problem("sheet-unread", file=book.name, sheet=sheet.name))
        else:
            found.append((sheet, layout))
    found = _townships(found, known)
    total = sum(layout.last_row - layout.first_row + 1 for _, layout in found)
    done = 0
    for sheet, layout in found:
        table = known[layout.table]
        reading.layouts.append(layout)
        _double_columns(reading, layout, table)
        reader = SheetReader(sheet, layout, table, reading)
        reader.read(None if progress is None else lambda n, done=done: progress(done + n, total))  # type: ignore[misc]
        done += layout.last_row - layout.first_row + 1
    for table in known.values():
        check_duplicates(reading, table)
    if not reading.layouts:
        reading.problems.append(Problem("no-table", file=book.name))
    if progress is not None:
        progress(total, total)
    return reading


def _readable(sheet: SheetGrid, reading: Reading) -> bool:
    """Whether a sheet is to be looked at; the reason is noted when not."""
    if sheet.hidden:
        reading.skipped_sheets.append((sheet.name, "隐藏的工作表"))
        return False
    if sheet.name == "导入核对":
        reading.skipped_sheets.append((sheet.name, "上次导入的核对页"))
        return False
    if not any(cell not in (None, "") for row in sheet.rows for cell in row):
        reading.skipped_sheets.append((sheet.name, "空表"))
        return False
    return True


def _townships(found: list[tuple[SheetGrid, Layout]], known: Mapping[str, Table]) -> list[tuple[SheetGrid, Layout]]:
    """Several sheets of the same kind named 城东, 城西 …: the names are townships."""
    kinds: dict[tuple[str, str], int] = {}
    for _, layout in found:
        kinds[layout.table, layout.fingerprint] = kinds.get((layout.table, layout.fingerprint), 0) + 1
    answer = []
    for sheet, layout in found:
        named = not is_default_name(sheet.name)
        if named and kinds[layout.table, layout.fingerprint] > 1 and layout.context_from.get("township") in (None, "文件名"):
            layout = with_township(layout, known[layout.table], sheet.name.strip(), "工作表名")
        answer.append((sheet, layout))
    return answer


def _double_columns(reading: Reading, layout: Layout, table: Table) -> None:
    by_index = {g.index: g for g in layout.guesses}
    for left, read in layout.doubles:
        column = table.column(by_index[read].column or "")
        reading.problems.append(Problem("column-twice", reading.file, layout.sheet, layout.header_rows[-1] + 1, header_cell(layout, left), column.zh,
                                        by_index[left].source, (("other", f"{header_cell(layout, read)}「{by_index[read].source}」"),)))

