"""The projects of the synthetic district: at every stage, with proofs, needs and planted neglect; and how they move in a month."""

from __future__ import annotations

import datetime as dt
import re
from random import Random

from liantu.demo import work_words
from liantu.demo.firms import Firm
from liantu.demo.names import brand, person
from liantu.demo.nodes import ChainPlan, industrial_code
from liantu.demo.promise_sheets import make_doubles
from liantu.demo.register_sheets import World
from liantu.demo.work import APPROVED, COMPLETED, FIRST_DAY, IN_STATISTICS, PRODUCING, REGISTERED, SIGNED, STAGES, STARTED, Event, Need, Project, Work

ONE_PER, LEAST = 25, 40  # firms per project; fewest projects
STAGE_WEIGHTS = (4, 5, 9, 5, 9, 6, 10, 13, 12, 7, 9, 6, 5)
GAPS = ((10, 30), (10, 40), (20, 60), (10, 40), (10, 30), (30, 90), (30, 110), (15, 45), (180, 400), (30, 90), (60, 200), (180, 360))  # days from each stage to the next
DONE = {STARTED: (0.05, 0.35), IN_STATISTICS: (0.2, 0.8), COMPLETED: (0.9, 1.0)}  # invested share of the total by stage
# what is planted about lamps, share of the projects, earliest and latest stage
LAMPS = (("neglect", 0.05, SIGNED, IN_STATISTICS), ("late_start", 0.03, SIGNED, APPROVED), ("late_finish", 0.03, STARTED, IN_STATISTICS),
         ("slow", 0.04, IN_STATISTICS, IN_STATISTICS),
         ("paused", 0.02, REGISTERED, IN_STATISTICS))
DEEDS = ("再生", "冶炼", "分离", "利用", "加工", "处理", "提锂", "回收", "组装", "分级", "分选包装")  # node names that say what is done, not what is made
MINING = ("06", "07", "08", "09", "10", "11")  # divisions of GB/T 4754-2017 that need an ore body
NO_PROOF, NO_NODE = 0.16, 0.06  # shares of stages without proof, of projects without a node
_PLACE = re.compile(r"^(?:澄岚市云澜区|澄岚云澜|澄岚市|澄岚|云澜)?(.{2})")


def short(firm: Firm) -> str:
    """The first two characters of a firm's own name."""
    found = _PLACE.match(firm.name)
    return found.group(1) if found else firm.name[:2]


