"""承诺台账: every promise beside what came of it, by chain and project; promises and figures are added here, never overwritten."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from liantu.attraction import promises as ledger
from liantu.chains.follow import freeze_now
from liantu.kernel.access import released
from liantu.kernel.parameter import parameter
from liantu.projects.models import Project
from liantu.web import promise_view as view
from liantu.web.answers import answered, next_address, tell, writers_only
from liantu.web.cells import page_of
from liantu.web.context import edition_of, need_edition, say

PER_PAGE = 40


@require_GET
@answered
def promises(request: HttpRequest) -> HttpResponse:
    """The ledger: counts by lamp, by chain, sums by kind for those who may see them, and the rows."""
    edition = need_edition(request)
    rows, amounts = view.promise_rows(edition, request.user)
    chain, lamp = request.GET.get("chain", ""), request.GET.get("lamp", "")
    of_chain = [r for r in rows if not chain or r["chain_code"] == chain]
    shown = [r for r in of_chain if not lamp or r["lamp"] == lamp]
    order = {"red": 0, "yellow": 1, "none": 2, "green": 3}
    shown.sort(key=lambda r: (order.get(r["lamp"], 9), r["project_name"] or "", str(r["due_on"] or "")))
    rates = released(request.user, "promise_rates", edition).frame.to_dicts()
    own = [r for r in rates if not chain or r["chain_code"] == chain]
    return render(request, "promise/promises.html", {
        "title": say("承诺台账", "Promise ledger"), "page": page_of(request, shown, PER_PAGE), "lamps": view.lamp_counts(of_chain), "all": len(of_chain), "amounts": amounts, "chain": chain, "lamp": lamp,
        "rates": [r for r in rates if r["promises"]], "totals": view.totals(of_chain) if amounts else [], "rule": parameter("promise_lamps"), "due": sum(r["due"] for r in own), "kept": sum(r["kept"] for r in own),
        "projects": len({r["project"] for r in of_chain})})


@require_GET
@answered
def project_promises(request: HttpRequest, pk: int) -> HttpResponse:
    """One project's promises, with forms to add one or a figure of what came of it."""
    project = get_object_or_404(Project, pk=pk)
    return render(request, "promise/project.html", {"title": project.name, "project": project, "promises": view.project_block(project, request.user, edition_of(request))})


def _done(request: HttpRequest, pk: int, batch: Any) -> HttpResponse:
    messages.success(request, say(f"已登记（批次 {batch.number}，可以撤销）。", f"Saved (batch {batch.number}; it can be taken back)."))
    tell(request, freeze_now())
    return redirect(next_address(request, reverse("project_promises", args=[pk])))


@require_POST
@writers_only
def promise_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A promise of an agreement."""
    told = request.POST
    return _done(request, pk, ledger.add_promise(request.user, pk, told.get("kind", ""), told.get("amount"), told.get("due_on"), told.get("clause", "")))


@require_POST
@writers_only
def actual_add(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of a promise by one source."""
    told = request.POST
    return _done(request, pk, ledger.add_actual(request.user, pk, told.get("kind", ""), told.get("amount"), told.get("as_of"), told.get("source", ""), evidence=told.get("evidence", ""), verified=told.get("verified") == "1"))


urlpatterns = [
    path("attract/promises/", promises, name="promises"),
    path("attract/promises/<int:pk>/", project_promises, name="project_promises"),
    path("attract/promises/<int:pk>/add/", promise_add, name="promise_add"),
    path("attract/promises/<int:pk>/actual/", actual_add, name="actual_add"),
]
