"""The watch pages: before any run, alarms with their figures, verdicts, the budget, lanes, rules and who may see what."""

import re
from datetime import date
from importlib.util import find_spec

import pytest
from django.urls import reverse

from liantu.resilience.models import RuleSetting, Signal
from liantu.resilience.rules import rules
from liantu.resilience.watching import watch
from liantu.web.watch_view import figure, months_of, spark
from tests.unit.resilience import kit as district
from tests.unit.web import kit


@pytest.fixture
def fallen(people):
    district.chain()
    one, calm = district.firm(1), district.firm(2)
    district.power(one, {0: 0.3, 1: 0.35})
    district.power(calm)
    district.edition()
    return one


def text(client, name="watch", *args, **query):
    return client.get(reverse(name, args=args), query).content.decode()


def test_before_any_run(client, people):
    assert "还没有信号" in text(client)
    assert "不足以判断" in text(client, "rule_records")
    for name in rules():
        assert client.get(reverse("rule_record", args=[name])).status_code == 200
    assert client.get(reverse("rule_record", args=["no_such"])).status_code == 404


def test_run_from_the_page_and_the_alarm_in_figures(client, fallen):
    assert client.post(reverse("watch_run")).status_code == 302
    shown = text(client)
    assert "第1电池有限公司" in shown and "第2电池有限公司" not in shown and "-70%" in shown and "3,000 kWh" in shown and 'class="spark"' in shown
    assert "1</b> / 30" in shown and "预计约" in shown and "核实 0 次" in shown and "环节与产业链预警" in shown
    client.cookies["django_language"] = "en"
    english = text(client)
    assert "expected to be false alarms" in english and "Falls of electricity" in english and "监测" not in english.split("<main")[1].replace("链图", "")


def test_those_outside_see_no_single_firms_figures(fallen, people):
    watch(district.edition())
    client = kit.signed_in(people["outsider"])
    shown = text(client)
    assert "第1电池有限公司" in shown and "3,000" not in shown and "-70%" not in shown and 'class="spark"' not in shown and "10,000" not in shown
    assert "3,000" not in text(client, "rule_record", "power_fall")


def test_readers_look_and_do_not_touch(fallen, people):
    watch(district.edition())
    client = kit.signed_in(people["reader"])
    assert "属实</button>" not in text(client)
    code = Signal.objects.filter(rule="power_fall").get().code
    assert client.post(reverse("watch_verdict"), {"codes": code, "verdict": "real"}).status_code == 403
    assert client.post(reverse("watch_run")).status_code == 403 and client.post(reverse("watch_budget"), {"budget": "3"}).status_code == 403
    assert client.post(reverse("rule_mute", args=["power_fall"]), {"reason": "x"}).status_code == 403


def test_verdict_and_taking_it_back(client, fallen):
    watch(district.edition())
    codes = list(Signal.objects.filter(enterprise=fallen.record, lane="risk").values_list("code", flat=True))
    assert client.post(reverse("watch_verdict"), {"codes": "、".join(codes), "verdict": "real", "event_on": "2026-11-05", "note": "停产两周"}).status_code == 302
    assert set(Signal.objects.filter(code__in=codes).values_list("verdict", "lead_days", "note")) == {("real", 5, "停产两周")}
    shown = text(client)
    assert "停产两周" in shown and "撤回" in shown and "没有待核实的预警" in shown
    assert client.post(reverse("watch_verdict"), {"codes": codes[0], "verdict": "false"}).status_code == 409
    assert client.post(reverse("watch_verdict_back"), {"code": codes[0]}).status_code == 302
    assert not Signal.objects.exclude(verdict=None).exists()
    assert client.post(reverse("watch_verdict"), {"codes": codes[0], "verdict": "real", "event_on": "昨天"}).status_code == 400


def test_budget_and_lanes(client, fallen):
    watch(district.edition())
    assert client.post(reverse("watch_budget"), {"budget": "0"}).status_code == 302
    assert "名额为 0" in text(client) and "第1电池有限公司" in text(client, tab="below")
    assert client.post(reverse("watch_budget"), {"budget": "很多"}).status_code == 400
    assert "这一栏是空的" in text(client, tab="data") and "独家环节" in text(client, tab="standing")
    assert client.get(reverse("watch"), {"tab": "other"}).status_code == 404
    assert "第1电池有限公司" not in text(client, tab="below", chain="electronics")


def test_muting_by_form(client, fallen):
    assert client.post(reverse("rule_mute", args=["power_fall"]), {"reason": "多有光伏"}).status_code == 302
    assert RuleSetting.objects.get().muted and "多有光伏" in text(client, "rule_record", "power_fall") and "已停用" in text(client, "rule_records")
    assert client.post(reverse("watch_run")).status_code == 302
    assert "已停用：" in text(client) and not Signal.objects.filter(rule="power_fall").exists()
    client.post(reverse("rule_mute", args=["power_fall"]), {"on": "1"})
    assert not RuleSetting.objects.get().muted


