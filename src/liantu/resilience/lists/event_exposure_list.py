"""受影响企业清单: whom each real event would reach, after how many days, with how much at stake, as written into its plan."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.shared import named_chain
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.resilience.event_shared import of_real

COLUMNS = (
    Column("exposure", "记录序号", "Row id", "integer", unit="号"),
    Column("event_code", "事件编号", "Event", "code"),
    Column("event_title", "事件名称", "Event title"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("enterprise_name", "企业名称", "Enterprise", "name"),
    Column("node_name", "环节", "Node", "name"),
    Column("days", "几天后受影响", "Days until felt", "number", unit="天"),
    Column("remaining_share", "余下产出", "Output left", "share", unit="1", secrecy="confidential"),
    Column("output_low", "涉及产值低值", "Output at stake, low", "money", unit="万元", secrecy="confidential"),
    Column("output", "涉及产值", "Output at stake", "money", unit="万元", secrecy="confidential"),
    Column("output_high", "涉及产值高值", "Output at stake, high", "money", unit="万元", secrecy="confidential"),
    Column("tax", "涉及税收", "Tax at stake", "money", unit="万元", secrecy="confidential"),
    Column("jobs", "涉及就业", "Jobs at stake", "integer", unit="人", secrecy="confidential"),
    Column("why", "为何", "Why"),
)
TRACE = (("event_exposure", {"id": "exposure"}), ("risk_event", {"id": "event_exposure.event"}), ("enterprise", {"id": "event_exposure.enterprise"}),
         ("chain_node", {"id": "event_exposure.chain_node"}),
         ("chain", {"id": "risk_event.chain"}))


@list_("受影响企业清单", "Exposed firms", key=("exposure",), columns=COLUMNS, trace=TRACE, sort=("event_code", "days", "-output"), secrecy="internal")
def event_exposure_list(event_exposure: Any, risk_event: Any, enterprise: Any, chain_node: Any, chain: Any) -> Any:
    """每件风险事件会波及哪些企业、几天后、多少产值就业；是填入当时的测算，供一事一策和复盘。演练不在其中。内部使用。

    Which firms each event would reach, when, and how much is at stake, as computed when the plan was filled in. Drills left out. Internal.

    Example:
        event_exposure
        id | event | enterprise | chain_node | days | output | why
        1  | 1     | 7          | 2          | 3.0  | 120.0  | 缺料
        2  | 2     | 7          |            | 3.0  | 120.0  | 缺料
        risk_event
        id | code        | title  | chain | drill
        1  | FX2026-0001 | 甲停产 | 1     |
        2  | YL2026-01-1 | 演练   |       | 1
        enterprise
        id | name
        7  | 乙
        chain_node
        id | code | name | chain
        2  | c/b  | 电芯 | 1
        chain
        id | code | name
        1  | c    | 电池
        gives
        exposure | event_code  | chain_code | enterprise_name | node_name | days | output
        1        | FX2026-0001 | c          | 乙              | 电芯      | 3.0  | 120.0
    """
    rows = of_real(event_exposure.rename({"id": "exposure"}), risk_event).with_columns(nw.col("event_chain").alias("chain"))
    rows = named_chain(rows, chain_node, chain)
    return rows.join(enterprise.select(nw.col("id").alias("enterprise"), nw.col("name").alias("enterprise_name")), on="enterprise", how="left")
