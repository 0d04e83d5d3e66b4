"""Writing records: one batch, one transaction, one change per row; and taking a batch back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db import IntegrityError, router, transaction

from liantu.kernel.bulk import insert_rows, update_rows
from liantu.kernel.models import Batch, Change, WriteLock
from liantu.kernel.pause import collection_paused
from liantu.kernel.problems import Refused
from liantu.kernel.tables import model_of, models_by_table, table_of

CHUNK = 2000
IDS = 900  # ids in one question
SHEET_NAME = 100  # signs of a sheet's name that history keeps


@dataclass(eq=False)
class Planned:
    """One row to write. ``record`` is None for a new row; ``values`` holds only columns to set, as stored.

    ``links`` are references to other planned rows of the same batch, which have no id yet. ``revision`` is the one an
    editor saw: a row that has moved on since is refused. ``back`` brings a deleted row back under its own id.
    """

    table: str
    values: dict[str, Any]
    record: int | None = None
    before: dict[str, Any] = field(default_factory=dict)
    links: dict[str, Planned] = field(default_factory=dict)
    sheet: str | None = None
    row: int | None = None
    cells: dict[str, str] | None = None
    delete: bool = False
    revision: int | None = None
    back: bool = False


def set_planned(item: Planned, column: str, new: Any, current: Mapping[str, Any]) -> None:
    """Let a planned row set one column; what the record says already is not written again."""
    item.values.pop(column, None)
    if isinstance(new, Planned):
        item.links[column] = new
    elif item.record is None or not same(new, current.get(column)):
        item.values[column] = new
    if item.record is not None:
        item.before.pop(column, None)
        if column in item.values or column in item.links:
            item.before[column] = current.get(column)


def plain(value: Any) -> Any:
    """A stored value as JSON holds it: decimals as text, so that nothing is rounded."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    return value.isoformat() if isinstance(value, date) else value


def stored_name(table: str, column: str) -> str:
    """The attribute that holds a column: references are stored as ``column_id``."""
    return f"{column}_id" if table_of(table).column(column).kind == "reference" else column


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that no other writer can enter at the same time (SQLite: IMMEDIATE; PostgreSQL: a locked row)."""
    WriteLock.objects.get_or_create(name="records")
    with transaction.atomic():
        WriteLock.objects.select_for_update().get(name="records")
        yield


def write(batch: Batch, planned: Sequence[Planned]) -> None:
    """Write planned rows inside a caller's :func:`writing` block and count them in the batch.

    Rows that others link to must stand before them, table by table.
    """
    with collection_paused():
        _write(batch, planned)


def _write(batch: Batch, planned: Sequence[Planned]) -> None:
    by_table: dict[str, list[Planned]] = defaultdict(list)
    for item in planned:
        by_table[item.table].append(item)
    for table, items in by_table.items():
        new = [p for p in items if (p.record is None or p.back) and not p.delete]
        known = [p for p in items if p.record is not None and not p.back and not p.delete]
        _create(batch, table, new)
        _update(batch, table, known)
    gone = {table: [p for p in items if p.delete] for table, items in by_table.items()}
    orphans = _references_to({table: [p.record for p in items if p.record] for table, items in gone.items() if items})
    if orphans:
        raise Refused("不能删除：" + "；".join(orphans) + "。", code="still-referred-to", hint="请先改正引用它们的行。")
    for table, items in gone.items():
        _delete(batch, table, items)
    batch.save(update_fields=["created", "updated", "deleted"])


def _refused(table: str, gone: bool) -> Refused:
    return Refused(f"「{table_of(table).zh}」的这一行刚刚被别人{'删除' if gone else '改过'}，没有保存。", code="changed-meanwhile", hint="请刷新后重新核对。")


def _settled(item: Planned) -> dict[str, Any]:
    """The columns to set, references to rows of this batch included."""
    return {**item.values, **{column: other.record for column, other in item.links.items()}} if item.links else item.values


def _waves(items: list[Planned]) -> Iterator[list[Planned]]:
    """New rows of one table in groups, so that a row comes after those of its table that it links to."""
    while items:
        ready = [i for i in items if not i.links or all(o.record is not None for o in i.links.values())]
        if not ready:
            raise Refused(f"「{table_of(items[0].table).zh}」的行互相引用，无法确定先后。", code="circular-reference")
        yield ready
        items = [i for i in items if i.record is None] if len(ready) < len(items) else []


def _create(batch: Batch, table: str, items: list[Planned]) -> None:
    model = model_of(table)
    columns = [(c.name, stored_name(table, c.name)) for c in table_of(table).columns]
    defaults = {f.attname: f.get_default() for f in model._meta.concrete_fields if f.has_default()}
    for group in _waves([i for i in items if not i.back]) if items else ():
        for start in range(0, len(group), CHUNK):
            part = group[start:start + CHUNK]
            names, rows = _new_rows(model, columns, defaults, part)
            for item, record in zip(part, insert_rows(model, names, rows, ids=True), strict=True):
                item.record = record
    back = [i for i in items if i.back]
    if back:
        names, rows = _new_rows(model, columns, defaults, back)
        seen = [1 + Change.objects.filter(table=table, record=i.record).count() for i in back]  # a revision that no editor has seen yet
        at = names.index("revision")
        insert_rows(model, ["id", *names], [(i.record, *row[:at], n, *row[at + 1:]) for i, n, row in zip(back, seen, rows, strict=True)])
    _log(batch, table, Change.CREATED, ((i, None, {c: plain(v) for c, v in _settled(i).items() if v is not None}) for i in items))
    batch.created += len(items)


def _new_rows(model: Any, columns: list[tuple[str, str]], defaults: dict[str, Any], items: list[Planned]) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Attribute names and rows to insert: all columns, the model's defaults, and what follows from others."""
    own = {attribute for _, attribute in columns}
    rows = [tuple(values[c] if c in values else defaults.get(attribute) for c, attribute in columns) for values in map(_settled, items)]
    names = [attribute for _, attribute in columns]
    extra = [name for name in defaults if name not in own and name != "id"]
    rest = tuple(defaults[name] for name in extra)
    derived, found = _derived(model, names, rows)
    return [*names, *extra, *derived], [(*row, *rest, *more) for row, more in zip(rows, found, strict=True)] if rest or derived else rows


