"""What firms say they could still supply, item by item: the base of finding substitutes."""

from __future__ import annotations

from typing import Any

from django.db import models

from liantu.enterprises.models import FIRM_ALIASES
from liantu.kernel import fields
from liantu.kernel.tables import Record

OF_FIRM = "企业自报：仅限供应链保障使用"


class SupplyCapacity(Record):
    """可供产能：一家企业一种产品一年能产多少、还余多少、给谁供过货、多久能切换过来；企业自报，有日期。"""

    enterprise = fields.reference("enterprises.Enterprise", "企业名称", "Enterprise", required=True, aliases=FIRM_ALIASES)
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node", aliases=("所属环节", "环节名称", "产业链环节"))
    item = fields.text("产品", "Item", required=True, length=120, aliases=("产品名称", "可供产品", "物料", "物料名称", "可替代产品", "可供物料"))
    capacity = fields.money("年产能", "Yearly capacity", aliases=("年产能（产值）", "设计产能", "年设计产能", "年生产能力"), source_limit=OF_FIRM, secrecy="confidential")
    spare = fields.money("富余产能", "Spare capacity", aliases=("可增供", "可增供产值", "余量", "产能余量", "富余产值", "可供余量"), source_limit=OF_FIRM, secrecy="confidential")
    spare_share = fields.share("富余比例", "Spare share", aliases=("产能富余率", "富余产能占比", "余量占比", "闲置比例", "产能闲置率"), source_limit=OF_FIRM, secrecy="confidential")
    qualified = fields.words("已认证客户", "Qualified with", aliases=("已供客户", "合格供方", "已进入供应商名录", "已配套客户", "已通过认证的客户"), secrecy="internal")
    certificates = fields.words("认证", "Certificates", aliases=("体系认证", "质量认证", "资质认证", "认证情况"), secrecy="public")
    switch_days = fields.integer("切换天数", "Days to switch", unit="天", aliases=("切换周期", "转产周期", "切换所需天数", "供货准备期", "切换周期（天）"))
    as_of = fields.date("填报日期", "As of", aliases=("统计日期", "截至日期", "数据日期", "调查日期"))
    source = fields.text("来源", "Source", length=60, aliases=("数据来源", "填报来源"))

    class Table:
        zh, en, key, caption = "可供产能", "Capacity on offer", ("enterprise", "item", "as_of"), "item"
        context = ("as_of", "source")
        title_words = ("产能余量", "可供产能", "富余产能", "产能调查")

    class Meta:
        app_label = "resilience"
        constraints = [models.UniqueConstraint(fields=["enterprise", "item", "as_of"], name="one_capacity_per_day")]

    @classmethod
    def settle(cls, plan: Any, rows: list[Any], values: list[dict[str, Any]]) -> None:
        """Tell the node of each row from its item's words, where exactly one node says that word."""
        from liantu.chains.words import node_of_word

        known = node_of_word()
        for value in values:
            if value.get("chain_node") is None and value.get("item") in known:
                value["chain_node"] = known[value["item"]]
