"""Sheet 35: regions × industries × years from hidden factors, so that what stands in a region truly foretells what takes root there.

Each region and industry has a place among a few hidden factors. Industries stand where they fit; in every step a few that fit better than
they are present take root. This district stands among the regions with the firms that it truly has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from liantu.chains import industry_code_names
from liantu.demo import words
from liantu.demo.names import brand
from liantu.demo.sheets_out import Sheet

if TYPE_CHECKING:
    from liantu.demo.generator import Built

PANEL_FILE = "35_地区行业数据.csv"
REGIONS, CODES, FACTORS, YEARS = 68, 96, 5, (2018, 2021, 2024)
FIT, STANDING_LINE, ENTRY_LINE, LEAVES = 1.5, 0.4, 4.2, 0.03
SOURCE = f"{words.LABEL}：隐因子模型生成"
Array = NDArray[np.float64]


def codes_of(built: Built) -> list[str]:
    """Industry codes of the gap nodes first, then of the firms here, then of other nodes."""
    plan = built.plan
    first = [c for p in plan.of_kind("missing", "weak", "single") for c in p.node.industry_codes]
    here = [f.industry_code for f in built.world.firms if f.chain]
    rest = [c for p in plan.nodes.values() for c in p.node.industry_codes]
    return sorted(list(dict.fromkeys(c for c in (*first, *sorted(set(here)), *rest) if len(c) == 4))[:CODES])


def panel_sheet(built: Built) -> Sheet:
    """One row per region, industry and year with at least one firm."""
    rng, names, codes = np.random.default_rng([built.world.seed, 35]), industry_code_names(), codes_of(built)
    sheet = Sheet("", [f"地区行业数据（{words.LABEL}，地名均为虚构）"], [["地区", "行业代码", "行业名称", "年份", "企业数", "从业人员", "工业总产值（万元）", "本区", "来源"]])
    regions = _names(built)
    for year, people in zip(YEARS, _years(built, codes, rng), strict=True):
        for r, region in enumerate(regions):
            for i in np.flatnonzero(people[r] >= 1):
                jobs = int(people[r, i])
                sheet.add([region, codes[i], names.get(codes[i], ""), year, max(1, jobs // 60), jobs, round(jobs * (60 + (int(i) * 37) % 90)), "是" if r == 0 else "否", SOURCE])
    return sheet


def _names(built: Built) -> list[str]:
    rng, found = built.world.rng("regions"), [words.DISTRICT]
    while len(found) < REGIONS:
        name = brand(rng) + rng.choice(("县", "县", "市", "区"))
        if name not in found:
            found.append(name)
    return found


def _years(built: Built, codes: list[str], rng: np.random.Generator) -> list[Array]:
    """Employees (regions, industries) by year; row 0 is this district."""
    region, item = rng.normal(size=(REGIONS, FACTORS)), rng.normal(size=(len(codes), FACTORS))
    fit: Any = region @ item.T / np.sqrt(FACTORS)
    own = _own(built, codes)
    if own.any():  # the district lies where its own industries lie
        region[0] = (item * np.log1p(own)[:, None]).sum(axis=0) / max(np.log1p(own).sum(), 1e-9) * 2.5
        fit[0] = region[0] @ item.T / np.sqrt(FACTORS)
    size, share = rng.lognormal(0, 0.5, REGIONS), rng.lognormal(5.0, 0.7, len(codes))
    here = rng.random(fit.shape) < 1 / (1 + np.exp(-FIT * 1.6 * fit + STANDING_LINE))
    people = np.where(here, size[:, None] * share[None, :] * np.exp(0.5 * fit + rng.normal(0, 0.35, fit.shape)), 0.0)
    layers = []
    for _ in YEARS:
        layers.append(np.floor(people))
        enters = (people < 1) & (rng.random(fit.shape) < 1 / (1 + np.exp(-FIT * 1.8 * fit + ENTRY_LINE)))
        people = np.where(rng.random(fit.shape) < LEAVES, 0.0, people * rng.lognormal(0.03, 0.08, fit.shape))
        people = np.where(enters, size[:, None] * share[None, :] * rng.uniform(1.2, 3.0, fit.shape), people)
    for at, layer in enumerate(layers):
        layer[0] = np.floor(own * 0.93 ** (len(YEARS) - 1 - at))
    return layers


def _own(built: Built, codes: list[str]) -> Array:
    """Employees of this district's firms by industry code in the last year."""
    people, place = np.zeros(len(codes)), {code: at for at, code in enumerate(codes)}
    for firm in built.world.firms:
        if firm.industry_code in place:
            people[place[firm.industry_code]] += float(built.world.figures.employees[firm.number - 1, -1])
    return people
