"""替代供应清单: who could supply instead in each real event, what is bought outside and what stays short."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.resilience.event_choices import SUPPLY_KINDS
from liantu.resilience.event_shared import of_real

COLUMNS = (
    Column("substitute", "记录序号", "Row id", "integer", unit="号"),
    Column("event_code", "事件编号", "Event", "code"),
    Column("event_title", "事件名称", "Event title"),
    Column("chain_code", "产业链代码", "Chain code", "code"),
    Column("number", "序号", "No.", "integer", unit="位"),
    Column("item", "物料", "Item"),
    Column("kind", "来源", "Where from", "choice", choices=SUPPLY_KINDS),
    Column("supplier_told", "替代供应商", "Substitute", "name"),
    Column("customer_name", "需方", "Customer", "name"),
    Column("spare", "富余产能", "Spare capacity", "money", unit="万元", secrecy="confidential"),
    Column("amount", "数量", "Amount", "money", unit="万元", secrecy="confidential"),
    Column("note", "说明", "Note"),
)
TRACE = (("event_substitute", {"id": "substitute"}), ("risk_event", {"id": "event_substitute.event"}), ("enterprise", {"id": "event_substitute.supplier"}),
         ("enterprise", {"id": "event_substitute.customer"}),
         ("chain", {"id": "risk_event.chain"}))


@list_("替代供应清单", "Substitutes", key=("substitute",), columns=COLUMNS, trace=TRACE, sort=("event_code", "number"), secrecy="internal")
def event_substitute_list(event_substitute: Any, risk_event: Any, enterprise: Any, chain: Any) -> Any:
    """每件风险事件断掉的物料谁能补、补多少，多少要从区外买，还缺多少；供一事一策。演练不在其中。内部使用。

    Who could supply the missing items of each event, how much, what is bought outside and what stays short. Drills left out. Internal.

    Example:
        event_substitute
        id | event | number | kind  | item | supplier | supplier_name | customer | amount
        1  | 1     | 1      | local | 电芯 | 7        |               | 8        | 50.0
        2  | 1     | 2      | short | 电芯 |          |               | 8        | 20.0
        3  | 2     | 1      | local | 电芯 | 7        |               | 8        | 50.0
        risk_event
        id | code        | title  | chain | drill
        1  | FX2026-0001 | 甲停产 | 1     |
        2  | YL2026-01-1 | 演练   |       | 1
        enterprise
        id | name
        7  | 乙
        8  | 丙
        chain
        id | code
        1  | c
        gives
        substitute | event_code  | chain_code | number | kind  | supplier_told | customer_name | amount
        1          | FX2026-0001 | c          | 1      | local | 乙            | 丙            | 50.0
        2          | FX2026-0001 | c          | 2      | short |               | 丙            | 20.0
    """
    rows = of_real(event_substitute.rename({"id": "substitute"}), risk_event)
    names = enterprise.select("id", "name")
    rows = rows.join(names.rename({"id": "supplier", "name": "register_name"}), on="supplier",
                     how="left").join(names.rename({"id": "customer", "name": "customer_name"}), on="customer", how="left")
    rows = rows.with_columns(nw.coalesce("register_name", "supplier_name").alias("supplier_told"))
    return rows.join(chain.select(nw.col("id").alias("event_chain"), nw.col("code").alias("chain_code")), on="event_chain", how="left")
