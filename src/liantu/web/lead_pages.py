"""招商线索: the list with its clocks and lamps, the form that tells twins before it saves, and the lead with its actions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liantu.attraction import contacts, workflow
from liantu.attraction.choices import LEAD_CLASSES, LEAD_SOURCES, LEAD_STATES, LEAD_VERDICTS, VISIT_KINDS
from liantu.attraction.clocks import next_clock
from liantu.attraction.lead_quality import quality, twins
from liantu.attraction.pipeline_models import Lead
from liantu.attraction.pipeline_shared import CONTENTS, LEAD_CLOCKS
from liantu.attraction.pipeline_write import fresh, last_batch, may_assess
from liantu.attraction.target_models import CandidateFirm, TargetDecision
from liantu.chains.models import ChainNode
from liantu.kernel.access import may_write, released
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import UserError
from liantu.kernel.tables import table_of
from liantu.kernel.word_lists import split_words
from liantu.web import pipeline_view as view
from liantu.web.answers import answered, writers_only
from liantu.web.attract_links import link
from liantu.web.cells import page_of, show
from liantu.web.context import edition_of, language, need_edition, say
from liantu.web.formats import heading

PER_PAGE = 50
OPEN = ("new", "answered", "assessed", "reserve")
TABS = (("open", "未了结", "Open"), ("late", "亮灯", "With a lamp"), ("talks", "已转在谈", "Became projects"), ("dropped", "已放弃", "Dropped"), ("all", "全部", "All"))
TOLD = ("content", "process", "invest_total", "fixed_assets", "land_mu", "plant_m2", "energy_tce", "pollutants", "output_expected", "tax_expected", "jobs_expected", "site_wish", "introducer")
LACKING = {zh: en for zh, en, _ in CONTENTS.values()}


def _in_tab(row: dict[str, Any], tab: str) -> bool:
    if tab == "all":
        return True
    if tab in ("talks", "dropped"):
        return bool(row["state"] == tab)
    return row["state"] in OPEN and (tab == "open" or row["lamp"] in ("red", "yellow"))


@require_GET
@answered
def leads(request: HttpRequest) -> HttpResponse:
    """Leads of the edition in view, the most urgent first; by chain, owner and state."""
    edition = need_edition(request)
    everything = view.rows_of(released(request.user, "lead_list", edition))
    tab, chain, owner = request.GET.get("kind", "open"), request.GET.get("chain", ""), request.GET.get("owner", "")
    asked = request.GET.get("q", "").strip()
    rows = [r for r in everything if (not chain or r["chain_code"] == chain) and (not owner or r["owner"] == owner) and (not asked or asked in f"{r['title']}{r['investor'] or ''}{r['code']}")]
    counts = [{"key": key, "word": say(zh, en), "count": sum(_in_tab(r, key) for r in rows)} for key, zh, en in TABS]
    shown = sorted((r for r in rows if _in_tab(r, tab)), key=lambda r: (view.LAMP_ORDER[r["lamp"] or "none"], r["days_left"] if r["days_left"] is not None else 10**6, r["code"]))
    for row in shown:
        row |= {"lit": view.lamp("lead_list", row["lamp"]), "lacks": say("、", ", ").join(LACKING.get(w, w) if language() == "en" else w for w in split_words(row["missing"])), "left": view.left(row["days_left"]), "clock": view.told(LEAD_CLOCKS, row["next_clock"]) if row["next_clock"] else ""}
    working = [r for r in everything if r["state"] in OPEN]
    late = {name: sum(r["lamp_rule"] == name for r in working) for name in ("answer_late", "assess_late", "feedback_late", "report_late")}
    return render(request, "pipeline/leads.html", {
        "title": say("招商线索", "Leads"), "page": page_of(request, shown, PER_PAGE), "kind": tab, "tabs": counts, "chain": chain, "owner": owner, "q": asked, "chains": view.chains(), "as_of": edition.manifest.as_of,
        "owners": sorted({r["owner"] for r in everything if r["owner"]}), "open": len(working), "late": late, "red": sum(r["lamp"] == "red" for r in working), "yellow": sum(r["lamp"] == "yellow" for r in working),
        "lacking": sum(bool(r["missing"]) for r in working), "converted": sum(r["state"] == "talks" for r in everything), "all": len(everything), "rule": parameter("lead_clock"), "may_write": may_write(request.user),
        "weekly": link("weekly"), "contents": len(parameter("lead_quality").value["contents"])})


@require_http_methods(["GET", "POST"])
@writers_only
def lead_new(request: HttpRequest) -> HttpResponse:
    """Register a lead. Twins (open leads, living projects of the same or a like investor) are told first; then a reason is asked for."""
    firm = CandidateFirm.objects.filter(pk=view.number(request.GET.get("candidate") or request.POST.get("candidate"))).first()
    given = {name: request.POST.get(name, "").strip() for name in ("investor", "title", "source", "received_on", "office", "owner", "different", "next_step", "next_on", *TOLD)}
    decided = TargetDecision.objects.filter(pk=view.number(request.GET.get("decision") or request.POST.get("decision")), candidate=firm).values_list("pk", flat=True).first() if firm else None
    found = twins(given["investor"]) if request.method == "POST" else twins(firm.name) if firm else []
    if request.method == "POST" and (not found or given["different"]):
        told = {name: given[name] for name in (*TOLD, "next_step") if given[name]}
        row = workflow.make_lead(request.user, candidate=firm, decision=decided, investor=given["investor"], title=given["title"], chain_node=view.number(request.POST.get("chain_node")), source=given["source"] or "target",
                                 received_on=given["received_on"], office=given["office"], owner=given["owner"], different=given["different"], next_on=given["next_on"], **told)
        return view.done(request, f"已登记线索 {row.code}。", f"Lead {row.code} registered.", reverse("lead", args=[row.pk]))
    if request.method == "GET":
        given |= {"investor": firm.name if firm else "", "title": request.GET.get("title", ""), "source": "target" if firm else ""}
    return render(request, "pipeline/lead_new.html", {
        "title": say("登记线索", "New lead"), "given": given, "firm": firm, "decision": decided, "twins": [_twin(t) for t in found], "sources": LEAD_SOURCES, "chosen": view.number(request.POST.get("chain_node")) or (firm.chain_node_id if firm else None),
        "nodes": ChainNode.objects.select_related("chain").order_by("chain_id", "position", "id"), "need": parameter("lead_quality")})


def _twin(twin: Any) -> dict[str, Any]:
    word = view.told(LEAD_STATES, twin.state) if twin.kind == "lead" else view.STAGE_WORDS.get(twin.state, "—")
    return {"twin": twin, "state": word, "url": link("lead" if twin.kind == "lead" else "pipeline_project", twin.pk)}


@require_GET
@answered
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    """One lead: its clocks, what it tells and lacks, what may be done next, visits and course."""
    row: Lead = fresh(Lead, pk, "线索")
    edition = edition_of(request)
    day = view.day_in_view(edition)
    listed = [r for r in view.rows_of(released(request.user, "lead_list", edition)) if r["lead"] == row.pk] if edition and edition.has("lead") else []
    visits = view.visits_of(lead=row)
    others = [v for v in view.visits_of(firm_name=row.investor) if v["row"].lead_id != row.pk] if row.investor else []
    waiting = next_clock(row, day)
    batch = last_batch("lead", row.pk)
    return render(request, "pipeline/lead.html", {
        "title": row.title, "lead": row, "state": view.told(LEAD_STATES, row.state or "new"), "lit": view.lamp("lead_list", listed[0]["lamp"]) if listed else None, "listed": listed[0] if listed else None,
        "clocks": view.clock_rail(row, day), "waiting": waiting, "as_of": day, "quality": quality(row, day), "source": view.told(LEAD_SOURCES, row.source), "verdict": view.told(LEAD_VERDICTS, row.verdict) if row.verdict else "",
        "class": view.told(LEAD_CLASSES, row.lead_class) if row.lead_class else "", "next": _next(row), "verdicts": LEAD_VERDICTS, "classes": LEAD_CLASSES, "kinds": VISIT_KINDS, "visits": visits, "others": others,
        "warnings": warnings_for(row.investor, row.candidate_id, day), "may_write": may_write(request.user), "may_assess": may_assess(request.user), "can_undo": batch is not None and batch.kind == "form",  # type: ignore[attr-defined]
        "history": view.course("lead", row.pk, *(("visit", v["row"].pk) for v in visits)), "rule": parameter("lead_clock"), "project": link("pipeline_project", row.project_id) if row.project_id else None,  # type: ignore[attr-defined]
        "target": link("target", row.candidate_id) if row.candidate_id else None, "verdict_page": link("gap_verdict", code=row.chain_node.code) if row.chain_node else None, "told": _facts(row)})  # type: ignore[attr-defined]


def _next(row: Lead) -> str:
    """The action that a lead waits for."""
    if row.state == "assessed":
        return "project"
    return {"new": "answer", "answered": "assess", "reserve": "report", "dropped": "reopen"}.get(row.state or "new", "")


def _facts(row: Lead) -> list[dict[str, Any]]:
    """What the investor told, number by number."""
    table = table_of("lead")
    return [{"name": name, "head": heading(table.column(name)), "text": show(getattr(row, name), table.column(name)), "value": getattr(row, name)} for name in TOLD]


def warnings_for(firm_name: str | None, candidate: int | None = None, on: date | None = None) -> list[str]:
    """What to know before one more visit to a firm, in words; it warns and forbids nothing."""
    return [say(w.zh, w.en) for w in contacts.warnings(firm_name, candidate, on)] if firm_name else []


@require_POST
@writers_only
def lead_act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One action of the workflow on a lead."""
    said = {key: value.strip() for key, value in request.POST.items() if isinstance(value, str)}
    here, by = reverse("lead", args=[pk]), request.user
    step = {"next_step": said.get("next_step"), "next_on": said.get("next_on")}
    if name == "answer":
        row = workflow.answer(by, pk, on=said.get("on"), responder=said.get("responder", ""), **step)
    elif name == "assess":
        row = workflow.assess(by, pk, verdict=said.get("verdict", ""), reason=said.get("reason", ""), lead_class=said.get("lead_class") or None, on=said.get("on"), **step)
    elif name == "feed_back":
        row = workflow.feed_back(by, pk, on=said.get("on"))
    elif name == "report":
        row = workflow.report(by, pk, on=said.get("on"), next_step=said.get("next_step", ""), next_on=said.get("next_on"))
    elif name in ("drop", "reopen"):
        row = (workflow.drop if name == "drop" else workflow.reopen)(by, pk, reason=said.get("reason", ""))
    elif name == "edit":
        row = workflow.edit_lead(by, pk, revision=view.number(said.get("revision")), **{k: said[k] for k in (*TOLD, "office", "owner", "title") if k in said})
    elif name == "project":
        project = workflow.to_project(by, pk, name=said.get("name", ""), on=said.get("on"), evidence=said.get("evidence", ""))
        return view.done(request, f"已转为在谈项目「{project.name}」。", f"Now a project in talks: {project.name}.", reverse("pipeline_project", args=[project.pk]))
    else:
        raise UserError(say(f"没有「{name[:20]}」这一步。", f"No such step: {name[:20]}."), code="unknown-action")
    return view.done(request, f"已保存，线索 {row.code} 现在是「{view.told(LEAD_STATES, row.state)}」。", f"Saved; lead {row.code} is now: {view.told(LEAD_STATES, row.state)}.", here)


