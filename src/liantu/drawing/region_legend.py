"""What stands beside and below a region map: shades with their limits, signs of kinds, and what must be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from . import style
from .region_values import Scale, limit_shown
from .scene import Circle, Group, Item, Paint, Rect, Words
from .shapes import Box
from .signs import flag, sign
from .text import fit

PANEL = 216.0
NOTE = ("示意图，不作行政区划依据", "Sketch map, not an authority on boundaries")


def legend(measure: str, scale: Scale, values: Mapping[str, float | None], hidden: bool, kinds: Mapping[str, str], box: Box, *, language: str, flags: bool = False,
           sized: str = "", each: int = 1) -> Group:
    """The panel at the right: shades from high to low with how many areas each holds, then the kinds and the other signs."""
    zh = language == "zh"
    items: list[Item] = _heading(f"{measure}（{scale.unit}）" if zh else f"{measure} ({scale.unit})", box.x, box.y + 14, box.w)
    y = box.y + 30
    told = [value for value in values.values() if value is not None]
    steps = [scale.step(value) for value in told]
    for step in reversed(range(len(scale.floors))):
        top = scale.floors[step + 1] if step + 1 < len(scale.floors) else None
        low = limit_shown(scale.floors[step], scale)
        text = f"≥ {low}" if top is None else f"{low} – {limit_shown(top, scale)}"
        count = steps.count(step)
        items += [Rect(box.x, y, 24, 14, Paint(style.REGION_RAMP[step], "#7d93aa", 0.8), 2), Words(box.x + 32, y + 11, text, 11, style.INK),
                  Words(box.x + box.w - 4, y + 11, f"{count} 个" if zh else str(count), 10.5, style.MUTED, anchor="end")]
        y += 18
    if hidden:
        items += [Rect(box.x, y, 24, 14, Paint("#f4f5f7", "#8a94a1", 0.8, pattern="hatch"), 2), Words(box.x + 32, y + 11, "※ 不予公布" if zh else "※ kept back", 11, style.INK)]
        y += 18
    y += 14
    if kinds:
        items += _heading(_dots_told(each, zh), box.x, y + 10, box.w)
        y += 20
        y = _kinds(items, kinds, box, y)
    if sized:
        items += [Circle(box.x + 8, y + 7, 6.5, Paint("#ffffff", style.MUTED, 1)), Circle(box.x + 8, y + 10, 3.3, Paint("#ffffff", style.MUTED, 1))]
        items += _fitted(sized, box.x + 24, y + 11, box.w - 24)
        y += 19
    if flags:
        items += [*flag(box.x + 3, y + 1, "n"), Words(box.x + 32, y + 11, "在推项目（n 个）" if zh else "Projects under way (n)", 11, style.INK)]
        y += 20
    return Group("图例" if zh else "legend", tuple(items))


def _dots_told(each: int, zh: bool) -> str:
    """What a dot stands for; no dots (0) means that firms are told by number."""
    if each == 0:
        return "企业（家）" if zh else "Firms"
    if each == 1:
        return "企业（一点一家）" if zh else "Firms (one dot each)"
    return f"企业（一点约 {each} 家）" if zh else f"Firms (a dot is about {each})"


def _kinds(items: list[Item], kinds: Mapping[str, str], box: Box, y: float) -> float:
    for place, name in enumerate(kinds.values()):
        items.append(sign(place, box.x + 7, y + 7, 4.2, style.KIND_COLOURS[place % len(style.KIND_COLOURS)]))
        items += _fitted(name, box.x + 20, y + 11, box.w - 20)
        y += 18
    return y + 4


def _heading(text: str, x: float, y: float, width: float) -> list[Item]:
    fitted = fit(text, (width,), 12, 9)
    return [Words(x, y, line, fitted.size, style.INK, True) for line in fitted.lines[:1]]


def _fitted(text: str, x: float, y: float, width: float) -> list[Item]:
    fitted = fit(text, (width,), 11, 8.5)
    return [Words(x, y, line, fitted.size, style.INK) for line in fitted.lines[:1]]


def notes(said: Sequence[str], box: Box, language: str) -> list[Item]:
    """The notes below the map in up to two lines, the sketch note first."""
    text = ("；" if language == "zh" else "; ").join([NOTE[0 if language == "zh" else 1], *said])
    fitted = fit(text, (box.w, box.w), 10.5, 8)
    return [Words(box.x, box.y + 12 + at * 13, line, fitted.size, style.MUTED) for at, line in enumerate(fitted.lines)]
