"""The one bridge between relations and the arrays of methods: rows into memory, columns as arrays, columns back into a relation.

An output whose figures are no relation (a network iterated to its fixed point, say) collects its inputs here, calls a method and
returns the rows that the method gave; both engines then carry the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import polars as pl

_TYPES: dict[Any, Any] = {nw.Int64: pl.Int64, nw.Float64: pl.Float64, nw.String: pl.String, nw.Boolean: pl.Boolean, nw.Date: pl.Date}


def collected(relation: Any) -> pl.DataFrame:
    """A relation's rows in memory, in no order of their own, whatever engine holds them."""
    native = nw.to_native(relation.lazy())
    if isinstance(native, pl.LazyFrame):
        return native.collect()
    schema = {name: next((kind for known, kind in _TYPES.items() if dtype == known), None) for name, dtype in relation.collect_schema().items()}
    return pl.DataFrame(native.fetchall(), schema=schema, orient="row", infer_schema_length=None)


def arrays(frame: pl.DataFrame, *columns: str) -> tuple[Any, ...]:
    """Columns as NumPy arrays; a null is nan in a column of floats.

    >>> [a.tolist() for a in arrays(pl.DataFrame({"a": [1, 2], "b": [0.5, None]}), "a", "b")]
    [[1, 2], [0.5, nan]]
    """
    return tuple(frame[column].to_numpy() for column in columns)


def relation_of(columns: Mapping[str, Sequence[Any]]) -> Any:
    """Columns (arrays or lists of one length) as a relation; nan becomes null."""
    return nw.from_native(pl.DataFrame(dict(columns), nan_to_null=True).lazy())
