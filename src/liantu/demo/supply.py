"""Who supplies whom in the synthetic district: along the node links, heavy-tailed, amounts tied to both firms' sizes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from random import Random

import numpy as np

from liantu.demo.figures import Figures
from liantu.demo.firms import Firm
from liantu.demo.names import NameMaker
from liantu.demo.nodes import ChainPlan

EARLIER = 0.15  # share of the rows that are of the year before the last (unit: 1)
OUTSIDE, OUTSIDE_WEAK = 0.26, 0.6  # chance that a supplier is from elsewhere; at a weak node (unit: 1)
SERVICES = 0.03  # chance that a row is a service from a firm off the chains (unit: 1)
MASTER_LEAD = 0.6  # no other firm of the chain has more than this share of its master's local suppliers (unit: 1)


@dataclass
class Supply:
    """One row: who supplied what to whom, 万元 in the year. ``supplier`` is None when it is not of the district."""

    supplier: Firm | None
    supplier_name: str
    customer: Firm
    item: str
    node: str
    year: int
    amount: float = 0.0


class _Market:
    """Draws suppliers for a node: firms of the district by size, or one of the node's few outside names."""

    def __init__(self, plan: ChainPlan, firms: list[Firm], names: NameMaker, rng: Random) -> None:
        self.plan, self.names, self.rng = plan, names, rng
        self.local: dict[str, tuple[list[Firm], list[float]]] = {}
        at: dict[str, list[Firm]] = {}
        for firm in firms:
            for ref in firm.nodes:
                at.setdefault(ref, []).append(firm)
        for ref, here in at.items():
            self.local[ref] = here, list(accumulate(f.base ** 0.65 for f in here))
        self.elsewhere: dict[str, list[str]] = {}
        self.services = [f for f in firms if not f.chain and f.products]

    def outside(self, ref: str) -> str:
        """One of three to nine outside suppliers of this node."""
        if ref not in self.elsewhere:
            node = self.plan.nodes[ref].node
            short = [w for w in node.words if 2 <= len(w) <= 6 and not w.isascii()] or ["科技"]
            self.elsewhere[ref] = [self.names.outside(self.rng.choice(short)) for _ in range(self.rng.randint(3, 9))]
        return self.rng.choice(self.elsewhere[ref])

    def draw(self, ref: str, customer: Firm) -> Firm | None:
        """A local supplier at this node, or None for one from elsewhere."""
        kind = self.plan.nodes[ref].kind
        if ref not in self.local or self.rng.random() < (OUTSIDE_WEAK if kind == "weak" else OUTSIDE):
            return None
        here, cumulative = self.local[ref]
        found = self.rng.choices(here, cum_weights=cumulative)[0]
        return None if found is customer else found


def make_supply(plan: ChainPlan, firms: list[Firm], figures: Figures, names: NameMaker, count: int, seed: int) -> list[Supply]:
    """``count`` rows; the chain masters are served first, so that they lead their chains in local suppliers."""
    rng = Random(f"supply:{seed}")
    market = _Market(plan, firms, names, rng)
    buyers = [f for f in firms if any(ref in plan.sources for ref in f.nodes)]
    later = round(count * (1 - EARLIER))
    rows: list[Supply] = []
    limits: dict[str, int] = {}
    masters = [f for f in buyers if f.master]
    for firm in masters:
        made = _rows_for(firm, max(8, min(round(later * 0.016), 420)), market, rng, None)
        rows += made
        lead = len({r.supplier.number for r in made if r.supplier})
        limits[firm.chain] = min(limits.get(firm.chain, lead), lead)
    others = [f for f in buyers if not f.master]
    pull = list(accumulate(f.base ** 0.55 * rng.lognormvariate(0, 0.5) for f in others))
    want = dict.fromkeys((f.number for f in others), 0)
    for firm in rng.choices(others, cum_weights=pull, k=max(0, later - len(rows))):
        want[firm.number] += 1
    for firm in others:
        if want[firm.number]:
            rows += _rows_for(firm, want[firm.number], market, rng, int(limits.get(firm.chain, 99) * MASTER_LEAD))
    _fill(rows, later, others, pull, market, rng, limits)
    _amounts(rows, figures, seed)
    earlier = sorted(rng.sample(range(len(rows)), min(count - len(rows), len(rows))))
    rows += [Supply(r.supplier, r.supplier_name, r.customer, r.item, r.node, 2024, round(max(0.5, r.amount * rng.uniform(0.75, 1.1)), 2))
             for r in (rows[i] for i in earlier)]
    return rows


