"""风险事件清单: every real event with its level, its state, the lamp of its clock, its exposure and who answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import narwhals as nw

from liantu.chains.shared import named_chain
from liantu.kernel.columns import Choice, Column
from liantu.kernel.output import list_
from liantu.kernel.relations import count_of, first_of, mapped, zero
from liantu.projects.shared import LAMPS
from liantu.resilience.event_choices import CAUSES, COLOURS, ENDED, FOUND_BY, RANKS, STATES
from liantu.resilience.event_shared import real

EVENT_RULES = (Choice("ended", "已了结", "Ended"), Choice("overdue", "本步超过时限", "This step is overdue"), Choice("task_overdue", "有任务超过时限", "A task is overdue"),
               Choice("due_today", "本步今天到期", "This step is due today"),
               Choice("unclocked", "本步没有时限", "This step has no clock"), Choice("in_time", "在时限内", "In time"))
_LAMPS = {"ended": "green", "overdue": "red", "task_overdue": "red", "due_today": "yellow", "unclocked": "none", "in_time": "green"}
COLUMNS = (
    Column("event", "事件序号", "Event id", "integer", unit="号"),
    Column("code", "事件编号", "Event", "code"),
    Column("title", "事件名称", "Title"),
    Column("level", "级别", "Level", "choice", choices=COLOURS),
    Column("lamp", "时限灯", "Lamp of its clock", "choice", choices=LAMPS),
    Column("lamp_rule", "亮灯理由", "Why this lamp", "choice", choices=EVENT_RULES),
    Column("state", "状态", "State", "choice", choices=STATES),
    Column("cause", "起因", "Cause", "choice", choices=CAUSES),
    Column("enterprise_name", "企业名称", "Enterprise", "name"),
    Column("subject", "涉及对象", "Subject"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("node_code", "环节代码", "Node code", "code"),
    Column("node_name", "环节", "Node", "name"),
    Column("opened_on", "发现日期", "Opened on", "date"),
    Column("due_at", "本步时限", "This step is due at", "code"),
    Column("owner", "责任人", "Owner"),
    Column("lead_office", "牵头单位", "Lead office"),
    Column("tasks", "任务", "Tasks", "integer", unit="项"),
    Column("tasks_done", "已办任务", "Tasks done", "integer", unit="项"),
    Column("tasks_overdue", "超期任务", "Tasks overdue", "integer", unit="项"),
    Column("firms_at_stake", "涉及企业", "Firms at stake", "integer", unit="家"),
    Column("exposure_low", "敞口低值", "Exposure, low", "money", unit="万元", secrecy="confidential"),
    Column("exposure_mid", "敞口中值", "Exposure, middle", "money", unit="万元", secrecy="confidential"),
    Column("exposure_high", "敞口高值", "Exposure, high", "money", unit="万元", secrecy="confidential"),
    Column("tax_at_stake", "涉及税收", "Tax at stake", "money", unit="万元", secrecy="confidential"),
    Column("jobs_at_stake", "涉及就业", "Jobs at stake", "integer", unit="人", secrecy="confidential"),
    Column("exposure_edition", "敞口版次", "Edition of the exposure", "code"),
    Column("exposure_basis", "敞口算法", "How the exposure was found"),
    Column("found_by", "发现途径", "Found by", "choice", choices=FOUND_BY),
    Column("signals", "信号编号", "Signals", "words"),
    Column("summary", "情况", "Summary", "long_text"),
    Column("evidence", "依据", "Evidence", "long_text"),
    Column("lesson", "复盘结论", "What was learnt", "long_text"),
    Column("closed_on", "了结日期", "Closed on", "date"),
    Column("level_rank", "排列次序", "Order", "integer", unit="位", help="级别高的在前；未定级的与橙色同列，已了结的在后"),
)
TRACE = (("risk_event", {"id": "event"}), ("plan_task", {"event": "event"}), ("enterprise", {"id": "risk_event.enterprise"}),
         ("chain_node", {"id": "risk_event.chain_node"}), ("chain", {"id": "risk_event.chain"}))


@list_("风险事件清单", "Risk events", key=("event",), columns=COLUMNS, trace=TRACE, sort=("-level_rank", "closed_on", "opened_on"), secrecy="internal")
def event_list(risk_event: Any, plan_task: Any, enterprise: Any, chain_node: Any, chain: Any, as_of: Any) -> Any:
    """每件风险事件几级、到哪一步、时限亮什么灯、敞口多大、谁负责；供链长办和专班调度。演练不在其中。内部使用。

    The level, state, lamp, exposure and owner of each risk event, drills left out; for the chain office. Internal.

    Lamps are by day: a step or task is overdue from the day after it was due; the event's page shows the hours.

    Example:
        risk_event
        id | code        | title    | level  | state  | cause        | enterprise | chain_node | chain | opened_on  | due_at           | closed_on  | drill
        1  | FX2026-0001 | 甲停产   | red    | signal | firm_stopped | 7          | 2          |       | 2026-10-30 | 2026-10-30 12:00 |            |
        2  | FX2026-0002 | 封路     | yellow | graded | road_closed  |            |            | 1     | 2026-10-29 |                  |            |
        3  | FX2026-0003 | 乙停产   |        | signal | firm_stopped | 8          |            |       | 2026-10-31 | 2026-10-31 20:00 |            |
        4  | FX2026-0004 | 丙停产   | blue   | lifted | firm_stopped |            |            |       | 2026-09-01 |                  | 2026-09-20 |
        5  | YL2026-01-1 | 演练停产 | red    | signal | firm_stopped | 7          |            |       | 2026-10-01 | 2026-10-01 12:00 |            | 1
        plan_task
        id | event | number | state | due_at
        1  | 2     | 1      | done  | 2026-10-30 08:00
        2  | 2     | 2      | todo  | 2026-10-30 08:00
        enterprise
        id | name
        7  | 甲
        8  | 乙
        chain_node
        id | code | name | chain
        2  | c/b  | 电芯 | 1
        chain
        id | code | name
        1  | c    | 电池
        gives
        event | code        | lamp   | lamp_rule    | enterprise_name | chain_code | node_code | tasks | tasks_done | tasks_overdue
        1     | FX2026-0001 | red    | overdue      | 甲              | c          | c/b       | 0     | 0          | 0
        2     | FX2026-0002 | red    | task_overdue |                 | c          |           | 2     | 1          | 1
        3     | FX2026-0003 | yellow | due_today    | 乙              |            |           | 0     | 0          | 0
        4     | FX2026-0004 | green  | ended        |                 |            |           | 0     | 0          | 0
    """
    today, tomorrow = as_of.isoformat(), (as_of + timedelta(days=1)).isoformat()
    open_task = nw.col("state").is_null() | ~nw.col("state").is_in(("done", "dropped"))
    tasks = plan_task.filter(nw.col("state").is_null() | (nw.col("state") != "dropped")).select(
        "event", nw.lit(1).alias("tasks"), count_of(nw.col("state") == "done").alias("tasks_done"),
        count_of(open_task & (nw.col("due_at") < nw.lit(today))).alias("tasks_overdue"))
    counts = ("tasks", "tasks_done", "tasks_overdue")
    tasks = tasks.group_by("event").agg(*(nw.col(c).sum() for c in counts))
    rows = real(risk_event).rename({"id": "event"}).join(tasks, on="event", how="left").with_columns(*(zero(nw.col(c)).alias(c) for c in counts))
    steps = [("ended", nw.col("state").is_in(ENDED)), ("overdue", nw.col("due_at") < nw.lit(today)), ("task_overdue", nw.col("tasks_overdue") > 0),
             ("due_today", nw.col("due_at") < nw.lit(tomorrow)),
             ("unclocked", nw.col("due_at").is_null())]
    rows = rows.with_columns(first_of(steps, "in_time").alias("lamp_rule"),
                             nw.when(~nw.col("state").is_in(ENDED)).then(nw.coalesce(mapped(nw.col("level"), RANKS), nw.lit(RANKS["orange"]))).alias("level_rank"))
    rows = rows.with_columns(mapped(nw.col("lamp_rule"), _LAMPS).alias("lamp"))
    rows = named_chain(rows, chain_node, chain)
    return rows.join(enterprise.select(nw.col("id").alias("enterprise"), nw.col("name").alias("enterprise_name")), on="enterprise", how="left")
