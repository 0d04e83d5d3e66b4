"""Scorecards as data: points by hand-made sums, broken forms refused with all reasons, reviews held by assessors only."""

from datetime import date

import pytest

from liantu.attraction import admission, workflow
from liantu.attraction.admission import forms, hold, read_form, score
from liantu.attraction.pipeline_models import AdmissionItem, AdmissionSheet
from liantu.kernel.home import home
from liantu.kernel.models import Batch
from liantu.kernel.problems import UserError
from liantu.projects.models import Project, StageEvent
from tests.unit.attraction import pipeline_kit as kit

GIVEN = {"industry": 5, "technology": 4, "investment": 12, "intensity": "10.5", "investor": 8, "environment": 4, "safety": 4, "land": 6, "planning": 3, "tax": 9, "jobs": 5}
OWN = """
name: own
zh: 本区准入表
en: Our scorecard
basis: local
source: 云招字〔2026〕1号
confidence: high
full_marks: 30
items:
  - {key: a, zh: 投资强度, en: Intensity, max: 20, how: line, of: invest_total, per: land_mu, full_at: 300, floor_at: 100, unit: 万元/亩}
  - {key: b, zh: 主体, en: Investor, max: 10, how: assessed}
vetoes: [{key: energy, zh: 能耗超标, en: Energy}]
"""


def test_weights_of_the_two_real_sheets():
    found = forms()
    assert [i.max for i in found["tuanfeng"].items] == [5, 5, 17, 17, 10, 5, 5, 10, 5, 16, 5] and {i.how for i in found["tuanfeng"].items} == {"assessed"}
    assert [(i.zh, i.max) for i in found["shouxian"].items][:5] == [("产业类别", 10), ("年均产值", 5), ("亩均产值", 5), ("年均税收", 10), ("亩均税收", 10)]
    assert all(f.source and f.confidence and [v.value for v in f.vetoes] == ["environment", "safety", "capacity"] for f in found.values())


@pytest.mark.parametrize(("told", "points"), [
    ({"output_expected": 30000}, {"output": 5.0}), ({"output_expected": 20000}, {"output": 2.5}), ({"output_expected": 10000}, {"output": 0.0}), ({"output_expected": 0}, {"output": 0.0}),
    ({"output_expected": 40000, "land_mu": 100}, {"output": 5.0, "output_per_mu": 5.0}), ({"output_expected": 39000, "land_mu": 100}, {"output": 5.0, "output_per_mu": 4.9}),
    ({"output_expected": 38900, "land_mu": 100}, {"output": 5.0, "output_per_mu": 4.8}), ({"output_expected": 1, "land_mu": 100}, {"output": 0.0, "output_per_mu": 1.0}),
    ({"tax_expected": 1000}, {"tax": 10.0}), ({"tax_expected": 600}, {"tax": 5.0}), ({"tax_expected": "1,000", "land_mu": 125}, {"tax": 10.0, "tax_per_mu": 9.8}),
    ({"industry": "restricted"}, {"industry": 0}), ({"land_mu": 0, "output_expected": 30000}, {"output": 5.0}), ({"rest": 60}, {"rest": 60})])
def test_points_by_the_scale(told, points):
    scored = score("shouxian", told)
    assert {i.item.key: i.points for i in scored.items if i.points is not None} == points
    assert scored.total == round(sum(points.values()), 2) and set(scored.open) == {i.item.zh for i in scored.items if i.item.key not in points}


def test_assessed_points_and_vetoes():
    scored = score("tuanfeng", {**GIVEN, "veto_safety": "1", "veto_capacity": "", "invest_total": 60000})
    assert (scored.total, scored.full_marks, scored.vetoed_by, scored.open) == (70.5, 100, ("安全不达标",), ())
    assert next(i.told for i in scored.items if i.item.key == "investment") == "总投资 60,000 万元"


def test_all_wrong_answers_are_told_at_once():
    with pytest.raises(UserError) as wrong:
        score("tuanfeng", {"industry": 6, "technology": "好", "tax": -1})
    assert all(w in wrong.value.message for w in ("产业类别", "科技水平", "税收贡献")) and wrong.value.code == "bad-score"
    with pytest.raises(UserError):
        score("shouxian", {"industry": "best"})
    with pytest.raises(UserError) as unknown:
        score("none", {})
    assert unknown.value.code == "unknown-form"


