"""The pages on gap verdicts: list, picture, own weights, one node, who may see what, and the way from the chain map."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from liantu.chains.models import ChainNode
from liantu.enterprises.models import Enterprise
from liantu.kernel.edition import freeze
from tests.unit.web import kit

GAP = "nev_battery/separator_base"


@pytest.fixture
def gap(small):
    """A missing node with a filled demand, known supply far away, one place that chases it and one that is too far."""
    node, user = ChainNode.objects.get(code=GAP), ChainNode.objects.get(code=kit.NODE)
    firm = Enterprise.objects.first()
    kit.create("node_profile", chain_node=node.pk, efficient_output=Decimal(1000), land_mu=Decimal(30), energy_tce=Decimal(90), jobs=40, value_added_share=Decimal("0.3"), tax_per_mu=Decimal(12),
               import_share=Decimal("0.6"), pollution="low", source="行业调研")
    kit.create("node_input", chain_node=node.pk, user_node=user.pk, input_share=Decimal("0.01"), source="投入产出表")
    kit.create("supply_link", supplier_name="外地隔膜厂", customer=firm.pk, customer_name=firm.name, item="隔膜", chain_node=node.pk, amount=Decimal(2600), year=2025)
    kit.create("outside_presence", name="丙隔膜集团", kind="leader", chain_node=node.pk, city="远市", longitude=Decimal(119), latitude=Decimal(32), source="调研")
    kit.create("neighbour_priority", place="乙县", direction="隔膜", chain_node=node.pk, distance_km=Decimal(80), source="公报")
    kit.create("neighbour_priority", place="丁市", direction="隔膜", chain_node=node.pk, distance_km=Decimal(500), source="公报")
    kit.change("enterprise", longitude=Decimal(116), latitude=Decimal(28))
    freeze(number="2.0", approver="链长", as_of=date(2026, 10, 31))
    return node


def text(client, name="gap_verdicts", **query):
    answer = client.get(reverse(name), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_has_chips_the_picture_and_filters(client, gap):
    shown = text(client)
    assert "需求倍数" in shown and 'class="verdict-axes"' in shown and shown.count("<input") >= 6 and "本地需求够一家厂，本区缺" in shown
    assert "本地需求够一家厂，本区缺" not in text(client, verdict="verify") and "没有最小经济规模" in text(client, verdict="verify")
    assert "没有符合条件" in text(client, chain="no_such")
    client.cookies["django_language"] = "en"
    english = text(client)
    assert "Local demand fills a plant" in english and "Chance to take root" in english and "吸引力" not in english


def test_own_weights_rank_anew_beside_the_standard(client, gap):
    shown = text(client, w_tax="100", w_gap="0")
    assert "恢复标准" in shown and "名次（标准→本区）" in shown and 'value="100"' in shown and re.search(r'<td class="num">15</td>', shown)
    assert "恢复标准" not in text(client, w_tax="-5", w_jobs="viel", w_gap="101")  # what is no weight stays standard


def test_one_node_tells_every_fact_with_period_source_and_passport(client, gap):
    shown = text(client, "gap_verdict", code=GAP)
    for word in ("招引", "2,600", "2.60", "行业调研", "供需关系登记", "丙隔膜集团", "乙县", "太远不计", "第", "百分位", f"/why/gap_verdict/{GAP.replace('/', '%2F')}/demand_ratio"):
        assert word in shown, word
    assert "落地可能" in shown and "不估计" in shown  # no records of regions: said, not guessed
    client.cookies["django_language"] = "en"
    assert "What the verdict rests on" in text(client, "gap_verdict", code=GAP)


def test_those_outside_see_no_purchases(gap, people):
    outside = kit.signed_in(people["outsider"])
    shown = text(outside, "gap_verdict", code=GAP)
    assert "2,600" not in shown and "2.60" not in shown and "您的账号不显示" in shown and "招引" in shown
    assert "需求倍数</th>" not in text(outside)


def test_a_node_that_is_no_gap_is_answered_in_words(client, gap):
    answer = client.get(reverse("gap_verdict"), {"code": "nev_battery/<b>"})
    assert answer.status_code in (400, 404) and "不在缺口清单里" in answer.content.decode() and "<b>」" not in answer.content.decode()


def test_the_chain_map_leads_here(client, gap):
    chain = kit.CHAIN
    assert reverse("gap_verdict") in client.get(reverse("node", args=[chain, GAP])).content.decode()
