"""Outputs and editions: figures on an edition, with the road back to the rows and cells that made them."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpRequest
from ninja import Router

from liantu.api.main import Name, Number, Page, Size, Version, Where, column_json, conditions, edition_asked, plain
from liantu.kernel.access import edition_numbered, released, version_for, visible_columns
from liantu.kernel.edition import Edition, list_editions
from liantu.kernel.history import locate
from liantu.kernel.models import Change
from liantu.kernel.output import Output, Result, outputs, shows
from liantu.kernel.passport import agreement, find, passport_id, why
from liantu.kernel.tables import table_of

router = Router(tags=["outputs"])
WHY_ROWS = 200


@router.get("/outputs", summary="All outputs")
def output_list(request: HttpRequest) -> dict[str, Any]:
    """Maps, lists, indicators and warnings with what each tells whom."""
    return {"outputs": [_described(o, request) for o in outputs().values()]}


def _described(output: Output, request: HttpRequest) -> dict[str, Any]:
    return {"name": output.name, "kind": output.kind, "zh": output.zh, "en": output.en, "doc": output.doc, "room": output.room, "key": list(output.key),
            "inputs": output.inputs, "columns": [column_json(c) for c in output.columns if shows(version_for(request.user), c)]}


@router.get("/outputs/{name}", summary="Rows of an output on an edition")
def output_rows(request: HttpRequest, name: Name, edition: Number = None, where: Where = [], version: Version = "", page: Page = 1, size: Size = 100) -> dict[str, Any]:  # noqa: B006
    """Rows with their key and passport number; money is 万元, shares are 0–1. ``_withheld`` names figures kept back so that no single firm's can be told."""
    opened = edition_asked(edition)
    whole = released(request.user, name, opened, version)
    found = whole.where({c.name: v for c, v in conditions(where, whole.columns)})
    rows = [_row(found, r) for r in found.frame.slice((page - 1) * size, size).iter_rows(named=True)]
    return {"output": _described(whole.output, request), "version": whole.version, "edition": _edition(opened), "total": found.frame.height, "page": page, "size": size, "rows": rows}


def _row(result: Result, row: dict[str, Any]) -> dict[str, Any]:
    key = result.key_of(row)
    withheld = [c.name for c in result.columns if (key, c.name) in result.hidden]
    return {**{c.name: plain(row[c.name]) for c in result.columns}, "_key": key, "_passport": passport_id(result.output.name, key, result.edition.number),
            **({"_withheld": withheld} if withheld else {})}


@router.get("/outputs/{name}/why/{path:key}", summary="Why a row is so: rules, input rows, cells")
def output_why(request: HttpRequest, name: Name, key: str, edition: Number = None, check: bool = False) -> dict[str, Any]:
    """The passport of one row. ``check`` computes it again from its own rows and says whether it is equal."""
    passport = why(name, key, edition_asked(edition))
    seen = [c.name for c in visible_columns(request.user, passport.output.columns)]
    answer: dict[str, Any] = {
        "passport": passport.id, "output": name, "key": key, "edition": _edition(passport.edition), "row": {c: plain(passport.row[c]) for c in seen},
        "rules": [{"name": r.name, "zh": r.zh, "basis": r.basis, "since": r.since.isoformat(), "source": r.source, "value": plain(r.value)} for r in passport.rules.values()],
        "inputs": [_input(request, table, frame, passport.edition) for table, frame in passport.rows.items()]}
    if check:
        answer["equal"] = agreement(passport, seen).equal
    return answer


@router.get("/passports/{code}", summary="What a printed code stands for")
def passport_of(request: HttpRequest, code: str, edition: Number = None) -> dict[str, Any]:
    """Edition, output, key and column (null for a whole row) of a printed code; small letters, spaces and O for 0 are mended."""
    return find(code, edition_asked(edition) if edition else None)._asdict()


def _input(request: HttpRequest, table: str, frame: pl.DataFrame, edition: Edition) -> dict[str, Any]:
    columns = [c.name for c in visible_columns(request.user, table_of(table).columns) if c.name in frame.columns]
    rows = [{k: plain(v) for k, v in r.items()} for r in frame.head(WHY_ROWS).select(["id", *columns]).iter_rows(named=True)]
    changes = Change.objects.filter(table=table, record__in=[r["id"] for r in rows], id__lte=edition.manifest.last_change).select_related("batch", "batch__file", "batch__by")
    origins: dict[int, dict[str, Any]] = {}
    for change in changes.order_by("id"):
        for column in change.after or {}:
            if column in columns:
                origins.setdefault(change.record, {})[column] = _origin(change, column)
    return {"table": table, "total": frame.height, "rows": [r | {"_origins": origins.get(r["id"], {})} for r in rows]}


def _origin(change: Change, column: str) -> dict[str, Any]:
    sheet, cell, header = locate(change, column)
    batch = change.batch
    return {"batch": batch.number, "at": batch.at.isoformat(timespec="seconds"), "by": batch.by.get_username() if batch.by else None,
            "file": batch.file.name if batch.file else None, "sheet": sheet, "cell": cell, "header": header}


@router.get("/editions", summary="All editions, newest first", tags=["editions"])
def editions(request: HttpRequest, page: Page = 1, size: Size = 100) -> dict[str, Any]:
    """Formal and working editions."""
    found = list(reversed(list_editions()))
    start = (page - 1) * size
    return {"total": len(found), "page": page, "size": size, "editions": [_edition(edition_numbered(m.number)) for m in found[start:start + size]]}


def _edition(edition: Edition) -> dict[str, Any]:
    m = edition.manifest
    return {"number": m.number, "kind": m.kind, "as_of": m.as_of, "created_at": m.created_at, "approver": m.approver, "note": m.note, "synthetic": m.synthetic,
            "content": m.content, "label": edition.label(), "tables": {name: t["rows"] for name, t in m.tables.items()}}
