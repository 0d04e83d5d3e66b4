"""Each step of a risk event and each refusal; levels fall only with a reason; every act is a batch that can be taken back."""

import importlib
from datetime import datetime

import pytest

from liantu.kernel.batch import undo
from liantu.kernel.models import Batch
from liantu.kernel.problems import Refused, UserError
from liantu.resilience import event_write, opening, tasks, workflow
from liantu.resilience.event_clock import after, clock_lamp, hours_between
from liantu.resilience.event_models import EventStep, PlanTask, RiskEvent
from liantu.resilience.workflow import ACTIONS, act, actions_for, take_back
from tests.unit.resilience import event_kit as kit

FULL = {"note": "情况", "evidence": "佐证", "reason": "理由写得足够长", "owner": "李", "lead_office": "区工信局"}


@pytest.fixture
def clock(monkeypatch):
    """Time that the test sets."""
    now = {"at": datetime(2026, 11, 20, 8, 0)}
    for module in (event_write, opening):
        monkeypatch.setattr(module, "site_now", lambda: now["at"])
    return lambda *at: now.update(at=datetime(2026, 11, *at))


def state(code):
    return RiskEvent.objects.get(code=code)


def last(code):
    return EventStep.objects.filter(event__code=code).order_by("-number").first()


def test_the_whole_way(grader):
    code = kit.event(grader)
    seen = [state(code).state] + [kit.go(kit.event(grader, subject=f"路{n}", enterprise=None), grader, step).state for n, step in enumerate(kit.WAY)]
    assert seen == ["signal", "verified", "graded", "graded", "handled", "reviewed", "lifted"]
    done = RiskEvent.objects.filter(state="lifted").get()
    assert done.closed_on is not None and done.lesson == "单一供应商" and "复产证明" in done.evidence and done.due_at is None
    assert list(EventStep.objects.filter(event=done).order_by("number").values_list("step", flat=True)) == ["open", "verify", "grade", "task", "handle", "review", "lift"]


def test_no_step_is_skipped(grader):
    """Every action in every state: it goes on from where it may, and is refused without a trace elsewhere."""
    code = kit.event(grader)
    tasks.add_task(code, grader, what="对接")
    PlanTask.objects.update(state="done")
    for name, action in ACTIONS.items():
        for before in workflow.STATE_WORDS:
            RiskEvent.objects.filter(code=code).update(state=before, level="orange")
            level, batches = {"raise": "red", "lower": "blue", "grade": "yellow"}.get(name, ""), Batch.objects.count()
            if before in action.before:
                act(code, name, grader, level=level, **FULL)
                assert (state(code).state, last(code).step, Batch.objects.count()) == (action.after or before, name, batches + 1)
            else:
                with pytest.raises(Refused) as refused:
                    act(code, name, grader, level=level, **FULL)
                assert refused.value.code in ("step-skipped", "event-ended") and Batch.objects.count() == batches and state(code).state == before


def test_what_must_be_told(grader):
    code = kit.event(grader)
    PlanTask.objects.create(event=state(code), number=1, what="对接", state="done")
    for name, missing in [(a.name, field) for a in ACTIONS.values() for field in a.needs]:
        RiskEvent.objects.filter(code=code).update(state=ACTIONS[name].before[0], level="orange", owner=None, lead_office=None)
        level = {"raise": "red", "lower": "blue", "grade": "orange"}.get(name, "") if missing != "level" else ""
        with pytest.raises(Refused, match=workflow.FIELD_WORDS[missing]) as refused:
            act(code, name, grader, level=level, **({**FULL, missing: "  "} if missing != "level" else FULL))
        assert refused.value.code == "evidence-missing" and EventStep.objects.filter(event__code=code).count() == 1


