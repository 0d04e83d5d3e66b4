"""The facts of each gap node, gathered from the tables of an edition; pure Polars on rows in memory. Money 万元, distances km."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from liantu.kernel.word_lists import MARK, split_words
from liantu.methods.geo import distance_km

Tables = Mapping[str, pl.DataFrame]
NAMED = 6  # names listed in a cell
RINGS = (50, 150, 300)


def mean_place(enterprise: pl.DataFrame) -> tuple[float, float] | None:
    """The district's own point: mean longitude and latitude of its working firms; None when none is placed."""
    placed = enterprise.filter(pl.col("longitude").is_between(73, 136), pl.col("latitude").is_between(3, 54), pl.col("status").is_null() | ~pl.col("status").is_in(["closed", "moved"]))
    return None if placed.is_empty() else (float(placed["longitude"].mean()), float(placed["latitude"].mean()))  # type: ignore[arg-type]


def demand(supply_link: pl.DataFrame, node_input: pl.DataFrame, standing: pl.DataFrame) -> pl.DataFrame:
    """Per node: ``bought`` (newest year with amounts, inside and outside, and ``suppliers`` seen then), ``derived`` (Σ output of using nodes × coefficient),
    and ``local_demand``, the larger of the two: both look at the same purchases, so they are never added. ``demand_basis`` says which.
    """
    links = supply_link.filter(pl.col("chain_node").is_not_null(), pl.col("customer").is_not_null(), pl.col("amount").is_not_null())
    links = links.filter(pl.col("year") == pl.col("year").max().over("chain_node"))
    name = pl.coalesce(pl.col("supplier").cast(pl.String), "supplier_name")
    bought = links.group_by("chain_node").agg(pl.col("amount").sum().alias("bought"), pl.col("amount").filter(pl.col("supplier").is_null()).sum().alias("bought_elsewhere"),
                                              pl.col("year").max().alias("bought_year"), name.n_unique().alias("suppliers"))
    made = standing.group_by("chain_node").agg(pl.col("node_output").sum().alias("made")).rename({"chain_node": "user_node"})
    used = node_input.filter(pl.col("input_share").is_not_null()).join(made, on="user_node", how="left").with_columns((pl.col("made").fill_null(0.0) * pl.col("input_share")).alias("part"))
    derived = used.group_by("chain_node").agg(pl.col("part").sum().alias("derived"), pl.col("source").is_not_null().all().alias("inputs_sourced"))
    both = bought.join(derived, on="chain_node", how="full", coalesce=True)
    larger = pl.max_horizontal("bought", "derived")
    basis = pl.when(larger.is_null()).then(None).when(pl.col("bought").fill_null(-1.0) >= pl.col("derived").fill_null(-1.0)).then(pl.lit("links")).otherwise(pl.lit("coefficients"))
    return both.with_columns(larger.alias("local_demand"), basis.alias("demand_basis"))


def supply(outside: pl.DataFrame, here: tuple[float, float] | None) -> pl.DataFrame:
    """Per node: firms and clusters known within 50, 150, 300 km, the nearest and its city. A presence without coordinates takes its city's; null without any node surveyed."""
    schema = {"chain_node": pl.Int64, **{f"supply_{r}": pl.Int64 for r in RINGS}, "nearest_km": pl.Float64, "nearest_city": pl.String, "nearest_name": pl.String, "supply_sourced": pl.Boolean}
    if here is None or outside.is_empty():
        return pl.DataFrame(schema=schema)
    rows = outside.with_columns(*(pl.coalesce(c, pl.col(c).mean().over("province", "city")).alias(c) for c in ("longitude", "latitude"))).filter(pl.col("longitude").is_not_null(), pl.col("latitude").is_not_null())
    away = distance_km(here[0], here[1], rows["longitude"].to_numpy(), rows["latitude"].to_numpy())
    rows = rows.with_columns(pl.Series("km", away, dtype=pl.Float64)).sort("km", "id")
    return rows.group_by("chain_node", maintain_order=True).agg(*((pl.col("km") <= r).sum().cast(pl.Int64).alias(f"supply_{r}") for r in RINGS), pl.col("km").first().alias("nearest_km"), pl.col("city").first().alias("nearest_city"),
                                           pl.col("name").first().alias("nearest_name"), pl.col("source").is_not_null().all().alias("supply_sourced")).select(list(schema))


