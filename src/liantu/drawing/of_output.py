"""From an output's rows to its drawing in any form: the one place where outputs meet shapes.

``SCENES`` says which outputs can be drawn and by whom. The chain map has a layout of its own; all others are scenes.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, Literal, Protocol

import polars as pl

from liantu.drawing.layout import lay_out
from liantu.drawing.scene import Paint, Rect, Scene, Words
from liantu.drawing.scene_slide import scene_shapes
from liantu.drawing.scene_svg import scene_svg
from liantu.drawing.shapes import Box, Layout, MapGroup, MapLink, MapNode, MapStage
from liantu.drawing.sheet import SHEETS, Sheet, frame, sheet_svg
from liantu.drawing.slide_shapes import FIRST_ID, NAMESPACES
from liantu.drawing.style import FAINT, GROUP_FILL, INK, LINE, WITHHELD, standalone_css
from liantu.drawing.svg import STRIP, tag, to_svg
from liantu.drawing.text import clean, fit
from liantu.kernel.output import Result
from liantu.kernel.passport import passport_id
from liantu.kernel.problems import UserError

Address = Callable[[str], str]
Form = Literal["svg", "png", "pptx", "pdf"]
FORMS: tuple[Form, ...] = ("svg", "png", "pptx", "pdf")
CHAIN_MAP = "chain_map"
OVERVIEW = "liantu.drawing.overview:overview_scene"
SCENES = {
    "technology_map": "liantu.drawing.technology:technology_scene",
    "application_map": "liantu.drawing.application:application_scene",
    "region_map": "liantu.drawing.region_inside:region_scene",
    "outside_map": "liantu.drawing.region_outside:outside_scene",
}
PAGED = ("technology_map", "application_map")
SKETCHED = ("region_map", "outside_map")
WIDTH, HEIGHT = 1156.0, 600.0  # px on the page


def drawable(output: str) -> bool:
    """Whether an output can be drawn."""
    return output == CHAIN_MAP or output in SCENES


class Drawing(Protocol):
    """A drawing that is ready for any form; ``pages`` is how many such the whole needs."""

    pages: int

    def page(self, title: str) -> str:
        """SVG for the page: alive, without inline styles."""

    def file(self, title: str, subtitle: str, footer: str) -> str:
        """SVG as one file of its own."""

    def inset(self) -> str:
        """SVG to stand inside a sheet."""

    def shapes(self, box: Box, first_id: int) -> list[str]:
        """Native slide shapes inside a box of points."""


@dataclass(frozen=True)
class SceneDrawing:
    """A drawing made from a scene."""

    scene: Scene
    language: str

    @property
    def pages(self) -> int:
        return self.scene.pages

    def page(self, title: str) -> str:
        return scene_svg(self.scene, title=title, language=self.language, interactive=True, standalone=False)

    def file(self, title: str, subtitle: str, footer: str) -> str:
        return scene_svg(self.scene, title=title, subtitle=subtitle, footer=footer, language=self.language)

    def inset(self) -> str:
        return scene_svg(self.scene, language=self.language, standalone=False)

    def shapes(self, box: Box, first_id: int) -> list[str]:
        return scene_shapes(self.scene, box, first_id=first_id)


@dataclass(frozen=True)
class LayoutDrawing:
    """A drawing made from the chain map's layout."""

    layout: Layout
    language: str
    pages: int = 1

    def page(self, title: str) -> str:
        return to_svg(self.layout, title=title, language=self.language, interactive=True)

    def file(self, title: str, subtitle: str, footer: str) -> str:
        return to_svg(self.layout, title=title, subtitle=subtitle, footer=footer, language=self.language, interactive=False, standalone=True)

    def inset(self) -> str:
        plain = to_svg(self.layout, title="", language=self.language, interactive=False)
        return plain.replace(">", ">" + tag("style", standalone_css()), 1)

    def shapes(self, box: Box, first_id: int) -> list[str]:
        from liantu.drawing.pptx_page import layout_shapes

        return layout_shapes(self.layout, box, language=self.language, first_id=first_id)


