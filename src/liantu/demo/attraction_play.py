"""A fortnight of the investment office on the synthetic district, played through the actions that a clerk would use: decisions on the
short list, leads, visits, a review, a signing with its promises, proof of the next stage. Nothing is written past the workflow.

The story: one firm of the short list is chosen and goes from lead to registered; one is chosen and waits to be assessed; one lead came in
today; one firm is watched, one dropped. Firms, people and figures are made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from liantu.kernel.edition import Edition
from liantu.kernel.output import run

MARK = "（合成）"
OFFICE, OTHER = "区投促中心", "区商务局"
PEOPLE = ("招商员甲", "招商员乙")
STORY = {"chosen": 3, "watch": 1, "dropped": 1}  # how many firms of the short list, in its order
REASONS = {"chosen": "缺口环节，规模和扩产迹象都够，先行接触" + MARK, "watch": "同类产能刚在邻市投产，半年后再看" + MARK, "dropped": "近期有弃约记录，不再跟进" + MARK}
FIGURES = {"invest_total": 52_000, "fixed_assets": 41_000, "land_mu": 110, "plant_m2": 60_000, "energy_tce": 3_200, "output_expected": 68_000, "tax_expected": 2_600, "jobs_expected": 360}
TOLD = {"content": "建设一条产线，分两期" + MARK, "process": "外购原料—成型—检测—包装" + MARK, "pollutants": "废气经处理达标排放，无生产废水" + MARK, "site_wish": "标准厂房，临近主干道"}
MARKS = {"industry": 5, "technology": 4, "investment": 13, "intensity": 14, "investor": 8, "environment": 4, "safety": 5, "land": 8, "planning": 4, "tax": 12, "jobs": 4}  # points of the assessors, by item
PROMISES = (("invest", 52_000, date(2028, 12, 31), "第三条"), ("start", None, date(2026, 12, 20), "第四条"), ("produce", None, date(2028, 6, 30), "第四条"), ("output", 68_000, date(2029, 12, 31), "第五条"),
            ("tax", 2_600, date(2029, 12, 31), "第五条"), ("jobs", 360, date(2029, 6, 30), "第六条"))


def play(edition: Edition, by: Any) -> Iterator[str]:
    """Play the fortnight on the short list of an edition; tells what was done. Played once: nothing when decisions are on record."""
    from liantu.attraction.target_models import TargetDecision

    firms = _short_list(edition)
    if TargetDecision.objects.exists() or not firms:
        return
    made = _decide(edition, firms, by)
    chosen = [(firm, decision) for firm, decision in made if decision.decision == "chosen"]
    yield f"决定 {len(made)} 家"
    for (firm, decision), way in zip(chosen, (_signed, _waiting, _today), strict=False):
        yield way(firm, decision, by)


def _short_list(edition: Edition) -> list[dict[str, Any]]:
    """Firms of the short list by rank, of whom no lead is open."""
    from liantu.attraction.lead_quality import twins

    rows = run("target_scores", edition).frame.sort("rank").iter_rows(named=True)
    return [r for r in rows if r["short_listed"] and not twins(r["name"])][: sum(STORY.values())]


def _decide(edition: Edition, firms: list[dict[str, Any]], by: Any) -> list[tuple[dict[str, Any], Any]]:
    from liantu.attraction.decisions import decide

    ways = [way for way, count in STORY.items() for _ in range(count)]
    return [(firm, decide(by, firm["candidate"], decision=way, reason=REASONS[way], edition=edition, node=_node(firm))) for firm, way in zip(firms, ways, strict=False)]


def _node(firm: dict[str, Any]) -> int | None:
    from liantu.chains.models import ChainNode

    found = ChainNode.objects.filter(code=firm["node_code"]).values_list("pk", flat=True).first()
    return None if found is None else int(found)


def _lead(firm: dict[str, Any], decision: Any, by: Any, on: date, owner: str, **told: Any) -> Any:
    from liantu.attraction.clocks import acting_on
    from liantu.attraction.workflow import make_lead

    with acting_on(on):
        return make_lead(by, candidate=firm["candidate"], investor=firm["name"], title=f"{firm['name']}生产基地{MARK}", chain_node=_node(firm), decision=decision, source="target", received_on=on,
                         office=OFFICE, owner=owner, **told)


def _visit(firm: dict[str, Any], lead: Any, by: Any, on: date, office: str, kind: str, notes: str, step: str, when: date) -> None:
    from liantu.attraction.clocks import acting_on
    from liantu.attraction.workflow import add_visit

    with acting_on(on):
        add_visit(by, firm_name=firm["name"], visited_on=on, kind=kind, office=office, people="、".join(PEOPLE), met="总经理、项目负责人", notes=notes + MARK, lead=lead.pk, candidate=firm["candidate"],
                  next_step=step, next_on=when)


def _signed(firm: dict[str, Any], decision: Any, by: Any) -> str:
    """From lead to registered, with a review, a contract, its promises, and each stage by its proof."""
    from liantu.attraction import workflow
    from liantu.attraction.admission import hold
    from liantu.attraction.clocks import acting_on
    from liantu.attraction.promises import add_promise

    lead = _lead(firm, decision, by, date(2026, 11, 2), PEOPLE[0], introducer="新能源商会", **FIGURES, **TOLD)
    with acting_on(date(2026, 11, 2)):
        workflow.answer(by, lead, on=date(2026, 11, 2), responder=PEOPLE[0])
    _visit(firm, lead, by, date(2026, 11, 4), OFFICE, "out", "看了总部和一期厂房，对方确认扩产计划，关注用能和环评", "报送选址方案", date(2026, 11, 9))
    with acting_on(date(2026, 11, 5)):
        workflow.assess(by, lead, verdict="follow", reason="缺口环节，投资强度够，环评和用能可承载" + MARK, lead_class="a", on=date(2026, 11, 5))
        workflow.feed_back(by, lead, on=date(2026, 11, 5))
    _visit(firm, lead, by, date(2026, 11, 9), OTHER, "hosted", "来看两处标准厂房，讨论开工时间", "组织准入评审", date(2026, 11, 12))
    with acting_on(date(2026, 11, 10)):
        project = workflow.to_project(by, lead, on=date(2026, 11, 10))
    with acting_on(date(2026, 11, 12)):
        hold(by, project, "tuanfeng", {**FIGURES, **MARKS}, result="passed", held_on=date(2026, 11, 12), evidence="准入评审会议纪要 2026 年第 9 期" + MARK)
    with acting_on(date(2026, 11, 16)):
        workflow.reach_stage(by, project, "signed", date(2026, 11, 16), "正式投资协议" + MARK, number="投协〔2026〕31号", verified=True)
        for kind, amount, due, clause in PROMISES:
            add_promise(by, project, kind, amount, due, clause)
    with acting_on(date(2026, 11, 19)):
        workflow.reach_stage(by, project, "registered", date(2026, 11, 19), "营业执照" + MARK, verified=True)
    return f"{firm['name']}：线索到注册，承诺 {len(PROMISES)} 项"


def _waiting(firm: dict[str, Any], decision: Any, by: Any) -> str:
    """Answered in time and visited by two offices, not assessed: its clock has run out."""
    from liantu.attraction import workflow
    from liantu.attraction.clocks import acting_on

    lead = _lead(firm, decision, by, date(2026, 11, 13), PEOPLE[1], content=TOLD["content"], invest_total=21_000)
    with acting_on(date(2026, 11, 13)):
        workflow.answer(by, lead, on=date(2026, 11, 13), responder=PEOPLE[1])
    for day, office in ((date(2026, 11, 14), OFFICE), (date(2026, 11, 17), OTHER)):
        _visit(firm, lead, by, day, office, "out", "了解产能和选址要求", "汇总两家的情况，定一家牵头", date(2026, 11, 24))
    return f"{firm['name']}：已响应，待研判"


def _today(firm: dict[str, Any], decision: Any, by: Any) -> str:
    """Came in on the edition's own day."""
    _lead(firm, decision, by, date(2026, 11, 20), PEOPLE[1])
    return f"{firm['name']}：今天的新线索"
