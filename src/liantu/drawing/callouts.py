"""Callouts at both sides of a drawing: what stands at a spot, in order of height, with leaders that do not cross the texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import style
from .scene import Group, Item, Paint, Stroke, Words
from .shapes import Box
from .short_names import fit_name
from .text import fit, text_width

if TYPE_CHECKING:
    from .compass import Spot, Want

HEAD, LINE, GAP, SIZE = 15.0, 12.5, 6.0, 10.0
LINES = 2


@dataclass(frozen=True)
class Piece:
    """One node in a callout: its words at a place (px from the callout's corner)."""

    want: Want | None
    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Callout:
    """A box beside the drawing; ``right`` tells on which side it stands."""

    spot: Spot
    box: Box
    right: bool
    pieces: tuple[Piece, ...]


def pieces_of(wants: Sequence[Want], width: float, *, told: bool, language: str = "zh") -> tuple[Piece, ...]:
    """The nodes, needed ones first, as words in up to :data:`LINES` lines; what does not fit is counted (``+3``)."""
    ordered = sorted(wants, key=lambda want: (not want.needed, want.name)) if told else list(wants)
    pieces: list[Piece] = []
    x, line = 0.0, 0
    for at, want in enumerate(ordered):
        text = (style.glyph(want.status, language) if told and want.needed else "") + fit_name(want.name, (width - 40,), SIZE, SIZE, language).lines[0]
        room, rest = text_width(text, SIZE) + 7, len(ordered) - at
        last = line == LINES - 1
        reserve = text_width(f"+{rest}", SIZE) + 4 if last and rest > 1 else 0
        if x + room > width - reserve and x > 0:
            if last:
                pieces.append(Piece(None, f"+{rest}", x, HEAD + line * LINE + 9))
                return tuple(pieces)
            x, line = 0.0, line + 1
        pieces.append(Piece(want, text, x, HEAD + line * LINE + 9))
        x += room
    return tuple(pieces)


def place_callouts(spots: Sequence[Spot], frame: Box, side: float, middle: tuple[float, float], *, told: bool, language: str = "zh") -> list[Callout]:
    """One callout per spot, left or right of the middle, as many as fit; the most needed and largest come first."""
    callouts: list[Callout] = []
    for right in (False, True):
        here = [spot for spot in spots if (spot.x >= middle[0]) == right]
        room, chosen = frame.h, []
        for spot in sorted(here, key=lambda s: (-s.city.needed if told else 0, -s.city.count, s.city.name)):
            pieces = pieces_of(spot.city.wants, side - 4, told=told, language=language)
            tall = HEAD + LINE * (1 + max((round((p.y - HEAD - 9) / LINE) for p in pieces), default=-1)) + GAP
            if tall <= room:
                room -= tall
                chosen.append((spot, pieces, tall))
        callouts += _stacked(sorted(chosen, key=lambda c: (c[0].y, c[0].x)), frame, side, right)
    return callouts


def _stacked(chosen: Sequence[tuple[Spot, tuple[Piece, ...], float]], frame: Box, side: float, right: bool) -> list[Callout]:
    """Callouts under each other, each as near to its spot's height as the others allow."""
    tops, floor = [], frame.y
    for spot, _, tall in chosen:
        tops.append(max(floor, spot.y - tall / 2))
        floor = tops[-1] + tall
    ceiling = frame.bottom
    for at in range(len(chosen) - 1, -1, -1):
        tops[at] = min(tops[at], ceiling - chosen[at][2])
        ceiling = tops[at]
    x = frame.right - side if right else frame.x
    return [Callout(spot, Box(x, top, side, tall - GAP), right, pieces) for (spot, pieces, tall), top in zip(chosen, tops, strict=True)]


def callout_items(callout: Callout, href: Callable[[str], str] | None) -> list[Item]:
    """The leader, the city with its distance and count, and its nodes."""
    spot, box = callout.spot, callout.box
    edge = box.x - 4 if callout.right else box.right + 2
    y = box.y + 8
    bend = edge - 10 if callout.right else edge + 10
    leader = Stroke(((spot.x, spot.y), (bend, y), (edge, y)), Paint("", "#9fb2c6", 0.7))
    words: list[Item] = []
    far = f"{spot.city.distance:,.0f} km · {spot.city.count}" if spot.city.distance is not None else ""
    name = fit(spot.city.name, (box.w - text_width(far, 9.5) - 10,), 11.5, 8.5)
    words += [Words(box.x, box.y + 11.5, name.lines[0], name.size, style.INK, True), Words(box.x + text_width(name.lines[0], name.size) * 1.04 + 6, box.y + 11.5, far, 9.5, style.MUTED)]
    for piece in callout.pieces:
        want = piece.want
        colour = style.STATUSES[want.status].colour if want and want.needed and want.status else style.MUTED
        line = Words(box.x + piece.x, box.y + piece.y, piece.text, SIZE, colour, bool(want and want.needed))
        words.append(Group(want.name, (line,), tip=want.name, href=href(want.code) if href else "", code=f"node:{want.code}") if want else line)
    return [leader, Group(spot.city.name, tuple(words), tip=spot.city.tip)]
