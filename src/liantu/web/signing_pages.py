"""重复签约: pairs of signed projects that may be one, side by side; a person decides, and may take it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from liantu.attraction import signings as rule_book
from liantu.attraction.choices import SAME
from liantu.attraction.signing_shared import reason, told_parts
from liantu.chains.follow import freeze_now
from liantu.kernel.access import may_see_confidential, may_write, released, visible_columns
from liantu.kernel.edition import Edition
from liantu.kernel.parameter import parameter
from liantu.kernel.tables import table_of
from liantu.projects.models import Project
from liantu.web.answers import answered, tell, writers_only
from liantu.web.cells import captions_for, page_of, show, whole_number
from liantu.web.context import edition_of, language, need_edition, say

PER_PAGE = 30
BESIDE = ("name", "code", "investor", "enterprise", "enterprise_name", "category", "chain", "chain_node", "content", "invest_total", "land_mu", "stage", "side_state", "formal_contract", "signed_on",
          "start_plan", "started_on", "finish_plan", "output_expected", "tax_expected", "jobs_expected", "invest_done", "funds_arrived", "park", "lead_office", "owner", "updated_on")


def _pairs(edition: Edition, user: Any) -> list[dict[str, Any]]:
    """Rows of the list with reasons in the page's language; a pair decided since the edition was made is shown as decided."""
    from liantu.attraction.promise_models import SigningVerdict

    said = {frozenset((v.project_id, v.other_id)): v for v in SigningVerdict.objects.all()}
    rows = released(user, "repeated_signings", edition).frame.to_dicts()
    for row in rows:
        verdict = said.get(frozenset((row["first"], row["other"])))
        row["verdict"] = verdict.verdict if verdict else None
        row["told"] = [(reason(p, language()), p[1]) for p in told_parts(row["parts"] or "") if p[1]]
        row["for"], row["against"] = [t for t, odds in row["told"] if odds > 0], [t for t, odds in row["told"] if odds < 0]
        row["verdict_words"] = next((say(c.zh, c.en) for c in SAME if c.value == row["verdict"]), "")
    return rows


@require_GET
@answered
def signings(request: HttpRequest) -> HttpResponse:
    """Pairs still open, and those decided."""
    rule = parameter("signing_match")
    rows = _pairs(need_edition(request), request.user)
    groups = {"open": [r for r in rows if not r["verdict"]], **{c.value: [r for r in rows if r["verdict"] == c.value] for c in SAME}}
    kind = request.GET.get("kind", "open")
    shown = groups.get(kind, groups["open"])
    return render(request, "promise/signings.html", {
        "title": say("重复签约", "Repeated signing"), "page": page_of(request, shown, PER_PAGE), "kind": kind if kind in groups else "open", "tabs": [("open", say("待认定", "Open"), len(groups["open"])), *((c.value, say(c.zh, c.en), len(groups[c.value])) for c in SAME)],
        "rule": rule, "accept": rule.value["accept"], "ask": rule.value["ask"], "likely": sum(r["probability"] >= rule.value["accept"] for r in groups["open"])})


def _lines(one: Project, other: Project, user: Any) -> list[dict[str, Any]]:
    """The two records column by column."""
    declared = table_of("project")
    columns = [c for c in visible_columns(user, declared.columns) if c.name in BESIDE]
    columns.sort(key=lambda c: BESIDE.index(c.name))
    values = [{c.name: getattr(p, f"{c.name}_id" if c.reference else c.name) for c in columns} for p in (one, other)]
    names = captions_for(columns, values)
    return [{"column": c, "first": show(values[0][c.name], c, names), "other": show(values[1][c.name], c, names), "same": values[0][c.name] == values[1][c.name]}
            for c in columns if any(v[c.name] not in (None, "") for v in values)]


@require_GET
@answered
def signing(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """Two projects side by side, the reasons, and the verdict."""
    first, later = rule_book.in_order(whole_number(one, most=2**62), whole_number(other, most=2**62))
    edition = edition_of(request)
    rows = _pairs(edition, request.user) if edition is not None else []
    listed = next((r for r in rows if {r["first"], r["other"]} == {first, later}), None)
    projects = [Project.objects.get(pk=pk) for pk in (first, later)]
    return render(request, "promise/signing.html", {
        "title": say("是不是同一个项目", "One project or two"), "first": projects[0], "other": projects[1], "lines": _lines(*projects, request.user), "listed": listed, "verdict": rule_book.verdict_on(first, later),
        "verdicts": SAME, "may_write": may_write(request.user), "insider": may_see_confidential(request.user)})


@require_POST
@writers_only
def signing_decide(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """A person says what a pair is."""
    batch = rule_book.decide(request.user, one, other, verdict=request.POST.get("verdict", ""), reason=request.POST.get("reason", ""))
    messages.success(request, say(f"已认定（批次 {batch.number}，可以撤回）。", f"Decided (batch {batch.number}; it can be taken back)."))
    tell(request, freeze_now())
    return redirect(reverse("signing", args=[one, other]))


@require_POST
@writers_only
def signing_back(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """Take the verdict back."""
    batch = rule_book.take_back(request.user, one, other)
    messages.success(request, say(f"已撤回认定（批次 {batch.number}）。", f"Taken back (batch {batch.number})."))
    tell(request, freeze_now())
    return redirect(reverse("signing", args=[one, other]))


urlpatterns = [
    path("attract/signings/", signings, name="signings"),
    path("attract/signings/<int:one>/<int:other>/", signing, name="signing"),
    path("attract/signings/<int:one>/<int:other>/decide/", signing_decide, name="signing_decide"),
    path("attract/signings/<int:one>/<int:other>/back/", signing_back, name="signing_back"),
]
