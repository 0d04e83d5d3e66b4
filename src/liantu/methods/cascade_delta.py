"""Delta propagation: of a closed firm only those whose loss grew tell their neighbours, step by step.

Same numbers and same steps as :func:`liantu.methods.cascade_kernels.sweep`. Where the next step would walk more than ``most_pushes`` links, the shock moves on, as it stands, to a lane of eight that are swept
side by side. What a shock touches of a firm lies in half a cache line, a row of ``state`` (n, 4) with the columns named below.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from liantu.methods.cascade_kernels import Firms, Kept, Lanes, Shocks, lane_for, left_of
from liantu.methods.firm_network import DownLinks, Ints, UpLinks
from liantu.methods.prefetch import prefetch

DOWN, UP, WAITING, WEIGHT = 0, 1, 2, 3
"""Columns of ``state``: loss downstream, loss upstream (lost demand), growth of it not yet taken, first weight."""
GROUP, TOLD = 0, 1
"""Columns of ``inner``: largest loss of a group of inputs, loss already told to buyers."""
_FAR, _LINKS_AHEAD, _FIRMS_AHEAD = 30_000, 8, 2  # from so many firms on, links and firms of buyers so far ahead are asked for from memory


class Bench(NamedTuple):
    """Working arrays of one thread, all at rest between shocks: ``state`` (n, 4), ``inner`` (n, 2); lost by group (G,) and by market (K,); lossy firms by market as chains (``head`` (K,), ``after`` (n,));
    lists of firms and markets with what happened to them."""

    state: Any
    inner: Any
    group: Any
    gone: Any
    head: Ints
    after: Ints
    woken: Ints
    market_woken: Any
    markets: Ints
    hurt_down: Ints
    moved: Ints
    growth: Any
    next_moved: Ints
    hurt_up: Ints


def bench(groups: int, firms: Firms) -> Bench:
    """Working arrays for a network."""
    n, markets = len(firms.sold), len(firms.market_sold)
    room = np.zeros(n * 4 + 8)
    state = room[(-room.ctypes.data // 8) % 8:][:n * 4].reshape(n, 4)
    state[:, WEIGHT] = firms.weight[:, 0]

    def listed() -> Any:
        return np.zeros(n + 1, np.int32)  # one place more: written before it is known whether it counts

    return Bench(state, np.zeros((n, 2)), np.zeros(groups), np.zeros(markets), np.full(markets, -1, np.int32), listed(), listed(), np.zeros(markets, np.bool_), np.zeros(markets, np.int32),
                 listed(), listed(), np.zeros(n + 1), listed(), listed())


@njit(cache=True, nogil=True)
def _hurt(i: int, loss: float, count: int, links: DownLinks, firms: Firms, b: Bench, marked: int) -> tuple[int, int]:
    """Let firm i's downstream loss grow to ``loss``; returns the counts of hurt firms and of markets to look at."""
    k = firms.market[i]
    before = b.state[i, DOWN]
    if before == 0.0:
        b.hurt_down[count] = i
        count += 1
        if links.out_start[i] < links.out_start[i + 1]:
            b.after[i] = b.head[k]
            b.head[k] = i
    b.state[i, DOWN] = loss
    b.gone[k] += firms.sold[i] * (loss - before)
    if not b.market_woken[k] and b.head[k] >= 0:
        b.market_woken[k] = True
        b.markets[marked] = k
        marked += 1
    return count, marked


@njit(cache=True, nogil=True)
def _tell_down(marked: int, links: DownLinks, firms: Firms, b: Bench) -> int:
    """Lossy firms of the markets that moved tell their buyers; returns how many buyers wake."""
    state, inner, outputs = b.state, b.inner, links.outputs
    woken = 0
    for m in range(marked):
        k = b.markets[m]
        b.market_woken[k] = False
        left = left_of(k, b.gone[k], state, DOWN, firms)
        i = b.head[k]
        while i >= 0:
            loss = state[i, DOWN]
            if firms.replace and left > firms.sold[i]:
                loss *= firms.sold[i] / left
            more = loss - inner[i, TOLD]
            if more > 0.0:
                inner[i, TOLD] = loss
                for e in range(links.out_start[i], links.out_start[i + 1]):
                    total = b.group[outputs[e].group] + outputs[e].share * more
                    b.group[outputs[e].group] = total
                    j = outputs[e].to
                    known, largest = state[j, DOWN], inner[j, GROUP]
                    if total > known:
                        if largest <= known:
                            b.woken[woken] = j
                            woken += 1
                        if total > largest:
                            inner[j, GROUP] = total
            i = b.after[i]
    return woken


