"""处置任务: proposed from a template by cause, edited by people, closed with proof."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import yaml

from liantu.kernel.access import require_write
from liantu.kernel.batch import Planned, writing
from liantu.kernel.home import home
from liantu.kernel.models import Batch
from liantu.kernel.problems import Refused, UserError
from liantu.resilience.event_choices import TASK_KINDS, TASK_STATES
from liantu.resilience.event_clock import after, moment_of, text_of
from liantu.resilience.event_models import PlanTask, RiskEvent
from liantu.resilience.event_write import changed, event_of, next_number, now_for, open_only, save, step_row

FILE = "response_tasks.yaml"
COLOURS = ("red", "orange", "yellow", "blue")  # the order of a task's hours
KIND_WORDS = {c.value: c.zh for c in TASK_KINDS}
STATE_WORDS = {c.value: c.zh for c in TASK_STATES}


def templates() -> dict[str, list[dict[str, Any]]]:
    """Tasks by cause: the package's, with the site's own causes in their place. Raises UserError when the site's file cannot be read."""
    found: dict[str, list[dict[str, Any]]] = yaml.safe_load((files("liantu.data") / "forms" / FILE).read_text(encoding="utf-8"))["causes"]
    path = home() / FILE
    if not path.exists():
        return found
    try:
        own = yaml.safe_load(path.read_text(encoding="utf-8"))["causes"]
        for cause, tasks in own.items():
            for task in tasks:
                if task["kind"] not in KIND_WORDS or not task["what"] or len(task["hours"]) != len(COLOURS):
                    raise ValueError(f"{cause}：{task}")
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as broken:
        raise UserError(f"{FILE} 读不懂：{broken}", code="bad-tasks-file", hint="每项任务写 kind、what、office、hours（红橙黄蓝四个小时数）。") from None
    return found | own


def proposed(event: RiskEvent, start: str) -> list[dict[str, Any]]:
    """The template's tasks for an event, with names filled in and due moments by its level, as rows to write."""
    words = {"firm": event.enterprise.name if event.enterprise else event.subject or "当事企业", "node": event.chain_node.name if event.chain_node else "断供物料",
             "chain": event.chain.name if event.chain else "本产业", "subject": event.subject or (event.enterprise.name if event.enterprise else "涉及对象")}
    at = COLOURS.index(event.level) if event.level in COLOURS else len(COLOURS) - 1
    return [{"kind": t["kind"], "what": t["what"].format(**words), "office": event.lead_office if t["office"] == "牵头单位" and event.lead_office else t["office"],
             "due_at": after(start, t["hours"][at]), "state": "todo", "proposed": True} for t in templates().get(event.cause or "other", templates()["other"])]


def new_rows(event: RiskEvent, start: str) -> list[Planned]:
    """Proposed tasks that are not there yet (by kind), numbered on."""
    known = set(PlanTask.objects.filter(event=event, proposed=True).values_list("kind", flat=True))
    first = next_number(PlanTask, event)
    fresh = [t for t in proposed(event, start) if t["kind"] not in known]
    return [Planned("plan_task", {"event": event.pk, "number": first + n, **{c: v for c, v in t.items() if v not in (None, "")}}) for n, t in enumerate(fresh)]


def _told(event: RiskEvent, said: Mapping[str, str]) -> dict[str, Any]:
    """Typed words as values of a task."""
    values: dict[str, Any] = {c: str(said[c]).strip() for c in ("what", "office", "who") if c in said}
    if "what" in values and not values["what"]:
        raise UserError("任务还没有写要做什么。", code="needs-what", hint="请写一句话。")
    if "kind" in said:
        if said["kind"] not in KIND_WORDS:
            raise UserError(f"没有任务类别「{said['kind'][:20]}」。", code="unknown-kind", hint="可选：" + "、".join(KIND_WORDS.values()))
        values["kind"] = said["kind"]
    if "due_at" in said:
        values["due_at"] = text_of(moment_of(said["due_at"])) if said["due_at"].strip() else None
    return values


def _in_hand(code: str) -> RiskEvent:
    event = event_of(code)
    open_only(event)
    return event


def task_of(event: RiskEvent, number: int) -> PlanTask:
    """A task by its number."""
    found = PlanTask.objects.filter(event=event, number=number).first()
    if found is None:
        raise UserError(f"事件 {event.code} 没有第 {number} 项任务。", code="unknown-task", hint="请刷新页面。")
    return found


def add_task(code: str, by: Any, **said: str) -> Batch:
    """A person adds a task: kind, what, office, who, due_at."""
    require_write(by)
    with writing():
        event = _in_hand(code)
        now_for(event)
        values = {"kind": "other", "state": "todo", **_told(event, {"what": "", **said})}
        number = next_number(PlanTask, event)
        return save(event, f"增加任务 {number}", by,
                    [Planned("plan_task", {"event": event.pk, "number": number, **{c: v for c, v in values.items() if v not in (None, "")}})])


def edit_task(code: str, number: int, by: Any, *, revision: int | None = None, **said: str) -> Batch:
    """A person changes what a task says. Refused when somebody changed it meanwhile (``revision``)."""
    require_write(by)
    with writing():
        event = _in_hand(code)
        task = task_of(event, number)
        planned = changed("plan_task", task, _told(event, said), revision)
        if not planned:
            raise Refused("没有改动，没有保存。", code="nothing-changed")
        return save(event, f"修改任务 {number}", by, planned)


def move_task(code: str, number: int, state: str, by: Any, *, evidence: str = "") -> Batch:
    """A task goes on: done asks for proof, dropped for the reason; both stand in the event's course. The first one done stops the event's clock."""
    require_write(by)
    if state not in STATE_WORDS:
        raise UserError(f"没有任务状态「{state[:20]}」。", code="unknown-state", hint="可选：" + "、".join(STATE_WORDS.values()))
    with writing():
        event = _in_hand(code)
        task, proof, now = task_of(event, number), evidence.strip(), now_for(event)
        if event.state not in ("graded", "handled") and state == "done":
            raise Refused("事件还没有定级，任务不能算完成。", code="step-skipped", hint="请先核实、定级。")
        if task.state == state:
            raise Refused(f"这项任务已经是「{STATE_WORDS[state]}」。", code="nothing-changed", hint="请刷新页面。")
        if state in ("done", "dropped") and not proof:
            raise Refused("完成要有佐证。" if state == "done" else "不再需要，要写明理由。", code="evidence-missing", hint="如对接记录、到货单、会议纪要的名称或文号。")
        ended = state == "done"
        values = {"state": state, "evidence": proof or task.evidence, "done_at": now if ended else None, "done_on": moment_of(now).date() if ended else None}
        planned = changed("plan_task", task, values)
        if state in ("done", "dropped") or task.state in ("done", "dropped"):
            late = {"late": bool(task.due_at and now > task.due_at)} if ended and task.due_at else {}
            planned.append(step_row(event, "task", by, now, note=f"{STATE_WORDS[state]}：{task.what}", evidence=proof, **late))
        if ended and event.state == "graded" and event.due_at:
            planned += changed("risk_event", event, {"due_at": None})
        return save(event, f"任务 {number} {STATE_WORDS[state]}", by, planned)
