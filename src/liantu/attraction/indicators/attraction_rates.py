"""招商三率和转化率: by chain and year, every numerator and denominator beside the rate."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column
from liantu.kernel.output import indicator
from liantu.kernel.relations import count_of, ratio, zero
from liantu.projects.choices import OF_CONTRACT
from liantu.projects.shared import signed_sums, three_rates

ALL, NONE = "all", "none"
COLUMNS = (
    Column("chain_code", "产业链代码", "Chain code", "code", help="all 为全区，none 为没有写明产业链的"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("year", "年份", "Year", "code", help="线索按收到年份，签约按签约年份；all 为历年合计，none 为没有日期的"),
    Column("performance_rate", "履约率", "Performance rate", "share", unit="1", help="签约项目中已注册或更后阶段的 ÷ 签约项目（n = 签约）"),
    Column("start_rate", "开工率", "Start rate", "share", unit="1", help="签约项目中已开工的 ÷ 签约项目（n = 签约）"),
    Column("funds_rate", "资金到位率", "Funds rate", "share", unit="1", help="签约项目到位资金 ÷ 签约项目总投资；未填到位资金的不计入分子，都没填则为空", secrecy="confidential"),
    Column("production_rate", "投产率", "Production rate", "share", unit="1", help="签约项目中已投产的 ÷ 签约项目"),
    Column("scale_rate", "入规率", "Above-scale rate", "share", unit="1", help="签约项目中已入规的 ÷ 签约项目"),
    Column("conversion_rate", "线索转化率", "Conversion of leads", "share", unit="1", help="当年收到的线索中已转在谈项目的 ÷ 当年线索（n = 线索）"),
    Column("signing_rate", "签约率", "Signing rate", "share", unit="1", help="当年线索转成的项目中已签约的 ÷ 转成的项目（n = 转在谈）"),
    Column("signed", "签约", "Signed", "integer", unit="个", help="框架协议不算；签约后终止的仍算"),
    Column("performed", "已履约", "Performed", "integer", unit="个"),
    Column("signed_started", "签约已开工", "Signed and started", "integer", unit="个"),
    Column("signed_producing", "签约已投产", "Signed and producing", "integer", unit="个"),
    Column("signed_above_scale", "签约已入规", "Signed and above scale", "integer", unit="个"),
    Column("signed_invest", "签约总投资", "Signed investment", "money", unit="万元"),
    Column("signed_funds", "签约到位资金", "Funds of signed projects", "money", unit="万元", source_limit=OF_CONTRACT, secrecy="confidential"),
    Column("leads", "线索", "Leads", "integer", unit="条"),
    Column("leads_answered_in_time", "按时响应", "Answered in time", "integer", unit="条"),
    Column("leads_followed", "研判跟进", "Followed", "integer", unit="条"),
    Column("converted", "转在谈", "Became projects", "integer", unit="个"),
    Column("converted_signed", "转成后签约", "Became projects and signed", "integer", unit="个"),
)
COUNTS = ("signed", "performed", "signed_started", "signed_producing", "signed_above_scale", "leads", "leads_answered_in_time", "leads_followed", "converted", "converted_signed")
TRACE = (("chain", {"code": "chain_code"}), ("project_list", {"chain_code": "chain_code"}), ("lead_list", {"chain_code": "chain_code"}), ("lead", {"id": "lead_list.lead"}))


@indicator("招商三率和转化率", "Attraction rates", key=("chain_code", "year"), columns=COLUMNS, trace=TRACE, sort=("chain_code", "-year"), secrecy="internal")
def attraction_rates(project_list: Any, lead_list: Any, lead: Any, chain: Any) -> Any:
    """各条链、各年签约项目的履约率、开工率、资金到位率（三率），线索转化率和签约率，分子分母都列出；供季度点评和考核。内部使用。

    Performance, start and funds rate of the projects signed in each year, conversion of leads and signing rate, by chain, with every numerator and denominator. Internal.

    The three rates are those of the output ``project_rates``, split by the year of signing. Young years have had less time: compare years of one age.

    Example:
        project_list
        project | chain_code | stage     | counts_as_signed | signed_on  | invest_total | funds_arrived
        1       | c          | started   | true             | 2025-05-01 | 1000.0       | 300.0
        2       | c          | signed    | true             | 2026-05-01 | 500.0        |
        3       | c          | talks     | false            |            | 900.0        |
        4       |            | producing | true             |            | 100.0        | 100.0
        lead_list
        lead | chain_code | received_on | answered_on | answered_late | verdict | state
        1    | c          | 2026-01-01  | 2026-01-02  | false         | follow  | talks
        2    | c          | 2026-02-01  | 2026-02-09  | true          | follow  | talks
        3    | c          | 2026-03-01  |             |               |         | new
        lead
        id | project
        1  | 2
        2  | 3
        3  |
        chain
        id | code | name
        1  | c    | 电池
        gives
        chain_code | year | chain_name | performance_rate | start_rate | funds_rate | production_rate | conversion_rate | signing_rate | signed | leads | leads_answered_in_time | leads_followed | converted | converted_signed
        all        | 2025 |            | 1.0              | 1.0        | 0.3        | 0.0             |                 |              | 1      | 0     | 0                      | 0              | 0         | 0
        all        | 2026 |            | 0.0              | 0.0        |            | 0.0             | 0.666666667     | 0.5          | 1      | 3     | 1                      | 2              | 2         | 1
        all        | all  |            | 0.666666667      | 0.666666667| 0.25       | 0.333333333     | 0.666666667     | 0.5          | 3      | 3     | 1                      | 2              | 2         | 1
        all        | none |            | 1.0              | 1.0        | 1.0        | 1.0             |                 |              | 1      | 0     | 0                      | 0              | 0         | 0
        c          | 2025 | 电池       | 1.0              | 1.0        | 0.3        | 0.0             |                 |              | 1      | 0     | 0                      | 0              | 0         | 0
        c          | 2026 | 电池       | 0.0              | 0.0        |            | 0.0             | 0.666666667     | 0.5          | 1      | 3     | 1                      | 2              | 2         | 1
        c          | all  | 电池       | 0.5              | 0.5        | 0.2        | 0.0             | 0.666666667     | 0.5          | 2      | 3     | 1                      | 2              | 2         | 1
        none       | all  |            | 1.0              | 1.0        | 1.0        | 1.0             |                 |              | 1      | 0     | 0                      | 0              | 0         | 0
        none       | none |            | 1.0              | 1.0        | 1.0        | 1.0             |                 |              | 1      | 0     | 0                      | 0              | 0         | 0
    """
    signed = signed_sums(_spread(project_list.filter(nw.col("counts_as_signed")), "signed_on"), "chain_code", "year")
    origins = lead.select(nw.col("id").alias("lead"), "project").join(project_list.select("project", "counts_as_signed"), on="project", how="left")
    leads = _spread(lead_list, "received_on").join(origins, on="lead", how="left")
    in_time = ~nw.col("answered_on").is_null() & (count_of(nw.col("answered_late")) == 0)
    counts = {"leads": ~nw.col("lead").is_null(), "leads_answered_in_time": in_time, "leads_followed": nw.col("verdict") == "follow", "converted": ~nw.col("project").is_null(), "converted_signed": nw.col("counts_as_signed")}
    told = leads.select("chain_code", "year", *(count_of(c).alias(name) for name, c in counts.items())).group_by("chain_code", "year").agg(*(nw.col(name).sum() for name in counts))
    rows = signed.join(told, on=["chain_code", "year"], how="full", suffix="_of_leads")
    rows = rows.with_columns(nw.coalesce("chain_code", "chain_code_of_leads").alias("chain_code"), nw.coalesce("year", "year_of_leads").alias("year"), *(zero(nw.col(name)).alias(name) for name in COUNTS),
                             *((zero(nw.col(name)) * 1.0).alias(name) for name in ("signed_invest", "signed_funds")))
    rows = rows.join(chain.select(nw.col("code").alias("chain_code"), nw.col("name").alias("chain_name")), on="chain_code", how="left")
    return rows.with_columns(*three_rates(), ratio(nw.col("signed_producing"), nw.col("signed")).alias("production_rate"), ratio(nw.col("signed_above_scale"), nw.col("signed")).alias("scale_rate"),
                             ratio(nw.col("converted"), nw.col("leads")).alias("conversion_rate"), ratio(nw.col("converted_signed"), nw.col("converted")).alias("signing_rate"))


def _spread(rows: Any, day: str) -> Any:
    """Each row for its chain and the whole district, for its year and all years."""
    rows = rows.with_columns(nw.coalesce(nw.col("chain_code"), nw.lit(NONE)).alias("chain_code"), nw.coalesce(nw.col(day).dt.year().cast(nw.String), nw.lit(NONE)).alias("year"))
    rows = nw.concat([rows, rows.with_columns(nw.lit(ALL).alias("chain_code"))])
    return nw.concat([rows, rows.with_columns(nw.lit(ALL).alias("year"))])
