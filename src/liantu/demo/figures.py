"""Sizes and figures of the synthetic firms: log-normal, with trend, Spring Festival, noise, and shares that are planted.

Money is 万元 with two decimals; a year's output is exactly the sum of its months. The parameters shape this invented
district and are no estimate of any real one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from liantu.demo.firms import Firm
from liantu.demo.nodes import ChainPlan
from liantu.demo.troubles import Troubles, plant

Array = NDArray[np.float64]
YEARS = (2023, 2024, 2025)
FIRST_YEAR, LAST_MONTH = 2023, "2026-10"
MONTHS = tuple(f"{year}-{month:02d}" for year in (2023, 2024, 2025, 2026) for month in range(1, 13))
SEASON = np.array([0.074, 0.052, 0.083, 0.082, 0.084, 0.088, 0.082, 0.083, 0.088, 0.088, 0.094, 0.102])
FLOOR = 2100.0  # least yearly output of a firm above designated size here, 万元
CEILING = 1850.0  # most of a firm below it, 万元
SINGLE_SHARE, ORDINARY_SHARE = 0.85, 0.70  # planted single suppliers lie above the first, all others below the second (unit: 1)
MASTER_OUTPUT = (260_000.0, 700_000.0)  # 万元
POWER_USERS, POWER_FALLS = 0.30, 12  # share of firms with a meter on the sheet (unit: 1); firms whose electricity breaks off


@dataclass
class Figures:
    """Arrays by firm (row = number − 1). ``output`` and ``power`` are by month of MONTHS, the rest by year of YEARS."""

    output: Array
    power: Array
    power_users: NDArray[np.int64]
    falls: list[tuple[int, str, float]]
    annual_output: Array
    revenue: Array
    tax: Array
    research: Array
    employees: Array
    land_mu: Array
    annual_power: Array
    troubles: Troubles = field(default_factory=Troubles)


def _first_sizes(firms: list[Firm], rng: np.random.Generator) -> None:
    for firm in firms:
        z = float(rng.normal())
        if firm.master:
            firm.base = float(rng.uniform(*MASTER_OUTPUT))
        elif firm.dominant:
            firm.base = float(np.exp(9.6 + 0.45 * z))
        elif firm.above_scale:
            firm.base = max(FLOOR * 1.05, min(90_000.0, float(np.exp(8.9 + 0.85 * z))))
        else:
            firm.base = min(CEILING, max(15.0, float(np.exp((6.2 if firm.chain else 5.6) + 0.9 * z))))


def _members(firms: list[Firm]) -> dict[str, list[Firm]]:
    at: dict[str, list[Firm]] = {}
    for firm in firms:
        for ref in firm.nodes:
            at.setdefault(ref, []).append(firm)
    return at


def _balance(firms: list[Firm], plan: ChainPlan, rng: np.random.Generator) -> None:
    """Make planted shares true and keep every other node well below them, by whole and by split attribution."""
    members = _members(firms)
    for ref, here in members.items():
        kind = plan.nodes[ref].kind
        if kind in ("single", "weak"):
            chief_base = max((f.base for f in here if f.dominant), default=9_000.0)
            for firm in here:
                if not firm.dominant:
                    firm.base = chief_base * float(rng.uniform(0.004, 0.022))
        if kind == "master":
            chief = next(f for f in here if f.master)
            for firm in here:
                if firm.above_scale and not firm.master:
                    firm.base = chief.base * float(rng.uniform(0.16, 0.34))
    ordinary = [here for ref, here in sorted(members.items()) if plan.nodes[ref].kind == "normal" and any(f.above_scale for f in here)]
    for _ in range(60):
        if not sum(_ease(here, split) for here in ordinary for split in (False, True)):
            break


def _ease(here: list[Firm], split: bool) -> bool:
    """Bring one node's largest share down; says whether anything had to change."""
    parts = [f.base / (len(f.nodes) if split else 1) for f in here]
    top = max(range(len(here)), key=parts.__getitem__)
    rest = sum(parts) - parts[top]
    if parts[top] <= ORDINARY_SHARE * (parts[top] + rest) or len(here) == 1:
        return False
    wanted = max(0.62 / 0.38 * rest * here[top].base / parts[top], FLOOR)
    here[top].base = min(here[top].base, wanted)
    for f in here:
        if f is not here[top] and parts[top] > 0.6 * (parts[top] + rest):
            f.base = min(f.base * 1.25 + 20, CEILING) if not f.above_scale else f.base * 1.1
    return True


def make_figures(firms: list[Firm], plan: ChainPlan, seed: int) -> Figures:
    """All figures; fills ``base`` (output 2025), ``size_class``, ``capital`` and drops nodes' accidental monopolies."""
    rng = np.random.default_rng([seed, 3])
    _first_sizes(firms, rng)
    _balance(firms, plan, rng)
    _demote(firms, plan)
    n = len(firms)
    base = np.array([f.base for f in firms])
    growth = np.clip(rng.normal(0.06, 0.10, (n, 3)), -0.3, 0.5)
    levels = np.stack([base / (1 + growth[:, 0]) / (1 + growth[:, 1]), base / (1 + growth[:, 1]), base, base * (1 + growth[:, 2])], axis=1)
    output = _months(levels, rng)
    falls = _fall(firms, output, rng)
    annual = np.stack([output[:, 12 * y:12 * y + 12].sum(axis=1) for y in range(3)], axis=1).round(2)
    revenue = (annual * rng.uniform(0.93, 1.03, (n, 3))).round(2)
    above = np.array([f.above_scale for f in firms])
    revenue = np.where(above[:, None], revenue, np.minimum(revenue, 1990.0))
    figures = Figures(output, *_power(firms, output, falls, rng), annual, revenue, *_others(firms, revenue, rng), np.zeros((n, 3)))
    figures.troubles = plant(figures, firms, seed)
    figures.annual_power = np.stack([figures.power[:, 12 * y:12 * y + 12].sum(axis=1) for y in range(3)], axis=1)
    _sizes(firms, figures, rng)
    return figures


