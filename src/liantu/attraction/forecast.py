"""落地预测: chances of each project to start and to produce, what lands by quarter, and how good such chances were on past days.

Stages from 签约 on are used: 签约, 注册, 备案审批, 开工, 入统, 竣工, 投产. A stage without a day passed on the day of the next dated one. An ended project
that has no day of its ending ended on its last update.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import isnan
from typing import Any

import polars as pl

from liantu.kernel.arrays import arrays
from liantu.methods.stage_forecast import MONTH, Histories, Score, chances, landing, score_history
from liantu.projects.choices import STAGES

USED = ("signed", "registered", "approved", "started", "in_statistics", "completed", "producing")
TARGETS = {"started": "开工", "producing": "投产"}
WORDS = {c.value: c.zh for c in STAGES}


@dataclass(frozen=True)
class History:
    """Projects that have a dated stage from 签约 on: ids in the order of the rows of ``told``, plans as day numbers (nan: none), dated moves in all."""

    ids: list[int]
    told: Histories
    plans: dict[str, Any]
    moves: int


def history(project: pl.DataFrame, stage_event: pl.DataFrame, dropped: set[int]) -> History:
    """Stage histories; ``dropped`` are later signings of a project that is counted once."""
    days = {(p, s): d for p, s, d in stage_event.select("project", "stage", "happened_on").iter_rows() if d is not None}
    own = {"signed": "signed_on", "started": "started_on", "completed": "finished_on"}
    rows = []
    for row in project.sort("id").to_dicts():
        reached = {s: days.get((row["id"], s)) or (row[own[s]] if s in own else None) for s in USED}
        if row["id"] not in dropped and any(reached.values()):
            last = max(d for d in reached.values() if d)
            ended = max(row["updated_on"] or last, last) if row["side_state"] == "ended" else None
            rows.append({"id": row["id"], "ended": ended, "start_plan": row["start_plan"], "finish_plan": row["finish_plan"], **reached})
    frame = pl.DataFrame(rows, schema={"id": pl.Int64, **dict.fromkeys(("ended", "start_plan", "finish_plan", *USED), pl.Date)})
    numbers = frame.with_columns(pl.exclude("id").cast(pl.Int32).cast(pl.Float64) + date(1970, 1, 1).toordinal())
    stages = numbers.select(USED).to_numpy()
    ended, start_plan, finish_plan = arrays(numbers, "ended", "start_plan", "finish_plan")
    return History(frame["id"].to_list(), Histories(stages, ended), {"started": start_plan, "producing": finish_plan}, sum(v is not None for r in rows for v in (r[s] for s in USED)))


def project_chances(known: History, as_of: date, rule: dict[str, Any]) -> dict[str, dict[int, tuple[float, float, float] | None]]:
    """By target: project → (chance, low, high) to come to it within the rule's months; None for projects that are ended."""
    found = {}
    for target in TARGETS:
        told = chances(known.told, as_of.toordinal(), USED.index(target), rule["months"], strength=rule["strength"])
        rows = zip(known.ids, told.chance.tolist(), told.low.tolist(), told.high.tolist(), strict=True)
        found[target] = {pk: None if isnan(chance) else (chance, low, high) for pk, chance, low, high in rows}
    return found


def score(known: History, as_of: date, target: str, rule: dict[str, Any]) -> Score | None:
    """Brier score on past days, told as known then; None when no past day has its answer yet, or fewer moves are dated than the rule asks for."""
    if known.moves < rule["least_events"]:
        return None
    step = rule["cutoff_step"] * MONTH
    cutoffs = [as_of.toordinal() - rule["months"] * MONTH - at * step for at in range(rule["cutoffs"])]
    return score_history(known.told, as_of.toordinal(), USED.index(target), rule["months"], cutoffs, planned=known.plans[target], strength=rule["strength"])


def quarter_ends(as_of: date, count: int) -> list[tuple[str, date]]:
    """The quarter under way and those after it: (2026年四季度, its last day), ….

    >>> quarter_ends(date(2026, 10, 31), 2)
    [('2026Q4', datetime.date(2026, 12, 31)), ('2027Q1', datetime.date(2027, 3, 31))]
    """
    found, at = [], as_of.year * 4 + (as_of.month - 1) // 3
    for quarter in range(at, at + count):
        year, number = divmod(quarter + 1, 4)
        found.append((f"{quarter // 4}Q{quarter % 4 + 1}", date(year, number * 3 + 1, 1) - timedelta(days=1)))
    return found


def landings(known: History, project: pl.DataFrame, as_of: date, target: str, rule: dict[str, Any]) -> list[dict[str, Any]]:
    """By quarter: expected projects, investment and yearly output (万元) that come to the target, each with its 80 % range."""
    ends = quarter_ends(as_of, rule["quarters"])
    months = [max(1, round((end - as_of).days / MONTH)) for _, end in ends]
    keep = [i for i, m in enumerate(months) if not i or m > months[i - 1]]
    worth = {r["id"]: r for r in project.select("id", "invest_total", "output_expected").to_dicts()}
    amounts = {"projects": [1.0] * len(known.ids), **{c: [worth[pk][c] or 0.0 for pk in known.ids] for c in ("invest_total", "output_expected")}}
    told = {name: landing(known.told, as_of.toordinal(), USED.index(target), [months[i] for i in keep], amount, draws=rule["draws"], strength=rule["strength"]) for name, amount in amounts.items()}
    return [{"target": target, "quarter": ends[i][0], "ends_on": ends[i][1],
             **{f"{name}{suffix}": float(values[at]) for name, t in told.items() for suffix, values in (("", t.mean), ("_low", t.low), ("_high", t.high))}} for at, i in enumerate(keep)]
