"""Exposure on districts worked out by hand (examples E1 and E2 of the engine), and the other kinds of shock."""

from __future__ import annotations

import pytest

from liantu.kernel.output import compute, output_of
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import UserError
from liantu.methods.cascade import shock
from liantu.resilience import exposure, scenarios
from liantu.resilience.exposure import exposure_of
from liantu.resilience.network import firm_network
from tests.unit.resilience.trade_district import district, e1, e2

RULE = parameter("shock").value


@pytest.fixture(autouse=True)
def by_hops(monkeypatch):
    """Days along the road of the wave, which can be worked out by hand; the stock model has tests of its own."""
    monkeypatch.setattr(exposure, "outlook", None)


def test_the_first_of_a_chain_stops(tmp_path):
    found = exposure_of(e1().edition(tmp_path), {1: 0.0})
    assert {r.name: r.level for r in found.rows} == {"甲": 0.0, "乙": 0.0, "丙": 0.0}
    assert {r.name: (r.days, r.step, r.direction, r.through) for r in found.rows} == {
        "甲": (0.0, 0, "down", ()), "乙": (RULE["stock_days"], 1, "down", ("甲",)), "丙": (2 * RULE["stock_days"], 2, "down", ("甲", "乙"))}
    assert found.totals["output"] == 20.0 and found.totals["output_share"] == 1.0 and found.totals["output_own"] == 10.0 and found.totals["jobs"] == 20.0
    assert found.node_losses == [{1: 1.0, 2: 0.0, 3: 0.0}, {1: 1.0, 2: 1.0, 3: 0.0}, {1: 1.0, 2: 1.0, 3: 1.0}, {1: 1.0, 2: 1.0, 3: 1.0}]
    assert found.rows[0].why == "冲击直接落在本企业" and found.rows[-1].why == "缺料：甲 → 乙"


def test_frames_by_day(tmp_path):
    edition = e1().edition(tmp_path)
    found = exposure.frames(edition, exposure_of(edition, {1: 0.0}), (0, 1, RULE["stock_days"], 20))
    assert [(f.day, f.firms, [r.name for r in f.new], f.output) for f in found] == [(0, 1, ["甲"], 10.0), (15, 2, ["乙"], 20.0), (None, 3, ["丙"], 20.0)]
    assert [f.node_losses for f in found] == [{1: 1.0, 2: 0.0, 3: 0.0}, {1: 1.0, 2: 1.0, 3: 0.0}, {1: 1.0, 2: 1.0, 3: 1.0}]
    alone = exposure.frames(edition, exposure_of(edition, {1: 0.5}), (0, 1, 90))
    assert alone[-1].day == 90 and alone[-1].firms == 3


def test_the_last_of_a_chain_stops_and_orders_fail(tmp_path):
    rows = {r.name: r for r in exposure_of(e1().edition(tmp_path), {3: 0.0}).rows}
    assert (rows["甲"].direction, rows["甲"].days, rows["甲"].through, rows["甲"].why) == ("up", 2 * RULE["order_days"], ("丙", "乙"), "失单：丙 → 乙")


@pytest.mark.parametrize(("firm", "share"), [(1, 3 / 5), (2, 12 / 35), (3, 4 / 7), (4, 9 / 35), (5, 6 / 35), (6, 1.0)])
def test_firms_that_can_stand_in_for_each_other(tmp_path, firm, share):
    edition = e2().edition(tmp_path)
    assert exposure_of(edition, {firm: 0.0}).totals["output_share"] == pytest.approx(share, abs=1e-9)
    rows = {r["enterprise"]: r for r in compute(output_of("systemic_risk"), edition).to_dicts()}
    assert rows[firm]["score"] == pytest.approx(share, abs=1e-9)


def test_steps_end_where_the_engine_ends(tmp_path):
    edition = e2().edition(tmp_path)
    network, found = firm_network(edition).network, exposure_of(edition, {1: 0.3, 2: 0.0})
    engine = shock(network, [0.3, 0, 1, 1, 1, 1], tolerance=RULE["tolerance"])
    assert found.wave.down[-1].tolist() == pytest.approx(engine.down[0].tolist(), abs=1e-12) and found.wave.up[-1].tolist() == pytest.approx(engine.up[0].tolist(), abs=1e-12)
    assert found.steps == engine.steps[0]


