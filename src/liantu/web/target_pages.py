"""目标企业: the short list with its reasons and its record, one firm with its points, decisions on it, the page to take along, the replay."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from liantu.attraction.choices import DECISIONS, OUTCOMES, POOLS, SIGNS
from liantu.attraction.decisions import decide, record, settle
from liantu.attraction.lenses import lenses, weighed
from liantu.attraction.pipeline_models import Lead
from liantu.attraction.target_models import CandidateFigure, CandidateFirm, CandidateLanding, CandidateLink, CandidateSign, TargetDecision
from liantu.kernel.access import may_see_confidential, may_write, released
from liantu.kernel.edition import Edition
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import UserError
from liantu.methods.intervals import wilson
from liantu.web import pipeline_view as view
from liantu.web import target_view
from liantu.web.answers import answered, writers_only
from liantu.web.attract_links import link
from liantu.web.cells import page_of
from liantu.web.context import language, need_edition, say

PER_PAGE, PRINTED = 30, 9


def _rows(request: HttpRequest, edition: Edition) -> pl.DataFrame:
    """The scored list as the user may see it, under the filters of the address."""
    frame = released(request.user, "target_scores", edition).frame
    asked = {name: request.GET.get(name, "").strip() for name in ("chain", "node", "lens", "q")}
    for name, column in (("chain", "chain_code"), ("node", "node_code")):
        if asked[name]:
            frame = frame.filter(pl.col(column) == asked[name])
    if asked["q"]:
        frame = frame.filter(pl.concat_str([pl.col("name"), pl.col("city").fill_null(""), pl.col("node_name").fill_null("")]).str.contains(asked["q"], literal=True))
    chosen = next((x for x in lenses() if x.code == asked["lens"]), None)
    return weighed(frame, chosen, parameter("target_score").value["full"]) if chosen else frame.with_columns(lens_score=pl.col("score"))


@require_GET
@answered
def targets(request: HttpRequest) -> HttpResponse:
    """Firms worth a visit, with every reason; at the top whether past lists were any good."""
    edition = need_edition(request)
    everything = released(request.user, "target_scores", edition).frame
    rows, rule = _rows(request, edition), parameter("target_score")
    short = request.GET.get("kind", "short") == "short"
    listed = rows.filter(pl.col("short_listed"))
    shown = (listed if short else rows).to_dicts()
    seen = everything.filter(pl.col("short_listed")) if short else everything
    chips = [{"lens": x, "count": seen.filter(pl.col("lenses").fill_null("").str.split("、").list.contains(x.code)).height} for x in lenses()]
    page = page_of(request, shown, PER_PAGE)
    last = _last_decisions([r["candidate"] for r in page.object_list])
    for row in page.object_list:
        row |= {"bars": target_view.bars(row, rule.value["full"]), "last": last.get(row["candidate"])}
    return render(request, "target/targets.html", {
        "title": say("目标企业", "Target firms"), "page": page, "short": short, "counts": {"short": listed.height, "all": rows.height}, "pool": everything.height, "listed": everything["short_listed"].sum(), "chips": chips,
        "asked": {n: request.GET.get(n, "") for n in ("chain", "node", "lens", "q")}, "chains": view.chains(), "node": _node_name(everything, request.GET.get("node", "")), "rule": rule, "parts": target_view.part_words(),
        "full": rule.value["full"], "told": target_view.replay_sentence(edition), "edition_shown": edition, "memory": _memory(), "verdict": link("gap_verdict", code=request.GET.get("node")) if request.GET.get("node") else None})


def _node_name(rows: pl.DataFrame, code: str) -> str:
    found = rows.filter(pl.col("node_code") == code)["node_name"].drop_nulls()
    return str(found[0]) if len(found) else code


def _last_decisions(candidates: list[int]) -> dict[int, dict[str, Any]]:
    told = TargetDecision.objects.filter(candidate__in=[c for c in candidates if c > 0]).order_by("decided_on", "id")
    return {d.candidate_id: {"row": d, "word": view.told(DECISIONS, d.decision)} for d in told}  # type: ignore[attr-defined]


def _memory() -> list[dict[str, Any]]:
    """Decisions by kind with the share that came, its n and interval."""
    rows = []
    for row in record():
        low, high = wilson(row["came"], row["known"]) if row["known"] else (None, None)
        rows.append({**row, "share": row["came"] / row["known"] if row["known"] else None, "low": low, "high": high})
    return rows


@require_GET
@answered
def target(request: HttpRequest, pk: int) -> HttpResponse:
    """One firm: its points and what they rest on, what is known of it, what was decided, what comes next."""
    firm = CandidateFirm.objects.select_related("chain_node", "chain").filter(pk=pk).first()
    if firm is None:
        raise UserError(say("目标企业库里没有这家企业。", "The pool has no such firm."), code="unknown-target", hint=say("请从目标企业清单打开。", "Open it from the list of target firms."))
    edition, rule = need_edition(request), parameter("target_score")
    rows = released(request.user, "target_scores", edition).frame.filter(pl.col("candidate") == pk)
    row = rows.row(0, named=True) if rows.height else None
    decisions = [{"row": d, "word": view.told(DECISIONS, d.decision), "outcome": view.told(OUTCOMES, d.outcome) if d.outcome else "", "points": (d.points or "").splitlines()}
                 for d in TargetDecision.objects.filter(candidate=firm).order_by("-decided_on", "-id")]
    named = [d["row"].pk for d in decisions[:1] if d["row"].decision == "chosen"]
    return render(request, "target/target.html", {
        "title": firm.name, "firm": firm, "row": row, "bars": target_view.bars(row, rule.value["full"]) if row else [], "pool_word": view.told(POOLS, firm.pool) if firm.pool else "—", "rule": rule,
        "signs": [{"row": s, "word": view.told(SIGNS, s.kind)} for s in CandidateSign.objects.filter(candidate=firm).order_by("-happened_on", "id")],
        "links": target_view.links_of(CandidateLink.objects.filter(candidate=firm).select_related("enterprise").order_by("-since", "id"), may_see_confidential(request.user)),
        "figures": CandidateFigure.objects.filter(candidate=firm).order_by("-year"), "landings": CandidateLanding.objects.filter(candidate=firm).order_by("-happened_on"), "decisions": decisions, "choices": DECISIONS, "outcomes": OUTCOMES,
        "leads": Lead.objects.filter(candidate=firm).order_by("-received_on", "-id"), "visits": view.visits_of(candidate=firm), "warnings": target_view.warnings_for(firm), "may_write": may_write(request.user), "edition_shown": edition,
        "lead_new": link("lead_new", candidate=firm.pk, title=f"{firm.name}{firm.chain_node.name if firm.chain_node else ''}项目", decision=named[0] if named else None), "node_page": link("gap_verdict", code=row["node_code"]) if row and row["verdict"] else None})


@require_POST
@writers_only
def target_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a decision with the evidence of the edition in view."""
    row = decide(request.user, pk, decision=request.POST.get("decision", ""), reason=request.POST.get("reason", ""), edition=need_edition(request))
    return view.done(request, f"已记下决定 {row.code}，当时的得分和依据一并留存。", f"Decision {row.code} is kept with the evidence of this day.", reverse("target", args=[pk]))


