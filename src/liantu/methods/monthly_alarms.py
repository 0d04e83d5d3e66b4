"""From scores to alarms: an alarm budget kept in every month, and firm alarms gathered into node and chain alarms.

The user says how many alarms can be looked at; the threshold follows. Scores of different months are made comparable by the upper tail of all
series in the same month (its location and its mean excess: the peaks-over-threshold view of Davison and Smith, *JRSS B* 52 (1990) 393–442), then
ranked together over all months so far. No month's rank needs a later month.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
TAIL, TAIL_CASES, WIDEST_TAIL = 0.05, 20, 0.3
PULL = 200  # cases by which a month's own tail is drawn towards that of all months so far
GROUP_CHANCE = 0.001


@dataclass(frozen=True)
class AlarmLine:
    """Per month (T,): where the tail begins, its mean excess and its share; ``sample`` (T, …) = sorted excesses known by then, in mean excesses."""

    start: Floats
    excess: Floats
    tail: Floats
    sample: tuple[Floats, ...]

    def rank(self, score: Floats) -> Floats:
        """(n, T): share of series-months expected to score as high or higher; NaN for NaN. Values above the tail's share mean only "in the bulk"."""
        found = np.full(score.shape, np.nan)
        for t in range(score.shape[1]):
            with np.errstate(invalid="ignore"):
                over = (score[:, t] - self.start[t]) / self.excess[t]
                sample = self.sample[t]
                above = (len(sample) - np.searchsorted(sample, over, side="left") + 0.5) / (len(sample) + 1)
                # beyond the largest seen, an exponential tail keeps the order
                top = sample[-1] if len(sample) else 0.0
                above = np.where(over > top, 0.5 / (len(sample) + 1) * np.exp(-np.clip(over - top, 0, 500)), above)
                found[:, t] = np.where(np.isfinite(score[:, t]), np.where(over < 0, 1.0, self.tail[t] * above), np.nan)
        return found


def alarm_line(score: Floats) -> AlarmLine:
    """The line learned from scores (n, T), NaN = unjudged; month t uses the scores of months up to t."""
    months = score.shape[1]
    start, excess, tail = np.full(months, np.inf), np.ones(months), np.full(months, TAIL)
    sample: list[Floats] = []
    kept: list[Floats] = []
    for t in range(months):
        now = score[np.isfinite(score[:, t]), t]
        if len(now):
            kept.append(now)
            tail[t] = np.clip(TAIL_CASES / len(now), TAIL, WIDEST_TAIL)
            past = np.concatenate(kept)
            own, all_so_far = _tail_of(now, tail[t]), _tail_of(past, tail[t])
            trust = len(now) / (len(now) + PULL)
            start[t], excess[t] = (trust * a + (1 - trust) * b for a, b in zip(own, all_so_far, strict=True))
        pooled = [(row - start[s]) / excess[s] for s, row in zip(_judged(score, t), kept, strict=True)]
        together = np.concatenate(pooled) if pooled else np.empty(0)
        sample.append(np.sort(together[together >= 0]))
    return AlarmLine(start, excess, tail, tuple(sample))


def _judged(score: Floats, until: int) -> list[int]:
    return [s for s in range(until + 1) if np.isfinite(score[:, s]).any()]


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
