"""The district without boundaries: one tile per park, largest value first. Places say nothing, and the drawing says so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from . import style
from .region_legend import PANEL, legend, notes
from .region_values import Scale, scale_of, shown
from .scene import Group, Item, Paint, Rect, Scene, Words
from .shapes import Box
from .signs import flag, sign
from .text import fit, text_width

if TYPE_CHECKING:
    from .region_map import RegionShape, Sketch

EDGE, HEAD, NOTES, GAP = 12.0, 30.0, 34.0, 8.0
SAID = ("没有边界：方格按数值从大到小排列，位置和大小不表示方位和面积", "No boundaries: tiles are ordered by value; place and size mean nothing")


def tile_drawing(sketch: Sketch, *, language: str = "zh", width: float = 1156, height: float = 600) -> Scene:
    """Tiles shaded by value with name, value, firms per kind and projects."""
    scale = scale_of([value for value in sketch.values.values() if value is not None], sketch.unit, language)
    shapes = sorted(sketch.shapes, key=lambda s: (-(sketch.values.get(s.code) or -1.0), s.code))
    frame = Box(EDGE, EDGE + HEAD, width - PANEL - 2 * EDGE, height - NOTES - EDGE - HEAD - 8)
    across, down = grid(len(shapes), frame)
    tile_w, tile_h = (frame.w - GAP * (across - 1)) / across, min(150.0, (frame.h - GAP * (down - 1)) / down)
    said = SAID[0 if language == "zh" else 1]
    items: list[Item] = [Words(EDGE, EDGE + 14, said, fit(said, (frame.w,), 12, 8).size, style.MUTED, True)]
    for at, shape in enumerate(shapes):
        box = Box(frame.x + at % across * (tile_w + GAP), frame.y + at // across * (tile_h + GAP), tile_w, tile_h)
        items.append(_tile(shape, box, sketch, scale))
    panel = Box(frame.right + 14, EDGE, PANEL - 14, height)
    items.append(legend(sketch.measure, scale, sketch.values, bool(sketch.hidden), sketch.kinds, panel, language=language, flags=any(s.flags for s in shapes), each=0))
    items += notes(list(sketch.notes), Box(EDGE, height - NOTES, width - 2 * EDGE, NOTES - 4), language)
    return Scene(width, height, tuple(items), sketch.title)


def grid(count: int, frame: Box) -> tuple[int, int]:
    """Columns and rows whose tiles come nearest to 3 : 2."""
    best = min(range(1, max(2, count + 1)), key=lambda across: abs(math.log(max(1e-9, (frame.w / across) / (frame.h / math.ceil(max(1, count) / across)) / 1.5))))
    return best, math.ceil(max(1, count) / best)


def _tile(shape: RegionShape, box: Box, sketch: Sketch, scale: Scale) -> Group:
    value, hidden = sketch.values.get(shape.code), shape.code in sketch.hidden
    step = scale.step(value) if value is not None else 0
    paint = Paint("#f4f5f7", "#8a94a1", 1, pattern="hatch") if hidden else Paint(style.REGION_RAMP[step] if value is not None else "#f4f5f7", "#7d93aa", 1, "solid" if value is not None else "dash")
    ink = "#ffffff" if step >= 4 and not hidden and value is not None else style.INK
    name = fit(shape.name, (box.w - 12, box.w - 12), 12.5, 7)
    items: list[Item] = [Rect(box.x, box.y, box.w, box.h, paint, 5)]
    y = box.y + 5
    for line in name.lines:
        y += name.size * 1.16
        items.append(Words(box.x + 7, y, line, name.size, ink, True))
    told = "※" if hidden else "—" if value is None else f"{shown(value, scale)} {scale.unit}"
    told_size = fit(told, (box.w - 12,), 11.5, 7).size
    if box.h >= 46:
        items.append(Words(box.x + 7, y + told_size * 1.35, told, told_size, ink))
    if box.h >= 66:
        items += _bars(shape, list(sketch.kinds), Box(box.x + 6, box.bottom - 24, box.w - 12, 18))
    return Group(shape.name, tuple(items), tip=shape.tip, passport=shape.passport, code=f"park:{shape.code}")


def _bars(shape: RegionShape, kinds: Sequence[str], box: Box) -> list[Item]:
    """Firms per kind as signs with counts, as many as fit, on a white strip; projects first."""
    items: list[Item] = [Rect(box.x, box.y, box.w, box.h, Paint("#ffffff", opacity=0.9), 3)]
    x = box.x + 5
    if shape.flags:
        items += flag(x, box.y + 4, str(shape.flags))
        x += 16 + text_width(str(shape.flags), 9.5)
    for place, kind in enumerate(kinds):
        count = str(shape.bars.get(kind, 0))
        if count == "0":
            continue
        room = 11 + text_width(count, 9.5) + 6
        if x + room > box.right:
            items.append(Words(box.right - 3, box.y + 12.5, "…", 9.5, style.MUTED, anchor="end"))
            break
        items += [sign(place, x + 4, box.y + 9, 3.3, style.KIND_COLOURS[place % len(style.KIND_COLOURS)]), Words(x + 11, box.y + 12.5, count, 9.5, style.INK)]
        x += room
    return items
