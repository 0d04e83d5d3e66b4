"""One row per gap node: its facts side by side, the verdict that follows from them, and what makes the node attractive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from liantu.attraction import verdict_facts as facts_of
from liantu.attraction.verdict_weights import LESS_IS_BETTER, PARTS, POLLUTION_LEVEL, percentiles, weighed
from liantu.attraction.verdicts import SINGLE, VERDICT_OF, Facts, confidence, judge

PROFILE = ("efficient_output", "land_mu", "energy_tce", "jobs", "value_added_share", "tax_per_mu", "import_share", "pollution")
GAP = ("code", "chain_code", "chain_name", "group_name", "name", "status", "critical", "weight", "firms", "local_supply_share", "verification")
JOBS_PER = 10_000  # 万元: jobs are told per 亿元 of output


def facts_table(tables: Mapping[str, pl.DataFrame], standing: pl.DataFrame, gaps: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """All facts by gap node (see the columns of the output)."""
    nodes = tables["chain_node"].rename({"id": "chain_node"})
    known = gaps.select(GAP).join(nodes.select("chain_node", "code", "name_en", "stage_code", "group_code", "chain", "products", "industry_codes"), on="code", how="inner")
    profile = tables["node_profile"].select("chain_node", *PROFILE, pl.col("source").alias("profile_source"))
    here = facts_of.mean_place(tables["enterprise"])
    own = known.select("chain_node", "chain", "group_code", "products", "industry_codes")
    parts = (profile, facts_of.demand(tables["supply_link"], tables["node_input"], standing), facts_of.supply(tables["outside_presence"], here),
             facts_of.crowding(tables["neighbour_priority"], own, rule), _close(nodes, standing, tables["enterprise"], own), facts_of.land(tables["cluster"], own),
             facts_of.feasible(own, tables["industry_feasibility"]), facts_of.routes(tables["tech_route"]))
    for part in parts:
        known = known.join(part, on="chain_node", how="left")
    return known.rename({"chain_node": "node"})


def _close(nodes: pl.DataFrame, standing: pl.DataFrame, enterprise: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Firms close to each gap node; siblings are looked for among all nodes."""
    found = facts_of.close(nodes.select("chain_node", "chain", "group_code", "products"), standing, enterprise)
    return found.join(own.select("chain_node"), on="chain_node", how="semi")


def facts_in(row: Mapping[str, Any]) -> Facts:
    """A row's facts as the rules read them."""
    checked = {"efficient_output": bool(row["profile_source"]), "needs": bool(row["profile_source"]), "risk": bool(row["profile_source"]),
               "demand": row["demand_basis"] == "links" or (row["demand_basis"] == "coefficients" and bool(row["inputs_sourced"])), "supply": bool(row["supply_sourced"]),
               "crowding": bool(row["crowding_sourced"]), "close": row["verification"] == "verified", "feasibility": row["ece"] is not None or bool(row["rooted"])}
    return Facts(row["status"], int(row["firms"] or 0), row["efficient_output"], row["local_demand"], row["supply_150"], row["supply_300"], row["close_firms"], row["crowding"], row["feasibility"],
                 row["land_mu"], row["land_free_mu"], row["energy_tce"], row["import_share"], row["pollution"], bool(row["rooted"]), frozenset(n for n, ok in checked.items() if ok))


def raw_parts(row: Mapping[str, Any]) -> dict[str, float | None]:
    """What each part of attractiveness measures, before percentiles. The gap: the node's weight × the share of its products that is not supplied here."""
    scale = row["efficient_output"]
    lacking = 1.0 if row["status"] == "missing" else None if row["local_supply_share"] is None else 1 - row["local_supply_share"]
    return {"value_added": row["value_added_share"], "tax": row["tax_per_mu"], "jobs": row["jobs"] / scale * JOBS_PER if scale and row["jobs"] is not None else None,
            "gap": None if lacking is None or row["weight"] is None else row["weight"] * lacking, "energy": row["energy_tce"] / scale if scale and row["energy_tce"] is not None else None,
            "pollution": POLLUTION_LEVEL.get(row["pollution"] or "")}


def judged(known: pl.DataFrame, rule: Mapping[str, Any], weights: Mapping[str, Any]) -> pl.DataFrame:
    """The rows with verdict, confidence, reasons and attractiveness."""
    rows = known.to_dicts()
    raw = [raw_parts(row) for row in rows]
    points = {part: percentiles([r[part] for r in raw], less=part in LESS_IS_BETTER) for part in PARTS}
    shares = {part: float(weights[part]) for part in PARTS}
    told = []
    for at, row in enumerate(rows):
        facts = facts_in(row)
        name = judge(facts, rule)
        own = {part: points[part][at] for part in PARTS}
        told.append({"verdict": VERDICT_OF[name], "verdict_rule": name, "confidence": confidence(facts, rule), "demand_ratio": facts.ratio, "attractiveness": weighed(own, shares, weights["least_known"]),
                     "single_source": True if row["status"] == SINGLE else None if row["suppliers"] is None else row["suppliers"] == 1, "reasons": "；".join(reasons(facts, row, rule)),
                     "jobs_per_output": raw[at]["jobs"], "energy_per_output": raw[at]["energy"], "gap_value": raw[at]["gap"], **{f"{part}_points": value for part, value in own.items()}})
    schema = {**dict.fromkeys(("verdict", "verdict_rule", "reasons"), pl.String), "single_source": pl.Boolean}
    floats = ("confidence", "demand_ratio", "attractiveness", "jobs_per_output", "energy_per_output", "gap_value", *(f"{part}_points" for part in PARTS))
    return known.hstack(pl.DataFrame(told, schema={**schema, **dict.fromkeys(floats, pl.Float64)}))


def reasons(facts: Facts, row: Mapping[str, Any], rule: Mapping[str, Any]) -> Iterable[str]:
    """What speaks in the verdict, in Chinese and without a single firm's amounts."""
    if facts.ratio is not None:
        yield "本地需求够一家厂" if facts.ratio >= rule["demand_fills"] else "本地需求不够一家厂"
    yield f"{rule['near_km']} 公里内已知供给 {facts.supply_near} 家" if facts.supply_near is not None else "周边供给没有查过"
    if facts.close_firms is not None:
        yield f"本区相近企业 {facts.close_firms} 家"
    if facts.crowding is not None:
        yield f"{rule['reach_km']} 公里内 {facts.crowding:g} 个地方在抢"
    if facts.rooted:
        yield "所属行业本区已有"
    elif facts.feasibility is not None:
        yield f"落地可能 {facts.feasibility:.1%}"
    if facts.import_share is not None and facts.import_share >= rule["import_risk"]:
        yield f"进口依赖 {facts.import_share:.0%}"
    if row["chokepoint"]:
        yield "有卡脖子技术"
    if facts.pollution == "high":
        yield "污染重"
    if facts.land_mu is not None and facts.land_free_mu is not None and facts.land_mu > facts.land_free_mu:
        yield "没有够大的可用地"
