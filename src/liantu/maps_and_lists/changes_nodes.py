"""Nodes of the chain map whose status changed between two editions, and what made it so."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from liantu.kernel.captions import frozen_captions
from liantu.kernel.edition import Edition
from liantu.kernel.output import Result, run
from liantu.kernel.passport import rows_behind
from liantu.maps_and_lists.changes_parts import FigureReason, NodeChange, Reason, RowReason, RuleReason

MAP, STATUS = "chain_map", "status"
NAMED = 6  # names given per reason; the count is always whole
STEADY = ("position", "weight")  # figures of the template, not of the node's firms


def nodes(before: Edition, after: Edition, chain: str | None) -> dict[str, tuple[NodeChange, ...]]:
    """Nodes with another status (with reasons), nodes new on the map, nodes taken off it; in the map's order."""
    one, two = run(MAP, before), run(MAP, after)
    old, new = _by_key(one, chain), _by_key(two, chain)
    changed = [(old[key], row) for key, row in new.items() if key in old and old[key][STATUS] != row[STATUS]]
    return {"nodes_changed": tuple(_change(was, row, reasons(one, two, was, row)) for was, row in changed),
            "nodes_new": tuple(_change(None, row) for key, row in new.items() if key not in old),
            "nodes_gone": tuple(_change(row, None) for key, row in old.items() if key not in new)}


def _by_key(result: Result, chain: str | None) -> dict[str, dict[str, Any]]:
    return {result.key_of(row): row for row in result.frame.iter_rows(named=True) if chain in (None, row["chain_code"])}


def _change(was: dict[str, Any] | None, row: dict[str, Any] | None, found: tuple[Reason, ...] = ()) -> NodeChange:
    told = row or was or {}
    return NodeChange(told["code"], told["chain_code"], told["chain_name"], told["name"], told["name_en"] or told["name"], was and was[STATUS], row and row[STATUS], found)


def reasons(one: Result, two: Result, was: dict[str, Any], row: dict[str, Any]) -> tuple[Reason, ...]:
    """Rows behind a node that came, went or changed, the figures of the map that moved with them, and a rule that was replaced."""
    old, new = rows_behind(one.output, one.edition, was), rows_behind(two.output, two.edition, row)
    found: list[Reason] = []
    for table, frame in new.items():
        if one.edition.manifest.tables.get(table) != two.edition.manifest.tables.get(table) or table == "enterprise":
            found += _row_reasons(table, old.get(table, frame.clear()), frame, one.edition, two.edition)
    found += [FigureReason(c, was[c.name], row[c.name]) for c in two.output.columns
              if c.numeric and c.name not in STEADY and c.secrecy != "confidential" and was[c.name] != row[c.name]]
    ruled, rules = (r.output.rules(date.fromisoformat(r.edition.manifest.as_of)) for r in (one, two))
    return (*found, *(RuleReason(rule.zh, rule.en, rule.since) for name, rule in rules.items() if rule.value != ruled[name].value))


def _row_reasons(table: str, past: pl.DataFrame, now: pl.DataFrame, before: Edition, after: Edition) -> list[RowReason]:
    came = now.join(past, on="id", how="anti")["id"].to_list()
    went = past.join(now, on="id", how="anti")["id"].to_list()
    found = []
    for kind, ids, edition in (("entered", came, after), ("left", went, before), ("changed", _moved(past, now), after)):
        if ids:
            names = frozen_captions(edition, table, ids[:NAMED])
            found.append(RowReason(table, kind, len(ids), tuple(dict.fromkeys(names.get(i, f"#{i}") for i in ids[:NAMED]))))
    return found


def _moved(past: pl.DataFrame, now: pl.DataFrame) -> list[int]:
    shared = [c for c in now.columns if c in past.columns and c != "id"]
    both = past.join(now, on="id", suffix="__now")
    if both.is_empty() or not shared:
        return []
    return both.filter(pl.any_horizontal(*(pl.col(c).ne_missing(pl.col(f"{c}__now")) for c in shared)))["id"].to_list()
