"""项目资金明细: what each project adds to the sums of its chain; the rows behind the funds and investment of the rates."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column
from liantu.kernel.output import list_

COLUMNS = (
    Column("project", "项目编号", "Project id", "integer", unit="号", secrecy="confidential"),
    Column("firm", "投资方", "Investor", "name", secrecy="confidential", help="没有投资方的取实施企业，都没有的各算一家"),
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="confidential"),
    Column("invest_done", "累计完成投资", "Invested so far", "money", unit="万元", secrecy="confidential", help="不含已终止出库的"),
    Column("funds_arrived", "到位资金", "Funds arrived", "money", unit="万元", secrecy="confidential", help="不含已终止出库的"),
    Column("signed_funds", "签约到位资金", "Funds of signed projects", "money", unit="万元", secrecy="confidential", help="签约项目"),
)
TRACE = (("project_list", {"project": "project"}),)


@list_("项目资金明细", "What projects contribute", key=("project",), columns=COLUMNS, trace=TRACE, secrecy="confidential")
def project_parts(project_list: Any) -> Any:
    """每个项目在本链完成投资、到位资金合计里各占多少；公开版和部门版据此判断哪些合计会泄露单个投资方。只供内部使用。

    What each project adds to the investment and funds of its chain; from it the other versions know which sums would betray an investor. Internal only.

    Example:
        project_list
        project | chain_code | investor | enterprise_name | side_state | counts_as_signed | invest_done | funds_arrived
        1       | c          | 甲集团   | 甲              | normal     | true             | 100.0       | 300.0
        2       | c          |          | 乙              | ended      | true             | 50.0        | 20.0
        3       | c          |          |                 | normal     | false            | 10.0        |
        gives
        project | firm   | chain_code | invest_done | funds_arrived | signed_funds
        1       | 甲集团 | c          | 100.0       | 300.0         | 300.0
        2       | 乙     | c          |             |               | 20.0
        3       | 3      | c          | 10.0        |               |
    """
    alive = (nw.col("side_state").is_null() | (nw.col("side_state") != "ended")) & nw.col("repeat_of").is_null()
    return project_list.with_columns(
        nw.coalesce("investor", "enterprise_name", nw.col("project").cast(nw.String)).alias("firm"), nw.when(nw.col("counts_as_signed")).then(nw.col("funds_arrived")).alias("signed_funds"),
        *(nw.when(alive).then(nw.col(c)).alias(c) for c in ("invest_done", "funds_arrived")))
