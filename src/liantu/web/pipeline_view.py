"""What the pages of leads and projects show: rows of the edition's lists in words, the rail of stages, the course out of batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from liantu.attraction.choices import ADMISSION_RESULTS, VISIT_KINDS
from liantu.attraction.clocks import clocks
from liantu.attraction.pipeline_models import AdmissionItem, AdmissionSheet, Lead, Visit
from liantu.attraction.stages import STAGE_WORDS, proofs
from liantu.chains.follow import freeze_now
from liantu.chains.models import Chain
from liantu.kernel.columns import Choice, Column
from liantu.kernel.edition import Edition
from liantu.kernel.models import Batch, Change
from liantu.kernel.output import Result
from liantu.kernel.problems import UserError
from liantu.kernel.profile import profile
from liantu.projects.choices import STAGES
from liantu.projects.models import Project, StageEvent
from liantu.projects.shared import RANKS
from liantu.web.answers import tell
from liantu.web.context import language, say
from liantu.web.formats import shown, words

LAMP_ORDER = {"red": 0, "yellow": 1, "green": 2, "none": 3}
Row = dict[str, Any]


def told(choices: Iterable[Choice], value: str | None) -> str:
    """The words of a stored choice."""
    return next((words(c) for c in choices if c.value == value), value or "—")


def day_in_view(edition: Edition | None) -> date:
    """The day of the edition in view; today while there is none."""
    return date.fromisoformat(edition.manifest.as_of) if edition else date.today()


def rows_of(result: Result) -> list[Row]:
    """Rows with, for each column, the stored value and (as ``<name>_word``) its words."""
    columns = [c for c in result.output.columns if c.name in {s.name for s in result.columns} or c.name in result.output.key]
    return [{**{c.name: row[c.name] for c in columns}, **{f"{c.name}_word": _word(row[c.name], c) for c in columns}} for row in result.frame.iter_rows(named=True)]


def _word(value: Any, column: Column) -> str:
    return "" if value is None else shown(value, column)


def lamp(output: str, value: str | None) -> dict[str, str]:
    """A lamp as the place calls it: its value, word and meaning."""
    try:
        word, meaning, _ = profile().lamp(output, value or "none", language())
    except UserError:
        word, meaning = value or "", ""
    return {"value": value or "none", "word": word, "meaning": meaning}


def left(days: int | None) -> str:
    """Days left or over, in words."""
    if days is None:
        return ""
    if days < 0:
        return say(f"超 {-days} 天", f"{-days} d over")
    return say("今天到期", "due today") if days == 0 else say(f"还剩 {days} 天", f"{days} d left")


def chains() -> list[dict[str, str]]:
    """Chains for filters."""
    return [{"code": c.code, "name": (say(c.name, c.name_en) if c.name_en else c.name)} for c in Chain.objects.order_by("id")]


def number(text: Any) -> int | None:
    """A number out of a form; None when it is empty or none."""
    said = str(text or "").strip()
    return int(said) if said.isdigit() and len(said) < 18 else None


def done(request: HttpRequest, zh: str, en: str, address: str) -> HttpResponse:
    """Say what was done, freeze so that lists and papers show it, and go on."""
    messages.success(request, say(zh, en))
    tell(request, freeze_now())
    return redirect(address)


def clock_rail(lead: Lead, on: date) -> list[Row]:
    """The clocks of a lead as steps of its way."""
    return [{"name": say(c.zh, c.en), "done": c.done, "due": c.due, "lamp": c.lamp, "late": c.late, "state": "done" if c.done else "todo" if c.due is None else "now",
             "text": (say(f"超 {-c.days} 天", f"{-c.days} d late") if c.late else say("按时", "in time")) if c.done else left(c.days) if c.due else say("不再计时", "no clock")} for c in clocks(lead, on)]


def course(table: str, record: int, *more: tuple[str, int]) -> list[Row]:
    """What happened to a row (and to rows that belong to it), newest first: the batch's note, who, when; what was taken back is struck through."""
    found: dict[int, Row] = {}
    for name, pk in ((table, record), *more):
        for change in Change.objects.filter(table=name, record=pk).select_related("batch", "batch__by", "batch__file").order_by("id"):
            batch = change.batch
            if batch.kind != "undo":
                found[batch.pk] = {"batch": batch, "note": batch.note or (batch.file.name if batch.file else say("登记", "Recorded")), "who": batch.by.get_username() if batch.by else "—", "gone": None}
    for undone in Batch.objects.filter(undoes__in=list(found)).select_related("by"):
        found[undone.undoes_id]["gone"] = undone  # type: ignore[index,attr-defined]
    return [found[pk] for pk in sorted(found, reverse=True)]


