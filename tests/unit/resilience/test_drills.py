"""A drill: its clock's arithmetic, injects marked against what was done, records that never mix with real ones, and the report."""

from datetime import datetime, timedelta

import pytest

from liantu.kernel.edition import freeze
from liantu.kernel.output import outputs, run
from liantu.kernel.problems import Refused, UserError
from liantu.papers.docx_check import check
from liantu.papers.drill_report import clock as told
from liantu.resilience import drill_clock, drills, event_write, opening, plan, tasks
from liantu.resilience.event_models import Drill, DrillInject, EventStep, RiskEvent
from liantu.resilience.workflow import act
from tests.unit.resilience import event_kit as kit

BEGIN = datetime(2026, 11, 20, 9, 0)


@pytest.fixture
def time(monkeypatch):
    """Real time that the test sets, in seconds after the start of the drill."""
    now = {"at": BEGIN}
    for module in (drill_clock, drills, event_write, opening):
        if hasattr(module, "site_now"):
            monkeypatch.setattr(module, "site_now", lambda: now["at"])
    return lambda seconds: now.update(at=BEGIN + timedelta(seconds=seconds))


@pytest.fixture
def made(grader, time):
    freeze()
    return drills.make_drill(grader, cause="firm_stopped", enterprise=kit.Enterprise.objects.get(name="甲电池有限公司").pk, level="red", speed="60")[0]


def minute(code):
    return drill_clock.drill_minute(drills.drill_of(code))


def test_clock_with_pauses_and_speed(grader, made, time):
    assert minute(made) == 0
    drills.start(made, grader)
    time(30)
    assert minute(made) == 30  # sixty times the pace: a second is a minute
    drills.pause(made, grader)
    time(95)
    assert minute(made) == 30
    drills.resume(made, grader)
    time(105)
    assert minute(made) == 40 and drill_clock.drill_now(drills.drill_of(made)) == BEGIN + timedelta(minutes=40)
    drills.pause(made, grader)
    time(200)
    drills.end(made, grader)  # ended while it stood still: the pause does not count
    time(900)
    found = drills.drill_of(made)
    assert (minute(made), found.lasted, found.state) == (40, 40, "ended")


def test_moves_only_from_the_right_state(grader, made):
    for move, state in ((drills.pause, "待开始"), (drills.resume, "待开始"), (drills.end, "待开始")):
        with pytest.raises(Refused, match=state):
            move(made, grader)
    drills.start(made, grader)
    for move in (drills.start, drills.resume):
        with pytest.raises(Refused, match="进行中"):
            move(made, grader)
    with pytest.raises(Refused, match="进行中"):
        drills.drop_inject(made, 1, grader)
    drills.end(made, grader)
    with pytest.raises(Refused, match="已结束"):
        drills.pause(made, grader)


def test_injects_of_the_template(made):
    rows = list(DrillInject.objects.filter(drill__code=made).order_by("number"))
    assert rows[0].expects == "verify" and rows[0].within == 240 and "甲电池有限公司" in rows[0].text  # red: four hours by the rule
    assert rows[1].within == 24 * 60 and "方形电芯" in rows[3].text and not [r for r in rows if "{" in r.text]


def test_the_leader_adds_injects(grader, made, time):
    drills.add_inject(made, grader, minute="45", sender="镇里", text="有人堵门", expects="note", within="30")
    drills.start(made, grader)
    time(50)
    with pytest.raises(Refused, match="已经过去"):
        drills.add_inject(made, grader, minute="49", sender="", text="晚了")
    for told_minute, text, expects, words in (("x", "a", "", "整数"), ("60", " ", "", "写内容"), ("60", "a", "fly", "没有")):
        with pytest.raises(UserError, match=words):
            drills.add_inject(made, grader, minute=told_minute, sender="", text=text, expects=expects)
    assert drills.next_inject_seconds(drills.drill_of(made)) == 10  # the next one comes at minute 60


def test_nothing_is_recorded_while_the_clock_stands(grader, made):
    drills.start(made, grader)
    code = drills.event_of_drill(drills.drill_of(made)).code
    drills.pause(made, grader)
    with pytest.raises(Refused, match="时钟没有走"):
        act(code, "verify", grader, note="看", evidence="照片")


@pytest.mark.parametrize(("done", "now", "over", "mark"), [(None, 200, False, None), (None, 200, True, "missed"), (None, 160, True, None), (160, 200, False, "in_time"),
                                                           (161, 200, True, "late"), (90, 200, True, "in_time"), (None, 99, True, None)])
def test_marks(done, now, over, mark):
    inject = DrillInject(minute=100, within=60, expects="fill")
    assert drills.outcome(inject, done, now, over=over).mark == mark
    assert drills.outcome(DrillInject(minute=100, within=60), done, now, over=over).mark is None


def played(grader, made, time):
    """Verified at minute 30 (in time), graded at minute 1600 (late: 24 hours are 1440), raise and others never."""
    drills.start(made, grader)
    code = drills.event_of_drill(drills.drill_of(made)).code
    time(30)
    act(code, "verify", grader, note="看", evidence="照片")
    time(1600)
    act(code, "grade", grader, level="red", note="大", owner="李", lead_office="区工信局")
    plan.fill(code, grader)
    task = next(t for t in tasks.PlanTask.objects.filter(event__code=code) if t.kind == "finance")
    tasks.move_task(code, task.number, "done", grader, evidence="会议纪要")
    time(1700)
    drills.end(made, grader)
    drills.comment(made, grader, lesson="先定级再要名单")
    return code


