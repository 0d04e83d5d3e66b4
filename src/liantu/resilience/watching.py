"""The watch: all rules on one edition, their findings against what is already open, ranked, and as many alarms as the month's budget allows.

A subject of the budget is a firm: its signals of several rules are one call. Scores are severity × chance × share of the district's
output at stake (:mod:`liantu.resilience.ranking`), where the chance follows from each rule's record of verdicts. What is open already is
not told again; what a person has judged stays quiet for some months unless it gets worse; what is seen no more is closed. Standing
conditions and faults of the data lie outside the budget. All of it is one batch, and can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from liantu.kernel.batch import Planned, set_planned, stored_name, write, writing
from liantu.kernel.edition import Edition
from liantu.kernel.models import Batch
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import Refused
from liantu.kernel.relations import months_before
from liantu.kernel.tables import table_of
from liantu.resilience.choices import RANK, UNITS
from liantu.resilience.findings import Facts, Finding, Key, facts, find
from liantu.resilience.grouping import groups_of
from liantu.resilience.models import RuleSetting, Signal
from liantu.resilience.ranking import Witness, above_line, chance, combined, per_family, score
from liantu.resilience.rule_record import RuleRecord, budget_of, records
from liantu.resilience.rules import DETECTOR, GROUPS, WATCH_RULE, rules

FAMILY_OF_SERIES = {"power_kwh": "power", "output": "output", "employees": "people"}


@dataclass(frozen=True)
class Run:
    """What a run did: the batch (None when nothing changed), the month, its budget, and counts: firms alarmed (``fresh`` of them this month) and below the line, signals of the other lanes."""

    batch: Batch | None
    month: str
    budget: int
    alarmed: int
    fresh: int
    below: int
    standing: int
    data: int
    new: int
    ended: int
    muted: dict[str, str] = field(default_factory=dict)


def family_of(rule: str, item: str | None) -> str:
    """Which witness a signal belongs to; the detector's by its series."""
    if rule == DETECTOR:
        return FAMILY_OF_SERIES.get(item or "", item or rule)
    known = rules().get(rule)
    return known.family if known else rule


def _trouble(key: Key) -> tuple[Any, ...]:
    """What a verdict is about: the family of rules, the firm, the node and the item (a series is told by its family)."""
    rule, firm, node, item = key
    return family_of(rule, item), firm, node, None if item in UNITS else item


class _Row:
    """A signal as it will stand after the run: what is stored, with what the run sets."""

    def __init__(self, stored: Signal | None, planned: Planned, columns: tuple[str, ...]) -> None:
        self.stored, self.planned = stored, planned
        self.old = {c: getattr(stored, stored_name("signal", c)) for c in columns} if stored else {}

    def __getitem__(self, column: str) -> Any:
        return self.planned.values[column] if column in self.planned.values else self.old.get(column)

    def set(self, **values: Any) -> None:
        for column, value in values.items():
            set_planned(self.planned, column, value, self.old)

    @property
    def open(self) -> bool:
        return self["verdict"] is None and self["ended_on"] is None


def _decimal(value: float | None, digits: int = 4) -> Decimal | None:
    return None if value is None else Decimal(str(round(value, digits)))


def watch(edition: Edition, by: Any = None, *, budget: int | None = None, without: Iterable[str] = ()) -> Run:
    """Run the watch on an edition and write what it found as one batch. ``without`` names rules that do not take part this time.

    Raises Refused (``older-edition``) when the watch has run on a later day.
    """
    day = date.fromisoformat(edition.manifest.as_of)
    month = edition.manifest.as_of[:7]
    later = Signal.objects.filter(found_on__gt=day).order_by("-found_on").values_list("found_on", flat=True).first()
    if later:
        raise Refused(f"已经在 {later} 的版次上监测过，不能再回到 {day} 的版次。", code="older-edition", hint="请选最新的版次；要重来，先撤销后来的监测批次。")
    silent = {s.rule: s.reason or "" for s in RuleSetting.objects.filter(muted=True)}
    found, ran = find(edition, {*silent, *without})
    told = facts(edition)
    with writing():
        known = records(on=day)
        allowed = budget if budget is not None else budget_of(month, day)[0]
        desk = _Desk(day, month, told, known, parameter(WATCH_RULE, day).value)
        desk.meet(found, ran)
        desk.rank(allowed)
        desk.group()
        planned = [r.planned for r in desk.rows if r.planned.record is None or r.planned.values]
        batch = None
        if planned:
            batch = Batch.objects.create(kind="form", by=by, note=f"风险监测 {month}（版次 {edition.number}）：预警 {len(desk.alarmed)} 家，名额 {allowed}"[:200])
            write(batch, planned)
    return desk.run(batch, allowed, silent)


