"""企业清单: every firm of the register with its main node, its figures and its marks."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.cases.shared import is_open
from liantu.chains.choices import GRADES, ROLES, STAGES
from liantu.chains.shared import first_placement, latest_figures
from liantu.enterprises.choices import SIZES, STATES
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.kernel.relations import joined, ratio, zero

STATISTICS = "统计和税务资料：单个企业数据不得对外提供"
LISTED = 3
COLUMNS = (
    Column("enterprise", "企业编号", "Enterprise id", "integer", unit="号"),
    Column("name", "企业名称", "Enterprise", "name", secrecy="public"),
    Column("uscc", "统一社会信用代码", "Credit code", "uscc", secrecy="public"),
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="public"),
    Column("chain_name", "产业链", "Chain", "name", secrecy="public"),
    Column("node_code", "环节代码", "Node code", "code", secrecy="public"),
    Column("node_name", "环节", "Node", "name", secrecy="public"),
    Column("node_stage", "位置", "Stage", "choice", choices=STAGES, secrecy="public", help="首要环节在上游、中游还是下游"),
    Column("grade", "核实程度", "Grade", "choice", choices=GRADES),
    Column("role", "角色", "Role", "choice", choices=ROLES, secrecy="public"),
    Column("key_firm", "重点企业", "Key firm", "flag", secrecy="public", help="按注明日期和来源的规则：规上、担任链主等角色或有重要资质"),
    Column("nodes", "环节数", "Nodes", "integer", unit="个", help="这家企业站的环节数（含待核）"),
    Column("park", "园区镇街", "Park or township", "name", secrecy="public"),
    Column("industry_code", "行业代码", "Industry code", "code", secrecy="public"),
    Column("products", "主导产品", "Products", "words", secrecy="public"),
    Column("capacity", "产能", "Capacity", help="首要环节登记的产能"),
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
    Column("main_suppliers", "主要供应商", "Main suppliers", "words", help="按采购额，最多三家"),
    Column("main_customers", "主要客户", "Main customers", "words", help="按供货额，最多三家"),
    Column("local_purchase_share", "本地采购占比", "Local purchase share", "share", unit="1", secrecy="confidential", help="向本区企业采购的金额 ÷ 已知采购金额；仅作监测，不作要求"),
    Column("open_cases", "未办结事项", "Open cases", "integer", unit="件"),
)
TRACE = (
    ("enterprise", {"id": "enterprise"}),
    ("placement", {"enterprise": "enterprise"}),
    ("chain_node", {"id": "placement.chain_node"}),
    ("chain", {"id": "chain_node.chain"}),
    ("park", {"id": "enterprise.park"}),
    ("annual_figure", {"enterprise": "enterprise"}),
    ("case", {"enterprise": "enterprise"}),
    ("supply_link", {"customer": "enterprise"}),
    ("supply_link", {"supplier": "enterprise"}),
    ("enterprise", {"id": "supply_link.supplier"}),
    ("enterprise", {"id": "supply_link.customer"}),
)


@list_("企业清单", "Firm list", key=("enterprise",), columns=COLUMNS, trace=TRACE, sort=("-output",), verified="grade", key_firms="key_firms")
def firm_list(enterprise: Any, placement: Any, chain_node: Any, chain: Any, park: Any, annual_figure: Any, supply_link: Any, case: Any, key_firms: Any) -> Any:
    """全部企业及其首要环节、最近一年数据和资质；供各部门日常使用。首要环节取人确认的，没有则取最可能的，其余见一企一档。

    Every firm with the node where it stands first, its latest yearly figures and its marks; for the offices' daily work.

    The first node is the confirmed one, else the likeliest; the others stand in the firm's dossier.

    Example:
        enterprise
        id | name | uscc | park | status | above_scale | qualifications
        7  | 甲   | X    | 1    | active |             |
        8  | 乙   |      |      |        |             |
        9  | 丁   |      |      |        | false       | 高企、小巨人
        placement
        id | enterprise | chain_node | grade     | score | role
        1  | 7          | 2          | likely    | 0.9   |
        2  | 7          | 1          | confirmed | 0.4   | master
        chain_node
        id | code | chain | name | stage
        1  | c/a  | 1     | 隔膜 | up
        2  | c/b  | 1     | 电芯 | mid
        chain
        id | code | name
        1  | c    | 电池
        park
        id | name
        1  | 高新区
        annual_figure
        enterprise | year | output | revenue | rd
        7          | 2025 | 10.0   | 8.0     | 2.0
        supply_link
        supplier | supplier_name | customer | customer_name | amount
        8        | 乙            | 7        | 甲            | 30.0
                 | 区外丙厂      | 7        | 甲            | 90.0
        case
        id | enterprise | state
        1  | 7          | doing
        2  | 7          | closed
        gives
        enterprise | name | node_code | node_stage | role   | key_firm | nodes | park   | output | rd_intensity | main_suppliers | main_customers | local_purchase_share | open_cases
        7          | 甲   | c/a       | up         | master | true     | 2     | 高新区 | 10.0   | 0.25         | 区外丙厂、乙   |                | 0.25                 | 1
        8          | 乙   |           |            |        | false    | 0     |        |        |              |                | 甲             |                      | 0
        9          | 丁   |           |            |        | true     | 0     |        |        |              |                |                |                      | 0
    """
    best = placement.filter(nw.col("grade") != "rejected").group_by("enterprise").agg(nw.len().alias("nodes"))
    firms = enterprise.rename({"id": "enterprise", "park": "park_id", "status": "state"})
    firms = firms.join(park.select(nw.col("id").alias("park_id"), nw.col("name").alias("park")), on="park_id", how="left")
    firms = firms.join(_main_node(placement, chain_node, chain), on="enterprise", how="left")
    firms = firms.join(best.select("enterprise", "nodes"), on="enterprise", how="left").with_columns(zero(nw.col("nodes")).alias("nodes"))
    firms = firms.join(latest_figures(annual_figure), on="enterprise", how="left")
    firms = firms.join(_trade(supply_link, enterprise), on="enterprise", how="left")
    cases = case.filter(is_open(), ~nw.col("enterprise").is_null()).group_by("enterprise").agg(nw.len().alias("open_cases"))
    firms = firms.join(cases, on="enterprise", how="left").with_columns(zero(nw.col("open_cases")).alias("open_cases"))
    plain = nw.col("products").str.replace_all("（占[0-9.]+%）", "")  # what a product brings in is not public
    return firms.with_columns(plain.alias("products"), ratio(nw.col("rd"), nw.col("revenue")).alias("rd_intensity"), is_key_firm(key_firms).alias("key_firm"))


def is_key_firm(rule: dict[str, Any]) -> Any:
    """Whether a firm is a key firm by the dated rule; the role is the one that the row tells."""
    marked = nw.when(nw.col("above_scale")).then(nw.lit(bool(rule["above_scale"]))).otherwise(nw.lit(False))
    told = nw.when(nw.col("role").is_in(rule["roles"])).then(nw.lit(True)).otherwise(marked)
    for mark in rule["marks"]:
        told = nw.when(nw.col("qualifications").str.contains(mark, literal=True)).then(nw.lit(True)).otherwise(told)
    return told


def _main_node(placement: Any, chain_node: Any, chain: Any) -> Any:
    """Per firm: the node where it stands first, and how."""
    first = first_placement(placement)
    main = first.join(placement.select(nw.col("id").alias("placement"), "chain_node", "grade", "role", "capacity"), on="placement", how="inner")
    main = main.join(chain_node.select(nw.col("id").alias("chain_node"), nw.col("code").alias("node_code"), nw.col("name").alias("node_name"), nw.col("stage").alias("node_stage"), "chain"),
                     on="chain_node", how="inner")
    main = main.join(chain.select(nw.col("id").alias("chain"), nw.col("code").alias("chain_code"), nw.col("name").alias("chain_name")), on="chain", how="inner")
    return main.select("enterprise", "chain_code", "chain_name", "node_code", "node_name", "node_stage", "grade", "role", "capacity")


def _trade(supply_link: Any, enterprise: Any) -> Any:
    """Per firm: from whom it buys most, to whom it sells most, and the share of its known purchases that it makes here."""
    links = supply_link
    for side in ("supplier", "customer"):
        names = enterprise.select(nw.col("id").alias(side), nw.col("name").alias(f"{side}_register"))
        links = links.join(names, on=side, how="left").with_columns(nw.coalesce(f"{side}_register", f"{side}_name").alias(f"{side}_told"))
    suppliers = joined(links, "customer", "supplier_told", order="amount", limit=LISTED).rename({"customer": "enterprise", "supplier_told": "main_suppliers"})
    customers = joined(links, "supplier", "customer_told", order="amount", limit=LISTED).rename({"supplier": "enterprise", "customer_told": "main_customers"})
    bought = links.filter(~nw.col("customer").is_null(), ~nw.col("amount").is_null())
    bought = bought.with_columns(nw.when(~nw.col("supplier").is_null()).then(nw.col("amount")).otherwise(nw.lit(0.0)).alias("inside"))
    bought = bought.group_by("customer").agg(nw.col("amount").sum(), nw.col("inside").sum()).rename({"customer": "enterprise"})
    bought = bought.select("enterprise", ratio(nw.col("inside"), nw.col("amount")).alias("local_purchase_share"))
    firms = enterprise.select(nw.col("id").alias("enterprise"))
    for told in (suppliers, customers, bought):
        firms = firms.join(told, on="enterprise", how="left")
    return firms
