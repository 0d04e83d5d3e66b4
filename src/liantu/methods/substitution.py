"""Who can supply instead: needs of buyers met from spare capacity at the least cost, an exact transportation problem.

Every need (one item of one buyer) may be met by the suppliers that an arc joins to it, bought outside at its own price, or left
short; least total cost decides (Hitchcock 1941; Ahuja, Magnanti, Orlin, *Network Flows*, 1993, ch. 9 and 11)::

    min  sum_a cost_a x_a + sum_b outside_cost_b o_b + sum_b shortage_cost_b h_b
    s.t. sum_{a into b} x_a + o_b + h_b = need_b,   sum_{a from s} x_a <= spare_s,   sum_{b of group g} o_b <= outside_cap_g,   all >= 0

The network simplex of POT (sparse ``ot.emd``) works on floats, so nothing is rounded. Each answer is checked by its own dual
prices: they prove that no allotment is cheaper than by ``gap`` of the cost, and where they do not, HiGHS solves again.

>>> found = allot(need=[6.0, 4.0], spare=[5.0, 3.0], supplier=[0, 0, 1], buyer=[0, 1, 1], cost=[1.0, 2.0, 3.0])
>>> found.amount.round(9).tolist(), found.short.round(9).tolist()
([5.0, 0.0, 3.0], [1.0, 1.0])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PROVED = 1e-9  # relative gap and residual up to which an answer counts as proved


@dataclass(frozen=True)
class Taken:
    """One supplier's part in one need: ``amount`` from ``supplier`` at ``cost`` a unit."""

    supplier: int
    amount: float
    cost: float


@dataclass(frozen=True)
class Allotment:
    """Amounts in the unit of the needs, costs per unit as given.

    ``amount`` (A,) per arc; ``outside``, ``short``, ``price`` (B,) per need; ``spare_left``, ``spare_value`` (S,) per supplier.
    ``price``: what one more unit of this need would add to the cost; ``spare_value``: what one more unit of spare capacity would
    save; ``reduced`` (A,): by how much an arc's cost must at least fall before it is used (0 on arcs in use).
    ``cost``: of the whole allotment, shortage counted at ``shortage_cost`` only when one was given. ``gap``: proved relative distance to
    the least cost. ``solver``: "network simplex" or "HiGHS".
    """

    amount: Floats
    outside: Floats
    short: Floats
    spare_left: Floats
    price: Floats
    spare_value: Floats
    reduced: Floats
    cost: float
    gap: float
    solver: str
    supplier: Ints
    buyer: Ints
    arc_cost: Floats

    def taken(self, need: int) -> list[Taken]:
        """Who supplies this need, the largest part first."""
        arcs = np.flatnonzero((self.buyer == need) & (self.amount > 0))
        return [Taken(int(self.supplier[a]), float(self.amount[a]), float(self.arc_cost[a])) for a in arcs[np.argsort(-self.amount[arcs], kind="stable")]]

    def next_best(self) -> tuple[Ints, Floats]:
        """Per need the unused arc that is nearest to being used (−1: none) and how much cheaper per unit it would at least have to be (B,)."""
        best, dearer = np.full(self.short.size, -1), np.full(self.short.size, np.inf)
        idle = np.flatnonzero(self.amount <= 0)
        order = idle[np.lexsort((idle, self.arc_cost[idle], self.reduced[idle], self.buyer[idle]))]
        needs, first = np.unique(self.buyer[order], return_index=True)
        best[needs], dearer[needs] = order[first], self.reduced[order[first]]
        return best, dearer