def _demote(firms: list[Firm], plan: ChainPlan) -> None:
    """In districts too small to fill their nodes a lone large firm is made small, so that only planted ones rule a node."""
    members = _members(firms)
    for _ in range(3):
        for ref, here in members.items():
            top = max(here, key=lambda f: f.base)
            if plan.nodes[ref].kind == "normal" and top.above_scale and not top.master and top.base > 0.8 * sum(f.base for f in here):
                top.above_scale, top.base = False, min(top.base, CEILING)


def _months(levels: Array, rng: np.random.Generator) -> Array:
    n = len(levels)
    weights = SEASON * rng.lognormal(0, 0.07, (n, 4, 12)) * (1 + 0.02 * rng.normal(size=(n, 4, 1)))
    weights[:, :3] /= weights[:, :3].sum(axis=2, keepdims=True)
    return (levels[:, :, None] * weights).reshape(n, 48).round(2)


def _fall(firms: list[Firm], output: Array, rng: np.random.Generator) -> list[tuple[int, str, float]]:
    """Some firms break off in 2026: electricity almost whole, output in part."""
    able = [i for i, f in enumerate(firms) if f.above_scale and f.industrial and not f.master and not f.dominant]
    chosen = [int(i) for i in rng.choice(able, size=min(POWER_FALLS, max(1, len(able) // 8)), replace=False)] if able else []
    falls = []
    for at in sorted(chosen):
        month = int(rng.integers(41, 45))
        output[at, month:] = (output[at, month:] * rng.uniform(0.25, 0.5)).round(2)
        falls.append((at, MONTHS[month], round(float(rng.uniform(0.08, 0.3)), 3)))
    return falls


def _power(firms: list[Firm], output: Array, falls: list[tuple[int, str, float]], rng: np.random.Generator) -> tuple[Array, NDArray[np.int64], list[tuple[int, str, float]]]:
    """kWh per month of the firms with a meter on the sheet: all above scale in industry, then the largest others."""
    n = len(firms)
    order = sorted((i for i, f in enumerate(firms) if f.industrial), key=lambda i: (not firms[i].above_scale, -firms[i].base))
    users = np.array(sorted(order[: round(n * POWER_USERS)]), dtype=np.int64)
    per_output = rng.lognormal(6.0, 0.7, n)  # kWh per 万元
    falling = {at: (MONTHS.index(month), share) for at, month, share in falls}
    activity = output.copy()
    for at, (month, share) in falling.items():
        activity[at, month:] = output[at, month - 12:output.shape[1] - 12] * share
    power = (activity * per_output[:, None] * rng.lognormal(0, 0.05, activity.shape)).round(0)
    others = np.ones(n, dtype=bool)
    others[users] = False
    power[others] = 0
    return power, users, falls


def _others(firms: list[Firm], revenue: Array, rng: np.random.Generator) -> tuple[Array, Array, Array, Array]:
    n = len(firms)
    tax = (revenue * rng.uniform(0.012, 0.06, (n, 1)) * rng.uniform(0.9, 1.1, (n, 3))).round(2)
    high = np.array([bool(f.qualifications) for f in firms])
    research = (revenue * np.where(high, rng.uniform(0.03, 0.08, n), rng.uniform(0.0, 0.015, n))[:, None] * rng.uniform(0.9, 1.15, (n, 3))).round(2)
    per_head = rng.lognormal(4.35, 0.35, n)  # 万元 of revenue per head
    employees = np.maximum(2, np.ceil(revenue / per_head[:, None]))
    land = np.array([f.base for f in firms]) / rng.lognormal(5.5, 0.5, n)
    return tax, research, employees, np.where([f.industrial for f in firms], np.maximum(land, 0.5), 0.0).round(1)


def _sizes(firms: list[Firm], figures: Figures, rng: np.random.Generator) -> None:
    """Size classes by revenue and employees in the manner of the statistical rules for industry; capital follows size."""
    for at, firm in enumerate(firms):
        revenue, heads = figures.revenue[at, 2], figures.employees[at, 2]
        firm.size_class = ("大型" if revenue >= 40_000 and heads >= 1000 else "中型" if revenue >= 2_000 and heads >= 300
                           else "小型" if revenue >= 300 and heads >= 20 else "微型")
        steps = (50, 100, 200, 300, 500, 800, 1000, 1200, 2000, 3000, 5000, 8000, 10000, 20000, 32000, 50000, 100000)
        firm.capital = float(min(steps, key=lambda s: abs(np.log(s) - np.log(firm.base * 0.25 + 20) - rng.normal(0, 0.3))))
