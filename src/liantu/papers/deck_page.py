"""The sheet on which slides are drawn: one canvas in points with fitted text, cards and bars, and the frame around it.

Everything is a native shape without theme effects; fonts are named for Latin and East Asian text alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from liantu.drawing.shapes import Box
from liantu.drawing.slide_shapes import Look, Pen, Run, Scale
from liantu.drawing.style import ACCENT, FAINT, INK, LINE, MUTED
from liantu.drawing.text import fit, text_width
from liantu.kernel.edition import Edition
from liantu.kernel.output import Version
from liantu.papers.blocks import Figure
from liantu.papers.cells import version_word
from liantu.papers.chain import Chain

WIDTH, HEIGHT, EDGE = 960.0, 540.0, 40.0
TOP, BOTTOM = 86.0, 500.0  # the room of a page's own content
ROOM = Box(EDGE, TOP, WIDTH - 2 * EDGE, BOTTOM - TOP)
CARD = "#f5f8fb"
SMALLEST = 7.5
LEADING = 1.32
BOLD = 1.1  # bold letters are wider than the estimate of regular ones
_AMOUNT = re.compile(r"^([-−]?[\d,.]+%?)(.*)$")


@dataclass(frozen=True)
class Telling:
    """What a deck is about: an edition, a chain, the edition it is compared with, and for whom in which language."""

    edition: Edition
    chain: Chain
    since: Edition | None = None
    version: Version = "internal"
    language: str = "zh"

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def part(self, title: str, number: int, of: int) -> str:
        """The title of one of several pages."""
        return title if of == 1 else title + self.say(f"（{number}/{of}）", f" ({number}/{of})")


class Canvas:
    """One slide in the making; positions in points from the top left."""

    def __init__(self) -> None:
        self.pen = Pen(Scale(1.0, 0, 0))
        self.shapes: list[str] = []

    def words(self, name: str, box: Box, text: str, size: float, *, colour: str = INK, bold: bool = False, align: str = "l", note: str = "") -> None:
        """Text in as many lines as the box holds; it shrinks before it is cut, and never leaves the box."""
        lines = max(1, int(box.h / (size * LEADING)))
        fitted = fit(text, ((box.w - 1) / (BOLD if bold else 1.0),) * lines, size, min(size, SMALLEST))
        runs = [Run(line, fitted.size, colour, bold, i < len(fitted.lines) - 1) for i, line in enumerate(fitted.lines)]
        self.runs(name, box, runs, align=align, note=note)

    def runs(self, name: str, box: Box, runs: Sequence[Run], *, align: str = "l", note: str = "") -> None:
        """Text whose parts look different, already fitted."""
        self.shapes.append(self.pen.shape(name, box, "rect", Look(), self.pen.text(runs, align), note=note))

    def block(self, name: str, box: Box, fill: str, *, line: str = "", width: float = 0.75, rounded: float = 0.0) -> None:
        """A filled rectangle."""
        kind = "roundRect" if rounded else "rect"
        self.shapes.append(self.pen.shape(name, box, kind, Look(fill, line, width), adjust=rounded / min(box.w, box.h) if rounded else None))

    def amount(self, box: Box, figure: Figure, size: float, *, colour: str = INK, align: str = "l") -> None:
        """A figure: the number large, its unit small; the shape's alternative text is the figure's id."""
        number, unit = found.groups() if (found := _AMOUNT.match(figure.text)) else (figure.text, "")
        while size > SMALLEST and text_width(number, size) * BOLD + text_width(unit, size * 0.5) * BOLD > box.w - 8:
            size -= 0.5
        self.runs(figure.label, box, [Run(number, size, colour, True), *([Run("\u2009" + unit, size * 0.5, MUTED)] if unit else [])], align=align, note=figure.id)

    def card(self, box: Box, figure: Figure, *, colour: str = INK, about: str = "") -> None:
        """A figure on a card: what it is, the figure, by whose rule and whether it is checked."""
        self.block(f"{figure.label} 底", box, CARD, line=LINE, rounded=4)
        self.words(f"{figure.label} 名", Box(box.x + 12, box.y + 8, box.w - 16, 16), figure.label, 11, colour=MUTED)
        self.amount(Box(box.x + 12, box.y + 25, box.w - 24, 34), figure, 26, colour=colour)
        marks = " · ".join(m for m in (about, figure.basis, figure.verified) if m)
        self.words(f"{figure.label} 标注", Box(box.x + 12, box.bottom - 20, box.w - 24, 14), marks, 8.5, colour=FAINT)


@dataclass(frozen=True)
class Page:
    """A finished slide without its frame. ``bare`` pages (the cover) get none. ``notes`` goes under the slide."""

    title: str
    shapes: list[str]
    subtitle: str = ""
    bare: bool = False
    notes: str = field(default="", repr=False)


def drawn(title: str, draw: Callable[[Canvas], None], *, subtitle: str = "", bare: bool = False, notes: str = "") -> Page:
    """A page from a function that draws on a fresh canvas."""
    canvas = Canvas()
    draw(canvas)
    return Page(title, canvas.shapes, subtitle, bare, notes)


def frame(page: Page, telling: Telling, number: int, total: int) -> list[str]:
    """Title, subtitle, and the foot with edition, mark and page number."""
    canvas = Canvas()
    canvas.pen = Pen(Scale(1.0, 0, 0), first_id=FRAME_IDS)
    canvas.block("标题标记", Box(EDGE, 29, 4, 22), ACCENT)
    canvas.words("标题", Box(EDGE + 14, 22, ROOM.w - 14, 34), page.title, 24, bold=True)
    if page.subtitle:
        canvas.words("副标题", Box(EDGE + 14, 56, ROOM.w - 14, 18), page.subtitle, 11, colour=MUTED)
    canvas.block("页脚线", Box(EDGE, 508, ROOM.w, 0.75), LINE)
    mark = version_word(telling.version, telling.language)
    canvas.words("版次", Box(EDGE, 512, ROOM.w - 150, 16), f"{telling.chain.title(telling.language)}　{telling.edition.label(telling.language)}　{mark}", 8.5, colour=MUTED)
    canvas.words("页码", Box(WIDTH - EDGE - 100, 512, 100, 16), f"{number} / {total}", 8.5, colour=MUTED, align="r")
    return canvas.shapes


FRAME_IDS = 100_000