class ProjectMaker:
    """Makes the projects chain by chain; every stage occurs."""

    def __init__(self, world: World, plan: ChainPlan, work: Work, word: str = "projects") -> None:
        self.world, self.plan, self.work = world, plan, work
        self.rng = Random(f"{word}:{world.seed}")
        self.taken = {p.name for p in work.projects}
        self.large: dict[str, list[Firm]] = {}
        for firm in world.firms:
            if firm.chain and firm.above_scale:
                self.large.setdefault(firm.chain, []).append(firm)
        self.pools = {chain: self._pool(chain) for chain in work.templates}

    def _pool(self, chain: str) -> tuple[list[str], list[float]]:
        """Nodes of a chain for projects: missing and critical ones more often."""
        refs, pull = [], []
        for node in self.work.templates[chain].nodes:
            ref = f"{chain}/{node.code}"
            if node.industry_codes[0][:2] in MINING:
                continue
            kind = self.plan.nodes[ref].kind if ref in self.plan.nodes else "normal"
            refs.append(ref)
            pull.append(node.weight * (14.0 if kind == "missing" else 3.0 if node.critical or kind in ("weak", "single") else 1.0))
        return refs, pull

    def make(self, count: int) -> list[Project]:
        """``count`` projects as they stand on the first as-of day, with the lamps planted."""
        rng = self.rng
        stages = [*range(len(STAGES)), *rng.choices(range(len(STAGES)), STAGE_WEIGHTS, k=max(0, count - len(STAGES)))][:count]
        rng.shuffle(stages)
        chains = list(self.work.templates)
        made = [self.one(chains[at % len(chains)], stage, f"XM2026-{at + 1:04d}", FIRST_DAY) for at, stage in enumerate(stages)]
        self._lamps(made)
        return made

    def one(self, chain: str, stage: int, code: str, today: dt.date) -> Project:
        """One project that moves as it should."""
        rng = self.rng
        refs, pull = self.pools[chain]
        ref = rng.choices(refs, pull)[0]
        here = self.large.get(chain, [])
        making = all(industrial_code(c) for c in self.work.node(ref).industry_codes)
        near = [f for f in here if ref in f.nodes] or [f for f in here if f.industrial == making]
        local = bool(near) and rng.random() < 0.5
        firm = rng.choice(near) if near and (local or stage >= REGISTERED) else None
        category = rng.choice(("技改", "扩建", "新建")) if local else "招商"
        trade = self.work.node(ref).zh
        own = short(firm) if firm else brand(rng)
        investor = firm.name if firm and local else f"{own}{rng.choice(('新材料', '实业', '科技', '产业'))}集团有限公司"
        company = firm.name if firm else f"澄岚{own}{rng.choice(('科技', '实业', '制造'))}有限公司" if stage >= REGISTERED else ""
        total = float(round(min(500_000.0, rng.lognormvariate(10.0, 1.0)), -2))
        size, amount = self._size(ref, total)
        name = self._name(own, size, category)
        park = firm.park if firm else rng.choices(self.world.parks, [p.share ** 2 for p in self.world.parks])[0]
        days = self._days(stage, category, today)
        project = Project(name, code, chain, "" if rng.random() < NO_NODE else ref, category, self._move(ref), firm, company, investor, park,
                          self._content(category, size, trade, total), total, stage, days, today - dt.timedelta(days=rng.randint(1, 24)))
        self._plans(project, today)
        self._money(project, amount)
        project.office = rng.choice((work_words.OFFICES[chain], "区商务局", "区发改委", park.name))
        project.owner, project.leader = person(rng), self.work.chiefs[chain] if total > 60_000 else rng.choice(work_words.DEPUTIES)
        project.problem = rng.choice(work_words.PROBLEMS) if REGISTERED <= stage < COMPLETED and rng.random() < 0.45 else ""
        return project

    @staticmethod
    def _content(category: str, size: str, trade: str, total: float) -> str:
        made = f"形成{size}能力" if size.startswith("年产") else f"建成{size}"
        if category in ("招商", "新建"):
            return f"新增用地{round(total / 260)}亩，建设厂房及配套{round(total * 1.3, -2):,.0f}平方米，{made}"
        return f"对现有{trade}{'实施智能化改造' if category == '技改' else '扩能'}，新增设备{max(6, round(total / 220))}台（套），{made}"

    def _size(self, ref: str, total: float) -> tuple[str, float]:
        """What is to be made, in words with a plausible amount; and the output expected of it, 万元."""
        node, rng = self.work.node(ref), self.rng
        output = round(total * rng.uniform(0.9, 2.4), -1)
        make = work_words.MAKES.get(f"{ref.partition('/')[0]}/{node.group}")
        if make is None or not all(industrial_code(c) for c in node.industry_codes):
            return f"{node.zh}{rng.choice(('基地', '服务中心', '示范工程'))}", output
        unit, amount = make
        product = node.products[0] if node.products and (node.zh.endswith(DEEDS) or rng.random() < 0.3) else node.zh
        return f"年产{max(1, round(total / 9_000)) * amount}{unit}{product}", output

    def _name(self, own: str, size: str, category: str) -> str:
        for tail in ("项目", "二期项目", "三期项目", "四期项目"):
            name = f"{own}{size}{'技术改造' if category == '技改' else '扩建' if category == '扩建' else ''}{tail}"
            if name not in self.taken:
                break
        while name in self.taken:
            name = f"{brand(self.rng)}{size}项目"
        self.taken.add(name)
        return name

    def _move(self, ref: str) -> str:
        kind = self.plan.nodes[ref].kind if ref in self.plan.nodes else "normal"
        return "补链" if kind == "missing" else "强链" if kind in ("weak", "single", "master") else self.rng.choice(("强链", "强链", "延链", "建链"))

    def _days(self, stage: int, category: str, today: dt.date) -> dict[int, dt.date]:
        """When each stage was reached, backwards from a few weeks ago; works on a firm's own site begin at the approvals."""
        first = 0 if category == "招商" or stage < APPROVED else APPROVED
        day, days = today - dt.timedelta(days=self.rng.randint(6, 52)), {}
        for at in range(stage, first - 1, -1):
            days[at] = day
            day -= dt.timedelta(days=self.rng.randint(*GAPS[max(at - 1, 0)]))
        return days

    def _plans(self, project: Project, today: dt.date) -> None:
        """Planned days: behind for what is done, well ahead for what is not."""
        rng, reached = self.rng, project.days
        if project.stage >= SIGNED:
            project.start_plan = reached[STARTED] + dt.timedelta(days=rng.randint(-30, 20)) if project.stage >= STARTED else today + dt.timedelta(days=rng.randint(45,
                                                                                                                                                                   170))
            if project.stage >= COMPLETED:
                project.finish_plan = reached[COMPLETED] + dt.timedelta(days=rng.randint(-20, 60))
            else:
                project.finish_plan = max(project.start_plan, today) + dt.timedelta(days=rng.randint(120, 420))
            project.formal = rng.random() < 0.94 or project.category != "招商"

    def _money(self, project: Project, amount: float) -> None:
        rng, total, stage = self.rng, project.total, project.stage
        low, high = DONE.get(min(stage, COMPLETED), (0.0, 0.02) if stage >= REGISTERED else (0.0, 0.0))
        project.done = float(round(total * rng.uniform(low, high)))
        project.arrived = float(round(min(total, project.done * rng.uniform(1.0, 1.15) + (total * 0.04 if stage >= REGISTERED else 0))))
        project.plan_year = float(round(min(total, max(total * rng.uniform(0.15, 0.5), project.done * 0.4)))) if stage >= APPROVED else 0.0
        project.output, project.jobs = amount, max(6, round(total / rng.uniform(90, 320)))
        project.land_mu = float(round(total / 260)) if project.category in ("招商", "新建") else 0.0
        project.energy_tce = float(round(total * rng.uniform(0.02, 0.22)))

    def _lamps(self, made: list[Project]) -> None:
        """Plant the lamps: nothing heard for months or a planned day gone by (red); slow or paused (yellow)."""
        rng = self.rng
        for why, share, low, high in LAMPS:
            pool = [p for p in made if low <= p.stage <= high and not p.why]
            for project in rng.sample(pool, min(len(pool), max(2, round(share * len(made))))):
                project.why = why
                getattr(self, f"_{why}")(project)

    def _neglect(self, project: Project) -> None:
        back = dt.timedelta(days=self.rng.randint(125, 240))
        project.days = {stage: day - back for stage, day in project.days.items()}
        project.updated = max(project.days.values()) + dt.timedelta(days=self.rng.randint(0, 9))

    def _late_start(self, project: Project) -> None:
        project.start_plan = FIRST_DAY - dt.timedelta(days=self.rng.randint(20, 90))

    def _late_finish(self, project: Project) -> None:
        project.finish_plan = FIRST_DAY - dt.timedelta(days=self.rng.randint(15, 90))

    def _slow(self, project: Project) -> None:
        """Begun long ago, soon to be finished, and less than half is built."""
        project.days = {stage: day - dt.timedelta(days=120) if stage <= STARTED else day for stage, day in project.days.items()}
        project.start_plan = project.days[STARTED] - dt.timedelta(days=10)
        project.finish_plan = FIRST_DAY + dt.timedelta(days=round((FIRST_DAY - project.days[STARTED]).days * 0.3))
        project.done = project.arrived = float(round(project.total * self.rng.uniform(0.15, 0.4)))

    def _paused(self, project: Project) -> None:
        project.side = "暂停"

    def advance(self, project: Project, day: dt.date) -> Event:
        """The project reaches its next stage, with proof."""
        project.stage += 1
        project.days[project.stage] = day
        if project.stage == STARTED:
            project.done, project.arrived = round(project.total * 0.06), round(project.total * 0.12)
        elif project.stage == IN_STATISTICS:
            project.done = max(project.done, float(round(project.total * 0.15)))
            project.arrived = max(project.arrived, project.done)
        elif project.stage == COMPLETED:
            project.done = project.arrived = float(round(project.total * 0.97))
        if project.stage >= SIGNED and project.start_plan is None:
            project.start_plan, project.finish_plan, project.formal = day + dt.timedelta(days=80), day + dt.timedelta(days=420), True
        return self.event(project, project.stage, True)

    def event(self, project: Project, stage: int, proven: bool) -> Event:
        """A stage event with the proof of that stage, or without any."""
        rng = self.rng
        proof, mark = work_words.PROOFS[stage]
        number = f"{mark}{rng.randint(10**7, 10**8 - 1)}" if proven else ""
        return Event(project, stage, project.days[stage], proof if proven else "", number, person(rng) if proven else "")


def make_projects(world: World, plan: ChainPlan, work: Work) -> None:
    """Fill ``work`` with projects, stage events and needs."""
    maker = ProjectMaker(world, plan, work)
    work.projects = maker.make(max(LEAST, round(len(world.firms) / ONE_PER)))
    rng, own = maker.rng, list(work.projects)
    work.doubles = make_doubles(work, world.seed)
    for project in own:
        for stage in sorted(project.days):
            if stage >= SIGNED:
                work.events.append(maker.event(project, stage, rng.random() >= NO_PROOF))
        if SIGNED <= project.stage <= PRODUCING:
            for factor, unit, office, low, high in rng.sample(work_words.FACTORS, rng.randint(1, 3)):
                needed = rng.randint(low, high)
                secured = round(needed * rng.choice((0, 0.25, 0.5, 0.8, 1, 1)))
                work.needs.append(Need(project, factor, needed, secured, unit, office, FIRST_DAY + dt.timedelta(days=rng.randint(-20, 150))))
    work.events += [maker.event(again, SIGNED, True) for _, again, _ in work.doubles]
