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
    start, buyers = links.start, links.buyers
    for i in range(len(start) - 1):
        a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = 0.0
        for e in range(start[i], start[i + 1]):
            j, c = buyers[e].to, buyers[e].share
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
def _sweep_down(links: DownLinks, loss: Any, x: Any, firms: Firms, gone: Any, told: Any, fall: Any) -> None:
    """One step downstream for eight shocks, in place, for the buyers that were told: x[j] = min(1, max over groups of Σ Λᵈ loss[i]); ``gone`` collects what each market lost."""
    start, group_start, inputs = links.buyer_start, links.group_start, links.inputs
    best = np.zeros(LANES)
    for j in range(len(start) - 1):
        if not told[j]:
            continue
        told[j] = False
        b0 = b1 = b2 = b3 = b4 = b5 = b6 = b7 = 0.0
        for g in range(start[j], start[j + 1]):
            a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = 0.0
            for e in range(group_start[g], group_start[g + 1]):
                i, c = inputs[e].to, inputs[e].share
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
        best[0], best[1], best[2], best[3], best[4], best[5], best[6], best[7] = b0, b1, b2, b3, b4, b5, b6, b7
        k, s = firms.market[j], firms.sold[j]
        for l in range(LANES):
            now = max(min(best[l], 1.0), x[j, l])
            best[l] = now - x[j, l]
            x[j, l] = now
        for l in range(LANES):
            gone[k, l] += s * best[l]
            fall[l] = max(fall[l], best[l])


@njit(cache=True, nogil=True, fastmath=_FAST)
def _weigh(x: Any, firms: Firms, gone: Any, seen: Any, scarce: Any, links: DownLinks, loss: Any, told: Any) -> None:
    """loss = σ·x: what a firm's customers feel, less where others of its market can take its place; customers of firms whose loss grew are marked in ``told``.

    ``scarce`` is 1 ÷ what a market still sells, made anew where ``gone`` has moved.
    """
    for k in range(len(gone)):
        whole, moved, least = firms.market_sold[k], 0.0, firms.market_sold[k]
        for l in range(LANES):
            moved = max(moved, gone[k, l] - seen[k, l])
            least = min(least, whole - gone[k, l])
        if moved == 0.0:
            continue
        if least >= 1e-3 * whole and firms.replace:
            for l in range(LANES):
                seen[k, l] = gone[k, l]
                scarce[k, l] = 1.0 / (whole - gone[k, l])
            continue
        for l in range(LANES):
            if gone[k, l] != seen[k, l]:
                seen[k, l] = gone[k, l]
                scarce[k, l] = 1.0 / max(left_of(k, gone[k, l], x, l, firms), 1e-300) if firms.replace else 1e300
    for i in range(len(x)):
        if links.out_start[i] == links.out_start[i + 1]:
            continue
        k, s, grown = firms.market[i], firms.sold[i], 0.0
        for l in range(LANES):
            now = min(1.0, s * scarce[k, l]) * x[i, l]
            grown = max(grown, now - loss[i, l])
            loss[i, l] = max(loss[i, l], now)
        if grown > 0.0:
            for e in range(links.out_start[i], links.out_start[i + 1]):
                told[links.outputs[e].to] = True


class Lanes(NamedTuple):
    """Eight shocks under way: losses down, told (n, 8) and up, now and next (2, n, 8; ``turn`` says which is now); lost by market (K, 8), as last looked at, and 1 ÷ what is left; buyers to look at (n,); which shock (−1 none), whether an ended one still stands there, how many steps (8,)."""

    down: Any
    loss: Any
    up: Any
    turn: Any
    gone: Any
    seen: Any
    scarce: Any
    told: Any
    at: Any
    spent: Any
    steps: Any


