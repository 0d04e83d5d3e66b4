"""What a chain map is made of: the four kinds of input, and the layout (all coordinates) that every drawing shares.

Coordinates are CSS pixels, origin at the top left, y downwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Path = tuple[tuple[float, ...], ...]
"""A stroke: first ``(x, y)`` to start at, then ``(x, y)`` for a line or ``(x1, y1, x2, y2, x, y)`` for a cubic curve."""


@dataclass(frozen=True)
class MapStage:
    """One column of the map."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class MapGroup:
    """One box in a column; ``stage`` is the code of the column."""

    code: str
    zh: str
    en: str
    stage: str


@dataclass(frozen=True)
class MapNode:
    """One card. ``status`` is missing, weak, fair, strong or at_risk; ``firms`` counts enterprises placed here."""

    code: str
    zh: str
    en: str
    group: str
    status: str
    firms: int
    master: str = ""
    critical: bool = False
    href: str = ""
    note: str = ""


@dataclass(frozen=True)
class MapLink:
    """What flows from one node to another; ``weight`` is relative."""

    source: str
    target: str
    item: str
    weight: float = 1


@dataclass(frozen=True)
class Box:
    """A rectangle: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def cx(self) -> float:
        return self.x + self.w / 2

    @property
    def cy(self) -> float:
        return self.y + self.h / 2

    def overlaps(self, other: Box) -> bool:
        """Whether the two rectangles share any area."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True)
class Density:
    """How much air a layout has: type sizes, card heights by number of text lines, gaps (all px)."""

    name: str
    name_size: float
    small_size: float
    heights: tuple[float, float, float]
    row_gap: float
    slot_gap: float
    group_gap: float
    header: float
    pad: float
    column_gap: float
    lane_gap: float
    min_card: float
    banner: float


@dataclass(frozen=True)
class Banner:
    """The chevron above a column."""

    stage: MapStage
    box: Box
    index: int


@dataclass(frozen=True)
class GroupBox:
    """A group with its counts; ``collapsed`` means its nodes are told by counts only."""

    group: MapGroup
    box: Box
    column: int
    firms: int
    counts: Mapping[str, int]
    collapsed: bool = False

    @property
    def missing(self) -> int:
        return self.counts.get("missing", 0)

    @property
    def size(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Card:
    """A node at its place; ``first``/``last`` tell whether it ends its row on the left/right."""

    node: MapNode
    box: Box
    group_box: Box
    column: int
    row: int
    first: bool
    last: bool


@dataclass(frozen=True)
class Bundle:
    """All links of one group to another, drawn as one faint stroke of ``width`` px."""

    source: str
    target: str
    links: int
    weight: float
    width: float
    path: Path
    returning: bool


@dataclass(frozen=True)
class NodePath:
    """All links of one node to another, shown when either end is looked at."""

    source: str
    target: str
    items: tuple[str, ...]
    weight: float
    path: Path
    returning: bool


@dataclass(frozen=True)
class Layout:
    """Where everything stands. ``left_out`` counts links whose ends are not on the map (or are one node)."""

    width: float
    height: float
    banners: tuple[Banner, ...]
    groups: tuple[GroupBox, ...]
    cards: tuple[Card, ...]
    bundles: tuple[Bundle, ...]
    paths: tuple[NodePath, ...]
    density: Density
    collapsed: bool = False
    left_out: int = 0
    language: str = "zh"
    totals: Mapping[str, int] = field(default_factory=dict)