def _rows_for(firm: Firm, count: int, market: _Market, rng: Random, limit: int | None, have: set[tuple[str, str]] | None = None,
              local: set[int] | None = None) -> list[Supply]:
    """Up to ``count`` rows of one customer, each supplier and item once; at most ``limit`` local suppliers."""
    plan = market.plan
    rows: list[Supply] = []
    have, local = set() if have is None else have, set() if local is None else local
    inflows = [link for ref in firm.nodes for link in plan.sources.get(ref, [])]
    cumulative = list(accumulate(weight for *_, weight in inflows))
    for _ in range(count * 2 + 4):
        if len(rows) == count:
            break
        if market.services and rng.random() < SERVICES:
            supplier: Firm | None = rng.choice(market.services)
            node, item = "", rng.choice(supplier.products) if supplier else ""
        else:
            node, item, _ = rng.choices(inflows, cum_weights=cumulative)[0]
            supplier = market.draw(node, firm)
        if supplier and limit is not None and supplier.number not in local and len(local) >= limit:
            supplier = None
            node = node or inflows[0][0]
        if supplier and node:
            pool = [w for w in plan.nodes[node].node.products if w in supplier.products]
            item = rng.choice([item, *pool])
        elif supplier is None:
            item = rng.choice([item, *plan.nodes[node].node.products[:3]])
        name = supplier.name if supplier else market.outside(node)
        if (name, item) not in have:
            have.add((name, item))
            if supplier:
                local.add(supplier.number)
            rows.append(Supply(supplier, name, firm, item, node, 2025))
    return rows


def _fill(rows: list[Supply], later: int, others: list[Firm], pull: list[float], market: _Market, rng: Random, limits: dict[str, int]) -> None:
    """Top up to the wanted number where some customers ran out of new suppliers."""
    have: dict[int, set[tuple[str, str]]] = {}
    local: dict[int, set[int]] = {}
    for r in rows:
        have.setdefault(r.customer.number, set()).add((r.supplier_name, r.item))
        if r.supplier:
            local.setdefault(r.customer.number, set()).add(r.supplier.number)
    for _ in range(40 * max(1, later - len(rows))):
        if len(rows) >= later:
            return
        firm = rng.choices(others, cum_weights=pull)[0] if rng.random() < 0.5 else rng.choice(others)
        rows += _rows_for(firm, 1, market, rng, int(limits.get(firm.chain, 99) * MASTER_LEAD), have.setdefault(firm.number, set()), local.setdefault(firm.number, set()))


def _amounts(rows: list[Supply], figures: Figures, seed: int) -> None:
    """Amounts fill a part of each customer's purchases; no local supplier sells more than 85 % of its revenue here."""
    rng = np.random.default_rng([seed, 5])
    weight = rng.lognormal(0, 1.1, len(rows))
    customer = np.array([r.customer.number - 1 for r in rows])
    supplier = np.array([r.supplier.number - 1 if r.supplier else -1 for r in rows])
    n = len(figures.revenue)
    revenue = figures.revenue[:, 2]
    local = supplier >= 0
    weight[local] *= revenue[supplier[local]] ** 0.5 / 60
    totals = np.bincount(customer, weight, n)
    cover = rng.uniform(0.3, 0.58, n)
    amount = weight / totals[customer] * revenue[customer] * cover[customer]
    sold = np.bincount(supplier[local], amount[local], n)
    scale = np.ones(n)
    over = sold > 0.85 * revenue
    scale[over] = 0.85 * revenue[over] / sold[over]
    amount[local] *= scale[supplier[local]]
    for row, value in zip(rows, amount, strict=True):
        row.amount = round(max(0.5, float(value)), 2)
