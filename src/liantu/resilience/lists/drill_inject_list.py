"""演练情况对照: what was told at which minute of a drill, what should have followed by when, and when it did."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.resilience.event_choices import EXPECTED, MARKS

COLUMNS = (
    Column("inject", "记录序号", "Row id", "integer", unit="号"),
    Column("drill_code", "演练编号", "Drill", "code"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("number", "序号", "No.", "integer", unit="位"),
    Column("minute", "通报", "Told at", "integer", unit="分钟", help="情景时钟，自开始起"),
    Column("sender", "来自", "From"),
    Column("text", "情况", "What was told", "long_text"),
    Column("expects", "应做", "What should follow", "choice", choices=EXPECTED),
    Column("due_minute", "应在", "Due by", "integer", unit="分钟"),
    Column("done_minute", "实际", "Done at", "integer", unit="分钟"),
    Column("mark", "评定", "Mark", "choice", choices=MARKS),
    Column("remark", "讲评", "Remark", "long_text"),
)
TRACE = (("drill_inject", {"id": "inject"}), ("drill", {"id": "drill_inject.drill"}), ("chain", {"id": "drill.chain"}))


@list_("演练情况对照", "Drill: planned and actual", key=("inject",), columns=COLUMNS, trace=TRACE, sort=("drill_code", "minute", "number"), secrecy="internal")
def drill_inject_list(drill_inject: Any, drill: Any, chain: Any) -> Any:
    """演练里第几分钟通报了什么、应在第几分钟前做什么、实际第几分钟做的；供演练评估。内部使用。

    What was told at which minute, what should have followed by which minute, and when it did; for the after-action report. Internal.

    Example:
        drill_inject
        id | drill | number | minute | expects | within | done_minute | mark
        1  | 1     | 1      | 0      | verify  | 240    | 300         | late
        2  | 1     | 2      | 60     |         |        |             |
        drill
        id | code      | chain
        1  | YL2026-01 | 1
        chain
        id | code
        1  | c
        gives
        inject | drill_code | chain_code | minute | expects | due_minute | done_minute | mark
        1      | YL2026-01  | c          | 0      | verify  | 240        | 300         | late
        2      | YL2026-01  | c          | 60     |         |            |             |
    """
    drills = drill.select(nw.col("id").alias("drill"), nw.col("code").alias("drill_code"), "chain")
    rows = drill_inject.rename({"id": "inject"}).join(drills, on="drill", how="inner").with_columns((nw.col("minute") + nw.col("within")).alias("due_minute"))
    return rows.join(chain.select(nw.col("id").alias("chain"), nw.col("code").alias("chain_code")), on="chain", how="left")
