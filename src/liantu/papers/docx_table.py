"""Rows of an output as a table of a paper: heads that repeat on every page, rows that do not break, each number with its passport."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import ceil
from typing import Any

from lxml import etree

from liantu.kernel.columns import Column
from liantu.kernel.output import Result
from liantu.kernel.passport import figure_id
from liantu.papers.blocks import Figure, Grid
from liantu.papers.cells import HIDDEN, HIDDEN_NOTE, cell_text, header, is_hidden
from liantu.papers.docx_form import WIDTH, Form
from liantu.papers.docx_xml import clean, control, element, paragraph, run
from liantu.papers.figures import marks, row_name

NOTHING = "—"
LONG = 9  # characters: longer cells stand at the left, shorter ones in the middle
LEAST, MOST, HEAD, KEPT, PAD, NARROW = 2.0, 26.0, 4.0, 5.0, 0.8, 0.6  # in characters: a column at least and at most, a head before it breaks, a text before it breaks; margins of a cell; a Latin letter
MARGIN = 60  # twips at each side of a cell; told in each table, because not every program takes it from the style
CELL_CHARACTER = 210  # twips of a character of 10.5 pt
_WORD = re.compile(r"[\x21-\x7e]+")


def grid_columns(grid: Grid) -> list[tuple[Column, str]]:
    """The columns that this version may show, each with its head."""
    may = {c.name for c in grid.result.columns}
    heads = grid.headers or ("",) * len(grid.columns)
    declared = [(grid.result.output.column(name), head) for name, head in zip(grid.columns, heads, strict=True) if name in may]
    return [(column, head) for column, head in declared]


def grid_rows(grid: Grid) -> list[dict[str, Any]]:
    """The rows that are shown."""
    frame = grid.result.frame.head(grid.limit) if grid.limit else grid.result.frame
    return list(frame.iter_rows(named=True))


def grid_xml(grid: Grid, number: int, form: Form) -> list[etree._Element]:
    """Caption, table and notes. Without rows a line says so instead."""
    language = "zh" if form.official else "en"
    columns, rows = grid_columns(grid), grid_rows(grid)
    caption = paragraph("Caption", run(f"表{number}　{grid.title}" if form.official else f"Table {number}. {grid.title}"))
    if not rows or not columns:
        return [caption, paragraph("TableNote", run("（本期没有符合条件的记录）" if form.official else "(no rows)"), properties=(element("jc", val="center"),))]
    heads = ["序号" if form.official else "No.", *(head or header(column, language) for column, head in columns)]
    texts = [[_text(grid.result, row, column, language) for column, _ in columns] for row in rows]
    made = table(heads, [[[run(str(at))], *cells] for at, cells in enumerate(([_content(grid.result, row, column, text, language) for (column, _), text in zip(columns, line, strict=True)]
                                                                              for row, line in zip(rows, texts, strict=True)), start=1)],
                 widths([heads, *([str(at), *line] for at, line in enumerate(texts, start=1))]),
                 ["TableMiddle", *(_style(column, [line[at] for line in texts]) for at, (column, _) in enumerate(columns))])
    notes = [n for n in (grid.note, HIDDEN_NOTE[language] if any(HIDDEN in line for line in texts) else "") if n]
    return [caption, made, paragraph("TableNote", run(("注：" if form.official else "Note: ") + "；".join(notes))) if notes else paragraph("TableNote")]


def _text(result: Result, row: Mapping[str, Any], column: Column, language: str) -> str:
    if is_hidden(result, result.key_of(row), column):
        return HIDDEN
    return clean(cell_text(row[column.name], column, language)) or NOTHING


def _content(result: Result, row: Mapping[str, Any], column: Column, text: str, language: str) -> list[etree._Element]:
    """A cell: a number is a content control that carries its passport id, a text is a text."""
    if not column.numeric or column.unit == "号" or text == NOTHING:
        return [run(text)]
    basis, verified = marks(result.output, row, result.edition, language)
    label = f"{row_name(result, row)} {column.zh if language == 'zh' else column.en}"
    return [control(Figure(text, figure_id(result.output, result.key_of(row), column.name, result.edition.number), label, basis, verified))]


def _style(column: Column, texts: list[str]) -> str:
    if column.numeric:
        return "TableNumber"
    return "TableText" if max((len(t) for t in texts), default=0) > LONG else "TableMiddle"


def _wide(text: str) -> float:
    return sum(1.0 if ord(c) >= 0x2E80 else NARROW for c in text)


def widths(lines: list[list[str]], whole: int = WIDTH) -> list[int]:
    """Column widths in twips that fill the type area: first what no column can do without, the rest to the columns whose texts are long.

    A head may take two lines and its unit a third; numbers and Latin words do not break, Chinese texts do after five characters.
    """
    least, wanted = [], []
    for at in range(len(lines[0])):
        head = max(_wide(part) if _wide(part) <= HEAD else max(ceil(_wide(part) / 2), _latin(part)) for part in _head_lines(lines[0][at]))
        texts = [line[at] for line in lines[1:]]
        least.append(max(LEAST, head, *(max(_latin(t), min(KEPT, _wide(t))) for t in texts)) + PAD)
        wanted.append(max(least[-1], min(MOST, max((_wide(t) for t in texts), default=0) + PAD)))
    room = whole / CELL_CHARACTER - sum(least)
    longing = [w - n for w, n in zip(wanted, least, strict=True)]
    shares = longing if sum(longing) > max(room, 0) else wanted
    made = [round(CELL_CHARACTER * (n + room * s / sum(shares))) for n, s in zip(least, shares, strict=True)] if room > 0 else [round(whole * n / sum(least)) for n in least]
    made[-1] += whole - sum(made)
    return made


def _latin(text: str) -> float:
    """Width of the longest Latin word or number, which must not break."""
    return max((len(w) for w in _WORD.findall(text)), default=0) * NARROW


def table(heads: list[str], rows: list[list[list[etree._Element]]], columns: list[int], styles: list[str]) -> etree._Element:
    """A ruled table of the whole width: the head row repeats on each page and no row breaks."""
    borders = element("tblBorders", *(element(side, val="single", sz=8 if side in ("top", "bottom") else 4, space=0, color="000000")
                                      for side in ("top", "left", "bottom", "right", "insideH", "insideV")))
    properties = element("tblPr", element("tblW", w=sum(columns), type="dxa"), element("jc", val="center"), borders, element("tblLayout", type="fixed"),
                         element("tblCellMar", element("left", w=MARGIN, type="dxa"), element("right", w=MARGIN, type="dxa")))
    head = element("tr", element("trPr", element("cantSplit"), element("tblHeader")), *(_cell(_head(word), width, "TableHead") for word, width in zip(heads, columns, strict=True)))
    body = [element("tr", element("trPr", element("cantSplit")), *(_cell(content, width, style) for content, width, style in zip(row, columns, styles, strict=True))) for row in rows]
    return element("tbl", properties, element("tblGrid", *(element("gridCol", w=w) for w in columns)), head, *body)


def _cell(content: list[etree._Element], width: int, style: str) -> etree._Element:
    return element("tc", element("tcPr", element("tcW", w=width, type="dxa"), element("vAlign", val="center")), paragraph(style, *content))


def _head_lines(word: str) -> list[str]:
    """A head and its unit, each on a line of its own."""
    at = word.find("（") if word.endswith("）") else -1
    return [word[:at], word[at:]] if at > 0 else [word]


def _head(word: str) -> list[etree._Element]:
    first, *rest = _head_lines(word)
    return [run(first), *(made for line in rest for made in (element("r", element("br")), run(line)))]
