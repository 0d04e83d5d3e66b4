"""招引、培育、协作、放弃、待核: the rules, in order, that turn the facts of a gap node into a verdict. Pure.

What is not known leads to 待核, never to a guess. Attractiveness takes no part: it says what the district would like, not what
can stand here. Numbers stand in ``data/parameters/gap_verdict.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from liantu.kernel.columns import Choice

ATTRACT, GROW, COOPERATE, DROP, VERIFY = "attract", "grow", "cooperate", "drop", "verify"
RULES = (
    Choice("scale_unknown", "没有最小经济规模，无法判断站不站得住", "Minimum efficient scale unknown"),
    Choice("demand_unknown", "没有供需记录也没有投入系数，本地需求不明", "Local demand unknown"),
    Choice("facts_short", "要用的事实知道得太少", "Too few of the facts needed are known"),
    Choice("land_short", "最大一处可用地不够最小用地", "No free plot is large enough"),
    Choice("polluting", "污染重，本地需求又撑不起一家厂", "Heavy pollution, and local demand is below scale"),
    Choice("small_near", "本地需求撑不起一家厂，周边有供给", "Local demand is below scale and supply is near"),
    Choice("small_close", "本地需求还不够一家新厂，有相近企业可以扩做", "Local demand is below scale, firms here make something close"),
    Choice("small_unsurveyed", "本地需求撑不起一家厂，周边供给没有查过", "Local demand is below scale, supply around not surveyed"),
    Choice("small_alone", "本地需求撑不起一家厂，周边没有供给，本地也没有相近企业", "Local demand is below scale, no supply near, no firm close"),
    Choice("crowded_near", "周边已有供给，抢的地方又多", "Supply is near and many places chase it"),
    Choice("firms_here", "需求够，本区已有企业和相近企业，先扶强", "Demand suffices; firms stand here and make something close"),
    Choice("unlikely_far", "需求够，但在本区落地可能很低，周边也有供给", "Demand suffices, hardly takes root here, supply within reach"),
    Choice("unlikely", "需求够，但在本区落地可能很低，也没有查到供给", "Demand suffices, hardly takes root here, no supply known"),
    Choice("demand_fills", "本地需求够一家厂，本区缺", "Local demand fills a plant and it is lacking here"),
)
VERDICT_OF = {
    "scale_unknown": VERIFY, "demand_unknown": VERIFY, "facts_short": VERIFY, "land_short": DROP, "polluting": DROP, "small_near": COOPERATE, "small_close": GROW, "small_unsurveyed": VERIFY,
    "small_alone": DROP, "crowded_near": COOPERATE, "firms_here": GROW, "unlikely_far": COOPERATE, "unlikely": VERIFY, "demand_fills": ATTRACT,
}
SINGLE = "at_risk"


@dataclass(frozen=True)
class Facts:
    """What is known of one gap node; None is not known. Money 万元, land 亩, energy 吨标煤; ``supply_*`` count firms and clusters elsewhere within so many km.

    ``rooted``: the industry is here already, so that no chance is told. ``checked`` holds the names of facts (those of the rule's ``facts``) that rest on a source or were confirmed by a person.
    """

    status: str
    firms: int = 0
    efficient_output: float | None = None
    demand: float | None = None
    supply_near: int | None = None
    supply_reach: int | None = None
    close_firms: int | None = None
    crowding: float | None = None
    feasibility: float | None = None
    land_mu: float | None = None
    land_free_mu: float | None = None
    energy_tce: float | None = None
    import_share: float | None = None
    pollution: str | None = None
    rooted: bool = False
    checked: frozenset[str] = frozenset()

    @property
    def ratio(self) -> float | None:
        """Local demand in efficient scales; None when either is unknown."""
        return self.demand / self.efficient_output if self.demand is not None and self.efficient_output else None

    def known(self) -> dict[str, float]:
        """How much of each fact is known, 0–1; facts of two parts count by halves."""
        return {"efficient_output": float(bool(self.efficient_output)), "demand": float(self.demand is not None), "supply": float(self.supply_near is not None),
                "close": float(self.close_firms is not None), "crowding": float(self.crowding is not None), "feasibility": float(self.rooted or self.feasibility is not None),
                "needs": (float(self.land_mu is not None) + float(self.energy_tce is not None)) / 2,
                "risk": (float(self.import_share is not None) + float(self.pollution is not None)) / 2}


def confidence(facts: Facts, rule: Mapping[str, Any]) -> float:
    """Share of the facts needed that are known and checked: Σ weight × known × (1 if checked else ``unchecked``) / Σ weight.

    liantu_default; 0–1. It says how much the verdict rests on, not how likely it is to be right.
    """
    weights, known = rule["facts"], facts.known()
    told = sum(weight * known[name] * (1 if name in facts.checked else rule["unchecked"]) for name, weight in weights.items())
    return float(told / sum(weights.values()))


def judge(facts: Facts, rule: Mapping[str, Any]) -> str:
    """Name of the first rule that holds (see :data:`RULES`, :data:`VERDICT_OF`).

    A gap of one firm (备链) is never 招引 while local demand is below one efficient scale, whatever numbers a district sets.
    """
    ratio = facts.ratio
    if not facts.efficient_output:
        return "scale_unknown"
    if ratio is None:
        return "demand_unknown"
    if confidence(facts, rule) < rule["least_confidence"]:
        return "facts_short"
    if facts.land_mu is not None and facts.land_free_mu is not None and facts.land_mu > facts.land_free_mu:
        return "land_short"
    if ratio < rule["demand_fills"] or (facts.status == SINGLE and ratio < 1):
        return _below(facts, ratio, rule)
    return _filled(facts, rule)


def _below(facts: Facts, ratio: float, rule: Mapping[str, Any]) -> str:
    """Local demand does not fill a plant."""
    if facts.pollution == "high":
        return "polluting"
    if facts.supply_near:
        return "small_near"
    if (facts.close_firms or 0) >= rule["close_least"] and ratio >= rule["grow_demand"]:
        return "small_close"
    return "small_unsurveyed" if facts.supply_near is None else "small_alone"


def _filled(facts: Facts, rule: Mapping[str, Any]) -> str:
    """Local demand fills a plant."""
    close = facts.close_firms or 0
    if (facts.crowding or 0) >= rule["crowded"] and (facts.supply_near or 0) >= rule["near_many"]:
        return "crowded_near"
    if facts.firms and close >= rule["close_least"]:
        return "firms_here"
    if facts.feasibility is not None and facts.feasibility < rule["least_feasible"] and not close:
        return "unlikely_far" if facts.supply_reach else "unlikely"
    return "demand_fills"
