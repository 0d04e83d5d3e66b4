"""外迁迹象预警: several signs that a firm may move away."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column
from liantu.kernel.output import warning
from liantu.kernel.relations import day_number
from liantu.resilience.shared import firm_columns, graded, named

FAMILY = "relocation"
CAUSE = "other"
COLUMNS = firm_columns(Column("value", "迹象种数", "Kinds of signs", "integer", unit="个"), Column("newest_on", "最近一次", "Newest", "date"))
TRACE = (("enterprise", {"id": "enterprise"}), ("relocation_sign", {"enterprise": "enterprise"}))


@warning("外迁迹象预警", "Signs of moving away", key=("enterprise",), columns=COLUMNS, trace=TRACE, sort=("-value",), secrecy="internal", rule="warning_levels")
def relocation_signs(relocation_sign: Any, enterprise: Any, as_of: date, rule: Any) -> Any:
    """最近一年出现外迁迹象的企业，按不同迹象的种数；同一种迹象报几次算一种；供值守人员和链长办。

    Firms with signs of moving away in the last year, by how many different kinds; one kind told twice counts once. For the watch and the
    chain office.

    Example:
        relocation_sign
        enterprise | kind             | seen_on
        7          | lease_ended      | 2026-08-01
        7          | equipment_moved  | 2026-09-15
        7          | equipment_moved  | 2026-10-02
        8          | address_changed  | 2023-05-01
        enterprise
        id | name | uscc
        7  | 甲   | X
        8  | 乙   | Y
        gives
        enterprise | name | value | newest_on  | level
        7          | 甲   | 2     | 2026-10-02 | orange
    """
    recent = relocation_sign.filter(~nw.col("seen_on").is_null()).filter(day_number(nw.col("seen_on")) > as_of.toordinal() - rule["sign_days"], day_number(nw.col("seen_on")) <= as_of.toordinal())
    kinds = recent.group_by("enterprise", "kind").agg(nw.col("seen_on").max())
    rows = kinds.group_by("enterprise").agg(nw.len().alias("value"), nw.col("seen_on").max().alias("newest_on"))
    return named(graded(rows, nw.col("value"), rule["relocation_signs"]), enterprise)
