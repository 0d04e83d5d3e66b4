"""A rule's record: counts, the interval, few verdicts give no figure, a useless rule is named."""

from datetime import date

import pytest

from liantu.kernel.parameter import parameter
from liantu.methods.intervals import wilson
from liantu.resilience.findings import Facts
from liantu.resilience.grouping import groups_of
from liantu.resilience.models import Signal
from liantu.resilience.rule_record import record_of
from liantu.resilience.rules import rule_of, rules


def told(rule, verdicts, leads=()):
    numbers = parameter("watch").value
    signals = [Signal(rule=rule, verdict=v, found_on=date(2026, 1 + n % 9, 3), lead_days=leads[n] if n < len(leads) else None) for n, v in enumerate(verdicts)]
    return record_of(rule_of(rule), signals, numbers)


def test_counts_interval_and_months():
    found = told("power_fall", ["real"] * 4 + ["false"] * 3 + ["maintenance"] * 2 + ["seasonal", None, None], leads=(5, 30, 12))
    assert (found.n, found.hits, found.false_alarms, found.open, found.enough) == (10, 4, 6, 2, True)
    assert (found.low, found.high) == wilson(4, 10) and found.precision == 0.4 and not found.useless
    assert (found.lead_days, found.leads) == (12, 3) and (found.first_month, found.last_month) == ("2026-01", "2026-09")
    assert found.verdicts == {"real": 4, "false": 3, "maintenance": 2, "seasonal": 1, "data_error": 0}


def test_too_few_say_nothing_and_the_prior_stands():
    numbers = parameter("watch").value
    found = told("power_fall", ["false"] * (numbers["least_verdicts"] - 1))
    assert not found.enough and not found.useless
    assert told("power_fall", []).shrunk == numbers["prior_precision"]["rules"] and told("stop_reports", []).shrunk == numbers["prior_precision"]["reports"]
    assert told("single_supplier", []).shrunk == numbers["prior_precision"]["standing"]


@pytest.mark.parametrize(("real", "false", "useless"), [(0, 20, True), (0, 10, False), (2, 18, False), (1, 30, True)])
def test_useless_only_when_the_interval_says_so(real, false, useless):
    assert told("power_fall", ["real"] * real + ["false"] * false).useless is useless
    assert (wilson(real, real + false)[1] < parameter("watch").value["useless_upper"]) is useless


def test_a_data_rule_is_right_when_the_data_were_wrong():
    assert told("unit_jumps", ["data_error", "real", "false"]).hits == 1


def test_every_warning_of_the_room_is_a_rule():
    found = rules()
    assert {"power_fall", "single_supplier", "monthly_change", "missing_months"} <= set(found)
    assert {r.lane for r in found.values()} == {"risk", "standing", "data"} and all(r.tells_zh and r.tells_en for r in found.values())
    assert all(key in r.thresholds().value for r in found.values() for key in r.reads())


def test_groups_by_share_of_the_node():
    facts = Facts({1: 10.0}, {}, {1: [(7, 10.0)], 2: [(7, 5.0), (8, 5.0)]}, {7: 20.0, 8: 100.0}, {7: 3, 8: 3})
    numbers = parameter("watch").value
    found = list(groups_of({1: "yellow", 2: "red"}, facts, numbers))
    assert [(f.rule, f.node, f.level, f.value, f.baseline) for f in found] == [("node_alarm", 7, "red", 15.0, 20.0)]
    assert list(groups_of({2: "red"}, facts, numbers)) == []