@require_POST
@writers_only
def target_settle(request: HttpRequest, pk: int, decision: int) -> HttpResponse:
    """Write down how a decision ended."""
    told = request.POST.get("on", "").strip()
    try:
        on = date.fromisoformat(told) if told else None
    except ValueError:
        raise UserError(f"「{told[:20]}」不是日期。", code="bad-day", hint="请写成 2026-10-31。") from None
    row = settle(request.user, decision, outcome=request.POST.get("outcome", ""), on=on, note=request.POST.get("note", ""))
    return view.done(request, f"决定 {row.code} 的结果已登记。", f"The outcome of decision {row.code} is kept.", reverse("target", args=[pk]))


@require_GET
@answered
def target_print(request: HttpRequest) -> HttpResponse:
    """The short list of a node, a chain or a lens on one A4 page."""
    edition = need_edition(request)
    listed = _rows(request, edition).filter(pl.col("short_listed"))
    rows = listed.head(PRINTED)
    nodes = rows["node_name"].drop_nulls().unique().to_list()
    return render(request, "target/print.html", {
        "title": say("走访名单", "Short list"), "rows": [r | {"top": target_view.strongest(r)} for r in rows.to_dicts()], "node": nodes[0] if len(nodes) == 1 and request.GET.get("node") else "", "chain": target_view.chain_name(request.GET.get("chain", "")),
        "lens": next(((x.zh if language() == "zh" else x.en) for x in lenses() if x.code == request.GET.get("lens")), ""), "edition_shown": edition, "told": target_view.replay_sentence(edition), "parts": target_view.part_words(),
        "more": listed.height - rows.height})


@require_GET
@answered
def replay_page(request: HttpRequest) -> HttpResponse:
    """Past lists, what came of them, and the same said plainly when they were no better."""
    edition = need_edition(request)
    rows = view.rows_of(released(request.user, "target_replay", edition))
    return render(request, "target/replay.html", {"title": say("名单回看", "Replay of past lists"), "rows": rows, "found": target_view.replay_of(edition), "told": target_view.replay_sentence(edition), "aside": target_view.replay_aside(edition), "rule": parameter("target_score"), "memory": _memory(), "edition_shown": edition})


urlpatterns = [
    path("attract/targets/", targets, name="targets"),
    path("attract/targets/print/", target_print, name="target_print"),
    path("attract/targets/<int:pk>/", target, name="target"),
    path("attract/targets/<int:pk>/decide/", target_decide, name="target_decide"),
    path("attract/targets/<int:pk>/settle/<int:decision>/", target_settle, name="target_settle"),
    path("attract/replay/", replay_page, name="replay"),
]
