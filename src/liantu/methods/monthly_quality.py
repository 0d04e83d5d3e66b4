"""The lane of doubtful data: months that look like a reporting fault rather than like business. Kept apart from alarms of decline."""

from __future__ import annotations

from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Quality(IntFlag):
    """What is doubtful about a month's value."""

    OK = 0
    MISSING_RUN = 1  # this month and the one before are missing though the series had begun
    TENFOLD = 2  # ten times or a tenth of what was expected: perhaps a wrong unit
    TENFOLD_BACK = 4  # the same, and the next month was back
    COPIED = 8  # exactly last month's value in a series that hardly ever repeats
    NEGATIVE = 16
    ZERO = 32  # zero while another series of the firm runs


RUN = 2
LOW, HIGH = 7.0, 14.0  # a ratio of this size reads as ten
CALM = 0.7  # |log| of the ratio by which a series is back
SELDOM, LONG_ENOUGH = 0.05, 12


def quality_flags(values: Floats, expected: Floats | None = None, running: NDArray[np.bool_] | None = None) -> NDArray[np.uint8]:
    """(n, T) of :class:`Quality`. ``expected`` (n, T) as watched, else the median of the three months before; ``running`` (n, T): another series of the firm is above zero.

    All flags of a month are known in that month, save TENFOLD_BACK, which needs the next.
    """
    n, months = values.shape
    known = np.isfinite(values)
    begun = np.maximum.accumulate(known, axis=1)
    flags = np.zeros((n, months), dtype=np.int64)
    missing = begun & ~known
    run = np.zeros(n, dtype=np.int64)
    for t in range(months):
        run = np.where(missing[:, t], run + 1, 0)
        flags[run >= RUN, t] |= Quality.MISSING_RUN
    basis = _recent(values) if expected is None else np.where(np.isfinite(expected), expected, _recent(values))
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(known & (basis > 0) & (values > 0), values / basis, np.nan)
        tenfold = ((ratio >= LOW) & (ratio <= HIGH)) | ((1 / ratio >= LOW) & (1 / ratio <= HIGH))
        flags[tenfold] |= Quality.TENFOLD
        back = np.zeros_like(tenfold)
        back[:, :-1] = tenfold[:, :-1] & (np.abs(np.log(np.where(values[:, 1:] > 0, values[:, 1:], np.nan) / basis[:, :-1])) < CALM)
        flags[back] |= Quality.TENFOLD_BACK
        flags[known & (values < 0)] |= Quality.NEGATIVE
    same = np.zeros((n, months), dtype=bool)
    same[:, 1:] = known[:, 1:] & known[:, :-1] & (values[:, 1:] == values[:, :-1]) & (values[:, 1:] != 0)
    pairs = np.zeros((n, months))
    pairs[:, 1:] = known[:, 1:] & known[:, :-1]
    pairs_before, same_before = pairs.cumsum(axis=1) - pairs, same.cumsum(axis=1) - same
    flags[same & (pairs_before >= LONG_ENOUGH) & (same_before <= SELDOM * pairs_before)] |= Quality.COPIED
    if running is not None:
        flags[known & (values == 0) & running] |= Quality.ZERO
    return flags.astype(np.uint8)


def _recent(values: Floats) -> Floats:
    """Median of the known values above zero among the three months before."""
    n, months = values.shape
    padded = np.concatenate([np.full((n, 3), np.nan), np.where(values > 0, values, np.nan)], axis=1)
    three = np.sort(np.stack([padded[:, k:k + months] for k in range(3)]), axis=0)
    counts = np.isfinite(three).sum(axis=0)
    return np.where(counts == 3, three[1], np.where(counts == 2, (three[0] + three[1]) / 2, three[0]))
