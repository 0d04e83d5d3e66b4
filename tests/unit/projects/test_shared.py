"""A project's proof and lamp at the edges of the dated rule."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import polars as pl
import pytest

from liantu.kernel.edition import schema_of
from liantu.kernel.parameter import parameter
from liantu.kernel.tables import table_of
from liantu.projects.choices import STAGES
from liantu.projects.shared import LAMPS, PROJECT_RULES, RANKS, with_lamp, with_proof

DAY = date(2026, 10, 31)
SHIPPED = parameter("project_lamps", DAY).value


def told(project: dict, events: tuple[dict, ...] = (), rule: dict | None = None) -> dict:
    """The row of one project, with its stage events, by the shipped rule or another."""
    row = {"id": 1, "name": "甲", "stage": "started", "side_state": "normal", **project}
    frames = [nw.from_native(pl.DataFrame(rows, schema=schema_of(table_of(name))).lazy())
              for name, rows in (("project", [row]), ("stage_event", [{"id": n, "project": 1, **e} for n, e in enumerate(events, 1)]))]
    found = with_lamp(with_proof(*frames, DAY), rule or SHIPPED, DAY)
    only, = nw.to_native(found).collect().rows(named=True)
    return only


FRESH = {"updated_on": date(2026, 10, 30)}


@pytest.mark.parametrize(("project", "rule", "lamp"), [
    (FRESH, "on_schedule", "green"),
    ({"updated_on": date(2026, 9, 1)}, "on_schedule", "green"),
    ({"updated_on": date(2026, 8, 31)}, "stale", "yellow"),
    ({"updated_on": date(2026, 8, 1)}, "stale", "yellow"),
    ({"updated_on": date(2026, 7, 31)}, "stalled", "red"),
    ({"updated_on": date(2026, 5, 1)}, "stalled", "red"),
    ({"updated_on": date(2026, 4, 30)}, "drop", "red"),
    ({"updated_on": date(2026, 11, 30)}, "undated", "none"),
    ({"updated_on": date(2026, 4, 30), "started_on": date(2026, 10, 1)}, "on_schedule", "green"),
    ({}, "undated", "none"),
    ({**FRESH, "finish_plan": date(2026, 10, 30)}, "overdue_finish", "red"),
    ({**FRESH, "finish_plan": DAY}, "on_schedule", "green"),
    ({**FRESH, "finish_plan": date(2026, 10, 30), "stage": "completed"}, "completed", "green"),
    ({**FRESH, "finish_plan": date(2026, 10, 30), "stage": "full_capacity"}, "completed", "green"),
    ({**FRESH, "start_plan": date(2026, 10, 30), "stage": "approved"}, "overdue_start", "red"),
    ({**FRESH, "start_plan": date(2026, 10, 30), "stage": "started"}, "on_schedule", "green"),
    ({**FRESH, "start_plan": DAY, "stage": "approved"}, "on_schedule", "green"),
    ({"side_state": "ended", "finish_plan": date(2020, 1, 1)}, "ended", "none"),
    ({**FRESH, "side_state": "paused"}, "paused", "yellow"),
    ({**FRESH, "side_state": "paused", "finish_plan": date(2026, 10, 1)}, "overdue_finish", "red"),
])
def test_lamp(project, rule, lamp):
    row = told(project)
    assert (row["lamp_rule"], row["lamp"]) == (rule, lamp)


@pytest.mark.parametrize(("done", "finish", "rule"), [(49.0, date(2026, 12, 5), "slow"), (50.0, date(2026, 12, 5), "on_schedule"), (49.0, date(2027, 12, 5), "on_schedule"), (None, date(2026, 12, 5), "slow")])
def test_slow_needs_time_gone_and_little_done(done, finish, rule):
    project = {**FRESH, "started_on": date(2026, 7, 31), "finish_plan": finish, "invest_total": 100.0, "invest_done": done}
    assert told(project)["lamp_rule"] == rule


def test_time_runs_from_the_real_start():
    project = {**FRESH, "start_plan": date(2026, 1, 1), "finish_plan": date(2026, 12, 31), "invest_total": 100.0, "invest_done": 10.0}
    assert told(project)["lamp_rule"] == "slow"
    assert told({**project, "started_on": date(2026, 9, 30)})["lamp_rule"] == "on_schedule"


def test_the_numbers_are_the_rule_s():
    project = {"updated_on": date(2026, 9, 1)}
    assert told(project, rule={**SHIPPED, "yellow_months": 1})["lamp_rule"] == "stale"
    assert told(project, rule={**SHIPPED, "yellow_months": 1, "red_months": 1})["lamp_rule"] == "stalled"


def test_verified_needs_evidence_checked_for_the_stage_that_is_claimed():
    signed = {"stage": "signed", "happened_on": date(2026, 1, 1), "evidence": "投资合同", "verified": "verified"}
    started = {"stage": "started", "happened_on": date(2026, 3, 1), "evidence": "施工许可证", "evidence_number": "36-1", "verified": "verified"}
    assert told({})["verification"] == "to_verify"
    assert told({}, (signed,))["verification"] == "to_verify"
    full = told({}, (signed, started))
    assert (full["verification"], full["proven_stage"], full["evidence"], full["event_on"]) == ("verified", "started", "施工许可证 36-1", date(2026, 3, 1))
    assert told({}, (signed, {**started, "verified": "to_verify"}))["verification"] == "to_verify"
    bare = told({}, (signed, {**started, "evidence": None}))
    assert (bare["verification"], bare["proven_stage"], bare["evidence"]) == ("to_verify", "signed", "投资合同")
    assert told({}, ({**started, "happened_on": date(2026, 11, 1)},))["verification"] == "to_verify"


def test_a_framework_agreement_proves_no_signing():
    signed = {"stage": "signed", "happened_on": date(2026, 1, 1), "evidence": "框架协议", "verified": "verified"}
    for formal, verification in ((False, "to_verify"), (True, "verified"), (None, "verified")):
        assert told({"stage": "signed", "formal_contract": formal}, (signed,))["verification"] == verification
    kept = told({"stage": "registered", "formal_contract": False}, (signed, {"stage": "registered", "evidence": "营业执照", "verified": "verified"}))
    assert (kept["verification"], kept["proven_stage"]) == ("verified", "registered")


def test_every_stage_and_rule_has_its_place():
    assert [RANKS[c.value] for c in STAGES] == list(range(len(STAGES)))
    assert {c.value for c in LAMPS} == {"green", "yellow", "red", "none"}
    assert len({c.value for c in PROJECT_RULES}) == 12
