"""Promises beside figures by source, their lamps, who may see and write them; contacts that are too many; the forecast says when it knows too little."""

from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest

from liantu.attraction import contacts, promises
from liantu.attraction.promise_models import Promise, PromiseActual
from liantu.kernel.access import released
from liantu.kernel.batch import undo
from liantu.kernel.desk import accept, open_draft
from liantu.kernel.edition import freeze
from liantu.kernel.output import run
from liantu.kernel.problems import Refused, UserError
from liantu.projects.models import Project
from tests.unit.web import kit

ROOM = ("promise_list", "promise_rates", "repeated_signings", "landing_forecast", "quarter_landing", "contact_overload")
PAST = date.today() - timedelta(days=40)


@pytest.fixture
def people(site, db):
    return kit.people()


@pytest.fixture
def project(people):
    kit.small_site(people["editor"])
    from liantu.enterprises.models import Enterprise

    firm = Enterprise.objects.get(name="甲电池有限公司")
    kit.create("project", name="甲年产5GWh电芯项目", enterprise=firm.pk, stage="started", land_mu=Decimal(100), invest_total=Decimal(90_000), signed_on=date(2025, 3, 1))
    return Project.objects.get()


def ledger():
    return run("promise_list", freeze()).frame


def test_sources_stand_side_by_side_and_are_never_replaced(project, people):
    by = people["editor"]
    promises.add_promise(by, project, "output", "1,000.5", PAST.isoformat(), "第三条")
    promises.add_actual(by, project, "output", "400", PAST, "statistics", evidence="统计局函", verified=True)
    promises.add_actual(by, project, "output", "990", PAST, "reported")
    with pytest.raises(Refused, match="不覆盖"):
        promises.add_actual(by, project, "output", "2000", PAST, "statistics")
    row = ledger().row(0, named=True)
    assert (row["by_statistics"], row["by_reported"], row["by_firm"]) == (400, 990, 20_000)
    assert (row["actual"], row["judged_by"], row["lamp"], row["lamp_rule"]) == (400, "statistics", "red", "below")
    assert PromiseActual.objects.count() == 2


def test_the_whole_firm_only_bounds_the_project(project, people):
    promises.add_promise(people["editor"], project, "output", "15000", PAST)
    assert ledger()["lamp_rule"].to_list() == ["firm_wide"]
    promises.add_promise(people["editor"], project, "output_per_mu", "500", PAST)
    rows = {r["kind"]: r for r in ledger().to_dicts()}
    assert rows["output_per_mu"]["by_firm"] == 200 and rows["output_per_mu"]["lamp_rule"] == "below" and rows["output"]["kept_share"] == pytest.approx(4 / 3)


def test_steps_are_kept_by_stage(project, people):
    promises.add_promise(people["editor"], project, "start", "", PAST)
    assert ledger()["lamp_rule"].to_list() == ["not_reached"]
    kit.create("stage_event", project=project.pk, stage="started", happened_on=PAST - timedelta(days=3))
    assert ledger()["lamp_rule"].to_list() == ["kept"]


def test_refusals_and_undo(project, people):
    by = people["editor"]
    for told in (("output", "很多", PAST), ("output", "", PAST), ("output", "-5", PAST), ("output", "5", ""), ("profit", "5", PAST), ("output", "5", "明年")):
        with pytest.raises(UserError):
            promises.add_promise(by, project, *told)
    with pytest.raises(UserError):
        promises.add_actual(by, project, "output", "5", date.today() + timedelta(days=1), "tax")
    with pytest.raises(Refused):
        promises.add_actual(by, project, "output", "5", PAST, "tax", verified=True)
    for other in ("reader", "outsider"):
        with pytest.raises(Refused):
            promises.add_promise(people[other], project, "tax", "5", PAST)
    batch = promises.add_promise(by, project, "tax", "5", PAST)
    undo(batch, by=by)
    assert not Promise.objects.exists()