class _Desk:
    """One run's work on the signals."""

    def __init__(self, day: date, month: str, told: Facts, known: Mapping[str, RuleRecord], numbers: Mapping[str, Any]) -> None:
        self.day, self.month, self.facts, self.known, self.numbers = day, month, told, known, numbers
        self.columns = table_of("signal").names
        self.rows = [_Row(s, Planned("signal", {}, record=s.pk, revision=s.revision), self.columns) for s in Signal.objects.order_by("id")]
        self.codes = {r["code"] for r in self.rows}
        self.total = sum(told.stake.values()) or 1.0
        self.new = self.ended = 0
        self.alarmed: set[int] = set()
        self.below: set[int] = set()

    def _key(self, row: _Row) -> Key:
        about_node = row["chain_node"] if row["rule"] in GROUPS or row["enterprise"] is None or self._of_node(row["rule"]) else None
        return row["rule"], row["enterprise"], about_node, row["item"]

    def _of_node(self, rule: str) -> bool:
        known = rules().get(rule)
        return bool(known and known.output and any(c.name == "node_code" for c in known.output.columns))

    def meet(self, found: Iterable[Finding], ran: set[str]) -> None:
        """New troubles become signals, open ones are seen again, quiet ones stay quiet, and those seen no more end."""
        opened = {self._key(r): r for r in self.rows if r.open and r["rule"] not in GROUPS}
        quiet = self._quiet()
        seen: set[Key] = set()
        for one in found:
            key = one.key
            if key in seen:
                continue
            seen.add(key)
            row = opened.get(key)
            if row is None and RANK.get(quiet.get(_trouble(key), ""), 0) >= RANK[one.level]:
                continue
            self._tell(row, one)
        for key, row in opened.items():
            if key not in seen and row["rule"] in ran:
                row.set(ended_on=self.day)
                self.ended += 1

    def _quiet(self) -> dict[tuple[Any, ...], str]:
        """Troubles on which a person gave a verdict not long ago, with the level they had; another rule that reads the same is the same trouble."""
        since = months_before(self.day, int(self.numbers["quiet_months"]))
        told: dict[tuple[Any, ...], str] = {}
        for row in self.rows:
            if row["verdict"] and row["rule"] not in GROUPS and (row["verified_on"] or self.day) > since:
                key = _trouble(self._key(row))
                told[key] = max(told.get(key, row["level"]), row["level"], key=lambda level: RANK[level])
        return told

    def _tell(self, row: _Row | None, one: Finding) -> None:
        node = one.node if one.node is not None else self.facts.first.get(one.enterprise or 0)
        if row is None:
            row = _Row(None, Planned("signal", {}), self.columns)
            row.set(code=self._code(one), rule=one.rule, lane=one.lane, enterprise=one.enterprise, item=one.item, found_on=self.day)
            if one.lane == "risk":
                row.set(in_budget=False)
            self.rows.append(row)
            self.new += 1
        row.set(level=one.level, period=one.period, value=_decimal(one.value), baseline=_decimal(one.baseline), change=_decimal(one.change, 6), unit_words=one.unit,
                chain_node=node, chain=self.facts.chain(node), seen_on=self.day, stake=_decimal(self._stake(one)))

    def _stake(self, one: Finding) -> float | None:
        if one.node is not None:
            return self.facts.node_total.get(one.node)
        return self.facts.stake.get(one.enterprise or 0)

    def _code(self, one: Finding) -> str:
        marks = (("E", one.enterprise), ("N", one.node), ("C", one.chain if one.rule == "chain_alarm" else None))
        base = f"F{self.month.replace('-', '')}-{one.rule}-" + "".join(f"{mark}{pk}" for mark, pk in marks if pk is not None)
        code, number = base, 1
        while code in self.codes:
            number += 1
            code = f"{base}-{number}"
        self.codes.add(code)
        return code

    def _share(self, stake: Any) -> float:
        return max(float(stake or 0), float(self.numbers["least_stake"])) / self.total

    def _witness(self, row: _Row) -> Witness:
        record = self.known.get(row["rule"])
        return Witness(family_of(row["rule"], row["item"]), row["level"], record.shrunk if record else 0.0)

    def rank(self, budget: int) -> None:
        """Scores of all open signals, and which firms are alarmed this month."""
        severity = self.numbers["severity"]
        risks: dict[int, list[_Row]] = {}
        for row in (r for r in self.rows if r.open and r["rule"] not in GROUPS):
            if row["lane"] == "risk" and row["enterprise"] is not None:
                risks.setdefault(row["enterprise"], []).append(row)
                continue
            row.set(score=_decimal(score(row["level"], chance([self._witness(row)]), self._share(row["stake"]), severity)))
        scores: dict[int, float] = {}
        least = RANK[self.numbers["least_level"]]
        able: set[int] = set()
        for firm, rows in risks.items():
            witnesses = [self._witness(r) for r in rows]
            level = combined([w.level for w in per_family(witnesses)], int(self.numbers["two_of"]))
            if RANK[level] >= least:
                able.add(firm)
            scores[firm] = score(level, chance(witnesses), self._share(self.facts.stake.get(firm)), severity)
            for row in rows:
                row.set(score=_decimal(scores[firm]))
        self._draw_line(risks, {firm: s for firm, s in scores.items() if firm in able}, budget)

    def _draw_line(self, risks: Mapping[int, list[_Row]], scores: dict[int, float], budget: int) -> None:
        """Firms alarmed in an earlier month keep their alarm; those judged this month have used their place; the rest go by score."""
        earlier = {firm: min(days) for firm, rows in risks.items() if (days := [r["alarmed_on"] for r in rows if r["alarmed_on"] and self._month(r["alarmed_on"]) < self.month])}
        judged = {r["enterprise"] for r in self.rows if r["verdict"] and r["rule"] not in GROUPS and r["alarmed_on"] and self._month(r["alarmed_on"]) == self.month}
        chosen = above_line({firm: s for firm, s in scores.items() if firm not in earlier and firm not in judged}, budget - len(judged))
        for firm, rows in risks.items():
            alarmed = firm in earlier or firm in judged or firm in chosen
            for row in rows:
                row.set(in_budget=alarmed, alarmed_on=(row["alarmed_on"] or earlier.get(firm) or self.day) if alarmed else None)
            (self.alarmed if alarmed else self.below).add(firm)

    @staticmethod
    def _month(day: date) -> str:
        return day.isoformat()[:7]

    def group(self) -> None:
        """Alarmed firms that weigh much at a node make a node alarm; several such nodes a chain alarm."""
        alarms: dict[int, list[str]] = {}
        for row in (r for r in self.rows if r.open and r["in_budget"] and r["enterprise"] is not None):
            alarms.setdefault(row["enterprise"], []).append(row["level"])
        levels = {firm: combined(told, int(self.numbers["two_of"])) for firm, told in alarms.items()}
        opened = {(r["rule"], r["chain_node"], r["chain"] if r["rule"] == "chain_alarm" else None): r for r in self.rows if r.open and r["rule"] in GROUPS}
        for one in groups_of(levels, self.facts, self.numbers):
            row = opened.pop((one.rule, one.node, one.chain if one.node is None else None), None)
            if row is None:
                row = _Row(None, Planned("signal", {}), self.columns)
                row.set(code=self._code(one), rule=one.rule, lane="risk", found_on=self.day, in_budget=True, alarmed_on=self.day)
                self.rows.append(row)
            row.set(level=one.level, chain_node=one.node, chain=one.chain, value=_decimal(one.value), baseline=_decimal(one.baseline), change=_decimal(one.change, 6), unit_words=one.unit,
                    seen_on=self.day, stake=_decimal(one.value if one.node is not None else None), period=self.month)
        for row in opened.values():
            row.set(ended_on=self.day)

    def run(self, batch: Batch | None, budget: int, silent: dict[str, str]) -> Run:
        """The run in counts."""
        other = {lane: sum(r.open and r["lane"] == lane for r in self.rows) for lane in ("standing", "data")}
        fresh = {r["enterprise"] for r in self.rows if r.open and r["alarmed_on"] and r["enterprise"] is not None and self._month(r["alarmed_on"]) == self.month}
        return Run(batch, self.month, budget, len(self.alarmed), len(fresh), len(self.below), other["standing"], other["data"], self.new, self.ended, silent)


