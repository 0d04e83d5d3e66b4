"""The overview of attraction: blocks out of hand-made rows, words for what is empty, and the page in both languages."""

from __future__ import annotations

import re
from datetime import date

import pytest

from liantu.kernel.edition import open_edition
from liantu.web import attract_pages, attract_view, urls

urlpatterns = urls.urlpatterns if attract_pages in urls.PAGES else [*attract_pages.urlpatterns, *urls.urlpatterns]
pytestmark = pytest.mark.urls(__name__)

LEADS = [
    {"lead": 1, "code": "X1", "title": "甲电池", "investor": "甲", "node_name": "电芯", "owner": "李", "state": "new", "next_clock": "answer", "days_left": -2, "lamp": "red", "lamp_rule_word": "超时未响应"},
    {"lead": 2, "code": "X2", "title": "乙隔膜", "investor": "乙", "node_name": None, "owner": None, "state": "answered", "next_clock": "assess", "days_left": 0, "lamp": "yellow", "lamp_rule_word": "将到期"},
    {"lead": 3, "code": "X3", "title": "丙铝箔", "investor": "丙", "node_name": None, "owner": "王", "state": "answered", "next_clock": "assess", "days_left": 9, "lamp": "green", "lamp_rule_word": "在时限内"},
    {"lead": 4, "code": "X4", "title": "丁石墨", "investor": "丁", "node_name": None, "owner": "王", "state": "dropped", "next_clock": "assess", "days_left": -90, "lamp": "red", "lamp_rule_word": "不再计时"}]
PROJECTS = [{"project": n, "name": f"{n}号项目", "stage": stage, "stage_word": stage, "stage_days": 40 * n, "side_state": side, "lamp": lamp, "lamp_rule_word": "过了计划开工时间未开工", "days_left": days, "owner": "赵"}
            for n, stage, side, lamp, days in ((1, "talks", "normal", "green", 5), (2, "signed", "normal", "red", -30), (3, "signed", "normal", "red", -3), (4, "producing", "normal", "green", None), (5, "signed", "ended", "none", None))]
PROMISES = [{"promise": n, "project": n, "project_name": f"{n}号项目", "kind_word": "年产值", "due_on": due, "lamp": lamp, "lamp_rule": rule, "lamp_rule_word": rule}
            for n, due, lamp, rule in ((1, date(2026, 4, 20), "yellow", "soon"), (2, date(2026, 1, 1), "red", "below"), (3, date(2026, 4, 1), "green", "kept"), (4, date(2028, 1, 1), "green", "not_due"), (5, None, "none", "not_due"))]


@pytest.fixture
def rows(monkeypatch):
    """Rows by output; what is not told is an output that the site does not have."""
    told: dict[str, list[dict[str, object]]] = {}
    monkeypatch.setattr(attract_view, "rows_of", lambda user, name, edition: told.get(name))
    monkeypatch.setattr(attract_view, "parameter", lambda name, on=None: type("Rule", (), {"value": {"answer_days": 1, "assess_days": 3}}))
    return told


class Day:
    """An edition of which only the day is asked."""

    class manifest:
        as_of = "2026-03-31"


def test_clocks_count_open_leads_by_what_is_due_first(rows):
    rows["lead_list"] = LEADS
    found = attract_view.clocks(None, Day)
    assert [(s["count"], s["late"]) for s in found["steps"]] == [(1, 1), (2, 0), (0, 0), (0, 0)]
    assert [(r["code"], r["left"]) for r in found["lines"]] == [("X1", "超 2 天"), ("X2", "今天到期")]
    assert (found["open"], found["all"], found["rest"]) == (3, 4, 0)


def test_the_funnel_leaves_out_what_ended(rows):
    rows["pipeline_list"] = PROJECTS
    found = attract_view.pipeline(None, Day)
    at = {f["name"]: (f["here"], f["through"]) for f in found["funnel"]}
    assert (at["在谈"], at["签约"], at["开工"], at["投产"], at["达产"]) == ((1, 4), (2, 3), (0, 1), (1, 1), (0, 0))
    assert [lamp["count"] for lamp in found["lamps"]] == [2, 0, 2] and [r["project"] for r in found["lines"]] == [2, 3]
    assert (found["alive"], found["ended"]) == (4, 1)
    assert all(f["top"] + f["tall"] == 40 and f["own_top"] + f["own"] == 40 for f in found["funnel"])


def test_promises_due_within_the_quarter_and_not_kept(rows):
    rows["promise_list"] = PROMISES
    found = attract_view.promises(None, Day)
    assert [(r["promise"], r["left"]) for r in found["lines"]] == [(1, "还剩 20 天")]
    assert [lamp["count"] for lamp in found["lamps"]] == [1, 1, 2]


def test_a_block_is_left_out_while_its_output_is_unknown(rows):
    assert all(block(None, Day) is None for block in attract_view.BLOCKS.values())


def test_changes_of_the_short_list(rows, monkeypatch):
    now = [{"candidate": n, "name": f"{n}公司", "rank": n, "score": 90.0 - n, "short_listed": n < 4, "sentence": ""} for n in range(1, 9)]
    old = [{**r, "short_listed": r["candidate"] in (2, 3, 5)} for r in now]
    before = type("Before", (), {"number": "2026-1.0"})
    monkeypatch.setattr(attract_view, "_before", lambda edition: before)
    monkeypatch.setattr(attract_view, "rows_of", lambda user, name, edition: {"target_scores": old if edition is before else now}.get(name))
    monkeypatch.setattr(attract_view, "replay_sentence", lambda edition: "新")
    found = attract_view.targets(None, Day)
    assert ([r["candidate"] for r in found["entered"]], [r["candidate"] for r in found["gone"]]) == ([1], [5])
    assert (found["count"], found["pool"], found["sentence"]) == (3, 8, "新")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_answers_on_a_site_without_leads_and_projects(client, small, language):
    client.cookies["django_language"] = language
    answer = client.get("/attract/")
    text = answer.content.decode()
    assert answer.status_code == 200 and "<h1" in text and "style=" not in text
    assert ("期限按数据截至日算" if language == "zh-hans" else "Days are counted from the day of the data") in text
    shown = [n for n in attract_view.BLOCKS if answer.context[n] is not None]
    assert shown == [] or re.search("at-empty", text), "what is empty says how it is filled"
    assert (not shown) == ("还没有招商的图表" in text or "no outputs on attraction" in text)


def test_every_number_leads_somewhere(client, small):
    assert open_edition().number
    for address in re.findall(r'href="(/attract/[^"]*|/outputs/[^"]*)"', client.get("/attract/").content.decode()):
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address
