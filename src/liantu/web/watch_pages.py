"""The watch: the month's alarms within their budget, what stays below the line, verdicts of persons, and each rule's record."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from liantu.chains.models import Chain
from liantu.kernel.access import may_see_confidential, may_write
from liantu.kernel.edition import open_edition
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import UserError
from liantu.kernel.word_lists import split_words
from liantu.resilience import rule_record as desk
from liantu.resilience.choices import LANES, LEVELS, RANK, VERDICTS
from liantu.resilience.detecting import kept
from liantu.resilience.models import RuleSetting, Signal
from liantu.resilience.rules import GROUPS, WATCH_RULE, Rule, rule_of
from liantu.resilience.watching import watch as run_watch
from liantu.web import jobs
from liantu.web.answers import answered, next_address, writers_only
from liantu.web.context import edition_of, say
from liantu.web.formats import words
from liantu.web.watch_view import alarms_of, event_opener, events_by_signal, expected_false, figure, label, level_words, months_of, record_words, signal_line, sparks

AT_ONCE = 60_000  # rows of monthly figures up to which a run does not go beside the page
JOB = "watch"
PAGE = 40  # firms on one page
GROUPS_SHOWN = 6  # node and chain alarms before the rest folds away
ASKED = {"risk": ("real", "false", "maintenance", "seasonal", "data_error"), "standing": ("real", "false", "data_error"), "data": ("data_error", "false")}  # verdicts of a tab
RATES = ("_yoy", "_mom", "_half_year", "_share", "monthly_change", "monthly_budget", "unit_tolerance")  # ends of keys whose numbers are shares
TABS = (("risk", "风险预警", "Alarms"), ("below", "线下", "Below the line"), ("standing", "结构风险", "Standing risks"), ("data", "数据质量", "Data quality"))


def _month() -> str | None:
    """The month of the newest run."""
    newest = Signal.objects.order_by("-seen_on").values_list("seen_on", flat=True).first()
    return newest.isoformat()[:7] if newest else None


def _in_view(month: str) -> dict[str, list[Signal]]:
    """Signals by tab: what is open, and what was judged of this month."""
    signals = Signal.objects.select_related("enterprise", "chain_node", "chain").filter(ended_on=None).exclude(rule__in=GROUPS).order_by("id")
    found: dict[str, list[Signal]] = {key: [] for key, _, _ in TABS}
    for signal in signals:
        recent = signal.verdict is None or any(day and day.isoformat()[:7] >= month for day in (signal.alarmed_on or signal.found_on, signal.verified_on))
        if signal.lane != "risk":
            if recent:
                found[signal.lane].append(signal)
        elif signal.in_budget and recent:
            found["risk"].append(signal)
        elif not signal.in_budget and signal.verdict is None:
            found["below"].append(signal)
    return found


def _standing(signals: list[Signal]) -> dict[int, list[str]]:
    """The standing risks of firms in a word each, the gravest first."""
    found: dict[int, list[str]] = {}
    for signal in sorted(signals, key=lambda s: (-RANK[s.level], s.rule)):
        if signal.enterprise_id and RANK[signal.level] >= RANK["orange"] and not signal.verdict:
            told = found.setdefault(signal.enterprise_id, [])
            word = words(rule_of(signal.rule))
            if word not in told:
                told.append(word)
    return found


def _firms(signals: list[Signal]) -> int:
    return len({(s.enterprise_id, None if s.enterprise_id else s.chain_node_id) for s in signals})


def _groups(chain: str, figures: bool) -> list[dict[str, Any]]:
    """Node and chain alarms, chains first, with the alarmed firms at each node."""
    found = Signal.objects.select_related("chain_node", "chain").filter(rule__in=GROUPS, ended_on=None, verdict=None)
    if chain:
        found = found.filter(chain__code=chain)
    lines = [{"signal": s, "chain": label(s.chain), "node": label(s.chain_node), "whole": s.rule == "chain_alarm", "level": s.level, "level_words": level_words(s.level),
              "share": f"{float(s.change) * 100:.0f}%" if s.change is not None else "", "value": figure(s.value, s.unit_words) if figures or s.rule == "chain_alarm" else ""} for s in found]
    return sorted(lines, key=lambda x: (not x["whole"], -float(x["signal"].stake or 0)))


def _sentence(alarmed: list[Signal], records: Any) -> str:
    """How many of the month's alarms are likely to be false, and on what that rests."""
    wrong, firms, behind, enough = expected_false(alarmed, records)
    if wrong is None:
        return ""
    basis = (say(f"涉及的 {behind} 条规则都有足够的本区核实", f"all {behind} rules behind them have enough verdicts of this district") if enough == behind
             else say(f"涉及 {behind} 条规则，{enough} 条有足够的本区核实，其余按 liantu 默认的设想", f"{enough} of the {behind} rules behind them have enough verdicts of this district; the rest rest on liantu's default assumption"))
    return say(f"这 {firms} 家里预计约 {round(wrong * firms)} 家（{wrong * 100:.0f}%）会是误报（{basis}）。先核实，再定级。",
               f"Of these {firms} firms about {round(wrong * firms)} ({wrong * 100:.0f}%) are expected to be false alarms ({basis}). Verify first, then grade.")


