"""Synthetic ledgers of signed projects with planted double signings under changed names, and pairs that only look like one. Everything is invented."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from itertools import product
from random import Random

from opencc import OpenCC

from liantu.chains.template import builtin_templates, load_builtin
from liantu.demo import words
from liantu.demo.names import brand
from liantu.methods.project_pairs import Signing
from liantu.methods.signing_words import initials_of, pinyin_of

DOUBLES = {"short": "投资方写简称", "renamed_known": "企业更名（名录有曾用名）", "renamed_unknown": "企业更名（名录不知道）", "project_company": "集团换成项目公司", "english": "写英文名", "traditional": "写繁体",
           "letters": "写字母商号", "typo": "错字", "other_park": "换园区签", "other_amount": "改了投资额", "renamed_project": "项目改名"}
FRIENDS = {"phase_two": "二期", "increase": "增资扩产", "other_product": "同集团另一产品", "other_firm": "别家同类产品", "same_brand": "字号相同的别家", "second_line": "同集团同产品另一条线"}
UNITS = (("万吨", 1, 20), ("GWh", 1, 30), ("万套", 2, 60), ("万件", 10, 300), ("万台", 1, 40), ("吨", 200, 9000), ("万平方米", 200, 9000), ("台（套）", 50, 900))
PARKS = tuple(p[0] for p in words.PARKS)
FIRST, LAST = dt.date(2022, 1, 1), dt.date(2026, 6, 30)
EACH_DOUBLE, EACH_FRIEND = 4, 8


@dataclass
class LedgerMade:
    """``doubles`` and ``friends``: (position, position) → kind."""

    rows: list[Signing] = field(default_factory=list)
    doubles: dict[frozenset[int], str] = field(default_factory=dict)
    friends: dict[frozenset[int], str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Plan:
    """What a project is before it is told."""

    own: str
    trade: str
    node: str
    node_word: str
    product: str
    amount: int
    unit: str
    total: float
    park: str
    day: dt.date
    firm: int
    equipment: int


class LedgerMaker:
    """Makes one ledger; equal seeds make equal ledgers."""

    def __init__(self, seed: int) -> None:
        self.rng, self.made, self.next_firm = Random(f"signings:{seed}"), LedgerMade(), 1
        self.nodes = [(f"{code}/{n.code}", n) for code in builtin_templates() for n in load_builtin(code).nodes]

    def ledger(self, projects: int) -> LedgerMade:
        """A ledger of about so many projects, planted pairs among them."""
        for kind in DOUBLES:
            for _ in range(EACH_DOUBLE):
                one = self.plan()
                self._pair(one, self._told_again(one, kind), self.made.doubles, kind)
        for kind in FRIENDS:
            for _ in range(EACH_FRIEND):
                one = self.plan()
                self._pair(one, self._looks_like(one, kind), self.made.friends, kind)
        while len(self.made.rows) < projects:
            self.made.rows.append(self.told(self.plan()))
        return self._shuffled()

    def plan(self) -> _Plan:
        rng = self.rng
        ref, node = rng.choice(self.nodes)
        unit, low, high = rng.choice(UNITS)
        chain = ref.partition("/")[0]
        self.next_firm += 1
        return _Plan(brand(rng), rng.choice(words.CHAIN_NAME_WORDS.get(chain, words.DEFAULT_NAME_WORDS)), ref, node.zh, rng.choice(node.products) if node.products else node.zh, rng.randint(low, high), unit,
                     float(round(min(500_000.0, rng.lognormvariate(10.0, 1.0)), -2)), rng.choice(PARKS), FIRST + dt.timedelta(days=rng.randrange((LAST - FIRST).days)), self.next_firm, rng.randint(20, 400))

    def told(self, p: _Plan, *, later: str = "", company: bool | None = None) -> Signing:
        """A project as an office writes it."""
        rng = self.rng
        here = rng.random() < 0.6 if company is None else company
        parties = (f"{p.own}{p.trade}集团有限公司", *((f"澄岚{p.own}{p.trade}有限公司",) if here else ()))
        size = f"年产{p.amount}{p.unit}{p.product}"
        return Signing(f"{p.own}{size}{later}项目", parties, (p.firm,) if here else (), f"新增用地{round(p.total / 260)}亩，建设厂房及配套，购置设备{p.equipment}台（套），形成{size}能力", p.total, p.node, p.park, p.day)

    def _pair(self, one: _Plan, other: Signing, into: dict[frozenset[int], str], kind: str) -> None:
        at = len(self.made.rows)
        self.made.rows += [self.told(one), other]
        into[frozenset((at, at + 1))] = kind

    def _told_again(self, p: _Plan, kind: str) -> Signing:
        """The same project signed again: another day, often another park and amount, and the change of name that ``kind`` names."""
        rng = self.rng
        again = replace(p, day=p.day + dt.timedelta(days=rng.randint(15, 540)), park=rng.choice(PARKS) if rng.random() < 0.5 or kind == "other_park" else p.park,
                        total=self._amount(p.total, 1.0 if kind == "other_amount" else 0.5), equipment=p.equipment if rng.random() < 0.5 else rng.randint(20, 400))
        plain = self.told(again, company=False)
        return getattr(self, f"_{kind}", lambda s, _: s)(plain, again)

    def _amount(self, total: float, chance: float) -> float:
        return float(round(total * self.rng.uniform(0.65, 1.5), -2)) if self.rng.random() < chance else total

    def _short(self, s: Signing, p: _Plan) -> Signing:
        return replace(s, parties=(f"{p.own}{p.trade}" if self.rng.random() < 0.5 else f"{p.own}集团",))

    def _renamed_known(self, s: Signing, p: _Plan) -> Signing:
        new = brand(self.rng)
        at = len(self.made.rows)
        renamed = replace(s, name=s.name.replace(p.own, new, 1), parties=(f"澄岚{new}{p.trade}有限公司",), firms=(p.firm,))
        self.made.rows.append(self.told(p, company=True))  # told under the old name by the firm itself: the register knows both names
        self.made.doubles[frozenset((at, at + 2))] = "renamed_known"
        self.made.doubles[frozenset((at, at + 1))] = "other_park"
        return renamed

    def _renamed_unknown(self, s: Signing, p: _Plan) -> Signing:
        new = brand(self.rng)
        return replace(s, name=s.name.replace(p.own, new, 1), parties=(f"{new}{p.trade}集团有限公司",))

    def _project_company(self, s: Signing, p: _Plan) -> Signing:
        return replace(s, parties=(f"澄岚{p.own}{self.rng.choice(words.DEFAULT_NAME_WORDS)}有限公司",), firms=(p.firm + 1_000_000,))

    def _english(self, s: Signing, p: _Plan) -> Signing:
        spelt = pinyin_of(p.own)
        return replace(s, name=s.name.replace(p.own, spelt.upper() if self.rng.random() < 0.5 else "", 1), parties=(f"{spelt.capitalize()} {self.rng.choice(('New Materials', 'Technology', 'Industrial'))} Group Co., Ltd.",))

    def _traditional(self, s: Signing, _: _Plan) -> Signing:
        convert = OpenCC("s2t").convert
        return replace(s, name=convert(s.name), parties=tuple(map(convert, s.parties)), content=convert(s.content))

    def _letters(self, s: Signing, p: _Plan) -> Signing:
        mark = initials_of(p.own).upper()
        return replace(s, name=s.name.replace(p.own, mark, 1), parties=(f"{mark}集团",))

    def _typo(self, s: Signing, p: _Plan) -> Signing:
        wrong = next((p.own.replace(c, words.TWINS[c], 1) for c in p.own if c in words.TWINS), p.own[:1] + self.rng.choice(words.SECOND))
        return replace(s, name=s.name.replace(p.own, wrong, 1), parties=tuple(n.replace(p.own, wrong, 1) for n in s.parties))

    def _renamed_project(self, s: Signing, p: _Plan) -> Signing:
        said = self.rng.choice((f"{p.own}{p.node_word}生产基地项目", f"{p.node_word}产业园项目", f"{p.own}{p.trade}{p.product}智能制造项目"))
        return replace(s, name=said, content=f"建设{p.product}生产线及配套设施，购置设备{p.equipment}台（套）")

    def _looks_like(self, p: _Plan, kind: str) -> Signing:
        """Another project that only looks like the first."""
        rng = self.rng
        later = replace(p, day=p.day + dt.timedelta(days=rng.randint(90, 900)), total=float(round(p.total * rng.uniform(0.5, 1.5), -2)), amount=max(1, round(p.amount * rng.choice((0.5, 1, 1.5, 2)))), equipment=rng.randint(20, 400))
        if kind == "phase_two":
            return self.told(later, later=rng.choice(("二期", "三期")))
        if kind == "increase":
            s = self.told(later)
            return replace(s, name=re.sub("项目$", "增资扩产项目", s.name))
        if kind == "second_line":
            return self.told(replace(later, amount=p.amount * 2 + 1))
        other = self.plan()
        if kind == "other_product":
            return self.told(replace(later, node=other.node, node_word=other.node_word, product=other.product, unit=other.unit, amount=other.amount))
        if kind == "other_firm":
            return self.told(replace(later, own=other.own, trade=other.trade, firm=other.firm, amount=p.amount if rng.random() < 0.15 else later.amount if later.amount != p.amount else p.amount + 1 + p.amount // 3))
        return self.told(replace(other, own=p.own))

    def _shuffled(self) -> LedgerMade:
        order = list(range(len(self.made.rows)))
        self.rng.shuffle(order)
        place = {old: new for new, old in enumerate(order)}

        def moved(pairs: dict[frozenset[int], str]) -> dict[frozenset[int], str]:
            return {frozenset(place[i] for i in pair): kind for pair, kind in pairs.items()}

        doubles = moved(self.made.doubles)
        return LedgerMade([self.made.rows[i] for i in order], _closed(doubles), moved(self.made.friends))


def _closed(doubles: dict[frozenset[int], str]) -> dict[frozenset[int], str]:
    """Of a project told three times the third pair is a double signing, too."""
    found = dict(doubles)
    for (one, kind), (other, other_kind) in product(doubles.items(), repeat=2):
        rest = one ^ other
        if len(one & other) == 1 and rest not in found:
            found[rest] = kind if kind != "other_park" else other_kind
    return found
