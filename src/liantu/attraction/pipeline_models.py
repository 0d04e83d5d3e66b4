"""招商流程: leads, visits, admission sheets; the stages themselves stand on the project records."""

from __future__ import annotations

from django.db import models

from liantu.attraction.choices import ADMISSION_RESULTS, LEAD_CLASSES, LEAD_SOURCES, LEAD_STATES, LEAD_VERDICTS, VISIT_KINDS
from liantu.attraction.models import CHAIN_ALIASES, NODE_ALIASES
from liantu.kernel import fields
from liantu.kernel.tables import Record
from liantu.projects.choices import OF_CONTRACT
from liantu.projects.models import PROJECT_ALIASES

LEAD_ALIASES = ("线索", "线索名", "项目线索")
INVESTOR_ALIASES = ("投资单位", "投资企业", "投资方名称", "企业名称", "公司名称")


class Lead(Record):
    """招商线索：谁想投什么、谁介绍的、哪天收到，几天内谁答复、谁研判，跟进、储备还是放弃。"""

    code = fields.code("线索编号", "Lead number", required=True, unique=True, aliases=("编号", "线索号"))
    title = fields.text("线索名称", "Lead", required=True, length=200, aliases=LEAD_ALIASES)
    investor = fields.name("投资方", "Investor", aliases=INVESTOR_ALIASES)
    candidate = fields.reference("attraction.CandidateFirm", "目标企业", "Candidate firm", aliases=("对应目标企业",))
    source = fields.choice("线索来源", "Source", *LEAD_SOURCES, aliases=("来源", "来源渠道"))
    introducer = fields.text("引荐人", "Introducer", length=120, aliases=("介绍人", "推荐单位"))
    chain = fields.reference("chains.Chain", "产业链", "Chain", aliases=CHAIN_ALIASES)
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node", aliases=NODE_ALIASES)
    content = fields.long_text("项目概况", "What is planned", aliases=("投资意向", "项目简介", "拟投资内容"))
    process = fields.long_text("工艺流程", "Process", aliases=("生产工艺", "工艺"))
    invest_total = fields.money("总投资", "Total investment", aliases=("计划总投资", "意向投资", "投资额"), source_limit=OF_CONTRACT)
    fixed_assets = fields.money("固定资产投资", "Fixed assets", aliases=("固投",), source_limit=OF_CONTRACT)
    land_mu = fields.number("用地需求", "Land wanted", unit="亩", aliases=("用地", "拟用地"))
    plant_m2 = fields.number("厂房需求", "Plant wanted", unit="平方米", aliases=("厂房面积", "厂房"))
    energy_tce = fields.number("年能耗", "Energy", unit="吨标煤", aliases=("用能", "能耗需求"))
    pollutants = fields.text("主要污染物", "Pollutants", aliases=("环境容量需求", "排污"))
    output_expected = fields.money("预计产值", "Expected output", aliases=("预计年产值", "年产值"), source_limit=OF_CONTRACT)
    tax_expected = fields.money("预计税收", "Expected tax", aliases=("年税收", "预计年税收"), source_limit=OF_CONTRACT)
    jobs_expected = fields.integer("预计就业", "Expected jobs", unit="人", aliases=("带动就业",))
    site_wish = fields.text("选址意向", "Site wished", aliases=("意向选址", "意向园区"))
    received_on = fields.date("收到日期", "Received on", aliases=("登记日期", "获取日期", "线索日期"))
    responder = fields.text("首谈人", "First contact", length=60, aliases=("响应人", "接洽人"))
    answered_on = fields.date("响应日期", "Answered on", aliases=("首次对接日期", "对接日期"))
    assessed_on = fields.date("研判日期", "Assessed on", aliases=("评估日期",))
    feedback_on = fields.date("反馈日期", "Fed back on", aliases=("反馈引荐人日期",))
    reported_on = fields.date("最近报告日期", "Last reported on", aliases=("最近进展日期", "更新日期"))
    verdict = fields.choice("研判结论", "Verdict", *LEAD_VERDICTS, aliases=("处理意见", "研判意见"))
    reason = fields.long_text("理由", "Reason", aliases=("研判理由", "原因"))
    lead_class = fields.choice("分类", "Class", *LEAD_CLASSES, aliases=("项目分类", "跟进类别"))
    state = fields.choice("状态", "State", *LEAD_STATES, aliases=("线索状态", "进展"))
    office = fields.text("责任单位", "Office", aliases=("牵头单位", "首谈单位", "跟进单位"))
    owner = fields.text("责任人", "Owner", length=60, aliases=("跟进人", "项目专员"))
    next_step = fields.text("下一步", "Next step", aliases=("下步打算", "下一步计划"))
    next_on = fields.date("下一步日期", "Next on", aliases=("计划日期",))
    project = fields.reference("projects.Project", "对应项目", "Project", aliases=("转化项目", "项目名称"))
    decision = fields.reference("attraction.TargetDecision", "由来决定", "From decision")

    class Table:
        zh, en, key, caption = "招商线索", "Leads", ("code",), "title"
        context = ("reported_on",)
        title_words = ("线索登记表", "招商线索", "项目线索", "线索台账")

    class Meta:
        app_label = "attraction"


