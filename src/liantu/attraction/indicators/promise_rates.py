"""承诺兑现率: of the promises that are due, how many are kept, by chain."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column
from liantu.kernel.output import indicator
from liantu.kernel.relations import count_of, ratio, zero

COLUMNS = (
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("chain_name", "产业链", "Chain", "name"),
    Column("projects", "有承诺的项目", "Projects with promises", "integer", unit="个"),
    Column("promises", "承诺项数", "Promises", "integer", unit="项"),
    Column("due", "已到期", "Due", "integer", unit="项", help="到了时限的；提前兑现的也算到期"),
    Column("kept", "已兑现", "Kept", "integer", unit="项", help="含晚于时限兑现的"),
    Column("kept_rate", "到期兑现率", "Share kept of those due", "share", unit="1", help="已兑现 ÷ 已到期；没有核验数的算没有兑现"),
    Column("late", "其中晚兑现", "Kept late", "integer", unit="项"),
    Column("part", "兑现大部分", "Mostly kept", "integer", unit="项"),
    Column("below", "明显不足或未到", "Clearly below or not reached", "integer", unit="项"),
    Column("unknown", "没有核验数", "No figure of the project", "integer", unit="项", help="没有数，或只有全企业口径"),
    Column("soon", "快到期还不够", "Due soon, not enough", "integer", unit="项"),
)
TRACE = (("chain", {"code": "chain_code"}), ("promise_list", {"chain_code": "chain_code"}))


@indicator("承诺兑现率", "Promises kept", key=("chain_code",), columns=COLUMNS, trace=TRACE, secrecy="internal")
def promise_rates(chain: Any, promise_list: Any) -> Any:
    """每条链的承诺到期多少、兑现多少，分子分母都列出；供调度会。没有产业链的项目不在其中。

    Of each chain's promises how many are due and how many of those are kept, with every count; for the meeting.

    Example:
        chain
        id | code | name
        1  | c    | 电池
        2  | d    | 铝
        promise_list
        promise | project | chain_code | lamp_rule
        1       | 5       | c          | kept
        2       | 5       | c          | below
        3       | 6       | c          | no_figure
        4       | 6       | c          | not_due
        5       | 6       | c          | late
        gives
        chain_code | projects | promises | due | kept | kept_rate | late | below | unknown
        c          | 2        | 5        | 4   | 2    | 0.5       | 1    | 1     | 1
        d          | 0        | 0        | 0   | 0    |           | 0    | 0     | 0
    """
    groups = {"promises": None, "due": ("kept", "late", "part", "below", "not_reached", "firm_wide", "no_figure"), "kept": ("kept", "late"), "late": ("late",), "part": ("part",),
              "below": ("below", "not_reached"), "unknown": ("firm_wide", "no_figure"), "soon": ("soon",)}
    told = {name: nw.lit(1) if rules is None else count_of(nw.col("lamp_rule").is_in(list(rules))) for name, rules in groups.items()}
    rows = promise_list.select("chain_code", "project", *(e.alias(name) for name, e in told.items()))
    sums = rows.group_by("chain_code").agg(*(nw.col(name).sum() for name in groups))
    projects = rows.select("chain_code", "project").unique().group_by("chain_code").agg(nw.len().alias("projects"))
    rows = chain.select(nw.col("code").alias("chain_code"), nw.col("name").alias("chain_name")).join(sums, on="chain_code", how="left").join(projects, on="chain_code", how="left")
    rows = rows.with_columns(*(zero(nw.col(name)).alias(name) for name in (*groups, "projects")))
    return rows.with_columns(ratio(nw.col("kept"), nw.col("due")).alias("kept_rate"))
