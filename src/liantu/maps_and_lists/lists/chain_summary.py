"""产业链概况: one row per chain, the figures that stand at the head of its map."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.shared import node_facts, standing
from liantu.kernel.columns import Column, sum_of
from liantu.kernel.output import list_
from liantu.kernel.relations import ratio, zero
from liantu.maps_and_lists.shared import with_status

COLUMNS = (
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="public"),
    Column("chain_name", "产业链", "Chain", "name", secrecy="public"),
    Column("nodes", "环节数", "Nodes", "integer", unit="个", secrecy="public"),
    Column("strong", "优势环节", "Strong nodes", "integer", unit="个"),
    Column("fair", "基本环节", "Fair nodes", "integer", unit="个"),
    Column("weak", "薄弱环节", "Weak nodes", "integer", unit="个"),
    Column("at_risk", "风险环节", "Nodes at risk", "integer", unit="个"),
    Column("missing", "缺失环节", "Missing nodes", "integer", unit="个"),
    Column("completeness", "完整度", "Completeness", "share", unit="1", help="Σ(环节权重 × 状态分值) ÷ Σ 环节权重"),
    Column("placements", "挂链企业", "Firms on the chain", "integer", unit="家次", help="一家企业站几个环节计几次"),
    Column("firms", "企业数", "Firms", "integer", unit="家", secrecy="public"),
    Column("above_scale_firms", "规上企业数", "Firms above scale", "integer", unit="家"),
    Column("output", "产值", "Output", "money", unit="万元", adds_up=True, sums=(sum_of("firm_parts", "output", total_known=True, chain_code="chain_code"),), help="企业最近一年产值，按首要环节（或业务占比）汇总"),
    Column("to_verify", "待核入链", "Placements to verify", "integer", unit="条"),
)
TRACE = (
    ("chain", {"code": "chain_code"}),
    ("chain_node", {"chain": "chain.id"}),
    ("placement", {"chain_node": "chain_node.id"}),
    ("placement", {"enterprise": "placement.enterprise"}),
    ("enterprise", {"id": "placement.enterprise"}),
    ("annual_figure", {"enterprise": "placement.enterprise"}),
    ("supply_link", {"chain_node": "chain_node.id"}),
)


@list_("产业链概况", "Chains at a glance", key=("chain_code",), columns=COLUMNS, trace=TRACE, rule="node_status", scores="completeness")
def chain_summary(chain: Any, chain_node: Any, placement: Any, enterprise: Any, annual_figure: Any, supply_link: Any, rule: Any, scores: Any) -> Any:
    """每条产业链的完整度，优势、薄弱、风险、缺失环节各多少；供链长和总览页。

    How complete each chain is and how many of its nodes are strong, weak, at risk or missing; for the chief and the home page.

    Example:
        chain
        id | code | name
        1  | c    | 电池
        chain_node
        id | code | chain | name | weight
        1  | c/a  | 1     | 隔膜 | 1
        2  | c/b  | 1     | 电芯 | 3
        placement
        id | enterprise | chain_node | grade
        1  | 7          | 2          | likely
        2  | 8          | 1          | to_verify
        enterprise
        id | name | above_scale
        7  | 甲   | true
        8  | 乙   | true
        annual_figure
        enterprise | year | output
        7          | 2025 | 800.0
        supply_link
        chain_node | supplier | customer | amount
        gives
        chain_code | nodes | strong | weak | missing | completeness | placements | firms | above_scale_firms | output | to_verify
        c          | 2     | 0      | 1    | 1       | 0.3          | 1          | 1     | 1                 | 800.0  | 1
    """
    facts = with_status(node_facts(chain_node, chain, placement, enterprise, annual_figure, supply_link), rule)
    score = nw.lit(0.0)
    for status, value in scores.items():
        score = nw.when(nw.col("status") == status).then(nw.lit(float(value))).otherwise(score)
    counts = [nw.when(nw.col("status") == s).then(nw.lit(1)).otherwise(nw.lit(0)).alias(f"is_{s}") for s in scores]
    facts = facts.with_columns(*counts, (zero(nw.col("weight")) * 1.0).alias("w")).with_columns((nw.col("w") * score).alias("scored"))
    rows = facts.group_by("chain_code", "chain_name").agg(
        nw.len().alias("nodes"), *(nw.col(f"is_{s}").sum().alias(s) for s in scores), nw.col("w").sum(), nw.col("scored").sum(), nw.col("to_verify").sum())
    rows = rows.with_columns(ratio(nw.col("scored"), nw.col("w")).alias("completeness"))
    stand = standing(placement, enterprise, annual_figure).join(chain_node.select(nw.col("id").alias("chain_node"), nw.col("chain").alias("chain_id")), on="chain_node", how="inner")
    stand = stand.join(chain.select(nw.col("id").alias("chain_id"), nw.col("code").alias("chain_code")), on="chain_id", how="inner")
    placed = stand.group_by("chain_code").agg(nw.len().alias("placements"), nw.col("node_output").sum().alias("output"))
    firms = stand.select("chain_code", "enterprise", "above").unique().group_by("chain_code").agg(nw.len().alias("firms"), nw.col("above").sum().alias("above_scale_firms"))
    rows = rows.join(placed, on="chain_code", how="left").join(firms, on="chain_code", how="left")
    return rows.with_columns(*(zero(nw.col(c)).alias(c) for c in ("placements", "output", "firms", "above_scale_firms")))
