"""What an event's verification says of the signals behind it: the record of the rules that raised them learns from it, in the same batch."""

from __future__ import annotations

from datetime import date
from typing import Any

from liantu.kernel.batch import Planned
from liantu.kernel.columns import Choice
from liantu.kernel.problems import UserError
from liantu.kernel.word_lists import split_words
from liantu.resilience.event_models import RiskEvent
from liantu.resilience.event_write import changed, name_of

DISMISSALS = (Choice("false", "误报", "False alarm"), Choice("maintenance", "检修", "Maintenance"), Choice("seasonal", "季节性", "Seasonal"), Choice("data_error", "数据有误", "Data error"))
REAL = "real"


def dismissal(word: str) -> str:
    """Why an event was dismissed: a known word, ``false`` when nothing is told."""
    if word and word not in {c.value for c in DISMISSALS}:
        raise UserError(f"没有查否原因「{word[:20]}」。", code="unknown-word", hint="可选：" + "、".join(c.zh for c in DISMISSALS))
    return word or "false"


def verdict_rows(event: RiskEvent, verdict: str, by: Any, on: date) -> list[Planned]:
    """Verdicts on the event's signals that nobody has judged yet. A drill says nothing of real signals."""
    from liantu.resilience.models import Signal

    codes = split_words(event.signals) if event.drill_id is None else ()
    values = {"verdict": verdict, "verified_by": name_of(by)[:60], "verified_on": on, "note": f"事件 {event.code}"}
    return [row for signal in Signal.objects.filter(code__in=codes, verdict=None).order_by("id") for row in changed("signal", signal, values)]
