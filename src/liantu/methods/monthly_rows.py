"""Monthly rows with gaps as the arrays that :mod:`liantu.methods.monthly_signals` reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

FEBRUARY = "-02"


def rows_array(rows: Iterable[Sequence[float | None]]) -> NDArray[np.float64]:
    """Rows of equal length as (n, T), None as NaN.

    >>> rows_array([[1.0, None]]).shape
    (1, 2)
    """
    return np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=np.float64)


def split_february(values: NDArray[np.float64], months: Sequence[str]) -> NDArray[np.float64]:
    """A February that holds two months (January missing beside it) spread evenly over both; ``months`` (T,) as "2026-02".

    >>> split_february(rows_array([[None, 6.0, 4.0], [2.0, 3.0, 4.0]]), ["2026-01", "2026-02", "2026-03"]).tolist()
    [[3.0, 3.0, 4.0], [2.0, 3.0, 4.0]]
    """
    spread = values.copy()
    for t in range(1, len(months)):
        if months[t].endswith(FEBRUARY):
            both = np.isnan(values[:, t - 1]) & np.isfinite(values[:, t])
            spread[both, t - 1] = spread[both, t] = values[both, t] / 2
    return spread


def group_array(groups: Iterable[int | None]) -> NDArray[np.int64]:
    """Group numbers (n,), None as −1 (no group)."""
    return np.array([-1 if g is None else g for g in groups], dtype=np.int64)
