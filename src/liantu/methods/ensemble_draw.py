"""Networks drawn consistent with what a district knows.

Each draw keeps known links (and their amounts) exactly, adds links only on open pairs by the fitness model that :mod:`liantu.methods.ensemble_learn` has
learnt (one draw of its coefficients and effects per network), and balances amounts by :mod:`liantu.methods.ensemble_amounts` to firms' totals and industries'
input shares, what is traded outside the district being kept open. Links are drawn by thinning: the number of dealings of a customer with a sector is
Poisson, suppliers are picked by cumulated fitness, and a dealing is kept with the chance that its distance leaves; so time and memory grow with links and with firms × sectors, not with pairs of firms.

Sources: Cimini et al., *Sci. Rep.* 5 (2015) 15758; Ialongo et al., *Sci. Rep.* 12 (2022) 11847; Mungo et al., *J. Econ. Dyn. Control* 148 (2023) 104607 (which
features tell links apart); Fessina et al., arXiv 2408.02467 (input shares matter most for systemic risk).

>>> known = Known(sector=[0, 0, 1, 1], sales=[90.0, 50, 40, 30], purchases=[60.0, 30, 20, 20], shares=[[0.1, 0.5], [0.1, 0.2]], supplier=[0], customer=[2],
...               amount=[8.0])
>>> drawn = draw_networks(known, 50, seed=1)
>>> [float(drawn.amount[(drawn.draw == d) & (drawn.supplier == 0) & (drawn.customer == 2)][0]) for d in (0, 49)]
[8.0, 8.0]
>>> bool((drawn.sold_inside() <= drawn.sales * (1 + 1e-9)).all())
True
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from liantu.methods.ensemble_amounts import balanced
from liantu.methods.ensemble_kernels import dealings
from liantu.methods.ensemble_known import Known, added, arrays
from liantu.methods.ensemble_learn import LEAST_SHARE, Effects, Learnt, distance_unit, effects, fill_totals, firm_features, learn, total_lines
from liantu.methods.text import Floats, Ints

MOST_CELLS = 20_000_000  # sector × customer × draw cells handled at once (a few hundred MB)
MOST_DEALINGS = 60.0  # dealings per firm beyond which a draw's density is cut: keeps a draw of poorly known coefficients from filling memory


@dataclass(frozen=True)
class Ensemble:
    """``draws`` networks of n firms, their links one after the other: ``draw``, ``supplier``, ``customer``, ``amount`` (L,), sorted by draw; ``fixed`` (L,)
    marks known links. ``sales`` and ``purchases`` (draws, n) are totals with what is traded outside. ``common`` (draws, p) are the drawn numbers that concern
    all firms at once (coefficients of links, levels of amounts and of the shares traded inside)."""

    draws: int
    n: int
    draw: Ints
    supplier: Ints
    customer: Ints
    amount: Floats
    fixed: Ints
    sales: Floats
    purchases: Floats
    common: Floats

    def network(self, draw: int) -> tuple[Ints, Ints, Floats, Floats, Floats]:
        """Supplier, customer, amount (L,), sales and purchases (n,) of one draw."""
        first, last = np.searchsorted(self.draw, [draw, draw + 1])
        return self.supplier[first:last], self.customer[first:last], self.amount[first:last], self.sales[draw], self.purchases[draw]

    def sold_inside(self) -> Floats:
        """(draws, n) sales to firms of the district."""
        return added(self.draw * self.n + self.supplier, self.amount, self.draws * self.n).reshape(self.draws, self.n)

    def bought_inside(self) -> Floats:
        """(draws, n) purchases from firms of the district."""
        return added(self.draw * self.n + self.customer, self.amount, self.draws * self.n).reshape(self.draws, self.n)

    def within(self, firms: ArrayLike) -> Ensemble:
        """Only the links among some firms, firms renumbered in the order given; totals as before (the rest counts as outside)."""
        chosen = np.asarray(firms, dtype=np.int64)
        new = np.full(self.n, -1, dtype=np.int64)
        new[chosen] = np.arange(len(chosen))
        keep = (new[self.supplier] >= 0) & (new[self.customer] >= 0)
        return Ensemble(self.draws, len(chosen), self.draw[keep], new[self.supplier[keep]], new[self.customer[keep]], self.amount[keep], self.fixed[keep],
                        self.sales[:, chosen], self.purchases[:, chosen], self.common)


def draw_networks(known: Known, draws: int = 200, *, seed: int = 0, learnt: Learnt | None = None) -> Ensemble:
    """Draw networks consistent with ``known``. Same seed, same networks. ``learnt`` may be handed over when the same district is drawn again and again."""
    chance = np.random.default_rng(seed)
    learnt = learn(known) if learnt is None else learnt
    sales, purchases = fill_totals(known, total_lines(known), draws, chance)
    coefficient = learnt.link.draw(draws, chance)
    effect = effects(known, learnt)
    slab = max(1, MOST_CELLS // max(known.n * known.m, 1))
    parts = [_draw_slab(known, learnt, effect, sales[at:at + slab], purchases[at:at + slab], coefficient[at:at + slab], chance) for at in range(0, draws, slab)]
    draw, i, j, money, fixed = (np.concatenate([part[column] for part in parts]) for column in range(5))
    draw += np.repeat(np.arange(len(parts)) * slab, [len(part[0]) for part in parts])
    return Ensemble(draws, known.n, draw, i, j, money, fixed, sales, purchases, np.hstack([coefficient, np.concatenate([part[5] for part in parts])]))


def _draw_slab(known: Known, learnt: Learnt, effect: Effects, sales: Floats, purchases: Floats, coefficient: Floats,
               chance: np.random.Generator) -> tuple[Ints, Ints, Ints, Floats, Ints, Floats]:
    """Some draws: draw, supplier, customer, amount and fixed (L,) and the drawn levels (draws, 3)."""
    draws, n = sales.shape
    recipe = chance.gamma(effect.recipe[0], 1 / effect.recipe[1], (draws, known.m, n))
    draw, i, j = _links(known, sales, purchases, coefficient, effect, recipe, chance)
    a, b, amount = arrays(known)
    fixed = np.r_[np.zeros(len(i), dtype=np.int64), np.ones(draws * len(a), dtype=np.int64)]
    draw = np.r_[draw, np.repeat(np.arange(draws), len(a))]
    i, j = np.r_[i, np.tile(a, draws)], np.r_[j, np.tile(b, draws)]
    given = np.r_[np.full(len(i) - draws * len(a), np.nan), np.tile(amount, draws)]
    order = np.argsort((draw * n + i) * n + j, kind="stable")
    draw, i, j, given, fixed = draw[order], i[order], j[order], given[order], fixed[order]
    money, level = balanced(known, learnt, sales, purchases, recipe, draw, i, j, given, chance)
    keep = (money > 0) | (fixed > 0)
    return draw[keep], i[keep], j[keep], money[keep], fixed[keep], level


def _links(known: Known, sales: Floats, purchases: Floats, b: Floats, effect: Effects, recipe: Floats, chance: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Draw, supplier and customer of the unknown links, each pair once."""
    (draws, n), m, sector = sales.shape, known.m, np.asarray(known.sector)
    supply, demand = firm_features(known, sales, purchases)
    fit_i = np.exp(b[:, 1:2] * supply) * chance.gamma(effect.supplier[0], 1 / effect.supplier[1], (draws, n)) * ~np.asarray(known.customers_complete)
    fit_j = np.exp(b[:, 2:3] * demand) * chance.gamma(effect.customer[0], 1 / effect.customer[1], (draws, n)) * ~np.asarray(known.suppliers_complete)
    order = np.argsort(sector, kind="stable")
    edge = np.searchsorted(sector[order], np.arange(m + 1))
    running = np.cumsum(fit_i[:, order], axis=1)
    by_sector = np.diff(np.hstack([np.zeros((draws, 1)), running])[:, edge], axis=1)
    shares = np.log(np.maximum(np.asarray(known.shares), LEAST_SHARE))
    pair = np.exp(b[:, 0, None, None] + b[:, 3, None, None] * shares) * chance.gamma(effect.pair[0], 1 / effect.pair[1], (draws, m, m))
    expected = pair[:, :, sector] * recipe * by_sector[:, :, None] * fit_j[:, None, :]
    most = MOST_DEALINGS * n / np.maximum(expected.sum(axis=(1, 2)), 1e-300)
    number = chance.poisson(expected * np.minimum(1.0, most)[:, None, None])
    place = np.zeros((n, 2)) if known.place is None else np.asarray(known.place, dtype=float) / distance_unit(known)
    key = dealings(number, running, edge, order, place, np.minimum(b[:, 4], 0.0), chance)
    key.sort()
    key = key[np.r_[True, key[1:] != key[:-1]]] if len(key) else key
    a, c, _ = arrays(known)
    pair_key, told = key % (n * n), a * n + c  # sorted by supplier and customer
    if len(told):
        key = key[told[np.minimum(np.searchsorted(told, pair_key), len(told) - 1)] != pair_key]
    return key // (n * n), key // n % n, key % n
