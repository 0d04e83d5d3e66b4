"""Values on a region map: round class limits, and how an amount is written."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

CLASSES = 5
MONEY = "万元"


@dataclass(frozen=True)
class Scale:
    """How values are shown: divided by ``per`` and told in ``unit``; ``floors`` are the lower limits of the shades, the first 0."""

    unit: str
    per: float
    floors: tuple[float, ...]
    digits: int

    def step(self, value: float) -> int:
        """Which shade a value takes."""
        return max((at for at, floor in enumerate(self.floors) if value >= floor and (at == 0 or value > 0)), default=0)


def scale_of(values: Sequence[float], unit: str, language: str = "zh") -> Scale:
    """A scale for values; money (万元) becomes 亿元 when large, and million yuan in English."""
    largest = max(values, default=0.0)
    per, name = 1.0, unit
    if unit == MONEY:
        per, name = (10_000.0, "亿元") if largest >= 10_000 else (1.0, MONEY)
        if language == "en":
            per, name = (100.0, "million yuan")
    digits = 0 if largest / per >= 500 or unit != MONEY else 1
    return Scale(name, per, class_floors(largest / per, per), digits)


def class_floors(largest: float, per: float = 1.0) -> tuple[float, ...]:
    """Lower limits of up to :data:`CLASSES` shades: squares of equal steps, so that small places differ too, rounded to 1, 2, 2.5 or 5 × 10ⁿ."""
    floors = [0.0]
    for step in range(1, CLASSES):
        floor = round_limit(largest * (step / CLASSES) ** 2)
        if floor > floors[-1] and floor < largest:
            floors.append(floor)
    return tuple(floor * per for floor in floors)


def round_limit(value: float) -> float:
    """The nearest of 1, 1.5, 2, 3, 4, 5, 6, 8 × 10ⁿ (by ratio)."""
    if value <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return min((m * power for m in (1, 1.5, 2, 3, 4, 5, 6, 8, 10)), key=lambda m: abs(math.log(m / value)))


def shown(value: float, scale: Scale) -> str:
    """A value in the scale's unit, without the unit."""
    amount = value / scale.per
    if amount == 0:
        return "0"
    if scale.digits and 0 < amount < 0.05:
        return "<0.1"
    return f"{amount:,.{scale.digits}f}"


def limit_shown(value: float, scale: Scale) -> str:
    """A class limit as short as it can be."""
    amount = value / scale.per
    return f"{amount:,.0f}" if amount >= 100 else f"{amount:.3g}"
