"""The bridge from records to arrays: exact on small districts, and honest about what it does not know."""

from __future__ import annotations

import polars as pl
import pytest

from liantu.kernel.arrays import arrays, collected, relation_of
from liantu.kernel.parameter import parameter
from liantu.resilience.network import firm_network
from tests.unit.resilience.trade_district import district, e1

RULE = parameter("shock").value


def test_arrays_of_a_chain_of_three(tmp_path):
    found = firm_network(e1().edition(tmp_path))
    assert (found.count, found.names, found.ids) == (3, ["甲", "乙", "丙"], [1, 2, 3])
    assert (found.network.supplier.tolist(), found.network.customer.tolist(), found.network.amount.tolist()) == ([0, 1], [1, 2], [10.0, 10.0])
    sector = found.network.sector
    assert [int(found.network.essential[sector[i], sector[j]]) for i, j in ((0, 1), (1, 2))] == [2, 2]
    assert found.network.sales.tolist() == [10.0, 10.0, 0.0] and found.network.purchases.tolist() == [7.0, 10.0, 10.0]
    assert found.weights.tolist() == [[10, 10, 1], [10, 10, 1], [0, 0, 0]]
    assert not any((found.unknown.no_figures, found.unknown.no_amount, found.unknown.silent, found.unknown.unplaced))


def test_same_content_is_made_once(tmp_path):
    edition = e1().edition(tmp_path)
    assert firm_network(edition) is firm_network(edition)


def test_kinds_of_inputs_follow_the_template(tmp_path):
    made = district({"关键": True, "强": False, "弱": False, "无": False, "装": False}, [("关键", "装", 1), ("强", "装", RULE["essential_weight"]), ("弱", "装", 1)],
                    {"A": "关键", "B": "强", "C": "弱", "D": "无", "S": None, "Z": "装"}, [(s, "Z", n, 1.0) for s, n in (("A", "关键"), ("B", "强"), ("C", "弱"), ("D", "无"), ("S", "会计"))],
                    dict.fromkeys("ABCDSZ", 10.0))
    found = firm_network(made.edition(tmp_path))
    assert dict(zip(found.links["item"], found.links["kind"], strict=True)) == {"关键": 2, "强": 2, "弱": 1, "无": 1, "会计": 1}
    assert found.unknown.unplaced == (5,) and found.unknown.no_node == (5,)


def test_a_link_without_a_node_finds_it_by_its_item_or_its_supplier(tmp_path):
    made = district({"料": True, "芯": False}, [("料", "芯", 1)], {"甲": "料", "丁": None, "乙": "芯"}, [("甲", "乙", "别的叫法", 5.0), ("丁", "乙", "料", 5.0)], dict.fromkeys("甲丁乙", 50.0))
    for number in (1, 2):
        made.row("supply_link", number)["chain_node"] = None
    found = firm_network(made.edition(tmp_path))
    assert found.links["node"].to_list() == [1, 1] and found.links["kind"].to_list() == [2, 2]


def test_outside_stands_as_totals_and_unknown_amounts_are_estimated_and_listed(tmp_path):
    made = district({"料": True, "芯": False}, [("料", "芯", 1)], {"甲": "料", "乙": "芯", "丙": "芯"},
                    [("甲", "乙", "料", 30.0), (None, "乙", "料", 5.0), (None, "丙", "料", 12.0), ("甲", "丙", "料", None), ("乙", None, "芯", 500.0)], {"甲": 100.0, "乙": 100.0, "丙": 200.0})
    found = firm_network(made.edition(tmp_path))
    assert found.count == 3 and found.network.n == 4 and found.firms["enterprise"].to_list() == [1, 2, 3, None]
    assert found.weights[3].tolist() == [0, 0, 0]
    share = sorted([30 / 70, 5 / 70, 12 / 140])[1]  # of purchases, the middle one of the known links
    assert dict(zip(found.links["id"], found.links["amount"], strict=True))[4] == pytest.approx(share * 140)
    assert found.unknown.no_amount == (4,) and found.links.filter(~pl.col("told"))["id"].to_list() == [4]
    assert found.network.sales[1] == 500.0  # the sales known to go outside are more than the revenue
    assert found.network.purchases.tolist()[:3] == pytest.approx([70, 70, 140])


def test_lists_of_other_years_and_firms_without_figures(tmp_path):
    made = e1()
    made.put("supply_link", supplier=1, customer=2, supplier_name="甲", customer_name="乙", item="料", chain_node=1, amount=99.0, year=2024)
    made.put("supply_link", supplier=3, customer=1, supplier_name="丙", customer_name="甲", item="车", chain_node=3, amount=8.0, year=2020)
    made.put("enterprise", name="链主", status="active")
    made.put("placement", enterprise=4, chain_node=3, grade="confirmed", role="master")
    made.put("enterprise", name="走了", status="moved")
    made.put("supply_link", supplier=5, customer=2, supplier_name="走了", customer_name="乙", item="料", chain_node=1, amount=9.0, year=2025)
    made.drop("annual_figure", 2)
    found = firm_network(made.edition(tmp_path))
    assert found.links["id"].to_list() == [1, 2] and found.count == 4
    assert found.unknown.silent == (4,) and found.unknown.no_figures == (2,)
    assert found.network.sales[1] == pytest.approx(10 / RULE["linked_share"])


def test_there_and_back_through_the_bridge():
    frame = pl.DataFrame({"a": [2, 1], "b": [0.5, None]})
    assert [column.tolist() for column in arrays(frame, "a")] == [[2, 1]]
    assert collected(relation_of({"a": frame["a"].to_numpy(), "b": frame["b"].to_numpy()})).rows() == [(2, 0.5), (1, None)]


@pytest.mark.parametrize("gone", ["enterprise", "supply_link", "annual_figure", "placement", "chain_node", "node_link", "all"])
def test_a_district_that_lacks_a_whole_table(tmp_path, gone):
    from liantu.kernel.output import compute, output_of
    from liantu.resilience.network import TABLES

    edition = e1().edition(tmp_path)
    empty = {name: edition.table(name).clear() if gone in (name, "all") else edition.table(name) for name in TABLES}
    frame = compute(output_of("systemic_risk"), edition, empty)
    assert frame.height == (0 if gone in ("enterprise", "all") else 3)
    if gone == "supply_link":
        assert frame["hit_firms"].to_list() == [0, 0, 0] and sum(frame["score"]) == pytest.approx(1.0)
