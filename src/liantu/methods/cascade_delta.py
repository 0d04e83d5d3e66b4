"""Delta propagation: of a light shock only the firms whose loss grew tell their neighbours, step by step.

Same numbers and same steps as :func:`liantu.methods.cascade_kernels.sweep`; a shock whose pushes pass ``most_pushes`` is handed back.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from liantu.methods.cascade_kernels import Firms, Kept, Shocks, left_of
from liantu.methods.firm_network import DownLinks, Ints, UpLinks


class Bench(NamedTuple):
    """Working arrays of one thread, all at rest between shocks. Downstream: loss and largest group by firm (n, 2), loss told (n,), lost by group (G,), lost by market (K,),
    lossy firms by market as chains (``head`` (K,), ``after`` (n,)); upstream: lost demand and loss (n, 2), growth waiting (n,); lists of firms and markets."""

    down: Any
    told: Any
    group: Any
    gone: Any
    head: Ints
    after: Ints
    woken: Ints
    market_woken: Any
    markets: Ints
    hurt_down: Ints
    up: Any
    waiting: Any
    moved: Ints
    growth: Any
    next_moved: Ints
    hurt_up: Ints


def bench(n: int, groups: int, markets: int) -> Bench:
    """Working arrays for a network of n firms."""
    def numbers(*shape: int) -> Any:
        return np.zeros(shape)

    def firms() -> Any:
        return np.zeros(n, np.int32)

    return Bench(numbers(n, 2), numbers(n), numbers(groups), numbers(markets), np.full(markets, -1, np.int32), np.full(n, -1, np.int32), firms(), np.zeros(markets, np.bool_),
                 np.zeros(markets, np.int32), firms(), numbers(n, 2), numbers(n), firms(), numbers(n), firms(), firms())


@njit(cache=True, nogil=True)
def _hurt(i: int, loss: float, count: int, links: DownLinks, firms: Firms, b: Bench, marked: int) -> tuple[int, int]:
    """Let firm i's downstream loss grow to ``loss``; returns the counts of hurt firms and of markets to look at."""
    k = firms.market[i]
    grown = loss - b.down[i, 0]
    if b.down[i, 0] == 0.0:
        b.hurt_down[count] = i
        count += 1
        if links.out_start[i] < links.out_start[i + 1]:
            b.after[i] = b.head[k]
            b.head[k] = i
    b.down[i, 0] = loss
    b.gone[k] += firms.sold[i] * grown
    if not b.market_woken[k] and b.head[k] >= 0:
        b.market_woken[k] = True
        b.markets[marked] = k
        marked += 1
    return count, marked


@njit(cache=True, nogil=True)
def _tell_down(marked: int, links: DownLinks, firms: Firms, b: Bench) -> tuple[int, int]:
    """Lossy firms of the markets that moved tell their buyers; returns how many buyers wake and how many links were walked."""
    woken = pushes = 0
    for m in range(marked):
        k = b.markets[m]
        b.market_woken[k] = False
        left = left_of(k, b.gone[k], b.down, 0, firms)
        i = b.head[k]
        while i >= 0:
            loss = b.down[i, 0]
            if firms.replace and left > firms.sold[i]:
                loss *= firms.sold[i] / left
            more = loss - b.told[i]
            if more > 0.0:
                b.told[i] = loss
                pushes += links.out_start[i + 1] - links.out_start[i]
                for e in range(links.out_start[i], links.out_start[i + 1]):
                    g = links.out_group[e]
                    total = b.group[g] + links.out_coefficient[e] * more
                    b.group[g] = total
                    j = links.out_buyer[e]
                    known = b.down[j, 0]
                    if total > known:
                        if b.down[j, 1] <= known:
                            b.woken[woken] = j
                            woken += 1
                        if total > b.down[j, 1]:  # noqa: PLR1730  a store only where it grows
                            b.down[j, 1] = total
            i = b.after[i]
    return woken, pushes


@njit(cache=True, nogil=True)
def _tell_up(count: int, links: UpLinks, b: Bench) -> tuple[int, int]:
    """Buyers whose loss grew tell their suppliers; the suppliers that wake are listed in ``next_moved``."""
    woken = pushes = 0
    for m in range(count):
        j, more = b.moved[m], b.growth[m]
        pushes += links.in_start[j + 1] - links.in_start[j]
        for e in range(links.in_start[j], links.in_start[j + 1]):
            v = links.in_coefficient[e] * more
            if v > 0.0:
                i = links.supplier[e]
                before = b.waiting[i]
                if before == 0.0:
                    b.next_moved[woken] = i
                    woken += 1
                b.waiting[i] = before + v
    return woken, pushes


