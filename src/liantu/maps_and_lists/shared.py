"""What maps and lists share: a node's status by the dated rule, and what a row says of its node."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.kernel.columns import Choice, Column
from liantu.projects.choices import VERIFIED

STATUSES = (Choice("strong", "优势", "Strong"), Choice("fair", "基本", "Fair"), Choice("weak", "薄弱", "Weak"), Choice("at_risk", "风险", "At risk"),
            Choice("missing", "缺失", "Missing"))
RULES = (
    Choice("no_firm", "没有一家企业", "No firm"),
    Choice("tiny", "没有规上企业，产值和本地供给都很小", "No firm above scale, tiny output and local supply"),
    Choice("single", "一家企业占了环节产值的绝大部分", "One firm makes nearly all of the output"),
    Choice("few", "规上企业太少", "Too few firms above scale"),
    Choice("imported", "本区企业主要向区外采购", "Bought mostly outside"),
    Choice("many_large", "规上企业多、产值大", "Many firms above scale, large output"),
    Choice("between", "介于薄弱与优势之间", "Between weak and strong"),
)
VERIFICATION = Column("verification", "核实状态", "Verified", "choice", choices=VERIFIED, secrecy="public", help="计入的企业都经人确认为已核，否则待核；没有企业的环节也是待核")


def with_status(facts: Any, rule: dict[str, Any]) -> Any:
    """Add ``status_rule`` and ``status`` by the dated rule; an unknown local supply share neither helps nor harms."""
    supply = nw.col("local_supply_share")
    tiny = (nw.col("above_scale_firms") == 0) & (nw.col("output") < rule["missing_output"]) & (supply < rule["missing_supply_share"])
    single = (nw.col("largest_share") >= rule["single_supplier_share"]) & (nw.col("at_stake") >= rule["risk_output"])
    few = nw.col("above_scale_firms") <= rule["weak_above_scale"]
    many = (nw.col("above_scale_firms") >= rule["strong_above_scale"]) & (nw.col("output") >= rule["strong_output"])
    steps = [("no_firm", nw.col("firms") == 0), ("tiny", tiny), ("single", single), ("imported", supply < rule["weak_supply_share"]), ("few", few), ("many_large", many)]
    told = nw.lit("between")
    for name, condition in reversed(steps):
        told = nw.when(condition).then(nw.lit(name)).otherwise(told)
    status = nw.lit("fair")
    means = {"no_firm": "missing", "tiny": "missing", "single": "at_risk", "few": "weak", "imported": "weak", "many_large": "strong"}
    for name, value in means.items():
        status = nw.when(nw.col("status_rule") == name).then(nw.lit(value)).otherwise(status)
    return facts.with_columns(told.alias("status_rule")).with_columns(status.alias("status"))


NODE_COLUMNS = (
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="public"),
    Column("chain_name", "产业链", "Chain", "name", secrecy="public"),
    Column("stage_name", "阶段", "Stage name", secrecy="public"),
    Column("stage_name_en", "阶段英文", "Stage name in English", secrecy="public"),
    Column("group_name", "分组", "Group", secrecy="public"),
    Column("group_name_en", "分组英文", "Group in English", secrecy="public"),
    Column("node_code", "环节代码", "Node code", "code", secrecy="public"),
    Column("node_name", "环节", "Node", "name", secrecy="public"),
    Column("node_name_en", "环节英文", "Node in English", secrecy="public"),
    Column("position", "次序", "Position", "integer", unit="位", secrecy="public"),
    Column("critical", "关键环节", "Critical", "flag", secrecy="public"),
    Column("node_status", "环节状态", "Node status", "choice", choices=STATUSES),
)


def with_node(rows: Any, chain_node: Any, chain_map: Any) -> Any:
    """Add :data:`NODE_COLUMNS` of the row's ``chain_node`` as the chain map tells them; a row whose node is unknown keeps its place."""
    nodes = chain_map.rename({"code": "node_code", "name": "node_name", "name_en": "node_name_en", "status": "node_status"}).select([c.name for c in NODE_COLUMNS])
    known = chain_node.select(nw.col("id").alias("chain_node"), nw.col("code").alias("node_code"))
    return rows.join(known, on="chain_node", how="left").join(nodes, on="node_code", how="left")
