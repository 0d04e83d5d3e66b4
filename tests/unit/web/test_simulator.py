"""The shock simulator and the phone list: they answer, show the wave, refuse in words, and keep single firms' figures from those who may not see them."""

import json
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from liantu.chains.models import ChainNode
from liantu.enterprises.models import Enterprise
from liantu.kernel.edition import freeze, open_edition
from liantu.resilience.network import firm_network
from tests.unit.web import kit

NODES = {"正极厂": "磷酸铁锂", "电芯厂": "方形电芯", "整车厂": "新能源乘用车"}
SECRET = ("7,777", "3,333", "1,111", "48.8", "777.7")


@pytest.fixture
def three(people):
    """A chain of three firms in two parks, cathode → cell → car, and an outside supplier of cathode; edition 1.0."""
    from liantu.chains.records import load_template_records

    load_template_records(kit.CHAIN)
    for code, name in (("p1", "东园"), ("p2", "西园")):
        kit.create("park", code=code, name=name)
    from liantu.places.models import Park

    parks = dict(Park.objects.values_list("code", "id"))
    for at, (name, node) in enumerate(NODES.items()):
        kit.create("enterprise", name=name, park=parks["p1" if at < 2 else "p2"], status="active")
        firm = Enterprise.objects.get(name=name).pk
        kit.create("placement", enterprise=firm, chain_node=ChainNode.objects.get(name=node, chain__code=kit.CHAIN).pk, grade="confirmed", score=Decimal(1))
    firms = dict(Enterprise.objects.values_list("name", "id"))
    for name, output in (("正极厂", 1111), ("电芯厂", 3333), ("整车厂", 7777)):
        kit.create("annual_figure", enterprise=firms[name], year=2025, output=Decimal(output), revenue=Decimal(output), employees=output // 10, tax=Decimal(output) / 10)
    nodes = {name: ChainNode.objects.get(name=name, chain__code=kit.CHAIN).pk for name in NODES.values()}
    for supplier, customer, item, amount in (("正极厂", "电芯厂", "磷酸铁锂", 800), (None, "电芯厂", "磷酸铁锂", 100), ("电芯厂", "整车厂", "方形电芯", 3000)):
        kit.create("supply_link", supplier=firms.get(supplier), customer=firms[customer], supplier_name=supplier or "外地正极", customer_name=customer, item=item, chain_node=nodes[item], amount=Decimal(amount), year=2025)
    freeze(number="1.0", approver="链长")
    return firms


def shown(client, **query):
    return client.get(reverse("simulator"), query)


def test_first_visit_offers_a_form_a_map_and_the_firms_that_matter(client, three):
    text = shown(client).content.decode()
    assert "冲击推演" in text and "chain-map" in text and "is-wave" not in text and "停摆影响最大的企业" in text
    assert f"kind=stop&amp;firm={three['电芯厂']}" in text or f"kind=stop&firm={three['电芯厂']}" in text


def test_the_wave_stands_on_the_map_and_in_the_table_without_script(client, three):
    answer = shown(client, kind="stop", firm=three["正极厂"])
    text = answer.content.decode()
    assert answer.status_code == 200 and "正极厂停摆" in text and 'class="chain-map is-wave"' in text
    card = re.search(r'<a class="node s-[a-z_]+ hit (w\d)[^"]*"[^>]*data-code="nev_battery/prismatic_cell"[^>]*>(.*?)</a>', text, re.DOTALL)
    loss = 800 / 900 * 900 / (3333 * 0.7)
    assert card and card.group(1) == "w3" and f">{loss * 100:.0f}</text>" in card.group(2)
    assert "缺料：正极厂" in text and "15" in text and "第" in text
    wave = json.loads(re.search(r'<script id="wave-data" type="application/json">(.*?)</script>', text, re.DOTALL).group(1))
    assert wave["nodes"]["nev_battery/prismatic_cell"][0] == "" and wave["nodes"]["nev_battery/prismatic_cell"][-1] == f"{loss * 100:.0f}"
    assert wave["steps"][0]["all"] == 1 and wave["steps"][-1]["all"] == 3 and [firm for step in wave["steps"] for firm in step["firms"]] == [three[name] for name in NODES]


def test_in_english(client, three):
    client.cookies["django_language"] = "en"
    text = shown(client, kind="stop", firm=three["正极厂"]).content.decode()
    assert "Who is hit" in text and "Inputs: 正极厂" in text and "停摆" not in re.sub(r"<title>.*?</title>", "", text).replace("停摆影响", "")
    assert "Phone list" in client.get(reverse("phone_list"), {"kind": "stop", "firm": three["正极厂"]}).content.decode()


def test_a_firm_is_found_by_its_name(client, three):
    assert "正极厂停摆" in shown(client, q="正极").content.decode()
    several = shown(client, q="厂").content.decode()
    assert "请选一家" in several and "is-wave" not in several
    assert "没有找到这家企业" in shown(client, q="没有的").content.decode()
    offered = client.get(reverse("simulator_firms"), {"q": "电芯"}).json()["firms"]
    assert [one["name"] for one in offered] == ["电芯厂"]


def test_road_item_and_power(client, three):
    from liantu.places.models import Park

    parks = dict(Park.objects.values_list("code", "id"))
    node = ChainNode.objects.get(name="磷酸铁锂", chain__code=kit.CHAIN).pk
    road = shown(client, kind="road", park=parks["p1"], other=parks["p2"]).content.decode()
    assert "东园与西园之间道路中断" in road and f'<option value="{parks["p2"]}" selected>' in road
    assert "从区外断供" in shown(client, kind="item", node=node, scope="outside").content.decode()
    assert "哪里都买不到" in shown(client, kind="item", node=node, scope="all").content.decode()
    assert "只剩 50% 产能" in shown(client, kind="power", park=parks["p1"], left=50).content.decode()


def test_what_cannot_be_asked_is_answered_in_words(client, three):
    for query, code in (({"kind": "flood"}, "unknown-kind"), ({"kind": "stop", "firm": "99999"}, "unknown-firm"), ({"kind": "stop", "firm": three["正极厂"], "left": "250"}, "bad-share"),
                        ({"kind": "stop", "firm": three["正极厂"], "left": "x"}, "bad-share"), ({"kind": "power", "park": "77"}, "nobody-there")):
        answer = shown(client, **query)
        assert answer.status_code in (400, 404) and code in answer.content.decode(), query


def test_the_drawer_offers_the_firms_of_a_node(client, three):
    text = client.get(reverse("simulator_node", args=["nev_battery/prismatic_cell"]), headers={"X-Fragment": "1"}).content.decode()
    assert "电芯厂" in text and f"firm={three['电芯厂']}" in text and "<html" not in text
    assert "<html" in client.get(reverse("simulator_node", args=["nev_battery/prismatic_cell"])).content.decode()


def test_phone_list_says_whom_what_and_by_how_much(client, three):
    text = client.get(reverse("phone_list"), {"kind": "stop", "firm": three["正极厂"]}).content.decode()
    assert "整车厂" in text and "除正极厂外还有没有别的供应商" in text and "最多减少" in text
    assert "电芯厂" in text and "还能用几天" in text
    assert client.get(reverse("phone_list")).status_code == 400


def test_those_outside_see_no_single_firms_figures(three, people):
    outsider = kit.signed_in(people["outsider"])
    for address in (reverse("simulator"), reverse("phone_list")):
        text = outsider.get(address, {"kind": "stop", "firm": three["正极厂"]}).content.decode()
        assert "电芯厂" in text
        body = re.sub(r"<(style|svg class=\"icon).*?</\1>", "", text)
        assert not any(secret in body for secret in SECRET) and "亿元" not in body and "万元" not in body, address
    text = outsider.get(reverse("simulator"), {"kind": "stop", "firm": three["正极厂"]}).content.decode()
    wave = json.loads(re.search(r'<script id="wave-data" type="application/json">(.*?)</script>', text, re.DOTALL).group(1))
    assert {mark for marks in wave["nodes"].values() for mark in marks} <= {"", "●"} and {tint for tints in wave["tints"].values() for tint in tints} <= {0, 3}
    assert all(step["output"] == "" for step in wave["steps"])
    hits = re.search(r"<tbody>(.*?)</tbody>", text, re.DOTALL).group(1)
    assert not re.search(r"\d+%", hits)
    assert "停摆影响最大的企业" not in outsider.get(reverse("simulator")).content.decode()
    listed = outsider.get(reverse("output", args=["systemic_risk"])).content.decode()
    assert "电芯厂" in listed and not any(secret in listed for secret in SECRET)


def test_signed_out_sees_nothing(three):
    from django.test import Client

    assert Client().get(reverse("simulator")).status_code == 302


def test_the_network_behind_the_page(three):
    found = firm_network(open_edition())
    assert found.count == 3 and found.links.height == 3


def test_two_shocks_side_by_side(client, three):
    other = f"kind=stop&firm={three['整车厂']}"
    assert "请再选一个冲击" in shown(client, **{"with": other}).content.decode()
    text = shown(client, kind="stop", firm=three["正极厂"], **{"with": other}).content.decode()
    part = text[text.index("两个冲击对照"):]
    assert "正极厂停摆" in part and "整车厂停摆" in part and "两个都波及的企业 3 家" in part
    assert "两个冲击对照" not in shown(client, kind="stop", firm=three["正极厂"], **{"with": "kind=stop&firm=9999"}).content.decode()
