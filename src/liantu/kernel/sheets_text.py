"""Text files: csv and tab-separated text in utf-8, utf-16 or gb18030, and web pages that pose as .xls."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import re
from typing import Any

from lxml import etree, html  # type: ignore[import-untyped]

from liantu.kernel.problems import Problem, UserError
from liantu.kernel.sheets import CellValue, SheetGrid, cell_limit, too_many_rows

_DELIMITERS = (",", "\t", ";", "|", "，")
_FIELD_LIMIT = 10_000_000
_SPAN_LIMIT = 2_000
_SS = "urn:schemas-microsoft-com:office:spreadsheet"


def decode(data: bytes, name: str) -> str:
    """Text in the first encoding that fits: by its mark, utf-8, gb18030. Raises UserError for bytes that are no text."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                break
    if data.count(b"\x00") > len(data) // 1000:
        raise unknown(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(1 for c in text[:20_000] if ord(c) < 32 and c not in "\r\n\t\f\x1a") * 50 <= min(len(text), 20_000):
            return text
    raise unknown(name)


def unknown(name: str) -> UserError:
    """The refusal of a file that is no kind of table we know."""
    return UserError(f"「{name}」不是能读的表格文件。", code="file-unknown", hint="能读 .xlsx、.xls、.et、.csv；请另存为 .xlsx 后再上传。")


# -- csv ----------------------------------------------------------------------------------------------------------

def read_csv(data: bytes, name: str, max_rows: int) -> tuple[SheetGrid, list[Problem]]:
    """Separated text; the separator is the one that cuts most lines into the same number of fields."""
    text = decode(data, name).replace("\x00", "")
    if not text.strip("\ufeff \r\n\t\x1a"):
        raise UserError(f"「{name}」里没有任何内容。", code="file-empty", hint="请确认选对了文件。")
    delimiter = _delimiter(text)
    if delimiter is None:
        raise UserError(f"「{name}」是文字，不是表格。", code="file-not-table", hint="能读 .xlsx、.xls、.et、.csv；请另存为 .xlsx 后再上传。")
    if text.count(delimiter) + text.count("\n") > cell_limit():
        raise UserError(f"「{name}」太大，这台机器的内存放不下。", code="too-many-cells", hint="请按年份或乡镇拆成几个文件。")
    notes: list[Problem] = []
    rows = _csv_rows(text, delimiter, csv.QUOTE_MINIMAL, name, max_rows)
    if rows is None or any(isinstance(c, str) and c.count("\n") > 30 for row in rows for c in row):
        notes.append(Problem("quotes-unbalanced", file=name))
        rows = _csv_rows(text, delimiter, csv.QUOTE_NONE, name, max_rows) or []
    return SheetGrid(re.sub(r"\.\w{1,5}$", "", name) or name, rows), notes


def _delimiter(text: str) -> str | None:
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:60]
    best, best_score = None, 0.0
    for delimiter in _DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        cut = [c for c in counts if c]
        if not cut:
            continue
        usual = max(set(cut), key=cut.count)
        score = cut.count(usual) / len(lines) * min(usual, 30) + len(cut) / len(lines)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _csv_rows(text: str, delimiter: str, quoting: Any, name: str, max_rows: int) -> list[list[CellValue]] | None:
    before = csv.field_size_limit(_FIELD_LIMIT)
    rows: list[list[CellValue]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting):
            rows.append([_csv_cell(cell) for cell in row])
            if len(rows) > max_rows:
                raise too_many_rows(name, name, len(rows), max_rows)
    except csv.Error:
        return None
    finally:
        csv.field_size_limit(before)
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _csv_cell(cell: str) -> CellValue:
    if cell.startswith('="') and cell.endswith('"'):  # ="9144…" keeps digits in a spreadsheet
        cell = cell[2:-1]
    return cell or None


# -- html ---------------------------------------------------------------------------------------------------------

def is_html(start: bytes) -> bool:
    """Whether the first bytes are a web page."""
    plain = _ascii(start)
    return bool(re.search(r"<(?:!doctype html|html|head|body|table|meta)\b", plain))


def is_xml_2003(start: bytes) -> bool:
    """Whether the first bytes are an Excel 2003 XML workbook."""
    plain = _ascii(start)
    return _SS in plain and "<workbook" in plain.replace("ss:workbook", "workbook")


