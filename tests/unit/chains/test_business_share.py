"""Shares of business at nodes: told from products that carry shares, never invented, and a person's or a table's share stays."""

from decimal import Decimal

import pytest

from liantu.chains.business_share import ToldShares, told_here
from liantu.chains.models import ChainNode, Placement
from liantu.chains.placing import confirm, place_at, place_firms, place_touched
from liantu.chains.records import load_template_records
from liantu.enterprises.models import Enterprise
from liantu.enterprises.product_words import product_words
from liantu.kernel.batch import Planned, undo
from liantu.methods.placement import NodeText, Placer
from tests.robust.kit import csv_bytes, firm_row, form_batch, register, replay

CELL, LIQUID = "方形电芯", "电解液"


def shares(firm):
    return {p.chain_node.name: p.business_share for p in Placement.objects.filter(enterprise=firm).select_related("chain_node")}


@pytest.fixture
def placed(take):
    load_template_records("nev_battery")
    take(csv_bytes([firm_row(1, 经营范围="", 企业名称="云澜实业有限公司", 主导产品=f"{CELL}（60%）、{LIQUID}（25%）、包子（15%）")]))
    place_firms()
    return Enterprise.objects.get()


def changed(take, words, name="二.csv"):
    batch = take(csv_bytes([firm_row(1, 企业名称="云澜实业有限公司", 主导产品=words)]), name)
    place_touched(batch)
    return batch


def test_told_from_products_with_the_origin_in_the_evidence(placed, take):
    told = Placement.objects.filter(enterprise=placed, business_share__isnull=False)
    assert {p.business_share for p in told} == {Decimal("0.6"), Decimal("0.25")}
    cell = told.get(business_share=Decimal("0.6"))
    assert cell.evidence.endswith(f"；业务占比:60%（按主导产品 {CELL} 60%）") and not cell.evidence.startswith("业务占比")
    assert sum(p.business_share for p in told) <= 1 and place_firms() is None
    before = register()
    batch = changed(take, f"{CELL}（1亿元）、{LIQUID}（3亿元）")
    assert Enterprise.objects.get().products == f"{CELL}（占25%）、{LIQUID}（占75%）、包子"  # what a firm takes stays out of its public list of products
    assert {p.business_share for p in told.all()} == {Decimal("0.25"), Decimal("0.75")}
    assert replay() == register()
    undo(Placement.objects.model._meta.apps.get_model("kernel", "Batch").objects.filter(kind="placement").latest("id"))
    undo(batch)
    assert register() == before


def test_never_invented(placed, take):
    firm = form_batch([Planned("enterprise", {"name": "甲公司", "products": f"{CELL}、{LIQUID}"}), Planned("enterprise", {"name": "乙公司", "products": "六氟磷酸锂（99.9%）"})])
    place_touched(firm)
    assert Placement.objects.exclude(enterprise=placed).exists() and not Placement.objects.exclude(enterprise=placed).filter(business_share__isnull=False).exists()
    enterprise = Enterprise.objects.get(pk=placed.pk)
    form_batch([Planned("enterprise", {"products": f"{CELL}、{LIQUID}"}, record=placed.pk, before={"products": enterprise.products})])
    place_firms()
    assert set(shares(placed).values()) == {None} and not Placement.objects.filter(evidence__contains="业务占比").exists()


@pytest.mark.parametrize(("words", "wanted"), [
    ("甲材（营收占比40%）、乙材", {"a": Decimal("0.4"), "b": None}),
    ("甲材（40%）、乙材（30%）、甲材管（30%）", {"a": Decimal("0.7"), "b": Decimal("0.3")}),
    ("甲材（占60%）、甲材管", {"a": None, "b": None}),  # how much of the rest belongs here is open
    ("甲材（占99%）、甲材管", {"a": Decimal("0.99"), "b": None}),
    ("双材（占50%）、甲材（占50%）", {"a": Decimal("0.5"), "b": None}),  # 双材 is a word of two nodes
    ("甲材（占70%）、乙材（占70%）", {"a": None, "b": None}),
])
def test_what_products_leave_open_stays_open(words, wanted):
    nodes = [NodeText("a", "甲材", products=("双材", "甲材管"), chain="c"), NodeText("b", "乙材", products=("双材",), chain="c")]
    told = ToldShares(Placer(nodes, likely=0.6, verify=0.3), {1: product_words(words)})
    assert {code: (found := told.share(1, code)) and found[0] for code in "ab"} == wanted


def test_one_product_in_two_chains_belongs_to_both():
    nodes = [NodeText("a", "甲材", chain="c"), NodeText("b", "甲材", chain="d")]
    told = ToldShares(Placer(nodes, likely=0.6, verify=0.3), {1: product_words("甲材（占30%）")})
    assert [told.share(1, code)[0] for code in "ab"] == [Decimal("0.3")] * 2


def test_shares_of_people_and_tables_stay(placed, take, django_user_model):
    person = django_user_model.objects.create(username="li")
    one, two = Placement.objects.filter(enterprise=placed, business_share__isnull=False).order_by("business_share")
    form_batch([Planned("placement", {"business_share": Decimal("0.5")}, record=one.pk, before={"business_share": one.business_share})])
    confirm(two.pk, person)
    changed(take, f"{CELL}（10%）、{LIQUID}（90%）")
    one.refresh_from_db(), two.refresh_from_db()
    assert one.business_share == Decimal("0.5") and "业务占比" not in one.evidence  # by hand: stays, and the evidence no longer says otherwise
    assert two.business_share == Decimal("0.1") and (two.grade, two.who) == ("confirmed", "li")  # told here: told anew
    form_batch([Planned("placement", {"business_share": Decimal("0.8")}, record=two.pk, before={"business_share": two.business_share})])
    changed(take, f"{CELL}（20%）、{LIQUID}（80%）", "三.csv")
    two.refresh_from_db()
    assert two.business_share == Decimal("0.8") and not told_here(two.business_share, two.evidence)


def test_a_node_chosen_by_a_person_gets_its_share(placed, take):
    node = ChainNode.objects.exclude(pk__in=Placement.objects.values("chain_node")).exclude(name__contains="电池").first()
    place_at(placed.pk, node.pk, None)
    changed(take, f"{CELL}（20%）、{node.name}（80%）")
    assert shares(placed)[node.name] == Decimal("0.8")
