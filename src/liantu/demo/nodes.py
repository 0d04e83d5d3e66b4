"""Which nodes of the chains are held in the synthetic district, and by how many firms: missing, weak, single, ordinary.

A missing node is chosen so that its words occur in no other node's words: then no firm's text can point at it by chance.
The numbers below shape this invented district; they are not thresholds of any policy.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from liantu.chains import ChainTemplate, Node
from liantu.chains.template import builtin_templates, load_builtin
from liantu.demo import words

CHAIN_SHARE = 0.65  # of all firms (unit: 1)
ABOVE_SHARE = 0.18  # of all firms are above designated size (unit: 1)
ABOVE_ON_CHAIN = 0.88  # of those stand on a chain (unit: 1)
MISSING, WEAK, SINGLE = 4, 5, 3  # nodes per chain
ORDINARY_LEAST = 3  # firms at an ordinary node, where there are firms enough
MASTER_NODE = 8  # firms at a chain master's node


@dataclass
class NodePlan:
    """One node and what is planted there; ``kind`` is normal, missing, weak, single or master."""

    ref: str
    chain: str
    node: Node
    industrial: bool
    kind: str = "normal"
    firms: int = 0
    above: int = 0


@dataclass
class ChainPlan:
    """The plans of all chains; ``sources``/``targets`` hold (node, item, weight) of the links of each node."""

    templates: dict[str, ChainTemplate]
    nodes: dict[str, NodePlan]
    sources: dict[str, list[tuple[str, str, int]]]
    targets: dict[str, list[tuple[str, str, int]]]
    group: dict[str, str]
    forbidden: re.Pattern[str]

    def of_kind(self, *kinds: str) -> list[NodePlan]:
        """Nodes of these kinds, in the order of the templates."""
        return [plan for plan in self.nodes.values() if plan.kind in kinds]


def industrial_code(code: str) -> bool:
    """Whether a GB/T 4754-2017 code is mining, manufacturing or utilities (divisions 06-46)."""
    return code[:2].isdigit() and 6 <= int(code[:2]) <= 46


def choose_chains(firms: int) -> list[ChainTemplate]:
    """All built-in chains, or the first ones that a small district can fill."""
    templates = [load_builtin(code) for code in builtin_templates()]
    kept: list[ChainTemplate] = []
    for template in templates:
        if kept and sum(len(t.nodes) for t in [*kept, template]) * ORDINARY_LEAST > firms * CHAIN_SHARE:
            break
        kept.append(template)
    return kept


def plan_nodes(firms: int, rng: np.random.Generator) -> ChainPlan:
    """Plan all nodes of the chains that ``firms`` firms can fill."""
    templates = {t.code: t for t in choose_chains(firms)}
    nodes, group = {}, {}
    sources: dict[str, list[tuple[str, str, int]]] = {}
    targets: dict[str, list[tuple[str, str, int]]] = {}
    for chain, template in templates.items():
        for node in template.nodes:
            ref = f"{chain}/{node.code}"
            nodes[ref] = NodePlan(ref, chain, node, all(industrial_code(c) for c in node.industry_codes))
            group[ref] = f"{chain}/{node.group}"
        for link in template.links:
            a, b = f"{chain}/{link.source}", f"{chain}/{link.target}"
            item = link.item or template.node(link.source).zh
            targets.setdefault(a, []).append((b, item, link.weight))
            sources.setdefault(b, []).append((a, item, link.weight))
    plan = ChainPlan(templates, nodes, sources, targets, group, re.compile("(?!)"))
    for chain in templates:
        _masters(plan, chain)
        _missing(plan, chain, rng)
        _weak_and_single(plan, chain, rng)
    gone = sorted({w for p in plan.of_kind("missing") for w in p.node.words}, key=lambda w: (-len(w), w))
    plan.forbidden = re.compile("|".join(map(re.escape, gone)) or "(?!)")
    _counts(plan, firms, rng)
    return plan


def _masters(plan: ChainPlan, chain: str) -> None:
    """Nodes of the chain masters: many inflows, heavy, not at the head of the chain. Large chains get two."""
    template = plan.templates[chain]
    found = []
    for node in template.nodes:
        ref = f"{chain}/{node.code}"
        inflows = len({a for a, _, _ in plan.sources.get(ref, [])})
        making = plan.nodes[ref].industrial or not any(industrial_code(c) for n in template.nodes for c in n.industry_codes)
        if template.stage_of(node).stage != "up" and inflows >= 3 and making:
            found.append((-inflows * (2 + node.weight), ref))
    for _, ref in sorted(found)[: 2 if len(template.nodes) > 120 else 1]:
        plan.nodes[ref].kind = "master"


def _static_text() -> str:
    trades = "；".join("；".join((*names, *items)) for names, _, items, _ in words.OFF_CHAIN)
    names = "；".join("；".join(w) for w in (*words.CHAIN_NAME_WORDS.values(), words.DEFAULT_NAME_WORDS))
    return "；".join((trades, names, *words.BOILERPLATE, *words.PERMITS, words.TAIL_NEW, words.TAIL_PERMIT, *words.QUALIFICATIONS))


class _Alone:
    """Tells whether a node's words are nobody else's, not even as part of a longer word."""

    def __init__(self, plan: ChainPlan) -> None:
        self.others = [(w, p.ref) for p in plan.nodes.values() for w in p.node.words]
        self.others += [(item, a) for a, links in plan.targets.items() for _, item, _ in links]
        self.static = _static_text()

    def __call__(self, p: NodePlan) -> bool:
        mine = [w for w in p.node.words if len(w) > 1]
        theirs = [w for w, ref in self.others if ref != p.ref]
        text, own = "；".join((*theirs, self.static)), "；".join(mine)
        return not any(w in text for w in mine) and not any(w in own for w in theirs if len(w) > 1)


def _missing(plan: ChainPlan, chain: str, rng: np.random.Generator) -> None:
    """Nodes left without a firm: their words are nobody else's, best their industry codes too; one per group."""
    alone = _Alone(plan)
    found: list[tuple[bool, float, int, int, int]] = []
    codes = Counter(c for p in plan.nodes.values() for c in set(p.node.industry_codes))
    candidates = [p for p in plan.nodes.values() if p.chain == chain and p.kind == "normal" and p.node.weight > 1 and p.ref in plan.targets]
    for at in rng.permutation(len(candidates)):
        p = candidates[at]
        if len(found) >= 4 * MISSING:
            break
        if alone(p):
            shared = sum(codes[c] > 1 for c in p.node.industry_codes) / max(len(p.node.industry_codes), 1)
            found.append((not p.industrial, shared, -int(p.node.critical), -p.node.weight, int(at)))
    groups: set[str] = set()
    for *_, at in sorted(found):
        p = candidates[at]
        if plan.group[p.ref] not in groups and len(groups) < MISSING:
            groups.add(plan.group[p.ref])
            p.kind = "missing"


