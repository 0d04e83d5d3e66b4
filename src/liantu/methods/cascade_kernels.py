"""Compiled loops of the cascade: delta propagation for light shocks, a sweep of eight shocks side by side for heavy ones.

States are losses (1 − what remains), which only grow, so that both ways reach the same numbers in the same number of steps.
A shock is a set of (firm, loss down, loss up): arrays ``first`` (k+1,), ``firm``, ``hit_down``, ``hit_up``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from liantu.methods.firm_network import DownLinks, Floats, Ints, UpLinks

LANES = 8
_FAST = {"contract", "nnan", "ninf", "nsz"}


class Firms(NamedTuple):
    """What the loops know of the firms: market (n,), sold (n,), sold by market (K,), members of each market in rows (``market_start`` (K+1,), ``member``), weights (n, q);
    whether they stand in for each other, and for parity what a dead market counts as."""

    market: Ints
    sold: Floats
    market_sold: Floats
    market_start: Ints
    member: Ints
    weight: Floats
    replace: bool
    dead_market_unit: float


class Shocks(NamedTuple):
    """k shocks in compressed rows."""

    first: Ints
    firm: Ints
    hit_down: Floats
    hit_up: Floats


class Kept(NamedTuple):
    """Results by shock: lost weight down, up and either way (k, q), steps (k,); whole states (k or 0, n)."""

    down: Floats
    up: Floats
    both: Floats
    steps: Ints
    state_down: Floats
    state_up: Floats


@njit(cache=True, nogil=True)
def left_of(k: int, gone: float, x: Any, column: int, firms: Firms) -> float:
    """What market k still sells; added up anew where the difference would have lost its digits."""
    left = firms.market_sold[k] - gone
    if left < 1e-3 * firms.market_sold[k]:
        left = 0.0
        for m in range(firms.market_start[k], firms.market_start[k + 1]):
            i = firms.member[m]
            left += firms.sold[i] * (1.0 - x[i, column])
    if firms.dead_market_unit > 0.0 and left <= 1e-10:
        left = firms.dead_market_unit
    return left


@njit(cache=True, nogil=True, fastmath=_FAST)
def _sweep_up(links: UpLinks, old: Any, new: Any, fall: Any) -> None:
    """One step upstream for eight shocks: new[i] = min(1, Σ Λᵘ old[j]); ``fall`` keeps each lane's largest growth."""
    start, buyer, coefficient = links.start, links.buyer, links.coefficient
    for i in range(len(start) - 1):
        a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = 0.0
        for e in range(start[i], start[i + 1]):
            j, c = buyer[e], coefficient[e]
            a0 += c * old[j, 0]
            a1 += c * old[j, 1]
            a2 += c * old[j, 2]
            a3 += c * old[j, 3]
            a4 += c * old[j, 4]
            a5 += c * old[j, 5]
            a6 += c * old[j, 6]
            a7 += c * old[j, 7]
        new[i, 0] = min(a0, 1.0)
        new[i, 1] = min(a1, 1.0)
        new[i, 2] = min(a2, 1.0)
        new[i, 3] = min(a3, 1.0)
        new[i, 4] = min(a4, 1.0)
        new[i, 5] = min(a5, 1.0)
        new[i, 6] = min(a6, 1.0)
        new[i, 7] = min(a7, 1.0)
        for l in range(LANES):
            fall[l] = max(fall[l], new[i, l] - old[i, l])


@njit(cache=True, nogil=True, fastmath=_FAST)
def _sweep_down(links: DownLinks, loss: Any, x: Any, firms: Firms, gone: Any, fall: Any) -> None:
    """One step downstream for eight shocks, in place: x[j] = min(1, max over groups of Σ Λᵈ loss[i]); ``gone`` collects what each market lost."""
    start, group_start, supplier, coefficient = links.buyer_start, links.group_start, links.supplier, links.coefficient
    for j in range(len(start) - 1):
        if start[j] == start[j + 1]:
            continue
        b0 = b1 = b2 = b3 = b4 = b5 = b6 = b7 = 0.0
        for g in range(start[j], start[j + 1]):
            a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = 0.0
            for e in range(group_start[g], group_start[g + 1]):
                i, c = supplier[e], coefficient[e]
                a0 += c * loss[i, 0]
                a1 += c * loss[i, 1]
                a2 += c * loss[i, 2]
                a3 += c * loss[i, 3]
                a4 += c * loss[i, 4]
                a5 += c * loss[i, 5]
                a6 += c * loss[i, 6]
                a7 += c * loss[i, 7]
            b0 = max(b0, a0)
            b1 = max(b1, a1)
            b2 = max(b2, a2)
            b3 = max(b3, a3)
            b4 = max(b4, a4)
            b5 = max(b5, a5)
            b6 = max(b6, a6)
            b7 = max(b7, a7)
        k, s = firms.market[j], firms.sold[j]
        for l, b in enumerate((b0, b1, b2, b3, b4, b5, b6, b7)):
            now = min(b, 1.0)
            grown = now - x[j, l]
            if grown > 0.0:
                x[j, l] = now
                gone[k, l] += s * grown
                fall[l] = max(fall[l], grown)


