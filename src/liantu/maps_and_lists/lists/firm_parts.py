"""企业贡献明细: what each firm adds to nodes, chains and parks; the rows behind every sum of output and employees."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.shared import first_placement, latest_figures, standing
from liantu.kernel.columns import Column, Sum, sum_of
from liantu.kernel.output import list_
from liantu.kernel.relations import zero

NOWHERE = "-"
COLUMNS = (
    Column("enterprise", "企业编号", "Enterprise id", "integer", unit="号", secrecy="confidential"),
    Column("firm", "法人编号", "Legal person", "integer", unit="号", secrecy="confidential", help="分支机构归到上级法人"),
    Column("node_code", "环节代码", "Node code", "code", secrecy="confidential", help="- 为不在任何环节的部分"),
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="confidential"),
    Column("park_code", "园区代码", "Park code", "code", secrecy="confidential"),
    Column("output", "产值", "Output", "money", unit="万元", secrecy="confidential", help="按首要环节（或业务占比）归到环节的部分"),
    Column("at_stake", "涉及产值", "Output at stake", "money", unit="万元", secrecy="confidential", help="在每个环节都全额（或按已知业务占比）计"),
    Column("employees", "从业人数", "Employees", "integer", unit="人", secrecy="confidential", help="整户归到首要环节，其他环节为空"),
)
TRACE = (
    ("enterprise", {"id": "enterprise"}),
    ("placement", {"enterprise": "enterprise"}),
    ("chain_node", {"id": "placement.chain_node"}),
    ("chain", {"id": "chain_node.chain"}),
    ("park", {"id": "enterprise.park"}),
    ("annual_figure", {"enterprise": "enterprise"}),
)


def node_output(node: str) -> tuple[Sum, ...]:
    """``Column.sums`` of the output of the node that the row's column ``node`` names. A node that one firm dominates by what is at
    stake betrays that firm too, because its status says so."""
    return sum_of("firm_parts", "output", total_known=True, node_code=node), sum_of("firm_parts", "at_stake", node_code=node)


@list_("企业贡献明细", "What firms contribute", key=("enterprise", "node_code"), columns=COLUMNS, trace=TRACE, secrecy="confidential")
def firm_parts(enterprise: Any, placement: Any, chain_node: Any, chain: Any, park: Any, annual_figure: Any) -> Any:
    """每家企业在每个环节、产业链、园区的合计里各占多少；公开版和部门版据此判断哪些合计会泄露单个企业。只供内部使用。

    What each firm adds to the sums of nodes, chains and parks; from it the other versions know which sums would betray a firm. Internal only.

    What a firm makes outside all nodes has a row without a node, so that the rows of all firms add up to the district.

    Example:
        enterprise
        id | branch_of | park | status
        7  |           | 1    |
        8  | 7         |      |
        9  |           | 1    | closed
        placement
        id | enterprise | chain_node | grade     | business_share | score
        1  | 7          | 1          | confirmed | 0.6            | 0.9
        2  | 7          | 2          | likely    | 0.3            | 0.8
        3  | 8          | 2          | likely    |                | 0.8
        chain_node
        id | code | chain
        1  | c/a  | 1
        2  | d/b  | 2
        chain
        id | code
        1  | c
        2  | d
        park
        id | code
        1  | p1
        annual_figure
        enterprise | year | output | employees
        7          | 2025 | 100.0  | 10
        8          | 2025 | 50.0   |
        9          | 2025 | 20.0   | 3
        gives
        enterprise | firm | node_code | chain_code | park_code | output | at_stake | employees
        7          | 7    | -         | -          | p1        | 10.0   |          |
        7          | 7    | c/a       | c          | p1        | 60.0   | 60.0     | 10
        7          | 7    | d/b       | d          | p1        | 30.0   | 30.0     |
        8          | 7    | d/b       | d          |           | 50.0   | 50.0     | 0
        9          | 9    | -         | -          | p1        | 20.0   |          | 3
    """
    nodes = chain_node.select(nw.col("id").alias("chain_node"), nw.col("code").alias("node_code"), "chain")
    nodes = nodes.join(chain.select(nw.col("id").alias("chain"), nw.col("code").alias("chain_code")), on="chain", how="inner")
    latest = latest_figures(annual_figure).select("enterprise", nw.col("output").alias("whole_output"), nw.col("employees").alias("whole_employees"))
    first = first_placement(placement.filter(nw.col("grade").is_in(["confirmed", "likely"]))).join(placement.select(nw.col("id").alias("placement"), "chain_node"), on="placement", how="inner")
    first = first.select("enterprise", "chain_node", nw.lit(1).alias("is_first"))
    placed = standing(placement, enterprise, annual_figure).join(nodes, on="chain_node", how="inner").join(first, on=["enterprise", "chain_node"], how="left")
    placed = placed.join(latest, on="enterprise", how="left").with_columns(nw.when(nw.col("is_first") == 1).then(zero(nw.col("whole_employees"))).alias("employees"))
    placed = placed.select("enterprise", "node_code", "chain_code", nw.col("node_output").alias("output"), "at_stake", "employees")
    used = placed.group_by("enterprise").agg(nw.col("output").sum().alias("placed_output"), (~nw.col("employees").is_null()).cast(nw.Int64).max().alias("counted"))
    rest = latest.join(used, on="enterprise", how="left").with_columns((zero(nw.col("whole_output")) - zero(nw.col("placed_output"))).alias("left_over"))
    rest = rest.with_columns(nw.when(nw.col("left_over") > 0).then(nw.col("left_over")).alias("output"), nw.when(zero(nw.col("counted")) == 0).then(nw.col("whole_employees")).alias("employees"))
    rest = rest.filter(~nw.col("output").is_null() | ~nw.col("employees").is_null()).select("enterprise", "output", "employees")
    homes = enterprise.select(nw.col("id").alias("enterprise"), nw.coalesce("branch_of", "id").alias("firm"), nw.col("park").alias("park_id"))
    homes = homes.join(park.select(nw.col("id").alias("park_id"), nw.col("code").alias("park_code")), on="park_id", how="left")
    rest = rest.with_columns(nw.lit(NOWHERE).alias("node_code"), nw.lit(NOWHERE).alias("chain_code"), nw.lit(None, dtype=nw.Float64).alias("at_stake"))
    rows = nw.concat([placed, rest.select("enterprise", "node_code", "chain_code", "output", "at_stake", "employees")], how="vertical")
    return rows.join(homes, on="enterprise", how="inner")
