"""The folder of ugly sheets: how each is made and, beside it in data, exactly what must be read from it.

Run ``python -m tests.intake.make_sheets FOLDER`` to write the files out and look at them. Expectations are written by hand; none is
computed by the code under test.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import xlwt

Rows = Sequence[Sequence[Any]]
GOOD: dict[str, Case] = {}
BAD: dict[str, BadCase] = {}


@dataclass(frozen=True)
class Block:
    """The rows expected of one sheet: columns, then (row number, values …); None means nothing."""

    sheet: str
    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def cells(self) -> Iterable[tuple[str, int, dict[str, Any]]]:
        """Sheet, row number and the values said."""
        for number, *values in self.rows:
            assert len(values) == len(self.columns), (self.sheet, number)
            yield self.sheet, number, {c: v for c, v in zip(self.columns, values, strict=True) if v is not None}


@dataclass(frozen=True)
class Case:
    """A file that can be read."""

    file: str
    make: Callable[[], bytes]
    blocks: tuple[Block, ...]
    problems: tuple[str, ...] = ()  # "code@B5", or "code@城西!B5" when the file has several sheets read
    skipped: tuple[str, ...] = ()
    kind: str = "xlsx"
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BadCase:
    """A file that must be refused with a code."""

    file: str
    make: Callable[[], bytes]
    code: str


def good(name: str, file: str, make: Callable[[], bytes], *blocks: Block, problems: str = "", skipped: Sequence[str] = (), kind: str = "xlsx", **options: Any) -> None:
    """Register a readable file with what must come of it."""
    assert name not in GOOD
    GOOD[name] = Case(file, make, blocks, tuple(problems.split()), tuple(skipped), kind, options)


def bad(name: str, file: str, make: Callable[[], bytes], code: str) -> None:
    """Register a file that must be refused."""
    assert name not in BAD
    BAD[name] = BadCase(file, make, code)


def xlsx(sheets: Mapping[str, Rows], *, merged: Mapping[str, Sequence[str]] | None = None, hidden: Sequence[str] = (), formats: Mapping[str, str] | None = None) -> bytes:
    """A workbook by openpyxl: cells as given (``=…`` is a formula without a stored result), merged ranges, number formats by cell."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                if value is not None:
                    sheet.cell(r, c, value)
        for area in (merged or {}).get(name, ()):
            sheet.merge_cells(area)
        for place, code in (formats or {}).items():
            sheet[place].number_format = code
        if name in hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(sheets: Mapping[str, Rows], *, merged: Sequence[tuple[int, int, int, int]] = (), styles: Mapping[tuple[int, int], str] | None = None) -> bytes:
    """A BIFF8 workbook; merged (r0, c0, r1, c1) on the first sheet; number formats by 0-based place."""
    book = xlwt.Workbook(encoding="utf-8")
    for i, (name, rows) in enumerate(sheets.items()):
        sheet = book.add_sheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is None:
                    continue
                area = next((m for m in merged if i == 0 and m[:2] == (r, c)), None)
                style = xlwt.easyxf(num_format_str=(styles or {}).get((r, c), "General"))
                if area:
                    sheet.write_merge(r, area[2], c, area[3], value, style)
                else:
                    sheet.write(r, c, value, style)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(lines: str, encoding: str = "utf-8") -> bytes:
    """A text file; leading line break dropped."""
    return lines.lstrip("\n").encode(encoding)


def load() -> None:
    """Fill the folder: importing the case modules registers them."""
    from tests.intake import cases_bad, cases_figures, cases_files, cases_register, cases_rows  # noqa: F401


def write_all(folder: Path) -> None:
    """Write all files, to look at them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, case in [*GOOD.items(), *BAD.items()]:
        (folder / f"{name}__{case.file}").write_bytes(case.make())


if __name__ == "__main__":
    from tests.intake.make_sheets import load as load_cases
    from tests.intake.make_sheets import write_all as write_cases

    load_cases()
    write_cases(Path(sys.argv[1]))
