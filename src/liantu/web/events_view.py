"""What the pages of risk events show: levels in the place's own colours, clocks, the way with its steps, and what was taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from liantu.kernel.columns import Choice
from liantu.kernel.models import Batch, Change
from liantu.kernel.problems import UserError
from liantu.kernel.profile import profile
from liantu.resilience.drill_clock import drill_now
from liantu.resilience.event_choices import CAUSES, ENDED, FOUND_BY, RANKS, STATES, STEPS, SUPPLY_KINDS, TASK_KINDS, TASK_STATES
from liantu.resilience.event_clock import allowed, clock_lamp, hours_between, moment_of, site_now, text_of
from liantu.resilience.event_models import EventStep, PlanTask, RiskEvent
from liantu.resilience.workflow import levels_in_use
from liantu.web.context import language, say
from liantu.web.formats import words

WAY = ("open", "verify", "grade", "handle", "review", "lift")
PASSED = {"signal": 1, "verified": 2, "graded": 3, "handled": 4, "reviewed": 5, "lifted": 6, "dismissed": 1}
MAIN = ("open", "verify", "dismiss", "grade", "handle", "resume", "review", "lift")
LATER_HOURS = 1.0  # a step recorded this much after it was done says so


def told(choices: Iterable[Choice], value: str | None) -> str:
    """The words of a stored choice."""
    return next((words(c) for c in choices if c.value == value), value or "—")


def level_view(value: str | None) -> dict[str, str]:
    """A level as the place calls it: its word, what it means, its colour's name."""
    if not value:
        return {"value": "none", "word": say("未定级", "Not graded"), "meaning": ""}
    try:
        word, meaning, _ = profile().lamp("risk", value, language())
    except UserError:  # graded under another set of colours
        word, meaning = value, ""
    return {"value": value, "word": word, "meaning": meaning}


def levels() -> list[dict[str, str]]:
    """The levels in use, worst first."""
    return [level_view(v) for v in levels_in_use()]


def now_of(event: RiskEvent) -> str:
    """The present moment on an event's clock, also while a drill stands still."""
    return text_of(drill_now(event.drill)) if event.drill else text_of(site_now())


def span(hours: float) -> str:
    """A number of hours in words: 3 天 4 小时, 2 小时 5 分, 40 分."""
    minutes = round(abs(hours) * 60)
    days, rest = divmod(minutes, 1440)
    hour, minute = divmod(rest, 60)
    if days:
        return say(f"{days} 天" + (f" {hour} 小时" if hour else ""), f"{days} d" + (f" {hour} h" if hour else ""))
    if hour:
        return say(f"{hour} 小时" + (f" {minute} 分" if minute else ""), f"{hour} h" + (f" {minute} min" if minute else ""))
    return say(f"{minute} 分", f"{minute} min")


def clock_view(due: str | None, start: str | None, now: str) -> dict[str, Any]:
    """A running clock: its lamp, what is left or over in words, and the due moment."""
    lamp = clock_lamp(start, due, now)
    left = hours_between(now, due) if due else 0.0
    text = "" if not due else say(f"超时 {span(left)}", f"{span(left)} over") if left < 0 else say(f"还剩 {span(left)}", f"{span(left)} left")
    return {"lamp": lamp, "text": text, "due": due, "minutes": round(left * 60)}


def event_clock(event: RiskEvent, tasks: list[PlanTask], now: str) -> dict[str, Any]:
    """The clock that matters most for an event: its step's, else its earliest open task's."""
    if event.state in ENDED:
        return {"lamp": "green", "text": say("已了结", "ended"), "due": None, "minutes": 0, "what": ""}
    due = [(t.due_at, t.what) for t in tasks if t.state not in ("done", "dropped") and t.due_at]
    step = {"signal": say("核实", "verification"), "verified": say("定级报链长", "grading"), "graded": say("首项处置", "first task"),
            "handled": say("复盘", "review")}.get(event.state or "", "")
    if event.due_at and not (due and min(due)[0] < event.due_at):
        return {**clock_view(event.due_at, event.opened_at, now), "what": step}
    if due:
        return {**clock_view(min(due)[0], event.opened_at, now), "what": say("任务", "task")}
    return {"lamp": "none", "text": "—", "due": None, "minutes": 0, "what": step}


def lamp_word(lamp: str) -> tuple[str, str]:
    """Word and meaning of a clock's lamp."""
    try:
        word, meaning, _ = profile().lamp("event", lamp, language())
    except UserError:
        return lamp, ""
    return word, meaning


def way(event: RiskEvent, steps: list[EventStep]) -> list[dict[str, Any]]:
    """The six steps of the way: done (when, by whom, how long), now, or to come. A dismissed event ends after verification."""
    done = {s.step: s for s in steps if s.step in MAIN}
    passed = PASSED.get(event.state or "", 0)
    shown = []
    for at, name in enumerate(WAY):
        step = done.get(name) if at < passed else None
        shown.append({"name": told(STEPS, name), "state": "done" if at < passed else "now" if at == passed and event.state not in ENDED else "todo", "step": step,
                      "taken": span(float(step.hours)) if step is not None and step.hours is not None else "", "late": bool(step is not None and step.late)})
    if event.state == "dismissed":
        step = done.get("dismiss")
        shown[1:] = [{"name": told(STEPS, "dismiss"), "state": "done", "step": step, "taken": span(float(step.hours)) if step is not None and step.hours is not None
                      else "", "late": bool(step and step.late)}]
    return shown


