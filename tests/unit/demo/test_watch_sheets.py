"""Troubles and false friends: planted as they are called, nobody for two things, nothing else in the district touched."""

from __future__ import annotations

import pytest

from liantu.demo.figures import MONTHS
from liantu.demo.generator import Built, build
from liantu.demo.planted import Planted
from liantu.demo.self_check import Found, compare
from liantu.demo.watch_check import FRIENDS, WATCHED
from liantu.demo.watch_sheets import COUNTS, INSURED_FILE, STOCK_FILE, books, choose
from liantu.kernel.names import name_key

SETTINGS = {"seed": 5, "firms": 300, "months": 24, "supply_links": 1500}


@pytest.fixture(scope="module")
def built() -> Built:
    return build(SETTINGS)


def test_nobody_is_chosen_twice_and_chain_masters_are_left_alone(built: Built) -> None:
    choice, figures = choose(built.world, built.supply), built.world.figures
    told = [f.number - 1 for firms in choice.of.values() for f in firms]
    every = [*told, *figures.troubles.slow, *figures.troubles.slack, *figures.troubles.repair, *(at for at, _, _ in figures.falls)]
    assert len(every) == len(set(every)) and all(choice.of[kind] for kind in COUNTS)
    assert not any(built.world.firms[at].master for at in told)


def test_series_are_as_they_are_called(built: Built) -> None:
    figures = built.world.figures
    october = MONTHS.index("2026-10")
    for at in figures.troubles.slow:
        falls = [float(figures.power[at, t] / figures.power[at, t - 12]) for t in range(october - 6, october + 1)]
        assert falls == sorted(falls, reverse=True) and falls[-1] < 0.7 and figures.output[at, october] < 0.7 * figures.output[at, october - 12]
    for at in figures.troubles.slack:
        assert all(figures.power[at, t] < 0.5 * figures.power[at, t - 2] for t in range(8, 48, 12))  # September against July, every year
        assert abs(figures.power[at, october] / figures.power[at, october - 12] - 1) < 0.15
    for at in figures.troubles.repair:
        assert figures.power[at, october] < 0.35 * figures.power[at, october - 12] and figures.power[at, october + 1] > 0.8 * figures.power[at, october - 11]


def test_february_alone_misleads_and_both_months_do_not(built: Built) -> None:
    power, festival = built.world.figures.power, built.world.figures.troubles.festival
    at = MONTHS.index("2026-02")
    assert len(festival) > 40
    for firm in festival:
        assert power[firm, at] <= 0.85 * power[firm, at - 12]
        assert power[firm, at - 1] + power[firm, at] >= 0.9 * (power[firm, at - 13] + power[firm, at - 12])


def test_yearly_outputs_are_the_sums_of_their_months(built: Built) -> None:
    figures = built.world.figures
    for year in range(3):
        assert figures.annual_output[:, year] == pytest.approx(figures.output[:, 12 * year:12 * year + 12].sum(axis=1), abs=0.011)
        assert figures.annual_power[:, year] == pytest.approx(figures.power[:, 12 * year:12 * year + 12].sum(axis=1))


def test_sheets_say_what_is_planted(built: Built) -> None:
    planted = Planted({})
    made = books(built.world, built.supply, planted)
    assert set(planted.watch["found"]) == set(WATCHED) and set(planted.watch["not_found"]) == set(FRIENDS)
    assert all(codes for part in planted.watch.values() for codes in part.values())
    names = {f.uscc: name_key(f.name) for f in built.world.firms}
    last = {name_key(r[1]): r for r in made[STOCK_FILE][-1].rows if isinstance(r[3], int) and r[3] <= 15}
    assert {names[code] for code in planted.watch["found"]["stock_days"]} == set(last) - {name_key("云澜区不存在的材料厂")}
    insured = {}
    for row in made[INSURED_FILE][0].rows:
        insured.setdefault(row[2], []).append(float(str(row[4]).replace(",", "").translate(str.maketrans("０１２３４５６７８９", "0123456789"))))
    steep = {code for code, values in insured.items() if values[-1] < 0.9 * values[-2]}
    assert steep == set(planted.watch["found"]["insured_fall"])


def test_the_check_counts_what_is_missed_and_what_is_told_wrongly() -> None:
    planted = Planted({}, watch={"found": {"stock_days": ["a", "b"]}, "not_found": {"slack_season": ["c"], "ended_stop": ["d"]}})
    rows = {r.what: r for r in compare(planted, Found(watch={"stock_days": {"a", "x"}, "slack_season": {"c", "y"}, "ended_stop": {"z"}}))}
    assert (rows["库存告急"].planted, rows["库存告急"].found) == (2, 1) and "漏：b" in rows["库存告急"].note
    assert (rows["不报：淡季"].found, rows["不报：淡季"].false_findings) == (0, 1) and (rows["不报：已复产"].found, rows["不报：已复产"].false_findings) == (1, 0)
