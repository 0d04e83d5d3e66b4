"""Whom to phone about a shock: the firms whose answers can move the result most, what to ask each, and by how much it can move.

Each firm that the wave reaches is taken out of it in turn (as if it had stocks, other suppliers and other customers without end) and the shock followed
again: the difference is the most by which its answer can lower the output at stake. A firm of unknown size is weighed by the typical output of those hit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import polars as pl

from liantu.kernel.arrays import arrays
from liantu.methods.wave import untouched, wave
from liantu.resilience.exposure import DOWN, Exposure, Hit, shocked_network

INPUTS, ORDERS, FIGURES, AMOUNTS, LIST, CUSTOMERS = "inputs", "orders", "figures", "amounts", "list", "customers"


@dataclass(frozen=True)
class Question:
    """``kind``: inputs (how long do stocks last, is there another source, must you stop), orders (how much of your sales), figures (output, jobs, tax), amounts (of purchases),
    list (of suppliers), customers (a list of them). ``item``: of what; ``partner``: from or to whom; ``share`` of the firm's own purchases or sales (0–1)."""

    kind: str
    item: str = ""
    partner: str = ""
    share: float | None = None


@dataclass(frozen=True)
class Call:
    """One firm to phone. ``lowers``: by how much (万元 a year) the output at stake falls if the firm turns out not to be touched; ``raises``: by how much it may rise once the firm's size
    is known; None where nothing can be said beforehand (a master that never told its suppliers). ``left``: share of the interval's width (0–1) that remains after this call and those
    before it, where the firm's lists would narrow it."""

    enterprise: int
    name: str
    hit: Hit | None
    lowers: float | None
    raises: float | None
    questions: tuple[Question, ...]
    left: float | None = None

    @property
    def moves(self) -> float:
        return (self.lowers or 0.0) + (self.raises or 0.0)


class Lists(Protocol):
    """A firm whose lists narrow the interval (:class:`liantu.resilience.ranges.ListToAsk`)."""

    enterprise: int
    left: float
    suppliers: bool
    customers: bool
    totals: bool


def phone_list(exposure: Exposure, lists: Sequence[Lists] = ()) -> list[Call]:
    """The firms to phone: first those whose lists narrow the interval (``lists``, in their order), then those that can move the output at stake most; silent chain masters of the
    chains hit come at the end, one place in three at most."""
    district, numbers = exposure.district, exposure.district.rule
    able = [row for row in exposure.rows if not row.shocked]
    known = sorted(row.output / row.loss for row in able if row.output and row.loss > 0)
    typical = known[len(known) // 2] if known else 0.0
    sizes = {row.enterprise: typical * row.loss if row.output is None else 0.0 for row in able}
    chosen = sorted(able, key=lambda row: (-(row.output or sizes[row.enterprise]), row.enterprise))[:numbers["calls_weighed"]]
    lowered = _lowered(exposure, chosen)
    calls = [Call(row.enterprise, row.name, row, lowered[row.place], sizes[row.enterprise] or None, _questions(exposure, row)) for row in chosen]
    calls.sort(key=lambda call: (-call.moves, call.enterprise))
    calls = _with_lists(exposure, calls, lists)
    chains = {row.chain for row in exposure.rows}
    silent = district.firms.filter(pl.col("enterprise").is_in(list(district.unknown.silent)), pl.col("chain").is_in([c for c in chains if c is not None]))
    masters = [Call(firm, name, None, None, None, (Question(LIST),)) for firm, name in silent.select("enterprise", "name").iter_rows()][:numbers["calls"] // 3]
    return calls[:numbers["calls"] - len(masters)] + masters


def _with_lists(exposure: Exposure, calls: list[Call], lists: Sequence[Lists]) -> list[Call]:
    known = {call.enterprise: call for call in calls}
    hits = {row.enterprise: row for row in exposure.rows}
    names = dict(zip(exposure.district.ids, exposure.district.names, strict=True))
    first = []
    for one in lists:
        asked = tuple(Question(kind) for kind, wanted in ((CUSTOMERS, one.customers), (LIST, one.suppliers), (FIGURES, one.totals)) if wanted)
        call = known.get(one.enterprise) or Call(one.enterprise, names[one.enterprise], hits.get(one.enterprise), None, None, ())
        first.append(replace(call, questions=asked + tuple(q for q in call.questions if q.kind not in {a.kind for a in asked}), left=one.left))
    named = {call.enterprise for call in first}
    return first + [call for call in calls if call.enterprise not in named]


def _lowered(exposure: Exposure, rows: list[Hit]) -> dict[int, float]:
    """By place: how much less output is at stake when that firm is not touched."""
    district = exposure.district
    network, low, low_up = shocked_network(district, exposure.scenario)
    weight, whole = district.weights[:district.count, 0], exposure.totals["output"]
    found = {}
    for row in rows:
        level = wave(untouched(network, row.place), low, low_up, tolerance=district.rule["tolerance"], felt=district.rule["felt_loss"]).level[:district.count]
        found[row.place] = max(0.0, whole - float((1 - level) @ weight))
    return found


def _questions(exposure: Exposure, row: Hit) -> tuple[Question, ...]:
    district, gaps = exposure.district, exposure.district.unknown
    asked = [_about_inputs(exposure, row) if row.direction == DOWN else _about_orders(exposure, row)]
    own = district.links.filter(pl.col("buyer") == row.place, ~pl.col("told"))
    if own.height:
        asked.append(Question(AMOUNTS, item="、".join(own["item"].unique().sort().head(3).to_list())))
    if row.enterprise in gaps.no_figures or row.enterprise in gaps.no_jobs or row.enterprise in gaps.no_tax:
        asked.append(Question(FIGURES))
    return tuple(asked)


def _partner(exposure: Exposure, row: Hit) -> int:
    """The place through which the wave came to a firm; -1 for a stand-in (a closed road, a banned item)."""
    through = exposure.wave.through_down if row.direction == DOWN else exposure.wave.through_up
    owners, place = exposure.district.firms["owner"], int(through[row.place])
    while 0 <= place < len(owners) and owners[place] == row.place:  # a product line of its own
        place = int(through[place])
    if place >= len(owners):
        return -1
    return place if owners[place] is None else int(owners[place])


def _about_inputs(exposure: Exposure, row: Hit) -> Question:
    district, partner = exposure.district, _partner(exposure, row)
    links = district.links.filter(pl.col("buyer") == row.place)
    lost = links.filter(pl.col("seller") == partner) if partner >= 0 else links.filter(pl.col("id").is_in(list(exposure.scenario.blocked)))
    (purchases,) = arrays(district.firms.filter(pl.col("place") == row.place), "purchases")
    share = float(lost["amount"].sum()) / float(purchases[0]) if purchases[0] else None
    return Question(INPUTS, "、".join(lost.sort("amount", descending=True)["item"].unique(maintain_order=True).head(2).to_list()), row.through[-1] if row.through else "", share)


def _about_orders(exposure: Exposure, row: Hit) -> Question:
    district, partner = exposure.district, _partner(exposure, row)
    lost = district.links.filter(pl.col("seller") == row.place, (pl.col("buyer") == partner) if partner >= 0 else pl.col("id").is_in(list(exposure.scenario.blocked)))
    (sales,) = arrays(district.firms.filter(pl.col("place") == row.place), "sales")
    share = float(lost["amount"].sum()) / float(sales[0]) if sales[0] else None
    return Question(ORDERS, partner=row.through[-1] if row.through else "", share=share)
