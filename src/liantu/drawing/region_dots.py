"""Dots that do not cover each other: each takes the nearest free cell of a fine raster inside its own area."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from .shapes import Box

PITCH = 4.6  # px between dots
SMALL, LARGEST = 1.9, 9.0  # radii (px)
MOST = 1500  # dots on one map; more become one dot for several
BIG = 40  # how many of the largest are drawn by size
REACH = 14  # cells that a dot may move


@dataclass(frozen=True)
class Dot:
    """A dot in px; ``size`` > 0 asks for a circle whose area grows with it."""

    x: float
    y: float
    size: float
    kind: str
    label: str
    radius: float = SMALL


@dataclass(frozen=True)
class Placed:
    """Dots at their places; ``each`` firms to a dot; how many were joined to a neighbour, and how many lie in no area."""

    dots: tuple[Dot, ...]
    each: int
    merged: int
    outside: int


class Raster:
    """Cells of the map: which area each lies in, and whether it is taken."""

    def __init__(self, frame: Box, outlines: Mapping[str, Sequence[Sequence[tuple[float, float]]]]) -> None:
        self.frame, self.across, self.down = frame, int(frame.w / PITCH) + 1, int(frame.h / PITCH) + 1
        self.area: dict[tuple[int, int], str] = {}
        self.taken: set[tuple[int, int]] = set()
        for code, rings in outlines.items():
            self._fill(code, rings)

    def _fill(self, code: str, rings: Sequence[Sequence[tuple[float, float]]]) -> None:
        for row in range(self.down):
            y, cuts = self.frame.y + (row + 0.5) * PITCH, []
            for ring in rings:
                for (x0, y0), (x1, y1) in zip(ring, (*ring[1:], ring[0]), strict=True):
                    if (y0 <= y) != (y1 <= y):
                        cuts.append(x0 + (x1 - x0) * (y - y0) / (y1 - y0))
            cuts.sort()
            for left, right in zip(cuts[::2], cuts[1::2], strict=False):
                for column in range(self.cell(left + PITCH / 2, y)[0], self.cell(right - PITCH / 2, y)[0] + 1):
                    self.area[column, row] = code

    def cell(self, x: float, y: float) -> tuple[int, int]:
        return math.floor((x - self.frame.x) / PITCH), math.floor((y - self.frame.y) / PITCH)

    def middle(self, cell: tuple[int, int]) -> tuple[float, float]:
        return self.frame.x + (cell[0] + 0.5) * PITCH, self.frame.y + (cell[1] + 0.5) * PITCH

    def block(self, box: Box) -> None:
        """Keep dots out of a box."""
        (left, top), (right, bottom) = self.cell(box.x, box.y), self.cell(box.right, box.bottom)
        self.taken.update((column, row) for column in range(left, right + 1) for row in range(top, bottom + 1))

    def covered(self, x: float, y: float, radius: float) -> set[tuple[int, int]]:
        """Cells whose dots a circle would touch."""
        reach, (column, row) = math.ceil((radius + SMALL) / PITCH), self.cell(x, y)
        near = ((column + dx, row + dy) for dx in range(-reach, reach + 1) for dy in range(-reach, reach + 1))
        return {cell for cell in near if math.dist(self.middle(cell), (x, y)) < radius + SMALL + 0.4}

    def home(self, x: float, y: float) -> str | None:
        """The area at a point; a point just over a border belongs to the nearest cell's."""
        column, row = self.cell(x, y)
        return next((self.area[cell] for dx, dy in _spiral(1) if (cell := (column + dx, row + dy)) in self.area), None)

    def free_near(self, x: float, y: float, home: str) -> tuple[int, int] | None:
        """The nearest free cell of an area."""
        column, row = self.cell(x, y)
        for dx, dy in _spiral(REACH):
            cell = (column + dx, row + dy)
            if cell not in self.taken and self.area.get(cell) == home:
                return cell
        return None

    def crowd(self, dots: Sequence[Dot]) -> list[list[int]]:
        """How many dots lie above and left of each cell (an integral table, one wider than the raster)."""
        counts = Counter(self.cell(dot.x, dot.y) for dot in dots)
        table = [[0] * (self.across + 1)]
        for row in range(self.down):
            line, running = [0], 0
            for column in range(self.across):
                running += counts[column, row]
                line.append(table[-1][column + 1] + running)
            table.append(line)
        return table

    def calm_place(self, code: str, spot: tuple[float, float], width: float, height: float, crowd: list[list[int]], taken: Sequence[Box]) -> Box | None:
        """The place inside an area where a box covers fewest dots, near ``spot``; None when no place holds it."""
        best: tuple[float, Box] | None = None
        across, down = math.ceil(width / PITCH), math.ceil(height / PITCH)
        for column, row in [cell for cell, area in self.area.items() if area == code and cell[0] % 2 == 0 and cell[1] % 2 == 0]:
            if column + across >= self.across or row + down >= self.down:
                continue
            sides = [(c, r) for c in range(column, column + across + 1) for r in (row, row + down)] + [(c, r) for r in range(row, row + down) for c in (column, column + across)]
            box = Box(self.frame.x + (column + 0.3) * PITCH, self.frame.y + (row + 0.3) * PITCH, width, height)
            if any(self.area.get(cell) != code for cell in sides) or any(box.overlaps(other) for other in taken):
                continue
            covered = crowd[row + down][column + across] - crowd[row][column + across] - crowd[row + down][column] + crowd[row][column]
            cost = covered + 0.12 * math.dist((box.cx, box.cy), spot)
            if best is None or cost < best[0]:
                best = cost, box
        return best[1] if best else None

    def emptiest_corner(self, width: float, height: float) -> Box:
        """The corner of the frame that holds least of the map."""
        frame = self.frame
        corners = [Box(x, y, width, height) for y in (frame.bottom - height, frame.y) for x in (frame.x, frame.right - width)]

        def held(box: Box) -> int:
            (left, top), (right, bottom) = self.cell(box.x, box.y), self.cell(box.right, box.bottom)
            return sum((c, r) in self.area or (c, r) in self.taken for c in range(left, right) for r in range(top, bottom))

        return min(corners, key=held)


