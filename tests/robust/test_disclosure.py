"""The attack: 1,000 random tables of every make, and exported files; nobody recovers a withheld cell, and without complementary
suppression nearly everybody does. Two editions of such tables: ``test_disclosure_editions.py``."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from liantu.methods.suppression import Rule, cross_tables, protect
from tests.robust.attack import Known, caught, exactly, few_or_ruled, insider, outsider, parts_of, pinned
from tests.robust.district import edition_of, exported, frames, known_from

RULE = Rule()
BATCHES, BATCH = 10, 100
INSIDERS = 3


def make(seed: int, *, roomy: bool = False):
    """A random set of linked tables: cross table, three ways, hierarchy, or nodes in chains crossed with parks; sizes skewed, some firms
    with several contributions, some zeros; ``roomy`` ones hold more firms per cell."""
    chance = np.random.default_rng(seed)
    count = int(chance.integers(40, 90) if roomy else chance.integers(8, 24))
    kind = seed % 4
    if kind == 0:
        codes = {"row": chance.integers(0, 3, count), "column": chance.integers(0, 3, count)}
        tables = [("row", "column"), ("row",), ("column",), ()]
    elif kind == 1:
        codes = {name: chance.integers(0, 2, count) for name in ("row", "column", "depth")}
        tables = [("row", "column", "depth"), ("row", "column"), ("row", "depth"), ("row",), ("column",), ()]
    elif kind == 2:
        node = chance.choice(6, count, p=chance.dirichlet(np.ones(6)))
        codes = {"node": node, "group": node // 2, "chain": node // 4}
        tables = [("node",), ("group",), ("chain",), ()]
    else:
        node = chance.choice(5, count, p=chance.dirichlet(np.ones(5)))
        codes = {"node": node, "chain": node // 3, "park": chance.integers(0, 3, count)}
        tables = [("node",), ("chain",), ("park", "chain"), ("park",)]
    value = np.round(chance.lognormal(5, 1.6, count), 1) * (chance.random(count) > 0.04)
    firm = chance.integers(0, max(3, int(count * 0.85)), count)
    return {k: v.tolist() for k, v in codes.items()}, tables, firm.tolist(), value.tolist()


def faults(known: Known, primary: np.ndarray, secondary: np.ndarray, firms) -> list[str]:
    """What the attacker recovers: an exact cell, a primary cell to one side, a secondary cell within the interval, another firm's part."""
    found = []
    held = np.flatnonzero(primary | secondary)
    if not len(held):
        return found
    targets = known.cells[held]
    truth = targets @ known.truth
    found += [f"exact {cell}" for cell in held[exactly(known, targets)]]
    low, high = outsider(known, targets)
    near = np.where(primary[held], pinned(low, high, truth, RULE.interval, RULE.floor), caught(low, high, truth, RULE.interval))
    found += [f"interval {held[at]}: {low[at]:.1f} {truth[at]:.1f} {high[at]:.1f}" for at in np.flatnonzero(near)]
    for firm in firms:
        mine = [c for c in np.flatnonzero(primary) if few_or_ruled(parts_of(known, known.cells[c], int(firm)))]
        if mine:
            rows = known.cells[mine]
            truth = rows[:, known.firm != firm] @ known.truth[known.firm != firm]
            low, high = insider(known, int(firm), rows)
            found += [f"firm {firm} on {mine[at]}: {low[at]:.1f} {truth[at]:.1f} {high[at]:.1f}" for at in np.flatnonzero(pinned(low, high, truth, RULE.interval, RULE.floor))]
    return found


def curious(known: Known, held: np.ndarray, count: int) -> np.ndarray:
    """The firms that know most: alone in withheld cells, then the largest."""
    alone = [np.unique(known.firm[row != 0])[0] for row in known.cells[held] if len(np.unique(known.firm[row != 0])) == 1]
    order = np.argsort(-np.bincount(known.firm, known.truth))
    return np.array(list(dict.fromkeys([*alone, *order]))[:count])


