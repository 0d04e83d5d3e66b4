"""项目阶段变动: which attracted project came to which stage on which day, by what proof."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.kernel.relations import mapped
from liantu.projects.choices import STAGES, VERIFIED
from liantu.projects.shared import RANKS

COLUMNS = (
    Column("stage_event", "变动序号", "Move id", "integer", unit="号"),
    Column("happened_on", "日期", "On", "date"),
    Column("project", "项目编号", "Project id", "integer", unit="号"),
    Column("name", "项目名称", "Project"),
    Column("stage", "到达阶段", "Stage", "choice", choices=STAGES),
    Column("stage_rank", "阶段次序", "Place of the stage", "integer", unit="位"),
    Column("evidence", "佐证材料", "Evidence"),
    Column("evidence_number", "材料文号", "Evidence number", "code"),
    Column("verified", "核实状态", "Verified", "choice", choices=VERIFIED),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("invest_total", "总投资", "Total investment", "money", unit="万元"),
    Column("lead_office", "责任单位", "Responsible office"),
    Column("owner", "责任人", "Responsible person"),
)
TRACE = (("stage_event", {"id": "stage_event"}), ("pipeline_list", {"project": "project"}))


@list_("项目阶段变动", "Stage moves", key=("stage_event",), columns=COLUMNS, trace=TRACE, sort=("-happened_on", "-stage_rank"), verified="verified", secrecy="internal")
def stage_move_list(stage_event: Any, pipeline_list: Any, as_of: Any) -> Any:
    """招商项目哪天到了哪个阶段、凭什么材料；周报和调度会看“动了什么”。截至日之后的不列。内部使用。

    Which attracted project came to which stage when, by what proof: what moved, for the weekly sheet. Nothing after the edition's day. Internal.

    Example:
        stage_event
        id | project | stage   | happened_on | evidence     | verified
        1  | 1       | signed  | 2026-10-20  | 正式投资协议 | verified
        2  | 1       | started | 2026-11-20  | 施工许可证   |
        3  | 2       | started | 2026-10-20  | 施工许可证   |
        pipeline_list
        project | name | chain_code | invest_total
        1       | 甲   | c          | 1000.0
        gives
        stage_event | project | name | stage  | stage_rank | happened_on | evidence     | verified | chain_code | invest_total
        1           | 1       | 甲   | signed | 5          | 2026-10-20  | 正式投资协议 | verified | c          | 1000.0
    """
    rows = stage_event.rename({"id": "stage_event"}).filter(nw.col("happened_on").is_null() | (nw.col("happened_on") <= nw.lit(as_of)))
    rows = rows.with_columns((mapped(nw.col("stage"), RANKS) + 1).alias("stage_rank"))
    return rows.join(pipeline_list.select("project", "name", "chain_code", "chain_name", "invest_total", "lead_office", "owner"), on="project", how="inner")
