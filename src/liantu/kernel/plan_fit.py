"""What a column can hold, told before the database is asked: lengths, ranges, decimal places, signs that cannot be stored.

SQLite takes nearly anything, PostgreSQL refuses; a clerk hears the same on both, at the cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from django.db import models

from liantu.kernel.columns import Column
from liantu.kernel.problems import catalogue
from liantu.kernel.tables import model_of, table_of

catalogue("out-of-range", "error", "「{column}」的「{seen}」超出能保存的范围（最大 {limit}）。", "{seen} is out of range (at most {limit}).",
          "请核对数字和单位。", "Check the figure and its unit.")

Fault = tuple[str, dict[str, str]]
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_INTEGERS = {"IntegerField": 2**31 - 1, "BigIntegerField": 2**63 - 1, "PositiveIntegerField": 2**31 - 1, "SmallIntegerField": 2**15 - 1}
_context = Context(prec=60, rounding=ROUND_HALF_UP)
Fit = Callable[[Any], tuple[Any, Fault | None]]


def fits(table: str) -> dict[str, tuple[Column, Fit]]:
    """For each column that has limits: how a value is made to fit, or what is wrong with it."""
    model = model_of(table)
    found = {}
    for column in table_of(table).columns:
        fit = _fit_of(model._meta.get_field(column.name))
        if fit is not None:
            found[column.name] = (column, fit)
    return found


def _fit_of(field: Any) -> Fit | None:
    if isinstance(field, models.DecimalField):
        return _decimal(field.max_digits or 0, field.decimal_places or 0)
    kind = field.get_internal_type()
    if kind in _INTEGERS:
        return _integer(_INTEGERS[kind])
    if isinstance(field, (models.CharField, models.TextField)):
        return _text(field.max_length)
    return None


def _decimal(digits: int, places: int) -> Fit:
    step, limit = Decimal(1).scaleb(-places), Decimal(10) ** (digits - places)

    def fit(value: Any) -> tuple[Any, Fault | None]:
        if not isinstance(value, Decimal):
            value = Decimal(str(value))
        if not -limit < value < limit:
            return value, ("out-of-range", {"limit": f"{limit - 1:f}"})
        whole = _context.quantize(value, step)
        return (whole, None) if -limit < whole < limit else (value, ("out-of-range", {"limit": f"{limit - 1:f}"}))

    return fit


def _integer(limit: int) -> Fit:
    def fit(value: Any) -> tuple[Any, Fault | None]:
        return value, None if -limit <= value <= limit else ("out-of-range", {"limit": str(limit)})

    return fit


def _text(length: int | None) -> Fit:
    def fit(value: Any) -> tuple[Any, Fault | None]:
        if not isinstance(value, str):
            value = str(value)
        if not value.isascii() and _UNSTORABLE.search(value) or "\x00" in value:
            value = _UNSTORABLE.sub("", value)
        if length is not None and len(value) > length:
            return value, ("too-long", {"length": str(len(value)), "limit": str(length)})
        return value, None

    return fit


def storable(value: Any) -> Any:
    """Plain data without the signs that no database keeps (used for headers and titles in a batch's layouts)."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return {storable(k): storable(v) for k, v in value.items()}
    return [storable(v) for v in value] if isinstance(value, (list, tuple)) else value
