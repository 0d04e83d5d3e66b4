"""An attacker on published tables, written without any of the protecting code: he knows every published cell exactly, which
contribution stands in which cell, and that nothing is negative. An insider knows his own contributions as well.

He has three tools: linear algebra (is a cell a combination of published ones?), linear programming (how low and how high can
it be?), and both again after taking away what he knows of himself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.linalg import null_space
from scipy.optimize import linprog

SLACK = 1e-6
FAR = 1e4
STACKED = 20_000  # unknowns in one programme


@dataclass
class Known:
    """What the attacker has: cells (rows: which contributions, 0/1) with a value or None, and whose each contribution is.

    ``truth`` is for the referee, never for the attacker.
    """

    cells: np.ndarray
    published: np.ndarray
    firm: np.ndarray
    truth: np.ndarray

    @property
    def rows(self) -> np.ndarray:
        return self.cells[self.published]


def exactly(known: Known, targets: np.ndarray) -> np.ndarray:
    """Which target rows are determined by the published cells alone (no inequality needed)."""
    if not known.published.any():
        return np.zeros(len(targets), bool)
    free = null_space(known.rows)
    return (np.abs(targets @ free) < 1e-9).all(axis=1)


def between(rows: np.ndarray, values: np.ndarray, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest value of each target row in all worlds x >= 0 with rows x = values; many programmes stacked into one."""
    most = max(1, STACKED // (2 * max(targets.shape[1], 1)))
    if len(targets) > most:
        halves = [between(rows, values, part) for part in np.array_split(targets, -(-len(targets) // most))]
        return np.concatenate([low for low, _ in halves]), np.concatenate([high for _, high in halves])
    scale = max(float(values.max(initial=0.0)), 1e3)
    keep = rows.any(axis=1)
    rows, values, count = rows[keep], values[keep] / scale, len(targets)
    cost = np.concatenate([targets.ravel(), -targets.ravel()])
    equations = sparse.kron(sparse.eye_array(2 * count), rows, format="csc") if len(rows) else None
    done = linprog(cost, A_eq=equations, b_eq=np.tile(values, 2 * count) if len(rows) else None, bounds=(0, FAR), method="highs")
    assert done.status == 0, done.message
    worlds = done.x.reshape(2 * count, -1) * scale
    return (targets * worlds[:count]).sum(axis=1), (targets * worlds[count:]).sum(axis=1)


def outsider(known: Known, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The interval of each target row for somebody who is no contributor."""
    return between(known.rows, np.round(known.rows @ known.truth, 6), targets)


def insider(known: Known, firm: int, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The interval of what the others have in each target row, for a firm that knows its own contributions."""
    mine = known.firm == firm
    rest = np.round(known.rows @ known.truth - known.rows[:, mine] @ known.truth[mine], 6)
    return between(known.rows[:, ~mine], np.maximum(rest, 0.0), targets[:, ~mine])


def pinned(low: np.ndarray, high: np.ndarray, truth: np.ndarray, share: float, least: float) -> np.ndarray:
    """Where one side of the interval is nearer to the truth than the protection asks: the figure is recovered at least to one side."""
    need = np.maximum(share * truth, least)
    slack = SLACK * np.maximum(truth, 1.0)
    return (low > np.maximum(truth - need, 0.0) + slack) | (high < truth + need - slack)


def caught(low: np.ndarray, high: np.ndarray, truth: np.ndarray, share: float) -> np.ndarray:
    """Where the whole interval lies within the share around the truth: the figure is known to within it."""
    return (low >= truth * (1 - share)) & (high <= truth * (1 + share))


def few_or_ruled(parts: np.ndarray, min_firms: int = 3, dominance: float = 0.8) -> bool:
    """The referee's own small-cell rule on firms' parts."""
    some = parts[parts > 0]
    return len(parts) > 0 and (len(some) < min_firms or some.max() >= dominance * some.sum() * (1 - 1e-12))


def parts_of(known: Known, row: np.ndarray, without: int | None = None) -> np.ndarray:
    """What each firm has in a row of contributions."""
    at = np.flatnonzero(row) if without is None else np.flatnonzero((row != 0) & (known.firm != without))
    firms, who = np.unique(known.firm[at], return_inverse=True)
    return np.bincount(who, known.truth[at], len(firms))
