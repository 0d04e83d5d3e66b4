"""What is known of the chains beyond the district's firms: technology routes, uses of products, invented presence in real cities."""

from __future__ import annotations

from random import Random

from liantu.chains import ChainTemplate
from liantu.demo import words
from liantu.demo.cities import CITIES, OF_CHAIN
from liantu.demo.firms import Firm
from liantu.demo.names import brand
from liantu.demo.nodes import ChainPlan
from liantu.demo.register_sheets import World
from liantu.demo.route_words import route_words
from liantu.demo.use_words import END_USES, MARKETS, buyer_of
from liantu.demo.work import Presence, Route, Use, Work

LINES = {"missing": 4, "weak": 2, "single": 2}  # entries elsewhere per node of this kind
AT_LEAST = 24  # entries elsewhere per chain
LINKED_USES = 2  # uses per node that come from its links
MARKS = ("上市公司", "制造业单项冠军", "国家级专精特新小巨人", "高新技术企业", "农业产业化国家重点龙头", "省级链主企业")


def firms_at(world: World) -> dict[str, list[Firm]]:
    """Working firms by node: above scale first, then by size; main nodes before side lines."""
    at: dict[str, list[tuple[bool, bool, float, Firm]]] = {}
    for firm in world.firms:
        for place, ref in enumerate(firm.nodes):
            if firm.status == "在营":
                at.setdefault(ref, []).append((not firm.above_scale, place > 0, -firm.base, firm))
    return {ref: [f for *_, f in sorted(here, key=lambda h: (*h[:3], h[3].number))] for ref, here in at.items()}


def make_knowledge(world: World, plan: ChainPlan, work: Work) -> None:
    """Fill ``work`` with presence elsewhere, routes and uses."""
    at = firms_at(world)
    for chain in work.templates:
        work.presence += _presence(chain, world, plan, work)
    work.routes = _routes(at, work, Random(f"routes:{world.seed}"))
    for chain, template in work.templates.items():
        work.uses += _uses(chain, template, at, work, Random(f"uses:{chain}:{world.seed}"))


# -- presence elsewhere ---------------------------------------------------------------------------------------------


def _wanted(chain: str, plan: ChainPlan, work: Work) -> list[str]:
    """Which nodes are looked for elsewhere, once per entry: missing and weak ones, then critical ones."""
    nodes = work.templates[chain].nodes
    wanted = [ref for n in nodes if (ref := f"{chain}/{n.code}") in plan.nodes for _ in range(LINES.get(plan.nodes[ref].kind, 0))]
    critical = [f"{chain}/{n.code}" for n in sorted(nodes, key=lambda n: (not n.critical, -n.weight))]
    at = 0
    while len(wanted) < AT_LEAST:
        wanted += [critical[at % len(critical)]] * 2
        at += 1
    return wanted


def _presence(chain: str, world: World, plan: ChainPlan, work: Work) -> list[Presence]:
    rng = Random(f"presence:{chain}:{world.seed}")
    made, taken = [], set()
    masters = [f for f in world.firms if f.master and f.chain == chain]
    cities, last = list(OF_CHAIN[chain]), ""
    for ref in _wanted(chain, plan, work):
        if ref != last:
            rng.shuffle(cities)
            at, last = 0, ref
        city = CITIES[cities[at % len(cities)]]
        at += 1
        node = work.node(ref)
        cluster = rng.random() < 0.28
        name = f"{city.name.removesuffix('市')}{node.zh}产业集群" if cluster else _outside_name(city.name.removesuffix("市"), node.zh, chain, rng)
        if name in taken:
            name, cluster = _outside_name(city.name.removesuffix("市"), node.zh, chain, rng), False
        taken.add(name)
        ties = ""
        if rng.random() < 0.45:
            ties = rng.choice((f"与区内链主{masters[0].name}有供货往来", f"{masters[0].name}推荐")) if masters and rng.random() < 0.6 \
                else rng.choice(("行业展会接触过", "商会推荐，未对接", "技术负责人为本地籍", "已到访考察一次"))
        made.append(Presence(f"{name}（合成）", "产业集群" if cluster else "龙头企业", chain, ref, city, float(round(rng.lognormvariate(12.2 if cluster else 11.2, 0.7), -2)),
                             [] if cluster else rng.sample(MARKS[:-2], rng.randint(0, 2)), ties))
    return made


def _outside_name(city: str, node: str, chain: str, rng: Random) -> str:
    trade = rng.choice((*words.CHAIN_NAME_WORDS[chain][:4], node if len(node) <= 5 else "科技"))
    return f"{city}{brand(rng)}{trade}{rng.choice(('有限公司', '股份有限公司', '集团有限公司'))}"


# -- routes and uses ------------------------------------------------------------------------------------------------


def _routes(at: dict[str, list[Firm]], work: Work, rng: Random) -> list[Route]:
    """The routes of the critical nodes, with the district's grasp: what chokes is at best followed, what nobody makes is not grasped."""
    leaders: dict[str, list[str]] = {}
    for presence in work.presence:
        if presence.kind == "龙头企业":
            leaders.setdefault(presence.node, []).append(presence.name)
    made = []
    for word in route_words():
        if word.chain not in work.templates:
            continue
        here = at.get(f"{word.chain}/{word.node}", [])
        able = ("未掌握",) if not here or word.maturity <= 5 else ("未掌握", "跟跑", "跟跑") if word.chokepoint else ("跟跑", "并跑", "并跑", "领跑") if word.kind == "主流" else ("未掌握",
                                                                                                                                                               "跟跑", "并跑")
        grasp = rng.choice(able)
        local = here[: rng.randint(1, 2)] if grasp in ("并跑", "领跑") else here[:1] if grasp == "跟跑" and rng.random() < 0.5 else []
        outside = leaders.get(f"{word.chain}/{word.node}", [])
        made.append(Route(word, grasp, rng.sample(outside, min(len(outside), 2)), local))
    return made


def _uses(chain: str, template: ChainTemplate, at: dict[str, list[Firm]], work: Work, rng: Random) -> list[Use]:
    """Two to four uses of every important node: what its links feed, then end uses of its group."""
    targets: dict[str, list[str]] = {}
    for link in template.links:
        targets.setdefault(link.source, []).append(link.target)
    made = []
    for node in (n for n in template.nodes if n.critical or n.weight >= 3):
        ref, product = f"{chain}/{node.code}", node.products[0] if node.products else node.zh
        uses: list[Use] = []
        for code in targets.get(node.code, [])[:LINKED_USES]:
            target = template.node(code)
            buyer, payer = buyer_of(target)
            uses.append(Use(chain, ref, product, target.zh, buyer, payer, rng.choice(MARKETS), at.get(f"{chain}/{code}", [])[: rng.randint(1, 3)]))
        fed = {u.use for u in uses}
        ends = [end for end in END_USES[f"{chain}/{node.group}"] if end[0] not in fed]
        for use, buyer, payer in ends[: 1 if len(uses) > 1 else 2]:
            uses.append(Use(chain, ref, product, use, buyer, payer, rng.choice(MARKETS), []))
        made += uses
    return made
