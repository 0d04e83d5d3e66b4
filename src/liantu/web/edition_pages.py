"""Editions: the list, a new formal one, looking at an old one, and what changed between any two."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from liantu.kernel.access import edition_numbered, may_write, visible_columns
from liantu.kernel.edition import Edition, Manifest, formal_before, freeze, list_editions, open_edition
from liantu.kernel.problems import UserError
from liantu.kernel.tables import all_tables
from liantu.maps_and_lists.changes import Changes, changes
from liantu.web import edition_view
from liantu.web.answers import answered, writers_only
from liantu.web.cells import page_of
from liantu.web.context import language, say
from liantu.web.current import SESSION_KEY, chosen_number, current_edition
from liantu.web.formats import words

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
    """One edition: what it is, who approved it, which tables it holds."""
    edition = edition_numbered(number)
    known = all_tables()
    tables = [(words(known[name]) if name in known else name, name, entry["rows"], entry["sha256"][:12]) for name, entry in edition.manifest.tables.items()]
    before = formal_before(edition.manifest)
    return render(request, "edition/edition.html", {"manifest": edition.manifest, "label": edition.label(language()), "tables": tables, "rows": rows_of(edition.manifest), "before": before,
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
def open_as_of(request: HttpRequest) -> HttpResponse:
    """The page of the edition of a day: the newest whose figures reach no further than that day."""
    text = request.GET.get("day", "")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UserError(f"「{text[:20]}」不是日期。", code="bad-date", hint="请写成 2026-10-31。") from None
    return redirect("edition", number=open_edition(as_of=day).number)


def _two(request: HttpRequest) -> tuple[Edition, Edition]:
    """The two editions to compare: those asked for, else the one in view and the formal one before it, as the last meeting had it."""
    asked = request.GET.get("after", "")
    after = edition_numbered(asked) if asked else current_edition(request)
    number = request.GET.get("before", "")
    if number:
        return edition_numbered(number), after
    before = formal_before(after.manifest)
    if before is None:
        raise UserError("只有一个版次，还没有可以比较的。", code="one-edition", hint="再定一个版次之后，这里会列出变化。")
    return open_edition(before.number), after


@require_GET
@answered
def compare(request: HttpRequest) -> HttpResponse:
    """「自上次会议以来」 on one page: firms, nodes and why, projects, cases, policies and the head figures of two editions."""
    before, after = _two(request)
    chain = request.GET.get("chain") or None
    if after.manifest.created_at < before.manifest.created_at:
        turned = request.GET.copy()
        turned["before"], turned["after"] = after.number, before.number
        return redirect(f"{reverse('edition_compare')}?{turned.urlencode()}")
    found = edition_view.seen_by(request.user, changes(before, after, chain))
    columns, head = edition_view.head_of(found)
    groups = edition_view.groups_of(found, everything=request.GET.get("all") == "1")
    default = formal_before(after.manifest)
    query = f"before={quote(before.number)}&after={quote(after.number)}"
    return render(request, "edition/compare.html", {
        "before": before, "after": after, "changes": found, "same": found.empty, "columns": columns, "head": head, "groups": [g for g in groups if g.group.name not in ("figures", "records")],
        "figures": next((g for g in groups if g.group.name == "figures"), None), "records": next((g for g in groups if g.group.name == "records"), None),
        "chains": [(code, en if language() == "en" and en else zh) for code, zh, en in after.table("chain").select("code", "name", "name_en").iter_rows()], "chain": chain or "",
        "since": default is not None and default.number == before.number, "query": query, "counts": _counts(found), "cut": any(g.more for g in groups)})


def _counts(found: Changes) -> list[tuple[str, int]]:
    """How many changes of each kind, for the line at the head."""
    return [(say("企业进出", "Firms in and out"), len(found.firms_entered) + len(found.firms_left)), (say("换环节", "Changed node"), len(found.firms_moved)),
            (say("环节变了状态", "Nodes changed"), len(found.nodes_changed)), (say("项目新增", "New projects"), len(found.projects_new)), (say("项目动了", "Projects moved"), len(found.projects_moved)),
            (say("问题新提", "Cases opened"), len(found.cases_opened)), (say("问题办结", "Cases settled"), len(found.cases_closed)), (say("新超期", "Now overdue"), len(found.cases_overdue))]


@require_GET
@answered
def compare_records(request: HttpRequest) -> HttpResponse:
    """Every record that entered, left or changed between two editions, value by value."""
    before, after = _two(request)
    tables = edition_view.table_differences(before, after, lambda columns: visible_columns(request.user, columns))
    query = f"before={quote(before.number)}&after={quote(after.number)}"
    return render(request, "edition/records.html", {"before": before, "after": after, "tables": tables, "query": query})


urlpatterns = [
    path("editions/", editions, name="editions"),
    path("editions/new", new_edition, name="edition_new"),
    path("editions/open", open_for_session, name="edition_open"),
    path("editions/leave", leave, name="edition_leave"),
    path("editions/as-of", open_as_of, name="edition_as_of"),
    path("editions/compare", compare, name="edition_compare"),
    path("editions/compare/records", compare_records, name="edition_compare_records"),
    path("editions/<str:number>/", edition_page, name="edition"),
]
