"""When projects will reach a stage: waiting times and dropping out learnt from the stages' own history, and scored on it.

A project waits in a stage until it moves on, ends, or is still waiting on the day of looking (right-censored). By stage and month of waiting the two hazards are
counted (discrete-time competing risks: Tutz, Schmid 2016, ch. 4; Aalen, Johansen 1978), shrunk towards the stage's own rate and that towards the rate of all
stages, so that few projects say little. Chances to come to a later stage follow by convolution over the stages between (semi-Markov).

Months are 365.25/12 days. A stage that nobody dated counts as passed on the day of the next dated one. What was dated after the day of looking is not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MONTH = 365.25 / 12
LONGEST = 36
"""Months of waiting that are told apart; longer ones share the last hazard."""


@dataclass(frozen=True)
class Histories:
    """``arrived`` (P, S): day number on which each project came to each stage, NaN where it has not; ``ended`` (P,): day on which it was given up, else NaN."""

    arrived: Floats
    ended: Floats

    def known(self, day: float) -> Histories:
        """As it was known at the end of a day: later days have not happened; undated stages below a reached one are dated by it."""
        a = np.where(self.arrived <= day, self.arrived, np.nan)
        later = np.fmin.accumulate(a[:, ::-1], axis=1)[:, ::-1]
        return Histories(np.where(np.isnan(a), later, a), np.where(self.ended <= day, self.ended, np.nan))

    def stage(self) -> NDArray[np.int64]:
        """(P,): last stage reached, −1 for none."""
        reached = ~np.isnan(self.arrived)
        last = self.arrived.shape[1] - 1 - np.argmax(reached[:, ::-1], axis=1)
        return np.where(reached.any(axis=1), last, -1)

    def take(self, rows: Any) -> Histories:
        """Some of the projects, in the order of the index."""
        return Histories(self.arrived[rows], self.ended[rows])


@dataclass(frozen=True)
class StageModel:
    """``moves`` and ``ends`` (S, LONGEST + 1): chance in a month of waiting to move on and to be given up; ``waits`` counts the project-months behind each stage."""

    moves: Floats
    ends: Floats
    waits: Floats

    def reach(self, stage: Any, waited: Any, target: int, months: int) -> Floats:
        """(P, months + 1): chance to have come to ``target`` within 0, 1, … months of projects that have waited so many months in a stage; 1 where they are there."""
        stage, waited = np.asarray(stage, dtype=np.int64), np.minimum(np.asarray(waited, dtype=np.int64), LONGEST)
        fresh = self._fresh(target, months)
        found = np.zeros((stage.size, months + 1))
        found[stage >= target] = 1.0
        for s, w in {(int(a), int(b)) for a, b in zip(stage, waited, strict=True) if 0 <= a < target}:
            found[(stage == s) & (waited == w)] = _joined(self._leaves(s, w, months), fresh[s + 1])
        return found

    def _leaves(self, s: int, waited: int, months: int) -> Floats:
        """(months + 1,): chance to move on in exactly the k-th month from now."""
        at = np.minimum(waited + np.arange(months), LONGEST)
        move, end = self.moves[s, at], self.ends[s, at]
        stays = np.concatenate([[1.0], np.cumprod(1 - move - end)[:-1]]) if months else np.zeros(0)
        return np.concatenate([[0.0], stays * move])

    def _fresh(self, target: int, months: int) -> list[Floats]:
        """Per stage: chance to have come to the target within k months of just entering it."""
        found = [np.ones(months + 1)]
        for s in range(target - 1, -1, -1):
            leaves = self._leaves(s, 0, months)
            same = self.moves[s, 0] * 0.5  # half of those who move within the first month do so in the very month of arrival
            found.append(_joined(np.concatenate([[same], leaves[1:] * (1 - same)]), found[-1]))
        return found[::-1]


def _joined(first: Floats, then: Floats) -> Floats:
    """Chance of both within k months: the first in exactly j, the second within k − j."""
    return np.minimum(np.convolve(first, then)[: len(first)], 1.0)


def fit_stages(histories: Histories, day: float, *, strength: float = 20.0, stages: int | None = None) -> StageModel:
    """Hazards as known on a day. ``strength``: project-months that the wider rate counts for when a stage's or month's own are few."""
    known = histories.known(day)
    count = stages or known.arrived.shape[1]
    wait, moved, ended = (np.zeros((count, LONGEST + 1)) for _ in range(3))
    for s in range(count):
        came = known.arrived[:, s]
        nxt = known.arrived[:, s + 1] if s + 1 < known.arrived.shape[1] else np.full(len(came), np.nan)
        there = ~np.isnan(came)
        left = np.fmin(np.fmin(nxt, known.ended), day)
        held = np.maximum((left - came)[there] / MONTH, 0)
        by_move, by_end = ~np.isnan(nxt[there]), np.isnan(nxt[there]) & ~np.isnan(known.ended[there])
        full = np.minimum(held.astype(int), LONGEST)
        np.add.at(wait[s], full, np.where(by_move | by_end, 1.0, 0.0))
        for m in range(LONGEST):
            wait[s, m] += (full > m).sum()
        wait[s, LONGEST] += np.maximum(held.astype(int) - LONGEST, 0).sum()
        np.add.at(moved[s], full[by_move], 1)
        np.add.at(ended[s], full[by_end], 1)
    return StageModel(_shrunk(moved, wait, strength), _shrunk(ended, wait, strength), wait.sum(axis=1))


def _shrunk(events: Floats, wait: Floats, strength: float) -> Floats:
    """Rates by month, drawn to the stage's rate, drawn to the rate of all."""
    everyone = (events.sum() + 0.5) / (wait.sum() + 1)
    stage = (events.sum(axis=1) + strength * everyone) / (wait.sum(axis=1) + strength)
    rate = (events + strength * stage[:, None]) / (wait + strength)
    return np.asarray(np.clip(rate, 0, 0.49))


