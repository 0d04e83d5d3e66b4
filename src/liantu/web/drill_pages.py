"""应急演练: planning a drill, playing it on its clock, and the report of what was late or left out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from liantu.chains.follow import freeze_now
from liantu.chains.models import Chain, ChainNode
from liantu.enterprises.models import Enterprise
from liantu.kernel.access import may_see_confidential, may_write, version_asked
from liantu.kernel.edition import open_edition
from liantu.papers.cells import version_word
from liantu.papers.docx import to_docx
from liantu.papers.drill_report import drill_paper
from liantu.places.models import Park
from liantu.resilience import drills as play
from liantu.resilience.drill_clock import drill_minute, drill_now
from liantu.resilience.event_choices import CAUSES, DRILL_STATES, EXPECTED, MARKS, STATES
from liantu.resilience.event_clock import text_of
from liantu.resilience.event_models import Drill, DrillInject
from liantu.web import events_view as view
from liantu.web.answers import answered, download, writers_only
from liantu.web.context import language, say
from liantu.web.events_pages import DOCX, firm_asked, number_asked, versions_for
from liantu.web.paper_view import blocks_of

MOVES = {"start": play.start, "pause": play.pause, "resume": play.resume, "end": play.end}
MOVED = {"start": ("演练已开始", "The drill has begun"), "pause": ("时钟已暂停", "The clock stands still"), "resume": ("时钟继续走", "The clock goes on"),
         "end": ("演练已结束，已逐项评定", "The drill has ended and is marked")}


@require_GET
@answered
def drills(request: HttpRequest) -> HttpResponse:
    """All drills, the newest first."""
    rows = []
    for d in Drill.objects.select_related("enterprise", "chain_node", "chain").order_by("-id"):
        marks = list(DrillInject.objects.filter(drill=d).exclude(mark=None).values_list("mark", flat=True))
        rows.append({"drill": d, "state": view.told(DRILL_STATES, d.state), "cause": view.told(CAUSES, d.cause), "level": view.level_view(d.level), "judged": len(marks),
                     **{m.value: marks.count(m.value) for m in MARKS},
                     "lasted": play.stamp(d.lasted if d.state == "ended" else drill_minute(d)) if d.started_at else "—"})
    return render(request, "events/drills.html", {"title": say("应急演练", "Drills"), "rows": rows, "may_write": may_write(request.user)})


@require_http_methods(["GET", "POST"])
@writers_only
def drill_new(request: HttpRequest) -> HttpResponse:
    """Plan a drill on real data."""
    if request.method == "POST":
        given = {name: request.POST.get(name, "").strip() for name in ("cause", "title", "subject", "level", "speed")}
        code, batch = play.make_drill(request.user, enterprise=firm_asked(request), chain_node=number_asked(request, "chain_node"), chain=number_asked(request, "chain"),
                                      park=number_asked(request, "park"),
                                      park_to=number_asked(request, "park_to"), **given)
        messages.success(request, say(f"已策划演练 {code}（批次 {batch.number}）。", f"Drill {code} planned (batch {batch.number})."))
        return redirect("drill", code)
    firm = Enterprise.objects.filter(pk=request.GET["enterprise"]).first() if request.GET.get("enterprise", "").isdigit() else None
    return render(request, "events/drill_new.html", {
        "title": say("策划演练", "Plan a drill"), "causes": CAUSES, "levels": view.levels(), "firm": firm, "speed": play.template()["speed"],
        "chains": Chain.objects.order_by("id"),
        "nodes": ChainNode.objects.select_related("chain").order_by("chain_id", "position", "id"), "parks": Park.objects.order_by("id")})


def _injects(drill: Drill, minute: float, everything: bool) -> list[dict[str, Any]]:
    """Injects with their due minute and how they stand; before their minute only the leader reads them."""
    done = play.done_minutes(drill) if drill.started_at else {}
    rows = []
    for i in DrillInject.objects.filter(drill=drill).order_by("minute", "number"):
        came = drill.state == "ended" and i.minute is not None and i.minute <= (drill.lasted
                                                                                or 0) or bool(drill.started_at) and i.minute is not None and i.minute <= minute
        judged = play.Outcome(i.done_minute, i.mark) if drill.state == "ended" else play.outcome(i, done.get(i.number), minute, over=False)
        due = None if i.within is None or i.minute is None else i.minute + i.within
        late = judged.mark is None and came and bool(i.expects) and due is not None and minute > due
        rows.append({"inject": i, "at": play.stamp(i.minute), "due": play.stamp(due), "came": came, "shown": came or everything,
                     "expects": view.told(EXPECTED, i.expects) if i.expects else "", "late": late,
                     "mark": judged.mark, "word": view.told(MARKS, judged.mark) if judged.mark else "", "done": play.stamp(judged.done) if judged.done is not None
                     else "",
                     "left": None if due is None or judged.mark or drill.state != "running" or not came else round(due - minute),
                     "span": view.span((due or 0) / 60 - minute / 60)})
    return rows


@require_GET
@answered
def drill(request: HttpRequest, code: str) -> HttpResponse:
    """A drill: its clock, the injects that have come, and where the play goes on."""
    found = play.drill_of(code)
    event = play.event_of_drill(found)
    minute = float(found.lasted or 0) if found.state == "ended" else drill_minute(found)
    writer = may_write(request.user)
    rows = _injects(found, minute, writer and (found.state == "planned" or bool(request.GET.get("all"))) or found.state == "ended")
    counts = {m.value: sum(r["mark"] == m.value for r in rows) for m in MARKS}
    return render(request, "events/drill.html", {
        "title": found.title, "drill": found, "event": event, "state": view.told(DRILL_STATES, found.state), "cause": view.told(CAUSES, found.cause),
        "level": view.level_view(found.level),
        "event_level": view.level_view(event.level) if event else None, "event_state": view.told(STATES, event.state) if event else "", "minute": minute,
        "stamp": play.stamp(minute),
        "now": text_of(drill_now(found)) if found.begins_at else "", "rows": rows, "hidden": sum(not r["came"] for r in rows), "counts": counts,
        "next_seconds": play.next_inject_seconds(found), "all": bool(request.GET.get("all")),
        "expected": EXPECTED, "may_write": writer, "exposure": view.exposure(event) if event and may_see_confidential(request.user) else None})


@require_POST
@writers_only
def drill_move(request: HttpRequest, code: str, move: str) -> HttpResponse:
    """Start, pause, go on, end."""
    batch = MOVES[move](code, request.user)
    messages.success(request, say(*MOVED[move]) + say(f"（批次 {batch.number}）。", f" (batch {batch.number})."))
    if move == "end":
        freeze_now()
    return redirect("drill", code)


@require_POST
@writers_only
def drill_inject(request: HttpRequest, code: str) -> HttpResponse:
    """An inject is added or, before the start, taken out."""
    dropped = number_asked(request, "drop")
    if dropped:
        batch = play.drop_inject(code, dropped, request.user)
    else:
        batch = play.add_inject(code, request.user, **{k: request.POST.get(k, "") for k in ("minute", "sender", "text", "expects", "within")})
    messages.success(request, say(f"已保存（批次 {batch.number}）。", f"Saved (batch {batch.number})."))
    return redirect(reverse("drill", args=[code]) + ("?all=1" if request.POST.get("all") else ""))


@require_POST
@writers_only
def drill_comment(request: HttpRequest, code: str) -> HttpResponse:
    """The leader's remarks after the end."""
    batch = play.comment(code, request.user, lesson=request.POST.get("lesson", ""), number=number_asked(request, "number"), remark=request.POST.get("remark", ""))
    messages.success(request, say(f"讲评已保存（批次 {batch.number}）。", f"Remarks saved (batch {batch.number})."))
    freeze_now()
    return redirect("drill", code)


