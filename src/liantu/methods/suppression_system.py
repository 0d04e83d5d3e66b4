"""Cells and what is added up in them, for :mod:`liantu.methods.suppression_search`: atoms, demands, proofs, and the plain audit.

The contributions that stand in exactly the same cells are one *atom*; its value is their sum. Whoever reads the tables knows
which cells each atom belongs to and that no atom is negative, nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DENSE = 100_000  # entries; smaller matrices are handed over whole


@dataclass(frozen=True)
class System:
    """Cells × atoms (``matrix``; dense when small), the atoms' true values, what each firm has in each atom (atoms × firms), the
    place of the firm that is alone in an atom (−1: none), the atom of each contribution (−1: in no cell), the firms' numbers, and
    the largest firm's part of each atom."""

    matrix: Any
    truth: Floats
    own: sparse.csr_array
    alone: Ints
    atom_of: Ints
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
        atom_of = np.full(members.shape[1], -1)
        atom_of[used] = atom
        return cls(matrix.toarray() if matrix.shape[0] * n <= DENSE else matrix, np.bincount(atom, value[used], n).astype(float), own, alone, atom_of, firms,
                   np.asarray(own.max(axis=1).todense()).ravel())

    def own_of(self, firm: int) -> Floats:
        """What one firm (by place) has in each atom."""
        atoms = np.repeat(np.arange(len(self.truth)), np.diff(self.own.indptr))
        return np.bincount(atoms, np.where(self.own.indices == firm, self.own.data, 0.0), len(self.truth)).astype(float)

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

    def row(self, width: int) -> Floats:
        """Its coefficients over all atoms."""
        row = np.zeros(width)
        row[self.atoms] = self.coefficients
        return row


class Proofs:
    """Deviations of the atoms, kept one after the other: each is the few atoms that move, and by how much."""

    def __init__(self) -> None:
        self._atoms = np.zeros(1024, np.int64)
        self._amounts = np.zeros(1024)
        self._starts: list[int] = [0]

    def __len__(self) -> int:
        return len(self._starts) - 1

    def add(self, atoms: Ints, amounts: Floats) -> int:
        """Keep a deviation (at least one atom moves); its number."""
        start, end = self._starts[-1], self._starts[-1] + len(atoms)
        while end > len(self._atoms):
            self._atoms, self._amounts = np.concatenate([self._atoms, self._atoms]), np.concatenate([self._amounts, self._amounts])
        self._atoms[start:end], self._amounts[start:end] = atoms, amounts
        self._starts.append(end)
        return len(self) - 1

    def of(self, number: int) -> tuple[Ints, Floats]:
        part = slice(self._starts[number], self._starts[number + 1])
        return self._atoms[part], self._amounts[part]

    def gains(self, row: Floats) -> Floats:
        """How much each deviation changes the sum that ``row`` (over all atoms) makes."""
        if not len(self):
            return np.zeros(0)
        end = self._starts[-1]
        return np.add.reduceat(row[self._atoms[:end]] * self._amounts[:end], np.asarray(self._starts[:-1]))

    def forget(self, kept: int) -> None:
        """Keep only the first ones."""
        del self._starts[kept + 1:]


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
