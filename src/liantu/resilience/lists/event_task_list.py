"""处置任务清单: what is to be done about each real event, by whom and when, and what proves that it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import narwhals as nw

from liantu.kernel.columns import Choice, Column
from liantu.kernel.output import list_
from liantu.kernel.relations import first_of, mapped
from liantu.projects.shared import LAMPS
from liantu.resilience.event_choices import TASK_KINDS, TASK_STATES
from liantu.resilience.event_shared import of_real

TASK_RULES = (Choice("dropped", "不再需要", "Dropped"), Choice("done_late", "已完成，超时", "Done late"), Choice("done", "已完成", "Done"), Choice("overdue", "超过时限", "Overdue"),
              Choice("due_today", "今天到期", "Due today"),
              Choice("undated", "没有时限", "No due time"), Choice("in_time", "在时限内", "In time"))
_LAMPS = {"dropped": "none", "done_late": "yellow", "done": "green", "overdue": "red", "due_today": "yellow", "undated": "none", "in_time": "green"}
COLUMNS = (
    Column("task", "任务序号", "Task id", "integer", unit="号"),
    Column("event_code", "事件编号", "Event", "code"),
    Column("event_title", "事件名称", "Event title"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("number", "序号", "No.", "integer", unit="位"),
    Column("kind", "类别", "Kind", "choice", choices=TASK_KINDS),
    Column("what", "任务", "What", "long_text"),
    Column("office", "责任单位", "Office"),
    Column("who", "责任人", "Who"),
    Column("due_at", "时限", "Due at", "code"),
    Column("lamp", "灯色", "Lamp", "choice", choices=LAMPS),
    Column("lamp_rule", "亮灯理由", "Why this lamp", "choice", choices=TASK_RULES),
    Column("state", "状态", "State", "choice", choices=TASK_STATES),
    Column("done_at", "完成时刻", "Done at", "code"),
    Column("evidence", "完成佐证", "Evidence", "long_text"),
)
TRACE = (("plan_task", {"id": "task"}), ("risk_event", {"id": "plan_task.event"}), ("chain", {"id": "risk_event.chain"}))


@list_("处置任务清单", "Response tasks", key=("task",), columns=COLUMNS, trace=TRACE, sort=("event_code", "number"), secrecy="internal")
def event_task_list(plan_task: Any, risk_event: Any, chain: Any, as_of: Any) -> Any:
    """每件风险事件要办哪些事、谁在何时前办完、办完凭什么；供专班督办。演练不在其中。内部使用。

    What is to be done about each event, by whom, by when, and what proves it; drills left out. Internal.

    Example:
        plan_task
        id | event | number | kind       | what | state   | due_at           | done_at
        1  | 1     | 1      | check      | 核查 | done    | 2026-10-30 08:00 | 2026-10-30 07:00
        2  | 1     | 2      | substitute | 对接 | todo    | 2026-10-30 08:00 |
        3  | 1     | 3      | finance    | 续贷 | done    | 2026-10-30 08:00 | 2026-10-30 09:00
        4  | 2     | 1      | check      | 核查 | todo    | 2026-10-30 08:00 |
        risk_event
        id | code        | title  | chain | drill
        1  | FX2026-0001 | 甲停产 | 1     |
        2  | YL2026-01-1 | 演练   |       | 1
        chain
        id | code
        1  | c
        gives
        task | event_code  | chain_code | number | lamp   | lamp_rule
        1    | FX2026-0001 | c          | 1      | green  | done
        2    | FX2026-0001 | c          | 2      | red    | overdue
        3    | FX2026-0001 | c          | 3      | yellow | done_late
    """
    today, tomorrow = as_of.isoformat(), (as_of + timedelta(days=1)).isoformat()
    steps = [("dropped", nw.col("state") == "dropped"), ("done_late", (nw.col("state") == "done") & (nw.col("done_at") > nw.col("due_at"))),
             ("done", nw.col("state") == "done"),
             ("overdue", nw.col("due_at") < nw.lit(today)), ("due_today", nw.col("due_at") < nw.lit(tomorrow)), ("undated", nw.col("due_at").is_null())]
    rows = of_real(plan_task.rename({"id": "task"}), risk_event).with_columns(first_of(steps, "in_time").alias("lamp_rule"))
    rows = rows.with_columns(mapped(nw.col("lamp_rule"), _LAMPS).alias("lamp"))
    return rows.join(chain.select(nw.col("id").alias("event_chain"), nw.col("code").alias("chain_code")), on="event_chain", how="left")
