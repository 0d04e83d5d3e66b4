"""Why is this number so: the page behind every figure, and the search for a printed passport number."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from liantu.kernel.access import edition_numbered, visible_columns
from liantu.kernel.edition import Edition, list_editions
from liantu.kernel.output import KINDS
from liantu.kernel.passport import Passport, find, recompute
from liantu.kernel.passport import why as kernel_why
from liantu.kernel.problems import Refused, UserError
from liantu.web import passport_view
from liantu.web.answers import answered, download
from liantu.web.cells import captions, show
from liantu.web.current import current_edition
from liantu.web.formats import heading, unit

WHOLE_ROW = "-"
PERIOD_KINDS = ("year", "month", "date")


def asked_edition(request: HttpRequest) -> Edition:
    """The edition named in the address, else the one of the session, else the newest."""
    number = request.GET.get("edition")
    return edition_numbered(number) if number else current_edition(request)


@require_GET
@answered
def why(request: HttpRequest, output: str, key: str, column: str) -> HttpResponse:
    """The passport of one figure (column ``-``: of the whole row). ``?format=json`` and ``?format=xlsx`` give files."""
    passport = kernel_why(output, key, asked_edition(request), column=None if column == WHOLE_ROW else column)
    visible = {c.name for c in visible_columns(request.user, passport.output.columns)}
    if passport.column and passport.column not in visible:
        raise Refused("这个数涉及单个企业的保密数据，您的账号不能查看。", code="read-only", hint="需要时请管理员把您加入「内部」组。")
    if request.GET.get("format") == "json":
        return JsonResponse(passport_view.as_json(passport, request.user), json_dumps_params={"ensure_ascii": False, "default": str})
    if request.GET.get("format") == "xlsx":
        return download(passport_view.rows_xlsx(passport, request.user), f"凭证_{passport.id}_{passport.output.zh}.xlsx")
    return render(request, "passport/why.html", _context(request, passport, visible))


def _context(request: HttpRequest, passport: Passport, visible: set[str]) -> dict[str, Any]:
    output, edition = passport.output, passport.edition
    column = output.column(passport.column) if passport.column else None
    words = _reference_words(passport)
    row = [(c, show(passport.row[c.name], c, words), passport.row[c.name]) for c in output.columns if c.name in visible]
    context = {"passport": passport, "output": output, "edition": edition, "edition_label": edition.label(), "kind": KINDS[output.kind], "column": column,
               "number": show(passport.value, column, words) if column else None, "unit": unit(column) if column and column.kind != "share" else "",
               "heading": heading(column) if column else "", "row": row, "steps": passport_view.steps_of(passport, request.user, request.GET),
               "row_count": passport.row_count, "period": _period(passport), "title_key": _title(passport), "column_name": passport.column or WHOLE_ROW,
               "address": reverse("why", args=[output.name, passport.key, passport.column or WHOLE_ROW])}
    if request.GET.get("recompute") == "1":
        context["check"] = _check(passport, row)
    return context


def _reference_words(passport: Passport) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    for column in passport.output.columns:
        value = passport.row.get(column.name)
        if column.reference and value is not None:
            found.setdefault(column.reference, {}).update(captions(column.reference, [value]))
    return found


def _title(passport: Passport) -> str:
    """What the row is about: its name columns, not its key."""
    names = [str(passport.row[c.name]) for c in passport.output.columns if c.kind == "name" and passport.row.get(c.name)]
    return " · ".join(names[:3]) or passport.key


def _period(passport: Passport) -> str:
    """The time that the inputs speak of: the years or months found in the rows behind the number."""
    from liantu.kernel.tables import table_of

    seen: set[str] = set()
    for name, frame in passport.rows.items():
        for column in table_of(name).columns:
            if column.kind in ("year", "month") and column.name in frame.columns and column.name in ("year", "period"):
                seen.update(str(v) for v in frame[column.name].drop_nulls().unique().to_list())
    if not seen:
        return ""
    low, high = min(seen), max(seen)
    return low if low == high else f"{low} 至 {high}"


def _check(passport: Passport, row: list[Any]) -> dict[str, Any]:
    """The figure (or, for a whole row, every figure) computed again from nothing but the rows shown, beside what the page says."""
    try:
        again = recompute(passport)
    except UserError as error:
        return {"equal": False, "error": error, "lines": []}
    wanted = [line for line in row if passport.column in (None, line[0].name)]
    lines = [(c, text, show(again.get(c.name), c), _same(value, again.get(c.name))) for c, text, value in wanted]
    return {"equal": all(same for *_, same in lines), "error": None, "lines": [line for line in lines if not line[3]], "count": len(lines), "again": lines[0][2] if lines else ""}


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-9 * max(1.0, abs(one), abs(other))
    return bool(one == other)


@require_GET
@answered
def passport_find(request: HttpRequest) -> HttpResponse:
    """Find the figure behind a printed passport number, on the edition named or on every edition kept."""
    number = request.GET.get("id", "").strip()
    edition = request.GET.get("edition", "").strip()
    context: dict[str, Any] = {"id": number, "wanted": edition, "editions": [m.number for m in reversed(list_editions())][:60]}
    if number:
        try:
            found = _search(number, edition)
            return redirect(f"{reverse('why', args=[found[0], found[1], WHOLE_ROW])}?edition={found[2]}")
        except UserError as error:
            context["error"] = error
    return render(request, "passport/find.html", context, status=404 if "error" in context else 200)


def _search(number: str, edition: str) -> tuple[str, str, str]:
    """Output, key and edition of a passport number; without an edition the formal ones and the newest working ones are searched."""
    manifests = list(reversed(list_editions()))
    candidates = [edition] if edition else [m.number for m in manifests if m.kind == "formal"][:40] + [m.number for m in manifests if m.kind == "working"][:10]
    for candidate in candidates:
        try:
            return (*find(number, edition_numbered(candidate)), candidate)
        except UserError as error:
            if edition or error.code != "unknown-passport":
                raise
    raise UserError(f"近期的版次里没有凭证号 {number}。", code="unknown-passport", hint="请把凭证旁边印的版次号一起填上。")


urlpatterns = [
    path("why/<str:output>/<path:key>/<str:column>/", why, name="why"),
    path("passport/", passport_find, name="passport_find"),
]
