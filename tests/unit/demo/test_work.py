"""Projects, cases, knowledge and assets: complete, consistent with the firms, the planted things really so."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from liantu.chains.template import builtin_templates, load_builtin
from liantu.demo.cities import CITIES, OF_CHAIN
from liantu.demo.generator import Built, build
from liantu.demo.route_words import route_words
from liantu.demo.use_words import END_USES
from liantu.demo.work import FIRST_DAY, RED, SECOND_DAY, SIGNED, STAGES, STARTED

SETTINGS = {"seed": 5, "firms": 300, "months": 24, "supply_links": 1500}


@pytest.fixture(scope="module")
def built() -> Built:
    return build(SETTINGS)


def test_every_critical_node_has_routes_and_every_route_a_node() -> None:
    routes = route_words()
    for chain in builtin_templates():
        template = load_builtin(chain)
        told = {r.node for r in routes if r.chain == chain}
        assert told <= {n.code for n in template.nodes}
        assert {n.code for n in template.nodes if n.critical} <= told
    assert len({(r.chain, r.node, r.name) for r in routes}) == len(routes)
    assert all(1 <= r.maturity <= 9 and 1980 < r.since < 2027 and (r.until is None or r.until > 2026) for r in routes)


def test_every_group_has_end_uses_and_every_city_is_known() -> None:
    groups = {f"{chain}/{g.code}" for chain in builtin_templates() for g in load_builtin(chain).groups}
    assert set(END_USES) == groups
    assert {city for cities in OF_CHAIN.values() for city in cities} <= set(CITIES)
    assert all(73 < c.longitude < 135 and 18 < c.latitude < 54 for c in CITIES.values())


def test_projects_stand_at_every_stage_of_every_chain(built: Built) -> None:
    projects = built.work.projects
    assert {p.stage for p in projects} == set(range(len(STAGES))) and {p.chain for p in projects} == set(builtin_templates())
    assert len({p.name for p in projects}) == len({p.code for p in projects}) == len(projects) == 40 + 6  # six are signed a second time under another name
    for p in projects:
        assert max(p.days) == p.stage and list(p.days.values()) == sorted(p.days.values(), reverse=True) and p.days[p.stage] <= FIRST_DAY
        assert p.done <= p.total and p.arrived <= p.total and p.park in built.world.parks
        assert p.firm is None or p.firm_name == p.firm.name


def test_lamps_are_planted_as_they_are_called(built: Built) -> None:
    by_reason = {why: [p for p in built.work.projects if p.why == why] for why in (*RED, "slow", "paused")}
    assert all(by_reason.values())
    assert all((FIRST_DAY - max(p.updated, *p.days.values())).days > 92 for p in by_reason["neglect"])
    assert all(p.start_plan and p.start_plan < FIRST_DAY and p.stage < STARTED for p in by_reason["late_start"])
    assert all(p.finish_plan and p.finish_plan < FIRST_DAY for p in by_reason["late_finish"])
    for p in by_reason["slow"]:
        assert (FIRST_DAY - p.days[STARTED]) / (p.finish_plan - p.days[STARTED]) >= 0.7 and p.done < p.total * 0.5
    for p in built.work.projects:
        if not p.why:
            assert (FIRST_DAY - p.updated).days < 60
            assert p.stage >= STARTED or p.start_plan is None or p.start_plan > SECOND_DAY


def test_cases_are_planted_as_they_are_called(built: Built) -> None:
    cases = {kind: [c for c in built.work.cases if c.planted == kind] for kind in ("overdue", "no_proof", "stalled", "unsatisfied", "due_soon", "slow", "suspended", "chief", "general", "")}
    assert all(cases.values()) and sum(map(len, cases.values())) == len(built.work.cases)
    assert all(c.due < FIRST_DAY and not c.closed for c in cases["overdue"])
    assert all(c.state == "销号" and not c.proof for c in cases["no_proof"])
    assert all(FIRST_DAY < c.due < SECOND_DAY and not c.closed for c in cases["due_soon"])
    assert all(c.ask and not c.closed for kind in ("chief", "general") for c in cases[kind])
    assert all(c.proof and c.closed >= c.raised if c.closed else c.due > SECOND_DAY for c in cases[""])


def test_presence_answers_where_to_invite_for_every_missing_node(built: Built) -> None:
    here = {p.node for p in built.work.presence}
    assert {p.ref for p in built.plan.of_kind("missing")} <= here
    for chain in builtin_templates():
        mine = [p for p in built.work.presence if p.chain == chain]
        assert 20 <= len(mine) <= 40 and len({p.name for p in mine}) == len(mine)
    assert all("合成" in p.name for p in built.work.presence)


def test_routes_are_consistent_with_who_stands_at_the_node(built: Built) -> None:
    held = {ref for f in built.world.firms for ref in f.nodes}
    for r in built.work.routes:
        ref = f"{r.word.chain}/{r.word.node}"
        assert ref in held or r.grasp == "未掌握"
        assert not r.word.chokepoint or r.grasp in ("未掌握", "跟跑")
        assert all(ref in f.nodes for f in r.local)


def test_uses_are_two_to_four_per_node_and_local_customers_are_of_the_district(built: Built) -> None:
    per_node: dict[str, set[tuple[str, str]]] = {}
    for u in built.work.uses:
        per_node.setdefault(u.node, set()).add((u.product, u.use))
        assert all(f in built.world.firms for f in u.local)
    assert {2, 3} >= {len(uses) for uses in per_node.values()} and sum(map(len, per_node.values())) == len(built.work.uses)


def test_policies_hold_no_support_tied_to_tax_and_some_are_over(built: Built) -> None:
    policies = built.work.policies
    text = "".join(f"{p.name}{i.item}{i.condition}{i.support}" for p in policies for i in p.items)
    assert not re.search("税收?返还|纳税额|税收贡献|留成", text)
    assert sum(p.until < FIRST_DAY for p in policies) >= 3 and sum(FIRST_DAY <= p.until < SECOND_DAY for p in policies) == 1
    assert [p.review for p in policies].count("待审查") == 1 and len(policies) == 20


def test_stage_events_start_at_signing_and_some_lack_proof(built: Built) -> None:
    events = built.work.events
    assert all(e.stage >= SIGNED and e.day == e.project.days[e.stage] and e.day <= FIRST_DAY for e in events)
    lacking = sum(not e.proof for e in events)
    assert 0.05 < lacking / len(events) < 0.35
    assert all(bool(e.proof) == bool(e.number) == bool(e.who) for e in events)


def test_clusters_platforms_and_talents_belong_to_firms_that_work(built: Built) -> None:
    assert len(built.work.clusters) == 6
    assert all(p.host.status == "在营" and p.node in p.host.nodes for p in built.work.platforms)
    assert all(t.firm.status == "在营" for t in built.work.talents)
    assert len({(t.name, t.firm.number) for t in built.work.talents}) == len(built.work.talents) >= 10
    assert all(dt.date(2012, 1, 1).year <= t.year <= 2026 for t in built.work.talents)