def attacked(seed: int, *, secondary: bool = True, roomy: bool = False, everybody: bool = False) -> tuple[list[str], int, int]:
    """Faults of one random table; how many cells it has and how many are withheld."""
    codes, tables, firm, value = make(seed, roomy=roomy)
    cells, _ = cross_tables(codes, tables, firm=firm, value=value)
    plan = protect(cells, RULE, secondary=secondary)
    assert not len(plan.unprotected)
    known = Known(cells.members.toarray(), ~plan.suppressed, cells.firm, cells.value)
    assert {int(c) for c in np.flatnonzero(plan.primary)} == {c for c in range(len(known.cells)) if few_or_ruled(parts_of(known, known.cells[c]))}
    firms = np.unique(known.firm) if everybody else curious(known, plan.suppressed, INSIDERS)
    return faults(known, plan.primary, plan.suppressed & ~plan.primary, firms), len(plan.suppressed), int(plan.suppressed.sum())


@pytest.mark.parametrize("batch", range(BATCHES))
def test_nothing_recovered(batch):
    found = {}
    cells = withheld = 0
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        faults_found, total, gone = attacked(seed, everybody=seed % 20 == 0)
        found.update({seed: faults_found} if faults_found else {})
        cells, withheld = cells + total, withheld + gone
    assert found == {}
    assert withheld < cells  # not by publishing nothing


def test_roomy_tables_publish_most_cells():
    told = [attacked(seed, roomy=True) for seed in range(5000, 5024)]
    assert [faults for faults, *_ in told if faults] == []
    assert sum(gone for *_, gone in told) < 0.5 * sum(total for _, total, _ in told)


def test_without_complementary_suppression_the_attacker_succeeds():
    broken = sum(bool(attacked(seed, secondary=False)[0]) for seed in range(100))
    assert broken >= 90, broken


def file_faults(edition) -> tuple[list[str], list[tuple]]:
    """What an outsider, or any firm, recovers from all public files of an edition; and the names of the cells."""
    known, names = known_from(edition, exported(edition, "public"))
    held = ~known.published
    assert held.any() and known.published[1:].any()
    primary = np.array([few_or_ruled(parts_of(known, row)) for row in known.cells])
    open_ = [f"published {name}" for name, small in zip(names, primary & ~held, strict=True) if small]
    return open_ + faults(known, primary & held, held & ~primary, np.unique(known.firm)), names


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_recovered_from_exported_files(site, seed):
    found, names = file_faults(edition_of(frames(seed), site / "editions", "2026-1.0"))
    assert found == [], names


def test_exported_files_without_complementary_suppression_tell(site, monkeypatch):
    from liantu.kernel import small_cells
    from liantu.methods import suppression_tables

    small_cells._solved.cache_clear()
    monkeypatch.setattr(suppression_tables, "protect", lambda *a, **k: protect(*a, **k, secondary=False))
    assert sum(bool(file_faults(edition_of(frames(seed), site / "editions", f"2026-{seed}.0"))[0]) for seed in (1, 2, 3)) >= 2
    small_cells._solved.cache_clear()


def test_exported_files_of_two_editions(site):
    """A firm enters, another changes its figure: neither is told by the difference of two public totals."""
    tables = frames(2)
    first = edition_of(tables, site / "editions", "2026-1.0")
    figures = tables["annual_figure"].to_dicts()
    figures[4]["output"] *= 1.3
    more = {"annual_figure": tables["annual_figure"].clear().extend(pl.DataFrame(figures, schema=tables["annual_figure"].schema))}
    second = edition_of(tables | more, site / "editions", "2026-2.0")
    before, after = (dict(totals(exported(e, "public"))) for e in (first, second))
    told = {name for name in before if before[name] is not None and after.get(name) is not None and before[name] != after[name]}
    assert told == set()  # only one firm changed: no public figure may move
    open_ = {name for name in before if before[name] is not None and after.get(name) == before[name]}
    assert open_  # what has not changed is published as before


def totals(files):
    """Every output figure in the files by its place."""
    for output in ("chain_map", "chain_summary", "region_map"):
        for row in files[output]:
            yield (output, *(row[k] for k in ("code", "park_code", "chain_code") if k in row)), row["output"]