def _derived(model: Any, names: list[str], rows: Sequence[tuple[Any, ...]]) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Columns that the model derives from others (``Table.derive``), for rows of plain values."""
    derive = getattr(model.Table, "derive", None)
    if derive is None or not rows:
        return [], [()] * len(rows)
    work = getattr(model, derive)
    made = []
    for row in rows:
        space = SimpleNamespace(**dict(zip(names, row, strict=True)))
        work(space)
        made.append(vars(space))
    new = [name for name in made[0] if name not in names]
    return new, [tuple(m[n] for n in new) for m in made]


def _update(batch: Batch, table: str, items: list[Planned]) -> None:
    model = model_of(table)
    for start in range(0, len(items), IDS):
        part = items[start:start + IDS]
        touched = {c for i in part for c in (*i.values, *i.links)}
        derives = _moves_derived(model, touched)
        columns = [(c.name, stored_name(table, c.name)) for c in table_of(table).columns if derives or c.required or c.name in touched]
        names = [attribute for _, attribute in columns]
        stored = {pk: (revision, row) for pk, revision, *row in model.objects.filter(pk__in=[i.record for i in part]).values_list("id", "revision", *names)}
        rows = []
        for item in part:
            revision, row = stored.get(item.record, (None, None))
            if row is None or revision is None or (item.revision is not None and item.revision != revision):
                raise _refused(table, row is None)
            values = _settled(item)
            rows.append((item.record, revision + 1, *(values.get(c, old) for (c, _), old in zip(columns, row, strict=True))))
        derived, found = _derived(model, ["id", "revision", *names], rows) if derives else ([], [()] * len(rows))
        changing = ["revision", *(attribute for c, attribute in columns if c in touched), *derived]
        update_rows(model, ["id", "revision", *names, *derived], [(*row, *more) for row, more in zip(rows, found, strict=True)], changing=changing)
    _log(batch, table, Change.UPDATED, ((i, {c: plain(v) for c, v in i.before.items()}, {c: plain(v) for c, v in _settled(i).items()}) for i in items))
    batch.updated += len(items)


def _moves_derived(model: Any, touched: set[str]) -> bool:
    """Whether changed columns are among those that others are derived from (``Table.derived_from``; not declared: all)."""
    declared = getattr(model.Table, "derived_from", None)
    return hasattr(model.Table, "derive") and (declared is None or bool(touched & set(declared)))


def _delete(batch: Batch, table: str, items: list[Planned]) -> None:
    """Delete rows; that nothing else refers to them has been made sure of, and the database checks again at the end."""
    model = model_of(table)
    columns = [c.name for c in table_of(table).columns]
    names = [stored_name(table, c) for c in columns]
    for start in range(0, len(items), IDS):
        part = items[start:start + IDS]
        chosen = model.objects.filter(pk__in=[i.record for i in part])
        rows = {pk: row for pk, *row in chosen.values_list("id", *names)}
        if len(rows) != len(part):
            raise _refused(table, True)
        _log(batch, table, Change.DELETED, ((i, {c: plain(v) for c, v in zip(columns, rows[i.record], strict=True) if v is not None}, None) for i in part if i.record))
        chosen._raw_delete(router.db_for_write(model))
    batch.deleted += len(items)


def _log(batch: Batch, table: str, kind: str, changes: Iterable[tuple[Planned, dict[str, Any] | None, dict[str, Any] | None]]) -> None:
    rows = [(batch.pk, table, item.record, kind, before, after, item.sheet and item.sheet[:SHEET_NAME], item.row, item.cells) for item, before, after in changes]
    for start in range(0, len(rows), CHUNK):
        insert_rows(Change, _LOGGED, rows[start:start + CHUNK])


_LOGGED = ("batch_id", "table", "record", "kind", "before", "after", "sheet", "row", "cells")


def existing_values(table: str, record: int) -> dict[str, Any]:
    """All columns of one row as stored, by column name."""
    row = model_of(table).objects.get(pk=record)
    return {c.name: getattr(row, stored_name(table, c.name)) for c in table_of(table).columns}


def dependants(batch: Batch) -> list[str]:
    """What later depends on a batch, in words; empty when it can be taken back."""
    found: list[str] = []
    touched: dict[str, list[int]] = defaultdict(list)
    created: dict[str, list[int]] = defaultdict(list)
    let_go: set[tuple[str, int, str]] = set()  # references that this batch set itself go back with it
    for table, record, kind, after in batch.changes.values_list("table", "record", "kind", "after"):
        touched[table].append(record)
        if kind == Change.CREATED:
            created[table].append(record)
        elif kind == Change.UPDATED:
            let_go.update((table, record, column) for column in after or {})
    last = batch.changes.order_by("-id").values_list("id", flat=True).first() or 0
    for table, records in touched.items():
        later = (Change.objects.filter(table=table, id__gt=last).exclude(batch__kind="undo").filter(batch__undone_by=None).exclude(batch=batch))
        wanted = set(records)
        for number in sorted({b for b, r in later.values_list("batch_id", "record") if r in wanted}):
            found.append(f"批次 B{number:06d} 之后又改了「{table_of(table).zh}」的同一行")
    found.extend(_references_to(created, let_go))
    return found


def _references_to(targets: Mapping[str, Iterable[int]], let_go: Collection[tuple[str, int, str]] = ()) -> list[str]:
    """In words: rows that refer to the given rows and are not among them; ``let_go`` are references (table, row, column) that do not count."""
    found = []
    wanted = {table: set(records) for table, records in targets.items() if records}
    for table, model in models_by_table().items() if wanted else ():
        mine = wanted.get(table, set())
        for column in table_of(table).columns:
            if column.reference not in wanted:
                continue
            using = model.objects.exclude(**{f"{column.name}": None}).values_list("id", f"{column.name}_id")
            count = sum(1 for pk, target in using.iterator(chunk_size=20_000) if target in wanted[column.reference] and pk not in mine and (table, pk, column.name) not in let_go)
            if count:
                found.append(f"「{table_of(table).zh}」有 {count} 行引用了这些「{table_of(column.reference).zh}」")
    return found


def undo(batch: Batch, *, by: Any = None, note: str | None = None) -> Batch:
    """Take a batch back: created rows go, changed values return, deleted rows come back under their ids, as a batch of its own.

    Refuses while something depends on it, naming what.
    """
    try:
        with writing():
            if Batch.objects.filter(undoes=batch.pk).exists():
                raise Refused(f"批次 {batch.number} 已经撤销过了。", code="already-undone")
            if batch.kind == "undo":
                raise Refused("撤销本身不能再撤销。", code="undo-of-undo", hint="请重新导入原文件。")
            planned = _folded([_reversed(c) for c in batch.changes.order_by("-id")])
            blocking = [*dependants(batch), *_dangling(planned)]
            if blocking:
                raise Refused(f"批次 {batch.number} 不能撤销：" + "；".join(blocking) + "。", code="batch-in-use", hint="请先撤销后来的批次。")
            reverse = Batch.objects.create(kind="undo", by=by, note=note and note[:200], undoes=batch)
            write(reverse, planned)
    except IntegrityError as error:
        raise Refused(f"批次 {batch.number} 不能撤销：后来的数据与原来的值冲突。", code="batch-in-use", hint="请先撤销后来的批次。") from error
    return reverse


def _dangling(planned: Sequence[Planned]) -> list[str]:
    """In words: references that an undo would bring back although the rows they name are gone."""
    wanted: dict[tuple[str, str], set[int]] = defaultdict(set)
    coming: dict[str, set[int]] = defaultdict(set)
    for item in planned:
        if item.back and item.record:
            coming[item.table].add(item.record)
        for column in table_of(item.table).columns:
            if column.reference and item.values.get(column.name):
                wanted[item.table, column.reference].add(item.values[column.name])
    found = []
    for (table, other), records in wanted.items():
        missing = records - coming[other]
        ids = sorted(missing)
        for start in range(0, len(ids), IDS):
            missing -= set(model_of(other).objects.filter(pk__in=ids[start:start + IDS]).values_list("id", flat=True))
        if missing:
            found.append(f"「{table_of(table).zh}」原来引用的「{table_of(other).zh}」有 {len(missing)} 行已经不在")
    return found


def _folded(planned: Sequence[Planned]) -> list[Planned]:
    """Changes of one row that a batch made in several steps as one step back, at the place of the latest; rows that go or come back stay as they are."""
    found: list[Planned] = []
    steps: dict[tuple[str, int | None], Planned] = {}
    gone = {(p.table, p.record) for p in planned if p.delete}
    for item in planned:
        row = (item.table, item.record)
        if item.delete or item.back:
            found.append(item)
        elif row in gone:  # made by this batch: it goes as a whole
            continue
        elif row in steps:
            first = steps[row]
            first.before = {**item.before, **first.before}
            first.values = {**first.values, **item.values}
        else:
            steps[row] = item
            found.append(item)
    return found


def _reversed(change: Change) -> Planned:
    kinds = {c.name: c.kind for c in table_of(change.table).columns}
    if change.kind == Change.CREATED:
        return Planned(change.table, {}, record=change.record, delete=True)
    before = {c: from_plain(kinds[c], v) for c, v in (change.before or {}).items()}
    if change.kind == Change.DELETED:
        return Planned(change.table, before, record=change.record, back=True)
    return Planned(change.table, before, record=change.record, before={c: from_plain(kinds[c], v) for c, v in (change.after or {}).items()})


def from_plain(kind: str, value: Any) -> Any:
    """A stored value back from its JSON form."""
    if value is None:
        return None
    if kind in ("money", "number", "share"):
        return Decimal(str(value))
    if kind == "date":
        return date.fromisoformat(value)
    return value


def same(new: Any, old: Any) -> bool:
    """Equal as stored: 1 and 1.0000 are the same amount; nothing and an empty text are the same."""
    if new == old or (new in (None, "") and old in (None, "")):
        return True
    if isinstance(new, Decimal) or isinstance(old, Decimal):
        return new is not None and old is not None and round(Decimal(new), 6) == round(Decimal(old), 6)
    return bool(new == old)
