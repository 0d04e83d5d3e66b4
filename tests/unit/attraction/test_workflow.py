"""Leads: each step and each refusal; one batch per act, every one can be taken back."""

from datetime import date

import pytest

from liantu.attraction import workflow
from liantu.attraction.clocks import clocks, next_clock
from liantu.attraction.lead_quality import quality, twins
from liantu.attraction.pipeline_models import Lead, Visit
from liantu.kernel.models import Batch
from liantu.kernel.problems import Refused, UserError
from liantu.projects.models import Project, StageEvent
from tests.unit.attraction import pipeline_kit as kit

STEPS = {"answer": workflow.answer, "assess": lambda by, row: workflow.assess(by, row, verdict="follow", reason="理由足够长", lead_class="a"),
         "feed_back": workflow.feed_back, "report": lambda by, row: workflow.report(by, row, next_step="再谈"),
         "drop": lambda by, row: workflow.drop(by, row, reason="用地不够用"), "reopen": lambda by, row: workflow.reopen(by, row, reason="用地已落实"),
         "to_project": lambda by, row: workflow.to_project(by, row, evidence="洽谈记录")}
ALLOWED = {"answer": {"new"}, "assess": {"answered", "assessed", "reserve"}, "feed_back": {"answered", "assessed", "reserve", "dropped", "talks"}, "report": {"answered", "assessed", "reserve"},
           "drop": {"new", "answered", "assessed", "reserve"}, "reopen": {"dropped"}, "to_project": {"assessed"}}


def test_the_whole_way(assessor):
    row = kit.lead(assessor, **kit.ALL_TOLD)
    assert (row.code, row.state, row.chain.code, row.owner) == ("XS2026-0001", "new", kit.web.CHAIN, "李明")
    row = kit.go(row, assessor, "visit")
    assert (row.state, row.verdict, row.lead_class, row.next_step, row.reported_on) == ("assessed", "follow", "a", "回访", date(2026, 10, 25))
    assert workflow.feed_back(assessor, row).feedback_on == kit.TODAY
    project = workflow.to_project(assessor, row, on=date(2026, 10, 26))
    row.refresh_from_db()
    assert (row.state, row.project) == ("talks", project)
    assert (project.stage, project.category, project.invest_total, project.tax_expected, project.land_mu) == ("talks", "attracted", 60000, 3000, 120)
    assert dict(StageEvent.objects.filter(project=project).values_list("stage", "evidence")) == {"lead": "线索登记表", "assessed": "研判意见（线索 XS2026-0001）", "talks": "洽谈走访记录 ZF2026-0001"}
    assert Visit.objects.get().project == project


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("state", workflow.STATE_WORDS)
def test_no_step_is_skipped(assessor, name, state):
    row = kit.lead(assessor, introducer="陈会长", **{k: v for k, v in kit.ALL_TOLD.items() if k != "introducer"})
    Lead.objects.update(state=state, verdict="follow" if state == "assessed" else None)
    before = Batch.objects.count()
    if state in ALLOWED[name]:
        STEPS[name](assessor, row)
        assert Batch.objects.count() == before + 1
        workflow.take_back("lead", row.pk, assessor)
        assert Lead.objects.get().state == state and Project.objects.count() == 1
    else:
        with pytest.raises(Refused):
            STEPS[name](assessor, row)
        assert Batch.objects.count() == before


def test_roles(people, small):
    with pytest.raises(Refused) as refused:
        kit.lead(people["reader"])
    assert refused.value.code == "read-only"
    row = kit.go(kit.lead(people["editor"]), people["editor"], "answer")
    with pytest.raises(Refused) as refused:
        workflow.assess(people["editor"], row, verdict="follow", reason="理由足够长", lead_class="a")
    assert refused.value.code == "assessors-only"


def test_same_investor_is_not_registered_twice(editor):
    kit.lead(editor)
    with pytest.raises(Refused) as refused:
        kit.lead(editor, "江锂电池 股份有限公司")
    assert refused.value.code == "lead-twin" and "XS2026-0001" in refused.value.message
    with pytest.raises(Refused):
        kit.lead(editor, "晶诺新材料有限责任公司")
    row = kit.lead(editor, "晶诺新材料有限公司", different="另一条产线，另址建设")
    assert "另一条产线" in row.reason and Lead.objects.count() == 2


