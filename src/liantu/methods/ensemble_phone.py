"""Which unknowns make an interval wide, and whom to phone.

A firm is hit through its links: a buyer loses the link's share of its input when the supplier stops (down), a supplier the link's share of its sales when the
buyer stops (up). So to first order a draw's loss is Y ≈ Σ over links of (weight of the firm hit) × (coefficient of the link) × (loss of the firm that hits).
What an answer settles of this sum is its expectation given the answer:

* the firm hit knows the coefficient; the loss of the other end is known when that end was shocked or has answered, else only its mean over the draws;
* the firm that hits knows the amount, not how much the other end buys of the same elsewhere: its coefficient is what an amount of this size usually means.

Firms are chosen greedily: the one whose expectation explains most of what is left of the variance of Y over the draws (the first-order variance of Sobol,
*Math. Comput. Simul.* 55 (2001) 271–280, estimated from the draws themselves); then what it would have told counts as known, since answers overlap. The slope of
Y on an expectation is held to 0…2, because both are in one unit: that keeps firms with tiny losses that correlate by chance from being named.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from liantu.methods.ensemble_draw import Ensemble
from liantu.methods.ensemble_known import Bools, Known, added, arrays
from liantu.methods.ensemble_losses import Losses
from liantu.methods.text import Floats, Ints

MOST_SLOPE = 2.0
BOTH = 0.25  # a list is asked for when it holds at least this share of what the firm's answers would settle
STOCK = 0.05  # stock days are asked for when the firm's own expected loss by want of inputs is at least this share of the whole


@dataclass(frozen=True)
class Phone:
    """Firms in the order to phone, (p,) each: ``firm``; ``share`` of the variance that its answers settle beyond those before it; ``left`` (p,) width expected
    to be left after this and all before it, as a share of today's; what to ask: ``suppliers`` and ``customers`` (lists or missing amounts), ``stock``,
    ``totals`` (bool). ``common`` is the share of the variance that lies in numbers about all firms at once (density, level of trade inside)."""

    firm: Ints
    share: Floats
    left: Floats
    suppliers: Bools
    customers: Bools
    stock: Bools
    totals: Bools
    common: float


@dataclass(frozen=True)
class _Hits:
    """Each link twice: as a way to hit its buyer (``down``) and its supplier. ``worth``: weight hit per unit of the other end's loss; ``usual``: what the
    amount alone says of it; ``loss`` of the end that hits in this draw, ``mean`` of it over draws."""

    draw: Ints
    loser: Ints
    hitter: Ints
    down: Bools
    worth: Floats
    usual: Floats
    loss: Floats
    mean: Floats
    n: int
    draws: int

    def expected(self, asked: Bools) -> tuple[Floats, Floats, Floats]:
        """(links,) now, were the loser asked, were the hitter asked."""
        loss = np.where(asked[self.hitter], self.loss, self.mean)
        by_loser, by_hitter = self.worth * loss, self.usual * loss
        now = np.where(asked[self.loser], by_loser, np.where(asked[self.hitter], by_hitter, 0.0))
        return now, by_loser, np.where(asked[self.loser], by_loser, by_hitter)

    def settled(self, asked: Bools) -> tuple[Floats, Floats]:
        """(draws, n) what each firm's list of suppliers would add to the expectation, and its list of customers."""
        now, by_loser, by_hitter = self.expected(asked)
        at = self.draw * self.n
        buyer, seller = np.zeros(self.draws * self.n), np.zeros(self.draws * self.n)
        for chosen, own, other in ((self.down, buyer, seller), (~self.down, seller, buyer)):
            own += added(at[chosen] + self.loser[chosen], (by_loser - now)[chosen], len(own))
            other += added(at[chosen] + self.hitter[chosen], (by_hitter - now)[chosen], len(own))
        return buyer.reshape(self.draws, self.n), seller.reshape(self.draws, self.n)


def phone_list(known: Known, ensemble: Ensemble, found: Losses, essential: ArrayLike, remaining: ArrayLike, weight: ArrayLike, *, firms: int = 10) -> Phone:
    """Name the firms to phone about shocks.

    ``found`` are the losses of these shocks with states, ``remaining`` (n,) or (k, n) and ``weight`` (n,) as they were asked; with several shocks each
    counts alike. Firms of which all is known (both lists, all amounts, totals) are not named.
    """
    low, worth = np.atleast_2d(np.asarray(remaining, dtype=float)), np.asarray(weight, dtype=float)
    value = np.stack([(np.maximum(found.down[:, s], found.up[:, s]) - (1 - low[s])) @ worth for s in range(len(low))])
    spread = value.std(axis=1)
    live = [s for s in range(len(low)) if spread[s] > 1e-9 * max(float(worth.sum()), 1e-300)]
    missing = ~np.isfinite(np.asarray(known.sales)) | ~np.isfinite(np.asarray(known.purchases))
    could, asked = unknown(known) | missing, ~unknown(known)
    hits = {s: _hits(ensemble, known.sector, essential, found.down[:, s], found.up[:, s], low[s], worth / spread[s]) for s in live}
    start = {s: _centred(value[s] / spread[s]) for s in live}
    rest, columns = dict(start), {s: np.zeros((ensemble.draws, 0)) for s in live}
    order, shares, asks = [], [], []
    for _ in range(min(firms, int(could.sum())) if live else 0):
        tables = {s: hits[s].settled(asked) for s in live}
        gain = np.where(could, sum(_gain(buys + sells, rest[s]) for s, (buys, sells) in tables.items()), -1.0)
        best = int(gain.argmax())
        if gain[best] <= 0:
            break
        before = sum(float((r**2).mean()) for r in rest.values())
        for s, (buys, sells) in tables.items():
            columns[s] = np.column_stack([columns[s], _centred(buys[:, best] + sells[:, best])])
            rest[s] = _residual(columns[s], start[s])
        shares.append((before - sum(float((r**2).mean()) for r in rest.values())) / len(live))
        asks.append([sum(float(t[side][:, best].var()) for t in tables.values()) for side in (0, 1)])
        order.append(best)
        could[best], asked[best] = False, True
    firm, share, ask = np.array(order, dtype=np.int64), np.array(shares), np.array(asks).reshape(-1, 2)
    most = np.maximum(ask.max(axis=1, initial=0.0), 1e-300)[:, None]
    own = ((found.down.mean(axis=0) - (1 - low)) * worth).sum(axis=0).clip(0)
    return Phone(firm, share, np.sqrt(np.maximum(1 - np.cumsum(share), 0.0)), ask[:, 0] >= BOTH * most[:, 0], ask[:, 1] >= BOTH * most[:, 0],
                 own[firm] >= STOCK * max(float(own.sum()), 1e-300), missing[firm], _explained(ensemble.common, [start[s] for s in live]))


