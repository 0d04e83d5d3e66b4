"""Synthetic districts whose whole supply network is known, made by another law than the sampler's, and what a district office would know of them.

Every firm has a hidden variety; customers arrive one after the other and, for each input of their own recipe, choose one or a few suppliers by preferential
attachment among those of the right variety, near ones first (exponential in distance, while the sampler assumes a power). Amounts are split unevenly, sizes are
heavy-tailed, and the input–output table handed to the sampler is a blurred one. Nothing here stands for a real place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liantu.methods.cascade import FirmNetwork
from liantu.methods.ensemble_known import Known

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SECTORS, PARKS, VARIETIES = 12, 4, 3


@dataclass(frozen=True)
class District:
    """The truth: firms, links with amounts, totals (万元), jobs and what the sampler is told of industries."""

    sector: Ints
    place: Floats
    sales: Floats
    purchases: Floats
    jobs: Floats
    supplier: Ints
    customer: Ints
    amount: Floats
    essential: Ints
    table: Floats

    @property
    def n(self) -> int:
        """Number of firms."""
        return len(self.sector)

    def network(self) -> FirmNetwork:
        """The true network for the cascade."""
        return FirmNetwork(self.n, self.supplier, self.customer, self.amount, self.sector, self.essential, sales=self.sales, purchases=self.purchases)

    def tell(self, known: Known, firms: list[int]) -> Known:
        """What is known after these firms have told both of their lists with amounts."""
        asked = np.zeros(self.n, dtype=bool)
        asked[firms] = True
        mine = asked[self.supplier] | asked[self.customer]
        return known.tell(self.supplier[mine], self.customer[mine], self.amount[mine], suppliers_of=firms, customers_of=firms)


def district(seed: int, n: int) -> District:
    """A district of n firms; sectors, recipes, needs and the level of local trade differ from seed to seed."""
    chance = np.random.default_rng([seed, 41])
    weight = chance.dirichlet(np.full(SECTORS, 2.0))
    sector = chance.choice(SECTORS, n, p=weight)
    park = chance.normal(0, 12, (PARKS, 2))[chance.integers(0, PARKS, n)]
    place = np.where(chance.random((n, 1)) < 0.7, park + chance.normal(0, 1.0, (n, 2)), chance.normal(0, 15, (n, 2)))
    sales = 2000 * chance.lognormal(0, 1.0, n) * np.minimum(1 + chance.pareto(1.6, n), 60)
    purchases = sales * chance.beta(12, 8, n)
    recipe = np.vstack([chance.dirichlet(np.full(SECTORS, 0.35)) for _ in range(SECTORS)]).T * 0.8
    variety, technology = chance.integers(0, VARIETIES, n), chance.integers(0, 2, n)
    twist = chance.lognormal(0, 0.8, (2, SECTORS, SECTORS))
    own = recipe[:, sector] * twist[technology, :, sector].T * chance.lognormal(0, 0.4, (SECTORS, n))
    own *= 0.8 / np.maximum(own.sum(axis=0), 1e-9)
    supplier, customer, amount = _links(chance, sector, place, sales, purchases, own, variety)
    sales = np.maximum(sales, 1.1 * np.bincount(supplier, amount, n))
    blurred = recipe * chance.lognormal(0, 0.5, recipe.shape)
    essential = chance.choice(3, (SECTORS, SECTORS), p=[0.3, 0.35, 0.35])
    jobs = np.maximum(sales / 80 * chance.lognormal(0, 0.6, n), 1)
    return District(sector, place, sales, purchases, jobs, supplier, customer, amount, essential, blurred * 0.8 / blurred.sum(axis=0))


def _links(chance: np.random.Generator, sector: Ints, place: Floats, sales: Floats, purchases: Floats, own: Floats, variety: Ints) -> tuple[Ints, Ints, Floats]:
    """Supplier, customer and amount: customers in random order, each sector of their recipe bought partly outside, the rest from one or a few local firms."""
    n = len(sector)
    named, left = np.ones(n), 0.85 * sales
    reach, local = chance.uniform(5, 15), chance.beta(6, 8)
    wanted = chance.integers(0, VARIETIES, (SECTORS, n))
    found: list[tuple[int, int, float]] = []
    for j in chance.permutation(n):
        for k in np.flatnonzero(own[:, j] > 0.01):
            if chance.random() > local * 1.4:
                continue
            could = np.flatnonzero((sector == k) & (np.arange(n) != j) & (left > 0))
            if not len(could):
                continue
            pull = named[could] * sales[could] ** 0.3 * np.exp(-np.hypot(*(place[could] - place[j]).T) / reach) * np.where(variety[could] == wanted[k, j], 1.0, 0.08) + 1e-12
            number = min(1 + chance.geometric(0.55) * (purchases[j] > np.median(purchases)), len(could), int((pull > 1e-11).sum()) or 1)
            chosen = chance.choice(could, number, replace=False, p=pull / pull.sum())
            money = own[k, j] * purchases[j] * chance.beta(2, 1.5) * chance.dirichlet(np.full(number, 0.8))
            money = np.minimum(money, left[chosen])
            named[chosen] += 1
            left[chosen] -= money
            found += [(int(i), int(j), float(a)) for i, a in zip(chosen, money, strict=True) if a > 0]
    supplier, customer, amount = (np.array(column) for column in zip(*found, strict=True))
    return supplier, customer, amount


def known_of(truth: District, seed: int, *, answered: float = 0.25, missing: float = 0.1, loose: float = 0.05) -> Known:
    """What the office knows: a share of the firms has told both lists (large firms rather), some totals are missing, a few other links are known without amount."""
    chance = np.random.default_rng([seed, 43])
    told = np.zeros(truth.n, dtype=bool)
    pull = truth.sales**0.3
    told[chance.choice(truth.n, round(answered * truth.n), replace=False, p=pull / pull.sum())] = True
    seen = told[truth.supplier] | told[truth.customer]
    amount = np.where(seen & (chance.random(len(seen)) < 0.9), truth.amount, np.nan)
    seen |= chance.random(len(seen)) < loose
    sales, purchases = truth.sales.copy(), truth.purchases.copy()
    for values in (sales, purchases):
        values[~told & (chance.random(truth.n) < missing)] = np.nan
    return Known(truth.sector, sales, purchases, truth.table, truth.supplier[seen], truth.customer[seen], amount[seen], told, told, truth.place, truth.jobs)
