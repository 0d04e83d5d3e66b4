"""The search behind :mod:`liantu.methods.suppression`: other worlds that agree with all that is published.

The contributions that stand in exactly the same cells are one *atom*; its value is their sum. An attacker knows which
cells each atom belongs to and that no atom is negative, nothing else. A *proof* is a deviation ``d`` of the atoms with
``M d = 0`` on published cells and ``t + d >= 0``: the attacker cannot tell ``t + d`` from the truth ``t``. A proof can be
scaled (both ends are possible worlds, so is all between) and one proof often serves many cells, so a linear programme is
solved only where no known proof will do. A firm that knows its own contributions needs proofs that leave these alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MARGIN = 1e-4  # proofs go this much further than asked, so that no solver's tolerance undoes them
TINY = 1e-7  # of the amount asked: less is a solver's noise
DENSE = 100_000  # entries; smaller matrices are handed over whole
FAR = 1e4  # amounts; nobody needs an atom to sink further
ROUNDS = 2  # reweighted programmes after the first, each with fewer cells


@dataclass(frozen=True)
class System:
    """Cells × atoms (``matrix``; dense when small), the atoms' true values, what each firm has in each atom (atoms × firms), the
    place of the firm that is alone in an atom (−1: none), one contribution of each atom, the firms' numbers, and the largest
    firm's part of each atom."""

    matrix: Any
    truth: Floats
    own: sparse.csr_array
    alone: Ints
    sample: Ints
    firms: Ints
    largest: Floats

    @classmethod
    def of(cls, members: Any, firm: Ints, value: Floats) -> System:
        """Merge the contributions that stand in the same cells; those that stand in no cell are left out."""
        chance = np.random.default_rng(1)
        marks = np.round(chance.random((2, members.shape[0])) * 2**40)
        codes = np.stack([np.asarray(members.T @ mark) for mark in marks])
        used = np.flatnonzero(np.asarray(abs(members).sum(axis=0)).ravel() > 0)
        _, first, atom = np.unique(codes[:, used], axis=1, return_index=True, return_inverse=True)
        atom = np.asarray(atom).ravel()
        firms, who = np.unique(firm[used], return_inverse=True)
        n, width = len(first), max(len(firms), 1)
        own = sparse.csr_array(sparse.coo_array((value[used], (atom, who)), shape=(n, width)))
        pairs = np.unique(atom * width + who)
        in_atom = np.bincount(pairs // width, minlength=n)
        alone = np.full(n, -1, np.int64)
        single = pairs[in_atom[pairs // width] == 1]
        alone[single // width] = single % width
        matrix = sparse.csr_array(members[:, used[first]])
        return cls(matrix.toarray() if matrix.shape[0] * n <= DENSE else matrix, np.bincount(atom, value[used], n), own, alone, used[first], firms,
                   np.asarray(own.max(axis=1).todense()).ravel())

    def own_of(self, firm: int) -> Floats:
        """What one firm (by place) has in each atom."""
        return np.bincount(np.repeat(np.arange(len(self.truth)), np.diff(self.own.indptr)), np.where(self.own.indices == firm, self.own.data, 0.0), len(self.truth))

    def row(self, cell: int) -> tuple[Ints, Floats]:
        """The atoms of a cell and their coefficients."""
        if isinstance(self.matrix, np.ndarray):
            atoms = np.flatnonzero(self.matrix[cell])
            return atoms, self.matrix[cell, atoms]
        part = slice(self.matrix.indptr[cell], self.matrix.indptr[cell + 1])
        return self.matrix.indices[part].astype(np.int64), self.matrix.data[part]


@dataclass(frozen=True, eq=False)
class Need:
    """A demand: some world in which the sum ``coefficients`` · atoms is at least ``amount`` above (``sign`` 1) or below (−1) the
    truth, and which ``firm`` (−1: somebody who knows no contribution) cannot tell from the truth. ``cell`` is for book-keeping."""

    atoms: Ints
    coefficients: Floats
    sign: int
    amount: float
    firm: int = -1
    cell: int = -1


View = Callable[[Need, int], Need | None]


class Search:
    """Proofs found so far, and the cells withheld so that they exist.

    ``demands`` hold for everybody: ``view`` says what a demand becomes for a firm that knows its own part (None: nothing).
    """

    def __init__(self, system: System, suppressed: Bools, fixed: Bools, worth: Floats, view: View) -> None:
        self.system, self.suppressed, self.fixed = system, suppressed.copy(), fixed
        self.worth = worth / max(float(worth.mean()), 1e-300)
        self.moves = np.zeros((0, len(system.truth)))
        self.view = view
        self.demands: list[Need] = []
        self.served: dict[Need, int] = {}
        self.programmes = 0
        self._rows: tuple[bytes, Any, Ints] | None = None
        self._room = np.zeros((0, 2))  # how often each proof can be applied, forwards and backwards
        self._noise = np.zeros(0)  # movement of a cell that is only the solver's

    def settle(self, demand: Need, *, may_suppress: bool = True) -> bool:
        """Meet a demand for outsiders and for every firm that knows itself; False when somebody's cannot be met."""
        if demand.amount <= 0:
            return True
        met = self._meet(demand, may_suppress) >= 0
        for firm in self.unconvinced(demand) if met else ():
            own = self.view(demand, int(self.system.firms[firm]))
            if own is not None and own.amount > 0:
                met &= self._meet(replace(own, firm=int(firm)), may_suppress) >= 0
        return met

    def ensure(self, need: Need, *, may_suppress: bool = True) -> bool:
        """Meet one need of outsiders and remember by which proof; False when none exists."""
        found = self._meet(need, may_suppress) if need.amount > 0 else -1
        if found >= 0:
            self.served[need] = found
        return found >= 0

    def _meet(self, need: Need, may_suppress: bool) -> int:
        """The number of a proof, known or new; −1 when none exists (with ``may_suppress`` only where fixed cells forbid it)."""
        found = self._known(need)
        if found < 0:
            solved = self._solve(need, may_suppress)
            if solved is None:
                return -1
            found = self._keep(solved[0], need.amount)
            self.suppressed[solved[1]] = True
        return found

    def cost(self, need: Need) -> float | None:
        """The worth of the cells that a proof would cost; None when there is none."""
        if need.amount <= 0:
            return None
        if self._known(need) >= 0:
            return 0.0
        solved = self._solve(need, True)
        return None if solved is None else float(self.worth[solved[1]].sum())

    def unconvinced(self, need: Need) -> Ints:
        """The firms to whom no known proof of a demand is one, because it changes what they know of themselves."""
        left: Ints | None = None
        for proof, times in self._proofs(need):
            told = self._tellers(times * self.moves[proof])
            left = told if left is None else np.intersect1d(left, told)
            if not len(left):
                break
        return np.zeros(0, np.int64) if left is None else left

    def _tellers(self, change: Floats) -> Ints:
        """Firms that know better than a deviation: alone in an atom that moves, or left with more than the atom would hold."""
        system = self.system
        moved = np.flatnonzero(change)
        firms = system.alone[moved]
        sunk = moved[(change[moved] < 0) & (firms < 0) & (system.truth[moved] + change[moved] < system.largest[moved])]
        found = [firms[firms >= 0]]
        for atom in sunk:
            part = slice(system.own.indptr[atom], system.own.indptr[atom + 1])
            found.append(system.own.indices[part][system.own.data[part] > system.truth[atom] + change[atom]])
        return np.unique(np.concatenate(found))

    def _proofs(self, need: Need) -> list[tuple[int, float]]:
        """Known proofs that reach a demand, and how many times (with sign) each has to be applied."""
        if not len(self.moves):
            return []
        gain = self._gain(need)
        with np.errstate(divide="ignore", invalid="ignore"):
            times = need.amount / np.where(gain != 0, gain, np.nan)
        ok = np.where(times > 0, times <= self._room[:, 0], -times <= self._room[:, 1])
        return [(int(k), float(times[k])) for k in np.flatnonzero(ok)]

    def _gain(self, need: Need) -> Floats:
        """How far each known proof goes towards a need when it is applied once; a solver's noise is nothing."""
        gain = need.sign * (self.moves[:, need.atoms] @ need.coefficients)
        return np.where(np.abs(gain) > self._noise, gain, 0.0)

    def _known(self, need: Need) -> int:
        """The number of a known proof that meets a demand, −1 without one."""
        for proof, times in self._proofs(need):
            if need.firm < 0 or need.firm not in self._tellers(times * self.moves[proof]):
                return proof
        return -1

    def _keep(self, move: Floats, amount: float) -> int:
        truth = self.system.truth
        with np.errstate(divide="ignore"):
            room = [float((truth[side] / np.abs(move[side])).min(initial=np.inf)) for side in (move < 0, move > 0)]
        self.moves = np.vstack([self.moves, move])
        self._room = np.vstack([self._room, np.asarray(room) * (1 + 1e-9)])
        self._noise = np.append(self._noise, 10 * TINY * amount)
        return len(self.moves) - 1

    def _published(self) -> tuple[Any, Ints]:
        """Rows of published cells, the ones that may go first, and their numbers."""
        mark = self.suppressed.tobytes()
        if self._rows is None or self._rows[0] != mark:
            open_ = np.flatnonzero(~self.suppressed & ~self.fixed)
            shut = np.flatnonzero(~self.suppressed & self.fixed)
            self._rows = (mark, self.system.matrix[np.concatenate([open_, shut]), :], open_)
        return self._rows[1], self._rows[2]

    def _equations(self, need: Need, rows: Any, slack: int) -> Any:
        """The left side of the programme: up and down moves of the atoms, then up and down moves of cells that may be withheld."""
        height, width = rows.shape
        if isinstance(rows, np.ndarray):
            left = np.zeros((height + 1, 2 * (width + slack)))
            left[:height, :width] = rows
            left[height, need.atoms] = need.coefficients
            left[:, width:2 * width] = -left[:, :width]
            left[np.arange(slack), 2 * width + np.arange(slack)] = 1.0
            left[np.arange(slack), 2 * width + slack + np.arange(slack)] = -1.0
            return left
        target = sparse.csr_array((need.coefficients, (np.zeros(len(need.atoms), np.int64), need.atoms)), shape=(1, width))
        body = sparse.vstack([rows, target])
        free = sparse.eye_array(height + 1, slack)
        return sparse.csc_array(sparse.hstack([body, -body, free, -free]))

    def _solve(self, need: Need, may_suppress: bool) -> tuple[Floats, Ints] | None:
        """The cheapest proof by linear programme: first without withholding anything more, else with the cells that have to go."""
        system = self.system
        rows, open_ = self._published()
        lowest = system.truth.copy()
        highest = np.full(len(lowest), np.inf)
        if need.firm >= 0:
            lowest -= system.own_of(need.firm)
            lowest[system.alone == need.firm] = 0.0
            highest[system.alone == need.firm] = 0.0
        amount = need.amount * (1 + MARGIN)
        n, k = len(lowest), len(open_) if may_suppress else 0
        left = self._equations(need, rows, k)
        goal = np.zeros(left.shape[0])
        goal[-1] = need.sign
        bounds = np.zeros((left.shape[1], 2))
        bounds[:, 1] = np.concatenate([highest, np.clip(lowest / amount, 0.0, FAR), np.full(2 * k, np.inf)])
        ease = np.where(system.alone >= 0, 2e-4, 1e-4)
        price = self.worth[open_[:k]]
        for turn in range(1 + ROUNDS):
            self.programmes += 1
            done = linprog(np.concatenate([ease, ease, price, price]), A_eq=left, b_eq=goal, bounds=bounds, method="highs")
            if done.status != 0:
                return None
            move, moved = done.x[:n] - done.x[n:2 * n], done.x[2 * n:2 * n + k] + done.x[2 * n + k:]
            if turn == ROUNDS or (moved > TINY).sum() <= 1:
                break
            price = self.worth[open_] / (moved + 0.05)
        move[np.abs(move) < TINY] = 0.0
        return move * amount, open_[np.flatnonzero(moved > TINY)]

    def publish_again(self, cell: int) -> bool:
        """Publish a withheld cell after all if every demand keeps (or finds) a proof that leaves it alone."""
        atoms, coefficients = self.system.row(cell)
        loose = np.abs(self.moves[:, atoms] @ coefficients) > self._noise
        demands = [d for d in self.demands if (self._gain(d)[loose] != 0).any()]
        others = [n for n, k in self.served.items() if loose[k] and n.cell != cell]
        room, served, kept = self._room.copy(), dict(self.served), len(self._room)
        self._room[loose] = -1.0  # such proofs serve no more
        self.suppressed[cell] = False
        if all(self.settle(d, may_suppress=False) for d in demands) and all(self.ensure(n, may_suppress=False) for n in others):
            self.served = {n: k for n, k in self.served.items() if n.cell != cell}
            return True
        self.moves, self._noise, self._room, self.served = self.moves[:kept], self._noise[:kept], room, served
        self.suppressed[cell] = True
        return False


def bounds_of(system: System, published: Bools, cells: Ints) -> Floats:
    """The feasible interval (low, high) of each cell for somebody who knows the published cells exactly: two linear programmes per cell."""
    rows = system.matrix[np.flatnonzero(published), :]
    known = np.asarray(rows @ system.truth)
    found = np.full((len(cells), 2), np.nan)
    for at, cell in enumerate(cells):
        goal = np.zeros(len(system.truth))
        atoms, coefficients = system.row(int(cell))
        goal[atoms] = coefficients
        for side, sign in ((0, 1.0), (1, -1.0)):
            done = linprog(sign * goal, A_eq=rows if len(known) else None, b_eq=known if len(known) else None, method="highs")
            found[at, side] = sign * done.fun if done.status == 0 else np.inf
    return found
