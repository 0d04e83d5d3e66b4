"""演练记录: who did what at which moment of the scenario; apart from the steps of real events."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.resilience.event_choices import COLOURS, STEPS

COLUMNS = (
    Column("drill_step", "记录序号", "Row id", "integer", unit="号"),
    Column("drill_code", "演练编号", "Drill", "code"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("number", "序号", "No.", "integer", unit="位"),
    Column("at", "情景时刻", "Scenario time", "code"),
    Column("step", "步骤", "Step", "choice", choices=STEPS),
    Column("who", "经办人", "Who"),
    Column("note", "说明", "Note", "long_text"),
    Column("evidence", "佐证", "Evidence", "long_text"),
    Column("level_before", "原级别", "Level before", "choice", choices=COLOURS),
    Column("level_after", "现级别", "Level after", "choice", choices=COLOURS),
    Column("reason", "理由", "Reason", "long_text"),
    Column("hours", "用时", "Hours taken", "number", unit="小时"),
    Column("late", "超时", "Late", "flag"),
)
TRACE = (("event_step", {"id": "drill_step"}), ("risk_event", {"id": "event_step.event"}), ("drill", {"id": "risk_event.drill"}), ("chain", {"id": "drill.chain"}))


@list_("演练记录", "Steps of drills", key=("drill_step",), columns=COLUMNS, trace=TRACE, sort=("drill_code", "number"), secrecy="internal")
def drill_step_list(event_step: Any, risk_event: Any, drill: Any, chain: Any) -> Any:
    """演练中谁在情景的什么时刻做了哪一步；与真实事件的经过分开。内部使用。

    Who took which step at which moment of a drill's scenario; apart from real events. Internal.

    Example:
        event_step
        id | event | number | step   | at
        1  | 1     | 1      | open   | 2026-10-30 09:00
        2  | 2     | 1      | open   | 2026-10-30 08:00
        risk_event
        id | code        | drill
        1  | YL2026-01-1 | 1
        2  | FX2026-0001 |
        drill
        id | code      | chain
        1  | YL2026-01 | 1
        chain
        id | code
        1  | c
        gives
        drill_step | drill_code | chain_code | number | step | at
        1          | YL2026-01  | c          | 1      | open | 2026-10-30 09:00
    """
    events = risk_event.filter(~nw.col("drill").is_null()).select(nw.col("id").alias("event"), "drill")
    drills = drill.select(nw.col("id").alias("drill"), nw.col("code").alias("drill_code"), "chain")
    rows = event_step.rename({"id": "drill_step"}).join(events, on="event", how="inner").join(drills, on="drill", how="inner")
    return rows.join(chain.select(nw.col("id").alias("chain"), nw.col("code").alias("chain_code")), on="chain", how="left")
