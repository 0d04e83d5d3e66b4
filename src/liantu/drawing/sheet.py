"""The sheet that a drawing is put on: its physical size, where the drawing stands, and what is written around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .scene import Item, Paint, Rect, Scene, Words
from .scene_svg import scene_svg
from .shapes import Box
from .style import INK, LINE, MUTED
from .svg import number, tag
from .text import fit, text_width

HEAD, FOOT = 54.0, 24.0
PX_PER_POINT = 4 / 3
WARNING, WARNING_TINT = "#9a5b00", "#fdf3dd"


@dataclass(frozen=True)
class Sheet:
    """Paper in points (1/72 inch), lying; ``scale`` is pt per px of the drawing, ``edge`` the white border in px."""

    width: float
    height: float
    scale: float
    edge: float

    @property
    def px(self) -> tuple[float, float]:
        return self.width / self.scale, self.height / self.scale

    def room(self, head: bool, foot: bool) -> Box:
        """Where the drawing stands, in px: inside the border, under the title and above the foot line."""
        (width, height), top = self.px, self.edge + (HEAD if head else 0)
        return Box(self.edge, top, width - 2 * self.edge, height - self.edge - top - (FOOT if foot else 0))


SHEETS = {
    "screen": Sheet(960, 540, 0.84, 24),  # a 16:9 slide
    "a4": Sheet(841.89, 595.28, 0.75, 36),
    "a3": Sheet(1190.55, 841.89, 0.86, 40),
    "a0": Sheet(3370.39, 2383.94, 1.95, 44),
}


def frame(sheet: Sheet, *, title: str = "", subtitle: str = "", footer: str = "", code: str = "", marks: Sequence[str] = ()) -> Scene:
    """What stands around a drawing: title and subtitle at the left, marks at the right, at the foot where it comes from and its passport code."""
    (width, height), edge = sheet.px, sheet.edge
    right = width - edge
    items: list[Item] = []
    for mark in marks if title or subtitle else ():
        wide = text_width(mark, 12) + 18
        items += [Rect(right - wide, edge + 3, wide, 22, Paint(WARNING_TINT, WARNING, 1.2), 3), Words(right - wide / 2, edge + 18.4, mark, 12, WARNING, True, "middle")]
        right -= wide + 8
    code_room = text_width(code, 10) + 16 if code else 0.0
    for text, y, size, colour, room in ((title, edge + 20, 22.0, INK, right - edge - 12), (subtitle, edge + 40, 12.0, MUTED, right - edge - 12),
                                        (footer, height - edge - 4, 10.0, MUTED, width - 2 * edge - code_room)):
        lines = fit(text, (room,), size, 7)
        if lines.lines:
            items.append(Words(edge, y, lines.lines[0], lines.size, colour, text is title))
    if code:
        items.append(Words(width - edge, height - edge - 4, code, 10, INK, False, "end"))
    if footer or code:
        items.append(Rect(edge, height - edge - FOOT + 6, width - 2 * edge, 0.8, Paint(LINE)))
    return Scene(width, height, tuple(items), title)


def sheet_svg(sheet: Sheet, around: Scene, body: str, room: Box, *, points: bool = False, language: str = "zh") -> str:
    """The whole sheet as one SVG: the drawing (an ``svg`` element with a view box) inside its frame; sized in points for PDF, else in px."""
    unit = 1.0 if points else PX_PER_POINT
    framed = scene_svg(around, language=language, standalone=False, background="#ffffff")
    place = f'<svg x="{number(room.x)}" y="{number(room.y)}" width="{number(room.w)}" height="{number(room.h)}" '
    inner = framed.replace("<svg ", f'<svg x="0" y="0" width="{around.width:g}" height="{around.height:g}" ', 1) + "\n" + body.replace("<svg ", place, 1)
    return tag("svg", "\n" + inner + "\n", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {around.width:g} {around.height:g}", width=f"{sheet.width * unit:g}",
               height=f"{sheet.height * unit:g}", role="img", aria_label=around.title)
