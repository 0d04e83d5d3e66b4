"""目标企业: firms elsewhere that might come, what is known of them and since when, what we decided about them and how it ended."""

from __future__ import annotations

from django.db import models

from liantu.attraction.choices import DECISIONS, LANDINGS, LINKS, OUTCOMES, POLLUTION, POOLS, SIGNS
from liantu.attraction.models import CHAIN_ALIASES, NODE_ALIASES
from liantu.kernel import fields
from liantu.kernel.tables import Record

CANDIDATE_ALIASES = ("目标企业", "企业名称", "公司名称", "候选企业", "投资方", "单位名称")


class CandidateFirm(Record):
    """目标企业库：区外可能来投资的企业，从哪个名单来、做什么、在哪里；名称相同视为同一家。"""

    name = fields.name("目标企业", "Candidate firm", required=True, aliases=CANDIDATE_ALIASES)
    uscc = fields.code("统一社会信用代码", "Unified social credit code", length=18, aliases=("信用代码", "社会信用代码"))
    pool = fields.choice("来源名单", "Pool", *POOLS, aliases=("名单类别", "企业来源", "候选来源"))
    chain = fields.reference("chains.Chain", "产业链", "Chain", aliases=CHAIN_ALIASES)
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node", aliases=NODE_ALIASES)
    province = fields.text("省份", "Province", length=40, aliases=("所在省", "省"))
    city = fields.text("城市", "City", length=40, aliases=("所在城市", "所在市", "地市"))
    longitude = fields.number("经度", "Longitude", unit="°")
    latitude = fields.number("纬度", "Latitude", unit="°")
    products = fields.words("主要产品", "Products", aliases=("主导产品", "主营产品", "产品"))
    scope = fields.long_text("经营范围", "Business scope", aliases=("业务范围", "主营业务"))
    marks = fields.words("资质", "Marks", aliases=("资质荣誉", "标签", "企业资质"))
    rd_share = fields.share("研发强度", "R&D share", aliases=("研发投入占比", "研发占营收比重"))
    land_need_mu = fields.number("意向用地", "Land wanted", unit="亩", aliases=("用地需求", "拟用地"))
    energy_need_tce = fields.number("预计能耗", "Energy wanted", unit="吨标煤", aliases=("能耗需求", "年能耗"))
    pollution = fields.choice("污染程度", "Pollution", *POLLUTION, aliases=("环境影响", "污染强度"))
    listed_on = fields.date("入库日期", "Known since", aliases=("入库时间", "收录日期", "登记日期"), help="哪天起我们知道它；回看过去的名单时，之后才知道的不算")
    source = fields.text("来源", "Source", aliases=("资料来源", "数据来源"))

    class Table:
        zh, en, key, caption = "目标企业库", "Candidate firms", ("name",), "name"
        context = ("listed_on", "source", "pool")
        title_words = ("目标企业库", "候选企业", "招商目标企业", "拟招引企业")

    class Meta:
        app_label = "attraction"
        constraints = [models.UniqueConstraint(fields=["name"], name="one_candidate_per_name")]


class CandidateFigure(Record):
    """目标企业年度数据：哪一年多大规模；公开年报或名单所列。"""

    candidate = fields.reference("attraction.CandidateFirm", "目标企业", "Candidate firm", required=True, aliases=CANDIDATE_ALIASES)
    year = fields.year("年份", "Year", required=True, aliases=("年度",))
    revenue = fields.money("营业收入", "Revenue", aliases=("营收", "主营业务收入", "年营业收入"))
    employees = fields.integer("员工人数", "Employees", unit="人", aliases=("从业人数", "职工人数"))
    source = fields.text("来源", "Source", aliases=("资料来源", "数据来源"))

    class Table:
        zh, en, key, caption = "目标企业年度数据", "Yearly figures of candidates", ("candidate", "year", "source"), "year"
        context = ("year", "source")
        title_words = ("目标企业年度", "目标企业营收", "候选企业财务")

    class Meta:
        app_label = "attraction"
        constraints = [models.UniqueConstraint(fields=["candidate", "year", "source"], name="one_candidate_year_per_source")]


class CandidateSign(Record):
    """目标企业信号：扩张、外迁或风险的一件事，哪天、从哪里知道。"""

    candidate = fields.reference("attraction.CandidateFirm", "目标企业", "Candidate firm", required=True, aliases=CANDIDATE_ALIASES)
    kind = fields.choice("信号", "Sign", *SIGNS, required=True, aliases=("信号类型", "信号类别", "动向"))
    happened_on = fields.date("日期", "On", aliases=("发生日期", "公告日期", "获知日期"))
    detail = fields.text("内容", "Detail", aliases=("情况", "说明", "摘要"))
    source = fields.text("来源", "Source", aliases=("信息来源", "出处"))

    class Table:
        zh, en, key, caption = "目标企业信号", "Signs of candidates", ("candidate", "kind", "happened_on"), "detail"
        context = ("source",)
        title_words = ("目标企业信号", "扩张信号", "企业动向", "招商情报")

    class Meta:
        app_label = "attraction"
        constraints = [models.UniqueConstraint(fields=["candidate", "kind", "happened_on"], name="one_candidate_sign_per_day")]


