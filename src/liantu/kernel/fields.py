"""The one field module: Django fields that carry their column's words, unit, header aliases, secrecy and source limit.

Everything else (Excel template, import check, form, list, API schema, manual page) is derived from these declarations.
Storage is plain SQL that PostgreSQL dialects without jsonb functions understand: no empty-string defaults, text for
word lists, exact decimals for money (万元, four decimals = one 元).
"""

from __future__ import annotations

from typing import Any

from django.db import models

from liantu.kernel.columns import Choice, Column, Kind

MONEY_UNIT = "万元"


def _declare(field: models.Field[Any, Any], kind: Kind, zh: str, en: str, **declared: Any) -> Any:
    field.verbose_name = zh
    field.liantu = Column(name="", zh=zh, en=en, kind=kind, required=not field.null, **declared)  # type: ignore[attr-defined]
    return field


def _optional(required: bool) -> dict[str, bool]:
    return {"null": not required, "blank": not required}


def name(zh: str, en: str, *, required: bool = False, length: int = 200, **declared: Any) -> Any:
    """A firm's or place's name; brackets and spaces are normalised on the way in."""
    field = models.CharField(max_length=length, db_index=True, **_optional(required))
    return _declare(field, "name", zh, en, max_length=length, **declared)


def text(zh: str, en: str, *, required: bool = False, length: int = 300, **declared: Any) -> Any:
    """A short text."""
    field = models.CharField(max_length=length, **_optional(required))
    return _declare(field, "text", zh, en, max_length=length, **declared)


def long_text(zh: str, en: str, *, required: bool = False, **declared: Any) -> Any:
    """A text without a length limit, such as 经营范围."""
    return _declare(models.TextField(**_optional(required)), "long_text", zh, en, **declared)


def words(zh: str, en: str, **declared: Any) -> Any:
    """Several words in one cell; stored joined with 、 so that every SQL dialect can search it."""
    return _declare(models.TextField(null=True, blank=True), "words", zh, en, **declared)


def code(zh: str, en: str, *, required: bool = False, unique: bool = False, length: int = 64, **declared: Any) -> Any:
    """A code: text, never a number."""
    field = models.CharField(max_length=length, unique=unique, db_index=not unique, **_optional(required))
    return _declare(field, "code", zh, en, max_length=length, **declared)


def uscc(zh: str = "统一社会信用代码", en: str = "Unified social credit code", **declared: Any) -> Any:
    """GB 32100 credit code, 18 characters, unique where known."""
    field = models.CharField(max_length=18, null=True, blank=True, unique=True)
    return _declare(field, "uscc", zh, en, max_length=18, **declared)


def money(zh: str, en: str, **declared: Any) -> Any:
    """An amount of money in 万元, exact to one 元."""
    field = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    return _declare(field, "money", zh, en, unit=MONEY_UNIT, **declared)


def number(zh: str, en: str, *, unit: str, **declared: Any) -> Any:
    """A quantity in ``unit``; the unit also ends the column's name."""
    field = models.DecimalField(max_digits=24, decimal_places=4, null=True, blank=True)
    return _declare(field, "number", zh, en, unit=unit, **declared)


def integer(zh: str, en: str, *, unit: str = "个", **declared: Any) -> Any:
    """A count."""
    return _declare(models.IntegerField(null=True, blank=True), "integer", zh, en, unit=unit, **declared)


def share(zh: str, en: str, **declared: Any) -> Any:
    """A share between 0 and 1."""
    field = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    return _declare(field, "share", zh, en, unit="1", **declared)


def date(zh: str, en: str, **declared: Any) -> Any:
    """A day."""
    return _declare(models.DateField(null=True, blank=True), "date", zh, en, **declared)


def month(zh: str, en: str, *, required: bool = False, **declared: Any) -> Any:
    """A month such as ``2025-03``."""
    return _declare(models.CharField(max_length=7, db_index=True, **_optional(required)), "month", zh, en, **declared)


def year(zh: str, en: str, *, required: bool = False, **declared: Any) -> Any:
    """A calendar year."""
    return _declare(models.IntegerField(db_index=True, **_optional(required)), "year", zh, en, **declared)


def choice(zh: str, en: str, *choices: Choice, required: bool = False, default: str | None = None, **declared: Any) -> Any:
    """One of the declared values."""
    extra: dict[str, Any] = _optional(required and default is None)
    if default is not None:
        extra["default"] = default
    field = models.CharField(max_length=40, choices=[(c.value, c.zh) for c in choices], db_index=True, **extra)
    return _declare(field, "choice", zh, en, choices=choices, **declared)


def flag(zh: str, en: str, **declared: Any) -> Any:
    """Yes, no, or not known (null)."""
    return _declare(models.BooleanField(null=True, blank=True), "flag", zh, en, **declared)


def boundary(zh: str, en: str, **declared: Any) -> Any:
    """A GeoJSON polygon or multipolygon as text, in the datum the user named; never guessed, never fetched."""
    return _declare(models.TextField(null=True, blank=True), "long_text", zh, en, **declared)


def reference(to: str, zh: str, en: str, *, required: bool = False, keep_name: str | None = None, related: str = "+",
              on_delete: Any = models.PROTECT, **declared: Any) -> Any:
    """A row of another table, told on a sheet by its name or code.

    ``keep_name`` names a text column of this table that keeps the name as handed in; then a name that the register does
    not know (a supplier outside the district) is kept there instead of being refused.
    """
    field: Any = models.ForeignKey(to, on_delete=on_delete, related_name=related, **_optional(required))
    field = _declare(field, "reference", zh, en, **declared)
    field.keep_name = keep_name
    return field
