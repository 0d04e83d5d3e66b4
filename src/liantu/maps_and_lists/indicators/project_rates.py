"""项目三率三未: how many contracts of each chain became firms, sites and money."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column, sum_of
from liantu.kernel.output import indicator
from liantu.kernel.relations import count_of, zero
from liantu.projects.shared import later, signed_sums, three_rates

COLUMNS = (
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="public"),
    Column("chain_name", "产业链", "Chain", "name", secrecy="public"),
    Column("performance_rate", "履约率", "Performance rate", "share", unit="1", secrecy="public", help="签约项目中已注册或更后阶段的 ÷ 签约项目"),
    Column("start_rate", "开工率", "Start rate", "share", unit="1", secrecy="public", help="签约项目中已开工的 ÷ 签约项目"),
    Column("funds_rate", "资金到位率", "Funds rate", "share", unit="1", adds_up=True, sums=(sum_of("project_parts", "signed_funds", chain_code="chain_code"),), help="签约项目到位资金 ÷ 签约项目总投资；未填到位资金的项目不计入分子，都没填则为空"),
    Column("projects", "项目数", "Projects", "integer", unit="个", secrecy="public", help="不含已终止出库的；经认定的重复签约只计先签的一个，以下各数同"),
    Column("signed", "签约", "Signed", "integer", unit="个", secrecy="public", help="框架协议不算；签约后终止的仍算，免得只留好的"),
    Column("performed", "已履约", "Performed", "integer", unit="个", secrecy="public", help="签约项目中到了注册或更后阶段的"),
    Column("signed_started", "签约已开工", "Signed and started", "integer", unit="个", secrecy="public", help="签约项目中到了开工或更后阶段的"),
    Column("started", "开工", "Started", "integer", unit="个", secrecy="public", help="到了开工或更后阶段的全部项目，含没有签约环节的技改项目"),
    Column("started_verified", "开工已核", "Started, verified", "integer", unit="个", secrecy="public", help="开工的项目里，所报阶段有佐证且经人核实的"),
    Column("producing", "投产", "Producing", "integer", unit="个", secrecy="public"),
    Column("above_scale", "入规", "Above scale", "integer", unit="个", secrecy="public"),
    Column("invest_total", "总投资", "Total investment", "money", unit="万元", secrecy="public"),
    Column("invest_done", "累计完成投资", "Invested so far", "money", unit="万元", adds_up=True, sums=(sum_of("project_parts", "invest_done", chain_code="chain_code"),)),
    Column("funds_arrived", "到位资金", "Funds arrived", "money", unit="万元", adds_up=True, sums=(sum_of("project_parts", "funds_arrived", chain_code="chain_code"),)),
    Column("signed_invest", "签约总投资", "Signed investment", "money", unit="万元", secrecy="public"),
    Column("signed_funds", "签约到位资金", "Funds of signed projects", "money", unit="万元", adds_up=True, sums=(sum_of("project_parts", "signed_funds", chain_code="chain_code"),)),
    Column("not_started", "立项未开工", "Approved, not started", "integer", unit="个", secrecy="public"),
    Column("not_built", "开工未建设", "Started, nothing invested", "integer", unit="个", secrecy="public"),
    Column("not_finished", "建设未竣工", "Under construction", "integer", unit="个", secrecy="public"),
    Column("red", "红灯", "Red lamps", "integer", unit="个"),
    Column("yellow", "黄灯", "Yellow lamps", "integer", unit="个"),
)
TRACE = (("chain", {"code": "chain_code"}), ("project_list", {"chain_code": "chain_code"}))


@indicator("项目三率三未", "Project rates", key=("chain_code",), columns=COLUMNS, trace=TRACE)
def project_rates(chain: Any, project_list: Any) -> Any:
    """每条链的履约率、开工率、资金到位率（三率）和立项未开工、开工未建设、建设未竣工（三未），分子分母都列出；供调度会。没有写明产业链的项目不在其中。

    Performance, start and funds rate of each chain and its unfinished projects, with every numerator and denominator; for the meeting.

    Framework agreements are not signed projects; projects that ended after signing stay in the denominators; of a project signed twice only the first signing counts. Projects of no chain are left out.

    Example:
        chain
        id | code | name
        1  | c    | 电池
        2  | d    | 铝
        project_list
        project | chain_code | stage     | side_state | counts_as_signed | verification | invest_total | invest_done | funds_arrived | unfinished   | lamp
        1       | c          | started   | normal     | true             | verified     | 1000.0       | 100.0       | 300.0         | not_finished | red
        2       | c          | signed    | ended      | true             | to_verify    | 500.0        |             |               |              | none
        3       | c          | producing | normal     | false            | to_verify    | 200.0        | 200.0       |               |              | green
        4       | c          | signed    | normal     | false            | to_verify    | 900.0        |             |               |              | yellow
        gives
        chain_code | performance_rate | start_rate | funds_rate | projects | signed | performed | signed_started | started | started_verified | producing | above_scale | invest_total | funds_arrived | signed_invest | not_finished | red | yellow
        c          | 0.5              | 0.5        | 0.2        | 3        | 2      | 1         | 1              | 2       | 1                | 1         | 0           | 2100.0       | 300.0         | 1500.0        | 1            | 1   | 1
        d          |                  |            |            | 0        | 0      | 0         | 0              | 0       | 0                | 0         | 0           | 0.0          | 0.0           | 0.0           | 0            | 0   | 0
    """
    alive = (nw.col("side_state").is_null() | (nw.col("side_state") != "ended")) & nw.col("repeat_of").is_null()
    counts = {"projects": alive, "started": alive & _at_least("started"), "started_verified": alive & _at_least("started") & (nw.col("verification") == "verified"),
              "producing": alive & _at_least("producing"), "above_scale": alive & _at_least("above_scale"),
              **{name: nw.col("unfinished") == name for name in ("not_started", "not_built", "not_finished")},
              **{name: nw.col("lamp") == name for name in ("red", "yellow")}}
    money = ("invest_total", "invest_done", "funds_arrived")
    rows = project_list.select("chain_code", *(count_of(c).alias(f"_{name}") for name, c in counts.items()), *(nw.when(alive).then(nw.col(name)).alias(f"_{name}") for name in money))
    sums = rows.group_by("chain_code").agg(*(nw.col(f"_{name}").sum().alias(name) for name in (*counts, *money)))
    rows = chain.select(nw.col("code").alias("chain_code"), nw.col("name").alias("chain_name")).join(sums, on="chain_code", how="left")
    rows = rows.join(signed_sums(project_list, "chain_code"), on="chain_code", how="left")
    rows = rows.with_columns(*(zero(nw.col(name)).alias(name) for name in (*counts, "signed", "performed", "signed_started")), *((zero(nw.col(name)) * 1.0).alias(name) for name in (*money, "signed_invest", "signed_funds")))
    return rows.with_columns(*three_rates())


def _at_least(stage: str) -> Any:
    return nw.col("stage").is_in(later(stage))
