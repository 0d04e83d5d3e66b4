"""The import desk: files in, drafts with everything that was understood and found, and the batches that were accepted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liantu.chains.follow import follow, take_back
from liantu.kernel import desk as kernel_desk
from liantu.kernel.access import may_write, require_write, visible_columns
from liantu.kernel.batch import dependants
from liantu.kernel.models import Batch, Draft
from liantu.kernel.problems import Refused, UserError
from liantu.kernel.tables import importable_tables, sheet_table
from liantu.web import desk_view, jobs
from liantu.web.answers import answered, download, tell, writers_only
from liantu.web.cells import page_of, whole_number
from liantu.web.context import language

RESULTS = "desk_results"
MANY_ROWS = 2000


@require_http_methods(["GET", "POST"])
@answered
def desk(request: HttpRequest) -> HttpResponse:
    """The desk: drop files, see what lies open, and what was accepted lately."""
    if request.method == "POST":
        require_write(request.user)
        return _take(request)
    drafts = Draft.objects.filter(state="open").select_related("file", "by").order_by("-pk")
    batches = Batch.objects.select_related("file", "by").order_by("-pk")[:8]
    return render(request, "desk/desk.html", {"results": request.session.pop(RESULTS, []), "drafts": drafts[:30], "open_count": drafts.count(), "batches": batches,
                                              "may_write": may_write(request.user), "tables": importable_tables()})


def _take(request: HttpRequest) -> HttpResponse:
    files = request.FILES.getlist("files")
    if not files:
        messages.warning(request, "还没有选择文件。")
        return redirect("desk")
    results = [_open(request, f) for f in files]
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    if len(results) == 1 and results[0]["draft"]:
        url = reverse("draft", args=[results[0]["draft"]])
    else:
        request.session[RESULTS] = results
        url = reverse("desk")
    return JsonResponse({"url": url, "results": results}) if wants_json else redirect(url)


def _open(request: HttpRequest, uploaded: Any) -> dict[str, Any]:
    """One file onto the desk; a file that cannot be read gets its plain answer and does not hold up the others."""
    answer: dict[str, Any] = {"name": uploaded.name, "draft": None, "message": "", "hint": "", "code": "", "earlier": None}
    try:
        draft = kernel_desk.open_draft(uploaded.read(), uploaded.name, by=request.user, as_table=request.POST.get("as_table") or None)
    except UserError as error:
        return {**answer, "message": error.message, "hint": error.hint, "code": error.code}
    earlier = desk_view.earlier_batch(draft)
    return {**answer, "draft": draft.pk, "earlier": earlier.number if earlier else None}


def _draft(pk: int) -> Draft:
    found = Draft.objects.select_related("file", "by").filter(pk=pk).first()
    if found is None:
        raise UserError(f"没有编号 {pk} 的待导入文件。", code="unknown-draft", hint="请回到导入台。")
    return found


def _jobs(pk: int) -> tuple[str, str]:
    return f"draft-{pk}-accept", f"draft-{pk}-read"


@require_GET
@writers_only
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """One draft: what was understood, what is wrong, what accepting would do."""
    item = _draft(pk)
    accepting, reading = _jobs(pk)
    state = jobs.state_of(accepting)
    if state and state["state"] == "running":
        return _progress_page(request, item, state)
    if item.state != "open":
        if state and state["state"] == "done":
            tell(request, state.get("result") or ())
            jobs.forget(accepting)
        return _closed(request, item)
    context: dict[str, Any] = {"draft": item, "name": _name(item), "tables": importable_tables(), "earlier": desk_view.earlier_batch(item), "large": desk_view.large(item)}
    if state and state["state"] == "failed":
        context["failure"] = state
        jobs.forget(accepting)
    if desk_view.large(item) and desk_view.kept(item) is None:
        state = jobs.state_of(reading)
        if state and state["state"] == "failed":
            jobs.forget(reading)
            return render(request, "desk/draft.html", {**context, "failure": state, "unread": True})
        jobs.start(reading, "正在读表", lambda progress: _read(pk, progress))
        return _progress_page(request, item, jobs.state_of(reading) or {})
    try:
        opened = desk_view.opened(item)
    except UserError as error:
        failure = {"message": error.message, "hint": error.hint, "code": error.code}
        return render(request, "desk/draft.html", {**context, "failure": failure, "unread": True})
    return render(request, "desk/draft.html", context | _shown(request, item, opened))


def _name(item: Draft) -> str:
    return str(item.summary.get("name") or item.file.name)


def _read(pk: int, progress: jobs.Tell) -> None:
    desk_view.opened(_draft(pk), progress)


def _shown(request: HttpRequest, item: Draft, opened: Any) -> dict[str, Any]:
    problems = opened.problems
    code, severity, sheet = (request.GET.get(k, "") for k in ("code", "severity", "sheet"))
    picked = desk_view.chosen(problems, code, severity, sheet)
    kinds = desk_view.kinds_of(problems)
    bad = len(opened.plan.bad)
    by_severity = [(s, zh, sum(k.count for k in kinds if k.severity == s)) for s, zh in desk_view.SEVERITIES.items()]
    page = page_of(request, picked, 100)
    return {"lines": [(p, p.message(language()), p.hint(language()), firm) for p, firm in zip(page, desk_view.settled_by(page), strict=True)], "sheets": desk_view.sheets_of(item, opened), "counts": opened.plan.counts(), "unchanged": opened.plan.unchanged,
            "rows": len(opened.reading.rows), "good": len(opened.reading.rows) - bad, "bad": bad, "kinds": kinds, "by_severity": by_severity,
            "problem_count": len(problems), "picked": len(picked), "page": page, "code": code, "severity": severity, "sheet": sheet,
            "skipped": opened.reading.skipped_sheets, "errors": sum(k.count for k in kinds if k.severity == "error")}


def _closed(request: HttpRequest, item: Draft) -> HttpResponse:
    batch = item.summary.get("batch")
    found = Batch.objects.filter(pk=batch).first() if batch else None
    return render(request, "desk/closed.html", {"draft": item, "name": _name(item), "batch": found})


def _progress_page(request: HttpRequest, item: Draft, state: dict[str, Any]) -> HttpResponse:
    return render(request, "desk/progress.html", {"draft": item, "name": _name(item), "state": state}, status=202)


@require_GET
@writers_only
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far reading or saving is, for the page to show: state, done of total, seconds gone and seconds left."""
    item = _draft(pk)
    accepting, reading = _jobs(pk)
    state = jobs.state_of(accepting) or jobs.state_of(reading) or {"state": "done", "done": 0, "total": 0, "seconds": 0, "title": ""}
    left = None
    if state["state"] == "running" and state["done"] and state["total"] > state["done"]:
        left = round(state["seconds"] * (state["total"] - state["done"]) / state["done"], 1)
    return JsonResponse({"state": state["state"], "title": state.get("title", ""), "done": state["done"], "total": state["total"], "seconds": state["seconds"],
                         "left": left, "draft": item.pk, "url": reverse("draft", args=[pk]), "message": state.get("message", "")})


