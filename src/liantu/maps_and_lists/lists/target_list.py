"""招商目标清单: lead firms and clusters elsewhere that stand at nodes which this district lacks, in the order of their points."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.choices import OUTSIDE_KINDS
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.maps_and_lists.lists.gap_list import ACTIONS
from liantu.maps_and_lists.lists.trade_parts import bought_at
from liantu.maps_and_lists.shared import RULES, STATUSES

COLUMNS = (
    Column("presence", "布局编号", "Presence id", "integer", unit="号"),
    Column("name", "目标名称", "Target", "name"),
    Column("kind", "类别", "Kind", "choice", choices=OUTSIDE_KINDS),
    Column("province", "省份", "Province"),
    Column("city", "城市", "City"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("node_code", "环节代码", "Node code", "code"),
    Column("node_name", "环节", "Node", "name"),
    Column("status", "本区状态", "Status here", "choice", choices=STATUSES),
    Column("status_rule", "理由", "Why", "choice", choices=RULES),
    Column("action", "方向", "Direction", "choice", choices=ACTIONS),
    Column("critical", "关键环节", "Critical", "flag"),
    Column("weight", "环节权重", "Weight", "integer", unit="分"),
    Column("bought_outside", "本区区外采购额", "Bought outside by firms here", "money", unit="万元", adds_up=True, sums=bought_at("node_code"), help="本区企业向区外采购该环节产品的已知金额：看得见的需求"),
    Column("ties", "与本地联系", "Ties with here"),
    Column("marks", "资质", "Marks", "words"),
    Column("revenue", "目标营业收入", "Revenue of the target", "money", unit="万元"),
    Column("source", "来源", "Source"),
    Column("target_score", "目标得分", "Score as a target", "number", unit="分", help="目标企业评分清单里的得分，同名企业只评一次；集群不评"),
    Column("target_rank", "目标名次", "Rank as a target", "integer", unit="位", help="在全部目标企业中的名次"),
)
TRACE = (("outside_presence", {"id": "presence"}), ("gap_list", {"code": "node_code"}), ("chain_node", {"code": "node_code"}), ("target_scores", {}))


@list_("招商目标清单", "Target list", key=("presence",), columns=COLUMNS, trace=TRACE, sort=("target_rank", "chain_code", "-weight", "-bought_outside"), secrecy="internal")
def target_list(outside_presence: Any, chain_node: Any, gap_list: Any, target_scores: Any) -> Any:
    """本区缺失、薄弱、系于一家的环节，区外有哪些龙头和集群、在哪座城市、为什么该去；供招商局定走访名单。先后按目标企业评分；没有评分的（集群、已落户的）排在后面，按环节权重和本区需求。内部使用。

    Lead firms and clusters elsewhere at the nodes that are missing, weak or at risk here, with the reasons; for the investment office.

    Ordered by the points of the scored target firms; clusters and firms without points follow by the node's weight and what firms here buy outside. Internal.

    Example:
        outside_presence
        id | name | kind   | city | chain_node | ties
        1  | 丙   | leader | 甲市 | 2          | 向乙供货
        2  | 丁   | leader | 甲市 | 3          |
        chain_node
        id | code
        2  | c/b
        3  | c/c
        gap_list
        code | chain_code | chain_name | name | status  | status_rule | action | critical | weight | bought_outside
        c/b  | c          | 电池       | 隔膜 | missing | no_firm     | fill   | true     | 3      | 300.0
        target_scores
        candidate | name   | score | rank
        -1        | 丙     | 41.5  | 2
        8         | 戊材料 | 60.0  | 1
        gives
        presence | name | city | node_code | node_name | status  | action | bought_outside | ties     | target_score | target_rank
        1        | 丙   | 甲市 | c/b       | 隔膜      | missing | fill   | 300.0          | 向乙供货 | 41.5         | 2
    """
    gaps = gap_list.select(nw.col("code").alias("node_code"), "chain_code", "chain_name", nw.col("name").alias("node_name"), "status", "status_rule", "action", "critical", "weight", "bought_outside")
    rows = outside_presence.rename({"id": "presence"}).join(chain_node.select(nw.col("id").alias("chain_node"), nw.col("code").alias("node_code")), on="chain_node", how="inner")
    scores = target_scores.group_by("name").agg(nw.col("score").max().alias("target_score"), nw.col("rank").min().alias("target_rank"))
    return rows.join(gaps, on="node_code", how="inner").join(scores, on="name", how="left")
