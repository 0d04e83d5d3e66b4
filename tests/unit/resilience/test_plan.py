"""一事一策: filled in from data, renewed without losing what people wrote, and taken back as one batch."""

import sys
from dataclasses import dataclass, field
from decimal import Decimal
from types import ModuleType

import pytest

from liantu.enterprises.models import Enterprise
from liantu.kernel.batch import undo
from liantu.kernel.edition import freeze, open_edition
from liantu.kernel.problems import Refused, UserError
from liantu.papers.event_plan import event_paper
from liantu.resilience import plan, plan_sources, tasks
from liantu.resilience.event_models import EventContact, EventExposure, EventStep, EventSubstitute, PlanTask, RiskEvent
from tests.unit.resilience import event_kit as kit


@dataclass
class Hit:
    enterprise: int
    node: int | None
    days: float
    level: float
    output: float | None
    jobs: float | None
    tax: float | None
    why: str = "缺料：经 甲 断供"
    late: bool = False


@dataclass
class Range:
    low: float
    high: float
    level: float = 0.8
    draws: int = 200


@dataclass
class Answer:
    rows: tuple
    totals: dict
    steps: int = 3
    scenario: object = field(default=None)


@pytest.fixture
def engine(monkeypatch):
    """A shock engine of known answer: the third firm loses two fifths, the second has no figures."""
    def ids():
        return {f.name[0]: f.pk for f in Enterprise.objects.all()}

    def exposure_of(edition, remaining=None, *, scenario=None, **_):
        known = ids()
        answer = Answer((Hit(known["丙"], None, 7.04, 0.6, 400.5, 20.4, 3.25), Hit(known["乙"], None, 90.0, 0.9, None, None, None, late=True)),
                        {"output": 400.5, "tax": 3.25, "jobs": 20.4, "firms": 2.0}, scenario=scenario)
        return answer

    engine = ModuleType("liantu.resilience.exposure")
    engine.exposure_of, engine.interval = exposure_of, None
    scenarios = ModuleType("liantu.resilience.scenarios")
    scenarios.OUTSIDE, scenarios.ANYWHERE, scenarios.ONLY_OUTSIDE = 0, "all", "outside"
    scenarios.stopped = lambda network, firms, share=0.0: ("stop", list(firms), share)
    scenarios.power_cut = lambda network, park, share=0.0: ("power", park, share)
    scenarios.road_closed = lambda network, park, other=0: ("road", park, other)
    scenarios.item_banned = lambda network, node, scope="all": ("item", node, scope)
    network = ModuleType("liantu.resilience.network")
    network.firm_network = lambda edition: "network"
    import liantu.resilience as room

    ranges = ModuleType("liantu.resilience.ranges")
    ranges.ready = lambda edition: engine.interval is not None
    ranges.range_of = lambda edition, exposure: engine.interval and Range(*engine.interval)
    for module in (engine, scenarios, network, ranges):
        monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.setattr(room, module.__name__.rsplit(".", 1)[1], module, raising=False)
    monkeypatch.setattr(plan_sources, "_movers", lambda exposure: [])
    return engine


@pytest.fixture
def graded(grader, engine):
    code = kit.event(grader)
    kit.go(code, grader, "grade", level="red")
    freeze()
    return code


