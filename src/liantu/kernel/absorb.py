"""One row of a table absorbed by another: references move, rows that would then stand twice are absorbed too, nothing is lost.

What is planned here is written as one batch by :func:`absorb`, so the history holds every value that gave way, and the batch
can be undone or, when later work stands on it, taken apart again (:func:`take_apart`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from liantu.kernel.batch import Planned, existing_values, from_plain, same, stored_name, write
from liantu.kernel.models import Batch, Change
from liantu.kernel.problems import Refused
from liantu.kernel.tables import model_of, models_by_table, table_of
from liantu.kernel.word_lists import gathered, without_added

Row = tuple[str, int]


@dataclass(frozen=True)
class Yielded:
    """A value that gave way: of ``record`` of ``table`` (absorbed), where the row that stays says ``kept``."""

    table: str
    record: int
    into: int
    column: str
    value: Any
    kept: Any


@dataclass
class Absorption:
    """What absorbing ``drop`` into ``keep`` does. ``moved`` counts rows per table that change hands; ``absorbed`` lists rows that
    would stand twice (table, row that goes, row that stays); ``loops`` are rows that joined the two and would join one with itself."""

    table: str
    keep: int
    drop: int
    values: dict[Row, dict[str, Any]] = field(default_factory=dict)
    before: dict[Row, dict[str, Any]] = field(default_factory=dict)
    moved: dict[str, int] = field(default_factory=dict)
    absorbed: list[tuple[str, int, int]] = field(default_factory=list)
    loops: list[Row] = field(default_factory=list)
    yielded: list[Yielded] = field(default_factory=list)

    def gone(self) -> set[Row]:
        """The rows that no longer stand afterwards, the absorbed row first."""
        return {(self.table, self.drop), *((table, gone) for table, gone, _ in self.absorbed), *self.loops}


def plan_absorption(table: str, keep: int, drop: int, take: Iterable[str] = ()) -> Absorption:
    """Plan it without writing. ``take`` names columns whose value comes from the row that goes; empty columns are filled from it anyway.

    Raises Refused when both are the same row.
    """
    if keep == drop:
        raise Refused("这是同一条记录。", code="same-record", hint="请另选一条。")
    plan = Absorption(table, keep, drop)
    waiting: list[tuple[str, int, int]] = [(table, keep, drop)]
    into: dict[Row, int] = {(table, drop): keep}
    while waiting:
        name, stays, goes = waiting.pop()
        _join_values(plan, name, stays, goes, set(take) if (name, goes) == (table, drop) else _firmer(name, stays, goes), into)
        for other, one, two in _redirect(plan, name, stays, goes, into):
            into[other, two] = one
            plan.absorbed.append((other, two, one))
            waiting.append((other, one, two))
    for row in plan.gone():
        plan.values.pop(row, None)
        plan.before.pop(row, None)
    return plan


def _firmer(table: str, stays: int, goes: int) -> set[str]:
    """All columns, when the row that goes is firmer by the model's ``Table.firm_values`` (say, decided by a person) and the other is not."""
    declared = getattr(model_of(table).Table, "firm_values", None)
    if declared is None:
        return set()
    column, firm = declared
    one, two = (getattr(model_of(table).objects.get(pk=pk), column) for pk in (stays, goes))
    return {c.name for c in table_of(table).columns} if two in firm and one not in firm else set()


def _join_values(plan: Absorption, table: str, stays: int, goes: int, take: set[str], into: Mapping[Row, int]) -> None:
    """The row that stays takes what it lacks, what is asked for, and adds up lists of words (``Table.accumulate``)."""
    mine, theirs = existing_values(table, stays), existing_values(table, goes)
    adding = set(getattr(model_of(table).Table, "accumulate", ()))
    now = plan.values.setdefault((table, stays), {})
    for column in table_of(table).columns:
        name = column.name
        one, two = now.get(name, mine[name]), theirs[name]
        if column.reference:
            one, two = (into.get((column.reference, v), v) if v is not None else None for v in (one, two))
        if two in (None, "") or same(one, two):
            continue
        if name in adding and one:
            new: Any = gathered(model_of(table), name, one, two)
        elif one in (None, "") or name in take:
            new = two
        else:
            plan.yielded.append(Yielded(table, goes, stays, name, two, one))
            continue
        if name in take and one not in (None, "") and name not in adding:
            plan.yielded.append(Yielded(table, stays, stays, name, one, two))
        if not same(new, mine[name]):
            now[name] = new
            plan.before.setdefault((table, stays), {})[name] = mine[name]
    if not now:
        del plan.values[table, stays]