@require_POST
@writers_only
def change_table(request: HttpRequest, pk: int) -> HttpResponse:
    """A person says which table the file is."""
    item = _open_draft(pk)
    name = request.POST.get("as_table", "")
    if name:
        sheet_table(name)
    item.as_table = name or None
    item.save(update_fields=["as_table"])
    jobs.forget(_jobs(pk)[1])
    return redirect("draft", pk=pk)


def _open_draft(pk: int) -> Draft:
    item = _draft(pk)
    if item.state != "open":
        raise Refused("这份表已经处理过了。", code="draft-closed", hint="请在批次里查看。")
    return item


def _known_column(column: str) -> None:
    """A column that some importable table declares, or none; anything else did not come from the page."""
    if column and not any(column in table.names for table in importable_tables()):
        raise UserError(f"没有列「{column[:60]}」。", code="unknown-column", hint="请在列表里选。")


@require_POST
@writers_only
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A person says what headers mean; remembered for every later sheet of that kind."""
    item = _open_draft(pk)
    sheet = request.POST.get("sheet", "")
    changed = 0
    for position in range(whole_number(request.POST.get("count"), 0, 0, 5000)):
        header, now, was = (request.POST.get(f"{k}_{position}") for k in ("header", "column", "was"))
        if header is not None and now is not None and now != was:
            _known_column(now)
            try:
                kernel_desk.correct(item, sheet, header, now or None, by=request.user)
            except KeyError:
                raise UserError(f"这张表没有列「{now[:60]}」。", code="unknown-column", hint="请在列表里选。") from None
            changed += 1
    jobs.forget(_jobs(pk)[1])
    messages.success(request, f"已改 {changed} 列，下次同样的表头不用再选。" if changed else "没有改动。")
    return redirect(reverse("draft", args=[pk]) + "#columns")


@require_GET
@writers_only
def annotated(request: HttpRequest, pk: int) -> HttpResponse:
    """The same sheet with every problem written beside its cell, to send back to whoever filled it in."""
    from liantu.kernel.annotate import annotated_workbook

    item = _draft(pk)
    opened = desk_view.opened(item)
    data = annotated_workbook(kernel_desk.file_path(item.file_id).read_bytes(), opened.reading)
    return download(data, f"批注_{_name(item).rsplit('.', 1)[0]}.xlsx")


@require_POST
@writers_only
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the draft as one batch: all of it, or only the rows without errors when asked for."""
    item = _open_draft(pk)
    good_only, note, user = request.POST.get("rows") == "good", (request.POST.get("note") or "").strip()[:200] or None, request.user
    known = desk_view.kept(item)
    if desk_view.large(item) or (known is not None and len(known.reading.rows) > MANY_ROWS):
        jobs.start(_jobs(pk)[0], "正在入库", lambda progress: _accept(pk, user, good_only, note, progress)[1])
        return redirect("draft", pk=pk)
    batch, notes = _accept(pk, user, good_only, note, None)
    tell(request, notes)
    return redirect("batch", pk=batch.pk) if batch else redirect("draft", pk=pk)


