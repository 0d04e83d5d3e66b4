"""What the tests of risk events share: a small site, people in each role, and an event at any state."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth.models import Group, User

from liantu.enterprises.models import Enterprise
from liantu.kernel.batch import Planned, write, writing
from liantu.kernel.models import Batch
from liantu.resilience.event_models import PlanTask, RiskEvent
from liantu.resilience.opening import open_event
from liantu.resilience.tasks import add_task, move_task
from liantu.resilience.workflow import GRADERS, act
from tests.unit.web import kit as web

WAY = ("verify", "grade", "task", "handle", "review", "lift")


def light_site() -> None:
    """One chain with one node, three firms at it or beside it, and who supplies whom; no edition."""
    chain = Planned("chain", {"code": web.CHAIN, "name": "电池产业链", "lead_office": "区工信局"})
    node = Planned("chain_node", {"code": web.NODE, "name": "方形电芯", "weight": 1}, links={"chain": chain})
    firms = [Planned("enterprise", {"name": name, "uscc": f"9136000000000000{n}X"}) for n, name in enumerate(("甲电池有限公司", "乙电池有限公司", "丙汽车有限公司"))]
    placed = [Planned("placement", {"grade": "confirmed"}, links={"enterprise": firm, "chain": chain, "chain_node": node}) for firm in firms[:2]]
    link = Planned("supply_link", {"item": "方形电芯", "year": 2025, "amount": Decimal(500), "supplier_name": "甲电池有限公司", "customer_name": "丙汽车有限公司"},
                   links={"supplier": firms[0], "customer": firms[2], "chain_node": node})
    with writing():
        write(Batch.objects.create(kind="form"), [chain, node, *firms, *placed, link])


def people() -> dict[str, User]:
    """Those of the web tests and a grader, who also edits and sees single firms' figures."""
    found = web.people()
    found["grader"] = User.objects.create_user("grader", password="a-long-password")
    found["grader"].groups.add(*(Group.objects.get_or_create(name=n)[0] for n in ("编辑", "内部", GRADERS)))
    return found


def event(by: User, **told: object) -> str:
    """An event of the first firm, just opened."""
    given = {"cause": "firm_stopped", "enterprise": Enterprise.objects.get(name="甲电池有限公司").pk, "signals": "S1、S2", "summary": "用电量降为零", **told}
    return open_event(by, **given)[0]


def go(code: str, by: User, upto: str, level: str = "orange") -> RiskEvent:
    """Take an event along the way, all steps with what they ask for, up to and with the step named."""
    told = {"verify": {"note": "到场查看", "evidence": "现场照片"}, "grade": {"note": "影响下游两家", "owner": "李", "lead_office": "区工信局", "level": level},
            "handle": {"note": "恢复七成", "evidence": "供货单"}, "review": {"note": "单一供应商"}, "lift": {"evidence": "复产证明"}}
    for name in WAY:
        if name == "task":
            add_task(code, by, kind="substitute", what="对接替代供应商")
            for task in PlanTask.objects.filter(event__code=code):
                move_task(code, task.number, "done", by, evidence="对接记录")
        else:
            act(code, name, by, **told[name])
        if name == upto:
            break
    return RiskEvent.objects.get(code=code)
