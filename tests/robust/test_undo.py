"""Taking back: exactly what was there before, or a refusal that names what stands in the way."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liantu.chains.models import ChainNode, Placement
from liantu.chains.placing import confirm, place_firms
from liantu.chains.records import load_template_records
from liantu.enterprises.models import Enterprise
from liantu.kernel.batch import undo
from liantu.kernel.desk import accept, open_draft
from liantu.kernel.models import Batch
from liantu.kernel.problems import Refused
from tests.robust.kit import credit_code, csv_bytes, firm_row, firm_sheet, register, replay


def test_later_batches_on_the_same_rows_stand_in_the_way(take):
    first = take(firm_sheet(range(5)))
    second = take(firm_sheet(range(3), 地址="新址"), "二.csv")
    with pytest.raises(Refused) as refused:
        undo(first)
    assert second.number in str(refused.value) and "企业" in str(refused.value)
    undo(second)
    undo(first)
    assert not Enterprise.objects.exists() and register() == replay()


def test_rows_that_refer_to_the_new_ones_stand_in_the_way(take):
    firms = take(firm_sheet(range(4)))
    figures = take(csv_bytes([{"统一社会信用代码": credit_code(n), "企业名称": firm_row(n)["企业名称"], "年份": "2025", "营业收入（万元）": "7"} for n in range(3)]), "年报.csv",
                   as_table="annual_figure")
    with pytest.raises(Refused) as refused:
        undo(firms)
    assert "企业年度数据" in str(refused.value) and "3 行" in str(refused.value)
    undo(figures)
    undo(firms)
    assert register() == replay()


def test_placements_stand_in_the_way(take):
    load_template_records("nev_battery")
    batch = take(csv_bytes([firm_row(n, 经营范围="锂离子电池制造；锂电池电解液、正极材料的生产", 企业名称=f"云澜第{n}锂电池有限公司") for n in range(3)]))
    placed = place_firms()
    assert placed is not None and Placement.objects.exists()
    with pytest.raises(Refused) as refused:
        undo(batch)
    assert "入链" in str(refused.value)
    decision = confirm(Placement.objects.order_by("id")[0].pk, None)
    with pytest.raises(Refused) as refused:
        undo(placed)
    assert decision.number in str(refused.value)
    for one in (decision, placed, batch):
        undo(one)
    assert register() == replay()


def test_chain_template_taken_back_and_loaded_again(db):
    before = register()
    batch = load_template_records("nev_battery")
    first = [row["code"] for row in register("chain_node")["chain_node"].values()]
    undo(batch)
    assert register() == before
    load_template_records("nev_battery")
    assert [row["code"] for row in register("chain_node")["chain_node"].values()] == first
    assert ChainNode.objects.count() == len(first) and register() == replay()


def test_unchanged_and_odd_values_come_back(take):
    """Zeros, flags, dates, long texts and empty cells return as they were."""
    rows = [{**firm_row(n), "注册资本（万元）": "0", "是否规上": "否", "2025年营业收入（万元）": "0"} for n in range(3)]
    take(csv_bytes(rows))
    before = register()
    for row in rows:
        row.update({"注册资本（万元）": "5", "是否规上": "是", "成立日期": "1999-12-31", "经营范围": "很长" * 2000, "2025年营业收入（万元）": "-3.5", "曾用名": "某某厂", "资质": "高企"})
    batch = take(csv_bytes(rows), "二.csv")
    assert register() != before
    undo(batch)
    assert register() == before == replay()


steps = st.lists(st.one_of(st.tuples(st.just("import"), st.integers(0, 7), st.integers(1, 6), st.integers(0, 3)), st.tuples(st.just("undo"), st.integers(0, 9))), min_size=2, max_size=9)


@pytest.mark.usefixtures("site")
@pytest.mark.django_db
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps)
def test_any_sequence_of_imports_and_undos(walk):
    """After any walk the register is what the history tells; and what the batches that were not undone tell by themselves."""
    from django.db import transaction

    with transaction.atomic():
        start = register()
        taken: list[tuple[Batch, bytes]] = []
        for step in walk:
            if step[0] == "import":
                data = _sheet(*step[1:])
                batch = accept(open_draft(data, "表.csv"))
                if batch is not None:
                    taken.append((batch, data))
            elif taken:
                chosen = taken[step[1] % len(taken)]
                before = register()
                try:
                    undo(chosen[0])
                    taken.remove(chosen)
                except Refused as refused:
                    assert refused.code == "batch-in-use" and register() == before
            assert register() == replay()
        assert register() == replay(standing=True)
        while taken:
            undo(taken.pop()[0])
        assert register() == start
        for batch in Batch.objects.filter(kind="import").order_by("id"):
            assert Batch.objects.filter(undoes=batch).exists()
        transaction.set_rollback(True)


def _sheet(first: int, count: int, version: int) -> bytes:
    """Some firms with figures; each version says other addresses, and every second one other figures."""
    return csv_bytes([{**firm_row(n), "地址": f"{version}号", "2025年营业收入（万元）": str(100 + version // 2)} for n in range(first, first + count)])
