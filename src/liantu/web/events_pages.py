"""风险事件: the list, the event with its way and its plan, and the form by which a stop is reported."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liantu.chains.follow import freeze_now
from liantu.chains.models import Chain, ChainNode
from liantu.enterprises.models import Enterprise
from liantu.kernel.access import may_see_confidential, may_write, version_asked
from liantu.kernel.edition import open_edition
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import UserError
from liantu.papers.cells import version_word
from liantu.papers.docx import to_docx
from liantu.papers.event_plan import event_paper
from liantu.places.models import Park
from liantu.resilience import plan, tasks, workflow
from liantu.resilience.event_choices import CAUSES, ENDED, FOUND_BY, STATES, SUPPLY_KINDS, TASK_KINDS
from liantu.resilience.event_models import EventContact, EventExposure, EventStep, EventSubstitute, PlanTask, RiskEvent
from liantu.resilience.event_write import event_of
from liantu.resilience.opening import open_event
from liantu.resilience.signal_verdicts import DISMISSALS
from liantu.web import events_view as view
from liantu.web.answers import answered, download, next_address, tell, writers_only
from liantu.web.cells import page_of
from liantu.web.context import language, say
from liantu.web.paper_view import blocks_of
from liantu.web.register_form import rows_named
from liantu.web.watch_links import signals_told

ROWS_SHOWN, PER_PAGE = 8, 50
TOLD = ("note", "evidence", "reason", "owner", "lead_office", "verdict")


@require_GET
@answered
def events(request: HttpRequest) -> HttpResponse:
    """Events that are open, ended, or all; drills are elsewhere."""
    kind = request.GET.get("kind", "open")
    found = RiskEvent.objects.filter(drill=None).select_related("enterprise", "chain", "chain_node").order_by("-opened_at", "-id")
    shown = found.filter(state__in=ENDED) if kind == "ended" else found if kind == "all" else found.exclude(state__in=ENDED)
    page = page_of(request, shown, PER_PAGE) if kind != "open" else None
    rows = view.table_rows(shown if page is None else page.object_list, may_see_confidential(request.user))
    running = rows if kind == "open" else view.table_rows(found.exclude(state__in=ENDED), False)
    counts = [{**level, "count": sum(r["event"].level == level["value"] for r in running)} for level in view.levels()]
    return render(request, "events/events.html", {
        "title": say("风险事件", "Risk events"), "rows": rows, "page": page, "kind": kind, "counts": counts, "ungraded": sum(not r["event"].level for r in running),
        "running": len(running),
        "overdue": sum(r["clock"]["lamp"] == "red" for r in running), "ended": found.filter(state__in=ENDED).count(), "all": found.count(), "prompt": view.prompt_share(),
        "rule": parameter("event_clock"), "may_write": may_write(request.user), "may_see": may_see_confidential(request.user)})


def number_asked(request: HttpRequest, name: str) -> int | None:
    """A number of the form; None when it is empty or none."""
    text = request.POST.get(name, "").strip()
    return int(text) if text.isdigit() and len(text) < 18 else None


def firm_asked(request: HttpRequest) -> int | None:
    """The firm by its id, or by the name that a person typed."""
    chosen, text = number_asked(request, "enterprise"), request.POST.get("enterprise_name", "").strip()
    if chosen or not text:
        return chosen
    found = rows_named("enterprise", text)
    if len(found) != 1:
        raise UserError(say(f"名录里没有唯一的企业「{text[:40]}」。", f"The register has not exactly one firm {text[:40]}."), code="unknown-enterprise",
                        hint=say("请从提示的名称里选；区外单位请写在“涉及对象”里。", "Choose one of the names offered; write parties from elsewhere as the subject."))
    return found[0]


@require_http_methods(["GET", "POST"])
@writers_only
def event_open(request: HttpRequest) -> HttpResponse:
    """Open an event, from a signal or by hand; what concerns an event that is open joins it."""
    if request.method == "GET":
        firm = Enterprise.objects.filter(pk=request.GET["enterprise"]).first() if request.GET.get("enterprise", "").isdigit() else None
        return render(request, "events/open.html", {
            "title": say("报告风险事件", "Report an event"), "causes": CAUSES, "found": [c for c in FOUND_BY if c.value != "system"], "levels": view.levels(), "firm": firm,
            "nodes": ChainNode.objects.select_related("chain").order_by("chain_id", "position", "id"), "chains": Chain.objects.order_by("id"),
            "parks": Park.objects.order_by("id")})
    given = {name: request.POST.get(name, "").strip() for name in ("title", "cause", "subject", "signals", "level", "summary", "evidence", "found_by", "opened_at",
                                                                   "owner")}
    before = set(RiskEvent.objects.filter(drill=None).values_list("code", flat=True))
    code, batch = open_event(request.user, enterprise=firm_asked(request), chain_node=number_asked(request, "chain_node"), chain=number_asked(request, "chain"),
                             park=number_asked(request, "park"),
                             park_to=number_asked(request, "park_to"), **given)
    messages.success(request, say(f"已登记事件 {code}（批次 {batch.number}）。", f"Event {code} opened (batch {batch.number}).") if code not in before else
                     say(f"已并入未了结的事件 {code}（批次 {batch.number}）。", f"Joined the open event {code} (batch {batch.number})."))
    tell(request, freeze_now())
    return redirect(next_address(request, reverse("event", args=[code])))


@require_GET
@answered
def event(request: HttpRequest, code: str) -> HttpResponse:
    """One event: where it stands, what to do next, its plan, what happened."""
    found = event_of(code)
    steps = list(EventStep.objects.filter(event=found).order_by("number"))
    own = list(PlanTask.objects.filter(event=found).order_by("number"))
    now, may_see, writer = view.now_of(found), may_see_confidential(request.user), may_write(request.user)
    running = found.state not in ENDED and (found.drill is None or found.drill.state == "running")
    actions = workflow.actions_for(found, request.user) if running else []
    clock = view.event_clock(found, own, now)
    history = view.timeline(found, steps)
    substitutes = list(EventSubstitute.objects.filter(event=found).select_related("supplier", "customer").order_by("number"))
    supply = [{"row": s, "kind": view.told(SUPPLY_KINDS, s.kind)} for s in substitutes]
    exposed = list(EventExposure.objects.filter(event=found).select_related("enterprise", "chain_node")
                   .order_by(F("days").asc(nulls_last=True), *([F("output").desc(nulls_last=True)] if may_see else []), "enterprise_id"))  # nobody reads amounts off an order
    return render(request, "events/event.html", {
        "title": found.title, "event": found, "drill": found.drill, "level": view.level_view(found.level), "levels": view.levels(),
        "state": view.told(STATES, found.state), "cause": view.told(CAUSES, found.cause),
        "found_by": view.told(FOUND_BY, found.found_by), "way": view.way(found, steps), "clock": clock, "lamp": view.lamp_word(clock["lamp"]), "now": now,
        "actions": actions, "running": running,
        "exposure": view.exposure(found) if may_see else None, "signals": signals_told(found.signals),
        "exposed_kept": len(exposed), "exposed_not_kept": (found.firms_at_stake or 0) > len(exposed), "exposed": exposed[:ROWS_SHOWN], "exposed_rest": exposed[ROWS_SHOWN:],
        "priced": any(s.amount is not None or s.spare is not None for s in substitutes),
        "substitutes": supply[:ROWS_SHOWN], "substitutes_rest": supply[ROWS_SHOWN:],
        "contacts": EventContact.objects.filter(event=found).select_related("enterprise").order_by("number"),
        "tasks": view.task_rows(own, now), "kinds": TASK_KINDS, "dismissals": DISMISSALS, "history": history,
        "level_changes": [h for h in history if h["after"] and h["before"] and h["after"]["value"] != h["before"]["value"]],
        "rule": parameter("event_clock"), "may_write": writer and running, "may_see": may_see, "last": steps[-1] if steps else None})


def _done(request: HttpRequest, code: str, words: str, anchor: str = "") -> HttpResponse:
    """Say what was done; real events are frozen so that lists and papers show it."""
    messages.success(request, words)
    if event_of(code).drill_id is None:
        freeze_now()
    return redirect(reverse("event", args=[code]) + anchor)


@require_POST
@writers_only
def event_act(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """One action of the workflow."""
    told = {key: request.POST.get(key, "") for key in TOLD}
    batch = workflow.act(code, name, request.user, at=request.POST.get("at", ""), level=request.POST.get("level", ""), **told)
    return _done(request, code, say(f"已登记「{workflow.STEP_WORDS[name]}」（批次 {batch.number}）。", f"{workflow.ACTIONS[name].en} (batch {batch.number})."))


@require_POST
@writers_only
def event_back(request: HttpRequest, code: str) -> HttpResponse:
    """Take the newest step back."""
    batch = workflow.take_back(code, request.user)
    messages.success(request, say(f"已撤回上一步（批次 {batch.number}），历史里仍可查。", f"The last step was taken back (batch {batch.number}); the history keeps it."))
    left = RiskEvent.objects.filter(code=code).first()
    if left is None or left.drill_id is None:
        freeze_now()
    return redirect("event", code) if left else redirect("events")


@require_POST
@writers_only
def event_fill(request: HttpRequest, code: str) -> HttpResponse:
    """Fill exposure, substitutes, phone list and tasks in from the newest edition; or the exposure as a person states it."""
    if request.POST.get("by_hand"):
        batch = plan.state_exposure(code, request.user, **{k: request.POST.get(k, "") for k in ("low", "mid", "high", "tax", "jobs", "basis")})
    else:
        batch = plan.fill(code, request.user)
    return _done(request, code, say(f"已填入（批次 {batch.number}）。", f"Filled in (batch {batch.number})."), "#plan")


@require_POST
@writers_only
def event_answer(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """What a firm said on the phone."""
    batch = plan.answer(code, pk, request.POST.get("answer", ""), request.user)
    return _done(request, code, say(f"已记下（批次 {batch.number}）。", f"Noted (batch {batch.number})."), "#phone")


@require_POST
@writers_only
def event_task(request: HttpRequest, code: str, number: int = 0) -> HttpResponse:
    """A task is added (number 0), changed, or goes on."""
    said: dict[str, Any] = {key: request.POST[key] for key in ("kind", "what", "office", "who", "due_at") if key in request.POST}
    if not number:
        batch = tasks.add_task(code, request.user, **said)
    elif request.POST.get("state"):
        batch = tasks.move_task(code, number, request.POST["state"], request.user, evidence=request.POST.get("evidence", ""))
    else:
        batch = tasks.edit_task(code, number, request.user, revision=number_asked(request, "revision"), **said)
    return _done(request, code, say(f"已保存（批次 {batch.number}）。", f"Saved (batch {batch.number})."), "#tasks")


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_GET
@answered
def event_plan(request: HttpRequest, code: str) -> HttpResponse:
    """The plan as a page to print, in the version that the person may see."""
    found, version = event_of(code), version_asked(request.user, request.GET.get("version", ""))
    edition = open_edition()
    paper = event_paper(edition, code, version=version, language=language())
    return render(request, "events/paper.html", {
        "title": say("一事一策", "Response plan"), "paper": paper, "blocks": blocks_of(paper, language()), "code": found.code, "version": version,
        "version_word": version_word(version, language()),
        "versions": versions_for(request.user), "docx": reverse("event_plan_docx", args=[code])})


def versions_for(user: Any) -> list[tuple[str, str]]:
    """The versions of a paper that a person may have; the public one holds no risk events."""
    return [(v, version_word(v, language())) for v in (("internal", "department") if may_see_confidential(user) else ("department",))]


@require_GET
@answered
def event_plan_docx(request: HttpRequest, code: str) -> HttpResponse:
    """The plan as a Word file."""
    found, version = event_of(code), version_asked(request.user, request.GET.get("version", ""))
    edition = open_edition()
    data = to_docx(event_paper(edition, code, version=version, language=language()), edition=edition, version=version, language=language())
    return download(data, f"{found.code}_{say('一事一策', 'plan')}.docx", DOCX)


urlpatterns = [
    path("events/", events, name="events"),
    path("events/new/", event_open, name="event_open"),
    path("events/<slug:code>/", event, name="event"),
    path("events/<slug:code>/plan/", event_plan, name="event_plan"),
    path("events/<slug:code>/plan.docx", event_plan_docx, name="event_plan_docx"),
    path("events/<slug:code>/back/", event_back, name="event_back"),
    path("events/<slug:code>/fill/", event_fill, name="event_fill"),
    path("events/<slug:code>/do/<slug:name>/", event_act, name="event_act"),
    path("events/<slug:code>/phone/<int:pk>/", event_answer, name="event_answer"),
    path("events/<slug:code>/task/", event_task, name="event_task_new"),
    path("events/<slug:code>/task/<int:number>/", event_task, name="event_task"),
]
