"""How a stored value looks as text, to tell whether a cell said it differently."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any


def as_stored_text(value: Any) -> str:
    """A value as plain text: ``2025-03-01``, ``12.5``, words joined with 、; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple):
        return "、".join(map(str, value))
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value.isoformat() if isinstance(value, date) else str(value)
