"""Two records of one firm become one, with everything that pointed at either; and can be taken apart again."""

from decimal import Decimal

import pytest

from liantu.chains.models import Placement
from liantu.chains.records import save_template
from liantu.chains.template import load_builtin
from liantu.enterprises.duplicates import possible_duplicates
from liantu.enterprises.merging import keep_apart, kept_apart, merge, merges, plan_merge, split
from liantu.enterprises.merging_many import Group, foresee, merge_groups
from liantu.enterprises.models import AnnualFigure, Enterprise, MonthlyFigure
from liantu.kernel.batch import Planned, undo
from liantu.kernel.models import Batch, Change
from liantu.kernel.problems import Refused, UserError
from liantu.kernel.tables import models_by_table
from tests.robust.kit import credit_code, form_batch, register, replay


def told():
    return register()


@pytest.fixture
def two(db):
    """A firm under two names: both with figures, one year on both sides, a supplier, a placement by the machine and one by a person."""
    save_template(load_builtin("nev_battery"))
    node = models_by_table()["chain_node"].objects.first()
    one = Planned("enterprise", {"name": "南昌市恒泰精密机械有限公司", "products": "轴承"})
    two = Planned("enterprise", {"name": "南昌恒泰精蜜机械有限公司", "uscc": credit_code(7), "products": "轴承、齿轮", "address": "工业大道7号"})
    third = Planned("enterprise", {"name": "九江远博电子有限公司", "uscc": credit_code(8)})
    branch = Planned("enterprise", {"name": "恒泰南康分公司"}, links={"branch_of": two})
    form_batch([one, two, third, branch])
    form_batch([
        Planned("annual_figure", {"enterprise": one.record, "year": 2024, "source": "统计", "output": Decimal(100)}),
        Planned("annual_figure", {"enterprise": two.record, "year": 2024, "source": "统计", "output": Decimal(120), "tax": Decimal(5)}),
        Planned("annual_figure", {"enterprise": two.record, "year": 2023, "source": "统计", "output": Decimal(90)}),
        Planned("monthly_figure", {"enterprise": one.record, "period": "2025-01", "output": Decimal(9)}),
        Planned("monthly_figure", {"enterprise": two.record, "period": "2025-01", "power_kwh": Decimal(40)}),
        Planned("supply_link", {"supplier": third.record, "customer": two.record, "supplier_name": "远博", "customer_name": "恒泰", "item": "壳体", "year": 2024}),
        Planned("placement", {"enterprise": one.record, "chain": node.chain_id, "chain_node": node.pk, "grade": "to_verify", "score": Decimal(20), "evidence": "机器"}),
        Planned("placement", {"enterprise": two.record, "chain": node.chain_id, "chain_node": node.pk, "grade": "confirmed", "who": "王", "evidence": "现场看过"})])
    return one.record, two.record, third.record, branch.record


def test_merge_moves_everything_and_says_what_gave_way(two):
    keep, drop, third, branch = two
    plan = plan_merge(keep, drop)
    assert plan.moved == {"enterprise": 1, "annual_figure": 1, "supply_link": 1}
    assert sorted(t for t, _, _ in plan.absorbed) == ["annual_figure", "monthly_figure", "placement"]
    assert [(y.column, y.value, y.kept) for y in plan.yielded if y.table == "annual_figure"] == [("output", Decimal(120), Decimal(100))]
    before = told()
    batch = merge(keep, drop)
    one = Enterprise.objects.get(pk=keep)
    assert (one.name, one.uscc, one.former, one.products, one.address) == ("南昌市恒泰精密机械有限公司", credit_code(7), "南昌恒泰精蜜机械有限公司", "轴承、齿轮", "工业大道7号")
    assert not Enterprise.objects.filter(pk=drop).exists() and Enterprise.objects.get(pk=branch).branch_of_id == keep
    year = AnnualFigure.objects.get(enterprise=keep, year=2024)
    assert (float(year.output), float(year.tax)) == (100, 5) and AnnualFigure.objects.filter(enterprise=keep).count() == 2
    month = MonthlyFigure.objects.get()
    assert (float(month.output), float(month.power_kwh)) == (9, 40)
    placed = Placement.objects.get()
    assert (placed.enterprise_id, placed.grade, placed.who, placed.evidence) == (keep, "confirmed", "王", "现场看过")
    assert replay() == told()
    assert [(m.keep, m.drop, m.drop_code) for m in merges()] == [(keep, drop, credit_code(7))]
    undo(batch)
    assert told() == before and merges() == []


