"""项目: what is to be built here, how far each project has come and by what proof, and what it still needs."""

from __future__ import annotations

from django.db import models

from liantu.kernel import fields
from liantu.kernel.tables import Record
from liantu.projects.choices import CATEGORIES, CHAIN_MOVES, FACTORS, OF_CONTRACT, SIDE_STATES, STAGES, VERIFIED

PROJECT_ALIASES = ("项目", "重点项目", "项目名")


class Project(Record):
    """项目：从线索到达产的一个建设或招商项目；名称相同视为同一项目，重复签约由人认定。"""

    name = fields.text("项目名称", "Project", required=True, length=200, aliases=PROJECT_ALIASES, secrecy="public")
    code = fields.code("项目代码", "Project code", aliases=("项目编号", "项目赋码", "备案代码"), secrecy="internal")
    enterprise = fields.reference("enterprises.Enterprise", "实施企业", "Enterprise", keep_name="enterprise_name",
                                  aliases=("建设单位", "项目单位", "项目业主", "业主单位", "承担单位", "实施单位", "企业名称", "落地企业"), secrecy="public")
    enterprise_name = fields.name("实施企业原名", "Enterprise as handed in", secrecy="public")
    investor = fields.name("投资方", "Investor", aliases=("投资单位", "投资主体", "投资企业", "投资人"), secrecy="public")
    category = fields.choice("项目类别", "Category", *CATEGORIES, aliases=("类别", "建设性质", "项目类型"), secrecy="public")
    chain = fields.reference("chains.Chain", "产业链", "Chain", aliases=("产业链名称", "所属产业链"), secrecy="public")
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node", aliases=("环节名称", "产业链环节", "所属环节"), secrecy="public")
    chain_move = fields.choice("补强延", "Chain move", *CHAIN_MOVES, aliases=("补链强链延链", "补/强/延链", "链上作用"), secrecy="public")
    content = fields.long_text("建设内容及规模", "Content and scale", aliases=("建设内容", "主要建设内容", "建设规模及内容", "建设规模"), secrecy="public")
    invest_total = fields.money("总投资", "Total investment", aliases=("计划总投资", "投资总额", "总投资额", "协议投资", "合同投资额"), secrecy="public")
    invest_plan_year = fields.money("年度计划投资", "Planned this year", aliases=("本年计划投资", "当年计划投资", "年度投资计划"), source_limit=OF_CONTRACT)
    invest_done = fields.money("累计完成投资", "Invested so far", aliases=("累计完成", "完成投资", "已完成投资", "开工以来累计完成投资"), source_limit=OF_CONTRACT)
    funds_arrived = fields.money("到位资金", "Funds arrived", aliases=("累计到位资金", "资金到位", "实际到位资金", "省统到位资金"), source_limit=OF_CONTRACT)
    stage = fields.choice("阶段", "Stage", *STAGES, aliases=("项目阶段", "进展阶段", "当前阶段", "所处阶段", "项目状态"), secrecy="public")
    side_state = fields.choice("状态", "State", *SIDE_STATES, aliases=("推进状态", "是否正常"), secrecy="internal")
    formal_contract = fields.flag("正式合同", "Formal contract", aliases=("是否正式合同", "签订正式合同"), help="框架协议不算签约", secrecy="internal")
    signed_on = fields.date("签约时间", "Signed on", aliases=("签约日期", "合同签订时间"), secrecy="public")
    start_plan = fields.date("计划开工时间", "Planned start", aliases=("计划开工", "拟开工时间", "预计开工时间"), secrecy="internal")
    started_on = fields.date("开工时间", "Started on", aliases=("实际开工时间", "开工日期"), secrecy="public")
    finish_plan = fields.date("计划竣工时间", "Planned finish", aliases=("计划竣工", "计划投产时间", "预计投产时间", "拟竣工时间", "计划完工时间"), secrecy="internal")
    finished_on = fields.date("竣工时间", "Finished on", aliases=("实际竣工时间", "投产时间", "竣工日期", "投产日期"), secrecy="public")
    output_expected = fields.money("预期产值", "Expected output", aliases=("达产产值", "预计产值", "预计年产值", "年产值（预计）"), source_limit=OF_CONTRACT)
    tax_expected = fields.money("预计税收", "Expected tax", aliases=("达产税收", "年税收", "预计年税收", "预期税收"), source_limit=OF_CONTRACT)
    plant_m2 = fields.number("厂房面积", "Plant", unit="平方米", aliases=("厂房需求", "建筑面积"), secrecy="internal")
    jobs_expected = fields.integer("预期就业", "Expected jobs", unit="人", aliases=("带动就业", "预计就业", "新增就业"), source_limit=OF_CONTRACT)
    land_mu = fields.number("用地", "Land", unit="亩", aliases=("用地面积", "用地（亩）", "占地面积"), secrecy="internal")
    energy_tce = fields.number("年能耗", "Energy", unit="吨标煤", aliases=("能耗", "综合能耗", "能耗（吨标煤）"), secrecy="internal")
    park = fields.reference("places.Park", "所在园区", "Park or township", aliases=("建设地点", "落地园区", "园区", "镇街", "承载地", "属地", "所在镇街"), secrecy="public")
    problem = fields.long_text("存在问题", "Problem", aliases=("问题", "存在的问题", "需协调问题", "困难和问题"), secrecy="internal")
    lead_office = fields.text("责任单位", "Responsible office", aliases=("牵头单位", "责任部门", "服务单位"), secrecy="internal")
    owner = fields.text("责任人", "Responsible person", length=60, aliases=("项目专员", "服务专员"), secrecy="internal")
    leader = fields.text("包联领导", "Leader in charge", length=60, aliases=("挂点领导", "包保领导", "联系领导", "挂联领导"), secrecy="internal")
    updated_on = fields.date("更新日期", "Updated on", aliases=("填报日期", "更新时间"), secrecy="internal")

    class Table:
        zh, en, key, caption = "项目", "Projects", ("name",), "name"
        context = ("park", "updated_on")
        title_words = ("重点项目清单", "项目调度表", "重点项目", "项目台账", "招商项目", "项目进展", "调度")


