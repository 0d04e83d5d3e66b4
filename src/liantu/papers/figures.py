"""How a figure stands on paper: the value with its unit, and its marks (by whose rule, checked or not)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from liantu.kernel.columns import Column
from liantu.kernel.edition import Edition
from liantu.kernel.output import Output
from liantu.kernel.parameter import BASES

BASES_EN = {"official": "official", "local": "local", "liantu_default": "liantu default"}
YES = ("confirmed", "verified", True)
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


def marks(output: Output, row: Mapping[str, Any], edition: Edition, language: str = "zh") -> tuple[str, str]:
    """(by whose rule, checked or not): 官方, 本地 or liantu 默认 when the output rests on dated rules; 已核 or 待核 when it says who has checked."""
    rules = output.rules(date.fromisoformat(edition.manifest.as_of)).values()
    bases = [b for b in ("liantu_default", "local", "official") if any(r.basis == b for r in rules)]  # the weakest rule tells
    basis = (BASES if language == "zh" else BASES_EN)[bases[0]] if bases else ""
    if not output.verified:
        return basis, ""
    checked = row.get(output.verified) in YES
    return basis, ("已核" if checked else "待核") if language == "zh" else ("checked" if checked else "to verify")
