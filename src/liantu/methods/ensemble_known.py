"""What a district knows of its firm-to-firm network: totals, industry shares, some links, and which firms have answered.

A firm has *answered* on its suppliers when its list of suppliers inside the district is complete: every pair (i, j) with another supplier i is then
known to be no link. The same for customers. A pair that neither end has answered for is *open*.

>>> known = Known(sector=[0, 1, 1], sales=[90.0, 50, 40], purchases=[60.0, 30, 20], shares=[[0, 0.5], [0.1, 0.2]], supplier=[0], customer=[1],
...               amount=[8.0], suppliers_complete=[False, True, False])
>>> known.open_pairs().tolist()
[[1, 0], [2, 0], [0, 2], [1, 2]]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from liantu.methods.text import Floats, Ints

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Known:
    """Everything known of n firms in m sectors. Money in one unit of the caller's choice, per period; missing numbers are NaN.

    ``sector`` (n,) int in 0…m−1; ``sales`` and ``purchases`` (n,) totals, inside and outside the district; ``shares`` (m, m), A[k, l] = share of sector
    l's purchases that comes from sector k (columns sum to at most 1, as input coefficients over total purchases); ``supplier``, ``customer`` (L,) int and
    ``amount`` (L,), NaN where only the link is known; ``suppliers_complete``, ``customers_complete`` (n,) bool; ``place`` (n, 2) coordinates in one unit
    of length; ``size`` (n,) positive, used to guess missing totals (output, staff). ``inside`` is the prior mean share of purchases bought inside the
    district and ``inside_spread`` its standard deviation on the logit scale: small when the share is known, large when the answers are to tell it.
    Known amounts above a firm's total raise that total. Parallel links are summed. Raises ValueError when lengths, numbers or firms do not fit.
    """

    sector: ArrayLike
    sales: ArrayLike
    purchases: ArrayLike
    shares: ArrayLike
    supplier: ArrayLike = ()
    customer: ArrayLike = ()
    amount: ArrayLike = ()
    suppliers_complete: ArrayLike | None = None
    customers_complete: ArrayLike | None = None
    place: ArrayLike | None = None
    size: ArrayLike | None = None
    inside: float = 0.35
    inside_spread: float = 1.0
    n: int = field(init=False)
    m: int = field(init=False)

    def __post_init__(self) -> None:
        sector = np.asarray(self.sector, dtype=np.int64)
        shares = np.asarray(self.shares, dtype=float)
        n, m = len(sector), len(shares)
        columns: dict[str, Any] = {"sector": sector, "shares": shares, "n": n, "m": m}
        for name in ("sales", "purchases", "size"):
            values = getattr(self, name)
            columns[name] = None if values is None else np.asarray(values, dtype=float)
        for name in ("suppliers_complete", "customers_complete"):
            flags = getattr(self, name)
            columns[name] = np.zeros(n, dtype=bool) if flags is None else np.asarray(flags, dtype=bool)
        columns["place"] = None if self.place is None else np.asarray(self.place, dtype=float)
        columns["supplier"], columns["customer"], columns["amount"] = _summed(n, *(np.asarray(a) for a in (self.supplier, self.customer, self.amount)))
        for name, value in columns.items():
            object.__setattr__(self, name, value)
        _check(columns)
        for total, end in (("sales", columns["supplier"]), ("purchases", columns["customer"])):
            linked = added(end, np.nan_to_num(columns["amount"]), n)
            object.__setattr__(self, total, np.maximum(columns[total], linked))

    @property
    def answered(self) -> Bools:
        """(n,): firms that have told both lists."""
        return np.asarray(self.suppliers_complete) & np.asarray(self.customers_complete)

    def hide(self, firms: Iterable[int]) -> Known:
        """The same district had these firms not answered: their lists are incomplete, and links that only they told are unknown."""
        gone = np.zeros(self.n, dtype=bool)
        gone[np.fromiter(firms, dtype=np.int64)] = True
        i, j, amount = arrays(self)
        told_i, told_j = np.asarray(self.customers_complete), np.asarray(self.suppliers_complete)
        keep = (told_i & ~gone)[i] | (told_j & ~gone)[j] | (~told_i[i] & ~told_j[j])
        return replace(self, supplier=i[keep], customer=j[keep], amount=amount[keep], suppliers_complete=told_j & ~gone, customers_complete=told_i & ~gone)

    def tell(self, supplier: ArrayLike, customer: ArrayLike, amount: ArrayLike, *, suppliers_of: Sequence[int] = (), customers_of: Sequence[int] = ()) -> Known:
        """The same district with these links added (replacing what was known of the same pair) and these firms' lists complete."""
        i, j, a = arrays(self)
        new_i, new_j = np.asarray(supplier, dtype=np.int64), np.asarray(customer, dtype=np.int64)
        old = ~np.isin(i * self.n + j, new_i * self.n + new_j)
        told_j, told_i = np.array(self.suppliers_complete), np.array(self.customers_complete)
        told_j[list(suppliers_of)], told_i[list(customers_of)] = True, True
        return replace(self, supplier=np.r_[i[old], new_i], customer=np.r_[j[old], new_j], amount=np.r_[a[old], np.asarray(amount, dtype=float)],
                       suppliers_complete=told_j, customers_complete=told_i)

    def open_pairs(self) -> Ints:
        """(pairs, 2) supplier and customer of all pairs that could hold an unknown link. For small districts: n² in time and memory."""
        told_i, told_j = np.asarray(self.customers_complete), np.asarray(self.suppliers_complete)
        could = ~told_i[:, None] & ~told_j[None, :]
        np.fill_diagonal(could, False)
        i, j, _ = arrays(self)
        could[i, j] = False
        customer, supplier = np.nonzero(could.T)
        return np.column_stack([supplier, customer])


