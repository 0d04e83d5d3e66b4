"""The import desk: several files at once, corrections that are remembered, all problems, accepting, undoing."""

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from liantu.enterprises.models import Enterprise
from liantu.kernel.models import Batch, Draft, Remembered
from tests.unit.web.kit import FIRMS, sheet, signed_in

UGLY = [["企业名称", "企业规模", "注册资本（万元）", "地址", "内部代号"],
        ["丙材料有限公司", "大型", 100, '<script>alert(1)</script>', "X1"],
        ["丁机械有限公司", "特大", "一千", '="cmd|\' /C calc\'!A0"', "X2"],
        ["戊\u202e科技有限公司", "小型", 5, "正常", "X3"]]


def upload(client, *files, **more):
    return client.post(reverse("desk"), {"files": [SimpleUploadedFile(n, d) for n, d in files], **more})


def draft_of(client, rows=UGLY, name="表.xlsx"):
    upload(client, (name, sheet(rows)))
    return Draft.objects.latest("pk")


def test_several_files_each_get_an_answer(client):
    answer = upload(client, ("好.xlsx", sheet(FIRMS)), ("坏.xlsx", b"not a workbook at all \x00\x01"), ("空.csv", b""))
    page = client.get(answer.url).content.decode()
    assert Draft.objects.count() == 1
    assert "好.xlsx" in page and "坏.xlsx" in page and "空.csv" in page
    assert page.count('class="bad"') == 2


def test_one_file_leads_to_its_draft_also_for_scripts(client):
    answer = client.post(reverse("desk"), {"files": [SimpleUploadedFile("a.xlsx", sheet(FIRMS))]}, headers={"Accept": "application/json"})
    assert answer.json()["url"] == reverse("draft", args=[Draft.objects.get().pk])


def test_no_file_is_said_plainly(client):
    assert "还没有选择文件" in client.post(reverse("desk"), {}, follow=True).content.decode()