def test_stocks_on_record_are_used_instead_of_the_usual_days(tmp_path):
    made = e1()
    if "material_stock" not in made.tables:
        pytest.skip("this build keeps no stocks")
    made.put("material_stock", enterprise=2, item="料", stock_days=4.0)
    assert {r.name: r.days for r in exposure_of(made.edition(tmp_path), {1: 0.0}).rows} == {"甲": 0.0, "乙": 4.0, "丙": 4.0 + RULE["stock_days"]}


def two_parks():
    """甲 (park 1) and 乙 (park 2) make 料; 丙 (park 2) needs it: 6 from 甲, 4 from 乙, 10 from outside; 料 is essential."""
    made = district({"料": True, "芯": False}, [("料", "芯", 1)], {"甲": "料", "乙": "料", "丙": "芯"}, [("甲", "丙", "料", 6.0), ("乙", "丙", "料", 4.0), (None, "丙", "料", 10.0)],
                    {"甲": 12.0, "乙": 4.0, "丙": 20.0})
    for name, park in (("1", "东园"), ("2", "西园")):
        made.put("park", code=name, name=park)
    for firm, park in ((1, 1), (2, 2), (3, 2)):
        made.row("enterprise", firm)["park"] = park
    return made


def test_a_closed_road_takes_what_passes_over_it(tmp_path):
    edition = two_parks().edition(tmp_path)
    found = exposure_of(edition, scenario=scenarios.road_closed(firm_network(edition), 1, 2))
    rows = {r.name: r for r in found.rows}
    # 6 of 20 of the essential input are gone, of which the market (甲's 6 that find no way, 乙's 4) can make good all but 6/10; 甲 sells 6 of 12 over the road
    assert rows["丙"].level == pytest.approx(1 - 6 / 20 * 6 / 10) and rows["丙"].through == ("道路中断",) and rows["丙"].days == RULE["stock_days"]
    assert rows["甲"].level == pytest.approx(0.5) and rows["甲"].direction == "up" and set(rows) == {"甲", "丙"}


def test_an_item_that_cannot_be_had(tmp_path):
    edition = two_parks().edition(tmp_path)
    network = firm_network(edition)
    nowhere = {r.name: r.level for r in exposure_of(edition, scenario=scenarios.item_banned(network, 1)).rows}
    assert nowhere["丙"] == 0.0 and nowhere["甲"] == pytest.approx(0.5) and nowhere["乙"] == 0.0
    outside = {r.name: r.level for r in exposure_of(edition, scenario=scenarios.item_banned(network, 1, scenarios.ONLY_OUTSIDE)).rows}
    assert outside["丙"] == pytest.approx(0.5)


def test_power_cut_and_partial_stop(tmp_path):
    edition = two_parks().edition(tmp_path)
    network = firm_network(edition)
    assert scenarios.power_cut(network, 2, 0.4).remaining == {2: 0.4, 3: 0.4}
    half = {r.name: r.level for r in exposure_of(edition, scenario=scenarios.stopped(network, [1], 0.5)).rows}
    assert half["甲"] == 0.5 and half["丙"] == pytest.approx(1 - 6 / 20 * min(1, 6 / 7) * 0.5)


def test_a_park_cut_off_from_outside(tmp_path):
    edition = two_parks().edition(tmp_path)
    found = scenarios.road_closed(firm_network(edition), 2)
    assert found.blocked == (3,) and found.remaining == {2: 0.0, 3: 1.0} and found.remaining_up == {2: 1.0, 3: 0.0}


@pytest.mark.parametrize(("call", "code"), [(lambda n: scenarios.stopped(n, [99]), "unknown-firm"), (lambda n: scenarios.stopped(n, [1], 1.5), "bad-share"),
                                            (lambda n: scenarios.power_cut(n, 9), "nobody-there"), (lambda n: scenarios.road_closed(n, 1, 1), "same-park"),
                                            (lambda n: scenarios.item_banned(n, 2), "nothing-supplied"), (lambda n: scenarios.item_banned(n, 1, "x"), "unknown-scope")])
