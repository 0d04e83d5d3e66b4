"""Tables: their declarations and their rows as the records stand."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Q
from django.db.models.functions import Cast
from django.http import HttpRequest
from ninja import Router

from liantu.api.main import Id, Name, Page, Size, Where, column_json, conditions, plain
from liantu.kernel.access import visible_columns
from liantu.kernel.columns import Column, Table
from liantu.kernel.problems import UserError
from liantu.kernel.tables import all_tables, model_of, table_of

router = Router(tags=["tables"])


@router.get("/tables", summary="All tables with their row counts")
def tables(request: HttpRequest) -> dict[str, Any]:
    """Every declared table."""
    return {"tables": [{"name": name, "zh": t.zh, "en": t.en, "room": t.room, "key": list(t.key), "rows": model_of(name).objects.count()} for name, t in all_tables().items()]}


@router.get("/tables/{table}", summary="Declaration of one table")
def table(request: HttpRequest, table: Name) -> dict[str, Any]:
    """Words, units, choices and secrecy of every column that the person may see."""
    declared = table_of(table)
    return {"name": table, "zh": declared.zh, "en": declared.en, "help": declared.help, "key": list(declared.key), "room": declared.room,
            "columns": [column_json(c) for c in visible_columns(request.user, declared.columns)]}


@router.get("/tables/{table}/rows", summary="Rows of one table")
def rows(request: HttpRequest, table: Name, where: Where = [], page: Page = 1, size: Size = 100) -> dict[str, Any]:  # noqa: B006
    """Rows as the records stand now (not an edition), by id. Money is 万元 as exact text."""
    declared = table_of(table)
    columns = visible_columns(request.user, declared.columns)
    found = _filtered(declared, columns, where)
    start = (page - 1) * size
    return {"table": table, "total": found.count(), "page": page, "size": size, "rows": [_row(r, columns) for r in found[start:start + size]]}


@router.get("/tables/{table}/rows/{id}", summary="One row with its revision")
def row(request: HttpRequest, table: Name, id: Id) -> dict[str, Any]:
    """One row of a table."""
    found = model_of(table).objects.filter(pk=id).first()
    if found is None:
        raise UserError(f"「{table_of(table).zh}」里没有编号 {id} 的行。", code="unknown-record")
    return _row(found, visible_columns(request.user, table_of(table).columns)) | {"revision": found.revision}


def _filtered(table: Table, columns: list[Column], where: list[str]) -> Any:
    found = model_of(table.name).objects.order_by("id")
    for number, (column, value) in enumerate(conditions(where, columns)):
        attribute = f"{column.name}_id" if column.reference else column.name
        if value == "":
            found = found.filter(Q(**{f"{attribute}__isnull": True}))
        elif column.kind == "flag":
            found = found.filter(**{attribute: value.lower() in ("true", "1", "是")})
        elif column.kind in ("money", "number", "share", "integer", "year", "reference", "date"):
            found = found.annotate(**{f"_c{number}": Cast(attribute, CharField())}).filter(**{f"_c{number}": value})
        else:
            found = found.filter(**{attribute: value})
    return found


def _row(record: Any, columns: list[Column]) -> dict[str, Any]:
    return {"id": record.pk, **{c.name: plain(getattr(record, f"{c.name}_id" if c.reference else c.name)) for c in columns}}
