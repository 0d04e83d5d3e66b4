"""The picture of two axes that are never mixed: chance to take root to the right, attractiveness upwards; classes only, no inline style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import log10
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from liantu.web.context import say

WIDTH, HEIGHT, LEFT, TOP, BOTTOM, STRIP, GAP = 640.0, 400.0, 52.0, 16.0, 46.0, 92.0, 12.0
LOW, HIGH = 0.001, 1.0
INNER = WIDTH - LEFT - 2 * STRIP - 2 * GAP - 8
TICKS = (0.001, 0.01, 0.1, 1.0)
RADIUS, NAMED = 5.5, 40


def picture(rows: Sequence[Mapping[str, Any]], address: str) -> SafeString:
    """Nodes as dots (a link each) by their chance (logarithmic) and own attractiveness; those without a chance stand in strips at the sides. Every row has a score."""
    parts = [f'<svg class="verdict-axes" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" aria-label="{escape(say("落地可能与吸引力", "Chance to take root and attractiveness"))}">', *_frame()]
    taken: list[tuple[float, float]] = []
    for row in rows:
        taken.append(_apart(*_place(row), taken))
    names: list[tuple[float, float, float]] = []
    for at, (row, (x, y)) in enumerate(zip(rows, taken, strict=True)):
        tip = say(f"{row['label']}：吸引力 {row['own']:.0f}；落地可能 {_chance(row)}", f"{row['label']}: attractiveness {row['own']:.0f}; chance {_chance(row)}")
        name = _name(row["label"], x, y, names, taken) if at < NAMED else ""
        parts.append(f'<a href="{escape(address)}?code={escape(str(row["code"]))}"><title>{escape(tip)}</title>{_dot(str(row["verdict"]), x, y)}{name}</a>')
    return mark_safe("".join([*parts, "</svg>"]))


def _frame() -> list[str]:
    floor, right = HEIGHT - BOTTOM, LEFT + STRIP + GAP + INNER
    boxes = ((LEFT, STRIP, say("落地可能不明", "chance unknown")), (LEFT + STRIP + GAP, INNER, ""), (right + GAP, STRIP, say("行业本区已有", "here already")))
    parts = [f'<rect class="ground" x="{x:.1f}" y="{TOP}" width="{w:.1f}" height="{floor - TOP:.1f}"/>' + (f'<text class="strip" x="{x + w / 2:.1f}" y="{floor + 16:.1f}">{escape(word)}</text>' if word else "") for x, w, word in boxes]
    for score in (0, 25, 50, 75, 100):
        y = _y(score)
        parts.append(f'<line class="rule" x1="{LEFT}" x2="{WIDTH - 8:.1f}" y1="{y:.1f}" y2="{y:.1f}"/><text class="tick" x="{LEFT - 6}" y="{y + 4:.1f}">{score}</text>')
    for chance in TICKS:
        parts.append(f'<line class="rule" x1="{_x(chance):.1f}" x2="{_x(chance):.1f}" y1="{TOP}" y2="{floor:.1f}"/><text class="strip" x="{_x(chance):.1f}" y="{floor + 16:.1f}">{chance * 100:g}%</text>')
    parts.append(f'<text class="axis" x="{LEFT + STRIP + GAP + INNER / 2:.1f}" y="{HEIGHT - 8:.1f}">{escape(say("落地可能（对数刻度）→", "Chance to take root (log scale) →"))}</text>')
    parts.append(f'<text class="axis" transform="translate(13 {(TOP + floor) / 2:.1f}) rotate(-90)">{escape(say("吸引力（分）→", "Attractiveness (0–100) →"))}</text>')
    return parts


def _x(chance: float) -> float:
    part = (log10(min(max(chance, LOW), HIGH)) - log10(LOW)) / (log10(HIGH) - log10(LOW))
    return LEFT + STRIP + GAP + 10 + part * (INNER - 20)


def _y(score: float) -> float:
    return TOP + 10 + (HEIGHT - BOTTOM - TOP - 20) * (1 - score / 100)


def _place(row: Mapping[str, Any]) -> tuple[float, float]:
    y = _y(row["own"])
    if row["feasibility"] is not None:
        return _x(row["feasibility"]), y
    return (LEFT + STRIP + GAP + INNER + GAP + STRIP / 2 if row["rooted"] else LEFT + STRIP / 2), y


def _apart(x: float, y: float, taken: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The place, or the nearest free one to its left or right, so that no dot hides another."""
    for step in range(40):
        side = (1 if step % 2 else -1) * ((step + 1) // 2) * (RADIUS * 1.9)
        if all((x + side - a) ** 2 + (y - b) ** 2 > (RADIUS * 1.8) ** 2 for a, b in taken) and LEFT + RADIUS <= x + side <= WIDTH - 8 - RADIUS:
            return x + side, y
    return x, y


def _dot(verdict: str, x: float, y: float) -> str:
    """A mark per verdict, told by its shape as well as its colour: disc, triangle, square, cross, ring."""
    r = RADIUS
    if verdict == "grow":
        return f'<path class="mark mark-grow" d="M{x:.1f} {y - r:.1f}L{x + r:.1f} {y + r * .8:.1f}L{x - r:.1f} {y + r * .8:.1f}Z"/>'
    if verdict == "cooperate":
        return f'<rect class="mark mark-cooperate" x="{x - r * .85:.1f}" y="{y - r * .85:.1f}" width="{r * 1.7:.1f}" height="{r * 1.7:.1f}"/>'
    if verdict == "drop":
        return f'<path class="mark mark-drop" d="M{x - r * .7:.1f} {y - r * .7:.1f}L{x + r * .7:.1f} {y + r * .7:.1f}M{x + r * .7:.1f} {y - r * .7:.1f}L{x - r * .7:.1f} {y + r * .7:.1f}"/>'
    return f'<circle class="mark mark-{escape(verdict)}" cx="{x:.1f}" cy="{y:.1f}" r="{r}"/>'


def mark_svg(verdict: str) -> SafeString:
    """A verdict's mark for the legend."""
    return mark_safe(f'<svg class="verdict-mark" viewBox="0 0 16 16" aria-hidden="true">{_dot(verdict, 8, 8)}</svg>')


def _name(label: str, x: float, y: float, names: list[tuple[float, float, float]], dots: Sequence[tuple[float, float]]) -> str:
    """The node's name to the right of its dot, else to the left, unless it would cover another name or dot there too."""
    wide = sum(11 if ord(c) > 255 else 6 for c in label)
    for left in (x + RADIUS + 3, x - RADIUS - 3 - wide):
        apart = all(abs(y - b) >= 13 or left >= a + w or a >= left + wide for a, b, w in names)
        clear = all(abs(y - b) >= RADIUS + 6 or not left - RADIUS < a < left + wide + RADIUS for a, b in dots if (a, b) != (x, y))
        if apart and clear and left > LEFT and left + wide < WIDTH - 4:
            names.append((left, y, wide))
            return f'<text class="name" x="{left:.1f}" y="{y + 4:.1f}">{escape(label)}</text>'
    return ""


def _chance(row: Mapping[str, Any]) -> str:
    if row["rooted"]:
        return say("行业本区已有", "here already")
    return "—" if row["feasibility"] is None else f"{row['feasibility']:.1%}"