def test_merge_the_other_way_round(two):
    keep, drop, *_ = two
    before = told()
    batch = merge(drop, keep, take=["name"])
    one = Enterprise.objects.get(pk=drop)
    assert (one.name, one.former, one.uscc) == ("南昌市恒泰精密机械有限公司", "南昌恒泰精蜜机械有限公司", credit_code(7))
    undo(batch)
    assert told() == before


def test_split_after_later_work(two):
    keep, drop, third, branch = two
    before = told()
    batch = merge(keep, drop)
    form_batch([Planned("enterprise", {"address": "新地址", "former": "南昌恒泰精蜜机械有限公司、恒泰机械厂"}, record=keep, before={"address": "工业大道7号", "former": "南昌恒泰精蜜机械有限公司"})])
    with pytest.raises(Refused, match="不能撤销"):
        undo(batch)
    split(batch.pk)
    now = told()
    assert now["enterprise"][drop] == before["enterprise"][drop]
    assert now["enterprise"][keep] == {**before["enterprise"][keep], "address": "新地址", "former": "恒泰机械厂"}
    for table in ("annual_figure", "monthly_figure", "supply_link", "placement"):
        assert now[table] == before[table]
    assert now["enterprise"][branch] == before["enterprise"][branch]
    assert replay() == now
    assert possible_duplicates() == [] and merges() == []
    with pytest.raises(Refused, match="已经拆开"):
        split(batch.pk)


def test_two_codes_and_branches_are_refused_and_nothing_is_written(two):
    keep, drop, third, branch = two
    before = told()
    for one, other, words in ((drop, third, "两个法人"), (branch, drop, "分支机构"), (keep, keep, "同一条")):
        with pytest.raises(Refused, match=words):
            merge(one, other)
    with pytest.raises(UserError, match="可能已经合并"):
        merge(keep, 10**6)
    with pytest.raises(Refused, match="别人改过"):
        merge(keep, drop, seen=(99, 1))
    assert told() == before


def test_a_word_that_they_are_two_firms_is_remembered_and_can_be_taken_back(two):
    keep, drop, *_ = two
    assert {(d.one, d.other) for d in possible_duplicates()} == {(keep, drop)}
    batch = keep_apart(drop, keep, reason="两处厂房")
    assert possible_duplicates() == []
    with pytest.raises(Refused, match="已经判过"):
        keep_apart(keep, drop)
    undo(batch)
    assert len(possible_duplicates()) == 1


def test_a_link_between_the_two_goes_and_stays_in_history(two):
    keep, drop, *_ = two
    form_batch([Planned("supply_link", {"supplier": keep, "customer": drop, "supplier_name": "甲", "customer_name": "乙", "item": "油", "year": 2024})])
    before = told()
    assert len(plan_merge(keep, drop).loops) == 1
    batch = merge(keep, drop)
    assert len(told()["supply_link"]) == 1
    undo(batch)
    assert told() == before


def test_every_table_that_points_at_a_firm_is_a_record(db):
    """What is no Record would be left pointing at a firm that is gone."""
    assert {r.related_model for r in Enterprise._meta.related_objects} <= set(models_by_table().values())


@pytest.fixture
def many(two):
    """Beside the two: a third spelling of the same firm, and two spellings of another firm with figures."""
    keep, drop, third, _ = two
    more = [Planned("enterprise", {"name": "南昌市恒泰精密机戒有限公司", "address": "二号门"}), Planned("enterprise", {"name": "九江远搏电子有限公司"})]
    form_batch(more)
    again, nearly = (p.record for p in more)
    form_batch([Planned("annual_figure", {"enterprise": pk, "year": 2023, "source": "统计", "output": Decimal(7)}) for pk in (again, nearly)])
    return keep, drop, again, third, nearly


def alike(*pairs):
    return {frozenset(p) for p in pairs}


def revisions(*ids):
    return {pk: Enterprise.objects.get(pk=pk).revision for pk in ids}