def _weak_and_single(plan: ChainPlan, chain: str, rng: np.random.Generator) -> None:
    """Ordinary nodes turned weak (a firm or two, small) or single (one firm makes nearly all); no word is shared."""
    alone = _Alone(plan)
    normal = [p for p in plan.nodes.values() if p.chain == chain and p.kind == "normal"]
    makers = [p for p in normal if p.industrial and p.ref in plan.targets and p.node.weight > 1]
    for kind, wanted, pool in (("single", SINGLE, makers), ("weak", WEAK, normal)):
        left = wanted
        for at in rng.permutation(len(pool)):
            if left and pool[at].kind == "normal" and alone(pool[at]):
                pool[at].kind, left = kind, left - 1


def _counts(plan: ChainPlan, firms: int, rng: np.random.Generator) -> None:
    """How many firms, and how many above designated size, have each node as their main one."""
    budget = round(firms * CHAIN_SHARE)
    for p in plan.nodes.values():
        p.firms = {"weak": int(rng.integers(1, 3)), "single": int(rng.integers(3, 6)), "master": MASTER_NODE}.get(p.kind, 0)
    normal = plan.of_kind("normal")
    left = budget - sum(p.firms for p in plan.nodes.values())
    least = max(1, min(ORDINARY_LEAST, left // max(len(normal), 1)))
    near = {a for p in plan.of_kind("master") for a, _, _ in plan.sources.get(p.ref, [])}
    pull = np.array([float(rng.lognormal(0.0, 0.8)) * p.node.weight ** 0.6 * (2.0 if p.ref in near else 1.0) for p in normal])
    extra = rng.multinomial(max(left - least * len(normal), 0), pull / pull.sum())
    for p, more in zip(normal, extra, strict=True):
        p.firms = least + int(more)
    _above(plan, round(firms * ABOVE_SHARE * ABOVE_ON_CHAIN), rng)


def _above(plan: ChainPlan, budget: int, rng: np.random.Generator) -> None:
    for p in plan.nodes.values():
        p.above = {"single": 1, "master": 5}.get(p.kind, int(p.kind == "normal" and p.firms >= ORDINARY_LEAST))
    room = [p for p in plan.of_kind("normal") if p.firms > ORDINARY_LEAST]
    left = budget - sum(p.above for p in plan.nodes.values())
    while left > 0 and room:
        pull = np.array([p.node.weight * (p.firms - p.above) for p in room], dtype=float)
        for at in rng.choice(len(room), size=min(left, len(room)), replace=False, p=pull / pull.sum()):
            room[at].above += 1
            left -= 1
        room = [p for p in room if p.above < p.firms * 0.6]
