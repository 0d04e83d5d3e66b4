"""Troubles planted for the watch, and false friends that must not be told: slow declines, slack seasons, maintenance, the Spring Festival.

They draw from a stream of chance of their own, so that everything else in the district stays as it is. Yearly outputs are not touched
(only 2026, which has no yearly figure yet); electricity is, before its yearly sums are taken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from liantu.demo.firms import Firm

if TYPE_CHECKING:
    from liantu.demo.figures import Figures

RAMP, RAMP_START = 0.94, 38  # share left each month (unit: 1); March 2026
SLACK_MONTHS, SLACK = (9, 10, 11), 0.35  # calendar months and share left (unit: 1) of firms with a slack season
REPAIR_MONTH, REPAIR = 45, 0.25  # October 2026; share left (unit: 1)
FESTIVAL_IN = {2023: 1, 2024: 2, 2025: 1, 2026: 2}  # month of the Spring Festival (22 Jan 2023, 10 Feb 2024, 29 Jan 2025, 17 Feb 2026)
FESTIVAL, BESIDE = 0.70, 1.05  # share of electricity in the festival's month and in the month beside it (unit: 1)
STEADY = (0.99, 1.04)  # 2026 of a chosen firm against 2025, before anything is planted (unit: 1)
SHARES = {"slow": (0.0012, 2), "slack": (0.0008, 2), "repair": (0.0004, 1)}  # share of all firms (unit: 1) and least number


@dataclass
class Troubles:
    """Rows of firms (number − 1): slow declines, slack seasons, maintenance in the last month; ``festival``: those whose February alone would mislead."""

    slow: list[int] = field(default_factory=list)
    slack: list[int] = field(default_factory=list)
    repair: list[int] = field(default_factory=list)
    festival: list[int] = field(default_factory=list)

    @property
    def chosen(self) -> set[int]:
        return {*self.slow, *self.slack, *self.repair}


def plant(figures: Figures, firms: list[Firm], seed: int) -> Troubles:
    """Choose the firms and change ``figures.power`` and the months of 2026 of ``figures.output``."""
    rng = np.random.default_rng([seed, 26])
    found = Troubles()
    fallen = {at for at, _, _ in figures.falls}
    pool = [int(at) for at in figures.power_users if firms[at].above_scale and not firms[at].master and not firms[at].dominant and at not in fallen and not firms[at].former]
    rng.shuffle(pool)
    for kind, (share, least) in SHARES.items():
        count = max(least, round(share * len(firms)))
        getattr(found, kind).extend(sorted(pool[:count]))
        pool = pool[count:]
    months = figures.power.shape[1]
    for at in sorted(found.chosen):
        _steady(figures, at, rng)
    for at in found.slow:
        left = RAMP ** np.arange(1, months - RAMP_START + 1)
        figures.output[at, RAMP_START:] = (figures.output[at, RAMP_START:] * left).round(2)
        figures.power[at, RAMP_START:] *= left
    for at in found.slack:
        figures.power[at, [t for t in range(months) if t % 12 + 1 in SLACK_MONTHS]] *= SLACK
    for at in found.repair:
        figures.power[at, REPAIR_MONTH] *= REPAIR
        figures.output[at, REPAIR_MONTH] = round(float(figures.output[at, REPAIR_MONTH]) * REPAIR, 2)
    _festival(figures)
    figures.power = figures.power.round(0)
    found.festival = [int(at) for at in figures.power_users if _misled(figures, int(at))]
    return found


def _steady(figures: Figures, at: int, rng: np.random.Generator) -> None:
    """Let 2026 be like 2025 in both series, so that nothing but what is planted stands out."""
    near = rng.uniform(*STEADY, 12)
    for series in (figures.output, figures.power):
        series[at, 36:48] = (series[at, 24:36] * near).round(2)


def _festival(figures: Figures) -> None:
    for at_year, year in enumerate(FESTIVAL_IN):
        month = FESTIVAL_IN[year]
        figures.power[:, 12 * at_year + month - 1] *= FESTIVAL
        figures.power[:, 12 * at_year + 2 - month] *= BESIDE


def _misled(figures: Figures, at: int) -> bool:
    """Whether February 2026 alone lies 15 % or more below February 2025 while the two first months together do not even lie 8 % below."""
    february, before = figures.power[at, 37], figures.power[at, 25]
    both, both_before = figures.power[at, 36:38].sum(), figures.power[at, 24:26].sum()
    return bool(before > 0 and february <= 0.85 * before and both >= 0.92 * both_before)
