"""事项台账: the cases (问题) that firms and projects raise, who answers for them, by when, and how they ended."""

from __future__ import annotations

from liantu.cases.choices import CATEGORIES, LEVELS, SATISFACTION, SOURCES, STATES
from liantu.kernel import fields
from liantu.kernel.tables import Record


class Case(Record):
    """问题：一件要办的事，从登记到销号；销号要有佐证，企业问题还要企业认可。"""

    code = fields.code("问题编号", "Case number", required=True, unique=True, aliases=("编号", "事项编号", "诉求编号", "台账编号"), secrecy="internal")
    title = fields.long_text("问题描述", "What is asked", aliases=("问题", "诉求内容", "事项", "问题内容", "诉求", "存在问题"), secrecy="internal")
    source = fields.choice("来源", "Source", *SOURCES, aliases=("问题来源", "诉求来源"), secrecy="internal")
    category = fields.choice("类别", "Category", *CATEGORIES, aliases=("问题类别", "诉求类别", "问题类型"), secrecy="public")
    enterprise = fields.reference("enterprises.Enterprise", "企业名称", "Enterprise", keep_name="enterprise_name", aliases=("企业", "反映企业", "诉求企业", "单位名称"), secrecy="internal")
    enterprise_name = fields.name("企业原名", "Enterprise as handed in", secrecy="internal")
    project = fields.reference("projects.Project", "项目名称", "Project", aliases=("项目", "涉及项目"), secrecy="internal")
    chain = fields.reference("chains.Chain", "产业链", "Chain", aliases=("产业链名称", "所属产业链"), secrecy="public")
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node", aliases=("所属环节",), secrecy="public")
    raised_on = fields.date("提出日期", "Raised on", aliases=("登记日期", "收集日期", "提出时间", "登记时间"), secrecy="public")
    lead_office = fields.text("牵头单位", "Lead office", aliases=("责任单位", "主办单位", "承办单位"), secrecy="internal")
    partner_offices = fields.words("配合单位", "Partner offices", aliases=("协办单位",), secrecy="internal")
    owner = fields.text("责任人", "Owner", length=60, aliases=("经办人", "承办人"), secrecy="internal")
    measure = fields.long_text("措施", "Measure", aliases=("解决措施", "工作措施", "办理措施"), secrecy="internal")
    due_on = fields.date("时限", "Due on", aliases=("办理时限", "完成时限", "办结时限", "限办日期"), secrecy="internal")
    progress = fields.long_text("进展", "Progress", aliases=("办理进展", "进展情况", "落实情况"), secrecy="internal")
    progress_share = fields.share("进度", "Progress share", aliases=("办理进度", "完成比例"), secrecy="internal")
    state = fields.choice("状态", "State", *STATES, aliases=("办理状态", "事项状态"), secrecy="internal")
    closed_on = fields.date("办结日期", "Closed on", aliases=("销号日期", "办结时间", "销号时间"), secrecy="internal")
    closing_proof = fields.text("销号佐证", "Proof of closing", aliases=("佐证材料", "办结佐证"), secrecy="internal")
    satisfaction = fields.choice("满意度", "Satisfaction", *SATISFACTION, aliases=("评价", "回访评价", "企业评价"), secrecy="internal")
    level = fields.choice("升级层级", "Level", *LEVELS, aliases=("协调层级", "提请层级"), secrecy="internal")
    ask = fields.long_text("提请事项", "To be decided", aliases=("需协调事项", "提请协调事项", "需链长协调事项"), help="提请链长或总链长定的事，一句话", secrecy="internal")
    updated_on = fields.date("更新日期", "Updated on", aliases=("更新时间", "填报日期"), secrecy="internal")

    class Table:
        zh, en, key, caption = "问题", "Cases", ("code",), "title"
        context = ("updated_on",)
        title_words = ("问题清单", "问题台账", "诉求台账", "企业诉求", "事项台账", "销号")
