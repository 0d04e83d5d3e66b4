"""What the outputs say about projects, cases, policies, routes and the change between the two formal editions."""

from __future__ import annotations

from typing import Any

import polars as pl

from liantu.demo.work_check import Sets
from liantu.kernel.edition import Edition
from liantu.kernel.output import run
from liantu.projects.choices import STAGES

STAGE_WORDS = {choice.value: choice.zh for choice in STAGES}


def found_work(edition: Edition, findings: dict[str, Any], nodes: set[str]) -> Sets:
    """By the keys of ``work_check.WORDS``; places elsewhere are told for ``nodes`` only."""
    project, case, policy = (run(name, edition).frame for name in ("project_list", "case_list", "policy_list"))
    route, target = (run(name, edition).frame for name in ("technology_list", "target_list"))
    names = dict(project.select("project", "name").iter_rows())
    unproven = edition.table("stage_event").filter(pl.col("evidence").is_null())
    opened = ~pl.col("state").is_in(["done", "called_back", "closed"])
    return {
        "dirt": {(p["file"], p["sheet"], p["row"],
                  p["code"]) for p in findings["problems"] if p["file"][:2].isdigit() and int(p["file"][:2]) >= 15 and p["severity"] != "info"},
        "red_projects": _texts(project, pl.col("lamp") == "red", "name"), "yellow_projects": _texts(project, pl.col("lamp") == "yellow", "name"),
        "unproven_stages": {(names[i], STAGE_WORDS[stage]) for i, stage in unproven.select("project", "stage").iter_rows()},
        "overdue": _texts(case, pl.col("lamp_rule") == "overdue", "code"), "no_proof": _texts(case, pl.col("lamp_rule") == "closed_without_proof", "code"),
        "stalled": _texts(case, pl.col("lamp_rule") == "stalled", "code"), "unsatisfied": _texts(case, pl.col("lamp_rule") == "unsatisfied", "code"),
        "chief": _texts(case, opened & (pl.col("level") == "chief"), "code"), "general": _texts(case, opened & (pl.col("level") == "general"), "code"),
        "expired_policies": _texts(policy, pl.col("validity") == "expired", "name"), "unreviewed_policies": _texts(policy, pl.col("fair_competition") == "pending",
                                                                                                                   "name"),
        "chokepoints": set(route.filter(pl.col("chokepoint")).select("node_code", "name").iter_rows()),
        "presence": set(target.filter(pl.col("node_code").is_in(list(nodes))).select("node_code", "city").iter_rows())}


def _texts(frame: pl.DataFrame, which: pl.Expr, column: str) -> set[str]:
    return set(frame.filter(which)[column])


def found_changes(before: Edition, after: Edition) -> Sets:
    """What ``liantu compare`` says, by codes and names."""
    from liantu.maps_and_lists.changes import changes

    told = changes(before, after)
    uscc = dict(after.table("enterprise").select("id", "uscc").iter_rows())
    return {
        **{name: {uscc[f.enterprise] for f in getattr(told, name)} for name in ("firms_entered", "firms_left", "firms_raised")},
        "firms_moved": {(uscc[f.enterprise], f.before and f.before.node_code, f.after and f.after.node_code) for f in told.firms_moved},
        "nodes_changed": {(n.code, n.before, n.after) for n in told.nodes_changed},
        "projects_moved": {(p.name, *(STAGE_WORDS[s.stage] for s in (p.before, p.after) if s and s.stage)) for p in told.projects_moved},
        **{name: {p.name for p in getattr(told, name)} for name in ("projects_new", "projects_state", "policies_new", "policies_expired")},
        **{name: {c.code for c in getattr(told, name)} for name in ("cases_opened", "cases_closed", "cases_overdue")}}
