"""A stored value as a sentence says it, with its unit."""

from __future__ import annotations

from datetime import date
from typing import Any

from liantu.kernel.columns import Column

WHOLE = 10_000.0  # 万元 in 亿元


def written(value: Any, column: Column, language: str = "zh") -> str:
    """A stored value as a sentence says it: 12.3亿元, 8,450万元, 37家, 41.5%."""
    if value is None:
        return "—"
    zh = language == "zh"
    if column.kind == "share":
        return f"{value * 100:.1f}%"
    if column.kind == "money":
        if zh:
            return f"{value / WHOLE:,.2f}亿元" if abs(value) >= WHOLE else f"{value:,.1f}万元"
        return f"{value / WHOLE:,.2f} × 100m yuan" if abs(value) >= WHOLE else f"{value:,.1f} × 10k yuan"
    if column.kind in ("integer", "number"):
        shown = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0").rstrip(".")
        return f"{shown}{column.unit or ''}" if zh else shown
    if column.kind == "choice":
        found = next((c for c in column.choices if c.value == value), None)
        return (found.zh if zh else found.en) if found else str(value)
    if column.kind == "flag":
        return ("是" if value else "否") if zh else ("yes" if value else "no")
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日" if zh else value.isoformat()
    return str(value)