def test_who_may(people, grader, editor):
    code = kit.event(editor)
    with pytest.raises(Refused) as refused:
        act(code, "verify", people["reader"], **FULL)
    assert refused.value.code == "read-only"
    act(code, "verify", editor, **FULL)
    for name in ("grade", "dismiss"):
        with pytest.raises(Refused) as refused:
            act(code, name, editor, level="red", **FULL)
        assert refused.value.code == "graders-only"
    act(code, "grade", grader, level="yellow", **FULL)
    act(code, "raise", editor, level="red", reason="下游停线")  # raising is open to every editor
    with pytest.raises(Refused, match="研判"):
        act(code, "lower", editor, level="blue", **FULL)
    with pytest.raises(Refused, match="研判"):
        take_back(code, editor)  # taking a raise back would lower the level
    assert [a.name for a in actions_for(state(code), editor)] == ["handle", "raise", "note"] and "lower" in [a.name for a in actions_for(state(code), grader)]


def test_levels_fall_only_with_a_reason_and_are_logged(grader):
    code = kit.event(grader)
    kit.go(code, grader, "grade", level="red")
    for reason in ("", "恢复"):
        with pytest.raises(Refused) as refused:
            act(code, "lower", grader, level="yellow", reason=reason)
        assert refused.value.code in ("reason-missing", "evidence-missing")
    with pytest.raises(Refused, match="不比现在"):
        act(code, "lower", grader, level="red", reason="已恢复七成供货")
    with pytest.raises(Refused, match="不比现在"):
        act(code, "raise", grader, level="orange", reason="已恢复七成供货")
    act(code, "lower", grader, level="yellow", reason="已恢复七成供货")
    step = last(code)
    assert (step.step, step.level_before, step.level_after, step.reason, step.who) == ("lower", "red", "yellow", "已恢复七成供货", "grader")
    assert state(code).level == "yellow" and EventStep.objects.filter(event__code=code, step="grade").get().level_after == "red"


def test_grading_below_the_first_guess_is_a_downgrade(grader):
    code = kit.event(grader, level="red")
    act(code, "verify", grader, **FULL)
    with pytest.raises(Refused, match="降级必须写明理由"):
        act(code, "grade", grader, level="blue", **{**FULL, "reason": ""})
    act(code, "grade", grader, level="blue", **FULL)
    assert (last(code).level_before, last(code).level_after, bool(last(code).reason)) == ("red", "blue", True)


def test_dismissing_needs_a_reason(grader):
    code = kit.event(grader)
    with pytest.raises(Refused, match="查否必须写明理由"):
        act(code, "dismiss", grader, reason="检修", evidence="检修单")
    act(code, "dismiss", grader, reason="计划检修，三天后恢复", evidence="检修单")
    assert state(code).state == "dismissed" and state(code).closed_on
    with pytest.raises(Refused, match="已经了结"):
        act(code, "note", grader, note="又停了")


def test_verification_teaches_the_rules(grader):
    """The verdict stands on the event's own signals, in the same batch; what somebody judged before stays."""
    signal = getattr(importlib.import_module("liantu.resilience.models"), "Signal", None)
    if signal is None:
        pytest.skip("signals are not installed")
    for number in (1, 2, 3):
        signal.objects.create(code=f"S{number}", verdict="false" if number == 2 else None)
    code = kit.event(grader)
    act(code, "verify", grader, **FULL)
    assert list(signal.objects.order_by("code").values_list("verdict", flat=True)) == ["real", "false", None]
    take_back(code, grader)
    act(code, "dismiss", grader, **FULL, verdict="maintenance")
    assert list(signal.objects.order_by("code").values_list("verdict", flat=True)) == ["maintenance", "false", None]


def test_why_it_was_dismissed(grader):
    code = kit.event(grader)
    with pytest.raises(UserError, match="没有查否原因"):
        act(code, "dismiss", grader, **FULL, verdict="magic")
    act(code, "dismiss", grader, **FULL, verdict="seasonal")
    assert last(code).note == "季节性" and last(code).reason == FULL["reason"]