class CandidateLink(Record):
    """目标企业与本地的联系：供货、采购、股权、推荐、乡贤、科研、基金；开口的那句话从这里来。"""

    candidate = fields.reference("attraction.CandidateFirm", "目标企业", "Candidate firm", required=True, aliases=CANDIDATE_ALIASES)
    kind = fields.choice("联系", "Link", *LINKS, required=True, aliases=("关系", "联系类别", "关系类型"))
    enterprise = fields.reference("enterprises.Enterprise", "本地企业", "Firm here", keep_name="enterprise_name", aliases=("本地关联企业", "关联本地企业", "区内企业"))
    enterprise_name = fields.name("本地企业原名", "Firm here as handed in", aliases=("本地对象", "引荐人"))
    item = fields.text("内容", "What", aliases=("供应产品", "说明", "物料"))
    amount = fields.money("年金额", "Yearly amount", aliases=("年供货额", "年交易额", "金额"), secrecy="confidential")
    since = fields.date("起始日期", "Since", aliases=("日期", "建立日期", "登记日期"))
    source = fields.text("来源", "Source", aliases=("资料来源", "数据来源"))

    class Table:
        zh, en, key, caption = "目标企业联系", "Links of candidates with here", ("candidate", "kind", "enterprise_name"), "item"
        context = ("source",)
        title_words = ("目标企业联系", "本地联系", "以商招商", "关联关系")

    class Meta:
        app_label = "attraction"
        constraints = [models.UniqueConstraint(fields=["candidate", "kind", "enterprise_name"], name="one_link_per_candidate_and_firm")]


class CandidateLanding(Record):
    """目标企业落地记录：后来真在哪里投了；用来对答案，看过去的名单准不准。"""

    candidate = fields.reference("attraction.CandidateFirm", "目标企业", "Candidate firm", required=True, aliases=CANDIDATE_ALIASES)
    place = fields.text("落户地", "Place", required=True, length=80, aliases=("落地地区", "投资地", "落户地区"))
    here = fields.flag("是否本区", "In this district", aliases=("落户本区", "本区"))
    kind = fields.choice("方式", "Kind", *LANDINGS, aliases=("落地方式", "类别"))
    happened_on = fields.date("日期", "On", aliases=("落地日期", "成立日期", "成交日期"))
    detail = fields.text("情况", "Detail", aliases=("说明", "项目名称"))
    source = fields.text("来源", "Source", aliases=("资料来源", "数据来源"))

    class Table:
        zh, en, key, caption = "目标企业落地记录", "Landings of candidates", ("candidate", "place", "happened_on"), "place"
        context = ("source",)
        title_words = ("落地记录", "企业落地", "新设子公司", "落户情况")

    class Meta:
        app_label = "attraction"
        constraints = [models.UniqueConstraint(fields=["candidate", "place", "happened_on"], name="one_landing_per_day")]


class TargetDecision(Record):
    """目标决定：为什么选它、为什么不选它，当时看到了什么，后来怎样；依据冻结在当时的版次里。"""

    code = fields.code("决定编号", "Decision", required=True, unique=True)
    candidate = fields.reference("attraction.CandidateFirm", "目标企业", "Candidate firm", required=True)
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node")
    decision = fields.choice("决定", "Decision", *DECISIONS, required=True)
    decided_on = fields.date("日期", "Decided on")
    who = fields.text("决定人", "Who", length=60)
    reason = fields.long_text("理由", "Reason")
    edition = fields.code("数据版次", "Edition", length=40)
    edition_hash = fields.code("版次指纹", "Hash of the edition", length=80)
    score = fields.number("当时得分", "Score then", unit="分")
    rank = fields.integer("当时名次", "Rank then", unit="位")
    pool_size = fields.integer("当时库中企业", "Pool then", unit="家")
    points = fields.long_text("当时各项得分", "Points then", help="每项一行：项目 得分/满分 依据")
    sentence = fields.long_text("当时的开场白", "Opening sentence then")
    outcome = fields.choice("结果", "Outcome", *OUTCOMES)
    outcome_on = fields.date("结果日期", "Outcome on")
    outcome_note = fields.long_text("结果说明", "Outcome note")

    class Table:
        zh, en, key, caption = "目标决定", "Target decisions", ("code",), "code"
        importable, by_actions = False, True

    class Meta:
        app_label = "attraction"
