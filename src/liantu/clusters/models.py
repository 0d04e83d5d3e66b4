"""产业集群: clusters as upper levels count them, with the figures that their rules ask for."""

from __future__ import annotations

from liantu.clusters.choices import LEVELS
from liantu.kernel import fields
from liantu.kernel.tables import Record


class Cluster(Record):
    """产业集群：一个集群及其申报目标；产值等为集群主管部门报送口径，不由系统重算。"""

    name = fields.text("集群名称", "Cluster", required=True, length=200, aliases=("产业集群名称", "产业集群", "集群", "集群/园区名称"), secrecy="public")
    level = fields.choice("级别", "Level", *LEVELS, aliases=("集群级别", "认定级别"), secrecy="public")
    chain = fields.reference("chains.Chain", "产业链", "Chain", aliases=("产业链名称", "所属产业链"), secrecy="public")
    leading = fields.words("主导产业", "Leading industries", aliases=("主导产品",), secrecy="public")
    park = fields.reference("places.Park", "所在园区", "Park or township", aliases=("园区", "承载园区", "所在地", "镇街"), secrecy="public")
    leader = fields.reference("enterprises.Enterprise", "龙头企业", "Leading firm", keep_name="leader_name", aliases=("龙头", "集群龙头"), secrecy="public")
    leader_name = fields.name("龙头企业原名", "Leading firm as handed in", secrecy="public")
    year = fields.year("数据年份", "Year", aliases=("年份", "年度"), secrecy="public")
    output = fields.money("集群产值", "Cluster output", aliases=("产值", "总产值", "年产值", "营收", "集群营业收入"), secrecy="internal")
    firms_above_scale = fields.integer("规上企业数", "Firms above scale", unit="家", aliases=("规上数", "规上企业", "规上工业企业数"), secrecy="public")
    leading_share = fields.share("主导产业占比", "Share of the leading industry", aliases=("占比", "主导产业产值占比"), secrecy="public")
    area_km2 = fields.number("面积", "Area", unit="km²", aliases=("集群面积", "面积（平方公里）", "区域面积"), secrecy="public")
    platforms = fields.words("公共服务平台", "Platforms", aliases=("平台", "服务平台"), secrecy="public")
    land_free_mu = fields.number("可用土地", "Free land", unit="亩", aliases=("可用地", "可供地", "剩余用地"), secrecy="internal")
    plant_free_m2 = fields.number("可用厂房", "Free plant", unit="m²", aliases=("空置厂房", "闲置厂房", "可用标准厂房"), secrecy="internal")
    goal = fields.text("申报目标", "Goal", aliases=("创建目标", "目标级别"), secrecy="internal")

    class Table:
        zh, en, key, caption = "产业集群", "Clusters", ("name",), "name"
        context = ("year",)
        title_words = ("产业集群清单", "产业集群", "集群清单", "特色产业集群")
