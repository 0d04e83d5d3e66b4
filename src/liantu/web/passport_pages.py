"""Why is this number so: the page behind every figure, and the search for a printed passport number."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from liantu.kernel.access import edition_numbered, visible_columns
from liantu.kernel.edition import Edition, list_editions
from liantu.kernel.output import KINDS
from liantu.kernel.passport import Passport, agreement, figure_id, find
from liantu.kernel.passport import why as kernel_why
from liantu.kernel.problems import Refused, UserError
from liantu.papers.figures import NAMES, YES, marks
from liantu.papers.qr import qr_svg
from liantu.web import passport_view
from liantu.web.answers import answered, download, status_of
from liantu.web.cells import captions, show
from liantu.web.context import language, say
from liantu.web.current import current_edition
from liantu.web.formats import heading, unit
from liantu.web.outputs_view import KINDS_EN, doc

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
    row = [(c, show(passport.row[c.name], c, words)) for c in output.columns if c.name in visible]
    steps = passport_view.steps_of(passport, request.user, request.GET)
    code = figure_id(output, passport.key, passport.column, edition.number) if passport.column else passport.id
    basis, verified = marks(output, passport.row, edition, language())
    return {"passport": passport, "output": output, "edition": edition, "edition_label": edition.label(language()), "kind": say(KINDS[output.kind], KINDS_EN[output.kind]), "column": column,
            "number": show(passport.value, column, words) if column else None, "unit": unit(column) if column and column.kind != "share" else "",
            "heading": heading(column) if column else "", "row": row, "steps": steps, "people": sorted({p for step in steps for p in step.people}),
            "row_count": passport.row_count, "period": _period(passport), "title_key": _title(passport), "column_name": passport.column or WHOLE_ROW,
            "address": reverse("why", args=[output.name, passport.key, passport.column or WHOLE_ROW]), "code": code, "qr": qr_svg(code), "basis": basis, "verified": verified,
            "checked": bool(output.verified) and passport.row.get(output.verified) in YES, "doc": doc(output), "check": _check(passport, row)}


def _reference_words(passport: Passport) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    for column in passport.output.columns:
        value = passport.row.get(column.name)
        if column.reference and value is not None:
            found.setdefault(column.reference, {}).update(captions(column.reference, [value]))
    return found


def _title(passport: Passport) -> str:
    """What the row is about: its name and where it belongs, not its key."""
    names = [str(passport.row[name])[:40] for name in NAMES if passport.row.get(name)]
    return " · ".join(names[:2]) or passport.key


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
    """The figure (or, for a whole row, every figure shown) computed again from nothing but the rows shown, beside what the page says."""
    again = agreement(passport, [c.name for c, _ in row])
    lines = [(c, text, show(again.again.get(c.name), c)) for c, text in row if c.name in again.different and not again.error]
    value = show(again.again.get(passport.column), passport.output.column(passport.column)) if passport.column else ""
    return {"equal": again.equal, "error": again.error, "lines": lines, "count": 1 if passport.column else len(row), "again": value}


@require_GET
@answered
def passport_find(request: HttpRequest) -> HttpResponse:
    """Find the figure behind a printed code, on the edition named or on whichever holds it."""
    code, edition = request.GET.get("id", "").strip()[:200], request.GET.get("edition", "").strip()
    if code:
        return passport_code(request, code, edition)
    return _find_page(request, code, edition)


@require_GET
def passport_code(request: HttpRequest, code: str, edition: str = "") -> HttpResponse:
    """The page that a printed code or its QR leads to."""
    try:
        found = find(code, edition_numbered(edition) if edition else None)
    except UserError as error:
        return _find_page(request, code, edition, error)
    return redirect(f"{reverse('why', args=[found.output, found.key, found.column or WHOLE_ROW])}?edition={quote(found.edition)}")


def _find_page(request: HttpRequest, code: str, edition: str, error: UserError | None = None) -> HttpResponse:
    known = list_editions()
    context = {"id": code, "wanted": edition, "editions": [m.number for m in reversed(known)][:60], "total": len(known), "error": error}
    return render(request, "passport/find.html", context, status=status_of(error) if error else 200)


urlpatterns = [
    path("why/<str:output>/<path:key>/<str:column>/", why, name="why"),
    path("passport/", passport_find, name="passport_find"),
    path("passport/<str:code>/", passport_code, name="passport"),
]
