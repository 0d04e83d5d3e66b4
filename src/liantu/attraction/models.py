"""精准靶向招商: what is known of nodes, of the regions around and of the firms that might come; the pipeline and the promises stand in files of their own."""

from __future__ import annotations

from typing import Any

from django.db import models

from liantu.attraction.choices import POLLUTION
from liantu.kernel import fields
from liantu.kernel.tables import Record

NODE_ALIASES = ("环节名称", "产业链环节", "所属环节", "节点")
CHAIN_ALIASES = ("产业链名称", "所属产业链")


class NodeProfile(Record):
    """环节要素画像：一个环节办起来至少多大、要多少地和能、一亩地出多少，凭什么；判断招引、培育、协作、放弃时用。"""

    chain = fields.reference("chains.Chain", "产业链", "Chain", aliases=CHAIN_ALIASES, secrecy="public")
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node", required=True, aliases=NODE_ALIASES, secrecy="public")
    efficient_output = fields.money("最小经济规模", "Minimum efficient scale", aliases=("最小经济规模产值", "经济规模（年产值）", "最小有效规模", "盈亏平衡规模"), help="一家厂站得住至少要有的年产值", secrecy="public")
    land_mu = fields.number("所需用地", "Land needed", unit="亩", aliases=("最小用地", "用地需求"), help="按最小经济规模", secrecy="public")
    energy_tce = fields.number("所需能耗", "Energy needed", unit="吨标煤", aliases=("年能耗需求", "能耗需求"), help="按最小经济规模", secrecy="public")
    jobs = fields.integer("带动就业", "Jobs", unit="人", aliases=("用工需求",), help="按最小经济规模", secrecy="public")
    value_added_share = fields.share("增加值率", "Value added share", aliases=("增加值占产值比重",), secrecy="public")
    tax_per_mu = fields.number("亩均税收", "Tax per mu", unit="万元/亩", aliases=("行业亩均税收",), secrecy="public")
    import_share = fields.share("进口依赖", "Imported share", aliases=("进口依存度", "进口占比", "进口依赖度"), secrecy="public")
    pollution = fields.choice("污染程度", "Pollution", *POLLUTION, aliases=("污染强度", "环境影响"), secrecy="public")
    source = fields.text("来源", "Source", aliases=("资料来源", "数据来源", "依据"), secrecy="public")

    class Table:
        zh, en, key, caption = "环节要素画像", "Node profiles", ("chain_node",), "source"
        context = ("source",)
        title_words = ("环节要素", "环节画像", "经济规模", "要素画像")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain_node"], name="one_profile_per_node")]


class NodeInput(Record):
    """环节投入系数：做一万元下游产品要用多少上游产品；投入产出表或企业调查得来，用来估计本地需求。"""

    chain = fields.reference("chains.Chain", "产业链", "Chain", aliases=CHAIN_ALIASES, secrecy="public")
    chain_node = fields.reference("chains.ChainNode", "投入环节", "Input node", required=True, aliases=("上游环节", "投入品环节"), secrecy="public")
    user_node = fields.reference("chains.ChainNode", "使用环节", "Using node", required=True, aliases=("下游环节", "产出环节"), secrecy="public")
    input_share = fields.share("投入系数", "Input coefficient", aliases=("直接消耗系数", "单耗", "投入占产值比重"), help="每一元下游产值用掉几元上游产品", secrecy="public")
    year = fields.year("年份", "Year", aliases=("年度", "表年"), secrecy="public")
    source = fields.text("来源", "Source", aliases=("资料来源", "数据来源", "依据"), secrecy="public")

    class Table:
        zh, en, key, caption = "环节投入系数", "Input coefficients of nodes", ("chain_node", "user_node"), "source"
        context = ("year", "source")
        title_words = ("投入系数", "直接消耗系数", "投入产出")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain_node", "user_node"], name="one_coefficient_per_pair")]


class NeighbourPriority(Record):
    """周边主攻方向：周边哪个地方把什么产业列为主攻方向；几家都在抢的环节要想清楚再招。"""

    place = fields.text("地区", "Place", required=True, length=80, aliases=("县区", "地区名称", "周边地区", "市县"), secrecy="public")
    direction = fields.text("主攻方向", "Priority", required=True, length=120, aliases=("主攻产业", "主导产业", "重点产业链", "首位产业"), secrecy="public")
    chain_node = fields.reference("chains.ChainNode", "对应环节", "Chain node", aliases=("环节", "对应本区环节"), secrecy="public")
    chain = fields.reference("chains.Chain", "对应产业链", "Chain", aliases=("产业链", "产业链名称"), secrecy="public")
    province = fields.text("省份", "Province", length=40, aliases=("所在省", "省"), secrecy="public")
    distance_km = fields.number("距离", "Distance", unit="公里", aliases=("距本区（公里）", "距离（公里）", "与本区距离"), secrecy="public")
    year = fields.year("年份", "Year", aliases=("年度", "发布年份"), secrecy="public")
    source = fields.text("来源", "Source", aliases=("资料来源", "依据", "文件"), secrecy="public")

    class Table:
        zh, en, key, caption = "周边主攻方向", "Priorities of neighbours", ("place", "direction"), "direction"
        context = ("year", "source")
        title_words = ("周边主攻", "周边县区", "主攻方向", "周边产业")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "direction"], name="one_direction_per_place")]

    @classmethod
    def settle(cls, plan: Any, rows: list[Any], values: list[dict[str, Any]]) -> None:
        """Tell the node of a direction from its words, where exactly one node says them."""
        from liantu.chains.words import node_of_word

        known = node_of_word()
        for value in values:
            if value.get("chain_node") is None and value.get("direction") in known:
                value["chain_node"] = known[value["direction"]]


class RegionalIndustry(Record):
    """地区行业数据：一个县区一个行业一年有多少家企业、多少人、多少产值；用来估计“什么在这里长得出来”。"""

    region_name = fields.text("地区", "Region", required=True, length=80, aliases=("县区", "地区名称", "县（市、区）"), secrecy="public")
    region_code = fields.code("区划代码", "Region code", length=12, aliases=("行政区划代码",), secrecy="public")
    industry_code = fields.code("行业代码", "Industry code", required=True, length=8, aliases=("行业中类代码", "国民经济行业代码"), secrecy="public")
    industry_name = fields.text("行业名称", "Industry", length=120, aliases=("行业",), secrecy="public")
    year = fields.year("年份", "Year", required=True, aliases=("年度", "普查年份"), secrecy="public")
    firms = fields.integer("企业数", "Firms", unit="家", aliases=("单位数", "法人单位数"), secrecy="public")
    employees = fields.integer("从业人数", "Employees", unit="人", aliases=("从业人员", "期末从业人员"), secrecy="public")
    output = fields.money("产值", "Output", aliases=("工业总产值", "营业收入"), secrecy="public")
    here = fields.flag("是否本区", "This district", aliases=("本区",), secrecy="public")
    source = fields.text("来源", "Source", length=60, aliases=("数据来源",), secrecy="public")

    class Table:
        zh, en, key, caption = "地区行业数据", "Industries of regions", ("region_name", "industry_code", "year"), "industry_name"
        context = ("year", "source")
        title_words = ("地区行业", "分地区分行业", "经济普查", "县区行业")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region_name", "industry_code", "year"], name="one_industry_per_region_year")]


from liantu.attraction import pipeline_models, promise_models, target_models  # noqa: E402, F401  records of this room in files of their own
