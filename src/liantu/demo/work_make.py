"""All that the district works on, made in the order in which one part needs the other."""

from __future__ import annotations

from liantu.chains.template import builtin_templates, load_builtin
from liantu.demo import work_words
from liantu.demo.assets import make_assets
from liantu.demo.cases import make_cases
from liantu.demo.knowledge import make_knowledge
from liantu.demo.nodes import ChainPlan
from liantu.demo.projects import make_projects
from liantu.demo.register_sheets import World
from liantu.demo.work import Work


def make_work(world: World, plan: ChainPlan) -> Work:
    """Projects, cases, clusters, policies, routes, uses, presence elsewhere, platforms and talents; equal worlds give equal work."""
    work = Work({code: load_builtin(code) for code in builtin_templates()}, dict(work_words.CHIEFS))
    make_knowledge(world, plan, work)
    make_projects(world, plan, work)
    make_cases(world, work)
    make_assets(world, work)
    return work
