"""The pages of risk events: the list, the way of one event by clicks, the plan as page and Word, and who sees what."""

import pytest

from liantu.kernel.edition import freeze
from liantu.papers.docx_check import check
from liantu.resilience.event_models import EventStep, PlanTask, RiskEvent
from liantu.resilience.plan import state_exposure
from liantu.resilience.workflow import act, take_back
from tests.unit.resilience import event_kit as kit


@pytest.fixture
def client(grader):
    return kit.web.signed_in(grader)


def test_reporting_a_stop_by_hand(client, grader):
    assert "甲电池" not in client.get("/events/").content.decode()
    page = client.get("/events/new/").content.decode()
    assert "企业停产" in page and 'name="opened_at"' in page
    sent = client.post("/events/new/", {"cause": "firm_stopped", "enterprise_name": "甲电池有限公司", "summary": "门卫说停了", "level": "orange", "found_by": "visit"}, follow=True)
    assert sent.redirect_chain[-1][0] == "/events/FX2026-0001/" or sent.redirect_chain[-1][0].startswith("/events/FX")
    event = RiskEvent.objects.get()
    assert (event.state, event.level, event.found_by, event.chain_node.name) == ("signal", "orange", "visit", "方形电芯")
    assert event.title in client.get("/events/").content.decode()
    wrong = client.post("/events/new/", {"cause": "firm_stopped", "enterprise_name": "不存在的厂"})
    assert wrong.status_code == 404 and "名录里没有" in wrong.content.decode() and RiskEvent.objects.count() == 1


def test_opening_from_a_signal_goes_on_where_asked(client):
    firm = kit.Enterprise.objects.get(name="甲电池有限公司").pk
    form = {"enterprise": firm, "chain_node": "", "chain": "", "title": "用电骤降", "cause": "firm_stopped", "signals": "DL-1、DL-2"}
    assert client.post("/events/new/", {**form, "next": "/firms/"}).headers["Location"] == "/firms/"
    event = RiskEvent.objects.get()
    assert event.signals == "DL-1、DL-2" and event.found_by == "system"
    joined = client.post("/events/new/", {**form, "signals": "DL-3", "next": "https://elsewhere.example/"}, follow=True)
    assert joined.redirect_chain[-1][0] == f"/events/{event.code}/" and "已并入" in joined.content.decode()


def test_the_way_by_clicks(client, grader):
    code = kit.event(grader)
    page = client.get(f"/events/{code}/").content.decode()
    assert f"/events/{code}/do/verify/" in page and f"/events/{code}/do/lift/" not in page and "还剩" in page
    refused = client.post(f"/events/{code}/do/grade/", {"level": "red", "note": "x", "owner": "李", "lead_office": "区工信局"})
    assert refused.status_code == 409 and "step-skipped" in refused.content.decode()
    for name, told in (("verify", {"note": "到场", "evidence": "照片"}), ("grade", {"level": "orange", "note": "影响大", "owner": "李", "lead_office": "区工信局"})):
        assert client.post(f"/events/{code}/do/{name}/", told).status_code == 302
    client.post(f"/events/{code}/task/", {"kind": "finance", "what": "协调续贷", "due_at": "2026-11-21T10:00"})
    task = PlanTask.objects.get()
    assert client.post(f"/events/{code}/task/1/", {"what": "协调银行续贷", "revision": task.revision}).status_code == 302
    assert client.post(f"/events/{code}/task/1/", {"what": "又改", "revision": task.revision}).status_code == 409  # somebody saved meanwhile
    assert client.post(f"/events/{code}/task/1/", {"state": "done", "evidence": "会议纪要"}).status_code == 302
    page = client.get(f"/events/{code}/").content.decode()
    assert "协调银行续贷" in page and "会议纪要" in page and "橙色" in page
    client.post(f"/events/{code}/do/lower/", {"level": "blue", "reason": "供货已恢复九成"})
    page = client.get(f"/events/{code}/").content.decode()
    assert "供货已恢复九成" in page and page.count("lv-blue") >= 2