def test_clocks(grader, clock):
    code = kit.event(grader, level="red")
    assert state(code).due_at == "2026-11-20 12:00"  # red: four hours
    clock(20, 13, 30)
    act(code, "verify", grader, **FULL)
    step = last(code)
    assert (float(step.hours), float(step.hours_allowed), step.late) == (5.5, 4.0, True)
    assert state(code).due_at == "2026-11-21 08:00"  # graded and told to the chief within 24 hours of discovery
    clock(21, 7, 0)
    act(code, "grade", grader, level="red", **FULL)
    assert last(code).late is False and state(code).due_at == "2026-11-23 07:00"  # first task within 48 hours of grading
    tasks.add_task(code, grader, what="对接", due_at="2026-11-22T12:00")
    clock(22, 13, 0)
    tasks.move_task(code, 1, "done", grader, evidence="对接记录")
    assert last(code).late is True and state(code).due_at is None


def test_a_step_may_be_recorded_later_but_not_before_the_one_before(grader, clock):
    code = kit.event(grader)
    clock(20, 18, 0)
    with pytest.raises(UserError, match="早于上一步"):
        act(code, "verify", grader, at="2026-11-20 07:59", **FULL)
    with pytest.raises(UserError, match="还没有到"):
        act(code, "verify", grader, at="2026-11-20 18:01", **FULL)
    act(code, "verify", grader, at="2026-11-20 10:00", **FULL)
    assert float(last(code).hours) == 2.0


@pytest.mark.parametrize(("now", "lamp"), [("2026-11-20 09:00", "green"), ("2026-11-20 17:59", "green"), ("2026-11-20 18:00", "yellow"), ("2026-11-20 20:00", "yellow"),
                                           ("2026-11-20 20:01", "red")])
def test_lamp_of_a_clock(now, lamp):
    assert clock_lamp("2026-11-20 12:00", "2026-11-20 20:00", now) == lamp  # eight hours, a quarter of them is two


def test_a_rule_of_the_place_moves_the_clock(site, grader, clock):
    (site / "profile.yaml").write_text("code: own\nzh: 本区\nrules:\n  event_clock:\n    value: {verify_hours: {unknown: 2}}\n    source: 本区工作规程\n",
                                       encoding="utf-8")
    assert state(kit.event(grader)).due_at == "2026-11-20 10:00"


def test_levels_follow_the_place(site, grader):
    (site / "profile.yaml").write_text("code: own\nzh: 本区\nlamps:\n  risk: {set: materials_3}\n", encoding="utf-8")
    assert workflow.levels_in_use() == ["red", "yellow", "blue"]
    with pytest.raises(UserError, match="没有级别「orange」"):
        kit.go(kit.event(grader), grader, "grade", level="orange")


def test_handling_ends_only_when_the_tasks_do(grader):
    code = kit.event(grader)
    kit.go(code, grader, "grade")
    with pytest.raises(Refused, match="还没有办完任何一项"):
        act(code, "handle", grader, **FULL)
    tasks.add_task(code, grader, what="对接", kind="substitute")
    with pytest.raises(Refused, match="还有 1 项任务没有办完"):
        act(code, "handle", grader, **FULL)
    with pytest.raises(Refused, match="佐证"):
        tasks.move_task(code, 1, "done", grader)
    tasks.move_task(code, 1, "dropped", grader, evidence="已自行找到货源")
    with pytest.raises(Refused, match="还没有办完任何一项"):
        act(code, "handle", grader, **FULL)
    tasks.move_task(code, 1, "done", grader, evidence="到货单")
    act(code, "handle", grader, **FULL)
    assert state(code).state == "handled"


def test_a_task_is_not_done_before_grading(grader):
    code = kit.event(grader)
    tasks.add_task(code, grader, what="先打电话")
    with pytest.raises(Refused, match="还没有定级"):
        tasks.move_task(code, 1, "done", grader, evidence="通话记录")
    tasks.move_task(code, 1, "doing", grader)
    assert PlanTask.objects.get().state == "doing"


