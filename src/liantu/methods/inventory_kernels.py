"""Compiled loop of the stock model: two passes a day over the links, which lie sorted by buyer and supplier sector."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from liantu.methods.firm_network import Floats, Ints


class Stocks(NamedTuple):
    """Links in groups of one buyer and one supplier sector; all amounts per day.

    ``buyer_start`` (n+1,) into groups, ``group_start`` (G+1,) into ``supplier``, ``amount`` (L,). Per group ``use`` (G,) at full output, ``target`` (G,) days,
    ``harm`` (G,) share of output lost when nothing is left, ``vital`` (G,): the worst of a buyer's vital groups counts, the losses of the others add up.
    Per firm ``full``, ``outside`` (n,) output and demand from outside, ``top`` (n,) highest output as a multiple of ``full``.
    """

    buyer_start: Ints
    group_start: Ints
    supplier: Ints
    amount: Floats
    use: Floats
    target: Floats
    harm: Floats
    vital: NDArray[np.bool_]
    full: Floats
    outside: Floats
    top: Floats


class Diary(NamedTuple):
    """What is written down: ``output``, ``delivered``, ``sold_outside``, ``least_stock`` (T,), ``at_stake`` (T, q), per firm ``lost``, ``lowest``, ``felt`` (n,), ``path`` (T, k) of followed firms."""

    output: Floats
    delivered: Floats
    sold_outside: Floats
    least_stock: Floats
    at_stake: Floats
    lost: Floats
    lowest: Floats
    felt: Ints
    path: Floats


@njit(cache=True, nogil=True, error_model="numpy")
def _asked_and_possible(net: Stocks, smooth: float, stock: Floats, wanted: Floats, order: Floats, asked: Floats, possible: Floats) -> None:
    """Orders of every group, demand (n,) and highest level that the stocks allow (n,)."""
    asked[:] = net.outside
    for j in range(len(net.full)):
        top, worst, added = net.top[j], 0.0, 0.0
        for g in range(net.buyer_start[j], net.buyer_start[j + 1]):
            cover = stock[g] / net.use[g]
            ordered = max(0.0, wanted[j] + (net.target[g] - cover) / smooth)
            order[g] = ordered
            if cover < top:
                loss = net.harm[g] * (top - cover)
                if net.vital[g]:
                    worst = max(worst, loss)
                else:
                    added += loss
            for l in range(net.group_start[g], net.group_start[g + 1]):
                asked[net.supplier[l]] += net.amount[l] * ordered
        possible[j] = max(0.0, top - max(worst, added))


@njit(cache=True, nogil=True, error_model="numpy")
def _made(net: Stocks, firms_first: bool, by_demand: bool, asked: Floats, possible: Floats, remaining: Floats, level: Floats, wanted: Floats, filled: Floats) -> tuple[float, float]:
    """Level, level that tomorrow's orders are for, and share of the orders filled (n,); total output and sales outside."""
    total, outside = 0.0, 0.0
    for j in range(len(net.full)):
        full = net.full[j]
        if full <= 0.0:
            filled[j] = 0.0
            continue
        within = min(asked[j], full * remaining[j] * net.top[j])
        output = min(within, full * possible[j])
        level[j] = output / full
        wanted[j] = within / full if by_demand else level[j]
        orders = asked[j] - net.outside[j]
        if firms_first:
            filled[j] = min(1.0, output / orders) if orders > 0.0 else 0.0
        else:
            filled[j] = output / asked[j] if asked[j] > 0.0 else 0.0
        total += output
        outside += output - filled[j] * orders
    return total, outside


@njit(cache=True, nogil=True, error_model="numpy")
def _delivered(net: Stocks, order: Floats, filled: Floats, level: Floats, stock: Floats) -> tuple[float, float]:
    """Stocks after use and deliveries; what was delivered, and the least cover in days."""
    total, least = 0.0, np.inf
    for j in range(len(net.full)):
        for g in range(net.buyer_start[j], net.buyer_start[j + 1]):
            came = 0.0
            for l in range(net.group_start[g], net.group_start[g + 1]):
                came += net.amount[l] * filled[net.supplier[l]]
            came *= order[g]
            stock[g] += came - min(stock[g], net.use[g] * level[j])
            total += came
            least = min(least, stock[g] / net.use[g])
    return total, least


@njit(cache=True, nogil=True, error_model="numpy")
def run(net: Stocks, smooth: float, firms_first: bool, by_demand: bool, felt_below: float, struck: Ints, capacity: Floats, weight: Floats, follow: Ints, stock: Floats, diary: Diary) -> None:
    """All days: ``capacity`` (T, k) of the k ``struck`` firms; ``stock`` (G,) is changed in place."""
    n = len(net.full)
    level, wanted, remaining = np.ones(n), np.ones(n), np.ones(n)
    order, asked, possible, filled = np.empty(len(stock)), np.empty(n), np.empty(n), np.empty(n)
    for t in range(capacity.shape[0]):
        for k in range(len(struck)):
            remaining[struck[k]] = capacity[t, k]
        _asked_and_possible(net, smooth, stock, wanted, order, asked, possible)
        diary.output[t], diary.sold_outside[t] = _made(net, firms_first, by_demand, asked, possible, remaining, level, wanted, filled)
        diary.delivered[t], diary.least_stock[t] = _delivered(net, order, filled, level, stock)
        for j in range(n):
            if net.full[j] <= 0.0:
                continue
            short = 1.0 - level[j]
            diary.lost[j] += short * net.full[j]
            diary.lowest[j] = min(diary.lowest[j], level[j])
            if diary.felt[j] < 0 and level[j] < felt_below:
                diary.felt[j] = t
            if short > 1e-12 or short < -1e-12:
                for q in range(weight.shape[1]):
                    diary.at_stake[t, q] += short * weight[j, q]
        for k in range(len(follow)):
            diary.path[t, k] = level[follow[k]]
