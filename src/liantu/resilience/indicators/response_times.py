"""响应时间: how soon signals were verified, by level, with how many events the figure rests on."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.kernel.columns import Choice, Column
from liantu.kernel.output import indicator
from liantu.kernel.relations import count_of, ratio
from liantu.resilience.event_choices import COLOURS
from liantu.resilience.event_shared import real

LEVELS = (*COLOURS, Choice("unknown", "未定级", "Not graded"), Choice("all", "全部", "All"))
COLUMNS = (
    Column("level", "级别", "Level", "choice", choices=LEVELS),
    Column("events", "事件", "Events", "integer", unit="件"),
    Column("settled", "已核实或查否", "Verified or dismissed", "integer", unit="件"),
    Column("overdue", "未核实且超时", "Unverified and overdue", "integer", unit="件", help="按该级别的时限"),
    Column("counted", "计入的事件", "Events counted (n)", "integer", unit="件", help="已核实、已查否和超时未核实的；仍在时限内的不计"),
    Column("in_time", "及时核实", "Verified in time", "integer", unit="件", help="规定小时数内核实或查否的"),
    Column("in_time_share", "及时核实率", "Share verified in time", "share", unit="1", help="及时核实 ÷ 计入的事件；件数少时只看件数"),
    Column("in_clock", "按级时限内核实", "Verified within the level's clock", "integer", unit="件"),
    Column("mean_hours", "平均核实用时", "Mean hours to verify", "number", unit="小时"),
)
TRACE = (("risk_event", {}), ("event_step", {"event": "risk_event.id"}))


@indicator("响应时间", "Response times", key=("level",), columns=COLUMNS, trace=TRACE, secrecy="internal", rule="event_clock")
def response_times(risk_event: Any, event_step: Any, rule: Any, as_of: Any) -> Any:
    """风险事件发现后多久核实：规定小时数内核实的占多少、平均几小时，按级别列，写明件数；供复盘机制好不好用。演练不在其中。内部使用。

    How soon events were verified after discovery: the share within the hours of the rule, mean hours, by level, with n. Drills left out. Internal.

    Example:
        risk_event
        id | level  | state     | due_at           | drill
        1  | red    | graded    |                  |
        2  | red    | signal    | 2026-10-30 08:00 |
        3  | yellow | dismissed |                  |
        4  |        | signal    | 2027-10-30 08:00 |
        5  | red    | lifted    |                  | 1
        event_step
        id | event | step    | hours | late
        1  | 1     | verify  | 5.0   | true
        2  | 3     | dismiss | 30.0  | false
        3  | 5     | verify  | 1.0   | false
        gives
        level   | events | settled | overdue | counted | in_time | in_time_share | in_clock | mean_hours
        all     | 4      | 2       | 1       | 3       | 1       | 0.333333333   | 1        | 17.5
        red     | 2      | 1       | 1       | 2       | 1       | 0.5           | 0        | 5.0
        unknown | 1      | 0       | 0       | 0       | 0       |               | 0        |
        yellow  | 1      | 1       | 0       | 1       | 0       | 0.0           | 1        | 30.0
    """
    checked = event_step.filter(nw.col("step").is_in(("verify", "dismiss")),
                                ~nw.col("hours").is_null()).group_by("event").agg(nw.col("hours").min(), count_of(nw.col("late")).min().alias("late"))
    rows = real(risk_event).select(nw.col("id").alias("event"), nw.coalesce(nw.col("level"), nw.lit("unknown")).alias("level"), "state",
                                   "due_at").join(checked, on="event", how="left")
    waiting = (nw.col("state") == "signal") & (nw.col("due_at") < nw.lit(as_of.isoformat()))
    settled = ~nw.col("hours").is_null()
    rows = rows.select("level", "hours", nw.lit(1).alias("events"), count_of(settled).alias("settled"), count_of(waiting).alias("overdue"),
                       count_of(nw.col("hours") <= rule["in_time_hours"]).alias("in_time"), count_of(settled & (nw.col("late") == 0)).alias("in_clock"))
    rows = nw.concat([rows, rows.with_columns(nw.lit("all").alias("level"))])
    counts = ("events", "settled", "overdue", "in_time", "in_clock")
    made = rows.group_by("level").agg(*(nw.col(c).sum() for c in counts), nw.col("hours").mean().alias("mean_hours"))
    made = made.with_columns((nw.col("settled") + nw.col("overdue")).alias("counted"))
    return made.with_columns(ratio(nw.col("in_time"), nw.col("counted")).alias("in_time_share"))
