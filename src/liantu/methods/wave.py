"""One shock step by step: which firm falls at which iteration, how far, through whom, and after how many days.

The equations are those of :mod:`liantu.methods.cascade` (Diem, Borsos, Reisch, Kertész, Thurner, *Scientific Reports* 12:7719, 2022, eqs. 5–13), written
as whole sweeps over all links so that every step can be kept; the cascade's own engine gives the same end in a fraction of the time.
The road back and the days are ours: a firm is hit through the partner that takes most from it among those that fell before it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NOBODY = -1
TOUCHED = 1e-12  # loss (0-1) from which the wave has reached a firm
FOREVER = 10_000  # steps; a guard against a tolerance that is never reached


class Network(Protocol):
    """What is read of a :class:`liantu.methods.cascade.FirmNetwork`."""

    n: int
    supplier: NDArray
    customer: NDArray
    amount: NDArray
    sector: NDArray
    essential: NDArray
    market: NDArray
    sales: NDArray
    purchases: NDArray


@dataclass(frozen=True)
class Wave:
    """A shock that has run its course over n firms in T steps.

    ``down``, ``up`` (T + 1, n): what is left of each firm's supply and of its demand after each step (0–1), step 0 being the shock itself.
    ``fell_down``, ``fell_up`` (n,): the first step at which the loss is felt, -1 where it never is. ``through_down``, ``through_up`` (n,): the supplier
    (customer) through whom most of it came, -1 for firms that were shocked and for those that feel nothing.
    """

    down: Floats
    up: Floats
    fell_down: Ints
    fell_up: Ints
    through_down: Ints
    through_up: Ints

    @property
    def steps(self) -> int:
        return len(self.down) - 1

    @property
    def level(self) -> Floats:
        """What is left of each firm in the end (n,)."""
        left: Floats = np.minimum(self.down[-1], self.up[-1])
        return left

    @property
    def levels(self) -> Floats:
        """What is left of each firm after each step: the smaller of the two (T + 1, n)."""
        left: Floats = np.minimum(self.down, self.up)
        return left

    def path(self, firm: int, *, upstream: bool = False) -> list[int]:
        """The firms through which the wave reached a firm, from the shocked one to itself."""
        through, found = self.through_up if upstream else self.through_down, [firm]
        while through[found[-1]] != NOBODY and len(found) <= len(through):
            found.append(int(through[found[-1]]))
        return found[::-1]

    def days(self, stock: ArrayLike, orders: ArrayLike) -> tuple[Floats, Floats]:
        """Days until the loss of supply and the loss of demand are felt (n,), inf where they never are.

        Along the road by which the wave came: a firm lasts as long as its stock (``stock``, days, (n,)) after its supplier failed, and misses orders
        ``orders`` days (n,) after its customer failed; shocked firms stand at 0.
        """
        return _arrival(self.fell_down, self.through_down, np.asarray(stock, dtype=float)), _arrival(self.fell_up, self.through_up, np.asarray(orders, dtype=float))


def _arrival(fell: Ints, through: Ints, lasting: Floats) -> Floats:
    days = np.zeros(len(fell))
    on_the_road, at = through != NOBODY, through.copy()
    days[on_the_road] = lasting[on_the_road]
    while (at != NOBODY).any():  # one hop further back each round
        moving = at != NOBODY
        onward = np.where(moving, through[at], NOBODY)
        days += np.where(moving & (onward != NOBODY), lasting[at], 0.0)
        at = onward
    return np.where(fell >= 0, days, np.inf)


@dataclass(frozen=True)
class _Flows:
    """Links as shares of what they carry, and the groups in which losses add up: one per buyer and essential sector, one per buyer for the rest."""

    supplier: Ints
    customer: Ints
    down: Floats
    up: Floats
    group: Ints
    buyer: Ints
    sold: Floats
    market: Ints


def _summed(place: NDArray[Any], values: NDArray[Any], size: int) -> Floats:
    return np.bincount(place, values, size).astype(np.float64, copy=False)


def _over(part: Floats, whole: Floats) -> Floats:
    result: Floats = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return result


def _flows(network: Network) -> _Flows:
    seller, buyer, amount, sector = network.supplier, network.customer, network.amount, network.sector
    n, m = network.n, len(network.essential)
    kind = np.asarray(network.essential)[sector[seller], sector[buyer]]
    bought, sold = _summed(buyer, amount, n), _summed(seller, amount, n)
    product = buyer.astype(np.int64) * (m + 1) + np.where(kind == 2, sector[seller], m)
    codes, group = np.unique(product, return_inverse=True)
    same = _summed(group, amount, len(codes))[group]
    down = np.where(kind == 2, _over(amount, same), np.where(kind == 1, _over(amount, bought[buyer]), 0.0)) * _over(bought, network.purchases)[buyer]
    return _Flows(seller, buyer, down, _over(amount, network.sales[seller]), group, codes // (m + 1), sold, network.market)


def wave(network: Network, remaining: ArrayLike, remaining_up: ArrayLike | None = None, *, tolerance: float = 1e-6, replace: bool = True, felt: float = 0.01) -> Wave:
    """Follow one shock: ``remaining`` (and ``remaining_up`` for demand, else the same) is what is left of each firm's capacity, (n,) in [0, 1].

    ``tolerance`` ends the iteration as the cascade does; ``replace`` lets other firms of a market stand in; ``felt`` is the loss (0–1) from which a firm
    counts as hit.

    >>> from types import SimpleNamespace
    >>> chain = SimpleNamespace(n=3, supplier=np.array([0, 1]), customer=np.array([1, 2]), amount=np.array([10.0, 10.0]), sector=np.arange(3),
    ...     essential=np.full((3, 3), 2), market=np.arange(3), sales=np.array([10.0, 10.0, 0.0]), purchases=np.array([0.0, 10.0, 10.0]))
    >>> found = wave(chain, [0, 1, 1])  # E1 of the worked examples: the first firm of a chain of three closes
    >>> found.steps, found.down[-1].tolist(), found.up[-1].tolist(), found.path(2), found.days([5, 7, 9], [30, 30, 30])[0].tolist()
    (3, [0.0, 0.0, 0.0], [0.0, 1.0, 1.0], [0, 1, 2], [0.0, 7.0, 16.0])
    """
    flows = _flows(network)
    floor, floor_up = np.asarray(remaining, dtype=float), np.asarray(remaining if remaining_up is None else remaining_up, dtype=float)
    downs, ups = [floor], [floor_up]
    for _ in range(FOREVER):
        before, before_up = downs[-1], ups[-1]
        worst = np.zeros(network.n)
        np.maximum.at(worst, flows.buyer, _group_losses(flows, before, replace)[0])
        downs.append(np.clip(np.minimum(floor, 1 - worst), 0, None))
        ups.append(np.clip(np.minimum(floor_up, 1 - np.bincount(flows.supplier, flows.up * (1 - before_up[flows.customer]), network.n)), 0, None))
        if max((before - downs[-1]).max(initial=0), (before_up - ups[-1]).max(initial=0)) <= tolerance:
            break
    down, up = np.array(downs), np.array(ups)
    touched, touched_up = _fell(down, TOUCHED), _fell(up, TOUCHED)
    lost, each = _group_losses(flows, down[-1], replace)
    binding = np.zeros(network.n)
    np.maximum.at(binding, flows.buyer, lost)
    counts = lost[flows.group] >= binding[flows.customer] - 1e-12
    through = _heaviest(np.where(counts, each, 0.0), flows.supplier, flows.customer, touched)
    otherwise = _heaviest(each, flows.supplier, flows.customer, touched)  # where what binds in the end came later than the first blow
    through = np.where(through == NOBODY, otherwise, through)
    through_up = _heaviest(flows.up * (1 - up[-1][flows.customer]), flows.customer, flows.supplier, touched_up)
    return Wave(down, up, _fell(down, felt), _fell(up, felt), through, through_up)


def untouched(network: Network, firm: int) -> Network:
    """The same network in which one firm neither feels nor passes on what others lose: as if it had stocks, other suppliers and other customers without end."""
    other = copy.copy(network)
    other.purchases, other.sales = network.purchases.copy(), network.sales.copy()
    other.purchases[firm] = other.sales[firm] = np.inf
    return other


def _group_losses(flows: _Flows, left: Floats, replace: bool) -> tuple[Floats, Floats]:
    """What each group of links, and each link, takes of its buyer's output."""
    loss = 1 - left
    if replace:
        available = _summed(flows.market, flows.sold * left, int(flows.market.max(initial=0)) + 1)[flows.market]
        loss = np.where(available > 0, np.minimum(1.0, _over(flows.sold, available)), 1.0) * loss
    each: Floats = flows.down * loss[flows.supplier]
    return _summed(flows.group, each, len(flows.buyer)), each


def _fell(levels: Floats, felt: float) -> Ints:
    below = 1 - levels >= felt * (1 - 1e-9)
    first: Ints = np.where(below.any(axis=0), below.argmax(axis=0), NOBODY).astype(np.int64)
    return first


def _heaviest(weight: Floats, origin: Ints, end: Ints, fell: Ints) -> Ints:
    """For each firm reached after step 0: the origin of its heaviest link among those reached before it; of equals the one that stands first."""
    through = np.full(len(fell), NOBODY, dtype=np.int64)
    able = (weight > 0) & (fell[origin] >= 0) & (fell[origin] < fell[end]) & (fell[end] > 0)
    order = np.lexsort((origin[able], -weight[able], end[able]))
    ends, starts = end[able][order], origin[able][order]
    firms, first = np.unique(ends, return_index=True)
    through[firms] = starts[first]
    return through
