"""风险事件经过: who did what when in each real event, with proof; every change of level with its reason."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.resilience.event_choices import COLOURS, STEPS
from liantu.resilience.event_shared import of_real

COLUMNS = (
    Column("event_step", "经过序号", "Step id", "integer", unit="号"),
    Column("event_code", "事件编号", "Event", "code"),
    Column("event_title", "事件名称", "Event title"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("number", "序号", "No.", "integer", unit="位"),
    Column("at", "时刻", "At", "code"),
    Column("step", "步骤", "Step", "choice", choices=STEPS),
    Column("who", "经办人", "Who"),
    Column("note", "说明", "Note", "long_text"),
    Column("evidence", "佐证", "Evidence", "long_text"),
    Column("level_before", "原级别", "Level before", "choice", choices=COLOURS),
    Column("level_after", "现级别", "Level after", "choice", choices=COLOURS),
    Column("reason", "理由", "Reason", "long_text"),
    Column("hours", "用时", "Hours taken", "number", unit="小时"),
    Column("hours_allowed", "时限", "Hours allowed", "number", unit="小时"),
    Column("late", "超时", "Late", "flag"),
)
TRACE = (("event_step", {"id": "event_step"}), ("risk_event", {"id": "event_step.event"}), ("chain", {"id": "risk_event.chain"}))


@list_("风险事件经过", "Steps of risk events", key=("event_step",), columns=COLUMNS, trace=TRACE, sort=("event_code", "number"), secrecy="internal")
def event_step_list(event_step: Any, risk_event: Any, chain: Any) -> Any:
    """每件风险事件的每一步谁在何时做的、凭什么、用了几小时；升降级写明前后级别和理由。演练不在其中。内部使用。

    Who did what when in each event, by what proof and within how many hours; changes of level with their reason. Drills left out. Internal.

    Example:
        event_step
        id | event | number | step  | at               | level_before | level_after | reason   | hours | hours_allowed | late
        1  | 1     | 1      | open  | 2026-10-30 08:00 |              |             |          |       |               |
        2  | 1     | 2      | lower | 2026-10-30 09:00 | red          | yellow      | 已恢复   |       |               |
        3  | 2     | 1      | open  | 2026-10-30 08:00 |              |             |          |       |               |
        risk_event
        id | code        | title  | chain | drill
        1  | FX2026-0001 | 甲停产 | 1     |
        2  | YL2026-01-1 | 演练   |       | 1
        chain
        id | code
        1  | c
        gives
        event_step | event_code  | chain_code | number | step  | level_before | level_after | reason
        1          | FX2026-0001 | c          | 1      | open  |              |             |
        2          | FX2026-0001 | c          | 2      | lower | red          | yellow      | 已恢复
    """
    rows = of_real(event_step.rename({"id": "event_step"}), risk_event)
    return rows.join(chain.select(nw.col("id").alias("event_chain"), nw.col("code").alias("chain_code")), on="event_chain", how="left")
