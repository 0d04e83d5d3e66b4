"""区域分布图（区内）: where in the district each chain stands, park by park."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.shared import first_placement, latest_figures, standing
from liantu.kernel.columns import Column, sum_of
from liantu.kernel.output import map_
from liantu.kernel.relations import count_of, zero
from liantu.places.choices import PARK_KINDS
from liantu.places.shared import located
from liantu.projects.shared import once_each

UNDER_WAY = ("signed", "registered", "approved", "started", "in_statistics")
COLUMNS = (
    Column("park_code", "园区代码", "Park code", "code", secrecy="public"),
    Column("park_name", "园区镇街", "Park or township", "name", secrecy="public"),
    Column("park_kind", "类别", "Kind", "choice", choices=PARK_KINDS, secrecy="public"),
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="public"),
    Column("chain_name", "产业链", "Chain", "name", secrecy="public"),
    Column("firms", "企业数", "Firms", "integer", unit="家", secrecy="public", help="已确认和可能入链、仍在经营的企业；站在几条链上就在几条链上各计一次"),
    Column("above_scale_firms", "规上企业数", "Firms above scale", "integer", unit="家", secrecy="public"),
    Column("output", "产值", "Output", "money", unit="万元", secrecy="confidential", adds_up=True, sums=(sum_of("firm_parts", "output", total_known=True, park_code="park_code", chain_code="chain_code"),), help="企业最近一年产值，按首要环节（或业务占比）归到产业链，各链相加不重复"),
    Column("employees", "从业人数", "Employees", "integer", unit="人", secrecy="confidential", adds_up=True, sums=(sum_of("firm_parts", "employees", total_known=True, park_code="park_code", chain_code="chain_code"),), help="整户归到首要产业链，各链相加不重复"),
    Column("projects", "在推项目", "Projects under way", "integer", unit="个", secrecy="public", help="已签约、未竣工，没有暂停或终止的项目；认定重复的只计先签的"),
    Column("invest_total", "在推项目总投资", "Investment under way", "money", unit="万元", secrecy="public"),
    Column("longitude", "企业重心经度", "Centre, longitude", "number", unit="°"),
    Column("latitude", "企业重心纬度", "Centre, latitude", "number", unit="°"),
)
TRACE = (
    ("park", {"code": "park_code"}),
    ("chain", {"code": "chain_code"}),
    ("chain_node", {"chain": "chain.id"}),
    ("enterprise", {"park": "park.id"}),
    ("placement", {"enterprise": "enterprise.id"}),
    ("annual_figure", {"enterprise": "enterprise.id"}),
    ("project", {"park": "park.id"}),
    ("signing_verdict", {"other": "project.id"}),
)


@map_("区域分布图（区内）", "Region map: inside the district", key=("park_code", "chain_code"), columns=COLUMNS, trace=TRACE, sort=("chain_code", "park_code"))
def region_map(park: Any, chain: Any, chain_node: Any, placement: Any, enterprise: Any, annual_figure: Any, project: Any, signing_verdict: Any) -> Any:
    """每个镇街、园区在每条产业链上有多少企业、产值、在推项目；供链长看布局、定承载地。没有企业的园区也列出，填零。

    How many firms, how much output and how many projects under way each park and township has on each chain; for deciding where a chain should stand.

    Parks without firms stand with zeros. Only firms that state their park count.

    Example:
        park
        id | code | name   | kind
        1  | p1   | 高新区 | park
        2  | p2   | 白鹭镇 | township
        chain
        id | code | name
        1  | c    | 电池
        chain_node
        id | code | chain
        1  | c/a  | 1
        2  | c/b  | 1
        placement
        id | enterprise | chain_node | grade     | score
        1  | 7          | 1          | confirmed | 0.9
        2  | 7          | 2          | likely    | 0.8
        3  | 8          | 2          | likely    | 0.8
        4  | 9          | 2          | to_verify | 0.8
        enterprise
        id | name | park | above_scale | longitude | latitude
        7  | 甲   | 1    | true        | 116.2     | 28.2
        8  | 乙   | 1    | false       | 116.4     | 28.4
        9  | 丙   | 2    | true        |           |
        annual_figure
        enterprise | year | output | employees
        7          | 2025 | 900.0  | 90
        8          | 2025 | 100.0  | 10
        project
        id | name | chain | chain_node | stage   | side_state | invest_total | park
        1  | 丁   |       | 2          | started | normal     | 5000.0       | 2
        2  | 戊   | 1     |            | started | ended      | 7000.0       | 2
        signing_verdict
        id | project | other | verdict
        gives
        park_code | chain_code | firms | above_scale_firms | output | employees | projects | invest_total | longitude
        p1        | c          | 2     | 1                 | 1000.0 | 100       | 0        | 0.0          | 116.3
        p2        | c          | 0     | 0                 | 0.0    | 0         | 1        | 5000.0       |
    """
    parks = park.select(nw.col("id").alias("park"), nw.col("code").alias("park_code"), nw.col("name").alias("park_name"), nw.col("kind").alias("park_kind"))
    chains = chain.select(nw.col("id").alias("chain"), nw.col("code").alias("chain_code"), nw.col("name").alias("chain_name"))
    nodes = chain_node.select(nw.col("id").alias("chain_node"), nw.col("chain").alias("node_chain"))
    rows = parks.join(chains, how="cross")
    for part in (_firms(placement, enterprise, annual_figure, nodes), _projects(once_each(project, signing_verdict), nodes)):
        rows = rows.join(part, on=["park", "chain"], how="left")
    return rows.with_columns(*(zero(nw.col(c)).alias(c) for c in ("firms", "above_scale_firms", "output", "employees", "projects", "invest_total")))


def _firms(placement: Any, enterprise: Any, annual_figure: Any, nodes: Any) -> Any:
    """One row per park and chain: firms, those above scale, output, employees and the mean of the known coordinates."""
    homes = enterprise.select(nw.col("id").alias("enterprise"), "park", "longitude", "latitude")
    stand = standing(placement, enterprise, annual_figure).join(nodes, on="chain_node", how="inner").rename({"node_chain": "chain"})
    first = first_placement(placement.filter(nw.col("grade").is_in(["confirmed", "likely"]))).select(nw.col("placement").alias("id"))
    first = placement.join(first, on="id", how="inner").join(nodes, on="chain_node", how="inner").select("enterprise", nw.col("node_chain").alias("chain"))
    workers = first.join(latest_figures(annual_figure).select("enterprise", "employees"), on="enterprise", how="inner")
    output = stand.join(homes, on="enterprise", how="inner").group_by("park", "chain").agg(nw.col("node_output").sum().alias("output"))
    firms = stand.select("enterprise", "chain", "above").unique().join(homes, on="enterprise", how="inner")
    firms = firms.join(workers, on=["enterprise", "chain"], how="left")
    centre = located(firms).group_by("park", "chain").agg(nw.col("longitude").mean(), nw.col("latitude").mean())
    counts = firms.group_by("park", "chain").agg(nw.len().alias("firms"), nw.col("above").sum().alias("above_scale_firms"), zero(nw.col("employees").sum()).alias("employees"))
    return counts.join(output, on=["park", "chain"], how="left").join(centre, on=["park", "chain"], how="left")


def _projects(project: Any, nodes: Any) -> Any:
    """One row per park and chain: projects under way and their total investment."""
    rows = project.join(nodes, on="chain_node", how="left").with_columns(nw.coalesce("chain", "node_chain").alias("chain"))
    going = nw.col("stage").is_in(list(UNDER_WAY)) & (nw.col("side_state").is_null() | ~nw.col("side_state").is_in(["paused", "ended"]))
    rows = rows.with_columns(count_of(going).alias("projects")).filter(nw.col("projects") == 1)
    return rows.group_by("park", "chain").agg(nw.col("projects").sum(), nw.col("invest_total").sum())
