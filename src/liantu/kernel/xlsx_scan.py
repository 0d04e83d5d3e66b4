"""A cheap walk through the XML of an xlsx before it is read: how large it is, and the cells that the reader drops.

The reader answers an empty cell for errors (``#REF!``), for formulas without a stored result, and does not tell which
numbers are shown as percentages; and it allocates rows × columns, so one stray cell far out can exhaust the memory.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from xml.sax.saxutils import unescape

from liantu.kernel.problems import UserError
from liantu.kernel.sheets import cell_limit, column_letter, column_number, too_many_rows

_MAX_EXPANDED = 4_000_000_000
_MAX_RATIO, _RATIO_FROM = 250, 150_000_000
_CHUNK = 1 << 22

_PLACE = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br\s*=\s*["\']([A-Za-z]{1,3})(\d+)["\']')
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br\s*=\s*["\'](\d+)["\']')
_ERROR = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3}\d+)"[^>]*? t="e"[^>]*>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<', re.S)
_FORMULA = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3}\d+)"((?:(?! t="(?:str|e)")[^>])*)>\s*<(?:\w+:)?f(?:[^>]*/>|[^>]*>([^<]*)</(?:\w+:)?f>)\s*'
                      rb'(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)')


@dataclass
class Scan:
    """What the walk found in one sheet: texts to put into cells, by cell name."""

    texts: dict[str, str] = field(default_factory=dict)


def check_zip(archive: zipfile.ZipFile, data: bytes, name: str) -> None:
    """Refuse archives that would expand beyond measure."""
    expanded = sum(info.file_size for info in archive.infolist())
    if expanded > _MAX_EXPANDED or (expanded > _RATIO_FROM and expanded > _MAX_RATIO * len(data)):
        raise _bomb(name)
    places = sorted((info.header_offset, info.compress_size) for info in archive.infolist())
    if any(a + size > b for (a, size), (b, _) in pairwise(places)):
        raise _bomb(name)


def _bomb(name: str) -> UserError:
    return UserError(f"「{name}」解开后大得不正常，没有读。", code="file-expands", hint="请用 Excel 或 WPS 打开，删去空白的行列，另存后再上传。")


def entry_chunks(archive: zipfile.ZipFile, data: bytes, entry: str, name: str) -> Iterator[bytes]:
    """The content of one entry in pieces; an entry that expands beyond its declared size is refused."""
    info = archive.getinfo(entry)
    if info.compress_type != zipfile.ZIP_DEFLATED:
        with archive.open(info) as stream:
            while piece := stream.read(_CHUNK):
                yield piece
        return
    at = info.header_offset
    start = at + 30 + int.from_bytes(data[at + 26:at + 28], "little") + int.from_bytes(data[at + 28:at + 30], "little")
    packed, total, inflate = data[start:start + info.compress_size], 0, zlib.decompressobj(-15)
    while not inflate.eof:
        try:
            piece = inflate.decompress(packed, _CHUNK)
        except zlib.error as error:
            raise zipfile.BadZipFile(str(error)) from None
        packed, total = inflate.unconsumed_tail, total + len(piece)
        if total > info.file_size:
            raise _bomb(name)
        if not piece and not packed:
            break
        yield piece


def scan_workbook(archive: zipfile.ZipFile, data: bytes, name: str, max_rows: int) -> dict[str, Scan]:
    """Walk all sheets: sheet name → what was found. Raises UserError for sheets too large to be held."""
    percent = _percent_pattern(archive)
    cells, limit = 0, cell_limit()
    scans = {}
    for sheet, entry in _sheet_entries(archive).items():
        scan, rows, columns = _scan_sheet(entry_chunks(archive, data, entry, name), percent)
        if rows > max_rows:
            raise too_many_rows(name, sheet, rows, max_rows)
        cells += rows * columns
        if cells > limit:
            raise UserError(f"「{name}」的工作表「{sheet}」展开有 {rows:,} 行 × {columns:,} 列（到 {column_letter(columns - 1)}{rows}），太大了。", code="too-many-cells",
                            hint="如果数据没有这么多，多半是远处有零散内容：请删去数据以外的行列；否则请拆成几个文件。")
        scans[sheet] = scan
    return scans


def _sheet_entries(archive: zipfile.ZipFile) -> dict[str, str]:
    names = set(archive.namelist())
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace") if "xl/_rels/workbook.xml.rels" in names else ""
    targets = {}
    for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", relations):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        targets[found.get("Id", "")] = found.get("Target", "")
    entries = {}
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
        found = dict(re.findall(r'([\w:]+)="([^"]*)"', tag))
        target = targets.get(next((v for k, v in found.items() if k.endswith(":id")), ""), "")
        entry = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if entry in names:
            entries[unescape(found.get("name", ""), {"&quot;": '"', "&apos;": "'"})] = entry
    return entries


def _percent_pattern(archive: zipfile.ZipFile) -> re.Pattern[bytes] | None:
    """A pattern of number cells whose style shows a percentage; None when no style does."""
    if "xl/styles.xml" not in archive.namelist():
        return None
    styles = archive.read("xl/styles.xml").decode("utf-8", "replace")
    percent = {"9", "10"}
    for tag in re.findall(r"<(?:\w+:)?numFmt\b[^>]*>", styles):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if "%" in re.sub(r"&quot;.*?&quot;", "", found.get("formatCode", "")):
            percent.add(found.get("numFmtId", ""))
    inside = re.search(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.S)
    formats = re.findall(r'<(?:\w+:)?xf\b[^>]*?numFmtId="(\d+)"', inside.group(0)) if inside else []
    indexes = [str(i).encode() for i, number in enumerate(formats) if number in percent]
    if not indexes:
        return None
    return re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3}\d+)"(?=[^>]* s="(?:' + b"|".join(indexes) + rb')")((?:(?! t="[^n])[^>])*)>'
                      rb'(?:<(?:\w+:)?f[^>]*/>|<(?:\w+:)?f[^>]*>[^<]*</(?:\w+:)?f>)?<(?:\w+:)?v>([-+.\deE]+)<')


def _scan_sheet(chunks: Iterator[bytes], percent: re.Pattern[bytes] | None) -> tuple[Scan, int, int]:
    from liantu.kernel.sheets_excel import percent_text

    scan, rest, last_row, letters, unnamed = Scan(), b"", 0, set(), 0
    for chunk in chunks:
        text = rest + chunk
        cut = text.rfind(b"</row>")
        cut = cut if cut >= 0 else text.rfind(b"</x:row>")
        text, rest = (text[:cut + 8], text[cut + 8:]) if cut >= 0 else (b"", text)
        _look(text, scan, percent, percent_text)
        rows = _ROW.findall(text)
        last_row = max(last_row, int(rows[-1])) if rows else last_row + text.count(b"<row")
        places = _PLACE.findall(text)  # a cell may say another row than the one it stands in, and the reader believes the cell
        letters.update({word for word, _ in places})
        last_row = max(last_row, max(map(int, {number for _, number in places}), default=0))
        unnamed = max(unnamed, text.count(b"<c>") // max(1, text.count(b"<row")))
    columns = max((column_number(c.decode()) + 1 for c in letters), default=unnamed)
    return scan, last_row, columns


def _look(text: bytes, scan: Scan, percent: re.Pattern[bytes] | None, shown: object) -> None:
    if b't="e"' in text:
        for found in _ERROR.finditer(text):
            scan.texts[found.group(1).decode()] = found.group(2).decode("utf-8", "replace")
    if b"<f" in text or b":f" in text:
        for found in _FORMULA.finditer(text):
            formula = unescape((found.group(3) or b"").decode("utf-8", "replace"))
            scan.texts[found.group(1).decode()] = "=" + (formula or "A1")
    if percent is not None:
        for found in percent.finditer(text):
            try:
                scan.texts[found.group(1).decode()] = shown(float(found.group(3)))  # type: ignore[operator]
            except (ValueError, OverflowError):
                continue