def draw(result: Result, chain: str | None, *, language: str = "zh", href: Address | None = None, width: float = WIDTH, height: float = HEIGHT, page: int = 1) -> Drawing:
    """Draw one chain of a result in ``width`` × ``height`` px; without a chain the chain map shows all chains side by side.

    Raises UserError when the output cannot be drawn, or holds nothing for this chain (``nothing-to-draw``).
    """
    name = result.output.name
    if name == CHAIN_MAP and chain:
        room = height - STRIP
        return LayoutDrawing(chain_layout(result, chain, language=language, href=href, width=width, min_height=room - 6, target_height=room), language)
    if name == CHAIN_MAP:
        return SceneDrawing(_function(OVERVIEW)(result, language=language, href=href, width=width, height=height), language)
    if name not in SCENES:
        known = "、".join((CHAIN_MAP, *SCENES))
        raise UserError(f"「{result.output.zh}」没有图。", code="not-drawable", hint=f"能画的：{known}")
    more = {"page": page} if name in PAGED else {}
    return SceneDrawing(_function(SCENES[name])(result, chain, language=language, href=href, width=width, height=height, **more), language)


def _function(where: str) -> Callable[..., Scene]:
    module, name = where.split(":")
    found: Callable[..., Scene] = getattr(import_module(module), name)
    return found


def page_svg(result: Result, chain: str | None, *, language: str = "zh", href: Address | None = None, width: float = WIDTH, height: float = HEIGHT, page: int = 1) -> tuple[str, int]:
    """The drawing for the page (hovering by ``chain_map.js`` or ``scene.js``) and on how many sheets the whole stands; where there is nothing to draw, a sheet that says so."""
    try:
        drawing = draw(result, chain, language=language, href=href, width=width, height=height, page=page)
    except UserError as empty:
        if empty.code != "nothing-to-draw":
            raise
        drawing = SceneDrawing(_empty_scene(empty, language, width, height), language)
    return drawing.page(drawing_title(result, chain, language)), drawing.pages


def _empty_scene(empty: UserError, language: str, width: float, height: float) -> Scene:
    told = (empty.message, empty.hint) if language == "zh" else ("Nothing on record to draw yet.", "Import the records of this map, or fill them in by hand.")
    said = [fit(text, (width - 80,), size, 9) for text, size in zip(told, (16.0, 12.0), strict=True)]
    words = [Words(width / 2, height * 0.45 + 26 * at, line.lines[0], line.size, INK if at == 0 else FAINT, at == 0, "middle") for at, line in enumerate(said) if line.lines]
    return Scene(width, height, (Rect(1, 1, width - 2, height - 2, Paint(GROUP_FILL, LINE, 1, "dash"), 8), *words))


def picture(result: Result, chain: str | None, form: Form, *, language: str = "zh", title: str | None = None, subtitle: str | None = None, footer: str | None = None,
            paper: str = "screen", interactive: bool = False, href: Address | None = None) -> bytes:
    """A drawing as a file: ``svg``, ``png``, ``pptx`` (native shapes) or ``pdf``.

    ``paper`` is screen (a plain drawing; 16:9 as pptx and pdf), a4, a3 or a0 (lying, physical size). Title, subtitle and footer
    are made from the chain and the edition when not given; empty ones are left out. Where a drawing needs several pages, pptx and
    pdf hold all of them; svg and png hold the first, which says what it leaves out.
    """
    if paper not in SHEETS:
        raise UserError(f"没有纸张「{paper}」。", code="unknown-paper", hint="可用：" + "、".join(SHEETS))
    if form not in FORMS:
        raise UserError(f"图不能存成 {form}。", code="unknown-format", hint="可用：" + "、".join(FORMS))
    told = _told(result, chain, language, title, subtitle, footer)
    if paper == "screen" and form in ("svg", "png"):
        drawing = draw(result, chain, language=language, href=href)
        foot = "　".join(part for part in (told.footer, told.code) if part)
        svg = drawing.page(told.title) if interactive else drawing.file(told.title, told.subtitle, foot)
        return _raster(svg, 2) if form == "png" else svg.encode()
    sheet = SHEETS[paper]
    if form == "pptx":
        return _slides(result, chain, sheet, told, language)
    if form == "pdf":
        return _pdf([_sheet(result, chain, sheet, told, language, page, points=True) for page in _pages(result, chain, sheet, told, language)])
    svg = _sheet(result, chain, sheet, told, language, 1)
    return _raster(svg, 1 if paper == "a0" else 2) if form == "png" else svg.encode()


