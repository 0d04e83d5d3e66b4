"""Parts that several drawings are made of: words fitted into a cell, a mark on a red ground, the legend, and what a version may show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from liantu.kernel.output import Result

from . import style
from .scene import Anchor, Item, Paint, Rect, Words, moved
from .shapes import Box
from .text import fit, text_width

BETWEEN = 15.0  # px between two entries of a legend
LEGEND_SIZE = 10.5
RED = style.RED


def cell_words(box: Box, text: str, size: float, *, smallest: float = 7.5, lines: int = 1, colour: str = style.INK, bold: bool = False, anchor: Anchor = "start") -> list[Item]:
    """A text in a cell, in the middle of its height, on at most ``lines`` lines; shrunk before it is cut."""
    room = box.w / (1.04 if bold else 1.0)
    fitted = fit(text, (room,) * lines, size, smallest)
    pitch = fitted.size * 1.12
    top = box.cy - pitch * len(fitted.lines) / 2
    x = {"start": box.x, "middle": box.cx, "end": box.right}[anchor]
    return [Words(x, top + pitch * at + fitted.size * 0.9, line, fitted.size, colour, bold, anchor) for at, line in enumerate(fitted.lines)]


def alarm(x: float, y: float, sign: str, side: float = 13.0) -> list[Item]:
    """A sign in white on a red square whose left top is (x, y); dark enough to stand out in black and white."""
    return [Rect(x, y, side, side, Paint(RED), 2), Words(x + side / 2, y + side * 0.79, sign, side * 0.76, "#ffffff", True, "middle")]


@dataclass(frozen=True)
class Entry:
    """One entry of a legend: its sample drawn around a baseline at (0, 0), how wide that is, and its words."""

    sample: tuple[Item, ...]
    width: float
    text: str

    @property
    def whole(self) -> float:
        return self.width + (5 if self.width else 0) + text_width(self.text, LEGEND_SIZE)


def legend(entries: Sequence[Entry], x: float, y: float, width: float, *, pitch: float = 17.0) -> list[Item]:
    """Entries in as many lines as they need; ``y`` is the first baseline."""
    items: list[Item] = []
    left = x
    for entry in entries:
        if left > x and left + entry.whole > x + width:
            left, y = x, y + pitch
        items += [moved(item, left, y) for item in entry.sample]
        items += [Words(left + entry.whole - text_width(entry.text, LEGEND_SIZE), y, entry.text, LEGEND_SIZE, style.MUTED)]
        left += entry.whole + BETWEEN
    return items


def legend_lines(entries: Sequence[Entry], width: float) -> int:
    """How many lines :func:`legend` takes."""
    lines, left = 1, 0.0
    for entry in entries:
        if left and left + entry.whole > width:
            lines, left = lines + 1, 0.0
        left += entry.whole + BETWEEN
    return lines


def shown_rows(result: Result, chain: str) -> tuple[list[dict[str, Any]], set[str]]:
    """The rows of one chain in the result's order with what this version may not show set to None, and the names of what it shows."""
    shown = {column.name for column in result.columns} & set(result.frame.columns)
    rows = [row for row in result.frame.iter_rows(named=True) if row["chain_code"] == chain]
    return [{c.name: row[c.name] if c.name in shown else None for c in result.output.columns} for row in rows], shown


def parts_of(words: str | None) -> list[str]:
    """The single words of a cell that holds several."""
    return list(dict.fromkeys(part.strip() for part in re.split(r"[、，,；;\n]+", words or "") if part.strip()))
