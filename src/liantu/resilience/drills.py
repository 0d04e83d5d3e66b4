"""演练: a scenario on an accelerated clock. Injects appear at their minute, people act on the drill's own event, and at the end each expected step is marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from typing import Any

import yaml

from liantu.kernel.access import require_write
from liantu.kernel.batch import Planned, write, writing
from liantu.kernel.edition import open_edition
from liantu.kernel.models import Batch
from liantu.kernel.problems import Refused, UserError
from liantu.resilience import opening
from liantu.resilience.drill_clock import drill_minute
from liantu.resilience.event_choices import DRILL_STATES, EXPECTED
from liantu.resilience.event_clock import SECONDS, allowed, hours_between, moment_of, site_now, text_of
from liantu.resilience.event_models import Drill, DrillInject, EventContact, EventStep, PlanTask, RiskEvent
from liantu.resilience.event_write import changed, name_of

FILE = "drill_injects.yaml"
LEAST_SPEED, MOST_SPEED = 1, 600
TASK = "task:"
AFTER_ONLY = ("raise", "lower", "note")  # what an inject asks for anew; the rest may have been done before it came
STATE_WORDS = {c.value: c.zh for c in DRILL_STATES}


def template() -> dict[str, Any]:
    """The package's injects by cause, and the usual speed."""
    found: dict[str, Any] = yaml.safe_load((files("liantu.data") / "forms" / FILE).read_text(encoding="utf-8"))
    return found


def drill_of(code: str) -> Drill:
    """A drill by its code."""
    found = Drill.objects.select_related("enterprise", "chain_node", "chain", "park", "park_to").filter(code=code).first()
    if found is None:
        raise UserError(f"没有演练「{code[:40]}」。", code="unknown-drill", hint="请从演练清单打开。")
    return found


def event_of_drill(drill: Drill) -> RiskEvent | None:
    """The event on which a drill is played; None before it starts."""
    return RiskEvent.objects.select_related("drill", "enterprise", "chain_node", "chain").filter(drill=drill).order_by("id").first()


def make_drill(by: Any, *, cause: str, title: str = "", enterprise: int | None = None, chain_node: int | None = None, chain: int | None = None, park: int | None = None,
               park_to: int | None = None,
               subject: str = "", level: str = "", speed: str = "") -> tuple[str, Batch]:
    """Plan a drill on real data of the newest edition, with the template's injects; nothing runs yet.

    Raises UserError for what does not exist or a speed outside 1–600.
    """
    require_write(by)
    opening.check_words(cause, level, "")
    plan = template()
    rate = speed.strip() or str(plan["speed"])
    if not rate.isdigit() or not LEAST_SPEED <= int(rate) <= MOST_SPEED:
        raise UserError(f"时钟倍速看到「{rate[:10]}」。", code="bad-speed", hint=f"请写 {LEAST_SPEED} 到 {MOST_SPEED} 的整数；30 倍即 2 分钟走 1 小时。")
    with writing():
        place = opening.where(enterprise, chain_node, chain)
        place |= opening.road(park, park_to)
        place.pop("office")
        firm, node, about = opening.names_of(place, subject)
        if not (firm or subject.strip() or title.strip()):
            raise UserError("还没有说演练哪家企业、哪条路或哪种物料。", code="needs-subject", hint="请选企业，或填写涉及对象。")
        values = {"code": _code(), "title": title.strip()[:300] or f"{firm or subject.strip()}{opening.CAUSE_WORDS[cause]}演练", "cause": cause,
                  "subject": subject.strip()[:300], "level": level, "speed": int(rate),
                  "state": "planned", "lead": name_of(by)[:60], "edition": open_edition().number, **place}
        drill = Planned("drill", {c: v for c, v in values.items() if v not in (None, "")})
        injects = plan["causes"].get(cause, plan["causes"]["other"])
        rows = [Planned("drill_inject", {"number": n, "minute": i["minute"], "sender": i["sender"],
                                         "text": i["text"].format(firm=firm or about, node=node or "物料", subject=about), "expects": i["expects"],
                                         **_within(i, level)}, links={"drill": drill}) for n, i in enumerate(injects, 1)]
        batch = Batch.objects.create(kind="form", by=by, note=f"演练 {values['code']} 策划"[:200])
        write(batch, [drill, *rows])
    return str(values["code"]), batch


def _within(inject: dict[str, Any], level: str) -> dict[str, int]:
    hours = None if "within" in inject else allowed(inject["expects"], level or None)
    minutes = inject.get("within") if hours is None else round(hours * 60)
    return {} if minutes is None else {"within": int(minutes)}


