"""企业停摆影响清单: what goes with each firm if it alone stops, and whom it hits."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.shared import named_chain
from liantu.kernel.arrays import collected, relation_of
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.resilience.network import TABLES, district_network
from liantu.resilience.risk import of_network, once

SCORE = "占全区产值（无产值的企业按营业收入）的份额；算法 Diem 等 2022，迭代到变化不超过参数「冲击传导」的收敛值"
COLUMNS = (
    Column("enterprise", "企业编号", "Enterprise id", "integer", unit="号"),
    Column("name", "企业名称", "Enterprise", "name"),
    Column("uscc", "统一社会信用代码", "Credit code", "uscc"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("node_name", "环节", "Node", "name"),
    Column("rank", "位次", "Rank", "integer", unit="位", secrecy="confidential", help="按停摆影响由大到小"),
    Column("score", "停摆影响", "Systemic risk", "share", unit="1", secrecy="confidential", help=SCORE),
    Column("score_down", "其中缺料传导", "By lack of inputs", "share", unit="1", secrecy="confidential", help="只算下游缺料"),
    Column("score_up", "其中失单传导", "By lost orders", "share", unit="1", secrecy="confidential", help="只算上游失单"),
    Column("output_at_stake", "涉及产值", "Output at stake", "money", unit="万元", secrecy="confidential", help="年产值，含本企业；停摆持续期间按此比例损失"),
    Column("spread_output", "波及他企产值", "Output of others at stake", "money", unit="万元", secrecy="confidential", help="涉及产值中不属于本企业的部分"),
    Column("jobs_at_stake", "涉及就业", "Jobs at stake", "number", unit="人", secrecy="confidential"),
    Column("tax_at_stake", "涉及税收", "Tax at stake", "money", unit="万元", secrecy="confidential"),
    Column("hit_firms", "波及企业数", "Firms hit", "integer", unit="家", secrecy="confidential", help="产出损失达到参数所定比例的其他企业；影响小的企业不列"),
    Column("victims", "主要受影响企业", "Main victims", "words", help="按涉及产值由大到小"),
    Column("steps", "收敛步数", "Steps", "integer", unit="步"),
)
TRACE = (
    ("enterprise", {}),
    ("supply_link", {}),
    ("annual_figure", {}),
    ("placement", {}),
    ("chain_node", {}),
    ("node_link", {}),
    ("chain", {"id": "chain_node.chain"}),
)


@list_("企业停摆影响清单", "Systemic risk of firms", key=("enterprise",), columns=COLUMNS, trace=TRACE, sort=("-score",), secrecy="internal", rule="shock")
def systemic_risk(enterprise: Any, supply_link: Any, annual_figure: Any, placement: Any, chain_node: Any, node_link: Any, chain: Any, rule: Any) -> Any:
    """每家企业单独停摆会带走多少产值、就业、税收，先波及谁；供值守人员和链长办排查隐患。按已登记的供需关系推算，名单不全时偏低。

    What goes with each firm if it alone stops, and whom it hits first; for the watch and the chain office. Reckoned from the supply links on record, so too low where lists are missing.

    Example:
        enterprise
        id | name | uscc | industry_code | status
        7  | 甲   | X    | 2611          |
        8  | 乙   |      | 3841          |
        9  | 丙   |      | 3612          |
        supply_link
        id | supplier | customer | supplier_name | customer_name | item | chain_node | amount | year
        1  | 7        | 8        | 甲            | 乙            | 料   | 1          | 70.0   | 2025
        2  | 8        | 9        | 乙            | 丙            | 芯   | 2          | 70.0   | 2025
        annual_figure
        enterprise | year | output | revenue | tax | employees
        7          | 2025 | 100.0  | 100.0   | 5.0 | 10
        8          | 2025 | 100.0  | 100.0   | 5.0 | 20
        9          | 2025 | 200.0  | 100.0   |     | 30
        placement
        id | enterprise | chain_node | grade     | score
        1  | 7          | 1          | confirmed | 1.0
        2  | 8          | 2          | confirmed | 1.0
        3  | 9          | 3          | confirmed | 1.0
        chain_node
        id | code | chain | name | critical
        1  | c/a  | 1     | 料   | true
        2  | c/b  | 1     | 芯   | false
        3  | c/c  | 1     | 车   | false
        node_link
        source | target | item | weight
        1      | 2      | 料   | 1
        2      | 3      | 芯   | 5
        chain
        id | code | name
        1  | c    | 电池
        gives
        enterprise | rank | score | score_down | score_up | output_at_stake | spread_output | jobs_at_stake | tax_at_stake | hit_firms | victims | node_name
        7          | 1    | 1.0   | 1.0        | 0.25     | 400.0           | 300.0         | 60.0          | 10.0         | 2         | 丙、乙  | 料
        8          | 2    | 0.925 | 0.75       | 0.425    | 370.0           | 270.0         | 57.0          | 8.5          | 2         | 丙、甲  | 芯
        9          | 3    | 0.7975 | 0.5        | 0.7975   | 319.0           | 119.0         | 48.9          | 5.95         | 2         | 乙、甲  | 车
    """
    tables = dict(zip(TABLES, map(collected, (enterprise, supply_link, annual_figure, placement, chain_node, node_link)), strict=True))
    rows = once(lambda: of_network(district_network(tables, rule)), tables, rule)
    kept = ("enterprise", "name", "uscc", "chain_node", "score", "score_down", "score_up", "output_at_stake", "spread_output", "jobs_at_stake", "tax_at_stake", "hit_firms", "victims", "steps")
    relation = relation_of(rows.sort("score", "enterprise", descending=[True, False]).with_row_index("rank", offset=1).select("rank", *kept).to_dict(as_series=True))
    nodes, chains = (relation_of(collected(table).to_dict(as_series=True)) for table in (chain_node, chain))
    return named_chain(relation.with_columns(nw.col("rank").cast(nw.Int64), nw.lit(None, dtype=nw.Int64).alias("chain")), nodes, chains)
