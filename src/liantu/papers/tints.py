"""How lamps and statuses look on paper: a colour and a word, so that nothing is lost in black and white."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from liantu.drawing.style import INK, STATUSES, Status, glyph, mix
from liantu.kernel.columns import Column
from liantu.kernel.profile import Profile
from liantu.papers.xlsx_sheet import Tint

PALE = 0.82


def signed(status: Status, language: str = "zh") -> str:
    """A status with its sign: ● 优势; the word alone where the sign is part of it."""
    said, sign = (status.zh if language == "zh" else status.en), glyph(status.code, language)
    return said if sign in said else f"{sign} {said}"


def tints(profile: Profile, output: str, language: str = "zh") -> Callable[[Column, Any], Tint | None]:
    """A function that says how a cell of an output looks: statuses by the drawing's colours, lamps by the profile's."""
    def look(column: Column, value: Any) -> Tint | None:
        if value is None:
            return None
        if column.name == "status" and value in STATUSES:
            status = STATUSES[value]
            return Tint(status.tint, status.colour, signed(status, language))
        if column.name == "lamp" and value in profile.lamps.get(output, {}):
            word, _, colour = profile.lamp(output, value, language)
            return Tint(mix(colour, "#ffffff", PALE), mix(colour, INK, 0.35), f"● {word}")
        return None

    return look
