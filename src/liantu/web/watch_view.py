"""What the watch pages show of signals: a firm's alarm with its signals, a small line of its months, lamps, and what to expect of the month's alarms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from liantu.kernel.edition import Edition
from liantu.kernel.word_lists import split_words
from liantu.resilience.choices import LEVELS, RANK, SERIES, VERDICTS
from liantu.resilience.event_models import RiskEvent
from liantu.resilience.models import Signal
from liantu.resilience.ranking import Witness, chance, combined, per_family
from liantu.resilience.rule_record import RuleRecord
from liantu.resilience.rules import rules
from liantu.resilience.series import axis, series_of
from liantu.resilience.watching import family_of
from liantu.web.context import language, say
from liantu.web.formats import amount, share, trimmed, words

SPAN = 25  # months of a small line: two years and the month itself
WIDE, TALL, EDGE = 150.0, 34.0, 4.0
LINES = 5  # signals of one firm before the rest folds away


@dataclass
class Alarm:
    """One subject with its signals, as a page shows it."""

    firm: Any
    signals: list[dict[str, Any]]
    level: str
    node: Any = None
    chain: Any = None
    stake: Any = None
    score: Any = None
    done: bool = False
    since: date | None = None
    codes: list[str] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)
    more: list[dict[str, Any]] = field(default_factory=list)
    cause: str = ""
    event: str = ""

    @property
    def title(self) -> str:
        """What an event opened from it is called at first: the firm, or the node where no firm stands, and the gravest rule."""
        return f"{self.firm.name if self.firm else label(self.node)}：{self.signals[0]['rule']}"


def label(row: Any) -> str:
    """A chain's or node's name in the reader's language."""
    return "" if row is None else (getattr(row, "name_en", None) or row.name) if language() == "en" else row.name


def level_words(level: str) -> str:
    """The word of a level."""
    return next((words(c) for c in LEVELS if c.value == level), level)


def figure(value: Any, unit: str | None) -> str:
    """A value with its unit; shares as per cent."""
    if value is None:
        return "—"
    if unit == "1":
        return share(float(value))
    number = float(value)
    if unit == "kWh":
        return f"{number / 10_000:,.1f} 万kWh" if language() == "zh" and number >= 100_000 else f"{number:,.0f} kWh"
    shown = amount(int(number)) if number == int(number) else trimmed(number)
    return f"{shown} {(unit or '') if language() == 'zh' else {'万元': '10k yuan', '人': '', '天': 'days', '个': '', '个环节': 'nodes', '家': 'firms', '月': 'months'}.get(unit or '', unit or '')}".strip()


def record_words(record: RuleRecord | None) -> str:
    """A rule's record in a few words."""
    if record is None:
        return ""
    if not record.enough or record.precision is None:
        return say(f"核实 {record.n} 次，不足以判断", f"{record.n} verdict{'' if record.n == 1 else 's'}, too few to tell")
    text = say(f"{record.n} 次核实中 {record.hits} 次属实（{record.precision * 100:.0f}%，{record.low * 100:.0f}–{record.high * 100:.0f}%）",
               f"{record.hits} of {record.n} real ({record.precision * 100:.0f}%, {record.low * 100:.0f}–{record.high * 100:.0f}%)")
    if record.lead_days is not None:
        text += say(f"，提前 {record.lead_days:g} 天（n={record.leads}）", f", {record.lead_days:g} days ahead (n={record.leads})")
    return text


def series_name(signal: Signal) -> str:
    """The monthly series behind a signal, "" when there is none."""
    if any(s.value == signal.item for s in SERIES):
        return signal.item
    known = rules().get(signal.rule)
    return known.series if known else ""


def item_words(signal: Signal) -> str:
    """What of it: the item, or the name of the series that the detector read."""
    return next((words(s) for s in SERIES if s.value == signal.item), signal.item or "")


