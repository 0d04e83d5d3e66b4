"""Cell suppression: which cells of linked tables must be kept back so that no firm's figure can be worked out from the rest.

Every cell is a sum of firms' contributions, so rows, columns, hierarchies, the same cell in two tables, totals published
elsewhere and the same tables of an earlier edition are all one thing: a 0/1 matrix cells × contributions. Nothing else
has to be declared; a total need not even be in the same table as its parts.

>>> firm, value = list(range(1, 15)), [50.0, 40, 30, 45, 55, 20, 60, 40, 35, 70, 25, 65, 30, 45]
>>> codes = {"park": list("aaaabbbbbbcccc"), "chain": list("xyyyxxxyyyxxxy")}
>>> cells, labels = cross_tables(codes, [("park", "chain"), ("park",), ("chain",), ()], firm=firm, value=value)
>>> plan = protect(cells, Rule())
>>> " ".join(f"{'/'.join(labels[i][1])}={REASONS[plan.reason[i]]}" for i in np.flatnonzero(plan.suppressed))
'a/x=few a/y=secondary b/x=secondary b/y=secondary c/x=secondary c/y=few'

Two cells hold one firm each. Four withheld cells in a square would do for outsiders, but not against those two firms, which
know their own cells; so the third park's cells go as well, and all totals stay.

**Primary**: fewer than ``min_firms`` firms with a positive contribution, or one firm with ``dominance`` of the cell or more;
optionally the p %-rule. **Secondary**: the cell suppression problem (Fischetti & Salazar-González, Management Science 47(7),
2001, doi:10.1287/mnsc.47.7.1008.9805; Hundepool et al., Statistical Disclosure Control, Wiley 2012, ch. 4). Each sensitive
cell gets a *proof*: another non-negative world that agrees with everything published and in which the cell is larger (and
one in which it is smaller) by the protection interval. Missing proofs are found by the linear programme of
:mod:`liantu.methods.suppression_search`, which gives back the cells that have to go as well.

Guaranteed, for anybody who knows all published cells exactly, which firms stand in which cell, and that nothing is negative:
1. the feasible interval of each primary cell holds value ± ``interval``;
2. the same for each firm that knows its own contributions, about what the others in a primary cell have together, whenever
   those others alone would be a primary cell (the "singleton" attack);
3. no secondary cell is known to within ± ``interval``;
4. the same for differences between linked editions when fewer than ``min_firms`` firms changed.
Not guaranteed: two firms that pool what they know; knowledge of single firms from elsewhere; guesses.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from liantu.methods.suppression_search import Search
from liantu.methods.suppression_system import Need, System

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

REASONS = ("", "few", "dominant", "close", "difference", "withheld", "secondary")
FEW, DOMINANT, CLOSE, DIFFERENCE, WITHHELD, SECONDARY = range(1, 7)


@dataclass(frozen=True)
class Rule:
    """When a cell is sensitive and how much uncertainty it needs.

    ``interval`` is a share of the cell's value, ``floor`` the least deviation in the figure's own unit (whole units for
    counts, so that rounding to integers recovers nothing); ``p`` > 0 turns the p %-rule on.
    """

    min_firms: int = 3
    dominance: float = 0.8
    interval: float = 0.1
    floor: float = 1.0
    p: float = 0.0


@dataclass(frozen=True)
class Cells:
    """Cells as sums of contributions: ``members`` (cells × contributions, 0/1), and each contribution's firm and value ≥ 0."""

    members: sparse.csr_array
    firm: Ints
    value: Floats

    def __post_init__(self) -> None:
        if self.members.shape[1] != len(self.firm) or len(self.firm) != len(self.value):
            raise ValueError(f"{self.members.shape[1]} contributions in the matrix, {len(self.firm)} firms, {len(self.value)} values")
        if not np.isfinite(self.value).all() or (self.value < 0).any():
            raise ValueError(f"contributions must be finite and not negative; {int((~(self.value >= 0)).sum())} are not. Protect negative figures as (gains, losses) apart")

    def parts(self, cell: int) -> Ints:
        """The contributions that a cell adds up, by place."""
        return np.sort(self.members.indices[self.members.indptr[cell]:self.members.indptr[cell + 1]]).astype(np.int64)

    @property
    def totals(self) -> Floats:
        """The value of each cell."""
        return np.asarray(self.members @ self.value, float)


@dataclass(frozen=True)
class Plan:
    """``suppressed`` per cell with its ``reason`` (a number of ``REASONS``); ``unprotected`` are withheld cells for which no
    protection exists because cells that are out already give them away; ``programmes`` counts linear programmes."""

    suppressed: Bools
    reason: Ints
    unprotected: Ints
    programmes: int = 0

    @property
    def primary(self) -> Bools:
        return (self.reason > 0) & (self.reason < WITHHELD)


