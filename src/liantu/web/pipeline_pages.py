"""招商项目: the pipeline by stage, the project with its stages and proofs, and its admission sheets."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liantu.attraction import admission as review
from liantu.attraction import workflow
from liantu.attraction.admission_forms import MEASURES
from liantu.attraction.choices import ADMISSION_RESULTS, VISIT_KINDS
from liantu.attraction.pipeline_models import Lead
from liantu.attraction.pipeline_write import fresh, last_batch, may_assess
from liantu.kernel.access import may_see_confidential, may_write, released
from liantu.kernel.edition import Edition
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import UserError
from liantu.projects.choices import SIDE_STATES, STAGES
from liantu.projects.models import Project, StageEvent
from liantu.projects.shared import RANKS
from liantu.web import pipeline_view as view
from liantu.web.answers import answered, writers_only
from liantu.web.attract_links import link
from liantu.web.cells import number_text
from liantu.web.context import edition_of, need_edition, say
from liantu.web.formats import words
from liantu.web.lead_pages import warnings_for
from liantu.web.promise_view import promise_rows

BOARD = (("talks", ("lead", "assessed", "talks", "admitted"), "洽谈评审", "Talks and review"), ("signed", ("signed", "registered", "approved"), "签约落户", "Signed and approved"),
         ("built", ("started", "in_statistics", "completed"), "开工建设", "Under construction"), ("works", ("producing", "above_scale", "full_capacity"), "投产达效", "Producing"))
CARDS = 12


@require_GET
@answered
def pipeline(request: HttpRequest) -> HttpResponse:
    """Attracted projects of the edition in view: the funnel by stage, then a table or a board."""
    edition = need_edition(request)
    everything = view.rows_of(released(request.user, "pipeline_list", edition))
    chain, stage, lit, look = (request.GET.get(name, "") for name in ("chain", "stage", "lamp", "view"))
    of_chain = [r for r in everything if not chain or r["chain_code"] == chain]
    rows = [r for r in of_chain if (not stage or r["stage"] == stage) and (not lit or r["lamp"] == lit)]
    rows.sort(key=lambda r: (view.LAMP_ORDER[r["lamp"] or "none"], -(r["stage_rank"] or 0), r["name"]))
    for row in rows:
        row |= {"lit": view.lamp("pipeline_list", row["lamp"]), "left": view.left(row["days_left"])}
    board = [{"word": say(zh, en), "count": len(found), "rows": found[:CARDS], "rest": max(0, len(found) - CARDS)} for _, names, zh, en in BOARD for found in [[r for r in rows if r["stage"] in names]]]
    rates = [r for r in view.rows_of(released(request.user, "attraction_rates", edition)) if r["chain_code"] == (chain or "all")]
    year = edition.manifest.as_of[:4]
    alive = [r for r in of_chain if r["side_state"] != "ended" and not r["repeat_of"]]
    return render(request, "pipeline/pipeline.html", {
        "title": say("招商项目", "Attracted projects"), "rows": rows, "board": board, "look": look or "table", "chain": chain, "stage": stage, "lamp": lit, "chains": view.chains(), "funnel": view.funnel(of_chain), "as_of": edition.manifest.as_of,
        "lamps": [{**view.lamp("pipeline_list", v), "count": sum(r["lamp"] == v for r in alive)} for v in ("red", "yellow", "green")], "alive": len(alive), "ended": sum(r["side_state"] == "ended" for r in of_chain), "repeats": sum(bool(r["repeat_of"]) for r in of_chain),
        "whole": next((r for r in rates if r["year"] == "all"), None), "this_year": next((r for r in rates if r["year"] == year), None), "year": year, "may_see": may_see_confidential(request.user),
        "undone": released(request.user, "three_undone", edition).frame.height, "rule": parameter("project_lamps"), "weekly": link("weekly"), "edition": edition, "rate_key": f"{chain or 'all'}|all"})


@require_GET
@answered
def pipeline_project(request: HttpRequest, pk: int) -> HttpResponse:
    """One project: where it stands by what proof, what comes next, its visits, reviews and promises."""
    row: Project = fresh(Project, pk, "项目")
    edition = edition_of(request)
    listed = next((r for r in view.rows_of(released(request.user, "pipeline_list", edition)) if r["project"] == row.pk), None) if edition else None
    rail, origin = view.rail(row), Lead.objects.filter(project=row).order_by("-id").first()
    visits = view.visits_of(Q(project=row) | Q(lead__project=row))
    rank, batch = RANKS.get(row.stage or "", -1), last_batch("project", row.pk)
    events = [("stage_event", e) for e in StageEvent.objects.filter(project=row).values_list("pk", flat=True)]
    firm = row.investor or row.enterprise_name or ""
    return render(request, "pipeline/project.html", {
        "title": row.name, "project": row, "rail": rail, "now": next((r for r in rail if r["state"] == "now"), None), "open_stages": view.stages_open(rail), "earlier": [s for s in STAGES if RANKS[s.value] < rank], "listed": listed,
        "lit": view.lamp("pipeline_list", listed["lamp"]) if listed else None, "left": view.left(listed["days_left"]) if listed else "", "side": view.told(SIDE_STATES, row.side_state or "normal"),
        "lead": origin, "lead_url": link("lead", origin.pk) if origin else None, "visits": visits, "kinds": VISIT_KINDS, "firm": firm, "warnings": warnings_for(firm, None, view.day_in_view(edition)), "sheets": view.sheets_of(row),
        "may_write": may_write(request.user), "may_assess": may_assess(request.user), "may_see": may_see_confidential(request.user), "running": row.side_state not in ("paused", "ended"),
        "can_undo": batch is not None and batch.kind == "form", "history": view.course("project", row.pk, *events, *(("visit", v["row"].pk) for v in visits)), "promises": link("project_promises", row.pk), "promised": _promised(row, request, edition), "signings": link("signings"),
        "forecast": link("forecast"), "as_of": view.day_in_view(edition), "dossier": reverse("dossier", args=[row.enterprise_id]) if row.enterprise_id else None})  # type: ignore[attr-defined]


def _promised(row: Project, request: HttpRequest, edition: Edition | None) -> list[dict[str, Any]]:
    """How many promises of the project show which lamp."""
    rows = [r for r in promise_rows(edition, request.user)[0] if r["project"] == row.pk] if edition else []
    counted = Counter(r["lamp"] for r in rows)
    return [{"lit": view.lamp("pipeline_list", value), "count": counted[value]} for value in ("red", "yellow", "green") if counted[value]]


@require_POST
@writers_only
def project_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One action on a project: a stage by proof, a check, back, a side state, the newest step taken back."""
    said = {key: value.strip() for key, value in request.POST.items() if isinstance(value, str)}
    here, by = reverse("pipeline_project", args=[pk]), request.user
    if name == "stage":
        paper = " ".join(t for t in (said.get("kind"), said.get("evidence")) if t)
        event = workflow.reach_stage(by, pk, said.get("stage", ""), said.get("happened_on"), paper, number=said.get("number"), amount=said.get("amount"))
        return view.done(request, f"已登记「{view.STAGE_WORDS[event.stage]}」，待核实。", f"Stage recorded, to be verified: {view.told(STAGES, event.stage)}.", here)
    if name == "verify":
        event = workflow.verify_stage(by, view.number(said.get("event")) or 0)
        return view.done(request, f"已核实「{view.STAGE_WORDS[event.stage]}」的佐证。", "Evidence checked.", here)
    if name == "step-back":
        row = workflow.step_back(by, pk, said.get("stage", ""), reason=said.get("reason", ""))
        return view.done(request, f"已退回「{view.STAGE_WORDS[row.stage or '']}」。", "The project was put back.", here)
    if name == "side":
        side, _, word = said.get("side", "").partition(":")
        row = workflow.set_side(by, pk, side, reason=said.get("reason", ""), word=word)
        return view.done(request, f"项目现在是「{view.told(SIDE_STATES, row.side_state)}」。", f"The project is now: {view.told(SIDE_STATES, row.side_state)}.", here)
    if name == "back":
        batch = workflow.take_back("project", pk, by)
        gone = not Project.objects.filter(pk=pk).exists()
        return view.done(request, f"已撤回上一步（批次 {batch.number}）。", f"Taken back (batch {batch.number}).", reverse("pipeline") if gone else here)
    raise UserError(say(f"没有「{name[:20]}」这一步。", f"No such step: {name[:20]}."), code="unknown-action")


