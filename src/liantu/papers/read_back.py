"""Figures read back out of a finished paper: each printed text with the passport id that stands on it.

docx keeps ids in content controls, pptx in the alternative text of shapes and the last column of tables, xlsx in the last
column, svg in ``data-passport``. Nothing here needs an edition; :mod:`liantu.papers.verify` compares with one.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lxml import etree

from liantu.kernel.problems import UserError

ROW_ID = re.compile(r"P[0-9A-F]{11}")
FIGURE_ID = re.compile(r"P[0-9A-F]{11}(\.\d+)?")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_EDITION = re.compile(r"(?:正式版次|工作版次|formal edition|working edition)\s*([\w.\-]+)")


@dataclass(frozen=True)
class Printed:
    """One figure as it stands in a paper. ``id`` is a figure id, or a row's id; then ``column`` names the column (``output.column``) where it is known.

    ``value`` is what a sheet's cell holds (numbers and days as such), else the printed text; ``where`` tells a person where it stands.
    """

    id: str
    text: str
    where: str
    column: str = ""
    value: Any = None


@dataclass(frozen=True)
class ReadBack:
    """What a paper says about itself: its figures, and the numbers of the editions that it names."""

    figures: tuple[Printed, ...]
    editions: tuple[str, ...]


def figures_in(path: Path) -> list[tuple[str, str]]:
    """(passport id, printed text) of every figure in a docx, pptx, xlsx or svg."""
    return [(f.id, f.text) for f in read_back(path).figures]


def read_back(path: Path) -> ReadBack:
    """The figures of a paper. Raises UserError for a file that is not one of these, or cannot be read."""
    readers = {".docx": _docx, ".pptx": _pptx, ".xlsx": _xlsx, ".svg": _svg}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise UserError(f"不能读回「{path.name}」。", code="unknown-format", hint="可核对 docx、pptx、xlsx、svg。")
    try:
        return reader(path.read_bytes())
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, etree.XMLSyntaxError) as problem:
        raise UserError(f"读不开「{path.name}」：{problem}", code="unreadable-file", hint="请确认文件完整、没有被改名或加密。") from problem


def _parsed(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))


def _editions(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_EDITION.findall(text)))


def _docx(data: bytes) -> ReadBack:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = [_parsed(packed.read(n)) for n in packed.namelist() if re.fullmatch(r"word/(document|header\d*|footer\d*)\.xml", n)]
    found = []
    for part in parts:
        for control in part.iter(f"{_W}sdt"):
            tag = control.find(f"{_W}sdtPr/{_W}tag")
            if tag is not None and FIGURE_ID.fullmatch(tag.get(f"{_W}val", "")):
                title = control.find(f"{_W}sdtPr/{_W}alias")
                found.append(Printed(tag.get(f"{_W}val"), _words(control, f"{_W}t"), title.get(f"{_W}val", "") if title is not None else ""))
    return ReadBack(tuple(found), _editions("\n".join(_words(p, f"{_W}t") for part in parts for p in part.iter(f"{_W}p"))))


def _words(element: Any, tag: str) -> str:
    return "".join(t.text or "" for t in element.iter(tag))


def _pptx(data: bytes) -> ReadBack:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        names = sorted((n for n in packed.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", n)), key=lambda n: int(re.findall(r"\d+", n)[0]))
        slides = [_parsed(packed.read(n)) for n in names]
    found: list[Printed] = []
    for number, slide in enumerate(slides, 1):
        for shape in slide.iter(f"{_P}sp", f"{_P}grpSp"):
            about = shape.find(f"*/{_P}cNvPr")
            if about is not None and FIGURE_ID.fullmatch(about.get("descr", "")):
                found.append(Printed(about.get("descr"), _words(shape, f"{_A}t"), f"第 {number} 页 {about.get('name', '')}"))
        for frame in slide.iter(f"{_P}graphicFrame"):
            found += _slide_table(frame, number)
    return ReadBack(tuple(found), _editions("\n".join(_words(slide, f"{_A}t") for slide in slides)))


def _slide_table(frame: Any, number: int) -> Iterator[Printed]:
    """Cells of a table that describes itself (:class:`liantu.papers.deck_table.Table`) and whose last column holds passport ids."""
    about = frame.find(f"{_P}nvGraphicFramePr/{_P}cNvPr")
    output, mark, columns = (about.get("descr", "") if about is not None else "").partition(": ")
    if not mark:
        return
    where, names = f"第 {number} 页 {about.get('name', '')}", columns.split(", ")
    for row in frame.iter(f"{_A}tr"):
        cells = [_words(cell, f"{_A}t") for cell in row.iter(f"{_A}tc")]
        if output == "figure" and FIGURE_ID.fullmatch(cells[-1]):
            yield Printed(cells[-1], cells[int(columns) - 1], where)
        elif ROW_ID.fullmatch(cells[-1]):
            for name, text in zip(names, cells[:-1], strict=True):
                yield Printed(cells[-1], text, where, f"{output}.{name}", text)


def _xlsx(data: bytes) -> ReadBack:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    codes = _codes(next((rows for name, rows in sheets.items() if name in ("说明", "About")), []))
    found: list[Printed] = []
    for name, rows in sheets.items():
        head = next((i for i, row in enumerate(rows) if row and row[-1] in ("凭证号", "Passport")), None)
        if head is None:
            continue
        columns = [codes.get((str(rows[0][0]), str(word)), "") for word in rows[head]]
        for row in rows[head + 1:]:
            if row[-1] and ROW_ID.fullmatch(str(row[-1])):
                found += [Printed(row[-1], _plain(value), f"{name} {word}", column, value)
                          for word, column, value in zip(rows[head], columns, row, strict=True) if column]
    text = "\n".join(str(cell) for rows in sheets.values() for row in rows[:4] for cell in row if isinstance(cell, str))
    return ReadBack(tuple(found), _editions(text))


def _codes(rows: list[tuple[Any, ...]]) -> dict[tuple[str, str], str]:
    """(title of the list, head) → ``output.column``, from the sheet of explanations."""
    known, title = {}, ""
    for row in rows:
        word, code = row[0], row[2] if len(row) > 2 else None
        if code in ("代号", "Code"):
            title = str(word)
        elif code and "." in str(code):
            known[title, str(word)] = str(code)
    return known


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        value = value.date()
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _svg(data: bytes) -> ReadBack:
    root = _parsed(data)
    found = [Printed(e.get("data-passport"), " ".join(t.strip() for t in e.itertext() if t.strip()), e.get("data-code", "")) for e in root.iter() if isinstance(e.tag, str) and FIGURE_ID.fullmatch(e.get("data-passport", ""))]
    return ReadBack(tuple(found), _editions("\n".join(root.itertext())))