def _accept(pk: int, user: Any, good_only: bool, note: str | None, progress: jobs.Tell | None) -> tuple[Batch | None, list[str]]:
    batch = kernel_desk.accept(_draft(pk), by=user, good_only=good_only, note=note, progress=progress)
    if batch is None:
        return None, ["名录里已经是这些内容，没有需要保存的。"]
    return batch, [f"已入库：批次 {batch.number}，新增 {batch.created} 行，更新 {batch.updated} 行。", *follow(batch, by=user)]


@require_POST
@writers_only
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft aside; no record was touched."""
    item = _open_draft(pk)
    kernel_desk.discard(item)
    messages.info(request, f"已放弃「{_name(item)}」，没有保存任何内容。")
    return redirect("desk")


@require_GET
@answered
def batches(request: HttpRequest) -> HttpResponse:
    """All acts of writing, newest first."""
    kind = request.GET.get("kind", "")
    found = Batch.objects.select_related("file", "by", "undone_by", "undoes").order_by("-pk")
    if kind in dict(Batch.KINDS):
        found = found.filter(kind=kind)
    return render(request, "desk/batches.html", {"page": page_of(request, found, 50), "kinds": Batch.KINDS, "kind": kind, "total": found.count()})


def _batch(pk: int) -> Batch:
    found = Batch.objects.select_related("file", "by", "undone_by", "undoes").filter(pk=pk).first()
    if found is None:
        raise UserError(f"没有批次 B{pk:06d}。", code="unknown-batch", hint="请在批次列表里查找。")
    return found


@require_GET
@answered
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: what it changed, row by row, and the way to take it back."""
    item = _batch(pk)
    page = page_of(request, item.changes.order_by("id"), 50)
    views = desk_view.change_views(page.object_list, lambda columns: visible_columns(request.user, columns))
    return render(request, "desk/batch.html", {"batch": item, "page": page, "changes": views, "undone": getattr(item, "undone_by", None), "layouts": _layouts(item),
                                               "may_write": may_write(request.user), "may_undo": may_write(request.user) and item.kind != "undo" and not hasattr(item, "undone_by")})


def _layouts(item: Batch) -> list[dict[str, Any]]:
    from liantu.kernel.tables import table_of

    return [{"sheet": sheet, "table": table_of(la["table"]).zh, "unit": la.get("unit"), "columns": len(la.get("columns", {}))} for sheet, la in (item.layouts or {}).items()]


@require_POST
@writers_only
def undo_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a batch back; refused, with the reasons, while something later depends on it."""
    item = _batch(pk)
    try:
        reverse_batch = take_back(item, by=request.user, note=(request.POST.get("note") or "").strip()[:200] or None)
    except Refused as refusal:
        reasons = dependants(item) if refusal.code == "batch-in-use" else [refusal.message]
        return render(request, "desk/undo_refused.html", {"batch": item, "refusal": refusal, "page": Paginator(reasons, 200).get_page(1)}, status=409)
    messages.success(request, f"批次 {item.number} 已撤销（撤销本身是批次 {reverse_batch.number}）。")
    tell(request, follow(reverse_batch, by=request.user))
    return redirect("batch", pk=item.pk)


urlpatterns = [
    path("import/", desk, name="desk"),
    path("import/batches/", batches, name="batches"),
    path("import/batches/<int:pk>/", batch, name="batch"),
    path("import/batches/<int:pk>/undo", undo_batch, name="undo_batch"),
    path("import/<int:pk>/", draft, name="draft"),
    path("import/<int:pk>/progress", progress, name="draft_progress"),
    path("import/<int:pk>/table", change_table, name="draft_table"),
    path("import/<int:pk>/correct", correct, name="draft_correct"),
    path("import/<int:pk>/annotated", annotated, name="draft_annotated"),
    path("import/<int:pk>/accept", accept, name="draft_accept"),
    path("import/<int:pk>/discard", discard, name="draft_discard"),
]
