"""缺口判断: all gap nodes with their verdicts on two axes, and one node with everything its verdict rests on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from liantu.kernel.access import released
from liantu.kernel.edition import Edition
from liantu.kernel.output import Result
from liantu.kernel.problems import UserError
from liantu.web import verdict_view as view
from liantu.web.answers import answered
from liantu.web.attract_links import link
from liantu.web.cells import page_of
from liantu.web.chain_view import chains_of
from liantu.web.context import need_edition, say
from liantu.web.verdict_picture import mark_svg, picture

PER_PAGE = 60


def _read(request: HttpRequest) -> tuple[Edition, Result, dict[str, Any], list[view.Weight], list[dict[str, Any]]]:
    """The edition, the verdicts that this person may see, their rules, the weights asked for, and the ranked rows."""
    edition = need_edition(request)
    result = released(request.user, "gap_verdict", edition)
    rules = result.output.rules(date.fromisoformat(edition.manifest.as_of))
    weights = view.weights_asked(rules["weights"], request.GET)
    return edition, result, rules, weights, view.ranked(result.frame.to_dicts(), weights, rules["weights"].value["least_known"])


def _shared(edition: Edition, result: Result, rules: dict[str, Any], weights: list[view.Weight]) -> dict[str, Any]:
    return {"edition": edition, "columns": {c.name: c for c in result.output.columns}, "seen": {c.name for c in result.columns}, "rule": rules["rule"], "weight_rule": rules["weights"], "weights": weights,
            "own_weights": any(w.own != w.standard for w in weights)}


@require_GET
@answered
def gap_verdicts(request: HttpRequest) -> HttpResponse:
    """All gap nodes: counts by verdict, the two axes, the list, re-ranked by the district's own weights."""
    edition, result, rules, weights, rows = _read(request)
    chain, verdict = request.GET.get("chain", ""), request.GET.get("verdict", "")
    here = [r for r in rows if not chain or r["chain_code"] == chain]
    shown = [r for r in here if not verdict or r["verdict"] == verdict]
    scored, page = [r for r in shown if r["own"] is not None], page_of(request, shown, PER_PAGE)
    column = result.output.column("verdict")
    counts = [{**c, "mark": mark_svg(c["value"])} for c in view.counts_of(here, column)]
    chains = [c for c in chains_of(edition) if any(r["chain_code"] == c["code"] for r in rows)]
    return render(request, "verdict/verdicts.html", {
        **_shared(edition, result, rules, weights), "title": say("缺口判断", "Verdicts on gaps"), "page": page, "rows": page.object_list, "count": len(shown), "unscored": len(shown) - len(scored), "all": len(here), "counts": counts, "chains": chains, "chain": chain, "verdict": verdict,
        "picture": picture(scored, reverse("gap_verdict")), "targets": link("targets", chain=chain)})


@require_GET
@answered
def gap_verdict(request: HttpRequest) -> HttpResponse:
    """One gap node: its verdict, every fact, the two axes apart, who supplies, who chases, who is close."""
    edition, result, rules, weights, rows = _read(request)
    code = request.GET.get("code", "")
    row = next((r for r in rows if r["code"] == code), None)
    if row is None:
        raise UserError(say(f"「{code[:80]}」不在缺口清单里。", f"{code[:80]} is not in the gap list."), code="not-a-gap",
                        hint=say("它可能已不缺，或代码写错了；请从缺口判断里选。", "It may have been filled, or the code is wrong; choose from the list of verdicts."))
    suppliers, chasers = view.suppliers_of(edition, row["node"]), view.chasers_of(edition, row["node"], rules["rule"].value["reach_km"])
    columns = {c.name: c for c in result.output.columns}
    return render(request, "verdict/verdict.html", {
        **_shared(edition, result, rules, weights), "title": row["label"], "row": row, "facts": view.facts_told(result, row, edition), "parts": view.parts_of(row, weights, columns), "ranked": sum(r["own"] is not None for r in rows),
        "suppliers": suppliers[:view.LISTED], "more_suppliers": len(suppliers) - view.LISTED, "chasers": chasers, "close": view.close_firms(edition, row["close_names"]),
        "targets": link("targets", node=code), "node_page": link("node", row["chain_code"], code), "industry": link("output", "industry_feasibility")})


urlpatterns = [
    path("attract/gaps/", gap_verdicts, name="gap_verdicts"),
    path("attract/gaps/node/", gap_verdict, name="gap_verdict"),
]
