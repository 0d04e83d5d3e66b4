"""链主候选清单: which firms could lead a chain, by a visible scorecard."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.shared import latest_figures, standing
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.kernel.relations import ratio, zero

COLUMNS = (
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("place", "位次", "Rank", "integer", unit="位"),
    Column("enterprise", "企业编号", "Enterprise id", "integer", unit="号"),
    Column("name", "企业名称", "Enterprise", "name"),
    Column("uscc", "统一社会信用代码", "Credit code", "uscc"),
    Column("named", "已定链主", "Named by a person", "flag"),
    Column("score", "得分", "Score", "number", unit="分", secrecy="confidential"),
    Column("size_score", "规模分", "Size", "number", unit="分", secrecy="confidential", help="营业收入"),
    Column("standing_score", "地位分", "Standing", "number", unit="分", secrecy="confidential", help="占本链产值的比重"),
    Column("suppliers_score", "带动分", "Local pull", "number", unit="分", help="区内配套企业数"),
    Column("research_score", "创新分", "Research", "number", unit="分", secrecy="confidential", help="研发强度"),
    Column("revenue", "营业收入", "Revenue", "money", unit="万元", secrecy="confidential"),
    Column("chain_share", "占本链产值", "Share of chain output", "share", unit="1", secrecy="confidential"),
    Column("local_suppliers", "区内配套企业数", "Local suppliers", "integer", unit="家"),
    Column("rd_intensity", "研发强度", "R&D intensity", "share", unit="1", secrecy="confidential"),
    Column("meets_floor", "达到门槛", "Meets the floor", "flag", help="营业收入和区内配套企业数都达到门槛"),
)
TRACE = (
    ("chain", {"code": "chain_code"}),
    ("chain_node", {"chain": "chain.id"}),
    ("placement", {"chain_node": "chain_node.id"}),
    ("placement", {"enterprise": "placement.enterprise"}),
    ("enterprise", {"id": "placement.enterprise"}),
    ("annual_figure", {"enterprise": "placement.enterprise"}),
    ("supply_link", {"customer": "placement.enterprise"}),
)


@list_("链主候选清单", "Chain master candidates", key=("chain_code", "place"), columns=COLUMNS, trace=TRACE, secrecy="internal", rule="chain_master")
def chain_masters(chain: Any, chain_node: Any, placement: Any, enterprise: Any, annual_figure: Any, supply_link: Any, rule: Any) -> Any:
    """每条链上哪些企业可任链主、凭什么：规模、地位、带动、创新四项得分；只列候选，由人确定。

    Which firms could be chain master of each chain and why, by size, standing, local pull and research; for the chief to decide.

    The list proposes; a person names the master. Scores are parts of a full score that the rule states.

    Example:
        chain
        id | code | name
        1  | c    | 电池
        chain_node
        id | code | chain
        2  | c/b  | 1
        placement
        id | enterprise | chain_node | grade     | role
        1  | 7          | 2          | confirmed | master
        2  | 8          | 2          | likely    |
        enterprise
        id | name | uscc | above_scale
        7  | 甲   | X    | true
        8  | 乙   |      | false
        annual_figure
        enterprise | year | output | revenue  | rd
        7          | 2025 | 300.0  | 250000.0 | 12500.0
        8          | 2025 | 100.0  | 100.0    |
        supply_link
        supplier | customer
        8        | 7
        gives
        chain_code | place | enterprise | named | score | chain_share | local_suppliers | meets_floor
        c          | 1     | 7          | true  | 53.33 | 0.75        | 1               | false
        c          | 2     | 8          | false | 7.51  | 0.25        | 0               | false
    """
    nodes = chain_node.select(nw.col("id").alias("chain_node"), "chain")
    rows = standing(placement, enterprise, annual_figure).join(nodes, on="chain_node", how="inner")
    firms = rows.with_columns(nw.when(nw.col("role") == "master").then(nw.lit(1)).otherwise(nw.lit(0)).alias("named"))
    firms = firms.group_by("chain", "enterprise").agg(nw.col("node_output").sum(), nw.col("named").max())
    totals = rows.group_by("chain").agg(nw.col("node_output").sum().alias("chain_output"))
    firms = firms.join(totals, on="chain", how="inner").with_columns(zero(ratio(nw.col("node_output"), nw.col("chain_output"))).alias("chain_share"))
    firms = firms.join(latest_figures(annual_figure).select("enterprise", "revenue", "rd"), on="enterprise", how="left")
    bought = supply_link.filter(~nw.col("customer").is_null(), ~nw.col("supplier").is_null()).select("supplier", "customer").unique()
    bought = bought.group_by("customer").agg(nw.len().alias("local_suppliers")).rename({"customer": "enterprise"})
    firms = firms.join(bought, on="enterprise", how="left").with_columns(zero(nw.col("local_suppliers")).alias("local_suppliers"), zero(nw.col("revenue")).alias("revenue"))
    firms = _scored(firms.with_columns(ratio(nw.col("rd"), nw.col("revenue")).alias("rd_intensity")), rule)
    firms = firms.join(chain.select(nw.col("id").alias("chain"), nw.col("code").alias("chain_code"), nw.col("name").alias("chain_name")), on="chain", how="inner")
    return firms.join(enterprise.select(nw.col("id").alias("enterprise"), "name", "uscc"), on="enterprise", how="inner")


def _part(column: str, full: float) -> Any:
    """How much of the full mark a value earns: between 0 and 1."""
    value = zero(nw.col(column))
    return nw.when(value >= full).then(nw.lit(1.0)).otherwise(value / nw.lit(float(full)))


def _scored(firms: Any, rule: Any) -> Any:
    """Scores, floor and rank inside each chain; equal scores are ordered by the firm's number."""
    weights = rule["weights"]
    firms = firms.with_columns(
        (_part("revenue", rule["full_revenue"]) * weights["size"]).alias("size_score"), (_part("chain_share", 1.0) * weights["standing"]).alias("standing_score"),
        (_part("local_suppliers", rule["full_suppliers"]) * weights["suppliers"]).alias("suppliers_score"),
        (_part("rd_intensity", rule["full_rd_intensity"]) * weights["research"]).alias("research_score"), (nw.col("named") == 1).alias("named"),
        ((nw.col("revenue") >= rule["floor_revenue"]) & (nw.col("local_suppliers") >= rule["floor_suppliers"])).alias("meets_floor"))
    total = nw.col("size_score") + nw.col("standing_score") + nw.col("suppliers_score") + nw.col("research_score")
    firms = firms.with_columns(total.round(2).alias("score")).with_columns((nw.col("score") - nw.col("enterprise") * 1e-9).alias("order"))
    firms = firms.with_columns(nw.col("order").rank("ordinal", descending=True).over("chain").cast(nw.Int64).alias("place"))
    return firms.filter(nw.col("place") <= rule["per_chain"])
