"""Writing and taking back, row by row."""

from decimal import Decimal

import pytest

from liantu.enterprises.models import AnnualFigure, Enterprise
from liantu.kernel.batch import Planned, dependants, from_plain, plain, same, undo
from liantu.kernel.models import Change
from liantu.kernel.problems import Refused
from tests.robust.kit import credit_code, csv_bytes, firm_row, firm_sheet, form_batch, register, replay


def test_create_update_and_history(take):
    first = take(firm_sheet(range(5)))
    assert (first.created, first.updated, Enterprise.objects.count()) == (5, 0, 5)
    second = take(firm_sheet(range(5), 地址="云澜区新址1号"), "名录2.csv")
    assert (second.created, second.updated) == (0, 5)
    assert register() == replay()
    change = second.changes.first()
    assert set(change.before) == set(change.after) == {"address"}
    assert Enterprise.objects.values_list("revision", flat=True).distinct().get() == 2


def test_links_to_rows_of_the_same_batch(take):
    batch = take(csv_bytes([{**firm_row(n), "2025年营业收入（万元）": str(1000 + n)} for n in range(3)]))
    figure = AnnualFigure.objects.select_related("enterprise").order_by("id").last()
    assert (figure.enterprise.uscc, figure.year, figure.revenue) == (credit_code(2), 2025, Decimal(1002))
    assert batch.changes.filter(table="annual_figure").count() == 3
    assert register() == replay()


def test_undo_takes_firms_and_their_figures(take):
    before = register()
    batch = take(csv_bytes([{**firm_row(n), "2025年营业收入（万元）": str(1000 + n)} for n in range(3)]))
    reverse = undo(batch)
    assert register() == before
    assert (reverse.undoes_id, reverse.deleted) == (batch.pk, 6)
    with pytest.raises(Refused) as refused:
        undo(batch)
    assert refused.value.code == "already-undone"
    with pytest.raises(Refused) as refused:
        undo(reverse)
    assert refused.value.code == "undo-of-undo"


def test_undo_rows_that_refer_to_each_other(db):
    head = Planned("enterprise", {"name": "总公司"})
    branch = Planned("enterprise", {"name": "分公司"}, links={"branch_of": head})
    batch = form_batch([head])
    form = form_batch([Planned("enterprise", {"name": "另一分公司", "branch_of": head.record})])
    assert any("引用" in line for line in dependants(batch))
    undo(form)
    undo(batch)
    second = form_batch([Planned("enterprise", {"name": "总公司"})])
    undo(second)
    assert branch.links["branch_of"] is head and not Enterprise.objects.exists()


def test_undo_of_a_row_that_another_row_was_led_to_in_the_same_batch(db):
    """The reference goes back with the batch, so it does not stand in the way; one set later does."""
    first = Planned("enterprise", {"name": "甲公司"})
    figure = Planned("annual_figure", {"year": 2025}, links={"enterprise": first})
    form_batch([first, figure])
    second = Planned("enterprise", {"name": "乙公司"})
    moved = Planned("annual_figure", {}, record=figure.record, before={"enterprise": first.record}, links={"enterprise": second})
    batch = form_batch([second, moved])
    undo(batch)
    assert AnnualFigure.objects.get().enterprise_id == first.record and Enterprise.objects.count() == 1
    third = Planned("enterprise", {"name": "丙公司"})
    batch = form_batch([third])
    form_batch([Planned("annual_figure", {"enterprise": third.record}, record=figure.record, before={"enterprise": first.record})])
    with pytest.raises(Refused):
        undo(batch)


def test_undo_of_a_deletion_brings_the_same_row_back(db):
    row = Planned("enterprise", {"name": "甲公司", "uscc": credit_code(1), "capital": Decimal("12.5")})
    form_batch([row])
    before = register()
    gone = form_batch([Planned("enterprise", {}, record=row.record, delete=True)])
    assert gone.deleted == 1 and not Enterprise.objects.exists()
    undo(gone)
    assert register() == before == replay()
    new = Planned("enterprise", {"name": "乙公司"})
    form_batch([new])
    assert new.record != row.record


def test_deleting_what_others_refer_to_is_refused(db):
    head = Planned("enterprise", {"name": "总公司"})
    form_batch([head])
    form_batch([Planned("enterprise", {"name": "分公司", "branch_of": head.record})])
    with pytest.raises(Refused) as refused:
        form_batch([Planned("enterprise", {}, record=head.record, delete=True)])
    assert refused.value.code == "still-referred-to" and "企业" in str(refused.value)


def test_undo_that_would_bring_back_a_reference_to_a_row_that_is_gone(db):
    first, second = Planned("enterprise", {"name": "甲"}), Planned("enterprise", {"name": "乙"})
    branch = Planned("enterprise", {"name": "丙"})
    heads = form_batch([first])
    form_batch([second])
    form_batch([branch])
    form_batch([Planned("enterprise", {"branch_of": first.record}, record=branch.record, before={"branch_of": None})])
    moved = form_batch([Planned("enterprise", {"branch_of": second.record}, record=branch.record, before={"branch_of": first.record})])
    undo(heads)
    with pytest.raises(Refused) as refused:
        undo(moved)
    assert refused.value.code == "batch-in-use"
    assert register() == replay()


def test_a_stale_edit_is_refused(db):
    row = Planned("enterprise", {"name": "甲公司"})
    form_batch([row])
    form_batch([Planned("enterprise", {"address": "一号"}, record=row.record, before={"address": None}, revision=1)])
    with pytest.raises(Refused) as refused:
        form_batch([Planned("enterprise", {"address": "二号"}, record=row.record, before={"address": None}, revision=1)])
    assert refused.value.code == "changed-meanwhile"
    assert Enterprise.objects.get().address == "一号"
    assert Change.objects.count() == 2
    assert register() == replay()


@pytest.mark.parametrize(("kind", "value"), [("money", Decimal("12.5")), ("text", "甲"), ("integer", 3), ("flag", False), ("date", None)])
def test_plain_and_back(kind, value):
    assert from_plain(kind, plain(value)) == value


def test_same():
    assert same(Decimal("1"), Decimal("1.0000")) and same(None, "") and not same(Decimal(0), None) and not same("a", "b")