def test_draft_shows_guesses_problems_and_escapes_cells(client):
    page = client.get(reverse("draft", args=[draft_of(client).pk]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "<script>alert" not in text and "&lt;script&gt;alert" in text
    assert "not-a-choice" in text and "bad-number" in text and "只导入无误的" in text and "全部导入" not in text
    assert "\u202e" not in text.split("<main", 1)[1]
    for directive in ("style=", "onclick=", "<script>"):
        assert directive not in text


def test_problems_are_filtered_by_code_and_severity(client):
    url = reverse("draft", args=[draft_of(client).pk])
    rows = client.get(url, {"code": "bad-number"}).content.decode().split("<tbody>")[1].split("</tbody>")[0]
    assert "一千" in rows and "特大" not in rows
    assert "一千" in client.get(url, {"severity": "error", "page": "99999"}).content.decode()


def test_correction_is_remembered_and_the_sheet_read_again(client):
    draft = draft_of(client)
    url = reverse("draft_correct", args=[draft.pk])
    client.post(url, {"sheet": "名录", "count": "1", "header_0": "内部代号", "column_0": "former", "was_0": ""})
    assert Remembered.objects.get().column == "former"
    other = draft_of(client, [["企业名称", "内部代号"], ["己公司", "旧名甲"]], "另一份.xlsx")
    assert "记住" in client.get(reverse("draft", args=[other.pk])).content.decode()


@pytest.mark.parametrize("column", ["no_such", "annual_figure", "revenue|x"])
def test_odd_corrections_are_refused_in_words(client, column):
    draft = draft_of(client)
    answer = client.post(reverse("draft_correct", args=[draft.pk]), {"sheet": "名录", "count": "1", "header_0": "内部代号", "column_0": column, "was_0": ""})
    assert answer.status_code in (400, 404) and "列" in answer.content.decode()


def test_good_rows_go_in_and_the_batch_can_be_undone(client, people):
    draft = draft_of(client)
    assert client.post(reverse("draft_accept", args=[draft.pk]), {"rows": "all"}).status_code == 409
    assert Enterprise.objects.count() == 0
    answer = client.post(reverse("draft_accept", args=[draft.pk]), {"rows": "good", "note": "十一月"}, follow=True)
    batch = Batch.objects.get(kind="import")
    assert Enterprise.objects.count() == 2 and batch.by == people["editor"] and batch.note == "十一月"
    text = answer.content.decode()
    assert batch.number in text and "工作版次" in text and "&lt;script&gt;" in text and "<script>alert" not in text
    assert client.post(reverse("draft_accept", args=[draft.pk]), {"rows": "good"}).status_code == 409
    client.post(reverse("undo_batch", args=[batch.pk]), {"note": "错了"})
    assert Enterprise.objects.count() == 0
    assert "已经撤销" in client.get(reverse("batch", args=[batch.pk])).content.decode()


def test_undo_takes_the_machines_placements_along_but_not_a_persons(client, small):
    from liantu.chains.models import Placement

    batch = Batch.objects.filter(kind="import").earliest("pk")
    refused = client.post(reverse("undo_batch", args=[batch.pk]))
    assert refused.status_code == 409 and "入链" in refused.content.decode()
    Placement.objects.update(grade="likely")
    assert client.post(reverse("undo_batch", args=[batch.pk])).status_code == 302
    assert Enterprise.objects.count() == 0 and Placement.objects.count() == 0


def test_same_file_again_is_said(client, small):
    from liantu.kernel.desk import file_path

    earlier = Batch.objects.filter(kind="import").earliest("pk")
    upload(client, ("又一次.xlsx", file_path(earlier.file_id).read_bytes()))
    page = client.get(reverse("draft", args=[Draft.objects.latest("pk").pk])).content.decode()
    assert "已经导入过" in page and earlier.number in page


def test_unrecognised_sheet_can_be_told_which_table_it_is(client):
    draft = draft_of(client, [["甲", "乙"], ["一", "二"]], "什么.xlsx")
    page = client.get(reverse("draft", args=[draft.pk])).content.decode()
    assert "请指明这是哪一种表" in page and "no-table" in page
    assert client.post(reverse("draft_table", args=[draft.pk]), {"as_table": "no_table"}).status_code == 404
    client.post(reverse("draft_table", args=[draft.pk]), {"as_table": "park"})
    assert Draft.objects.get(pk=draft.pk).as_table == "park"


def test_annotated_workbook_is_sent_back(client):
    answer = client.get(reverse("draft_annotated", args=[draft_of(client).pk]))
    assert answer.status_code == 200 and answer.content[:2] == b"PK"


def test_discarded_drafts_save_nothing(client):
    draft = draft_of(client)
    client.post(reverse("draft_discard", args=[draft.pk]))
    assert "已放弃" in client.get(reverse("draft", args=[draft.pk])).content.decode()
    assert Batch.objects.count() == 0


def test_readers_may_look_but_not_import(people):
    client = signed_in(people["reader"])
    assert upload(client, ("a.xlsx", sheet(FIRMS))).status_code == 403
    assert client.get(reverse("desk")).status_code == 200 and client.get(reverse("batches")).status_code == 200
    assert Draft.objects.count() == 0


def test_confidential_changes_are_hidden_from_outsiders(people, small):
    batch = Batch.objects.filter(kind="import").earliest("pk")
    assert "工业总产值" in signed_in(people["editor"]).get(reverse("batch", args=[batch.pk])).content.decode()
    assert "工业总产值" not in signed_in(people["outsider"]).get(reverse("batch", args=[batch.pk])).content.decode()


@pytest.mark.parametrize("address", ["/import/999/", "/import/99999999999999999999/", "/import/batches/999/", "/import/batches/99999999999999999999999/", "/import/batches/?page=x&kind=y"])
def test_odd_addresses_are_answered_in_words(client, address):
    assert client.get(address).status_code in (200, 404)


@pytest.mark.django_db(transaction=True)
def test_large_files_are_read_beside_the_page(site, people, monkeypatch):
    from liantu.web import desk_view

    monkeypatch.setattr(desk_view, "LARGE", 10)
    client = signed_in(people["editor"])
    draft = draft_of(client)
    page = client.get(reverse("draft", args=[draft.pk]))
    assert page.status_code == 202 and "data-progress" in page.content.decode()
    for _ in range(100):
        state = client.get(reverse("draft_progress", args=[draft.pk])).json()
        if state["state"] != "running":
            break
        time.sleep(0.1)
    assert state["state"] == "done", state
    assert "只导入无误的" in client.get(reverse("draft", args=[draft.pk])).content.decode()