@njit(cache=True, nogil=True)
def _tell_up(count: int, links: UpLinks, b: Bench) -> int:
    """Buyers whose loss grew tell their suppliers; the suppliers that wake are listed in ``next_moved``."""
    state, suppliers, start, moved, growth, woken_list = b.state, links.suppliers, links.in_start, b.moved, b.growth, b.next_moved
    woken, far = 0, len(state) > _FAR
    for m in range(count):
        j, more = moved[m], growth[m]
        if far and m + _LINKS_AHEAD < count:
            later = start[moved[m + _LINKS_AHEAD]]
            prefetch(suppliers, later)
            prefetch(suppliers, later + 5)
        if far and m + _FIRMS_AHEAD < count:
            later = moved[m + _FIRMS_AHEAD]
            for e in range(start[later], start[later + 1]):
                prefetch(state, suppliers[e].to * 4)
        for e in range(start[j], start[j + 1]):
            i = suppliers[e].to
            before = state[i, WAITING]
            woken_list[woken] = i  # kept only where nothing waited: no branch, for the answer is far away in memory
            woken += before == 0.0
            state[i, WAITING] = before + max(suppliers[e].share * more, 1e-300)
    return woken


@njit(cache=True, nogil=True)
def _settle_up(woken: int, count: int, b: Bench) -> tuple[int, int, float]:
    """Take what waits into the losses: (firms that moved, hurt firms, largest growth)."""
    state, woken_list, hurt, moved_list, growth = b.state, b.next_moved, b.hurt_up, b.moved, b.growth
    moved, largest = 0, 0.0
    for m in range(woken):
        i = woken_list[m]
        before = state[i, UP]
        now = min(before + state[i, WAITING], 1.0)
        state[i, WAITING] = 0.0
        state[i, UP] = now
        hurt[count] = i
        count += before == 0.0
        moved_list[moved], growth[moved] = i, now - before
        moved += now > before
        largest = max(largest, now - before)
    return moved, count, largest


@njit(cache=True, nogil=True)
def _settle_down(woken: int, count: int, links: DownLinks, firms: Firms, b: Bench) -> tuple[int, int, float]:
    """Take the largest losses of groups into the firms' losses: (hurt firms, markets to look at, largest growth)."""
    marked, largest = 0, 0.0
    for m in range(woken):
        j = b.woken[m]
        now = min(b.inner[j, GROUP], 1.0)
        if now > b.state[j, DOWN]:
            largest = max(largest, now - b.state[j, DOWN])
            count, marked = _hurt(j, now, count, links, firms, b, marked)
    return count, marked, largest


@njit(cache=True, nogil=True)
def _more_weights(at: int, hurt_down: int, hurt_up: int, firms: Firms, b: Bench, kept: Kept) -> None:
    """Results by every weight but the first, which :func:`_rest` adds up on its way."""
    for q in range(1, firms.weight.shape[1]):
        lost_down = lost_up = lost = 0.0
        for m in range(hurt_down):
            i = b.hurt_down[m]
            lost_down += firms.weight[i, q] * b.state[i, DOWN]
        for m in range(hurt_up):
            i = b.hurt_up[m]
            lost_up += firms.weight[i, q] * b.state[i, UP]
            lost += firms.weight[i, q] * max(b.state[i, UP] - b.state[i, DOWN], 0.0)
        kept.down[at, q], kept.up[at, q], kept.both[at, q] = lost_down, lost_up, lost_down + lost


