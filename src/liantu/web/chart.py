"""Small charts of a firm's months, drawn as SVG with classes only (no inline styles)."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import floor, log10
from typing import Any

from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 560.0, 168.0, 58.0, 8.0, 12.0, 24.0


def _nice(largest: float) -> float:
    """The smallest of 1, 2, 2.5, 5, 10 times a power of ten that is not below ``largest``."""
    if largest <= 0:
        return 1.0
    power = 10.0 ** floor(log10(largest))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= largest * 0.999)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:,.1f}"


def months_chart(months: Sequence[str], values: Sequence[float | None], *, title: str, unit: str, kind: str = "bars") -> SafeString:
    """One series by month. A month without a value stays empty and is never drawn as zero.

    ``kind`` is ``bars`` or ``line``; ``unit`` stands at the axis.
    """
    known = [v for v in values if v is not None]
    low, high = min(0.0, *known) if known else 0.0, _nice(max(known, default=0.0))
    span, inner, tall = high - low or 1.0, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    step = inner / max(1, len(months))
    parts = [f'<svg class="months {kind}" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" aria-label="{escape(title)}（{escape(unit)}）">']

    def y(value: float) -> float:
        return TOP + tall * (1 - (value - low) / span)

    for part in range(5):
        value = low + span * part / 4
        parts.append(f'<line class="rule" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>'
                     f'<text class="tick" x="{LEFT - 6}" y="{y(value) + 3.5:.1f}">{_number(value)}</text>')
    every = max(1, -(-len(months) // 12))
    for at, month in enumerate(months):
        x = LEFT + step * (at + 0.5)
        if at % every == 0:
            words = month[2:] if month.endswith("-01") or at == 0 else month[5:]
            parts.append(f'<text class="month" x="{x:.1f}" y="{HEIGHT - 8:.0f}">{escape(words)}</text>')
    parts.append(_bars(months, values, step, y) if kind == "bars" else _line(months, values, step, y))
    return mark_safe("".join([*parts, "</svg>"]))


def _mark(month: str, value: float) -> str:
    return f"<title>{escape(month)}　{value:,.2f}</title>"


def _bars(months: Sequence[str], values: Sequence[float | None], step: float, y: Any) -> str:
    parts = []
    for at, value in enumerate(values):
        if value is not None:
            top, bottom = sorted((y(value), y(0.0)))
            place = f'x="{LEFT + step * (at + 0.18):.1f}" y="{top:.1f}" width="{step * 0.64:.1f}" height="{max(0.8, bottom - top):.1f}"'
            parts.append(f'<rect class="bar" {place}>{_mark(months[at], value)}</rect>')
    return "".join(parts)


def _line(months: Sequence[str], values: Sequence[float | None], step: float, y: Any) -> str:
    runs: list[list[tuple[float, float]]] = [[]]
    dots = []
    for at, value in enumerate(values):
        if value is None:
            runs.append([])
            continue
        point = (LEFT + step * (at + 0.5), y(value))
        runs[-1].append(point)
        dots.append(f'<circle class="dot" cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="2.6">{_mark(months[at], value)}</circle>')
    lines = ['<polyline class="run" points="' + " ".join(f"{x:.1f},{h:.1f}" for x, h in run) + '"/>' for run in runs if len(run) > 1]
    return "".join(lines + dots)
