"""What the firms that answered teach about the others: how likely a link is, how large, and how much is traded inside the district.

*Links* follow a fitness model inside sector pairs with a decay in distance (Cimini, Squartini, Garlaschelli & Gabrielli, *Sci. Rep.* 5 (2015) 15758, the
density-corrected gravity model; with input shares Ialongo et al., *Sci. Rep.* 12 (2022) 11847, and Fessina et al., arXiv 2408.02467): the number of dealings
of supplier i (sector k) with customer j (sector l) is Poisson with rate

    λ_ij = exp(b₀) · (s_i / S_k)^b₁ · (c_j / c̄)^b₂ · A_kl^b₃ · (1 + d_ij / d₀)^b₄ · e_kl · u_i · v_j · r_kj,

so that a link exists with probability 1 − exp(−λ_ij) (Norros & Reittu, *Adv. Appl. Prob.* 38 (2006) 59–75). e, u, v and r are Gamma effects with mean 1 of the
sector pair, the supplier, the customer, and the customer's own recipe (a firm that buys once from a sector buys there again: the stripes of Fessina et al.).
They make degrees heavy-tailed, and a supplier named often in the answers is known to be popular. Coefficients are
the mode of a posterior with weak priors around gravity, with Laplace's covariance widened by the dispersion of degrees; the effects' shapes come from moments.
*Amounts* and *shares traded inside* are Bayesian linear regressions on logarithms and logits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liantu.methods.ensemble_known import Bools, Known, added, arrays
from liantu.methods.text import Floats, Ints

LEAST_SHARE = 1e-3  # an input share below this is taken for this: tables are coarse
MOST_PAIRS = 300_000  # pairs of the answers that a fit looks at; beyond, non-links are sampled and weighted
# prior means and standard deviations of the coefficients: about eight suppliers inside the district for a firm of mean size, gravity with exponents below one
LINK_PRIOR = (np.array([2.1, 0.6, 0.5, 0.7, -1.0]), np.array([1.5, 0.4, 0.3, 0.4, 1.0]))
AMOUNT_PRIOR = (np.array([-3.0, 0.5, 0.5, 0.3]), np.array([2.0, 0.3, 0.3, 0.3]))  # of log(amount / geometric mean of sales)
AMOUNT_SPREAD, PRIOR_CASES = 1.2, 5.0  # standard deviation of log amounts before any answer, and the number of answers that it weighs
RECIPE_SPREAD = 0.8  # of the logarithm of a firm's input shares against the table's, before any answer
MOST_DISPERSION = 8.0  # largest variance of an effect


@dataclass(frozen=True)
class Line:
    """A linear regression with known uncertainty: ``mean`` (f,), ``root`` (f, f) with root·rootᵀ = covariance, ``spread`` of one case."""

    mean: Floats
    root: Floats
    spread: float

    def draw(self, draws: int, chance: np.random.Generator) -> Floats:
        """(draws, f) coefficients."""
        return self.mean + chance.standard_normal((draws, len(self.mean))) @ self.root.T


@dataclass(frozen=True)
class Learnt:
    """``link``, ``amount``, ``bought`` and ``sold`` (logit of the share traded inside, on log degree); ``dispersion`` (4,): variances of the effects of
    sector pair, supplier, customer and recipe; ``recipe_spread``: standard
    deviation of the logarithm of a firm's input shares against the table's; ``pairs``: pairs looked at."""

    link: Line
    amount: Line
    bought: Line
    sold: Line
    dispersion: Floats
    recipe_spread: float
    pairs: int


@dataclass(frozen=True)
class Effects:
    """Gamma posteriors (shape, rate) of the effects: sector pairs (m, m), suppliers (n,), customers (n,), recipes (m, n)."""

    pair: tuple[Floats, Floats]
    supplier: tuple[Floats, Floats]
    customer: tuple[Floats, Floats]
    recipe: tuple[Floats, Floats]


def total_lines(known: Known) -> tuple[Line, Line]:
    """Regressions of log sales and log purchases on log size, for firms whose totals are missing; without sizes, on nothing."""
    size = np.ones(known.n) if known.size is None else np.asarray(known.size, dtype=float)
    x = np.column_stack([np.ones(known.n), _log(size)])
    lines = []
    for values in (np.asarray(known.sales), np.asarray(known.purchases)):
        seen = np.isfinite(values) & (values > 0) & np.isfinite(x[:, 1])
        if not seen.any():
            raise ValueError("no firm has a known total")
        y = np.log(values[seen])
        centre = np.array([y.mean() - x[seen, 1].mean(), 1.0])
        lines.append(ridge(x[seen], y, (centre, np.array([10.0, 0.5])), 1.0))
    return lines[0], lines[1]


def fill_totals(known: Known, lines: tuple[Line, Line], draws: int, chance: np.random.Generator | None) -> tuple[Floats, Floats]:
    """Sales and purchases (draws, n): as known, else drawn from the regression; its centre without ``chance``."""
    size = np.ones(known.n) if known.size is None else np.asarray(known.size, dtype=float)
    x = np.nan_to_num(np.column_stack([np.ones(known.n), _log(size)]))
    filled = []
    i, j, amount = arrays(known)
    for values, line, end in zip((known.sales, known.purchases), lines, (i, j), strict=True):
        values = np.repeat(np.asarray(values, dtype=float)[None], draws, axis=0)
        at = np.flatnonzero(~np.isfinite(values[0]))
        if len(at):
            coefficient = np.tile(line.mean, (draws, 1)) if chance is None else line.draw(draws, chance)
            noise = 0.0 if chance is None else line.spread * chance.standard_normal((draws, len(at)))
            linked = added(end, np.nan_to_num(amount), known.n)
            values[:, at] = np.maximum(np.exp(coefficient @ x[at].T + noise), linked[at])
        filled.append(values)
    return filled[0], filled[1]


def learn(known: Known) -> Learnt:
    """Fit everything on the answers; with few answers the priors speak. Deterministic. About linear in the pairs looked at (at most 300,000 and all links)."""
    sales, purchases = (t[0] for t in fill_totals(known, total_lines(known), 1, None))
    i, j, y, weight = observed(known)
    x = link_features(known, sales, purchases, i, j)
    mean, precision = _fit_links(x, y, weight, *LINK_PRIOR)
    rate = np.exp(np.clip(x @ mean, -30, 5)) * weight
    _, dispersion = _effects(known, i, j, y, rate)
    firm = np.where(np.asarray(known.suppliers_complete)[j], j, i)
    expected, count = added(firm, rate, known.n), added(firm, y, known.n)
    seen = expected > 0
    widen = max(1.0, float(((count - expected)[seen] ** 2 / expected[seen]).sum() / max(seen.sum(), 1))) if seen.any() else 1.0
    prior = np.diag(LINK_PRIOR[1] ** -2.0)
    root = np.linalg.cholesky(np.linalg.inv((precision - prior) / widen + prior))
    bought, sold = _inside(known, purchases, np.asarray(known.suppliers_complete), 1), _inside(known, sales, np.asarray(known.customers_complete), 0)
    return Learnt(Line(mean, root, 0.0), _fit_amounts(known, sales, purchases), bought, sold, dispersion, _recipe_spread(known), len(y))


def effects(known: Known, learnt: Learnt) -> Effects:
    """What these answers say of each sector pair, supplier and customer."""
    sales, purchases = (t[0] for t in fill_totals(known, total_lines(known), 1, None))
    i, j, y, weight = observed(known)
    rate = np.exp(np.clip(link_features(known, sales, purchases, i, j) @ learnt.link.mean, -30, 5)) * weight
    return _effects(known, i, j, y, rate, learnt.dispersion)[0]


def observed(known: Known) -> tuple[Ints, Ints, Floats, Floats]:
    """Supplier, customer, whether linked, and weight, of the pairs for which an end has answered; all, or all links and a sample of the rest."""
    told_j, told_i = np.flatnonzero(np.asarray(known.suppliers_complete)), np.flatnonzero(np.asarray(known.customers_complete))
    silent = np.flatnonzero(~np.asarray(known.suppliers_complete))
    columns, rows = len(told_j) * known.n, len(told_i) * len(silent)
    take = np.arange(columns + rows)
    if columns + rows > MOST_PAIRS:
        take = np.sort(np.random.default_rng(0).choice(columns + rows, MOST_PAIRS, replace=False, shuffle=False))
    first = take[take < columns]
    rest = take[take >= columns] - columns
    i = np.r_[first % known.n, told_i[rest // max(len(silent), 1)] if len(rest) else rest].astype(np.int64)
    j = np.r_[told_j[first // known.n] if len(first) else first, silent[rest % max(len(silent), 1)] if len(rest) else rest].astype(np.int64)
    a, b, _ = arrays(known)
    link = np.asarray(known.suppliers_complete)[b] | np.asarray(known.customers_complete)[a]
    a, b = a[link], b[link]
    other = (i != j) & ~np.isin(i * known.n + j, a * known.n + b)
    i, j = i[other], j[other]
    weight = max(columns + rows - len(a) - len(told_j) - len(np.intersect1d(told_i, silent)), 0) / max(len(i), 1)
    return np.r_[a, i], np.r_[b, j], np.r_[np.ones(len(a)), np.zeros(len(i))], np.r_[np.ones(len(a)), np.full(len(i), weight)]


def link_features(known: Known, sales: Floats, purchases: Floats, i: Ints, j: Ints) -> Floats:
    """(pairs, 5): one, log share of the supplier in its sector's sales, log purchases over their mean, log input share, log distance."""
    supply, demand = firm_features(known, sales[None], purchases[None])
    shares = np.log(np.maximum(np.asarray(known.shares), LEAST_SHARE))
    sector = np.asarray(known.sector)
    return np.column_stack([np.ones(len(i)), supply[0, i], demand[0, j], shares[sector[i], sector[j]], log_distance(known, i, j)])


