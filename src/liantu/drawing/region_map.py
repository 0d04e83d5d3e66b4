"""The district as a sketch: townships and parks shaded by a value, firms as dots, projects as counted flags; not a survey.

Pure: dataclasses in, a scene out. Labels, big circles and dots take their places on one raster, so that none covers another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from . import style
from .region_dots import Dot, Raster, place_dots
from .region_legend import PANEL, legend, notes
from .region_values import Scale, scale_of, shown
from .scene import Circle, Group, Item, Paint, Polygon, Rect, Scene, Stroke, Words
from .shapes import Box
from .short_names import fit_list
from .signs import flag, sign
from .text import fit, text_width

Ring = Sequence[Sequence[float]]
Place = Callable[[float, float], tuple[float, float]]
EDGE, NOTES = 12.0, 34.0


@dataclass(frozen=True)
class RegionShape:
    """An area: its outer rings and holes as lists of (x, y), longitude/latitude or plane coordinates, y northwards; ``passport`` is its figure's id."""

    code: str
    name: str
    rings: Sequence[Ring]
    tip: str = ""
    flags: int = 0
    passport: str = ""
    bars: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class RegionPoint:
    """A firm: where it is, how much it weighs (0: all alike), and which kind it is of."""

    x: float
    y: float
    size: float = 0.0
    kind: str = ""
    label: str = ""


@dataclass(frozen=True)
class Sketch:
    """All that is on a region map. ``values`` holds what shades an area: None is not known, and the codes in ``hidden`` are kept back.

    ``kinds`` are the kinds of points with their names, in the order of the legend; ``notes`` are said below the map.
    """

    shapes: Sequence[RegionShape]
    values: Mapping[str, float | None]
    measure: str
    unit: str
    kinds: Mapping[str, str] = field(default_factory=dict)
    points: Sequence[RegionPoint] = ()
    hidden: frozenset[str] = frozenset()
    notes: Sequence[str] = ()
    title: str = ""
    sized: str = ""


def shapes_from_geojson(geometry: Mapping[str, object]) -> list[Ring]:
    """The rings of a GeoJSON Polygon or MultiPolygon; none for anything else."""
    parts = geometry.get("coordinates") or []
    polygons = {"Polygon": [parts], "MultiPolygon": parts}.get(str(geometry.get("type")), [])
    return [ring for polygon in polygons for ring in polygon if len(ring) >= 3]  # type: ignore[attr-defined]


def projection(shapes: Sequence[RegionShape], frame: Box) -> Place:
    """Coordinates to pixels inside a frame, the same scale both ways; degrees are narrowed by the cosine of latitude."""
    spots = [spot for shape in shapes for ring in shape.rings for spot in ring] or [(0.0, 0.0), (1.0, 1.0)]
    left, right = min(spot[0] for spot in spots), max(spot[0] for spot in spots)
    low, high = min(spot[1] for spot in spots), max(spot[1] for spot in spots)
    degrees = max(abs(left), abs(right)) <= 180 and max(abs(low), abs(high)) <= 90
    narrow = math.cos(math.radians((low + high) / 2)) if degrees else 1.0
    scale = min(frame.w / ((right - left) * narrow or 1.0), frame.h / ((high - low) or 1.0))
    dx = frame.x + (frame.w - (right - left) * narrow * scale) / 2
    dy = frame.y + (frame.h - (high - low) * scale) / 2
    return lambda x, y: (dx + (x - left) * narrow * scale, dy + (high - y) * scale)