@njit(cache=True, nogil=True)
def _move_on(l: int, hurt_down: int, hurt_up: int, firms: Firms, b: Bench, to: Lanes) -> None:
    """Put a shock as it stands into lane ``l``."""
    for m in range(hurt_down):
        i = b.hurt_down[m]
        to.down[i, l] = b.state[i, DOWN]
        to.gone[firms.market[i], l] = b.gone[firms.market[i]]
    for m in range(hurt_up):
        to.up[to.turn[0], b.hurt_up[m], l] = b.state[b.hurt_up[m], UP]


@njit(cache=True, nogil=True)
def _rest(hurt_down: int, hurt_up: int, marked: int, links: DownLinks, firms: Firms, b: Bench) -> tuple[float, float, float]:
    """Put every touched place back to rest; returns what was lost by the first weight: down, up, either way."""
    state, hurt = b.state, b.hurt_up
    lost_down = lost_up = lost = 0.0
    for m in range(hurt_up):
        i = hurt[m]
        down, up, w = state[i, DOWN], state[i, UP], state[i, WEIGHT]
        lost_up += w * up
        lost += w * max(up - down, 0.0)
        state[i, UP] = 0.0
    for m in range(hurt_down):
        i = b.hurt_down[m]
        lost_down += b.state[i, WEIGHT] * b.state[i, DOWN]
        if b.inner[i, TOLD] > 0.0:
            for e in range(links.out_start[i], links.out_start[i + 1]):
                b.group[links.outputs[e].group] = 0.0
                b.inner[links.outputs[e].to, GROUP] = 0.0
        b.inner[i, TOLD] = b.inner[i, GROUP] = b.state[i, DOWN] = 0.0
        b.gone[firms.market[i]] = 0.0
        b.head[firms.market[i]] = -1
    for m in range(marked):
        b.market_woken[b.markets[m]] = False
    return lost_down, lost_up, lost_down + lost


@njit(cache=True, nogil=True)
def _ahead(moved: int, marked: int, down_links: DownLinks, up_links: UpLinks, b: Bench, enough: int) -> int:
    """Links that the next step will walk; counting stops at ``enough``."""
    count = 0
    for m in range(moved):
        count += up_links.in_start[b.moved[m] + 1] - up_links.in_start[b.moved[m]]
    for m in range(marked):
        i = b.head[b.markets[m]]
        while i >= 0 and count <= enough:
            count += down_links.out_start[i + 1] - down_links.out_start[i]
            i = b.after[i]
    return count


@njit(cache=True, nogil=True)
def delta(first: int, last: int, shocks: Shocks, down_links: DownLinks, up_links: UpLinks, firms: Firms, tolerance: float, most_steps: int, most_pushes: int, b: Bench, wide: Lanes,
          kept: Kept) -> None:
    """Run shocks first … last − 1, each the closing of one firm; some may be left under way in ``wide``."""
    for at in range(first, last):
        marked = steps = 0
        ended = False
        b.hurt_up[0] = b.moved[0] = shocks.firm[at]
        b.state[shocks.firm[at], UP] = b.growth[0] = 1.0
        hurt_up = moved = 1
        hurt_down, marked = _hurt(shocks.firm[at], 1.0, 0, down_links, firms, b, marked)
        while True:
            if _ahead(moved, marked, down_links, up_links, b, most_pushes) > most_pushes:
                lane = lane_for(at, steps, wide, shocks, down_links, up_links, firms, tolerance, most_steps, kept)
                _move_on(lane, hurt_down, hurt_up, firms, b, wide)
                break
            woken = _tell_down(marked, down_links, firms, b)
            woken_up = _tell_up(moved, up_links, b)
            hurt_down, marked, largest = _settle_down(woken, hurt_down, down_links, firms, b)
            moved, hurt_up, largest_up = _settle_up(woken_up, hurt_up, b)
            steps += 1
            if max(largest, largest_up) <= tolerance or steps >= most_steps:
                ended = True
                break
        if ended:
            _more_weights(at, hurt_down, hurt_up, firms, b, kept)
        lost = _rest(hurt_down, hurt_up, marked, down_links, firms, b)
        if ended:
            kept.steps[at] = steps
            kept.down[at, 0], kept.up[at, 0], kept.both[at, 0] = lost
