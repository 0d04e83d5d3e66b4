"""The files 00 and 15-25 of the first month, and what must be found in them."""

from __future__ import annotations

from liantu.demo import knowledge_sheets as known
from liantu.demo import work_sheets as daily
from liantu.demo.planted import Planted
from liantu.demo.register_sheets import World
from liantu.demo.sheets_out import Sheet
from liantu.demo.work import FIRST_DAY, RED, STAGES, Work
from liantu.demo.work_sheets import Dirt

MONTH = "2026年10月"


def books(world: World, work: Work) -> dict[str, list[Sheet]]:
    """File → sheets; plants the dirt of these files."""
    dirt, rng = Dirt(world.plants), world.rng
    return {
        known.CHAIN_FILE: [known.chain_sheet(work)],
        daily.PROJECT_FILE: daily.project_sheets(work, work.projects, dirt, rng("projects"), daily.PROJECT_FILE, MONTH),
        daily.EVENT_FILE: [daily.event_sheet(work.events, dirt, rng("events"), daily.EVENT_FILE, MONTH)],
        daily.NEED_FILE: [daily.need_sheet(work.needs, rng("needs"))],
        daily.CASE_FILE: [daily.case_sheet(work, work.cases, dirt, rng("cases"), daily.CASE_FILE, MONTH)],
        known.CLUSTER_FILE: [known.cluster_sheet(work, rng("clusters"))],
        known.POLICY_FILE: known.policy_sheets(work, work.policies, rng("policies")),
        known.ROUTE_FILE: known.route_sheets(work, dirt, rng("routes")),
        known.USE_FILE: [known.use_sheet(work)],
        known.PRESENCE_FILE: [known.presence_sheet(work, dirt, rng("presence"))],
        known.PLATFORM_FILE: [known.platform_sheet(work, rng("platforms"))],
        known.TALENT_FILE: [known.talent_sheet(work, rng("talents"))],
    }


def answers(work: Work, planted: Planted) -> None:
    """Write down what lists must find in these records as of the first day."""
    planted.red_projects = [{"name": p.name, "why": p.why} for p in work.projects if p.why in RED]
    planted.yellow_projects = [{"name": p.name, "why": p.why} for p in work.projects if p.why and p.why not in RED]
    planted.unproven_stages = [[e.project.name, STAGES[e.stage]] for e in work.events if not e.proof]
    for case in work.cases:
        if case.planted:
            planted.cases.setdefault(case.planted, []).append(case.code)
    planted.expired_policies = [p.name for p in work.policies if p.until < FIRST_DAY]
    planted.unreviewed_policies = [p.name for p in work.policies if p.review == "待审查"]
    planted.chokepoints = [{"node": f"{r.word.chain}/{r.word.node}", "route": r.word.name, "grasp": r.grasp} for r in work.routes if r.word.chokepoint]
    missing = set(planted.missing_nodes)
    for presence in work.presence:
        if presence.node in missing:
            planted.presence.setdefault(presence.node, []).append(presence.city.name)
    planted.totals["records"] = {
        "project": len(work.projects), "stage_event": len(work.events), "project_need": len(work.needs), "case": len(work.cases), "cluster": len(work.clusters),
        "policy": len(work.policies),
        "policy_item": sum(len(p.items) for p in work.policies), "tech_route": len(work.routes), "application": len(work.uses), "outside_presence": len(work.presence),
        "platform": len(work.platforms), "talent": len(work.talents)}
