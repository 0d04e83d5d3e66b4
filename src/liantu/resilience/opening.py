"""How an event begins: by hand or from a signal; a signal of a firm whose event is still open joins that event."""

from __future__ import annotations

from typing import Any

from liantu.chains.models import Chain, ChainNode, Placement
from liantu.enterprises.models import Enterprise
from liantu.kernel.access import require_write
from liantu.kernel.batch import Planned, writing
from liantu.kernel.models import Batch
from liantu.kernel.problems import Refused, UserError
from liantu.kernel.word_lists import split_words
from liantu.places.models import Park
from liantu.resilience.event_choices import CAUSES, ENDED, FOUND_BY
from liantu.resilience.event_clock import moment_of, site_now, text_of
from liantu.resilience.event_models import Drill, RiskEvent
from liantu.resilience.event_write import changed, now_for, save, step_row
from liantu.resilience.workflow import LEVEL_WORDS, due_after, levels_in_use

CAUSE_WORDS = {c.value: c.zh for c in CAUSES}
FOUND_WORDS = {c.value: c.zh for c in FOUND_BY}
TITLE, TEXT = 300, 60


def open_event(by: Any, *, cause: str, title: str = "", enterprise: int | None = None, chain_node: int | None = None, chain: int | None = None, subject: str = "",
               signals: str = "",
               level: str = "", summary: str = "", evidence: str = "", found_by: str = "", opened_at: str = "", owner: str = "",
               park: int | None = None, park_to: int | None = None, drill: Drill | None = None) -> tuple[str, Batch]:
    """Open an event and give its code and batch; ``signals`` are signal codes joined with 、. ``level`` is a first guess.

    Raises UserError when what is named does not exist, Refused when a report by hand says what an open event says already.
    """
    require_write(by)
    check_words(cause, level, found_by)
    with writing():
        place = {**where(enterprise, chain_node, chain), **road(park, park_to)}
        codes = list(dict.fromkeys(c.strip() for c in signals.replace(",", "、").replace("，", "、").split("、") if c.strip()))
        same = _open_one(place["enterprise"], cause, subject, drill) if place["enterprise"] or subject else None
        if same is not None:
            return same.code, _join(same, codes, by)
        at = _at(opened_at, drill)
        firm = Enterprise.objects.filter(pk=place["enterprise"]).values_list("name", flat=True).first() if place["enterprise"] else ""
        name = title.strip() or f"{firm or subject}{CAUSE_WORDS[cause]}"
        if not (title.strip() or firm or subject.strip()):
            raise UserError("还没有说是哪家企业、哪条路或哪种物料。", code="needs-subject", hint="请选企业，或填写涉及对象或事件名称。")
        values: dict[str, Any] = {
            "code": _code(drill, at), "title": name[:TITLE], "cause": cause, "level": level or None, "state": "signal", "subject": subject.strip()[:TITLE],
            "signals": "、".join(codes),
            "found_by": found_by or ("system" if codes else "other"), "opened_on": moment_of(at).date(), "opened_at": at, "owner": owner.strip()[:TEXT],
            "summary": summary.strip(),
            "evidence": evidence.strip(), "drill": drill.pk if drill else None, "lead_office": place.pop("office"), "exposure_edition": None, **place}
        values["due_at"] = due_after("signal", level or None, RiskEvent(), at)
        event = Planned("risk_event", {c: v for c, v in values.items() if v not in (None, "")})
        step = {"number": 1, "step": "open", "on": moment_of(at).date(), "at": at, "who": by.get_username() if by else "命令行", "note": summary.strip() or name,
                "evidence": evidence.strip(), "level_after": level or None}
        row = Planned("event_step", {c: v for c, v in step.items() if v not in (None, "")}, links={"event": event})
        batch = save(RiskEvent(code=values["code"], drill=drill), f"发现登记：{name}", by, [event, row])
    return str(values["code"]), batch


def check_words(cause: str, level: str, found_by: str) -> None:
    """Refuse a cause, level or way of finding that does not exist."""
    if cause not in CAUSE_WORDS:
        raise UserError(f"没有起因「{cause[:20]}」。", code="unknown-cause", hint="可选：" + "、".join(CAUSE_WORDS.values()))
    if level and level not in levels_in_use():
        raise UserError(f"没有级别「{level[:20]}」。", code="unknown-level", hint="本区用：" + "、".join(LEVEL_WORDS[v] for v in levels_in_use()))
    if found_by and found_by not in FOUND_WORDS:
        raise UserError(f"没有发现途径「{found_by[:20]}」。", code="unknown-word", hint="可选：" + "、".join(FOUND_WORDS.values()))


