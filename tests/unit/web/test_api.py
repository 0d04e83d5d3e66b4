"""The API: declarations, rows, outputs with their reasons, imports and undo; errors in words, never a traceback."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from liantu.enterprises.models import AnnualFigure, Enterprise
from liantu.kernel.models import Batch
from tests.unit.web.kit import FIRMS, NODE, sheet, signed_in

BAD = [*FIRMS, ["丁公司", "x", "特大", "一千", 1]]


def test_page_lists_every_address_without_scripts(client):
    text = client.get("/api/").content.decode()
    assert "/api/outputs/{name}" in text and "/api/import" in text and "<script" not in text and "style=" not in text
    assert client.get("/api/openapi.json").json()["paths"]


def test_nobody_reads_without_signing_in(site, db):
    for address in ("/api/tables", "/api/outputs", "/api/editions"):
        assert Client().get(address).status_code == 401
    assert Client().get("/api/").status_code == 302


def test_tables_and_rows(client, small):
    assert "enterprise" in {t["name"] for t in client.get("/api/tables").json()["tables"]}
    assert any(c["unit"] == "万元" for c in client.get("/api/tables/enterprise").json()["columns"])
    data = client.get("/api/tables/enterprise/rows", {"size": 1, "page": 2}).json()
    assert data["total"] == 2 and len(data["rows"]) == 1 and data["rows"][0]["name"] == "乙电池有限公司" and data["rows"][0]["capital"] == "3000.0000"
    assert [r["name"] for r in client.get("/api/tables/enterprise/rows", {"where": "size_class:large"}).json()["rows"]] == ["甲电池有限公司"]
    assert client.get("/api/tables/enterprise/rows/1").status_code in (200, 404)


def test_output_rows_and_why(client, small):
    data = client.get("/api/outputs/chain_map", {"where": "name:方形电芯"}).json()
    assert data["edition"]["number"] == "1.0" and data["rows"][0]["_key"] == NODE and data["rows"][0]["output"] == pytest.approx(20800.5)
    why = client.get(f"/api/outputs/chain_map/why/{NODE}", {"check": "true"}).json()
    assert why["equal"] and why["passport"] == data["rows"][0]["_passport"]
    figures = next(i for i in why["inputs"] if i["table"] == "annual_figure")
    assert {r["_origins"]["output"]["cell"] for r in figures["rows"]} == {"E2", "E3"}
    assert client.get("/api/editions").json()["editions"][0]["number"] == "1.0"


def test_outsiders_get_no_confidential_columns(people, small):
    client = signed_in(people["outsider"])
    assert "output" not in client.get("/api/tables/annual_figure/rows").json()["rows"][0]
    assert client.get("/api/tables/annual_figure/rows", {"where": "output:20000"}).status_code == 400
    why = client.get(f"/api/outputs/chain_map/why/{NODE}").json()
    assert all("output" not in r for i in why["inputs"] if i["table"] == "annual_figure" for r in i["rows"])


def test_import_accept_and_undo(client):
    draft = client.post("/api/import", {"file": SimpleUploadedFile("表.xlsx", sheet(BAD))}).json()
    assert draft["bad_rows"] == 1 and {p["code"] for p in draft["problems"]} >= {"not-a-choice", "bad-number"} and Enterprise.objects.count() == 0
    refused = client.post(f"/api/import/{draft['draft']}/accept", "{}", content_type="application/json")
    assert refused.status_code == 409 and refused.json()["code"] == "has-errors"
    done = client.post(f"/api/import/{draft['draft']}/accept", json.dumps({"good_only": True}), content_type="application/json").json()
    assert done["batch"]["created"] == 4 and Enterprise.objects.count() == 2 and AnnualFigure.objects.count() == 2
    assert client.post(f"/api/batches/{done['batch']['id']}/undo", content_type="application/json").status_code == 200
    assert Enterprise.objects.count() == 0
    assert client.post(f"/api/batches/{done['batch']['id']}/undo", content_type="application/json").json()["code"] == "already-undone"


def test_readers_may_not_write(people, small):
    client = signed_in(people["reader"])
    assert client.post("/api/import", {"file": SimpleUploadedFile("表.xlsx", sheet(FIRMS))}).json()["code"] == "read-only"
    assert client.post(f"/api/batches/{Batch.objects.first().pk}/undo", content_type="application/json").status_code == 403


def test_a_forged_request_is_refused(people, small):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["editor"])
    assert client.post("/api/import", {"file": SimpleUploadedFile("表.xlsx", sheet(FIRMS))}).status_code == 403


@pytest.mark.parametrize(("address", "status"), [
    ("/api/tables/no_such", 404), ("/api/tables/no_such/rows", 404), ("/api/outputs/no_such", 404), ("/api/outputs/chain_map?edition=9.9", 404),
    ("/api/outputs/chain_map?edition=../x.json", 404), ("/api/outputs/chain_map?where=nonsense", 400), ("/api/outputs/chain_map/why/none", 404), ("/api/tables/enterprise/rows?page=0", 422),
    ("/api/tables/enterprise/rows?page=1e99", 422), ("/api/tables/enterprise/rows?where=name:%00", 200), ("/api/tables/enterprise/rows/99999999999999999999", 422), ("/api/import/987", 404)])
def test_odd_requests_are_answered_in_words(client, small, address, status):
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()
    if status >= 400:
        assert set(answer.json()) == {"code", "message", "hint"}


def test_unreadable_file_gets_its_plain_answer(client):
    answer = client.post("/api/import", {"file": SimpleUploadedFile("坏.xlsx", b"PK\x03\x04 broken")})
    assert answer.status_code == 400 and answer.json()["message"]
