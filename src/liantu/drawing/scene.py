"""A drawing as plain shapes: one set of coordinates that becomes SVG, PNG, native slide shapes and printed sheets.

Coordinates are CSS pixels, origin at the top left, y downwards. Whoever lays out a map fills a :class:`Scene`; the renderers know
nothing of maps. Text is already fitted by who lays out (``drawing.text.fit``), so that no renderer has to guess.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from .shapes import Box
from .style import mix
from .text import text_width

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Paint:
    """Fill and line of a shape; "" paints nothing. ``dash`` is solid, dash or dot; ``pattern`` (none, hatch, dots) survives black and white."""

    fill: str = ""
    line: str = ""
    width: float = 1.0
    dash: Literal["solid", "dash", "dot"] = "solid"
    pattern: Literal["none", "hatch", "dots"] = "none"
    opacity: float = 1.0


@dataclass(frozen=True)
class Rect:
    """A rectangle, its corners rounded by ``radius``."""

    x: float
    y: float
    w: float
    h: float
    paint: Paint
    radius: float = 0.0


@dataclass(frozen=True)
class Circle:
    """A circle around (x, y)."""

    x: float
    y: float
    r: float
    paint: Paint


@dataclass(frozen=True)
class Polygon:
    """Rings of points (outer rings and holes, even-odd)."""

    rings: tuple[tuple[Point, ...], ...]
    paint: Paint


@dataclass(frozen=True)
class Stroke:
    """An open line: straight pieces (x, y) or cubic ones (x1, y1, x2, y2, x, y) after the first point; optionally with an arrow head."""

    path: tuple[tuple[float, ...], ...]
    paint: Paint
    arrow: bool = False


@dataclass(frozen=True)
class Words:
    """One line of text; (x, y) is the baseline at ``anchor``. ``halo`` paints a white rim so that it reads on a map."""

    x: float
    y: float
    text: str
    size: float
    colour: str = "#14263d"
    bold: bool = False
    anchor: Anchor = "start"
    halo: bool = False
    turn: float = 0.0


@dataclass(frozen=True)
class Group:
    """Shapes that belong together: a card, a town. ``tip`` is shown on hover and read aloud, ``href`` opens on click, ``passport`` is the figure's or row's id,
    ``code`` names it for scripts (``data-code``), ``links`` names the codes that light up with it."""

    name: str
    items: tuple[Item, ...]
    tip: str = ""
    href: str = ""
    passport: str = ""
    code: str = ""
    links: tuple[str, ...] = ()


Item = Rect | Circle | Polygon | Stroke | Words | Group


@dataclass(frozen=True)
class Scene:
    """A finished drawing. ``legend`` and title are part of ``items`` where the layout wants them inside.

    ``pages`` says on how many such drawings the whole stands; this one holds what matters most and says what it leaves out.
    """

    width: float
    height: float
    items: tuple[Item, ...]
    title: str = ""
    pages: int = 1


def walk(items: Iterable[Item]) -> Iterator[Item]:
    """All shapes and groups, each group before its members, in drawing order."""
    for item in items:
        yield item
        if isinstance(item, Group):
            yield from walk(item.items)


def moved(item: Item, dx: float, dy: float) -> Item:
    """The same shape elsewhere."""
    if isinstance(item, Group):
        return replace(item, items=tuple(moved(member, dx, dy) for member in item.items))
    if isinstance(item, Polygon):
        return replace(item, rings=tuple(tuple((x + dx, y + dy) for x, y in ring) for ring in item.rings))
    if isinstance(item, Stroke):
        return replace(item, path=tuple(tuple(value + (dy if at % 2 else dx) for at, value in enumerate(step)) for step in item.path))
    return replace(item, x=item.x + dx, y=item.y + dy)


def extent(item: Item) -> Box:
    """The rectangle around a shape or group; that of words by the widths of their characters."""
    if isinstance(item, Rect):
        return Box(item.x, item.y, item.w, item.h)
    if isinstance(item, Circle):
        return Box(item.x - item.r, item.y - item.r, 2 * item.r, 2 * item.r)
    if isinstance(item, Words):
        return _words_extent(item)
    if isinstance(item, Group):
        boxes = [extent(member) for member in item.items]
        return around([(x, y) for box in boxes for x, y in ((box.x, box.y), (box.right, box.bottom))])
    if isinstance(item, Polygon):
        return around([point for ring in item.rings for point in ring])
    return around([(step[i], step[i + 1]) for step in item.path for i in range(0, len(step), 2)])


def around(points: Sequence[Point]) -> Box:
    """The smallest box that holds the points; an empty one for none."""
    if not points:
        return Box(0, 0, 0, 0)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def over(paint: Paint) -> str:
    """The colour in which a pattern is drawn on the fill: the outline's, else a darker fill."""
    return paint.line or mix(paint.fill or "#ffffff", "#000000", 0.35)


ASCENT, DESCENT = 0.88, 0.24  # of the type size, above and below the baseline
BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}  # share of the width that stands before the anchor


def _words_extent(words: Words) -> Box:
    width = text_width(words.text, words.size) * (1.04 if words.bold else 1.0)
    left, top, height = -width * BEFORE[words.anchor], -ASCENT * words.size, (ASCENT + DESCENT) * words.size
    angle = math.radians(words.turn)
    corners = [(left, top), (left + width, top), (left, top + height), (left + width, top + height)]
    return around([(words.x + x * math.cos(angle) - y * math.sin(angle), words.y + x * math.sin(angle) + y * math.cos(angle)) for x, y in corners])
