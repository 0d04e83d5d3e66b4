"""The clock of a drill: where the scenario stands now follows from when it began, its speed and its pauses; nothing runs in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from liantu.resilience.event_clock import moment_of, site_now
from liantu.resilience.event_models import Drill


def elapsed_seconds(drill: Drill, real: datetime | None = None) -> float:
    """Real seconds during which the clock has run: since the start, without pauses; 0 before the start."""
    if not drill.started_at:
        return 0.0
    until = moment_of(drill.ended_at) if drill.ended_at else moment_of(drill.paused_at) if drill.paused_at else real or site_now()
    return max(0.0, (until - moment_of(drill.started_at)).total_seconds() - (drill.paused_seconds or 0))


def drill_minute(drill: Drill, real: datetime | None = None) -> float:
    """Minutes of the scenario that have passed: running seconds × speed ÷ 60."""
    return elapsed_seconds(drill, real) * (drill.speed or 1) / 60


def drill_now(drill: Drill, real: datetime | None = None) -> datetime:
    """The moment of the scenario."""
    return moment_of(drill.begins_at) + timedelta(minutes=drill_minute(drill, real))
