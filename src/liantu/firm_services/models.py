"""精准服务企业: policies with their conditions and validity."""

from __future__ import annotations

from django.db import models

from liantu.firm_services.choices import LEVELS, REDEMPTIONS, REVIEWS
from liantu.kernel import fields
from liantu.kernel.tables import Record


class Policy(Record):
    """政策：一份惠企政策文件，从何时到何时有效，公平竞争审查做了没有；不登记与纳税额挂钩的返还。"""

    name = fields.text("政策名称", "Policy", required=True, length=300, aliases=("文件名称", "政策", "政策文件"), secrecy="public")
    code = fields.code("文号", "Document number", length=80, aliases=("发文字号", "文件编号"), secrecy="public")
    level = fields.choice("层级", "Level", *LEVELS, aliases=("政策层级", "级别"), secrecy="public")
    issuer = fields.text("发布单位", "Issuer", aliases=("发文单位", "制定单位", "发布机关"), secrecy="public")
    chain = fields.reference("chains.Chain", "产业链", "Chain", aliases=("适用产业链", "所属产业链"), help="不填为各链通用", secrecy="public")
    valid_from = fields.date("生效日期", "Valid from", aliases=("实施日期", "起始日期", "施行日期"), secrecy="public")
    valid_until = fields.date("有效期至", "Valid until", aliases=("有效期", "截止日期", "失效日期", "终止日期"), secrecy="public")
    targets = fields.long_text("支持对象", "For whom", aliases=("适用对象", "支持范围"), secrecy="public")
    redemption = fields.choice("兑现方式", "Redemption", *REDEMPTIONS, aliases=("兑现形式", "享受方式"), secrecy="public")
    office = fields.text("主管科室", "Office", aliases=("主管部门", "责任科室", "主管单位"), secrecy="public")
    phone = fields.text("联系电话", "Phone", length=60, aliases=("电话", "咨询电话"), secrecy="public")
    fair_competition = fields.choice("公平竞争审查", "Fair-competition review", *REVIEWS, aliases=("公平竞争审查情况", "审查情况"), secrecy="public")

    class Table:
        zh, en, key, caption = "政策", "Policies", ("name",), "name"
        title_words = ("政策清单", "惠企政策", "政策汇编", "政策库")


class PolicyItem(Record):
    """政策条款：一条支持措施、谁够条件、给什么；条件列留空表示不限。"""

    policy = fields.reference("firm_services.Policy", "政策名称", "Policy", required=True, aliases=("政策", "文件名称"), secrecy="public")
    item = fields.text("条款", "Item", required=True, length=200, aliases=("支持事项", "条款名称", "政策条款", "事项名称"), secrecy="public")
    condition = fields.long_text("条件", "Condition", aliases=("申报条件", "支持条件", "享受条件"), secrecy="public")
    support = fields.long_text("支持方式及标准", "Support", aliases=("支持标准", "支持方式", "支持内容", "支持方式/标准"), secrecy="public")
    amount_max = fields.money("最高金额", "At most", aliases=("最高支持金额", "支持上限", "最高额度"), secrecy="public")
    above_scale_only = fields.flag("限规上", "Above scale only", aliases=("仅限规上", "是否限规上"), secrecy="public")
    qualification = fields.words("所需资质", "Qualification", aliases=("资质要求", "限定资质"), secrecy="public")
    revenue_min = fields.money("营业收入下限", "Revenue at least", aliases=("营收下限", "最低营业收入"), secrecy="public")
    rd_intensity_min = fields.share("研发强度下限", "R&D intensity at least", aliases=("最低研发强度", "研发强度要求"), secrecy="public")
    apply_from = fields.date("申报开始", "Apply from", aliases=("申报起始", "受理开始"), secrecy="public")
    apply_until = fields.date("申报截止", "Apply until", aliases=("受理截止", "申报截止日期"), secrecy="public")

    class Table:
        zh, en, key, caption = "政策条款", "Policy items", ("policy", "item"), "item"
        title_words = ("政策条款", "支持条款", "申报指南", "条款")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["policy", "item"], name="one_item_per_policy")]
