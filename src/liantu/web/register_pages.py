"""The registers: every table as a list, a page per row with its history, one form, and an empty Excel template."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods

from liantu.chains.follow import follow
from liantu.kernel.access import may_write, require_write, visible_columns
from liantu.kernel.batch import existing_values
from liantu.kernel.columns import Column, Table
from liantu.kernel.history import changes_of
from liantu.kernel.tables import all_tables, model_of, table_of
from liantu.web import register_form
from liantu.web.answers import answered, download, tell, writers_only
from liantu.web.cells import captions, captions_for, page_of, record_of, show
from liantu.web.desk_view import change_views
from liantu.web.formats import heading, words

IN_LIST = 9
NOT_LISTED = ("long_text", "words")
SEARCHED = ("name", "text", "code", "uscc", "words", "month")
SECRECY = {"public": "公开", "internal": "内部", "confidential": "保密"}


@require_GET
@answered
def registers(request: HttpRequest) -> HttpResponse:
    """All tables with how many rows they hold."""
    tables = [{"table": t, "count": model_of(name).objects.count(), "importable": getattr(model_of(name).Table, "importable", True), "by_hand": register_form.by_hand(name)} for name, t in all_tables().items()]
    return render(request, "register/registers.html", {"tables": tables, "may_write": may_write(request.user)})


def listed_columns(table: Table, user: Any) -> list[Column]:
    """The columns of a list: the first ones that are short enough to stand beside each other."""
    columns = [c for c in visible_columns(user, table.columns) if c.kind not in NOT_LISTED]
    return columns[:IN_LIST]


def asked_words(request: HttpRequest) -> str:
    """What is searched for."""
    return request.GET.get("q", "").strip()[:100]


@require_GET
@answered
def register(request: HttpRequest, table: str) -> HttpResponse:
    """The rows of one table, searched and paged."""
    declared = table_of(table)
    asked = asked_words(request)
    rows = search(declared, asked, request.user)
    page = page_of(request, rows, 50)
    columns = listed_columns(declared, request.user)
    values = [{"id": r.pk, **{c.name: getattr(r, f"{c.name}_id" if c.reference else c.name) for c in columns}} for r in page.object_list]
    names = captions_for(columns, values)
    shown = [{"id": v["id"], "cells": [(c, show(v[c.name], c, names)) for c in columns]} for v in values]
    return render(request, "register/register.html", {"table": declared, "columns": columns, "rows": shown, "page": page, "q": asked,
                                                      "may_write": may_write(request.user) and register_form.by_hand(table)})


def search(table: Table, asked: str, user: Any) -> Any:
    """Rows in which one of the short text columns (or the name of what a row refers to) contains the words asked for."""
    model = model_of(table.name)
    rows = model.objects.order_by("id")
    if not asked:
        return rows
    found = Q()
    for column in visible_columns(user, table.columns):
        if column.kind in SEARCHED:
            found |= Q(**{f"{column.name}__icontains": asked})
        elif column.reference:
            caption = getattr(model_of(column.reference).Table, "caption", None) or table_of(column.reference).key[0]
            if table_of(column.reference).column(caption).reference is None:
                found |= Q(**{f"{column.name}__{caption}__icontains": asked})
        elif column.kind == "year" and asked.isdigit() and len(asked) == 4:
            found |= Q(**{column.name: int(asked)})
    if any(f.name == "initials" for f in model._meta.fields):
        found |= Q(initials__icontains=asked.lower())
    if asked.startswith("#") and asked[1:].isdigit() and len(asked) < 19:
        found |= Q(pk=int(asked[1:]))
    return rows.filter(found)


@require_GET
@answered
def names(request: HttpRequest, table: str) -> JsonResponse:
    """Names while typing, for reference fields."""
    declared = table_of(table)
    asked = asked_words(request)
    caption = getattr(model_of(table).Table, "caption", None) or declared.key[0]
    if caption not in {c.name for c in visible_columns(request.user, declared.columns)}:
        return JsonResponse({"names": []})
    found = search(declared, asked, request.user).exclude(**{caption: None}).values_list(caption, flat=True)[:20]
    return JsonResponse({"names": [str(n) for n in found]}, json_dumps_params={"ensure_ascii": False})


@require_http_methods(["GET", "POST"])
@answered
def record(request: HttpRequest, table: str, pk: int) -> HttpResponse:
    """One row: all its columns, its history, and the form to change it."""
    declared = table_of(table)
    row = record_of(table, pk)
    form = None
    if request.method == "POST":
        require_write(request.user)
        form = register_form.posted(table, row.pk, request.POST, request.user)
        batch = register_form.save(form, request.user)
        if batch is not None:
            messages.success(request, f"已保存（批次 {batch.number}）。")
            tell(request, follow(batch, by=request.user))
            return redirect("record", table=table, pk=row.pk)
        if not form.wrong:
            messages.info(request, "没有改动，没有保存。")
            return redirect("record", table=table, pk=row.pk)
    elif may_write(request.user) and register_form.by_hand(table):
        form = register_form.filled(table, row.pk, request.user)
    values = existing_values(table, row.pk)
    columns = visible_columns(request.user, declared.columns)
    texts = captions_for(columns, [values])
    lines = [(c, show(values[c.name], c, texts), values[c.name] if c.reference else None, SECRECY[c.secrecy]) for c in columns]
    changes = changes_of(table, row.pk)
    history = list(zip(changes, change_views(changes, lambda cs: visible_columns(request.user, cs)), strict=True))[::-1]
    caption = captions(table, [row.pk]).get(row.pk) or f"#{row.pk}"
    status = 409 if form and form.message and request.method == "POST" else 400 if form and form.wrong else 200
    return render(request, "register/record.html", {"table": declared, "row": row, "lines": lines, "history": history, "form": form, "caption": caption,
                                                    "editing": request.method == "POST", "hidden": len(declared.columns) - len(columns)}, status=status)


@require_http_methods(["GET", "POST"])
@writers_only
def new(request: HttpRequest, table: str) -> HttpResponse:
    """An empty form; saved, it is a row of its own batch."""
    declared = table_of(table)
    register_form.refuse_by_hand(table)
    form = register_form.blank(table, request.user)
    if request.method == "POST":
        form = register_form.posted(table, None, request.POST, request.user)
        batch = register_form.save(form, request.user)
        if batch is not None:
            messages.success(request, f"已登记（批次 {batch.number}）。")
            tell(request, follow(batch, by=request.user))
            return redirect("record", table=table, pk=batch.changes.get().record)
    return render(request, "register/new.html", {"table": declared, "form": form}, status=400 if form.wrong else 200)


@require_GET
@answered
def template(request: HttpRequest, table: str) -> HttpResponse:
    """The table's empty Excel template."""
    from liantu.web.register_template import template_workbook

    return download(template_workbook(table), f"{table_of(table).zh}_模板.xlsx")


@require_GET
@answered
def declaration(request: HttpRequest, table: str) -> HttpResponse:
    """What a table's columns mean: words, unit, secrecy, limits."""
    declared = table_of(table)
    return render(request, "register/declaration.html", {"table": declared, "columns": [(c, heading(c), SECRECY[c.secrecy], table_of(c.reference).zh if c.reference else "") for c in declared.columns],
                                                         "title": words(declared)})


urlpatterns = [
    path("register/", registers, name="registers"),
    path("register/<str:table>/", register, name="register"),
    path("register/<str:table>/new", new, name="record_new"),
    path("register/<str:table>/names", names, name="register_names"),
    path("register/<str:table>/template", template, name="register_template"),
    path("register/<str:table>/columns", declaration, name="register_columns"),
    path("register/<str:table>/<int:pk>/", record, name="record"),
]
