"""Excel and WPS files: xlsx, xlsm, xlsb, ods, xls, renamed .et. Read by calamine; old .xls is read by xlrd as well and compared."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import python_calamine
import xlrd  # type: ignore[import-untyped]

from liantu.kernel.problems import Problem, UserError
from liantu.kernel.sheets import CellValue, FileKind, SheetGrid, column_number
from liantu.kernel.xlsx_scan import Scan, check_zip, scan_workbook

Read = tuple[FileKind, list[SheetGrid], list[Problem]]

_PLAIN_TYPES = frozenset([str, int, float, bool, date, datetime, type(None)])
_XLRD_UP_TO = 30_000_000  # bytes of .xls that are read a second time for comparing
_COMPARED_ROWS = 25


def damaged(name: str) -> UserError:
    """The refusal of a file that starts like a workbook and cannot be read."""
    return UserError(f"「{name}」不完整或已损坏，读不出来。", code="file-damaged", hint="请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。")


def encrypted(name: str) -> UserError:
    """The refusal of a file with a password."""
    return UserError(f"「{name}」有打开密码。", code="file-encrypted", hint="请在 Excel 或 WPS 里取消密码，保存后再上传。")


def read_zip(data: bytes, name: str, max_rows: int) -> Read:
    """A zip container: xlsx/xlsm/xlsb/ods are read, others refused by what they are."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            _refuse_zip(names, archive, name)
            check_zip(archive, data, name)
            scans = scan_workbook(archive, data, name, max_rows) if "xl/workbook.xml" in names else {}
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, KeyError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "password" in str(error):
            raise encrypted(name) from None
        raise damaged(name) from None
    notes = [Problem("macros-ignored", file=name)] if "xl/vbaProject.bin" in names else []
    kind: FileKind = "xlsx" if "xl/workbook.xml" in names else "xls"
    sheets = _by_calamine(data, name)
    return kind, [_patched(sheet, scans.get(sheet.name)) for sheet in sheets], notes


def _refuse_zip(names: set[str], archive: zipfile.ZipFile, name: str) -> None:
    if any(n.startswith("xl/workbook") for n in names) or "content.xml" in names:
        if any(info.flag_bits & 1 for info in archive.infolist()):
            raise encrypted(name)
        return
    if any(n.startswith("word/") for n in names):
        raise UserError(f"「{name}」是 Word 文档，不是表格。", code="file-is-word", hint="请把其中的表格复制到 Excel 或 WPS 表格里再上传。")
    if any(n.startswith("ppt/") for n in names):
        raise UserError(f"「{name}」是演示文稿，不是表格。", code="file-is-slides", hint="请上传表格原件。")
    raise UserError(f"「{name}」是压缩包。", code="file-is-archive", hint="请解压后，一个一个上传里面的表格。")


def read_ole(data: bytes, name: str) -> Read:
    """An OLE container: .xls (also as .et) is read; encrypted packages, .doc and .ppt are refused by what they are."""
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise encrypted(name)
    if holds("Workbook") or holds("Book"):
        return read_xls(data, name)
    if holds("WordDocument"):
        raise UserError(f"「{name}」是 Word 文档，不是表格。", code="file-is-word", hint="请把其中的表格复制到 Excel 或 WPS 表格里再上传。")
    if holds("PowerPoint Document"):
        raise UserError(f"「{name}」是演示文稿，不是表格。", code="file-is-slides", hint="请上传表格原件。")
    raise damaged(name)


def read_xls(data: bytes, name: str) -> Read:
    """BIFF by calamine and, up to 30 MB, by xlrd as well: it tells errors and percentages, and guards the first columns."""
    first: list[SheetGrid] | UserError
    try:
        first = _by_calamine(data, name)
    except UserError as error:
        first = error
    second = _by_xlrd(data, name) if len(data) <= _XLRD_UP_TO else None
    if isinstance(first, UserError):
        if second is None:
            raise first
        return "xls", [sheet for sheet, _ in second], []
    if second is None or len(second) != len(first):
        return "xls", first, []
    notes, sheets = [], []
    for ours, (theirs, odd) in zip(first, second, strict=True):
        if _differ(ours, theirs, odd):
            notes.append(Problem("read-by-second", file=name, sheet=ours.name))
            sheets.append(theirs)
            continue
        for (r, c), value in odd.items():
            _put(ours.rows, r, c, value)
        sheets.append(ours)
    return "xls", sheets, notes


def _by_calamine(data: bytes, name: str) -> list[SheetGrid]:
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return [_calamine_sheet(book, meta) for meta in book.sheets_metadata
                    if meta.typ == python_calamine.SheetTypeEnum.WorkSheet]
    except python_calamine.PasswordError:
        raise encrypted(name) from None
    except UserError:
        raise
    except Exception as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise encrypted(name) from None
        raise damaged(name) from None
    except BaseException as error:  # a panic inside the reader is not an Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise damaged(name) from None