class StageEvent(Record):
    """项目阶段：项目哪天到了哪个阶段，凭什么材料，谁核的；没有佐证的阶段是待核。"""

    project = fields.reference("projects.Project", "项目名称", "Project", required=True, aliases=PROJECT_ALIASES, secrecy="public")
    stage = fields.choice("阶段", "Stage", *STAGES, required=True, aliases=("到达阶段", "项目阶段", "节点"), secrecy="public")
    happened_on = fields.date("到达日期", "Happened on", aliases=("日期", "时间", "完成日期", "到达时间"), secrecy="public")
    evidence = fields.text("佐证材料", "Evidence", aliases=("佐证", "证明材料", "材料名称", "依据"), secrecy="internal")
    evidence_number = fields.code("材料文号", "Evidence number", aliases=("文号", "证号", "许可证号", "凭证号码"), secrecy="internal")
    verified = fields.choice("核实状态", "Verified", *VERIFIED, aliases=("是否核实", "是否核验", "核验状态"), secrecy="internal")
    who = fields.text("核实人", "Who verified", length=60, aliases=("核验人", "审核人"), secrecy="internal")

    class Table:
        zh, en, key, caption = "项目阶段", "Stage events", ("project", "stage"), "evidence"
        title_words = ("阶段佐证", "项目佐证", "开工佐证", "阶段进展", "项目节点")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "stage"], name="one_event_per_stage")]


class ProjectNeed(Record):
    """要素需求：项目或企业缺什么要素，要多少，已保障多少，谁负责。"""

    project = fields.reference("projects.Project", "项目名称", "Project", required=True, aliases=PROJECT_ALIASES, secrecy="internal")
    factor = fields.choice("要素", "Factor", *FACTORS, required=True, aliases=("要素类别", "要素类型", "需求类别"), secrecy="internal")
    needed = fields.number("需求量", "Needed", unit="见单位列", aliases=("需求", "需求数量", "需求数"), secrecy="internal")
    secured = fields.number("已保障", "Secured", unit="见单位列", aliases=("已落实", "已保障量", "已解决"), secrecy="internal")
    measure = fields.text("单位", "Unit", length=20, aliases=("计量单位", "要素单位"), secrecy="internal")
    office = fields.text("责任单位", "Office", aliases=("保障单位", "牵头单位"), secrecy="internal")
    due_on = fields.date("时限", "Due on", aliases=("办结时限", "完成时限", "保障时限"), secrecy="internal")

    class Table:
        zh, en, key, caption = "要素需求", "Project needs", ("project", "factor"), "factor"
        title_words = ("要素保障", "要素需求", "用地用能")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "factor"], name="one_need_per_factor")]