def spark(months: Sequence[str], values: Sequence[float | None], title: str) -> SafeString:
    """A small line of a firm's months; the newest value and the one a year before it are dots; missing months leave a gap."""
    known = [v for v in values if v is not None]
    if len(known) < 2:
        return mark_safe("")
    low, high = min(0.0, *known), max(known) or 1.0
    step = (WIDE - 2 * EDGE) / max(1, len(months) - 1)

    def at(n: int) -> tuple[float, float]:
        return EDGE + n * step, TALL - EDGE - (TALL - 2 * EDGE) * ((values[n] or 0.0) - low) / (high - low or 1.0)

    lines, run = [], []
    for n, value in enumerate(values):
        if value is not None:
            run.append("{:.1f},{:.1f}".format(*at(n)))
        elif not (months[n].endswith("-01") and 0 < n < len(values) - 1 and values[n + 1] is not None):  # January is often not handed in
            lines.append(run)
            run = []
    lines.append(run)
    last = max(n for n, v in enumerate(values) if v is not None)
    dots = "".join(f'<circle class="{kind}" cx="{at(n)[0]:.1f}" cy="{at(n)[1]:.1f}" r="{r}"><title>{escape(months[n])}　{values[n]:,.0f}</title></circle>'
                   for kind, n, r in (("then", last - 12, 2.4), ("now", last, 3.0)) if n >= 0 and values[n] is not None)
    runs = "".join(f'<polyline class="run" points="{" ".join(r)}"/>' for r in lines if len(r) > 1)
    return mark_safe(f'<svg class="spark" viewBox="0 0 {WIDE:.0f} {TALL:.0f}" width="{WIDE:.0f}" height="{TALL:.0f}" role="img" aria-label="{escape(title)}">'
                     f'<line class="zero" x1="0" x2="{WIDE:.0f}" y1="{TALL - EDGE:.1f}" y2="{TALL - EDGE:.1f}"/>{runs}{dots}</svg>')


def sparks(edition: Edition | None, signals: Iterable[Signal]) -> dict[tuple[int, str], SafeString]:
    """The small lines of all signals on a page: (firm, series) → drawing."""
    wanted: dict[str, set[int]] = {}
    for signal in signals:
        name = series_name(signal)
        if name and signal.enterprise_id:
            wanted.setdefault(name, set()).add(signal.enterprise_id)
    if edition is None or not wanted:
        return {}
    months = axis(date.fromisoformat(edition.manifest.as_of), SPAN)
    drawn: dict[tuple[int, str], SafeString] = {}
    for name, firms in wanted.items():
        told = next(words(s) for s in SERIES if s.value == name)
        title = say(f"{told}近 {SPAN} 个月", f"{told}, {SPAN} months")
        drawn |= {(firm, name): spark(months, values, title) for firm, values in series_of(edition, name, months, firms, steepest=True).items()}
    return drawn


def signal_line(signal: Signal, records: Mapping[str, RuleRecord], drawn: Mapping[tuple[int, str], SafeString], figures: bool) -> dict[str, Any]:
    """One signal as a line: rule, value against baseline, change, record, drawing; figures only for those who may see them."""
    rule = rules().get(signal.rule)
    change = float(signal.change) if signal.change is not None else None
    return {"signal": signal, "rule": words(rule) if rule else signal.rule, "tells": say(rule.tells_zh, rule.tells_en) if rule else "", "of": say("占 ", "share ") if rule and rule.lane == "standing" and signal.unit_words == "1" else "", "name": signal.rule, "item": item_words(signal), "level": signal.level, "level_words": level_words(signal.level),
            "value": figure(signal.value, signal.unit_words) if figures else "", "baseline": figure(signal.baseline, signal.unit_words) if figures and signal.baseline is not None else "",
            "change": f"{change * 100:+.0f}%" if figures and change is not None else "", "down": change is not None and change < 0,
            "record": record_words(records.get(signal.rule)), "useless": bool((r := records.get(signal.rule)) and r.useless),
            "spark": drawn.get((signal.enterprise_id or 0, series_name(signal)), "") if figures else "", "verdict": next((words(v) for v in VERDICTS if v.value == signal.verdict), "")}


