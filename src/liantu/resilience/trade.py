"""Who sells what to whom, as the newest lists tell it: each link with the node of its item and how much its buyer depends on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

ESSENTIAL, OTHER = 2, 1
WORD_COLUMNS = ("name", "synonyms", "products")


def newest_links(supply_link: pl.DataFrame, years: int) -> pl.DataFrame:
    """Of each customer's lists (of each supplier's, where the customer is outside) the newest year, if it is among the last ``years`` years of all lists."""
    whose = supply_link.with_columns(pl.coalesce("customer", -pl.col("supplier")).alias("whose")).filter(pl.col("whose").is_not_null())
    rows = whose.filter(pl.col("year") == pl.col("year").max().over("whose"))
    rows = rows.filter(pl.col("year") > pl.lit(supply_link["year"].max()) - years, pl.col("supplier").ne_missing(pl.col("customer")))
    return rows.drop("whose").sort("id")


def stands_at(placement: pl.DataFrame) -> pl.DataFrame:
    """Enterprise and chain_node of the placements that count (confirmed or likely)."""
    return placement.filter(pl.col("grade").is_in(["confirmed", "likely"])).select("enterprise", "chain_node").unique()


def template_kinds(node_link: pl.DataFrame, chain_node: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """source, target, weight and kind (2 essential, 1 not) of every link of the templates."""
    critical = chain_node.select(pl.col("id").alias("source"), pl.col("critical").fill_null(False) & rule["critical_essential"])
    rows = node_link.select("source", "target", pl.col("weight").fill_null(1), "item").join(critical, on="source", how="inner")
    essential = pl.col("critical") | (pl.col("weight") >= rule["essential_weight"])
    return rows.select("source", "target", "weight", "item", pl.when(essential).then(ESSENTIAL).otherwise(OTHER).cast(pl.Int64).alias("kind"))


def words_of_nodes(chain_node: pl.DataFrame, kinds: pl.DataFrame) -> pl.DataFrame:
    """Every word that names what a node supplies: its name, synonyms, products and what flows out of it (item, source)."""
    own = [chain_node.select(pl.col(column).str.split("、").alias("item"), pl.col("id").alias("source")).explode("item") for column in WORD_COLUMNS]
    return pl.concat([*own, kinds.select("item", "source")]).filter(pl.col("item").is_not_null() & (pl.col("item") != "")).unique()


def with_kind(links: pl.DataFrame, placement: pl.DataFrame, chain_node: pl.DataFrame, node_link: pl.DataFrame, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Links with ``node`` (of what is supplied) and ``kind`` (2 essential, 1 not).

    The node is the one on the record; else a node that says the item's word, else one where the supplier stands: always one that supplies a node
    of the buyer by the template, the strongest such link first. What has no link to the buyer's nodes is non-essential; without any, the node is
    the one on the record, the only one that says the word, or null.
    """
    kinds, stands = template_kinds(node_link, chain_node, rule), stands_at(placement)
    words = words_of_nodes(chain_node, kinds)
    said = links.select("id", "item").join(words, on="item", how="inner").select("id", "source", pl.lit(1).alias("order"))
    recorded = links.filter(pl.col("chain_node").is_not_null()).select("id", pl.col("chain_node").alias("source"), pl.lit(0).alias("order"))
    sold = links.select("id", enterprise="supplier").join(stands, on="enterprise", how="inner").select("id", pl.col("chain_node").alias("source"), pl.lit(2).alias("order"))
    without = links.filter(pl.col("chain_node").is_null()).select("id")
    options = pl.concat([recorded, said.join(without, on="id", how="semi"), sold.join(without, on="id", how="semi")])
    bought = links.select("id", enterprise="customer").join(stands, on="enterprise", how="inner").select("id", target="chain_node")
    fits = options.join(bought, on="id", how="inner").join(kinds.drop("item"), on=["source", "target"], how="inner")
    best = fits.sort("id", "order", "kind", "weight", "source", descending=[False, False, True, True, False]).unique("id", keep="first", maintain_order=True)
    only = said.join(without, on="id", how="semi").group_by("id").agg(pl.col("source").unique()).filter(pl.col("source").list.len() == 1)
    rows = links.join(best.select("id", fitting="source", kind="kind"), on="id", how="left").join(only.select("id", word=pl.col("source").list.first()), on="id", how="left")
    return rows.with_columns(pl.coalesce("fitting", "chain_node", "word").alias("node"), pl.col("kind").fill_null(OTHER)).drop("fitting", "word").sort("id")
