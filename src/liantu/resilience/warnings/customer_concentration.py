"""客户集中: a firm that sells most of what it makes to one customer."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.shared import latest_figures
from liantu.kernel.columns import Column
from liantu.kernel.output import warning
from liantu.kernel.relations import ratio
from liantu.resilience.shared import firm_columns, graded, largest_partner, named

LANE, FAMILY = "standing", "customer"
CAUSE = "other"
COLUMNS = firm_columns(Column("item", "最大客户", "Largest customer"), Column("value", "占营业收入", "Share of revenue", "share", unit="1", secrecy="confidential"),
                       Column("amount", "年供货额", "Sold to it a year", "money", unit="万元", secrecy="confidential"))
TRACE = (("enterprise", {"id": "enterprise"}), ("supply_link", {"supplier": "enterprise"}), ("annual_figure", {"enterprise": "enterprise"}))


@warning("客户集中预警", "Customer concentration", key=("enterprise",), columns=COLUMNS, trace=TRACE, sort=("-value",), secrecy="internal", rule="warning_levels")
def customer_concentration(supply_link: Any, annual_figure: Any, enterprise: Any, rule: Any) -> Any:
    """把大部分产品卖给一家客户的企业：已知最大客户的供货额占营业收入；供值守人员和链长办。

    Firms that sell most of what they make to one customer: the largest known customer's amount over the firm's revenue (a lower bound,
    since not every link is known). For the watch and the chain office.

    Example:
        supply_link
        supplier | customer_name | item | amount | year
        7        | 乙整车        | 壳体 | 6000.0 | 2025
        7        | 乙整车        | 支架 | 1000.0 | 2025
        7        | 丙厂          | 壳体 | 500.0  | 2025
        8        | 乙整车        | 螺栓 | 10.0   | 2025
        annual_figure
        enterprise | year | revenue | output
        7          | 2025 | 8000.0  | 8000.0
        8          | 2025 | 900.0   | 900.0
        enterprise
        id | name | uscc
        7  | 甲   | X
        8  | 丁   | Y
        gives
        enterprise | name | item   | value | amount | level
        7          | 甲   | 乙整车  | 0.875 | 7000.0   | orange
    """
    rows = largest_partner(supply_link, "supplier", "customer_name")
    rows = rows.join(latest_figures(annual_figure).select("enterprise", "revenue"), on="enterprise", how="inner")
    share = ratio(nw.col("amount"), nw.col("revenue"))
    rows = rows.with_columns(nw.when(share > 1).then(nw.lit(1.0)).otherwise(share).alias("value"))
    return named(graded(rows, nw.col("value"), rule["customer_share"]), enterprise).rename({"partner": "item"})