def test_what_was_taken_back_stays_on_the_page(client, grader):
    code = kit.event(grader)
    kit.go(code, grader, "grade", level="red")
    client.post(f"/events/{code}/back/")
    page = client.get(f"/events/{code}/").content.decode()
    assert RiskEvent.objects.get(code=code).state == "verified" and "已撤回" in page and not EventStep.objects.filter(step="grade").exists()
    client.post(f"/events/{code}/back/")
    assert client.post(f"/events/{code}/back/", follow=True).redirect_chain[-1][0] == "/events/"


def test_who_sees_what(people, grader, client):
    code = kit.event(grader)
    state_exposure(code, grader, low="800", mid="1234.5", high="21000", jobs="260", basis="企业报告")
    inside, outside, reader = (kit.web.signed_in(people[n]).get(f"/events/{code}/").content.decode() for n in ("grader", "outsider", "reader"))
    assert "0.08–2.1" in inside and "亿元" in inside and "260" in inside
    assert "亿元" not in outside and "260" not in outside and "人工填写：企业报告" in outside
    assert "/do/verify/" in outside and "/do/verify/" not in reader
    for address in (f"/events/{code}/do/verify/", f"/events/{code}/fill/", f"/events/{code}/task/", f"/events/{code}/back/", "/events/new/"):
        assert kit.web.signed_in(people["reader"]).post(address).status_code == 403


def test_exposure_by_hand_must_be_in_order_and_founded(client, grader):
    code = kit.event(grader)
    for told, words in (({"low": "5", "high": "3", "basis": "估"}, "低值"), ({"mid": "5"}, "写明依据"), ({"mid": "很多", "basis": "估"}, "看到「很多」"),
                        ({"mid": "-1", "basis": "估"}, "不小于 0")):
        refused = client.post(f"/events/{code}/fill/", {"by_hand": "1", **told})
        assert refused.status_code in (400, 409) and words in refused.content.decode()
    assert RiskEvent.objects.get().exposure_mid is None


def test_the_general_form_cannot_write_events(client, grader):
    code = kit.event(grader)
    pk = RiskEvent.objects.get(code=code).pk
    page = client.get(f"/register/risk_event/{pk}/").content.decode()
    assert code in page and 'name="reason"' not in page
    for address in (f"/register/risk_event/{pk}/", "/register/risk_event/new"):
        refused = client.post(address, {"state": "lifted", "revision": "1", "was_state": "signal", "code": "X", "title": "Y"})
        assert refused.status_code == 409 and "by-actions-only" in refused.content.decode()
    assert RiskEvent.objects.get().state == "signal" and "record_new" not in client.get("/register/risk_event/").content.decode()


def told_by_hand(grader):
    code = kit.event(grader)
    kit.go(code, grader, "task", level="red")
    act(code, "lower", grader, level="yellow", reason="已恢复七成供货")
    state_exposure(code, grader, low="800", mid="1200", high="2100", jobs="260", basis="企业报告")
    return code


def test_plan_as_page_and_paper(people, client, grader, site):
    code = told_by_hand(grader)
    edition = freeze()
    page = client.get(f"/events/{code}/plan/").content.decode()
    for words in ("一、基本情况", "对接替代供应商", "已恢复七成供货", "1,200.0万元", "黄色", "不含补贴"):
        assert words in page, words
    data = client.get(f"/events/{code}/plan.docx").content
    assert check(data) == []
    department = kit.web.signed_in(people["outsider"]).get(f"/events/{code}/plan/").content.decode()
    assert "1,200" not in department and "260" not in department and "对接替代供应商" in department
    assert kit.web.signed_in(people["outsider"]).get(f"/events/{code}/plan/?version=internal").status_code in (400, 403)
    assert edition.has("risk_event")


def test_pages_in_english(client, grader):
    code = told_by_hand(grader)
    freeze()
    client.post("/language/", {"language": "en", "next": "/"})
    for address, words in (("/events/", "Risk events"), (f"/events/{code}/", "Changes of level"), (f"/events/{code}/plan/", "What happened"),
                           ("/events/new/", "First guess of the level")):
        page = client.get(address)
        assert page.status_code == 200 and words in page.content.decode(), address


def test_a_missing_event_is_told(client):
    assert client.get("/events/FX2026-9999/").status_code == 404


def test_the_last_step_of_another_is_not_taken_back_unseen(client, grader):
    code = kit.event(grader)
    take_back(code, grader)
    assert client.post(f"/events/{code}/back/").status_code == 404
