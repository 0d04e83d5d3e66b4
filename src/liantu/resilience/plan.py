"""一事一策: one plan per event, filled in from data and edited by people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from liantu.kernel.access import require_write
from liantu.kernel.batch import Planned, writing
from liantu.kernel.edition import Edition, open_edition
from liantu.kernel.models import Batch
from liantu.kernel.problems import Refused, UserError
from liantu.kernel.tables import model_of
from liantu.resilience import plan_sources as sources
from liantu.resilience.event_models import EventContact, RiskEvent
from liantu.resilience.event_write import changed, event_of, now_for, open_only, save, step_row
from liantu.resilience.tasks import new_rows

HANDLING = ("graded", "handled")


def fill(code: str, by: Any, edition: Edition | None = None) -> Batch:
    """Write exposure, substitutes, the phone list and (once graded) the template's tasks into an event's plan, as one batch.

    What was filled in before is renewed; answers of the phone list and tasks that are there stay. The event tells the edition and how the exposure was found.
    """
    require_write(by)
    using, event = edition or open_edition(), event_of(code)
    open_only(event)
    exposure = sources.exposed(event, using)  # computed before anybody is kept waiting
    supply, supply_note = sources.substitutes(event, using)
    calls = sources.contacts(event, using, exposure)
    with writing():
        event = event_of(code)
        open_only(event)
        now = now_for(event)
        planned = _renew("event_exposure", event, exposure.rows, ("enterprise",)) + _renew("event_substitute", event, _numbered(supply), ("number",))
        planned += _phone(event, calls)
        tasks = new_rows(event, now) if event.state in HANDLING else []
        totals = {**exposure.totals, "exposure_edition": using.number, "exposure_basis": exposure.note[:300]} if exposure.totals else {}
        if not totals and event.exposure_mid is None:  # what a person stated stands
            totals = {"exposure_basis": exposure.note[:300]}
        said = (f"版次 {using.number}", exposure.note or "敞口未测算", supply_note, f"提出任务 {len(tasks)} 项" if tasks else "")
        note = "；".join(part.rstrip("。") for part in said if part)
        return save(event, "测算填入", by, [*changed("risk_event", event, totals), *planned, *tasks, step_row(event, "fill", by, now, note=note)])


def _numbered(rows: Iterable[sources.Row]) -> list[sources.Row]:
    return [{"number": n, **row} for n, row in enumerate(rows, 1)]


def _renew(table: str, event: RiskEvent, rows: Sequence[sources.Row], key: tuple[str, ...]) -> list[Planned]:
    """Rows of a table as told now: those there are changed where they differ, new ones added, others removed."""
    model = model_of(table)
    attributes = [f"{k}_id" if k == "enterprise" else k for k in key]
    there = {tuple(getattr(r, a) for a in attributes): r for r in model.objects.filter(event=event)}
    columns = {c for row in rows for c in row}
    planned: list[Planned] = []
    for row in rows:
        known = there.pop(tuple(row[k] for k in key), None)
        if known is None:
            planned.append(Planned(table, {"event": event.pk, **{c: v for c, v in row.items() if v not in (None, "")}}))
        else:
            planned += changed(table, known, {c: row.get(c) for c in columns if c not in key})
    return planned + [Planned(table, {}, record=r.pk, delete=True) for r in there.values()]


def _phone(event: RiskEvent, rows: list[sources.Row]) -> list[Planned]:
    """The phone list: firms that answered stay with their answers, the rest is renewed."""
    answered = set(EventContact.objects.filter(event=event, answered_at__isnull=False).values_list("enterprise", flat=True))
    kept = [{"enterprise": c.enterprise_id, "why": c.why, "question": c.question}
            for c in EventContact.objects.filter(event=event, enterprise__in=answered).order_by("number")]
    new = [r for r in rows if r["enterprise"] not in answered]
    return _renew("event_contact", event, _numbered([*kept, *new]), ("enterprise",))


def answer(code: str, enterprise: int, said: str, by: Any) -> Batch:
    """What a firm said on the phone."""
    require_write(by)
    with writing():
        event = event_of(code)
        open_only(event)
        row = EventContact.objects.filter(event=event, enterprise=enterprise).select_related("enterprise").first()
        if row is None:
            raise UserError("名单里没有这家企业。", code="unknown-contact", hint="请刷新页面。")
        if not said.strip():
            raise Refused("还没有写对方怎么说。", code="evidence-missing", hint="一句话即可，如：库存还够 5 天。")
        now = now_for(event)
        planned = changed("event_contact", row, {"answer": said.strip(), "answered_at": now, "who": by.get_username() if by else "命令行"})
        return save(event, "电话答复", by, [*planned, step_row(event, "note", by, now, note=f"电话核实 {row.enterprise.name}：{said.strip()}")])


def state_exposure(code: str, by: Any, *, low: str = "", mid: str = "", high: str = "", tax: str = "", jobs: str = "", basis: str = "") -> Batch:
    """A person states the exposure (万元, persons) where nothing can be computed, or corrects it, and says on what it rests."""
    require_write(by)
    if not basis.strip():
        raise Refused("人工填写敞口要写明依据。", code="evidence-missing", hint="如：企业报告、专班测算。")
    told = {"exposure_low": _number(low), "exposure_mid": _number(mid), "exposure_high": _number(high), "tax_at_stake": _number(tax),
            "jobs_at_stake": _number(jobs, whole=True)}
    order = [v for v in (told["exposure_low"], told["exposure_mid"], told["exposure_high"]) if v is not None]
    if order != sorted(order):
        raise UserError("敞口应当低值 ≤ 中值 ≤ 高值。", code="bad-number", hint="请核对三个数。")
    with writing():
        event = event_of(code)
        open_only(event)
        planned = changed("risk_event", event, {c: v for c, v in told.items() if v is not None} | {"exposure_basis": f"人工填写：{basis.strip()}"[:300],
                                                                                                   "exposure_edition": None})
        return save(event, "填写敞口", by, [*planned, step_row(event, "fill", by, now_for(event), note=f"人工填写敞口：{basis.strip()}")])


def _number(text: str, *, whole: bool = False) -> Any:
    """A typed amount; empty is nothing."""
    plain = text.strip().replace(",", "").replace("，", "")
    if not plain:
        return None
    try:
        value = float(plain)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e12:
        raise UserError(f"数字看到「{text[:20]}」。", code="bad-number", hint="请写不小于 0 的数，金额以万元为单位。")
    return round(value) if whole else sources.money(value)


__all__ = ["answer", "fill", "state_exposure"]