def _calamine_sheet(book: Any, meta: Any) -> SheetGrid:
    sheet = book.get_sheet_by_name(meta.name)
    rows: list[list[CellValue]] = sheet.to_python(skip_empty_area=False)
    for i, row in enumerate(rows):
        if not _PLAIN_TYPES.issuperset(map(type, row)):
            rows[i] = [cell if type(cell) in _PLAIN_TYPES else str(cell) for cell in row]
        if "" in row:
            rows[i] = [None if cell == "" else cell for cell in rows[i]]
    merged = [(a[0], a[1], b[0], b[1]) for a, b in (sheet.merged_cell_ranges or [])]
    return SheetGrid(meta.name, rows, merged, meta.visible != python_calamine.SheetVisibleEnum.Visible)


def _put(rows: list[list[CellValue]], row: int, column: int, value: CellValue) -> None:
    while len(rows) <= row:
        rows.append([])
    if len(rows[row]) <= column:
        rows[row].extend([None] * (column + 1 - len(rows[row])))
    rows[row][column] = value


def _patched(sheet: SheetGrid, scan: Scan | None) -> SheetGrid:
    if scan is not None:
        for place, text in scan.texts.items():
            letters = place.rstrip("0123456789")
            _put(sheet.rows, int(place[len(letters):]) - 1, column_number(letters), text)
    return sheet


# -- xlrd ---------------------------------------------------------------------------------------------------------

Odd = dict[tuple[int, int], CellValue]


def _by_xlrd(data: bytes, name: str) -> list[tuple[SheetGrid, Odd]] | None:
    """The same sheets by the other reader, and the cells that only it knows; None when it cannot read the file."""
    for formats in (True, False):
        try:
            with xlrd.open_workbook(file_contents=data, formatting_info=formats, logfile=io.StringIO()) as book:
                return [_xlrd_sheet(book, sheet) for sheet in book.sheets()]
        except Exception as error:  # xlrd raises bare AssertionError, IndexError, struct.error … on odd files
            if "encrypted" in str(error).lower():
                raise encrypted(name) from None
    return None


def _xlrd_sheet(book: Any, sheet: Any) -> tuple[SheetGrid, Odd]:
    percent = _percent_formats(book)
    rows: list[list[CellValue]] = []
    odd: Odd = {}
    for r in range(sheet.nrows):
        types, values = sheet.row_types(r), sheet.row_values(r)
        row: list[CellValue] = []
        for c, (kind, value) in enumerate(zip(types, values, strict=True)):
            cell = _xlrd_cell(book, kind, value)
            if kind == xlrd.XL_CELL_ERROR:
                odd[r, c] = cell
            elif kind == xlrd.XL_CELL_NUMBER and percent and sheet.cell_xf_index(r, c) in percent:
                odd[r, c] = cell = percent_text(value)
            row.append(cell)
        rows.append(row)
    merged = [(a, c, b - 1, d - 1) for a, b, c, d in sheet.merged_cells]
    return SheetGrid(sheet.name, rows, merged, bool(sheet.visibility)), odd


def _percent_formats(book: Any) -> set[int]:
    formats = getattr(book, "format_map", {})
    return {i for i, xf in enumerate(getattr(book, "xf_list", [])) if "%" in getattr(formats.get(xf.format_key), "format_str", "")}


def _xlrd_cell(book: Any, kind: int, value: Any) -> CellValue:
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) or value == "":
        return None
    if kind == xlrd.XL_CELL_DATE:
        try:
            moment: datetime = xlrd.xldate_as_datetime(value, book.datemode)
        except Exception:
            return float(value)
        return moment.date() if moment.time() == datetime.min.time() else moment
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, "#N/A"))
    return float(value) if kind == xlrd.XL_CELL_NUMBER else str(value)


def percent_text(value: float) -> str:
    """A stored 0.35 that is shown as a percentage, as text: ``35%``."""
    return f"{format(value * 100, '.12g')}%"


def _differ(ours: SheetGrid, theirs: SheetGrid, odd: Odd) -> bool:
    """Whether texts or numbers of the first rows differ between the two readers (dates and odd cells left aside)."""
    for r, row in enumerate(theirs.rows[:_COMPARED_ROWS]):
        other = ours.rows[r] if r < len(ours.rows) else []
        for c, value in enumerate(row[:8]):
            mine = other[c] if c < len(other) else None
            if (r, c) in odd or isinstance(value, (date, bool)) or isinstance(mine, (date, bool)):
                continue
            if isinstance(value, str) and str(mine or "").strip() != value.strip():
                return True
            if isinstance(value, float) and (not isinstance(mine, (int, float)) or abs(mine - value) > 1e-9 * abs(value)):
                return True
    return False
