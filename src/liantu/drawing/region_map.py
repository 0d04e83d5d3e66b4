"""A map of townships and parks: areas shaded by a value, circles for enterprises or projects; a sketch, not a survey."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from . import style
from .shapes import Box
from .svg import attributes, label, number, rectangle, safe_href, tag
from .text import clean, fit, text_width

Ring = Sequence[Sequence[float]]
Place = Callable[[float, float], tuple[float, float]]
NOTE = ("示意图，不作行政区划依据", "Sketch map, not an authority on boundaries")


@dataclass(frozen=True)
class RegionShape:
    """An area: its outer rings and holes as lists of (x, y), longitude/latitude or plane coordinates, y northwards."""

    code: str
    zh: str
    en: str
    rings: Sequence[Ring]
    href: str = ""


@dataclass(frozen=True)
class RegionPoint:
    """A circle; its area grows with ``size`` (≥ 0); ``kind`` picks colour and legend entry."""

    x: float
    y: float
    size: float = 1
    kind: str = ""
    label: str = ""


def shapes_from_geojson(collection: Mapping[str, object], *, code: str = "code", name: str = "name") -> list[RegionShape]:
    """Areas of a GeoJSON FeatureCollection (Polygon, MultiPolygon); ``code``/``name`` are property names."""
    shapes = []
    for feature in collection.get("features") or ():  # type: ignore[attr-defined]
        geometry, properties = feature.get("geometry") or {}, feature.get("properties") or {}
        parts = geometry.get("coordinates") or []
        polygons = {"Polygon": [parts], "MultiPolygon": parts}.get(str(geometry.get("type")), [])
        rings = [ring for polygon in polygons for ring in polygon if len(ring) >= 3]
        title = str(properties.get(name) or "")
        if rings:
            shapes.append(RegionShape(str(properties.get(code) or title), title, str(properties.get("en") or title), rings))
    return shapes


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


def _area(ring: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, (*ring[1:], ring[0]), strict=True))) / 2


def label_spot(rings: Sequence[Ring]) -> tuple[float, float]:
    """A point well inside the largest ring: the middle of the widest stretch on one of several horizontal cuts."""
    ring = max(rings, key=_area)
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


def step_of(value: float, largest: float) -> int:
    """Which of the six shades a value takes: equal steps of its square root, so that small places differ too."""
    if largest <= 0 or value <= 0:
        return 0
    return min(len(style.REGION_RAMP) - 1, int(math.sqrt(value / largest) * len(style.REGION_RAMP)))


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:,.1f}"


def _name(shape: RegionShape, language: str) -> str:
    return (shape.en or shape.zh) if language == "en" else (shape.zh or shape.en)


def _areas(shapes: Sequence[RegionShape], values: Mapping[str, float | None], place: Place, unit: str, language: str) -> str:
    largest = max((value for value in values.values() if value is not None), default=0)
    parts = []
    for shape in shapes:
        value = values.get(shape.code)
        outline = "".join("M" + "L".join(" ".join(number(v) for v in place(p[0], p[1])) for p in ring) + "Z" for ring in shape.rings)
        shade = "no-value" if value is None else f"q{step_of(value, largest)}"
        told = f"{_name(shape, language)} {'—' if value is None else _shown(value)}{unit if value is not None else ''}"
        drawn = tag("path", class_=f"area {shade}", d=outline, fill_rule="evenodd") + label_title(told)
        href = safe_href(shape.href)
        parts.append(tag("a" if href else "g", drawn, href=href, data_code=shape.code, aria_label=told))
    return tag("g", "".join(parts), class_="areas")


def label_title(text: str) -> str:
    """A tooltip."""
    return tag("title", clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def _names(shapes: Sequence[RegionShape], values: Mapping[str, float | None], place: Place, language: str) -> str:
    taken: list[Box] = []
    parts = []
    for shape in sorted(shapes, key=lambda item: -max(map(_area, item.rings))):
        spots = [[place(p[0], p[1]) for p in ring] for ring in shape.rings]
        x, y = label_spot(spots)
        name, value = _name(shape, language), values.get(shape.code)
        width = text_width(name, 12) + 4
        for shift in (0, 16, -16, 30, -30, 44):
            box = Box(x - width / 2, y + shift - 12, width, 28)
            if not any(box.overlaps(other) for other in taken):
                y += shift
                break
        taken.append(Box(x - width / 2, y - 12, width, 28))
        parts.append(label(name, x, y, 12, "area-name"))
        if value is not None:
            parts.append(label(_shown(value), x, y + 13, 10, "area-value"))
    return tag("g", "".join(parts), class_="names", aria_hidden="true")


def _points(points: Sequence[RegionPoint], kinds: Sequence[str], place: Place) -> str:
    largest = max((point.size for point in points), default=0) or 1
    parts = []
    for point in sorted(points, key=lambda item: (-item.size, item.x, item.y)):
        x, y = place(point.x, point.y)
        radius = 1.8 + 8.2 * math.sqrt(max(0.0, point.size) / largest)
        colour = kinds.index(point.kind) % len(style.KIND_COLOURS)
        parts.append(tag("circle", label_title(point.label) if point.label else "", class_=f"point k{colour}", cx=x, cy=y, r=radius))
    return tag("g", "".join(parts), class_="points")


def _legend(values: Mapping[str, float | None], kinds: Sequence[str], frame: Box, unit: str, measure: str) -> str:
    parts, y = [], frame.y + 8
    for index, kind in enumerate(kind for kind in kinds if kind):
        parts.append(tag("circle", class_=f"k{kinds.index(kind) % len(style.KIND_COLOURS)}", cx=frame.right - 118, cy=y - 3.5 + index * 18, r=4.5))
        parts.append(label(kind, frame.right - 108, y + index * 18, fit(kind, (104,), 11, 8).size, "legend-text"))
    largest = max((value for value in values.values() if value is not None), default=0)
    steps = len(style.REGION_RAMP)
    bottom = frame.bottom - 8
    parts.append(label(f"{measure}{f'（{unit}）' if unit else ''}", frame.x, bottom - steps * 15 - 8, 11, "legend-text"))
    for index in range(steps):
        top = bottom - (index + 1) * 15
        parts.append(rectangle(Box(frame.x, top, 18, 13), f"q{index}", 2))
        floor = largest * (index / steps) ** 2
        parts.append(label(("0" if index == 0 else "≥ " + _shown(floor)), frame.x + 24, top + 10, 10, "legend-text"))
    return tag("g", "".join(parts), class_="legend")


def region_map_svg(polygons: Iterable[RegionShape], values: Mapping[str, float | None], points: Iterable[RegionPoint] = (), *,
                   title: str, measure: str = "", unit: str = "", footer: str = "", width: float = 760, height: float = 600,
                   language: str = "zh", standalone: bool = False) -> str:
    """Draw areas shaded by ``values`` (by code; None or absent means no value) with circles on top.

    Always marked as a sketch. On the page looks come from ``chain_map.css``; a standalone file carries its styles.
    """
    shapes, dots = list(polygons), list(points)
    kinds = list(dict.fromkeys(point.kind for point in dots))
    head = 44.0 if standalone else 14.0
    frame = Box(24, head, width - 48, height - head - 34)
    place = projection(shapes, Box(frame.x + 60, frame.y, frame.w - (180 if any(kinds) else 80), frame.h))
    note = NOTE[1 if language == "en" else 0]
    parts = [_areas(shapes, values, place, unit, language), _points(dots, kinds, place),
             _names(shapes, values, place, language), _legend(values, kinds, frame, unit, measure),
             label(note, width - 16, height - 12, 10.5, "note end")]
    if footer:
        parts.append(label(footer, 24, height - 12, fit(footer, (width - 60 - text_width(note, 10.5),), 10, 7).size, "note"))
    if standalone:
        paper = tag("rect", width=float(width), height=float(height), fill="#ffffff")
        parts = [tag("style", style.region_css()), paper, label(title, 24, 28, fit(title, (width - 48,), 18, 11).size, "title"), *parts]
    root = attributes(xmlns="http://www.w3.org/2000/svg", class_="region-map", viewBox=f"0 0 {number(width)} {number(height)}",
                      width=number(width) if standalone else None, height=number(height) if standalone else None,
                      role="img", aria_label=clean(f"{title}（{note}）"))
    return f"<svg{root}>\n" + "\n".join(parts) + "\n</svg>"