@dataclass(frozen=True)
class _Told:
    """What is written around a drawing."""

    title: str
    subtitle: str
    footer: str
    code: str
    marks: tuple[str, ...]

    def room(self, sheet: Sheet) -> Box:
        return sheet.room(bool(self.title or self.subtitle), bool(self.footer or self.code))

    def frame(self, sheet: Sheet) -> Scene:
        return frame(sheet, title=self.title, subtitle=self.subtitle, footer=self.footer, code=self.code, marks=self.marks)


def _told(result: Result, chain: str | None, language: str, title: str | None, subtitle: str | None, footer: str | None) -> _Told:
    zh, name = language == "zh", result.output.name
    title = drawing_title(result, chain, language) if title is None else title
    subtitle = result.edition.label(language) if subtitle is None else subtitle
    footer = ("liantu 链图　每个图形的凭证号见导出的清单" if zh else "liantu · passports of all shapes stand in the exported list") if footer is None else footer
    code = passport_id("chain_summary", chain, result.edition.number) if chain and footer else ""
    marks = [("合成数据" if zh else "Synthetic data")] if result.edition.manifest.synthetic else []
    if name in SKETCHED:
        marks.append("示意图" if zh else "Sketch map")
    return _Told(clean(title), clean(subtitle), clean(footer.replace(code, "")) if code else clean(footer), code, tuple(marks))


def _pages(result: Result, chain: str | None, sheet: Sheet, told: _Told, language: str) -> range:
    room = told.room(sheet)
    return range(1, draw(result, chain, language=language, width=room.w, height=room.h).pages + 1)


def _sheet(result: Result, chain: str | None, sheet: Sheet, told: _Told, language: str, page: int, *, points: bool = False) -> str:
    room = told.room(sheet)
    drawing = draw(result, chain, language=language, width=room.w, height=room.h, page=page)
    return sheet_svg(sheet, told.frame(sheet), drawing.inset(), room, points=points, language=language)


@lru_cache(maxsize=8)
def _raster(svg: str, scale: float) -> bytes:
    """A drawing as PNG. The papers of one meeting hold the same few pictures: each is rasterised once."""
    from liantu.drawing.png import to_png

    return to_png(svg, scale=scale)


def _pdf(svgs: list[str]) -> bytes:
    from liantu.drawing.png import to_pdf

    pages = [to_pdf(svg) for svg in svgs]
    if len(pages) == 1:
        return pages[0]
    try:
        from pypdf import PdfReader, PdfWriter
    except ImportError:
        raise UserError("多页 PDF 需要 pypdf。(pypdf is missing)", code="no-pdf-engine", hint="请执行 pip install 'liantu[pdf]'，或改用更大的纸。") from None
    writer, out = PdfWriter(), io.BytesIO()
    for data in pages:
        writer.append(PdfReader(io.BytesIO(data)))
    writer.write(out)
    return out.getvalue()