@require_GET
@answered
def drill_report(request: HttpRequest, code: str) -> HttpResponse:
    """The after-action report as a page to print."""
    found, version = play.drill_of(code), version_asked(request.user, request.GET.get("version", ""))
    paper = drill_paper(open_edition(), code, version=version, language=language())
    return render(request, "events/paper.html", {
        "title": say("演练评估报告", "After-action report"), "paper": paper, "blocks": blocks_of(paper, language()), "code": code, "drill": found, "version": version,
        "version_word": version_word(version, language()), "versions": versions_for(request.user), "docx": reverse("drill_report_docx", args=[code])})


@require_GET
@answered
def drill_report_docx(request: HttpRequest, code: str) -> HttpResponse:
    """The after-action report as a Word file."""
    found, version, edition = play.drill_of(code), version_asked(request.user, request.GET.get("version", "")), open_edition()
    data = to_docx(drill_paper(edition, code, version=version, language=language()), edition=edition, version=version, language=language())
    return download(data, f"{found.code}_{say('演练评估报告', 'after-action')}.docx", DOCX)


urlpatterns = [
    path("drills/", drills, name="drills"),
    path("drills/new/", drill_new, name="drill_new"),
    path("drills/<slug:code>/", drill, name="drill"),
    path("drills/<slug:code>/inject/", drill_inject, name="drill_inject"),
    path("drills/<slug:code>/comment/", drill_comment, name="drill_comment"),
    path("drills/<slug:code>/report/", drill_report, name="drill_report"),
    path("drills/<slug:code>/report.docx", drill_report_docx, name="drill_report_docx"),
    *(path(f"drills/<slug:code>/{move}/", drill_move, {"move": move}, name=f"drill_{move}") for move in MOVES),
]
