"""Editions: the list, a new formal one, looking at an old one, and what changed between any two."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from liantu.kernel.access import edition_numbered, may_write, visible_columns
from liantu.kernel.edition import Edition, Manifest, freeze, list_editions
from liantu.kernel.problems import UserError
from liantu.kernel.tables import all_tables
from liantu.web import edition_view
from liantu.web.answers import answered, writers_only
from liantu.web.cells import page_of
from liantu.web.current import SESSION_KEY, chosen_number

LENGTHS = {"number": 24, "approver": 60, "note": 200}


def rows_of(manifest: Manifest) -> int:
    """How many rows an edition holds."""
    return sum(int(t.get("rows", 0)) for t in manifest.tables.values())


@require_GET
@answered
def editions(request: HttpRequest) -> HttpResponse:
    """All editions, newest first, with the way to open, compare and make one."""
    kind = request.GET.get("kind", "")
    found = [m for m in reversed(list_editions()) if kind not in ("formal", "working") or m.kind == kind]
    page = page_of(request, [(m, rows_of(m)) for m in found], 40)
    newest = list_editions()[-1].number if list_editions() else None
    return render(request, "edition/editions.html", {"page": page, "kind": kind, "newest": newest, "chosen": chosen_number(request), "may_write": may_write(request.user),
                                                     "today": date.today().isoformat(), "total": len(found), "numbers": [m.number for m in reversed(list_editions())][:200]})


@require_GET
@answered
def edition_page(request: HttpRequest, number: str) -> HttpResponse:
    """One edition: what it is and which tables it holds."""
    edition = edition_numbered(number)
    words = all_tables()
    tables = [(words[name].zh if name in words else name, name, entry["rows"], entry["sha256"][:12]) for name, entry in edition.manifest.tables.items()]
    before = edition_view.formal_before(edition.manifest)
    return render(request, "edition/edition.html", {"manifest": edition.manifest, "label": edition.label(), "tables": tables, "rows": rows_of(edition.manifest), "before": before,
                                                    "chosen": chosen_number(request)})


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The new edition's number, day, approver and note, all checked."""
    said = {name: request.POST.get(name, "").strip() for name in (*LENGTHS, "as_of")}
    if not said["number"]:
        raise UserError("请填写版次号。", code="edition-number", hint="例如 2026-3.0。")
    for name, limit in LENGTHS.items():
        if len(said[name]) > limit:
            raise UserError(f"这一项超过 {limit} 个字。", code="too-long", hint="请缩短。")
    if not all(c.isalnum() or c in "-._" for c in said["number"]) or said["number"][0] in "W.":
        raise UserError(f"版次号「{said['number']}」不能用。", code="edition-number", hint="用字母、数字、横线和点，不以 W 或点开头，例如 2026-3.0。")
    if any(m.number == said["number"] for m in list_editions()):
        raise UserError(f"版次号 {said['number']} 已经用过。", code="edition-exists", hint="正式版次不能改写，请换一个号。")
    if not said["approver"]:
        raise UserError("请填写批准人。", code="edition-approver", hint="正式版次要写明谁批准。")
    try:
        day = date.fromisoformat(said["as_of"])
    except ValueError:
        raise UserError(f"数据截至日「{said['as_of']}」不是日期。", code="bad-date", hint="请写成 2026-10-31。") from None
    return {**said, "as_of": day}


@require_POST
@writers_only
def new_edition(request: HttpRequest) -> HttpResponse:
    """Check what was asked, show it once more, and make the edition when confirmed."""
    said = _asked(request)
    if request.POST.get("confirm") != "1":
        counts = [(t.zh, edition_view.count_of(name)) for name, t in all_tables().items()]
        return render(request, "edition/confirm.html", {"said": said, "day": said["as_of"].isoformat(), "counts": counts})
    made = freeze(number=said["number"], as_of=said["as_of"], approver=said["approver"], note=said["note"] or None)
    messages.success(request, f"已定版：{made.label()}，批准人 {said['approver']}。")
    return redirect("edition", number=made.number)


@require_POST
@answered
def open_for_session(request: HttpRequest) -> HttpResponse:
    """Show the whole site as this edition has it, until the visitor goes back."""
    edition = edition_numbered(request.POST.get("number", ""))
    request.session[SESSION_KEY] = edition.number
    messages.info(request, f"现在看到的是{edition.label()}。")
    return redirect("home")


@require_POST
@answered
def leave(request: HttpRequest) -> HttpResponse:
    """Back to the newest edition."""
    request.session.pop(SESSION_KEY, None)
    return redirect("editions")


@require_GET
@answered
def compare(request: HttpRequest) -> HttpResponse:
    """What changed between two editions: firms and other rows that entered, left, changed; nodes whose status changed and why."""
    numbers = request.GET.get("before", ""), request.GET.get("after", "")
    if not all(numbers):
        raise UserError("请选择要比较的两个版次。", code="two-editions", hint="在版次列表里选。")
    before, after = (edition_numbered(n) for n in numbers)
    if after.manifest.created_at < before.manifest.created_at:
        return redirect(f"{reverse('edition_compare')}?before={after.number}&after={before.number}")
    return render(request, "edition/compare.html", _compared(request, before, after))


def _compared(request: HttpRequest, before: Edition, after: Edition) -> dict[str, Any]:
    tables = edition_view.table_differences(before, after, lambda columns: visible_columns(request.user, columns))
    return {"before": before, "after": after, "before_label": before.label(), "after_label": after.label(), "tables": tables,
            "nodes": edition_view.status_changes(before, after), "same": before.manifest.content == after.manifest.content}


urlpatterns = [
    path("editions/", editions, name="editions"),
    path("editions/new", new_edition, name="edition_new"),
    path("editions/open", open_for_session, name="edition_open"),
    path("editions/leave", leave, name="edition_leave"),
    path("editions/compare", compare, name="edition_compare"),
    path("editions/<str:number>/", edition_page, name="edition"),
]
