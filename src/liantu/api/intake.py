"""Imports and undo: a file becomes a draft with its problems; accepting makes a batch; a batch can be taken back."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from liantu.api.main import Id, plain
from liantu.chains.follow import follow, take_back
from liantu.kernel.access import require_write
from liantu.kernel.desk import accept, inspect, open_draft
from liantu.kernel.models import Batch, Draft
from liantu.kernel.problems import Problem, UserError

router = Router(tags=["import"])
PROBLEMS = 1000


class AcceptIn(Schema):
    """How to accept a draft: everything, or only the rows without errors."""

    good_only: bool = False
    note: Annotated[str | None, Field(max_length=200)] = None


class UndoIn(Schema):
    """Why a batch is taken back."""

    note: Annotated[str | None, Field(max_length=200)] = None


@router.post("/import", summary="Open a file on the import desk; saves no record")
def import_file(request: HttpRequest, file: File[UploadedFile], as_table: Annotated[str | None, Form(max_length=100)] = None) -> dict[str, Any]:
    """What was understood and all problems (the first 1,000), as a draft to accept."""
    require_write(request.user)
    draft = open_draft(file.read(), file.name or "file", by=request.user, as_table=as_table or None)
    return _summary(draft)


@router.get("/import/{draft}", summary="A draft: what was understood and what is wrong")
def show_draft(request: HttpRequest, draft: Id) -> dict[str, Any]:
    """The same answer as opening the file."""
    require_write(request.user)
    return _summary(_draft(draft))


def _draft(pk: int) -> Draft:
    found = Draft.objects.select_related("file").filter(pk=pk).first()
    if found is None:
        raise UserError(f"没有编号 {pk} 的待导入文件。", code="unknown-draft")
    return found


def _summary(draft: Draft) -> dict[str, Any]:
    opened = inspect(draft)
    sheets = [{"sheet": la.sheet, "table": la.table, "unit": la.unit, "context": plain(dict(la.context)),
               "columns": [{"header": g.source, "index": g.index, "column": g.column, "unit": g.unit, "how": g.how, "why": g.why, "confidence": g.confidence} for g in la.guesses]}
              for la in opened.reading.layouts]
    problems = opened.problems
    return {"draft": draft.pk, "file": draft.summary.get("name"), "sha256": draft.file_id, "state": draft.state, "rows": len(opened.reading.rows), "bad_rows": len(opened.plan.bad),
            "will": {**opened.plan.counts(), "unchanged": opened.plan.unchanged}, "sheets": sheets, "skipped": [list(s) for s in opened.reading.skipped_sheets],
            "problem_count": len(problems), "problems": [_problem(p) for p in problems[:PROBLEMS]]}


def _problem(problem: Problem) -> dict[str, Any]:
    return {"code": problem.code, "severity": problem.severity, "sheet": problem.sheet, "row": problem.row, "cell": problem.cell, "column": problem.column, "seen": problem.seen,
            "message": problem.message(), "hint": problem.hint()}


@router.post("/import/{draft}/accept", summary="Save a draft as one batch")
def accept_draft(request: HttpRequest, draft: Id, data: AcceptIn | None = None) -> dict[str, Any]:
    """All rows or nothing; with ``good_only`` the rows without errors. ``batch`` is null when the registers already say all of it."""
    require_write(request.user)
    asked = data or AcceptIn()
    batch = accept(_draft(draft), by=request.user, good_only=asked.good_only, note=asked.note or None)
    return {"draft": draft, "batch": _batch(batch), "notes": follow(batch, by=request.user)}


def _batch(batch: Batch | None) -> dict[str, Any] | None:
    if batch is None:
        return None
    return {"id": batch.pk, "number": batch.number, "kind": batch.kind, "created": batch.created, "updated": batch.updated, "deleted": batch.deleted, "at": batch.at.isoformat()}


@router.post("/batches/{id}/undo", summary="Take a batch back")
def undo_batch(request: HttpRequest, id: Id, data: UndoIn | None = None) -> dict[str, Any]:
    """Refused (409, with the reasons) while something later depends on the batch."""
    require_write(request.user)
    found = Batch.objects.filter(pk=id).first()
    if found is None:
        raise UserError(f"没有批次 {id}。", code="unknown-batch")
    reverse = take_back(found, by=request.user, note=(data.note if data else None) or None)
    return {"undone": found.number, "batch": _batch(reverse), "notes": follow(reverse, by=request.user)}
