"""招商线索清单: every lead with its state, its clocks, its lamp, and what it does not tell yet."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.attraction.choices import LEAD_CLASSES, LEAD_SOURCES, LEAD_STATES, LEAD_VERDICTS
from liantu.attraction.pipeline_shared import CONTENTS, LEAD_CLOCKS, LEAD_LAMPS, LEAD_RULES, counted_visits, days_between, lead_steps, with_clocks
from liantu.chains.shared import named_chain
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.kernel.relations import count_of, first_of, mapped, zero
from liantu.projects.choices import OF_CONTRACT
from liantu.projects.shared import LAMPS

COLUMNS = (
    Column("lead", "线索序号", "Lead id", "integer", unit="号"),
    Column("code", "线索编号", "Lead number", "code"),
    Column("title", "线索名称", "Lead"),
    Column("lamp", "灯色", "Lamp", "choice", choices=LAMPS),
    Column("lamp_rule", "亮灯理由", "Why this lamp", "choice", choices=LEAD_RULES),
    Column("state", "状态", "State", "choice", choices=LEAD_STATES),
    Column("next_clock", "最近的时限", "Next clock", "choice", choices=LEAD_CLOCKS),
    Column("due_on", "到期日", "Due on", "date"),
    Column("days_left", "剩余天数", "Days left", "integer", unit="天", help="负数为已超天数；自然日"),
    Column("lead_class", "分类", "Class", "choice", choices=LEAD_CLASSES),
    Column("investor", "投资方", "Investor", "name"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("node_code", "环节代码", "Node code", "code"),
    Column("node_name", "环节", "Node", "name"),
    Column("source", "线索来源", "Source", "choice", choices=LEAD_SOURCES),
    Column("introducer", "引荐人", "Introducer"),
    Column("invest_total", "总投资", "Total investment", "money", unit="万元", source_limit=OF_CONTRACT),
    Column("received_on", "收到日期", "Received on", "date"),
    Column("answered_on", "响应日期", "Answered on", "date"),
    Column("answered_late", "响应超时", "Answered late", "flag", help="响应日期晚于时限；还没有响应的看灯"),
    Column("assessed_on", "研判日期", "Assessed on", "date"),
    Column("assessed_late", "研判超时", "Assessed late", "flag"),
    Column("feedback_on", "反馈日期", "Fed back on", "date"),
    Column("reported_on", "最近报告日期", "Last reported on", "date"),
    Column("moved_on", "最近动静", "Last movement", "date", help="各步日期和走访日期中最近的一天"),
    Column("verdict", "研判结论", "Verdict", "choice", choices=LEAD_VERDICTS),
    Column("reason", "理由", "Reason", "long_text"),
    Column("missing", "缺少内容", "What is missing", "words", help="入库条件要求写明而没有写的"),
    Column("told", "已写明", "Contents told", "integer", unit="项"),
    Column("below_least", "低于投资条件", "Below the least size", "flag", help="总投资或固定资产投资低于入库条件；没有写的不算"),
    Column("visits", "走访次数", "Visits", "integer", unit="次"),
    Column("last_visit_on", "最近走访", "Last visit", "date"),
    Column("office", "责任单位", "Office"),
    Column("owner", "责任人", "Owner"),
    Column("next_step", "下一步", "Next step"),
    Column("next_on", "下一步日期", "Next on", "date"),
    Column("project_name", "对应项目", "Project"),
    Column("content", "项目概况", "What is planned", "long_text"),
)
TRACE = (("lead", {"id": "lead"}), ("visit", {"lead": "lead"}), ("project", {"id": "lead.project"}), ("chain_node", {"id": "lead.chain_node"}), ("chain", {"id": "lead.chain"}))


@list_("招商线索清单", "Leads", key=("lead",), columns=COLUMNS, trace=TRACE, sort=("days_left", "-received_on"), secrecy="internal", clock="lead_clock", need="lead_quality", lamps="project_lamps")
def lead_list(lead: Any, visit: Any, project: Any, chain_node: Any, chain: Any, clock: Any, need: Any, lamps: Any, as_of: Any) -> Any:
    """每条招商线索到了哪一步、谁在跟、哪个时限先到、亮什么灯、缺哪些内容；供招商部门每天看、每周汇总。内部使用。

    The state, owner, next clock, lamp and missing contents of each lead; for the investment office, day by day. Internal.

    Days are plain days; a step is late from the day after it was due.

    Example:
        lead
        id | code | state    | investor | introducer | invest_total | received_on | answered_on | assessed_on | reported_on | chain_node | content | land_mu | project
        1  | X1   | new      | 甲       |            |              | 2026-10-28  |             |             |             | 2          | 电芯    |         |
        2  | X2   | answered | 乙       |            | 50000.0      | 2026-10-24  | 2026-10-26  |             |             |            |         | 10.0    |
        3  | X3   | assessed | 丙       | 商会       | 9999.0       | 2026-10-01  | 2026-10-02  | 2026-10-03  | 2026-10-10  |            |         |         |
        4  | X4   | assessed | 丁       |            |              | 2026-10-01  | 2026-10-02  | 2026-10-03  | 2026-10-10  |            |         |         |
        5  | X5   | reserve  |          |            |              | 2026-07-01  | 2026-07-01  | 2026-07-02  |             |            |         |         |
        6  | X6   | talks    | 己       |            |              | 2026-07-01  | 2026-07-01  | 2026-07-02  |             |            |         |         | 9
        visit
        id | lead | visited_on
        1  | 4    | 2026-10-30
        2  | 4    | 2026-10-20
        project
        id | name
        9  | 己项目
        chain_node
        id | code | name | chain
        2  | c/b  | 电芯 | 1
        chain
        id | code | name
        1  | c    | 电池
        gives
        lead | chain_code | lamp   | lamp_rule     | next_clock | due_on     | days_left | answered_late | assessed_late | told | missing                                                                        | below_least | visits | project_name
        1    | c          | red    | answer_late   | answer     | 2026-10-29 | -2        |               |               | 2    | 工艺流程、总投资、用地或厂房、用能、生态环境容量、预计产值、预计税收           | false       | 0      |
        2    |            | yellow | due_soon      | assess     | 2026-10-31 | 0         | true          |               | 3    | 项目概况、工艺流程、用能、生态环境容量、预计产值、预计税收                     | false       | 0      |
        3    |            | red    | feedback_late | feedback   | 2026-10-08 | -23       | false         | false         | 2    | 项目概况、工艺流程、用地或厂房、用能、生态环境容量、预计产值、预计税收         | true        | 0      |
        4    |            | yellow | report_late   | report     | 2026-10-24 | -7        | false         | false         | 1    | 项目概况、工艺流程、总投资、用地或厂房、用能、生态环境容量、预计产值、预计税收 | false       | 2      |
        5    |            | red    | stalled       |            |            |           | false         | false         | 0    | 投资方、项目概况、工艺流程、总投资、用地或厂房、用能、生态环境容量、预计产值、预计税收 | false |  0      |
        6    |            | green  | moved         |            |            |           | false         | false         | 1    | 项目概况、工艺流程、总投资、用地或厂房、用能、生态环境容量、预计产值、预计税收 | false       | 0      | 己项目
    """
    rows = with_clocks(lead.rename({"id": "lead", "project": "project_id"}), clock).join(counted_visits(visit, "lead"), on="lead", how="left")
    rows = rows.with_columns(nw.max_horizontal("received_on", "answered_on", "assessed_on", "feedback_on", "reported_on", "last_visit_on").alias("moved_on"), zero(nw.col("visits")).alias("visits"))
    working = nw.col("state").is_in(("new", "answered", "assessed"))
    closed = nw.col("state") == "dropped"
    waiting = {"answer": working & nw.col("answered_on").is_null(), "assess": working & nw.col("assessed_on").is_null(), "feedback": nw.col("feedback_on").is_null() & ~closed, "report": nw.col("state") == "assessed"}
    rows = rows.with_columns(*(nw.when(condition).then(nw.col(f"{name}_due")).alias(f"_{name}") for name, condition in waiting.items()))
    rows = rows.with_columns(nw.min_horizontal(*(nw.col(f"_{name}") for name in waiting)).alias("due_on"))
    which = first_of([(name, nw.col(f"_{name}") == nw.col("due_on")) for name in waiting], "")
    rows = rows.with_columns(nw.when(~nw.col("due_on").is_null()).then(which).alias("next_clock"), days_between(nw.lit(as_of), nw.col("due_on")).alias("days_left"),
                             first_of(lead_steps(clock, lamps, as_of), "in_time").alias("lamp_rule"))
    rows = rows.with_columns(mapped(nw.col("lamp_rule"), LEAD_LAMPS).alias("lamp"), (nw.col("answered_on") > nw.col("answer_due")).alias("answered_late"),
                             (nw.col("assessed_on") > nw.col("assess_due")).alias("assessed_late"), *_contents(need))
    rows = named_chain(rows, chain_node, chain)
    return rows.join(project.select(nw.col("id").alias("project_id"), nw.col("name").alias("project_name")), on="project_id", how="left")


def _contents(need: Any) -> list[Any]:
    """What is missing of the contents asked for, how many are told, and whether a told size is below the least."""
    lacks = {name: _all(nw.col(column).is_null() for column in CONTENTS[name][2]) for name in need["contents"]}
    words = [nw.when(condition).then(nw.lit(CONTENTS[name][0])) for name, condition in lacks.items()]
    told = nw.sum_horizontal(*(count_of(~condition) for condition in lacks.values()))
    small = (count_of(nw.col("invest_total") < need["invest_total"]) + count_of(nw.col("fixed_assets") < need["fixed_assets"])) > 0
    return [nw.concat_str(*words, separator="、", ignore_nulls=True).alias("missing"), told.alias("told"), nw.when(small).then(nw.lit(True)).otherwise(nw.lit(False)).alias("below_least")]


def _all(conditions: Any) -> Any:
    found = None
    for condition in conditions:
        found = condition if found is None else found & condition
    return found
