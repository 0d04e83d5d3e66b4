"""Sheets 41–42 of the investment office: leads with planted lateness and gaps, visits with over-visited firms and steps left lying.

``planted.attraction["pipeline"]`` holds, as of the first day: codes of leads by what must be told of them (``answer_late``,
``assess_late``, ``feedback_late``, ``report_late``, ``stalled``, ``converted``), ``in_time`` (leads that must show no red), ``missing``
(code → contents not told), ``left_steps`` (codes of visits), ``over_visited`` (firm → visits of its last 30 days), ``records``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from liantu.demo import words
from liantu.demo.names import brand, person
from liantu.demo.nodes import industrial_code
from liantu.demo.planted import Planted
from liantu.demo.projects import MINING
from liantu.demo.register_sheets import World
from liantu.demo.sheets_out import Cell, Sheet
from liantu.demo.work import FIRST_DAY, SECOND_DAY, Project, Work

if TYPE_CHECKING:
    from liantu.demo.generator import Built

LEAD_FILE, VISIT_FILE = "41_线索登记表.xlsx", "42_走访洽谈记录.xls"
COUNTS = {"answer_late": (0.0004, 2), "assess_late": (0.0004, 2), "large_waiting": (0.0002, 1), "fresh": (0.0006, 3), "feedback_late": (0.0004, 2), "report_late": (0.0004, 2), "followed": (0.0016, 5),
          "stalled": (0.0004, 2), "dropped": (0.0004, 2), "converted": (0.0016, 6)}
FRIENDS = ("large_waiting", "fresh", "followed", "converted")
OVER, OVER_DAYS = 5, 30  # visits within these days that are too many
TRADES = ("新材料", "新能源", "科技", "精密制造", "电子", "装备", "生物科技")
SOURCES = ("目标企业清单", "以商招商", "驻点招商", "展会活动", "商协会", "链主推荐", "领导交办", "企业来访")
OFFICES = ("区商务局", "区工信局", "开发区招商局", "区投促中心", "驻沪招商组")
INTRODUCERS = ("新能源商会", "澄岚企业家协会", "园区服务公司", "行业协会秘书处")
LEAD_HEAD = ["线索编号", "线索名称", "投资方", "线索来源", "引荐人", "产业链", "环节名称", "项目概况", "工艺流程", "总投资", "固定资产投资", "用地需求（亩）", "年能耗（吨标煤）", "主要污染物", "预计产值", "预计税收", "预计就业",
             "收到日期", "首谈人", "响应日期", "研判日期", "反馈日期", "最近报告日期", "研判结论", "理由", "分类", "状态", "责任单位", "责任人", "下一步", "下一步日期", "对应项目"]
VISIT_HEAD = ["走访编号", "企业名称", "线索编号", "走访日期", "走访方式", "走访单位", "参加人员", "会见人员", "洽谈情况", "下一步", "完成时限"]
CONTENTS = {"process": "工艺流程", "total": "总投资", "energy": "用能", "pollutants": "生态环境容量", "output": "预计产值", "tax": "预计税收"}
TALKS = ("介绍了园区承载条件，对方关注用能和环评", "看了两处标准厂房，对方要求层高八米", "对方来考察上游配套，初步认可", "讨论了用地和开工时序，分歧在厂房交付时间", "对方董事会下月讨论选址")
STEPS = ("报送选址方案", "安排回访", "对接环评单位", "约见董事长", "准备用地测算")


@dataclass
class Lead:
    """One lead as the office wrote it down; ``kind`` is one of COUNTS' keys."""

    kind: str
    code: str
    title: str
    investor: str
    chain: str
    node: str
    told: dict[str, float | str]
    days: dict[str, dt.date | None]
    introducer: str
    state: str
    verdict: str
    lead_class: str
    office: str
    owner: str
    project: str = ""
    step: tuple[str, dt.date | None] = ("", None)
    visits: list[tuple[str, dt.date, str, dt.date | None]] = field(default_factory=list)  # office, day, step, when


def leads(world: World, work: Work) -> list[Lead]:
    """All leads, numbered by the day on which they came in."""
    rng = world.rng("leads")
    made: list[Lead] = []
    nodes = _nodes(work)
    origins = [p for p in work.projects if p.category == "招商" and p.stage >= 2 and 1 in p.days]
    taken: set[str] = {p.investor for p in work.projects}
    for kind, (share, least) in COUNTS.items():
        for at in range(world.some(share, least)):
            if kind == "converted":
                if at < len(origins):
                    made.append(_converted(origins[at], rng))
                continue
            chain, node = rng.choice(nodes)
            made.append(_lead(kind, chain, node, _investor(rng, taken), rng))
    made.sort(key=lambda lead: (lead.days["收到日期"] or FIRST_DAY, lead.title))
    numbers: dict[int, int] = {}
    for lead in made:
        year = (lead.days["收到日期"] or FIRST_DAY).year
        numbers[year] = numbers.get(year, 0) + 1
        lead.code = f"XS{year}-{numbers[year]:04d}"
    _visit(made, rng)
    return made


