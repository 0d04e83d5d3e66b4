"""Where a record's values came from: the change that set each column, and the very cell it was read from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from liantu.kernel.batch import SHEET_NAME
from liantu.kernel.columns import Column
from liantu.kernel.models import Batch, Change
from liantu.kernel.passport import Origin
from liantu.kernel.plan_fit import storable
from liantu.kernel.tables import table_of
from liantu.kernel.values import cell_text


def changes_of(table: str, record: int, *, upto: int | None = None) -> list[Change]:
    """All changes of one row, oldest first; ``upto`` stops at an edition's last change."""
    query = Change.objects.filter(table=table, record=record).select_related("batch", "batch__by", "batch__file").order_by("id")
    return list(query.filter(id__lte=upto) if upto is not None else query)


def origins(table: str, record: int, *, upto_change: int | None = None, columns: Iterable[str] | None = None) -> list[Origin]:
    """For each column of a row that has a value: the last change that set it and the cell it was read from."""
    return origins_of_many(table, [record], upto_change=upto_change, columns=columns)[record]


def origins_of_many(table: str, records: Sequence[int], *, upto_change: int | None = None, columns: Iterable[str] | None = None) -> dict[int, list[Origin]]:
    """:func:`origins` for many rows of one table with one query per 500 rows."""
    declared = {c.name: c for c in table_of(table).columns}
    wanted = set(columns) if columns is not None else set(declared)
    standing: dict[int, list[Change]] = {r: [] for r in records}
    for start in range(0, len(records), 500):
        query = Change.objects.filter(table=table, record__in=list(records[start:start + 500])).select_related("batch", "batch__by", "batch__file").order_by("id")
        if upto_change is not None:
            query = query.filter(id__lte=upto_change)
        for change in query:
            known = standing[change.record]
            if change.batch.kind == "undo":  # what an undo brings back was told by the change before the one taken back
                standing[change.record] = [c for c in known if c.batch_id != change.batch.undoes_id]
            else:
                known.append(change)
    setter = {r: {column: change for change in changes for column in change.after or {} if column in wanted} for r, changes in standing.items()}
    return {r: [_origin(declared[c], (found[c].after or {})[c], found[c]) for c in declared if c in found] for r, found in setter.items()}


def _origin(column: Column, value: Any, change: Change) -> Origin:
    batch: Batch = change.batch
    sheet, cell, header = locate(change, column.name)
    seen = seen_text(batch, sheet, cell) if cell else None
    layout = (batch.layouts or {}).get(change.sheet or "", {})
    return Origin(column.name, value, batch.number, batch.at.isoformat(timespec="seconds"), batch.by.get_username() if batch.by else None,
                  layout.get("file") or (batch.file.name if batch.file else None), sheet, cell, header, seen, note=batch.note or batch.get_kind_display())


def locate(change: Change, column: str) -> tuple[str | None, str | None, str | None]:
    """Sheet, cell and header of one column of a change. Values taken from a title or file name have no cell of their own."""
    if change.sheet is None or change.row is None:
        return None, None, None
    special = (change.cells or {}).get(column)
    if special and "!" in special:
        sheet, cell = special.rsplit("!", 1)
        return sheet, cell, _header(change, sheet, column)
    if special:
        return change.sheet, special, _header(change, change.sheet, column)
    entry = _entry(change, change.sheet, column)
    return change.sheet, f"{entry['letter']}{change.row}" if entry else None, entry["header"] if entry else None


def _entry(change: Change, sheet: str, column: str) -> dict[str, Any] | None:
    columns = (change.batch.layouts or {}).get(sheet, {}).get("columns", {})
    found = columns.get(column) or columns.get(f"{change.table}.{column}")
    return found if isinstance(found, dict) else None


def _header(change: Change, sheet: str, column: str) -> str | None:
    entry = _entry(change, sheet, column)
    return entry["header"] if entry else None


def seen_text(batch: Batch, sheet: str | None, cell: str) -> str | None:
    """The text of a cell as it stands in the stored file."""
    if batch.file_id is None or sheet is None:
        return None
    value = cell_value(batch.file_id, batch.file.name, sheet, cell)
    return None if value is None else cell_text(value)


def cell_value(sha256: str, name: str, sheet: str, cell: str) -> Any:
    """A cell of a stored file as the reader sees it; None when it is empty or outside the sheet."""
    from liantu.kernel.desk import workbook_of

    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    row = int(cell[len(letters):])
    for grid in workbook_of(sha256, name).sheets:
        if storable(grid.name)[:SHEET_NAME] == sheet and 0 < row <= len(grid.rows) and 0 < column <= len(grid.rows[row - 1]):
            return grid.rows[row - 1][column - 1]
    return None