@lru_cache(maxsize=4)
def _spiral(reach: int) -> tuple[tuple[int, int], ...]:
    steps = ((dx, dy) for dx in range(-reach, reach + 1) for dy in range(-reach, reach + 1))
    return tuple(sorted(steps, key=lambda step: (step[0] ** 2 + step[1] ** 2, step)))


def place_dots(raster: Raster, dots: Sequence[Dot]) -> Placed:
    """Places for dots: the largest as circles of their size, the others as small dots around them; nothing overlaps."""
    homes = {dot: home for dot in dots if (home := raster.home(dot.x, dot.y)) is not None}
    inside = [dot for dot in dots if dot in homes]
    each = max(1, math.ceil(len(inside) / MOST))
    big = sorted((dot for dot in inside if dot.size > 0), key=lambda d: (-d.size, d.x, d.y))[:BIG] if each == 1 else []
    placed, merged = _circles(raster, big, homes), 0
    rest = [dot for dot in inside if dot not in set(big)]
    if each > 1:
        rest = list(_joined(rest, homes, each))
    for dot in sorted(rest, key=lambda d: (d.y, d.x, d.label)):
        cell = raster.free_near(dot.x, dot.y, homes.get(dot) or raster.home(dot.x, dot.y) or "")
        if cell is None:
            merged += 1
            continue
        raster.taken.add(cell)
        x, y = raster.middle(cell)
        placed.append(replace(dot, x=round(x, 1), y=round(y, 1), size=0.0))
    return Placed(tuple(placed), each, merged, len(dots) - len(inside))


def _circles(raster: Raster, big: Sequence[Dot], homes: Mapping[Dot, str]) -> list[Dot]:
    """Circles by size, each moved to the nearest place where it touches nothing taken; one that finds none becomes a small dot."""
    placed: list[Dot] = []
    largest = big[0].size if big else 1.0
    for dot in big:
        radius = max(SMALL + 1.4, LARGEST * math.sqrt(dot.size / largest))
        for dx, dy in _spiral(9):
            x, y = dot.x + dx * PITCH, dot.y + dy * PITCH
            cells = raster.covered(x, y, radius)
            if not cells & raster.taken and all(raster.area.get(cell) == homes[dot] for cell in cells):
                raster.taken |= cells
                placed.append(replace(dot, x=round(x, 1), y=round(y, 1), radius=round(radius, 1)))
                break
        else:
            placed += [replace(dot, size=0.0)] if _claim(raster, dot) else []
    return placed


def _claim(raster: Raster, dot: Dot) -> bool:
    cell = raster.cell(dot.x, dot.y)
    free = cell not in raster.taken
    raster.taken.add(cell)
    return free


def _joined(dots: Sequence[Dot], homes: Mapping[Dot, str], each: int) -> Iterator[Dot]:
    """One dot for about ``each`` neighbours of one kind and area, at their middle."""
    groups: dict[tuple[str, str], list[Dot]] = defaultdict(list)
    for dot in dots:
        groups[homes[dot], dot.kind].append(dot)
    for (_, kind), members in sorted(groups.items()):
        members.sort(key=lambda d: (int(d.y / 24), d.x if int(d.y / 24) % 2 else -d.x, d.label))
        parts = max(1, round(len(members) / each))
        for part in range(parts):
            near = members[len(members) * part // parts:len(members) * (part + 1) // parts]
            middle = near[len(near) // 2]
            yield Dot(middle.x, middle.y, 0.0, kind, "、".join([*dict.fromkeys(d.label for d in near[:3])]) + (f" …（{len(near)}）" if len(near) > 3 else ""))
