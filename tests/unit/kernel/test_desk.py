"""The import desk: a draft is read as often as one likes and saved once, whole, by a person's word."""

import pytest

from liantu.enterprises.models import Enterprise
from liantu.kernel.desk import accept, correct, discard, file_path, inspect, open_draft, read_draft, tables_in
from liantu.kernel.models import Batch, Change, Draft, Remembered, StoredFile
from liantu.kernel.problems import Refused, UserError
from tests.robust.kit import credit_code, csv_bytes, firm_row, firm_sheet

pytestmark = pytest.mark.usefixtures("site", "db")


def test_nothing_is_saved_before_accepting():
    draft = open_draft(firm_sheet(range(3)), "名录.csv")
    found = inspect(draft)
    assert found.plan.counts() == {"created": 3, "updated": 0} and found.good == 3
    assert (Enterprise.objects.count(), Batch.objects.count(), Change.objects.count()) == (0, 0, 0)
    assert file_path(draft.file_id).read_bytes() == firm_sheet(range(3))
    assert tables_in(draft) == ["enterprise"]


def test_errors_hold_everything_unless_asked_for_the_good_rows():
    rows = [firm_row(0), {**firm_row(1), "统一社会信用代码": "913600000000000000"}, firm_row(2)]
    draft = open_draft(csv_bytes(rows), "名录.csv")
    with pytest.raises(Refused) as refused:
        accept(draft)
    assert refused.value.code == "has-errors" and not Enterprise.objects.exists()
    assert Draft.objects.get().state == "open"
    batch = accept(draft, good_only=True, note="注" * 500)
    assert batch.created == 2 and len(batch.note) == 200
    assert Draft.objects.get().summary["bad"] == 1
    with pytest.raises(Refused) as refused:
        accept(draft, good_only=True)
    assert refused.value.code == "draft-closed"


def test_told_runs_inside_the_transaction():
    draft = open_draft(firm_sheet(range(3)), "名录.csv")

    def broken(plan):
        assert all(item.record for _, _, item in plan.met)
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        accept(draft, told=broken)
    assert (Enterprise.objects.count(), Batch.objects.count(), Draft.objects.get().state) == (0, 0, "open")


def test_a_discarded_draft_is_closed():
    draft = open_draft(firm_sheet(range(3)), "名录.csv")
    discard(draft)
    with pytest.raises(Refused):
        accept(draft)
    assert StoredFile.objects.count() == 1


def test_a_header_is_explained_once():
    rows = [{"统一社会信用代码": credit_code(n), "企业名称": f"第{n}精密制造公司", "家底": str(100 + n)} for n in range(3)]
    draft = open_draft(csv_bytes(rows), "名录.csv", as_table="enterprise")
    sheet = read_draft(draft).layouts[0].sheet
    correct(draft, sheet, "家底", "capital")
    accept(draft)
    assert [str(c) for c in Enterprise.objects.order_by("id").values_list("capital", flat=True)] == ["100.0000", "101.0000", "102.0000"]
    later = open_draft(csv_bytes([{**r, "家底": "7"} for r in rows]), "下月.csv", as_table="enterprise")
    accept(later)
    assert Enterprise.objects.filter(capital=7).count() == 3 and Remembered.objects.count() == 1
    with pytest.raises(UserError):
        correct(later, "没有这张表", "家底", None)


@pytest.mark.parametrize(("data", "name", "code"), [(b"", "空.csv", "file-empty"), (b"%PDF-1.7", "表.pdf", "file-is-pdf"), (b"PK\x03\x04rubbish", "坏.xlsx", "file-damaged")])
def test_files_that_are_no_tables(data, name, code):
    with pytest.raises(UserError) as error:
        open_draft(data, name)
    assert error.value.code == code
    assert not StoredFile.objects.exists() and not Draft.objects.exists()


def test_a_file_without_a_known_table():
    draft = open_draft("会议纪要,备忘\n今天讨论了很多问题,略\n散会,略\n".encode(), "纪要.csv")
    with pytest.raises(UserError) as error:
        inspect(draft)
    assert error.value.code == "no-table"
    with pytest.raises(UserError) as error:
        open_draft(firm_sheet([1]), "名录.csv", as_table="nothing")
    assert error.value.code == "unknown-table"


def test_long_and_odd_file_names():
    draft = open_draft(firm_sheet(range(2)), "../../" + "很长的名字" * 80 + ".csv")
    batch = accept(draft)
    assert len(batch.file.name) <= 255 and "/" not in batch.file.name
    change = batch.changes.first()
    assert len(change.sheet) <= 100 and change.sheet in batch.layouts
    from liantu.kernel.history import origins

    assert {o.column: o.cell for o in origins("enterprise", change.record)}["name"] == "B2"
    assert {o.column: o.seen for o in origins("enterprise", change.record)}["name"] == firm_row(0)["企业名称"]
