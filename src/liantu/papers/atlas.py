"""图册 and 清单册 as PDF for the wall and the folder: A3 maps, A4 lists. Needs the extra package typst; the rest of a pack does not."""

from __future__ import annotations

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
from liantu.papers.cells import HIDDEN, cell_text, header, is_hidden, version_word
from liantu.papers.chain import chain_of
from liantu.papers.deck_table import ID_WIDTH, wanted
from liantu.papers.pack_files import Order
from liantu.papers.parts import map_parts
from liantu.papers.xlsx_sheet import Sheet

SIZES = ((700.0, 7.5), (900.0, 6.5), (1150.0, 5.5), (float("inf"), 4.8))  # total width of the columns in points → type size


def missing_tool() -> str:
    """A sentence when PDF cannot be made here; empty when it can."""
    return "" if find_spec("typst") else "没有装 PDF 组件（typst），图册、清单册和 A3、A0 图未做，其余材料已做好。需要时请执行 pip install 'liantu[pdf]'。"


def atlas(order: Order) -> bytes:
    """The maps of a chain, one A3 landscape page each, with a cover."""
    with tempfile.TemporaryDirectory() as name:
        maps = []
        for at, part in enumerate(map_parts(order.version)):
            result = part_result(part, order.edition, order.chain, order.version)
            drawing = picture(result, order.chain, "svg", language=order.language, title="", subtitle="", footer="", paper="a3")
            (Path(name) / f"map{at}.svg").write_bytes(drawing)
            maps.append({"title": order.say(part.title, part.title_en), "file": f"map{at}.svg"})
        return _compiled(Path(name), _words(order, order.say("图册", "atlas"), "a3") | {"maps": maps, "lists": [], "contents": [[m["title"], str(i)] for i, m in enumerate(maps, 2)]})


def list_atlas(order: Order) -> bytes:
    """The lists on A4 landscape; heads repeat on each page and each row ends with its passport id."""
    sheets = list_sheets(order.edition, order.chain, version=order.version, language=order.language)
    lists = [_list(sheet, order) for sheet in sheets]
    with tempfile.TemporaryDirectory() as name:
        contents = [[sheet.title, order.say(f"{sheet.result.frame.height} 行", f"{sheet.result.frame.height} rows")] for sheet in sheets]
        return _compiled(Path(name), _words(order, order.say("清单册", "lists"), "a4") | {"maps": [], "lists": lists, "contents": contents})


def _words(order: Order, kind: str, paper: str) -> dict[str, Any]:
    chain = chain_of(order.edition, order.chain) if order.chain else None
    people = [f"{order.say('链长', 'Chain chief')}：{chain.chief}" if chain and chain.chief else "", f"{order.say('牵头单位', 'Lead office')}：{chain.office}" if chain and chain.office else ""]
    return {"title": f"{order.title}{order.say('', ' ')}{kind}", "label": order.edition.label(order.language), "mark": version_word(order.version, order.language), "people": "　".join(p for p in people if p),
            "synthetic": order.say("合成数据", "Synthetic data") if order.edition.manifest.synthetic else "", "paper": paper, "fonts": list(FONTS), "lang": order.language,
            "empty": order.say("本期没有符合条件的记录。", "No rows this time.")}


def _list(sheet: Sheet, order: Order) -> dict[str, Any]:
    """A list as heads, rows of texts (or of coloured cells), and widths by content."""
    language, result = order.language, sheet.result
    columns = [c for c in sheet.columns if result.frame[c.name].null_count() < result.frame.height or not result.frame.height]
    widths = [wanted(result, c, language) for c in columns]
    rows: list[list[Any]] = []
    for row in result.frame.iter_rows(named=True):
        key, cells = result.key_of(row), []
        for column in columns:
            look = sheet.tint(column, row[column.name])
            text = HIDDEN if is_hidden(result, key, column) else cell_text(row[column.name], column, language)
            cells.append({"text": look.word or text, "fill": look.fill, "ink": look.ink} if look else text)
        rows.append([*cells, passport_id(result.output.name, key, result.edition.number)])
    size = next(s for limit, s in SIZES if sum(widths) + ID_WIDTH <= limit)
    return {"title": sheet.title, "note": order.say(f"{len(rows)} 行　{order.edition.label(language)}", f"{len(rows)} rows　{order.edition.label(language)}"), "size": size,
            "widths": [*widths, ID_WIDTH], "aligns": [*("r" if c.numeric else "l" for c in columns), "l"],
            "heads": [*(header(c, language) for c in columns), order.say("凭证号", "Passport")], "rows": rows}


def _compiled(where: Path, data: dict[str, Any]) -> bytes:
    try:
        import typst
    except ImportError:
        raise UserError("做 PDF 图册要装 typst。", code="no-pdf-engine", hint="请执行 pip install 'liantu[pdf]'。") from None
    (where / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    (where / "main.typ").write_bytes((files("liantu.papers") / "atlas.typ").read_bytes())
    fonts = package_fonts()
    made = typst.compile(str(where / "main.typ"), root=str(where), font_paths=[str(fonts)] if fonts else [], format="pdf", timestamp=0)
    return bytes(made)