def lanes(firms: Firms) -> Lanes:
    """Eight lanes at rest, rows at cache lines."""
    def rows(count: int) -> Any:
        room = np.zeros(count * LANES + 8)
        return room[(-room.ctypes.data // 8) % 8:][:count * LANES].reshape(count, LANES)

    n, markets = len(firms.sold), len(firms.market_sold)
    return Lanes(rows(n), rows(n), rows(2 * n).reshape(2, n, LANES), np.zeros(1, np.int64), rows(markets), rows(markets), rows(markets), np.zeros(n, np.bool_), np.full(LANES, -1), np.zeros(LANES, np.bool_), np.zeros(LANES, np.int64))


@njit(cache=True, nogil=True)
def _finish(done: Any, down: Any, up: Any, b: Lanes, firms: Firms, kept: Kept) -> None:
    """Write the results of the lanes that are done at this step, in one walk over the firms."""
    lost_down, lost_up, lost = np.zeros(LANES), np.zeros(LANES), np.zeros(LANES)
    for q in range(firms.weight.shape[1]):
        lost_down[:] = 0.0
        lost_up[:] = 0.0
        lost[:] = 0.0
        for i in range(len(down)):
            w = firms.weight[i, q]
            for l in range(LANES):
                lost_down[l] += w * down[i, l]
                lost_up[l] += w * up[i, l]
                lost[l] += w * max(down[i, l], up[i, l])
        for l in range(LANES):
            if done[l]:
                kept.down[b.at[l], q], kept.up[b.at[l], q], kept.both[b.at[l], q] = lost_down[l], lost_up[l], lost[l]
    for l in range(LANES):
        if done[l]:
            kept.steps[b.at[l]] = b.steps[l]
            if len(kept.state_down):
                kept.state_down[b.at[l]], kept.state_up[b.at[l]] = down[:, l], up[:, l]


@njit(cache=True, nogil=True)
def _clear(done: Any, b: Lanes) -> None:
    """Put the lanes that are done to rest."""
    if not done.any():
        return
    rest = np.where(done, 0.0, 1.0)
    for i in range(len(b.down)):
        for l in range(LANES):
            b.down[i, l] *= rest[l]
            b.loss[i, l] *= rest[l]
            b.up[0, i, l] *= rest[l]
            b.up[1, i, l] *= rest[l]
    for l in range(LANES):
        if done[l]:
            b.gone[:, l] = b.seen[:, l] = 0.0
            b.spent[l] = False


@njit(cache=True, nogil=True)
def run_lanes(free: int, b: Lanes, shocks: Shocks, down_links: DownLinks, up_links: UpLinks, firms: Firms, tolerance: float, most_steps: int, kept: Kept) -> None:
    """Follow what is in the lanes, step by step over all links, until at least ``free`` have ended; those are put to rest together, which costs a walk over the firms."""
    fall_down, fall_up, done = np.zeros(LANES), np.zeros(LANES), np.zeros(LANES, np.bool_)
    while (b.at < 0).sum() < free:
        fall_down[:] = 0.0
        fall_up[:] = 0.0
        _weigh(b.down, firms, b.gone, b.seen, b.scarce, down_links, b.loss, b.told)
        _sweep_down(down_links, b.loss, b.down, firms, b.gone, b.told, fall_down)
        old, new = b.up[b.turn[0]], b.up[1 - b.turn[0]]
        _sweep_up(up_links, old, new, fall_up)
        b.turn[0] = 1 - b.turn[0]
        for l in range(LANES):
            at = b.at[l]
            done[l] = False
            if at >= 0:
                b.steps[l] += 1
                for h in range(shocks.first[at], shocks.first[at + 1]):
                    new[shocks.firm[h], l] = max(new[shocks.firm[h], l], shocks.hit_up[h])
                done[l] = max(fall_down[l], fall_up[l]) <= tolerance or b.steps[l] >= most_steps
        if done.any():
            _finish(done, b.down, new, b, firms, kept)
            for l in range(LANES):
                if done[l]:
                    b.at[l], b.spent[l] = -1, True
    _clear(b.spent.copy(), b)


@njit(cache=True, nogil=True)
def lane_for(at: int, steps: int, b: Lanes, shocks: Shocks, down_links: DownLinks, up_links: UpLinks, firms: Firms, tolerance: float, most_steps: int, kept: Kept) -> int:
    """A lane at rest, given to shock ``at``; where all are taken, they run until half of them have ended."""
    if b.at.min() >= 0:
        run_lanes(LANES // 2, b, shocks, down_links, up_links, firms, tolerance, most_steps, kept)
    l = 0
    while b.at[l] >= 0:
        l += 1
    b.at[l], b.steps[l] = at, steps
    return l


@njit(cache=True, nogil=True)
def sweep(chosen: Any, shocks: Shocks, down_links: DownLinks, up_links: UpLinks, firms: Firms, tolerance: float, most_steps: int, b: Lanes, kept: Kept) -> None:
    """Run the chosen shocks from their start, eight at a time over all links."""
    for at in chosen:
        l = lane_for(at, 0, b, shocks, down_links, up_links, firms, tolerance, most_steps, kept)
        for h in range(shocks.first[at], shocks.first[at + 1]):
            i = shocks.firm[h]
            b.down[i, l], b.up[b.turn[0], i, l] = shocks.hit_down[h], shocks.hit_up[h]
            b.gone[firms.market[i], l] += firms.sold[i] * shocks.hit_down[h]
    run_lanes(LANES, b, shocks, down_links, up_links, firms, tolerance, most_steps, kept)
