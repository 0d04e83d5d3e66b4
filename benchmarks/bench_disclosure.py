"""Cell suppression on a made-up district: seconds, linear programmes and information lost, and how they grow; beside a plain method in the same run.

    python benchmarks/bench_disclosure.py [--firms 500 1500 5000 15000 50000] [--plain 5000] [--seed 1]
    LIANTU_DIR=<a site> python benchmarks/bench_disclosure.py --edition 2026-1.0      the public cells of a site's edition

The system is the one of the public version: output by node, by chain, by park and chain, and the district's total, which everybody
knows. The plain method withholds the primary cells, audits each withheld cell with two linear programmes over all atoms, and while
one is unprotected withholds the smallest published cell that shares a firm with it; it knows neither proofs nor insiders, so it
promises less. Times are CPU seconds of this process. Firms and figures are random, sizes log-normal.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from liantu.methods.suppression import Cells, Rule, cross_tables, protect, reasons_of
from liantu.methods.suppression_system import System, bounds_of

RULE = Rule()
PLACED = 0.6  # of the firms stand on a chain
TABLES = [("node",), ("chain",), ("park", "chain"), ()]


def district(firms: int, seed: int) -> tuple[Cells, np.ndarray]:
    """Cells of a district, and which is the known total: nodes, parks grow with the root of the number of firms."""
    chance = np.random.default_rng(seed)
    placed, nodes, parks = int(firms * PLACED), max(20, int(3.8 * firms**0.5)), max(4, int(firms**0.5 / 5))
    node = chance.choice(nodes, placed, p=chance.dirichlet(np.full(nodes, 0.5)))
    codes = {"node": node.tolist(), "chain": (node % 5).tolist(), "park": chance.choice(parks, placed, p=chance.dirichlet(np.full(parks, 2.0))).tolist()}
    cells, labels = cross_tables(codes, TABLES, firm=np.arange(placed), value=np.round(chance.lognormal(7, 1.5, placed), 2))
    return cells, np.array([number == 3 for number, _ in labels])


def plain(cells: Cells, fixed: np.ndarray) -> tuple[np.ndarray, int, int]:
    """Withheld cells by audit and greed, how many programmes that took, and how many cells stay unprotected."""
    system = System.of(cells.members, cells.firm, cells.value)
    totals, programmes = cells.totals, 0
    primary = (reasons_of(cells, RULE) > 0) & ~fixed
    withheld = primary.copy()
    left = np.flatnonzero(primary)
    while True:
        bounds = bounds_of(system, ~withheld, left)
        programmes += 2 * len(left)
        need = np.maximum(RULE.interval * totals[left], RULE.floor)
        short = (bounds[:, 0] > np.maximum(totals[left] - need, 0) + 1e-6 * totals[left]) | (bounds[:, 1] < totals[left] + need - 1e-6 * totals[left])
        left = left[short]  # withholding more never narrows an interval
        added = False
        for cell in left:
            sharing = np.asarray(cells.members[:, cells.members[[cell], :].indices].sum(axis=1)).ravel() > 0
            sums = cells.members[np.flatnonzero(sharing & ~withheld), :]
            near = np.asarray((cells.members @ np.asarray(sums.sum(axis=0)).ravel()) > 0) & ~withheld & ~fixed
            if near.any():
                withheld[np.flatnonzero(near)[np.argmin(totals[near])]] = added = True
        if not added:
            return withheld, programmes, len(left)


def lost(cells: Cells, withheld: np.ndarray, fixed: np.ndarray) -> str:
    totals = cells.totals
    return f"{withheld.sum():>6} of {len(totals) - fixed.sum()} cells withheld ({withheld.sum() / len(totals):5.1%}), {totals[withheld].sum() / totals[~fixed].sum():6.2%} of value"


def measure(firms: int, seed: int, beside: bool) -> None:
    cells, fixed = district(firms, seed)
    started = time.process_time()
    plan = protect(cells, RULE, fixed=fixed)
    ours = time.process_time() - started
    more = plan.suppressed & ~plan.primary
    print(f"{firms:>7} firms  {ours:8.2f} s  {plan.programmes:>6} programmes  {lost(cells, plan.suppressed, fixed)}; secondary {more.sum()}, unprotected {len(plan.unprotected)}", flush=True)
    if beside:
        started = time.process_time()
        withheld, programmes, left = plain(cells, fixed)
        seconds = time.process_time() - started
        print(f"{'':>7} plain  {seconds:8.2f} s  {programmes:>6} programmes  {lost(cells, withheld, fixed)}; unprotected {left}   plain ÷ ours = {seconds / ours:.1f} in time", flush=True)


def of_site(number: str) -> None:
    """The cells of an edition of a site, solved afresh."""
    from liantu.kernel import small_cells
    from liantu.kernel.edition import open_edition
    from liantu.kernel.home import setup

    setup()
    edition = open_edition(number)
    for found in small_cells.figures(edition).values():
        for figure in found:
            small_cells.run(figure.output.name, edition)
    started = time.process_time()
    solved = small_cells._solve(edition, "department")
    print(f"{edition.label('en')}: {time.process_time() - started:.2f} s for {len(solved.counts)} measures")
    for (rows, column), count in solved.counts.items():
        share = count["value_withheld"] / count["value"] if count["value"] else 0.0
        print(f"  {rows + '.' + column:<32}{count['withheld']:>5} of {count['cells']:>5} cells withheld, {share:6.1%} of value, {count['programmes']:>5} programmes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--firms", type=int, nargs="*", default=[500, 1500, 5000, 15000, 50000])
    parser.add_argument("--plain", type=int, default=5000, help="beside the plain method up to this many firms")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--edition", help="solve the cells of this edition of the site LIANTU_DIR instead")
    asked = parser.parse_args()
    if asked.edition:
        of_site(asked.edition)
        return
    for firms in asked.firms:
        measure(firms, asked.seed, firms <= asked.plain)


if __name__ == "__main__":
    main()
