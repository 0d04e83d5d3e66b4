"""What really happens in the district in November 2026, so that two formal editions differ in exactly known ways.

Firms: some cross the scale, some are registered, close, move away or change their node; one adds a product at a node that
nobody held. Each is chosen so that no other node's status can change by it. Projects advance, cases open and close, a policy comes.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from liantu.chains import ChainTemplate
from liantu.demo import words, work_words
from liantu.demo.assets import policy_of
from liantu.demo.cases import CaseMaker
from liantu.demo.firms import Firm
from liantu.demo.knowledge import firms_at
from liantu.demo.names import CodeMaker, brand, person
from liantu.demo.nodes import ChainPlan
from liantu.demo.planted import Planted
from liantu.demo.projects import ProjectMaker
from liantu.demo.work import COMPLETED, SECOND_DAY, SIGNED, STAGES, STARTED, Case, Event, Policy, Project

if TYPE_CHECKING:
    from liantu.demo.generator import Built

FIRST_DAY_OF_MONTH = dt.date(2026, 11, 1)
RAISED, MOVED, GONE, NEW = 0.0012, 0.0006, 0.0004, 0.0006  # shares of all firms
ADVANCE, ENDED, NEW_PROJECTS = 0.18, 0.02, 0.04  # shares of all projects
CLOSED, NEW_CASES = 0.2, 0.12  # shares of all cases
SIDE_LINE, SIDE_OUTPUT = 0.02, 150_000.0  # share of a firm's business at its new node (unit: 1); most output of such a firm, 万元
SUPPLY_LEAST = 0.1  # local share of the supply at a node that loses its firms: no doubt about its new status (unit: 1)
TALKS = 2  # place of 在谈 in STAGES


@dataclass
class Month:
    """All that happens; nodes are written ``chain/node``."""

    raised: list[Firm] = field(default_factory=list)
    new: list[Firm] = field(default_factory=list)
    gone: list[tuple[Firm, str]] = field(default_factory=list)
    moved: list[tuple[Firm, str, str]] = field(default_factory=list)
    side_lines: list[tuple[Firm, str]] = field(default_factory=list)
    nodes: list[tuple[str, str, str, str]] = field(default_factory=list)  # node, status before, after, why
    advanced: list[tuple[Project, int]] = field(default_factory=list)  # with the stage before
    events: list[Event] = field(default_factory=list)
    projects_new: list[Project] = field(default_factory=list)
    halted: list[Project] = field(default_factory=list)
    cases_new: list[Case] = field(default_factory=list)
    cases_closed: list[Case] = field(default_factory=list)
    policy: Policy | None = None

    def changes(self, built: Built) -> dict[str, Any]:
        """The lists of ``liantu compare`` as they must come out, by names and codes."""
        due = [c.code for c in built.work.cases if c.planted == "due_soon" and c not in self.cases_closed]
        expired = [p.name for p in built.work.policies if dt.date(2026, 10, 31) <= p.until < SECOND_DAY]
        return {
            "firms_entered": [f.uscc for f in self.new], "firms_left": [{"uscc": f.uscc, "state": state} for f, state in self.gone],
            "firms_raised": [f.uscc for f in self.raised],
            "firms_moved": [{"uscc": f.uscc, "before": old, "after": new} for f, old, new in self.moved],
            "side_lines": [{"uscc": f.uscc, "node": ref} for f, ref in self.side_lines],
            "nodes_changed": [{"node": ref, "before": before, "after": after, "why": why} for ref, before, after, why in self.nodes],
            "projects_new": [p.name for p in self.projects_new],
            "projects_moved": [{"name": p.name, "before": STAGES[stage], "after": STAGES[p.stage]} for p, stage in self.advanced],
            "projects_state": [p.name for p in self.halted],
            "cases_opened": [c.code for c in self.cases_new], "cases_closed": [c.code for c in self.cases_closed], "cases_overdue": due,
            "policies_new": [self.policy.name] if self.policy else [], "policies_expired": expired}


def make_month(built: Built, planted: Planted) -> Month:
    """Choose what happens, and make it so in ``built.work``; equal districts give equal months."""
    month = Month()
    _Firms(built, planted, month).choose()
    _projects(built, month)
    _cases(built, month)
    month.policy = policy_of(work_words.NEW_POLICY)
    return month


class _Firms:
    """Chooses the firms that something happens to; nobody twice, nobody whose rows were spoiled or doubled."""

    def __init__(self, built: Built, planted: Planted, month: Month) -> None:
        self.plan, self.world, self.month, self.templates = built.plan, built.world, month, built.work.templates
        self.rng = Random(f"month:{built.world.seed}")
        self.at = firms_at(built.world)
        self.above = Counter(ref for f in built.world.firms if f.above_scale for ref in f.nodes)
        self.supply = supply_shares(built)
        told = {d["uscc"] for d in planted.duplicates} | {b["true"] for b in planted.broken_codes}
        self.confirmed = {c["uscc"]: c["node"] for c in planted.confirmed if c["role"] != "链主"}
        self.free = [f for f in built.world.firms if f.status == "在营" and not f.master and f.uscc not in told and not f.former]
        self.used: set[int] = set()
        self.output = {f.number: float(built.world.figures.annual_output[f.number - 1, -1]) for f in built.world.firms}

    def choose(self) -> None:
        self._gone()
        self._side_line()
        self._moved()
        self._raised()
        self._new()

    def _some(self, share: float, least: int) -> int:
        return self.world.some(share, least)

    def _take(self, pool: list[Firm], count: int) -> list[Firm]:
        pool = [f for f in pool if f.number not in self.used]
        chosen = self.rng.sample(pool, min(len(pool), count))
        self.used |= {f.number for f in chosen}
        return chosen

    def _gone(self) -> None:
        """The only firm of a weak node closes, a single supplier moves away, and ordinary small firms close."""
        alone = [f for f in self.free if f.chain and self.plan.nodes[f.nodes[0]].kind == "weak" and len(self.at[f.nodes[0]]) == 1 and self._supplied(f.nodes[0])]
        for firm in self._take(alone, 1):
            self.month.gone.append((firm, "注销"))
            self.month.nodes.append((firm.nodes[0], "weak", "missing", "closed"))
        ruling = [f for f in self.free if f.dominant and self.output[f.number] >= 6_000 and self._supplied(f.nodes[0])]
        for firm in self._take(ruling, 1):
            self.month.gone.append((firm, "迁出"))
            self.month.nodes.append((firm.nodes[0], "at_risk", "weak", "moved"))
        small = [f for f in self.free if f.chain and not f.above_scale and f.uscc not in self.confirmed and all(self.plan.nodes[r].kind == "normal" for r in f.nodes)]
        self.month.gone += [(firm, "注销") for firm in self._take(small, self._some(GONE, 1))]

    def _supplied(self, ref: str) -> bool:
        return self.supply.get(ref, 1.0) >= SUPPLY_LEAST

    def _side_line(self) -> None:
        """A confirmed large firm begins to make what no firm of the district made: missing becomes weak."""
        pool = [f for f in self.free if f.above_scale and not f.dominant and f.uscc in self.confirmed and self.output[f.number] < SIDE_OUTPUT]
        missing = [p.ref for p in self.plan.of_kind("missing")]
        for firm in self._take(pool, 1):
            near = [ref for ref in missing if ref.startswith(f"{firm.chain}/")] or missing
            ref = self.rng.choice(near)
            self.month.side_lines.append((firm, ref))
            self.month.nodes.append((ref, "missing", "weak", "side_line"))

    def _moved(self) -> None:
        """Confirmed small firms go over to another ordinary node of their chain."""
        pool = [f for f in self.free if f.uscc in self.confirmed and not f.above_scale and self.plan.nodes[f.nodes[0]].kind == "normal"]
        for firm in self._take(pool, self._some(MOVED, 2)):
            refs = [p.ref for p in self.plan.of_kind("normal") if p.chain == firm.chain and p.ref not in {*firm.nodes, *firm.also} and len(self.at.get(p.ref, ())) >= 3]
            self.month.moved.append((firm, self.confirmed[firm.uscc], self.rng.choice(refs)))

    def _raised(self) -> None:
        """Small firms cross the scale: off the chains, and at nodes that have so many large firms that one more changes nothing."""
        count = self._some(RAISED, 4)
        sure = [f for f in self.free if f.chain and not f.above_scale and all(self.above[ref] >= 4 for ref in f.nodes)]
        self.month.raised = self._take(sure, count // 2)
        off = [f for f in self.free if not f.chain and not f.above_scale and f.products]
        self.month.raised += self._take(off, count - len(self.month.raised))

    def _new(self) -> None:
        """Firms registered in November: one above scale from the start at a missing node, small ones at ordinary nodes, one off the chains."""
        filled = {ref for _, ref in self.month.side_lines}
        said = own_words(self.templates)
        missing = [p.ref for p in self.plan.of_kind("missing") if p.ref not in filled and p.ref in said]
        codes = CodeMaker(Random(f"month codes:{self.world.seed}"))
        codes.taken = {f.uscc for f in self.world.firms}
        ordinary = [p.ref for p in self.plan.of_kind("normal") if len(self.at.get(p.ref, ())) >= 3 and p.ref in said]
        refs = [*self.rng.sample(missing, min(1, len(missing))), *self.rng.sample(ordinary, self._some(NEW, 1)), ""]
        for ref in refs:
            self.month.new.append(self._register(ref, said.get(ref, "餐饮服务"), ref in missing, codes))
            if ref in missing:
                self.month.nodes.append((ref, "missing", "weak", "new_firm"))

    def _register(self, ref: str, product: str, above: bool, codes: CodeMaker) -> Firm:
        rng = self.rng
        day = dt.date(2026, 11, rng.randint(2, 12))
        chain, _, _ = ref.partition("/")
        trade = rng.choice(words.CHAIN_NAME_WORDS[chain]) if chain else "餐饮管理"
        node_codes = self.plan.nodes[ref].node.industry_codes if ref else ("6210",)
        park = rng.choices(self.world.parks, [p.share for p in self.world.parks])[0]
        name = f"澄岚{brand(rng)}{trade}有限公司"
        while name in self.world.plants.names:
            name = f"澄岚{brand(rng)}{trade}有限公司"
        scope = f"一般项目：{product}{'制造' if chain else ''}；货物进出口{words.TAIL_NEW}"
        return Firm(0, name, codes.code(2026), park, chain, [ref] if ref else [], next((c for c in node_codes if len(c) == 4), node_codes[0]), above, day,
                    products=[product],
                    scope=scope, address=f"{words.CITY}{words.DISTRICT}{park.name}科创路{rng.randint(1, 199)}号", capital=float(rng.choice((500, 1000, 2000, 5000))),
                    contact=person(rng), size_class="小型")


def own_words(templates: dict[str, ChainTemplate]) -> dict[str, str]:
    """Node → a word of it that is no word of any other node of any chain, nor part of one: a text with it means this node alone."""
    every = [(f"{chain}/{node.code}", word) for chain, template in templates.items() for node in template.nodes for word in node.words if len(word) > 1]
    found: dict[str, str] = {}
    for ref, word in every:
        if ref not in found and not any(other != ref and (word in said or said in word) for other, said in every):
            found[ref] = word
    return found


def supply_shares(built: Built) -> dict[str, float]:
    """Share of the purchases of each node's material that come from firms of the district, as the map reckons it: by the word of each row."""
    owners = word_owners(built.plan)
    inside: dict[str, float] = {}
    whole: dict[str, float] = {}
    for row in built.supply:
        ref = owners.get(row.item)
        if ref:
            whole[ref] = whole.get(ref, 0.0) + row.amount
            inside[ref] = inside.get(ref, 0.0) + (row.amount if row.supplier else 0.0)
    return {ref: inside[ref] / total for ref, total in whole.items() if total}


