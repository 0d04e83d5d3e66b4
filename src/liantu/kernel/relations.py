"""Small pieces of relation that every room's outputs need; Narwhals only, equal on every engine."""

from __future__ import annotations

from typing import Any

import narwhals as nw


def ratio(numerator: Any, denominator: Any) -> Any:
    """A quotient that is null, never NaN, when the divisor is null or 0."""
    return nw.when(denominator != 0).then(numerator / denominator)


def zero(expression: Any) -> Any:
    """Nulls as 0, for counts and sums over no rows."""
    return nw.when(expression.is_null()).then(nw.lit(0)).otherwise(expression)
