"""Two risk events of the synthetic district, played through the same actions as real ones: one that was lifted with its review, one that is being handled."""

from __future__ import annotations

from typing import Any

from liantu.kernel.edition import Edition

MARK = "（合成）"
CUSTOMERS = 3  # in the district, at least
LIFTED = (("verify", "2026-10-12 11:20", {"note": "包联干部到场：主电机烧毁，一条线停，另两条线正常", "evidence": "现场照片 3 张、维修单"}),
          ("grade", "2026-10-12 15:00", {"level": "orange", "note": "下游两家库存不足十天，已报链长", "owner": "区工信局值班员", "lead_office": "区工信局"}))
RUNNING = (("verify", "2026-11-18 14:05", {"note": "厂区停产，负责人称原料断供，恢复时间不明", "evidence": "现场照片、停产通知"}),
           ("grade", "2026-11-18 17:30", {"level": "red", "note": "独家供应环节，下游多家受影响，已报链长和总链长", "owner": "区工信局值班员", "lead_office": "区工信局"}))


def plant_events(edition: Edition, by: Any) -> list[str]:
    """Write both events as of October and November 2026 on the firms that sell most inside the district; gives their codes. Planted once."""
    from liantu.resilience.event_models import RiskEvent

    firms = _suppliers(edition)
    if RiskEvent.objects.exists() or len(firms) < 2:
        return []
    return [_lifted(edition, firms[1], by), _running(edition, firms[0], by)]


def _suppliers(edition: Edition) -> list[int]:
    """Firms with at least three customers in the district, by what they sell there."""
    import polars as pl

    links = edition.table("supply_link").filter(pl.col("supplier").is_not_null(), pl.col("customer").is_not_null(), pl.col("supplier") != pl.col("customer"))
    sold = links.group_by("supplier").agg(pl.col("customer").n_unique(), pl.col("amount").sum()).filter(pl.col("customer") >= CUSTOMERS)
    return sold.sort("amount", "supplier", descending=[True, False])["supplier"].head(2).to_list()


def _opened(firm: int, at: str, by: Any, **told: Any) -> str:
    from liantu.enterprises.models import Enterprise
    from liantu.resilience.event_clock import acting_at
    from liantu.resilience.opening import open_event

    with acting_at(at):
        return open_event(by, cause="firm_stopped", enterprise=firm, title=f"{Enterprise.objects.get(pk=firm).name}停产{MARK}", found_by="system", **told)[0]


def _act(code: str, steps: Any, by: Any) -> None:
    from liantu.resilience.event_clock import acting_at
    from liantu.resilience.workflow import act

    for name, at, told in steps:
        with acting_at(at):
            act(code, name, by, **told)


def _tasks(code: str, moves: dict[str, tuple[str, str, str]], by: Any) -> None:
    """Tasks by kind: (state, at, proof)."""
    from liantu.resilience.event_clock import acting_at
    from liantu.resilience.event_models import PlanTask
    from liantu.resilience.tasks import move_task

    for task in PlanTask.objects.filter(event__code=code).order_by("number"):
        if task.kind in moves:
            state, at, proof = moves[task.kind]
            with acting_at(at):
                move_task(code, task.number, state, by, evidence=proof)


def _lifted(edition: Edition, firm: int, by: Any) -> str:
    """Stopped for nine days in October: lowered, handled, reviewed, lifted."""
    from liantu.resilience.event_clock import acting_at
    from liantu.resilience.plan import fill

    code = _opened(firm, "2026-10-12 08:40", by, level="orange", summary="用电量连续两日降到平日的三成以下。以下情节为演示而设，企业和数字都是造的。")
    _act(code, LIFTED, by)
    with acting_at("2026-10-12 15:30"):
        fill(code, by, edition)
    done = {"check": ("done", "2026-10-12 18:00", "核查记录"), "inform": ("done", "2026-10-13 09:00", "值班快报"), "substitute": ("done", "2026-10-15 10:00", "对接记录、样品检验单"),
            "supply": ("done", "2026-10-14 16:00", "余货调剂单"), "finance": ("dropped", "2026-10-15 11:00", "企业资金正常，无需协调"),
            "labour": ("dropped", "2026-10-15 11:00", "停线人员已转岗"),
            "superior": ("dropped", "2026-10-15 11:30", "区内已补上")}
    _act(code, [("lower", "2026-10-14 17:00", {"level": "yellow", "reason": "余货调剂后下游可维持三周，替代供应商样品已合格"})], by)
    _tasks(code, done, by)
    _act(code, [("handle", "2026-10-20 16:00", {"note": "主电机更换，三条线全部恢复", "evidence": "复产照片、当日发货单"}),
                ("review", "2026-10-22 10:00", {"note": "成因是主电机无备件。改进：列入关键设备备件清单；本环节再培育一家合格供应商。"}),
                ("lift", "2026-10-23 09:30", {"evidence": "连续三日用电和发货恢复正常"})], by)
    return code


def _running(edition: Edition, firm: int, by: Any) -> str:
    """Stopped in November: graded red, some tasks done, one overdue, still being handled."""
    from liantu.resilience.event_clock import acting_at
    from liantu.resilience.plan import fill

    code = _opened(firm, "2026-11-18 10:10", by, level="orange", summary="用电量骤降到平日的一成，下游来电反映到货中断。以下情节为演示而设，企业和数字都是造的。")
    _act(code, RUNNING, by)
    with acting_at("2026-11-18 18:00"):
        fill(code, by, edition)
    _tasks(code, {"check": ("done", "2026-11-18 20:30", "核查记录"), "inform": ("done", "2026-11-18 21:00", "值班快报"), "substitute": ("doing", "2026-11-19 09:00", ""),
                  "finance": ("doing", "2026-11-19 14:00", "")}, by)
    _act(code, [("note", "2026-11-19 16:40", {"note": "两家下游称库存只够四天，已列入余货调剂先后名单"})], by)
    return code
