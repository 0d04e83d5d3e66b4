"""The passport page: the number, its rules, its rows, and the cell of every value."""

import io
import json

import openpyxl
import pytest
from django.urls import reverse

from liantu.kernel.edition import open_edition
from liantu.kernel.output import output_of
from liantu.kernel.passport import figure_id, passport_id
from tests.unit.web.kit import NODE, signed_in

WHY = reverse("why", args=["chain_map", NODE, "output"])


def test_page_shows_number_rule_rows_and_cells(client, small):
    text = client.get(WHY).content.decode()
    assert "20,800.5" in text and "万元" in text
    assert "liantu 默认" in text and "正式版次 1.0" in text
    assert "甲电池有限公司" in text and "企业名录.xlsx" in text and ">E2<" in text and ">E3<" in text
    assert passport_id("chain_map", NODE, "1.0") in text
    assert "style=" not in text and "onclick" not in text


def test_recomputing_from_the_rows_shown_is_equal(client, small):
    whole = reverse("why", args=["chain_map", NODE, "-"])
    for address in (WHY, whole):
        page = client.get(address, {"recompute": "1"})
        assert page.context["check"]["equal"] and "完全一致" in page.content.decode()
    assert client.get(WHY, {"recompute": "1"}).context["check"]["again"] == "20,800.5"


def test_every_figure_of_every_output_recomputes(client, small):
    from liantu.kernel.output import outputs, run

    edition = open_edition("1.0")
    for output in outputs().values():
        result = run(output.name, edition)
        for row in result.frame.head(2).iter_rows(named=True):
            page = client.get(reverse("why", args=[output.name, result.key_of(row), "-"]), {"recompute": "1"})
            assert page.status_code == 200 and page.context["check"]["equal"], (output.name, row)


def test_opened_row_shows_the_cell_as_it_stood(client, small):
    from liantu.enterprises.models import AnnualFigure

    figure = AnnualFigure.objects.get(enterprise__name="乙电池有限公司")
    text = client.get(WHY, {"open": f"annual_figure:{figure.pk}", "table": "annual_figure", "page": "7"}).content.decode()
    assert "2025年工业总产值（万元）" in text and "800.5" in text and "editor" in text


def test_whole_row_json_and_workbook(client, small):
    data = json.loads(client.get(reverse("why", args=["chain_map", NODE, "output"]), {"format": "json"}).content)
    assert data["value"] == pytest.approx(20800.5)
    figures = next(i for i in data["inputs"] if i["table"] == "annual_figure")
    assert {r["origins"]["output"]["cell"] for r in figures["rows"]} == {"E2", "E3"}
    answer = client.get(WHY, {"format": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert "凭证" in book.sheetnames and "企业年度数据" in book.sheetnames
    assert client.get(reverse("why", args=["chain_map", NODE, "-"])).status_code == 200


def test_outsiders_see_no_single_firms_figures(people, small):
    client = signed_in(people["outsider"])
    assert client.get(WHY).status_code == 403
    count = reverse("why", args=["chain_map", NODE, "firms"])
    text = client.get(count).content.decode()
    assert "甲电池有限公司" in text and "800.5" not in text and "20,000" not in text
    data = json.loads(client.get(count, {"format": "json"}).content)
    assert data["value"] == 2 and "output" not in data["row"]
    assert all("output" not in r and "output" not in r["origins"] for i in data["inputs"] if i["table"] == "annual_figure" for r in i["rows"])
    book = openpyxl.load_workbook(io.BytesIO(client.get(count, {"format": "xlsx"}).content))
    assert all("800.5" not in str(cell.value) for sheet in book for row in sheet for cell in row)


def test_a_printed_number_is_found(client, small):
    number = passport_id("chain_map", NODE, "1.0")
    answer = client.get(reverse("passport_find"), {"id": number.lower()})
    assert answer.status_code == 302 and "chain_map" in answer.url and "edition=1.0" in answer.url
    assert client.get(reverse("passport_find"), {"id": "P00000000000"}).status_code == 404
    assert client.get(reverse("passport_find"), {"id": number, "edition": "9.9"}).status_code == 404


@pytest.mark.parametrize("address", ["/why/chain_map/nowhere/output/", "/why/no_such/a/b/", "/why/chain_map/nev_battery%2Fprismatic_cell/no_column/", f"{WHY}?edition=9.9",
                                     f"{WHY}?edition=../../etc/x.json", "/why/firm_list/abc%7Cdef/name/"])
def test_odd_addresses_are_answered_in_words(client, small, address):
    answer = client.get(address)
    assert answer.status_code in (400, 404) and "代号" in answer.content.decode()


def test_figures_of_the_edition_stay_when_the_records_change(client, small):
    from liantu.enterprises.models import AnnualFigure

    AnnualFigure.objects.update(output=1)
    assert "20,800.5" in client.get(WHY, {"edition": open_edition("1.0").number}).content.decode()


def test_a_figures_code_leads_to_its_page_with_qr_marks_and_person(client, small, monkeypatch):
    monkeypatch.setenv("LIANTU_URL", "http://10.1.2.3:8000")
    code = figure_id(output_of("chain_map"), NODE, "firms", "1.0")
    answer = client.get(f"/passport/{code.lower()}/")
    assert answer.status_code == 302 and answer.url == reverse("why", args=["chain_map", NODE, "firms"]) + "?edition=1.0"
    text = client.get(answer.url).content.decode()
    assert code in text and f"http://10.1.2.3:8000/passport/{code}/" in text and '<svg viewBox="0 0 41 41" class="qr">' in text
    assert "重算一致" in text and "liantu 默认" in text and ">已核<" in text and "入库人" in text and "editor" in text
    assert client.get("/passport/", {"id": f"http://10.1.2.3:8000/passport/{code}/"}).url == answer.url
    assert client.get("/passport/P00000000000/").status_code == 404 and client.get("/passport/nonsense/").status_code == 400
    found = client.get(f"/api/passports/{code}").json()
    assert found == {"edition": "1.0", "output": "chain_map", "key": NODE, "column": "firms"}


def test_a_row_that_does_not_recompute_says_so(client, small, monkeypatch):
    from liantu.kernel import passport

    monkeypatch.setattr(passport, "recompute", lambda told: {**told.row, "firms": 99})
    page = client.get(reverse("why", args=["chain_map", NODE, "-"]))
    assert not page.context["check"]["equal"] and "2 ≠ 99" in page.content.decode()
    assert client.get("/api/outputs/chain_map/why/" + NODE, {"check": "true"}).json()["equal"] is False


def test_lists_show_the_rule_and_who_checked(client, small):
    text = client.get(reverse("output", args=["node_firm_list"])).content.decode()
    assert text.count(">已核<") == 2 and "依据：" not in text, "rests on no dated rule"
    assert "依据：liantu 默认" in client.get(reverse("output", args=["chain_map"])).content.decode()