def where(enterprise: int | None, node: int | None, chain: int | None) -> dict[str, Any]:
    """Firm, node and chain with their lead office; a firm that is told without a node stands at its surest one."""
    if enterprise and not Enterprise.objects.filter(pk=enterprise).exists():
        raise UserError(f"名录里没有编号 {enterprise} 的企业。", code="unknown-enterprise", hint="请从名录里选。")
    if enterprise and not node:
        best = Placement.objects.filter(enterprise=enterprise).exclude(grade="rejected").order_by("-business_share", "-score", "id").values_list("chain_node", flat=True)
        confirmed = best.filter(grade="confirmed").first()
        node = confirmed or best.first()
    found = ChainNode.objects.filter(pk=node).first() if node else None
    if node and found is None:
        raise UserError(f"没有编号 {node} 的环节。", code="unknown-node", hint="请从环节里选。")
    chain = found.chain_id if found else chain
    row = Chain.objects.filter(pk=chain).first() if chain else None
    if chain and row is None:
        raise UserError(f"没有编号 {chain} 的产业链。", code="unknown-chain", hint="请从产业链里选。")
    return {"enterprise": enterprise, "chain_node": node, "chain": chain, "office": (row.lead_office or "") if row else ""}


def names_of(place: dict[str, Any], subject: str = "") -> tuple[str, str, str]:
    """Names of the firm, the node, and of what it is about."""
    firm = Enterprise.objects.filter(pk=place["enterprise"]).values_list("name", flat=True).first() or ""
    node = ChainNode.objects.filter(pk=place["chain_node"]).values_list("name", flat=True).first() or ""
    return firm, node, subject.strip() or firm or node or "涉及对象"


def road(park: int | None, park_to: int | None) -> dict[str, Any]:
    """The ends of a road, or the park without power."""
    for pk in (park, park_to):
        if pk and not Park.objects.filter(pk=pk).exists():
            raise UserError(f"没有编号 {pk} 的园区。", code="unknown-park", hint="请从园区里选。")
    return {"park": park, "park_to": park_to}


def _open_one(enterprise: int | None, cause: str, subject: str, drill: Drill | None) -> RiskEvent | None:
    rows = RiskEvent.objects.filter(drill=drill).exclude(state__in=ENDED)
    rows = rows.filter(enterprise=enterprise) if enterprise else rows.filter(enterprise=None, cause=cause, subject=subject.strip())
    return rows.select_related("drill").order_by("id").first()


def _join(event: RiskEvent, codes: list[str], by: Any) -> Batch:
    """Add signals to an event that is open already."""
    known = list(split_words(event.signals))
    new = [c for c in codes if c not in known]
    if not new:
        raise Refused(f"已有未了结的事件 {event.code}「{event.title}」，没有另立。", code="event-open", hint="请打开那个事件补充情况。")
    planned = changed("risk_event", event, {"signals": "、".join([*known, *new])})
    return save(event, "并入信号", by, [*planned, step_row(event, "join", by, now_for(event), note="并入信号：" + "、".join(new))])


def _at(opened_at: str, drill: Drill | None) -> str:
    now = now_for(RiskEvent(drill=drill)) if drill else text_of(site_now())
    if not opened_at or drill:
        return now
    told = text_of(moment_of(opened_at))
    if told > now:
        raise UserError(f"时间 {told} 还没有到。", code="bad-moment", hint="请写已经发生的时间。")
    return told


def _code(drill: Drill | None, at: str) -> str:
    """The next number: FX2026-0001; within a drill YL2026-01-1."""
    head = f"{drill.code}-" if drill else f"FX{at[:4]}-"
    taken = [int(c.removeprefix(head)) for c in RiskEvent.objects.filter(code__startswith=head).values_list("code", flat=True) if c.removeprefix(head).isdigit()]
    return f"{head}{1 + max(taken, default=0):0{1 if drill else 4}d}"