def test_amounts_in_yi_become_wan(project, people):
    rows = [["项目名称", "承诺指标", "约定值", "约定时限"], [project.name, "年产值", "3.2亿", "2027-12-31"], [project.name, "就业", "120", "2027-12-31"], [project.name, "年税收", "500", "2027-12-31"]]
    accept(open_draft(kit.sheet(rows, "承诺台账"), "承诺台账.xlsx"))
    assert dict(Promise.objects.values_list("kind", "amount")) == {"output": Decimal(32_000), "jobs": Decimal(120), "tax": Decimal(500)}


def test_nothing_of_one_firm_leaves_for_outsiders(project, people, tmp_path):
    promises.add_promise(people["editor"], project, "output", "777123", PAST)
    promises.add_actual(people["editor"], project, "output", "555987", PAST, "statistics")
    edition = freeze()
    for name in ROOM:
        for user in (people["outsider"], people["reader"]):
            seen = {c.name for c in released(user, name, edition).columns}
            assert not seen & {c.name for c in run(name, edition).output.columns if c.secrecy == "confidential"}
        with pytest.raises(UserError, match="不进公开版"):
            released(people["editor"], name, edition, "public")
    client = kit.signed_in(people["outsider"])
    for form in ("xlsx", "csv", "json"):
        made = client.get(f"/outputs/promise_list/export/{form}")
        assert made.status_code == 200
        text = made.content.decode("utf-8", "ignore")
        if form == "xlsx":
            path = tmp_path / "out.xlsx"
            path.write_bytes(made.content)
            text = str([[c.value for c in row] for page in openpyxl.load_workbook(path) for row in page.iter_rows()])
        assert project.name in text and "777123" not in text and "555987" not in text and "777,123" not in text
    for address in ("/attract/promises/", f"/attract/promises/{project.pk}/"):
        shown = client.get(address).content.decode()
        assert project.name in shown and "777,123" not in shown and "555,987" not in shown
        assert "777,123" in kit.signed_in(people["editor"]).get(address).content.decode()


def test_pages_and_forms(project, people):
    client = kit.signed_in(people["editor"])
    assert client.post(f"/attract/promises/{project.pk}/add/", {"kind": "jobs", "amount": "80", "due_on": "2027-06-30", "clause": "第七条"}).status_code == 302
    assert client.post(f"/attract/promises/{project.pk}/actual/", {"kind": "jobs", "amount": "81", "as_of": PAST.isoformat(), "source": "insurance"}).status_code == 302
    shown = client.get(f"/attract/promises/{project.pk}/").content.decode()
    assert "第七条" in shown and "社保" in shown
    assert client.post(f"/attract/promises/{project.pk}/add/", {"kind": "jobs", "amount": "x", "due_on": "2027-06-30"}).status_code == 400
    client.cookies["django_language"] = "en"
    assert "Promise ledger" in client.get("/attract/promises/").content.decode()
    assert "too few for a score" in client.get("/attract/forecast/").content.decode()
    assert client.get("/attract/contacts/").status_code == 200


def test_contacts_warn_and_forbid_nothing(people):
    day = date(2026, 10, 31)
    for at, (office, back, kind) in enumerate((("商务局", 5, "out"), ("工信局", 20, "call"), ("商务局", 400, "out"))):
        kit.create("visit", code=f"ZF{at}", firm_name="甲新材料有限公司", office=office, visited_on=day - timedelta(days=back), kind=kind)
    found = contacts.warnings("甲新材料有限责任公司", on=day)
    assert [(w.kind, w.count, w.offices) for w in found] == [("offices", 2, ("商务局", "工信局"))]
    assert "请先商定由谁牵头" in found[0].zh
    assert contacts.warnings("乙公司", on=day) == []
    assert [w.count for w in contacts.warnings("甲新材料有限公司", on=day, office="招商中心")] == [3]
