"""Known answers as sets, and how a lost or a false finding shows."""

from __future__ import annotations

from liantu.demo.planted import Planted
from liantu.demo.self_check import Found, compare
from liantu.demo.work_check import WORDS, known_work

PLANTED = Planted({}, dirt=[{"place": ["15.xlsx", "甲", 4], "code": "bad-date", "column": "时限", "seen": "下半年", "kept": False}], red_projects=[{"name": "甲项目", "why": "neglect"}],
                  unproven_stages=[["甲项目", "开工"]], cases={"overdue": ["W1", "W2"]}, expired_policies=["旧办法"], chokepoints=[{"node": "a/x", "route": "新法", "grasp": "跟跑"}],
                  presence={"a/x": ["上海市"]},
                  changes={"firms_entered": ["U9"], "firms_raised": [], "projects_new": [], "projects_state": [], "cases_opened": [], "cases_closed": [], "cases_overdue": [],
                           "policies_new": [], "policies_expired": [], "firms_left": [{"uscc": "U1", "state": "注销"}], "firms_moved": [{"uscc": "U2", "before": "a/x", "after": "a/y"}],
                           "nodes_changed": [{"node": "a/x", "before": "weak", "after": "missing", "why": "closed"}], "projects_moved": [{"name": "甲项目", "before": "签约", "after": "注册"}]})


def test_every_known_set_has_a_word() -> None:
    assert set(known_work(PLANTED)) == set(WORDS)


def test_without_a_second_month_no_change_is_demanded() -> None:
    assert not any(WORDS[key].startswith("变化") for key in known_work(Planted({})))


def test_lost_and_false_findings_are_counted() -> None:
    rows = {r.what: r for r in compare(PLANTED, Found(work={"overdue": {"W1", "W7"}, "dirt": {("15.xlsx", "甲", 4, "bad-date")}, "firms_moved": {("U2", "a/x", "a/z")}}))}
    assert (rows["超期的问题"].found, rows["超期的问题"].false_findings) == (1, 1) and "W2" in rows["超期的问题"].note
    assert rows["新表脏数据"].share == 1.0
    assert (rows["变化：企业换环节"].found, rows["变化：企业换环节"].false_findings) == (0, 1)
    assert "U2 a/x a/y" in rows["变化：企业换环节"].note
