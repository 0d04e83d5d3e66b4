"""行业落地可能清单: how likely each industry takes root here, learnt from what took root in other regions."""

from __future__ import annotations

from typing import Any

from liantu.attraction.verdict_entry import feasibilities
from liantu.kernel.arrays import collected, relation_of
from liantu.kernel.columns import Choice, Column
from liantu.kernel.output import list_

WHY_NOT = (
    Choice("here_already", "本区已有（区位商不低于 0.5），不估落地可能", "Here already (location quotient of 0.5 or more)"),
    Choice("no_rows", "没有地区行业数据", "No records of regions"), Choice("no_here", "数据里没有标明本区", "No row is marked as this district"),
    Choice("many_here", "数据里标为本区的不止一个地区", "More than one region is marked as this district"),
    Choice("few_regions", "地区太少，学不出规律", "Too few regions"), Choice("few_years", "不足两个年份，看不到变化", "Fewer than two years"),
    Choice("few_entries", "上一段落地的例子太少，不能校准", "Too few entries to calibrate on"))
COLUMNS = (
    Column("industry_code", "行业代码", "Industry code", "code", secrecy="public"),
    Column("industry_name", "行业名称", "Industry", secrecy="public"),
    Column("probability", "落地可能", "Chance to take root", "share", unit="1", help="从数据的最近一年起，再过一段同样长的年份，该行业在本区长成（区位商≥1）的可能；是候选名单，不是预言"),
    Column("present", "本区已有", "Here already", "flag", help="最近一年区位商不低于 0.5"),
    Column("base_rate", "平均落地率", "Base rate", "share", unit="1", help="所有地区、所有没有的行业中，上一段实际长成的比例"),
    Column("rank", "位次", "Rank", "integer", unit="位", help="只在能估计的行业里排"),
    Column("because", "因为本区有", "Because of", "words", help="推高这一可能的本区行业，由大到小"),
    Column("year", "数据年份", "Year", "integer", unit="年"),
    Column("how", "方法", "How", help="从几年的变化、多少个实例学得，用了什么"),
    Column("why_not", "没有估计的原因", "Why not told", "choice", choices=WHY_NOT),
    Column("ece", "校准误差", "Calibration error", "share", unit="1", help="在没有参与学习的地区上，预计与实际之差的平均"),
    Column("n", "学习样本", "Cases", "integer", unit="对", help="上一段里没有某行业的地区×行业对"),
)


@list_("行业落地可能清单", "Chance of industries to take root", key=("industry_code",), columns=COLUMNS, trace=(("regional_industry", {}),), sort=("rank", "industry_code"), secrecy="internal")
def industry_feasibility(regional_industry: Any) -> Any:
    """哪些行业在本区长得出来：学其他地区上一段里什么长出来了，看本区像谁、有什么。只是候选，绝大多数不会来；它与吸引力是两回事，不相加。内部使用。

    How likely each industry takes root here, learnt from what took root in other regions; for the investment office. A list of candidates, no forecast of any single one. Internal.

    Example:
        regional_industry
        region_name | industry_code | industry_name | year | firms | here
        甲区        | 3841          | 锂电池        | 2023 | 3     | true
        乙县        | 3841          | 锂电池        | 2023 | 5     | false
        gives
        industry_code | industry_name | probability | why_not     | year
        3841          | 锂电池        |             | few_regions | 2023
    """
    return relation_of(feasibilities(collected(regional_industry)).to_dict(as_series=True))
