"""Sheets 32–35: what nodes need, what their users take, who chases what around here, and which industries grew where."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from liantu.demo import words
from liantu.demo.names import brand
from liantu.demo.planted import Planted
from liantu.demo.region_panel import PANEL_FILE, panel_sheet
from liantu.demo.sheets_out import Cell, Sheet
from liantu.demo.verdict_plan import GapPlan, gap_plans

if TYPE_CHECKING:
    from liantu.demo.generator import Built

PROFILE_FILE, INPUT_FILE, NEIGHBOUR_FILE = "32_环节要素画像.xlsx", "33_环节投入系数.xlsx", "34_周边主攻方向.xls"
PROFILE_HEAD = ["序号", "产业链", "环节名称", "最小经济规模产值", "最小用地（亩）", "年能耗需求（吨标煤）", "用工需求（人）", "增加值率（%）", "行业亩均税收（万元/亩）", "进口依存度（%）", "污染强度", "数据来源"]
SOURCE, INPUT_SOURCE = f"{words.LABEL}：行业典型厂测算", f"{words.LABEL}：按投入产出关系设定"
PLACES, OWN_PROVINCE = 16, "本省"
ADDED = f"{words.LABEL}：企业为虚构，城市坐标取自公开地理常识"


def books(built: Built) -> dict[str, list[Sheet]]:
    """File → sheets."""
    rng, plans = built.world.rng("verdict sheets"), gap_plans(built)
    return {PROFILE_FILE: [profile_sheet(built, plans, rng), presence_sheet(built, plans, rng)], INPUT_FILE: [input_sheet(built, plans)],
            NEIGHBOUR_FILE: [neighbour_sheet(built, plans, rng)], PANEL_FILE: [panel_sheet(built)]}


def profile_sheet(built: Built, plans: list[GapPlan], rng: Random) -> Sheet:
    """Planted gap nodes but those to verify, and ordinary nodes that few firms above scale hold."""
    sheet = Sheet("环节要素画像", [f"{words.DISTRICT_TITLE}产业链环节要素画像（{words.LABEL}）", "链长办公室　2026年9月"], [PROFILE_HEAD], corner="单位：万元")
    plots = {c.chain: max(k.land_mu for k in built.work.clusters if k.chain == c.chain) for c in built.work.clusters}
    told = {p.ref: p for p in plans}
    for ref, node in built.plan.nodes.items():
        gap = told.get(ref)
        if (gap is None and (node.kind != "normal" or node.above > 1)) or (gap is not None and gap.planned == "verify"):
            continue
        scale = gap.efficient if gap else round(rng.lognormvariate(8.7, 0.6), -2)
        plot = plots.get(node.chain, min(plots.values(), default=60.0))
        sheet.add([len(sheet.rows) + 1, built.plan.templates[node.chain].zh, node.node.zh, scale, round(min(plot * 0.6, rng.uniform(15, 90)), 1), round(scale * rng.uniform(0.02, 0.35), 1),
                   max(5, round(scale / rng.uniform(60, 160))), round(rng.uniform(14, 42), 1), round(rng.uniform(6, 45), 1), round(rng.uniform(0, 70), 1),
                   gap.pollution if gap else rng.choice(("低", "低", "中", "高")), SOURCE])
    return sheet


def presence_sheet(built: Built, plans: list[GapPlan], rng: Random) -> Sheet:
    """What a later survey found nearby: invented makers in real cities, for the nodes where cooperation is planted."""
    sheet = Sheet("周边供给补充", [f"{words.DISTRICT_TITLE}产业链区外布局补充调研（企业均为虚构）", "链长办公室"],
                  [["序号", "企业/集群名称", "类型", "所属产业链", "所属环节", "省份", "所在城市", "经度", "纬度", "营收（亿元）", "资料来源"]])
    for gap in plans:
        chain, node = gap.ref.split("/", 1)[0], built.plan.nodes[gap.ref].node
        for city in gap.near:
            name = f"{city.name.removesuffix('市')}{brand(rng)}{node.zh if len(node.zh) <= 6 else '科技'}有限公司（合成）"
            sheet.add([len(sheet.rows) + 1, name, "龙头企业", built.plan.templates[chain].zh, node.zh, city.province, city.name, city.longitude, city.latitude, round(rng.uniform(0.8, 6), 2), ADDED])
    return sheet


def input_sheet(built: Built, plans: list[GapPlan]) -> Sheet:
    """One coefficient per planted gap node and using node, so that demand by coefficients stays below demand by links."""
    sheet = Sheet("环节投入系数", [f"{words.DISTRICT_TITLE}产业链环节投入系数（{words.LABEL}）"], [["序号", "产业链", "投入环节", "使用环节", "直接消耗系数", "表年", "数据来源"]])
    for gap in plans:
        chain, node = gap.ref.split("/", 1)[0], built.plan.nodes[gap.ref].node
        if gap.planned == "verify" or gap.coefficient <= 0:
            continue
        for target in dict.fromkeys(t for t, _, _ in built.plan.targets.get(gap.ref, [])):
            user = built.plan.nodes[target]
            sheet.add([len(sheet.rows) + 1, built.plan.templates[chain].zh, node.zh, user.node.zh, round(gap.coefficient, 6), 2023, INPUT_SOURCE])
    return sheet


def neighbour_sheet(built: Built, plans: list[GapPlan], rng: Random) -> Sheet:
    """Invented places around with what they say they will push; two of them lie out of reach."""
    sheet = Sheet("周边主攻方向", [f"{words.DISTRICT_TITLE}周边地区主攻方向梳理（{words.LABEL}，地名均为虚构）"],
                  [["序号", "县区", "所在省", "距本区（公里）", "主攻产业", "对应环节", "产业链", "发布年份", "依据"]])
    names: list[str] = []
    while len(names) < PLACES:
        name = brand(rng) + rng.choice(("县", "市", "区"))
        if name not in names:
            names.append(name)
    chains = list(built.plan.templates)
    for at, name in enumerate(names):
        away: Cell = round(330 + 40 * rng.random(), 1) if at >= PLACES - 2 else round(rng.uniform(20, 280), 1)
        head: list[Cell] = [name, OWN_PROVINCE if at % 3 else "邻省", away]
        pushed: list[list[Cell]] = [[built.plan.templates[chain].zh, None, built.plan.templates[chain].zh] for chain in rng.sample(chains, min(len(chains), rng.randint(0, 1)))]
        for gap in plans:
            order = sorted(range(PLACES - 2), key=lambda p: Random(f"{gap.ref}:{p}").random())
            if at in order[:gap.chased]:
                chain, node = gap.ref.split("/", 1)[0], built.plan.nodes[gap.ref].node
                pushed.append([node.zh, node.zh, built.plan.templates[chain].zh])
        for direction, node_name, chain_name in pushed or [["现代物流", None, None]]:
            sheet.add([len(sheet.rows) + 1, *head, direction, node_name, chain_name, rng.choice((2024, 2025)), f"{name}政府工作报告（虚构）"])
    return sheet


def answers(built: Built, planted: Planted) -> None:
    """Verdicts planted by node, single-firm gaps below scale, and how many records the sheets hold."""
    plans, made = gap_plans(built), books(built)
    planted.attraction["verdicts"] = {gap.ref: {"verdict": gap.verdict, "kind": gap.kind, "demand": round(gap.demand, 2), "efficient_output": gap.efficient} for gap in plans}
    missing = set(planted.missing_nodes)
    for gap in plans:
        if gap.ref in missing:
            planted.presence.setdefault(gap.ref, []).extend(city.name for city in gap.near)
    records = planted.totals["records"]
    records["outside_presence"] += len(made[PROFILE_FILE][1].rows)
    records |= {"node_profile": len(made[PROFILE_FILE][0].rows), "node_input": len(made[INPUT_FILE][0].rows), "neighbour_priority": len(made[NEIGHBOUR_FILE][0].rows),
                "regional_industry": len(made[PANEL_FILE][0].rows)}


