"""What the pages of editions show: the changes of :mod:`liantu.maps_and_lists.changes` with their addresses, and every changed record with its values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from liantu.kernel.access import visible_columns
from liantu.kernel.captions import frozen_captions
from liantu.kernel.columns import Column, Table
from liantu.kernel.edition import Difference, Edition, compare
from liantu.kernel.output import output_of
from liantu.kernel.tables import all_tables, model_of, table_of
from liantu.kernel.written import written
from liantu.maps_and_lists.changes import Changes
from liantu.maps_and_lists.changes_parts import FigureChange
from liantu.maps_and_lists.changes_told import Group, Line, told
from liantu.web.cells import show
from liantu.web.context import language
from liantu.web.formats import why_url, words

SHOWN = 40
FIRST = 6  # lines of a group on the one page; the rest on demand
HEAD = (("chain_summary", "completeness"), ("chain_summary", "firms"), ("chain_summary", "above_scale_firms"), ("chain_summary", "missing"), ("chain_summary", "at_risk"),
        ("project_rates", "signed"), ("project_rates", "started"), ("project_rates", "producing"), ("project_rates", "red"))


@dataclass
class TableDifference:
    """One table's difference, the first rows of each kind in words and how many there are in all."""

    table: Table
    entered: list[str]
    entered_count: int
    left: list[str]
    left_count: int
    changed: list[tuple[int, str, str, str, str]]
    changed_count: int


@dataclass
class LineView:
    """A change with the page that it leads to and the passport of its figure."""

    line: Line
    url: str
    why: str


@dataclass
class GroupView:
    """Changes of one kind; ``more`` is how many are not shown."""

    group: Group
    lines: list[LineView]
    more: int


@dataclass
class HeadCell:
    """A head figure before and after, in words, each with its passport; ``change`` is None where an edition has no such figure."""

    change: FigureChange | None
    before: str = ""
    after: str = ""
    before_why: str = ""
    after_why: str = ""


def count_of(table: str) -> int:
    """How many rows the records hold now."""
    return int(model_of(table).objects.count())


def seen_by(user: Any, changes: Changes) -> Changes:
    """The changes without figures that a person may not see."""
    return replace(changes, figures=tuple(f for f in changes.figures if visible_columns(user, [f.column])))


def groups_of(changes: Changes, everything: bool) -> list[GroupView]:
    """The groups in the order of the meeting; the head figures stand in their own table, changed records on their own page."""
    found = []
    for group in told(changes, language()):
        shown = group.lines if everything else group.lines[:FIRST]
        found.append(GroupView(group, [_line(group, line, changes) for line in shown], len(group.lines) - len(shown)))
    return found


def _line(group: Group, line: Line, changes: Changes) -> LineView:
    """Where a line leads: firm to dossier, node to its page, project, case and policy to the record; what is gone, as it stood before."""
    edition = changes.before if line.gone else changes.after
    why = why_url(*line.figure, edition.number) or "" if line.figure else ""
    query = f"?edition={edition.number}"
    if group.name.startswith("nodes") and line.figure:
        url = reverse("node", args=[line.figure[1].split("/", 1)[0], line.figure[1]]) + query
    elif line.record and line.record[0] == "enterprise":
        url = reverse("dossier", args=[line.record[1]]) + query
    elif line.record and not line.gone:
        url = reverse("record", args=list(line.record))
    else:
        url = why
    return LineView(line, url, why)


def head_of(changes: Changes) -> tuple[list[Column], list[tuple[str, list[HeadCell]]]]:
    """The few figures at the head of the page, one row per chain."""
    columns = [output_of(name).column(column) for name, column in HEAD]
    by_place = {(f.chain_code, f.output, f.column.name): f for f in changes.figures}
    chains = {f.chain_code: f.chain_name for f in changes.figures}
    names = {code: en for code, en in changes.after.table("chain").select("code", "name_en").iter_rows() if en} if language() == "en" else {}
    return columns, [(names.get(code, name), [_cell(by_place.get((code, *place)), changes) for place in HEAD]) for code, name in chains.items()]


def _cell(figure: FigureChange | None, changes: Changes) -> HeadCell:
    if figure is None:
        return HeadCell(None)
    before, after = (show_figure(v, figure.column) for v in (figure.before, figure.after))
    one, two = (why_url(figure.output, figure.key, figure.column.name, e.number) or "" for e in (changes.before, changes.after))
    return HeadCell(figure, before, after, one if figure.before is not None else "", two if figure.after is not None else "")


def show_figure(value: Any, column: Column) -> str:
    """A figure under a heading that names its unit."""
    return written(value, replace(column, unit=""), language())


def table_differences(before: Edition, after: Edition, visible: Callable[[Iterable[Column]], list[Column]]) -> list[TableDifference]:
    """Tables that differ, firms first, in words."""
    known = all_tables()
    found = [_one(d, before, after, visible) for d in compare(before, after) if d.table in known]
    found = [d for d in found if d.entered_count or d.left_count or d.changed_count]
    return sorted(found, key=lambda d: d.table.name != "enterprise")


def _one(difference: Difference, before: Edition, after: Edition, visible: Callable[[Iterable[Column]], list[Column]]) -> TableDifference:
    table = table_of(difference.table)
    seen = {c.name: c for c in visible(table.columns)}
    changed = [c for c in difference.changed if c[1] in seen]
    entered, left = difference.entered[:SHOWN], difference.left[:SHOWN]
    names = frozen_captions(after, table.name, [*entered, *(c[0] for c in changed[:SHOWN])])
    gone = frozen_captions(before, table.name, left)
    references = _reference_names(after, seen.values(), changed[:SHOWN])
    lines = [(pk, names.get(pk, f"#{pk}"), words(seen[column]), show(old, seen[column], references), show(new, seen[column], references)) for pk, column, old, new in changed[:SHOWN]]
    return TableDifference(table, [names.get(i, f"#{i}") for i in entered], len(difference.entered), [gone.get(i, f"#{i}") for i in left], len(difference.left), lines, len(changed))


def _reference_names(edition: Edition, columns: Iterable[Column], changed: list[tuple[int, str, Any, Any]]) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    for column in columns:
        if column.reference:
            ids = {v for _, name, *values in changed if name == column.name for v in values if v is not None}
            found.setdefault(column.reference, {}).update(frozen_captions(edition, column.reference, ids))
    return found