def _code() -> str:
    head = f"YL{site_now():%Y}-"
    taken = [int(c.removeprefix(head)) for c in Drill.objects.filter(code__startswith=head).values_list("code", flat=True) if c.removeprefix(head).isdigit()]
    return f"{head}{1 + max(taken, default=0):02d}"


def add_inject(code: str, by: Any, *, minute: str, sender: str, text: str, expects: str = "", within: str = "") -> Batch:
    """The leader adds an inject, before the start or while it runs (then not in the past)."""
    require_write(by)
    if not minute.strip().isdigit() or (within.strip() and not within.strip().isdigit()):
        raise UserError("分钟要写整数。", code="bad-number", hint="如 120 表示情景开始两小时后。")
    if not text.strip():
        raise UserError("情况还没有写内容。", code="needs-what", hint="请写一句通报。")
    if expects and expects not in {c.value for c in EXPECTED}:
        raise UserError(f"没有「{expects[:20]}」这一步。", code="unknown-word", hint="请从下拉里选。")
    with writing():
        drill = drill_of(code)
        _in_state(drill, "planned", "running", "paused")
        if int(minute) < drill_minute(drill):
            raise Refused("这一分钟已经过去。", code="minute-past", hint="请写现在之后的分钟。")
        number = 1 + max(DrillInject.objects.filter(drill=drill).values_list("number", flat=True), default=0)
        values: dict[str, Any] = {"drill": drill.pk, "number": number, "minute": int(minute), "sender": sender.strip()[:60], "text": text.strip(), "expects": expects,
                                  "within": int(within) if within.strip() else None}
        return _save(drill, f"增加情况 {number}", by, [Planned("drill_inject", {c: v for c, v in values.items() if v not in (None, "")})])


def drop_inject(code: str, number: int, by: Any) -> Batch:
    """The leader takes an inject out, before the start."""
    require_write(by)
    with writing():
        drill = drill_of(code)
        _in_state(drill, "planned")
        found = DrillInject.objects.filter(drill=drill, number=number).first()
        if found is None:
            raise UserError(f"没有第 {number} 条情况。", code="unknown-inject", hint="请刷新页面。")
        return _save(drill, f"删去情况 {number}", by, [Planned("drill_inject", {}, record=found.pk, delete=True)])


def _in_state(drill: Drill, *states: str) -> None:
    if drill.state not in states:
        raise Refused(f"演练现在是「{STATE_WORDS[drill.state or 'planned']}」，这一步不能做。", code="drill-state", hint="可做的状态：" + "、".join(STATE_WORDS[s] for s in states))


def _save(drill: Drill, word: str, by: Any, planned: list[Planned]) -> Batch:
    batch = Batch.objects.create(kind="form", by=by, note=f"演练 {drill.code} {word}"[:200])
    write(batch, planned)
    return batch


def start(code: str, by: Any) -> Batch:
    """The clock begins, and the drill's own event is opened as a signal at minute 0."""
    require_write(by)
    with writing():
        drill = drill_of(code)
        _in_state(drill, "planned")
        real = site_now()
        batch = _save(drill, "开始", by,
                      changed("drill", drill, {"state": "running", "started_at": text_of(real, SECONDS), "begins_at": text_of(real), "paused_seconds": 0}))
        drill = drill_of(code)
        first = DrillInject.objects.filter(drill=drill).order_by("minute", "number").values_list("text", flat=True).first()
        opening.open_event(by, cause=drill.cause or "other", title=f"【演练】{drill.title}", enterprise=drill.enterprise_id, chain_node=drill.chain_node_id,
                           chain=drill.chain_id, park=drill.park_id,
                           park_to=drill.park_to_id, subject=drill.subject or "", level=drill.level or "", summary=first or "", found_by="system", drill=drill)
    return batch


def pause(code: str, by: Any) -> Batch:
    """The clock stands still; nothing is recorded meanwhile."""
    require_write(by)
    with writing():
        drill = drill_of(code)
        _in_state(drill, "running")
        return _save(drill, "暂停", by, changed("drill", drill, {"state": "paused", "paused_at": text_of(site_now(), SECONDS)}))


def resume(code: str, by: Any) -> Batch:
    """The clock goes on; the pause does not count."""
    require_write(by)
    with writing():
        drill = drill_of(code)
        _in_state(drill, "paused")
        rested = (site_now() - moment_of(drill.paused_at)).total_seconds()
        return _save(drill, "继续", by,
                     changed("drill", drill, {"state": "running", "paused_at": None, "paused_seconds": (drill.paused_seconds or 0) + max(0, round(rested))}))


