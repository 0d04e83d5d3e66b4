"""Clusters, policies, platforms and talents of the synthetic district."""

from __future__ import annotations

import datetime as dt
from random import Random

from liantu.demo import work_words
from liantu.demo.firms import Firm
from liantu.demo.names import person
from liantu.demo.register_sheets import World
from liantu.demo.work import Cluster, Platform, Policy, PolicyItem, Talent, Work

PLATFORM_PER, TALENT_PER = 150, 60  # firms of the district per platform, per talent
PolicyWords = tuple[str, str, str, str, str, str, str, str, str, str, str, tuple[work_words.Item, ...]]


def make_assets(world: World, work: Work) -> None:
    """Fill ``work`` with clusters, policies, platforms and talents."""
    work.clusters = _clusters(world, Random(f"clusters:{world.seed}"))
    work.policies = [policy_of(words) for words in work_words.POLICIES]
    hosts = [f for f in world.firms if f.chain and f.qualifications and f.status == "在营"]
    work.platforms = _platforms(world, work, Random(f"platforms:{world.seed}"))
    work.talents = _talents(hosts, work, Random(f"talents:{world.seed}"), max(10, round(len(world.firms) / TALENT_PER)))


def policy_of(words: PolicyWords) -> Policy:
    """A policy with its items."""
    name, code, level, issuer, chain, start, until, targets, redemption, office, review, items = words
    return Policy(name, code, level, issuer, chain, dt.date.fromisoformat(start), dt.date.fromisoformat(until), targets, redemption, office, review,
                  [PolicyItem(*item) for item in items])


def _clusters(world: World, rng: Random) -> list[Cluster]:
    """Figures as the cluster's office reports them: the above-scale firms of the chain, rounded, or invented where there are none."""
    made = []
    for at, (name, level, chain, leading, park, goal) in enumerate(work_words.CLUSTERS):
        here = [f for f in world.firms if f.chain == chain and f.above_scale]
        output = sum(float(world.figures.annual_output[f.number - 1, -1]) for f in here) or rng.uniform(60_000, 400_000)
        share = 0.38 if chain == work_words.CLUSTERS[at - 1][2] else 0.6
        leader = next((f for f in here if f.master), None)
        made.append(Cluster(name, level, chain, list(leading), world.parks[park], leader, float(round(output * share, -1)), max(3, round(len(here) * share)),
                            rng.choice((0.62, 0.71, 0.78, 0.83)),
                            float(rng.choice((3.2, 4.6, 5.5, 7.8, 9.1))), [f"{name.removesuffix('产业集群')}公共检测平台"] + (["人才服务站"] if rng.random() < 0.5 else []),
                            float(rng.randint(60, 480)), float(rng.randint(4, 60) * 1000), goal))
    return made


def _platforms(world: World, work: Work, rng: Random) -> list[Platform]:
    hosts = [f for f in world.firms if f.chain and f.above_scale and f.qualifications and f.status == "在营"]
    rng.shuffle(hosts)
    made: list[Platform] = []
    taken: set[str] = set()
    for at in range(min(len(hosts), max(8, round(len(world.firms) / PLATFORM_PER)))):
        kind, word, services = work_words.PLATFORM_KINDS[at % len(work_words.PLATFORM_KINDS)]
        firm = hosts[at]
        node = work.node(firm.nodes[0])
        name = f"云澜区{node.zh}{word}"
        name = name if name not in taken else f"云澜区{node.zh}{word}（{firm.name[2:6]}）"
        taken.add(name)
        made.append(Platform(name, kind, rng.choices(("国家级", "省级", "市级", "区级"), (1, 5, 4, 3))[0], firm, firm.chain, firm.nodes[0], list(services),
                             rng.randint(2016, 2026), rng.random() < 0.6))
    return made


def _talents(hosts: list[Firm], work: Work, rng: Random, count: int) -> list[Talent]:
    made: list[Talent] = []
    taken: set[tuple[str, int]] = set()
    while hosts and len(made) < count:
        firm = rng.choice(hosts)
        name = person(rng)
        if (name, firm.number) not in taken:
            taken.add((name, firm.number))
            made.append(Talent(name, firm, rng.choice(work_words.TITLES), f"{work.node(firm.nodes[0]).zh}{rng.choice(('工艺', '研发', '质量控制', '设备自动化'))}", firm.chain,
                               firm.nodes[0], rng.randint(2012, 2026)))
    return made
