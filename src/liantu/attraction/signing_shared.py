"""Which signed projects look like one project told twice, and why, in words; reads rows only."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import polars as pl

from liantu.enterprises.matching import pair_models, regions_with
from liantu.kernel.names import name_key
from liantu.kernel.word_lists import split_words
from liantu.methods.project_pairs import Ledger, Signing, repeated
from liantu.projects.shared import RANKS

REASONS = {
    "same_firm": ("名录里是同一家企业", "the same registered firm"), "same_name": ("同名单位：{0}", "the same party: {0}"), "likely_name": ("单位名称多半是一家（{0}）", "party names are likely one firm ({0})"),
    "same_brand": ("字号相同：{0}", "the same brand: {0}"), "brand_named": ("字号“{0}”也在另一项目名称里", "the brand {0} stands in the other project's name"), "brand_sounds": ("字号同音：{0}", "brands sound alike: {0}"),
    "brand_letters": ("字母商号与字号相合：{0}", "letters spell the brand: {0}"), "party_unknown": ("有一方没写投资方", "a party is not told"), "other_party": ("投资方和实施企业都不同", "parties differ"),
    "product": ("项目名称里的产品相近 {0}", "products alike {0}"), "content": ("建设内容相近 {0}", "contents alike {0}"), "same_capacity": ("产能相同：{0}", "the same capacity: {0}"),
    "other_capacity": ("产能不同：{0}", "capacities differ: {0}"), "same_node": ("同一环节", "the same node"), "other_node": ("环节不同", "other nodes"),
    "same_amount": ("总投资相同：{0} 万元", "the same amount: {0} (10k yuan)"), "near_amount": ("总投资相近：{0} 万元", "amounts are close: {0} (10k yuan)"), "far_amount": ("总投资相差大：{0} 万元", "amounts far apart: {0} (10k yuan)"),
    "phase": ("只有一方写明{0}", "only one says {0}"), "long_ago": ("签约相隔 {0} 天", "signed {0} days apart")}
Tables = dict[str, pl.DataFrame]


def reason(part: tuple[str, float, str], language: str = "zh") -> str:
    """One part of a comparison in words."""
    zh, en = REASONS[part[0]]
    return (en if language == "en" else zh).format(part[2])


def told_parts(text: str) -> list[tuple[str, float, str]]:
    """The parts as an output's column ``parts`` keeps them."""
    rows = (line.split("\t") for line in text.splitlines())
    return [(name, float(odds), detail) for name, odds, detail in rows]


def signed_projects(project: pl.DataFrame, enterprise: pl.DataFrame) -> list[dict[str, Any]]:
    """Projects that came to 签约 or further, each as a row with its parties' register ids, in the order of ids."""
    known: dict[str, set[int]] = defaultdict(set)
    for pk, name, former in enterprise.select("id", "name", "former").iter_rows():
        for word in (name, *split_words(former)):
            known[name_key(word)].add(pk)
    names = dict(enterprise.select("id", "name").iter_rows())
    signed = [s for s, rank in RANKS.items() if rank >= RANKS["signed"]]
    rows = project.filter(pl.col("stage").is_in(signed)).sort("id").to_dicts()
    for row in rows:
        parties = [row["investor"], names.get(row["enterprise"]) or row["enterprise_name"]]
        row["parties"] = tuple(dict.fromkeys(p for p in parties if p))
        found = {row["enterprise"]} | {next(iter(k)) for p in row["parties"] if len(k := known.get(name_key(p), set())) == 1}
        row["firms"] = tuple(sorted(f for f in found if f is not None))
    return rows


def look_alike(tables: Tables, rule: dict[str, Any]) -> list[dict[str, Any]]:
    """Pairs from the probability ``ask`` up: first, other (ids), probability, parts. Same investor and enterprise of one project count as its parties."""
    rows = signed_projects(tables["project"], tables["enterprise"])
    ledger = Ledger([Signing(r["name"], r["parties"], r["firms"], r["content"] or "", r["invest_total"], str(r["chain_node"] or ""), str(r["park"] or ""), r["signed_on"]) for r in rows],
                    regions=regions_with(tables["region"].select("code", "name").iter_rows()), models=pair_models(), likely=rule["likely_from"])
    return [{"first": rows[p.first]["id"], "other": rows[p.other]["id"], "probability": p.probability, "parts": p.parts} for p in repeated(ledger, rule, least=rule["ask"])]
