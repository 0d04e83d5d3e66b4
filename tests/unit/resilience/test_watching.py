"""The watch: what becomes a signal, the budget, what is not told twice, groups, muting, and that verdicts move the ranking by a known amount."""

from datetime import date

import pytest

from liantu.kernel.batch import Planned, undo
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import Refused, UserError
from liantu.resilience.models import Signal
from liantu.resilience.rule_record import budget_of, mute, records, set_budget, take_verdict_back, unmute, verify
from liantu.resilience.watching import watch
from tests.unit.resilience import kit

FALLEN = {0: 0.3, 1: 0.35}  # two months at a third: orange


@pytest.fixture
def district(site, db):
    kit.chain()


@pytest.fixture
def person(django_user_model, db):
    return django_user_model.objects.create(username="li")


def fallen(number, output=10_000.0, node=kit.NODE, shares=None):
    one = kit.firm(number, output, node)
    kit.power(one, FALLEN if shares is None else shares)
    return one


def alarmed():
    return set(Signal.objects.filter(in_budget=True, ended_on=None).exclude(enterprise=None).values_list("enterprise_id", flat=True))


def signal(one, rule="power_fall"):
    return Signal.objects.get(enterprise=one.record, rule=rule, ended_on=None)


def test_a_fall_becomes_a_signal_and_calm_firms_do_not(district):
    bad, calm = fallen(1), kit.firm(2)
    kit.power(calm)
    done = watch(kit.edition())
    found = signal(bad)
    assert (done.alarmed, done.fresh, done.below) == (1, 1, 0) and alarmed() == {bad.record}
    assert (found.level, found.lane, found.period, found.found_on, found.alarmed_on) == ("orange", "risk", "2026-10", kit.OCTOBER, kit.OCTOBER)
    assert float(found.value) == 3000 and float(found.baseline) == 10_000 and float(found.change) == -0.7 and found.unit_words == "kWh"
    assert found.chain_node.code == kit.NODE and found.chain.code == kit.CHAIN and float(found.stake) == 10_000


def test_running_again_changes_nothing_and_the_batch_can_be_undone(district):
    fallen(1)
    done = watch(kit.edition())
    assert watch(kit.edition()).batch is None
    undo(done.batch)
    assert not Signal.objects.exists()


def test_the_budget_takes_the_highest_scores(district, person):
    firms = [fallen(n, output=1000.0 * n) for n in range(1, 6)]
    done = watch(kit.edition(), budget=2)
    assert (done.alarmed, done.below) == (2, 3) and alarmed() == {firms[3].record, firms[4].record}
    scores = [float(signal(f).score) for f in firms]
    assert scores == sorted(scores) and scores[4] == pytest.approx(5 * scores[0], abs=0.001)
    set_budget("2026-10", 4, person)
    assert budget_of("2026-12") == (4, f"li {date.today()}") and budget_of("2026-09")[0] == parameter("watch").value["budget"]
    assert watch(kit.edition()).alarmed == 4 and firms[0].record not in alarmed()
    with pytest.raises(UserError, match="名额"):
        set_budget("2026-10", -1, person)


def test_blue_alone_stays_below_the_line_though_there_is_room(district):
    one = fallen(1, shares={0: 0.8})
    assert watch(kit.edition()).alarmed == 0 and signal(one).level == "blue" and signal(one).in_budget is False


def test_open_trouble_is_not_told_again_and_keeps_its_alarm_outside_next_months_budget(district):
    one, other = fallen(1, 50_000.0), kit.firm(2)
    kit.power(other)
    watch(kit.edition())
    kit.more(one, "2026-11", 2990)
    kit.more(other, "2026-11", 2500)
    done = watch(kit.edition(kit.NOVEMBER), budget=1)
    assert Signal.objects.filter(enterprise=one.record, rule="power_fall").count() == 1
    assert (done.alarmed, done.fresh) == (2, 1) and signal(one).alarmed_on == kit.OCTOBER and signal(one).seen_on == kit.NOVEMBER and signal(other).alarmed_on == kit.NOVEMBER


