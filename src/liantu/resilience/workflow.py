"""The states of a risk event and the actions that move it: from where to where, who may, what must be proven.

待核实 → 已核实 → 处置中 → 已处置 → 已复盘 → 已解除, or 已查否 when there was nothing. No step is skipped; a level is lowered only with a
reason; each action is one batch and can be taken back while nothing rests on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from liantu.kernel.access import may_write, require_write
from liantu.kernel.batch import undo, writing
from liantu.kernel.models import Batch, Change
from liantu.kernel.problems import Refused, UserError
from liantu.resilience.event_choices import COLOURS, RANKS, STATES, STEPS
from liantu.resilience.event_clock import after, allowed, hours_between, moment_of, rule
from liantu.resilience.event_models import EventStep, PlanTask, RiskEvent
from liantu.resilience.event_write import changed, event_of, now_for, open_only, save, step_row
from liantu.resilience.signal_verdicts import DISMISSALS, REAL, dismissal, verdict_rows

GRADERS = "研判"
STATE_WORDS = {c.value: c.zh for c in STATES}
LEVEL_WORDS = {c.value: c.zh for c in COLOURS}
STEP_WORDS = {c.value: c.zh for c in STEPS}
FIELD_WORDS = {"note": "说明", "evidence": "佐证", "reason": "理由", "level": "级别", "owner": "责任人", "lead_office": "牵头单位"}


@dataclass(frozen=True)
class Action:
    """One thing that may be done: in which states, to which state (None: stays), what must be told, by graders only in which states.

    ``clock`` names the hours of the rule ``event_clock`` that it is measured by, counted from the step ``since``.
    """

    name: str
    before: tuple[str, ...]
    after: str | None
    needs: tuple[str, ...]
    graders: tuple[str, ...] = ()
    clock: str = ""
    since: str = "open"
    asks: tuple[str, ...] = ()
    hint: str = ""

    @property
    def zh(self) -> str:
        return STEP_WORDS[self.name]

    @property
    def en(self) -> str:
        return ENGLISH[self.name]


ENGLISH = {"verify": "Verify", "dismiss": "Dismiss", "grade": "Grade", "raise": "Raise the level", "lower": "Lower the level", "note": "Add a note",
           "handle": "Declare handled", "resume": "Resume handling",
           "review": "Review", "lift": "Lift"}
OPEN_STATES = ("signal", "verified", "graded", "handled", "reviewed")
ACTIONS = {a.name: a for a in (
    Action("verify", ("signal",), "verified", ("note", "evidence"), clock="verify", hint="谁去看的、看到什么；佐证如照片、生产记录、电话记录的文号"),
    Action("dismiss", ("signal", "verified", "graded"), "dismissed", ("reason", "evidence"), graders=("verified", "graded"), clock="verify", asks=("verdict",), hint="为何不是事件，如检修、季节、光伏自用"),
    Action("grade", ("verified",), "graded", ("level", "note", "owner", "lead_office"), graders=("verified",), clock="grade", asks=("reason",), hint="研判意见、报给了哪位链长"),
    Action("raise", ("graded", "handled"), None, ("level", "reason"), hint="为何升级"),
    Action("lower", ("graded", "handled"), None, ("level", "reason"), graders=("graded", "handled"), hint="为何可以降级"),
    Action("note", OPEN_STATES, None, ("note",), asks=("evidence",), hint="新的情况"),
    Action("handle", ("graded",), "handled", ("note", "evidence"), hint="恢复到什么程度，凭什么"),
    Action("resume", ("handled", "reviewed"), "graded", ("reason",), hint="为何要继续处置"),
    Action("review", ("handled",), "reviewed", ("note",), clock="review", since="handle", hint="成因、得失、要改的规则和名单"),
    Action("lift", ("reviewed",), "lifted", ("evidence",), graders=("reviewed",), asks=("note",), hint="如复产证明、恢复供货单据"),
)}
_NEXT = {"signal": "verify", "verified": "grade", "graded": "handle", "handled": "review", "reviewed": "lift"}


def action_of(name: str) -> Action:
    """An action by name."""
    if name not in ACTIONS:
        raise UserError(f"没有「{name[:20]}」这一步。", code="unknown-action", hint="可做：" + "、".join(a.zh for a in ACTIONS.values()))
    return ACTIONS[name]


def may_grade(user: Any) -> bool:
    """Whether a person may set and lower levels, and lift: members of 「研判」, and staff."""
    return may_write(user) and (user.is_staff or user.is_superuser or user.groups.filter(name=GRADERS).exists())


def may_act(action: Action, event: RiskEvent, user: Any) -> bool:
    """Whether a person may take an action now. In a drill every editor may play the graders."""
    return event.state in action.before and may_write(user) and (event.state not in action.graders or event.drill_id is not None or may_grade(user))


def actions_for(event: RiskEvent, user: Any) -> list[Action]:
    """What a person may do with an event, the next step of the way first."""
    found = [a for a in ACTIONS.values() if may_act(a, event, user)]
    return sorted(found, key=lambda a: a.name != _NEXT.get(event.state))


def act(code: str, name: str, by: Any, *, at: str = "", level: str = "", **told: str) -> Batch:
    """Take an action on an event. ``told`` holds note, evidence, reason, owner, lead_office, verdict (why dismissed); ``at`` an earlier moment at which it was done.

    Raises Refused when a step is skipped, the person may not, or something that must be proven is missing; nothing is saved then.
    """
    require_write(by)
    action = action_of(name)
    with writing():
        event = event_of(code)
        _in_state(action, event)
        if not may_act(action, event, by):
            raise Refused(f"「{action.zh}」要由研判人员来做。", code="graders-only", hint=f"请管理员把您加入「{GRADERS}」组，或请研判人员办理。")
        said = {key: value.strip() for key, value in told.items() if value and value.strip()}
        _needed(action, event, level, said)
        _guard(action, event, level, said)
        moment = _moment(event, at)
        changes, step = _effects(action, event, level, said, moment)
        planned = changed("risk_event", event, changes)
        if name in ("verify", "dismiss"):
            planned += verdict_rows(event, REAL if name == "verify" else dismissal(said.get("verdict", "")), by, moment_of(moment).date())
        return save(event, action.zh, by, [*planned, step_row(event, name, by, moment, **step)])


def _in_state(action: Action, event: RiskEvent) -> None:
    if event.state in action.before:
        return
    open_only(event)
    wanted = _NEXT.get(event.state)
    raise Refused(f"事件现在是「{STATE_WORDS[event.state]}」，不能「{action.zh}」；要先是{'或'.join(f'「{STATE_WORDS[s]}」' for s in action.before)}。", code="step-skipped",
                  hint=f"下一步：{STEP_WORDS[wanted]}。" if wanted else "")


def _needed(action: Action, event: RiskEvent, level: str, said: dict[str, str]) -> None:
    known = {"owner": event.owner, "lead_office": event.lead_office, "level": level, **said}
    missing = [FIELD_WORDS[f] for f in action.needs if not known.get(f)]
    if missing:
        raise Refused(f"「{action.zh}」还缺：{'、'.join(missing)}。", code="evidence-missing", hint=action.hint + "。" if action.hint else "")
    if "level" in action.needs and level not in levels_in_use():
        raise UserError(f"没有级别「{level[:20]}」。", code="unknown-level", hint="本区用：" + "、".join(LEVEL_WORDS[v] for v in levels_in_use()))


def levels_in_use() -> list[str]:
    """The levels of the place's own set of colours, worst first."""
    from liantu.kernel.profile import profile

    return sorted((v for v in profile().lamps.get("risk", {}) if v in RANKS), key=lambda v: -RANKS[v]) or list(RANKS)


