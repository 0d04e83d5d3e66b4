"""Files that must be refused in plain words."""

from __future__ import annotations

import io
import struct
import zipfile

import xlwt
from xlwt.CompoundDoc import XlsDoc

from tests.intake.cases_files import GRID
from tests.intake.make_sheets import bad, text, xls, xlsx


def ole(stream: str) -> bytes:
    """An OLE container whose one stream has the given name (a container of BIFF with the name replaced)."""
    data = xls({"a": [["x"]]})
    old, new = "Workbook".encode("utf-16-le"), stream.encode("utf-16-le")
    at = data.index(old)
    field = new[:62].ljust(64, b"\0")
    return data[:at] + field + struct.pack("<H", len(new) + 2) + data[at + 66:]


def biff_with_password() -> bytes:
    """A BIFF8 stream that carries a FILEPASS record."""
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, "x")
    stream = book.get_biff_data()
    length = 4 + struct.unpack("<H", stream[2:4])[0]
    stream = stream[:length] + struct.pack("<HHHHHH", 0x2F, 54, 1, 1, 1, 0) + b"\1" * 48 + stream[length:]
    out = io.BytesIO()
    XlsDoc().save(out, stream)
    return out.getvalue()


def archive(**entries: bytes) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in entries.items():
            zipped.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def bomb() -> bytes:
    """A workbook whose sheet expands a thousandfold to 400 MB."""
    out = io.BytesIO(xlsx({"Sheet1": GRID}))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped, zipped.open("xl/worksheets/sheet9.xml", "w", force_zip64=True) as entry:
        for _ in range(400):
            entry.write(b"\0" * 1_000_000)
    return out.getvalue()


def far_cell() -> bytes:
    """A small table and one stray cell at the last place of the sheet."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(xlsx({"Sheet1": GRID})))
    book["Sheet1"]["XFD1048576"] = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


bad("empty", "空.xlsx", lambda: b"", "file-empty")
bad("zeros", "零.xls", lambda: b"\0" * 5000, "file-empty")
bad("blank_workbook", "空白.xlsx", lambda: xlsx({"Sheet1": []}), "file-empty")
bad("blank_text", "空白.csv", lambda: b"\xef\xbb\xbf\r\n\r\n", "file-empty")
bad("only_separators", "空白.csv", lambda: b",,,\r\n,,,\r\n", "file-empty")
bad("encrypted_xlsx", "加密.xlsx", lambda: ole("EncryptedPackage"), "file-encrypted")
bad("encrypted_xls", "加密.xls", biff_with_password, "file-encrypted")
bad("truncated_xlsx", "断.xlsx", lambda: xlsx({"Sheet1": GRID})[:2500], "file-damaged")
bad("truncated_xls", "断.xls", lambda: xls({"a": GRID})[:700], "file-damaged")
bad("broken_sheet_xml", "坏.xlsx", lambda: archive(xl__workbook_xml=b"<workbook><sheets>", xl__worksheets__sheet1_xml=b"<worksheet>"), "file-damaged")
bad("pdf_renamed", "名录.xlsx", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "file-is-pdf")
bad("docx_renamed", "名录.xlsx", lambda: archive(word__document_xml=b"<w/>"), "file-is-word")
bad("doc_renamed", "名录.xls", lambda: ole("WordDocument"), "file-is-word")
bad("zip", "名录.zip", lambda: archive(a_xml=b"x"), "file-is-archive")
bad("rar", "名录.rar", lambda: b"Rar!\x1a\x07\x01\x00" + b"\x33" * 100, "file-is-archive")
bad("picture", "截图.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + b"\x11" * 100, "file-is-picture")
bad("bomb", "大.xlsx", bomb, "file-expands")
bad("far_cell", "远.xlsx", far_cell, "too-many-cells")
bad("garbage_bytes", "名录.xls", lambda: bytes(range(1, 32)) * 40, "file-unknown")
bad("prose", "说明.txt", lambda: text("各单位请于本月底前报送。\n联系人张某。\n"), "file-not-table")
bad("page_without_table", "导出.xls", lambda: "<html><body>登录超时，请重新登录</body></html>".encode("gb18030"), "file-not-table")