def test_filled_in_from_data(grader, graded, monkeypatch):
    monkeypatch.setattr(plan_sources, "_allotted", lambda event, edition: [])  # no amounts known: who stands at the node
    plan.fill(graded, grader)
    event = RiskEvent.objects.get(code=graded)
    assert (event.exposure_mid, event.tax_at_stake, event.jobs_at_stake, event.firms_at_stake) == (Decimal("400.5"), Decimal("3.25"), 20, 2)
    assert event.exposure_low is None and "区间尚未推算" in event.exposure_basis and event.exposure_edition == open_edition().number
    rows = {r.enterprise.name[0]: r for r in EventExposure.objects.all()}
    assert (rows["丙"].days, rows["丙"].remaining_share, rows["丙"].output, rows["丙"].jobs) == (Decimal("7"), Decimal("0.6"), Decimal("400.5"),
                                                                                             20) and rows["乙"].output is None
    assert rows["乙"].days is None and "还感觉不到" in rows["乙"].why  # not within the days followed
    assert [(c.number, c.enterprise.name[0]) for c in EventContact.objects.order_by("number")] == [(1, "甲"), (2, "丙"), (3, "乙")]
    assert EventContact.objects.get(enterprise__name__startswith="丙").why == "客户：方形电芯（2025 年）"
    substitute = EventSubstitute.objects.get()
    assert (substitute.supplier.name[0], substitute.item, substitute.amount) == ("乙", "方形电芯", None) and "待核对" in substitute.note
    assert PlanTask.objects.count() == len(tasks.templates()["firm_stopped"]) and EventStep.objects.filter(step="fill").count() == 1


def test_an_interval_when_the_engine_gives_one(grader, graded, engine):
    engine.interval = (210.0, 900.0)
    plan.fill(graded, grader)
    event = RiskEvent.objects.get(code=graded)
    assert (event.exposure_low, event.exposure_high) == (Decimal(210), Decimal(900)) and "80% 区间由 200 个" in event.exposure_basis