def _guard(action: Action, event: RiskEvent, level: str, said: dict[str, str]) -> None:
    """What an action demands beyond its words."""
    before = RANKS.get(event.level or "", -1)
    lowers = bool(level) and RANKS[level] < before
    if action.name == "lower" and not lowers:
        raise Refused(f"「{LEVEL_WORDS[level]}」不比现在的「{LEVEL_WORDS.get(event.level or '', '未定级')}」低。", code="not-lower", hint="降级请选更低的级别。")
    if action.name == "raise" and RANKS[level] <= before:
        raise Refused(f"「{LEVEL_WORDS[level]}」不比现在的「{LEVEL_WORDS.get(event.level or '', '未定级')}」高。", code="not-higher", hint="升级请选更高的级别。")
    if lowers or action.name == "dismiss":
        least = int(rule()["reason_signs"])
        if len(said.get("reason", "")) < least:
            raise Refused(f"{'降级' if lowers else '查否'}必须写明理由，至少 {least} 个字。", code="reason-missing", hint="理由和经办人会记入事件经过。")
    if action.name == "handle":
        tasks = list(PlanTask.objects.filter(event=event))
        left = [t for t in tasks if t.state not in ("done", "dropped")]
        if left:
            told = [t.what or "" for t in left[:3]]
            raise Refused(f"还有 {len(left)} 项任务没有办完：{'、'.join(w if len(w) <= 24 else w[:23] + '…' for w in told)}{'等' if len(left) > 3 else ''}。", code="tasks-open",
                          hint="办完的请登记佐证，不需要的请注明“不再需要”。")
        if not any(t.state == "done" for t in tasks):
            raise Refused("还没有办完任何一项处置任务，不能算处置完成。", code="nothing-done", hint="请先在一事一策里列出任务并登记完成。")