def firm_features(known: Known, sales: Floats, purchases: Floats) -> tuple[Floats, Floats]:
    """(draws, n) log share of its sector's sales and log purchases over the mean of the district's logarithms' exponential (both free of units)."""
    by_sector = np.zeros((len(sales), known.m))
    sector = np.asarray(known.sector)
    for k in range(known.m):
        by_sector[:, k] = sales[:, sector == k].sum(axis=1)
    with np.errstate(divide="ignore"):
        supply = np.log(sales / np.maximum(by_sector[:, sector], 1e-300))
        demand = np.log(purchases / np.maximum(purchases.mean(axis=1, keepdims=True), 1e-300))
    return np.maximum(supply, -12.0), np.maximum(demand, -12.0)


def log_distance(known: Known, i: Ints, j: Ints) -> Floats:
    """(pairs,) log(1 + d / d₀); zero without coordinates."""
    if known.place is None:
        return np.zeros(len(i))
    place = np.asarray(known.place, dtype=float)
    return np.asarray(np.log1p(np.sqrt(((place[i] - place[j]) ** 2).sum(axis=1)) / distance_unit(known)))


def distance_unit(known: Known) -> float:
    """d₀: a quarter of the root-mean-square distance of the firms from their centre."""
    place = np.asarray(known.place, dtype=float)
    return max(0.25 * float(np.sqrt(((place - place.mean(axis=0)) ** 2).sum(axis=1).mean())), 1e-300)


