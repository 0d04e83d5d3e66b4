"""图册 and 清单册 as PDF for the wall and the folder: A3 maps, A4 lists. Needs the extra ``liantu[pdf]``; the rest of a pack does not."""

from __future__ import annotations

import io
import json
import tempfile
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from liantu.drawing.of_output import picture
from liantu.drawing.png import package_fonts
from liantu.drawing.style import FONTS
from liantu.kernel.passport import passport_id
from liantu.kernel.problems import UserError
from liantu.kernel.profile import part_result
from liantu.papers.book import list_sheets
from liantu.papers.cells import HIDDEN, HIDDEN_NOTE, cell_text, header, is_hidden, version_word
from liantu.papers.chain import chain_of
from liantu.papers.deck_table import ID_WIDTH, fitting
from liantu.papers.pack_files import Order, heading
from liantu.papers.parts import map_parts
from liantu.papers.xlsx_sheet import Sheet

TOOLS = ("typst", "pypdf")
A4_ROOM, LIST_SIZE = 774.0, 7.5  # points: A4 lying without its margins; type size of the lists


def missing_tool() -> str:
    """A sentence when PDF books cannot be made here; empty when they can."""
    missing = [name for name in TOOLS if find_spec(name) is None]
    return f"没有装 PDF 组件（{'、'.join(missing)}），图册、清单册和 A3、A0 图没有做，其余材料照做。需要时请执行 pip install 'liantu[pdf]'。" if missing else ""


def atlas(order: Order) -> bytes:
    """The maps of a chain on A3, all their pages, behind a cover with the contents; page numbers throughout."""
    from pypdf import PdfReader, PdfWriter

    maps: list[tuple[str, Any]] = []
    for part in map_parts(order.version):
        title, subtitle = heading(order, order.say(part.title, part.title_en))
        try:
            data = picture(part_result(part, order.edition, order.chain, order.version), order.chain, "pdf", language=order.language, title=title, subtitle=subtitle, paper="a3")
        except UserError as empty:
            if empty.code != "nothing-to-draw":
                raise
            continue
        maps.append((order.say(part.title, part.title_en), PdfReader(io.BytesIO(data))))
    total = 1 + sum(len(reader.pages) for _, reader in maps)
    words = _words(order, order.say("图册", "atlas"), "a3") | {"lists": []}
    first, contents = 2, []
    for title, reader in maps:
        contents.append([title, str(first)])
        first += len(reader.pages)
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(_compiled(words | {"contents": contents, "numbers": 0}))), pages=(0, 1))
    numbers = PdfReader(io.BytesIO(_compiled(words | {"contents": [], "numbers": total})))
    for at, page in enumerate(page for _, reader in maps for page in reader.pages):
        writer.add_page(page).merge_page(numbers.pages[at])
    for title, place in contents:
        writer.add_outline_item(title, int(place) - 1)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def list_atlas(order: Order) -> bytes:
    """The lists on A4 lying: the columns that stay readable, heads on each page, each row with its passport id; all columns are in the workbook."""
    sheets = list_sheets(order.edition, order.chain, version=order.version, language=order.language)
    contents = [[sheet.title, order.say(f"{sheet.result.frame.height} 行", f"{sheet.result.frame.height} rows")] for sheet in sheets]
    return _compiled(_words(order, order.say("清单册", "lists"), "a4") | {"lists": [_list(sheet, order) for sheet in sheets], "contents": contents, "numbers": 0})


def _words(order: Order, kind: str, paper: str) -> dict[str, Any]:
    chain = chain_of(order.edition, order.chain) if order.chain else None
    people = [f"{order.say('链长', 'Chain chief')}：{chain.chief}" if chain and chain.chief else "", f"{order.say('牵头单位', 'Lead office')}：{chain.office}" if chain and chain.office else ""]
    return {"title": f"{order.title}{order.say('', ' ')}{kind}", "label": order.edition.label(order.language), "mark": version_word(order.version, order.language), "people": "　".join(p for p in people if p),
            "synthetic": order.say("合成数据", "Synthetic data") if order.edition.manifest.synthetic else "", "paper": paper, "fonts": list(FONTS), "lang": order.language,
            "empty": order.say("本期没有符合条件的记录。", "No rows this time.")}


def _list(sheet: Sheet, order: Order) -> dict[str, Any]:
    """A list as heads, rows of texts (or of coloured cells), and widths by content."""
    language, result = order.language, sheet.result
    chosen = fitting(result, sheet.columns, A4_ROOM - ID_WIDTH, language, LIST_SIZE)
    rows: list[list[Any]] = []
    for row in result.frame.iter_rows(named=True):
        key, cells = result.key_of(row), []
        for column, _ in chosen:
            look = sheet.tint(column, row[column.name])
            text = HIDDEN if is_hidden(result, key, column) else cell_text(row[column.name], column, language)
            cells.append({"text": look.word or text, "fill": look.fill, "ink": look.ink} if look else text)
        rows.append([*cells, passport_id(result.output.name, key, result.edition.number)])
    notes = [order.say(f"{len(rows)} 行，全部 {len(sheet.columns)} 列见 xlsx", f"{len(rows)} rows; all {len(sheet.columns)} columns: see the workbook"), HIDDEN_NOTE["zh" if language == "zh" else "en"] if result.hidden else ""]
    return {"title": sheet.title, "note": "　".join(n for n in notes if n), "widths": [*(w for _, w in chosen), ID_WIDTH], "aligns": [*("r" if c.numeric else "l" for c, _ in chosen), "l"],
            "heads": [*(header(c, language) for c, _ in chosen), order.say("凭证号", "Passport")], "rows": rows}


def _compiled(data: dict[str, Any]) -> bytes:
    import typst

    with tempfile.TemporaryDirectory() as name:
        where = Path(name)
        (where / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        (where / "main.typ").write_bytes((files("liantu.papers") / "atlas.typ").read_bytes())
        fonts = package_fonts()
        made = typst.compile(str(where / "main.typ"), root=name, font_paths=[str(fonts)] if fonts else [], format="pdf", timestamp=0)
    return bytes(made)