def _nodes(work: Work) -> list[tuple[str, Any]]:
    """Nodes at which something is made: what a firm from elsewhere would build a plant for."""
    return [(chain, node) for chain, template in work.templates.items() for node in template.nodes if all(industrial_code(c) for c in node.industry_codes) and node.industry_codes[0][:2] not in MINING]


def _investor(rng: Random, taken: set[str]) -> str:
    """A firm from elsewhere that nothing else is told of."""
    while True:
        name = f"{rng.choice(words.OUTSIDE_CITIES)}{brand(rng)}{rng.choice(TRADES)}有限公司"
        if name not in taken:
            taken.add(name)
            return name


def _told(kind: str, zh: str, rng: Random) -> dict[str, float | str]:
    """What the investor said; of some leads a few contents are missing."""
    total = float(rng.randrange(12_000, 48_000, 500)) if kind != "large_waiting" else float(rng.randrange(60_000, 150_000, 5_000))
    told: dict[str, float | str] = {"content": f"拟建设{zh}生产线", "process": "备料、成型、装配、检测", "total": total, "fixed": round(total * 0.75), "land": float(round(total / 260)), "energy": float(round(total * 0.1)),
                                    "pollutants": rng.choice(("少量废气、一般固废", "生活污水", "清洗废水、废气")), "output": round(total * 1.6), "tax": round(total * 0.06), "jobs": max(10, round(total / 200))}
    if kind in ("answer_late", "fresh", "stalled") or rng.random() < 0.2:
        for name in rng.sample(list(CONTENTS), rng.randint(1, 3)):
            told.pop(name)
    return told


def _lead(kind: str, chain: str, node: Any, investor: str, rng: Random) -> Lead:
    """A lead whose days say what is planted."""
    def back(low: int, high: int) -> dt.date:
        return FIRST_DAY - dt.timedelta(days=rng.randint(low, high))

    came = {"answer_late": (4, 12), "assess_late": (6, 20), "large_waiting": (3, 5), "fresh": (0, 1), "feedback_late": (11, 12), "report_late": (30, 50), "followed": (15, 60), "stalled": (110, 160), "dropped": (30, 90)}[kind]
    day = back(*came)
    answered = None if kind in ("answer_late", "fresh") else day + dt.timedelta(days=rng.randint(0, 1))
    judged = None if answered is None or kind in ("assess_late", "large_waiting") else answered + dt.timedelta(days=rng.randint(1, 2))
    reported = {"report_late": back(16, 24), "followed": back(1, 10), "feedback_late": back(1, 6)}.get(kind, judged)
    introducer = rng.choice(INTRODUCERS) if kind in ("feedback_late", "followed", "dropped") else ""
    told_on = judged + dt.timedelta(days=1) if judged and introducer and kind != "feedback_late" else None
    state, verdict, lead_class = {"answer_late": ("待响应", "", ""), "fresh": ("待响应", "", ""), "assess_late": ("已响应", "", ""), "large_waiting": ("已响应", "", ""), "stalled": ("储备", "储备", "C类"),
                                  "dropped": ("放弃", "放弃", "")}.get(kind, ("已研判", "跟进", rng.choice(("A类", "B类"))))
    step = (rng.choice(STEPS), FIRST_DAY + dt.timedelta(days=rng.randint(2, 12))) if kind in ("followed", "feedback_late") else ("", None)
    return Lead(kind, "", f"{(investor.partition('市')[2] or investor).removesuffix('有限公司')}{node.zh}项目", investor, chain, node.zh, _told(kind, node.zh, rng),
                {"收到日期": day, "响应日期": answered, "研判日期": judged, "反馈日期": told_on, "最近报告日期": reported}, introducer, state, verdict, lead_class, rng.choice(OFFICES), person(rng), step=step)


def _converted(project: Project, rng: Random) -> Lead:
    """The lead from which a project came."""
    judged = project.days[1]
    day = judged - dt.timedelta(days=rng.randint(2, 3))
    total = project.total
    told: dict[str, float | str] = {"content": project.content, "process": "备料、成型、装配、检测", "total": total, "fixed": round(total * 0.75), "land": project.land_mu or round(total / 260), "energy": project.energy_tce, "pollutants": "少量废气",
                                    "output": project.output, "tax": round(total * 0.05), "jobs": project.jobs}
    days: dict[str, dt.date | None] = {"收到日期": day, "响应日期": day + dt.timedelta(days=1), "研判日期": judged, "反馈日期": None, "最近报告日期": project.days[2]}
    return Lead("converted", "", project.name, project.investor, project.chain, "", told, days, "", "已转在谈", "跟进", "A类", project.office or rng.choice(OFFICES), project.owner or person(rng), project.name)


