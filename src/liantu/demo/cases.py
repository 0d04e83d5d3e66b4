"""The cases of the synthetic district (问题台账): most on schedule, some planted overdue, stalled, or closed without proof."""

from __future__ import annotations

import datetime as dt
from random import Random

from liantu.demo import work_words
from liantu.demo.firms import Firm
from liantu.demo.names import person
from liantu.demo.register_sheets import World
from liantu.demo.work import APPROVED, COMPLETED, FIRST_DAY, SECOND_DAY, Case, Project, Work

ONE_PER, LEAST = 40, 32  # firms per case; fewest cases
OPEN = ("登记", "交办", "办理中", "办理中", "办理中", "退回")
SETTLED = ("办结", "回访", "销号", "销号")
PLANTED = (("overdue", 0.08, 4), ("no_proof", 0.05, 3), ("stalled", 0.03, 2), ("unsatisfied", 0.02, 2), ("due_soon", 0.04, 3), ("slow", 0.05, 3), ("suspended", 0.02, 1),
           ("chief", 0.06, 4), ("general", 0.01, 1))


class CaseMaker:
    """Makes cases of firms and projects."""

    def __init__(self, world: World, work: Work, word: str = "cases") -> None:
        self.work = work
        self.rng = Random(f"{word}:{world.seed}")
        self.firms = [f for f in world.firms if f.chain and f.above_scale and f.products and f.status == "在营"]
        self.projects = [p for p in work.projects if APPROVED <= p.stage < COMPLETED]

    def make(self, count: int) -> list[Case]:
        """``count`` cases as of the first day; the planted kinds first, in PLANTED's order, then the ordinary ones, then shuffled."""
        planted = [kind for kind, share, least in PLANTED for _ in range(max(least, round(share * count)))]
        kinds = [*planted, *[""] * max(0, count - len(planted))]
        self.rng.shuffle(kinds)
        return [self.one(f"WT2026-{at:04d}", kind, FIRST_DAY) for at, kind in enumerate(kinds, 1)]

    def one(self, code: str, planted: str, today: dt.date) -> Case:
        """One case: open and on schedule, or settled with proof, unless planted otherwise; ``new`` stays open."""
        rng = self.rng
        project = rng.choice(self.projects) if self.projects and (rng.random() < 0.25 or not self.firms) else None
        case = self._of_project(code, project, today) if project else self._of_firm(code, today)
        if planted in ("no_proof", "unsatisfied") or (not planted and rng.random() < 0.45):
            self._settle(case, "销号" if planted else rng.choice(SETTLED), today - dt.timedelta(days=rng.randint(2, 40)))
        if planted == "no_proof":
            case.proof = ""
        elif planted == "unsatisfied":
            case.satisfaction = "不满意"
        elif planted == "overdue":
            case.due = today - dt.timedelta(days=rng.randint(5, 45))
            case.raised = case.due - dt.timedelta(days=rng.randint(20, 60))
        elif planted == "stalled":
            case.raised = today - dt.timedelta(days=rng.randint(150, 200))
            case.updated = case.raised + dt.timedelta(days=rng.randint(2, 20))
        elif planted == "slow":
            case.raised, case.due, case.share = today - dt.timedelta(days=100), today + dt.timedelta(days=35), 0.2
        elif planted == "suspended":
            case.state, case.progress = "挂起", "待上级批复"
        elif planted == "due_soon":
            case.due, case.share = dt.date(2026, 11, rng.randint(4, 17)), 0.6
        elif planted in ("chief", "general"):
            case.level = "链长" if planted == "chief" else "总链长"
            case.ask = work_words.GENERAL_ASK if planted == "general" else work_words.ASKS.get(case.category, "提请链长协调责任单位明确办结时限").format(park=self._park(case))
        case.planted = "" if planted == "new" else planted
        return case

    def _park(self, case: Case) -> str:
        return case.firm.park.name if case.firm else case.project.park.name if case.project else ""

    def _of_firm(self, code: str, today: dt.date) -> Case:
        rng, firm = self.rng, self.rng.choice(self.firms)
        category, text, measure, office, (low, high) = rng.choices(work_words.CASES, (5, 6, 6, 4, 2, 3, 3, 3, 4, 1, 1))[0]
        chain = self.work.templates[firm.chain].zh
        title = text.format(firm=firm.name, park=firm.park.name, n=rng.randint(low, high), chain=chain, product=firm.products[0])
        return self._case(code, title, rng.choice(("企业", "走访", "走访", "会议", "热线")), category, measure, office, firm.chain, firm.nodes[0], today, firm=firm)

    def _of_project(self, code: str, project: Project, today: dt.date) -> Case:
        rng = self.rng
        category, text, measure, office, (low, high) = rng.choice(work_words.PROJECT_CASES)
        title = text.format(project=project.name, n=rng.randint(low, high))
        return self._case(code, title, rng.choice(("会议", "走访", "上级交办")), category, measure, office, project.chain, project.node, today, project=project)

    def _case(self, code: str, title: str, source: str, category: str, measure: str, office: str, chain: str, node: str, today: dt.date,
              firm: Firm | None = None, project: Project | None = None) -> Case:
        """An open case on schedule: raised lately, due well after the second as-of day, moved within weeks."""
        rng = self.rng
        raised = today - dt.timedelta(days=rng.randint(3, 40))
        partners = rng.sample([w for w in (work_words.OFFICES[chain], "区发改委", "区财政局", "园区管委会", "区行政审批局") if w != office], rng.randint(0, 2))
        return Case(code, title, source, category, firm, project, chain, node, raised, office, partners, person(rng), measure,
                    SECOND_DAY + dt.timedelta(days=rng.randint(60, 150)), rng.choice(OPEN), rng.choice(work_words.PROGRESS), rng.choice((0.1, 0.2, 0.3, 0.5, 0.6)),
                    updated=max(raised, today - dt.timedelta(days=rng.randint(1, 20))))

    def _settle(self, case: Case, state: str, day: dt.date) -> None:
        """Close a case on a day, with proof; called back and closed ones carry the firm's word."""
        rng = self.rng
        case.raised = min(case.raised, day - dt.timedelta(days=rng.randint(6, 60)))
        case.due = day + dt.timedelta(days=rng.randint(0, 20))
        case.state, case.closed, case.share, case.progress, case.updated = state, day, 1.0, "已解决", day
        case.proof = rng.choice(work_words.CLOSING_PROOFS)
        case.satisfaction = rng.choice(("非常满意", "满意", "满意", "基本满意")) if state != "办结" else ""

    def close(self, case: Case, day: dt.date) -> None:
        """An open case is closed with proof."""
        self._settle(case, "销号", day)


def make_cases(world: World, work: Work) -> None:
    """Fill ``work`` with cases."""
    work.cases = CaseMaker(world, work).make(max(LEAST, round(len(world.firms) / ONE_PER)))
