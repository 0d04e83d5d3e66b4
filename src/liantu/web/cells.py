"""Stored values as words on a page: money with thousands, shares as per cent, choices and references by their names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.paginator import Paginator

from liantu.kernel.captions import caption_column
from liantu.kernel.columns import Column
from liantu.kernel.problems import UserError
from liantu.kernel.tables import model_of, table_of
from liantu.web.context import say
from liantu.web.formats import choice_words

NOTHING = "—"
Captions = dict[str, dict[int, str]]


def captions(table: str, ids: Iterable[Any]) -> dict[int, str]:
    """What to call each row; figures of a firm are led by the firm that they belong to."""
    wanted = sorted({int(i) for i in ids if i is not None})
    declared = table_of(table)
    first = declared.column(declared.key[0]) if declared.key else None
    lead = first if first is not None and first.reference and first.reference != table else None
    wordy = lead is not None and declared.column(caption_column(table)).kind in ("long_text", "text")
    names = ["id", caption_column(table), *([f"{lead.name}_id"] if lead else [])]
    found: dict[int, str] = {}
    owners: dict[int, int] = {}
    for start in range(0, len(wanted), 500):
        for pk, text, *owner in model_of(table).objects.filter(pk__in=wanted[start:start + 500]).values_list(*names):
            found[pk] = "" if wordy else str(text)[:60] if text not in (None, "") else NOTHING
            if owner and owner[0]:
                owners[pk] = owner[0]
    if lead is not None and owners:
        names_of = captions(str(lead.reference), owners.values())
        found = {pk: f"{names_of.get(owners.get(pk, 0), '')} {text}".strip() for pk, text in found.items()}
    return found


def captions_for(columns: Iterable[Column], rows: Iterable[dict[str, Any]]) -> Captions:
    """Names of all rows that the reference columns of ``rows`` mean, one query per referenced table."""
    rows = list(rows)
    found: Captions = {}
    for column in columns:
        if column.reference:
            ids = {row.get(column.name) for row in rows} - {None}
            found.setdefault(column.reference, {}).update(captions(column.reference, ids))
    return found


def number_text(value: Any, places: int | None = None) -> str:
    """A number with thousands separators and no needless zeros."""
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not exact.is_finite():
        return NOTHING
    if places is not None:
        exact = round(exact, places)
    text = f"{exact:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def show(value: Any, column: Column | None = None, names: Captions | None = None) -> str:
    """One value in words. ``names`` gives the captions of references (see :func:`captions_for`)."""
    if value is None or value == "":
        return NOTHING
    if column is None:
        return str(value)
    if column.kind == "flag":
        return {"True": say("是", "Yes"), "False": say("否", "No")}.get(str(value), str(value))
    if column.kind == "choice":
        return choice_words(column, value)
    if column.kind == "share":
        try:
            return f"{number_text(Decimal(str(value)) * 100, 2)}%"
        except InvalidOperation:
            return str(value)
    if column.kind in ("money", "number"):
        return number_text(value, 4)
    if column.kind == "integer" and column.unit != "号":
        return number_text(value)
    if column.reference and str(value).isdigit():
        return (names or {}).get(column.reference, {}).get(int(value)) or f"#{value}"
    if isinstance(value, (list, tuple)):
        return "、".join(str(v) for v in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def whole_number(text: Any, default: int = 1, least: int = 1, most: int = 10_000_000) -> int:
    """A number out of an address; anything odd is the default."""
    try:
        return max(least, min(most, int(str(text))))
    except (TypeError, ValueError):
        return default


def page_of(request: Any, items: Any, size: int = 50, name: str = "page") -> Any:
    """The page asked for, never an error: a number too large is the last page. ``query`` keeps the other filters."""
    page = Paginator(items, size).get_page(whole_number(request.GET.get(name)))
    kept = request.GET.copy()
    kept.pop(name, None)
    page.query, page.name = f"{kept.urlencode()}&" if kept else "", name
    return page


def record_of(table: str, record: int) -> Any:
    """A row of the records, or words saying that it is not there."""
    found = model_of(table).objects.filter(pk=min(record, 2**63 - 1)).first()
    if found is None:
        raise UserError(f"「{table_of(table).zh}」里没有编号 {record} 的行。", code="unknown-record", hint="可能已被撤销。")
    return found
