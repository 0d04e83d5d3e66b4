"""How values stand in the cells of tables on paper: heads carry the unit, so cells do not repeat it."""

from __future__ import annotations

from datetime import date
from typing import Any

from liantu.kernel.columns import Column
from liantu.kernel.output import Result

HIDDEN = "※"
HIDDEN_NOTE = {"zh": "※ 为保护单个企业数据，不予公布", "en": "※ withheld, so that no single firm's figure can be told"}
VERSIONS = {"internal": ("内部资料", "Internal"), "department": ("部门共享", "Department"), "public": ("公开版", "Public")}
UNIT_SUFFIX = {"1": "%"}
NO_UNIT = ("号", "位")


def version_word(version: str, language: str = "zh") -> str:
    """The mark of a version: 内部资料, 部门共享, 公开版."""
    return VERSIONS[version][language != "zh"]


def word(column: Column, language: str = "zh") -> str:
    """The column's word without its unit."""
    return column.zh if language == "zh" else column.en or column.zh


def header(column: Column, language: str = "zh") -> str:
    """The column's word with its unit: 工业总产值（万元）."""
    unit = UNIT_SUFFIX.get(column.unit or "", column.unit)
    if not unit or not column.numeric:
        return word(column, language)
    return f"{word(column, language)}（{unit}）" if language == "zh" else f"{word(column, language)} ({unit})"


def shown(value: Any, column: Column, language: str = "zh") -> Any:
    """A stored value as a person reads it in a sheet: choices in words, flags as 是/否; numbers and days stay what they are."""
    if value is None:
        return None
    if column.kind == "choice":
        found = next((c for c in column.choices if c.value == value), None)
        return (found.zh if language == "zh" else found.en) if found else value
    if column.kind == "flag":
        return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
    return value


def cell_text(value: Any, column: Column, language: str = "zh") -> str:
    """The same as text, for tables in slides and PDF: 8,450.0, 41.5%, 2026-09-30, empty for nothing."""
    value = shown(value, column, language)
    if value is None:
        return ""
    if column.kind == "share":
        return f"{value * 100:.1f}%"
    if column.kind == "year" or column.unit == "号":
        return str(value)
    if column.kind in ("money", "number"):
        return f"{value:,.1f}" if abs(value) >= 100 else f"{value:,.2f}".rstrip("0").rstrip(".")
    if column.kind == "integer":
        return f"{value:,}"
    return value.isoformat() if isinstance(value, date) else str(value)


def is_hidden(result: Result, key: str, column: Column) -> bool:
    """Whether a figure is kept back in this version."""
    return (key, column.name) in result.hidden


def is_technical(column: Column) -> bool:
    """A code for machines: stands last in a sheet, hidden."""
    return (column.kind == "code" and column.name != "industry_code") or column.unit == "号"
