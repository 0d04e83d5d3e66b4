"""Compiled loops of the stock model. Groups lie by buyer, essential ones first, then plain, then negligible; links lie by group. Stocks are counted in days of use, so no step divides."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from liantu.methods.firm_network import Floats, Ints

_FAST = {"contract", "reassoc", "nsz", "arcp"}


class Stocks(NamedTuple):
    """G groups of inputs and L links, all amounts per day.

    ``start``, ``plain``, ``slack`` (n+1, n, n): where a buyer's groups, its plain ones and its negligible ones begin. Per group ``use`` (G,) at full output, ``target`` (G,) days,
    ``harm`` (G,) share of output lost when nothing is left. Per link ``group``, ``supplier``, ``amount``, ``part`` of its group's use (L,).
    Per firm ``full``, ``outside`` (n,) output and demand from outside, ``top`` (n,) highest output as a multiple of ``full``.
    """

    start: Ints
    plain: Ints
    slack: Ints
    use: Floats
    target: Floats
    harm: Floats
    group: Ints
    supplier: Ints
    amount: Floats
    part: Floats
    full: Floats
    outside: Floats
    top: Floats


class Rule(NamedTuple):
    """How firms act: days over which missing stock is made good, whom a short supplier serves first, what orders are for, from where on a firm feels it."""

    smooth: float
    firms_first: bool
    by_demand: bool
    felt_below: float


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


@njit(cache=True, nogil=True, fastmath=_FAST)
def _order(net: Stocks, smooth: float, cover: Floats, wanted: Floats, order: Floats, asked: Floats, possible: Floats) -> None:
    """Orders of every group as a multiple of its use, demand (n,) and highest level that the stocks allow (n,)."""
    pace = 1.0 / smooth
    for j in range(len(net.full)):
        top, want, worst, added = net.top[j], wanted[j], 0.0, 0.0
        for g in range(net.start[j], net.start[j + 1]):
            order[g] = max(0.0, want + (net.target[g] - cover[g]) * pace)
        for g in range(net.start[j], net.plain[j]):
            worst = max(worst, net.harm[g] * (top - cover[g]))
        for g in range(net.plain[j], net.slack[j]):
            added += net.harm[g] * max(0.0, top - cover[g])
        possible[j] = max(0.0, top - max(worst, added))
    asked[:] = net.outside
    for link in range(len(net.group)):
        asked[net.supplier[link]] += net.amount[link] * order[net.group[link]]


@njit(cache=True, nogil=True)
def _make(net: Stocks, rule: Rule, asked: Floats, possible: Floats, remaining: Floats, level: Floats, wanted: Floats, filled: Floats) -> tuple[float, float]:
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
        wanted[j] = within / full if rule.by_demand else level[j]
        orders = asked[j] - net.outside[j]
        served = orders if rule.firms_first else asked[j]
        filled[j] = min(1.0, output / served) if served > 0.0 else 0.0
        total += output
        outside += output - filled[j] * orders
    return total, outside


@njit(cache=True, nogil=True, fastmath=_FAST)
def _deliver(net: Stocks, order: Floats, filled: Floats, level: Floats, cover: Floats, came: Floats) -> tuple[float, float]:
    """Stocks after use and deliveries; what was delivered, and the least cover in days."""
    total, least = 0.0, np.inf
    came[:] = 0.0
    for link in range(len(net.group)):
        came[net.group[link]] += net.part[link] * filled[net.supplier[link]]
    for j in range(len(net.full)):
        used = level[j]
        for g in range(net.start[j], net.start[j + 1]):
            days = order[g] * came[g]
            left = cover[g] - min(cover[g], used) + days
            total += days * net.use[g]
            least = min(least, left)
            cover[g] = left
    return total, least


@njit(cache=True, nogil=True)
def _note(t: int, full: Floats, felt_below: float, level: Floats, weight: Floats, follow: Ints, diary: Diary) -> None:
    for j in range(len(full)):
        short = 1.0 - level[j]
        if full[j] > 0.0 and abs(short) > 1e-12:
            diary.lost[j] += short * full[j]
            diary.lowest[j] = min(diary.lowest[j], level[j])
            if diary.felt[j] < 0 and level[j] < felt_below:
                diary.felt[j] = t
            for q in range(weight.shape[1]):
                diary.at_stake[t, q] += short * weight[j, q]
    for k in range(len(follow)):
        diary.path[t, k] = level[follow[k]]


@njit(cache=True, nogil=True)
def run(net: Stocks, rule: Rule, struck: Ints, capacity: Floats, weight: Floats, follow: Ints, cover: Floats, diary: Diary) -> None:
    """All days: ``capacity`` (T, k) of the k ``struck`` firms; ``cover`` (G,) days of stock is changed in place."""
    n = len(net.full)
    level, wanted, remaining = np.ones(n), np.ones(n), np.ones(n)
    order, came, asked, possible, filled = np.empty(len(cover)), np.empty(len(cover)), np.empty(n), np.empty(n), np.empty(n)
    for t in range(capacity.shape[0]):
        for k in range(len(struck)):
            remaining[struck[k]] = capacity[t, k]
        _order(net, rule.smooth, cover, wanted, order, asked, possible)
        diary.output[t], diary.sold_outside[t] = _make(net, rule, asked, possible, remaining, level, wanted, filled)
        diary.delivered[t], diary.least_stock[t] = _deliver(net, order, filled, level, cover, came)
        _note(t, net.full, rule.felt_below, level, weight, follow, diary)