def test_every_act_is_one_batch_and_goes_back(grader):
    code = kit.event(grader)
    for step, name in (("verified", "verify"), ("graded", "grade")):
        before, count = state(code), Batch.objects.count()
        act(code, name, grader, level="red" if name == "grade" else "", **FULL)
        assert Batch.objects.count() == count + 1 and state(code).state == step
        take_back(code, grader)
        found = state(code)
        assert [getattr(found, f) for f in ("state", "level", "due_at", "owner")] == [getattr(before, f) for f in ("state", "level", "due_at", "owner")]
        act(code, name, grader, level="red" if name == "grade" else "", **FULL)
    first = Batch.objects.get(changes__table="event_step", changes__kind="c", changes__record=EventStep.objects.get(event__code=code, step="open").pk)
    with pytest.raises(Refused, match="不能撤销"):
        undo(first, by=grader)
    for _ in range(3):
        take_back(code, grader)
    assert not RiskEvent.objects.filter(code=code).exists() and not EventStep.objects.exists()


def test_a_signal_joins_the_open_event(grader):
    code = kit.event(grader)
    assert kit.event(grader, signals="S2、S3") == code and state(code).signals == "S1、S2、S3" and last(code).step == "join"
    with pytest.raises(Refused, match=code):
        kit.event(grader, signals="S3")
    act(code, "dismiss", grader, reason="计划检修，三天后恢复", evidence="检修单")
    assert kit.event(grader) != code  # what has ended is not joined


def test_opening_asks_for_what_exists(grader):
    for told, words in (({"cause": "flood"}, "没有起因"), ({"enterprise": 99999}, "名录里没有"), ({"enterprise": None, "summary": ""}, "还没有说是哪家"), ({"level": "purple"}, "没有级别"),
                        ({"enterprise": None, "chain_node": 99999}, "没有编号"), ({"opened_at": "昨天"}, "读不懂"), ({"opened_at": "2099-01-01"}, "还没有到")):
        with pytest.raises(UserError, match=words):
            kit.event(grader, **told)
        assert not RiskEvent.objects.exists()


def test_a_new_event_knows_its_node_chain_and_number(grader, clock):
    code = kit.event(grader)
    event = state(code)
    assert code == "FX2026-0001" and event.title == "甲电池有限公司企业停产" and event.chain_node.code == kit.web.NODE and event.chain.code == kit.web.CHAIN and event.found_by == "system"
    assert kit.event(grader, enterprise=None, subject="国道 320 线", cause="road_closed", signals="") == "FX2026-0002"


def test_proposed_tasks_by_cause_and_level(grader, clock):
    event = state(kit.event(grader, level="red"))
    rows = tasks.proposed(event, "2026-11-20 08:00")
    assert rows[0]["what"].startswith("到甲电池有限公司现场") and rows[0]["due_at"] == "2026-11-20 12:00" and "方形电芯" in " ".join(r["what"] for r in rows)
    event.level = "blue"
    assert tasks.proposed(event, "2026-11-20 08:00")[0]["due_at"] == after("2026-11-20 08:00", 48)


def test_templates_never_offer_money_or_order_purchases():
    """Subsidies, tax favours and compulsory local purchase are not the district's to propose (公平竞争审查)."""
    words = " ".join(t["what"] for found in tasks.templates().values() for t in found)
    assert set(tasks.templates()) == {c.value for c in opening.CAUSES} and all(t["kind"] in tasks.KIND_WORDS for found in tasks.templates().values() for t in found)
    assert not [w for w in ("补贴", "补助", "奖励", "奖补", "返还", "减免", "税收优惠", "退税", "优先采购", "指定采购", "必须采购", "本地采购") if w in words]


def test_own_templates_replace_a_cause(site, grader):
    (site / tasks.FILE).write_text("causes:\n  price:\n    - {kind: check, what: 问价, office: 发改, hours: [1, 2, 3, 4]}\n", encoding="utf-8")
    assert [t["what"] for t in tasks.templates()["price"]] == ["问价"] and len(tasks.templates()["firm_stopped"]) > 3
    (site / tasks.FILE).write_text("causes:\n  price:\n    - {kind: gift, what: 问价, office: 发改, hours: [1]}\n", encoding="utf-8")
    with pytest.raises(UserError, match="读不懂"):
        tasks.templates()


def test_hours():
    assert hours_between("2026-11-20 08:30", after("2026-11-20 08:30", 36.5)) == 36.5
