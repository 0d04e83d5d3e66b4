"""Lists on slides as native tables: heads repeat on each slide, rows fit their height, the last column holds the passport."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from liantu.drawing.shapes import Box
from liantu.drawing.slide_shapes import EMU_PER_POINT
from liantu.drawing.style import FAINT, INK, SLIDE_FONT
from liantu.drawing.text import clean, fit, printable, text_width
from liantu.kernel.columns import Column
from liantu.kernel.output import Result
from liantu.kernel.passport import passport_id
from liantu.papers.cells import HIDDEN, cell_text, header, is_hidden
from liantu.papers.xlsx_sheet import Tint, no_tint

SIZE, ID_SIZE, SMALLEST = 9.0, 7.0, 7.0
PAD = 4.0
ID_WIDTH = 66.0
SAID = ("chain_name", "chain_code", "evidence", "proven_stage")  # said by the page, or too long for a slide
HEAD_FILL, RULE = "#DCE8F2", "#C9D5E1"
LEAST = {"money": 58.0, "number": 50.0, "integer": 42.0, "share": 46.0, "date": 58.0, "flag": 34.0, "year": 38.0}
MOST = {"name": 150.0, "long_text": 210.0, "words": 130.0, "text": 130.0, "choice": 92.0}


@dataclass(frozen=True)
class Type:
    """Type size and heights of rows and heads, in points; a row holds two lines."""

    size: float
    row: float
    head: float


CLOSE, WIDE = Type(9.0, 27.0, 29.0), Type(11.0, 35.0, 35.0)


@dataclass(frozen=True)
class Cell:
    """Text of a cell and how it looks."""

    text: str
    align: str = "l"
    size: float = SIZE
    colour: str = INK
    bold: bool = False
    fill: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of cells under heads; ``widths`` in points.

    ``about`` is the alternative text by which figures are read back: ``output: column, column …`` when the last cell of a row is the
    row's passport id, ``figure: 3`` when it is the id of the figure in the third cell.
    """

    name: str
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    about: str = ""
    type: Type = CLOSE

    @property
    def height(self) -> float:
        return self.type.head + self.type.row * len(self.rows)


def rows_in(height: float, look: Type = CLOSE) -> int:
    """How many rows a table of this height holds."""
    return int((height - look.head) / look.row)


def result_tables(result: Result, columns: Sequence[Column], width: float, height: float, *, language: str = "zh", limit: int = 0,
                  tint: Callable[[Column, Any], Tint | None] = no_tint) -> Iterator[Table]:
    """A list cut into tables that fit a slide, in larger type when it is short. Columns that do not fit are left to the workbook."""
    frame = result.frame.head(limit) if limit else result.frame
    look = WIDE if frame.height <= rows_in(height, WIDE) else CLOSE
    chosen = fitting(result, columns, width - ID_WIDTH, language, look.size)
    widths = _spread([w for _, w in chosen], width - ID_WIDTH)
    heads = (*(Cell(header(c, language), "r" if c.numeric else "l", look.size, bold=True) for c, _ in chosen), Cell("凭证号" if language == "zh" else "Passport", size=SIZE, bold=True))
    lines = [_cells(result, row, [c for c, _ in chosen], language, tint, look.size) for row in frame.iter_rows(named=True)]
    each = rows_in(height, look)
    about = f"{result.output.name}: {', '.join(c.name for c, _ in chosen)}"
    for start in range(0, len(lines), each):
        yield Table(result.output.zh, heads, tuple(lines[start:start + each]), (*widths, ID_WIDTH), about, look)


def _cells(result: Result, row: dict[str, Any], columns: Sequence[Column], language: str, tint: Callable[[Column, Any], Tint | None],
           size: float) -> tuple[Cell, ...]:
    key, cells = result.key_of(row), []
    for column in columns:
        look = tint(column, row[column.name])
        if is_hidden(result, key, column):
            cells.append(Cell(HIDDEN, "r", size))
        elif look:
            cells.append(Cell(look.word or cell_text(row[column.name], column, language), size=size, colour=look.ink, bold=True, fill=look.fill))
        else:
            cells.append(Cell(cell_text(row[column.name], column, language), "r" if column.numeric else "l", size))
    return (*cells, Cell(passport_id(result.output.name, key, result.edition.number), size=ID_SIZE, colour=FAINT))


def wanted(result: Result, column: Column, language: str, size: float = SIZE) -> float:
    """The width in points that a column asks for: its longest value on one line, or on two when it is long; its head on two."""
    values = [cell_text(v, column, language) for v in result.frame[column.name].head(60).to_list()]
    sign = text_width("● ", size) if column.name in ("lamp", "status") else 0.0
    longest = max((text_width(v, size) for v in values), default=0) + sign + 2 * PAD + 3
    head = max(text_width(part, size) for part in header(column, language).replace("(", "（").split("（")) + 2 * PAD + 3
    if column.numeric or column.kind in LEAST:
        return max(longest, head, LEAST.get(column.kind, 40.0) * size / SIZE)
    return max(head, 40.0, min(longest, MOST.get(column.kind, 110.0) * size / SIZE))


