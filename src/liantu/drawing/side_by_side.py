"""Several chains beside each other: each chain's stages and groups with one cell per node, its masters, how complete it is, and its gaps by name.

Pure: dataclasses in, a scene out. Where there is room (a wall sheet) every node stands with its name; where even the groups find
no room, each stage is one row with its counts by status.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from . import style
from .scene import Circle, Group, Item, Paint, Polygon, Rect, Scene, Words
from .shapes import Box, MapNode
from .short_names import fit_list, fit_name
from .style import STATUSES, glyph, legend_statuses, word
from .text import fit, text_width

EDGE, GAP, LEGEND = 8.0, 10.0, 24.0
HEAD, NAMED = 76.0, 46.0  # px: a chain's head, and its gaps by name
SIZES = (11.0, 10.0, 9.0, 8.0, 7.0)
WALL, WALL_SIZES = 280.0, (6.5, 6.0, 5.5, 5.0)  # a column at least this wide (px) hangs on a wall: A0, where a px is 0.7 mm
ROW_LEAST, ROW_MOST = 11.0, 22.0
MOST_ACROSS = 6
GAP_INK = "#7d2a2a"
NAMES = 0.24  # share of a column for the groups' names, where nodes are named
STRETCH = 1.35  # a chain with few groups may have rows this much taller
Address = Callable[[str], str]


@dataclass(frozen=True)
class Section:
    """A group of a chain: its stage's name, its own, and its nodes."""

    stage: str
    name: str
    nodes: tuple[MapNode, ...]


@dataclass(frozen=True)
class Column:
    """One chain: ``completeness`` is 0–1 or None; ``masters`` are names."""

    code: str
    name: str
    completeness: float | None
    firms: int
    masters: tuple[str, ...]
    sections: tuple[Section, ...]
    passport: str = ""

    @property
    def nodes(self) -> list[MapNode]:
        return [node for section in self.sections for node in section.nodes]


@dataclass(frozen=True)
class Form:
    """How all chains are drawn: ``named`` (every node by name), ``cells`` (one cell per node) or ``counts`` (one row per stage); ``size`` in px."""

    kind: str
    size: float
    row: float


def choose_form(columns: Sequence[Column], width: float, height: float, language: str = "zh") -> Form:
    """The most telling form that fits every chain into a column of this size (px, without head and gaps)."""
    for size in SIZES + (WALL_SIZES if width >= WALL else ()):
        if all(sum(_named_heights(column, size, width, language)) <= height for column in columns):
            return Form("named", size, size * 1.45)
    rows = max((len(column.sections) + 0.9 * len(_stages(column)) for column in columns), default=1)
    row = min(ROW_MOST, height / max(1.0, rows))
    if row >= ROW_LEAST:
        return Form("cells", min(10.5, row * 0.68), row)
    return Form("counts", 10.0, min(58.0, height / max(1, *(len(_stages(column)) for column in columns))))


def _stages(column: Column) -> list[tuple[str, list[Section]]]:
    return [(stage, list(sections)) for stage, sections in groupby(column.sections, key=lambda s: s.stage)]


def flow(nodes: Sequence[MapNode], size: float, width: float, language: str) -> list[tuple[MapNode, float, int]]:
    """Nodes as words in lines of a width (px): node, left edge, line."""
    placed: list[tuple[MapNode, float, int]] = []
    x, line = 0.0, 0
    for node in nodes:
        room = min(width, size * 1.5 + _name_width(node, size, language) + size * 0.9)
        if x > 0 and x + room > width:
            x, line = 0.0, line + 1
        placed.append((node, x, line))
        x += room
    return placed


def _name_width(node: MapNode, size: float, language: str) -> float:
    """Width (px) of a node's name and its number of firms."""
    name = (node.en or node.zh) if language == "en" else node.zh
    count = "" if node.status == "missing" else str(node.firms)
    return text_width(name, size) * (1.05 if node.critical else 1) + text_width(count, size * 0.85) + 3


