"""Stages of a project: only by the kind of evidence, in order, never backwards silently; side states with reasons."""

from datetime import date

import pytest

from liantu.attraction import workflow
from liantu.attraction.stages import proofs
from liantu.demo.work_words import PROOFS
from liantu.kernel.batch import undo
from liantu.kernel.home import home
from liantu.kernel.models import Batch
from liantu.kernel.problems import UserError
from liantu.projects.choices import STAGES
from liantu.projects.models import Project, StageEvent
from tests.unit.attraction import pipeline_kit as kit

DAY = date(2026, 10, 28)


def refused(code, act, *told, **more):
    before = Batch.objects.count()
    with pytest.raises(UserError) as error:
        act(*told, **more)
    assert error.value.code == code, error.value
    assert Batch.objects.count() == before


def test_every_stage_has_its_proof_and_the_words_of_real_papers_fit():
    found = proofs()
    assert list(found) == [c.value for c in STAGES]
    for at, (paper, _) in PROOFS.items():
        proof = found[STAGES[at].value]
        assert any(w in paper for w in proof.words) and not any(w in paper for w in proof.refused), (paper, proof)
    for proof in found.values():
        assert all(any(w in kind for w in proof.words) for kind in proof.kinds) and proof.confidence


@pytest.mark.parametrize(("paper", "code"), [("", "evidence-missing"), ("投资框架协议", "evidence-refused"), ("合作意向书", "evidence-refused"), ("营业执照", "evidence-kind")])
def test_signing_asks_for_a_formal_contract(assessor, paper, code):
    project = kit.project(assessor)
    refused(code, workflow.reach_stage, assessor, project, "signed", DAY, paper)
    event = workflow.reach_stage(assessor, project, "signed", DAY, "正式投资协议", number="云合1")
    project.refresh_from_db()
    assert (project.stage, project.formal_contract, project.signed_on, event.evidence_number, event.verified) == ("signed", True, DAY, "云合1", "to_verify")


def test_thresholds_of_statistics_and_scale(assessor):
    project = kit.project(assessor, "started")
    Project.objects.filter(pk=project.pk).update(invest_total=499)
    refused("below-threshold", workflow.reach_stage, assessor, project, "in_statistics", DAY, "统计入库截图")
    refused("below-threshold", workflow.reach_stage, assessor, project, "in_statistics", DAY, "统计入库截图", amount=499)
    assert "600" in workflow.reach_stage(assessor, project, "in_statistics", DAY, "统计入库截图", amount="600").evidence
    refused("amount-missing", workflow.reach_stage, assessor, project, "above_scale", DAY, "统计入库批复")
    refused("below-threshold", workflow.reach_stage, assessor, project, "above_scale", DAY, "统计入库批复", amount=1999)
    assert workflow.reach_stage(assessor, project, "above_scale", DAY, "统计入库批复", amount=2000).stage == "above_scale"


def test_order_of_days_and_later_records_of_earlier_stages(assessor):
    project = kit.project(assessor, "signed")
    refused("bad-day", workflow.reach_stage, assessor, project, "registered", date(2026, 10, 26), "营业执照")
    refused("bad-day", workflow.reach_stage, assessor, project, "registered", date(2026, 11, 1), "营业执照")
    refused("stage-recorded", workflow.reach_stage, assessor, project, "signed", DAY, "正式投资协议")
    refused("unknown-stage", workflow.reach_stage, assessor, project, "?", DAY, "正式投资协议")
    workflow.reach_stage(assessor, project, "started", DAY, "施工许可证")
    workflow.reach_stage(assessor, project, "registered", DAY, "营业执照")
    assert Project.objects.get(pk=project.pk).stage == "started"


def test_back_only_with_reason_by_assessors_and_undone_whole(assessor, people):
    project = kit.project(assessor, "started")
    refused("assessors-only", workflow.step_back, people["editor"], project, "signed", reason="许可证作废了")
    refused("reason-missing", workflow.step_back, assessor, project, "signed", reason="错")
    refused("not-back", workflow.step_back, assessor, project, "started", reason="许可证作废了")
    row = workflow.step_back(assessor, project, "admitted", reason="合同解除重谈")
    assert (row.stage, row.signed_on, row.started_on, row.formal_contract) == ("admitted", None, None, None) and "合同解除重谈" in row.problem
    assert set(StageEvent.objects.filter(project=row).values_list("stage", flat=True)) == {"lead", "assessed", "talks", "admitted"}
    undo(Batch.objects.latest("pk"), by=assessor)
    row.refresh_from_db()
    assert row.stage == "started" and row.signed_on and StageEvent.objects.filter(project=row).count() == 8


def test_side_states(assessor):
    project = kit.project(assessor)
    refused("step-skipped", workflow.set_side, assessor, project, "restarted", reason="条件已具备")
    refused("reason-missing", workflow.set_side, assessor, project, "paused", reason="停")
    assert workflow.set_side(assessor, project, "paused", reason="资金未到位").side_state == "paused"
    refused("project-stopped", workflow.reach_stage, assessor, project, "admitted", DAY, "评审意见")
    assert workflow.set_side(assessor, project, "restarted", reason="资金已到位").side_state == "restarted"
    ended = workflow.set_side(assessor, project, "ended", reason="六个月无进展", word="出库")
    assert ended.side_state == "ended" and "出库：六个月无进展" in ended.problem and ended.problem.count("\n") == 2


def test_verified_by_an_assessor(assessor, people):
    project = kit.project(assessor)
    refused("assessors-only", workflow.reach_stage, people["editor"], project, "admitted", DAY, "评审意见", verified=True)
    event = workflow.reach_stage(people["editor"], project, "admitted", DAY, "评审意见")
    assert (workflow.verify_stage(assessor, event).verified, StageEvent.objects.get(pk=event.pk).who) == ("verified", "assessor")


def test_a_site_may_say_its_own(assessor):
    (home() / "stage_evidence.yaml").write_text("stages: {started: {kinds: [桩基照片], words: [桩基]}}", encoding="utf-8")
    project = kit.project(assessor, "approved")
    refused("evidence-kind", workflow.reach_stage, assessor, project, "started", DAY, "施工许可证")
    assert workflow.reach_stage(assessor, project, "started", DAY, "桩基照片").stage == "started"
    (home() / "stage_evidence.yaml").write_text("stages: {began: {kinds: [x], words: [y]}}", encoding="utf-8")
    with pytest.raises(UserError) as broken:
        proofs()
    assert broken.value.code == "bad-stage-file" and "began" in broken.value.message