def _visit(made: list[Lead], rng: Random) -> None:
    """Visits of leads that are followed or were converted; the first two followed ones are visited too often, the next two have a step left lying."""
    followed = [lead for lead in made if lead.kind == "followed"]
    for at, lead in enumerate(followed):
        if at < 2:
            for back in (25, 19, 12, 6, 2):
                lead.visits.append((OFFICES[back % len(OFFICES)], FIRST_DAY - dt.timedelta(days=back), "", None))
        elif at < 4:
            lead.visits.append((lead.office, FIRST_DAY - dt.timedelta(days=20), rng.choice(STEPS), FIRST_DAY - dt.timedelta(days=rng.randint(4, 9))))
        else:
            lead.visits.append((lead.office, FIRST_DAY - dt.timedelta(days=rng.randint(2, 9)), rng.choice(STEPS), FIRST_DAY + dt.timedelta(days=rng.randint(3, 14))))
    for lead in (row for row in made if row.kind == "converted"):
        lead.visits.append((lead.office, (lead.days["研判日期"] or FIRST_DAY) + dt.timedelta(days=rng.randint(1, 5)), "", None))


def books(built: Built) -> dict[str, list[Sheet]]:
    """File → sheets."""
    made = leads(built.world, built.work)
    ledger = Sheet("线索登记", [f"{words.DISTRICT_TITLE}招商线索登记表（{words.LABEL}）", "区投促中心　2026年10月"], [LEAD_HEAD], corner="单位：万元")
    for lead in made:
        ledger.add(_row(lead, built.work))
    visits = Sheet("走访洽谈", [f"{words.DISTRICT_TITLE}走访洽谈记录（{words.LABEL}）", "区投促中心　2026年10月"], [VISIT_HEAD])
    for row in _visit_rows(made, built.world.rng("visits")):
        visits.add(row)
    return {LEAD_FILE: [ledger], VISIT_FILE: [visits]}


def _row(lead: Lead, work: Work) -> list[Cell]:
    told = lead.told
    chain = work.templates[lead.chain].zh
    return [lead.code, lead.title, lead.investor, SOURCES[int(lead.code[-2:]) % len(SOURCES)] if not lead.introducer else "商协会", lead.introducer or None, chain, lead.node or None,
            *(told.get(name) for name in ("content", "process", "total", "fixed", "land", "energy", "pollutants", "output", "tax", "jobs")), lead.days["收到日期"], lead.owner if lead.days["响应日期"] else None,
            *(lead.days[name] for name in ("响应日期", "研判日期", "反馈日期", "最近报告日期")), lead.verdict or None, {"跟进": "补链环节，条件基本具备", "储备": "暂缺用地，列入储备", "放弃": "对方意向不明，无实质投资"}.get(lead.verdict),
            lead.lead_class or None, lead.state, lead.office, lead.owner, lead.step[0] or None, lead.step[1], lead.project or None]


def _visit_rows(made: Sequence[Lead], rng: Random) -> list[list[Cell]]:
    """Visits by day, numbered by year."""
    found = sorted(((day, lead, office, step, when) for lead in made for office, day, step, when in lead.visits), key=lambda v: (v[0], v[1].code))
    numbers: dict[int, int] = {}
    rows: list[list[Cell]] = []
    for day, lead, office, step, when in found:
        numbers[day.year] = numbers.get(day.year, 0) + 1
        rows.append([f"ZF{day.year}-{numbers[day.year]:04d}", lead.investor, lead.code, day, rng.choice(("上门拜访", "来访接待", "洽谈", "电话")), office, "、".join((person(rng), person(rng))), person(rng), rng.choice(TALKS), step or None, when])
    return rows