def test_what_cannot_be_asked_is_said_in_words(tmp_path, call, code):
    with pytest.raises(UserError) as told:
        call(firm_network(two_parks().edition(tmp_path)))
    assert told.value.code == code


def test_what_is_unknown_about_the_firms_hit(tmp_path):
    made = e1()
    made.drop("annual_figure", 2)
    made.row("supply_link", 2)["amount"] = None
    assert exposure_of(made.edition(tmp_path), {1: 0.0}).unknown == {"no_figures": [2], "no_jobs": [2], "no_tax": [2], "no_amount": [3]}


def test_a_firm_of_several_products_is_weighed_product_by_product(tmp_path):
    """甲 mainly makes 膜 but sells 料 to 丙, as 乙 does; nobody depends on 膜 from it: it is no sole supplier of anything."""
    made = district({"膜": True, "料": True, "芯": False}, [("膜", "芯", 1), ("料", "芯", 1)], {"甲": "膜", "乙": "料", "丙": "芯", "丁": "芯"},
                    [("甲", "丙", "料", 2.0), ("乙", "丙", "料", 8.0), ("甲", "丁", "膜", 5.0)], {"甲": 7.0, "乙": 8.0, "丙": 10.0, "丁": 5.0})
    edition = made.edition(tmp_path)
    found = exposure_of(edition, {1: 0.0})
    rows = {r.name: r for r in found.rows}
    assert rows["丙"].level == pytest.approx(1 - 2 / 10 * min(1, 2 / 8)) and rows["丁"].level == 0.0
    assert rows["丙"].through == ("甲",) and rows["丙"].days == RULE["stock_days"] and found.totals["output"] == pytest.approx(7 + 10 * 0.05 + 5)
    back = {r.name: r.level for r in exposure_of(edition, {3: 0.0}).rows}
    assert back["甲"] == pytest.approx(1 - 2 / 7) and back["乙"] == 0.0
    engine = shock(firm_network(edition).network, [0.0] + [1.0] * (firm_network(edition).network.n - 1), tolerance=RULE["tolerance"])
    assert found.wave.down[-1].tolist() == pytest.approx(engine.down[0].tolist(), abs=1e-12)


def test_days_by_the_stock_model(tmp_path, monkeypatch):
    inventory = pytest.importorskip("liantu.methods.inventory")
    monkeypatch.setattr(exposure, "outlook", inventory.outlook)
    made = e1()
    made.row("annual_figure", 3).update(output=10.0, revenue=10.0)
    edition = made.edition(tmp_path)
    found = exposure_of(edition, {1: 0.0})
    assert found.days_by == "stocks" and {r.name: (r.days, r.late) for r in found.rows} == {"甲": (0.0, False), "乙": (RULE["stock_days"], False), "丙": (2 * RULE["stock_days"], False)}
    assert {r.name: r.days for r in exposure_of(edition, {3: 0.0}).rows}["甲"] <= 3  # orders end within days
    assert {r.name: r.days for r in exposure_of(edition, {1: 0.5}).rows}["乙"] > RULE["stock_days"]  # half the deliveries stretch the stock


def test_what_is_not_felt_within_the_days_followed_is_late(tmp_path, monkeypatch):
    inventory = pytest.importorskip("liantu.methods.inventory")
    monkeypatch.setattr(exposure, "outlook", inventory.outlook)
    made = district({"料": True, "芯": False}, [("料", "芯", 1)], {"甲": "料", "丁": "料", "乙": "芯"}, [("甲", "乙", "料", 50.0), ("丁", "乙", "料", 50.0)], {"甲": 50.0, "丁": 50.0, "乙": 100.0})
    rows = {r.name: r for r in exposure_of(made.edition(tmp_path), {1: 0.9}).rows}
    assert rows["乙"].level == pytest.approx(1 - 0.5 * 50 / 95 * 0.1)
    assert rows["乙"].late and rows["乙"].days == RULE["horizon_days"] < RULE["stock_days"] / 0.05 and not rows["甲"].late  # one twentieth a day short: the stock lasts 300 days
