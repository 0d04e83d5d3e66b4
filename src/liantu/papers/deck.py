"""The chain-chief deck: a 16:9 presentation of native, editable shapes, every figure with its passport id."""

from __future__ import annotations

from collections.abc import Iterator

from liantu.drawing.of_output import slide_shapes
from liantu.drawing.pptx_page import packed
from liantu.drawing.shapes import Box
from liantu.drawing.slide_shapes import EMU_PER_POINT, NAMESPACES
from liantu.drawing.style import MUTED
from liantu.drawing.text import clean
from liantu.kernel.columns import Column
from liantu.kernel.edition import Edition
from liantu.kernel.output import Result, Version
from liantu.kernel.problems import UserError
from liantu.kernel.profile import Part, part_columns, part_result, profile
from liantu.papers.chain import chain_of
from liantu.papers.deck_page import HEIGHT, ROOM, WIDTH, Canvas, Page, Telling, drawn, frame
from liantu.papers.deck_pages import changed, cover, decisions, sources, state
from liantu.papers.deck_table import Table, result_tables, rows_in, table_xml
from liantu.papers.parts import list_parts, map_parts
from liantu.papers.tints import tints

SLIDES_PER_LIST = 2
NOTE_ROOM = 20.0
MAP_IDS = 1000


def to_deck(edition: Edition, chain: str, *, since: Edition | None = None, version: Version = "internal", language: str = "zh") -> bytes:
    """The deck of one chain on one edition, compared with ``since``; what the version may not show is left out."""
    telling = Telling(edition, chain_of(edition, chain), since, version, language)
    used = ["chain_summary", "project_rates"]
    pages = [cover(telling), state(telling), *changed(telling), *decisions(telling), *_maps(telling, used), *_lists(telling, used)]
    pages.append(sources(telling, list(dict.fromkeys(used))))
    return _presentation(pages, telling)


def _title(part: Part, language: str) -> str:
    return part.title if language == "zh" else part.title_en


def _maps(telling: Telling, used: list[str]) -> Iterator[Page]:
    for part in map_parts(telling.version):
        result = part_result(part, telling.edition, telling.chain.code, telling.version)
        used.append(part.output)
        yield drawn(_title(part, telling.language), lambda canvas, r=result: _draw_map(canvas, telling, r), subtitle=result.output.tells(telling.language).split("\n", 1)[0])


def _draw_map(canvas: Canvas, telling: Telling, result: Result) -> None:
    try:
        canvas.shapes += slide_shapes(result, telling.chain.code, ROOM, language=telling.language, first_id=MAP_IDS)
    except UserError as empty:
        canvas.words("没有可画的", Box(ROOM.x, ROOM.y, ROOM.w, 60), f"{empty.message}{empty.hint or ''}", 13)


def _lists(telling: Telling, used: list[str]) -> Iterator[Page]:
    for part in list_parts(telling.version):
        result = part_result(part, telling.edition, telling.chain.code, telling.version)
        columns = part_columns(part, result)
        if not columns:
            continue
        used.append(part.output)
        yield from _list_pages(telling, part, result, columns)


def _list_pages(telling: Telling, part: Part, result: Result, columns: tuple[Column, ...]) -> Iterator[Page]:
    title, total = _title(part, telling.language), result.frame.height
    room = Box(ROOM.x, ROOM.y, ROOM.w, ROOM.h - NOTE_ROOM)
    shown = min(total, SLIDES_PER_LIST * rows_in(room.h))
    tables = list(result_tables(result, columns, room.w, room.h, language=telling.language, limit=shown, tint=tints(profile(), part.output, telling.language)))
    if not tables:
        yield drawn(title, lambda c: c.words("没有", Box(ROOM.x, ROOM.y, ROOM.w, 24), telling.say("本期没有符合条件的记录。", "No rows this time."), 14))
    rest = telling.say(f"其余 {total - shown} 行及全部列见清单册（xlsx）", f"{total - shown} more rows and all columns: see the workbook") if total > shown else telling.say("全部列见清单册（xlsx）", "All columns: see the workbook")
    for at, table in enumerate(tables):
        def draw(canvas: Canvas, at: int = at, table: Table = table) -> None:
            canvas.shapes.append(table_xml(table, room, 90_000))
            if at == len(tables) - 1:
                canvas.words("其余", Box(ROOM.x, ROOM.bottom - 16, ROOM.w, 15), rest, 9, colour=MUTED)

        yield drawn(telling.part(title, at + 1, len(tables)), draw, subtitle=telling.say(f"共 {total} 行", f"{total} rows"))


def _presentation(pages: list[Page], telling: Telling) -> bytes:
    from pptx import Presentation
    from pptx.oxml import parse_xml
    from pptx.util import Emu

    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(round(WIDTH * EMU_PER_POINT)), Emu(round(HEIGHT * EMU_PER_POINT))
    for number, page in enumerate(pages, 1):
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        shapes = page.shapes if page.bare else frame(page, telling, number, len(pages)) + page.shapes
        for element in list(parse_xml(f"<p:spTree {NAMESPACES}>{''.join(shapes)}</p:spTree>")):
            slide.shapes._spTree.append(element)
    deck.core_properties.title = clean(f"{telling.chain.title(telling.language)} {telling.edition.label(telling.language)}")[:255]
    deck.core_properties.author = "liantu 链图"
    return packed(deck)
