"""What other pages tell of the watch and of events: how many wait, which concern a firm, and which signals an event came from."""

from __future__ import annotations

from typing import Any

from liantu.kernel.word_lists import split_words
from liantu.resilience.choices import RANK
from liantu.resilience.event_choices import ENDED, STATES
from liantu.resilience.event_models import RiskEvent
from liantu.resilience.models import Signal
from liantu.resilience.rules import GROUPS, rules
from liantu.web.formats import words
from liantu.web.watch_view import item_words, level_words

TONES = {"red": "red", "orange": "amber", "yellow": "amber", "blue": "blue"}
SHOWN = 4  # names told beside a count
TOLD = 8  # signals of a firm told one by one


def open_events() -> list[RiskEvent]:
    """Real events that have not ended, the newest first."""
    return list(RiskEvent.objects.filter(drill=None).exclude(state__in=ENDED).order_by("-opened_at", "-id"))


def alarms_waiting() -> dict[Any, str]:
    """The subjects alarmed within the budget that nobody has judged yet, the highest score first: as many as the lamps of the watch page count."""
    found: dict[Any, str] = {}
    open_ = Signal.objects.filter(lane="risk", in_budget=True, verdict=None, ended_on=None).exclude(rule__in=GROUPS)
    for firm, node, name, place in open_.order_by("-score", "id").values_list("enterprise_id", "chain_node_id", "enterprise__name", "chain_node__name"):
        found.setdefault((firm, None if firm else node), name or place or "")
    return found


def _line(signal: Signal) -> dict[str, Any]:
    rule = rules().get(signal.rule)
    return {"signal": signal, "name": signal.rule, "rule": words(rule) if rule else signal.rule, "item": item_words(signal), "level": level_words(signal.level), "tone": TONES.get(signal.level, "grey")}


def of_firm(firm: int) -> dict[str, Any]:
    """Open signals of a firm, the gravest first, and its events, the newest first."""
    signals = sorted(Signal.objects.filter(enterprise_id=firm, ended_on=None, verdict=None), key=lambda s: (s.lane != "risk", -RANK[s.level], s.rule, s.item or ""))
    events = RiskEvent.objects.filter(drill=None, enterprise_id=firm).order_by("-opened_at", "-id")
    return {"signals": [_line(s) for s in signals[:TOLD]], "rest": len(signals[TOLD:]),
            "events": [{"event": e, "state": next((words(c) for c in STATES if c.value == e.state), e.state), "ended": e.state in ENDED} for e in events]}


def signals_told(codes: str | None) -> list[dict[str, Any]]:
    """The signals behind an event; codes that are no longer on record are left out."""
    return [_line(s) for s in Signal.objects.filter(code__in=split_words(codes)).order_by("id")]