def test_filled_again_it_keeps_what_people_wrote(grader, graded):
    plan.fill(graded, grader)
    firm = Enterprise.objects.get(name__startswith="丙").pk
    plan.answer(graded, firm, "库存还够 5 天", grader)
    tasks.edit_task(graded, 1, grader, what="先去看设备")
    tasks.add_task(graded, grader, what="自己加的")
    count = PlanTask.objects.count()
    plan.fill(graded, grader)
    assert EventContact.objects.get(enterprise=firm).answer == "库存还够 5 天" and EventContact.objects.count() == 3 and PlanTask.objects.count() == count
    assert PlanTask.objects.get(number=1).what == "先去看设备" and EventExposure.objects.count() == 2
    assert sorted(EventContact.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_filling_is_one_batch_and_goes_back(grader, graded):
    batch = plan.fill(graded, grader)
    undo(batch, by=grader)
    assert not EventExposure.objects.exists() and not PlanTask.objects.exists() and not EventContact.objects.exists() and RiskEvent.objects.get(code=graded).exposure_mid is None


def test_no_tasks_before_grading(grader, engine):
    code = kit.event(grader)
    freeze()
    plan.fill(code, grader)
    assert EventExposure.objects.exists() and not PlanTask.objects.exists()


@pytest.mark.parametrize(("told", "scenario"), [
    ({"cause": "firm_stopped", "remaining_share": Decimal("0.4")}, ("stop", [1], 0.4)), ({"cause": "power_lost", "enterprise_id": None, "park_id": 5}, ("power", 5, 0.0)),
    ({"cause": "road_closed", "park_id": 5}, ("road", 5, 0)), ({"cause": "road_closed", "park_id": 5, "park_to_id": 6}, ("road", 5, 6)),
    ({"cause": "cut_off", "enterprise_id": None, "chain_node_id": 2}, ("item", 2, "outside")),
    ({"cause": "item_banned", "chain_node_id": 2}, ("item", 2, "all")), ({"cause": "price"}, ("stop", [1], 0.0))])
def test_the_scenario_of_a_cause(engine, told, scenario):
    assert plan_sources._scenario(RiskEvent(**{"enterprise_id": 1, **told}), None) == scenario


def test_what_cannot_be_computed_is_said(grader, engine):
    code = kit.event(grader, enterprise=None, cause="price", subject="碳酸锂", signals="")
    freeze()
    plan.fill(code, grader)
    event = RiskEvent.objects.get(code=code)
    assert event.exposure_mid is None and "没有写明企业、园区或环节" in event.exposure_basis and "没有写明企业、园区或环节" in EventStep.objects.get(event=event, step="fill").note and not EventExposure.objects.exists()


class Supplied:
    """A known answer of the substitution engine: one item short, one supplied by five, and a firm to ask."""

    def __init__(self, firm, buyer):
        row = {"supplier": firm, "customer": buyer, "spare": 90.0, "note": "已供同一物料"}
        self._rows = [{**row, "kind": "local", "item": "壳体", "amount": float(n)} for n in range(1, 6)] + [
            {**row, "kind": "short", "item": "电芯", "amount": 12.5, "supplier": None, "spare": None},
            {**row, "kind": "short", "item": "壳体", "amount": None, "supplier": None, "spare": None}, {**row, "kind": "outside", "item": "电芯", "amount": 77.0,
                                                                                                      "supplier": None, "spare": None, "note": "向区外采购 77 万元"}]
        self.to_ask = (type("Ask", (), {"item": "盖板", "supplier": firm, "why": "要电话核实"})(),)

    def rows(self):
        return self._rows

    def totals(self):
        return [{"item": "电芯"}, {"item": "壳体"}]


def test_substitutes_allotted_by_the_engine(grader, graded, monkeypatch):
    import liantu.resilience as room

    firms = {f.name[0]: f.pk for f in Enterprise.objects.all()}
    asked = {}
    module = ModuleType("liantu.resilience.substitutes")
    module.substitutes_for = lambda edition, stopped: asked.update(stopped) or Supplied(firms["乙"], firms["丙"])
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(room, "substitutes", module, raising=False)
    monkeypatch.setattr(type(open_edition()), "has", lambda self, name: True)
    plan.fill(graded, grader)
    assert asked == {firms["甲"]: 0.0}
    rows = [(s.kind, s.item, s.amount) for s in EventSubstitute.objects.order_by("number")]
    assert rows == [("short", "电芯", Decimal("12.5")), ("outside", "电芯", Decimal(77)), ("local", "壳体", Decimal(5)), ("local", "壳体", Decimal(4)),
                    ("local", "壳体", Decimal(3)), ("short", "壳体", None), ("local", "盖板", None)]
    assert not [s.note for s in EventSubstitute.objects.all() if any(c.isdigit() for c in s.note)]  # amounts stand in confidential columns only
    monkeypatch.undo()
    paper = event_paper(freeze(), graded)
    assert any("仍有缺口的物料：电芯。需求数量不明的物料：壳体。" in "".join(p if isinstance(p, str) else p.text for p in b.parts) for b in paper.blocks if hasattr(b, "parts"))


def test_what_a_person_stated_stands_where_nothing_can_be_computed(grader, engine):
    code = kit.event(grader, enterprise=None, cause="price", subject="碳酸锂", signals="")
    freeze()
    plan.state_exposure(code, grader, mid="900", basis="专班测算")
    plan.fill(code, grader)
    event = RiskEvent.objects.get(code=code)
    assert (event.exposure_mid, event.exposure_basis) == (Decimal(900), "人工填写：专班测算")


def test_an_answer_needs_words_and_a_firm_of_the_list(grader, graded):
    plan.fill(graded, grader)
    firm = Enterprise.objects.get(name__startswith="丙").pk
    with pytest.raises(Refused, match="还没有写"):
        plan.answer(graded, firm, " ", grader)
    with pytest.raises(UserError, match="名单里没有"):
        plan.answer(graded, 99999, "好", grader)


def test_single_firms_figures_stand_in_the_internal_paper_only(grader, graded):
    plan.fill(graded, grader)
    edition = freeze()
    inside, outside = (event_paper(edition, graded, version=v) for v in ("internal", "department"))
    assert {f.text for f in inside.figures} == {"2家", "400.5万元", "20人", "3.2万元"}
    assert [f.text for f in outside.figures] == ["2家"]  # how many firms, and nothing of theirs
    with pytest.raises(UserError, match="公开版没有"):
        event_paper(edition, graded, version="public")


def test_with_the_real_engine(grader):
    pytest.importorskip("liantu.resilience.exposure")
    code = kit.event(grader)
    freeze()
    plan.fill(code, grader)
    assert RiskEvent.objects.get(code=code).exposure_basis
