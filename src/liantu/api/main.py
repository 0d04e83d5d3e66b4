"""The JSON API: the same tables, outputs, editions, imports and undo as the pages, for programs. Session sign-in and CSRF token."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Path, Query
from ninja.errors import ValidationError
from ninja.security import django_auth

from liantu.kernel.access import edition_numbered
from liantu.kernel.columns import Column
from liantu.kernel.edition import Edition, open_edition
from liantu.kernel.problems import UserError

api = NinjaAPI(title="liantu 链图", version="1", description="Tables, outputs, editions and imports of a liantu site.", auth=django_auth, docs_url=None, openapi_url="/openapi.json")

Name = Annotated[str, Path(max_length=100)]
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Page = Annotated[int, Query(ge=1, le=1_000_000, description="page, from 1")]
Size = Annotated[int, Query(ge=1, le=500, description="rows per page")]
Number = Annotated[str | None, Query(max_length=40, description="edition number; the newest when left out")]
Version = Annotated[str, Query(max_length=20, description="internal, department or public, never above your right; your fullest when left out")]
Where = Annotated[list[str], Query(description="column:value, may be given several times")]


def http_status(error: UserError) -> int:
    """The HTTP status that says the same as an error's code."""
    if error.code.startswith("unknown-") or error.code == "no-edition":
        return 404
    if error.code in ("read-only", "not-visible", "not-in-version"):
        return 403
    return 409 if error.exit_code == 3 else 400


@api.exception_handler(UserError)
def on_user_error(request: HttpRequest, error: UserError) -> HttpResponse:
    """Errors in words: ``code`` is stable, ``hint`` says what to do next."""
    return api.create_response(request, {"code": error.code, "message": error.message, "hint": error.hint}, status=http_status(error))


@api.exception_handler(ValidationError)
def on_bad_request(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A request that does not fit the schema: every part that is wrong."""
    parts = ["{}: {}".format(".".join(str(p) for p in e.get("loc", ())), e.get("msg", "")) for e in error.errors]
    return api.create_response(request, {"code": "bad-request", "message": "请求的参数不对。", "hint": "；".join(parts)[:2000]}, status=422)


def edition_asked(number: str | None) -> Edition:
    """The edition named, else the newest."""
    return edition_numbered(number) if number else open_edition()


def plain(value: Any) -> Any:
    """A value as JSON holds it: exact decimals as text, days as ISO text, no NaN."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value


def column_json(column: Column) -> dict[str, Any]:
    """A column's declaration."""
    return {"name": column.name, "zh": column.zh, "en": column.en, "kind": column.kind, "unit": column.unit, "required": column.required, "reference": column.reference,
            "secrecy": column.secrecy, "source_limit": column.source_limit, "help": column.help, "choices": [{"value": c.value, "zh": c.zh, "en": c.en} for c in column.choices]}


def conditions(where: Iterable[str], columns: Iterable[Column]) -> list[tuple[Column, str]]:
    """``column:value`` parts, for columns that the person may see."""
    known = {c.name: c for c in columns}
    found = []
    for part in where:
        name, colon, value = part.partition(":")
        if not colon or name not in known:
            raise UserError(f"条件「{part[:60]}」看不懂。", code="bad-condition", hint="写成 列:值；可用的列：" + "、".join(known))
        found.append((known[name], value))
    return found