def allot(
    need: ArrayLike, spare: ArrayLike, supplier: ArrayLike, buyer: ArrayLike, cost: ArrayLike, *, outside_cost: ArrayLike | None = None,
    outside_cap: Sequence[float] | Floats | None = None, outside_group: ArrayLike | None = None, shortage_cost: ArrayLike | None = None, must_share: ArrayLike | None = None,
) -> Allotment:
    """The cheapest allotment of ``spare`` (S,) to ``need`` (B,) over arcs ``supplier``, ``buyer`` (A,) with ``cost`` (A,) a unit.

    ``outside_cost`` (B,) or one number: buying outside is possible; without ``outside_cap`` without limit, with it (G,) each group of needs
    (``outside_group`` (B,), default all group 0; −1 buys nothing outside) shares one cap. ``shortage_cost`` (B,) or one number: cost of a unit left
    short; by default no unit stays short that could be met at any cost. ``must_share`` (B,) in 0–1: this part of a need is met before the rest of any need.
    Of parallel arcs the cheapest is used. Raises ValueError for negative or non-finite amounts, or arcs to nowhere.
    """
    needs, room = _amounts(need, "need"), _amounts(spare, "spare")
    arcs = _Arcs(np.asarray(supplier, np.int64).ravel(), np.asarray(buyer, np.int64).ravel(), np.asarray(cost, np.float64).ravel())
    arcs.check(room.size, needs.size)
    groups, caps, prices = _outside(needs, outside_cost, outside_cap, outside_group)
    must = np.zeros(needs.size) if must_share is None else np.broadcast_to(np.asarray(must_share, np.float64), needs.shape)
    if not ((must >= 0) & (must <= 1)).all():
        raise ValueError("must_share lies outside 0–1")
    offers = arcs.joined(_Arcs(room.size + groups[groups >= 0], np.flatnonzero(groups >= 0), prices[groups >= 0]))
    penalty = _penalty(offers.cost, needs.size, shortage_cost)
    flows, potential = _transport(np.concatenate([room, caps]), needs, must, offers, penalty)
    count = arcs.cost.size
    outside = np.zeros(needs.size)
    outside[groups >= 0] = flows.amount[count:]
    amount = flows.amount[:count]
    counted = 0.0 if penalty is None else float(penalty @ flows.short)
    value = np.maximum(0.0, -potential.supplier[: room.size])
    price = potential.need
    used = np.bincount(arcs.supplier, amount, room.size)
    reduced = np.where(amount > 0, 0.0, np.maximum(0.0, arcs.cost + value[arcs.supplier] - price[arcs.buyer]))
    return Allotment(
        amount, outside, flows.short, np.maximum(0.0, room - used), price, value, reduced, float(arcs.cost @ amount + prices @ outside) + counted,
        flows.gap, flows.solver, arcs.supplier, arcs.buyer, arcs.cost,
    )


@dataclass(frozen=True)
class _Arcs:
    supplier: Ints
    buyer: Ints
    cost: Floats

    def check(self, suppliers: int, buyers: int) -> None:
        if not self.supplier.size == self.buyer.size == self.cost.size:
            raise ValueError("supplier, buyer and cost differ in length")
        if self.cost.size and not (np.isfinite(self.cost).all() and self.supplier.min() >= 0 and self.supplier.max() < suppliers and self.buyer.min() >= 0 and self.buyer.max() < buyers):
            raise ValueError("an arc joins a supplier or need that does not exist, or its cost is not a number")

    def joined(self, other: _Arcs) -> _Arcs:
        return _Arcs(np.concatenate([self.supplier, other.supplier]), np.concatenate([self.buyer, other.buyer]), np.concatenate([self.cost, other.cost]))


@dataclass(frozen=True)
class _Flows:
    amount: Floats
    short: Floats
    gap: float
    solver: str


@dataclass(frozen=True)
class _Potential:
    supplier: Floats
    need: Floats


def _amounts(values: ArrayLike, what: str) -> Floats:
    found = np.asarray(values, np.float64).ravel()
    if not (np.isfinite(found) & (found >= 0)).all():
        raise ValueError(f"{what} has a negative amount or one that is not a number")
    return found