def timeline(event: RiskEvent, steps: list[EventStep]) -> list[dict[str, Any]]:
    """What happened, newest first, with the batch of each step; steps that were taken back stand among them, struck through."""
    ids = [s.pk for s in steps]
    batches = {c.record: c.batch for c in Change.objects.filter(table="event_step", kind=Change.CREATED, record__in=ids).select_related("batch").order_by("id")}
    rows = [{"number": s.number, "at": s.at, "word": told(STEPS, s.step), "step": s.step, "who": s.who, "note": s.note, "evidence": s.evidence, "reason": s.reason,
             "late": s.late,
             "before": level_view(s.level_before) if s.level_before else None, "after": level_view(s.level_after) if s.level_after else None, "batch": batches.get(s.pk),
             "gone": None,
             "later": _later(event, s.at, batches.get(s.pk))} for s in steps]
    mark = "演练 " if event.drill_id else ""
    for batch in Batch.objects.filter(kind="undo", undoes__note__startswith=f"{mark}{event.code} ").select_related("by"):
        for change in batch.changes.filter(table="event_step", kind=Change.DELETED):
            v = change.before or {}
            rows.append({"number": v.get("number"), "at": v.get("at"), "word": told(STEPS, v.get("step")), "step": v.get("step"), "who": v.get("who"),
                         "note": v.get("note"), "evidence": v.get("evidence"),
                         "reason": v.get("reason"), "late": v.get("late"), "before": level_view(v["level_before"]) if v.get("level_before") else None,
                         "after": level_view(v["level_after"]) if v.get("level_after") else None, "batch": None, "gone": batch, "later": ""})
    return sorted(rows, key=lambda r: (str(r["at"] or ""), r["number"] or 0), reverse=True)


def _later(event: RiskEvent, at: str | None, batch: Batch | None) -> str:
    if batch is None or not at or event.drill_id:
        return ""
    written = timezone.localtime(batch.at).replace(tzinfo=None)
    return text_of(written) if (written - moment_of(at)).total_seconds() > LATER_HOURS * 3600 else ""


def task_rows(tasks: list[PlanTask], now: str) -> list[dict[str, Any]]:
    """Tasks with their clocks."""
    rows = []
    for task in tasks:
        ended = task.state in ("done", "dropped")
        late = bool(task.state == "done" and task.due_at and task.done_at and task.done_at > task.due_at)
        clock = {"lamp": "none" if task.state == "dropped" else "yellow" if late else "green",
                 "text": say("按时" if not late else "超时完成", "in time" if not late else "done late") if task.state == "done" else "",
                 "due": task.due_at, "minutes": 0} if ended else clock_view(task.due_at, None, now)
        rows.append({"task": task, "kind": told(TASK_KINDS, task.kind), "state": told(TASK_STATES, task.state), "clock": clock, "ended": ended})
    return rows


def table_rows(events: Iterable[RiskEvent], may_see: bool) -> list[dict[str, Any]]:
    """Events for the list: open ones by level and clock, then those ended."""
    events = list(events)
    tasks: dict[int, list[PlanTask]] = defaultdict(list)
    for task in PlanTask.objects.filter(event__in=events):
        tasks[task.event_id].append(task)
    rows = []
    for event in events:
        own = [t for t in tasks[event.pk] if t.state != "dropped"]
        clock = event_clock(event, own, now_of(event))
        rows.append({"event": event, "level": level_view(event.level), "state": told(STATES, event.state), "clock": clock, "lamp": lamp_word(clock["lamp"]),
                     "cause": told(CAUSES, event.cause),
                     "tasks": len(own), "done": sum(t.state == "done" for t in own), "exposure": exposure(event) if may_see else None})
    return sorted(rows, key=lambda r: (r["event"].state in ENDED, -RANKS.get(r["event"].level or "", -1) if r["event"].state not in ENDED else 0,
                                       r["clock"]["due"] or "9999", r["event"].code))


def exposure(event: RiskEvent) -> dict[str, Any] | None:
    """The exposure in words: middle and interval, 万元 or 亿元."""
    if event.exposure_mid is None and event.exposure_low is None:
        return None
    amounts = {name: getattr(event, f"exposure_{name}") for name in ("low", "mid", "high")}
    top = max(float(v) for v in amounts.values() if v is not None)
    by, unit = (10_000, "亿元") if top >= 10_000 else (1, "万元")
    if language() == "en":
        by, unit = (100_000, "bn yuan") if top >= 100_000 else (100, "m yuan")
    text = {name: None if v is None else f"{float(v) / by:,.2f}".rstrip("0").rstrip(".") for name, v in amounts.items()}
    interval = f"{text['low']}–{text['high']}" if text["low"] is not None and text["high"] is not None else ""
    return {"mid": text["mid"] or interval, "interval": interval if text["mid"] else "", "unit": unit, "jobs": event.jobs_at_stake, "tax": event.tax_at_stake,
            "firms": event.firms_at_stake}


def prompt_share() -> dict[str, Any]:
    """Of real events, how many were verified or dismissed within the hours of the rule, out of those that count (n)."""
    hours = allowed("in_time", None) or 0.0
    now = text_of(site_now())
    taken: dict[int, float] = {}
    for event, spent in EventStep.objects.filter(event__drill=None, step__in=("verify", "dismiss"), hours__isnull=False).values_list("event", "hours"):
        taken[event] = min(float(spent), taken.get(event, float("inf")))
    waiting = RiskEvent.objects.filter(drill=None, state="signal", due_at__lt=now).count()
    return {"hours": f"{hours:g}", "n": len(taken) + waiting, "right": sum(v <= hours for v in taken.values())}


FOUND = FOUND_BY
SUPPLY = SUPPLY_KINDS
