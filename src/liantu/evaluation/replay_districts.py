"""Does the replay of past lists tell right: pools whose landings follow the reasons of the score, pools whose landings follow the industry alone, pools where they follow nothing.

Every pool has firms known since different days, yearly revenue, signs, links and gaps drawn by a law of its own; the score and the replay are those of the
product. With an effect, recent signs of expansion, links with firms here and gaps raise a firm's odds of landing in the year after, whatever its score. The rule
judged is the product's: an effect is told when the low ends of both exact 95 % intervals (against the pool, and against the same chains at random) exceed 1.
Nothing here stands for a real place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from liantu.attraction.choices import EXPANSION
from liantu.attraction.replay import replay
from liantu.attraction.target_pool import Pool
from liantu.evaluation.report import Asked, Measure, share
from liantu.kernel.parameter import parameter

TODAY = date(2026, 10, 31)
YEARS, CHAINS, NODES = 7, 5, 40
SIZES = (1000, 600, 200, 60)
LANDS = 0.03  # share of the pool that lands here in a year
EFFECT = {"sign": 1.3, "link": 1.5, "gap": 0.9}  # log odds ratios of the planted effect


@dataclass(frozen=True)
class Drawn:
    """Facts of a drawn pool: when (day numbers from the first day) and which firm."""

    known: np.ndarray
    node: np.ndarray
    sign_firm: np.ndarray
    sign_on: np.ndarray
    link_firm: np.ndarray
    link_on: np.ndarray


def pool(seed: int, n: int, kind: str) -> tuple[Pool, pl.DataFrame]:
    """A pool of n firms and its nodes with their gaps; ``kind`` is ``effect``, ``industry`` or ``none``."""
    chance = np.random.default_rng([seed, n, ("none", "industry", "effect").index(kind)])
    start = date(TODAY.year - YEARS, TODAY.month, TODAY.day)
    days = (TODAY - start).days
    known = np.where(chance.random(n) < 0.6, 0, chance.integers(0, days, n))
    node = chance.choice(NODES, n, p=chance.dirichlet(np.full(NODES, 2.0)))
    signs, links = chance.poisson(0.28 * YEARS, n), (chance.random(n) < 0.18).astype(int)
    drawn = Drawn(known, node, np.repeat(np.arange(n), signs), chance.integers(0, days, signs.sum()), np.repeat(np.arange(n), links), chance.integers(0, days, links.sum()))
    gaps = _gaps(chance)
    landed = _landings(chance, drawn, gaps["status"].is_not_null().to_numpy()[node], node, days, kind)
    revenue = chance.lognormal(np.log(15_000), 1.3, n)[:, None] * np.cumprod(1 + chance.normal(0.06, 0.12, (n, YEARS + 1)), axis=1)
    return _told(chance, drawn, landed, revenue, start), gaps


def _gaps(chance: np.random.Generator) -> pl.DataFrame:
    states = chance.choice(["missing", "weak", "at_risk", ""], NODES, p=[0.15, 0.15, 0.1, 0.6]).tolist()
    rows = [(at, f"c{at % CHAINS}/n{at}", f"环节{at}", f"c{at % CHAINS}", f"链{at % CHAINS}", state or None, bool(chance.random() < 0.4), None) for at, state in enumerate(states)]
    return pl.DataFrame(rows, schema={"node": pl.Int64, "node_code": pl.String, "node_name": pl.String, "chain_code": pl.String, "chain_name": pl.String, "status": pl.String,
                                      "critical": pl.Boolean, "verdict": pl.String}, orient="row")


def _landings(chance: np.random.Generator, drawn: Drawn, gap: np.ndarray, node: np.ndarray, days: int, kind: str) -> np.ndarray:
    """The day on which each firm lands here, -1 for never: year by year, from what was known at its beginning."""
    n, landed = len(gap), np.full(len(gap), -1)
    drawn_to = chance.normal(0, 0.9, CHAINS)[node % CHAINS]
    for year in range(YEARS):
        begin = days * year // YEARS
        at_risk = (drawn.known <= begin) & (landed < 0)
        recent = np.zeros(n, dtype=bool)
        recent[drawn.sign_firm[(drawn.sign_on <= begin) & (drawn.sign_on > begin - 730)]] = True
        linked = np.zeros(n, dtype=bool)
        linked[drawn.link_firm[drawn.link_on <= begin]] = True
        odds = EFFECT["sign"] * recent + EFFECT["link"] * linked + EFFECT["gap"] * gap if kind == "effect" else drawn_to if kind == "industry" else np.zeros(n)
        weight = np.exp(odds) * at_risk
        come = np.flatnonzero(chance.random(n) < np.minimum(LANDS * at_risk.sum() * weight / max(weight.sum(), 1e-9), 0.9))
        landed[come] = begin + chance.integers(1, 365, len(come))
    return landed


def _told(chance: np.random.Generator, drawn: Drawn, landed: np.ndarray, revenue: np.ndarray, start: date) -> Pool:
    n = len(drawn.node)
    empty = [None] * n

    def on(numbers: np.ndarray) -> list[date]:
        return [start + timedelta(days=int(d)) for d in numbers]

    firms = pl.DataFrame({
        "candidate": np.arange(n), "presence": empty, "name": [f"企业{at}" for at in range(n)], "pool": ["registry"] * n, "node": drawn.node.astype(np.int64), "province": empty, "city": empty,
        "longitude": chance.uniform(104, 122, n), "latitude": chance.uniform(22, 40, n), "products": empty, "scope": empty,
        "marks": np.where(chance.random(n) < 0.1, "小巨人", "").tolist(), "rd_share": chance.beta(2, 50, n), "land_need_mu": empty, "energy_need_tce": empty, "pollution": empty,
        "listed_on": on(drawn.known), "source": empty, "presence_revenue": empty, "node_how": ["record"] * n},
        schema_overrides=dict.fromkeys(("presence", "province", "city", "products", "scope", "pollution", "source"), pl.String) | dict.fromkeys(("land_need_mu", "energy_need_tce", "presence_revenue"), pl.Float64))
    years = np.arange(start.year - 1, start.year + YEARS)
    figures = pl.DataFrame({"candidate": np.repeat(np.arange(n), len(years)), "year": np.tile(years, n), "revenue": revenue.ravel()}).with_columns(employees=pl.lit(None, pl.Int64))
    signs = pl.DataFrame({"candidate": drawn.sign_firm, "kind": chance.choice(EXPANSION, len(drawn.sign_firm)).tolist(), "happened_on": on(drawn.sign_on)},
                         schema_overrides={"kind": pl.String, "happened_on": pl.Date}).with_columns(detail=pl.lit(None, pl.String))
    links = pl.DataFrame({"candidate": drawn.link_firm, "kind": chance.choice(["supplies", "buys", "referred"], len(drawn.link_firm)).tolist(), "firm": ["本地企业"] * len(drawn.link_firm),
                          "since": on(drawn.link_on), "master": chance.random(len(drawn.link_firm)) < 0.4}, schema_overrides={"kind": pl.String, "firm": pl.String, "since": pl.Date}).with_columns(
                              enterprise=pl.lit(1, pl.Int64), item=pl.lit("部件"), year=pl.lit(None, pl.Int64))
    came = np.flatnonzero(landed >= 0)
    landings = pl.DataFrame({"candidate": came, "here": [True] * len(came), "happened_on": on(landed[came])}, schema_overrides={"happened_on": pl.Date, "here": pl.Boolean})
    return Pool(firms, figures, signs, links, landings, (116.3, 28.2))


def run(asked: Asked) -> list[Measure]:
    """Share of districts told rightly, by size of the pool; rows below the first size are there to say how little small pools can tell."""
    rule = parameter("target_score").value
    measures = []
    for n in SIZES if not asked.quick else SIZES[:1]:
        for kind in ("effect", "industry", "none"):
            told = []
            for seed in range(asked.seeds):
                found = replay(*pool(seed, n, kind), rule, TODAY).verdict
                told.append(found)
            right = sum(bool(v and v.found) == (kind == "effect") for v in told)
            some = [v for v in told if v]
            note = (f"平均命中 {np.mean([v.hits for v in some]):.1f} 家，随机应有 {np.mean([v.expected for v in some]):.1f} 家" if some else "没有可回看的名单") + f"，{sum(not v.enough for v in some)} 个说数据太少"
            what = {"effect": "有规律：说名单更准", "industry": "只有产业差别：不说更准", "none": "没有规律：不说更准"}[kind]
            target = 0.95 if n == SIZES[0] or kind != "effect" else None
            measures.append(share("replay_districts", what, "liantu", right, len(told), group=f"库 {n} 家", target=target, note=note))
            asked.progress(f"{n} {kind} {right}/{len(told)}")
    return measures
