"""Shocks followed through every network of an ensemble, and the interval that results, calibrated on the answers themselves.

*Calibration* hides answers inside the district's own data and needs no other truth: among the firms that have answered, all mutual links are known, so that
every closure can be followed exactly on the network of these firms alone. As many of their answers are hidden as are missing in the district, networks are
drawn, the same closures are followed on the draws, and the ends of the interval are moved until they hold for the hidden truth at the stated level: split
conformal quantiles of the distance from the median, in units of the half-widths on the logarithm (Vovk, Gammerman & Shafer, *Algorithmic Learning in a Random
World*, 2005; Romano, Patterson & Candès, NeurIPS 2019). An interval is never made narrower than the draws are.

>>> low, middle, high = interval(np.arange(101.0)[:, None], np.zeros(1))
>>> low.round(9).tolist(), middle.tolist(), high.round(9).tolist()
([10.0], [50.0], [90.0])
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from liantu.methods.cascade import FirmNetwork, shock
from liantu.methods.ensemble_draw import Ensemble, draw_networks
from liantu.methods.ensemble_known import Known
from liantu.methods.ensemble_learn import Learnt, learn
from liantu.methods.text import Floats

LEAST = 0.01  # losses beyond the shocked firms are compared on log(loss + this share of the shocked firms' own loss)
LANES, BLOCK = 8, 6_000  # shocks that the engine follows side by side; firms in a block of draws
ROUNDS, MOST_CLOSED, FEWEST_CASES = 3, 100, 20


@dataclass(frozen=True)
class Losses:
    """``loss`` (draws, k, q): weight lost with shock k, in the weight's own unit; ``own`` (k, q): what the shocked firms themselves lose at the start, known
    beforehand; ``down`` and ``up`` (draws, k, n): lost share of each firm by want of inputs and by want of demand (without draws unless asked for)."""

    loss: Floats
    own: Floats
    down: Floats
    up: Floats

    @property
    def beyond(self) -> Floats:
        """(draws, k, q) lost by others than the shocked firms, and by these beyond the start."""
        return np.maximum(self.loss - self.own, 0)


@dataclass(frozen=True)
class Calibration:
    """How far the ends move: the half-widths on the logarithm are multiplied by ``low`` and ``high`` (≥ 1). ``cases`` closures were compared, ``held`` is the
    share of them inside the interval as drawn; with fewer than twenty cases nothing is moved and the interval is to be called uncalibrated."""

    low: float = 1.0
    high: float = 1.0
    cases: int = 0
    held: float = float("nan")
    level: float = 0.8


def losses(ensemble: Ensemble, sector: ArrayLike, essential: ArrayLike, remaining: ArrayLike, weights: ArrayLike, *, states: bool = False, tolerance: float = 1e-6) -> Losses:
    """Run shocks on every draw.

    ``remaining`` (n,) or (k, n) in [0, 1]; ``weights`` (n,) or (n, q): output, jobs, tax; ``essential`` and ``tolerance`` as in :func:`liantu.methods.cascade.shock`.
    """
    low = np.atleast_2d(np.asarray(remaining, dtype=float))
    weight = np.asarray(weights, dtype=float).reshape(ensemble.n, -1)
    (k, n), kind = low.shape, np.asarray(sector, dtype=np.int64)
    loss = np.zeros((ensemble.draws, k, weight.shape[1]))
    down, up = (np.zeros((ensemble.draws if states else 0, k, n)) for _ in range(2))
    block = 1 if k >= LANES else max(1, BLOCK // n)  # with few shocks, many draws side by side as one network of separate parts
    for at in range(0, ensemble.draws, block):
        parts = np.arange(at, min(at + block, ensemble.draws))
        first, last = np.searchsorted(ensemble.draw, [parts[0], parts[-1] + 1])
        shift = (ensemble.draw[first:last] - at) * n
        market = (np.arange(len(parts))[:, None] * (int(kind.max()) + 1) + kind).ravel()
        network = FirmNetwork(len(parts) * n, ensemble.supplier[first:last] + shift, ensemble.customer[first:last] + shift, ensemble.amount[first:last],
                              np.tile(kind, len(parts)), essential, market=market, sales=ensemble.sales[parts].ravel(), purchases=ensemble.purchases[parts].ravel())
        found = shock(network, np.tile(low, len(parts)), tolerance=tolerance)
        level = found.level.reshape(k, len(parts), n).transpose(1, 0, 2)
        loss[parts] = (1 - level) @ weight
        if states:
            down[parts], up[parts] = (1 - part.reshape(k, len(parts), n).transpose(1, 0, 2) for part in (found.down, found.up))
    return Losses(loss, (1 - low) @ weight, down, up)


def closures(firms: ArrayLike, n: int) -> Floats:
    """(k, n) remaining output when each of k firms closes alone."""
    chosen = np.asarray(firms, dtype=np.int64)
    remaining = np.ones((len(chosen), n))
    remaining[np.arange(len(chosen)), chosen] = 0
    return remaining


def interval(beyond: Floats, own: Floats, *, level: float = 0.8, calibration: Calibration | None = None) -> tuple[Floats, Floats, Floats]:
    """(low, median, high) of the losses beyond the shocked firms' own: central ``level`` of the draws (first axis), moved as calibrated; never below zero."""
    low, middle, high = np.quantile(beyond, [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0)
    if calibration is None or (calibration.low, calibration.high) == (1.0, 1.0):
        return low, middle, high
    base = np.maximum(LEAST * own, 1e-300)
    centre = np.log(middle + base)
    moved_low = np.exp(centre - calibration.low * (centre - np.log(low + base))) - base
    moved_high = np.exp(centre + calibration.high * (np.log(high + base) - centre)) - base
    return np.clip(moved_low, 0, low), middle, np.maximum(moved_high, high)


def calibrate(known: Known, essential: ArrayLike, weights: ArrayLike, *, level: float = 0.8, draws: int = 100, seed: int = 0, learnt: Learnt | None = None) -> Calibration:
    """Calibrate closures of single firms for one weight (n,) on the firms that have told both lists (see the module's text)."""
    told = np.flatnonzero(known.answered)
    chance = np.random.default_rng([seed, 7])
    keep = round(len(told) * len(told) / max(known.n, 1))
    if len(told) * ROUNDS < FEWEST_CASES or len(told) - keep < 2:
        return Calibration(level=level)
    learnt = learn(known) if learnt is None else learnt
    sector, weight = np.asarray(known.sector)[told], np.asarray(weights, dtype=float)[told]
    truth = draw_networks(known, ROUNDS, seed=seed, learnt=learnt).within(told)  # amounts and totals that were not told are drawn
    moves = []
    for at in range(ROUNDS):
        hidden = chance.choice(told, len(told) - keep, replace=False)
        closed = closures(chance.permutation(len(told))[:MOST_CLOSED], len(told))
        drawn = draw_networks(known.hide(hidden), draws, seed=seed * ROUNDS + at + 1, learnt=learnt).within(told)
        said = losses(drawn, sector, essential, closed, weight)
        real = losses(truth, sector, essential, closed, weight).beyond[at]
        moves.append(_moves(said.beyond[..., 0], real[:, 0], said.own[:, 0], level))
    move = np.concatenate(moves)
    tail = (1 - level) / 2
    rank = min(1.0, (1 - tail) * (1 + 1 / len(move)))
    return Calibration(max(1.0, float(np.quantile(-move, rank))), max(1.0, float(np.quantile(move, rank))), len(move), float((np.abs(move) <= 1 + 1e-9).mean()), level)


def _moves(said: Floats, real: Floats, own: Floats, level: float) -> Floats:
    """(k,) where the real losses lie: 0 at the median, −1 and 1 at the ends of the interval as drawn."""
    base = np.maximum(LEAST * own, 1e-300)
    low, middle, high = (np.log(end + base) for end in interval(said, own, level=level))
    away = np.log(real + base) - middle
    return np.asarray(away / np.maximum(np.where(away < 0, middle - low, high - middle), 1e-3))


def revealed(known: Known, ensemble: Ensemble, draw: int, firms: ArrayLike) -> Known:
    """What would be known if these firms answered and this draw were true: for weighing answers before they are given."""
    asked = np.zeros(known.n, dtype=bool)
    asked[np.asarray(firms, dtype=np.int64)] = True
    i, j, amount, sales, purchases = ensemble.network(draw)
    mine = asked[i] | asked[j]
    told = [int(f) for f in np.flatnonzero(asked)]
    more = replace(known, sales=np.where(asked, sales, known.sales), purchases=np.where(asked, purchases, known.purchases))
    return more.tell(i[mine], j[mine], amount[mine], suppliers_of=told, customers_of=told)