def _outside(needs: Floats, cost: ArrayLike | None, cap: Sequence[float] | Floats | None, group: ArrayLike | None) -> tuple[Ints, Floats, Floats]:
    """Group of each need (−1 none), cap of each group, price of each need."""
    if cost is None:
        return np.full(needs.size, -1), np.empty(0), np.zeros(needs.size)
    prices = np.broadcast_to(np.asarray(cost, np.float64), needs.shape).copy()
    groups = np.zeros(needs.size, np.int64) if group is None else np.asarray(group, np.int64).ravel()
    caps = np.full(int(groups.max(initial=-1)) + 1, needs.sum()) if cap is None else np.minimum(np.asarray(cap, np.float64).ravel(), needs.sum())
    if groups.size != needs.size or groups.max(initial=-1) >= caps.size or not (caps >= 0).all() or not np.isfinite(prices).all():
        raise ValueError("outside_group names a group without a cap, or a cap or price is not a number")
    return np.maximum(groups, -1), caps, prices


def _penalty(costs: Floats, needs: int, given: ArrayLike | None) -> Floats | None:
    if given is None:
        return None
    penalty = np.broadcast_to(np.asarray(given, np.float64), (needs,)).copy()
    if not np.isfinite(penalty).all():
        raise ValueError("shortage_cost is not a number")
    return penalty


def _transport(spare: Floats, need: Floats, must: Floats, arcs: _Arcs, penalty: Floats | None) -> tuple[_Flows, _Potential]:
    """Needs split into must part and rest, zero rows left out, then solved and put together again."""
    part = np.concatenate([need * (1 - must), need * must])
    owner = np.tile(np.arange(need.size), 2)
    has_must = (need * must > 0)[arcs.buyer]
    wide = np.concatenate([np.arange(arcs.cost.size), np.flatnonzero(has_must)])
    column = np.concatenate([arcs.buyer, arcs.buyer[has_must] + need.size])
    keep = (spare[arcs.supplier[wide]] > 0) & (part[column] > 0)
    wide, column = wide[keep], column[keep]
    rows, row_of = np.unique(arcs.supplier[wide], return_inverse=True)
    columns = np.flatnonzero(part > 0)
    place = np.full(part.size, -1)
    place[columns] = np.arange(columns.size)
    cheapest = _cheapest(row_of * max(1, columns.size) + place[column], arcs.cost[wide])
    wide, row_of, at = wide[cheapest], row_of[cheapest], place[column[cheapest]]
    amount, short, prices = np.zeros(arcs.cost.size), np.zeros(need.size), (np.zeros(rows.size), np.zeros(columns.size))
    gap, solver, worth = 0.0, "network simplex", np.zeros(part.size)
    if columns.size:
        problem, solution = _solved(spare[rows], part[columns], row_of, at, arcs.cost[wide], columns >= need.size, None if penalty is None else penalty[owner[columns]])
        worth[columns] = problem.penalty
        np.add.at(amount, wide, solution.amount)
        np.add.at(short, owner[columns], solution.short)
        prices, gap, solver = (solution.supplier, solution.need), solution.gap, solution.solver
    supplier = np.zeros(spare.size)
    supplier[rows] = prices[0]
    marginal = np.full(part.size, np.nan)
    marginal[columns] = prices[1]
    supplier = _idle_prices(supplier, rows, spare, arcs, marginal, need.size, must)
    return _Flows(amount, short, gap, solver), _Potential(supplier, _need_prices(marginal, must, need.size, arcs, supplier, float(worth.max(initial=0.0)) if penalty is None else penalty))


