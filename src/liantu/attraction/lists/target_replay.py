"""名单回看清单: on each past day, how many of the list settled here within the year, against lists that anybody could have made."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from liantu.attraction.replay import replay
from liantu.attraction.target_gather import INPUTS, gathered
from liantu.kernel.arrays import collected, relation_of
from liantu.kernel.columns import Column
from liantu.kernel.output import list_
from liantu.methods.replay import expected, lift

COLUMNS = (
    Column("cut_off", "名单日期", "Day of the list", "date"),
    Column("pool", "当时库中企业", "Pool then", "integer", unit="家"),
    Column("listed", "名单企业", "Listed", "integer", unit="家"),
    Column("hits", "一年内落户", "Hits within a year", "integer", unit="家"),
    Column("landed", "库中一年内落户", "Landed of the pool", "integer", unit="家"),
    Column("expected", "随机应中", "Hits by chance", "number", unit="家", help="同样长的名单随机挑，应有几家落户"),
    Column("lift", "提升倍数", "Lift", "number", unit="倍"),
    Column("low", "区间低端", "Low", "number", unit="倍", help="95% 精确区间"),
    Column("high", "区间高端", "High", "number", unit="倍", help="95% 精确区间；没有上限时为空"),
    Column("industry_expected", "同产业随机应中", "Hits by chance, same chains", "number", unit="家"),
    Column("largest_hits", "按规模挑的命中", "Hits of the largest", "integer", unit="家"),
    Column("last_hits", "沿用上年名单命中", "Hits of last year's list", "integer", unit="家", help="上年的名单长短可能不同"),
    Column("hits_10", "前 10 名命中", "Hits of the first 10", "integer", unit="家"),
    Column("hits_20", "前 20 名命中", "Hits of the first 20", "integer", unit="家"),
    Column("long_hits", "两年内落户", "Hits within two years", "integer", unit="家", help="还没满两年的为空"),
)
TRACE = tuple((name, {}) for name in INPUTS)


@list_("名单回看清单", "Replay of past lists", key=("cut_off",), columns=COLUMNS, trace=TRACE, sort=("-cut_off",), secrecy="internal", rule="target_score", placing="placement")
def target_replay(candidate_firm: Any, candidate_figure: Any, candidate_sign: Any, candidate_link: Any, candidate_landing: Any, outside_presence: Any, supply_link: Any, chain_node: Any, chain: Any,
                  enterprise: Any, chain_masters: Any, gap_verdict: Any, as_of: date, rule: Any, placing: Any) -> Any:
    """用当时知道的事实重排过去几年的名单，看一年内有几家真来了；与随机、同产业随机、按规模、沿用上年并排。缺口用现在的判断，当时的缺口没有留底。内部使用。

    Past lists made again from what was known then, with what came of them, beside chance, the same chains, the largest and last year's list.

    Gaps are those of today, for those of then were not kept. Internal.

    Example:
        candidate_firm
        id | name   | chain_node | listed_on
        1  | 甲材料 | 1          | 2024-01-01
        2  | 乙材料 |            | 2024-01-01
        candidate_figure
        candidate | year | revenue
        candidate_sign
        candidate | kind | happened_on | detail
        candidate_link
        candidate | kind | enterprise | enterprise_name | item | since
        candidate_landing
        candidate | place | here | happened_on
        1         | 本区  | true | 2026-03-01
        outside_presence
        id | name | kind | chain_node | city
        supply_link
        id | supplier | customer | supplier_name | customer_name | item | year
        chain_node
        id | code | chain | name
        1  | c/a  | 1     | 隔膜
        chain
        id | code | name
        1  | c    | 电池
        enterprise
        id | name | longitude | latitude
        chain_masters
        enterprise | named | meets_floor
        gap_verdict
        code | status  | critical | verdict
        c/a  | missing | true     | attract
        as_of: 2026-10-31
        gives
        cut_off    | pool | listed | hits | landed | expected
        2025-10-31 | 2    | 0      | 0    | 1      | 0.0
        2024-10-31 | 2    | 0      | 0    | 0      | 0.0
    """
    given = (candidate_firm, candidate_figure, candidate_sign, candidate_link, candidate_landing, outside_presence, supply_link, chain_node, chain, enterprise, chain_masters, gap_verdict)
    pool, gaps = gathered(dict(zip(INPUTS, map(collected, given), strict=True)), placing)
    found = replay(pool, gaps, rule, as_of)
    rows: dict[str, list[Any]] = {c.name: [] for c in COLUMNS}
    for day, cut, long in zip(found.days, found.cuts, found.long, strict=True):
        times, low, high = lift([cut.pool])
        curve = dict(cut.curve)
        told = (day, cut.pool.pool, cut.pool.listed, cut.pool.hits, cut.pool.landed, expected([cut.pool]), times, low, high if high != float("inf") else None, expected(cut.industry), cut.largest_hits, cut.last_hits,
                curve.get(10), curve.get(20), None if long is None else long[0])
        for column, value in zip(COLUMNS, told, strict=True):
            rows[column.name].append(value)
    return relation_of(typed(rows))


def typed(rows: dict[str, list[Any]]) -> dict[str, Any]:
    """Columns as series of the declared kinds, also when there are no rows."""
    kinds: dict[str, Any] = {"date": pl.Date, "integer": pl.Int64, "number": pl.Float64}
    return {c.name: pl.Series(c.name, rows[c.name], dtype=kinds[c.kind], strict=False) for c in COLUMNS}
