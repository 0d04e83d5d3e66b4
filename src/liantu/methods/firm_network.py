"""A network of firms as the cascade engine reads it: who sells how much to whom, and what each buyer cannot do without.

Equations: Diem, Borsos, Reisch, Kertész, Thurner, "Quantifying firm-level economic systemic risk from nation-wide supply
networks", *Scientific Reports* 12 (2022) 7719, (5)–(13), with total sales and purchases outside the network.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
ESSENTIAL, PLAIN, NEGLIGIBLE = 2, 1, 0
"""Kinds of input: one whose want stops the buyer, one whose want costs its share, one whose want costs nothing."""


LINK = np.dtype([("to", np.int32), ("share", np.float64)])
GROUP_LINK = np.dtype([("group", np.int32), ("to", np.int32), ("share", np.float64)])


class DownLinks(NamedTuple):
    """Links that can hurt a buyer. A group is the inputs of one buyer that stand in for each other: one essential sector, or all plain inputs.

    ``buyer_start`` (n+1,) into groups, ``group_start`` (G+1,) into ``inputs`` (to = supplier); ``out_start`` (n+1,) into ``outputs`` (group and to = buyer).
    """

    buyer_start: Ints
    group_start: Ints
    inputs: Any
    out_start: Ints
    outputs: Any


class UpLinks(NamedTuple):
    """Links that can hurt a supplier: ``start`` (n+1,) by supplier into ``buyers`` (to = buyer), ``in_start`` (n+1,) by buyer into ``suppliers`` (to = supplier)."""

    start: Ints
    buyers: Any
    in_start: Ints
    suppliers: Any


def _whole(values: ArrayLike, size: int | None, name: str) -> NDArray[np.int64]:
    found = np.asarray(values)
    if found.size and not np.issubdtype(found.dtype, np.integer) and not np.all(found == np.floor(found)):
        raise ValueError(f"{name} must be whole numbers")
    if size is not None and found.shape != (size,):
        raise ValueError(f"{name} has shape {found.shape}, expected ({size},)")
    return found.astype(np.int64)


def _totals(values: ArrayLike | None, within: Floats, name: str) -> Floats:
    """Totals with what is outside the network; those inside when nothing is given."""
    if values is None:
        return within
    found = np.asarray(values, dtype=float)
    if found.shape != within.shape:
        raise ValueError(f"{name} has shape {found.shape}, expected {within.shape}")
    short = np.flatnonzero(~(found >= within * (1 - 1e-9)))
    if len(short):
        raise ValueError(f"{name} of firm {short[0]} is {found[short[0]]:g}, less than the {within[short[0]]:g} inside the network")
    return np.maximum(found, within)


def _links(to: NDArray[Any], share: Floats, group: NDArray[Any] | None = None) -> Any:
    """Links as records that lie together in memory."""
    found = np.empty(len(to), LINK if group is None else GROUP_LINK)
    found["to"], found["share"] = to, share
    if group is not None:
        found["group"] = group
    return found


def _start(keys: NDArray[Any], size: int) -> Ints:
    """Where each of the keys 0 … size − 1 begins in a sorted array."""
    return np.searchsorted(keys, np.arange(size + 1)).astype(np.int32)


class FirmNetwork:
    """n firms, their links and what they need, checked and laid out for the cascade.

    ``supplier``, ``customer`` (L,) are firm numbers 0 … n − 1, ``amount`` (L,) ≥ 0 is what was sold in one period (any unit; links of the same pair are summed).
    ``sector`` (n,) numbers 0 … m − 1. ``essential`` (m, m) says for an input from the row's sector to a buyer in the column's: 2 essential, 1 plain (non-essential), 0 negligible;
    one number stands for all pairs (default: all essential). ``market`` (n,): firms that can stand in for each other, the sector by default.
    ``sales``, ``purchases`` (n,): totals with what is outside the network, at least the sums inside; sums inside by default (a closed network).

    Raises ValueError where shapes, numbers or totals do not fit.

    >>> chain = FirmNetwork(3, [0, 1], [1, 2], [10, 10], [0, 1, 2])
    >>> chain.n, chain.links, chain.sold.tolist()
    (3, 2, [10.0, 10.0, 0.0])
    """

    def __init__(self, n: int, supplier: ArrayLike, customer: ArrayLike, amount: ArrayLike, sector: ArrayLike, essential: ArrayLike = ESSENTIAL, *, market: ArrayLike | None = None,
                 sales: ArrayLike | None = None, purchases: ArrayLike | None = None) -> None:
        self.n = n
        rows, columns = _whole(supplier, None, "supplier"), _whole(customer, None, "customer")
        values = np.asarray(amount, dtype=float)
        if not rows.shape == columns.shape == values.shape or values.ndim != 1:
            raise ValueError(f"supplier {rows.shape}, customer {columns.shape} and amount {values.shape} must have one shape (L,)")
        if rows.size and (min(rows.min(), columns.min()) < 0 or max(rows.max(), columns.max()) >= n):
            raise ValueError(f"firm numbers run from 0 to {n - 1}")
        if not np.all(values >= 0) or not np.all(np.isfinite(values)):
            raise ValueError("amount must be finite and not negative")
        self.sector = _whole(sector, n, "sector").astype(np.int32)
        self.market = self.sector if market is None else np.unique(_whole(market, n, "market"), return_inverse=True)[1].astype(np.int32)
        self.markets = int(self.market.max()) + 1 if n else 0
        need = np.asarray(essential)
        sectors = int(self.sector.max()) + 1 if n else 0
        if need.ndim == 0:
            need = np.full((sectors, sectors), int(need))
        if need.ndim != 2 or min(need.shape) < sectors or not np.isin(need, (ESSENTIAL, PLAIN, NEGLIGIBLE)).all():
            raise ValueError(f"essential must be ({sectors}, {sectors}) or larger, of 2, 1 and 0")
        self.essential = need.astype(np.int8)
        summed = coo_array((values, (rows, columns)), shape=(n, n)).tocsr()
        summed.eliminate_zeros()
        self.amounts = summed
        found = summed.tocoo()
        self.supplier, self.customer, self.amount = found.row.astype(np.int32), found.col.astype(np.int32), np.asarray(found.data, dtype=float)
        self.sold: Floats = np.bincount(self.supplier, self.amount, n).astype(float)
        self.bought: Floats = np.bincount(self.customer, self.amount, n).astype(float)
        self.sales, self.purchases = _totals(sales, self.sold, "sales"), _totals(purchases, self.bought, "purchases")

    @property
    def links(self) -> int:
        """Number of pairs with a positive amount."""
        return len(self.amount)

    @cached_property
    def need(self) -> NDArray[np.int8]:
        """(L,) what each link is to its buyer: 2 essential, 1 plain, 0 negligible."""
        return np.asarray(self.essential[self.sector[self.supplier], self.sector[self.customer]])

    @cached_property
    def place(self) -> Ints:
        """(n,) each firm's place in the order in which links are laid out: much-linked firms first, so that what is read often lies together."""
        found = np.empty(self.n, np.int32)
        found[np.argsort(-(np.bincount(self.supplier, minlength=self.n) + np.bincount(self.customer, minlength=self.n)), kind="stable")] = np.arange(self.n, dtype=np.int32)
        return found

    @cached_property
    def down(self) -> DownLinks:
        """Share of the buyer's output lost when the supplier stops, Λᵈ (5)–(7), times inside ÷ total purchases; firms by :attr:`place`, negligible links left out."""
        kept = np.flatnonzero(self.need != NEGLIGIBLE)
        supplier, buyer, amount = self.supplier[kept], self.customer[kept], self.amount[kept]
        vital = self.need[kept] == ESSENTIAL
        width = int(self.sector.max()) + 2 if self.n else 1
        groups, group = np.unique(self.place[buyer].astype(np.int64) * width + np.where(vital, self.sector[supplier] + 1, 0), return_inverse=True)
        whole = np.bincount(group, amount, len(groups))
        share = amount / np.where(vital, whole[group], self.bought[buyer])
        share *= self.bought[buyer] / self.purchases[buyer]
        supplier, buyer = self.place[supplier], self.place[buyer]
        order = np.lexsort((supplier, group))
        out = np.lexsort((buyer, supplier))
        return DownLinks(_start(groups // width, self.n), _start(group[order], len(groups)), _links(supplier[order], share[order]),
                         _start(supplier[out], self.n), _links(buyer[out], share[out], group[out]))

    @cached_property
    def up(self) -> UpLinks:
        """Share of the supplier's demand lost when the buyer stops, Λᵘ (8), over total sales; firms by :attr:`place`."""
        share = self.amount / self.sales[self.supplier]
        supplier, buyer = self.place[self.supplier], self.place[self.customer]
        order, back = np.lexsort((buyer, supplier)), np.lexsort((supplier, buyer))
        return UpLinks(_start(supplier[order], self.n), _links(buyer[order], share[order]), _start(buyer[back], self.n), _links(supplier[back], share[back]))
