"""Sheets of clusters, policies, technology routes, uses, presence elsewhere, platforms, talents, and who leads each chain."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from liantu.demo import words, work_words
from liantu.demo.dirt import said_name
from liantu.demo.sheets_out import Sheet
from liantu.demo.work import Policy, Work
from liantu.demo.work_sheets import Dirt, said_day

CHAIN_FILE, CLUSTER_FILE, POLICY_FILE = "00_产业链链长安排表.xlsx", "19_产业集群清单.xls", "20_惠企政策清单和条款.xlsx"
ROUTE_FILE, USE_FILE, PRESENCE_FILE = "21_技术路线梳理表.xlsx", "22_应用领域梳理表.xlsx", "23_区外布局调研表.xlsx"
PLATFORM_FILE, TALENT_FILE = "24_创新平台清单.csv", "25_高层次人才名单.xlsx"
PUBLIC = f"{words.LABEL}：企业为虚构，城市坐标取自公开地理常识"
KNOWN = f"{words.LABEL}：通用技术常识整理，非官方结论"


def chain_sheet(work: Work) -> Sheet:
    """The chains with their chiefs and lead offices."""
    sheet = Sheet("产业链清单", [f"{words.DISTRICT_TITLE}重点产业链链长安排表"], [["序号", "产业链代码", "产业链名称", "链长", "牵头部门"]])
    for chain, template in work.templates.items():
        sheet.add([len(sheet.rows) + 1, chain, template.zh, work.chiefs[chain], work_words.OFFICES[chain]])
    return sheet


def cluster_sheet(work: Work, rng: Random) -> Sheet:
    """Clusters, output in 亿元."""
    sheet = Sheet("产业集群清单", [f"{words.DISTRICT_TITLE}产业集群清单（2025年）"],
                  [["序号", "产业集群名称", "认定级别", "所属产业链", "主导产业", "承载园区", "龙头企业", "数据年份", "集群产值（亿元）", "规上企业数", "主导产业占比（%）", "面积（平方公里）", "公共服务平台", "可用地（亩）",
                    "闲置厂房（平方米）", "创建目标"]])
    for c in work.clusters:
        sheet.add([len(sheet.rows) + 1, c.name, c.level, work.templates[c.chain].zh, "、".join(c.leading), c.park.name,
                   said_name(c.leader.name, rng) if c.leader else None, 2025,
                   round(c.output / 10_000, 4), c.above, round(c.share * 100, 1), c.area_km2, "、".join(c.platforms), c.land_mu, c.plant_m2, c.goal])
    return sheet


def policy_sheets(work: Work, policies: Iterable[Policy], rng: Random, number: int = 0) -> list[Sheet]:
    """Policies and their items on two sheets; amounts of items in 万元."""
    heads = (["政策名称", "发文字号", "政策层级", "发布单位", "适用产业链", "施行日期", "有效期至", "支持对象", "兑现方式", "主管科室", "咨询电话", "公平竞争审查情况"],
             ["文件名称", "文号", "层级", "发文单位", "所属产业链", "生效日期", "截止日期", "适用对象", "享受方式", "主管部门", "电话", "审查情况"])
    first = Sheet("政策清单", [f"{words.DISTRICT_TITLE}惠企政策清单"], [["序号", *heads[number]]])
    second = Sheet("政策条款", [f"{words.DISTRICT_TITLE}惠企政策条款（申报指南）"], [["序号", "政策名称", "支持事项", "申报条件", "支持标准", "最高支持金额（万元）", "仅限规上", "限定资质", "营收下限（万元）", "研发强度要求（%）"]])
    for p in policies:
        first.add([len(first.rows) + 1, p.name, p.code, p.level, p.issuer, work.templates[p.chain].zh if p.chain else rng.choice((None, "—")), said_day(p.start, rng),
                   said_day(p.until, rng), p.targets,
                   p.redemption, p.office, f"0000-5550{100 + len(first.rows):03d}", p.review])
        for i in p.items:
            second.add([len(second.rows) + 1, p.name, i.item, i.condition, i.support, i.at_most, rng.choice(("是", "√")) if i.above_only else rng.choice(("否", None)),
                        i.qualification or None,
                        i.revenue_min, round(i.rd_min * 100, 2) if i.rd_min else None])
    return [first, second]


def route_sheets(work: Work, dirt: Dirt, rng: Random) -> list[Sheet]:
    """One sheet per chain; the header words differ in every second one. A maturity above nine and an unknown node are planted."""
    sheets = []
    for number, (chain, template) in enumerate(work.templates.items()):
        heads = (["产业链", "环节名称", "技术路线", "路线类别", "技术成熟度", "本地掌握程度", "是否卡脖子", "领先企业", "本地掌握企业", "产业化年份", "预计主导至", "资料来源"],
                 ["所属产业链", "所属环节", "关键技术", "路线类型", "成熟度等级", "本地掌握", "卡脖子技术", "国内外领先者", "区内企业", "起始年份", "结束年份", "来源"])[number % 2]
        sheet = Sheet(template.zh[:28], [f"{words.DISTRICT_TITLE}{template.zh}技术路线梳理表", "区科技局、链长办"], [["序号", *heads]])
        for r in (r for r in work.routes if r.word.chain == chain):
            w = r.word
            sheet.add([len(sheet.rows) + 1, template.zh, template.node(w.node).zh, w.name, rng.choice((w.kind, w.kind + "路线")), w.maturity,
                       rng.choice({"未掌握": ("未掌握", "空白")}.get(r.grasp, (r.grasp,))),
                       rng.choice(("是", "√")) if w.chokepoint else rng.choice(("否", "×")), "、".join(r.leaders) or None, "、".join(f.name for f in r.local) or None,
                       w.since, w.until or "—", KNOWN])
        if number == 0:
            dirt.row(ROUTE_FILE, sheet, [len(sheet.rows) + 1, template.zh, "没有这个环节", "待定路线", "前沿", 3, "未掌握", "否", None, None, 2024, None, KNOWN], "unknown-reference",
                     "环节", "没有这个环节")
        sheets.append(sheet)
    return sheets


def use_sheet(work: Work) -> Sheet:
    """Uses of products, who buys and pays, and the district's customers."""
    sheet = Sheet("应用领域", [f"{words.DISTRICT_TITLE}产业链应用领域梳理表"], [["序号", "产业链", "环节名称", "主要产品", "应用场景", "需求方", "谁付费", "市场前景", "区内客户", "资料来源"]])
    for u in work.uses:
        sheet.add([len(sheet.rows) + 1, work.templates[u.chain].zh, work.node(u.node).zh, u.product, u.use, u.buyer, u.payer, u.market,
                   "、".join(f.name for f in u.local) or None, KNOWN])
    return sheet