def word_owners(plan: ChainPlan) -> dict[str, str]:
    """Words that exactly one node says; a node's own name or synonym wins over another's product word."""
    own: dict[str, set[str]] = {}
    product: dict[str, set[str]] = {}
    for ref, p in plan.nodes.items():
        for word in (p.node.zh, *p.node.synonyms):
            own.setdefault(word, set()).add(ref)
        for word in p.node.products:
            product.setdefault(word, set()).add(ref)
    found = {word: next(iter(refs)) for word, refs in own.items() if len(refs) == 1}
    return found | {word: next(iter(refs)) for word, refs in product.items() if word not in own and len(refs) == 1}


def _projects(built: Built, month: Month) -> None:
    """Projects go on: some reach the next stage, a few are halted or ended, some are new; the neglected ones stay as they are."""
    work = built.work
    maker = ProjectMaker(built.world, built.plan, work, "projects of the month")
    rng, count = maker.rng, len(work.projects)
    able = [p for p in work.projects if not p.why and p.stage < len(STAGES) - 1]
    for project in rng.sample(able, round(ADVANCE * count)):
        month.advanced.append((project, project.stage))
        event = maker.advance(project, FIRST_DAY_OF_MONTH + dt.timedelta(days=rng.randint(1, 16)))
        if project.stage >= SIGNED:
            month.events.append(event)
    moved = [p for p, _ in month.advanced]
    for at, project in enumerate(rng.sample([p for p in able if p not in moved and SIGNED <= p.stage < COMPLETED], max(2, round(ENDED * count)))):
        project.side = "暂停" if at % 2 else "终止"
        month.halted.append(project)
    for project in able:
        project.updated = FIRST_DAY_OF_MONTH + dt.timedelta(days=rng.randint(1, 17))
        if project not in moved and STARTED <= project.stage < COMPLETED and project.side == "正常":
            project.done = float(round(min(project.total * 0.95, project.done + project.total * rng.uniform(0.0, 0.04))))
            project.arrived = max(project.arrived, project.done)
    chains = list(work.templates)
    for at in range(max(3, round(NEW_PROJECTS * count))):
        month.projects_new.append(maker.one(chains[at % len(chains)], rng.choice((TALKS, TALKS, SIGNED)), f"XM2026-{count + at + 1:04d}",
                                            FIRST_DAY_OF_MONTH + dt.timedelta(days=16)))
        project = month.projects_new[-1]
        month.events += [maker.event(project, stage, True) for stage in sorted(project.days) if stage >= SIGNED]


