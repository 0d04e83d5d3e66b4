"""What the outputs on promises say alike: which figure a promise is held against, how much of it is kept, and its lamp."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

import polars as pl

from liantu.attraction.choices import ACTUAL_SOURCES
from liantu.kernel.columns import Choice

ORDER = ("audit", "statistics", "tax", "insurance", "permit", "reported")
"""Sources in the order in which a promise is held against them; a verified figure goes before one to verify."""
FIRM = "firm_wide"
JUDGED_BY = (*ACTUAL_SOURCES, Choice(FIRM, "年报（全企业口径）", "Yearly figures (whole firm)"), Choice("project", "项目台账", "Project record"), Choice("stage", "项目阶段", "Stage of the project"))
PROMISE_RULES = (
    Choice("kept", "已兑现", "Kept"), Choice("late", "兑现了，但晚于时限", "Kept, but late"), Choice("part", "到期，只兑现大部分", "Due, mostly kept"), Choice("below", "到期，明显不足", "Due, clearly below"),
    Choice("not_reached", "到期未到这一步", "Due, step not reached"), Choice("firm_wide", "只有全企业口径，够不够待核", "Only figures of the whole firm: to verify"),
    Choice("no_figure", "到期，没有核验数", "Due, no figure"), Choice("soon", "快到期，还不够", "Due soon, not enough yet"), Choice("not_due", "未到期", "Not due"), Choice("undated", "没有时限，不评", "No due day"))
LAMP_OF = {"kept": "green", "late": "yellow", "part": "yellow", "below": "red", "not_reached": "red", "firm_wide": "yellow", "no_figure": "yellow", "soon": "yellow", "not_due": "green", "undated": "none"}
STAGE_OF = {"start": "started", "complete": "completed", "produce": "producing"}
DERIVED = {"output": "output", "output_per_mu": "output", "tax": "tax", "tax_per_mu": "tax", "jobs": "employees"}
PER_MU = ("output_per_mu", "tax_per_mu", "invest_per_mu")
Row = dict[str, Any]


def actuals_of(actual: pl.DataFrame, as_of: date) -> dict[tuple[int, str], dict[str, Row]]:
    """(project, kind) → source → its newest figure told by a day; figures without a day or source count as told by the firm on an unknown day."""
    found: dict[tuple[int, str], dict[str, Row]] = defaultdict(dict)
    for row in sorted(actual.to_dicts(), key=lambda r: (r["as_of"] or date.min, r["id"])):
        if row["amount"] is not None and (row["as_of"] is None or row["as_of"] <= as_of):
            found[row["project"], row["kind"]][row["source"] or "reported"] = row
    return found


def firm_wide(project: Row, kind: str, figures: Row | None) -> float | None:
    """What the whole firm's yearly figures come to for a promise of its project; per mu of the project's land. None when not known."""
    value = figures.get(DERIVED[kind]) if figures and kind in DERIVED else None
    if value is None:
        return None
    if kind not in PER_MU:
        return float(value)
    return float(value) / project["land_mu"] if project["land_mu"] else None


def of_project(project: Row, kind: str) -> float | None:
    """What the project's own record says: money invested so far, and that per mu."""
    done = project["invest_done"]
    if done is None or kind not in ("invest", "invest_per_mu"):
        return None
    if kind == "invest":
        return float(done)
    return float(done) / project["land_mu"] if project["land_mu"] else None


def judged(told: dict[str, Row], whole: float | None, own: float | None) -> tuple[float | None, str | None, bool]:
    """The figure that a promise is held against, its source, and whether a person verified it."""
    rows = [(told[s]["verified"] != "verified", ORDER.index(s), s) for s in told]
    if rows:
        source = min(rows)[2]
        return float(told[source]["amount"]), source, told[source]["verified"] == "verified"
    if own is not None:
        return own, "project", False
    return (whole, FIRM, False) if whole is not None else (None, None, False)


def rule_of(promise: Row, share: float | None, source: str | None, reached: date | None, as_of: date, rule: dict[str, Any]) -> str:
    """Why a promise shows its lamp. The whole firm's figure bounds its project's from above: below the line it is below, above it is only to verify."""
    due = promise["due_on"]
    if promise["kind"] in STAGE_OF:
        if reached is not None:
            return "late" if due is not None and reached > due else "kept"
        return "undated" if due is None else "not_reached" if due < as_of else "soon" if (due - as_of).days <= rule["soon_days"] else "not_due"
    enough = share is not None and share >= rule["kept_share"]
    if enough and source != FIRM:
        return "kept"
    if due is None:
        return "undated"
    if due >= as_of:
        return "soon" if not enough and (due - as_of).days <= rule["soon_days"] else "not_due"
    if share is None:
        return "no_figure"
    if share < rule["part_share"]:
        return "below"
    return "firm_wide" if source == FIRM else "part"