def _solved(spare: Floats, need: Floats, row: Ints, column: Ints, cost: Floats, must: NDArray[np.bool_], penalty: Floats | None) -> tuple[_Problem, _Solution]:
    """Solved with a shortage made dear enough: no dearer than needed, since a huge penalty blurs the costs beside it.

    A detour passes no supplier twice, so the last step of the ladder is certainly dear enough.
    """
    spare = np.minimum(spare, 2 * np.bincount(row, need[column], spare.size))  # more than anybody could take only blurs the digits
    spread = float(cost.max(initial=0.0) - cost.min(initial=0.0)) or 1.0
    top = (min(spare.size, need.size) + 1) * spread
    reach = min(3 * spread, top)
    while True:
        rest = np.full(need.size, reach + abs(float(cost.max(initial=0.0)))) if penalty is None else penalty
        problem = _Problem(spare, need, row, column, cost, np.where(must, 2 * float(np.abs(rest).max()) + reach, rest))
        solution = problem.simplex() or problem.highs()
        fillable = (must.any() and problem.could_fill(solution, must, must)) or (penalty is None and problem.could_fill(solution, ~must, must))
        if not fillable or reach >= top:
            return problem, solution
        reach = min(8 * reach, top)


def _cheapest(key: Ints, cost: Floats) -> Ints:
    """Of the arcs with one key the place of the cheapest."""
    order = np.lexsort((cost, key))
    first = np.ones(order.size, np.bool_)
    first[1:] = key[order][1:] != key[order][:-1]
    return np.sort(order[first])


def _idle_prices(supplier: Floats, rows: Ints, spare: Floats, arcs: _Arcs, marginal: Floats, needs: int, must: Floats) -> Floats:
    """A supplier without spare capacity: the first unit would save what the dearest need it could serve costs beyond the arc."""
    idle = np.ones(spare.size, np.bool_)
    idle[rows] = False
    top = np.fmax(marginal[:needs], np.where(must > 0, marginal[needs:], np.nan))
    saved = np.nan_to_num(top[arcs.buyer] - arcs.cost, nan=0.0)
    best = np.zeros(spare.size)
    np.maximum.at(best, arcs.supplier, saved)
    return np.where(idle & (spare <= 0), -best, supplier)


def _need_prices(marginal: Floats, must: Floats, needs: int, arcs: _Arcs, supplier: Floats, penalty: Floats | float) -> Floats:
    """Price of one more unit of a need, its must part counted by share; where nothing is needed, the cheapest way to the first unit."""
    rest, bound = marginal[:needs], marginal[needs:]
    price = np.where(must <= 0, rest, np.where(must >= 1, bound, (1 - must) * rest + must * bound))
    way = np.full(needs, penalty) if isinstance(penalty, float) else penalty.copy()
    np.minimum.at(way, arcs.buyer, arcs.cost - supplier[arcs.supplier])
    return np.where(np.isnan(price), way, price)


@dataclass(frozen=True)
class _Solution:
    amount: Floats
    short: Floats
    supplier: Floats
    need: Floats
    gap: float
    solver: str


