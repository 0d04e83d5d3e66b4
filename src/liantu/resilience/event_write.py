"""How rows of an event are written: the step that tells what happened, and all that changes with it, in one batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from liantu.kernel.batch import Planned, existing_values, same, write, writing
from liantu.kernel.models import Batch
from liantu.kernel.problems import Refused, UserError
from liantu.resilience.drill_clock import drill_now
from liantu.resilience.event_choices import ENDED
from liantu.resilience.event_clock import moment_of, site_now, text_of
from liantu.resilience.event_models import EventStep, RiskEvent

NOTE = 200


def event_of(code: str) -> RiskEvent:
    """An event by its code."""
    found = RiskEvent.objects.select_related("enterprise", "chain_node", "chain", "drill").filter(code=code).first()
    if found is None:
        raise UserError(f"没有风险事件「{code[:40]}」。", code="unknown-event", hint="请从风险事件清单打开。")
    return found


def name_of(by: Any) -> str:
    """Who acts."""
    return str(by.get_username()) if by is not None else "命令行"


def now_for(event: RiskEvent) -> str:
    """The present moment of an event: the site's time, in a drill the scenario's. A drill whose clock does not run takes no records."""
    if event.drill is None:
        return text_of(site_now())
    if event.drill.state != "running":
        raise Refused("演练的时钟没有走，不能记录。", code="drill-not-running", hint="请先开始或继续演练。")
    return text_of(drill_now(event.drill))


def open_only(event: RiskEvent) -> None:
    """Refuse to touch what has ended."""
    if event.state in ENDED:
        raise Refused(f"事件 {event.code} 已经了结，不能再改。", code="event-ended", hint="情况再次发生时请另立事件。")


def next_number(model: Any, event: RiskEvent) -> int:
    """The next number of a kind of rows in an event."""
    numbers: list[int] = [n for n in model.objects.filter(event=event).values_list("number", flat=True) if n]
    return 1 + max(numbers, default=0)


def changed(table: str, record: Any, values: Mapping[str, Any], revision: int | None = None) -> list[Planned]:
    """A row's update: only what differs; nothing when nothing does."""
    current = existing_values(table, record.pk)
    new = {c: v for c, v in values.items() if not same(v, current[c])}
    return [Planned(table, new, record=record.pk, before={c: current[c] for c in new}, revision=revision)] if new else []


def step_row(event: RiskEvent, step: str, by: Any, at: str, **told: Any) -> Planned:
    """A new line of what happened."""
    values = {"event": event.pk, "number": next_number(EventStep, event), "step": step, "on": moment_of(at).date(), "at": at, "who": name_of(by)[:60], **told}
    return Planned("event_step", {c: v for c, v in values.items() if v not in (None, "")})


def save(event: RiskEvent, word: str, by: Any, planned: Sequence[Planned]) -> Batch:
    """Write rows as one batch, inside :func:`liantu.kernel.batch.writing`."""
    mark = "演练 " if event.drill_id else ""
    batch = Batch.objects.create(kind="form", by=by, note=f"{mark}{event.code} {word}"[:NOTE])
    write(batch, planned)
    return batch


__all__ = ["changed", "event_of", "name_of", "next_number", "now_for", "open_only", "save", "step_row", "writing"]
