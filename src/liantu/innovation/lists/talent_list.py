"""人才清单: the high-level talents of the chains; personal data, for internal use."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.shared import named_chain
from liantu.kernel.columns import Column
from liantu.kernel.output import list_

COLUMNS = (
    Column("talent", "人才编号", "Talent id", "integer", unit="号"),
    Column("name", "姓名", "Name", "text", secrecy="confidential"),
    Column("title", "人才称号", "Title"),
    Column("field", "专业领域", "Field"),
    Column("enterprise_name", "所在单位", "Firm", "name"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("node_code", "环节代码", "Node code", "code"),
    Column("node_name", "环节", "Node", "name"),
    Column("since_year", "引进年份", "Since", "year"),
)
TRACE = (
    ("talent", {"id": "talent"}),
    ("enterprise", {"id": "talent.enterprise"}),
    ("chain_node", {"id": "talent.chain_node"}),
    ("chain", {"id": "talent.chain"}),
    ("chain", {"id": "chain_node.chain"}),
)


@list_("人才清单", "Talent list", key=("talent",), columns=COLUMNS, trace=TRACE, sort=("chain_code", "title"), secrecy="internal")
def talent_list(talent: Any, enterprise: Any, chain_node: Any, chain: Any) -> Any:
    """链上有哪些高层次人才、在哪家企业、什么专业；个人信息，仅限内部，姓名只有「内部」组能看。

    Which high-level talents the chains have, in which firm and field; personal data, internal, names for insiders only.

    Example:
        talent
        id | name | enterprise | chain | chain_node
        1  | 某某 | 7          |       | 2
        enterprise
        id | name
        7  | 甲
        chain_node
        id | code | name | chain
        2  | c/b  | 隔膜 | 1
        chain
        id | code | name
        1  | c    | 电池
        gives
        talent | name | enterprise_name | chain_code | node_name
        1      | 某某 | 甲              | c          | 隔膜
    """
    firms = enterprise.select(nw.col("id").alias("enterprise"), nw.col("name").alias("enterprise_name"))
    return named_chain(talent.rename({"id": "talent"}).join(firms, on="enterprise", how="left"), chain_node, chain)