def _named_heights(column: Column, size: float, width: float, language: str) -> list[float]:
    """Heights (px) of the stages and groups of a chain whose nodes are all named."""
    heights = [size * 1.9 for _ in _stages(column)]
    for section in column.sections:
        lines = max((line for *_, line in flow(section.nodes, size, width * (1 - NAMES), language)), default=0) + 1
        heights.append(max(lines, 2 if text_width(section.name, size) > width * NAMES - 6 else 1) * size * 1.45 + size * 0.35)
    return heights


def side_by_side(columns: Sequence[Column], *, language: str = "zh", href: Address | None = None, width: float = 1156, height: float = 600, title: str = "") -> Scene:
    """Draw the chains; ``href`` gives the page of a chain or node by its code."""
    bands = max(1, math.ceil(len(columns) / MOST_ACROSS))
    across = max(1, math.ceil(len(columns) / bands))
    wide, high = (width - 2 * EDGE - GAP * (across - 1)) / across, (height - LEGEND - EDGE - GAP * bands) / bands
    form = choose_form(columns, wide - 16, high - HEAD - NAMED - 8, language)
    items: list[Item] = []
    for at, column in enumerate(columns):
        box = Box(EDGE + at % across * (wide + GAP), EDGE + at // across * (high + GAP), wide, high)
        items.append(_column(column, box, form, language, href))
    items += _legend(columns, width, height - LEGEND + 15, form, language)
    return Scene(width, height, tuple(items), title)


def _column(column: Column, box: Box, form: Form, language: str, href: Address | None) -> Group:
    items: list[Item] = [Rect(box.x, box.y, box.w, box.h, Paint("#ffffff", style.LINE), 6)]
    items.append(_head(column, Box(box.x + 8, box.y + 4, box.w - 16, HEAD - 8), language, href))
    room = Box(box.x + 8, box.y + HEAD, box.w - 16, box.h - HEAD - NAMED - 8)
    draw = {"named": _named, "cells": _cells, "counts": _counts}[form.kind]
    items += draw(column, room, form, language, href)
    items += _gaps(column, Box(box.x + 8, box.bottom - NAMED - 2, box.w - 16, NAMED), language)
    return Group(column.name, tuple(items), passport=column.passport)


def _head(column: Column, box: Box, language: str, href: Address | None) -> Group:
    zh, counts = language == "zh", Counter(node.status for node in column.nodes)
    name = fit_name(column.name, (box.w,), 14, 9, language)
    items: list[Item] = [Words(box.x, box.y + 15, line, name.size, style.INK, True) for line in name.lines[:1]]
    share = column.completeness
    told = f"{'完整度' if zh else 'Complete'} {share:.0%}" if share is not None else ""
    firms = f"{len(column.nodes)} {'环节' if zh else 'nodes'} · {column.firms} {'家企业' if zh else 'firms'}"
    items += [Words(box.x, box.y + 31, told, 11, style.INK, True), Words(box.right, box.y + 31, firms, fit(firms, (box.w - text_width(told, 11) - 8,), 10.5, 7).size, style.MUTED, anchor="end")]
    items += _bar(counts, len(column.nodes), Box(box.x, box.y + 36, box.w, 6))
    x = box.x
    for status in legend_statuses(counts):
        text = f"{glyph(status.code, language)}{counts[status.code]}"
        items.append(Words(x, box.y + 54, text, 10, status.colour, True))
        x += max(30.0, text_width(text, 10) + 8)
    masters = ("★" + "、".join(column.masters)) if column.masters else ("★ 未确认链主" if zh else "★ no confirmed master")
    fitted = fit(masters, (box.w,), 10, 8)
    if fitted.cut and len(column.masters) > 1:
        fitted = fit(f"★{column.masters[0]}" + (f" 等 {len(column.masters)} 家" if zh else f" and {len(column.masters) - 1} more"), (box.w,), 10, 7)
    items += [Words(box.x, box.y + 68, line, fitted.size, style.MASTER) for line in fitted.lines[:1]]
    return Group(column.name, tuple(items), tip=f"{column.name}　{masters}", href=href(column.code) if href else "", code=f"chain:{column.code}")


def _bar(counts: Counter[str], total: int, box: Box) -> list[Item]:
    items: list[Item] = []
    x = box.x
    for status in STATUSES.values():
        wide = box.w * counts[status.code] / max(1, total)
        if wide > 0:
            paint = {"missing": Paint(status.tint, status.colour, 0.8, "dash"), "weak": Paint(status.tint, status.colour, 0.8, pattern="hatch")}.get(status.code, Paint(status.colour))
            items.append(Rect(x, box.y, max(1.0, wide - 1), box.h, paint))
        x += wide
    return items


def cell_sign(node: MapNode, box: Box) -> list[Item]:
    """One node as a cell: full, half full, outlined, with a triangle, or broken and empty; a chain master's has a star's edge."""
    status = STATUSES[node.status]
    inner = Box(box.x + 0.5, box.y + 0.5, box.w - 1, box.h - 1)
    line = Paint(status.tint, status.colour, 1.0, "dash" if node.status == "missing" else "solid")
    items: list[Item] = [Rect(inner.x, inner.y, inner.w, inner.h, Paint(status.colour, status.colour) if node.status == "strong" else line, 1)]
    if node.status == "fair":
        items.append(Rect(inner.x, inner.y + inner.h / 2, inner.w, inner.h / 2, Paint(status.colour)))
    if node.status == "at_risk":
        items.append(Polygon((((inner.cx, inner.y + 1), (inner.right - 1, inner.bottom - 1), (inner.x + 1, inner.bottom - 1)),), Paint(status.colour)))
    if node.master:
        items.append(Circle(inner.cx, inner.cy, min(inner.w, inner.h) * 0.22, Paint("#ffffff", style.MASTER, 1)))
    return items


def _told(node: MapNode, language: str) -> str:
    status = STATUSES[node.status]
    parts = [node.en if language == "en" and node.en else node.zh, status.en if language == "en" else status.zh, word("firms", language, n=node.firms)]
    return "，".join([*parts, *(["★" + node.master] if node.master else [])])


def _node(node: MapNode, items: Sequence[Item], language: str, href: Address | None) -> Group:
    return Group(node.zh, tuple(items), tip=_told(node, language), href=href(node.code) if href else "", code=f"node:{node.code}")


def _stage_line(name: str, y: float, box: Box, size: float) -> list[Item]:
    fitted = fit(name, (box.w - 8,), size, 6)
    return [Rect(box.x, y, box.w, size * 1.55, Paint("#e6edf5"), 2), Words(box.x + 4, y + size * 1.15, fitted.lines[0] if fitted.lines else "", fitted.size, style.ACCENT, True)]


def _cells(column: Column, box: Box, form: Form, language: str, href: Address | None) -> list[Item]:
    items: list[Item] = []
    row = min(form.row * STRETCH, ROW_MOST, box.h / max(1.0, len(column.sections) + 0.9 * len(_stages(column))))
    most = max((len(section.nodes) for section in column.sections), default=1)
    step = min(form.row * 0.82, box.w * 0.55 / max(1, most))
    left, y = box.right - most * step, box.y
    for stage, sections in _stages(column):
        items += _stage_line(stage, y, box, min(10.0, form.row * 0.58))
        y += row * 0.9
        for section in sections:
            name = fit_name(section.name, (left - box.x - 8,), form.size, 8, language)
            items.append(Group(section.name, (Words(box.x + 2, y + row / 2 + name.size * 0.36, name.lines[0] if name.lines else "", name.size, style.INK),), tip=section.name))
            for at, node in enumerate(section.nodes):
                side = min(step - 1.2, form.row - 3)
                cell = Box(left + at * step, y + (row - side) / 2, max(2.0, step - 1.2), side)
                items.append(_node(node, cell_sign(node, cell), language, href))
            y += row
    return items


def _named(column: Column, box: Box, form: Form, language: str, href: Address | None) -> list[Item]:
    items: list[Item] = []
    size, heights = form.size, _named_heights(column, form.size, box.w, language)
    air = min(size * 1.2, max(0.0, box.h - sum(heights)) / max(1, len(column.sections)))
    names, tall = box.w * NAMES, iter(heights[len(_stages(column)):])
    y = box.y
    for stage, sections in _stages(column):
        items += _stage_line(stage, y, box, size)
        y += size * 1.9
        for section in sections:
            head = fit_name(section.name, (names - 6, names - 6), size, size * 0.8, language)
            items += [Words(box.x + 2, y + size * (1.05 + 1.2 * at), line, head.size, style.INK, True) for at, line in enumerate(head.lines)]
            for node, x, line in flow(section.nodes, size, box.w - names, language):
                place = Box(box.x + names + x, y + line * size * 1.45, box.w - names - x, size * 1.45)
                items.append(_node(node, _name_line(node, place, size, language), language, href))
            y += next(tall) + air
    return items


def _name_line(node: MapNode, box: Box, size: float, language: str) -> list[Item]:
    cell = Box(box.x, box.y + size * 0.22, size * 0.95, size * 0.95)
    count = "" if node.status == "missing" else str(node.firms)
    name = fit((node.en or node.zh) if language == "en" else node.zh, (box.w - size * 1.4 - text_width(count, size * 0.85),), size, size * 0.72)
    text, x = name.lines[0] if name.lines else "", box.x + size * 1.25
    items = [*cell_sign(node, cell), Words(x, box.y + size * 1.05, text, name.size, style.INK, node.critical)]
    if count:
        items.append(Words(x + text_width(text, name.size) * (1.05 if node.critical else 1) + 2, box.y + size * 1.05, count, size * 0.85, style.MUTED))
    return items


def _counts(column: Column, box: Box, form: Form, language: str, href: Address | None) -> list[Item]:
    items: list[Item] = []
    y = box.y
    for stage, sections in _stages(column):
        nodes = [node for section in sections for node in section.nodes]
        counts = Counter(node.status for node in nodes)
        name = fit(stage, (box.w,), 11, 8)
        items += [Words(box.x, y + 13, name.lines[0] if name.lines else "", name.size, style.INK, True), *_bar(counts, len(nodes), Box(box.x, y + 19, box.w, 8))]
        x = box.x
        for status in STATUSES.values():
            if counts[status.code] and form.row >= 40:
                items.append(Words(x, y + 39, f"{glyph(status.code, language)}{counts[status.code]}", 9.5, status.colour, True))
                x += 34
        y += form.row
    return items


def _gaps(column: Column, box: Box, language: str) -> list[Item]:
    """The missing nodes by name, critical ones first, and how many more."""
    zh = language == "zh"
    gaps = sorted((node for node in column.nodes if node.status == "missing"), key=lambda n: not n.critical)
    names = [(node.en or node.zh) if not zh else node.zh for node in gaps]
    head = (f"缺 {len(names)}：" if zh else f"{len(names)} gaps: ") if names else ("没有缺失环节" if zh else "no gaps")
    fitted = fit_list(head, names, (box.w,) * 3, 10, 9.5, language)
    items: list[Item] = [Rect(box.x, box.y, box.w, 0.8, Paint(style.LINE))]
    items += [Words(box.x, box.y + 13 + at * 13, line, fitted.size, GAP_INK) for at, line in enumerate(fitted.lines)]
    return [Group("缺失环节" if zh else "gaps", tuple(items), tip=head + ("、" if zh else ", ").join(names))]


def _legend(columns: Sequence[Column], width: float, y: float, form: Form, language: str) -> list[Item]:
    """The signs of the five statuses as cells, and what a star's dot means."""
    zh, x = language == "zh", EDGE + 4
    items: list[Item] = []
    for status in legend_statuses(Counter(node.status for column in columns for node in column.nodes)):
        sample = MapNode("", "", "", "", status.code, 0)
        text = f"{glyph(status.code, language)} {status.zh if zh else status.en}"
        items += [*cell_sign(sample, Box(x, y - 10, 12, 12)), Words(x + 17, y, text, 10.5, style.MUTED)]
        x += 30 + text_width(text, 10.5)
    told = {"named": ("数字为企业家数，粗体为关键环节，圆点为有链主的环节", "figures: firms; bold: critical; dot: node of a chain master"),
            "cells": ("一格一个环节，圆点为有链主的环节", "one cell per node; dot: node of a chain master"),
            "counts": ("环节太多，按阶段合计", "too many nodes: totals by stage")}[form.kind]
    text = told[0 if zh else 1]
    items.append(Words(width - EDGE, y, text, fit(text, (max(60.0, width - x - 20),), 10.5, 7).size, style.MUTED, anchor="end"))
    return [Group("图例" if zh else "legend", tuple(items))]