def amount_features(known: Known, sales: Floats, purchases: Floats, draw: Ints, i: Ints, j: Ints) -> Floats:
    """(links, 4): one, log sales and log purchases over the geometric mean of sales, log input share."""
    log_sales, log_purchases = _log(sales), _log(purchases)
    middle = scale(sales)
    sector = np.asarray(known.sector)
    share = np.log(np.maximum(np.asarray(known.shares), LEAST_SHARE))[sector[i], sector[j]]
    return np.column_stack([np.ones(len(i)), log_sales[draw, i] - middle[draw], log_purchases[draw, j] - middle[draw], share])


def scale(sales: Floats) -> Floats:
    """(draws,) logarithm of the geometric mean of positive sales: the unit of money."""
    positive = sales > 0
    return np.where(positive, _log(sales), 0).sum(axis=1) / np.maximum(positive.sum(axis=1), 1)


def ridge(x: Floats, y: Floats, prior: tuple[Floats, Floats], spread: float) -> Line:
    """Bayesian linear regression with independent normal priors (mean, standard deviation); the spread of a case is learnt, ``spread`` weighing five cases."""
    precision = np.diag(prior[1] ** -2.0)
    sigma = spread
    for _ in range(3):
        inverse = np.linalg.inv(x.T @ x / sigma**2 + precision)
        mean = inverse @ (x.T @ y / sigma**2 + precision @ prior[0])
        sigma = float(np.sqrt((((y - x @ mean) ** 2).sum() + PRIOR_CASES * spread**2) / (len(y) + PRIOR_CASES)))
    return Line(mean, np.linalg.cholesky(inverse), sigma)