def _budget(month: str, alarmed: list[Signal]) -> dict[str, Any]:
    budget, who = desk.budget_of(month)
    used = len({s.enterprise_id for s in alarmed if s.alarmed_on and s.alarmed_on.isoformat()[:7] == month})
    return {"budget": budget, "who": who, "used": used, "share": min(100, round(100 * used / budget)) if budget else 100, "carried": len({s.enterprise_id for s in alarmed if s.verdict is None and s.alarmed_on and s.alarmed_on.isoformat()[:7] < month})}


@require_GET
@answered
def watch(request: HttpRequest) -> HttpResponse:
    """The month's alarms, what is below the line, standing risks and faults of the data."""
    figures, month = may_see_confidential(request.user), _month()
    tab = request.GET.get("tab") or "risk"
    if tab not in {key for key, _, _ in TABS}:
        raise UserError(f"没有「{tab[:20]}」这一栏。", code="unknown-tab", hint="、".join(zh for _, zh, _ in TABS))
    chain = request.GET.get("chain") or ""
    inside = _in_view(month or date.today().isoformat()[:7])
    every = inside["risk"]
    records = desk.records()
    chosen = [s for s in inside[tab] if not chain or (s.chain and s.chain.code == chain)]
    two_of = int(parameter(WATCH_RULE).value["two_of"])
    alarms = alarms_of(chosen, records, {}, figures=figures, two_of=two_of)
    whole = len(alarms)
    if request.GET.get("all") != "1":
        alarms = alarms[:PAGE]
    shown = {code for a in alarms for line in a.signals for code in [line["signal"].code]}
    drawn = sparks(edition_of(request), [s for s in chosen if s.code in shown]) if figures else {}
    alarms = alarms_of([s for s in chosen if s.code in shown], records, drawn, figures=figures, two_of=two_of)
    levels = Counter(a.level for a in alarms_of(every, records, {}, figures=False, two_of=two_of) if not a.done)
    lasting = _standing(inside["standing"]) if tab in ("risk", "below") else {}
    for alarm in alarms:
        alarm.standing = lasting.get(alarm.firm.pk, []) if alarm.firm else []
    groups = _groups(chain, figures) if tab == "risk" else []
    events = events_by_signal()
    for alarm in alarms:
        alarm.event = next((events[code] for code in alarm.codes if code in events), "")
    return render(request, "watch/watch.html", {
        "title": say(f"风险监测{f' {month}' if month else ''}", f"Risk watch{f' {month}' if month else ''}"), "month": month, "tab": tab, "chain": chain,
        "tabs": [{"key": key, "label": say(zh, en), "count": _firms(inside[key])} for key, zh, en in TABS], "alarms": alarms, "whole": whole, "rest": whole - len(alarms),
        "groups": groups[:GROUPS_SHOWN], "more_groups": groups[GROUPS_SHOWN:], "lamps": [{"level": c.value, "label": words(c), "count": levels[c.value]} for c in reversed(LEVELS)],
        "budget": _budget(month, every) if month else None, "sentence": _sentence([s for s in every if not s.verdict], records), "verdicts": [v for v in VERDICTS if v.value in ASKED.get(tab, ASKED["risk"])], "figures": figures,
        "chains": [{"code": c.code, "label": label(c)} for c in Chain.objects.order_by("id")], "may_write": may_write(request.user), "open_event": event_opener(),
        "muted": [{"rule": words(rule_of(s.rule)), "name": s.rule, "reason": s.reason} for s in RuleSetting.objects.filter(muted=True).order_by("rule")],
        "job": _job(), "here": request.get_full_path(), "notes": _notes(tab)})


