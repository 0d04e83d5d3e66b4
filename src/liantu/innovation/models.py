"""创新: platforms that firms can use, and the talents of the chains."""

from __future__ import annotations

from django.db import models

from liantu.innovation.choices import LEVELS, PLATFORM_KINDS
from liantu.kernel import fields
from liantu.kernel.tables import Record


class Platform(Record):
    """创新平台：研发、中试、检测等公共或企业平台，依托谁，服务哪个环节。"""

    name = fields.text("平台名称", "Platform", required=True, length=200, aliases=("创新平台名称", "创新平台", "平台"), secrecy="public")
    kind = fields.choice("平台类别", "Kind", *PLATFORM_KINDS, aliases=("类别", "平台类型"), secrecy="public")
    level = fields.choice("级别", "Level", *LEVELS, aliases=("平台级别", "认定级别"), secrecy="public")
    enterprise = fields.reference("enterprises.Enterprise", "依托单位", "Host", keep_name="host_name", aliases=("依托企业", "承建单位", "建设单位", "所属企业"), secrecy="public")
    host_name = fields.name("依托单位原名", "Host as handed in", secrecy="public")
    chain = fields.reference("chains.Chain", "产业链", "Chain", aliases=("产业链名称", "所属产业链"), secrecy="public")
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node", aliases=("服务环节", "所属环节"), secrecy="public")
    services = fields.words("服务内容", "Services", aliases=("服务事项", "主要服务"), secrecy="public")
    recognised = fields.year("认定年份", "Recognised in", aliases=("认定时间", "批准年份"), secrecy="public")
    open_to_all = fields.flag("对外服务", "Open to others", aliases=("是否对外", "是否开放共享"), secrecy="public")

    class Table:
        zh, en, key, caption = "创新平台", "Innovation platforms", ("name",), "name"
        title_words = ("创新平台清单", "创新平台", "研发平台", "研发机构")


class Talent(Record):
    """人才：链上的高层次人才；个人信息，仅限内部。"""

    name = fields.text("姓名", "Name", required=True, length=60, aliases=("人才姓名",), secrecy="confidential")
    enterprise = fields.reference("enterprises.Enterprise", "所在单位", "Firm", required=True, aliases=("企业名称", "工作单位", "单位名称", "单位"), secrecy="internal")
    title = fields.text("人才称号", "Title", aliases=("称号", "人才类别", "职称"), secrecy="internal")
    field = fields.text("专业领域", "Field", aliases=("专业", "研究方向"), secrecy="internal")
    chain = fields.reference("chains.Chain", "产业链", "Chain", aliases=("产业链名称", "所属产业链"), secrecy="internal")
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node", aliases=("所属环节",), secrecy="internal")
    since_year = fields.year("引进年份", "Since", aliases=("引进时间", "入职年份"), secrecy="internal")

    class Table:
        zh, en, key, caption = "人才", "Talents", ("name", "enterprise"), "name"
        title_words = ("人才清单", "人才名单", "高层次人才")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "enterprise"], name="one_talent_per_firm")]
