"""应用领域图: what each node's products are used for, who needs, buys and pays, and which customers are here."""

from __future__ import annotations

from typing import Any

from liantu.kernel.columns import Column
from liantu.kernel.output import map_
from liantu.maps_and_lists.shared import NODE_COLUMNS, with_node

COLUMNS = (
    Column("application", "应用编号", "Application id", "integer", unit="号", secrecy="public"),
    *NODE_COLUMNS,
    Column("product", "产品", "Product", "text", secrecy="public"),
    Column("use", "应用场景", "Use", "text", secrecy="public"),
    Column("buyer", "需求方", "Buyer", "text", secrecy="public"),
    Column("payer", "付费方", "Payer", "text", secrecy="public"),
    Column("market", "市场情况", "Market", "text", secrecy="public"),
    Column("local_customers", "本地客户", "Local customers", "words", help="登记的本地客户；空着表示没有登记到"),
    Column("source", "来源", "Source", "text", secrecy="public"),
)
TRACE = (("application", {"id": "application"}), ("chain_node", {"id": "application.chain_node"}), ("chain_map", {"code": "node_code"}))


@map_("应用领域图", "Application map", key=("application",), columns=COLUMNS, trace=TRACE, sort=("chain_code", "position", "product", "use"))
def application_map(application: Any, chain_node: Any, chain_map: Any) -> Any:
    """每个环节的产品用在哪里、谁要谁买谁付钱、本地有没有客户；供链办找市场、做供需对接。没有登记本地客户的用途照样列出。

    What each node's products are used for, who needs, buys and pays, and which customers are here; for matching supply and demand.

    Example:
        application
        id | chain | chain_node | product | use  | buyer  | local_customers
        1  |       | 2          | 湿法膜  | 电芯 | 电池厂 | 甲
        2  | 1     | 2          | 湿法膜  | 储能 |        |
        chain_node
        id | code
        2  | c/b
        chain_map
        code | chain_code | chain_name | name | position | critical | status | stage_name | group_name
        c/b  | c          | 电池       | 隔膜 | 4        | true     | weak   | 材料       | 关键材料
        gives
        application | chain_code | node_name | node_status | product | use  | buyer  | local_customers
        1           | c          | 隔膜      | weak        | 湿法膜  | 电芯 | 电池厂 | 甲
        2           | c          | 隔膜      | weak        | 湿法膜  | 储能 |        |
    """
    return with_node(application.rename({"id": "application"}).drop("chain"), chain_node, chain_map)
