"""演练清单: each drill with its clock, what it would have put at stake, and how many expected steps were taken in time."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.shared import named_chain
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.kernel.relations import count_of, zero
from liantu.resilience.event_choices import CAUSES, COLOURS, DRILL_STATES, STATES

COLUMNS = (
    Column("drill", "演练序号", "Drill id", "integer", unit="号"),
    Column("code", "演练编号", "Drill", "code"),
    Column("title", "演练名称", "Title"),
    Column("cause", "情景", "Scenario", "choice", choices=CAUSES),
    Column("state", "状态", "State", "choice", choices=DRILL_STATES),
    Column("level", "设定级别", "Level of the scenario", "choice", choices=COLOURS),
    Column("enterprise_name", "企业名称", "Enterprise", "name"),
    Column("subject", "涉及对象", "Subject"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("node_name", "环节", "Node", "name"),
    Column("speed", "时钟倍速", "Clock speed", "integer", unit="倍"),
    Column("started_at", "实际开始", "Really started at", "code"),
    Column("ended_at", "实际结束", "Really ended at", "code"),
    Column("lasted", "情景时长", "Scenario lasted", "integer", unit="分钟"),
    Column("injects", "通报情况", "Injects", "integer", unit="条"),
    Column("judged", "应做", "Expected", "integer", unit="项", help="已经通报且要求有回应的"),
    Column("in_time", "按时", "In time", "integer", unit="项"),
    Column("late", "超时", "Late", "integer", unit="项"),
    Column("missed", "未做", "Not done", "integer", unit="项"),
    Column("event_code", "演练事件", "Event of the drill", "code"),
    Column("event_level", "定级", "Level given", "choice", choices=COLOURS),
    Column("event_state", "事件到哪一步", "State reached", "choice", choices=STATES),
    Column("firms_at_stake", "涉及企业", "Firms at stake", "integer", unit="家"),
    Column("exposure_low", "敞口低值", "Exposure, low", "money", unit="万元", secrecy="confidential"),
    Column("exposure_mid", "敞口中值", "Exposure, middle", "money", unit="万元", secrecy="confidential"),
    Column("exposure_high", "敞口高值", "Exposure, high", "money", unit="万元", secrecy="confidential"),
    Column("jobs_at_stake", "涉及就业", "Jobs at stake", "integer", unit="人", secrecy="confidential"),
    Column("exposure_edition", "敞口版次", "Edition of the exposure", "code"),
    Column("exposure_basis", "敞口算法", "How the exposure was found"),
    Column("edition", "数据版次", "Edition", "code"),
    Column("lead", "导调", "Led by"),
    Column("lesson", "讲评", "What to mend", "long_text"),
)
TRACE = (("drill", {"id": "drill"}), ("drill_inject", {"drill": "drill"}), ("risk_event", {"drill": "drill"}), ("enterprise", {"id": "drill.enterprise"}),
         ("chain_node", {"id": "drill.chain_node"}),
         ("chain", {"id": "drill.chain"}))
_OF_EVENT = ("firms_at_stake", "exposure_low", "exposure_mid", "exposure_high", "jobs_at_stake", "exposure_edition", "exposure_basis")


@list_("演练清单", "Drills", key=("drill",), columns=COLUMNS, trace=TRACE, sort=("-started_at",), secrecy="internal")
def drill_list(drill: Any, drill_inject: Any, risk_event: Any, enterprise: Any, chain_node: Any, chain: Any) -> Any:
    """每次演练演了什么、多久、应做的步骤按时几项、超时几项、漏做几项，真出事会有多大敞口；供专班改进。内部使用。

    What each drill played, how long, how many expected steps were taken in time, late or not at all, and what would have been at stake. Internal.

    Example:
        drill
        id | code      | title    | state | enterprise | chain_node | chain | speed | started_at          | lasted
        1  | YL2026-01 | 停产演练 | ended | 7          | 2          |       | 30    | 2026-10-30 09:00:00 | 720
        drill_inject
        id | drill | number | expects | mark
        1  | 1     | 1      | verify  | in_time
        2  | 1     | 2      | grade   | late
        3  | 1     | 3      |         |
        risk_event
        id | code        | level | state  | drill | exposure_mid
        1  | YL2026-01-1 | red   | graded | 1     | 500.0
        2  | FX2026-0001 | red   | signal |       | 9.0
        enterprise
        id | name
        7  | 甲
        chain_node
        id | code | name | chain
        2  | c/b  | 电芯 | 1
        chain
        id | code | name
        1  | c    | 电池
        gives
        drill | code      | enterprise_name | chain_code | injects | judged | in_time | late | missed | event_code  | event_level | exposure_mid
        1     | YL2026-01 | 甲              | c          | 3       | 2      | 1       | 1    | 0      | YL2026-01-1 | red         | 500.0
    """
    marks = drill_inject.select("drill", nw.lit(1).alias("injects"), count_of(~nw.col("mark").is_null()).alias("judged"),
                                *(count_of(nw.col("mark") == m).alias(m) for m in ("in_time", "late", "missed")))
    counts = ("injects", "judged", "in_time", "late", "missed")
    marks = marks.group_by("drill").agg(*(nw.col(c).sum() for c in counts))
    played = risk_event.filter(~nw.col("drill").is_null()).select("drill", nw.col("code").alias("event_code"), nw.col("level").alias("event_level"),
                                                                  nw.col("state").alias("event_state"), *_OF_EVENT)
    rows = drill.rename({"id": "drill"}).join(marks, on="drill",
                                              how="left").with_columns(*(zero(nw.col(c)).alias(c) for c in counts)).join(played, on="drill", how="left")
    rows = named_chain(rows, chain_node, chain)
    return rows.join(enterprise.select(nw.col("id").alias("enterprise"), nw.col("name").alias("enterprise_name")), on="enterprise", how="left")
