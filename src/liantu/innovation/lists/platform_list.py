"""创新平台清单: research, pilot, testing and other platforms of the chains."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.shared import named_chain
from liantu.innovation.choices import LEVELS, PLATFORM_KINDS
from liantu.kernel.columns import Column
from liantu.kernel.output import list_

COLUMNS = (
    Column("platform", "平台编号", "Platform id", "integer", unit="号", secrecy="public"),
    Column("name", "平台名称", "Platform", "text", secrecy="public"),
    Column("kind", "平台类别", "Kind", "choice", choices=PLATFORM_KINDS, secrecy="public"),
    Column("level", "级别", "Level", "choice", choices=LEVELS, secrecy="public"),
    Column("host", "依托单位", "Host", "name", secrecy="public"),
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="public", help="空为各链通用"),
    Column("chain_name", "产业链", "Chain", "name", secrecy="public"),
    Column("node_code", "环节代码", "Node code", "code", secrecy="public"),
    Column("node_name", "环节", "Node", "name", secrecy="public"),
    Column("services", "服务内容", "Services", "words", secrecy="public"),
    Column("open_to_all", "对外服务", "Open to others", "flag", secrecy="public"),
    Column("recognised", "认定年份", "Recognised in", "year", secrecy="public"),
)
TRACE = (
    ("platform", {"id": "platform"}),
    ("enterprise", {"id": "platform.enterprise"}),
    ("chain_node", {"id": "platform.chain_node"}),
    ("chain", {"id": "platform.chain"}),
    ("chain", {"id": "chain_node.chain"}),
)


@list_("创新平台清单", "Platform list", key=("platform",), columns=COLUMNS, trace=TRACE, sort=("chain_code", "level"))
def platform_list(platform: Any, enterprise: Any, chain_node: Any, chain: Any) -> Any:
    """有哪些研发、中试、检测等平台，依托谁、服务哪个环节、对不对外；供企业找平台、部门看缺口。

    Which research, pilot and testing platforms there are, who hosts them, which node they serve and whether they serve others.

    Example:
        platform
        id | name | kind    | enterprise | host_name | chain | chain_node
        1  | 甲所 | testing | 7          | 甲厂      |       | 2
        2  | 乙所 | pilot   |            | 某大学    |       |
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
        platform | name | host   | chain_code | node_code
        1        | 甲所 | 甲     | c          | c/b
        2        | 乙所 | 某大学 |            |
    """
    hosts = enterprise.select(nw.col("id").alias("enterprise"), nw.col("name").alias("register_name"))
    rows = platform.rename({"id": "platform"}).join(hosts, on="enterprise", how="left").with_columns(nw.coalesce("register_name", "host_name").alias("host"))
    return named_chain(rows, chain_node, chain)