def _cases(built: Built, month: Month) -> None:
    """Some open cases are closed with proof, of those due soon about half; new ones come; the rest is updated but for the stalled."""
    work = built.work
    maker = CaseMaker(built.world, work, "cases of the month")
    rng, count = maker.rng, len(work.cases)
    still = [c for c in work.cases if not c.closed]
    soon = [c for c in still if c.planted == "due_soon"]
    chosen = soon[: len(soon) // 2] + rng.sample([c for c in still if c.planted in ("", "overdue", "chief")], min(round(CLOSED * count), len(still) // 3))
    for case in chosen:
        maker.close(case, FIRST_DAY_OF_MONTH + dt.timedelta(days=rng.randint(2, 16)))
        month.cases_closed.append(case)
    for case in still:
        if not case.closed and case.planted != "stalled":
            case.updated = FIRST_DAY_OF_MONTH + dt.timedelta(days=rng.randint(2, 17))
            case.share = min(0.9, case.share + 0.1)
    for at in range(max(4, round(NEW_CASES * count))):
        case = maker.one(f"WT2026-{count + at + 1:04d}", "chief" if at == 0 else "new", FIRST_DAY_OF_MONTH + dt.timedelta(days=15))
        case.raised = max(case.raised, FIRST_DAY_OF_MONTH + dt.timedelta(days=rng.randint(0, 5)))
        case.updated = max(case.updated, case.raised)
        month.cases_new.append(case)
