"""A scene as native slide shapes: every rectangle, line and word can be moved and edited, and stands where the SVG has it."""

from __future__ import annotations

from .scene import ASCENT, BEFORE, DESCENT, Circle, Group, Item, Paint, Polygon, Rect, Scene, Words, extent, over
from .shapes import Box
from .slide_shapes import EMU_PER_POINT, FIRST_ID, Look, Pen, Run, Scale
from .text import clean

DASHES = {"solid": "", "dash": "dash", "dot": "sysDot"}
PATTERNS = {"none": "", "hatch": "wdUpDiag", "dots": "pct20"}
ROOM = 1.12  # a text box is this much wider than the estimate, so that another face still stands on one line


def scene_scale(scene: Scene, box: Box) -> Scale:
    """The scale (pt per px) and corner at which a scene stands in the middle of a box of points."""
    points = min(box.w / scene.width, box.h / scene.height)
    left, top = box.x + (box.w - scene.width * points) / 2, box.y + (box.h - scene.height * points) / 2
    return Scale(points, round(left * EMU_PER_POINT), round(top * EMU_PER_POINT))


def scene_shapes(scene: Scene, box: Box, *, first_id: int = FIRST_ID) -> list[str]:
    """The scene as ``<p:sp>`` and ``<p:grpSp>`` text inside a box of points, numbered from ``first_id`` on.

    A group keeps its tip and its passport id as alternative text.
    """
    pen = Pen(scene_scale(scene, box), first_id)
    return [shape for item in scene.items if (shape := _item(pen, item))]


def _item(pen: Pen, item: Item) -> str:
    if isinstance(item, Group):
        members = [shape for member in item.items if (shape := _item(pen, member))]
        note = "　".join(part for part in (item.tip, item.passport) if part)
        return pen.group(item.name or item.code, extent(item), members, note=note) if members else ""
    if isinstance(item, Words):
        return _words(pen, item) if clean(item.text) else ""
    if isinstance(item, Rect):
        least = min(item.w, item.h)
        rounded = item.radius > 0 and least > 0
        return pen.shape("rectangle", extent(item), "roundRect" if rounded else "rect", _look(item.paint), adjust=min(0.5, item.radius / least) if rounded else None)
    if isinstance(item, Circle):
        return pen.shape("circle", extent(item), "ellipse", _look(item.paint))
    if isinstance(item, Polygon):
        rings = [ring for ring in item.rings if ring]
        return pen.area("area", rings, _look(item.paint)) if rings else ""
    return pen.curve("line", item.path, _look(item.paint, arrow=item.arrow))


def _look(paint: Paint, *, arrow: bool = False) -> Look:
    return Look(paint.fill, paint.line, paint.width, DASHES[paint.dash], paint.opacity, PATTERNS[paint.pattern], over(paint), arrow)


def _words(pen: Pen, words: Words) -> str:
    """A text box whose first line stands on the baseline; a slide turns it about its middle, a scene about the anchor."""
    inside = extent(words)
    turned = abs(words.turn) % 180 == 90
    width, height = (inside.h if turned else inside.w) * ROOM, (ASCENT + DESCENT) * words.size
    left, top = words.x - width * BEFORE[words.anchor], inside.y
    if words.turn:
        left, top = inside.cx - width / 2, inside.cy - height / 2
    align = {"start": "l", "middle": "ctr", "end": "r"}[words.anchor]
    text = pen.text([Run(clean(words.text), words.size, words.colour, words.bold)], align)
    return pen.shape(words.text, Box(left, top, width, height), "rect", Look(), text, turn=round(words.turn) % 360)