def _job() -> dict[str, Any] | None:
    """A run beside the page: while it goes on, or when it failed; a finished one is forgotten."""
    state = jobs.state_of(JOB)
    if state and state["state"] == "done":
        jobs.forget(JOB)
        return None
    return state


def _notes(tab: str) -> str:
    """What a tab holds, in one sentence."""
    return {"risk": say("按“级别 × 属实可能 × 涉及产值”排序，取当月名额之内的企业；一家企业的几条信号算一次预警。", "Ranked by level × chance of being real × output at stake, up to the month's budget; a firm's signals are one alarm."),
            "below": say("规则也看到了、但排在名额之外；可以照样核实，也可以把名额调高后重新运行。", "Seen by the rules but beyond the budget; they can be verified as well, or raise the budget and run again."),
            "standing": say("长期存在的条件（独家、依赖、集中），不占预警名额；它们本身不是出事，出事时影响大。", "Lasting conditions (single supplier, dependence, concentration), outside the budget: no trouble by themselves, but trouble here weighs more."),
            "data": say("缺报、单位错、照抄上月等；不占名额，先改数据，免得把数据错当成风险。", "Missing months, wrong units, last month copied; outside the budget. Mend the data first, so that no fault of data passes for a risk.")}[tab]


@require_POST
@writers_only
def run_now(request: HttpRequest) -> HttpResponse:
    """Run the watch on the newest edition: at once where it is quick, else beside the page."""
    _run(request, say("已监测", "Watched"))
    return redirect("watch")


def _run(request: HttpRequest, word: str) -> None:
    edition, user = open_edition(), request.user
    if not kept(edition) and edition.table("monthly_figure").height > AT_ONCE:
        jobs.forget(JOB) if (jobs.state_of(JOB) or {}).get("state") != "running" else None
        jobs.start(JOB, say(f"正在监测（{edition.number}）", f"The watch is running ({edition.number})"), lambda tell: run_watch(edition, user).month)
        return
    done = run_watch(edition, user)
    if done.batch is None:
        messages.info(request, say("没有变化：信号与上次监测相同。", "Nothing changed since the last run."))
    else:
        messages.success(request, say(f"{word} {done.month}（批次 {done.batch.number}）：预警 {done.alarmed} 家（本月新增 {done.fresh} 家，名额 {done.budget}），线下 {done.below} 家，新信号 {done.new} 条，恢复 {done.ended} 条。",
                                      f"{word} {done.month} (batch {done.batch.number}): {done.alarmed} firms alarmed ({done.fresh} new, budget {done.budget}), {done.below} below the line, {done.new} new signals, {done.ended} gone again."))


@require_POST
@writers_only
def set_budget(request: HttpRequest) -> HttpResponse:
    """Set the budget from this month on, and draw the line anew."""
    text = request.POST.get("budget", "").strip()
    if not text.isdigit():
        raise UserError(say(f"每月预警名额「{text[:20]}」不是整数。", f"{text[:20]} is no whole number."), code="bad-number", hint=say("请填整数，例如 30。", "For example 30."))
    desk.set_budget(_month() or date.today().isoformat()[:7], int(text), request.user)
    messages.success(request, say(f"每月预警名额已改为 {text} 家。", f"The budget is now {text} firms a month."))
    _run(request, say("重新排线", "Line drawn anew:"))
    return redirect("watch")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UserError(say(f"日期「{text[:20]}」看不懂。", f"{text[:20]} is no date."), code="bad-date", hint="2026-10-08") from None


@require_POST
@writers_only
def verdict(request: HttpRequest) -> HttpResponse:
    """A person's verdict on an alarm: all its open signals."""
    codes = list(split_words(request.POST.get("codes", "")))
    word = request.POST.get("verdict", "")
    batch = desk.verify(codes, word, request.user, note=request.POST.get("note", "").strip()[:2000] or None, event_on=_day(request.POST.get("event_on", "").strip()))
    told = next((words(v) for v in VERDICTS if v.value == word), word)
    messages.success(request, say(f"已记为「{told}」（批次 {batch.number}），规则的记录随之更新，下次监测按新记录排序。", f"Recorded as {told} (batch {batch.number}); the rule's record and the next ranking follow."))
    return redirect(next_address(request, reverse("watch")))


@require_POST
@writers_only
def verdict_back(request: HttpRequest) -> HttpResponse:
    """Take a verdict back."""
    batch = desk.take_verdict_back(request.POST.get("code", ""), request.user)
    messages.success(request, say(f"已撤回（批次 {batch.number}）。", f"Taken back (batch {batch.number})."))
    return redirect(next_address(request, reverse("watch")))