def _moment(event: RiskEvent, at: str) -> str:
    """When it was done: now, or an earlier moment of this event that a person tells."""
    now = now_for(event)
    if not at or event.drill_id:
        return now
    told = moment_of(at).strftime("%Y-%m-%d %H:%M")
    if told > now:
        raise UserError(f"时间 {told} 还没有到。", code="bad-moment", hint="请写已经发生的时间。")
    last = EventStep.objects.filter(event=event).exclude(step__in=("note", "task", "fill", "join")).order_by("-number").values_list("at", flat=True).first()
    if last and told < last:
        raise UserError(f"时间 {told} 早于上一步的 {last}。", code="bad-moment", hint="请写上一步之后的时间。")
    return told


def _effects(action: Action, event: RiskEvent, level: str, said: dict[str, str], moment: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What changes on the event, and what the step tells."""
    changes: dict[str, Any] = {}
    step: dict[str, Any] = {k: said.get(k) for k in ("note", "evidence", "reason")}
    if action.after:
        changes["state"] = action.after
        changes["due_at"] = due_after(action.after, level or event.level, event, moment)
    if level and "level" in action.needs:
        changes["level"] = level
        step |= {"level_before": event.level, "level_after": level}
        if action.name == "raise" and event.state == "graded" and event.due_at:
            changes["due_at"] = min(event.due_at, after(moment, allowed("first_task", level) or 0))
    if action.name == "dismiss":
        word = dismissal(said.get("verdict", ""))
        step |= {"level_before": event.level, "note": next(c.zh for c in DISMISSALS if c.value == word)}
    changes |= {k: said[k][:300] for k in ("owner", "lead_office") if k in said}
    if action.name in ("verify", "lift", "handle") and said.get("evidence"):
        changes["evidence"] = "\n".join(t for t in (event.evidence, f"{action.zh}：{said['evidence']}") if t)
    if action.name == "review":
        changes["lesson"] = said["note"]
    if action.after in ("lifted", "dismissed"):
        changes["closed_on"] = moment_of(moment).date()
    return changes, step | _timed(action, event, moment)


def due_after(state: str, level: str | None, event: RiskEvent, moment: str) -> str | None:
    """When the next step of an event is due, once it has come to a state."""
    if state == "signal":
        return after(moment, allowed("verify", level) or 0)
    if state == "verified":
        return max(moment, after(event.opened_at or moment, allowed("grade", level) or 0))
    if state == "graded":
        return after(moment, allowed("first_task", level) or 0)
    return after(moment, allowed("review", level) or 0) if state == "handled" else None


def _timed(action: Action, event: RiskEvent, moment: str) -> dict[str, Any]:
    """Hours taken against hours allowed, for the steps that have a clock."""
    if not action.clock or (action.name == "dismiss" and event.state != "signal"):
        return {}
    start = event.opened_at if action.since == "open" else EventStep.objects.filter(event=event,
                                                                                    step=action.since).order_by("-number").values_list("at", flat=True).first()
    limit = allowed(action.clock, event.level)
    if not start or limit is None:
        return {}
    taken = hours_between(start, moment)
    return {"hours": Decimal(str(round(taken, 2))), "hours_allowed": Decimal(str(limit)), "late": taken > limit}


def last_step(event: RiskEvent) -> tuple[EventStep, Batch] | None:
    """The newest step with the batch that wrote it."""
    step = EventStep.objects.filter(event=event).order_by("-number").first()
    change = Change.objects.filter(table="event_step", record=step.pk, kind=Change.CREATED).order_by("-id").select_related("batch").first() if step else None
    return (step, change.batch) if step and change else None


def take_back(code: str, by: Any) -> Batch:
    """Undo the newest step with all that it changed. The opening itself goes only while nothing follows; the history keeps what was taken back."""
    require_write(by)
    with writing():
        event = event_of(code)
        found = last_step(event)
        if found is None:
            raise Refused("没有可以撤回的步骤。", code="nothing-to-undo")
        step, batch = found
        if step.step in ("grade", "raise", "lower", "lift", "dismiss") and event.drill_id is None and not may_grade(by):
            raise Refused(f"撤回「{STEP_WORDS[step.step]}」要由研判人员来做。", code="graders-only", hint="级别的变动只能由研判人员定。")
        return undo(batch, by=by, note=f"撤回 {event.code} {STEP_WORDS[step.step]}")