class Visit(Record):
    """洽谈走访：哪天谁去见了谁、说了什么、下一步是什么；同一家企业几个单位去、去得太勤，系统会提醒。"""

    code = fields.code("走访编号", "Visit number", required=True, unique=True, aliases=("编号", "序号", "记录编号"))
    firm_name = fields.name("企业名称", "Firm", required=True, aliases=("走访企业", "拜访企业", "目标企业", "投资方"))
    candidate = fields.reference("attraction.CandidateFirm", "对应目标企业", "Candidate firm")
    lead = fields.reference("attraction.Lead", "线索编号", "Lead", aliases=("对应线索",))
    project = fields.reference("projects.Project", "项目名称", "Project", aliases=PROJECT_ALIASES)
    visited_on = fields.date("日期", "On", aliases=("走访日期", "拜访日期", "洽谈日期", "时间"))
    kind = fields.choice("方式", "Kind", *VISIT_KINDS, aliases=("走访方式", "洽谈方式", "类型"))
    office = fields.text("单位", "Office", aliases=("走访单位", "带队单位", "责任单位"))
    people = fields.words("参加人", "Our people", aliases=("带队领导", "参加人员", "走访人"))
    met = fields.words("对方人员", "Met", aliases=("会见人员", "对方参加人"))
    notes = fields.long_text("情况", "Notes", aliases=("洽谈情况", "主要内容", "走访情况"))
    next_step = fields.text("下一步", "Next step", aliases=("下步打算", "后续工作"))
    next_on = fields.date("下一步日期", "Next on", aliases=("计划日期", "完成时限"))

    class Table:
        zh, en, key, caption = "洽谈走访", "Visits", ("code",), "firm_name"
        context = ("visited_on", "office")
        title_words = ("走访记录", "外出招商", "拜访记录", "洽谈记录", "考察接待")

    class Meta:
        app_label = "attraction"


class AdmissionSheet(Record):
    """准入评审表：一个项目按哪张打分表评的，总分多少、有没有一票否决，结论是什么。"""

    code = fields.code("评审编号", "Admission number", required=True, unique=True)
    project = fields.reference("projects.Project", "项目名称", "Project", required=True)
    form = fields.code("打分表", "Scorecard", required=True, length=60, help="data/forms 里的表")
    held_on = fields.date("评审日期", "Held on")
    total = fields.number("总分", "Total", unit="分")
    full_marks = fields.number("满分", "Out of", unit="分")
    vetoed_by = fields.words("一票否决项", "Vetoed by")
    result = fields.choice("结论", "Result", *ADMISSION_RESULTS)
    who = fields.text("评审人", "Who", length=60)
    evidence = fields.text("评审材料", "Papers", aliases=("会议纪要",))
    note = fields.long_text("评审意见", "Opinion")

    class Table:
        zh, en, key, caption = "准入评审", "Admission sheets", ("code",), "code"
        importable, by_actions = False, True

    class Meta:
        app_label = "attraction"


class AdmissionItem(Record):
    """准入评审分项：每一项填的数、得的分、凭什么。"""

    sheet = fields.reference("attraction.AdmissionSheet", "评审编号", "Admission sheet", required=True)
    number = fields.integer("序号", "No.", unit="位")
    item = fields.text("评审项", "Item", required=True, length=60)
    told = fields.text("填报值", "Told", help="带单位")
    points = fields.number("得分", "Points", unit="分")
    full_marks = fields.number("满分", "Out of", unit="分")
    basis = fields.text("评分依据", "Basis")

    class Table:
        zh, en, key, caption = "准入评审分项", "Items of admission sheets", ("sheet", "number"), "item"
        importable, by_actions = False, True

    class Meta:
        app_label = "attraction"
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="one_item_per_number")]
