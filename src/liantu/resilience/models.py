"""产业链供应链安全: what the watch finds and what persons say of it; stocks, orders, signs of moving away and stops as firms report them."""

from __future__ import annotations

from django.db import models

from liantu.enterprises.models import FIRM_ALIASES
from liantu.kernel import fields
from liantu.kernel.tables import Record
from liantu.resilience.choices import LANES, LEVELS, RELOCATION_KINDS, STOP_KINDS, VERDICTS

OF_FIRM = "企业自报：仅限运行监测使用"


class Signal(Record):
    """风险信号：一条规则在一家企业（或一个环节）上看到的一件事；人核实之后，规则才知道自己准不准。"""

    code = fields.code("信号编号", "Signal code", required=True, unique=True)
    rule = fields.code("规则", "Rule", required=True, length=60)
    lane = fields.choice("类别", "Lane", *LANES, required=True)
    enterprise = fields.reference("enterprises.Enterprise", "企业名称", "Enterprise", aliases=FIRM_ALIASES)
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node")
    chain = fields.reference("chains.Chain", "产业链", "Chain")
    item = fields.text("事项", "What of it", length=120, help="哪种物料、哪条数据序列；没有可分的为空")
    period = fields.month("数据月份", "Month of the data")
    value = fields.number("现值", "Value", unit="见计量单位", secrecy="confidential")
    baseline = fields.number("对照值", "Compared with", unit="见计量单位", secrecy="confidential")
    change = fields.share("变化", "Change", secrecy="confidential")
    unit_words = fields.text("计量单位", "Unit of the value", length=20)
    level = fields.choice("级别", "Level", *LEVELS, required=True)
    score = fields.number("排序分", "Score for ranking", unit="分", secrecy="confidential")
    stake = fields.money("涉及产值", "Output at stake", secrecy="confidential")
    found_on = fields.date("发现日期", "Found on")
    seen_on = fields.date("最近仍见日期", "Last seen on")
    in_budget = fields.flag("是否预警", "Alarmed", help="排序在当月预警名额之内；否则在线下")
    alarmed_on = fields.date("预警日期", "Alarmed on")
    ended_on = fields.date("自行恢复日期", "Gone again on", help="没有核实、后来监测不再看到")
    verdict = fields.choice("核实结论", "Verdict", *VERDICTS)
    verified_by = fields.text("核实人", "Verified by", length=60)
    verified_on = fields.date("核实日期", "Verified on")
    event_on = fields.date("实际发生日期", "When it really happened", help="属实的：停产、断供等实际发生的那天")
    lead_days = fields.integer("提前天数", "Lead days", unit="天")
    note = fields.long_text("核实说明", "Note")

    class Table:
        zh, en, key, caption = "风险信号", "Signals", ("code",), "code"
        importable = False


class RuleSetting(Record):
    """预警规则设置：哪条规则停用，谁、为什么、哪天；停用的规则不产生信号。"""

    rule = fields.code("规则", "Rule", required=True, unique=True, length=60)
    muted = fields.flag("停用", "Muted")
    reason = fields.long_text("理由", "Reason")
    who = fields.text("谁", "Who", length=60)
    changed_on = fields.date("日期", "Changed on")

    class Table:
        zh, en, key, caption = "预警规则设置", "Rule settings", ("rule",), "rule"
        importable = False


class WatchSetting(Record):
    """监测设置：每月最多预警几家企业，从哪个月起。"""

    month = fields.month("起始月份", "From month", required=True)
    budget = fields.integer("每月预警名额", "Alarms per month", unit="家")
    who = fields.text("谁", "Who", length=60)
    changed_on = fields.date("日期", "Changed on")

    class Table:
        zh, en, key, caption = "监测设置", "Watch settings", ("month",), "month"
        importable = False

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month"], name="one_budget_per_month")]


