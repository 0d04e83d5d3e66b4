"""入链准确率: how often persons found the machine's placements right, by chain and the machine's grade."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.chains.choices import GRADES
from liantu.kernel.columns import Column
from liantu.kernel.output import indicator
from liantu.kernel.relations import count_of, ratio

Z = 1.959963984540054  # 95 % of the normal distribution lies within

COLUMNS = (
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="public"),
    Column("chain_name", "产业链", "Chain", "name", secrecy="public"),
    Column("grade", "机器判断程度", "The machine's grade", "choice", choices=tuple(g for g in GRADES if g.value in ("likely", "to_verify")), secrecy="public"),
    Column("precision", "准确率", "Precision", "share", unit="1", help="答对 ÷（答对 + 答错）；答案不足规定条数时为空"),
    Column("low", "区间下限", "Interval from", "share", unit="1", help="95% Wilson 区间"),
    Column("high", "区间上限", "Interval to", "share", unit="1", help="95% Wilson 区间"),
    Column("enough", "够下结论", "Enough answers", "flag", help="答对与答错合计达到规定条数"),
    Column("drawn", "抽取", "Drawn", "integer", unit="条"),
    Column("right", "答对", "Right", "integer", unit="条"),
    Column("wrong", "答错", "Wrong", "integer", unit="条"),
    Column("unclear", "说不清", "Cannot tell", "integer", unit="条", help="不计入准确率"),
    Column("months", "抽样月数", "Months", "integer", unit="个"),
)
TRACE = (("chain", {"code": "chain_code"}), ("placement_check", {"chain": "chain.id", "grade": "grade"}))


@indicator("入链准确率", "Accuracy of placements", key=("chain_code", "grade"), columns=COLUMNS, trace=TRACE, rule="placement_sample")
def placement_accuracy(chain: Any, placement_check: Any, rule: dict[str, Any]) -> Any:
    """机器判断的环节有多少是对的：每月随机抽样、由人核对，按产业链和判断程度列出准确率与 95% 区间；答案太少时不给数，只列条数。供使用图谱的人判断能信到什么程度。

    How often the machine's placements are right, by chain and grade, from monthly random samples answered by persons, with 95 % Wilson intervals.

    All months of the edition are pooled. Below the number of answers that the rule asks for there is no figure, only counts.

    Example:
        chain
        id | code | name
        1  | c    | 电池
        placement_check
        id | month   | sampled  | chain | grade     | answer
        1  | 2025-03 | placed   | 1     | to_verify | wrong
        2  | 2025-03 | placed   | 1     | to_verify | right
        3  | 2025-04 | placed   | 1     | to_verify | unclear
        4  | 2025-04 | placed   | 1     | to_verify |
        5  | 2025-04 | unplaced |       |           | none
        gives
        chain_code | grade     | precision | enough | drawn | right | wrong | unclear | months
        c          | to_verify |           | false  | 4     | 1     | 1     | 1       | 2
    """
    answers = {word: count_of(nw.col("answer") == word).alias(word) for word in ("right", "wrong", "unclear")}
    rows = placement_check.filter(nw.col("sampled") == "placed").select("chain", "grade", "month", *answers.values())
    rows = rows.group_by("chain", "grade").agg(nw.len().alias("drawn"), *(nw.col(word).sum() for word in answers), nw.col("month").n_unique().alias("months"))
    rows = chain.select(nw.col("id").alias("chain"), nw.col("code").alias("chain_code"), nw.col("name").alias("chain_name")).join(rows, on="chain", how="inner")
    rows = rows.with_columns((nw.col("right") + nw.col("wrong")).alias("_n")).with_columns((nw.col("_n") >= rule["least_answers"]).alias("enough"))
    rows = rows.with_columns(nw.when(nw.col("enough")).then(ratio(nw.col("right") * 1.0, nw.col("_n"))).alias("precision"))
    share, n = nw.col("precision"), nw.col("_n") * 1.0
    centre, spread = share + ratio(nw.lit(Z * Z), 2 * n), Z * (ratio(share * (1 - share), n) + ratio(nw.lit(Z * Z), 4 * n * n)) ** 0.5
    whole = 1 + ratio(nw.lit(Z * Z), n)
    return rows.with_columns(ratio(centre - spread, whole).alias("low"), ratio(centre + spread, whole).alias("high"))
