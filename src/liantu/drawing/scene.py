"""A drawing as plain shapes: one set of coordinates that becomes SVG, PNG, native slide shapes and printed sheets.

Coordinates are CSS pixels, origin at the top left, y downwards. Whoever lays out a map fills a :class:`Scene`; the renderers know
nothing of maps. Text is already fitted by who lays out (``drawing.text.fit``), so that no renderer has to guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
    """A finished drawing. ``legend`` and title are part of ``items`` where the layout wants them inside."""

    width: float
    height: float
    items: tuple[Item, ...]
    title: str = ""