def alarms_of(signals: Iterable[Signal], records: Mapping[str, RuleRecord], drawn: Mapping[tuple[int, str], SafeString], *, figures: bool, two_of: int) -> list[Alarm]:
    """Signals gathered by firm (those without a firm by node), open ones first, the highest score on top."""
    grouped: dict[tuple[Any, Any], list[Signal]] = {}
    for signal in signals:
        grouped.setdefault((signal.enterprise_id, None if signal.enterprise_id else signal.chain_node_id), []).append(signal)
    found = []
    for own in grouped.values():
        open_ = [s for s in own if not s.verdict and not s.ended_on]
        own = open_ or own  # what was judged before stands on its rule's page
        own.sort(key=lambda s: (-RANK[s.level], s.rule, s.item or ""))
        seen: set[str] = set()
        lines = []
        for signal in own:
            line = signal_line(signal, records, drawn, figures)
            name = series_name(signal)
            if name and name in seen:
                line |= {"spark": "", "repeat": True}  # one drawing per series; what reads the same series again is told in one line
            elif not name and signal.rule in seen:
                line["again"] = True  # a rule that speaks of several items tells its record once
            seen |= {name, signal.rule}
            lines.append(line)
        top = own[0]
        level = combined([w.level for w in per_family(Witness(family_of(s.rule, s.item), s.level, 0.0) for s in own)], two_of)
        known = rules().get(top.rule)
        found.append(Alarm(top.enterprise, lines[:LINES], level, top.chain_node, top.chain, top.stake if figures else None, top.score, not open_, min((s.found_on for s in own if s.found_on), default=None),
                           [s.code for s in own], more=lines[LINES:], cause=known.cause if known else ""))
    return sorted(found, key=lambda a: (a.done, -(a.score or 0), a.codes))


def expected_false(signals: Iterable[Signal], records: Mapping[str, RuleRecord]) -> tuple[float | None, int, int, int]:
    """Of firm alarms: the share expected to be false, how many firms, how many rules stand behind them, and how many of these have enough verdicts."""
    by_firm: dict[int, list[Signal]] = {}
    for signal in signals:
        by_firm.setdefault(signal.enterprise_id or 0, []).append(signal)
    if not by_firm:
        return None, 0, 0, 0
    chances = [chance([Witness(family_of(s.rule, s.item), s.level, records[s.rule].shrunk) for s in own if s.rule in records]) for own in by_firm.values()]
    behind = {s.rule for own in by_firm.values() for s in own if s.rule in records}
    return 1 - sum(chances) / len(chances), len(by_firm), len(behind), sum(records[name].enough for name in behind)


def event_opener() -> str:
    """Where an event is opened."""
    return reverse("event_open")


def events_by_signal() -> dict[str, str]:
    """The event that a signal was taken into: signal code → event code; drills do not count."""
    events = RiskEvent.objects.filter(drill=None).exclude(signals=None)
    return {signal: code for code, signals in events.order_by("id").values_list("code", "signals") for signal in split_words(signals)}


def months_of(signals: Iterable[Signal]) -> list[dict[str, Any]]:
    """Month by month, newest first: firms alarmed, verdicts on them, how many were real, and how many alarms wait or went by themselves."""
    by_month: dict[str, list[Signal]] = {}
    for signal in signals:
        if signal.alarmed_on and signal.enterprise_id:
            by_month.setdefault(signal.alarmed_on.isoformat()[:7], []).append(signal)
    lines = []
    for month, own in sorted(by_month.items(), reverse=True):
        firms: dict[int, list[Signal]] = {}
        for signal in own:
            firms.setdefault(signal.enterprise_id, []).append(signal)
        told = {firm: {s.verdict for s in rows if s.verdict} for firm, rows in firms.items()}
        judged, real = sum(bool(t) for t in told.values()), sum("real" in t for t in told.values())
        gone = sum(not told[firm] and all(s.ended_on for s in rows) for firm, rows in firms.items())
        lines.append({"month": month, "firms": len(firms), "judged": judged, "real": real, "wrong": judged - real, "gone": gone, "open": len(firms) - judged - gone})
    return lines
