"""风险事件: what broke, how bad, who answers, what was done and proven, and the drills in which it is practised.

A moment is text, ``2026-11-20 08:30`` in the site's own time, so that it can be compared and read on every engine. Records of a
drill carry ``drill``; every list and figure of real events leaves them out. These rows are written by the actions in
:mod:`liantu.resilience.workflow` and its neighbours only.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from liantu.kernel import fields
from liantu.kernel.tables import Record
from liantu.resilience.event_choices import CAUSES, COLOURS, DRILL_STATES, FOUND_BY, MARKS, STATES, STEPS, SUPPLY_KINDS, TASK_KINDS, TASK_STATES

NOTE = "年-月-日 时:分"


def moment(zh: str, en: str, **declared: Any) -> Any:
    """A day and time of day as text."""
    return fields.code(zh, en, length=19, help=NOTE, **declared)


class Drill(Record):
    """演练：在加速的时钟上走一遍情景，看谁在多久内做了什么；与真实事件分开。"""

    code = fields.code("演练编号", "Drill", required=True, unique=True)
    title = fields.text("演练名称", "Title", required=True)
    cause = fields.choice("情景", "Scenario", *CAUSES)
    enterprise = fields.reference("enterprises.Enterprise", "企业名称", "Enterprise")
    subject = fields.text("涉及对象", "Subject", help="道路、物项、区外供应商等")
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node")
    chain = fields.reference("chains.Chain", "产业链", "Chain")
    park = fields.reference("places.Park", "所在园区", "Park", help="停电的园区，或道路的一头")
    park_to = fields.reference("places.Park", "道路另一头", "The road's other end", help="空着为区外")
    remaining_share = fields.share("余下产能", "Capacity left", help="停产企业还剩几成，空着为全停")
    level = fields.choice("设定级别", "Level of the scenario", *COLOURS)
    edition = fields.code("数据版次", "Edition", length=40)
    speed = fields.integer("时钟倍速", "Clock speed", unit="倍")
    begins_at = moment("情景开始时刻", "Scenario begins at")
    state = fields.choice("状态", "State", *DRILL_STATES)
    started_at = moment("实际开始", "Really started at")
    paused_at = moment("暂停于", "Paused at")
    paused_seconds = fields.integer("累计暂停", "Paused in all", unit="秒")
    ended_at = moment("实际结束", "Really ended at")
    lasted = fields.integer("情景时长", "Scenario lasted", unit="分钟", help="结束时情景时钟走了多少分钟")
    lead = fields.text("导调", "Led by", length=60)
    lesson = fields.long_text("讲评", "What to mend")

    class Table:
        zh, en, key, caption = "演练", "Drills", ("code",), "title"
        importable, by_actions = False, True

    class Meta:
        app_label = "resilience"


class RiskEvent(Record):
    """风险事件：从信号到解除的一件事，几级，多大敞口，谁负责，到哪一步。"""

    code = fields.code("事件编号", "Event", required=True, unique=True)
    title = fields.text("事件名称", "Title", required=True)
    cause = fields.choice("起因", "Cause", *CAUSES)
    level = fields.choice("级别", "Level", *COLOURS)
    state = fields.choice("状态", "State", *STATES)
    enterprise = fields.reference("enterprises.Enterprise", "企业名称", "Enterprise")
    subject = fields.text("涉及对象", "Subject", help="道路、物项、区外供应商等")
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node")
    chain = fields.reference("chains.Chain", "产业链", "Chain")
    park = fields.reference("places.Park", "所在园区", "Park", help="停电的园区，或道路的一头")
    park_to = fields.reference("places.Park", "道路另一头", "The road's other end", help="空着为区外")
    remaining_share = fields.share("余下产能", "Capacity left", help="停产企业还剩几成，空着为全停")
    signals = fields.words("信号编号", "Signals")
    found_by = fields.choice("发现途径", "Found by", *FOUND_BY)
    opened_on = fields.date("发现日期", "Opened on")
    opened_at = moment("发现时刻", "Opened at")
    owner = fields.text("责任人", "Owner", length=60)
    lead_office = fields.text("牵头单位", "Lead office")
    due_at = moment("本步时限", "This step is due at")
    exposure_low = fields.money("敞口低值", "Exposure, low", secrecy="confidential")
    exposure_mid = fields.money("敞口中值", "Exposure, middle", secrecy="confidential")
    exposure_high = fields.money("敞口高值", "Exposure, high", secrecy="confidential")
    tax_at_stake = fields.money("涉及税收", "Tax at stake", secrecy="confidential")
    jobs_at_stake = fields.integer("涉及就业", "Jobs at stake", unit="人", secrecy="confidential")
    firms_at_stake = fields.integer("涉及企业", "Firms at stake", unit="家")
    exposure_edition = fields.code("敞口版次", "Edition of the exposure", length=40)
    exposure_basis = fields.text("敞口算法", "How the exposure was found")
    summary = fields.long_text("情况", "Summary")
    evidence = fields.long_text("依据", "Evidence")
    lesson = fields.long_text("复盘结论", "What was learnt")
    closed_on = fields.date("了结日期", "Closed on")
    drill = fields.reference("resilience.Drill", "演练", "Drill")

    class Table:
        zh, en, key, caption = "风险事件", "Risk events", ("code",), "title"
        importable, by_actions = False, True

    class Meta:
        app_label = "resilience"


class EventStep(Record):
    """事件经过：谁在何时做了哪一步，凭什么；升降级记前后级别和理由。"""

    event = fields.reference("resilience.RiskEvent", "风险事件", "Risk event", required=True)
    number = fields.integer("序号", "No.", unit="位")
    step = fields.choice("步骤", "Step", *STEPS)
    on = fields.date("日期", "On")
    at = moment("时刻", "At")
    who = fields.text("经办人", "Who", length=60)
    note = fields.long_text("说明", "Note")
    evidence = fields.long_text("佐证", "Evidence")
    level_before = fields.choice("原级别", "Level before", *COLOURS)
    level_after = fields.choice("现级别", "Level after", *COLOURS)
    reason = fields.long_text("理由", "Reason")
    hours = fields.number("用时", "Hours taken", unit="小时")
    hours_allowed = fields.number("时限", "Hours allowed", unit="小时")
    late = fields.flag("超时", "Late")

    class Table:
        zh, en, key, caption = "事件经过", "Event steps", ("event", "number"), "at"
        importable, by_actions = False, True

    class Meta:
        app_label = "resilience"
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="one_step_per_number")]


class PlanTask(Record):
    """处置任务：一事一策里的一项，谁在何时前办完，凭什么算办完。"""

    event = fields.reference("resilience.RiskEvent", "风险事件", "Risk event", required=True)
    number = fields.integer("序号", "No.", unit="位")
    kind = fields.choice("类别", "Kind", *TASK_KINDS)
    what = fields.long_text("任务", "What", required=True)
    office = fields.text("责任单位", "Office")
    who = fields.text("责任人", "Who", length=60)
    due_at = moment("时限", "Due at")
    state = fields.choice("状态", "State", *TASK_STATES)
    done_at = moment("完成时刻", "Done at")
    done_on = fields.date("完成日期", "Done on")
    evidence = fields.long_text("完成佐证", "Evidence")
    proposed = fields.flag("由模板提出", "Proposed by the template")

    class Table:
        zh, en, key, caption = "处置任务", "Plan tasks", ("event", "number"), "what"
        importable, by_actions = False, True

    class Meta:
        app_label = "resilience"
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="one_task_per_number")]


class EventExposure(Record):
    """受影响企业：这件事会波及谁、几天后、多少产值就业税收；填入时的测算，留作复盘对照。"""

    event = fields.reference("resilience.RiskEvent", "风险事件", "Risk event", required=True)
    enterprise = fields.reference("enterprises.Enterprise", "企业名称", "Enterprise", required=True)
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node")
    days = fields.number("几天后受影响", "Days until felt", unit="天")
    remaining_share = fields.share("余下产出", "Output left", secrecy="confidential")
    output_low = fields.money("涉及产值低值", "Output at stake, low", secrecy="confidential")
    output = fields.money("涉及产值", "Output at stake", secrecy="confidential")
    output_high = fields.money("涉及产值高值", "Output at stake, high", secrecy="confidential")
    tax = fields.money("涉及税收", "Tax at stake", secrecy="confidential")
    jobs = fields.integer("涉及就业", "Jobs at stake", unit="人", secrecy="confidential")
    why = fields.text("为何", "Why")

    class Table:
        zh, en, key, caption = "受影响企业", "Exposed firms", ("event", "enterprise"), "why"
        importable, by_actions = False, True

    class Meta:
        app_label = "resilience"
        constraints = [models.UniqueConstraint(fields=["event", "enterprise"], name="one_exposure_per_event_and_firm")]


class EventSubstitute(Record):
    """替代供应：断掉的每种物料谁能补、补多少，还缺多少，多少要从区外买。"""

    event = fields.reference("resilience.RiskEvent", "风险事件", "Risk event", required=True)
    number = fields.integer("序号", "No.", unit="位")
    kind = fields.choice("来源", "Where from", *SUPPLY_KINDS)
    item = fields.text("物料", "Item")
    supplier = fields.reference("enterprises.Enterprise", "替代供应商", "Substitute", keep_name="supplier_name")
    supplier_name = fields.name("供应商原名", "Substitute as known")
    customer = fields.reference("enterprises.Enterprise", "需方", "Customer")
    spare = fields.money("富余产能", "Spare capacity", secrecy="confidential")
    amount = fields.money("数量", "Amount", secrecy="confidential")
    note = fields.text("说明", "Note")

    class Table:
        zh, en, key, caption = "替代供应", "Substitutes", ("event", "number"), "item"
        importable, by_actions = False, True

    class Meta:
        app_label = "resilience"
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="one_substitute_per_number")]


class EventContact(Record):
    """电话核实：先打给谁、问什么、对方怎么说。"""

    event = fields.reference("resilience.RiskEvent", "风险事件", "Risk event", required=True)
    number = fields.integer("次序", "Order", unit="位")
    enterprise = fields.reference("enterprises.Enterprise", "企业名称", "Enterprise", required=True)
    why = fields.text("为何先问", "Why ask")
    question = fields.text("问什么", "What to ask")
    answer = fields.long_text("答复", "Answer")
    answered_at = moment("答复时刻", "Answered at")
    who = fields.text("核实人", "Who asked", length=60)

    class Table:
        zh, en, key, caption = "电话核实", "Phone list", ("event", "enterprise"), "question"
        importable, by_actions = False, True

    class Meta:
        app_label = "resilience"
        constraints = [models.UniqueConstraint(fields=["event", "enterprise"], name="one_contact_per_event_and_firm")]


class DrillInject(Record):
    """演练情况：第几分钟通报什么，应当引出哪一步、多久之内；实际第几分钟做的。"""

    drill = fields.reference("resilience.Drill", "演练", "Drill", required=True)
    number = fields.integer("序号", "No.", unit="位")
    minute = fields.integer("第几分钟", "At minute", unit="分钟", help="情景时钟")
    sender = fields.text("来自", "From", length=60)
    text = fields.long_text("情况", "What is told", required=True)
    expects = fields.code("应做", "What should follow", length=40, help="步骤或任务类别的代码")
    within = fields.integer("时限", "Within", unit="分钟")
    done_minute = fields.integer("实际完成", "Done at minute", unit="分钟")
    mark = fields.choice("评定", "Mark", *MARKS)
    remark = fields.long_text("讲评", "Remark")

    class Table:
        zh, en, key, caption = "演练情况", "Drill injects", ("drill", "number"), "text"
        importable, by_actions = False, True

    class Meta:
        app_label = "resilience"
        constraints = [models.UniqueConstraint(fields=["drill", "number"], name="one_inject_per_number")]