def crowding(priority: pl.DataFrame, nodes: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Per node: places within reach that name it (1 each) or only its chain (``chain_counts`` each), and who they are; a place counts once, for the more. Null when no list is on record."""
    if priority.is_empty():
        return pl.DataFrame(schema={"chain_node": pl.Int64, "crowding": pl.Float64, "chased_by": pl.String, "crowding_sourced": pl.Boolean})
    near = priority.filter(pl.col("distance_km") <= rule["reach_km"])
    exact = near.filter(pl.col("chain_node").is_not_null()).select("place", "chain_node", "source", pl.lit(1.0).alias("counts"))
    whole = near.filter(pl.col("chain_node").is_null(), pl.col("chain").is_not_null()).select("place", "chain", "source", pl.lit(float(rule["chain_counts"])).alias("counts"))
    whole = whole.join(nodes.select("chain_node", "chain"), on="chain", how="inner").select("place", "chain_node", "source", "counts")
    each = pl.concat([exact, whole]).group_by("chain_node", "place").agg(pl.col("counts").max(), pl.col("source").is_not_null().all())
    told = each.sort("counts", "place", descending=[True, False]).group_by("chain_node", maintain_order=True).agg(
        pl.col("counts").sum().alias("crowding"), pl.col("place").head(NAMED).str.join(MARK).alias("chased_by"), pl.col("source").all().alias("crowding_sourced"))
    return nodes.select("chain_node").join(told, on="chain_node", how="left").with_columns(pl.col("crowding").fill_null(0.0), pl.col("crowding_sourced").fill_null(True))


def close(nodes: pl.DataFrame, standing: pl.DataFrame, enterprise: pl.DataFrame) -> pl.DataFrame:
    """Per node: firms here that make something close and do not stand at the node: at sibling nodes of its group, or with one of its product words among their products."""
    siblings = nodes.filter(pl.col("group_code").is_not_null()).select("chain_node", "chain", "group_code")
    pairs = siblings.join(siblings.rename({"chain_node": "sibling"}), on=["chain", "group_code"], how="inner").filter(pl.col("chain_node") != pl.col("sibling"))
    firms = standing.select("enterprise", pl.col("chain_node").alias("sibling"), "firm_name")
    near = pairs.join(firms, on="sibling", how="inner").select("chain_node", "enterprise", "firm_name")
    word = nodes.select("chain_node", pl.col("products").str.split(MARK).alias("word")).explode("word").filter(pl.col("word").str.len_chars() > 1)
    works = pl.col("status").is_null() | ~pl.col("status").is_in(["closed", "moved"])
    makes = enterprise.filter(works).select(pl.col("id").alias("enterprise"), pl.col("name").alias("firm_name"), pl.col("products").str.split(MARK).alias("word")).explode("word")
    near = pl.concat([near, word.join(makes, on="word", how="inner").select("chain_node", "enterprise", "firm_name")]).unique(["chain_node", "enterprise"])
    near = near.join(standing.select("chain_node", "enterprise"), on=["chain_node", "enterprise"], how="anti").sort("enterprise")
    told = near.group_by("chain_node", maintain_order=True).agg(pl.len().cast(pl.Int64).alias("close_firms"), pl.col("firm_name").head(NAMED).str.join(MARK).alias("close_names"))
    return nodes.select("chain_node").join(told, on="chain_node", how="left").with_columns(pl.col("close_firms").fill_null(0))


def land(cluster: pl.DataFrame, nodes: pl.DataFrame) -> pl.DataFrame:
    """Per node: the largest free plot (亩) among its chain's clusters, or among all clusters where the chain has none; null when nobody told."""
    told = cluster.filter(pl.col("land_free_mu").is_not_null())
    own = told.filter(pl.col("chain").is_not_null()).group_by("chain").agg(pl.col("land_free_mu").max().alias("own"))
    most = told["land_free_mu"].max()
    return nodes.select("chain_node", "chain").join(own, on="chain", how="left").select("chain_node", pl.coalesce("own", pl.lit(most, dtype=pl.Float64)).alias("land_free_mu"))


def feasible(nodes: pl.DataFrame, industries: pl.DataFrame) -> pl.DataFrame:
    """Per node: the chance of its industry codes to take root, the finest code that the records hold; of several equally fine the likeliest. ``rooted``: that industry is here already."""
    known = {r["industry_code"]: r for r in industries.iter_rows(named=True)}
    schema = {"chain_node": pl.Int64, "feasibility": pl.Float64, "feasible_code": pl.String, "feasible_because": pl.String, "rooted": pl.Boolean, "feasibility_year": pl.Int64, "ece": pl.Float64}
    rows = []
    for node in nodes.iter_rows(named=True):
        found = _finest(list(split_words(node["industry_codes"])), known)
        if found:
            best = max(found, key=lambda r: (bool(r["present"]), r["probability"] if r["probability"] is not None else -1.0, r["industry_code"]))
            rows.append((node["chain_node"], best["probability"], best["industry_code"], best["because"], bool(best["present"]), best["year"], best["ece"]))
    return pl.DataFrame(rows, schema=schema, orient="row")


def _finest(codes: list[str], known: Mapping[str, Any]) -> list[Any]:
    """Records of the codes at the finest level (four digits before three before two) that the records hold."""
    for length in (4, 3, 2):
        found = [known[c] for c in dict.fromkeys(code[:length] for code in codes if len(code) >= length) if c in known]
        if found:
            return found
    return []


def routes(tech_route: pl.DataFrame) -> pl.DataFrame:
    """Per node: whether one of its technology routes is a chokepoint."""
    return tech_route.group_by("chain_node").agg(pl.col("chokepoint").fill_null(False).any().alias("chokepoint"))
