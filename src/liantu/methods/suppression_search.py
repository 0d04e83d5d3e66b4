"""The search behind :mod:`liantu.methods.suppression`: other worlds that agree with all that is published.

A *proof* is a deviation ``d`` of the atoms with ``M d = 0`` on published cells and ``t + d >= 0``: nobody who reads the tables
can tell ``t + d`` from the truth ``t``. A proof can be scaled (both ends are possible worlds, so is all between) and one
proof often serves many cells, so a linear programme is solved only where no known proof will do: first a small one, in
which only what is withheld already may move, then one that may withhold more cells. A firm that knows its own
contributions needs proofs that leave these alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from liantu.methods.suppression_system import Bools, Floats, Ints, Need, Proofs, System

MARGIN = 1e-4  # proofs go this much further than asked, so that no solver's tolerance undoes them
TINY = 1e-7  # of the amount asked: less is a solver's noise
FAR = 1e4  # amounts; nobody needs an atom to sink further
FEW_ATOMS = 200  # with fewer the small programme first is no gain
ROUNDS = 2  # reweighted programmes after the first, each with fewer cells
EASE = 1e-4  # what a moving atom costs beside a withheld cell of usual worth; where a firm stands alone, twice that

View = Callable[[Need, int], Need | None]
Deviation = tuple[Ints, Floats]


class Search:
    """Proofs found so far, and the cells withheld so that they exist.

    ``demands`` hold for everybody: ``view`` says what a demand becomes for a firm that knows its own part (None: nothing).
    """

    def __init__(self, system: System, suppressed: Bools, fixed: Bools, worth: Floats, view: View) -> None:
        self.system, self.suppressed, self.fixed = system, suppressed.copy(), fixed
        self.worth = worth / max(float(worth.mean()), 1e-300)
        self.proofs = Proofs()
        self.view = view
        self.demands: list[Need] = []
        self.served: dict[Need, int] = {}
        self.programmes = 0
        self._state: tuple[bytes, Any, Ints, Ints, Bools] | None = None
        self._room = np.zeros((0, 2))  # how often each proof can be applied, forwards and backwards
        self._noise = np.zeros(0)  # movement of a cell that is only the solver's
        self._chance = np.round(np.random.default_rng(2).random(len(suppressed)) * 2**50).astype(np.int64)

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
        for proof, times in self._reaching(need):
            told = self._tellers(proof, times)
            left = told if left is None else np.intersect1d(left, told)
            if not len(left):
                break
        return np.zeros(0, np.int64) if left is None else left

    def _tellers(self, proof: int, times: float) -> Ints:
        """Firms that know better than a deviation: alone in an atom that moves, or left with more than the atom would hold."""
        system = self.system
        moved, amounts = self.proofs.of(proof)
        firms = system.alone[moved]
        after = system.truth[moved] + times * amounts
        found = [firms[firms >= 0]]
        for at in np.flatnonzero((firms < 0) & (after < system.largest[moved])):
            part = slice(system.own.indptr[moved[at]], system.own.indptr[moved[at] + 1])
            found.append(system.own.indices[part][system.own.data[part] > after[at]])
        return np.unique(np.concatenate(found))

    def _reaching(self, need: Need) -> list[tuple[int, float]]:
        """Known proofs that reach a demand, and how many times (with sign) each has to be applied."""
        gain = self._gain(need)
        with np.errstate(divide="ignore", invalid="ignore"):
            times = need.amount / np.where(gain != 0, gain, np.nan)
        ok = np.where(times > 0, times <= self._room[:, 0], -times <= self._room[:, 1])
        return [(int(k), float(times[k])) for k in np.flatnonzero(ok)]

    def _gain(self, need: Need) -> Floats:
        """How far each known proof goes towards a need when it is applied once; a solver's noise is nothing."""
        gain = self.proofs.gains(need.sign * need.row(len(self.system.truth)))
        return np.where(np.abs(gain) > self._noise, gain, 0.0)

    def _known(self, need: Need) -> int:
        """The number of a known proof that meets a demand, −1 without one."""
        for proof, times in self._reaching(need):
            if need.firm < 0 or need.firm not in self._tellers(proof, times):
                return proof
        return -1

    def _keep(self, move: Deviation, amount: float) -> int:
        atoms, amounts = move
        times = self.system.truth[atoms] / np.abs(amounts)
        room = [float(times[side].min(initial=np.inf)) for side in (amounts < 0, amounts > 0)]
        self._room = np.vstack([self._room, np.asarray(room) * (1 + 1e-9)])
        self._noise = np.append(self._noise, 10 * TINY * amount)
        return self.proofs.add(atoms, amounts)

    def _published(self) -> tuple[Any, Ints, Ints, Bools]:
        """Rows of published cells, those that may go first; the numbers of these; per atom a code of its published cells (0: in
        none), and whether it is in a withheld one."""
        mark = self.suppressed.tobytes()
        if self._state is None or self._state[0] != mark:
            open_ = np.flatnonzero(~self.suppressed & ~self.fixed)
            out = np.concatenate([open_, np.flatnonzero(~self.suppressed & self.fixed)])
            matrix = self.system.matrix
            rows = matrix[out, :] if isinstance(matrix, np.ndarray) else sparse.csc_array(matrix[out, :])
            code = np.rint(rows.T @ self._chance[out].astype(float)).astype(np.int64)
            loose = np.asarray(matrix.T @ self.suppressed.astype(float)) > 0
            self._state = (mark, rows, open_, code, loose)
        return self._state[1:]

    def _limits(self, need: Need) -> tuple[Floats, Floats]:
        """How far each atom can sink and rise for somebody who knows what the need's firm knows."""
        lowest, highest = self.system.truth.copy(), np.full(len(self.system.truth), np.inf)
        if need.firm >= 0:
            lowest = np.maximum(lowest - self.system.own_of(need.firm), 0.0)
            lowest[self.system.alone == need.firm] = highest[self.system.alone == need.firm] = 0.0
        return lowest, highest

    def _solve(self, need: Need, may_suppress: bool) -> tuple[Deviation, Ints] | None:
        """A proof, and the cells that have to be withheld for it: none if what is withheld already will do."""
        rows, open_, code, loose = self._published()
        limits = self._limits(need)
        row = need.row(len(code))
        found = self._free(need, row, code, limits)
        if found is None and len(code) > FEW_ATOMS:
            found = self._programme(need, row, np.flatnonzero(loose), rows, code, limits, np.zeros(0, np.int64))
        if found is None and (may_suppress or len(code) <= FEW_ATOMS):
            found = self._programme(need, row, np.arange(len(code)), rows, code, limits, open_ if may_suppress else open_[:0])
        return found

    def _free(self, need: Need, row: Floats, code: Ints, limits: tuple[Floats, Floats]) -> tuple[Deviation, Ints] | None:
        """A proof by atoms of the need that are in no published cell, without any programme."""
        lowest, highest = limits
        amount = need.amount * (1 + MARGIN)
        rising = np.flatnonzero((need.sign * row > 0) & (code == 0) & (highest > 0))
        if len(rising):
            atom = rising[[np.argmin(self.system.alone[rising] >= 0)]]
            return (atom, np.array([need.sign * amount / row[atom[0]]]) * np.ones(1)), np.zeros(0, np.int64)
        sinking = np.flatnonzero((need.sign * row < 0) & (code == 0) & (lowest > 0))
        if lowest[sinking].sum() < amount:
            return None
        return self._sunk(sinking, lowest, amount), np.zeros(0, np.int64)

    def _sunk(self, atoms: Ints, lowest: Floats, amount: float) -> Deviation:
        """Sink atoms by an amount together: those with several firms first, the largest first."""
        order = atoms[np.lexsort((-lowest[atoms], self.system.alone[atoms] >= 0))]
        before = np.concatenate([[0.0], np.cumsum(lowest[order])[:-1]])
        parts = np.clip(amount - before, 0.0, lowest[order])
        return order[parts > 0], -parts[parts > 0]

    def _programme(self, need: Need, row: Floats, atoms: Ints, rows: Any, code: Ints, limits: tuple[Floats, Floats], open_: Ints) -> tuple[Deviation, Ints] | None:
        """The cheapest proof that moves only these atoms, by linear programme; ``open_`` cells (the first rows) may be withheld for it.

        Atoms with the same published cells and the same part in the need are one variable.
        """
        lowest, highest = limits
        amount = need.amount * (1 + MARGIN)
        _, sample, group = np.unique(np.stack([code[atoms], row[atoms].astype(np.int64)]), axis=1, return_index=True, return_inverse=True)
        group, n, k = group.ravel(), len(sample), len(open_)
        body = rows[:, atoms[sample]]
        if not k:
            body = body[np.flatnonzero(np.asarray(abs(body).sum(axis=1)).ravel()), :]
        left = _equations(body, row[atoms[sample]], k)
        goal = np.zeros(left.shape[0])
        goal[-1] = need.sign
        rise = np.where(np.bincount(group, highest[atoms] > 0, n) > 0, np.inf, 0.0)
        sink = np.bincount(group, np.minimum(lowest[atoms] / amount, FAR), n)
        bounds = np.zeros((left.shape[1], 2))
        bounds[:, 1] = np.concatenate([rise, sink, np.full(2 * k, np.inf)])
        several = np.bincount(group, self.system.alone[atoms] < 0, n) > 0
        ease = np.where(several, EASE, 2 * EASE)
        price = self.worth[open_]
        for turn in range(1 + ROUNDS):
            self.programmes += 1
            done = linprog(np.concatenate([ease, ease, price, price]), A_eq=left, b_eq=goal, bounds=bounds, method="highs-ds", options={"presolve": False})
            if done.status != 0:
                return None
            move, moved = done.x[:n] - done.x[n:2 * n], done.x[2 * n:2 * n + k] + done.x[2 * n + k:]
            if turn == ROUNDS or (moved > TINY).sum() <= 1:
                break
            price = self.worth[open_] / (moved + 0.05)
        return self._spread(np.where(np.abs(move) < TINY, 0.0, move) * amount, atoms, group, limits), open_[np.flatnonzero(moved > TINY)]

    def _spread(self, move: Floats, atoms: Ints, group: Ints, limits: tuple[Floats, Floats]) -> Deviation:
        """The movement of groups as movement of their atoms: one rises (preferably one with several firms), the largest sink."""
        lowest, highest = limits
        found: list[Deviation] = []
        for at in np.flatnonzero(move):
            members = atoms[group == at]
            if move[at] > 0:
                members = members[highest[members] > 0]
                found.append((members[[np.argmin(self.system.alone[members] >= 0)]], move[[at]]))
            else:
                found.append(self._sunk(members, lowest, -move[at]))
        return np.concatenate([a for a, _ in found]), np.concatenate([m for _, m in found])

    def publish_again(self, cell: int) -> bool:
        """Publish a withheld cell after all if every demand keeps (or finds) a proof that leaves it alone."""
        row = np.zeros(len(self.system.truth))
        atoms, coefficients = self.system.row(cell)
        row[atoms] = coefficients
        loose = np.abs(self.proofs.gains(row)) > self._noise
        demands = [d for d in self.demands if (self._gain(d)[loose] != 0).any()]
        others = [n for n, k in self.served.items() if loose[k] and n.cell != cell]
        room, served, kept = self._room.copy(), dict(self.served), len(self._room)
        self._room[loose] = -1.0  # such proofs serve no more
        self.suppressed[cell] = False
        if all(self.settle(d, may_suppress=False) for d in demands) and all(self.ensure(n, may_suppress=False) for n in others):
            self.served = {n: k for n, k in self.served.items() if n.cell != cell}
            return True
        self.proofs.forget(kept)
        self._noise, self._room, self.served = self._noise[:kept], room, served
        self.suppressed[cell] = True
        return False


def _equations(body: Any, target: Floats, slack: int) -> Any:
    """The left side of a programme: up and down moves of the groups, then up and down moves of the first ``slack`` cells; last the need."""
    height, width = body.shape
    if isinstance(body, np.ndarray):
        left = np.zeros((height + 1, 2 * (width + slack)))
        left[:height, :width] = body
        left[height, :width] = target
        left[:, width:2 * width] = -left[:, :width]
        left[np.arange(slack), 2 * width + np.arange(slack)] = 1.0
        left[np.arange(slack), 2 * width + slack + np.arange(slack)] = -1.0
        return left
    whole = sparse.vstack([body, sparse.csr_array(target[None, :])])
    free = sparse.eye_array(height + 1, slack)
    return sparse.csc_array(sparse.hstack([whole, -whole, free, -free]))
