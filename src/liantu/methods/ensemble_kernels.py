"""Compiled loop of the sampler: dealings picked by fitness and thinned by distance."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from liantu.methods.text import Floats, Ints


@njit(cache=True, nogil=True)
def pick(running: Any, first: int, last: int, chance: Any) -> int:
    """A position in first…last − 1 with probability in proportion to the steps of ``running`` (cumulated from any start)."""
    low = running[first - 1] if first else 0.0
    aim = low + chance.random() * (running[last - 1] - low)
    last -= 1
    while first < last:
        middle = (first + last) // 2
        if running[middle] > aim:
            last = middle
        else:
            first = middle + 1
    return first


@njit(cache=True, nogil=True)
def dealings(number: Ints, running: Floats, edge: Ints, order: Ints, place: Floats, decay: Floats, chance: Any) -> Ints:
    """Keys (draw·n + supplier)·n + customer of the dealings kept, repeats among them.

    ``number`` (draws, m, n) dealings by supplier sector and customer; ``running`` (draws, n) cumulated fitness of suppliers in ``order`` (n,), in which sector
    k stands at ``edge[k]``…``edge[k + 1]``; a dealing over distance d (``place`` (n, 2)) is kept with probability (1 + d)^``decay[draw]``.
    """
    draws, m, n = number.shape
    key = np.empty(number.sum(), dtype=np.int64)
    kept = 0
    for d in range(draws):
        for k in range(m):
            for j in range(n):
                for _ in range(number[d, k, j]):
                    i = order[pick(running[d], edge[k], edge[k + 1], chance)]
                    if i == j:
                        continue
                    x, y = place[i, 0] - place[j, 0], place[i, 1] - place[j, 1]
                    if (x != 0 or y != 0) and chance.random() > (1 + np.sqrt(x * x + y * y)) ** decay[d]:
                        continue
                    key[kept] = (d * n + i) * n + j
                    kept += 1
    return key[:kept].copy()