def test_alike_names_are_told_not_refused(editor):
    found = twins("云澜晶诺新材料有限公司")
    assert [(t.kind, t.same) for t in found] == [("project", False)] or not found
    assert [t.same for t in twins("晶诺新材料有限公司")] == [True]
    assert twins("毫不相干的公司") == []
    Project.objects.update(side_state="ended")
    assert twins("晶诺新材料有限公司") == []


def test_dates_in_order_and_not_to_come(assessor):
    row = kit.lead(assessor)
    for day in (date(2026, 10, 19), date(2026, 11, 1), "昨天"):
        with pytest.raises(UserError):
            workflow.answer(assessor, row, on=day)
    assert Lead.objects.get().state == "new"


def test_reasons_and_classes_are_asked_for(assessor):
    row = kit.go(kit.lead(assessor), assessor, "answer")
    for told, code in (({"verdict": "follow", "reason": "好", "lead_class": "a"}, "reason-missing"), ({"verdict": "follow", "reason": "理由足够长"}, "class-missing"), ({"verdict": "?", "reason": "理由足够长"}, "unknown-word")):
        with pytest.raises(UserError) as refused:
            workflow.assess(assessor, row, **told)
        assert refused.value.code == code
    row = workflow.assess(assessor, row, verdict="reserve", reason="土地明年才有")
    assert (row.state, row.lead_class) == ("reserve", "c")


def test_clocks(editor, assessor):
    row = kit.lead(editor, received_on=date(2026, 10, 29), introducer="陈会长")
    found = {c.name: (c.due, c.lamp) for c in clocks(row)}
    assert found == {"answer": (date(2026, 10, 30), "red"), "assess": (date(2026, 11, 1), "yellow"), "feedback": (date(2026, 11, 5), "green")}
    assert next_clock(row).name == "answer"
    workflow.edit_lead(editor, row, invest_total="50000", owner="赵")
    row.refresh_from_db()
    assert next(c.due for c in clocks(row) if c.name == "assess") == date(2026, 11, 5) and row.owner == "赵"
    row = workflow.answer(assessor, row, on=date(2026, 10, 30))
    row = workflow.assess(assessor, row, verdict="follow", reason="理由足够长", lead_class="b", on=date(2026, 10, 31))
    assert next(c.due for c in clocks(row) if c.name == "report") == date(2026, 11, 14)
    assert not any(c.late for c in clocks(row))
    dropped = workflow.drop(assessor, row, reason="对方无意")
    assert [c.name for c in clocks(dropped) if c.done is None and c.due] == ["feedback"]


def test_quality_tells_what_is_missing(editor):
    row = kit.lead(editor, invest_total=8000, fixed_assets=5000, content="住宅配套", land_mu=20)
    found = quality(row)
    assert [zh for zh, _ in found.missing] == ["工艺流程", "用能", "生态环境容量", "预计产值", "预计税收"] and (found.told, found.asked) == (4, 9)
    assert len(found.small) == 2 and found.excluded == ("住宅",)
    assert quality(kit.lead(editor, "乙公司", **kit.ALL_TOLD)).complete


def test_visits_are_movement(editor):
    row = kit.lead(editor)
    visit = workflow.add_visit(editor, firm_name="江锂电池股份有限公司", visited_on="2026-10-30", kind="talk", office="区工信局", people=["王芳", "李明"], notes="谈用地", lead=row, next_step="报方案", next_on="2026-11-06")
    row.refresh_from_db()
    assert (visit.code, visit.people, row.reported_on, row.next_on) == ("ZF2026-0001", "王芳、李明", date(2026, 10, 30), date(2026, 11, 6))
    for told in ({"firm_name": ""}, {"notes": " "}, {"visited_on": "2026-11-01"}, {"kind": "?"}):
        with pytest.raises(UserError):
            workflow.add_visit(editor, **{"firm_name": "甲", "visited_on": "2026-10-30", "kind": "out", "office": "局", "people": "王", "notes": "谈", **told})
    workflow.take_back("visit", visit.pk, editor)
    row.refresh_from_db()
    assert row.reported_on is None and not Visit.objects.exists()


def test_a_project_needs_proof_of_talks_and_its_own_name(assessor):
    row = kit.go(kit.lead(assessor), assessor)
    with pytest.raises(Refused) as refused:
        workflow.to_project(assessor, row)
    assert refused.value.code == "evidence-missing"
    with pytest.raises(Refused) as refused:
        workflow.to_project(assessor, row, name="晶诺扩产项目", evidence="洽谈记录")
    assert refused.value.code == "project-exists"