def unknown(known: Known) -> Bools:
    """(n,) firms that have not told both lists, or have told links without amounts."""
    i, j, amount = arrays(known)
    open_amount = np.isnan(amount)
    found = ~known.answered
    found[i[open_amount]] = True
    found[j[open_amount]] = True
    return found


def _hits(ensemble: Ensemble, sector: ArrayLike, essential: ArrayLike, down: Floats, up: Floats, remaining: Floats, weight: Floats) -> _Hits:
    d, i, j, n, draws = ensemble.draw, ensemble.supplier, ensemble.customer, ensemble.n, ensemble.draws
    kind, need = np.asarray(sector, dtype=np.int64), np.asarray(essential)
    m = int(kind.max()) + 1
    need = np.full((m, m), int(need)) if need.ndim == 0 else need
    grade = need[kind[i], kind[j]]
    part = ensemble.amount / np.maximum(ensemble.purchases[d, j], 1e-300)
    group = (d * n + j) * m + kind[i]
    order = np.argsort(group, kind="stable")
    first = np.r_[True, np.diff(group[order]) > 0] if len(group) else np.zeros(0, dtype=bool)
    at = np.empty(len(group), dtype=np.int64)
    at[order] = np.cumsum(first) - 1
    same = added(at, ensemble.amount, int(first.sum()))
    inside = ensemble.bought_inside()[d, j] / np.maximum(ensemble.purchases[d, j], 1e-300)
    share = np.where(grade == 2, ensemble.amount / np.maximum(same[at], 1e-300) * inside, np.where(grade == 1, part, 0.0)) if len(group) else part
    usual = np.where(grade == 2, _usual(part, share, grade == 2), share)
    demand = ensemble.amount / np.maximum(ensemble.sales[d, i], 1e-300)
    sold = ensemble.sold_inside()
    market = np.zeros((draws, m))
    for k in range(m):
        market[:, k] = (sold * (1 - down))[:, kind == k].sum(axis=1)
    heavy = np.minimum(1.0, sold / np.maximum(market[:, kind], 1e-300)) * down
    spared = remaining >= 1
    means = [np.where(spared, loss.mean(axis=0), loss) for loss in (heavy, up)]
    two = np.r_[np.ones(len(i), dtype=bool), np.zeros(len(i), dtype=bool)]
    return _Hits(np.r_[d, d], np.r_[j, i], np.r_[i, j], two, np.r_[weight[j] * remaining[j] * share, weight[i] * remaining[i] * demand],
                 np.r_[weight[j] * remaining[j] * usual, weight[i] * remaining[i] * demand], np.r_[heavy[d, i], up[d, j]], np.r_[means[0][d, i], means[1][d, j]], n, draws)


def _usual(part: Floats, share: Floats, vital: Bools) -> Floats:
    """(links,) coefficient of an essential input expected from its share of all purchases: a regression on logarithms over all links of all draws."""
    seen = vital & (part > 0) & (share > 0)
    if seen.sum() < 3:
        return share
    x, y = np.log(part[seen]), np.log(share[seen])
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / max(float(((x - x.mean()) ** 2).sum()), 1e-300))
    away = y - y.mean() - slope * (x - x.mean())
    return np.minimum(np.exp(y.mean() + slope * (np.log(np.maximum(part, 1e-300)) - x.mean()) + away.var() / 2), 1.0)


def _gain(z: Floats, rest: Floats) -> Floats:
    """(n,) fall of the mean square of ``rest`` (draws,) when each column of z is known."""
    z = z - z.mean(axis=0)
    covariance, variance = rest @ z / len(rest), (z**2).mean(axis=0)
    slope = np.clip(covariance / np.maximum(variance, 1e-300), 0, MOST_SLOPE)
    return np.asarray(2 * slope * covariance - slope**2 * variance)


def _centred(values: Floats) -> Floats:
    return np.asarray(values - values.mean())


def _residual(x: Floats, y: Floats) -> Floats:
    return np.asarray(y - x @ np.linalg.lstsq(x, y, rcond=None)[0])


def _explained(x: Floats, values: list[Floats]) -> float:
    """Adjusted share of variance explained by the columns of x, mean over ``values``."""
    x = x - x.mean(axis=0)
    draws, p = x.shape
    if draws <= p + 2 or not values:
        return float("nan")
    return float(np.mean([np.clip(1 - (_residual(x, y).var() / max(float(y.var()), 1e-300)) * (draws - 1) / (draws - 1 - p), 0, 1) for y in values]))
