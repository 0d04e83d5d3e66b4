"""The pages of leads, projects, reviews and the weekly sheet by clicks; who may do what; both languages."""

import io
import re

import pytest
from django.conf import settings
from openpyxl import load_workbook

from liantu.attraction import workflow
from liantu.attraction.pipeline_models import AdmissionSheet, Lead, Visit
from liantu.kernel.edition import freeze
from liantu.papers.attraction_weekly import week_of, weekly_paper
from liantu.papers.docx_check import check
from liantu.projects.models import Project, StageEvent
from tests.unit.attraction import pipeline_kit as kit
from tests.unit.attraction.test_admission import GIVEN


@pytest.fixture
def client(assessor):
    freeze(as_of=kit.TODAY)
    return kit.web.signed_in(assessor)


def english(client, address):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.get(address)
    del client.cookies[settings.LANGUAGE_COOKIE_NAME]
    return answer


def text(answer):
    return answer.content.decode()


def test_leads_stand_with_lamp_and_clock(client, assessor):
    kit.lead(assessor)
    kit.go(kit.lead(assessor, "乙公司", **kit.ALL_TOLD), assessor, "visit")
    freeze(as_of=kit.TODAY)
    page = text(client.get("/attract/leads/"))
    assert "过了响应时限没有响应" in page and "超 10 天" in page and "过了时限没有反馈引荐人" in page
    assert "乙公司" not in text(client.get("/attract/leads/?q=江锂")) and "江锂" in text(client.get("/attract/leads/?q=江锂"))
    assert "没有这样的线索" in text(client.get("/attract/leads/?owner=无此人")) and "没有这样的线索" in text(client.get("/attract/leads/?kind=dropped"))
    assert "Not answered in time" in text(english(client, "/attract/leads/"))


def test_twins_are_told_before_saving(client):
    form = {"investor": "晶诺新材料有限公司", "title": "新产线", "source": "fair", "received_on": "2026-10-30", "invest_total": "12,000"}
    page = text(client.post("/attract/leads/new/", form))
    assert "可能已经登记过" in page and "晶诺扩产项目" in page and "名称相同" in page and not Lead.objects.exists()
    assert 'value="12,000"' in page
    sent = client.post("/attract/leads/new/", {**form, "different": "另址另线"}, follow=True)
    assert sent.status_code == 200 and Lead.objects.get().reason.endswith("另址另线")
    assert client.post("/attract/leads/new/", {**form, "investor": "", "title": ""}).status_code == 400


def test_a_lead_by_clicks_to_a_signed_project(client, assessor):
    assert client.post("/attract/leads/new/", {"investor": "江锂电池股份有限公司", "title": "江锂电芯", "source": "referral", "introducer": "陈会长", "received_on": "2026-10-29"}).status_code == 302
    row = Lead.objects.get()
    here = f"/attract/leads/{row.pk}/"
    page = text(client.get(here))
    assert "do/answer/" in page and "do/assess/" not in page and "工艺流程" in page and "已写明 1/9" in re.sub(r"\s+", " ", page)
    assert client.post(f"{here}do/assess/", {"verdict": "follow", "lead_class": "a", "reason": "补链关键"}).status_code == 409
    for name, told in (("answer", {"responder": "王芳"}), ("edit", {"land_mu": "120", "output_expected": "90000", "owner": "李明"}), ("assess", {"verdict": "follow", "lead_class": "a", "reason": "补链关键", "next_step": "看地"}), ("feed_back", {})):
        assert client.post(f"{here}do/{name}/", told).status_code == 302, name
    assert client.post("/attract/visits/add/", {"firm_name": row.investor, "visited_on": "2026-10-31", "kind": "out", "office": "区工信局", "people": "王芳", "notes": "看了厂区", "lead": row.pk, "next_step": "报方案"}).status_code == 302
    page = text(client.get(here))
    assert "看了厂区" in page and "do/project/" in page and "补链关键" in page and "XS2026-0001 响应" in page
    assert client.post(f"{here}do/project/", {"name": "江锂电芯基地"}).status_code == 302
    project = Project.objects.get(name="江锂电芯基地")
    there = f"/attract/projects/{project.pk}/"
    page = text(client.get(there))
    assert "洽谈走访记录 ZF2026-0001" in page and "待核" in page and f"/attract/leads/{row.pk}/" in page
    refused = client.post(f"{there}do/stage/", {"stage": "signed", "happened_on": "2026-10-31", "evidence": "框架协议"})
    assert refused.status_code == 409 and "框架协议" in text(refused)
    assert client.post(f"{there}do/stage/", {"stage": "signed", "happened_on": "2026-10-31", "evidence": "正式投资协议", "number": "云合7"}).status_code == 302
    event = StageEvent.objects.get(project=project, stage="signed")
    assert client.post(f"{there}do/verify/", {"event": event.pk}).status_code == 302
    assert client.post(f"{there}do/side/", {"side": "paused", "reason": "资金未到位"}).status_code == 302
    page = text(client.get(there))
    assert "云合7" in page and "暂停：资金未到位" in page and "已核" in page
    assert client.post(f"{there}do/back/").status_code == 302 and Project.objects.get(pk=project.pk).side_state == "normal"
    assert client.post(f"{there}do/step-back/", {"stage": "talks", "reason": "合同作废"}).status_code == 302 and not StageEvent.objects.filter(stage="signed").exists()
    assert client.post(f"{there}do/nothing/").status_code == 404 and client.post(f"{here}do/nothing/").status_code == 404


