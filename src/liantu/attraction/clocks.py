"""The day on which something is done, and the days that each step of a lead may take by the dated rule ``lead_clock``.

Days are plain days, weekends included: an investor does not wait for Monday. A step is late from the day after it was due.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from liantu.attraction.pipeline_models import Lead
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import UserError

_SET: ContextVar[date | None] = ContextVar("set_day", default=None)
FOLLOWED = ("assessed", "talks")
OPEN = ("new", "answered", "assessed")


def site_today() -> date:
    """The site's own day."""
    return _SET.get() or timezone.localdate()


@contextmanager
def acting_on(day: date) -> Iterator[None]:
    """Let what is done inside happen on a day: for made-up districts, whose days are not ours."""
    token = _SET.set(day)
    try:
        yield
    finally:
        _SET.reset(token)


def day_of(told: Any, word: str = "日期") -> date:
    """A day as typed, or today when nothing is told. Raises UserError for words that are no day and for days to come."""
    if told in (None, ""):
        return site_today()
    try:
        day = told if isinstance(told, date) else date.fromisoformat(str(told).strip().replace("/", "-")[:10])
    except ValueError:
        raise UserError(f"{word}看到「{str(told)[:30]}」，读不懂。", code="bad-day", hint="请写成 2026-11-20。") from None
    if day > site_today():
        raise UserError(f"{word} {day} 还没有到。", code="bad-day", hint="请写已经发生的日期。")
    return day


def later_day(told: Any, word: str = "下一步日期") -> date | None:
    """A planned day as typed; None when nothing is told."""
    if told in (None, ""):
        return None
    try:
        return told if isinstance(told, date) else date.fromisoformat(str(told).strip().replace("/", "-")[:10])
    except ValueError:
        raise UserError(f"{word}看到「{str(told)[:30]}」，读不懂。", code="bad-day", hint="请写成 2026-11-20。") from None


def rule(on: date | None = None) -> dict[str, Any]:
    """The rule in force."""
    value: dict[str, Any] = parameter("lead_clock", on).value
    return value


@dataclass(frozen=True)
class Clock:
    """One step of a lead: when it is due, when it was done, and the lamp of it on a day."""

    name: str
    zh: str
    en: str
    due: date | None
    done: date | None
    lamp: str
    days: int

    @property
    def late(self) -> bool:
        return self.due is not None and self.days < 0


def clocks(lead: Lead, on: date | None = None) -> list[Clock]:
    """The clocks of a lead: answer, assessment, word to the introducer, next report; empty while nobody told when it came in."""
    today, told = on or site_today(), rule(on)
    came = lead.received_on
    if came is None:
        return []
    large = lead.invest_total is not None and lead.invest_total >= told["large_invest"]
    assess = told["assess_large_days" if large else "assess_days"]
    closed = lead.state not in OPEN
    found = [_clock("answer", "响应", "Answer", came + timedelta(days=told["answer_days"]), lead.answered_on, today, closed),
             _clock("assess", "研判", "Assessment", came + timedelta(days=assess), lead.assessed_on, today, closed)]
    if lead.introducer:
        found.append(_clock("feedback", "反馈引荐人", "Word to the introducer", came + timedelta(days=told["feedback_days"]), lead.feedback_on, today, False))
    last = max((d for d in (lead.reported_on, lead.assessed_on) if d), default=None)
    if lead.state == "assessed" and last:
        found.append(_clock("report", "进展报告", "Report", last + timedelta(days=told["report_days"]), None, today, False))
    return found


def _clock(name: str, zh: str, en: str, due: date, done: date | None, today: date, closed: bool) -> Clock:
    days = (due - (done or today)).days
    if done is None and closed:
        return Clock(name, zh, en, None, None, "none", 0)
    soon = done is None and 0 <= days <= rule(today)["due_soon_days"]
    return Clock(name, zh, en, due, done, "red" if days < 0 else "yellow" if soon else "green", days)


def next_clock(lead: Lead, on: date | None = None) -> Clock | None:
    """The open clock that runs out first."""
    waiting = [c for c in clocks(lead, on) if c.done is None and c.due is not None]
    return min(waiting, key=lambda c: c.due or date.max, default=None)