def test_trouble_below_the_line_competes_again_next_month(district):
    small, big = fallen(1, 1000.0), fallen(2, 90_000.0)
    watch(kit.edition(), budget=1)
    assert alarmed() == {big.record}
    kit.more(small, "2026-11", 2990)
    kit.more(big, "2026-11", 2990)
    watch(kit.edition(kit.NOVEMBER), budget=1)
    assert alarmed() == {small.record, big.record} and signal(small).alarmed_on == kit.NOVEMBER


def test_trouble_that_is_gone_ends_unverified(district):
    one = fallen(1)
    watch(kit.edition())
    kit.more(one, "2026-11", 10_000)
    assert watch(kit.edition(kit.NOVEMBER)).ended >= 1
    assert Signal.objects.get(enterprise=one.record, rule="power_fall").ended_on == kit.NOVEMBER and not alarmed()


def test_an_older_edition_is_refused(district):
    one = fallen(1)
    kit.more(one, "2026-11", 2990)
    watch(kit.edition(kit.NOVEMBER))
    with pytest.raises(Refused, match="不能再回到"):
        watch(kit.edition(kit.OCTOBER))


def test_a_verdict_quiets_the_trouble_unless_it_gets_worse(district, person):
    one = fallen(1)
    watch(kit.edition())
    verify([signal(one).code], "maintenance", person, on=kit.OCTOBER)
    kit.more(one, "2026-11", 2990)
    assert watch(kit.edition(kit.NOVEMBER)).new == 0
    kit.more(one, "2026-12", 500)
    watch(kit.edition(kit.DECEMBER))
    worse = Signal.objects.get(enterprise=one.record, rule="power_fall", verdict=None)
    assert worse.level == "red" and worse.code != Signal.objects.get(verdict="maintenance").code


def test_a_verdict_quiets_other_rules_that_read_the_same(district, person):
    one = kit.firm(1)
    kit.power(one, FALLEN, months=48)
    for number in range(2, 30):
        kit.power(kit.firm(number), months=48)
    watch(kit.edition(), without=["monthly_change"])
    verify([signal(one).code], "real", person, on=kit.OCTOBER)
    assert watch(kit.edition()).new == 0 and not Signal.objects.filter(rule="monthly_change").exists()
    take_verdict_back(signal(one).code, person)
    watch(kit.edition())
    assert signal(one, "monthly_change").level == "orange"


def test_a_verdict_moves_the_next_ranking_by_exactly_the_shrunk_precision(district, person):
    firms = [fallen(n, output=10_000.0) for n in range(1, 4)]
    watch(kit.edition())
    numbers = parameter("watch").value
    prior, weight = numbers["prior_precision"]["rules"], numbers["prior_weight"]
    mute("monthly_change", "只看一条规则", person)
    Signal.objects.filter(rule="monthly_change").delete()
    watch(kit.edition())
    before = float(signal(firms[0]).score)
    verify([signal(firms[2]).code], "false", person, on=kit.OCTOBER)
    watch(kit.edition())
    assert records()["power_fall"].shrunk == pytest.approx(prior * weight / (weight + 1))
    assert float(signal(firms[0]).score) == pytest.approx(before * weight / (weight + 1), rel=1e-6)
    take_verdict_back(Signal.objects.get(verdict="false").code, person)
    verify([signal(firms[2]).code], "real", person, event_on=None, on=kit.OCTOBER)
    watch(kit.edition())
    assert float(signal(firms[0]).score) == pytest.approx(before * (1 + prior * weight) / (weight + 1) / prior, rel=1e-6)


def test_a_verdict_uses_its_place_in_the_months_budget(district, person):
    firms = [fallen(n, output=1000.0 * n) for n in range(1, 4)]
    watch(kit.edition(), budget=1)
    verify(list(Signal.objects.filter(enterprise=firms[2].record).values_list("code", flat=True)), "false", person, on=kit.OCTOBER)
    watch(kit.edition(), budget=1)
    assert alarmed() == {firms[2].record}  # judged: its place is used, nobody moves up
    watch(kit.edition(), budget=2)
    assert alarmed() == {firms[1].record, firms[2].record}