@dataclass(frozen=True)
class Chances:
    """``chance`` (P,) with a 90 % ``low`` and ``high`` from drawing the projects anew; NaN for projects that are ended or not begun."""

    chance: Floats
    low: Floats
    high: Floats


def chances(histories: Histories, day: float, target: int, months: int, *, draws: int = 100, seed: int = 0, strength: float = 20.0) -> Chances:
    """Chance of each living project to come to ``target`` within so many months of ``day``."""
    known = histories.known(day)
    live, stage, waited = _now(known, day)
    model = fit_stages(known, day, strength=strength)
    chance, rng = np.full(len(live), np.nan), np.random.default_rng(seed)
    chance[live] = model.reach(stage[live], waited[live], target, months)[:, -1]
    again = np.empty((draws, int(live.sum())))
    for at in range(draws):
        drawn = fit_stages(known.take(rng.integers(0, len(live), len(live))), day, strength=strength)
        again[at] = drawn.reach(stage[live], waited[live], target, months)[:, -1]
    low, high = np.full(len(live), np.nan), np.full(len(live), np.nan)
    if draws and live.any():
        low[live], high[live] = np.quantile(again, (0.05, 0.95), axis=0)
    return Chances(chance, low, high)


def _now(known: Histories, day: float) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
    """Which projects live on a day, their stage and the months that they have waited in it."""
    stage = known.stage()
    live = np.isnan(known.ended) & (stage >= 0)
    since = known.arrived[np.arange(len(stage)), np.maximum(stage, 0)]
    waited = np.where(live, np.nan_to_num((day - since) / MONTH), 0).astype(np.int64)
    return live, stage, waited


@dataclass(frozen=True)
class Landing:
    """What comes to the target in each period: ``mean`` with the 80 % range ``low`` to ``high``, in the unit of the amounts."""

    mean: Floats
    low: Floats
    high: Floats


def landing(histories: Histories, day: float, target: int, periods: Sequence[int], amount: Any, *, draws: int = 1000, seed: int = 0, strength: float = 20.0) -> Landing:
    """Sum of the amounts of projects that come to ``target`` by the end of each period (months from ``day``, rising), each period told apart.

    Projects move independently of each other given the hazards; the hazards are drawn anew with the projects, so the range holds both kinds of chance.
    """
    known = histories.known(day)
    live, stage, waited = _now(known, day)
    worth = np.nan_to_num(np.asarray(amount, dtype=float))
    going = live & (stage < target)
    last, rng = max(periods), np.random.default_rng(seed)
    models = [fit_stages(known.take(rng.integers(0, len(live), len(live))), day, strength=strength) for _ in range(min(draws, 50))] if going.any() else []
    edges = np.array([0, *periods])
    sums = np.zeros((draws, len(periods)))
    curves = [m.reach(stage[going], waited[going], target, last)[:, edges] for m in models]
    for at in range(draws if curves else 0):
        u = rng.random(int(going.sum()))[:, None]
        within = curves[at % len(curves)]
        sums[at] = worth[going] @ ((u >= within[:, :-1]) & (u < within[:, 1:]))
    exact = fit_stages(known, day, strength=strength).reach(stage[going], waited[going], target, last)[:, edges]
    mean = worth[going] @ np.diff(exact, axis=1) if going.any() else np.zeros(len(periods))
    low, high = np.quantile(sums, (0.1, 0.9), axis=0)
    return Landing(np.asarray(mean), low, high)


