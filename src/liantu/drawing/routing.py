"""Strokes between groups and between cards: around the boxes, never through them.

A stroke that passes other columns takes the free strip (corridor) between two groups that lies nearest to its way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .shapes import Box, Card, Path


@dataclass
class Column:
    """A column of the map with its free strips: the heights (px) at which a stroke may pass between the boxes."""

    left: float
    right: float
    boxes: Sequence[Box]
    top: float
    bottom: float
    corridors: list[tuple[float, float]] = field(init=False)

    def __post_init__(self) -> None:
        edges = [self.top, *(y for box in self.boxes for y in (box.y, box.bottom)), self.bottom]
        self.corridors = [self._inside(edges[i], edges[i + 1]) for i in range(0, len(edges), 2)]

    @staticmethod
    def _inside(top: float, bottom: float) -> tuple[float, float]:
        margin = min(9.0, (bottom - top) / 2)
        return top + margin, bottom - margin

    def nearest(self, y: float) -> float:
        """The height nearest to ``y`` that passes between the boxes."""
        return min((min(max(y, top), bottom) for top, bottom in self.corridors), key=lambda free: (abs(free - y), free))


def _curve(x0: float, y0: float, x1: float, y1: float) -> tuple[float, ...]:
    bend = (x1 - x0) * 0.5
    return (x0 + bend, y0, x1 - bend, y1, x1, y1)


def between(columns: Sequence[Column], source: int, y0: float, target: int, y1: float) -> Path:
    """A stroke from the facing edge of one column to the facing edge of another (or the same, to the right)."""
    if source == target:
        x = columns[source].right
        bulge = min(15.0, 7 + abs(y1 - y0) * 0.05)
        return ((x, y0), (x + bulge, y0, x + bulge, y1, x, y1))
    step = 1 if target > source else -1
    x, y = (columns[source].right if step > 0 else columns[source].left), y0
    path: list[tuple[float, ...]] = [(x, y)]
    for index in range(source + step, target, step):
        column = columns[index]
        share = 1 / (abs(target - index) + 1)
        corridor = column.nearest(y + (y1 - y) * share)
        enter, leave = (column.left, column.right) if step > 0 else (column.right, column.left)
        path += [_curve(x, y, enter, corridor), (leave, corridor)]
        x, y = leave, corridor
    end = columns[target].left if step > 0 else columns[target].right
    path.append(_curve(x, y, end, y1))
    return tuple(path)


def _stub(card: Card, side: int, downward: bool, slot_gap: float, row_gap: float) -> list[tuple[float, ...]]:
    """Points from a card to the edge of its group on one side (+1 right, -1 left), along the gap between rows."""
    box, group = card.box, card.group_box
    x, edge = (box.right, group.right) if side > 0 else (box.x, group.x)
    if card.last if side > 0 else card.first:
        return [(x, box.cy), (edge, box.cy)]
    lane = box.bottom + row_gap / 2 if downward else box.y - row_gap / 2
    turn = x + side * slot_gap
    return [(x, box.cy), (turn, box.cy, x, lane, turn, lane), (edge, lane)]


def _reversed(points: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
    """The same stroke drawn from its other end; the first point is the old last one."""
    back: list[tuple[float, ...]] = [points[-1][-2:]]
    for index in range(len(points) - 1, 0, -1):
        before, point = points[index - 1][-2:], points[index]
        back.append(before if len(point) == 2 else (point[2], point[3], point[0], point[1], *before))
    return back


def card_path(columns: Sequence[Column], source: Card, target: Card, slot_gap: float, row_gap: float) -> Path:
    """A stroke from one card to another, running in the gaps between cards."""
    neighbours = source.group_box == target.group_box and source.row == target.row
    if neighbours and abs(source.box.x - target.box.x) < source.box.w * 1.5:
        rightward = target.box.x > source.box.x
        return ((source.box.right if rightward else source.box.x, source.box.cy),
                (target.box.x if rightward else target.box.right, target.box.cy))
    leave = 1 if target.column >= source.column else -1
    enter = 1 if target.column <= source.column else -1
    down = target.box.cy > source.box.cy
    first = _stub(source, leave, down, slot_gap, row_gap)
    last = _reversed(_stub(target, enter, not down, slot_gap, row_gap))
    middle = between(columns, source.column, first[-1][-1], target.column, last[0][-1])
    return (*first, *middle[1:], *last[1:])


def ports(box: Box, others: Sequence[tuple[str, float]]) -> Mapping[str, float]:
    """Heights on the side of a box at which strokes to others (key, height of the other) begin, in the others' order."""
    ordered = sorted(others, key=lambda item: (item[1], item[0]))
    room = min(box.h * 0.6, 9.0 * len(ordered))
    return {key: box.cy + room * ((index + 0.5) / len(ordered) - 0.5) for index, (key, _) in enumerate(ordered)}