def test_lead_days_and_taking_back(district, person):
    one = fallen(1)
    watch(kit.edition())
    code = signal(one).code
    verify([code], "real", person, event_on=date(2026, 11, 19), note="停产", on=date(2026, 11, 20))
    told = Signal.objects.get(code=code)
    assert (told.lead_days, told.verified_by, told.note) == (19, "li", "停产")
    assert records()["power_fall"].lead_days == 19 and records()["power_fall"].hits == 1
    with pytest.raises(Refused, match="已经有人核实"):
        verify([code], "false", person)
    take_verdict_back(code, person)
    assert Signal.objects.get(code=code).verdict is None and records()["power_fall"].n == 0
    with pytest.raises(Refused, match="没有可以撤回"):
        take_verdict_back(code, person)


@pytest.mark.parametrize(("codes", "word", "day", "problem"), [(["没有"], "real", None, "没有信号"), ([], "real", None, "没有信号"), (None, "sure", None, "没有核实结论"),
                                                               (None, "real", date(2099, 1, 1), "还没到")])
def test_a_verdict_that_cannot_be(district, person, codes, word, day, problem):
    one = fallen(1)
    watch(kit.edition())
    with pytest.raises(UserError, match=problem):
        verify([signal(one).code] if codes is None else codes, word, person, event_on=day)


def test_muted_rules_find_nothing_and_say_why(district, person):
    one = fallen(1)
    with pytest.raises(UserError, match="要写理由"):
        mute("power_fall", "  ", person)
    mute("power_fall", "多有光伏", person)
    done = watch(kit.edition())
    assert not Signal.objects.filter(rule="power_fall").exists() and done.muted == {"power_fall": "多有光伏"}
    with pytest.raises(Refused, match="已经停用"):
        mute("power_fall", "再停", person)
    unmute("power_fall", person)
    watch(kit.edition())
    assert signal(one).level == "orange"
    with pytest.raises(UserError, match="没有预警规则"):
        mute("no_such", "x", person)


def test_what_a_rule_had_open_when_it_was_muted_stays_as_it_is(district, person):
    one = fallen(1)
    watch(kit.edition())
    mute("power_fall", "多有光伏", person)
    watch(kit.edition())
    assert signal(one).ended_on is None


def test_alarmed_firms_make_node_and_chain_alarms(district):
    fallen(1, 30_000.0)
    kit.power(kit.firm(2, 10_000.0))
    for number, node in ((3, kit.OTHER), (4, "nev_battery/cathode_ncm")):
        fallen(number, 20_000.0, node)
    watch(kit.edition())
    nodes = {s.chain_node.code: s for s in Signal.objects.filter(rule="node_alarm")}
    assert set(nodes) == {kit.NODE, kit.OTHER, "nev_battery/cathode_ncm"} and float(nodes[kit.NODE].change) == 0.75 and nodes[kit.NODE].enterprise is None
    assert Signal.objects.get(rule="chain_alarm").chain.code == kit.CHAIN


def test_a_small_firm_at_a_node_makes_no_node_alarm(district):
    fallen(1, 1000.0)
    kit.power(kit.firm(2, 10_000.0))
    watch(kit.edition())
    assert not Signal.objects.filter(rule__in=("node_alarm", "chain_alarm")).exists()


def test_reported_maintenance_and_seasons_are_no_falls(district):
    summer = {back: 0.2 for back in range(30) if kit.month(back)[5:] in ("09", "10")}
    season, repair = fallen(1, shares=summer), fallen(2)
    kit.write_rows(Planned("stop_report", {"enterprise": repair.record, "kind": "maintenance", "start_on": date(2026, 10, 8), "end_on": date(2026, 10, 25)}))
    watch(kit.edition())
    assert not Signal.objects.filter(enterprise__in=[season.record, repair.record]).exclude(lane="standing").exists()


def test_faults_of_the_data_lie_in_their_own_lane(district):
    one = kit.firm(1)
    kit.power(one, {0: 10.0})
    done = watch(kit.edition(), budget=0)
    found = Signal.objects.get(enterprise=one.record, rule="unit_jumps")
    assert (found.lane, found.item, done.data, done.alarmed) == ("data", "power_kwh", 1, 0)