def cross_tables(codes: Mapping[str, Sequence[Hashable]], tables: Sequence[tuple[str, ...]], *, firm: ArrayLike, value: ArrayLike) -> tuple[Cells, list[tuple[int, tuple[Any, ...]]]]:
    """The cells of tables that classify the same contributions: ``("park", "chain")`` is a cross table, ``()`` the grand total.

    Returns the cells and for each its (table number, values of the table's codes). Combinations without a contribution
    have no cell: they are empty, everybody may know it.
    """
    rows: list[int] = []
    columns: list[int] = []
    labels: list[tuple[int, tuple[Any, ...]]] = []
    for number, table in enumerate(tables):
        known: dict[tuple[Any, ...], int] = {}
        keys = zip(*(codes[d] for d in table), strict=True) if table else ((),) * np.size(value)
        for at, key in enumerate(keys):
            if key not in known:
                known[key] = len(labels)
                labels.append((number, key))
            rows.append(known[key])
            columns.append(at)
    members = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(labels), np.size(value)))
    return Cells(members, np.asarray(firm, np.int64), np.asarray(value, float)), labels


def linked(after: Cells, before: Cells, keys_after: Sequence[Hashable], keys_before: Sequence[Hashable]) -> Cells:
    """Two editions of cells as one system, those of ``after`` first. A contribution with the same key, firm and value in both
    has not changed and is one column of both; all others are separate."""
    old: dict[Any, list[int]] = {}
    for at, key in enumerate(keys_before):
        old.setdefault((key, int(before.firm[at]), float(before.value[at])), []).append(at)
    place = np.full(len(before.value), -1)
    for at, key in enumerate(keys_after):
        same = old.get((key, int(after.firm[at]), float(after.value[at])))
        if same:
            place[same.pop()] = at
    new = np.flatnonzero(place < 0)
    place[new] = len(after.value) + np.arange(len(new))
    below = before.members.tocoo()
    width = len(after.value) + len(new)
    lower = sparse.csr_array((below.data, (below.row, place[below.col])), shape=(before.members.shape[0], width))
    upper = sparse.csr_array((after.members.data, after.members.indices, after.members.indptr), shape=(after.members.shape[0], width))
    return Cells(sparse.csr_array(sparse.vstack([upper, lower])), np.concatenate([after.firm, before.firm[new]]), np.concatenate([after.value, before.value[new]]))


def shares_of(rows: Any, cells: Cells) -> tuple[Any, Any]:
    """Per row of a signed matrix over contributions: each firm's part (rows × firms) and how many contributions it has there."""
    firms, at = np.unique(cells.firm, return_inverse=True)
    n = len(cells.value)
    by = sparse.csr_array((np.ones(n), (np.arange(n), at)), shape=(n, max(len(firms), 1)))
    return sparse.csr_array(rows.multiply(cells.value[None, :])) @ by, sparse.csr_array(abs(rows)) @ by


def reasons_of(cells: Cells, rule: Rule) -> Ints:
    """Why a cell is sensitive by itself (0: it is not). A cell whose members all have 0 is sensitive: its 0 is each firm's 0."""
    parts, counts = shares_of(cells.members, cells)
    reason = np.zeros(cells.members.shape[0], np.int64)
    for row in range(len(reason)):
        members = int(counts.indptr[row + 1] - counts.indptr[row])
        reason[row] = _reason(parts.data[parts.indptr[row]:parts.indptr[row + 1]], members, rule)
    return reason


def _reason(parts: Floats, members: int, rule: Rule) -> int:
    """Why ``members`` firms with these positive ``parts`` (zeros may be left out) may not be shown together."""
    if members == 0:
        return 0
    parts = np.sort(parts[parts > 0])[::-1]
    total = float(parts.sum())
    if len(parts) < rule.min_firms:
        return FEW
    if parts[0] >= rule.dominance * total * (1 - 1e-12):
        return DOMINANT
    return CLOSE if rule.p and total - parts[0] - parts[1] < rule.p * parts[0] else 0


def protect(cells: Cells, rule: Rule, *, fixed: Bools | None = None, withheld: Bools | None = None, pairs: Sequence[tuple[int, int]] = (),
            weight: Floats | None = None, sensitive: Bools | None = None, start: Bools | None = None, secondary: bool = True) -> Plan:
    """The cells to keep back.

    ``fixed`` cells are out already (totals published elsewhere, an earlier edition): published, or ``withheld`` then. ``pairs``
    lists (cell, the same cell of an earlier edition): their difference is a cell too. ``sensitive`` marks further cells that
    must be protected, ``start`` cells that are kept back whatever happens. ``weight`` says what a cell is worth to the reader
    (default: the root of its value). ``secondary=False`` leaves the complementary suppression out: only to show that it is needed.
    """
    count = cells.members.shape[0]
    fixed, withheld, sensitive, start = (np.zeros(count, bool) if given is None else np.asarray(given, bool) for given in (fixed, withheld, sensitive, start))
    out = fixed & ~withheld
    reason = reasons_of(cells, rule)
    reason[sensitive & (reason == 0)] = FEW
    reason[out] = 0
    reason[withheld & (reason == 0)] = WITHHELD
    targets = [Target(int(i), cells.parts(int(i))) for i in np.flatnonzero((reason > 0) & (reason < DIFFERENCE))]
    for after, before in pairs:
        new, old = cells.parts(after), cells.parts(before)
        difference = Target(after, np.setdiff1d(new, old, assume_unique=True), np.setdiff1d(old, new, assume_unique=True))
        if out[before] and difference.told(cells, rule):
            targets.append(difference)
            if reason[after] == 0 and not out[after]:
                reason[after] = DIFFERENCE
    if not secondary or not (reason.any() or start.any()):
        return Plan(reason > 0, reason, np.zeros(0, np.int64))
    totals = cells.totals
    system = System.of(cells.members, cells.firm, cells.value)
    of_target = [(target, target.needs(cells, rule, system)) for target in targets]
    owner = {need: target for target, needs in of_target for need in needs}

    def view(need: Need, firm: int) -> Need | None:
        return next((n for n in owner[need].needs(cells, rule, system, without=firm) if n.sign == need.sign), None)

    search = Search(system, (reason > 0) | (start & ~out), fixed, np.sqrt(totals + 1.0) if weight is None else np.asarray(weight, float), view)
    failed = _protect_targets(search, of_target)
    failed |= _protect_secondary(search, totals, rule, reason)
    doubtful = np.flatnonzero(search.suppressed & (reason == 0) & ~start)
    for cell in doubtful[np.argsort(-search.worth[doubtful], kind="stable")]:
        search.publish_again(int(cell))
    reason[search.suppressed & (reason == 0)] = SECONDARY
    return Plan(search.suppressed.copy(), reason, np.asarray(sorted(failed), np.int64), search.programmes)


