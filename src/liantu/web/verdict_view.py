"""What the pages on gap verdicts show: own weights beside the standard ones, ranks, and every fact with number, period and source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from liantu.attraction.verdict_facts import mean_place
from liantu.attraction.verdict_weights import PARTS, standing_order, weighed
from liantu.kernel.columns import Column
from liantu.kernel.edition import Edition
from liantu.kernel.output import Result
from liantu.kernel.word_lists import split_words
from liantu.methods.geo import distance_km
from liantu.web.context import language, say
from liantu.web.formats import shown, words

TONES = {"attract": "red", "grow": "green", "cooperate": "blue", "drop": "grey", "verify": "amber"}
RAW = {"value_added": "value_added_share", "tax": "tax_per_mu", "jobs": "jobs_per_output", "gap": "gap_value", "energy": "energy_per_output", "pollution": "pollution"}
MOST_WEIGHT, LISTED = 100, 8


@dataclass(frozen=True)
class Weight:
    """One part of attractiveness: its words, the standard weight and the person's own (分)."""

    name: str
    label: str
    standard: float
    own: float


def weights_asked(rule: Any, asked: Mapping[str, str]) -> list[Weight]:
    """Own weights as asked for in the address (``w_tax=30``); what is no number from 0 to 100 stays standard."""
    labels = {name: zh if language() == "zh" else en for name, zh, en in rule.names}
    return [Weight(part, labels[part], rule.value[part], _weight(asked.get(f"w_{part}"), rule.value[part])) for part in PARTS]


def _weight(text: str | None, standard: float) -> float:
    try:
        value = float(text or "")
    except ValueError:
        return standard
    return value if 0 <= value <= MOST_WEIGHT else standard


def ranked(rows: Sequence[dict[str, Any]], weights: Sequence[Weight], least_known: float) -> list[dict[str, Any]]:
    """Rows with label, tone, own attractiveness, standard and own rank (1 is the best) and how far the rank moved; best own rank first."""
    shares = {w.name: w.own for w in weights}
    own = {row["code"]: weighed({part: row[f"{part}_points"] for part in PARTS}, shares, least_known) for row in rows}
    standard, mine = standing_order({row["code"]: row["attractiveness"] for row in rows}), standing_order(own)
    told = []
    for row in rows:
        was, now = standard.get(row["code"]), mine.get(row["code"])
        told.append({**row, "label": label_of(row), "tone": TONES[row["verdict"]], "own": own[row["code"]], "rank": was, "own_rank": now, "moved": was - now if was and now else 0})
    return sorted(told, key=lambda r: (r["own_rank"] or len(told) + 1, r["code"]))


def label_of(row: Mapping[str, Any]) -> str:
    return str((row.get("name_en") or row["name"]) if language() == "en" else row["name"])


def parts_of(row: Mapping[str, Any], weights: Sequence[Weight], columns: Mapping[str, Column]) -> list[dict[str, Any]]:
    """The parts of a node's attractiveness: what was measured, its percentile, both weights."""
    return [{"weight": w, "column": columns[RAW[w.name]], "value": row[RAW[w.name]], "points": row[f"{w.name}_points"], "points_column": columns[f"{w.name}_points"]} for w in weights]


def facts_told(result: Result, row: Mapping[str, Any], edition: Edition) -> list[dict[str, Any]]:
    """Every fact of the verdict: column, value, period and source; figures that this person may not see are left out."""
    seen = {c.name: c for c in result.columns}
    year = str(row["bought_year"] or "—") if "bought_year" in row else "—"
    profile, as_of = row["profile_source"] or "—", edition.manifest.as_of
    links, inputs = say("供需关系登记", "supply links on record"), say("环节投入系数 × 企业产值", "input coefficients × output of firms")
    basis = {"links": links, "coefficients": inputs}.get(row["demand_basis"] or "", "—")
    survey, lists = say("区外布局登记", "presence elsewhere, on record"), say("周边主攻方向登记", "priorities of neighbours, on record")
    placed, panel = say("入链和企业名录", "placements and the register"), say("地区行业数据", "industries of regions")
    told = [
        ("local_demand", year if row["demand_basis"] == "links" else as_of, basis), ("bought", year, links), ("bought_elsewhere", year, links), ("derived", as_of, inputs),
        ("efficient_output", "—", profile), ("demand_ratio", year, basis), ("supply_50", as_of, survey), ("supply_150", as_of, survey), ("supply_300", as_of, survey),
        ("nearest_km", as_of, survey), ("crowding", as_of, lists), ("close_firms", as_of, placed), ("firms", as_of, placed),
        ("feasibility", str(row["feasibility_year"] or "—"), panel), ("import_share", "—", profile), ("single_source", year, links), ("chokepoint", as_of, say("技术路线登记", "technology routes")),
        ("land_mu", "—", profile), ("land_free_mu", as_of, say("产业集群登记", "clusters on record")), ("energy_tce", "—", profile), ("pollution", "—", profile),
    ]
    return [{"column": seen[name], "value": row[name], "text": shown(row[name], seen[name]), "period": period, "source": source, "known": row[name] is not None}
            for name, period, source in told if name in seen]


def suppliers_of(edition: Edition, node: int) -> list[dict[str, Any]]:
    """Firms and clusters elsewhere at a node, nearest first (km from the mean place of our firms; a place without coordinates last)."""
    rows = edition.table("outside_presence").filter(pl.col("chain_node") == node).select("name", "kind", "province", "city", "longitude", "latitude", "ties", "source").to_dicts()
    here = mean_place(edition.table("enterprise"))
    for row in rows:
        known = here is not None and row["longitude"] is not None and row["latitude"] is not None
        row["km"] = float(distance_km(here[0], here[1], row["longitude"], row["latitude"])) if known and here else None
    return sorted(rows, key=lambda r: (r["km"] is None, r["km"] or 0.0, r["name"]))


def chasers_of(edition: Edition, node: int, reach: float) -> list[dict[str, Any]]:
    """Places around that name the node or its chain, nearest first; ``exact`` when they name the node, ``within`` when they lie within reach."""
    chain = edition.table("chain_node").filter(pl.col("id") == node)["chain"].item()
    rows = edition.table("neighbour_priority").filter((pl.col("chain_node") == node) | (pl.col("chain_node").is_null() & (pl.col("chain") == chain)))
    told = [{**r, "exact": r["chain_node"] is not None, "within": r["distance_km"] is not None and r["distance_km"] <= reach} for r in rows.iter_rows(named=True)]
    return sorted(told, key=lambda r: (not r["within"], r["distance_km"] or 0.0, r["place"]))


def close_firms(edition: Edition, names: str | None) -> list[tuple[str, int | None]]:
    """Names of firms that make something close, with their ids."""
    wanted = split_words(names)
    ids = dict(edition.table("enterprise").filter(pl.col("name").is_in(wanted)).select("name", "id").iter_rows()) if wanted else {}
    return [(name, ids.get(name)) for name in wanted]


def counts_of(rows: Sequence[Mapping[str, Any]], column: Column) -> list[dict[str, Any]]:
    """How many nodes each verdict has, in its order."""
    return [{"value": c.value, "label": words(c), "tone": TONES[c.value], "count": sum(r["verdict"] == c.value for r in rows)} for c in column.choices]