def test_the_small_line():
    months = ["2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04"]
    drawn = spark(months, [1.0, 2.0, 3.0, None, 2.0, None, 1.0], "用电")
    assert drawn.count("polyline") == 1 and drawn.count("<circle") == 1  # January leaves no gap; a lone month is a dot
    assert spark(months, [None] * 6 + [1.0], "用电") == ""


@pytest.mark.parametrize(("value", "unit", "said"), [(0.925, "1", "92.5%"), (1_230_000, "kWh", "123.0 万kWh"), (3000, "kWh", "3,000 kWh"), (None, "人", "—"), (12.5, "天", "12.50 天")])
def test_figures_in_words(value, unit, said):
    assert figure(value, unit) == said


def test_months_count_firms():
    def one(firm, day, verdict=None, ended=None):
        return Signal(enterprise_id=firm, alarmed_on=day, verdict=verdict, ended_on=ended)

    october, november = date(2026, 10, 31), date(2026, 11, 30)
    found = months_of([one(1, october, "real"), one(1, october, "false"), one(2, october, "seasonal"), one(3, october, None, november), one(3, october), one(4, october, None, november), one(5, november)])
    assert found == [{"month": "2026-11", "firms": 1, "judged": 0, "real": 0, "wrong": 0, "gone": 0, "open": 1},
                     {"month": "2026-10", "firms": 4, "judged": 2, "real": 1, "wrong": 1, "gone": 1, "open": 1}]


def test_a_long_run_goes_beside_the_page(client, fallen, monkeypatch):
    from liantu.web import jobs, watch_pages

    works = []
    monkeypatch.setattr(watch_pages, "AT_ONCE", 0)
    monkeypatch.setattr(jobs, "start", lambda name, title, work: (jobs._save(name, state="running", title=title, done=0, total=0, since=jobs.time.time()), works.append(work)))
    assert client.post(reverse("watch_run")).status_code == 302
    shown = text(client)
    assert "正在监测" in shown and 'http-equiv="refresh"' in shown and not Signal.objects.exists()
    works[0](lambda done, total: None)
    jobs._save("watch", state="done", title="", done=1, total=1, since=jobs.time.time(), result="2026-10")
    shown = text(client)
    assert "第1电池有限公司" in shown and "正在监测" not in shown
    client.post(reverse("watch_run"))  # the same rows are judged already: at once
    assert len(works) == 1 and "没有变化" in text(client)


@pytest.mark.skipif(find_spec("liantu.resilience.event_models") is None, reason="events are not installed")
def test_an_event_opened_from_an_alarm_takes_its_signals(client, fallen):
    watch(district.edition())
    form = re.search(r'<form method="post" action="[^"]*events/new/".*?</form>', text(client), re.S)[0]
    asked = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert asked["level"] == "orange" and asked["cause"] == "firm_stopped" and "power_fall" in asked["signals"]
    assert client.post(reverse("event_open"), asked).status_code == 302
    shown = text(client)
    assert "立为事件" not in shown and re.search(r'href="[^"]*/events/[^"]+"[^>]*>.*?事件', shown, re.S)


def test_a_firm_on_no_chain_is_told_and_can_become_an_event(client, people):
    district.chain()
    lone = district.firm(3, node=None)
    district.power(lone, {0: 0.3, 1: 0.35})
    watch(district.edition())
    shown = text(client)
    assert "不在链上" in shown and f"?firm={lone.record}" in shown and 'name="title" value="第3电池有限公司：用电骤降"' in shown


def test_alarms_and_events_are_told_on_the_home_page_and_on_the_dossier(client, fallen, people):
    watch(district.edition())
    home = text(client, "home")
    assert re.search(r"attention-count text-weak\">1</span><span>家企业预警待核实<small[^>]*>第1电池有限公司", home)
    form = re.search(r'<form method="post" action="[^"]*events/new/".*?</form>', text(client), re.S)[0]
    client.post(reverse("event_open"), dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)))
    home, dossier = text(client, "home"), text(client, "dossier", fallen.record)
    assert re.search(r"attention-count text-missing\">1</span><span>件风险事件未了结<small[^>]*>第1电池有限公司：用电骤降", home)
    assert "预警与事件" in dossier and "待核实" in dossier and "预警，待核实" in dossier and re.search(r'href="[^"]*/events/[^"/]+/">第1电池有限公司：用电骤降', dossier)
    event = re.search(r'href="([^"]*/events/[^"/]+/)">第1电池', dossier)[1]
    assert re.search(r'<dt>信号</dt><dd><a href="[^"]*power_fall/"[^>]*>用电骤降</a>', client.get(event).content.decode())
    reader = kit.signed_in(people["reader"])
    assert "-70%" not in text(reader, "dossier", fallen.record) and "预警与事件" in text(reader, "dossier", fallen.record)
