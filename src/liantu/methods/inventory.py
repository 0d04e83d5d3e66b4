"""What happens in the coming weeks: firms that live on their stocks while a supplier is down, day by day.

The adaptive regional input–output model with stocks (Hallegatte, *Risk Analysis* 34 (2014) 152–167), between firms as Inoue and Todo put it
(*Nature Sustainability* 2 (2019) 841–847; *PLOS ONE* 15(9) (2020) e0239251), written from the equations as published. On day t, for a group g of inputs
(one buyer j, one supplier sector) with stock S_g, use A_g per day at full output X_j and a target of n_g days:

* order at every supplier i of the group: O_ij = A_ij · max(0, w_j + (n_g − S_g/A_g)/τ), with w_j = min(D_j, ψ_j·X_j)/X_j of the day before: what could be sold if inputs allowed
  (``orders_for`` "demand"), or with w_j = x_j/X_j of the day before ("output", Inoue and Todo);
* demand D_i = Σ_j O_ij + F_i, with F_i what the outside buys (sales less sales inside the network);
* output x_i = min(D_i, ψ_i(t)·X_i, X_i·(1 − κ_i·max over essential g of (1 − S_g/A_g)), X_i·(1 − κ_i·Σ over plain g of (A_g/A_i)·(1 − S_g/A_g)));
  κ = share of all purchases made inside the network; what is bought outside always comes; negligible inputs stop nothing;
* short supply is shared in proportion to orders, or to firms first and the outside last (``firms_first``);
* S_g(t+1) = S_g + deliveries − A_g·x_j/X_j (never below 0).

Orders for yesterday's output shrink with every short delivery while the outside keeps asking for the whole: beside customers outside, a buyer spirals down far below what its supplier
still makes. Orders for demand do not, and where all inputs are essential end at the numbers of the cascade; hence the default.

Ours where the papers differ: stocks are kept by group and not by link (inputs of a group stand in for each other, so no link's stock falls below 0); plain inputs and κ
are those of the cascade engine; a firm may have room above its usual output (``room``). Suppliers are never exchanged: ``methods/substitution.py`` does that.

>>> pair = FirmNetwork(2, [0], [1], [365.0], [0, 1], sales=[365.0, 730.0])
>>> weeks = outlook(pair, [0], 0.0, days=6, stock_days=3)  # the buyer of a closed supplier uses up three days of stock
>>> weeks.felt.tolist(), weeks.output.tolist()
([0, 3], [2.0, 2.0, 2.0, 0.0, 0.0, 0.0])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from liantu.methods.firm_network import ESSENTIAL, PLAIN, FirmNetwork, Floats, Ints

SMOOTH_DAYS = 6.0  # Inoue and Todo 2019: days over which a missing stock is made good
FELT_BELOW = 0.95  # a firm feels the shock on the first day below this share of its usual output
YEAR = 365.0


@dataclass(frozen=True)
class Outlook:
    """T days. Amounts per day in the unit of the network (万元).

    ``output``, ``delivered``, ``sold_outside`` (T,): made, sent to firms of the network, sold outside it; output = delivered + sold_outside. ``least_stock`` (T,): lowest cover of any
    stock in days. ``at_stake`` (T, q): weights idle that day (Σ weight × share of output missing: jobs, tax …). Per firm: ``usual`` (n,) output a day, ``lost`` (n,) output missed over all
    days less what was caught up, ``lowest`` (n,) lowest share of usual output, ``felt`` (n,) first day below ``felt_below`` (0 = the first day, −1 = never). ``path`` (T, k): share of
    usual output of the followed firms.
    """

    output: Floats
    delivered: Floats
    sold_outside: Floats
    least_stock: Floats
    at_stake: Floats
    usual: Floats
    lost: Floats
    lowest: Floats
    felt: Ints
    path: Floats
    felt_below: float

    @property
    def share(self) -> Floats:
        """(T,) total output as a share of the usual one."""
        whole = float(self.usual.sum())
        return self.output / whole if whole > 0 else np.ones_like(self.output)


def recovery(days: int, *, start: float = 0.0, stopped: int, ramp: int = 0, begin: int = 0) -> Floats:
    """(days,) remaining capacity: whole until ``begin``, then ``start`` for ``stopped`` days, then in ``ramp`` equal steps back to whole.

    >>> recovery(6, start=0.5, stopped=2, ramp=2).tolist()
    [0.5, 0.5, 0.75, 1.0, 1.0, 1.0]
    """
    day = np.arange(days, dtype=float) - begin
    since = day - stopped + 1
    back = np.clip(since / ramp, 0.0, 1.0) if ramp > 0 else (since > 0).astype(float)
    return np.where(day < 0, 1.0, start + (1.0 - start) * back)


def outlook(network: FirmNetwork, firms: ArrayLike, remaining: ArrayLike, *, days: int = 60, stock_days: ArrayLike, stock_now: ArrayLike | None = None,
            stock_per: Literal["buyer", "link"] = "buyer", period: float = YEAR,
            room: ArrayLike = 0.0, smooth_days: float = SMOOTH_DAYS, firms_first: bool = False, orders_for: Literal["demand", "output"] = "demand",
            felt_below: float = FELT_BELOW, weights: ArrayLike | None = None, follow: Sequence[int] = ()) -> Outlook:
    """The coming ``days`` when the ``firms`` (k,) keep the capacity ``remaining``: one number, (k,) or a path (days, k) in [0, 1].

    ``stock_days`` ≥ 1: target, and ``stock_now`` ≥ 0 present days of stock (by default the target), each one number, (n,) per buyer or, with ``stock_per`` "link", (L,) along the links of
    ``network``; a day's own use counts, so 1 means nothing beyond today. ``period``: days that the network's amounts cover. ``room`` ≥ 0, (n,) or one number: share by which output may exceed the usual.
    ``weights`` (n,) or (n, q): jobs, tax; usual output by default. Raises ValueError where shapes or ranges do not fit.
    """
    from liantu.methods.inventory_kernels import Diary, Rule, run

    struck = np.asarray(firms, dtype=np.int64).reshape(-1).astype(np.int32)
    if struck.size and (struck.min() < 0 or struck.max() >= network.n):
        raise ValueError(f"firm numbers run from 0 to {network.n - 1}")
    capacity = np.ascontiguousarray(np.broadcast_to(np.asarray(remaining, dtype=float), (days, struck.size)))
    _within(capacity, 0, 1, "remaining")
    if not (period > 0 and smooth_days >= 1 and 0 < felt_below <= 1):
        raise ValueError("period must be positive, smooth_days at least 1, felt_below in (0, 1]")
    weight = network.sales / period if weights is None else np.asarray(weights, dtype=float)
    if weight.shape[:1] != (network.n,) or weight.ndim > 2:
        raise ValueError(f"weights must be ({network.n},) or ({network.n}, q)")
    weight = np.ascontiguousarray(weight.reshape(network.n, -1))
    stocks, order, start = _stocks(network, period, room)
    target = _days_of(stock_days, network, order, start, stock_per, "stock_days")
    now = target if stock_now is None else _days_of(stock_now, network, order, start, stock_per, "stock_now")
    _within(target, 1, np.inf, "stock_days")
    _within(now, 0, np.inf, "stock_now")
    n, follows = network.n, np.asarray(follow, dtype=np.int32)
    diary = Diary(np.zeros(days), np.zeros(days), np.zeros(days), np.zeros(days), np.zeros((days, weight.shape[1])), np.zeros(n), np.ones(n), np.full(n, -1, np.int32),
                  np.ones((days, follows.size)))
    rule = Rule(float(smooth_days), bool(firms_first), orders_for == "demand", float(felt_below) - 1e-9)
    run(stocks._replace(target=target), rule, struck, capacity, weight, follows, now.copy(), diary)
    return Outlook(diary.output, diary.delivered, diary.sold_outside, diary.least_stock, diary.at_stake, stocks.full, diary.lost, diary.lowest, diary.felt, diary.path, felt_below)


def _within(values: Floats, low: float, high: float, name: str) -> None:
    if not np.all((values >= low) & (values <= high)) or np.isnan(values).any():
        raise ValueError(f"{name} must lie in [{low}, {high}]")


def _stocks(network: FirmNetwork, period: float, room: ArrayLike) -> tuple[Any, Ints, Ints]:
    """Links laid out by buyer, kind and supplier sector, per day; the order of the network's links that does it, and where each group begins in it (G+1,)."""
    from liantu.methods.inventory_kernels import Stocks

    n = network.n
    width = int(network.sector.max(initial=0)) + 1
    kind = ESSENTIAL - network.need.astype(np.int64)  # essential, plain, negligible
    key = (network.customer.astype(np.int64) * 3 + kind) * width + network.sector[network.supplier]
    order = np.lexsort((network.supplier, key))
    groups, start, counts = np.unique(key[order], return_index=True, return_counts=True)
    amount = network.amount[order] / period
    use = np.add.reduceat(amount, start) if start.size else np.empty(0)
    buyer, kind = groups // width // 3, groups // width % 3
    inside = network.bought[buyer] / network.purchases[buyer]
    harm = np.where(kind == ESSENTIAL - ESSENTIAL, inside, np.where(kind == ESSENTIAL - PLAIN, use * period / network.purchases[buyer], 0.0))
    above = np.broadcast_to(np.asarray(room, dtype=float), (n,))
    _within(above, 0, np.inf, "room")
    begins = [np.searchsorted(groups // width, np.arange(n) * 3 + k).astype(np.int32) for k in range(3)]
    stocks = Stocks(np.append(begins[0], len(groups)).astype(np.int32), begins[1], begins[2], use, use, harm, np.repeat(np.arange(len(groups), dtype=np.int32), counts), network.supplier[order],
                    amount, amount / np.repeat(use, counts), network.sales / period, np.maximum(0.0, network.sales - network.sold) / period, 1.0 + above)
    return stocks, order.astype(np.int32), np.append(start, len(order)).astype(np.int32)


def _days_of(values: ArrayLike, network: FirmNetwork, order: Ints, start: Ints, per: str, name: str) -> Floats:
    """(G,) days of each group from one number, (n,) per buyer or (L,) per link, weighed by amount within a group."""
    found = np.asarray(values, dtype=float)
    if found.ndim == 0:
        return np.full(len(start) - 1, float(found))
    size = network.n if per == "buyer" else network.links
    if found.shape != (size,):
        raise ValueError(f"{name} has shape {found.shape}, expected one number or ({size},) per {per}")
    if per == "buyer":
        return np.ascontiguousarray(found[network.customer[order[start[:-1]]]])
    weight = network.amount[order]
    return np.asarray(np.add.reduceat(found[order] * weight, start[:-1]) / np.add.reduceat(weight, start[:-1])) if len(order) else np.empty(0)
