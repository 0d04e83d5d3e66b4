"""分季落地: projects, investment and output that may come to start and to production in each quarter."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from liantu.attraction.forecast import TARGETS, history, landings
from liantu.kernel.arrays import collected, relation_of
from liantu.kernel.columns import Choice, Column
from liantu.kernel.output import list_

RANGE = "80% 区间，含项目各自的偶然和规律本身的不确定"
COLUMNS = (
    Column("target", "到达", "Step", "choice", choices=tuple(Choice(t, zh, t) for t, zh in TARGETS.items())),
    Column("quarter", "季度", "Quarter", "code"),
    Column("ends_on", "截至", "Until", "date"),
    *(c for name, zh, en, kind, unit in (("projects", "项目", "Projects", "number", "个"), ("invest_total", "总投资", "Investment", "money", "万元"), ("output_expected", "达产产值", "Yearly output", "money", "万元")) for c in (
        Column(name, f"预计{zh}", f"{en}, expected", kind, unit=unit), Column(f"{name}_low", f"{zh}低值", f"{en}, low", kind, unit=unit, help=RANGE), Column(f"{name}_high", f"{zh}高值", f"{en}, high", kind, unit=unit, help=RANGE))),
)
TRACE = (("project", {}), ("stage_event", {}), ("signing_verdict", {}))


@list_("分季落地预测", "Landing by quarter", key=("target", "quarter"), columns=COLUMNS, trace=TRACE, sort=("target", "quarter"), secrecy="internal", rule="stage_forecast")
def quarter_landing(project: Any, stage_event: Any, signing_verdict: Any, as_of: date, rule: Any) -> Any:
    """往后各季度预计开工、投产多少项目、多少投资和达产产值，各带 80% 区间；供安排要素和年度目标。是概率推算，不是计划汇总。

    Projects, investment and yearly output expected to start and to produce in the coming quarters, with 80 % ranges; chances, not a sum of plans.

    Example:
        project
        id | name | stage     | signed_on  | side_state | invest_total | output_expected | updated_on
        2  | 乙   | producing | 2024-01-10 | normal     | 200.0        | 300.0           |
        stage_event
        id | project | stage     | happened_on
        1  | 2       | started   | 2024-06-10
        2  | 2       | producing | 2025-06-10
        signing_verdict
        id | project | other | verdict
        gives
        target    | quarter | projects | invest_total_high
        producing | 2026Q4  | 0.0      | 0.0
        producing | 2027Q1  | 0.0      | 0.0
        producing | 2027Q2  | 0.0      | 0.0
        producing | 2027Q3  | 0.0      | 0.0
        producing | 2027Q4  | 0.0      | 0.0
        producing | 2028Q1  | 0.0      | 0.0
        started   | 2026Q4  | 0.0      | 0.0
        started   | 2027Q1  | 0.0      | 0.0
        started   | 2027Q2  | 0.0      | 0.0
        started   | 2027Q3  | 0.0      | 0.0
        started   | 2027Q4  | 0.0      | 0.0
        started   | 2028Q1  | 0.0      | 0.0
    """
    rows = collected(project)
    dropped = set(collected(signing_verdict).filter(pl.col("verdict") == "same")["other"].to_list())
    known = history(rows, collected(stage_event), dropped)
    lines = [line for target in TARGETS for line in landings(known, rows, as_of, target, rule)]
    schema = {c.name: {"date": pl.Date, "number": pl.Float64, "money": pl.Float64}.get(c.kind, pl.String) for c in COLUMNS}
    return relation_of(pl.DataFrame(lines, schema=schema).to_dict())
