"""From what a district knows of trade between firms to the arrays of a cascade: amounts never told, kinds of inputs, links that are cut.

The cascade itself is :mod:`liantu.methods.cascade`; the arrays here have one entry per link (L), per firm (n) or per pair of sectors (m, m).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from liantu.methods.firm_network import FirmNetwork

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def fill_amounts(amount: ArrayLike, supplier: ArrayLike, customer: ArrayLike, purchases: ArrayLike, sales: ArrayLike) -> Floats:
    """Amounts (L,), nan where never told, filled by what a link usually is here.

    A link of unknown amount is the median share that known links have in their customer's purchases (n,), or in their supplier's sales
    (n,) where those purchases are unknown (nan), or else the median known amount; 1 for all when no amount at all is known. A customer's estimates
    together never exceed what its known purchases leave, if they leave anything. Unit: that of the amounts.

    >>> fill_amounts([10, 30, float("nan")], [0, 1, 1], [2, 2, 3], [9, 9, 100, 200], [9, 9, 9, 9]).tolist()
    [10.0, 30.0, 40.0]
    """
    told, seller, buyer = np.array(amount, dtype=float), np.asarray(supplier, dtype=np.int64), np.asarray(customer, dtype=np.int64)
    bought, sold = np.asarray(purchases, dtype=float), np.asarray(sales, dtype=float)
    gone = np.isnan(told)
    if not gone.any():
        return told
    known = ~gone
    guess = np.full(int(gone.sum()), np.median(told[known]) if known.any() else 1.0)
    for whole, end in ((sold, seller), (bought, buyer)):  # the customer's side is laid over the supplier's
        share = told[known] / whole[end[known]]
        share = share[np.isfinite(share)]
        if share.size:
            by_size = np.median(share) * whole[end[gone]]
            guess = np.where(np.isfinite(by_size) & (by_size > 0), by_size, guess)
    left = bought - np.bincount(buyer[known], told[known], len(bought))
    wanted = np.bincount(buyer[gone], guess, len(bought))
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where((left > 0) & (wanted > left), left / wanted, 1.0)
    told[gone] = guess * scale[buyer[gone]]
    return told


def pair_kinds(supplier_sector: ArrayLike, customer_sector: ArrayLike, kind: ArrayLike, amount: ArrayLike, sectors: int, *, otherwise: int = 1) -> NDArray[np.int8]:
    """The kind (2 essential, 1 non-essential, 0 negligible) of each pair of sectors (m, m): the one that carries most of the amount of its links (L,).

    Equal amounts go to the higher kind; pairs without a link are ``otherwise``.

    >>> pair_kinds([0, 0, 1], [1, 1, 0], [2, 1, 0], [5, 3, 1], 2).tolist()
    [[1, 2], [0, 1]]
    """
    code = np.asarray(supplier_sector, dtype=np.int64) * sectors + np.asarray(customer_sector, dtype=np.int64)
    kinds, weight = np.asarray(kind, dtype=np.int64), np.asarray(amount, dtype=float)
    carried = np.stack([np.bincount(code[kinds == k], weight[kinds == k], sectors * sectors) for k in (2, 1, 0)])
    seen = np.bincount(code, minlength=sectors * sectors) > 0
    return np.where(seen, 2 - carried.argmax(axis=0), otherwise).astype(np.int8).reshape(sectors, sectors)


def pair_shares(supplier_sector: ArrayLike, customer_sector: ArrayLike, amount: ArrayLike, purchases: ArrayLike) -> Floats:
    """Share of each sector's purchases (m,) that comes from each sector (m, m), by the links (L,) on record; columns sum to at most 1.

    Where links exceed the purchases told, they are scaled down to them; a sector without purchases buys from nobody.

    >>> pair_shares([0, 0, 1], [1, 1, 1], [1, 2, 3], [0, 12]).tolist()
    [[0.0, 0.25], [0.0, 0.25]]
    """
    whole = np.asarray(purchases, dtype=float)
    m = len(whole)
    sums = np.bincount(np.asarray(supplier_sector, dtype=np.int64) * m + np.asarray(customer_sector, dtype=np.int64), np.asarray(amount, dtype=float), m * m).reshape(m, m)
    over = np.maximum(whole, sums.sum(axis=0))
    return np.divide(sums, over, out=np.zeros_like(sums), where=(whole > 0) & (over > 0))


def without_links(network: FirmNetwork, supplier: ArrayLike, customer: ArrayLike, amount: ArrayLike, cut: ArrayLike, *, replaceable: bool = True) -> tuple[FirmNetwork, Ints]:
    """The network with links that carry nothing any more, and the firms to close for it: (network, stopped).

    ``supplier``, ``customer``, ``amount``, ``cut`` (L,) are the links and whether each is cut. A cut link i → j is sold by a stand-in of i's sector and bought by a
    stand-in customer, which are to be closed: j loses what i would have sold it, i loses j's demand, and what else either of them trades goes on. Stand-ins follow
    the n firms: one supplier per sector cut, then one customer. ``replaceable``: others of the market may sell in the place of what is cut (a road), or nobody may (a ban).

    >>> line = FirmNetwork(3, [0, 1], [2, 2], [5, 7], [0, 0, 1])
    >>> found, stopped = without_links(line, [0, 1], [2, 2], [5, 7], [True, False])
    >>> found.amounts.toarray()[stopped[0]].tolist(), found.sold.tolist(), found.sector.tolist(), stopped.tolist()
    ([0.0, 0.0, 5.0, 0.0, 0.0], [5.0, 7.0, 0.0, 5.0, 0.0], [0, 0, 1, 0, 0], [3, 4])
    """
    seller, buyer = np.array(supplier, dtype=np.int64), np.array(customer, dtype=np.int64)
    carried, gone, n = np.asarray(amount, dtype=float), np.asarray(cut, dtype=bool), network.n
    if not gone.any():
        return network, np.zeros(0, dtype=np.int64)
    unsold = seller[gone].copy()
    sectors, place = np.unique(network.sector[unsold], return_inverse=True)
    seller[gone] = n + place
    nobody, more = n + len(sectors), len(sectors) + 1
    market = network.market[unsold[np.unique(place, return_index=True)[1]]] if replaceable else network.markets + np.arange(len(sectors))
    rows, columns, values = np.concatenate([seller, unsold]), np.concatenate([buyer, np.full(len(unsold), nobody)]), np.concatenate([carried, carried[gone]])
    found = FirmNetwork(n + more, rows, columns, values, np.concatenate([network.sector, sectors, sectors[:1]]), network.essential,
                        market=np.concatenate([network.market, market, [network.markets + len(sectors)]]),
                        sales=np.concatenate([network.sales, np.bincount(place, carried[gone]), [carried[gone].sum()]]), purchases=np.concatenate([network.purchases, np.zeros(len(sectors)), [carried[gone].sum()]]))
    return found, np.arange(n, n + more)


def group_losses(levels: ArrayLike, member: ArrayLike, group: ArrayLike, weight: ArrayLike, groups: int) -> Floats:
    """Share of each group's weight that is lost (T, groups), from what is left of each firm (T, n).

    A firm may stand in several groups: ``member``, ``group``, ``weight`` (M,) say which firm stands where and with how much; members of a group without any weight count alike.

    >>> group_losses([[1, 1], [0, 0.5]], [0, 1, 1], [0, 0, 1], [30, 10, 0], 2).tolist()
    [[0.0, 0.0], [0.875, 0.5]]
    """
    left, firm, at, size = np.asarray(levels, dtype=float), np.asarray(member, dtype=np.int64), np.asarray(group, dtype=np.int64), np.asarray(weight, dtype=float)
    size = np.where(np.bincount(at, size, groups)[at] > 0, size, 1.0)
    whole = np.bincount(at, size, groups)
    lost = np.stack([np.bincount(at, size * (1 - row[firm]), groups) for row in left]).astype(float)  # whole numbers where nobody stands anywhere
    return np.divide(lost, whole, out=np.zeros_like(lost), where=whole > 0)
