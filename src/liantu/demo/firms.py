"""The firms of the synthetic district: who they are, where they stand, and the texts that say what they make."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random

import numpy as np

from liantu.chains.template import industry_code_names
from liantu.demo import words
from liantu.demo.district import Park
from liantu.demo.names import CodeMaker, NameMaker, person
from liantu.demo.nodes import ABOVE_SHARE, CHAIN_SHARE, ChainPlan, NodePlan, industrial_code

LAST_DAY = dt.date(2025, 9, 30)


@dataclass
class Firm:
    """One firm as it truly is. ``nodes[0]`` is its main node; money is 万元."""

    number: int
    name: str
    uscc: str
    park: Park
    chain: str
    nodes: list[str]
    industry_code: str
    above_scale: bool
    established: dt.date
    former: list[str] = field(default_factory=list)
    renamed_in: int = 0
    also: list[str] = field(default_factory=list)
    products: list[str] = field(default_factory=list)
    scope: str = ""
    address: str = ""
    longitude: float = 0.0
    latitude: float = 0.0
    capital: float = 0.0
    qualifications: list[str] = field(default_factory=list)
    status: str = "在营"
    contact: str = ""
    size_class: str = ""
    master: bool = False
    dominant: bool = False
    base: float = 0.0

    @property
    def industrial(self) -> bool:
        """Whether the firm has 工业总产值 (mining, manufacturing, utilities)."""
        return industrial_code(self.industry_code)

    def name_in(self, year: int) -> str:
        """The name that sheets of this year carry."""
        return self.former[-1] if self.former and year < self.renamed_in else self.name


class FirmMaker:
    """Makes all firms: those of each node first, then those off the chains."""

    def __init__(self, plan: ChainPlan, parks: list[Park], seed: int) -> None:
        self.plan, self.parks = plan, parks
        self.rng = Random(f"firms:{seed}")
        self.names = NameMaker(self.rng, plan.forbidden)
        self.codes = CodeMaker(self.rng)
        self.firms: list[Firm] = []
        self.owners: dict[str, list[str]] = {}
        for ref, p in plan.nodes.items():
            for word in p.node.words:
                self.owners.setdefault(word, []).append(ref)
        self.noise = [w for p in plan.of_kind("normal") for w in p.node.products if len(w) > 2 and len(self.owners[w]) == 1]
        self.homes = {chain: self._homes(at) for at, chain in enumerate(plan.templates)}

    def _homes(self, at: int) -> list[float]:
        """How much each park draws a chain: its share, and three times that where the chain is at home."""
        return [p.share * (3.0 if (i + at) % 5 == 0 else 1.0) for i, p in enumerate(self.parks)]

    def make(self, count: int) -> list[Firm]:
        """``count`` firms, shuffled so that their numbers say nothing."""
        for p in self.plan.nodes.values():
            for at in range(p.firms):
                self._on_chain(p, at)
        above_left = max(0, round(count * ABOVE_SHARE) - sum(f.above_scale for f in self.firms))
        trades = self._trades()
        for at in range(count - len(self.firms)):
            self._off_chain(trades, at < above_left)
        self.rng.shuffle(self.firms)
        for number, firm in enumerate(self.firms, 1):
            firm.number = number
        self._places()
        return self.firms

    # -- on a chain ---------------------------------------------------------------------------------------------------
    def _on_chain(self, p: NodePlan, at: int) -> None:
        rng, above = self.rng, at < p.above
        master = p.kind == "master" and at == 0
        cooperative = not above and p.chain == "specialty_agriculture" and p.node.industry_codes[0][:2] in ("01", "02", "03", "04") and rng.random() < 0.4
        own = [w for w in (p.node.zh, *p.node.synonyms, *p.node.products) if 2 <= len(w) <= 4 and w.isalnum() and not w.isascii()]
        general = words.CHAIN_NAME_WORDS.get(p.chain, words.DEFAULT_NAME_WORDS)
        if cooperative:
            trades: tuple[str, ...] = ("种植", "养殖", "农产品", "生态农业")
        elif own and rng.random() < 0.4:
            trades = tuple(w + rng.choice(("", "科技", "制造" if p.industrial else "服务")) for w in own)
        else:
            trades = general
        if master:
            trades = general
        established = self._established(above)
        firm = Firm(0, self.names.firm(trades, above, master, cooperative), self.codes.code(established.year, cooperative),
                    rng.choices(self.parks, self.homes[p.chain])[0], p.chain, [p.ref], self._code(p), above, established, master=master,
                    dominant=p.kind == "single" and at == 0)
        if p.kind == "normal" and not cooperative:
            firm.nodes += self._more_nodes(p)
        self._texts(firm)
        self._rest(firm)
        self.firms.append(firm)

    def _code(self, p: NodePlan) -> str:
        codes = [c for c in p.node.industry_codes if len(c) == 4] or list(p.node.industry_codes)
        return self.rng.choice(codes)

    def _more_nodes(self, p: NodePlan) -> list[str]:
        """A second, seldom a third node: linked with the first or in its group."""
        plan, roll = self.plan, self.rng.random()
        near = [a for a, _, _ in (*plan.targets.get(p.ref, []), *plan.sources.get(p.ref, []))]
        near += [ref for ref, group in plan.group.items() if group == plan.group[p.ref]]
        near = sorted({ref for ref in near if ref != p.ref and plan.nodes[ref].kind == "normal" and plan.nodes[ref].industrial == p.industrial})
        return self.rng.sample(near, min(len(near), 2 if roll < 0.05 else 1 if roll < 0.33 else 0))

    # -- texts --------------------------------------------------------------------------------------------------------
    def _texts(self, firm: Firm) -> None:
        """Products and 经营范围 from the words of the firm's nodes, in the styles of the registry."""
        rng, said = self.rng, []
        for at, ref in enumerate(firm.nodes):
            node = self.plan.nodes[ref].node
            pool = list(node.products) or [node.zh]
            chosen = rng.sample(pool, min(len(pool), rng.randint(2, 5) if not at else rng.randint(1, 3)))
            if rng.random() < 0.2:
                chosen.append(rng.choice((node.zh, *node.synonyms)))
            firm.products += chosen[: rng.randint(1, 3)]
            said += chosen
        if rng.random() < 0.1:  # a text that tells little beyond the industry; the products still tell
            said = [industry_code_names().get(firm.industry_code, said[0]).removesuffix("制造")] if len(firm.nodes) == 1 else said[:1]
        if self.plan.forbidden.search("；".join(said)):
            said = list(firm.products)
        firm.products = [firm.products[0], *map(self._loosely, firm.products[1:])]
        exact = list(said)
        said = [said[0], *map(self._loosely, said[1:])]
        firm.also = sorted({ref for w in {*exact, *firm.products} for ref in self.owners.get(w, ()) if ref not in firm.nodes})
        firm.scope = self._scope(said, firm.established.year, firm.industrial, self._side_trade(0.2))
        if len(exact) > 1 and exact[0] in self.owners and rng.random() < 0.1:
            firm.products = []

    def _loosely(self, word: str) -> str:
        """A product as people write it: with a word before or behind, or without its first character."""
        roll = self.rng.random()
        if roll < 0.08:
            return self.rng.choice(("新型", "高性能", "环保型", "精密")) + word
        if roll < 0.16:
            return word + self.rng.choice(("系列产品", "及配件", "等"))
        if roll < 0.3 and len(word) >= 5 and not any(w in word[1:] for w in self.owners if len(w) > 1):
            return word[1:]
        return word

    def _side_trade(self, chance: float) -> list[str]:
        """Now and then a firm also sells what others make: words that do not make it a maker."""
        return [w + "销售" for w in self.rng.sample(self.noise, self.rng.randint(1, 2))] if self.noise and self.rng.random() < chance else []

    def _scope(self, said: list[str], year: int, making: bool, extra: list[str]) -> str:
        rng, said = self.rng, list(dict.fromkeys(said))
        if year < 2019 and rng.random() < 0.6:
            verb = "的研发、生产、销售" if making else "的经营、服务"
            tail = rng.sample(("自营和代理各类商品及技术的进出口业务", "技术咨询", "普通货运", "自有房屋租赁"), rng.randint(0, 2))
            return "、".join(said) + verb + "".join(f"；{t}" for t in (*extra, *tail)) + "。" + words.TAIL_OLD
        items = []
        for word in said:
            items.append(word + (rng.choice(("制造", "生产", "加工")) if making else "" if word.endswith("服务") else rng.choice(("", "服务"))))
            if making and rng.random() < 0.6:
                items.append(word + rng.choice(("销售", "研发")))
        items += extra + rng.sample(words.BOILERPLATE, rng.randint(1, 3))
        if rng.random() < 0.3:
            rng.shuffle(items)
        text = "一般项目：" + "；".join(items) + words.TAIL_NEW
        if rng.random() < 0.35:
            text = f"许可项目：{'；'.join(rng.sample(words.PERMITS, rng.randint(1, 2)))}{words.TAIL_PERMIT}{text}"
        return text

    # -- off the chains -----------------------------------------------------------------------------------------------
    def _trades(self) -> list[tuple[tuple[str, ...], str, tuple[str, ...], float]]:
        """Trades of words.OFF_CHAIN that touch no node of the chains in use: neither by code nor by word."""
        codes = {c for p in self.plan.nodes.values() for c in p.node.industry_codes}
        known = [w for w in self.owners if len(w) > 1]
        clear = []
        for names, code, items, share in words.OFF_CHAIN:
            items = tuple(i for i in items if not any(w in i for w in known))
            names = tuple(n for n in names if not any(w in n for w in known))
            if items and names and not any(code.startswith(c) for c in codes):
                clear.append((names, code, items, share))
        return clear

    def _off_chain(self, trades: list[tuple[tuple[str, ...], str, tuple[str, ...], float]], above: bool) -> None:
        rng = self.rng
        names, code, items, _ = rng.choices(trades, [t[3] for t in trades])[0]
        established = self._established(above)
        firm = Firm(0, self.names.firm(names, above), self.codes.code(established.year), rng.choices(self.parks, [p.share ** 0.5 for p in self.parks])[0],
                    "", [], code, above, established)
        firm.products = rng.sample(items, 1) if rng.random() < 0.7 else []
        firm.scope = self._scope(rng.sample(items, rng.randint(1, len(items))), established.year, industrial_code(code),
                                 self._side_trade(0.15 if code[:2] in ("51", "52") else 0.03))
        self._rest(firm)
        self.firms.append(firm)

    # -- the rest -----------------------------------------------------------------------------------------------------
    def _established(self, above: bool) -> dt.date:
        year = min(2025, 1996 + int(30 * self.rng.betavariate(2.2, 2.6) + self.rng.random())) if above else min(2025, 2000 + int(26 * self.rng.betavariate(2.6, 1.5)))
        if above:
            year = min(year, 2022)
        return min(dt.date(year, self.rng.randint(1, 12), self.rng.randint(1, 28)), LAST_DAY)

    def _rest(self, firm: Firm) -> None:
        rng = self.rng
        firm.contact = person(rng)
        street = f"{rng.choice(words.STREETS)}{rng.choice(('路', '大道', '街'))}{rng.randint(1, 399)}号"
        if rng.random() < 0.3:
            street += f"{rng.choice(words.SITES)}{rng.randint(1, 18)}栋"
        firm.address = f"{words.CITY}{words.DISTRICT}{firm.park.name}{street}"
        firm.status = rng.choices(("在营", "停产", "注销"), (97, 2, 1) if not firm.above_scale else (1, 0, 0))[0]
        if rng.random() < 0.045 and firm.established.year < 2022 and not firm.master:
            firm.former, firm.renamed_in = [self.names.renamed(firm.name)], rng.choice((2024, 2025, 2026))
        if firm.chain:
            chance = 0.42 if firm.above_scale else 0.06
            firm.qualifications = [q for q, share in zip(words.QUALIFICATIONS, (1, 0.5, 0.5, 0.35, 0.05, 0.02), strict=True) if rng.random() < chance * share]

    def _places(self) -> None:
        rng = np.random.default_rng(self.rng.getrandbits(32))
        for park in self.parks:
            here = [f for f in self.firms if f.park is park]
            for firm, (x, y) in zip(here, park.points(len(here), rng) if here else [], strict=True):
                firm.longitude, firm.latitude = x, y


def make_firms(plan: ChainPlan, parks: list[Park], count: int, seed: int) -> tuple[list[Firm], FirmMaker]:
    """All firms, and the maker (its names are needed for firms outside the district)."""
    maker = FirmMaker(plan, parks, seed)
    if round(count * CHAIN_SHARE) < 1:
        raise ValueError("too few firms")
    return maker.make(count), maker
