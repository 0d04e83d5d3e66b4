"""重点项目清单: every project with its stage, the proof of it, its money and its lamp."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.shared import named_chain
from liantu.kernel.columns import Choice, Column
from liantu.kernel.output import list_
from liantu.kernel.relations import first_of
from liantu.projects.choices import CATEGORIES, CHAIN_MOVES, OF_CONTRACT, SIDE_STATES, STAGES, VERIFIED
from liantu.projects.shared import LAMPS, PROJECT_RULES, reached, with_lamp, with_proof, with_repeats

UNFINISHED = (Choice("not_started", "立项未开工", "Approved, not started"), Choice("not_built", "开工未建设", "Started, nothing invested"), Choice("not_finished", "建设未竣工", "Under construction"))
COLUMNS = (
    Column("project", "项目编号", "Project id", "integer", unit="号", secrecy="public"),
    Column("name", "项目名称", "Project", "text", secrecy="public"),
    Column("lamp", "灯色", "Lamp", "choice", choices=LAMPS),
    Column("lamp_rule", "亮灯理由", "Why this lamp", "choice", choices=PROJECT_RULES),
    Column("stage", "阶段", "Stage", "choice", choices=STAGES, secrecy="public"),
    Column("verification", "核实状态", "Verified", "choice", choices=VERIFIED, secrecy="public", help="所报阶段有佐证且经人核实为已核，否则待核"),
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="public"),
    Column("chain_name", "产业链", "Chain", "name", secrecy="public"),
    Column("node_code", "环节代码", "Node code", "code", secrecy="public"),
    Column("node_name", "环节", "Node", "name", secrecy="public"),
    Column("chain_move", "补强延", "Chain move", "choice", choices=CHAIN_MOVES, secrecy="public"),
    Column("category", "类别", "Category", "choice", choices=CATEGORIES, secrecy="public"),
    Column("investor", "投资方", "Investor", "name", secrecy="public"),
    Column("enterprise_name", "实施企业", "Enterprise", "name", secrecy="public"),
    Column("content", "建设内容及规模", "Content and scale", "long_text", secrecy="public"),
    Column("invest_total", "总投资", "Total investment", "money", unit="万元", secrecy="public"),
    Column("invest_plan_year", "年度计划投资", "Planned this year", "money", unit="万元", source_limit=OF_CONTRACT),
    Column("invest_done", "累计完成投资", "Invested so far", "money", unit="万元", source_limit=OF_CONTRACT),
    Column("invest_done_rate", "投资完成率", "Share invested", "share", unit="1", help="累计完成投资 ÷ 总投资"),
    Column("funds_arrived", "到位资金", "Funds arrived", "money", unit="万元", source_limit=OF_CONTRACT),
    Column("side_state", "推进状态", "State", "choice", choices=SIDE_STATES),
    Column("unfinished", "三未", "Unfinished", "choice", choices=UNFINISHED, help="立项未开工、开工未建设、建设未竣工；已终止的不算"),
    Column("proven_stage", "佐证到的阶段", "Proven stage", "choice", choices=STAGES, help="有佐证的最后一个阶段；框架协议不能证明签约"),
    Column("evidence", "佐证材料", "Evidence"),
    Column("counts_as_signed", "计入签约", "Counts as signed", "flag", secrecy="public", help="招商项目或有签约日期、正式合同的项目，已到签约阶段且不是框架协议；认定重复的只计先签的"),
    Column("repeat_of", "重复签约，已计入", "Counted under", help="经人认定与先签的项目是同一个，本行不计入个数和金额"),
    Column("signed_on", "签约时间", "Signed on", "date", secrecy="public"),
    Column("start_plan", "计划开工时间", "Planned start", "date"),
    Column("started_on", "开工时间", "Started on", "date", secrecy="public"),
    Column("finish_plan", "计划竣工时间", "Planned finish", "date"),
    Column("finished_on", "竣工时间", "Finished on", "date", secrecy="public"),
    Column("output_expected", "预期产值", "Expected output", "money", unit="万元", source_limit=OF_CONTRACT),
    Column("jobs_expected", "预期就业", "Expected jobs", "integer", unit="人", source_limit=OF_CONTRACT),
    Column("land_mu", "用地", "Land", "number", unit="亩"),
    Column("energy_tce", "年能耗", "Energy", "number", unit="吨标煤"),
    Column("park", "所在园区", "Park or township", "name", secrecy="public"),
    Column("problem", "存在问题", "Problem", "long_text"),
    Column("lead_office", "责任单位", "Responsible office"),
    Column("owner", "责任人", "Responsible person"),
    Column("leader", "包联领导", "Leader in charge"),
    Column("moved_on", "最近动静", "Last movement", "date", help="更新日期和各阶段日期中最近的一天"),
    Column("updated_on", "更新日期", "Updated on", "date"),
    Column("code", "项目代码", "Project code", "code"),
)
TRACE = (
    ("project", {"id": "project"}),
    ("stage_event", {"project": "project"}),
    ("signing_verdict", {"other": "project"}),
    ("chain_node", {"id": "project.chain_node"}),
    ("chain", {"id": "project.chain"}),
    ("chain", {"id": "chain_node.chain"}),
    ("enterprise", {"id": "project.enterprise"}),
    ("park", {"id": "project.park"}),
)


@list_("重点项目清单", "Project list", key=("project",), columns=COLUMNS, trace=TRACE, sort=("chain_code", "-invest_total"), verified="verification", lamps="project_lamps")
def project_list(project: Any, stage_event: Any, signing_verdict: Any, chain_node: Any, chain: Any, enterprise: Any, park: Any, lamps: Any, as_of: Any) -> Any:
    """每个项目到了哪一步、凭什么材料、钱到了多少、亮什么灯；供链长、专班调度。阶段没有佐证或没人核实的，一律标待核。

    How far each project is, by what proof, how much money has come and which lamp it shows; for the chief and the task force.

    A stage without evidence, or whose evidence nobody has checked, stands as to verify.

    Example:
        project
        id | name | chain | chain_node | enterprise_name | category  | stage   | formal_contract | invest_total | invest_done | start_plan | started_on | finish_plan | updated_on
        1  | 甲   | 1     |            | 乙公司          | attracted | started | true            | 1000.0       | 100.0       | 2026-01-01 | 2026-01-01 | 2026-12-01  | 2026-10-20
        2  | 丙   |       | 2          |                 | attracted | signed  | false           | 500.0        |             | 2026-09-01 |            |             | 2026-10-20
        3  | 丁   |       |            |                 | reform    | talks   |                 |              |             |            |            |             | 2026-08-31
        stage_event
        id | project | stage   | happened_on | evidence | evidence_number | verified
        1  | 1       | signed  | 2025-11-01  | 投资合同 |                 | verified
        2  | 1       | started | 2026-01-01  | 施工许可 | 3601-7          | verified
        3  | 2       | signed  | 2026-05-01  | 框架协议 |                 | verified
        signing_verdict
        id | project | other | verdict
        chain_node
        id | code | name | chain
        2  | c/b  | 电芯 | 1
        chain
        id | code | name
        1  | c    | 电池
        enterprise
        id | name
        park
        id | name
        gives
        project | chain_code | node_name | enterprise_name | lamp   | lamp_rule     | invest_done_rate | unfinished   | proven_stage | evidence        | counts_as_signed | verification | moved_on
        1       | c          |           | 乙公司          | yellow | slow          | 0.1              | not_finished | started      | 施工许可 3601-7 | true             | verified     | 2026-10-20
        2       | c          | 电芯      |                 | red    | overdue_start |                  |              |              |                 | false            | to_verify    | 2026-10-20
        3       |            |           |                 | yellow | stale         |                  |              |              |                 | false            | to_verify    | 2026-08-31
    """
    rows = with_repeats(with_lamp(with_proof(project, stage_event, as_of), lamps, as_of), project, signing_verdict)
    rows = named_chain(rows, chain_node, chain)
    rows = rows.join(enterprise.select(nw.col("id").alias("enterprise"), nw.col("name").alias("register_name")), on="enterprise", how="left")
    rows = rows.rename({"park": "park_id"}).join(park.select(nw.col("id").alias("park_id"), nw.col("name").alias("park")), on="park_id", how="left")
    alive = (nw.col("side_state").is_null() | (nw.col("side_state") != "ended")) & nw.col("repeat_of").is_null()
    money = nw.col("invest_done") > 0
    unfinished = [
        ("not_started", alive & reached("registered") & ~reached("started")),
        ("not_finished", alive & reached("started") & ~reached("completed") & money),
        ("not_built", alive & reached("started") & ~reached("completed")),
    ]
    told = (nw.col("category") == "attracted") | ~nw.col("signed_on").is_null() | nw.col("formal_contract")
    signed = nw.col("repeat_of").is_null() & reached("signed") & told & (nw.col("formal_contract").is_null() | nw.col("formal_contract"))
    return rows.with_columns(
        nw.coalesce("register_name", "enterprise_name").alias("enterprise_name"),
        nw.when(first_of(unfinished, "") != "").then(first_of(unfinished, "")).alias("unfinished"),
        nw.when(signed).then(nw.lit(True)).otherwise(nw.lit(False)).alias("counts_as_signed"))