def _rank(at: int, column: Column) -> tuple[int, int]:
    """What a slide shows first: what the row is, how it stands, its money and shares, then the rest in order."""
    told = 0 if at == 0 else 1 if column.name in ("lamp", "status", "stage", "state", "node_name") else 2 if column.kind in ("money", "share") else 3
    return told, at


def fitting(result: Result, columns: Sequence[Column], width: float, language: str, size: float) -> list[tuple[Column, float]]:
    """The columns for which there is room, in their order. What machines need, what the page says already and columns without any value are left out."""
    useful = [(at, c) for at, c in enumerate(columns)
              if c.name not in SAID and c.kind != "uscc" and not c.name.endswith("_code") and c.unit != "号" and result.frame[c.name].null_count() < result.frame.height]
    used, kept = 0.0, []
    for at, column in sorted(useful, key=lambda one: _rank(*one)):
        asked = wanted(result, column, language, size)
        if used + asked <= width:
            used += asked
            kept.append((at, column, asked))
    return [(column, asked) for _, column, asked in sorted(kept, key=lambda k: k[0])]


def _spread(widths: Sequence[float], width: float) -> list[float]:
    """The widths stretched evenly to fill the table."""
    spare = (width - sum(widths)) / max(1, len(widths))
    return [w + spare for w in widths]


def table_xml(table: Table, box: Box, shape_id: int) -> str:
    """A native table at the top left of the box."""
    def emu(points: float) -> int:
        return round(points * EMU_PER_POINT)

    grid = "".join(f'<a:gridCol w="{emu(w)}"/>' for w in table.widths)
    head = _row(table.heads, table.widths, table.type.head, HEAD_FILL)
    body = "".join(_row(row, table.widths, table.type.row) for row in table.rows)
    about = f' descr="{escape(clean(table.about))}"' if table.about else ""
    return (f'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="{shape_id}" name="{escape(clean(table.name))}"{about}/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/>'
            f'</p:nvGraphicFramePr><p:xfrm><a:off x="{emu(box.x)}" y="{emu(box.y)}"/><a:ext cx="{emu(sum(table.widths))}" cy="{emu(table.height)}"/></p:xfrm>'
            f'<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/table"><a:tbl><a:tblPr firstRow="1"/><a:tblGrid>{grid}</a:tblGrid>{head}{body}</a:tbl>'
            "</a:graphicData></a:graphic></p:graphicFrame>")


def _row(cells: Sequence[Cell], widths: Sequence[float], height: float, fill: str = "") -> str:
    inner = "".join(_cell(cell, width, fill or cell.fill) for cell, width in zip(cells, widths, strict=True))
    return f'<a:tr h="{round(height * EMU_PER_POINT)}">{inner}</a:tr>'


def _cell(cell: Cell, width: float, fill: str) -> str:
    room = width - 2 * PAD - 1
    fitted = fit(cell.text, (room, room), cell.size, min(cell.size, SMALLEST))
    look = (f'lang="zh-CN" sz="{round(fitted.size * 100)}" b="{int(cell.bold)}" dirty="0"><a:solidFill><a:srgbClr val="{cell.colour.lstrip("#").upper()}"/></a:solidFill>'
            f'<a:latin typeface="{SLIDE_FONT}"/><a:ea typeface="{SLIDE_FONT}"/><a:cs typeface="{SLIDE_FONT}"/>')
    runs = f"<a:br><a:rPr {look}</a:rPr></a:br>".join(f"<a:r><a:rPr {look}</a:rPr><a:t>{escape(printable(line), quote=False)}</a:t></a:r>" for line in fitted.lines)
    words = f'<a:p><a:pPr algn="{cell.align}"><a:lnSpc><a:spcPct val="92000"/></a:lnSpc></a:pPr>{runs}{"" if runs else f"<a:endParaRPr {look}</a:endParaRPr>"}</a:p>'
    rule = f'<a:solidFill><a:srgbClr val="{RULE.lstrip("#")}"/></a:solidFill>'
    lines = "".join(f'<a:{side} w="6350">{rule if side in ("lnT", "lnB") else "<a:noFill/>"}</a:{side}>' for side in ("lnL", "lnR", "lnT", "lnB"))
    painted = f'<a:solidFill><a:srgbClr val="{fill.lstrip("#").upper()}"/></a:solidFill>' if fill else "<a:noFill/>"
    pad, tight = round(PAD * EMU_PER_POINT), round(1.2 * EMU_PER_POINT)
    return (f"<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>{words}</a:txBody>"
            f'<a:tcPr marL="{pad}" marR="{pad}" marT="{tight}" marB="{tight}" anchor="ctr">{lines}{painted}</a:tcPr></a:tc>')
