"""创新: platforms that firms can use, and the talents of the chains."""

from __future__ import annotations

from django.db import models

from liantu.kernel import fields
from liantu.kernel.columns import Choice
from liantu.kernel.tables import Record

PLATFORM_KINDS = (Choice("research", "研发", "Research", ("研发机构", "技术中心", "重点实验室", "工程中心", "企业技术中心", "工程技术研究中心")), Choice("pilot", "中试", "Pilot", ("中试基地",)),
                  Choice("testing", "检测", "Testing", ("检验检测", "检测中心")), Choice("logistics", "物流", "Logistics"), Choice("talent", "人才", "Talent", ("院士工作站", "博士后工作站", "人才平台")),
                  Choice("incubator", "孵化", "Incubator", ("孵化器", "众创空间")))
LEVELS = (Choice("national", "国家级", "National"), Choice("provincial", "省级", "Provincial"), Choice("city", "市级", "City"), Choice("district", "区级", "District", ("县级",)))


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