@dataclass(frozen=True)
class Outcome:
    """What became of an inject: the scenario's minute at which what it asks for was done (None: not), and the mark (None: asks for nothing, or its time has not run out)."""

    done: int | None
    mark: str | None


def outcome(inject: DrillInject, done: int | None, minute: float, *, over: bool) -> Outcome:
    """Judge an inject at a minute of the scenario. ``over``: the drill has ended, what is not done stays undone.

    What is not done is ``missed`` once the drill is over and its time had run out; an inject that never came, or whose time had not run out, is not judged.
    """
    if not inject.expects or (inject.minute or 0) > minute:
        return Outcome(done, None)
    limit = None if inject.within is None else (inject.minute or 0) + inject.within
    if done is not None:
        return Outcome(done, "late" if limit is not None and done > limit else "in_time")
    return Outcome(None, "missed" if over and (limit is None or minute > limit) else None)


def done_minutes(drill: Drill) -> dict[int, int | None]:
    """By inject number: the scenario's minute at which what it expects was first done."""
    event = event_of_drill(drill)
    steps = list(EventStep.objects.filter(event=event).order_by("number").values_list("step", "at")) if event else []
    tasks = list(PlanTask.objects.filter(event=event, state="done").values_list("kind", "done_at")) if event else []
    phoned = list(EventContact.objects.filter(event=event, answered_at__isnull=False).values_list("answered_at", flat=True)) if event else []
    made = [(step, _minute(drill, at)) for step, at in steps] + [(f"{TASK}{kind}", _minute(drill, at)) for kind,
                                                                 at in tasks] + [("phone", _minute(drill, at)) for at in phoned]
    found = {}
    for inject in DrillInject.objects.filter(drill=drill):
        hits = [m for what, m in made if what == inject.expects and (what not in AFTER_ONLY or m >= (inject.minute or 0))]
        found[inject.number] = min(hits, default=None)
    return found


def _minute(drill: Drill, at: str) -> int:
    return round(hours_between(drill.begins_at, at) * 60)


def end(code: str, by: Any) -> Batch:
    """The clock stops for good and each inject is marked against what was done."""
    require_write(by)
    with writing():
        drill = drill_of(code)
        _in_state(drill, "running", "paused")
        real = moment_of(drill.paused_at) if drill.paused_at else site_now()
        minute, done = drill_minute(drill, real), done_minutes(drill)
        planned = changed("drill", drill, {"state": "ended", "ended_at": text_of(real, SECONDS), "paused_at": None, "lasted": int(minute)})
        for inject in DrillInject.objects.filter(drill=drill):
            judged = outcome(inject, done[inject.number], minute, over=True)
            planned += changed("drill_inject", inject, {"done_minute": judged.done, "mark": judged.mark})
        return _save(drill, "结束", by, planned)


def comment(code: str, by: Any, *, lesson: str = "", number: int | None = None, remark: str = "") -> Batch:
    """The leader says what is to be mended: on the whole drill, or on one inject."""
    require_write(by)
    with writing():
        drill = drill_of(code)
        _in_state(drill, "ended")
        if number is None:
            planned = changed("drill", drill, {"lesson": lesson.strip() or None})
        else:
            found = DrillInject.objects.filter(drill=drill, number=number).first()
            planned = changed("drill_inject", found, {"remark": remark.strip() or None}) if found else []
        if not planned:
            raise Refused("没有改动，没有保存。", code="nothing-changed")
        return _save(drill, "讲评", by, planned)


def next_inject_seconds(drill: Drill) -> float | None:
    """Real seconds until the next inject appears; None when none is left or the clock stands still."""
    if drill.state != "running":
        return None
    minute = drill_minute(drill)
    coming = [m for m in DrillInject.objects.filter(drill=drill).values_list("minute", flat=True) if m is not None and m > minute]
    return (min(coming) - minute) * 60 / (drill.speed or 1) if coming else None


def stamp(minute: int | float | None) -> str:
    """A minute of the scenario as T+hh:mm.

    >>> stamp(135)
    'T+02:15'
    """
    if minute is None:
        return "—"
    hours, minutes = divmod(int(timedelta(minutes=float(minute)).total_seconds() // 60), 60)
    return f"T+{hours:02d}:{minutes:02d}"
