"""Placing: proposals change with the words, persons' decisions never do."""

import pytest

from liantu.chains.choices import GRADES
from liantu.chains.models import ChainNode, Placement
from liantu.chains.placing import DECIDED, confirm, place_at, place_firms, place_touched, reject
from liantu.chains.records import load_template_records
from liantu.enterprises.models import Enterprise
from liantu.kernel.batch import Planned
from liantu.kernel.problems import UserError
from tests.robust.kit import csv_bytes, firm_row, form_batch, register, replay

SCOPES = ["锂离子电池制造；锂电池销售", "锂电池电解液、六氟磷酸锂的生产", "餐饮服务", "废旧动力电池回收利用"]


@pytest.fixture
def placed(take):
    load_template_records("nev_battery")
    take(csv_bytes([firm_row(n, 经营范围=scope, 企业名称=f"云澜第{n}实业有限公司") for n, scope in enumerate(SCOPES)]))
    return place_firms()


def test_proposals(placed):
    assert placed.kind == "placement" and placed.created == Placement.objects.count() > 0
    for placement in Placement.objects.all():
        assert placement.grade in {c.value for c in GRADES} - set(DECIDED)
        assert placement.evidence and placement.who == "liantu"
    assert not Placement.objects.filter(enterprise__scope="餐饮服务").exists()
    assert place_firms() is None
    assert register() == replay()


def test_changed_words_are_placed_again(placed, take):
    batch = take(csv_bytes([firm_row(2, 经营范围="锂离子电池制造", 企业名称="云澜第2实业有限公司")]), "二.csv")
    again = place_touched(batch)
    assert again.created >= 1 and Placement.objects.filter(enterprise__scope="锂离子电池制造").exists()
    moved = take(csv_bytes([firm_row(2, 经营范围="锂离子电池制造", 企业名称="云澜第2实业有限公司", 地址="新址")]), "三.csv")
    assert place_touched(moved) is None


def test_decisions_stay(placed, take, django_user_model):
    person = django_user_model.objects.create(username="li")
    first, second = Placement.objects.order_by("id")[:2]
    confirm(first.pk, person, role="master")
    reject(second.pk, person, note="只是销售")
    take(csv_bytes([firm_row(n, 经营范围="餐饮服务", 企业名称=f"云澜第{n}实业有限公司") for n in range(4)]), "二.csv")
    place_firms()
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.grade, first.role, first.who) == ("confirmed", "master", "li")
    assert (second.grade, second.who) == ("rejected", "li")
    assert place_firms() is None
    assert register() == replay()


def test_a_person_puts_a_firm_where_nobody_proposed(placed):
    firm = Enterprise.objects.get(scope="餐饮服务")
    node = ChainNode.objects.order_by("id").first()
    batch = place_at(firm.pk, node.pk, None, role="master")
    assert batch.created == 1
    again = place_at(firm.pk, node.pk, None)
    assert again.updated == 1 and Placement.objects.filter(enterprise=firm).count() == 1
    assert Placement.objects.get(enterprise=firm).role == "master"
    with pytest.raises(UserError) as error:
        confirm(10**9, None)
    assert error.value.code == "unknown-placement"


def test_without_chains_nothing_is_placed(db):
    form_batch([Planned("enterprise", {"name": "锂电池公司", "scope": "锂电池"})])
    assert place_firms() is None


def test_decisions_change_the_grade_of_other_firms(take, monkeypatch):
    """60 firms with good words and 60 with words that people reject: after 25 + 25 decisions the other 70 are graded anew."""
    from dataclasses import replace

    from liantu.chains import placing

    rule = placing.parameter("placement")
    monkeypatch.setattr(placing, "parameter", lambda name: replace(rule, value={**rule.value, "learn_from": 50}))
    load_template_records("nev_battery")
    good, bad = "锂离子电池制造", "锂电池电解液、六氟磷酸锂的生产"
    take(csv_bytes([firm_row(n, 经营范围=good if n % 2 else bad, 企业名称=f"云澜第{n}实业有限公司") for n in range(120)]))
    place_firms()
    at = {scope: list(Placement.objects.filter(enterprise__scope=scope).order_by("id")) for scope in (good, bad)}
    node = {scope: at[scope][0].chain_node_id for scope in at}
    rows = {scope: [p for p in at[scope] if p.chain_node_id == node[scope]] for scope in at}
    before = {scope: {p.grade for p in rows[scope]} for scope in rows}
    assert len(rows[good]) == len(rows[bad]) == 60 and before[bad] == {"likely"} == before[good]
    for placement in rows[good][:25]:
        confirm(placement.pk, None)
    for placement in rows[bad][:25]:
        reject(placement.pk, None)
    place_firms()
    after = {scope: list(Placement.objects.filter(pk__in=[p.pk for p in rows[scope][25:]]).values_list("grade", flat=True)) for scope in rows}
    assert after[good] == ["likely"] * 35 and after[bad] == ["to_verify"] * 35
    print(f"准确率（另 70 家，埋下的答案）：{35 / 70:.2f} → {after[good].count('likely') / (after[good].count('likely') + after[bad].count('likely')):.2f}")
    told = Placement.objects.get(pk=rows[bad][30].pk)
    assert "按本区50条人工判断" in told.evidence and 0 < told.probability < 1
    assert set(Placement.objects.filter(pk__in=[p.pk for p in rows[bad][:25]]).values_list("grade", flat=True)) == {"rejected"}
    assert place_firms() is None and register() == replay()