@njit(cache=True, nogil=True)
def _settle_up(woken: int, count: int, b: Bench) -> tuple[int, int, float]:
    """Take what waits into the losses: (firms that moved, hurt firms, largest growth)."""
    moved, largest = 0, 0.0
    for m in range(woken):
        i = b.next_moved[m]
        total = b.up[i, 0] + b.waiting[i]
        b.waiting[i] = 0.0
        b.up[i, 0] = total
        now, before = min(total, 1.0), b.up[i, 1]
        if now > before:
            if before == 0.0:
                b.hurt_up[count] = i
                count += 1
            b.up[i, 1] = now
            b.moved[moved] = i
            b.growth[moved] = now - before
            moved += 1
            largest = max(largest, now - before)
    return moved, count, largest


@njit(cache=True, nogil=True)
def _add_up(at: int, hurt_down: int, hurt_up: int, steps: int, firms: Firms, b: Bench, kept: Kept) -> None:
    """Results of one shock from the firms that it touched."""
    kept.steps[at] = steps
    for q in range(firms.weight.shape[1]):
        lost_down = lost_up = lost = 0.0
        for m in range(hurt_down):
            i = b.hurt_down[m]
            w = firms.weight[i, q]
            lost_down += w * b.down[i, 0]
            lost += w * max(b.down[i, 0], b.up[i, 1])
        for m in range(hurt_up):
            i = b.hurt_up[m]
            w = firms.weight[i, q]
            lost_up += w * b.up[i, 1]
            if b.down[i, 0] == 0.0:
                lost += w * b.up[i, 1]
        kept.down[at, q], kept.up[at, q], kept.both[at, q] = lost_down, lost_up, lost
    if len(kept.state_down):
        for m in range(hurt_down):
            kept.state_down[at, b.hurt_down[m]] = b.down[b.hurt_down[m], 0]
        for m in range(hurt_up):
            kept.state_up[at, b.hurt_up[m]] = b.up[b.hurt_up[m], 1]


@njit(cache=True, nogil=True)
def _rest(hurt_down: int, hurt_up: int, marked: int, links: DownLinks, firms: Firms, b: Bench) -> None:
    """Put every touched place back to rest."""
    for m in range(hurt_down):
        i = b.hurt_down[m]
        if b.told[i] > 0.0:
            b.told[i] = 0.0
            for e in range(links.out_start[i], links.out_start[i + 1]):
                b.group[links.out_group[e]] = 0.0
                b.down[links.out_buyer[e], 1] = 0.0
        b.down[i, 0] = b.down[i, 1] = 0.0
        k = firms.market[i]
        b.gone[k] = 0.0
        b.head[k] = -1
    for m in range(marked):
        b.market_woken[b.markets[m]] = False
    for m in range(hurt_up):
        i = b.hurt_up[m]
        b.up[i, 0] = b.up[i, 1] = 0.0


@njit(cache=True, nogil=True)
def delta(first: int, last: int, shocks: Shocks, down_links: DownLinks, up_links: UpLinks, firms: Firms, tolerance: float, most_steps: int, most_pushes: int, b: Bench, kept: Kept,
          heavy: Ints) -> int:
    """Run shocks first … last − 1; those handed back are listed in ``heavy``, whose number is returned."""
    given = 0
    for at in range(first, last):
        hurt_down = hurt_up = marked = moved = pushes = steps = 0
        for h in range(shocks.first[at], shocks.first[at + 1]):
            i = shocks.firm[h]
            if shocks.hit_down[h] > 0.0:
                hurt_down, marked = _hurt(i, shocks.hit_down[h], hurt_down, down_links, firms, b, marked)
            if shocks.hit_up[h] > 0.0:
                b.hurt_up[hurt_up] = b.moved[moved] = i
                b.up[i, 1] = b.growth[moved] = shocks.hit_up[h]
                hurt_up += 1
                moved += 1
        while True:
            woken, walked = _tell_down(marked, down_links, firms, b)
            woken_up, walked_up = _tell_up(moved, up_links, b)
            marked, largest = 0, 0.0
            for m in range(woken):
                j = b.woken[m]
                now = min(b.down[j, 1], 1.0)
                if now > b.down[j, 0]:
                    largest = max(largest, now - b.down[j, 0])
                    hurt_down, marked = _hurt(j, now, hurt_down, down_links, firms, b, marked)
            moved, hurt_up, largest_up = _settle_up(woken_up, hurt_up, b)
            pushes += walked + walked_up
            steps += 1
            if max(largest, largest_up) <= tolerance or steps >= most_steps:
                _add_up(at, hurt_down, hurt_up, steps, firms, b, kept)
                break
            if pushes > most_pushes:
                heavy[given] = at
                given += 1
                break
        _rest(hurt_down, hurt_up, marked, down_links, firms, b)
    return given