def _redirect(plan: Absorption, table: str, stays: int, goes: int, into: Mapping[Row, int]) -> list[tuple[str, int, int]]:
    """References to the row that goes now name the one that stays; returns rows that would then stand twice (table, stays, goes)."""
    twice = []
    for name, model in models_by_table().items():
        mine = [c for c in table_of(name).columns if c.reference == table]
        for column in mine:
            for row in list(model.objects.filter(**{stored_name(name, column.name): goes}).order_by("id")):
                if (name, row.pk) in into or (name, row.pk) in plan.loops:
                    continue
                if (name, row.pk) == (table, stays):
                    _set(plan, name, row, column.name, None, goes)
                    continue
                others = {plan.values.get((name, row.pk), {}).get(c.name, getattr(row, stored_name(name, c.name))) for c in mine if c != column}
                if others & {stays, goes}:
                    plan.loops.append((name, row.pk))
                    continue
                other = _standing(name, model, row, column.name, stays)
                if other is not None:
                    twice.append((name, other, row.pk))
                    continue
                _set(plan, name, row, column.name, stays, goes)
                plan.moved[name] = plan.moved.get(name, 0) + 1
    return twice


def _set(plan: Absorption, table: str, row: Any, column: str, new: int | None, old: int) -> None:
    plan.values.setdefault((table, row.pk), {})[column] = new
    plan.before.setdefault((table, row.pk), {}).setdefault(column, old)


def _standing(table: str, model: Any, row: Any, column: str, stays: int) -> int | None:
    """A row that already says for ``stays`` what this one would say: equal in the natural key or under a unique constraint."""
    natural = tuple(table_of(table).key)
    keys = {natural, *(tuple(c.fields) for c in model._meta.constraints if isinstance(c, models.UniqueConstraint))}
    for key in keys:
        if column not in key:
            continue
        same_key = {stored_name(table, k): stays if k == column else getattr(row, stored_name(table, k)) for k in key}
        if key != natural and None in same_key.values():  # a unique constraint lets nulls stand beside each other
            continue
        nulls = {f"{k}__isnull": True for k, v in same_key.items() if v is None}
        found = model.objects.filter(**{k: v for k, v in same_key.items() if v is not None}, **nulls).exclude(pk=row.pk).order_by("id").first()
        if found is not None:
            return int(found.pk)
    return None


def absorb(batch: Batch, plan: Absorption) -> None:
    """Write a plan into a batch, inside the caller's ``writing()`` block.

    The absorbed rows give up their unique values first, so that the rows that stay may take them.
    """
    freed = []
    for table, record in sorted(plan.gone()):
        unique = [f.name for f in model_of(table)._meta.concrete_fields if f.unique and not f.primary_key and f.null]
        held = {c: v for c in unique if (v := getattr(model_of(table).objects.get(pk=record), c)) is not None}
        if held:
            freed.append(Planned(table, dict.fromkeys(held), record=record, before=held))
    if freed:
        write(batch, freed)
    changed = [Planned(table, values, record=record, before=plan.before.get((table, record), {})) for (table, record), values in plan.values.items() if values]
    write(batch, [*changed, *(Planned(table, {}, record=record, delete=True) for table, record in sorted(plan.gone()))])


def take_apart(merged: Batch) -> list[Planned]:
    """Rows to write so that what ``merged`` absorbed stands again, whatever was done since: a value that has been changed later stays.

    Undo wants everything as it was; this asks only that the absorbed rows are still gone. Raises Refused when they stand already.
    """
    fields: dict[Row, dict[str, tuple[Any, Any]]] = {}
    back: dict[Row, dict[str, Any]] = {}
    for change in merged.changes.order_by("id"):
        row = (change.table, change.record)
        kinds = {c.name: c.kind for c in table_of(change.table).columns}
        if change.kind == Change.DELETED:
            back[row] = {c: from_plain(kinds[c], v) for c, v in (change.before or {}).items()}
        elif change.kind == Change.UPDATED:
            own = fields.setdefault(row, {})
            for column, new in (change.after or {}).items():
                old = own[column][0] if column in own else from_plain(kinds[column], (change.before or {}).get(column))
                own[column] = (old, from_plain(kinds[column], new))
    standing = [row for row in back if model_of(row[0]).objects.filter(pk=row[1]).exists()]
    if standing or not back:
        raise Refused(f"批次 {merged.number} 合并的记录已经分开。", code="already-apart", hint="请刷新页面。")
    for row, values in back.items():
        values |= {c: old for c, (old, _) in fields.pop(row, {}).items()}
    free = []
    for (table, record), columns in fields.items():
        found = model_of(table).objects.filter(pk=record).first()
        if found is None:
            continue
        held = {c: getattr(found, stored_name(table, c)) for c in columns}
        adding = set(getattr(model_of(table).Table, "accumulate", ()))
        values = {c: without_added(held[c], old, new) if c in adding else old for c, (old, new) in columns.items() if c in adding or same(held[c], new)}
        values = {c: v for c, v in values.items() if not same(v, held[c])}
        if values:
            free.append(Planned(table, values, record=record, before={c: held[c] for c in values}))
    return [*free, *(Planned(table, values, record=record, back=True) for (table, record), values in back.items())]

