"""The rules of the watch: every warning of this room that grades what it finds, and the detector on monthly series.

A rule's file may say more of itself in plain names: ``LANE`` (standing: a condition that lasts; data: a fault of the data), ``FAMILY``
(rules of one family read the same thing, so that two of them are no two witnesses), ``PRIOR`` (which assumption holds before anything
is verified: rules, reports, standing), ``SERIES`` (the monthly series shown beside it), ``CAUSE`` (what an event opened from it starts from) and ``GRADE`` (column, threshold) for an
output without a level of its own.
"""

from __future__ import annotations

import inspect
import re
import sys
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from liantu.kernel.output import Output, outputs
from liantu.kernel.parameter import Parameter, parameter
from liantu.kernel.problems import UserError

DETECTOR = "monthly_change"
GROUPS = ("node_alarm", "chain_alarm")
LEVELS_RULE, WATCH_RULE = "warning_levels", "watch"


@dataclass(frozen=True)
class Rule:
    """One rule: its words, its lane (risk, standing, data), its family, and where its thresholds stand."""

    name: str
    zh: str
    en: str
    lane: str = "risk"
    family: str = ""
    prior: str = "rules"
    series: str = ""
    cause: str = "firm_stopped"
    grade: tuple[str, str] | None = None
    tells_zh: str = ""
    tells_en: str = ""

    @property
    def output(self) -> Output | None:
        """The output whose rows are its findings; None for the detector."""
        return outputs().get(self.name)

    def thresholds(self, on: date | None = None) -> Parameter:
        """The dated numbers that it goes by."""
        output = self.output
        name = next(iter(output.parameters.values()), LEVELS_RULE) if output and not self.grade else LEVELS_RULE
        return parameter(name, on)

    def reads(self) -> list[str]:
        """The keys of its numbers that its file reads, in their order."""
        if self.grade:
            return [self.grade[1]]
        if self.output is None:
            return ["monthly_change", "monthly_budget", "monthly_memory", "fresh_months"]
        source = inspect.getsource(sys.modules[self.output.function.__module__])
        return list(dict.fromkeys(re.findall(r'rule\["(\w+)"\]', source)))


def _rule(output: Output) -> Rule | None:
    said: dict[str, Any] = vars(sys.modules[output.function.__module__])
    grade = said.get("GRADE")
    if grade is None and not any(c.name == "level" for c in output.columns):
        return None
    lane = said.get("LANE", "risk")
    return Rule(output.name, output.zh.removesuffix("预警"), output.en, lane, said.get("FAMILY", output.name), said.get("PRIOR", "standing" if lane == "standing" else "rules"),
                said.get("SERIES", ""), said.get("CAUSE", "firm_stopped"), grade, output.tells("zh"), output.tells("en"))


@cache
def rules() -> dict[str, Rule]:
    """All rules by name; a new file in ``warnings/`` is one more."""
    found = [_rule(o) for o in outputs().values() if o.kind == "warning" and o.room == "resilience"]
    found.append(Rule(DETECTOR, "月度序列异常", "Unusual months", family="series",
                      tells_zh="用电、产值、从业人数离它自己的季节和同行应有的样子差得远；春节和规律性淡季不算。",
                      tells_en="Electricity, output or employees far from what the firm's own seasons and its peers lead one to expect; the Spring Festival and regular slack months do not count."))
    return {rule.name: rule for rule in sorted((r for r in found if r), key=lambda r: r.name)}


def rule_of(name: str) -> Rule:
    """A rule by name; an unknown name is answered with those that exist."""
    try:
        return rules()[name]
    except KeyError:
        raise UserError(f"没有预警规则「{name[:40]}」。", code="unknown-rule", hint="现有：" + "、".join(rules())) from None
