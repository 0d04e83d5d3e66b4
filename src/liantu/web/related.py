"""What else the records say about a firm or a node: its projects, cases, platforms, technology routes and where to look elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from django.urls import reverse

from liantu.kernel.access import visible_columns
from liantu.kernel.columns import Column
from liantu.kernel.edition import Edition
from liantu.kernel.output import Output, outputs, run

SHOWN = 12


@dataclass(frozen=True)
class Kind:
    """Rows of an output whose key is a record of ``table``; ``name`` is the column that leads to the record, ``tags`` and ``words`` follow it."""

    output: str
    table: str
    name: str
    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Related:
    """The rows of one kind, as a person may see them, and where all of them stand."""

    output: Output
    rows: list[dict[str, Any]]
    tags: list[Column]
    words: list[Column]
    name: Column
    count: int


OF_FIRM = (Kind("project_list", "project", "name", ("lamp", "stage", "verification"), ("invest_total", "finish_plan")), Kind("case_list", "case", "title", ("lamp", "state"), ("due_on", "lead_office")),
           Kind("platform_list", "platform", "name", ("level", "kind"), ("services",)))
OF_NODE = (Kind("project_list", "project", "name", ("lamp", "stage"), ("enterprise_name", "invest_total")), Kind("technology_map", "tech_route", "name", ("kind", "local_grasp"), ("maturity", "leaders")),
           Kind("target_list", "outside_presence", "name", ("kind",), ("province", "city", "reason")), Kind("case_list", "case", "title", ("lamp", "state"), ("due_on",)))


def related(edition: Edition, kinds: tuple[Kind, ...], column: str, record: int, user: Any) -> list[Related]:
    """For each kind the rows whose record refers to ``record`` in ``column`` (``enterprise`` or ``chain_node``); kinds without rows are left out."""
    found = [_one(edition, kind, column, record, user) for kind in kinds if kind.output in outputs() and kind.table in edition.manifest.tables]
    return [one for one in found if one is not None]


def _one(edition: Edition, kind: Kind, column: str, record: int, user: Any) -> Related | None:
    table = edition.table(kind.table)
    ids = table.filter(pl.col(column) == record)["id"]
    if ids.is_empty():
        return None
    result = run(kind.output, edition)
    seen = {c.name: c for c in visible_columns(user, result.output.columns)}
    if kind.name not in seen:
        return None
    key = result.output.key[0]
    frame = result.frame.filter(pl.col(key).is_in(ids.implode()))
    rows = [{**row, "url": reverse("record", args=[kind.table, row[key]]), "key": result.key_of(row)} for row in frame.head(SHOWN).iter_rows(named=True)]
    return Related(result.output, rows, [seen[t] for t in kind.tags if t in seen], [seen[w] for w in kind.words if w in seen], seen[kind.name], frame.height) if rows else None
