"""技术路线图: the technology routes of every node, how ripe they are and how well the district commands them."""

from __future__ import annotations

from typing import Any

from liantu.chains.choices import GRASPS, ROUTE_KINDS
from liantu.kernel.columns import Column
from liantu.kernel.output import map_
from liantu.maps_and_lists.shared import NODE_COLUMNS, with_node

COLUMNS = (
    Column("route", "路线编号", "Route id", "integer", unit="号", secrecy="public"),
    *NODE_COLUMNS,
    Column("name", "技术路线", "Route", "text", secrecy="public"),
    Column("name_en", "技术路线英文", "Route in English", secrecy="public"),
    Column("kind", "路线类别", "Kind", "choice", choices=ROUTE_KINDS, secrecy="public"),
    Column("maturity", "成熟度", "Maturity (1–9)", "integer", unit="级", secrecy="public", help="技术就绪度 1–9 级（GB/T 37264-2018）"),
    Column("local_grasp", "本地掌握", "Local grasp", "choice", choices=GRASPS),
    Column("chokepoint", "卡脖子", "Chokepoint", "flag"),
    Column("leaders", "领先者", "Leaders", "words", secrecy="public"),
    Column("local_firms", "本地企业", "Local firms", "words"),
    Column("since_year", "起始年份", "Since", "year", secrecy="public"),
    Column("until_year", "预计主导至", "Expected until", "year", secrecy="public"),
    Column("source", "来源", "Source", "text", secrecy="public"),
)
TRACE = (("tech_route", {"id": "route"}), ("chain_node", {"id": "tech_route.chain_node"}), ("chain_map", {"code": "node_code"}))


@map_("技术路线图", "Technology map", key=("route",), columns=COLUMNS, trace=TRACE, sort=("chain_code", "position", "since_year"))
def technology_map(tech_route: Any, chain_node: Any, chain_map: Any) -> Any:
    """每个环节有哪些技术路线（主流、替代、前沿），成熟到几级，本地掌握几成，哪些卡脖子，谁领先，从哪年到哪年；供链长判断押哪条路线、补哪项技术。

    Which technology routes each node has (mainstream, alternative, frontier), how ripe they are, how well the district commands
    them, which are chokepoints, who leads, from when to when; for the chain chief who decides which route to back.

    Example:
        tech_route
        id | chain_node | name     | kind       | maturity | local_grasp | chokepoint | since_year | until_year
        5  | 1          | 湿法隔膜 | mainstream | 9        | following   | true       | 2010       | 2035
        6  | 1          | 固态电解 | frontier   | 5        | none        | false      | 2022       |
        chain_node
        id | code
        1  | c/a
        chain_map
        code | chain_code | chain_name | name | position | critical | status | stage_name | group_name
        c/a  | c          | 电池       | 隔膜 | 1        | true     | weak   | 材料       | 关键材料
        gives
        route | chain_name | group_name | node_code | node_name | node_status | name     | maturity | chokepoint | until_year
        5     | 电池       | 关键材料   | c/a       | 隔膜      | weak        | 湿法隔膜 | 9        | true       | 2035
        6     | 电池       | 关键材料   | c/a       | 隔膜      | weak        | 固态电解 | 5        | false      |
    """
    return with_node(tech_route.rename({"id": "route"}).drop("chain"), chain_node, chain_map)
