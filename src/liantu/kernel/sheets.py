"""Cells in: what stands in a clerk's file, whatever program wrote it. No meaning yet; see :mod:`liantu.kernel.headers`.

Errors (``#REF!``) and formulas without a stored result (``=A1+B1``) stand in the grid as their text; a number shown as a
percentage stands as ``35%``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from liantu.kernel import catalogue as _catalogue  # noqa: F401  (registers the problem codes)
from liantu.kernel.problems import Problem, UserError

CellValue = str | int | float | bool | date | datetime | None
FileKind = Literal["xlsx", "xls", "csv", "html"]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_CELLS = 40_000_000
BYTES_PER_CELL = 330  # measured: reading and parsing 300,000 × 20 cells took 1.9 GB


@dataclass(frozen=True)
class SheetGrid:
    """One sheet: rows of cells from A1 on, merged ranges (r0, c0, r1, c1; 0-based, inclusive), and whether it is hidden."""

    name: str
    rows: list[list[CellValue]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False


@dataclass(frozen=True)
class Workbook:
    """A file read: its sheets in order and notes about the file as a whole."""

    name: str
    sha256: str
    kind: FileKind
    sheets: list[SheetGrid]
    notes: list[Problem] = field(default_factory=list)


def column_letter(column: int) -> str:
    """0-based column number as letters: 0 → A, 26 → AA."""
    letters = ""
    column += 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Letters as a 0-based column number: A → 0."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def cell_name(row: int, column: int) -> str:
    """0-based row and column as a clerk knows the cell: (11, 2) → C12."""
    return f"{column_letter(column)}{row + 1}"


def read_workbook(data: bytes, name: str, *, max_rows: int = 1_100_000, max_bytes: int = 300_000_000) -> Workbook:
    """Read a file by its content, not by its ending. Raises UserError, in plain words, for what is no readable table."""
    if not data.strip(b"\x00 \r\n\t"):
        raise UserError(f"「{name}」是空文件。", code="file-empty", hint="请重新导出后再上传。")
    if len(data) > max_bytes:
        raise UserError(f"「{name}」有 {len(data) / 1e6:.0f} MB，超过 {max_bytes / 1e6:.0f} MB。", code="file-too-large", hint="请按年份或乡镇拆成几个文件。")
    try:
        kind, sheets, notes = _read(data, name, max_rows)
    except UserError:
        raise
    except Exception as error:  # readers of foreign files raise nearly anything on odd bytes; the clerk sees one plain answer
        raise UserError(f"「{name}」读不出来。", code="file-damaged", hint="请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。") from error
    if not any(any(cell not in (None, "") for cell in row) for sheet in sheets for row in sheet.rows):
        raise UserError(f"「{name}」里没有任何内容。", code="file-empty", hint="请确认选对了文件。")
    for sheet in sheets:
        if len(sheet.rows) > max_rows:
            raise too_many_rows(name, sheet.name, len(sheet.rows), max_rows)
    notes += [Problem("sheet-hidden", file=name, sheet=s.name) for s in sheets if s.hidden]
    return Workbook(name, hashlib.sha256(data).hexdigest(), kind, sheets, notes)


def cell_limit() -> int:
    """How many cells this machine can hold now: at most MAX_CELLS, and seven tenths of the memory that is free."""
    free = []
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            free += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable")]
        with open("/sys/fs/cgroup/memory.max", encoding="ascii") as limit, open("/sys/fs/cgroup/memory.current", encoding="ascii") as used:
            free.append(int(limit.read()) - int(used.read()))
    except (OSError, ValueError, IndexError):
        pass
    return min([MAX_CELLS, *(max(200_000, int(f * 0.7) // BYTES_PER_CELL) for f in free)])


def too_many_rows(name: str, sheet: str, rows: int, limit: int) -> UserError:
    """The refusal of a sheet that is too long, with what to do."""
    return UserError(f"「{name}」的工作表「{sheet}」有 {rows:,} 行，超过 {limit:,} 行。", code="too-many-rows", hint="请按年份或乡镇拆成几个文件。")


def _read(data: bytes, name: str, max_rows: int) -> tuple[FileKind, list[SheetGrid], list[Problem]]:
    from liantu.kernel import sheets_excel, sheets_text

    start = data[:4096]
    if start.startswith(b"PK"):
        return sheets_excel.read_zip(data, name, max_rows)
    if start.startswith(OLE):
        return sheets_excel.read_ole(data, name)
    if start[:2] == b"\x09\x08" or start[:4] in (b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00"):
        return sheets_excel.read_xls(data, name)
    _refuse_others(start, name)
    if sheets_text.is_mhtml(start):
        data = sheets_text.html_of_mhtml(data, name)
        return "html", sheets_text.read_html(data, name), []
    if sheets_text.is_xml_2003(start):
        return "html", sheets_text.read_xml_2003(data, name), []
    if sheets_text.is_html(start):
        return "html", sheets_text.read_html(data, name), []
    sheet, notes = sheets_text.read_csv(data, name, max_rows)
    return "csv", [sheet], notes


_OTHERS: tuple[tuple[tuple[bytes, ...], str, str, str], ...] = (
    ((b"%PDF",), "file-is-pdf", "是 PDF，不是表格", "请向提供单位要 Excel 表；PDF 里的表不能可靠地读出。"),
    ((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"), "file-is-archive", "是压缩包", "请解压后，一个一个上传里面的表格。"),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*"), "file-is-picture", "是图片", "请上传表格原件，不能用照片或截图。"),
    ((b"{\\rtf",), "file-is-word", "是文字文档", "请把其中的表格复制到 Excel 或 WPS 表格里再上传。"),
)


def _refuse_others(start: bytes, name: str) -> None:
    for marks, code, what, hint in _OTHERS:
        if start.startswith(marks) and not (marks[0] == b"\x89PNG" and start.startswith(b"BM") and b"," in start[:200]):
            raise UserError(f"「{name}」{what}。", code=code, hint=hint)
