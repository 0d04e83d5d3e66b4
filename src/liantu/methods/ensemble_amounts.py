"""Amounts of the links of drawn networks: seeds from a regression, balanced to firms' totals and industries' input shares.

Balancing is iterative proportional fitting (RAS; Deming & Stephan, *Ann. Math. Stat.* 11 (1940) 427–444; Bacharach 1970) of a table with slack: each firm has
a cell for customers outside the district, and each (supplier sector, buyer) a cell for suppliers outside. Known amounts are taken off first. At the end

    inside sales + outside sales = total sales,   inside purchases from sector k + outside purchases from it = the buyer's purchases from k,

no cell below zero. A buyer's purchases from sector k are its total times A_kl times its recipe's factor r_kj, brought back to the column's sum, times a lognormal factor
as wide as the answers' recipes differ from the table; never less than what is known, as far as recipes
differ enough for the share bought inside, and together at most its total.
"""

from __future__ import annotations

import numpy as np

from liantu.methods.ensemble_known import Known, added
from liantu.methods.ensemble_learn import LEAST_SHARE, Learnt, Line, amount_features, scale
from liantu.methods.text import Floats, Ints

MOST_INSIDE = 0.98  # largest share of a total that a seed lets be traded inside


def balanced(known: Known, learnt: Learnt, sales: Floats, purchases: Floats, recipe: Floats, draw: Ints, i: Ints, j: Ints, given: Floats,
             chance: np.random.Generator) -> tuple[Floats, Floats]:
    """((links,) amounts, (draws, 3) drawn levels of amounts and of the shares bought and sold inside); ``given`` (links,) is NaN where the amount is
    unknown; ``recipe`` (draws, m, n) factors of the buyers' input shares."""
    draws, n = sales.shape
    coefficient = learnt.amount.draw(draws, chance)
    free = np.isnan(given)
    d, a, b = draw[free], i[free], j[free]
    log_seed = (amount_features(known, sales, purchases, d, a, b) * coefficient[d]).sum(axis=1) + scale(sales)[d]
    seed = np.exp(np.clip(log_seed + learnt.amount.spread * chance.standard_normal(len(d)), -600, 600))
    bought, bought_level = _inside(learnt.bought, draw * n + j, draws, n, chance)
    sold, sold_level = _inside(learnt.sold, draw * n + i, draws, n, chance)
    level = np.column_stack([coefficient[:, 0], bought_level, sold_level])
    if not free.any():
        return given.copy(), level
    sector = np.asarray(known.sector)
    group, at = np.unique((draw * n + j) * known.m + sector[i], return_inverse=True)
    fixed = np.where(free, 0.0, given)
    fixed_group = added(at, fixed, len(group))
    noise = np.exp(learnt.recipe_spread * chance.standard_normal(len(group)))
    budget = _recipe(known, purchases, recipe, group, noise, fixed_group, bought, learnt.recipe_spread)
    buyer = group // known.m
    part = np.minimum(bought * purchases.ravel() / np.maximum(added(buyer, budget, draws * n), 1e-300), MOST_INSIDE)[buyer]
    left = np.maximum(budget - fixed_group, 0)
    target = np.clip(part * budget - fixed_group, 0.05 * left, MOST_INSIDE * left)
    at = at[free]
    seed *= (target / np.maximum(added(at, seed, len(group)), 1e-300))[at]
    firm = d * n + a
    total = np.maximum(sales.ravel() - added(draw * n + i, fixed, draws * n), 0)
    own = added(firm, seed, draws * n)
    outside = np.maximum((1 - sold) * sales.ravel(), (1 - MOST_INSIDE) * total)
    money = fixed.copy()
    money[free] = _fit(seed, firm, total, np.where(own > 0, outside, 0), at, left, left - target)
    return money, level


def _recipe(known: Known, purchases: Floats, recipe: Floats, group: Ints, noise: Floats, fixed: Floats, bought: Floats, spread: float) -> Floats:
    """(groups,) what each buyer buys from each sector that it has links with, inside and outside."""
    buyer, k = group // known.m, group % known.m
    shares = np.maximum(np.asarray(known.shares), LEAST_SHARE)[:, np.asarray(known.sector)]
    own = shares * recipe
    back = shares.sum(axis=0) / np.maximum(own.sum(axis=1), 1e-300)
    draw, firm, total = buyer // known.n, buyer % known.n, purchases.ravel()
    budget = np.maximum(own[draw, k, firm] * back[draw, firm] * total[buyer] * noise, fixed)
    enough = bought * total / MOST_INSIDE / np.maximum(added(buyer, budget, len(total)), 1e-300)
    budget *= np.clip(enough, 1, np.exp(2 * spread))[buyer]
    room = np.maximum(total - added(buyer, fixed, len(total)), 0)
    extra = budget - fixed
    return np.asarray(fixed + extra * np.minimum(1, room / np.maximum(added(buyer, extra, len(total)), 1e-300))[buyer])


def _inside(line: Line, at: Ints, draws: int, n: int, chance: np.random.Generator) -> tuple[Floats, Floats]:
    """(draws · n,) share of each firm's total that is traded inside, and (draws,) its level."""
    coefficient = line.draw(draws, chance)
    degree = np.bincount(at, minlength=draws * n).reshape(draws, n)
    logit = coefficient[:, :1] + coefficient[:, 1:] * (np.log1p(degree) - np.log1p(5)) + line.spread * chance.standard_normal((draws, n))
    return (1 / (1 + np.exp(-logit))).ravel(), coefficient[:, 0]


def _fit(seed: Floats, row: Ints, total: Floats, row_slack: Floats, group: Ints, budget: Floats, group_slack: Floats, *, tolerance: float = 1e-4,
         most_rounds: int = 40) -> Floats:
    """Iterative proportional fitting with slack on both sides; at the end cells are cut so that no slack is negative."""
    cell, row_slack, group_slack = seed.copy(), row_slack.copy(), group_slack.copy()
    for _ in range(most_rounds):
        by_group = budget / np.maximum(added(group, cell, len(budget)) + group_slack, 1e-300)
        cell *= by_group[group]
        group_slack *= by_group
        by_row = total / np.maximum(added(row, cell, len(total)) + row_slack, 1e-300)
        cell *= by_row[row]
        row_slack *= by_row
        if np.abs(by_group[group] - 1).max() < tolerance:
            break
    for at, most in ((group, budget), (row, total)):
        cell *= np.minimum(1, most / np.maximum(added(at, cell, len(most)), 1e-300))[at]
    return cell
