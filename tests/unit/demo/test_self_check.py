"""Comparison of planted and found: counts, shares, false findings, and the table."""

from __future__ import annotations

from liantu.demo.planted import Planted
from liantu.demo.self_check import Found, compare, table


def planted() -> Planted:
    return Planted(
        {}, chains=["a"], missing_nodes=["a/x", "a/y"], weak_nodes={"a/w": {"firms": 1, "output_2025": 9.0}},
        firms={"U1": {"name": "甲（澄岚）电池有限公司", "former": ["旧甲厂"], "nodes": ["a/n"], "also": ["b/n"]},
               "U2": {"name": "乙电池有限公司", "former": [], "nodes": ["a/m", "a/n"], "also": []},
               "U3": {"name": "丙餐饮有限公司", "former": [], "nodes": [], "also": []}},
        single_suppliers=[{"node": "a/n", "uscc": "U1", "share": 0.9, "firms": 2, "planted": True}],
        duplicates=[{"kind": "bracket", "names": ["甲（澄岚）电池有限公司", "甲(澄岚)电池有限公司"], "places": [["f", "s", 3], ["f", "s", 9]], "uscc": "U1"},
                    {"kind": "typo", "names": ["乙电池有限公司", "己电池有限公司"], "places": [["f", "s", 4], ["g", "", 5]], "uscc": "U2"}],
        broken_codes=[{"place": ["f", "s", 7], "kind": "check", "seen": "U9", "true": "U1", "name": "甲"}],
        totals={"distinct_firms": 3, "park_output_2025": {"东园": 10.0, "西园": 5.5}})


def by_name(found: Found) -> dict:
    return {row.what: row for row in compare(planted(), found)}


def test_sets_count_found_lost_and_false() -> None:
    row = by_name(Found(missing_nodes={"a/x", "a/z"}))["缺失环节"]
    assert (row.planted, row.found, row.share, row.false_findings) == (2, 1, 0.5, 1)
    assert "a/y" in row.note


def test_not_asked_is_left_out() -> None:
    assert compare(planted(), Found()) == []


def test_duplicates_by_places_or_names() -> None:
    places = Found(duplicates={frozenset({("f", "s", 3), ("f", "s", 9)}), frozenset({("f", "s", 3), ("f", "s", 4)})})
    assert (by_name(places)["重复企业"].found, by_name(places)["重复企业"].false_findings) == (1, 1)
    names = Found(duplicates={frozenset({"甲（澄岚）电池有限公司"}), frozenset({"乙电池有限公司", "己电池有限公司"})})
    assert (by_name(names)["重复企业"].share, by_name(names)["重复企业"].false_findings) == (1.0, 0)
    former = Found(duplicates={frozenset({"旧甲厂", "甲（澄岚）电池有限公司"})})
    assert by_name(former)["重复企业"].false_findings == 0


def test_codes_found_and_repaired() -> None:
    rows = by_name(Found(broken_codes={("f", "s", 7), ("f", "s", 8)}, repaired_codes={("f", "s", 7): "U1"}))
    assert (rows["信用代码有误"].found, rows["信用代码有误"].false_findings) == (1, 1)
    assert rows["信用代码还原"].share == 1.0


def test_placements_allow_nodes_that_share_the_words() -> None:
    row = by_name(Found(placements={"U1": {"a/n", "b/n"}, "U2": {"a/n"}, "U3": {"a/n"}}))["企业入链（主环节）"]
    assert (row.planted, row.found, row.false_findings) == (2, 1, 1)
    assert "链外企业误入1家" in row.note


def test_totals_and_table() -> None:
    rows = compare(planted(), Found(totals={"distinct_firms": 3, "park_output_2025": {"东园": 10.0, "西园": 5.0}}))
    assert [(r.planted, r.found) for r in rows] == [(1, 1), (2, 1)]
    text = table(rows)
    assert text.splitlines()[0].startswith("项目") and "西园：应为5.50，得5.00" in text and "50.0%" in text