@require_POST
@writers_only
def lead_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the newest step back."""
    row: Lead = fresh(Lead, pk, "线索")
    batch = workflow.take_back("lead", pk, request.user)
    gone = not Lead.objects.filter(pk=pk).exists()
    return view.done(request, f"已撤回上一步（批次 {batch.number}），线索 {row.code} 的历史里仍可查。", f"Taken back (batch {batch.number}); the history keeps it.", reverse("leads") if gone else reverse("lead", args=[pk]))


@require_POST
@writers_only
def visit_add(request: HttpRequest) -> HttpResponse:
    """Record a visit of a lead, a project or a firm."""
    said = {key: value.strip() for key, value in request.POST.items() if isinstance(value, str)}
    row = workflow.add_visit(request.user, firm_name=said.get("firm_name", ""), visited_on=said.get("visited_on"), kind=said.get("kind", ""), office=said.get("office", ""), people=said.get("people", ""),
                             met=said.get("met", ""), notes=said.get("notes", ""), lead=view.number(said.get("lead")), project=view.number(said.get("project")), candidate=view.number(said.get("candidate")),
                             next_step=said.get("next_step"), next_on=said.get("next_on"))
    here = reverse("lead", args=[row.lead_id]) if row.lead_id and not said.get("project") else reverse("pipeline_project", args=[row.project_id]) if row.project_id else reverse("leads")  # type: ignore[attr-defined]
    return view.done(request, f"已登记走访 {row.code}。", f"Visit {row.code} recorded.", here + "#visits")


urlpatterns = [
    path("attract/leads/", leads, name="leads"),
    path("attract/leads/new/", lead_new, name="lead_new"),
    path("attract/leads/<int:pk>/", lead, name="lead"),
    path("attract/leads/<int:pk>/do/<slug:name>/", lead_act, name="lead_act"),
    path("attract/leads/<int:pk>/back/", lead_back, name="lead_back"),
    path("attract/visits/add/", visit_add, name="visit_add"),
]
