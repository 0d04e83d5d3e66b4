"""企业打扰提醒: a firm that several offices approach, or that is visited too often; it warns and forbids nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from liantu.kernel.columns import Choice
from liantu.kernel.names import name_key
from liantu.kernel.parameter import parameter

KINDS = (Choice("offices", "几个单位在接触", "Several offices"), Choice("visits", "接触太勤", "Too many contacts"))
BURDENS = ("out", "hosted", "talk")
"""Kinds of contact that take a firm's time; calls do not count as visits."""


@dataclass(frozen=True)
class Contact:
    """One contact: the firm as written, its key, the day, who went and how."""

    firm_name: str
    key: str
    on: date
    office: str
    kind: str


@dataclass(frozen=True)
class Overload:
    """What is too much for one firm: ``count`` of offices or visits within ``days`` up to the last contact."""

    key: str
    firm_name: str
    kind: str
    count: int
    days: int
    first_on: date
    last_on: date
    offices: tuple[str, ...]

    @property
    def zh(self) -> str:
        who = "、".join(self.offices)
        if self.kind == "offices":
            return f"{self.days} 天内已有 {self.count} 个单位接触{self.firm_name}：{who}（最近 {self.last_on}）。请先商定由谁牵头。"
        return f"{self.days} 天内已上门、接待或约谈{self.firm_name} {self.count} 次：{who}（最近 {self.last_on}）。"

    @property
    def en(self) -> str:
        who = ", ".join(self.offices)
        if self.kind == "offices":
            return f"{self.count} offices have approached {self.firm_name} within {self.days} days: {who} (last on {self.last_on}). Agree first on who leads."
        return f"{self.count} visits or talks with {self.firm_name} within {self.days} days: {who} (last on {self.last_on})."


def firm_key(name: str, candidate: int | None) -> str:
    """Contacts of one target firm belong together, else those of one name."""
    return f"c{candidate}" if candidate else name_key(name)


def overloads(contacts: Iterable[Contact], as_of: date, rule: dict[str, Any]) -> list[Overload]:
    """Firms over a limit in the spans that end on ``as_of``, most burdened first."""
    by_firm: dict[str, list[Contact]] = defaultdict(list)
    for c in contacts:
        if c.on <= as_of:
            by_firm[c.key].append(c)
    found = []
    for key, own in by_firm.items():
        near = [c for c in own if c.on > as_of - timedelta(days=rule["office_days"])]
        offices = tuple(sorted({c.office for c in near if c.office}))
        if len(offices) >= rule["offices"]:
            found.append(_over(key, "offices", len(offices), rule["office_days"], near, offices))
        often = [c for c in own if c.on > as_of - timedelta(days=rule["visit_days"]) and c.kind in BURDENS]
        if len(often) >= rule["visits"]:
            found.append(_over(key, "visits", len(often), rule["visit_days"], often, tuple(sorted({c.office for c in often if c.office}))))
    return sorted(found, key=lambda o: (-o.count, o.firm_name, o.kind))


def _over(key: str, kind: str, count: int, days: int, near: list[Contact], offices: tuple[str, ...]) -> Overload:
    last = max(near, key=lambda c: c.on)
    return Overload(key, last.firm_name, kind, count, days, min(c.on for c in near), last.on, offices)


def warnings(firm_name: str, candidate: int | None = None, on: date | None = None, *, office: str = "") -> list[Overload]:
    """What a person should know before contacting a firm on a day (today): contacts on record, and the one by ``office`` that is meant, counted."""
    from liantu.attraction.pipeline_models import Visit

    day = on or date.today()
    rule = parameter("contact_guard", day).value
    far = day - timedelta(days=max(rule["office_days"], rule["visit_days"]))
    wanted, key = firm_key(firm_name, candidate), name_key(firm_name)
    rows = Visit.objects.filter(visited_on__gt=far, visited_on__lte=day).values_list("firm_name", "candidate_id", "visited_on", "office", "kind")
    own = [Contact(firm_name, wanted, at, who or "", kind or "out") for name, other, at, who, kind in rows if (candidate and other == candidate) or name_key(name) == key]
    if office and own:
        own.append(Contact(firm_name, wanted, day, office, "out"))
    return overloads(own, day, rule)
