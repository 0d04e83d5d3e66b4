"""重点企业清单: every firm of the register with its main node, its figures and its marks."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.choices import GRADES, ROLES
from liantu.chains.shared import first_placement, latest_figures
from liantu.enterprises.choices import SIZES, STATES
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.kernel.relations import ratio, zero

STATISTICS = "统计和税务资料：单个企业数据不得对外提供"
COLUMNS = (
    Column("enterprise", "企业编号", "Enterprise id", "integer", unit="号"),
    Column("name", "企业名称", "Enterprise", "name", secrecy="public"),
    Column("uscc", "统一社会信用代码", "Credit code", "uscc", secrecy="public"),
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="public"),
    Column("chain_name", "产业链", "Chain", "name", secrecy="public"),
    Column("node_code", "环节代码", "Node code", "code", secrecy="public"),
    Column("node_name", "环节", "Node", "name", secrecy="public"),
    Column("grade", "核实程度", "Grade", "choice", choices=GRADES),
    Column("role", "角色", "Role", "choice", choices=ROLES, secrecy="public"),
    Column("nodes", "环节数", "Nodes", "integer", unit="个", help="这家企业站的环节数（含待核）"),
    Column("park", "园区镇街", "Park or township", "name", secrecy="public"),
    Column("industry_code", "行业代码", "Industry code", "code", secrecy="public"),
    Column("products", "主导产品", "Products", "words", secrecy="public"),
    Column("size_class", "规模", "Size", "choice", choices=SIZES, secrecy="public"),
    Column("above_scale", "规上", "Above scale", "flag"),
    Column("qualifications", "资质", "Qualifications", "words", secrecy="public"),
    Column("state", "经营状态", "State", "choice", choices=STATES, secrecy="public"),
    Column("year", "数据年份", "Year", "year"),
    Column("output", "工业总产值", "Output", "money", unit="万元", secrecy="confidential", source_limit=STATISTICS),
    Column("revenue", "营业收入", "Revenue", "money", unit="万元", secrecy="confidential", source_limit=STATISTICS),
    Column("tax", "税收", "Tax", "money", unit="万元", secrecy="confidential", source_limit=STATISTICS),
    Column("rd", "研发费用", "R&D", "money", unit="万元", secrecy="confidential", source_limit=STATISTICS),
    Column("rd_intensity", "研发强度", "R&D intensity", "share", unit="1", secrecy="confidential", help="研发费用 ÷ 营业收入"),
    Column("employees", "从业人数", "Employees", "integer", unit="人", secrecy="confidential", source_limit=STATISTICS),
)
TRACE = (
    ("enterprise", {"id": "enterprise"}),
    ("placement", {"enterprise": "enterprise"}),
    ("chain_node", {"id": "placement.chain_node"}),
    ("chain", {"id": "chain_node.chain"}),
    ("park", {"id": "enterprise.park"}),
    ("annual_figure", {"enterprise": "enterprise"}),
)


@list_("重点企业清单", "Firm list", key=("enterprise",), columns=COLUMNS, trace=TRACE, sort=("-output",))
def firm_list(enterprise: Any, placement: Any, chain_node: Any, chain: Any, park: Any, annual_figure: Any) -> Any:
    """全部企业及其首要环节、最近一年数据和资质；供各部门日常使用。首要环节取人确认的，没有则取最可能的，其余见一企一档。

    Every firm with the node where it stands first, its latest yearly figures and its marks; for the offices' daily work.

    The first node is the confirmed one, else the likeliest; the others stand in the firm's dossier.

    Example:
        enterprise
        id | name | uscc | park | status | above_scale
        7  | 甲   | X    | 1    | active | true
        8  | 乙   |      |      |        |
        placement
        id | enterprise | chain_node | grade     | score | role
        1  | 7          | 2          | likely    | 0.9   |
        2  | 7          | 1          | confirmed | 0.4   | master
        chain_node
        id | code | chain | name
        1  | c/a  | 1     | 隔膜
        2  | c/b  | 1     | 电芯
        chain
        id | code | name
        1  | c    | 电池
        park
        id | name
        1  | 高新区
        annual_figure
        enterprise | year | output | revenue | rd
        7          | 2025 | 10.0   | 8.0     | 2.0
        gives
        enterprise | name | node_code | role   | nodes | park   | output | rd_intensity
        7          | 甲   | c/a       | master | 2     | 高新区 | 10.0   | 0.25
        8          | 乙   |           |        | 0     |        |        |
    """
    first = first_placement(placement)
    best = placement.filter(nw.col("grade") != "rejected").group_by("enterprise").agg(nw.len().alias("nodes"))
    main = first.join(placement.select(nw.col("id").alias("placement"), "chain_node", "grade", "role"), on="placement", how="inner")
    main = main.join(chain_node.select(nw.col("id").alias("chain_node"), nw.col("code").alias("node_code"), nw.col("name").alias("node_name"), "chain"), on="chain_node", how="inner")
    main = main.join(chain.select(nw.col("id").alias("chain"), nw.col("code").alias("chain_code"), nw.col("name").alias("chain_name")), on="chain", how="inner")
    firms = enterprise.rename({"id": "enterprise", "park": "park_id", "status": "state"})
    firms = firms.join(park.select(nw.col("id").alias("park_id"), nw.col("name").alias("park")), on="park_id", how="left")
    firms = firms.join(main.select("enterprise", "chain_code", "chain_name", "node_code", "node_name", "grade", "role"), on="enterprise", how="left")
    firms = firms.join(best.select("enterprise", "nodes"), on="enterprise", how="left").with_columns(zero(nw.col("nodes")).alias("nodes"))
    firms = firms.join(latest_figures(annual_figure), on="enterprise", how="left")
    return firms.with_columns(ratio(nw.col("rd"), nw.col("revenue")).alias("rd_intensity"))