def visits_of(*either: Q, **where: Any) -> list[Row]:
    """Visits, newest first, with their kind in words."""
    return [{"row": v, "kind": told(VISIT_KINDS, v.kind)} for v in Visit.objects.filter(*either, **where).order_by("-visited_on", "-id")]


def rail(project: Project) -> list[Row]:
    """The thirteen stages of a project: done with proof (checked or not) or without, passed without a record, now, to come."""
    events = {e.stage: e for e in StageEvent.objects.filter(project=project)}
    rank, asked = RANKS.get(project.stage or "", -1), proofs()
    rows = []
    for at, stage in enumerate(STAGES):
        event = events.get(stage.value)
        state = "now" if at == rank else "done" if at < rank else "todo"
        proof = "verified" if event and event.evidence and event.verified == "verified" else "to_verify" if event and event.evidence else "none" if event or RANKS["signed"] <= at <= rank else "blank" if at <= rank else ""
        rows.append({"stage": stage.value, "name": words(stage), "state": state, "proof": proof, "event": event, "kinds": asked[stage.value].kinds, "why": asked[stage.value].why, "rule": asked[stage.value]})
    return rows


def stages_open(rows: list[Row]) -> list[Row]:
    """Stages that have no record yet, the next one first, then later ones, then earlier ones that were passed without a record."""
    now = next((i for i, r in enumerate(rows) if r["state"] == "now"), -1)
    blank = [(i, r) for i, r in enumerate(rows) if r["event"] is None]
    return [r for i, r in blank if i > now] + [r for i, r in blank if i <= now]


def sheets_of(project: Project) -> list[Row]:
    """Admission sheets of a project with their items, newest first."""
    return [{"sheet": s, "result": told(ADMISSION_RESULTS, s.result), "items": list(AdmissionItem.objects.filter(sheet=s).order_by("number"))}
            for s in AdmissionSheet.objects.filter(project=project).order_by("-held_on", "-id")]


def funnel(rows: list[Row]) -> list[Row]:
    """Per stage: projects now in it, projects that came to it or further, their investment (亿元), and the width of the bar (0–100)."""
    alive = [r for r in rows if r["side_state"] != "ended" and r["stage_rank"] and not r["repeat_of"]]
    counts = Counter(r["stage"] for r in alive)
    most = max(1, len(alive))
    shown_rows = []
    for at, stage in enumerate(STAGES, 1):
        through = [r for r in alive if r["stage_rank"] >= at]
        here = [r for r in alive if r["stage"] == stage.value]
        shown_rows.append({"stage": stage.value, "name": words(stage), "here": counts[stage.value], "through": len(through), "invest": sum(float(r["invest_total"] or 0) for r in here) / 10_000,
                           "width": round(100 * len(through) / most, 1), "own": round(100 * counts[stage.value] / most, 1), "red": sum(r["lamp"] == "red" for r in here)})
    return shown_rows


__all__ = ["LAMP_ORDER", "STAGE_WORDS", "chains", "clock_rail", "course", "day_in_view", "done", "funnel", "lamp", "left", "number", "rail", "rows_of", "sheets_of", "stages_open", "told", "visits_of"]
