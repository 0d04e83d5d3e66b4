"""What changed between two editions: firms, nodes and why, projects, cases, policies, and the figures at the head.

One implementation for the page, the command line and the papers. Only outputs whose inputs, rules or day differ are
looked at (:func:`liantu.kernel.output.content_key`), so editions that hold the same cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from liantu.kernel.edition import Edition, compare
from liantu.kernel.output import output_of
from liantu.kernel.passport import figure_id
from liantu.kernel.problems import UserError
from liantu.kernel.tables import all_tables
from liantu.maps_and_lists import changes_nodes, changes_work
from liantu.maps_and_lists.changes_parts import CaseChange, FigureChange, FirmChange, NodeChange, PolicyChange, ProjectChange, RecordChange, Stand
from liantu.maps_and_lists.changes_rows import differs, rows_of

HEAD = {"chain_summary": ("completeness", "strong", "fair", "weak", "at_risk", "missing", "firms", "above_scale_firms", "output", "to_verify"),
        "project_rates": ("signed", "started", "producing", "above_scale", "invest_total", "invest_done", "funds_arrived", "performance_rate", "start_rate", "funds_rate",
                          "not_started", "not_built", "not_finished", "red")}
GONE = ("closed", "moved")


@dataclass(frozen=True)
class Changes:
    """All that differs between two editions, as (tuples of) plain data; ``chain`` is the chain's code or None for the whole district.

    ``firms_moved`` changed their first node (also: placed for the first time, or placed nowhere any more), ``firms_raised`` and ``firms_lowered``
    crossed the scale (升规, 退规). ``projects_lamp`` and ``projects_state`` (paused, restarted, ended) name projects that need not have moved.
    ``figures`` holds every head figure, changed or not. ``records`` counts every row of every table that differs, whatever the chain.
    """

    before: Edition
    after: Edition
    chain: str | None
    firms_entered: tuple[FirmChange, ...] = ()
    firms_left: tuple[FirmChange, ...] = ()
    firms_moved: tuple[FirmChange, ...] = ()
    firms_raised: tuple[FirmChange, ...] = ()
    firms_lowered: tuple[FirmChange, ...] = ()
    nodes_changed: tuple[NodeChange, ...] = ()
    nodes_new: tuple[NodeChange, ...] = ()
    nodes_gone: tuple[NodeChange, ...] = ()
    projects_new: tuple[ProjectChange, ...] = ()
    projects_moved: tuple[ProjectChange, ...] = ()
    projects_state: tuple[ProjectChange, ...] = ()
    projects_gone: tuple[ProjectChange, ...] = ()
    projects_lamp: tuple[ProjectChange, ...] = ()
    cases_opened: tuple[CaseChange, ...] = ()
    cases_closed: tuple[CaseChange, ...] = ()
    cases_overdue: tuple[CaseChange, ...] = ()
    policies_new: tuple[PolicyChange, ...] = ()
    policies_expired: tuple[PolicyChange, ...] = ()
    figures: tuple[FigureChange, ...] = ()
    records: tuple[RecordChange, ...] = ()

    @property
    def figures_changed(self) -> tuple[FigureChange, ...]:
        return tuple(f for f in self.figures if f.changed)

    @property
    def empty(self) -> bool:
        """Whether nothing differs at all."""
        return not self.figures_changed and not any(value for name, value in self._lists() if name != "figures")

    def _lists(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        return ((f.name, getattr(self, f.name)) for f in fields(self) if f.name not in ("before", "after", "chain"))

    def lines(self, language: str = "zh", limit: int = 0) -> list[str]:
        """Plain sentences 「自上次会议以来」, one per change; with ``limit`` at most so many of a kind, and how many more there are."""
        from liantu.maps_and_lists.changes_told import told

        return [line for group in told(self, language) for line in group.sentences(language, limit)]

    def to_dict(self) -> dict[str, Any]:
        """For programs: the two editions and every list; money in 万元, shares 0–1."""
        from liantu.maps_and_lists.changes_told import as_dict

        return as_dict(self, dict(self._lists()))


def changes(before: Edition, after: Edition, chain: str | None = None) -> Changes:
    """What changed from one edition to another, in the whole district or (by code) in one chain."""
    _known(chain, before, after)
    lists: dict[str, Any] = {"figures": figures(before, after, chain)}
    if before.manifest.content != after.manifest.content:
        lists["records"] = records(before, after)
    if differs("firm_list", before, after):
        lists |= firms(before, after, chain)
    if differs("chain_map", before, after):
        lists |= changes_nodes.nodes(before, after, chain)
    for name, find in (("project_list", changes_work.projects), ("case_list", changes_work.cases)):
        if differs(name, before, after):
            lists |= find(before, after, chain)
    if before.manifest.as_of != after.manifest.as_of or before.manifest.tables.get("policy") != after.manifest.tables.get("policy"):
        lists |= changes_work.policies(before, after, chain)
    return Changes(before, after, chain, **lists)


def _known(chain: str | None, *editions: Edition) -> None:
    """Raise UserError (``unknown-chain``) for a chain that no edition has."""
    codes = list(dict.fromkeys(code for edition in editions for code in edition.table("chain")["code"].to_list()))
    if chain is not None and chain not in codes:
        raise UserError(f"这两个版次里没有产业链「{chain[:40]}」。", code="unknown-chain", hint="现有：" + "、".join(codes))


def firms(before: Edition, after: Edition, chain: str | None) -> dict[str, tuple[FirmChange, ...]]:
    """Firms that entered, left, changed their first node or crossed the scale. Closed firms and firms that moved away are gone.

    For one chain, a firm that came from another chain entered, and its ``before`` says from where.
    """
    old, new = _stands(before), _stands(after)
    found = [FirmChange(i, (new.get(i) or old[i])[0], old[i][1] if i in old else None, new[i][1] if i in new else None) for i in sorted(old.keys() | new.keys())]

    def here(stand: Stand | None) -> bool:
        return stand is not None and chain in (None, stand.chain_code)

    both = [(f, f.before, f.after) for f in found if here(f.before) and here(f.after) and f.before and f.after]
    return {
        "firms_entered": tuple(f for f in found if here(f.after) and not here(f.before)),
        "firms_left": tuple(f for f in found if here(f.before) and not here(f.after)),
        "firms_moved": tuple(f for f, was, now in both if was.node_code != now.node_code),
        "firms_raised": tuple(f for f, was, now in both if now.above_scale and not was.above_scale),
        "firms_lowered": tuple(f for f, was, now in both if was.above_scale and not now.above_scale)}


def _stands(edition: Edition) -> dict[int, tuple[str, Stand]]:
    rows = rows_of("firm_list", edition).values()
    return {r["enterprise"]: (r["name"], Stand(r["chain_code"], r["chain_name"], r["node_code"], r["node_name"], r["above_scale"])) for r in rows if r["state"] not in GONE}


def figures(before: Edition, after: Edition, chain: str | None) -> tuple[FigureChange, ...]:
    """The head figures of every chain (or one) in both editions, in the outputs' order."""
    found = []
    for name, columns in HEAD.items():
        output = output_of(name)
        old, new = rows_of(name, before, chain), rows_of(name, after, chain)
        declared = [c for c in output.columns if c.name in columns]
        for key in [*new, *(k for k in old if k not in new)]:
            row = new.get(key) or old[key]
            found += [FigureChange(name, key, c, row["chain_code"], row["chain_name"], old.get(key, {}).get(c.name), new.get(key, {}).get(c.name),
                                   figure_id(output, key, c.name, before.number), figure_id(output, key, c.name, after.number)) for c in declared]
    return tuple(found)


def records(before: Edition, after: Edition) -> tuple[RecordChange, ...]:
    """How many rows of each declared table entered, left or were changed; firms first."""
    known = all_tables()
    found = []
    for difference in compare(before, after):
        if difference.table in known and (difference.entered or difference.left or difference.changed):
            columns = tuple(dict.fromkeys(column for _, column, _, _ in difference.changed))
            found.append(RecordChange(difference.table, len(difference.entered), len(difference.left), len({i for i, *_ in difference.changed}), columns))
    return tuple(sorted(found, key=lambda r: r.table != "enterprise"))
