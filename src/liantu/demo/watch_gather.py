"""What the rules of the watch say of the synthetic district, by credit codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from liantu.demo.watch_check import Told
from liantu.kernel.edition import Edition
from liantu.kernel.output import compute, output_of, run
from liantu.resilience.detecting import changes

FESTIVAL_DAY = date(2026, 2, 28)  # the day on which a dip of the Spring Festival would be told
TOLD = ("yellow", "orange", "red")  # what the watch may alarm
BY_RULE = ("stock_days", "import_dependence", "orders_fall", "relocation_signs", "stop_reports", "insured_fall", "staff_cuts")
FALLS = ("power_fall", "output_fall")


def found_watch(edition: Edition) -> tuple[set[str], Told]:
    """Firms whose electricity fell (yellow and worse), and firms by the keys of ``watch_check``; false friends are looked for in every rule that could tell them."""
    rules = {name: _codes(run(name, edition).frame) for name in (*FALLS, *BY_RULE)}
    uscc = dict(edition.table("enterprise").select("id", "uscc").iter_rows())
    series = {uscc[f.enterprise or 0] for f in changes(edition) if f.level in TOLD}
    declines = rules["power_fall"] | rules["output_fall"] | series
    told = {name: rules[name] for name in BY_RULE} | {"slow_decline": declines, "slack_season": declines, "planned_maintenance": declines, "recovered_stock": rules["stock_days"],
                                                      "old_sign": rules["relocation_signs"], "ended_stop": rules["stop_reports"], "spring_festival": _in_february(edition)}
    return rules["power_fall"], told


def _codes(frame: pl.DataFrame) -> set[str]:
    return set(frame.filter(pl.col("level").is_in(list(TOLD)))["uscc"].drop_nulls())


def _in_february(edition: Edition) -> set[str]:
    """What the rule about electricity would have said on the same records at the end of February."""
    then = replace(edition, manifest=replace(edition.manifest, as_of=FESTIVAL_DAY.isoformat()))
    return _codes(compute(output_of("power_fall"), then))
