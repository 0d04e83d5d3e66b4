"""Our district in the middle, other cities around it at their true bearing and (logarithmic) distance: where to go and whom to invite.

Pure: dataclasses in, a scene out. No outline of any country is drawn. Cities that stand too close are moved apart; what each could
bring stands in callouts at both sides; cities that find no callout, and those without coordinates, are listed below.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from . import style
from .callouts import callout_items, place_callouts
from .scene import Circle, Group, Item, Paint, Polygon, Rect, Scene, Words, extent
from .shapes import Box
from .short_names import fit_list
from .signs import sign
from .text import fit, text_width

RINGS = (50, 150, 300, 600, 1200, 2400)
PANEL, EDGE, LISTS, SIDE = 190.0, 12.0, 62.0, 214.0
CENTRE, LEAST, MOST = 15.0, 5.5, 14.0  # radii (px): our district, the smallest and the largest city
COLOURS = {"leader": "#2f6db3", "cluster": "#c98a12", "both": "#16805c"}
KINDS = {"leader": ("龙头企业", "Lead firms"), "cluster": ("产业集群", "Clusters"), "both": ("两者都有", "Both")}
PLACES = {"leader": 5, "cluster": 1, "both": 3}  # which sign stands inside
NOTE = ("示意：方位与距离为近似，距离取对数；从本区企业的平均位置量起；不画国界和省界", "Sketch: bearings true, distances logarithmic, both approximate, from the mean position of our firms; no borders drawn")


@dataclass(frozen=True)
class Want:
    """A node that a city holds; ``status`` is ours ("" where it is not told); ``needed`` when it would fill a gap."""

    code: str
    name: str
    status: str = ""
    needed: bool = False


@dataclass(frozen=True)
class City:
    """A city with its presences: km and degrees from us (None without coordinates), how many lead firms and clusters, and their nodes."""

    name: str
    distance: float | None
    bearing: float | None
    leaders: int
    clusters: int
    wants: tuple[Want, ...]
    tip: str = ""

    @property
    def count(self) -> int:
        return self.leaders + self.clusters

    @property
    def kind(self) -> str:
        return "both" if self.leaders and self.clusters else "cluster" if self.clusters else "leader"

    @property
    def needed(self) -> int:
        return sum(want.needed for want in self.wants)


@dataclass(frozen=True)
class Spot:
    """A city at its place on the drawing."""

    city: City
    x: float
    y: float
    r: float


def reach(distance: float, farthest: float, radius: float) -> float:
    """Pixels from the middle for a distance in km: ``R · ln(1 + d/50) / ln(1 + D/50)``."""
    return radius * math.log1p(max(0.0, distance) / 50) / math.log1p(farthest / 50)


def spots_of(cities: Sequence[City], middle: tuple[float, float], radius: float, farthest: float) -> list[Spot]:
    """Cities with coordinates at bearing and distance, then moved apart until no circle touches another or our district."""
    most = max((city.count for city in cities), default=1)
    placed = []
    for city in cities:
        if city.distance is None or city.bearing is None:
            continue
        away, angle = reach(city.distance, farthest, radius), math.radians(city.bearing)
        size = LEAST + (MOST - LEAST) * math.sqrt((city.count - 1) / max(1, most - 1)) if most > 1 else LEAST + 2
        placed.append(Spot(city, middle[0] + away * math.sin(angle), middle[1] - away * math.cos(angle), size))
    return apart(placed, middle)


def apart(spots: Sequence[Spot], middle: tuple[float, float], gap: float = 2.0, rounds: int = 400) -> list[Spot]:
    """Circles pushed apart pair by pair until none overlap; two at one point part along the golden angle, so that equal input gives equal places."""
    xs, ys = [spot.x for spot in spots], [spot.y for spot in spots]
    rs = [spot.r for spot in spots]
    for _ in range(rounds):
        moved = False
        for i in range(len(spots)):
            moved |= _off_centre(i, xs, ys, rs, middle, gap)
            for j in range(i):
                dx, dy = xs[i] - xs[j], ys[i] - ys[j]
                short, between = rs[i] + rs[j] + gap - math.hypot(dx, dy), math.hypot(dx, dy)
                if short > 0.01:
                    angle = math.atan2(dy, dx) if between > 0.01 else i * 2.39996
                    push = short / 2 + 0.01
                    xs[i], ys[i] = xs[i] + math.cos(angle) * push, ys[i] + math.sin(angle) * push
                    xs[j], ys[j] = xs[j] - math.cos(angle) * push, ys[j] - math.sin(angle) * push
                    moved = True
        if not moved:
            break
    return [Spot(spot.city, round(x, 1), round(y, 1), spot.r) for spot, x, y in zip(spots, xs, ys, strict=True)]


def _off_centre(i: int, xs: list[float], ys: list[float], rs: list[float], middle: tuple[float, float], gap: float) -> bool:
    dx, dy = xs[i] - middle[0], ys[i] - middle[1]
    least = CENTRE + rs[i] + gap
    if math.hypot(dx, dy) >= least:
        return False
    angle = math.atan2(dy, dx) if math.hypot(dx, dy) > 0.01 else i * 2.39996
    xs[i], ys[i] = middle[0] + math.cos(angle) * least, middle[1] + math.sin(angle) * least
    return True


def compass_drawing(cities: Sequence[City], here: str, *, language: str = "zh", href: Callable[[str], str] | None = None, title: str = "", told: bool = True,
                    width: float = 1156, height: float = 600) -> Scene:
    """Draw cities around ``here``. ``told`` says whether our own gaps may be shown; ``href`` gives the page of a node."""
    frame = Box(EDGE, EDGE, width - PANEL - 2 * EDGE, height - LISTS - 2 * EDGE)
    side = min(SIDE, frame.w * 0.27)
    radius = max(80.0, min(frame.h / 2 - 16, (frame.w - 2 * side) / 2 - 8))
    middle = frame.x + frame.w / 2, frame.y + frame.h / 2
    farthest = max([RINGS[2], *(city.distance for city in cities if city.distance is not None)]) * 1.06
    spots = spots_of(cities, middle, radius - MOST, farthest)
    callouts = place_callouts(spots, frame, side, middle, told=told, language=language)
    shown = {callout.spot.city.name for callout in callouts}
    rings = _rings(middle, radius - MOST, farthest, spots)
    items: list[Item] = [*rings]
    items += [item for callout in callouts for item in callout_items(callout, href)]
    items += _directions(middle, radius, language)
    items += _here(middle, here)
    items += [_city(spot, told) for spot in spots]
    taken = [extent(item) for item in rings if isinstance(item, Words)] + [callout.box for callout in callouts]
    taken.append(Box(middle[0] - CENTRE, middle[1] - CENTRE, 2 * CENTRE, 2 * CENTRE))
    items += _names([spot for spot in spots if spot.city.name not in shown], spots, taken, frame)
    items.append(_legend(Box(frame.right + 14, EDGE, PANEL - 14, height), spots, told, language))
    items += _lists(cities, [spot.city for spot in spots if spot.city.name not in shown], Box(EDGE, height - LISTS - 4, width - 2 * EDGE, LISTS), language)
    return Scene(width, height, tuple(items), title)


def _rings(middle: tuple[float, float], radius: float, farthest: float, spots: Sequence[Spot]) -> list[Item]:
    """Rings with their km."""
    x, y = middle
    km = [ring for ring in RINGS if ring <= farthest * 1.02]
    items: list[Item] = [Circle(x, y, reach(ring, farthest, radius), Paint("#f7fafd" if ring == km[-1] else "", "#c3d1df", 1, "dash")) for ring in reversed(km)]
    taken = [Box(s.x - s.r, s.y - s.r, 2 * s.r, 2 * s.r) for s in spots] + [Box(x - CENTRE, y - CENTRE, 2 * CENTRE, 2 * CENTRE)]
    for ring in km:
        away, text = reach(ring, farthest, radius), f"{ring} km"
        room = text_width(text, 10) + 2
        boxes = [Box(x + away * math.sin(a) - room / 2, y - away * math.cos(a) - 7, room, 13) for a in (math.radians(7.5 * n) for n in range(48))]
        box = next((b for b in boxes if not any(b.overlaps(t) for t in taken)), None)
        if box is not None:
            taken.append(box)
            items.append(Words(box.cx, box.y + 10, text, 10, style.MUTED, anchor="middle", halo=True))
    return items


def _directions(middle: tuple[float, float], radius: float, language: str) -> list[Item]:
    items: list[Item] = []
    for angle, zh, en in ((0, "北", "N"), (90, "东", "E"), (180, "南", "S"), (270, "西", "W")):
        turn, away = math.radians(angle), radius
        items.append(Words(middle[0] + away * math.sin(turn), middle[1] - away * math.cos(turn) + 4, zh if language == "zh" else en, 11.5, style.FAINT, True, "middle", halo=True))
    return items


def _here(middle: tuple[float, float], here: str) -> list[Item]:
    x, y = middle
    star = [(x + math.sin(math.pi * i / 5) * (10 if i % 2 == 0 else 4.2), y - math.cos(math.pi * i / 5) * (10 if i % 2 == 0 else 4.2)) for i in range(10)]
    return [Group(here, (Circle(x, y, CENTRE - 1, Paint("#ffffff", style.RED, 1.6)), Polygon((tuple(star),), Paint(style.RED))), tip=here)]


def _city(spot: Spot, told: bool) -> Group:
    city, colour = spot.city, COLOURS[spot.city.kind]
    edge = Paint(colour, style.INK if city.needed and told else "#ffffff", 2.0 if city.needed and told else 1.0)
    inner = () if city.kind == "leader" else (sign(PLACES[city.kind], spot.x, spot.y, spot.r * 0.42, "#ffffff"),)
    return Group(city.name, (Circle(spot.x, spot.y, spot.r, edge), *inner), tip=city.tip, code=f"city:{city.name}")


def _names(bare: Sequence[Spot], spots: Sequence[Spot], others: Sequence[Box], frame: Box) -> list[Item]:
    """Names beside circles without a callout, where there is room."""
    taken = [Box(s.x - s.r, s.y - s.r, 2 * s.r, 2 * s.r) for s in spots] + list(others)
    items: list[Item] = []
    for spot in sorted(bare, key=lambda s: (-s.city.count, s.city.name)):
        room = text_width(spot.city.name, 10) + 2
        corners = ((spot.x + spot.r + 1, spot.y - 7), (spot.x - spot.r - 1 - room, spot.y - 7), (spot.x - room / 2, spot.y - spot.r - 14), (spot.x - room / 2, spot.y + spot.r + 1))
        for left, top in corners:
            box = Box(left, top, room, 13)
            if box.x >= frame.x and box.right <= frame.right and not any(box.overlaps(t) for t in taken):
                taken.append(box)
                items.append(Words(box.x + 1, box.y + 10, spot.city.name, 10, style.INK, halo=True))
                break
    return items


def _legend(box: Box, spots: Sequence[Spot], told: bool, language: str) -> Group:
    zh, x, y = language == "zh", box.x, box.y + 14
    items: list[Item] = [Words(x, y, "城市" if zh else "Cities", 12, style.INK, True)]
    for kind, (name, en) in KINDS.items():
        y += 20
        items.append(Circle(x + 8, y - 4, 6.5, Paint(COLOURS[kind], "#ffffff", 1)))
        items += [] if kind == "leader" else [sign(PLACES[kind], x + 8, y - 4, 2.8, "#ffffff")]
        items.append(Words(x + 22, y, name if zh else en, 11, style.INK))
    most = max((spot.city.count for spot in spots), default=1)
    y += 22
    items += [Circle(x + 8, y - 4, LEAST, Paint("#ffffff", style.MUTED, 1)), Words(x + 22, y, "1", 11, style.INK), Circle(x + 52, y - 4, MOST * 0.85, Paint("#ffffff", style.MUTED, 1)),
              Words(x + 70, y, (f"{most} 家（个）" if zh else str(most)), 11, style.INK)] if most > 1 else []
    if told:
        y += 26
        items += [Circle(x + 8, y - 4, 6.5, Paint("#ffffff", style.INK, 2)), Words(x + 22, y, "能补本区的环节" if zh else "Could fill our gaps", 11, style.INK)]
        y += 26
        items.append(Words(x, y, "本区环节状态" if zh else "Our node's status", 12, style.INK, True))
        for code in ("missing", "weak", "at_risk"):
            y += 18
            status = style.STATUSES[code]
            items += [Words(x + 2, y, style.glyph(code, language), 11, status.colour, True), Words(x + 22, y, status.zh if zh else status.en, 11, style.INK)]
    y += 26
    items += [Polygon((tuple((x + 8 + math.sin(math.pi * i / 5) * (7 if i % 2 == 0 else 3), y - 4 - math.cos(math.pi * i / 5) * (7 if i % 2 == 0 else 3)) for i in range(10)),), Paint(style.RED)),
              Words(x + 22, y, "本区" if zh else "Our district", 11, style.INK)]
    return Group("图例" if zh else "legend", tuple(items))


def _lists(cities: Sequence[City], bare: Sequence[City], box: Box, language: str) -> list[Item]:
    """Below: the note, the cities that have a circle but no callout, and those without coordinates."""
    zh = language == "zh"
    unplaced = [city for city in cities if city.distance is None or city.bearing is None]
    lines = [fit(NOTE[0 if zh else 1], (box.w,), 10.5, 7.5)]
    for head, listed in (("图上未展开：" if zh else "Drawn without details: ", bare), ("没有坐标、未上图：" if zh else "Without coordinates, not drawn: ", unplaced)):
        if listed:
            names = [f"{c.name}{c.count}" for c in sorted(listed, key=lambda c: (-c.count, c.name))]
            lines.append(fit_list(head, names, (box.w,) if bare and unplaced else (box.w, box.w), 10.5, 8, language))
    items: list[Item] = [Rect(box.x, box.y, box.w, 0.8, Paint(style.LINE))]
    y = box.y + 14
    for fitted in lines:
        for text in fitted.lines:
            items.append(Words(box.x, y, text, fitted.size, style.MUTED))
            y += fitted.size * 1.2
        y += 2
    return items