def _fit_links(x: Floats, y: Floats, weight: Floats, centre: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """Posterior mode and precision of the complementary log-log model 1 − exp(−exp(x·b)), by Fisher scoring with halved steps."""
    prior = spread**-2.0

    def value(b: Floats) -> float:
        rate = np.exp(np.clip(x @ b, -30, 5))
        return float((weight * np.where(y > 0, np.log(-np.expm1(-rate)), -rate)).sum() - 0.5 * (prior * (b - centre) ** 2).sum())

    b, best = centre.copy(), value(centre)
    precision = np.diag(prior)
    for _ in range(50):
        rate = np.exp(np.clip(x @ b, -30, 5))
        odds = rate / np.expm1(rate)
        slope = x.T @ (weight * np.where(y > 0, odds, -rate)) - prior * (b - centre)
        precision = (x * (weight * rate * odds)[:, None]).T @ x + np.diag(prior)
        step = np.linalg.solve(precision, slope)
        while (new := value(b + step)) < best and np.abs(step).max() > 1e-9:
            step = step / 2
        b, gain, best = b + step, new - best, new
        if gain < 1e-8:
            break
    return b, precision


def _effects(known: Known, i: Ints, j: Ints, y: Floats, rate: Floats, dispersion: Floats | None = None) -> tuple[Effects, Floats]:
    """Gamma–Poisson posteriors, level after level, each given the means of those before: sector pairs, suppliers, customers, recipes."""
    n, m, sector, learnt = known.n, known.m, np.asarray(known.sector), np.zeros(4)
    parts = []
    for level, (at, shape) in enumerate(((sector[i] * m + sector[j], (m, m)), (i, (n,)), (j, (n,)), (sector[i] * n + j, (m, n)))):
        size = int(np.prod(shape))
        count, expected = added(at, y, size), added(at, rate, size)
        learnt[level] = _dispersion(count, expected) if dispersion is None else dispersion[level]
        alpha = 1 / learnt[level]
        rate = rate * ((alpha + count) / (alpha + expected))[at]
        parts.append(((alpha + count).reshape(shape), (alpha + expected).reshape(shape)))
    return Effects(*parts), learnt


def _dispersion(count: Floats, expected: Floats) -> float:
    """Moment estimate of the variance of a Gamma effect behind Poisson counts, drawn to 1/2 as by twenty expected links; never quite zero."""
    excess, mass = ((count - expected) ** 2 - count).sum(), (expected**2).sum()
    own = float(np.clip(excess / mass, 0.0, MOST_DISPERSION)) if mass > 0 else 0.5
    cases = float(expected.sum()) / 4
    return max((cases * own + PRIOR_CASES * 0.5) / (cases + PRIOR_CASES), 1e-3)


def _fit_amounts(known: Known, sales: Floats, purchases: Floats) -> Line:
    i, j, amount = arrays(known)
    seen = np.isfinite(amount) & (amount > 0)
    i, j = i[seen], j[seen]
    x = amount_features(known, sales[None], purchases[None], np.zeros(len(i), dtype=np.int64), i, j)
    return ridge(x, np.log(amount[seen]) - scale(sales[None])[0], AMOUNT_PRIOR, AMOUNT_SPREAD)


def _recipe_spread(known: Known) -> float:
    """How the amounts that an answering buyer gets from its supplier sectors scatter around the table's shares, on the logarithm, inside each buyer."""
    i, j, amount = arrays(known)
    sector = np.asarray(known.sector)
    shares = np.asarray(known.shares)[sector[i], sector[j]]
    seen = np.asarray(known.suppliers_complete)[j] & np.isfinite(amount) & (amount > 0) & (shares >= LEAST_SHARE)
    group, at = np.unique(j[seen] * known.m + sector[i[seen]], return_inverse=True)
    buyer, k = group // known.m, group % known.m
    y = _log(added(at, amount[seen], len(group))) - _log(np.asarray(known.shares)[k, sector[buyer]])
    count = np.bincount(buyer, minlength=known.n)
    away = y - (added(buyer, y, known.n) / np.maximum(count, 1))[buyer]
    free = len(y) - int((count > 0).sum())
    return float(np.sqrt(((away**2).sum() + PRIOR_CASES * RECIPE_SPREAD**2) / (free + PRIOR_CASES)))


def _inside(known: Known, total: Floats, complete: Bools, end: int) -> Line:
    """The share of a total that is traded inside, on the logarithm of one plus the number of partners; of firms whose list is complete with amounts."""
    links = arrays(known)
    at, amount = links[end], links[2]
    degree = np.bincount(at, minlength=known.n)
    inside = added(at, amount, known.n)
    seen = complete & (degree > 0) & np.isfinite(inside) & (total > 0)
    share = np.clip(inside[seen] / total[seen], 0.005, 0.98)
    middle = np.log(np.clip(known.inside, 0.01, 0.99) / (1 - np.clip(known.inside, 0.01, 0.99)))
    prior = np.array([middle, 0.5]), np.array([max(known.inside_spread, 1e-3), 0.3])
    x = np.column_stack([np.ones(seen.sum()), np.log1p(degree[seen]) - np.log1p(5)])
    return ridge(x, np.log(share / (1 - share)), prior, known.inside_spread)


def _log(values: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(values, 1e-300)))
