"""Facts of gap nodes gathered from rows: demand told twice is counted once, rings of supply, who chases, who is close."""

from __future__ import annotations

import polars as pl
import pytest

from liantu.attraction import verdict_facts as facts_of
from liantu.kernel.edition import schema_of
from liantu.kernel.parameter import parameter
from liantu.kernel.tables import table_of

RULE = parameter("gap_verdict").value


def rows(table: str, **columns: list) -> pl.DataFrame:
    schema = schema_of(table_of(table))
    height = len(next(iter(columns.values()), []))
    return pl.DataFrame({name: columns.get(name, [None] * height) for name in schema}, schema=schema)


STANDING = pl.DataFrame({"enterprise": [7, 8, 9], "chain_node": [2, 2, 3], "firm_name": ["甲", "乙", "丙"], "node_output": [1000.0, 500.0, 200.0]})


def demand(links: pl.DataFrame, inputs: pl.DataFrame) -> dict[int, dict]:
    return {r["chain_node"]: r for r in facts_of.demand(links, inputs, STANDING).to_dicts()}


def test_demand_is_the_larger_of_what_was_bought_and_what_outputs_imply_never_their_sum():
    links = rows("supply_link", chain_node=[1, 1, 1, 4], customer=[7, 7, 8, 7], supplier=[None, 9, None, None], supplier_name=["外", "丙", "旧", "外"], amount=[300.0, 50.0, 900.0, 999.0], year=[2025, 2025, 2024, 2025])
    inputs = rows("node_input", chain_node=[1, 1, 4, 5], user_node=[2, 3, 2, 2], input_share=[0.2, 0.5, 0.1, 0.3], source=["表", None, "表", "表"])
    told = demand(links, inputs)
    assert (told[1]["bought"], told[1]["bought_elsewhere"], told[1]["bought_year"], told[1]["suppliers"]) == (350.0, 300.0, 2025, 2)  # an older year is not added
    assert (told[1]["derived"], told[1]["local_demand"], told[1]["demand_basis"], told[1]["inputs_sourced"]) == (400.0, 400.0, "coefficients", False)
    assert (told[4]["local_demand"], told[4]["demand_basis"]) == (999.0, "links")
    assert (told[5]["bought"], told[5]["local_demand"], told[5]["demand_basis"]) == (None, 450.0, "coefficients")
    assert 9 not in told


def test_a_purchase_without_amount_or_customer_is_no_demand():
    links = rows("supply_link", chain_node=[1, 2], customer=[7, None], amount=[None, 5.0], year=[2025, 2025])
    assert demand(links, rows("node_input")) == {}


def test_supply_is_counted_in_rings_and_a_place_without_coordinates_takes_its_citys():
    outside = rows("outside_presence", id=[1, 2, 3, 4], name=["近", "同城", "远", "不知"], chain_node=[1, 1, 1, 1], province=["p"] * 4, city=["甲市", "甲市", "乙市", "丙市"], longitude=[116.4, None, 118.0, None], latitude=[28.0, None, 28.0, None])
    told = facts_of.supply(outside, (116.0, 28.0)).to_dicts()[0]
    assert (told["supply_50"], told["supply_150"], told["supply_300"], told["nearest_city"], told["nearest_name"]) == (2, 2, 3, "甲市", "近")
    assert told["nearest_km"] == pytest.approx(39.27, abs=0.05) and told["supply_sourced"] is False
    assert facts_of.supply(outside, None).is_empty()


NODES = rows("chain_node", id=[1, 2, 3], chain=[1, 1, 2], group_code=["g", "g", "g"], products=["隔膜、薄膜", "电芯", "车"]).rename({"id": "chain_node"})


def test_crowding_counts_each_place_once_for_the_more_and_only_within_reach():
    told = facts_of.crowding(rows("neighbour_priority", place=["甲", "甲", "乙", "丙", "丁", "戊"], direction=list("abcdef"), chain=[None, 1, 1, 1, None, 1], chain_node=[1, None, None, None, 2, None],
                                  distance_km=[10.0, 10.0, 299.0, 301.0, 50.0, None], source=["x"] * 6), NODES, RULE)
    found = {r["chain_node"]: (r["crowding"], r["chased_by"]) for r in told.to_dicts()}
    assert found == {1: (1.5, "甲、乙"), 2: (2.0, "丁、乙、甲"), 3: (0.0, None)}
    assert facts_of.crowding(rows("neighbour_priority"), NODES, RULE).is_empty()  # no list on record: not known, not zero


def test_close_firms_stand_at_siblings_or_say_a_product_word_and_are_not_at_the_node():
    firms = rows("enterprise", id=[7, 8, 9, 10, 11], name=["甲", "乙", "丙", "丁", "戊"], products=[None, None, "薄膜、袋", "薄膜", None], status=[None, None, None, "closed", None])
    told = {r["chain_node"]: (r["close_firms"], r["close_names"]) for r in facts_of.close(NODES, STANDING, firms).to_dicts()}
    assert told[1] == (3, "甲、乙、丙") and told[2] == (0, None) and told[3] == (0, None)


def test_the_finest_code_that_is_known_is_taken_and_the_likeliest_of_equals():
    industries = pl.DataFrame({"industry_code": ["3841", "384", "3842"], "probability": [0.1, 0.4, 0.2], "present": [False, False, False], "because": ["甲", "乙", "丙"], "year": [2023] * 3, "ece": [0.01] * 3})
    nodes = pl.DataFrame({"chain_node": [1, 2, 3, 4], "industry_codes": ["3841、3842", "3849", "9999", None]})
    assert {r["chain_node"]: (r["feasible_code"], r["feasibility"]) for r in facts_of.feasible(nodes, industries).to_dicts()} == {1: ("3842", 0.2), 2: ("384", 0.4)}


def test_the_largest_free_plot_is_of_the_chain_else_of_the_district():
    clusters = rows("cluster", id=[1, 2, 3], chain=[1, 1, 3], land_free_mu=[30.0, 80.0, 200.0])
    assert dict(facts_of.land(clusters, NODES).iter_rows()) == {1: 80.0, 2: 80.0, 3: 200.0}
    assert dict(facts_of.land(rows("cluster"), NODES).iter_rows()) == {1: None, 2: None, 3: None}
