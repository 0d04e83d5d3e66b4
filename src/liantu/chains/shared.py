"""What several rooms say about firms and nodes alike: a firm's latest figures, where it stands, and facts per node."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.kernel.relations import count_of, ratio, zero

NODE_TRACE = (
    ("chain_node", {"code": "code"}),
    ("chain", {"id": "chain_node.chain"}),
    ("placement", {"chain_node": "chain_node.id"}),
    ("placement", {"enterprise": "placement.enterprise"}),
    ("enterprise", {"id": "placement.enterprise"}),
    ("annual_figure", {"enterprise": "placement.enterprise"}),
    ("supply_link", {"chain_node": "chain_node.id"}),
)


def latest_figures(annual_figure: Any) -> Any:
    """One row per firm: its latest year with a known output, else with known revenue or tax; of two sources the larger value.

    A year of which only a part is in (revenue to October, say) has no output yet and does not count while an older one has.
    """
    told = annual_figure.filter(~nw.col("output").is_null() | ~nw.col("revenue").is_null() | ~nw.col("tax").is_null())
    whole = nw.when(nw.col("output").is_null()).then(nw.lit(0)).otherwise(nw.lit(10_000))
    last = told.with_columns((nw.col("year") + whole).alias("order")).group_by("enterprise").agg(nw.col("order").max())
    last = last.with_columns(nw.when(nw.col("order") > 10_000).then(nw.col("order") - 10_000).otherwise(nw.col("order")).alias("last_year"))
    rows = annual_figure.join(last, on="enterprise", how="inner").filter(nw.col("year") == nw.col("last_year"))
    columns = ("output", "revenue", "tax", "rd", "employees", "land_mu")
    return rows.group_by("enterprise").agg(nw.col("last_year").max().alias("year"), *(nw.col(c).max() for c in columns))


def working(enterprise: Any) -> Any:
    """Firms that still work here: not closed, not moved away."""
    return enterprise.filter(~nw.col("status").is_in(["closed", "moved"]) | nw.col("status").is_null())


def first_placement(placement: Any, by: tuple[str, ...] = ("enterprise",)) -> Any:
    """Each firm's first node (or its first of each chain): the confirmed one, else the likeliest; one row (*by, placement) each.

    Placements that a person rejected are never first; one still to verify is first only where nothing better is known.
    """
    grade = nw.when(nw.col("grade") == "confirmed").then(nw.lit(2.0)).otherwise(nw.when(nw.col("grade") == "likely").then(nw.lit(1.0)).otherwise(nw.lit(0.0)))
    ranked = placement.filter(nw.col("grade") != "rejected").with_columns((grade * 1000.0 + zero(nw.col("score")) * 100.0).alias("rank"))
    best = ranked.group_by(*by).agg(nw.col("rank").max())
    return ranked.join(best, on=[*by, "rank"], how="inner").group_by(*by).agg(nw.col("id").min().alias("placement"))


def standing(placement: Any, enterprise: Any, annual_figure: Any) -> Any:
    """One row per firm and node that counts (confirmed or likely), with the part of the firm's output that belongs there.

    ``business_share`` of the output where that is known; else the whole output belongs to the firm's first node, as
    statistics assign a legal person to its main activity (``node_output``). What a node loses if a firm stops is another
    question: ``at_stake`` counts the firm's whole output (or its known share) at every node where it stands.
    """
    counted = placement.filter(nw.col("grade").is_in(["confirmed", "likely"]))
    first = first_placement(counted).select(nw.col("placement").alias("id"), nw.lit(1.0).alias("first"))
    firms = working(enterprise).select(nw.col("id").alias("enterprise"), nw.col("name").alias("firm_name"), "above_scale")
    rows = counted.join(first, on="id", how="left").select("enterprise", "chain_node", "role", "grade", "business_share", "first")
    rows = rows.join(firms, on="enterprise", how="inner")
    rows = rows.join(latest_figures(annual_figure).select("enterprise", "output"), on="enterprise", how="left")
    part = nw.when(nw.col("business_share").is_null()).then(zero(nw.col("first"))).otherwise(nw.col("business_share"))
    whole = nw.when(nw.col("business_share").is_null()).then(nw.lit(1.0)).otherwise(nw.col("business_share"))
    return rows.with_columns((zero(nw.col("output")) * part).alias("node_output"), (zero(nw.col("output")) * whole).alias("at_stake"), nw.when(nw.col("above_scale")).then(nw.lit(1)).otherwise(nw.lit(0)).alias("above"))


def node_facts(chain_node: Any, chain: Any, placement: Any, enterprise: Any, annual_figure: Any, supply_link: Any) -> Any:
    """One row per node: firms, firms above scale, output, the largest firm's share, and how much is bought inside the district.

    ``verification`` is ``verified`` where a person confirmed every firm that counts; where nobody stands, nobody has checked that either.
    """
    rows = standing(placement, enterprise, annual_figure).with_columns(count_of(nw.col("grade") == "confirmed").alias("confirmed"))
    per_node = rows.group_by("chain_node").agg(nw.len().alias("firms"), nw.col("above").sum().alias("above_scale_firms"), nw.col("node_output").sum().alias("output"),
                                               nw.col("at_stake").max().alias("largest_output"), nw.col("at_stake").sum().alias("at_stake"), nw.col("confirmed").sum())
    doubtful = placement.filter(nw.col("grade") == "to_verify").group_by("chain_node").agg(nw.len().alias("to_verify"))
    bought = supply_link.filter(~nw.col("chain_node").is_null(), ~nw.col("customer").is_null())
    bought = bought.with_columns(nw.when(~nw.col("supplier").is_null()).then(zero(nw.col("amount"))).otherwise(nw.lit(0.0)).alias("inside"))
    bought = bought.group_by("chain_node").agg(nw.col("amount").sum().alias("bought"), nw.col("inside").sum().alias("bought_inside"))
    facts = chain_node.rename({"id": "node_id"}).join(chain.select(nw.col("id").alias("chain"), nw.col("code").alias("chain_code"), nw.col("name").alias("chain_name")),
                                                      on="chain", how="inner")
    for part in (per_node, doubtful, bought):
        facts = facts.join(part.rename({"chain_node": "node_id"}), on="node_id", how="left")
    facts = facts.with_columns(*(zero(nw.col(c)).alias(c) for c in ("firms", "above_scale_firms", "output", "to_verify")))
    checked = nw.when((nw.col("firms") > 0) & (nw.col("confirmed") == nw.col("firms"))).then(nw.lit("verified")).otherwise(nw.lit("to_verify"))
    return facts.with_columns(checked.alias("verification"), ratio(nw.col("largest_output"), nw.col("at_stake")).alias("largest_share"),
                              ratio(nw.col("bought_inside"), nw.col("bought")).alias("local_supply_share"))


def named_chain(rows: Any, chain_node: Any, chain: Any) -> Any:
    """Add ``chain_code``, ``chain_name``, ``node_code`` and ``node_name`` to rows that hold ids of a ``chain`` and a ``chain_node``; a row without a chain takes its node's."""
    nodes = chain_node.select(nw.col("id").alias("chain_node"), nw.col("code").alias("node_code"), nw.col("name").alias("node_name"), nw.col("chain").alias("_node_chain"))
    rows = rows.join(nodes, on="chain_node", how="left").with_columns(nw.coalesce("chain", "_node_chain").alias("chain"))
    return rows.join(chain.select(nw.col("id").alias("chain"), nw.col("code").alias("chain_code"), nw.col("name").alias("chain_name")), on="chain", how="left")