@dataclass(frozen=True, eq=False)
class Target:
    """A figure to protect: the contributions that a cell adds up, or of a difference those that came and those that went."""

    cell: int
    came: Ints
    went: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    def parts(self, cells: Cells) -> tuple[Ints, Floats, Floats]:
        """The firms in it, what each adds and what each takes away."""
        firms, who = np.unique(cells.firm[np.concatenate([self.came, self.went])], return_inverse=True)
        came = np.bincount(who[:len(self.came)], cells.value[self.came], len(firms)).astype(float)
        return firms.astype(np.int64), came, np.bincount(who[len(self.came):], cells.value[self.went], len(firms)).astype(float)

    def told(self, cells: Cells, rule: Rule) -> bool:
        """Whether a difference is sensitive: few firms changed, or one rules a group that only entered or only left."""
        firms, plus, minus = self.parts(cells)
        if not len(firms):
            return False
        if plus.any() and minus.any():
            return len(firms) < rule.min_firms
        return _reason(plus + minus, len(firms), rule) > 0

    def needs(self, cells: Cells, rule: Rule, system: System, without: int = -1) -> list[Need]:
        """What must stay possible, up and down; for firm number ``without`` about what the others have, if they alone are sensitive."""
        firms, plus, minus = self.parts(cells)
        if without >= 0 and without in firms:
            others = firms != without
            plus, minus = plus[others], minus[others]
            if not others.any() or (not (plus.any() and minus.any()) and _reason(plus + minus, int(others.sum()), rule) == 0):
                return []
        level = max(float(plus.sum()), float(minus.sum()))
        amount = max(rule.interval * level, rule.floor)
        rising, sinking = np.unique(system.atom_of[self.came]), np.unique(system.atom_of[self.went])
        atoms, coefficients = np.concatenate([rising, sinking]), np.repeat([1.0, -1.0], [len(rising), len(sinking)])
        down = min(amount, float(plus.sum())) if not minus.any() else amount
        return [Need(atoms, coefficients, 1, amount, cell=self.cell), Need(atoms, coefficients, -1, down, cell=self.cell)]


def _protect_targets(search: Search, targets: list[tuple[Target, list[Need]]]) -> set[int]:
    """Proofs for outsiders first (they serve many), then for the firms whom those do not convince; gives back the cells that stay unprotected.

    Where what is out already leaves less room than asked, a tenth of it is still defended, so that nothing becomes exact.
    """
    search.demands = sorted((need for _, needs in targets for need in needs), key=lambda need: -need.amount)
    for need in search.demands:
        search.ensure(need)
    search.served.clear()
    met_of = {need: search.settle(need) for need in search.demands}
    for need in [n for n, met in met_of.items() if not met]:
        search.ensure(replace(need, amount=need.amount / 10))
    return {need.cell for need, met in met_of.items() if not met}


def _protect_secondary(search: Search, totals: Floats, rule: Rule, reason: Ints) -> set[int]:
    """No cell that was withheld only for others' sake is known to within the interval: it may be larger or it may be smaller by that.

    Gives back the cells of which that is not so because they are out already."""
    done: set[int] = set()
    failed: set[int] = set()
    while todo := [int(c) for c in np.flatnonzero(search.suppressed & ((reason == 0) | (reason == WITHHELD))) if int(c) not in done]:
        for cell in todo:
            done.add(cell)
            row = search.system.row(cell)
            amount = max(rule.interval * totals[cell], rule.floor)
            needs = [Need(*row, -1, min(amount, totals[cell]), cell=cell), Need(*row, 1, amount, cell=cell)]
            prices = [search.cost(need) for need in needs]
            if not search.ensure(needs[int(np.argmin([np.inf if p is None else p for p in prices]))]):
                failed.add(cell)
    return failed