@dataclass(frozen=True)
class Score:
    """Brier scores over ``n`` project-days of ``projects`` projects: ours, of the base rate known by then, and of taking the plan at its word (NaN without plans).

    ``ece`` is the mean gap between told and seen by tenths of the chance; ``bins`` hold (mean told, share seen, n). ``better`` counts the days on which ours beat the base rate, of ``days``.
    """

    n: int
    projects: int
    brier: float
    base: float
    plan: float
    n_plan: int
    ece: float
    bins: tuple[tuple[float, float, int], ...]
    better: int
    days: int
    low: float
    high: float
    """95 % interval of ``base − brier`` by drawing projects anew: above 0 means better than the base rate."""


def score_history(histories: Histories, day: float, target: int, months: int, cutoffs: Sequence[float], *, planned: Any = None, strength: float = 20.0, seed: int = 0) -> Score | None:
    """How good such chances would have been on past days: fitted on what was known then, judged by what came within the months. None when no day has an answer yet."""
    rows: list[tuple[int, float, float, float, float]] = []
    better = days = 0
    plan_day = None if planned is None else np.asarray(planned, dtype=float)
    for cut in sorted(cutoffs):
        if cut + months * MONTH > day:
            continue
        known = histories.known(cut)
        live, stage, waited = _now(known, cut)
        going = np.flatnonzero(live & (stage < target))
        if not going.size:
            continue
        told = fit_stages(known, cut, strength=strength).reach(stage[going], waited[going], target, months)[:, -1]
        came = histories.known(cut + months * MONTH).arrived[going, target]
        seen = (~np.isnan(came)).astype(float)
        base = _base_rate(histories, cut, target, months)
        plan = np.full(going.size, np.nan) if plan_day is None else np.where(np.isnan(plan_day[going]), np.nan, (plan_day[going] <= cut + months * MONTH).astype(float))
        rows += list(zip(going.tolist(), told.tolist(), seen.tolist(), [base] * going.size, plan.tolist(), strict=True))
        days += 1
        better += bool(((told - seen) ** 2).mean() < ((base - seen) ** 2).mean())
    return _scored(rows, better, days, seed) if rows else None


def _base_rate(histories: Histories, cut: float, target: int, months: int) -> float:
    """Share of the projects under way a horizon before the day that had come to the target by it: what was known then; one half of nothing known."""
    before = cut - months * MONTH
    live, stage, _ = _now(histories.known(before), before)
    going = live & (stage < target)
    came = ~np.isnan(histories.known(cut).arrived[:, target])
    return float((came[going].sum() + 0.5) / (going.sum() + 1))


def _scored(rows: list[tuple[int, float, float, float, float]], better: int, days: int, seed: int) -> Score:
    who, told, seen, base, plan = (np.asarray(column, dtype=float) for column in zip(*rows, strict=True))
    ours, theirs = (told - seen) ** 2, (base - seen) ** 2
    with_plan = ~np.isnan(plan)
    tenth = np.minimum((told * 10).astype(int), 9)
    bins = tuple((float(told[tenth == b].mean()), float(seen[tenth == b].mean()), int((tenth == b).sum())) for b in range(10) if (tenth == b).any())
    ece = sum(n * abs(a - b) for a, b, n in bins) / len(rows)
    people, at = np.unique(who, return_inverse=True)
    gain, weight = np.bincount(at, theirs - ours), np.bincount(at)
    drawn = np.random.default_rng(seed).multinomial(len(people), np.full(len(people), 1 / len(people)), size=1000)
    low, high = np.quantile((drawn @ gain) / np.maximum(drawn @ weight, 1), (0.025, 0.975))
    return Score(len(rows), len(people), float(ours.mean()), float(theirs.mean()), float(((plan - seen) ** 2)[with_plan].mean()) if with_plan.any() else float("nan"), int(with_plan.sum()),
                 float(ece), bins, better, days, float(low), float(high))
