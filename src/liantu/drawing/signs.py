"""Signs that tell kinds apart on a black-and-white print: circle, square, triangles, diamond, ring."""

from __future__ import annotations

from .scene import Circle, Item, Paint, Polygon, Rect, Stroke, Words

SIGNS = 6
FLAG = "#3b3f46"


def sign(place: int, x: float, y: float, radius: float, colour: str, *, rim: bool = False) -> Item:
    """The sign of the ``place``-th kind around (x, y), all of about the same area; ``rim`` paints a white edge."""
    paint = Paint(colour, "#ffffff", 0.6) if rim else Paint(colour)
    kind = place % SIGNS
    if kind == 1:
        half = radius * 0.9
        return Rect(x - half, y - half, 2 * half, 2 * half, paint)
    if kind in (2, 4):
        up, wide = (1 if kind == 2 else -1), radius * 1.22
        return Polygon((((x, y - up * radius * 1.25), (x + wide, y + up * radius * 0.9), (x - wide, y + up * radius * 0.9)),), paint)
    if kind == 3:
        reach = radius * 1.28
        return Polygon((((x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)),), paint)
    if kind == 5:
        return Circle(x, y, radius * 0.9, Paint("#ffffff", colour, max(0.8, radius * 0.55)))
    return Circle(x, y, radius, paint)


def flag(x: float, y: float, count: str) -> list[Item]:
    """The sign of projects under way: a dark pennant on a pole, with how many."""
    pole = Stroke(((x + 1, y + 10), (x + 1, y)), Paint("", FLAG, 1.3))
    cloth = Polygon((((x + 1, y), (x + 9, y + 3), (x + 1, y + 6)),), Paint(FLAG))
    return [pole, cloth, Words(x + 11, y + 9, count, 9.5, FLAG, True, halo=True)]