def test_planned_against_actual(grader, made, time):
    played(grader, made, time)
    marks = {i.expects: (i.done_minute, i.mark) for i in DrillInject.objects.filter(drill__code=made)}
    assert marks == {"verify": (30, "in_time"), "grade": (1600, "late"), "fill": (1600, "late"), "task:substitute": (None, "missed"), "phone": (None, "missed"),
                     "task:finance": (1600, "late"), "raise": (None, "missed")}


def test_a_raise_before_the_inject_is_no_answer_to_it(grader, made, time):
    drills.start(made, grader)
    code = drills.event_of_drill(drills.drill_of(made)).code
    act(code, "verify", grader, note="看", evidence="照片")
    act(code, "grade", grader, level="yellow", note="大", owner="李", lead_office="区工信局", reason="初看影响不大")
    act(code, "raise", grader, level="orange", reason="扩大")
    assert drills.done_minutes(drills.drill_of(made))[7] is None
    time(730)
    act(code, "raise", grader, level="red", reason="又一家停线")
    assert drills.done_minutes(drills.drill_of(made))[7] == 730


def test_drills_stand_in_no_output_of_real_events(grader, made, time):
    """Every output that reads events, steps, tasks or plan rows gives with a drill alone what it gives with nothing, unless it is one of drills."""
    played(grader, made, time)
    edition = freeze()
    read = {"risk_event", "event_step", "plan_task", "event_exposure", "event_substitute", "event_contact"}
    checked = [name for name, o in outputs().items() if read & set(o.inputs) and "drill" not in o.inputs]
    assert {"event_list", "event_step_list", "event_task_list", "event_exposure_list", "event_substitute_list", "response_times"} <= set(checked)
    for name in checked:
        assert run(name, edition).frame.is_empty(), name
    assert run("drill_list", edition).frame.height == 1 and run("drill_step_list", edition).frame.height >= 4


def test_a_drill_does_not_join_or_block_real_events(grader, made, time):
    drills.start(made, grader)
    real = kit.event(grader)
    assert real.startswith("FX") and RiskEvent.objects.get(code=real).drill is None and RiskEvent.objects.count() == 2
    act(real, "verify", grader, note="看", evidence="照片")
    assert not EventStep.objects.filter(event__drill__isnull=False, step="verify").exists()


def test_report(people, grader, made, time):
    client = kit.web.signed_in(grader)
    assert client.get(f"/drills/{made}/report/").status_code == 404  # no edition holds it yet
    code = played(grader, made, time)
    freeze()
    page = client.get(f"/drills/{made}/report/").content.decode()
    for words in ("先定级再要名单", "“电话核实”没有做", "演练设定", code, "“研判定级”应在情景25小时前完成，实际26小时40分才做，晚1小时40分"):
        assert words in page, words
    data = client.get(f"/drills/{made}/report.docx").content
    assert check(data) == []
    assert client.get(f"/events/{code}/plan/").status_code == 404  # a drill has no plan among the real ones


def test_report_only_when_ended(grader, made, time):
    drills.start(made, grader)
    freeze()
    assert "还没有结束" in kit.web.signed_in(grader).get(f"/drills/{made}/report/").content.decode()


def test_report_of_a_drill_ended_at_once_praises_nobody(grader, made, time):
    drills.start(made, grader)
    drills.end(made, grader)
    freeze()
    page = kit.web.signed_in(grader).get(f"/drills/{made}/report/").content.decode()
    assert "无从评定" in page and "按时做了" not in page


def test_pages(people, grader, made, time):
    client, reader = kit.web.signed_in(grader), kit.web.signed_in(people["reader"])
    assert "30 倍" in client.get("/drills/new/").content.decode() and made in client.get("/drills/").content.decode()
    assert client.post(f"/drills/{made}/start/").status_code == 302 and reader.post(f"/drills/{made}/pause/").status_code == 403
    time(61)
    page, leader, code = (client.get(f"/drills/{made}/{q}").content.decode() for q in ("", "?all=1", ""))
    assert "请研判定级" in page and "停线" not in page and "停线" in leader and 'data-next-seconds="29"' in page
    assert "style=" not in page
    event = client.get(f"/events/{made}-1/").content.decode()
    assert "演练" in event and "2026-11-20 10:01" in event and "一事一策</a>" not in event
    client.post("/language/", {"language": "en", "next": "/"})
    for address in ("/drills/", "/drills/new/", f"/drills/{made}/", f"/events/{made}-1/"):
        assert client.get(address).status_code == 200
    sent = client.post("/drills/new/", {"cause": "road_closed", "subject": "国道 320 线", "speed": "0"})
    assert sent.status_code == 400 and Drill.objects.count() == 1


def test_clock_in_words():
    assert [told(m) for m in (0, 59, 60, 1440 + 61, None)] == ["0分", "59分", "1小时", "25小时1分", "—"] and drills.stamp(61.7) == "T+01:01"
