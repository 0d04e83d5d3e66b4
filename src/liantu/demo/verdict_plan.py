"""Which verdict is planted at which gap node of the synthetic district, and the figures from which it follows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from liantu.chains import ChainTemplate
from liantu.chains.template import builtin_templates, load_builtin
from liantu.demo.cities import CITIES, HERE, City
from liantu.methods.geo import distance_km

if TYPE_CHECKING:
    from liantu.demo.generator import Built

NEAR_CITIES = ("鹰潭市", "南昌市")
NEAR_KM = 170.0  # whoever is told within this of the middle of the district may count as near
WANTED = {"missing": ("attract", "attract", "crowded", "drop"), "weak": ("grow", "cooperate", "verify", "drop", "grow"), "single": ("cooperate", "grow", "drop")}
FILLS, FAILS = 0.3, 12.0  # efficient scale over demand where a plant is filled; where it is far from filled (unit: 1)
SAFE = 0.6  # demand by coefficients over demand by links (unit: 1): the links are the larger
OF = {"crowded": "cooperate"}


@dataclass
class GapPlan:
    """One gap node: what is planted, the demand that links show (万元), its efficient scale, the presence added nearby, how many places chase it."""

    ref: str
    kind: str
    planned: str
    demand: float
    users: float
    efficient: float
    near: tuple[City, ...] = ()
    chased: int = 0
    pollution: str = "低"

    @property
    def verdict(self) -> str:
        return OF.get(self.planned, self.planned)

    @property
    def coefficient(self) -> float:
        """Input coefficient of every using node; 0 where nothing can be told."""
        return min(0.4, SAFE * self.demand / self.users) if self.users > 0 else 0.0


def word_nodes(templates: dict[str, ChainTemplate]) -> dict[str, str]:
    """Word → the one node of all chains that says it, as the desk tells the node of an item (``chains.words.node_of_word``)."""
    every = {code: templates.get(code) or load_builtin(code) for code in builtin_templates()}
    own: dict[str, set[str]] = {}
    product: dict[str, set[str]] = {}
    for code, template in every.items():
        for node in template.nodes:
            for word in (node.zh, *node.synonyms):
                own.setdefault(word, set()).add(f"{code}/{node.code}")
            for word in node.products:
                product.setdefault(word, set()).add(f"{code}/{node.code}")
    found = {word: next(iter(nodes)) for word, nodes in own.items() if len(nodes) == 1}
    return found | {word: next(iter(nodes)) for word, nodes in product.items() if word not in own and len(nodes) == 1}


def km(city: City) -> float:
    """Distance of a city from the middle of the district."""
    return float(distance_km(*HERE, city.longitude, city.latitude))


def gap_plans(built: Built) -> list[GapPlan]:
    """The planted gap nodes of all chains with their verdicts, as far as their figures allow; equal districts give equal plans."""
    plan, rng = built.plan, Random(f"verdicts:{built.world.seed}")
    nodes = word_nodes(plan.templates)
    newest = max((r.year for r in built.supply), default=0)
    demand: Counter[str] = Counter()
    for row in built.supply:
        if row.year == newest and row.item in nodes:
            demand[nodes[row.item]] += row.amount  # type: ignore[assignment]
    output = built.world.figures.annual_output[:, -1]
    made: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    for firm in built.world.firms:
        if firm.nodes:
            made[firm.nodes[0]] += float(output[firm.number - 1])  # type: ignore[assignment]
            groups[plan.group[firm.nodes[0]]] += 1
    at = Counter(f.nodes[0] for f in built.world.firms if f.nodes)
    turn: Counter[str] = Counter()
    plans = []
    for p in plan.of_kind("missing", "weak", "single"):
        users = sum(made[target] for target, _, _ in plan.targets.get(p.ref, []))
        wanted = WANTED[p.kind][turn[p.kind] % len(WANTED[p.kind])]
        turn[p.kind] += 1
        close = groups[plan.group[p.ref]] - at[p.ref]
        plans.append(_planned(built, GapPlan(p.ref, p.kind, wanted, float(demand[p.ref]), users, 0.0), close, rng))
    return plans


def _planned(built: Built, gap: GapPlan, close: int, rng: Random) -> GapPlan:
    """The figures that make the wanted verdict true; what cannot be made true is planted as 待核, with nothing told of its scale."""
    surveyed = [p.city for p in built.work.presence if p.node == gap.ref]
    if gap.planned == "grow" and close < 4:
        gap.planned = "cooperate"
    if gap.demand < 50 or gap.planned == "verify":
        gap.planned = "verify"
        return gap
    fills = gap.planned in ("attract", "grow", "crowded")
    gap.efficient = round(gap.demand * (FILLS if fills else FAILS) * rng.uniform(0.9, 1.1), -1) or 10.0
    if gap.planned == "drop":
        gap.pollution = "高"
    if gap.planned in ("cooperate", "crowded"):
        gap.near = tuple(CITIES[name] for name in NEAR_CITIES if CITIES[name] not in surveyed)
    gap.chased = {"crowded": 6, "attract": 1}.get(gap.planned, rng.randint(0, 2))
    return gap