def _slides(result: Result, chain: str | None, sheet: Sheet, told: _Told, language: str) -> bytes:
    from pptx import Presentation
    from pptx.oxml import parse_xml
    from pptx.util import Pt

    from liantu.drawing.pptx_page import packed

    deck = Presentation()
    deck.slide_width, deck.slide_height = Pt(sheet.width), Pt(sheet.height)
    around = scene_shapes(told.frame(sheet), Box(0, 0, sheet.width, sheet.height))
    room = told.room(sheet)
    box = Box(*(value * sheet.scale for value in (room.x, room.y, room.w, room.h)))
    for page in _pages(result, chain, sheet, told, language):
        drawing = draw(result, chain, language=language, width=room.w, height=room.h, page=page)
        shapes = around + drawing.shapes(box, FIRST_ID + len(around))
        slide = deck.slides.add_slide(deck.slide_layouts[6])
        for element in list(parse_xml(f"<p:spTree {NAMESPACES}>{''.join(shapes)}</p:spTree>")):
            slide.shapes._spTree.append(element)
    deck.core_properties.title = told.title[:255]
    return packed(deck)


def slide_shapes(result: Result, chain: str | None, box: Box, *, language: str = "zh", first_id: int = FIRST_ID, page: int = 1) -> list[str]:
    """The drawing as native slide shapes inside a box of points, for a page of a deck."""
    scale = SHEETS["screen"].scale
    return draw(result, chain, language=language, width=box.w / scale, height=box.h / scale, page=page).shapes(box, first_id)


def chain_layout(result: Result, chain: str, *, language: str = "zh", href: Address | None = None, **options: Any) -> Layout:
    """Lay out one chain of a ``chain_map`` result. ``href`` gives the address of a node's page."""
    frame = result.frame.filter(pl.col("chain_code") == chain).sort("position")
    if frame.is_empty():
        known = "、".join(result.frame["chain_code"].unique().sort().to_list())
        raise UserError(f"没有产业链「{chain}」。", code="unknown-chain", hint=f"现有：{known}")
    rows = list(frame.iter_rows(named=True))
    stages = {r["stage_code"] or "": MapStage(r["stage_code"] or "", r["stage_name"] or "", r["stage_name_en"] or r["stage_name"] or "") for r in rows}
    groups = {r["group_code"] or "": MapGroup(r["group_code"] or "", r["group_name"] or "", r["group_name_en"] or r["group_name"] or "", r["stage_code"] or "") for r in rows}
    nodes = [MapNode(code=r["code"], zh=r["name"], en=r["name_en"] or r["name"], group=r["group_code"] or "", status=r["status"] or WITHHELD, firms=r["firms"], master=r["master"] or "",
                     critical=bool(r["critical"]), href=href(r["code"]) if href else "") for r in rows]
    return lay_out(list(stages.values()), list(groups.values()), nodes, _links(result, {r["code"] for r in rows}), language=language, **options)


def _links(result: Result, codes: set[str]) -> list[MapLink]:
    name = dict(result.edition.table("chain_node").select("id", "code").iter_rows())
    links = result.edition.table("node_link")
    pairs = ((name.get(r["source"]), name.get(r["target"]), r) for r in links.iter_rows(named=True))
    return [MapLink(source, target, r["item"] or "", float(r["weight"] or 1)) for source, target, r in pairs if source in codes and target in codes]


def chain_title(result: Result, chain: str, language: str = "zh") -> str:
    """The chain's name as a title."""
    row = result.edition.table("chain").filter(pl.col("code") == chain).row(0, named=True)
    return f"{row['name']}图谱" if language == "zh" else row["name_en"] or row["name"]


def drawing_title(result: Result, chain: str | None, language: str = "zh") -> str:
    """The chain's name and what is drawn; an unknown chain is answered with those that exist."""
    what = result.output.zh if language == "zh" else result.output.en
    if not chain:
        return what
    rows = {row["code"]: row for row in result.edition.table("chain").iter_rows(named=True)}
    if chain not in rows:
        raise UserError(f"没有产业链「{chain}」。", code="unknown-chain", hint="现有：" + "、".join(map(str, rows)))
    row = rows[chain]
    name = row["name"] if language == "zh" else row.get("name_en") or row["name"]
    return f"{name}　{what}" if language == "zh" else f"{name}: {what.lower()}"