def ring_size(ring: Ring) -> float:
    """Area of a ring (shoelace), unsigned."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, (*ring[1:], ring[0]), strict=True))) / 2


def label_spot(rings: Sequence[Ring]) -> tuple[float, float]:
    """A point well inside the largest ring: the middle of the widest stretch on one of several horizontal cuts."""
    ring = max(rings, key=ring_size)
    low, high = min(p[1] for p in ring), max(p[1] for p in ring)
    best = (-1.0, ring[0][0], ring[0][1])
    for step in range(1, 12):
        y = low + (high - low) * step / 12
        cuts = []
        for (x0, y0), (x1, y1) in zip([p[:2] for p in ring], [p[:2] for p in (*ring[1:], ring[0])], strict=True):
            if (y0 <= y) != (y1 <= y):
                cuts.append(x0 + (x1 - x0) * (y - y0) / (y1 - y0))
        cuts.sort()
        for a, b in zip(cuts[::2], cuts[1::2], strict=False):
            worth = (b - a) * (1 - 0.9 * abs(step - 6) / 6)
            if worth > best[0]:
                best = worth, (a + b) / 2, y
    return best[1], best[2]


@dataclass(frozen=True)
class Label:
    """The words on an area: where they stand, and where their leader points when they had to move away."""

    shape: RegionShape
    box: Box
    spot: tuple[float, float]
    lines: tuple[tuple[str, float, bool], ...]
    away: bool


def label_lines(shape: RegionShape, sketch: Sketch, scale: Scale) -> tuple[tuple[str, float, bool], ...]:
    """Name and value of an area: text, size (px), bold."""
    if shape.code in sketch.hidden:
        value = "※"
    else:
        known = sketch.values.get(shape.code)
        value = "—" if known is None else shown(known, scale)
    fitted = fit(shape.name, (150.0,), 12.5, 9)
    return ((fitted.lines[0] if fitted.lines else "", fitted.size, True), (value, 11.0, False))


def label_box(lines: Sequence[tuple[str, float, bool]], flags: int) -> tuple[float, float]:
    """Width and height (px) of a label."""
    first = text_width(lines[0][0], lines[0][1]) * 1.04
    second = text_width(lines[1][0], lines[1][1]) + (22 + text_width(str(flags), 9.5) if flags else 0)
    return max(first, second) + 6, 31.0


def place_labels(shapes: Sequence[RegionShape], outlines: Mapping[str, Sequence[Ring]], sketch: Sketch, scale: Scale, raster: Raster, dots: Sequence[Dot]) -> list[Label]:
    """Labels that cover neither each other nor leave the frame: inside their area where fewest dots are, else as near as possible (with a leader)."""
    labels: list[Label] = []
    crowd = raster.crowd(dots)
    for shape in sorted(shapes, key=lambda s: (min(map(ring_size, outlines[s.code][:1])), s.code)):
        lines = label_lines(shape, sketch, scale)
        width, height = label_box(lines, shape.flags)
        spot, taken = label_spot(outlines[shape.code]), [label.box for label in labels]
        box = raster.calm_place(shape.code, spot, width, height, crowd, taken) or _nearest(spot, width, height, raster.frame, taken)
        if box is not None:
            labels.append(Label(shape, box, spot, lines, raster.home(box.cx, box.cy) != shape.code))
    return labels


def _nearest(spot: tuple[float, float], width: float, height: float, frame: Box, taken: Sequence[Box]) -> Box | None:
    """The nearest free place around a point, or None."""
    for step in range(26):
        for turn in range(16 if step else 1):
            angle = 2 * math.pi * turn / 16
            box = Box(spot[0] + math.cos(angle) * step * 12 - width / 2, spot[1] + math.sin(angle) * step * 8 - height / 2, width, height)
            inside = box.x >= frame.x and box.right <= frame.right and box.y >= frame.y and box.bottom <= frame.bottom
            if inside and not any(box.overlaps(other) for other in taken):
                return box
    return None


def region_drawing(sketch: Sketch, *, language: str = "zh", width: float = 1156, height: float = 600) -> Scene:
    """Draw areas, dots and labels with the legend at the right; always marked as a sketch. Areas without a place for their label are named in the notes."""
    scale = scale_of([value for value in sketch.values.values() if value is not None], sketch.unit, language)
    frame = Box(EDGE, EDGE, width - PANEL - 2 * EDGE, height - NOTES - EDGE)
    project = projection(sketch.shapes, Box(frame.x + 4, frame.y + 4, frame.w - 8, frame.h - 8))
    outlines = {shape.code: [[project(p[0], p[1]) for p in ring] for ring in shape.rings] for shape in sketch.shapes}
    raster = Raster(frame, outlines)
    dots = [Dot(*project(p.x, p.y), p.size, p.kind, p.label) for p in sketch.points]
    labels = place_labels(sketch.shapes, outlines, sketch, scale, raster, dots)
    for label in labels:
        raster.block(label.box)
    placed = place_dots(raster, dots)
    said = [*sketch.notes, *_told(placed.merged, placed.outside, placed.each, bool(sketch.points), language)]
    nameless = [shape.name for shape in sketch.shapes if shape.code not in {label.shape.code for label in labels}]
    if nameless:
        said.append(fit_list("图上写不下：" if language == "zh" else "no room for: ", nameless, (width * 0.5,), 10.5, 10.5, language).lines[0])
    items: list[Item] = [_mark(raster.emptiest_corner(150, 54), language)]
    items += [_area(shape, outlines[shape.code], sketch, scale) for shape in sketch.shapes]
    items += [_dot(dot, list(sketch.kinds)) for dot in placed.dots]
    items += [_label(label) for label in labels]
    items.append(legend(sketch.measure, scale, sketch.values, bool(sketch.hidden), sketch.kinds if sketch.points else {}, Box(frame.right + 14, frame.y, PANEL - 14, frame.h),
                        language=language, flags=any(shape.flags for shape in sketch.shapes), sized=sketch.sized if placed.each == 1 else "", each=placed.each))
    items += notes(said, Box(EDGE, height - NOTES, width - 2 * EDGE, NOTES - 4), language)
    return Scene(width, height, tuple(items), sketch.title)


def _told(merged: int, outside: int, each: int, dotted: bool, language: str) -> list[str]:
    """What the dots do not show as it is."""
    zh, said = language == "zh", []
    if dotted:
        said.append("点位略有错开以免重叠" if zh else "dots stand slightly apart from their places so that none covers another")
    if each > 1:
        said.append(f"企业多，一点代表约 {each} 家" if zh else f"one dot stands for about {each} firms")
    if merged:
        said.append(f"{merged} 点并入邻点" if zh else f"{merged} dots joined to a neighbour")
    if outside:
        said.append(f"{outside} 家坐标在边界之外，未画" if zh else f"{outside} firms lie outside the boundaries and are not drawn")
    return said


def _mark(box: Box, language: str) -> Words:
    text = "示意图" if language == "zh" else "SKETCH"
    return Words(box.cx, box.cy + 14, text, 40, "#d5dce5", True, "middle")


def _area(shape: RegionShape, outline: Sequence[Sequence[tuple[float, float]]], sketch: Sketch, scale: Scale) -> Group:
    value = sketch.values.get(shape.code)
    if shape.code in sketch.hidden:
        paint = Paint("#f4f5f7", "#8a94a1", 1.0, pattern="hatch")
    elif value is None:
        paint = Paint("#f4f5f7", "#8a94a1", 1.0, "dash")
    else:
        paint = Paint(style.REGION_RAMP[scale.step(value)], "#7d93aa", 1.0)
    rings = tuple(tuple((round(x, 1), round(y, 1)) for x, y in ring) for ring in outline)
    return Group(shape.name, (Polygon(rings, paint),), tip=shape.tip, passport=shape.passport, code=f"park:{shape.code}")


def _dot(dot: Dot, kinds: Sequence[str]) -> Item:
    place = kinds.index(dot.kind) if dot.kind in kinds else 0
    if dot.size > 0:
        shape: Item = Circle(dot.x, dot.y, dot.radius, Paint(style.KIND_COLOURS[place % len(style.KIND_COLOURS)], "#ffffff", 0.9, opacity=0.9))
        inner = (sign(place, dot.x, dot.y, min(3.4, dot.radius * 0.55), "#ffffff"),) if place else ()
        return Group(dot.label, (shape, *inner), tip=dot.label)
    shape = sign(place, dot.x, dot.y, dot.radius, style.KIND_COLOURS[place % len(style.KIND_COLOURS)], rim=True)
    return Group(dot.label, (shape,), tip=dot.label) if dot.label else shape


def _label(label: Label) -> Group:
    box, (name, value) = label.box, label.lines
    items: list[Item] = []
    if label.away:
        items += [Stroke(((box.cx, box.cy), label.spot), Paint("", style.MUTED, 0.8)), Circle(*label.spot, 1.8, Paint(style.MUTED))]
    items.append(Rect(box.x, box.y, box.w, box.h, Paint("#ffffff", opacity=0.72), 4))
    items.append(Words(box.cx, box.y + 13, name[0], name[1], style.INK, True, "middle", halo=True))
    if not label.shape.flags:
        items.append(Words(box.cx, box.y + 26.5, value[0], value[1], style.INK, False, "middle", halo=True))
        return Group(label.shape.name, tuple(items), tip=label.shape.tip)
    count = str(label.shape.flags)
    room = text_width(value[0], value[1]) + 7 + 13 + text_width(count, 9.5)
    left = box.cx - room / 2
    items.append(Words(left, box.y + 26.5, value[0], value[1], style.INK, False, "start", halo=True))
    items += flag(left + text_width(value[0], value[1]) + 7, box.y + 17.5, count)
    return Group(label.shape.name, tuple(items), tip=label.shape.tip)

