"""The two risk events of the synthetic district: clearly synthetic, one lifted with its review, one running, each planted once."""

import pytest

from liantu.demo.events import MARK, plant_events
from liantu.kernel.edition import freeze
from liantu.kernel.output import run
from liantu.resilience.event_models import EventStep, RiskEvent
from tests.unit.resilience import event_kit as kit


@pytest.fixture
def district(site, db):
    """Two suppliers with three customers each."""
    people = kit.people()
    firms = [kit.Planned("enterprise", {"name": f"{word}有限公司", "uscc": f"9136000000000000{n}X"}) for n, word in enumerate("甲乙丙丁戊")]
    links = [kit.Planned("supply_link", {"item": "料", "year": 2025, "amount": kit.Decimal(100 * (2 - s)), "supplier_name": str(s), "customer_name": str(c)},
                         links={"supplier": firms[s], "customer": firms[c]})
             for s in (0, 1) for c in (2, 3, 4)]
    chain = kit.Planned("chain", {"code": kit.web.CHAIN, "name": "电池产业链"})
    node = kit.Planned("chain_node", {"code": kit.web.NODE, "name": "方形电芯"}, links={"chain": chain})
    placed = [kit.Planned("placement", {"grade": "confirmed"}, links={"enterprise": firm, "chain": chain, "chain_node": node}) for firm in firms]
    with kit.writing():
        kit.write(kit.Batch.objects.create(kind="form"), [*firms, *links, chain, node, *placed])
    people["grader"].is_staff = True
    return freeze(), people["grader"]


def test_two_events_are_planted_once(district):
    edition, by = district
    assert plant_events(edition, by) == ["FX2026-0001", "FX2026-0002"] and plant_events(edition, by) == []
    lifted, running = RiskEvent.objects.order_by("code")
    assert (lifted.state, lifted.level, running.state, running.level) == ("lifted", "yellow", "graded", "red") and MARK in lifted.title and MARK in running.title
    assert (running.enterprise.name, lifted.enterprise.name) == ("甲有限公司", "乙有限公司") and lifted.lesson
    lower = EventStep.objects.get(event=lifted, step="lower")
    assert (lower.level_before, lower.level_after) == ("orange", "yellow") and lower.reason
    rows = {r["code"]: r for r in run("event_list", freeze()).frame.iter_rows(named=True)}
    assert rows["FX2026-0001"]["lamp_rule"] == "ended" and rows["FX2026-0002"]["tasks_done"] == 2
    times = run("response_times", freeze()).frame.filter(level="all").row(0, named=True)
    assert (times["counted"], times["in_time"]) == (2, 2)
