"""From scores to alarms: an alarm budget kept in every month, and firm alarms gathered into node and chain alarms.

The user says how many alarms can be looked at; the threshold follows. Scores of different months are made comparable by the upper tail of all
series in the same month (its location and its mean excess: the peaks-over-threshold view of Davison and Smith, *JRSS B* 52 (1990) 393–442). A score's
rank mixes its place in its own month, which keeps the budget in every month, with its place among recent months, which steadies it while series are
few. No month's rank needs a later month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
TAIL, TAIL_CASES, WIDEST_TAIL = 0.05, 20, 0.3
RECENT = 24  # months that a threshold looks back on, this one among them
PULL = 10  # tail cases by which a month's own ranks are drawn towards those of the recent months
GROUP_CHANCE = 0.001


@dataclass(frozen=True)
class AlarmLine:
    """Per month (T,): where the tail begins, its mean excess and its share; ``own`` (T, …) = the month's scores, sorted; ``recent`` (T, …) = sorted excesses of
    the recent months, each in its month's mean excess."""

    start: Floats
    excess: Floats
    tail: Floats
    own: tuple[Floats, ...]
    recent: tuple[Floats, ...]

    def rank(self, score: Floats) -> Floats:
        """(n, T): share of series-months expected to score as high or higher; NaN for NaN, 1 below the tail."""
        found = np.full(score.shape, np.nan)
        for t in range(score.shape[1]):
            now = score[:, t]
            cases = self.tail[t] * len(self.own[t])
            trust = cases / (cases + PULL)
            with np.errstate(invalid="ignore"):
                over = (now - self.start[t]) / self.excess[t]
                among_all = self.tail[t] * _share_above(self.recent[t], over, 1.0)
                mixed = np.exp(trust * np.log(_share_above(self.own[t], now, self.excess[t])) + (1 - trust) * np.log(among_all))
                found[:, t] = np.where(np.isfinite(over), np.where(over < 0, 1.0, mixed), np.nan)
        return found


def _share_above(sample: Floats, score: Floats, excess: float) -> Floats:
    """Share of the like expected as high or higher: k-th of m is k ÷ (m + 1), exponential between and beyond (a fresh case passes it with just that chance)."""
    m = len(sample)
    if not m:
        return np.ones(len(score))
    inside = np.exp(np.interp(score, sample, np.log(np.arange(m, 0, -1) / (m + 1))))
    return np.asarray(np.where(score > sample[-1], np.exp(-np.clip((score - sample[-1]) / excess, 0, 300)) / (m + 1), inside))


def alarm_line(score: Floats) -> AlarmLine:
    """The line learned from scores (n, T), NaN = unjudged; month t uses the scores of the ``RECENT`` months up to t."""
    months = score.shape[1]
    start, excess, tail = np.full(months, np.inf), np.ones(months), np.full(months, TAIL)
    own, recent, standard = [], [], []
    for t in range(months):
        now = np.sort(score[np.isfinite(score[:, t]), t])
        if len(now):
            tail[t] = np.clip(TAIL_CASES / len(now), TAIL, WIDEST_TAIL)
            start[t], excess[t] = _tail_of(now, tail[t])
        standard.append(((now - start[t]) / excess[t])[now >= start[t]])
        own.append(now)
        recent.append(np.sort(np.concatenate(standard[max(0, t - RECENT + 1):])))
    return AlarmLine(start, excess, tail, tuple(own), tuple(recent))


def _tail_of(values: Floats, share: float) -> tuple[float, float]:
    """Where the upper ``share`` begins and its mean excess."""
    start = float(np.quantile(values, 1 - share))
    over = values[values > start] - start
    return start, max(float(over.mean()) if len(over) else 0.0, 1e-6)


@dataclass(frozen=True)
class GroupAlarms:
    """Per group (G,) of one month: member firms judged, how many raise an alarm, their share of size, the chance of so many by luck, and whether that is an alarm."""

    firms: NDArray[np.int64]
    alarms: NDArray[np.int64]
    share: Floats
    chance: Floats
    alarm: Flags


def group_alarms(member: NDArray[np.int64], group: NDArray[np.int64], groups: int, alarm: Flags, judged: Flags, size: Floats, *, budget: float,
                 chance: float = GROUP_CHANCE, large: float = 0.3) -> GroupAlarms:
    """Node or chain alarms of one month.

    ``member``, ``group`` (L,) pair firm rows with groups (a firm may stand in several); ``alarm``, ``judged``, ``size`` are per firm (n,), size e.g. last year's
    output (NaN = unknown). A group raises an alarm when two or more of its firms do and so many are unlikely by luck (binomial at ``budget``,
    below ``chance``), or when the firms with alarms make ``large`` or more of its known size.
    """
    use = judged[member]
    firms = np.bincount(group[use], minlength=groups)
    hit = alarm[member] & use
    alarms = np.bincount(group[hit], minlength=groups)
    known = np.where(np.isfinite(size), size, 0.0)[member]
    whole = np.bincount(group, weights=known, minlength=groups)
    part = np.bincount(group[hit], weights=known[hit], minlength=groups)
    share = np.divide(part, whole, out=np.zeros(groups), where=whole > 0)
    luck = np.where(alarms > 0, binom.sf(alarms - 1, np.maximum(firms, 1), budget), 1.0)
    return GroupAlarms(firms, alarms, share, luck, ((alarms >= 2) & (luck < chance)) | ((alarms >= 1) & (share >= large)))


def group_surprise(member: NDArray[np.int64], group: NDArray[np.int64], groups: int, values: Floats, expected: Floats) -> tuple[Floats, Floats]:
    """(G, T) shortfall of each group's sum and its surprise: what a budget of firm alarms cannot show, all firms of a node down together.

    Sums run over firms whose value and expected value (n, T) are both known. The surprise is the log of value over expected, less its median so far, in
    its median absolute deviations so far (12 months or more), negative = below; NaN before.
    """
    both = np.isfinite(values) & np.isfinite(expected)
    there, hoped = (np.zeros((groups, values.shape[1])) for _ in range(2))
    np.add.at(there, group, np.where(both, values, 0.0)[member])
    np.add.at(hoped, group, np.where(both, expected, 0.0)[member])
    ratio = np.divide(there, hoped, out=np.full(there.shape, np.nan), where=hoped > 0)
    log = np.log(np.maximum(ratio, 0.02))
    surprise = np.full(ratio.shape, np.nan)
    for t in range(values.shape[1]):
        past = log[:, :t]
        ready = np.isfinite(past).sum(axis=1) >= 12
        if ready.any():
            middle = np.nanmedian(past[ready], axis=1)
            spread = 1.4826 * np.nanmedian(np.abs(past[ready] - middle[:, None]), axis=1)
            surprise[ready, t] = (log[ready, t] - middle) / np.maximum(spread, 0.01)
    return 1 - ratio, surprise
