"""The pages of the web face over a small frozen district: what they answer, what they show, and what they never show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client, override_settings
from django.utils.translation import override

from liantu.chains.models import Chain, ChainNode, NodeLink, Placement, SupplyLink
from liantu.enterprises.models import AnnualFigure, Enterprise, MonthlyFigure
from liantu.kernel.columns import Choice, Column
from liantu.kernel.edition import freeze
from liantu.kernel.output import outputs
from liantu.places.models import Park
from liantu.web import firms_view, formats
from liantu.web.chart import months_chart

pytestmark = pytest.mark.django_db
NASTY = "<script>alert(1)</script>锂电"


def _district() -> dict[str, Any]:
    park = Park.objects.create(code="p1", name="高新区")
    chain = Chain.objects.create(code="bat", name="电池产业链", name_en="Batteries", chain_chief="王某", edition="1", basis="liantu_default")
    more = {"chain": chain, "stage": "up", "stage_code": "s1", "stage_name": "上游", "group_code": "g1", "group_name": "材料", "weight": 3}
    sep = ChainNode.objects.create(code="bat/sep", name="隔膜", name_en="Separator", position=1, critical=True, **more)
    cell = ChainNode.objects.create(code="bat/cell", name="电芯", name_en="Cell", position=2, critical=True, **more)
    NodeLink.objects.create(source=sep, target=cell, item="基膜", weight=2)
    firms = [Enterprise.objects.create(name=name, uscc=code, park=park, size_class=size, above_scale=above, status="active", qualifications=marks, former=former)
             for name, code, size, above, marks, former in (
                 ("江锂新能源有限公司", "91360000MA00003763", "large", True, "高企、专精特新", "江锂电池厂"),
                 (NASTY, None, "small", False, None, None), ("丙材料厂", None, "micro", None, None, None))]
    first = Placement.objects.create(enterprise=firms[0], chain_node=cell, grade="confirmed", role="master", evidence="产品:电芯", who="链办")
    asked = Placement.objects.create(enterprise=firms[1], chain_node=sep, grade="to_verify", score=Decimal("0.4"), evidence="范围:<b>隔膜</b>")
    for firm, output in ((firms[0], "90000.5"), (firms[1], "100")):
        AnnualFigure.objects.create(enterprise=firm, year=2025, output=Decimal(output), revenue=Decimal("80"), rd=Decimal("4"), tax=Decimal("7"),
                                    source="统计", definition="法人在地")
        MonthlyFigure.objects.create(enterprise=firm, period="2025-02", output=Decimal("12.5"), power_kwh=Decimal("3000"), source="供电")
    SupplyLink.objects.create(supplier=firms[1], customer=firms[0], supplier_name=NASTY, customer_name=firms[0].name, item="隔膜", chain_node=sep,
                              amount=Decimal("33"), year=2025)
    return {"firms": firms, "sure": first, "asked": asked}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("LIANTU_DIR", str(tmp_path))
    told = _district()
    told["edition"] = freeze(as_of=date(2025, 12, 31), synthetic=True)
    return told


def _user(name: str, *groups: str, **more: Any) -> User:
    user = User.objects.create_user(name, password="a-long-password-7", **more)
    user.groups.add(*(Group.objects.get_or_create(name=g)[0] for g in groups))
    return user


@pytest.fixture
def clerk(site: dict[str, Any]) -> Iterator[Client]:
    client = Client()
    client.force_login(_user("clerk", "编辑", "内部"))
    yield client


@pytest.fixture
def reader(site: dict[str, Any]) -> Client:
    client = Client()
    client.force_login(_user("reader"))
    return client


def _pages(site: dict[str, Any]) -> list[str]:
    firm = site["firms"][0].pk
    figure = AnnualFigure.objects.first()
    assert figure is not None
    return ["/", "/maps/chain/bat/", "/maps/chain/bat/node/bat/cell/", "/maps/chain/bat/node/bat/sep/", "/firms/", f"/firms/{firm}/", f"/firms/{site['firms'][1].pk}/",
            "/outputs/",             f"/records/annual_figure/{figure.pk}/output/", *(f"/outputs/{name}/" for name in outputs())]


def test_anonymous_visitors_are_led_to_the_door(site: dict[str, Any]) -> None:
    client = Client()
    for page in [*_pages(site), "/maps/", "/outputs/firm_list/export/xlsx", "/firms/export/xlsx"]:
        answer = client.get(page)
        assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/"), page
    assert client.post(f"/placements/{site['asked'].pk}/confirm/").status_code == 302
    site["asked"].refresh_from_db()
    assert site["asked"].grade == "to_verify"


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_every_page_answers_and_keeps_the_content_policy(site: dict[str, Any], clerk: Client, lang: str) -> None:
    clerk.cookies["django_language"] = lang
    for page in _pages(site):
        answer = clerk.get(page)
        html = answer.content.decode()
        assert answer.status_code == 200, page
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert not re.search(r"<style|\sstyle=|\son\w+=\"|<script(?![^>]*src=)", html), page
        assert NASTY not in html and "<b>隔膜" not in html, page
        assert f'<html lang="{"en" if lang == "en" else "zh-CN"}"' in html
        assert "javascript:" not in html and "http://" not in html.replace("http://www.w3.org/2000/svg", ""), page


def test_the_edition_stands_on_every_page_and_synthetic_data_are_marked(site: dict[str, Any], clerk: Client) -> None:
    for page in _pages(site):
        html = clerk.get(page).content.decode()
        assert site["edition"].number in html and "2025-12-31" in html and "合成数据" in html, page


def test_a_name_with_markup_is_shown_as_text(site: dict[str, Any], clerk: Client) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in clerk.get("/firms/").content.decode()


@pytest.mark.parametrize(("address", "status"), [("/nope/", 404), ("/maps/chain/nope/", 404), ("/maps/chain/bat/node/nope/", 404), ("/outputs/nope/", 404),
                                                 ("/firms/999999/", 404),
                                                 ("/?edition=nope", 404), ("/outputs/chain_map/export/doc", 404), ("/records/annual_figure/999999/output/", 404)])
def test_mistakes_are_answered_in_words_without_a_traceback(site: dict[str, Any], clerk: Client, address: str, status: int) -> None:
    answer = clerk.get(address)
    html = answer.content.decode()
    assert answer.status_code == status
    assert "Traceback" not in html and "回到总览" in html


def test_a_site_without_an_edition_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANTU_DIR", str(tmp_path))
    client = Client()
    client.force_login(_user("first"))
    assert "还没有数据" in client.get("/").content.decode()
    answer = client.get("/firms/")
    assert answer.status_code == 404 and "还没有版次" in answer.content.decode()


def test_sign_in_and_out(site: dict[str, Any]) -> None:
    _user("wang")
    client = Client()
    assert client.get("/session/").status_code == 401
    answer = client.post("/sign-in/", {"username": "wang", "password": "a-long-password-7", "next": "/firms/"})
    assert answer.status_code == 302 and answer["Location"] == "/firms/"
    assert client.get("/session/").status_code == 204
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/").status_code == 302
    assert client.post("/sign-in/", {"username": "wang", "password": "a-long-password-7", "next": "https://evil.example/"})["Location"] == "/"


def test_too_many_wrong_passwords_say_when_to_try_again(site: dict[str, Any]) -> None:
    _user("li")
    client = Client()
    for _ in range(4):
        assert "用户名或密码不对" in client.post("/sign-in/", {"username": "li", "password": "wrong"}).content.decode()
    answer = client.post("/sign-in/", {"username": "li", "password": "wrong"})
    assert answer.status_code == 429 and re.search(r"请在 <strong>\d{4}-\d\d-\d\d \d\d:\d\d</strong>", answer.content.decode())
    assert client.post("/sign-in/", {"username": "li", "password": "a-long-password-7"}).status_code == 429


def test_language_is_chosen_by_the_person_not_by_the_browser(clerk: Client) -> None:
    assert "总览" in clerk.get("/", headers={"Accept-Language": "en"}).content.decode()
    answer = clerk.post("/language/", {"language": "en", "next": "/firms/"})
    assert answer["Location"] == "/firms/"
    html = clerk.get("/").content.decode()
    assert "Overview" in html and "总览" not in html
    assert clerk.post("/language/", {"language": "zh-hans", "next": "//evil.example/"})["Location"] == "/"


def test_forms_need_their_token(site: dict[str, Any]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(_user("zhao", "编辑"))
    assert client.post(f"/placements/{site['asked'].pk}/confirm/").status_code == 403


# --- chain map and nodes


def test_the_map_stands_in_the_page_and_each_node_leads_to_its_own(clerk: Client) -> None:
    html = clerk.get("/maps/chain/bat/").content.decode()
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="chain-map"' in html and 'href="/maps/chain/bat/node/bat/cell/"' in html
    assert "/outputs/chain_map/export/pptx?chain_code=bat" in html and "liantu 默认" in html


def test_a_node_says_its_rule_its_firms_and_its_neighbours(site: dict[str, Any], clerk: Client) -> None:
    html = clerk.get("/maps/chain/bat/node/bat/cell/", headers={"X-Fragment": "1"}).content.decode()
    assert "<html" not in html and "江锂新能源有限公司" in html and "产品:电芯" in html and "隔膜" in html and "90,000.5" in html
    assert f"?edition={site['edition'].number}" in html
    assert clerk.get("/maps/chain/other/node/bat/cell/").status_code == 404


def test_a_persons_word_is_kept_and_makes_a_new_edition(site: dict[str, Any], clerk: Client) -> None:
    page = "/maps/chain/bat/node/bat/sep/"
    assert f"/placements/{site['asked'].pk}/reject/" in clerk.get(page).content.decode()
    answer = clerk.post(f"/placements/{site['asked'].pk}/confirm/", {"next": page}, follow=True)
    site["asked"].refresh_from_db()
    assert site["asked"].grade == "confirmed" and site["asked"].who == "clerk"
    html = answer.content.decode()
    assert "已确认" in html and "W000002" in html
    assert "隔膜" in clerk.get("/").content.decode()
    assert clerk.post(f"/placements/{site['asked'].pk}/perhaps/").status_code == 404


def test_readers_may_not_decide(site: dict[str, Any], reader: Client) -> None:
    assert reader.post(f"/placements/{site['asked'].pk}/confirm/").status_code == 403
    site["asked"].refresh_from_db()
    assert site["asked"].grade == "to_verify"
    assert "/confirm/" not in reader.get("/maps/chain/bat/node/bat/sep/").content.decode()


# --- firm list


@pytest.mark.parametrize(("query", "found"), [("q=江锂", 1), ("q=jlxny", 1), ("q=MA00003763", 1), ("q=江锂电池厂", 1), ("q=没有的", 0), ("chain=bat", 2),
                                              ("node=bat/sep", 1), ("park=高新区", 3),
                                              ("size=micro", 1), ("above=1", 1), ("above=0", 2), ("qualification=高企", 1), ("grade=to_verify", 1), ("chain=none", 1),
                                              ("chain=bat&above=1&q=锂", 1),
                                              ("park=%27%22<x>", 0), ("page=99999", 3), ("sort=nonsense", 3)])
def test_the_firm_list_is_searched_and_filtered(clerk: Client, query: str, found: int) -> None:
    answer = clerk.get("/firms/?" + query)
    assert answer.status_code == 200 and answer.context["page"].paginator.count == found


def test_totals_are_the_sums_of_the_filtered_rows(clerk: Client) -> None:
    assert clerk.get("/firms/").context["sums"]["output"] == pytest.approx(90100.5)
    assert clerk.get("/firms/?above=1").context["sums"]["output"] == pytest.approx(90000.5)
    assert clerk.get("/firms/?above=1").context["sums"]["rd_intensity"] == pytest.approx(0.05)


def test_the_list_is_sorted_both_ways_and_empty_values_come_last(clerk: Client) -> None:
    def names(sort: str) -> list[Any]:
        return [r["output"] for r in clerk.get(f"/firms/?sort={sort}").context["rows"]]

    assert names("output") == [100.0, 90000.5, None] and names("-output") == [90000.5, 100.0, None]


def test_totals_on_the_home_page_equal_those_of_the_list(clerk: Client) -> None:
    figures = {name: value for name, value, *_ in clerk.get("/").context["totals"]["figures"]}
    above = clerk.get("/firms/?above=1").context
    assert figures["规上企业"] == str(above["page"].paginator.count) and figures["规上工业总产值"] == formats.in_yi(above["sums"]["output"])


def test_confidential_columns_are_for_insiders(site: dict[str, Any], clerk: Client, reader: Client) -> None:
    firm = site["firms"][0].pk
    figure = AnnualFigure.objects.get(enterprise_id=firm)
    for page in ("/firms/", f"/firms/{firm}/", "/outputs/firm_list/", "/maps/chain/bat/node/bat/cell/", "/outputs/node_firm_list/"):
        seen, hidden = clerk.get(page).content.decode(), reader.get(page).content.decode()
        assert "90,000.5" in seen, page
        if "/maps/" not in page:
            assert "90,000.5" not in hidden, page
    assert reader.get(f"/records/annual_figure/{figure.pk}/output/").status_code in (400, 404)
    assert [r["name"] for r in reader.get("/firms/?sort=output").context["rows"]] == [r["name"] for r in reader.get("/firms/").context["rows"]]
    assert "工业总产值" not in reader.get("/outputs/firm_list/export/csv").content.decode()
    assert "工业总产值" not in reader.get("/firms/export/csv").content.decode()


def test_the_filtered_list_is_exported(clerk: Client) -> None:
    text = clerk.get("/firms/export/csv?above=1").content.decode("utf-8-sig")
    assert "江锂新能源有限公司" in text and "丙材料厂" not in text and "凭证号" in text
    answer = clerk.get("/firms/export/xlsx")
    assert answer.content[:2] == b"PK" and "attachment" in answer["Content-Disposition"]


# --- dossier, outputs, small parts


def test_the_dossier_holds_all_that_is_known(site: dict[str, Any], clerk: Client) -> None:
    html = clerk.get(f"/firms/{site['firms'][0].pk}/").content.decode()
    for words in ("91360000MA00003763", "江锂电池厂", "高企、专精特新", "电芯", "链主", "法人在地", 'class="months bars"', 'class="months line"', "供应商", "33.0"):
        assert words in html, words


def test_an_output_page_filters_by_its_columns_and_tells_its_rules(clerk: Client) -> None:
    answer = clerk.get("/outputs/chain_map/?status=missing")
    assert [r["values"]["code"] for r in answer.context["rows"]] == ["bat/sep"]
    html = answer.content.decode()
    assert "环节状态判定" in html and "liantu 默认" in html and re.search(r"P[0-9A-F]{11}", html)
    assert [r["values"]["code"] for r in clerk.get("/outputs/chain_map/?q=电芯").context["rows"]] == ["bat/cell"]
    assert clerk.get("/outputs/chain_map/export/csv?status=missing&q=隔").content.decode("utf-8-sig").count("\n") == 2


def test_values_in_words() -> None:
    share, money = Column("s", "占比", "Share", "share", unit="1"), Column("m", "产值", "Output", "money", unit="万元")
    state = Column("c", "状态", "State", "choice", choices=(Choice("a", "甲", "A"),))
    with override("zh-hans"):
        assert [formats.shown(0.123, share), formats.shown(None, share), formats.shown(12345.678, money), formats.shown(0.0, money)] == [
            "12.3%", "—", "12,345.7", "0"]
        assert (formats.shown("a", state), formats.shown(True)) == ("甲", "是")
        assert formats.heading(money) == "产值（万元）" and formats.heading(share) == "占比（%）"
    with override("en"):
        assert formats.heading(money) == "Output (10k yuan)" and formats.shown("a", state) == "A"


def test_a_month_without_a_value_is_not_drawn_as_zero() -> None:
    drawing = months_chart(["2025-01", "2025-02", "2025-03"], [None, 2.0, 0.0], title="<x>", unit="万元")
    assert drawing.count('class="bar"') == 2 and "<x>" not in drawing and "style" not in drawing
    assert months_chart([], [], title="空", unit="").startswith("<svg")


def test_searching_needs_no_exact_spelling(site: dict[str, Any]) -> None:
    firms = firms_view.firms_of(site["edition"])
    assert firms_view.select(firms, {"q": "JLXNY"}).height == firms_view.select(firms, {"q": " 江 锂"}).height == 1


@override_settings(ROOT_URLCONF="liantu.web.urls")
def test_the_broken_page_needs_nothing() -> None:
    from django.test import RequestFactory

    from liantu.web.pages import broken

    answer = broken(RequestFactory().get("/"))
    assert answer.status_code == 500 and "没有保存" in answer.content.decode()