def test_review_is_scored_before_it_is_kept(client, assessor):
    project = kit.project(assessor)
    here = f"/attract/projects/{project.pk}/admission/"
    page = text(client.get(f"{here}?form=shouxian"))
    assert "不得与企业缴纳的税收" in page and "地方实例" in page and "750.00 万元/亩" in page and "可信度 中" in page
    scored = client.post(here, {"form": "tuanfeng", "do": "score", **GIVEN})
    assert "70.5" in text(scored) and not AdmissionSheet.objects.exists()
    wrong = client.post(here, {"form": "tuanfeng", "do": "score", **GIVEN, "tax": "17"})
    assert wrong.status_code == 400 and "超过满分" in text(wrong) and 'value="10.5"' in text(wrong)
    vetoed = client.post(here, {"form": "tuanfeng", "do": "hold", **GIVEN, "veto_safety": "1", "result": "passed", "evidence": "纪要"})
    assert vetoed.status_code == 409 and "一票否决" in text(vetoed)
    assert client.post(here, {"form": "tuanfeng", "do": "hold", **GIVEN, "result": "passed", "evidence": "纪要"}).status_code == 302
    assert "PS2026-0001" in text(client.get(f"/attract/projects/{project.pk}/")) and Project.objects.get(pk=project.pk).stage == "admitted"
    assert client.get(f"{here}?form=none").status_code == 404


def test_readers_read_and_editors_do_not_judge(people, client, assessor):
    row = kit.go(kit.lead(assessor), assessor, "answer")
    project = Project.objects.get()
    for name in ("reader", "outsider"):
        mine = kit.web.signed_in(people[name])
        for address in ("/attract/leads/", f"/attract/leads/{row.pk}/", "/attract/projects/", f"/attract/projects/{project.pk}/", f"/attract/projects/{project.pk}/admission/", "/attract/weekly/"):
            page = mine.get(address)
            assert page.status_code == 200 and "资金到位率" not in text(page), address
    reader, editor = kit.web.signed_in(people["reader"]), kit.web.signed_in(people["editor"])
    assert "do/drop/" not in text(reader.get(f"/attract/leads/{row.pk}/"))
    assert reader.post(f"/attract/leads/{row.pk}/do/drop/", {"reason": "对方无意"}).status_code == 403 and reader.get("/attract/leads/new/").status_code == 403
    assert "由「研判」组" in text(editor.get(f"/attract/leads/{row.pk}/")) and editor.post(f"/attract/leads/{row.pk}/do/assess/", {"verdict": "drop", "reason": "对方无意"}).status_code == 409
    assert kit.web.Client().get("/attract/leads/").status_code == 302


def test_pipeline_counts_by_stage(client, assessor):
    kit.project(assessor, "started")
    freeze(as_of=kit.TODAY)
    for address in ("/attract/projects/", "/attract/projects/?view=board", f"/attract/projects/?chain={kit.web.CHAIN}&stage=started"):
        page = text(client.get(address))
        assert "电芯项目" in page, address
    assert "没有这样的项目" in text(client.get("/attract/projects/?stage=full_capacity"))
    page = re.sub(r"\s+", " ", text(client.get("/attract/projects/")))
    assert "1/1 历年签约" in page and "1/1 条线索" in page and "Performance rate" in text(english(client, "/attract/projects/"))


def test_the_weekly_sheet(client, assessor):
    kit.project(assessor, "signed")
    late = kit.lead(assessor, "丁公司", received_on=kit.TODAY.replace(day=28))
    edition = freeze(as_of=kit.TODAY)
    week = week_of(edition)
    assert {p.key: p.rows for p in week.parts} == {"new": 1, "moved": 3, "assessed": 0, "late_leads": 1, "late_projects": 0, "visits": 1, "next_leads": 0, "next_projects": 1}
    assert (week.first.isoformat(), week.last.isoformat()) == ("2026-10-25", "2026-10-31")
    page = text(client.get("/attract/weekly/"))
    assert late.title in page and "正式投资协议" in page and "新增线索1条" in page and f"/attract/leads/{late.pk}/" in page
    earlier = text(client.get("/attract/weekly/?last=2026-10-24"))
    assert "新增线索1条" in earlier and "走访洽谈0次" in earlier and client.get("/attract/weekly/?last=x").status_code == 400
    assert check(client.get("/attract/weekly/weekly.docx").content) == []
    assert english(client, "/attract/weekly/weekly.docx").content[:2] == b"PK" and "New leads: 1" in text(english(client, "/attract/weekly/"))
    book = load_workbook(io.BytesIO(client.get("/attract/weekly/weekly.xlsx").content))
    assert len(book.sheetnames) == 9 and late.title in {c.value for row in book["新增线索"].iter_rows() for c in row}
    assert "支持的承诺" in weekly_paper(edition).note
    assert Visit.objects.count() == 1 and workflow.STATE_WORDS["new"] in text(client.get(f"/attract/leads/{late.pk}/"))


def test_contacts_are_told_before_a_visit_is_recorded(client, assessor):
    row = kit.lead(assessor)
    assert "pl-warn" not in text(client.get(f"/attract/leads/{row.pk}/"))
    for at, office in enumerate(("区工信局", "区商务局", "开发区招商局", "驻沪招商组")):
        workflow.add_visit(assessor, firm_name=row.investor, visited_on=kit.TODAY.replace(day=26 + at), kind="out", office=office, people="王", notes="看厂", lead=row)
    page = text(client.get(f"/attract/leads/{row.pk}/"))
    assert "pl-warn" in page and "驻沪招商组" in page.split("pl-warn", 1)[1] and Visit.objects.count() == 4
