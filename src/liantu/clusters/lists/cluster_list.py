"""产业集群清单: the clusters with the figures that upper levels ask for."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.clusters.choices import LEVELS
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.kernel.relations import ratio

REPORTED = "集群主管部门报送口径"
COLUMNS = (
    Column("cluster", "集群编号", "Cluster id", "integer", unit="号", secrecy="public"),
    Column("name", "集群名称", "Cluster", "text", secrecy="public"),
    Column("level", "级别", "Level", "choice", choices=LEVELS, secrecy="public"),
    Column("goal", "申报目标", "Goal"),
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="public"),
    Column("chain_name", "产业链", "Chain", "name", secrecy="public"),
    Column("leading", "主导产业", "Leading industries", "words", secrecy="public"),
    Column("park", "所在园区", "Park or township", "name", secrecy="public"),
    Column("leader", "龙头企业", "Leading firm", "name", secrecy="public"),
    Column("year", "数据年份", "Year", "year", secrecy="public"),
    Column("output", "集群产值", "Cluster output", "money", unit="万元", adds_up=True, help=REPORTED),
    Column("firms_above_scale", "规上企业数", "Firms above scale", "integer", unit="家", secrecy="public", help=REPORTED),
    Column("leading_share", "主导产业占比", "Share of the leading industry", "share", unit="1", secrecy="public", help=REPORTED),
    Column("output_per_km2", "每平方公里产值", "Output per km²", "number", unit="万元/km²", adds_up=True, help="集群产值 ÷ 面积"),
    Column("area_km2", "面积", "Area", "number", unit="km²", secrecy="public"),
    Column("land_free_mu", "可用土地", "Free land", "number", unit="亩"),
    Column("plant_free_m2", "可用厂房", "Free plant", "number", unit="m²"),
    Column("platforms", "公共服务平台", "Platforms", "words", secrecy="public"),
)
TRACE = (
    ("cluster", {"id": "cluster"}),
    ("chain", {"id": "cluster.chain"}),
    ("park", {"id": "cluster.park"}),
    ("enterprise", {"id": "cluster.leader"}),
)


@list_("产业集群清单", "Cluster list", key=("cluster",), columns=COLUMNS, trace=TRACE, sort=("chain_code", "-output"))
def cluster_list(cluster: Any, chain: Any, park: Any, enterprise: Any) -> Any:
    """每个集群的级别、申报目标、产值、龙头和还剩多少地和厂房；供链长办申报和招商。数字是主管部门报送的，不由系统重算。

    Each cluster's level, goal, output, leading firm and the room it has left; for the chain office. Figures are as reported, not recomputed.

    Example:
        cluster
        id | name | chain | park | leader | leader_name | output   | area_km2
        1  | 甲群 | 1     | 3    | 7      | 甲厂        | 500000.0 | 10.0
        2  | 乙群 |       |      |        | 区外乙厂    |          |
        chain
        id | code | name
        1  | c    | 电池
        park
        id | name
        3  | 高新区
        enterprise
        id | name
        7  | 甲
        gives
        cluster | name | chain_code | park   | leader   | output   | output_per_km2
        1       | 甲群 | c          | 高新区 | 甲       | 500000.0 | 50000.0
        2       | 乙群 |            |        | 区外乙厂 |          |
    """
    rows = cluster.rename({"id": "cluster", "park": "park_id", "leader": "leader_id"})
    rows = rows.join(chain.select(nw.col("id").alias("chain"), nw.col("code").alias("chain_code"), nw.col("name").alias("chain_name")), on="chain", how="left")
    rows = rows.join(park.select(nw.col("id").alias("park_id"), nw.col("name").alias("park")), on="park_id", how="left")
    rows = rows.join(enterprise.select(nw.col("id").alias("leader_id"), nw.col("name").alias("register_name")), on="leader_id", how="left")
    return rows.with_columns(nw.coalesce("register_name", "leader_name").alias("leader"), ratio(nw.col("output"), nw.col("area_km2")).alias("output_per_km2"))
