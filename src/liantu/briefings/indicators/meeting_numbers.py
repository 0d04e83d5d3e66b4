"""调度会数字: per chain what moved this year from talks to production, the money that arrived, and how the cases stand."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column
from liantu.kernel.output import indicator
from liantu.kernel.relations import count_of, zero

TALKS = ("talks", "admitted")
ASKED_OF = ("chief", "general")
SETTLED = ("done", "called_back", "closed")
THIS_YEAR = "本年 1 月 1 日至数据截至日"
COLUMNS = (
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="public"),
    Column("chain_name", "产业链", "Chain", "name", secrecy="public"),
    Column("in_talks", "在谈项目", "In talks", "integer", unit="个", secrecy="public", help="在谈、评审阶段，未终止"),
    Column("signed_year", "本年新签约", "Signed this year", "integer", unit="个", secrecy="public", help=f"计入签约的项目中{THIS_YEAR}签约的"),
    Column("started_year", "本年新开工", "Started this year", "integer", unit="个", secrecy="public", help=f"{THIS_YEAR}到开工阶段的"),
    Column("counted_year", "本年新入统", "Into statistics this year", "integer", unit="个", secrecy="public", help=f"{THIS_YEAR}到入统阶段的"),
    Column("producing_year", "本年新投产", "Producing this year", "integer", unit="个", secrecy="public", help=f"{THIS_YEAR}到投产阶段的"),
    Column("above_scale_year", "本年新入规", "Above scale this year", "integer", unit="个", secrecy="public", help=f"{THIS_YEAR}到入规阶段的"),
    Column("funds_arrived", "到位资金", "Funds arrived", "money", unit="万元", adds_up=True, help="未终止项目累计到位资金；省统口径由上报单位掌握"),
    Column("cases_open", "未办结问题", "Open cases", "integer", unit="件"),
    Column("cases_overdue", "超期问题", "Overdue cases", "integer", unit="件", help="过了时限还没有办结的"),
    Column("cases_asked", "提请链长事项", "Put to the chief", "integer", unit="件", help="未办结，且升级到链长或总链长，或写了提请事项"),
    Column("cases_settled_year", "本年办结问题", "Cases settled this year", "integer", unit="件", help=f"{THIS_YEAR}办结的"),
)
TRACE = (("chain", {"code": "chain_code"}), ("project_list", {"chain_code": "chain_code"}), ("case_list", {"chain_code": "chain_code"}))


@indicator("调度会数字", "Meeting numbers", key=("chain_code",), columns=COLUMNS, trace=TRACE)
def meeting_numbers(chain: Any, project_list: Any, stage_event: Any, case_list: Any, as_of: Any) -> Any:
    """每条链在谈多少，本年以来新签约、新开工、入统、投产各多少，到位资金多少，问题还有多少没办结、多少超期、多少提请链长；供调度会。外出招商次数尚未登记，不在其中。

    What each chain has in talks, what was signed, started, counted and put into production this year, the funds that arrived, and how its cases stand; for the meeting.

    A stage counts in the year in which its event happened; where no event is told, the project's own day of signing or starting counts.

    Example:
        chain
        id | code | name
        1  | c    | 电池
        2  | d    | 铝
        project_list
        project | chain_code | stage     | side_state | counts_as_signed | signed_on  | started_on | funds_arrived
        1       | c          | started   | normal     | true             | 2026-02-01 | 2026-03-01 | 300.0
        2       | c          | talks     | normal     | false            |            |            |
        3       | c          | producing | normal     | true             | 2024-02-01 |            | 100.0
        4       | c          | talks     | ended      | false            |            |            |
        stage_event
        id | project | stage         | happened_on
        1  | 3       | in_statistics | 2026-05-01
        2  | 3       | producing     | 2025-12-01
        3  | 3       | above_scale   | 2027-01-01
        case_list
        case | chain_code | state  | days_left | level  | ask | closed_on
        1    | c          | doing  | -3        | office | 地  |
        2    | c          | doing  | 8         | chief  |     |
        3    | c          | closed |           | chief  |     | 2026-06-01
        gives
        chain_code | in_talks | signed_year | started_year | counted_year | producing_year | above_scale_year | funds_arrived | cases_open | cases_overdue | cases_asked | cases_settled_year
        c          | 1        | 1           | 1            | 1            | 0              | 0                | 400.0         | 2          | 1             | 2           | 1
        d          | 0        | 0           | 0            | 0            | 0              | 0                | 0.0           | 0          | 0             | 0           | 0
    """
    first, today = date(as_of.year, 1, 1), as_of

    def this_year(day: Any) -> Any:
        return (day >= nw.lit(first)) & (day <= nw.lit(today))

    happened = _happened(stage_event)
    alive = (nw.col("side_state").is_null() | (nw.col("side_state") != "ended")) & nw.col("repeat_of").is_null()
    projects = {
        "in_talks": alive & nw.col("stage").is_in(TALKS),
        "signed_year": nw.col("counts_as_signed") & this_year(nw.coalesce("signed_on", "on_signed")),
        "started_year": alive & this_year(nw.coalesce("on_started", "started_on")),
        "counted_year": alive & this_year(nw.col("on_in_statistics")),
        "producing_year": alive & this_year(nw.col("on_producing")),
        "above_scale_year": alive & this_year(nw.col("on_above_scale"))}
    rows = project_list.join(happened, on="project", how="left")
    rows = rows.select("chain_code", *(count_of(c).alias(name) for name, c in projects.items()), nw.when(alive).then(nw.col("funds_arrived")).alias("funds_arrived"))
    rows = rows.group_by("chain_code").agg(*(nw.col(name).sum() for name in (*projects, "funds_arrived")))
    made = chain.select(nw.col("code").alias("chain_code"), nw.col("name").alias("chain_name")).join(rows, on="chain_code", how="left")
    made = made.join(_cases(case_list, this_year), on="chain_code", how="left")
    counts = [c.name for c in COLUMNS if c.kind == "integer"]
    return made.with_columns(*(zero(nw.col(name)).alias(name) for name in counts), (zero(nw.col("funds_arrived")) * 1.0).alias("funds_arrived"))


def _happened(stage_event: Any) -> Any:
    """One row per project with the day of each stage that counts here."""
    stages = ("signed", "started", "in_statistics", "producing", "above_scale")
    days = stage_event.select("project", *(nw.when(nw.col("stage") == s).then(nw.col("happened_on")).alias(f"on_{s}") for s in stages))
    return days.group_by("project").agg(*(nw.col(f"on_{s}").min() for s in stages))


def _cases(case_list: Any, this_year: Any) -> Any:
    """Counts of cases per chain; a case whose state is not told is open."""
    still = nw.col("state").is_null() | ~nw.col("state").is_in(SETTLED)
    counts = {"cases_open": still, "cases_overdue": still & (nw.col("days_left") < 0),
              "cases_asked": still & (nw.col("level").is_in(ASKED_OF) | ~nw.col("ask").is_null()),
              "cases_settled_year": ~still & this_year(nw.col("closed_on"))}
    rows = case_list.select("chain_code", *(count_of(c).alias(name) for name, c in counts.items()))
    return rows.group_by("chain_code").agg(*(nw.col(name).sum() for name in counts))
