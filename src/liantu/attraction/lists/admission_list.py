"""准入评审清单: every review with its scorecard, points, vetoes and result."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.attraction.choices import ADMISSION_RESULTS
from liantu.chains.shared import named_chain
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.kernel.relations import count_of, ratio, zero

COLUMNS = (
    Column("sheet", "评审序号", "Sheet id", "integer", unit="号"),
    Column("code", "评审编号", "Admission number", "code"),
    Column("project_name", "项目名称", "Project"),
    Column("investor", "投资方", "Investor", "name"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("node_code", "环节代码", "Node code", "code"),
    Column("node_name", "环节", "Node", "name"),
    Column("form", "打分表", "Scorecard", "code"),
    Column("held_on", "评审日期", "Held on", "date"),
    Column("total", "总分", "Total", "number", unit="分"),
    Column("full_marks", "满分", "Out of", "number", unit="分"),
    Column("share", "得分率", "Share of the marks", "share", unit="1", help="总分 ÷ 满分"),
    Column("items", "评审项", "Items", "integer", unit="项"),
    Column("open_items", "未打分", "Items not scored", "integer", unit="项"),
    Column("vetoed_by", "一票否决项", "Vetoed by", "words"),
    Column("result", "结论", "Result", "choice", choices=ADMISSION_RESULTS),
    Column("who", "评审人", "Who"),
    Column("evidence", "评审材料", "Papers"),
    Column("note", "评审意见", "Opinion", "long_text"),
)
TRACE = (("admission_sheet", {"id": "sheet"}), ("admission_item", {"sheet": "sheet"}), ("project", {"id": "admission_sheet.project"}), ("chain_node", {"id": "project.chain_node"}), ("chain", {"id": "project.chain"}))


@list_("准入评审清单", "Admission reviews", key=("sheet",), columns=COLUMNS, trace=TRACE, sort=("-held_on",), secrecy="internal")
def admission_list(admission_sheet: Any, admission_item: Any, project: Any, chain_node: Any, chain: Any) -> Any:
    """哪个项目按哪张打分表评了多少分、有没有一票否决、结论是什么；供评审会和招商部门。只评判项目，不是给予支持的依据。内部使用。

    Which project was reviewed on which scorecard with how many points, what vetoed it and what came of it. It judges the project and is no ground for support. Internal.

    Example:
        admission_sheet
        id | code | project | form     | held_on    | total | full_marks | vetoed_by | result
        1  | P1   | 9       | tuanfeng | 2026-09-01 | 70.5  | 100.0      |           | passed
        2  | P2   | 8       | shouxian | 2026-09-02 | 12.0  | 100.0      | 环保不达标 | refused
        admission_item
        id | sheet | number | points
        1  | 1     | 1      | 5.0
        2  | 1     | 2      |
        project
        id | name | investor | chain | chain_node
        9  | 甲   | 甲集团   | 1     |
        8  | 乙   |          |       |
        chain_node
        id | code | name | chain
        chain
        id | code | name
        1  | c    | 电池
        gives
        sheet | project_name | chain_code | total | share | items | open_items | vetoed_by  | result
        1     | 甲           | c          | 70.5  | 0.705 | 2     | 1          |            | passed
        2     | 乙           |            | 12.0  | 0.12  | 0     | 0          | 环保不达标 | refused
    """
    items = admission_item.select("sheet", nw.lit(1).alias("items"), count_of(nw.col("points").is_null()).alias("open_items")).group_by("sheet").agg(nw.col("items").sum(), nw.col("open_items").sum())
    rows = admission_sheet.rename({"id": "sheet", "project": "project_id"}).join(items, on="sheet", how="left")
    rows = rows.join(project.select(nw.col("id").alias("project_id"), nw.col("name").alias("project_name"), "investor", "chain", "chain_node"), on="project_id", how="left")
    rows = rows.with_columns(*(zero(nw.col(c)).alias(c) for c in ("items", "open_items")), ratio(nw.col("total"), nw.col("full_marks")).alias("share"))
    return named_chain(rows, chain_node, chain)
