"""The rules of the verdict one by one, what never may happen, and the confidence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.attraction.choices import VERDICTS
from liantu.attraction.verdicts import ATTRACT, RULES, SINGLE, VERDICT_OF, VERIFY, Facts, confidence, judge
from liantu.kernel.parameter import parameter

RULE = parameter("gap_verdict").value
ALL = frozenset(RULE["facts"])
FULL = Facts("missing", 0, 1000.0, 2000.0, 0, 1, 0, 0.0, 0.05, 20.0, 100.0, 50.0, 0.1, "low", checked=ALL)
SMALL = replace(FULL, demand=500.0)

CASES = [
    ("scale_unknown", replace(FULL, efficient_output=None)), ("scale_unknown", replace(FULL, efficient_output=0.0)), ("demand_unknown", replace(FULL, demand=None)),
    ("facts_short", replace(FULL, supply_near=None, supply_reach=None, close_firms=None, crowding=None, feasibility=None, land_mu=None, energy_tce=None, import_share=None, pollution=None, checked=frozenset())),
    ("land_short", replace(FULL, land_mu=101.0)), ("polluting", replace(SMALL, pollution="high")), ("small_near", replace(SMALL, supply_near=1)), ("small_close", replace(SMALL, close_firms=2)),
    ("small_unsurveyed", replace(SMALL, supply_near=None)), ("small_alone", SMALL), ("small_alone", replace(SMALL, demand=300.0, close_firms=9)),
    ("crowded_near", replace(FULL, crowding=4.0, supply_near=2)), ("firms_here", replace(FULL, status="weak", firms=1, close_firms=2)), ("unlikely_far", replace(FULL, feasibility=0.001)),
    ("unlikely", replace(FULL, feasibility=0.001, supply_reach=0)), ("demand_fills", FULL), ("demand_fills", replace(FULL, feasibility=0.001, close_firms=1)), ("demand_fills", replace(FULL, demand=1000.0)),
]


@pytest.mark.parametrize(("name", "facts"), CASES)
def test_each_rule_decides_its_own_case(name, facts):
    assert judge(facts, RULE) == name


def test_every_rule_has_a_case_words_and_a_verdict():
    assert {name for name, _ in CASES} == {c.value for c in RULES} == set(VERDICT_OF)
    assert set(VERDICT_OF.values()) == {v.value for v in VERDICTS} and all(c.zh and c.en for c in RULES)


def test_a_single_firm_gap_below_scale_is_not_attracted_even_where_a_district_lowers_the_line():
    lax = {**RULE, "demand_fills": 0.1}
    below = replace(FULL, status=SINGLE, firms=1, demand=999.0)
    assert judge(replace(below, status="missing"), lax) == "demand_fills"
    assert VERDICT_OF[judge(below, lax)] != ATTRACT


amount = st.none() | st.floats(0, 1e6, allow_nan=False)
count = st.none() | st.integers(0, 9)
share = st.none() | st.floats(0, 1, allow_nan=False)
rows = st.builds(Facts, st.sampled_from(["missing", "weak", "at_risk"]), st.integers(0, 5), amount, amount, count, count, count, st.none() | st.floats(0, 9, allow_nan=False), share, amount, amount, amount, share,
                 st.none() | st.sampled_from(["low", "medium", "high"]), st.booleans(), st.frozensets(st.sampled_from(sorted(ALL))))
rules = st.builds(lambda fills, grow, least: {**RULE, "demand_fills": fills, "grow_demand": grow, "least_confidence": least}, st.floats(0, 3), st.floats(0, 1), st.floats(0, 1))


@settings(max_examples=400, deadline=None)
@given(rows, rules)
def test_whatever_the_facts_and_the_numbers(facts, rule):
    verdict = VERDICT_OF[judge(facts, rule)]
    if facts.status == SINGLE and (facts.ratio is None or facts.ratio < 1):
        assert verdict != ATTRACT
    if facts.ratio is None:
        assert verdict == VERIFY
    if verdict == ATTRACT:
        assert facts.ratio is not None and facts.ratio >= rule["demand_fills"] and confidence(facts, rule) >= rule["least_confidence"]
    assert 0 <= confidence(facts, rule) <= 1


@settings(max_examples=200, deadline=None)
@given(rows, st.floats(0, 1e6))
def test_more_demand_never_turns_an_attracted_node_away(facts, more):
    if VERDICT_OF[judge(facts, RULE)] == ATTRACT:
        assert VERDICT_OF[judge(replace(facts, demand=facts.demand + more), RULE)] == ATTRACT


def test_confidence_is_the_weighted_share_of_what_is_known_and_checked():
    assert confidence(FULL, RULE) == 1.0
    assert confidence(replace(FULL, checked=frozenset()), RULE) == RULE["unchecked"]
    lost = replace(FULL, demand=None)
    assert confidence(lost, RULE) == pytest.approx(1 - RULE["facts"]["demand"] / sum(RULE["facts"].values()))
    assert confidence(replace(FULL, energy_tce=None), RULE) == pytest.approx(1 - RULE["facts"]["needs"] / 2 / sum(RULE["facts"].values()))
    assert confidence(replace(FULL, feasibility=None, rooted=True), RULE) == 1.0