@njit(cache=True, nogil=True, fastmath=_FAST)
def _weigh(x: Any, firms: Firms, gone: Any, left: Any, out_start: Any, loss: Any) -> None:
    """loss = σ·x: what a firm's customers feel, less where others of its market can take its place."""
    for k in range(len(left)):
        for l in range(LANES):
            left[k, l] = left_of(k, gone[k, l], x, l, firms) if gone[k, l] > 0.0 else firms.market_sold[k]
    for i in range(len(x)):
        if out_start[i] == out_start[i + 1]:
            continue
        k, s = firms.market[i], firms.sold[i]
        for l in range(LANES):
            if x[i, l] > 0.0:
                weight = s / left[k, l] if firms.replace and left[k, l] > s else 1.0
                loss[i, l] = max(loss[i, l], weight * x[i, l])


@njit(cache=True, nogil=True)
def _finish(at: int, l: int, down: Any, up: Any, steps: int, firms: Firms, kept: Kept) -> None:
    """Write one lane's results."""
    kept.steps[at] = steps
    for q in range(firms.weight.shape[1]):
        lost_down = lost_up = lost = 0.0
        for i in range(len(down)):
            w = firms.weight[i, q]
            lost_down += w * down[i, l]
            lost_up += w * up[i, l]
            lost += w * max(down[i, l], up[i, l])
        kept.down[at, q], kept.up[at, q], kept.both[at, q] = lost_down, lost_up, lost
    if len(kept.state_down):
        for i in range(len(down)):
            kept.state_down[at, i], kept.state_up[at, i] = down[i, l], up[i, l]


@njit(cache=True, nogil=True)
def _fill(at: int, l: int, shocks: Shocks, firms: Firms, down: Any, up: Any, loss: Any, gone: Any) -> None:
    """Start a shock in a lane; ``at`` −1 leaves the lane at rest."""
    for i in range(len(down)):
        down[i, l] = up[i, l] = loss[i, l] = 0.0
    gone[:, l] = 0.0
    if at < 0:
        return
    for h in range(shocks.first[at], shocks.first[at + 1]):
        i = shocks.firm[h]
        down[i, l], up[i, l] = shocks.hit_down[h], shocks.hit_up[h]
        gone[firms.market[i], l] += firms.sold[i] * shocks.hit_down[h]


@njit(cache=True, nogil=True)
def sweep(chosen: Any, shocks: Shocks, down_links: DownLinks, up_links: UpLinks, firms: Firms, tolerance: float, most_steps: int, kept: Kept) -> None:
    """Run the chosen shocks, eight at a time over all links; a lane that is done takes the next shock."""
    n = len(firms.sold)
    down, loss = np.zeros((n, LANES)), np.zeros((n, LANES))
    up, new_up = np.zeros((n, LANES)), np.zeros((n, LANES))
    gone, left, fall_down, fall_up = np.zeros((len(firms.market_sold), LANES)), np.zeros((len(firms.market_sold), LANES)), np.zeros(LANES), np.zeros(LANES)
    lane, steps, following, busy = np.full(LANES, -1), np.zeros(LANES, np.int64), 0, 0
    for l in range(LANES):
        if following < len(chosen):
            lane[l] = chosen[following]
            following += 1
            busy += 1
            _fill(lane[l], l, shocks, firms, down, up, loss, gone)
    while busy:
        fall_down[:] = 0.0
        fall_up[:] = 0.0
        _weigh(down, firms, gone, left, down_links.out_start, loss)
        _sweep_down(down_links, loss, down, firms, gone, fall_down)
        _sweep_up(up_links, up, new_up, fall_up)
        up, new_up = new_up, up
        for l in range(LANES):
            at = lane[l]
            if at < 0:
                continue
            for h in range(shocks.first[at], shocks.first[at + 1]):
                up[shocks.firm[h], l] = max(up[shocks.firm[h], l], shocks.hit_up[h])
            steps[l] += 1
            if max(fall_down[l], fall_up[l]) <= tolerance or steps[l] >= most_steps:
                _finish(at, l, down, up, steps[l], firms, kept)
                busy -= 1
                steps[l] = 0
                lane[l] = -1
                if following < len(chosen):
                    lane[l] = chosen[following]
                    following += 1
                    busy += 1
                _fill(lane[l], l, shocks, firms, down, up, loss, gone)
