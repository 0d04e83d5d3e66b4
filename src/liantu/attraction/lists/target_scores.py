"""目标企业评分清单: every firm of the pool with its points by reason, the words they rest on, and whether it is worth a visit."""

from __future__ import annotations

from datetime import date
from typing import Any

from liantu.attraction.choices import POOLS, VERDICTS
from liantu.attraction.lenses import with_lenses
from liantu.attraction.lists.gap_verdict import STATUSES
from liantu.attraction.target_gather import INPUTS, gathered
from liantu.attraction.targets import scored, sentences
from liantu.kernel.arrays import collected, relation_of
from liantu.kernel.columns import Column
from liantu.kernel.output import list_

OPEN = "每项怎样得分见参数「目标企业评分」"
COLUMNS = (
    Column("candidate", "目标企业编号", "Candidate id", "integer", unit="号", help="负数为区外布局里的龙头，不在目标企业库"),
    Column("rank", "名次", "Rank", "integer", unit="位"),
    Column("name", "目标企业", "Candidate firm", "name"),
    Column("short_listed", "走访名单", "Short-listed", "flag", help="名次在库的一定比例之内、不低于最低分、没有不列入的风险"),
    Column("score", "得分", "Score", "number", unit="分", help="各项相加，满分 100；不是来不来的概率"),
    Column("gap_points", "缺口匹配", "Gap", "number", unit="分", help=OPEN),
    Column("link_points", "与本地联系", "Links with here", "number", unit="分", help=OPEN),
    Column("size_points", "规模与成长", "Size and growth", "number", unit="分", help=OPEN),
    Column("expansion_points", "扩张信号", "Expansion", "number", unit="分", help=OPEN),
    Column("distance_points", "距离与转移", "Distance and relocation", "number", unit="分", help=OPEN),
    Column("technology_points", "技术资质", "Technology", "number", unit="分", help=OPEN),
    Column("feasible_points", "落地可行", "Feasibility", "number", unit="分", help=OPEN),
    Column("risk_points", "风险扣分", "Risk", "number", unit="分", help=OPEN),
    Column("gap_basis", "缺口依据", "Gap, on what"),
    Column("link_basis", "联系依据", "Links, on what"),
    Column("size_basis", "规模依据", "Size, on what"),
    Column("expansion_basis", "扩张依据", "Expansion, on what"),
    Column("distance_basis", "距离依据", "Distance, on what"),
    Column("technology_basis", "技术依据", "Technology, on what"),
    Column("feasible_basis", "落地依据", "Feasibility, on what"),
    Column("risk_basis", "风险依据", "Risk, on what"),
    Column("sentence", "开场白", "Opening sentence", help="由上面的事实拼成；不许诺任何支持"),
    Column("lenses", "招商办法", "Lenses", "words", help="从哪几种办法看得到它"),
    Column("pool", "来源名单", "Pool", "choice", choices=POOLS),
    Column("node_code", "环节代码", "Node code", "code"),
    Column("node_name", "环节", "Node", "name"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("status", "本区状态", "Status here", "choice", choices=STATUSES),
    Column("verdict", "缺口判断", "Verdict", "choice", choices=VERDICTS),
    Column("province", "省份", "Province"),
    Column("city", "城市", "City"),
    Column("distance_km", "距离", "Distance", "number", unit="公里", help="球面距离，从本区企业的中间位置量起"),
    Column("revenue", "营业收入", "Revenue", "money", unit="万元"),
    Column("figure_year", "数据年份", "Year of the figure", "integer", unit="年"),
    Column("marks", "资质", "Marks", "words"),
    Column("source", "来源", "Source"),
    Column("pool_size", "库中企业", "Pool", "integer", unit="家"),
)
TRACE = (("candidate_firm", {"id": "candidate"}), ("candidate_figure", {"candidate": "candidate"}), ("candidate_sign", {"candidate": "candidate"}), ("candidate_link", {"candidate": "candidate"}),
         ("gap_verdict", {"code": "node_code"}), ("chain_node", {"code": "node_code"}), ("candidate_landing", {"candidate": "candidate"}), ("outside_presence", {"name": "name"}),
         ("supply_link", {}), ("chain", {"code": "chain_code"}), ("enterprise", {}), ("chain_masters", {}))


@list_("目标企业评分清单", "Scored target firms", key=("candidate",), columns=COLUMNS, trace=TRACE, sort=("rank",), secrecy="internal", rule="target_score", placing="placement")
def target_scores(candidate_firm: Any, candidate_figure: Any, candidate_sign: Any, candidate_link: Any, candidate_landing: Any, outside_presence: Any, supply_link: Any, chain_node: Any, chain: Any,
                  enterprise: Any, chain_masters: Any, gap_verdict: Any, as_of: date, rule: Any, placing: Any) -> Any:
    """目标企业库里每家企业按缺口、联系、规模、扩张、距离、技术、落地、风险逐项打分，凭什么都写明；排在前面的不超过库的百分之五列入走访名单。已落户本区的不再列。名单是候选，不是预测。内部使用。

    Every firm of the pool scored in the open, reason by reason; at most five in a hundred are on the short list. For the investment office.

    Firms that have settled here are left out. The list names candidates; it does not foretell who will come. Internal.

    Example:
        candidate_firm
        id | name   | pool   | chain_node | city | longitude | latitude | marks  | listed_on
        1  | 甲材料 | listed | 1          | 甲市 | 118.0     | 30.0     | 小巨人 | 2025-01-01
        2  | 乙材料 | other  |            | 乙市 |           |          |        | 2025-01-01
        candidate_figure
        candidate | year | revenue
        1         | 2025 | 120000.0
        candidate_sign
        candidate | kind     | happened_on | detail
        1         | capacity | 2026-05-01  | 公告新建二期
        candidate_link
        candidate | kind     | enterprise | enterprise_name | item | since
        1         | supplies | 7          | 丙电池          | 隔膜 | 2024-01-01
        candidate_landing
        candidate | place | here | happened_on
        outside_presence
        id | name | kind | chain_node | city
        supply_link
        id | supplier | customer | supplier_name | customer_name | item | year
        chain_node
        id | code | chain | name
        1  | c/a  | 1     | 隔膜
        chain
        id | code | name
        1  | c    | 电池
        enterprise
        id | name   | longitude | latitude
        7  | 丙电池 | 116.0     | 28.0
        chain_masters
        enterprise | named | meets_floor
        7          | true  | true
        gap_verdict
        code | status  | critical | verdict
        c/a  | missing | true     | attract
        as_of: 2026-10-31
        gives
        candidate | rank | score | gap_points | link_points | size_points | expansion_points | distance_points | technology_points | feasible_points | risk_points | short_listed
        1         | 1    | 68.5  | 25.0       | 16.0        | 8.0         | 6.0              | 5.0             | 6.0               | 2.5             | 0.0         | false
        2         | 2    | 2.5   | 0.0        | 0.0         | 0.0         | 0.0              | 0.0             | 0.0               | 2.5             | 0.0         | false
    """
    given = (candidate_firm, candidate_figure, candidate_sign, candidate_link, candidate_landing, outside_presence, supply_link, chain_node, chain, enterprise, chain_masters, gap_verdict)
    pool, gaps = gathered(dict(zip(INPUTS, map(collected, given), strict=True)), placing)
    rows = with_lenses(sentences(scored(pool, gaps, rule, as_of)))
    return relation_of(rows.select(c.name for c in COLUMNS).to_dict(as_series=True))
