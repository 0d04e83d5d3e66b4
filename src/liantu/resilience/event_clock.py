"""Moments as text, the hours that each step may take by the dated rule ``event_clock``, and the lamp of a clock.

Hours are plain hours, day and night: there is no calendar of working days here, and a stopped supplier does not wait for Monday.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from liantu.kernel.parameter import parameter
from liantu.kernel.problems import UserError

MINUTES, SECONDS = "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"


_SET: ContextVar[datetime | None] = ContextVar("set_moment", default=None)


def site_now() -> datetime:
    """The site's own time, without zone."""
    return _SET.get() or timezone.localtime().replace(tzinfo=None)


@contextmanager
def acting_at(moment: str) -> Iterator[None]:
    """Let what is done inside happen at a moment: for made-up districts, whose days are not ours."""
    token = _SET.set(moment_of(moment))
    try:
        yield
    finally:
        _SET.reset(token)


def text_of(moment: datetime, form: str = MINUTES) -> str:
    """A moment as it is stored."""
    return moment.strftime(form)


def moment_of(text: str) -> datetime:
    """A stored or typed moment: ``2026-11-20 08:30``, with seconds or without, a T or a blank between; a day alone is its beginning.

    >>> moment_of("2026-11-20T08:30") - moment_of("2026-11-20")
    datetime.timedelta(seconds=30600)
    """
    try:
        return datetime.fromisoformat(text.strip().replace("/", "-")).replace(tzinfo=None)
    except ValueError:
        raise UserError(f"时间看到「{text[:30]}」，读不懂。", code="bad-moment", hint="请写成 2026-11-20 08:30。") from None


def hours_between(earlier: str, later: str) -> float:
    """Hours from one stored moment to another.

    >>> hours_between("2026-11-20 08:30", "2026-11-21 10:00")
    25.5
    """
    return (moment_of(later) - moment_of(earlier)).total_seconds() / 3600


def after(start: str, hours: float) -> str:
    """The moment some hours later.

    >>> after("2026-11-20 08:30", 24)
    '2026-11-21 08:30'
    """
    return text_of(moment_of(start) + timedelta(hours=hours))


def rule() -> dict[str, Any]:
    """The rule in force today."""
    value: dict[str, Any] = parameter("event_clock").value
    return value


def allowed(step: str, level: str | None) -> float | None:
    """Hours that a step may take for a level, or None where it has no clock: ``verify`` and ``grade`` from discovery, ``first_task`` from grading, ``review`` from the end of handling."""
    told = rule().get(f"{step}_hours")
    return None if told is None else float(told[level or "unknown"] if isinstance(told, dict) else told)


def clock_lamp(start: str | None, due: str | None, now: str) -> str:
    """``red`` past its time, ``yellow`` when little of it is left, ``green`` else; ``none`` without a due moment.

    >>> clock_lamp(None, None, "2026-11-20 08:30")
    'none'
    """
    if not due:
        return "none"
    left = hours_between(now, due)
    if left < 0:
        return "red"
    whole = hours_between(start, due) if start else 0.0
    return "yellow" if whole > 0 and left <= whole * rule()["due_soon_share"] else "green"