def arrays(known: Known) -> tuple[Ints, Ints, Floats]:
    """Supplier, customer (L,) and amount (L,) of the known links."""
    return np.asarray(known.supplier, dtype=np.int64), np.asarray(known.customer, dtype=np.int64), np.asarray(known.amount, dtype=float)


def added(at: ArrayLike, values: ArrayLike, length: int) -> Floats:
    """(length,) sums of the values by place."""
    return np.asarray(np.bincount(np.asarray(at), np.asarray(values), length), dtype=float)


def _summed(n: int, supplier: NDArray[Any], customer: NDArray[Any], amount: NDArray[Any]) -> tuple[Ints, Ints, Floats]:
    supplier, customer, amount = supplier.astype(np.int64), customer.astype(np.int64), amount.astype(float)
    if not len(supplier) == len(customer) == len(amount):
        raise ValueError("supplier, customer and amount must have one length")
    if len(supplier) and (min(supplier.min(), customer.min()) < 0 or max(supplier.max(), customer.max()) >= n):
        raise ValueError(f"supplier and customer must be firms 0…{n - 1}")
    if (supplier == customer).any() or (amount < 0).any():
        raise ValueError("a link joins two firms and its amount is not negative")
    pair, at = np.unique(supplier * n + customer, return_inverse=True)
    return pair // max(n, 1), pair % max(n, 1), added(at, amount, len(pair))


def _check(columns: dict[str, Any]) -> None:
    n, m, sector, shares = columns["n"], columns["m"], columns["sector"], columns["shares"]
    if shares.shape != (m, m) or (shares < 0).any() or (shares.sum(axis=0) > 1 + 1e-9).any():
        raise ValueError("shares must be (m, m), not negative, with columns that sum to at most 1")
    if n and (sector.min() < 0 or sector.max() >= m):
        raise ValueError(f"sector must be 0…{m - 1}")
    for name, width in (("sales", n), ("purchases", n), ("suppliers_complete", n), ("customers_complete", n), ("place", n), ("size", n)):
        if columns[name] is not None and len(columns[name]) != width:
            raise ValueError(f"{name} must have length {width}")
    if (columns["sales"] < 0).any() or (columns["purchases"] < 0).any():
        raise ValueError("totals must not be negative")
