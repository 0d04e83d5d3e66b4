"""缺口判断清单: what to do about each gap node, with every fact it rests on, and how attractive the node is."""

from __future__ import annotations

from typing import Any

from liantu.attraction.choices import POLLUTION, VERDICTS
from liantu.attraction.verdict_rows import facts_table, judged
from liantu.attraction.verdicts import RULES as VERDICT_RULES
from liantu.chains.shared import standing
from liantu.kernel.arrays import collected, relation_of
from liantu.kernel.columns import Choice, Column
from liantu.kernel.output import list_
from liantu.projects.choices import VERIFIED

STATUSES = (Choice("missing", "缺失", "Missing"), Choice("weak", "薄弱", "Weak"), Choice("at_risk", "风险", "At risk"))
BASES = (Choice("links", "供需记录", "Supply links on record"), Choice("coefficients", "下游产值×投入系数", "Output of users × coefficients"))
PERCENTILE = "在本区缺口环节里的百分位，0–100 分，越高越好；同值同分"
COLUMNS = (
    Column("code", "环节代码", "Node code", "code"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("group_name", "分组", "Group"),
    Column("name", "环节", "Node", "name"),
    Column("name_en", "环节英文", "Node in English"),
    Column("node", "环节编号", "Node id", "integer", unit="号"),
    Column("status", "状态", "Status", "choice", choices=STATUSES),
    Column("critical", "关键环节", "Critical", "flag"),
    Column("weight", "权重", "Weight", "integer", unit="分"),
    Column("verdict", "判断", "Verdict", "choice", choices=VERDICTS),
    Column("verdict_rule", "判断理由", "Why this verdict", "choice", choices=VERDICT_RULES, help="按次序第一条成立的规则"),
    Column("confidence", "把握", "Confidence", "share", unit="1", help="要用的事实中知道并有来源或核实的份额（按份量加权）；不是判对的概率"),
    Column("reasons", "事实", "Facts"),
    Column("local_demand", "本地需求", "Local demand", "money", unit="万元", secrecy="confidential", help="本区企业一年要用多少：供需记录与“下游产值×投入系数”取大，不相加"),
    Column("demand_basis", "需求依据", "Demand rests on", "choice", choices=BASES),
    Column("bought", "登记采购额", "Bought, on record", "money", unit="万元", secrecy="confidential", help="有记录的最近一年，区内外合计"),
    Column("bought_elsewhere", "其中向区外采购", "Of it from elsewhere", "money", unit="万元", secrecy="confidential"),
    Column("bought_year", "采购年份", "Year of purchases", "integer", unit="年"),
    Column("derived", "推算需求", "Demand by coefficients", "money", unit="万元", secrecy="confidential", help="Σ 使用环节在本区的产值 × 投入系数"),
    Column("efficient_output", "最小经济规模", "Minimum efficient scale", "money", unit="万元", help="一家厂站得住至少要有的年产值"),
    Column("demand_ratio", "需求倍数", "Demand in efficient scales", "number", unit="倍", secrecy="confidential", help="本地需求 ÷ 最小经济规模"),
    Column("supply_50", "50 公里内供给", "Supply within 50 km", "integer", unit="家", help="区外布局里已知的企业和集群；没有查过的为空"),
    Column("supply_150", "150 公里内供给", "Supply within 150 km", "integer", unit="家"),
    Column("supply_300", "300 公里内供给", "Supply within 300 km", "integer", unit="家"),
    Column("nearest_km", "最近供给距离", "Nearest supply", "number", unit="公里", help="球面距离，从本区企业的平均位置量起"),
    Column("nearest_city", "最近供给城市", "Nearest city"),
    Column("nearest_name", "最近供给", "Nearest supplier", "name"),
    Column("crowding", "拥挤度", "Crowding", "number", unit="个", help="300 公里内把它列为主攻方向的地方数；只说产业链没说环节的按参数打折"),
    Column("chased_by", "谁在抢", "Who chases it", "words"),
    Column("close_firms", "相近企业", "Firms that make something close", "integer", unit="家", help="同组其他环节的企业，或产品词相同的企业；不含本环节的"),
    Column("close_names", "相近企业举例", "Such firms", "words"),
    Column("firms", "本环节企业", "Firms at the node", "integer", unit="家"),
    Column("feasibility", "落地可能", "Chance to take root", "share", unit="1", help="取行业代码中最细且有数据的一个；行业本区已有的为空"),
    Column("feasible_code", "依据行业代码", "Industry code used", "code"),
    Column("feasible_because", "因为本区有", "Because of", "words"),
    Column("rooted", "行业本区已有", "Industry here already", "flag"),
    Column("feasibility_year", "落地数据年份", "Year of the panel", "integer", unit="年"),
    Column("import_share", "进口依赖", "Imported share", "share", unit="1"),
    Column("single_source", "单一来源", "Single source", "flag", help="系于一家，或最近一年只登记了一个供应商"),
    Column("chokepoint", "卡脖子", "Chokepoint", "flag"),
    Column("land_mu", "所需用地", "Land needed", "number", unit="亩"),
    Column("land_free_mu", "最大一处可用地", "Largest free plot", "number", unit="亩", help="本链集群中的；本链没有集群的看全区"),
    Column("energy_tce", "所需能耗", "Energy needed", "number", unit="吨标煤"),
    Column("pollution", "污染程度", "Pollution", "choice", choices=POLLUTION),
    Column("attractiveness", "吸引力", "Attractiveness", "number", unit="分", help="下面六项百分位按本区权重加权；已知太少的为空。不进入判断"),
    Column("value_added_share", "增加值率", "Value added share", "share", unit="1"),
    Column("tax_per_mu", "亩均税收", "Tax per mu", "number", unit="万元/亩", help="说的是行业，不与对企业的支持挂钩"),
    Column("jobs_per_output", "每亿元产值就业", "Jobs per 100m yuan", "number", unit="人/亿元"),
    Column("gap_value", "链上缺口", "Gap in the chain", "number", unit="分", help="环节权重 × 本地没有供给的份额"),
    Column("energy_per_output", "单位产值能耗", "Energy per output", "number", unit="吨标煤/万元"),
    Column("value_added_points", "增加值率得分", "Points for value added", "number", unit="分", help=PERCENTILE),
    Column("tax_points", "亩均税收得分", "Points for tax per mu", "number", unit="分", help=PERCENTILE),
    Column("jobs_points", "就业得分", "Points for jobs", "number", unit="分", help=PERCENTILE),
    Column("gap_points", "链上缺口得分", "Points for the gap", "number", unit="分", help=PERCENTILE),
    Column("energy_points", "能耗得分", "Points for energy", "number", unit="分", help=PERCENTILE),
    Column("pollution_points", "污染得分", "Points for pollution", "number", unit="分", help=PERCENTILE),
    Column("profile_source", "画像来源", "Source of the profile"),
    Column("verification", "核实状态", "Verified", "choice", choices=VERIFIED, help="本环节的企业都经人确认为已核，否则待核"),
)
INPUTS = ("chain_node", "placement", "enterprise", "annual_figure", "supply_link", "node_profile", "node_input", "neighbour_priority", "outside_presence", "cluster", "tech_route",
          "industry_feasibility", "gap_list")
TRACE = (*((name, {}) for name in (*INPUTS[:-2], "chain", "regional_industry")), ("gap_list", {"code": "code"}), ("industry_feasibility", {"industry_code": "feasible_code"}))


@list_("缺口判断清单", "Verdicts on gaps", key=("code",), columns=COLUMNS, trace=TRACE, sort=("chain_code", "-weight"), secrecy="internal", verified="verification", rule="gap_verdict", weights="attractiveness")
def gap_verdict(chain_node: Any, placement: Any, enterprise: Any, annual_figure: Any, supply_link: Any, node_profile: Any, node_input: Any, neighbour_priority: Any, outside_presence: Any,
                cluster: Any, tech_route: Any, industry_feasibility: Any, gap_list: Any, rule: Any, weights: Any) -> Any:
    """每个缺失、薄弱、系于一家的环节该招引、培育、协作、放弃，还是先核实；凭什么、有几成把握。事实不明的一律待核。落地可能和吸引力分开看，不相加；吸引力不进入判断。内部使用。

    Whether each gap node should be attracted, grown here, left to cooperation, dropped or verified first; on what facts, and how much of them is known.

    For the chain office and the investment office. Chance to take root and attractiveness stand apart and are never added; attractiveness takes no part in the verdict. Internal.

    Example:
        chain_node
        id | code | chain | name | group_code | weight
        1  | c/a  | 1     | 隔膜 | g          | 3
        2  | c/b  | 1     | 电芯 | h          | 3
        placement
        id | enterprise | chain_node | grade     | score
        1  | 7          | 2          | confirmed | 1.0
        enterprise
        id | name | above_scale | longitude | latitude
        7  | 甲   | true        | 116.0     | 28.0
        annual_figure
        enterprise | year | output
        7          | 2025 | 8000.0
        supply_link
        id | chain_node | supplier | customer | supplier_name | amount | year
        1  | 1          |          | 7        | 外            | 300.0  | 2025
        node_profile
        chain_node | efficient_output | land_mu | energy_tce | jobs | value_added_share | tax_per_mu | import_share | pollution | source
        1          | 1000.0           | 50.0    | 200.0      | 80   | 0.3               | 20.0       | 0.6          | low       | 调研
        node_input
        chain_node | user_node | input_share | source
        1          | 2         | 0.25        | 投入产出表
        neighbour_priority
        place | direction | chain_node | distance_km | source
        乙县  | 隔膜      | 1          | 80.0        | 公报
        outside_presence
        id | name | chain_node | city | longitude | latitude | source
        1  | 丙   | 1          | 远市 | 118.0     | 30.0     | 调研
        gap_list
        code | chain_code | chain_name | name | status  | weight | firms | verification
        c/a  | c          | 电池       | 隔膜 | missing | 3      | 0     | to_verify
        c/b  | c          | 电池       | 电芯 | weak    | 3      | 1     | verified
        gives
        code | verdict | verdict_rule  | local_demand | demand_basis | demand_ratio | supply_150 | supply_300 | nearest_city | crowding | close_firms | confidence | attractiveness
        c/a  | attract | demand_fills  | 2000.0       | coefficients | 2.0          | 0          | 1          | 远市         | 1.0      | 0           | 0.88       | 50.0
        c/b  | verify  | scale_unknown |              |              |              |            |            |              | 0.0      | 0           | 0.15       |
    """
    given = (chain_node, placement, enterprise, annual_figure, supply_link, node_profile, node_input, neighbour_priority, outside_presence, cluster, tech_route, industry_feasibility, gap_list)
    tables = dict(zip(INPUTS, map(collected, given), strict=True))
    rows = facts_table(tables, collected(standing(placement, enterprise, annual_figure)), tables["gap_list"], rule)
    return relation_of(judged(rows, rule, weights).to_dict(as_series=True))
