"""区域分布图（区外）: where in the country the same nodes stand, i.e. where to go and whom to invite."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.choices import OUTSIDE_KINDS
from liantu.chains.shared import named_chain, working
from liantu.kernel.columns import Choice, Column
from liantu.kernel.output import map_
from liantu.maps_and_lists.shared import STATUSES
from liantu.places.shared import DIRECTIONS, direction, located, with_way

CLASSES = (Choice("small", "一般", "Modest"), Choice("middle", "较大", "Sizeable"), Choice("large", "大", "Large"), Choice("huge", "特大", "Very large"))
COLUMNS = (
    Column("presence", "编号", "Presence id", "integer", unit="号", secrecy="public"),
    Column("name", "名称", "Name", "name", secrecy="public"),
    Column("kind", "类别", "Kind", "choice", choices=OUTSIDE_KINDS, secrecy="public"),
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="public"),
    Column("chain_name", "产业链", "Chain", "name", secrecy="public"),
    Column("node_code", "环节代码", "Node code", "code", secrecy="public"),
    Column("node_name", "环节", "Node", "name", secrecy="public"),
    Column("node_name_en", "环节英文", "Node in English", secrecy="public"),
    Column("node_status", "本区该环节状态", "Our node's status", "choice", choices=STATUSES, help="本区在这个环节上的状态（见产业链图）；缺失、薄弱、风险的优先"),
    Column("city", "城市", "City", secrecy="public"),
    Column("province", "省份", "Province", secrecy="public"),
    Column("longitude", "经度", "Longitude", "number", unit="°", secrecy="public"),
    Column("latitude", "纬度", "Latitude", "number", unit="°", secrecy="public"),
    Column("distance_km", "距离", "Distance", "number", unit="公里", secrecy="public", help="球面距离，从本区企业的平均位置量起，不是路程"),
    Column("bearing_degrees", "方位角", "Bearing", "number", unit="°", secrecy="public", help="从正北起顺时针"),
    Column("direction", "方向", "Direction", "choice", choices=DIRECTIONS, secrecy="public"),
    Column("revenue_class", "规模档", "Revenue class", "choice", choices=CLASSES, secrecy="public"),
    Column("marks", "资质", "Marks", "words", secrecy="public"),
    Column("ties", "与本地联系", "Ties with here"),
    Column("source", "来源", "Source", secrecy="public"),
)
TRACE = (
    ("outside_presence", {"id": "presence"}),
    ("outside_presence", {"city": "city"}),
    ("chain_node", {"code": "node_code"}),
    ("chain", {"code": "chain_code"}),
    ("chain_map", {"code": "node_code"}),
    ("enterprise", {}),
)


@map_("区域分布图（区外）", "Region map: the country", key=("presence",), columns=COLUMNS, trace=TRACE, sort=("chain_code", "distance_km"), classes="revenue_classes")
def outside_map(outside_presence: Any, chain_node: Any, chain: Any, chain_map: Any, enterprise: Any, classes: Any) -> Any:
    """同一环节在区外的龙头企业和集群在哪座城市、离我们多远、补哪个缺；供招商专班定去哪里、请谁。只作线索，不涉及任何优惠承诺。

    In which city the lead firms and clusters of each node stand, how far away, and which of our gaps they could fill; for the investment team.

    Distance and bearing are measured on a sphere from the mean position of our own firms; a presence without coordinates takes
    those of others in its city.

    Example:
        outside_presence
        id | name   | kind    | chain | chain_node | province | city   | longitude | latitude | revenue
        1  | 甲集团 | leader  |       | 1          | 安徽省   | 合肥市 | 117.2     | 31.8     | 2000000.0
        2  | 乙园区 | cluster | 1     | 1          | 安徽省   | 合肥市 |           |          | 50000.0
        3  | 丙公司 | leader  | 1     | 2          | 某省     | 某市   |           |          |
        chain_node
        id | code | chain | name | name_en
        1  | c/a  | 1     | 隔膜 | Separator
        2  | c/b  | 1     | 电芯 | Cell
        chain
        id | code | name
        1  | c    | 电池
        chain_map
        code | status
        c/a  | missing
        c/b  | strong
        enterprise
        id | name | longitude | latitude
        7  | 丁   | 116.0     | 28.0
        8  | 戊   | 116.4     | 28.4
        9  | 己   | 0.0       | 0.0
        gives
        presence | chain_code | node_name | node_status | city   | distance_km | bearing_degrees | direction | revenue_class
        1        | c          | 隔膜      | missing     | 合肥市 | 411.71      | 13.28           | n         | large
        2        | c          | 隔膜      | missing     | 合肥市 | 411.71      | 13.28           | n         | small
        3        | c          | 电芯      | strong      | 某市   |             |                 |           |
    """
    rows = named_chain(outside_presence, chain_node, chain)
    rows = rows.join(chain_map.select(nw.col("code").alias("node_code"), nw.col("name_en").alias("node_name_en"), nw.col("status").alias("node_status")), on="node_code", how="left")
    towns = located(outside_presence).group_by("province", "city").agg(nw.col("longitude").mean().alias("_lon"), nw.col("latitude").mean().alias("_lat"))
    known = located(rows).select("id", nw.col("longitude").alias("_own_lon"), nw.col("latitude").alias("_own_lat"))
    rows = rows.drop("longitude", "latitude").join(known, on="id", how="left").join(towns, on=["province", "city"], how="left")
    here = located(working(enterprise)).select(nw.col("longitude").mean().alias("from_longitude"), nw.col("latitude").mean().alias("from_latitude"))
    rows = rows.join(here, how="cross").with_columns(nw.coalesce("_own_lon", "_lon").alias("longitude"), nw.coalesce("_own_lat", "_lat").alias("latitude"))
    rows = with_way(rows)
    sized = nw.when(nw.col("revenue") >= classes["huge"]).then(nw.lit("huge")).when(nw.col("revenue") >= classes["large"]).then(nw.lit("large"))
    sized = sized.when(nw.col("revenue") >= classes["middle"]).then(nw.lit("middle")).when(~nw.col("revenue").is_null()).then(nw.lit("small"))
    return rows.with_columns(nw.col("id").alias("presence"), direction(nw.col("bearing_degrees")).alias("direction"), sized.alias("revenue_class"))
