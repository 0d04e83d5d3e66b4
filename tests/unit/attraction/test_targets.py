"""Points one by one, nothing of the future used, one firm under two names counted once, lenses, and the replay on a pool small enough to see through."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from liantu.attraction.lenses import lenses, weighed, with_lenses
from liantu.attraction.replay import gaps_told, replay, sentence
from liantu.attraction.target_pool import TABLES, Pool, pool_of
from liantu.attraction.targets import PARTS, scored, sentences
from liantu.evaluation.replay_districts import pool as drawn
from liantu.kernel.edition import schema_of
from liantu.kernel.output import outputs
from liantu.kernel.parameter import parameter
from liantu.kernel.tables import table_of

TODAY = date(2026, 10, 31)
RULE = parameter("target_score").value
PLACING = parameter("placement").value
GAPS = pl.DataFrame({"node": [1, 2], "node_code": ["c/a", "c/b"], "node_name": ["隔膜", "电芯"], "chain_code": ["c", "c"], "chain_name": ["电池", "电池"], "status": ["missing", None],
                     "critical": [True, False], "verdict": ["attract", None]})
FIRM = {"id": 1, "name": "甲材料有限公司", "chain_node": 1, "city": "甲市", "longitude": 118.0, "latitude": 30.0, "listed_on": date(2020, 1, 1)}


def made(**rows) -> Pool:
    """A pool from rows by table; columns not told are null."""
    frames = {}
    for name in TABLES:
        schema = schema_of(outputs().get(name) or table_of(name))
        frames[name] = pl.DataFrame(rows.get(name, []), schema=schema)
    return pool_of(frames, PLACING)


def one(pool: Pool, day: date = TODAY, *, past: bool = False, candidate: int = 1) -> dict:
    return scored(pool, GAPS, RULE, day, past=past).filter(pl.col("candidate") == candidate).row(0, named=True)


ENTERPRISE = [{"id": 7, "name": "丙电池", "longitude": 116.0, "latitude": 28.0}]
CASES = {
    "gap at a critical missing node": ({}, "gap_points", RULE["full"]["gap"]),
    "a supplier of a chain master": ({"candidate_link": [{"candidate": 1, "kind": "supplies", "enterprise": 7, "item": "隔膜", "since": date(2025, 1, 1)}], "chain_masters": [{"enterprise": 7, "named": True}]},
                                     "link_points", RULE["link_points"]["supplies"] + RULE["link_master"]),
    "a second link adds a little": ({"candidate_link": [{"candidate": 1, "kind": "supplies", "enterprise": 7, "since": date(2025, 1, 1)}, {"candidate": 1, "kind": "person", "enterprise_name": "某校友", "since": date(2025, 1, 1)}]},
                                    "link_points", RULE["link_points"]["supplies"] + RULE["link_another"]),
    "the buyers' lists tell a link": ({"supply_link": [{"id": 1, "customer": 7, "supplier_name": "甲材料有限责任公司", "customer_name": "丙电池", "item": "隔膜", "year": 2025}]}, "link_points", RULE["link_points"]["supplies"]),
    "large and fast": ({"candidate_figure": [{"candidate": 1, "year": 2024, "revenue": 80_000.0}, {"candidate": 1, "year": 2025, "revenue": 120_000.0}]}, "size_points",
                       RULE["size_points"]["large"] + RULE["growth_points"]["fast"]),
    "two signs of expansion": ({"candidate_sign": [{"candidate": 1, "kind": "invests", "happened_on": date(2026, 5, 1)}, {"candidate": 1, "kind": "recruits", "happened_on": date(2026, 6, 1)}]},
                               "expansion_points", RULE["sign_points"]["invests"] + RULE["sign_points"]["recruits"]),
    "an old sign": ({"candidate_sign": [{"candidate": 1, "kind": "invests", "happened_on": date(2023, 5, 1)}]}, "expansion_points", 0.0),
    "near, and leaving": ({"candidate_sign": [{"candidate": 1, "kind": "land", "happened_on": date(2026, 5, 1)}]}, "distance_points", RULE["distance_points"]["near"] + RULE["relocation_points"]["land"]),
    "a dishonest debtor": ({"candidate_sign": [{"candidate": 1, "kind": "dishonest", "happened_on": date(2026, 5, 1)}]}, "risk_points", -RULE["risk_points"]["dishonest"]),
}


@pytest.mark.parametrize("case", CASES)
def test_points(case):
    rows, column, points = CASES[case]
    assert one(made(candidate_firm=[FIRM], enterprise=ENTERPRISE, **rows))[column] == pytest.approx(points)


def test_marks_research_land_energy_and_pollution():
    firm = FIRM | {"marks": "专精特新小巨人", "rd_share": 0.06, "land_need_mu": 500.0, "energy_need_tce": 900.0, "pollution": "high"}
    row = one(made(candidate_firm=[firm], enterprise=ENTERPRISE))
    assert row["technology_points"] == RULE["mark_points"]["小巨人"] + RULE["rd_points"]["high"]
    assert row["feasible_points"] == RULE["feasible_points"]["energy"]


def test_the_score_is_the_sum_of_its_points():
    row = one(made(candidate_firm=[FIRM | {"marks": "单项冠军"}], enterprise=ENTERPRISE, candidate_sign=CASES["a dishonest debtor"][0]["candidate_sign"]))
    assert row["score"] == pytest.approx(sum(row[f"{p}_points"] for p in (*PARTS, "risk")))


def test_one_firm_under_two_spellings_and_on_the_map_of_elsewhere_counts_once():
    pool = made(candidate_firm=[FIRM, {"id": 2, "name": "甲材料有限责任公司", "listed_on": date(2024, 1, 1)}], enterprise=ENTERPRISE,
                candidate_sign=[{"candidate": 2, "kind": "invests", "happened_on": date(2026, 5, 1)}],
                outside_presence=[{"id": 5, "name": "甲材料（有限公司）", "kind": "leader", "chain_node": 1, "city": "甲市"}, {"id": 6, "name": "丁材料", "kind": "leader", "chain_node": 1, "city": "丁市"},
                                  {"id": 8, "name": "戊产业集群", "kind": "cluster", "chain_node": 1, "city": "丁市"}])
    rows = scored(pool, GAPS, RULE, TODAY)
    assert sorted(rows["candidate"].to_list()) == [-6, 1]
    assert one(pool)["expansion_points"] == RULE["sign_points"]["invests"]


def test_nothing_that_came_later_changes_a_past_list():
    """The list of a day is the same whether or not the world went on after it."""
    pool, gaps = drawn(4, 200, "effect")
    day = date(2024, 10, 31)
    later = {"figures": pool.figures.filter(pl.col("year") <= 2023), "signs": pool.signs.filter(pl.col("happened_on") <= day), "links": pool.links.filter(pl.col("since") <= day),
             "landings": pool.landings.filter(pl.col("happened_on") <= day), "firms": pool.firms.filter(pl.col("listed_on") <= day)}
    known = scored(replace(pool, **later), gaps, RULE, day, past=True)
    assert scored(pool, gaps, RULE, day, past=True).equals(known)
    assert known["short_listed"].sum() > 0


def test_what_has_no_date_was_not_known_in_the_past():
    pool = made(candidate_firm=[FIRM, FIRM | {"id": 2, "name": "乙材料", "listed_on": None}], enterprise=ENTERPRISE,
                candidate_link=[{"candidate": 1, "kind": "supplies", "enterprise": 7}])
    assert scored(pool, GAPS, RULE, TODAY, past=True)["candidate"].to_list() == [1]
    assert one(pool, past=True)["link_points"] == 0
    assert one(pool)["link_points"] == RULE["link_points"]["supplies"]


def test_who_has_landed_here_is_on_no_list_after_that_day():
    pool = made(candidate_firm=[FIRM], enterprise=ENTERPRISE, candidate_landing=[{"candidate": 1, "place": "本区", "here": True, "happened_on": date(2026, 3, 1)}])
    assert scored(pool, GAPS, RULE, TODAY).height == 0
    assert scored(pool, GAPS, RULE, date(2026, 2, 1)).height == 1


def test_the_short_list_is_short_good_enough_and_without_dishonest_debtors():
    pool, gaps = drawn(1, 600, "effect")
    rows = scored(pool, gaps, RULE, TODAY)
    listed = rows.filter("short_listed")
    assert 0 < listed.height <= RULE["short_share"] * rows.height
    assert listed["score"].min() >= RULE["short_floor"]
    first = listed["candidate"][0]
    shamed = replace(pool, signs=pl.concat([pool.signs, pl.DataFrame({"candidate": [first], "kind": ["dishonest"], "happened_on": [TODAY], "detail": [None]}, schema=pool.signs.schema)]))
    assert not scored(shamed, gaps, RULE, TODAY).filter(pl.col("candidate") == first)["short_listed"][0]


@pytest.mark.parametrize("words", ["补贴", "返还", "优惠", "奖励", "免税", "保证", "承诺", "采购本地", "必须"])
def test_the_opening_offers_and_demands_nothing(words):
    pool, gaps = drawn(1, 200, "effect")
    told = sentences(scored(pool, gaps, RULE, TODAY))["sentence"].to_list()
    assert all(told)
    assert not [s for s in told if words in s]


def test_every_lens_is_complete_and_weighs_on_one_scale():
    assert len(lenses()) == 12
    pool, gaps = drawn(1, 600, "effect")
    rows = with_lenses(scored(pool, gaps, RULE, TODAY))
    for lens in lenses():
        assert set(lens.weights) <= set(PARTS)
        assert all(0 <= s <= 100 for s in weighed(rows, lens, RULE["full"])["lens_score"])
    referral = next(x for x in lenses() if x.code == "referral")
    found = weighed(rows, referral, RULE["full"])
    assert set(found["candidate"]) == set(rows.filter(pl.col("link_points") > 0)["candidate"])


def test_the_replay_says_plainly_that_a_list_was_no_better():
    pool, gaps = drawn(5, 600, "none")
    found = replay(pool, gaps, RULE, TODAY)
    assert not found.verdict.found
    assert "看不出名单比随机更准" in sentence(found)
    assert "not shown to be better" in sentence(found, "en")


def test_the_replay_counts_no_firm_twice_and_finds_a_planted_effect():
    pool, gaps = drawn(0, 1000, "effect")
    found = replay(pool, gaps, RULE, TODAY)
    assert sum(c.pool.landed for c in found.cuts) <= pool.landings.filter("here")["candidate"].n_unique()
    assert found.verdict.found
    assert "倍" in sentence(found)


def test_the_replay_takes_the_gaps_of_then_where_an_edition_kept_them():
    pool, gaps = drawn(0, 600, "effect")
    turned = gaps.with_columns(status=pl.lit(None, pl.String))
    found = replay(pool, gaps, RULE, TODAY, then=lambda day: ("2023-1.0", turned) if day.year == 2023 else None)
    assert found.editions.count("2023-1.0") == 1
    assert "1 次名单用了当时版次的缺口" in gaps_told(found)
    assert "用的是今天的缺口" in gaps_told(replay(pool, gaps, RULE, TODAY))
    assert found.cuts[found.editions.index("2023-1.0")].pool.hits != replay(pool, gaps, RULE, TODAY).cuts[found.editions.index("2023-1.0")].pool.hits


def test_an_empty_pool_has_no_record():
    found = replay(made(), GAPS, RULE, TODAY)
    assert found.verdict is None
    assert "太少" in sentence(found)