def presence_sheet(work: Work, dirt: Dirt, rng: Random) -> Sheet:
    """Invented firms and clusters of our nodes in real cities; revenue in 亿元. One row without a city is planted."""
    sheet = Sheet("区外布局", [f"{words.DISTRICT_TITLE}产业链区外布局调研表（企业均为虚构）", "区商务局（投资促进）"],
                  [["序号", "企业/集群名称", "类型", "所属产业链", "所属环节", "省份", "所在城市", "经度", "纬度", "营收（亿元）", "资质荣誉", "联系线索", "资料来源"]])
    for p in work.presence:
        sheet.add([len(sheet.rows) + 1, p.name, rng.choice({"龙头企业": ("龙头企业", "龙头"), "产业集群": ("产业集群", "集群")}[p.kind]), work.templates[p.chain].zh, work.node(p.node).zh,
                   p.city.province,
                   p.city.name, p.city.longitude, p.city.latitude, round(p.revenue / 10_000, 2), "、".join(p.marks) or None, p.ties or None, PUBLIC])
    first = work.presence[0]
    dirt.row(PRESENCE_FILE, sheet, [len(sheet.rows) + 1, "某地未写城市的企业（合成）", "龙头企业", work.templates[first.chain].zh, work.node(first.node).zh, "浙江省", None, None, None, 3.2,
                                    None, None, PUBLIC],
             "required-missing", "城市")
    return sheet


def platform_sheet(work: Work, rng: Random) -> Sheet:
    """Innovation platforms."""
    sheet = Sheet("", [f"{words.DISTRICT_TITLE}科技局 创新平台清单"], [["序号", "创新平台名称", "平台类型", "平台级别", "依托单位", "所属产业链", "服务环节", "主要服务", "认定年份", "是否对外"]])
    for p in work.platforms:
        sheet.add([len(sheet.rows) + 1, p.name, p.kind, p.level, said_name(p.host.name, rng), work.templates[p.chain].zh, work.node(p.node).zh, "、".join(p.services),
                   p.year, "是" if p.open else "否"])
    return sheet


def talent_sheet(work: Work, rng: Random) -> Sheet:
    """Invented experts."""
    sheet = Sheet("人才名单", [f"{words.DISTRICT_TITLE}产业链高层次人才名单（人名均为虚构）"], [["序号", "人才姓名", "工作单位", "人才称号", "专业领域", "所属产业链", "所属环节", "引进年份"]])
    for t in work.talents:
        sheet.add([len(sheet.rows) + 1, t.name, said_name(t.firm.name, rng), t.title, t.field, work.templates[t.chain].zh, work.node(t.node).zh, t.year])
    return sheet