def is_mhtml(start: bytes) -> bool:
    """Whether the first bytes are a single-file web page."""
    return _ascii(start).lstrip().startswith("mime-version:") and "multipart" in _ascii(start)


def _ascii(start: bytes) -> str:
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return start.decode("utf-16", "ignore").lower()
    return start.decode("latin-1").lower()


def html_of_mhtml(data: bytes, name: str) -> bytes:
    """The first page inside a single-file web page."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and b"<table" in content.lower():
                return content
    raise unknown(name)


def read_html(data: bytes, name: str) -> list[SheetGrid]:
    """The tables of a web page, one sheet each; nested tables count once. Spans become merged ranges."""
    text = decode(data, name)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        page = html.document_fromstring(text, parser=html.HTMLParser(huge_tree=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise unknown(name) from None
    tables = [table for table in page.iter("table") if not any(True for _ in table.iterancestors("table"))]
    if not tables:
        raise UserError(f"「{name}」是网页，里面没有表格。", code="file-not-table", hint="请在系统里重新导出 Excel 表。")
    base = re.sub(r"\.\w{1,5}$", "", name) or name
    return [_html_sheet(table, base if len(tables) == 1 else f"表{i}") for i, table in enumerate(tables, 1)]


def _span(cell: Any, which: str) -> int:
    text = re.sub(r"\D", "", cell.get(which) or "1")[:6]
    return max(1, min(int(text or 1), _SPAN_LIMIT))


def _html_sheet(table: Any, name: str) -> SheetGrid:
    rows: list[list[CellValue]] = []
    merged: list[tuple[int, int, int, int]] = []
    taken: set[tuple[int, int]] = set()
    lines = [tr for tr in table.iter("tr") if next(tr.iterancestors("table"), None) is table]
    for r, line in enumerate(lines):
        row: list[CellValue] = []
        for cell in line:
            if not isinstance(cell.tag, str) or cell.tag not in ("td", "th"):
                continue
            while (r, len(row)) in taken:
                row.append(None)
            height, width = min(_span(cell, "rowspan"), len(lines) - r), _span(cell, "colspan")
            if height * width > 1:
                merged.append((r, len(row), r + height - 1, len(row) + width - 1))
                taken.update((r + i, len(row) + j) for i in range(1, height) for j in range(width))
            row.append(_html_text(cell))
            row.extend([None] * (width - 1))
        rows.append(row)
    return SheetGrid(name, rows, merged)


def _html_text(cell: Any) -> str | None:
    for line_break in cell.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    return str(cell.text_content()).replace("\u00a0", " ").strip() or None


# -- Excel 2003 XML -----------------------------------------------------------------------------------------------

def read_xml_2003(data: bytes, name: str) -> list[SheetGrid]:
    """An Excel 2003 XML workbook."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=True))
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise unknown(name)
    return [_xml_sheet(sheet) for sheet in root.iter(f"{{{_SS}}}Worksheet")]


def _xml_sheet(sheet: Any) -> SheetGrid:
    rows: list[list[CellValue]] = []
    merged: list[tuple[int, int, int, int]] = []
    for line in sheet.iter(f"{{{_SS}}}Row"):
        at = int(line.get(f"{{{_SS}}}Index") or len(rows) + 1) - 1
        rows.extend([] for _ in range(min(at, 1_100_000) - len(rows)))
        row: list[CellValue] = []
        for cell in line.iter(f"{{{_SS}}}Cell"):
            column = min(int(cell.get(f"{{{_SS}}}Index") or len(row) + 1) - 1, 16_384)
            row.extend([None] * (column - len(row)))
            across, down = int(cell.get(f"{{{_SS}}}MergeAcross") or 0), int(cell.get(f"{{{_SS}}}MergeDown") or 0)
            if across or down:
                merged.append((len(rows), column, len(rows) + down, column + across))
            row.append(_xml_value(cell.find(f"{{{_SS}}}Data")))
            row.extend([None] * min(across, _SPAN_LIMIT))
        rows.append(row)
    return SheetGrid(str(sheet.get(f"{{{_SS}}}Name") or "Sheet"), rows, merged)


def _xml_value(data: Any) -> CellValue:
    if data is None:
        return None
    text = "".join(data.itertext())
    kind = data.get(f"{{{_SS}}}Type")
    if kind == "Number":
        try:
            return float(text)
        except ValueError:
            return text
    return text[:10] if kind == "DateTime" else text or None