class MaterialStock(Record):
    """关键物料库存：一家企业一种关键物料还够用几天，进口多少，有几家供应商。"""

    enterprise = fields.reference("enterprises.Enterprise", "企业名称", "Enterprise", required=True, aliases=FIRM_ALIASES)
    item = fields.text("关键物料", "Key material", required=True, length=120, aliases=("物料", "物料名称", "关键物料名称", "原材料", "原材料名称", "关键零部件", "零部件", "零部件名称"))
    as_of = fields.date("库存日期", "As of", aliases=("统计日期", "截至日期", "填报日期", "数据日期", "盘点日期", "截止日期"))
    stock_days = fields.number("库存可用天数", "Days of stock", unit="天", aliases=("可用天数", "库存天数", "可维持天数", "库存可维持天数", "可用天数（天）", "保供天数", "库存（天）"), source_limit=OF_FIRM, secrecy="confidential")
    imported_share = fields.share("进口占比", "Imported share", aliases=("进口比例", "进口依赖度", "进口依存度", "进口采购占比"), source_limit=OF_FIRM, secrecy="confidential")
    suppliers = fields.integer("供应商数", "Suppliers", unit="家", aliases=("供应商数量", "合格供应商数", "供应商家数", "可选供应商数"), source_limit=OF_FIRM)
    source = fields.text("来源", "Source", length=60, aliases=("数据来源", "填报来源"))

    class Table:
        zh, en, key, caption = "关键物料库存", "Stocks of key materials", ("enterprise", "item", "as_of"), "item"
        context = ("as_of", "source")
        title_words = ("关键物料", "物料库存", "库存旬报", "零部件库存", "原材料库存")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "item", "as_of"], name="one_stock_per_day")]


class OrderBook(Record):
    """在手订单：一家企业月末还在手里的订单。"""

    enterprise = fields.reference("enterprises.Enterprise", "企业名称", "Enterprise", required=True, aliases=FIRM_ALIASES)
    period = fields.month("月份", "Month", required=True, aliases=("所属期", "期间", "报告期", "统计月份", "年月"))
    orders = fields.money("在手订单", "Orders in hand", aliases=("在手订单金额", "订单金额", "期末在手订单", "月末在手订单", "未交付订单"), source_limit=OF_FIRM, secrecy="confidential")
    source = fields.text("来源", "Source", length=60, aliases=("数据来源",))

    class Table:
        zh, en, key, caption = "在手订单", "Order books", ("enterprise", "period"), "period"
        context = ("period", "source")
        title_words = ("在手订单", "订单月报", "订单情况")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "period"], name="one_order_book_per_month")]


class RelocationSign(Record):
    """外迁迹象：一家企业可能搬走的一个迹象，哪天、从哪里知道。"""

    enterprise = fields.reference("enterprises.Enterprise", "企业名称", "Enterprise", required=True, aliases=FIRM_ALIASES)
    kind = fields.choice("迹象", "Sign", *RELOCATION_KINDS, required=True, aliases=("外迁迹象", "迹象类型", "外迁信号", "迹象类别", "信号类型"))
    seen_on = fields.date("发现日期", "Seen on", aliases=("日期", "发生日期", "获知日期", "登记日期"))
    detail = fields.text("具体情况", "Detail", aliases=("情况说明", "说明", "详情"))
    source = fields.text("来源", "Source", length=60, aliases=("信息来源", "数据来源", "线索来源"))

    class Table:
        zh, en, key, caption = "外迁迹象", "Signs of moving away", ("enterprise", "kind", "seen_on"), "kind"
        context = ("source",)
        title_words = ("外迁迹象", "外迁线索", "外迁信号", "企业外迁")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "kind", "seen_on"], name="one_sign_per_day")]


class StopReport(Record):
    """停产停线报告：一家企业哪天停、停几条线、哪天复产；计划检修也在这里报。"""

    enterprise = fields.reference("enterprises.Enterprise", "企业名称", "Enterprise", required=True, aliases=FIRM_ALIASES)
    kind = fields.choice("停产类型", "Kind of stop", *STOP_KINDS, required=True, aliases=("停产状态", "停产情况", "类型", "停产类别"))
    start_on = fields.date("停产日期", "Stopped on", aliases=("开始日期", "停产开始日期", "起始日期", "停产时间"))
    end_on = fields.date("复产日期", "Running again on", aliases=("结束日期", "预计复产日期", "复产时间", "恢复日期"))
    reason = fields.text("原因", "Reason", aliases=("停产原因", "事由"))
    source = fields.text("来源", "Source", length=60, aliases=("数据来源", "报告单位"))

    class Table:
        zh, en, key, caption = "停产停线报告", "Reports of stops", ("enterprise", "kind", "start_on"), "kind"
        context = ("source",)
        title_words = ("停产", "停线", "检修计划", "停产报告")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "kind", "start_on"], name="one_stop_per_day")]


from liantu.resilience import capacity_models, event_models  # noqa: E402, F401  records of this room in files of their own