@dataclass(frozen=True)
class _Problem:
    """Positive spare (S,), positive need (B,), arcs each joining another pair, cost of a unit short (B,)."""

    spare: Floats
    need: Floats
    row: Ints
    column: Ints
    cost: Floats
    penalty: Floats

    def simplex(self) -> _Solution | None:
        """POT's network simplex over one more row (left short) and column (left unused); None when the duals do not prove the answer.

        Amounts are scaled by the total need and costs by the largest, so that the answer does not depend on units.
        """
        import ot  # takes a second to import: only when something is to be allotted

        size, dear = float(self.need.sum()), float(np.abs(self.cost).max(initial=0.0)) or 1.0
        spare, need = self.spare / size, self.need / size
        lines, columns = spare.size, need.size
        row = np.concatenate([self.row, np.full(columns, lines), np.arange(lines), [lines]])
        column = np.concatenate([self.column, np.arange(columns), np.full(lines + 1, columns)])
        cost = np.concatenate([self.cost, self.penalty, np.zeros(lines + 1)]) / dear
        have, want = np.append(spare, 2.0), np.append(need, spare.sum() + 2.0 - need.sum())
        matrix = coo_array((cost, (row, column)), shape=(lines + 1, columns + 1))
        plan, log = ot.emd(have, want, matrix, numItermax=max(10**6, 20 * cost.size), log=True, center_dual=False, check_marginals=False)
        if log["warning"] is not None:
            return None
        flow = np.asarray(csr_array((plan.data, (plan.row, plan.col)), shape=matrix.shape)[row, column]).ravel()
        level = float(log["u"][-1])
        return self._proved(flow[: self.cost.size] * size, (log["u"][:-1] - level) * dear, "network simplex")

    def _proved(self, amount: Floats, supplier: Floats, solver: str) -> _Solution | None:
        """The answer made exactly feasible, with the gap that its repaired dual prices prove."""
        amount = np.maximum(amount, 0.0)
        amount = amount * np.minimum(1.0, self.spare / np.maximum(np.bincount(self.row, amount, self.spare.size), self.spare))[self.row]
        amount = amount * np.minimum(1.0, self.need / np.maximum(np.bincount(self.column, amount, self.need.size), self.need))[self.column]
        short = np.maximum(0.0, self.need - np.bincount(self.column, amount, self.need.size))
        short[short < 1e-12 * self.need] = 0.0
        left = self.spare - np.bincount(self.row, amount, self.spare.size)
        idle = left > np.maximum(PROVED * self.spare, 1e-12 * self.need.sum())
        value = float(self.cost @ amount + self.penalty @ short)
        scale = max(abs(value), float(np.abs(self.cost) @ amount), 1e-6 * float(self.penalty.max() * self.need.sum()), 1e-300)
        gap, bound, need = min((self._bound(np.where(none, 0.0, np.minimum(supplier, 0.0)), value, scale) for none in (idle, supplier > -1e-12 * self.penalty.max(), False)), key=lambda found: found[0])
        if solver != "HiGHS" and gap > PROVED:
            return None
        return _Solution(amount, short, bound, need, gap, solver)

    def _bound(self, supplier: Floats, value: float, scale: float) -> tuple[float, Floats, Floats]:
        """Gap to the bound that these prices of capacity prove, they, and the prices of needs that go with them."""
        need = self.penalty.copy()
        np.minimum.at(need, self.column, self.cost - supplier[self.row])
        return abs(value - float(self.spare @ supplier + self.need @ need)) / scale, supplier, need

    def could_fill(self, found: _Solution, which: NDArray[np.bool_], must: NDArray[np.bool_]) -> bool:
        """Whether more of the needs in ``which`` could be met at any cost: a chain of exchanges leads to unused capacity, or (for a must part) to a rest."""
        left = self.spare - np.bincount(self.row, found.amount, self.spare.size) > PROVED * self.spare
        flowing = found.amount > PROVED * np.minimum(self.spare[self.row], self.need[self.column])
        columns = which & (found.short > PROVED * self.need)
        giving = ~must if (which & must).any() else np.zeros_like(must)
        rows = np.zeros(self.spare.size, np.bool_)
        while True:
            rows[self.row[columns[self.column]]] = True
            wider = columns.copy()
            wider[self.column[flowing & rows[self.row]]] = True
            if (rows & left).any() or (wider & giving).any():
                return True
            if (wider == columns).all():
                return False
            columns = wider

    def highs(self) -> _Solution:
        """The same problem as a linear programme (scipy's HiGHS): slower, and used only where the network simplex proved nothing."""
        arcs, lines, columns = self.cost.size, self.spare.size, self.need.size
        place = np.arange(arcs)
        at_most = csr_array((np.ones(arcs), (self.row, place)), shape=(lines, arcs + columns))
        exactly = csr_array((np.ones(arcs + columns), (np.concatenate([self.column, np.arange(columns)]), np.arange(arcs + columns))), shape=(columns, arcs + columns))
        size = float(self.need.sum())
        found = linprog(np.concatenate([self.cost, self.penalty]), A_ub=at_most, b_ub=self.spare / size, A_eq=exactly, b_eq=self.need / size, method="highs")
        if found.status != 0:
            raise ArithmeticError(f"HiGHS: {found.message}")
        solution = self._proved(found.x[:arcs] * size, found.ineqlin.marginals, "HiGHS")
        assert solution is not None
        return solution
