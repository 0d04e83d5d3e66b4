"""Projects, cases and policies that changed between two editions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from liantu.cases.shared import SETTLED
from liantu.kernel.edition import Edition
from liantu.maps_and_lists.changes_parts import CaseChange, PolicyChange, ProjectChange, ProjectState
from liantu.maps_and_lists.changes_rows import rows_of


def projects(before: Edition, after: Edition, chain: str | None) -> dict[str, tuple[ProjectChange, ...]]:
    """Projects new, moved to another stage, halted or restarted, gone, and those that show another lamp."""
    old, new = rows_of("project_list", before, chain), rows_of("project_list", after, chain)
    found = [_project(old.get(key), new.get(key)) for key in [*new, *(k for k in old if k not in new)]]
    both = [(p, p.before, p.after) for p in found if p.before and p.after]
    return {"projects_new": tuple(p for p in found if p.before is None), "projects_gone": tuple(p for p in found if p.after is None),
            "projects_moved": tuple(p for p, was, now in both if was.stage != now.stage),
            "projects_state": tuple(p for p, was, now in both if (was.side_state or "normal") != (now.side_state or "normal")),
            "projects_lamp": tuple(p for p, was, now in both if was.lamp != now.lamp)}


def _project(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> ProjectChange:
    told = now or was or {}
    before, after = (ProjectState(row["stage"], row["side_state"], row["lamp"], row["evidence"], row["verification"]) if row else None for row in (was, now))
    return ProjectChange(told["project"], told["name"], told["chain_code"], told["chain_name"], before, after)


def cases(before: Edition, after: Edition, chain: str | None) -> dict[str, tuple[CaseChange, ...]]:
    """Cases opened (or taken up again), settled (办结, 回访, 销号), and those whose due day went by in between while they are open.

    A case raised and settled between the two editions stands in both lists.
    """
    old, new = rows_of("case_list", before, chain), rows_of("case_list", after, chain)
    opened, closed, overdue = [], [], []
    for key, row in new.items():
        was = old.get(key)
        change = CaseChange(row["case"], row["code"], row["title"] or row["code"], row["chain_code"], row["chain_name"], was and was["state"], row["state"], row["due_on"], row["lead_office"])
        settled, settled_before = row["state"] in SETTLED, was is not None and was["state"] in SETTLED
        if was is None or (settled_before and not settled):
            opened.append(change)
        if settled and not settled_before:
            closed.append(change)
        if _late(row) and not (was and _late(was)):
            overdue.append(change)
    return {"cases_opened": tuple(opened), "cases_closed": tuple(closed), "cases_overdue": tuple(overdue)}


def _late(row: Mapping[str, Any]) -> bool:
    return row["days_left"] is not None and row["days_left"] < 0


def policies(before: Edition, after: Edition, chain: str | None) -> dict[str, tuple[PolicyChange, ...]]:
    """Policies registered or come into force between the two days, and those expired or withdrawn. A policy without a chain holds for all."""
    old, new = _policies(before, chain), _policies(after, chain)
    days = date.fromisoformat(before.manifest.as_of), date.fromisoformat(after.manifest.as_of)
    came, went = [], []
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        stood, stands = (_in_force(row, day) for row, day in zip((was, now), days, strict=True))
        if now and not _over(now, days[1]) and (was is None or (stands and not stood)):
            came.append(_policy(key, now, "registered" if was is None else "in_force"))
        elif was and not _over(was, days[0]) and (now is None or _over(now, days[1])):
            went.append(_policy(key, now or was, "withdrawn" if now is None else "expired"))
    return {"policies_new": tuple(came), "policies_expired": tuple(went)}


def _policies(edition: Edition, chain: str | None) -> dict[int, dict[str, Any]]:
    names = {i: (code, name) for i, code, name in edition.table("chain").select("id", "code", "name").iter_rows()}
    found: dict[int, dict[str, Any]] = {}
    for row in edition.table("policy").iter_rows(named=True):
        code, name = names.get(row["chain"], (None, None))
        if chain is None or code in (None, chain):
            found[row["id"]] = {**row, "chain_code": code, "chain_name": name}
    return found


def _over(row: Mapping[str, Any], day: date) -> bool:
    return row["valid_until"] is not None and row["valid_until"] < day


def _in_force(row: Mapping[str, Any] | None, day: date) -> bool:
    return row is not None and (row["valid_from"] is None or row["valid_from"] <= day) and not _over(row, day)


def _policy(key: int, row: Mapping[str, Any], why: str) -> PolicyChange:
    return PolicyChange(key, row["name"], row["code"], row["chain_code"], row["chain_name"], why, row["valid_from"], row["valid_until"])