@require_http_methods(["GET", "POST"])
@answered
def admission(request: HttpRequest, pk: int) -> HttpResponse:
    """A scorecard for a project: scored as told, shown before it is kept; earlier reviews below."""
    row: Project = fresh(Project, pk, "项目")
    cards = review.forms()
    card = review.form_of(request.POST.get("form") or request.GET.get("form") or next(iter(cards)))
    told = {m: getattr(row, m) for m in card.measures} | {key: value.strip() for key, value in request.POST.items() if isinstance(value, str)}
    problem, scored = None, None
    try:
        scored = review.score(card, told)
        if request.method == "POST" and request.POST.get("do") == "hold":
            sheet = review.hold(request.user, row, card, told, result=told.get("result", ""), held_on=told.get("held_on"), evidence=told.get("evidence", ""), note=told.get("note", ""))
            return view.done(request, f"已保存评审 {sheet.code}：{sheet.total:g} 分，{view.told(ADMISSION_RESULTS, sheet.result)}。", f"Review {sheet.code} kept: {sheet.total:g} points.", reverse("pipeline_project", args=[pk]) + "#admission")
    except UserError as error:
        problem = error
    by_key = {i.item.key: i for i in scored.items} if scored else {}
    items = [{"item": i, "scored": by_key.get(i.key), "value": told.get(i.key, ""), "unit": _unit(i.unit)} for i in card.items]
    measures = [{"key": m, "word": say(*MEASURES[m][:2]), "unit": _unit(MEASURES[m][2]), "value": "" if told.get(m) is None else number_text(told[m]).replace(",", "") if not isinstance(told[m], str) else told[m]} for m in card.measures]
    waiting = say("、", ", ").join(words(i.item) for i in scored.items if i.points is None) if scored else ""
    return render(request, "pipeline/admission.html", {
        "title": say("准入评审", "Admission review"), "project": row, "cards": [{"card": c, "word": words(c)} for c in cards.values()], "card": card, "items": items, "measures": measures, "scored": scored, "waiting": waiting, "problem": problem,
        "vetoes": [{"veto": v, "on": bool(told.get(f"veto_{v.value}"))} for v in card.vetoes], "results": ADMISSION_RESULTS, "told": told, "law": say(*review.LAW), "sure": {"high": say("高", "high"), "medium": say("中", "medium"), "low": say("低", "low")}.get(card.confidence, card.confidence), "may_assess": may_assess(request.user), "sheets": view.sheets_of(row)},
        status=400 if problem is not None and problem.exit_code != 3 else 409 if problem is not None else 200)


def _unit(unit: str) -> str:
    """A unit in the reader's language."""
    return say(unit, {"万元": "10k yuan", "亩": "mu", "人": "persons", "平方米": "m²", "吨标煤": "tce", "万元/亩": "10k yuan per mu"}.get(unit, unit))


urlpatterns: list[Any] = [
    path("attract/projects/", pipeline, name="pipeline"),
    path("attract/projects/<int:pk>/", pipeline_project, name="pipeline_project"),
    path("attract/projects/<int:pk>/admission/", admission, name="admission"),
    path("attract/projects/<int:pk>/do/<slug:name>/", project_act, name="project_act"),
]
