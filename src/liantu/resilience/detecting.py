"""The detector on monthly series: electricity, output and employees of each firm against its own seasons and its peers.

The method is :mod:`liantu.methods.monthly_signals`; a firm's peers are those of its chain. A month counts as found when it stands within the
share of series-months that the dated rule allows and is still below expectation in the newest month.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import pkgutil
import sys
from dataclasses import asdict
from datetime import date
from functools import cache
from importlib import import_module
from math import isfinite
from typing import Any

import liantu.methods
from liantu.kernel.edition import Edition
from liantu.kernel.home import folder, write_atomic
from liantu.kernel.parameter import parameter
from liantu.methods.monthly_rows import group_array, rows_array, split_february
from liantu.methods.monthly_signals import watch_series
from liantu.resilience.choices import RANK, UNITS
from liantu.resilience.findings import Facts, Finding, facts
from liantu.resilience.rules import DETECTOR, LEVELS_RULE
from liantu.resilience.series import axis, series_of

SPAN = 60  # months read
WATCHED = ("power_kwh", "output", "employees")
HELD = ("power_kwh", "output")  # January and February judged together; a count at a month's end is not


READ = ("monthly_figure", "stop_report", "placement", "chain_node")


def changes(edition: Edition, told: Facts | None = None) -> list[Finding]:
    """Findings of the detector on an edition, one per firm and series; kept by content, so that the same rows are never judged twice."""
    path = folder("cache") / f"{DETECTOR}-{_key(edition)}.json"
    if path.exists():
        return [Finding(**row) for row in json.loads(path.read_text(encoding="utf-8"))]
    day = date.fromisoformat(edition.manifest.as_of)
    numbers = parameter(LEVELS_RULE, day).value
    told = told or facts(edition)
    found = [one for name in WATCHED for one in _of_series(edition, name, day, numbers, told)]
    write_atomic(path, json.dumps([asdict(one) for one in found], ensure_ascii=False).encode(), lasting=False)
    return found


def kept(edition: Edition) -> bool:
    """Whether the detector has judged these rows already."""
    return (folder("cache") / f"{DETECTOR}-{_key(edition)}.json").exists()


def _key(edition: Edition) -> str:
    """Equal for equal rows, day, numbers and code."""
    day = date.fromisoformat(edition.manifest.as_of)
    parts = [edition.manifest.as_of, json.dumps(parameter(LEVELS_RULE, day).value, sort_keys=True), _code(), *(edition.manifest.tables.get(name, {}).get("sha256", "") for name in READ)]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


@cache
def _code() -> str:
    """Hash of the code that the findings rest on."""
    methods = [m.name for m in pkgutil.iter_modules(liantu.methods.__path__) if m.name.startswith("monthly_")]
    sources = [inspect.getsource(import_module(f"liantu.methods.{name}")) for name in sorted(methods)]
    return hashlib.sha256("".join([*sources, inspect.getsource(sys.modules[__name__])]).encode()).hexdigest()


def _of_series(edition: Edition, name: str, day: date, numbers: dict[str, Any], told: Facts) -> list[Finding]:
    months = axis(day, SPAN)
    series = series_of(edition, name, months)
    if not series:
        return []
    values = rows_array(series.values())
    if name in HELD:
        values = split_february(values, months)
    peers = group_array(told.chain(told.first.get(firm)) for firm in series)
    seen = watch_series(values, months[0], peers=peers, budget=numbers["monthly_budget"], hold_january=name in HELD)
    planned = _planned(edition)
    found = []
    for at, firm in enumerate(series):
        newest = next((t for t in range(len(months) - 1, len(months) - 2 - numbers["fresh_months"], -1) if isfinite(seen.score[at, t])), None)
        if newest is None or any(start <= months[newest] <= end for start, end in planned.get(firm, ())):
            continue
        one = _finding(seen, at, newest, values[at], numbers)
        if one:
            expected, shortfall, level = one
            found.append(Finding(DETECTOR, "risk", level, firm, item=name, period=months[newest], value=float(seen.expected[at, newest] * (1 - seen.shortfall[at, newest])),
                                 baseline=expected, change=-shortfall, unit=UNITS[name]))
    return found


def _planned(edition: Edition) -> dict[int, list[tuple[str, str]]]:
    """Months of maintenance that firms reported, from–to."""
    found: dict[int, list[tuple[str, str]]] = {}
    for firm, kind, start, end in edition.table("stop_report").select("enterprise", "kind", "start_on", "end_on").iter_rows():
        if kind == "maintenance" and start:
            found.setdefault(firm, []).append((start.isoformat()[:7], (end or start).isoformat()[:7]))
    return found


def _finding(seen: Any, at: int, newest: int, values: Any, numbers: dict[str, Any]) -> tuple[float, float, str] | None:
    """Expectation, shortfall and level of a firm's newest month; None when nothing is the matter, or no longer."""
    back = [t for t in range(newest, max(-1, newest - numbers["monthly_memory"]), -1) if bool(seen.alarm[at, t])]
    if not back:
        return None
    expected = float(seen.expected[at, newest])
    now = expected * (1 - float(seen.shortfall[at, newest]))
    if back[0] != newest:  # the level has followed the fall by now: hold the newest month against a year before
        expected = float(values[newest - 12]) if newest >= 12 else 0.0
    shortfall = 1 - now / expected if isfinite(expected) and expected > 0 else 0.0
    levels = numbers["monthly_change"]
    level = max((name for name, least in levels.items() if shortfall >= least), key=lambda n: RANK[n], default=None)
    return (expected, shortfall, level) if level else None