def test_several_pairs_are_one_batch_and_go_back_in_one_go(many):
    keep, drop, again, third, nearly = many
    groups = [Group(keep, (drop, again)), Group(third, (nearly,))]
    pairs = alike((keep, drop), (keep, again), (third, nearly))
    before, changes = told(), Change.objects.count()
    seen = foresee(groups, pairs)
    assert [f.refusal for f in seen] == [None, None] and [len(f.plans) for f in seen] == [2, 1] and seen[1].plans[0].moved == {"annual_figure": 1}
    assert told() == before and Change.objects.count() == changes and not Batch.objects.filter(kind="merge").exists()
    batch = merge_groups(groups, pairs, seen=revisions(*many))
    assert Batch.objects.filter(kind="merge").count() == 1 and replay() == told()
    firm = Enterprise.objects.get(pk=keep)
    assert (firm.uscc, firm.former) == (credit_code(7), "南昌恒泰精蜜机械有限公司、南昌市恒泰精密机戒有限公司")
    assert set(Enterprise.objects.values_list("pk", flat=True)) & set(many) == {keep, third} and AnnualFigure.objects.filter(enterprise=third).count() == 1
    assert [(m.keep, m.drop, m.of, m.first) for m in merges()] == [(keep, drop, 3, True), (keep, again, 3, False), (third, nearly, 3, False)]
    undo(batch)
    assert told() == before and merges() == [] and replay() == before


def test_several_pairs_are_taken_apart_after_later_work(many):
    keep, drop, again, third, nearly = many
    before = told()
    batch = merge_groups([Group(keep, (drop, again)), Group(third, (nearly,))], alike((keep, drop), (keep, again), (drop, again), (third, nearly)), seen=revisions(*many))
    form_batch([Planned("enterprise", {"capital": Decimal(5)}, record=keep)])
    with pytest.raises(Refused, match="不能撤销"):
        undo(batch)
    split(batch.pk)
    now = told()
    assert now["enterprise"] == {**before["enterprise"], keep: {**before["enterprise"][keep], "capital": "5"}} and replay() == now
    assert all(now[t] == before[t] for t in ("annual_figure", "monthly_figure", "supply_link", "placement"))
    assert kept_apart() == alike((keep, drop), (keep, again), (drop, again), (third, nearly))


def test_conflicts_are_refused_in_words_and_nothing_is_written(many):
    keep, drop, again, third, nearly = many
    chain = alike((keep, drop), (drop, again), (third, nearly), (drop, third))
    before = told()
    for groups, words in (([Group(keep, (drop, again))], "没有列为疑似重复，不能因为都像第三家"), ([Group(third, (nearly,)), Group(drop, (third,))], "两组里"), ([], "没有选中"),
                          ([Group(nearly, (third,)), Group(keep, (again,))], "没有列为")):
        with pytest.raises(UserError, match=words):
            merge_groups(groups, chain, seen=revisions(*many))
    with pytest.raises(Refused, match="两个法人"):  # the second group is refused: the first is not merged either
        merge_groups([Group(keep, (again,)), Group(drop, (third,))], chain | alike((keep, again)), seen=revisions(*many))
    assert [f.refusal.code if f.refusal else None for f in foresee([Group(drop, (third,)), Group(third, (nearly,))], chain)] == ["two-codes", None]
    with pytest.raises(Refused, match="别人改过"):
        merge_groups([Group(third, (nearly,))], chain, seen={third: 99, nearly: 1})
    assert told() == before
    keep_apart(third, nearly)
    with pytest.raises(Refused, match="不是同一家"):
        merge_groups([Group(third, (nearly,))], chain, seen=revisions(*many))


def test_codes_of_a_group_are_looked_at_where_the_earlier_ones_are_merged(many):
    """The record that stays has no code and takes one from the first; a third with another code is a second legal person."""
    keep, drop, _, third, _ = many
    every = alike((keep, drop), (keep, third), (drop, third))
    before = told()
    assert foresee([Group(keep, (drop, third))], every)[0].refusal.code == "two-codes"
    with pytest.raises(Refused, match="两个法人"):
        merge_groups([Group(keep, (drop, third))], every, seen=revisions(keep, drop, third))
    assert told() == before
