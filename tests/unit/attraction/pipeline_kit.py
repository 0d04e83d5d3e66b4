"""What the tests of the pipeline share: one chain, two firms with projects, people in each role, and leads at any state."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.contrib.auth.models import Group, User

from liantu.attraction import workflow
from liantu.attraction.pipeline_models import Lead
from liantu.chains.models import ChainNode
from liantu.kernel.batch import Planned, write, writing
from liantu.kernel.models import Batch
from liantu.projects.models import Project
from tests.unit.web import kit as web

TODAY = date(2026, 10, 31)
ALL_TOLD = {"content": "年产电芯两吉瓦时", "process": "涂布、卷绕、化成", "invest_total": "60000", "fixed_assets": 40000, "land_mu": "120", "energy_tce": 9000, "pollutants": "废气", "output_expected": 90000,
            "tax_expected": 3000, "introducer": "陈会长"}


def people() -> dict[str, User]:
    """Those of the web tests and an assessor, who also edits."""
    found = web.people()
    found["assessor"] = User.objects.create_user("assessor", password="a-long-password")
    found["assessor"].groups.add(*(Group.objects.get_or_create(name=n)[0] for n in ("编辑", "内部", workflow_group())))
    return found


def workflow_group() -> str:
    from liantu.attraction.pipeline_write import ASSESSORS

    return ASSESSORS


def light_site() -> None:
    """One chain with one node, and a project of a known investor in talks."""
    chain = Planned("chain", {"code": web.CHAIN, "name": "电池产业链", "lead_office": "区工信局"})
    node = Planned("chain_node", {"code": web.NODE, "name": "方形电芯", "weight": 1}, links={"chain": chain})
    firm = Planned("enterprise", {"name": "云澜晶诺新材料有限公司", "uscc": "91360000000000001X"})
    project = Planned("project", {"name": "晶诺扩产项目", "investor": "晶诺新材料有限公司", "category": "attracted", "stage": "talks", "side_state": "normal", "invest_total": Decimal(12000)}, links={"chain": chain})
    with writing():
        write(Batch.objects.create(kind="form"), [chain, node, firm, project])


def lead(by: User, investor: str = "江锂电池股份有限公司", received_on: date = date(2026, 10, 20), **told: object) -> Lead:
    """A lead just registered."""
    return workflow.make_lead(by, investor=investor, title=f"{investor}电芯项目", received_on=received_on, chain_node=ChainNode.objects.get(), office="区工信局", owner="李明", source="referral", **told)


def go(found: Lead, by: User, upto: str = "assess") -> Lead:
    """Take a lead along: answered, assessed as followed, visited."""
    found = workflow.answer(by, found, on=date(2026, 10, 21), responder="王芳")
    if upto == "answer":
        return found
    found = workflow.assess(by, found, verdict="follow", reason="补链关键环节", lead_class="a", on=date(2026, 10, 22))
    if upto == "visit":
        workflow.add_visit(by, firm_name=found.investor or "", visited_on=date(2026, 10, 25), kind="out", office="区工信局", people="王芳、李明", notes="看厂", lead=found, next_step="回访", next_on=date(2026, 11, 5))
    return Lead.objects.get(pk=found.pk)


def project(by: User, upto: str = "talks") -> Project:
    """A project out of a lead, taken to a stage by proof."""
    found = workflow.to_project(by, go(lead(by, **ALL_TOLD), by, "visit"), on=date(2026, 10, 26))
    proofs = (("admitted", "准入评审意见"), ("signed", "正式投资协议"), ("registered", "营业执照"), ("approved", "项目备案通知书"), ("started", "施工许可证"))
    for at, (stage, paper) in enumerate(proofs):
        if upto == "talks":
            break
        workflow.reach_stage(by, found, stage, date(2026, 10, 27), paper, number=f"号{at}")
        if stage == upto:
            break
    return Project.objects.get(pk=found.pk)
