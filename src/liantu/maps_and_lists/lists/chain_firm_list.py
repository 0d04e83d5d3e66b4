"""重点企业清单: the firms of each chain, a firm of two chains in both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import narwhals as nw

from liantu.chains.shared import first_placement
from liantu.kernel.output import list_
from liantu.maps_and_lists.lists.firm_list import COLUMNS as OF_FIRM
from liantu.maps_and_lists.lists.firm_list import is_key_firm

COLUMNS = tuple(replace(c, help="这家企业在本链站的环节数（含待核）") if c.name == "nodes" else c for c in OF_FIRM)
OF_CHAIN = ("chain_code", "chain_name", "node_code", "node_name", "node_stage", "grade", "role", "capacity", "nodes")
TRACE = (
    ("firm_list", {"enterprise": "enterprise"}),
    ("chain", {"code": "chain_code"}),
    ("chain_node", {"chain": "chain.id"}),
    ("placement", {"enterprise": "enterprise"}),
)


@list_("产业链企业清单", "Firms of each chain", key=("enterprise", "chain_code"), columns=COLUMNS, trace=TRACE, sort=("chain_code", "-output"), verified="grade", key_firms="key_firms")
def chain_firm_list(firm_list: Any, placement: Any, chain_node: Any, chain: Any, key_firms: Any) -> Any:
    """每条产业链上的企业：在本链的首要环节、角色，以及企业的数据和资质；供链长和专班。站在几条链上的企业，每条链各列一次，数据是企业全部的，不按链分。

    The firms of each chain with their first node and role on it, their figures and marks; for the chief and the task force.

    A firm that stands on several chains is listed in each; its figures are the whole firm's, not the chain's part.

    Example:
        firm_list
        enterprise | name | chain_code | node_code | role   | key_firm | above_scale | qualifications | output | nodes
        7          | 甲   | c          | c/a       | master | true     | false       |                | 10.0   | 3
        8          | 乙   | c          | c/b       |        | false    | false       |                | 5.0    | 1
        9          | 丙   |            |           |        | true     | true        |                | 5.0    | 0
        placement
        id | enterprise | chain_node | grade     | score | role
        1  | 7          | 1          | confirmed | 0.4   | master
        2  | 7          | 3          | likely    | 0.9   |
        3  | 7          | 2          | likely    | 0.9   |
        4  | 8          | 2          | to_verify | 0.2   |
        5  | 8          | 3          | rejected  | 0.8   |
        chain_node
        id | code | chain | name | stage
        1  | c/a  | 1     | 隔膜 | up
        2  | c/b  | 1     | 电芯 | mid
        3  | d/a  | 2     | 铝材 | up
        chain
        id | code | name
        1  | c    | 电池
        2  | d    | 铝
        gives
        enterprise | chain_code | name | node_code | grade     | role   | key_firm | nodes | output
        7          | c          | 甲   | c/a       | confirmed | master | true     | 2     | 10.0
        7          | d          | 甲   | d/a       | likely    |        | false    | 1     | 10.0
        8          | c          | 乙   | c/b       | to_verify |        | false    | 1     | 5.0
    """
    nodes = chain_node.select(nw.col("id").alias("chain_node"), nw.col("chain").alias("on_chain"), nw.col("code").alias("node_code"), nw.col("name").alias("node_name"),
                              nw.col("stage").alias("node_stage"))
    placed = placement.select("id", "enterprise", "chain_node", "grade", "role", "capacity", "score").join(nodes, on="chain_node", how="inner")
    counts = placed.filter(nw.col("grade") != "rejected").group_by("enterprise", "on_chain").agg(nw.len().alias("nodes"))
    first = first_placement(placed, by=("enterprise", "on_chain")).select("placement")
    rows = placed.rename({"id": "placement"}).join(first, on="placement", how="inner").join(counts, on=["enterprise", "on_chain"], how="inner")
    rows = rows.join(chain.select(nw.col("id").alias("on_chain"), nw.col("code").alias("chain_code"), nw.col("name").alias("chain_name")), on="on_chain", how="inner")
    firms = firm_list.select(*(c.name for c in COLUMNS if c.name not in (*OF_CHAIN, "key_firm")))
    return rows.select("enterprise", *OF_CHAIN).join(firms, on="enterprise", how="inner").with_columns(is_key_firm(key_firms).alias("key_firm"))
