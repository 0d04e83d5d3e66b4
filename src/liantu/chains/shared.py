"""What several rooms say about firms and nodes alike: a firm's latest figures, where it stands, and facts per node."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.kernel.relations import ratio, zero

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
    """One row per firm: its latest year on record; where two sources tell that year, the larger value of each column."""
    last = annual_figure.group_by("enterprise").agg(nw.col("year").max().alias("last_year"))
    rows = annual_figure.join(last, on="enterprise", how="inner").filter(nw.col("year") == nw.col("last_year"))
    columns = ("output", "revenue", "tax", "rd", "employees", "land_mu")
    return rows.group_by("enterprise").agg(nw.col("last_year").max().alias("year"), *(nw.col(c).max() for c in columns))


def working(enterprise: Any) -> Any:
    """Firms that still work here: not closed, not moved away."""
    return enterprise.filter(~nw.col("status").is_in(["closed", "moved"]) | nw.col("status").is_null())


def standing(placement: Any, enterprise: Any, annual_figure: Any) -> Any:
    """One row per firm and node that counts (confirmed or likely), with the firm's output shared out over its nodes.

    A firm at several nodes brings ``business_share`` of its output to a node where that is known, else an equal part.
    """
    counted = placement.filter(nw.col("grade").is_in(["confirmed", "likely"]))
    nodes = counted.group_by("enterprise").agg(nw.len().alias("nodes"))
    firms = working(enterprise).select(nw.col("id").alias("enterprise"), nw.col("name").alias("firm_name"), "above_scale")
    rows = counted.select("enterprise", "chain_node", "role", "grade", "business_share").join(firms, on="enterprise", how="inner")
    rows = rows.join(nodes, on="enterprise", how="inner")
    rows = rows.join(latest_figures(annual_figure).select("enterprise", "output"), on="enterprise", how="left")
    part = nw.when(nw.col("business_share").is_null()).then(ratio(nw.lit(1.0), nw.col("nodes"))).otherwise(nw.col("business_share"))
    return rows.with_columns((zero(nw.col("output")) * part).alias("node_output"), nw.when(nw.col("above_scale")).then(nw.lit(1)).otherwise(nw.lit(0)).alias("above"))


def node_facts(chain_node: Any, chain: Any, placement: Any, enterprise: Any, annual_figure: Any, supply_link: Any) -> Any:
    """One row per node: firms, firms above scale, output, the largest firm's share, and how much is bought inside the district."""
    rows = standing(placement, enterprise, annual_figure)
    per_node = rows.group_by("chain_node").agg(nw.len().alias("firms"), nw.col("above").sum().alias("above_scale_firms"), nw.col("node_output").sum().alias("output"),
                                               nw.col("node_output").max().alias("largest_output"))
    doubtful = placement.filter(nw.col("grade") == "to_verify").group_by("chain_node").agg(nw.len().alias("to_verify"))
    bought = supply_link.filter(~nw.col("chain_node").is_null(), ~nw.col("customer").is_null())
    bought = bought.with_columns(nw.when(~nw.col("supplier").is_null()).then(zero(nw.col("amount"))).otherwise(nw.lit(0.0)).alias("inside"))
    bought = bought.group_by("chain_node").agg(nw.col("amount").sum().alias("bought"), nw.col("inside").sum().alias("bought_inside"))
    facts = chain_node.rename({"id": "node_id"}).join(chain.select(nw.col("id").alias("chain"), nw.col("code").alias("chain_code"), nw.col("name").alias("chain_name")),
                                                      on="chain", how="inner")
    for part in (per_node, doubtful, bought):
        facts = facts.join(part.rename({"chain_node": "node_id"}), on="node_id", how="left")
    facts = facts.with_columns(*(zero(nw.col(c)).alias(c) for c in ("firms", "above_scale_firms", "output", "to_verify")))
    return facts.with_columns(ratio(nw.col("largest_output"), nw.col("output")).alias("largest_share"),
                              ratio(nw.col("bought_inside"), nw.col("bought")).alias("local_supply_share"))
