"""The month's alarms as lines of text, for the command line and for papers."""

from __future__ import annotations

from liantu.resilience.choices import LEVELS, SERIES
from liantu.resilience.models import Signal
from liantu.resilience.ranking import combined
from liantu.resilience.rule_record import RuleRecord, records
from liantu.resilience.rules import GROUPS, rules

WORDS = {c.value: c.zh for c in LEVELS}


def told_record(record: RuleRecord | None) -> str:
    """A rule's record in brackets: how many of its verified signals were real, or that there are too few."""
    if record is None:
        return ""
    return f"{record.hits}/{record.n} 属实" if record.enough else f"核实 {record.n} 次"


def told_item(signal: Signal) -> str:
    """What of it, in words: a material, or the series."""
    return next((c.zh for c in SERIES if c.value == signal.item), signal.item or "")


def told_lines(most: int) -> list[str]:
    """Open alarms, the highest score first: level, firm, node, then each signal with value, baseline, change and its rule's record."""
    known = records()
    open_ = Signal.objects.select_related("enterprise", "chain_node").filter(lane="risk", in_budget=True, verdict=None, ended_on=None).exclude(rule__in=GROUPS).order_by("-score", "enterprise_id", "rule")
    by_firm: dict[int | None, list[Signal]] = {}
    for signal in open_:
        by_firm.setdefault(signal.enterprise_id, []).append(signal)
    lines = []
    for own in list(by_firm.values())[:most]:
        first = own[0]
        node = f"（{first.chain_node.name}）" if first.chain_node else ""
        parts = [f"{rules()[s.rule].zh}{f' {told_item(s)}' if s.item else ''}{f' {s.change * 100:+.0f}%' if s.change is not None else ''}〔{told_record(known.get(s.rule))}〕" for s in own if s.rule in rules()]
        lines.append(f"[{WORDS[combined(s.level for s in own)]}] {first.enterprise.name if first.enterprise else ''}{node}　{'；'.join(parts)}")
    if len(by_firm) > most:
        lines.append(f"……共 {len(by_firm)} 家")
    return lines