def _plain(value: Any, rate: bool) -> str:
    return f"{value * 100:g}%" if rate else f"{value:g}" if isinstance(value, int | float) else str(value)


def _numbers(rule: Rule, numbers: Any) -> list[tuple[str, str]]:
    """The dated numbers that a rule's file reads, with their words; those of a threshold in one line."""
    named = {key: say(zh, en) for key, zh, en in numbers.names}
    shown = []
    for key in rule.reads():
        value = numbers.value.get(key)
        if value is not None:
            rates = key.endswith(RATES)
            text = say("　", ", ").join(f"{named.get(k, k)} {_plain(v, rates)}" for k, v in value.items()) if isinstance(value, dict) else _plain(value, rates)
            shown.append((named.get(key, key), text))
    return shown


def _record_line(record: desk.RuleRecord) -> dict[str, Any]:
    rule = record.rule
    numbers = rule.thresholds()
    lane = next(words(c) for c in LANES if c.value == rule.lane)
    return {"rule": rule, "label": words(rule), "lane": lane, "record": record, "told": record_words(record), "tells": say(rule.tells_zh, rule.tells_en), "numbers": numbers, "told_numbers": _numbers(rule, numbers),
            "precision": f"{record.precision * 100:.0f}%" if record.enough and record.precision is not None else "", "interval": f"{record.low * 100:.0f}–{record.high * 100:.0f}%",
            "low": round(record.low * 100), "width": max(1, round((record.high - record.low) * 100)), "shrunk": f"{record.shrunk * 100:.0f}%", "prior": f"{record.prior * 100:.0f}%"}


@require_GET
@answered
def rule_records(request: HttpRequest) -> HttpResponse:
    """All rules with their record on this district's own verdicts."""
    order = {c.value: at for at, c in enumerate(LANES)}
    lines = [_record_line(r) for r in desk.records().values()]
    lines.sort(key=lambda x: (order[x["rule"].lane], -x["record"].n, x["rule"].name))
    numbers = parameter(WATCH_RULE)
    return render(request, "watch/rules.html", {
        "title": say("预警规则与记录", "Rules and record"), "lines": lines, "numbers": numbers, "least": numbers.value["least_verdicts"], "limit": f"{numbers.value['useless_upper'] * 100:.0f}%",
        "useless": [x for x in lines if x["record"].useless and not x["record"].muted], "verdicts": sum(x["record"].n for x in lines),
        "months": months_of(Signal.objects.filter(lane="risk", in_budget=True).exclude(rule__in=GROUPS)), "may_write": may_write(request.user)})


@require_GET
@answered
def rule_record(request: HttpRequest, rule: str) -> HttpResponse:
    """One rule: what it tells, its thresholds with their source, its record and its signals."""
    known = rule_of(rule)
    records = desk.records()
    figures = may_see_confidential(request.user)
    signals = list(Signal.objects.select_related("enterprise", "chain_node", "chain").filter(rule=rule).order_by("-found_on", "-score", "id")[:200])
    line = _record_line(records[rule])
    return render(request, "watch/rule.html", {"title": words(known), **line, "least": parameter(WATCH_RULE).value["least_verdicts"], "output": known.output,
                                               "signals": [signal_line(s, records, {}, figures) for s in signals], "verdicts": VERDICTS, "may_write": may_write(request.user)})


@require_POST
@writers_only
def mute(request: HttpRequest, rule: str) -> HttpResponse:
    """Mute a rule with a reason, or let it speak again."""
    reason = request.POST.get("reason", "")
    batch = desk.unmute(rule, request.user, reason=reason) if request.POST.get("on") == "1" else desk.mute(rule, reason, request.user)
    messages.success(request, say(f"{batch.note}（批次 {batch.number}），下次监测起生效。", f"Done (batch {batch.number}); in force from the next run."))
    return redirect("rule_record", rule)


urlpatterns = [
    path("watch/", watch, name="watch"),
    path("watch/run/", run_now, name="watch_run"),
    path("watch/budget/", set_budget, name="watch_budget"),
    path("watch/verdict/", verdict, name="watch_verdict"),
    path("watch/verdict/back/", verdict_back, name="watch_verdict_back"),
    path("watch/rules/", rule_records, name="rule_records"),
    path("watch/rules/<slug:rule>/", rule_record, name="rule_record"),
    path("watch/rules/<slug:rule>/mute/", mute, name="rule_mute"),
]
