"""The import desk: a file comes in, is read and shown with all its problems, and is saved only when a person accepts it."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from liantu.kernel.batch import SHEET_NAME, write, writing
from liantu.kernel.home import folder, write_atomic
from liantu.kernel.intake import Reading, read_tables
from liantu.kernel.models import Batch, Draft, Remembered, StoredFile
from liantu.kernel.pause import collection_paused
from liantu.kernel.plan import Plan, make_plan
from liantu.kernel.plan_fit import storable
from liantu.kernel.problems import Problem, Refused, UserError
from liantu.kernel.sheets import Workbook, read_workbook
from liantu.kernel.tables import importable_tables, sheet_table

Progress = Callable[[int, int], None]
KEPT_ROWS = 150_000  # rows of readings kept in memory, about 2 KB each
_readings: dict[tuple[str, str, str | None, str], Reading] = {}
_lock = threading.Lock()


@dataclass
class Opened:
    """A draft as the clerk sees it: what was read, what accepting would do, and all problems in sheet order."""

    draft: Draft
    reading: Reading
    plan: Plan

    @property
    def problems(self) -> list[Problem]:
        """Problems of the reading and of meeting the register, file order, errors first inside a row."""
        every = [*self.reading.problems, *self.plan.problems]
        order = {"error": 0, "warning": 1, "info": 2}
        return sorted(every, key=lambda p: (p.sheet, p.row or 0, order[p.severity]))

    @property
    def good(self) -> int:
        return len(self.reading.rows) - len(self.plan.bad)


def store_file(data: bytes, name: str, kind: str = "") -> StoredFile:
    """Keep a file by its content; the same content is kept once."""
    digest = hashlib.sha256(data).hexdigest()
    path = file_path(digest)
    if not path.exists():
        write_atomic(path, data)
    stored, _ = StoredFile.objects.get_or_create(sha256=digest, defaults={"name": Path(name).name[:255], "size": len(data), "kind": kind})
    return stored


def file_path(sha256: str) -> Path:
    """Where a stored file lies."""
    return folder("files") / sha256


@lru_cache(maxsize=4)
def workbook_of(sha256: str, name: str) -> Workbook:
    """The cells of a stored file."""
    return read_workbook(file_path(sha256).read_bytes(), name)


def open_draft(data: bytes, name: str, *, by: Any = None, as_table: str | None = None) -> Draft:
    """Take a file on the desk. Raises UserError for files that cannot be read; saves no record."""
    if as_table is not None:
        sheet_table(as_table)
    name = storable(Path(name).name)
    book = read_workbook(data, name)
    stored = store_file(data, name, book.kind)
    return Draft.objects.create(file=stored, by=by, as_table=as_table, corrections={}, summary={"name": name})


def memory() -> dict[str, dict[str, str | None]]:
    """What persons decided about headers, by table."""
    known: dict[str, dict[str, str | None]] = {}
    for table, header, column in Remembered.objects.values_list("table", "header", "column"):
        known.setdefault(table, {})[header] = column
    return known


def read_draft(draft: Draft, *, progress: Progress | None = None) -> Reading:
    """Read a draft's file with the corrections made so far and all that is remembered; equal questions are read once."""
    name = draft.summary.get("name") or draft.file.name
    remembered = memory()
    question = (draft.file_id, name, draft.as_table, json.dumps([remembered, draft.corrections], sort_keys=True))
    with _lock:
        reading = _readings.get(question)
    if reading is None:
        book = workbook_of(draft.file_id, name)
        with collection_paused():
            reading = read_tables(book, importable_tables(), memory=remembered, as_table=draft.as_table, corrections=draft.corrections or None, progress=progress)
        with _lock:
            _readings[question] = reading
            while sum(len(r.rows) for r in _readings.values()) > KEPT_ROWS and len(_readings) > 1:
                _readings.pop(next(iter(_readings)))
    if not reading.layouts:
        why = "；".join(f"{sheet}：{reason}" for sheet, reason in reading.skipped_sheets) or "没有认出任何数据表"
        raise UserError(f"「{name}」里没有找到可以导入的表（{why}）。", code="no-table", hint="请确认表头行，或用 --as 指明是哪一种表。")
    return reading


