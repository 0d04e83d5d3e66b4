"""关键技术清单: the routes of every node, the ones that choke first."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.choices import GRASPS, ROUTE_KINDS
from liantu.chains.shared import named_chain
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.kernel.relations import count_of

COLUMNS = (
    Column("route", "路线编号", "Route id", "integer", unit="号", secrecy="public"),
    Column("name", "技术路线", "Route", "text", secrecy="public"),
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="public"),
    Column("chain_name", "产业链", "Chain", "name", secrecy="public"),
    Column("node_code", "环节代码", "Node code", "code", secrecy="public"),
    Column("node_name", "环节", "Node", "name", secrecy="public"),
    Column("chokepoint", "卡脖子", "Chokepoint", "flag", help="登记的判断；没有登记的为否"),
    Column("local_grasp", "本地掌握", "Local grasp", "choice", choices=GRASPS),
    Column("maturity", "成熟度", "Maturity (1–9)", "integer", unit="级", secrecy="public"),
    Column("kind", "路线类别", "Kind", "choice", choices=ROUTE_KINDS, secrecy="public"),
    Column("leaders", "领先者", "Leaders", "words", secrecy="public"),
    Column("local_firms", "本地企业", "Local firms", "words"),
    Column("since_year", "起始年份", "Since", "year", secrecy="public"),
    Column("until_year", "预计主导至", "Expected until", "year", secrecy="public"),
    Column("source", "来源", "Source", secrecy="public"),
)
TRACE = (("tech_route", {"id": "route"}), ("chain_node", {"id": "tech_route.chain_node"}), ("chain", {"id": "tech_route.chain"}), ("chain", {"id": "chain_node.chain"}))


@list_("关键技术清单", "Technology list", key=("route",), columns=COLUMNS, trace=TRACE, sort=("chain_code", "-chokepoint", "node_code", "-maturity"))
def technology_list(tech_route: Any, chain_node: Any, chain: Any) -> Any:
    """每个环节有哪些技术路线、成熟到几级、本地掌握几成、哪些卡脖子、谁领先；供科技部门定攻关和揭榜题目。

    Which routes each node has, how ripe, how far mastered here, which choke and who leads; for the technology office.

    Example:
        tech_route
        id | name | chain | chain_node | chokepoint | maturity | local_grasp
        1  | 干法 |       | 2          | true       | 9        | following
        2  | 湿法 | 1     | 2          |            | 7        |
        chain_node
        id | code | name | chain
        2  | c/b  | 隔膜 | 1
        chain
        id | code | name
        1  | c    | 电池
        gives
        route | name | chain_code | node_name | chokepoint | local_grasp | maturity
        1     | 干法 | c          | 隔膜      | true       | following   | 9
        2     | 湿法 | c          | 隔膜      | false      |             | 7
    """
    return named_chain(tech_route.rename({"id": "route"}), chain_node, chain).with_columns((count_of(nw.col("chokepoint")) == 1).alias("chokepoint"))