def test_a_third_form_is_one_more_file(site):
    (home() / "admission_own.yaml").write_text(OWN, encoding="utf-8")
    assert set(forms()) == {"tuanfeng", "shouxian", "own"}
    scored = score("own", {"invest_total": 20000, "land_mu": 100, "b": 7, "veto_energy": True})
    assert (scored.total, scored.vetoed_by) == (17.0, ("能耗超标",))


def test_broken_forms_are_refused_with_all_reasons():
    text = OWN.replace("max: 20", "max: 25").replace("floor_at: 100", "floor_at: 400").replace("of: invest_total", "of: profit").replace("key: b", "key: a").replace("basis: local\n", "").replace("name: own", "name: own\ncolour: red")
    with pytest.raises(UserError) as broken:
        read_form(text, "x.yaml")
    for word in ("缺少 basis", "不认识「colour」", "full_at 300 应大于 floor_at 400", "profit", "写了 2 次", "合计 35"):
        assert word in broken.value.message, word
    for bad, word in (("[", "YAML"), ("- a", "最外层"), (OWN.replace("how: assessed", "how: guess"), "how 看到「guess」"), (OWN.replace("max: 10", "max: 十"), "max 看到「十」"), (OWN.replace("of: invest_total, ", ""), "要有 of")):
        with pytest.raises(UserError) as broken:
            read_form(bad, "x.yaml")
        assert word in broken.value.message and broken.value.code == "bad-form"


def test_a_review_is_held(assessor):
    project = kit.project(assessor)
    before = Batch.objects.count()
    sheet = hold(assessor, project, "tuanfeng", {**GIVEN, "invest_total": 60000}, result="passed", held_on=date(2026, 10, 28), evidence="评审会纪要〔2026〕3号")
    project.refresh_from_db()
    event = StageEvent.objects.get(project=project, stage="admitted")
    assert (sheet.code, float(sheet.total), sheet.who, project.stage, event.evidence_number, Batch.objects.count()) == ("PS2026-0001", 70.5, "assessor", "admitted", "PS2026-0001", before + 1)
    assert AdmissionItem.objects.filter(sheet=sheet).count() == 11 and sum(i.points for i in AdmissionItem.objects.filter(sheet=sheet)) == sheet.total
    workflow.take_back("admission_sheet", sheet.pk, assessor)
    assert not AdmissionSheet.objects.exists() and Project.objects.get(pk=project.pk).stage == "talks"


@pytest.mark.parametrize(("told", "more", "code"), [
    ({"industry": ""}, {}, "items-open"), ({"veto_environment": "1"}, {}, "vetoed"), ({}, {"evidence": " "}, "evidence-missing"), ({}, {"result": "?"}, "unknown-word"),
    ({}, {"result": "refused"}, "reason-missing"), ({}, {"held_on": "2026-12-01"}, "bad-day")])
def test_refused_reviews_leave_nothing(assessor, told, more, code):
    project, before = kit.project(assessor), Batch.objects.count()
    with pytest.raises(UserError) as refused:
        hold(assessor, project, "tuanfeng", {**GIVEN, **told}, **{"result": "passed", "evidence": "评审会纪要", **more})
    assert (refused.value.code, Batch.objects.count()) == (code, before)
    assert not AdmissionSheet.objects.exists()


def test_not_admitted_is_not_signed(assessor, people):
    project = kit.project(assessor)
    with pytest.raises(UserError) as refused:
        hold(people["editor"], project, "tuanfeng", GIVEN, result="passed", evidence="评审会纪要")
    assert refused.value.code == "assessors-only"
    hold(assessor, project, "tuanfeng", {**GIVEN, "veto_environment": "1"}, result="refused", note="环评不过，不予准入", held_on=date(2026, 10, 28))
    with pytest.raises(UserError) as refused:
        workflow.reach_stage(assessor, project, "signed", date(2026, 10, 29), "正式投资协议")
    assert refused.value.code == "not-admitted" and "环保" in refused.value.message
    hold(assessor, project, "shouxian", {"industry": "allowed"}, result="more", note="产值税收待补", held_on=date(2026, 10, 29))
    hold(assessor, project, "tuanfeng", GIVEN, result="passed", evidence="复审纪要", held_on=date(2026, 10, 30))
    assert workflow.reach_stage(assessor, project, "signed", date(2026, 10, 30), "正式投资协议").stage == "signed"


def test_the_sheet_says_that_support_hangs_on_no_tax():
    assert "不得与企业缴纳的税收" in admission.LAW[0] and "article 10" in admission.LAW[1]