def tables_in(draft: Draft) -> list[str]:
    """The tables that a draft's sheets look like, from headers alone: cheap, for putting files in order."""
    from liantu.kernel.headers import guess_layout

    name = draft.summary.get("name") or draft.file.name
    remembered, tables = memory(), importable_tables()
    sheets = [s for s in workbook_of(draft.file_id, name).sheets if s.rows and not s.hidden]
    found = (guess_layout(s, tables, file_name=name, memory=remembered, as_table=draft.as_table, corrections=(draft.corrections or {}).get(s.name)) for s in sheets)
    return list(dict.fromkeys(la.table for la in found if la is not None))


def inspect(draft: Draft, *, progress: Progress | None = None) -> Opened:
    """Read and plan without saving anything."""
    reading = read_draft(draft, progress=progress)
    return Opened(draft, reading, make_plan(reading))


def correct(draft: Draft, sheet: str, header: str, column: str | None, *, by: Any = None) -> None:
    """A person says which column a header means (None: take it not at all); remembered for that kind of sheet."""
    from liantu.kernel.headers import normal_header

    layout = next((la for la in read_draft(draft).layouts if la.sheet == sheet), None)
    if layout is None:
        raise UserError(f"没有工作表「{sheet}」。", code="unknown-sheet")
    if column is not None:
        sheet_table(layout.table).column(column)
    corrections = dict(draft.corrections)
    corrections[sheet] = {**corrections.get(sheet, {}), header: column}
    draft.corrections = corrections
    draft.save(update_fields=["corrections"])
    Remembered.objects.update_or_create(table=layout.table, header=normal_header(header)[:200], defaults={"column": column, "by": by})


def accept(draft: Draft, *, by: Any = None, good_only: bool = False, note: str | None = None, progress: Progress | None = None,
           told: Callable[[Plan], None] | None = None) -> Batch | None:
    """Save a draft as one batch, or nothing at all. Returns None when the register already says all of it.

    With errors in the sheet, refuses unless ``good_only`` (then the good rows go in and the others stay listed).
    ``told`` is called with the plan after it was written, before the transaction ends.
    """
    reading = read_draft(draft, progress=progress)
    with writing():
        draft = Draft.objects.select_for_update().get(pk=draft.pk)
        if draft.state != "open":
            raise Refused("这份表已经处理过了。", code="draft-closed")
        plan = make_plan(reading)
        errors = sum(1 for p in [*reading.problems, *plan.problems] if p.severity == "error")
        if plan.bad and not good_only:
            raise Refused(f"还有 {len(plan.bad)} 行有错（共 {errors} 处），没有保存任何内容。", code="has-errors", hint="请改正后再导入，或选择「只导入无误的行」。")
        batch = None
        if plan.rows:
            batch = Batch.objects.create(kind="import", by=by, file=draft.file, note=note and note[:200], layouts=storable(_layouts(reading)))
            write(batch, plan.rows)
        if told:
            told(plan)
        draft.state = "accepted"
        draft.summary = {**draft.summary, "rows": len(reading.rows), "bad": len(plan.bad), "unchanged": plan.unchanged, "batch": batch.pk if batch else None}
        draft.save(update_fields=["state", "summary"])
    return batch


def discard(draft: Draft) -> None:
    """Put a draft aside; the file stays stored."""
    draft.state = "discarded"
    draft.save(update_fields=["state"])


def _layouts(reading: Reading) -> dict[str, Any]:
    from liantu.kernel.sheets import cell_name

    return {la.sheet[:SHEET_NAME]: {"table": la.table, "unit": la.unit, "context": la.context, "context_from": la.context_from, "fingerprint": la.fingerprint, "file": reading.file,
                       "columns": {g.column: {"letter": cell_name(0, g.index)[:-1], "header": g.source, "unit": g.unit, "why": g.why} for g in la.guesses if g.column}}
            for la in reading.layouts}