def later_books(built: Built, stamp: str) -> dict[str, list[Sheet]]:
    """The same two sheets in November: what was late is taken up, but for one lead; new leads come in; followed ones are visited."""
    world, work = built.world, built.work
    known, rng, months = leads(world, work), world.rng("later leads"), f"{stamp[:4]}年{int(stamp[4:])}月"
    taken = {lead.investor for lead in known} | {p.investor for p in work.projects}
    nodes = _nodes(work)
    moved = [lead for lead in known if lead.kind in ("assess_late", "large_waiting", "fresh", "feedback_late", "report_late", "followed")] + [lead for lead in known if lead.kind == "answer_late"][1:]
    for lead in moved:
        _move_on(lead, rng)
    came = [lead for lead in known if lead.code.startswith(f"XS{stamp[:4]}")]
    fresh = [_new(at, *rng.choice(nodes), _investor(rng, taken), f"XS{stamp[:4]}-{len(came) + at + 1:04d}", rng) for at in range(5)]
    ledger = Sheet("线索登记", [f"{words.DISTRICT_TITLE}招商线索登记表（{words.LABEL}）", f"区投促中心　{months}"], [LEAD_HEAD], corner="单位：万元")
    for lead in (*moved, *fresh):
        ledger.add(_row(lead, work))
    visits = Sheet("走访洽谈", [f"{words.DISTRICT_TITLE}走访洽谈记录（{words.LABEL}）", f"区投促中心　{months}"], [VISIT_HEAD])
    first = 1 + sum(str(row[0]).startswith(f"ZF{stamp[:4]}") for row in _visit_rows(known, world.rng("visits")))
    for at, lead in enumerate([lead for lead in moved if lead.verdict == "跟进"][:8]):
        day = SECOND_DAY - dt.timedelta(days=(at * 3) % 11)
        visits.add([f"ZF{stamp[:4]}-{first + at:04d}", lead.investor, lead.code, day, rng.choice(("上门拜访", "来访接待", "洽谈")), lead.office, person(rng), person(rng), rng.choice(TALKS), lead.step[0], lead.step[1]])
    return {f"41_线索登记表_{stamp}.xlsx": [ledger], f"42_走访洽谈记录_{stamp}.xls": [visits]}


def _move_on(lead: Lead, rng: Random) -> None:
    """A lead in November: answered, judged, reported, the introducer told, a next step set."""
    def day(low: int, high: int) -> dt.date:
        return SECOND_DAY - dt.timedelta(days=rng.randint(low, high))

    lead.days["响应日期"] = lead.days["响应日期"] or FIRST_DAY + dt.timedelta(days=1)
    lead.days["研判日期"] = lead.days["研判日期"] or FIRST_DAY + dt.timedelta(days=rng.randint(2, 5))
    lead.days["反馈日期"] = lead.days["反馈日期"] or (FIRST_DAY + dt.timedelta(days=3) if lead.introducer else None)
    lead.days["最近报告日期"] = day(0, 11)
    lead.state, lead.verdict, lead.lead_class = ("已研判", "跟进", lead.lead_class or rng.choice(("A类", "B类")))
    lead.step = (rng.choice(STEPS), SECOND_DAY + dt.timedelta(days=rng.randint(1, 12)))


def _new(at: int, chain: str, node: Any, investor: str, code: str, rng: Random) -> Lead:
    """A lead that came in lately: the first two judged, one answered, one just come, one not answered in time."""
    day = SECOND_DAY - dt.timedelta(days=(8, 6, 2, 1, 4)[at])
    lead = _lead("fresh", chain, node, investor, rng)
    lead.code, lead.days = code, {"收到日期": day, "响应日期": day + dt.timedelta(days=1) if at < 3 else None, "研判日期": day + dt.timedelta(days=2) if at < 2 else None, "反馈日期": None, "最近报告日期": None}
    lead.state, lead.verdict, lead.lead_class = ("已研判", "跟进", "B类") if at < 2 else ("已响应", "", "") if at == 2 else ("待响应", "", "")
    return lead


def answers(built: Built, planted: Planted) -> None:
    """Fill in ``planted.attraction["pipeline"]``."""
    made = leads(built.world, built.work)
    rows = _visit_rows(made, built.world.rng("visits"))
    known: dict[str, Any] = {kind: sorted(lead.code for lead in made if lead.kind == kind) for kind in ("answer_late", "assess_late", "feedback_late", "report_late", "stalled", "converted")}
    known["in_time"] = sorted(lead.code for lead in made if lead.kind in FRIENDS)
    known["missing"] = {lead.code: [zh for name, zh in CONTENTS.items() if name not in lead.told] for lead in made if any(name not in lead.told for name in CONTENTS)}
    known["left_steps"] = sorted(str(row[0]) for row in rows if isinstance(row[10], dt.date) and row[10] < FIRST_DAY)
    recent = [str(row[1]) for row in rows if isinstance(row[3], dt.date) and row[3] > FIRST_DAY - dt.timedelta(days=OVER_DAYS)]
    known["over_visited"] = {name: recent.count(name) for name in sorted(set(recent)) if recent.count(name) >= OVER}
    known["records"] = {"lead": len(made), "visit": len(rows)}
    planted.attraction["pipeline"] = known
