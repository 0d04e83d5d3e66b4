"""Verdicts of persons on signals, what they say of each rule, and muting a rule that is no use; every step one undoable batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from liantu.kernel.batch import Planned, undo, write, writing
from liantu.kernel.models import Batch
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import Refused, UserError
from liantu.methods.intervals import wilson
from liantu.resilience.choices import VERDICTS
from liantu.resilience.models import RuleSetting, Signal, WatchSetting
from liantu.resilience.ranking import shrunk
from liantu.resilience.rules import GROUPS, WATCH_RULE, Rule, rule_of, rules

HIT = {"risk": "real", "standing": "real", "data": "data_error"}
NOTE = "风险信号核实："


@dataclass(frozen=True)
class RuleRecord:
    """What verdicts say of a rule. ``precision`` is hits ÷ n with its 95 % Wilson interval; ``shrunk`` is what ranking uses; None where too few.

    ``useless``: verdicts are enough and the interval's upper end lies below the dated limit.
    """

    rule: Rule
    n: int
    hits: int
    verdicts: Mapping[str, int]
    open: int
    low: float
    high: float
    shrunk: float
    prior: float
    enough: bool
    useless: bool
    lead_days: float | None
    leads: int
    first_month: str | None
    last_month: str | None
    setting: RuleSetting | None = None

    @property
    def precision(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def false_alarms(self) -> int:
        return self.n - self.hits

    @property
    def muted(self) -> bool:
        return bool(self.setting and self.setting.muted)


def records(signals: Iterable[Signal] | None = None, on: date | None = None) -> dict[str, RuleRecord]:
    """The record of every rule over all signals (or those given)."""
    numbers = parameter(WATCH_RULE, on).value
    by_rule: dict[str, list[Signal]] = {}
    for signal in Signal.objects.exclude(rule__in=GROUPS) if signals is None else signals:
        by_rule.setdefault(signal.rule, []).append(signal)
    settings = {s.rule: s for s in RuleSetting.objects.all()}
    return {rule.name: record_of(rule, by_rule.get(rule.name, ()), numbers, settings.get(rule.name)) for rule in rules().values()}


def record_of(rule: Rule, signals: Iterable[Signal], numbers: Mapping[str, Any], setting: RuleSetting | None = None) -> RuleRecord:
    """The record of one rule over its signals."""
    signals = list(signals)
    told = [s for s in signals if s.verdict]
    hits = [s for s in told if s.verdict == HIT[rule.lane]]
    low, high = wilson(len(hits), len(told))
    prior = numbers["prior_precision"][rule.prior]
    leads = [s.lead_days for s in hits if s.lead_days is not None]
    months = sorted(s.found_on.strftime("%Y-%m") for s in told if s.found_on)
    enough = len(told) >= numbers["least_verdicts"]
    return RuleRecord(rule, len(told), len(hits), {v.value: sum(s.verdict == v.value for s in told) for v in VERDICTS}, sum(not s.verdict and not s.ended_on for s in signals), low, high,
                      shrunk(len(hits), len(told), prior, numbers["prior_weight"]), prior, enough, enough and high < numbers["useless_upper"],
                      float(median(leads)) if leads else None, len(leads), months[0] if months else None, months[-1] if months else None, setting)


def _who(by: Any) -> str:
    return by.get_username() if by else "命令行"


def verify(codes: Sequence[str], verdict: str, by: Any, *, note: str | None = None, event_on: date | None = None, on: date | None = None) -> Batch:
    """A person's verdict on signals (those of one alarm together). ``event_on`` tells when the trouble really came: lead days follow from it.

    Raises UserError for an unknown code, verdict or a future day, Refused when somebody was faster.
    """
    day = on or date.today()
    if verdict not in {v.value for v in VERDICTS}:
        raise UserError(f"没有核实结论「{verdict[:20]}」。", code="unknown-word", hint="、".join(v.zh for v in VERDICTS))
    if event_on is not None and event_on > day:
        raise UserError(f"实际发生日期 {event_on} 还没到。", code="bad-date", hint="请填写已经发生的日期，或者不填。")
    with writing():
        found = {s.code: s for s in Signal.objects.filter(code__in=list(codes))}
        gone = [code for code in codes if code not in found]
        if gone or not found:
            raise UserError(f"没有信号「{'、'.join(gone)[:60]}」。", code="unknown-signal", hint="请刷新页面。")
        if any(s.verdict for s in found.values()):
            raise Refused("这条信号已经有人核实过了。", code="changed-meanwhile", hint="请刷新页面；要改结论请先撤回。")
        batch = Batch.objects.create(kind="form", by=by, note=f"{NOTE}{'、'.join(codes)}"[:200])
        write(batch, [_told(s, {"verdict": verdict, "verified_by": _who(by), "verified_on": day, "note": note or None, "event_on": event_on if verdict == "real" else None,
                                "lead_days": (event_on - s.found_on).days if event_on and verdict == "real" and s.found_on else None}) for s in found.values()])
    return batch


def _told(signal: Signal, values: dict[str, Any]) -> Planned:
    changed = {c: v for c, v in values.items() if v is not None}
    return Planned("signal", changed, record=signal.pk, before={c: getattr(signal, c) for c in changed}, revision=signal.revision)


def take_verdict_back(code: str, by: Any) -> Batch:
    """Undo the verdict that a signal got, with those given in the same act."""
    for batch in Batch.objects.filter(note__startswith=NOTE, note__contains=code, undone_by=None).exclude(kind="undo").order_by("-id"):
        return undo(batch, by=by, note=f"撤回核实：{code}")
    raise Refused("这条信号没有可以撤回的核实。", code="nothing-to-undo", hint="请刷新页面。")


def mute(name: str, reason: str, by: Any, *, on: date | None = None) -> Batch:
    """Mute a rule: it finds nothing until somebody lets it speak again. A reason is asked for."""
    if not reason.strip():
        raise UserError("停用规则要写理由。", code="required-missing", hint="例如：本区企业多有自备光伏，用电下降大多不是停产。")
    return _set(name, True, reason.strip(), by, on)


def unmute(name: str, by: Any, *, reason: str = "", on: date | None = None) -> Batch:
    """Let a muted rule speak again."""
    return _set(name, False, reason.strip() or "恢复启用", by, on)


def _set(name: str, muted: bool, reason: str, by: Any, on: date | None) -> Batch:
    rule = rule_of(name)
    with writing():
        known = RuleSetting.objects.filter(rule=name).first()
        if bool(known and known.muted) == muted:
            raise Refused(f"规则「{rule.zh}」已经{'停用' if muted else '启用'}。", code="changed-meanwhile", hint="请刷新页面。")
        values = {"muted": muted, "reason": reason, "who": _who(by), "changed_on": on or date.today()}
        batch = Batch.objects.create(kind="form", by=by, note=f"{'停用' if muted else '启用'}预警规则 {rule.zh}：{reason}"[:200])
        write(batch, [_planned("rule_setting", known, values, {"rule": name})])
    return batch


def _planned(table: str, known: Any, values: dict[str, Any], key: dict[str, Any]) -> Planned:
    if known is None:
        return Planned(table, {**key, **values})
    return Planned(table, values, record=known.pk, before={c: getattr(known, c) for c in values}, revision=known.revision)


def budget_of(month: str, on: date | None = None) -> tuple[int, str]:
    """How many firms may be alarmed in a month, and who said so: the newest setting from that month or before, else the dated parameter."""
    chosen = WatchSetting.objects.filter(month__lte=month, budget__isnull=False).order_by("-month").first()
    if chosen is not None and chosen.budget is not None:
        return chosen.budget, f"{chosen.who or ''} {chosen.changed_on or ''}".strip()
    return int(parameter(WATCH_RULE, on).value["budget"]), ""


def set_budget(month: str, budget: int, by: Any, *, on: date | None = None) -> Batch:
    """Set the number of firms that may be alarmed a month, from a month on."""
    if not 0 <= budget <= 10_000:
        raise UserError(f"每月预警名额「{budget}」不能用。", code="bad-number", hint="请填 0 到 10000 之间的整数，例如 30。")
    with writing():
        known = WatchSetting.objects.filter(month=month).first()
        batch = Batch.objects.create(kind="form", by=by, note=f"{month} 起每月预警名额 {budget} 家")
        write(batch, [_planned("watch_setting", known, {"budget": budget, "who": _who(by), "changed_on": on or date.today()}, {"month": month})])
    return batch
