"""Accuracy: how right the machine's placements are by the monthly samples, and the page on which a sample is answered."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from liantu.chains import sampling
from liantu.chains.check_models import PlacementCheck
from liantu.chains.follow import freeze_now
from liantu.chains.models import Chain, ChainNode, Placement
from liantu.kernel.access import may_write
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import UserError
from liantu.kernel.relations import months_before
from liantu.kernel.tables import table_of
from liantu.methods import sample_accuracy as estimates
from liantu.methods.sample_accuracy import Estimate
from liantu.web.accuracy_view import marked, months_drawn, runner_up, scope_parts, thin, words_of
from liantu.web.answers import answered, next_address, writers_only
from liantu.web.context import language, say

UNPLACED = "unplaced"


def _label(row: Any) -> str:
    return (row.name_en or row.name) if language() == "en" else row.name


def _short(chain: Chain) -> str:
    """A chain's name without what all of them end with."""
    return _label(chain).removesuffix("产业链").removesuffix(" chain")


def _shown(found: Estimate, least: int, counts: bool = True, uneven: bool = False) -> dict[str, Any]:
    """An estimate as a cell: the figure with its interval, or how many answers there are when they are too few."""
    enough = found.n >= least and found.value is not None and not uneven
    return {"n": found.n, "right": found.right, "counts": counts, "enough": enough, "value": f"{(found.value or 0) * 100:.1f}%" if enough else "",
            "interval": f"{found.low * 100:.0f}–{found.high * 100:.0f}%" if enough else "", "missing": max(0, least - found.n)}  # 0 missing and not enough: parts of it are hardly answered


def _sentence(told: Estimate, missing: Estimate, least: int, months: int, uneven: int) -> str:
    """What the answers say, in one plain sentence; ``uneven`` is the number of chains of which too little is answered."""
    if told.n < least or told.value is None:
        return say(f"已核对 {told.n} 条，不足 {least} 条，还不能说准确率是多少；请继续核对本月样本。",
                   f"{told.n} answers so far, fewer than {least}: no accuracy can be stated yet. Please go on with this month's sample.")
    if uneven:
        return say(f"已核对 {told.n} 条，但有 {uneven} 条产业链核对得太少，合起来会失真，还不能说总的准确率；请把各链的样本都核对一些。",
                   f"{told.n} answers, but too few on {uneven} chain(s): a total would mislead. Please answer some of every chain's sample.")
    zh = f"按最近 {months} 个月 {told.n} 条人工核对，机器判断的环节约有 {told.value * 100:.0f}% 是对的（95% 区间 {told.low * 100:.0f}–{told.high * 100:.0f}%）"
    en = f"By {told.n} answers of the last {months} months, about {told.value * 100:.0f}% of the machine's placements are right (95% interval {told.low * 100:.0f}–{told.high * 100:.0f}%)"
    if missing.n >= least and missing.value is not None:
        zh += f"；应入链的约找到 {missing.value * 100:.0f}%（{missing.low * 100:.0f}–{missing.high * 100:.0f}%）。"
        en += f"; about {missing.value * 100:.0f}% of what belongs on a chain was found ({missing.low * 100:.0f}–{missing.high * 100:.0f}%)."
    else:
        zh += f"；未判企业只核对了 {missing.n} 家，不足 {least} 家，还不能说漏了多少。"
        en += f"; only {missing.n} unplaced firms were checked, fewer than {least}: how much is missed cannot be stated."
    return say(zh, en)


@require_GET
@answered
def accuracy(request: HttpRequest) -> HttpResponse:
    """Precision by chain and grade, recall, and the months one by one."""
    rule = parameter("placement_sample")
    least, months = int(rule.value["least_answers"]), int(rule.value["months"])
    checks = sampling.checks_since(sampling.month_of(months_before(date.today(), months - 1)))
    rows, few = sampling.told_of(checks), thin(checks, int(rule.value["least_per_grade"]))
    lines = []
    for chain in Chain.objects.order_by("id"):
        own = [r for r in rows if r.chain == chain.code]
        by_grade = [estimates.share_of([r for r in own if r.grade == grade]) for grade in sampling.MACHINE]
        lines.append({"label": _label(chain), "code": chain.code, "grades": [_shown(e, least) for e in by_grade],
                      "all": _shown(estimates.precision(rows, chain.code), least, uneven=chain.code in few), "recall": _shown(estimates.recall(rows, chain.code), least, counts=False, uneven=bool(few))})
    whole, missing = estimates.precision(rows), estimates.recall(rows)
    total = {"grades": [_shown(estimates.precision([r for r in rows if r.grade == grade]), least, uneven=bool(few)) for grade in sampling.MACHINE],
             "all": _shown(whole, least, uneven=bool(few)), "recall": _shown(missing, least, counts=False, uneven=bool(few))}
    now = sampling.month_of()
    return render(request, "accuracy/accuracy.html", {
        "title": say("入链准确率", "Accuracy of placements"), "lines": lines, "total": total, "rule": rule, "least": least, "window": months, "month": now,
        "sentence": _sentence(whole, missing, least, months, len(few)), "enough": whole.n >= least and not few,
        "trend": months_drawn(checks, least, int(rule.value["least_per_grade"])), "progress": _progress(now),
        "unclear": sum(c.answer == "unclear" for c in checks), "may_write": may_write(request.user)})


def _progress(month: str) -> dict[str, int]:
    drawn = PlacementCheck.objects.filter(month=month)
    return {"all": drawn.count(), "done": drawn.exclude(answer=None).count()}


def _groups(month: str) -> list[dict[str, Any]]:
    """The sample's parts with what is left in each: one per chain, and the firms placed nowhere."""
    left: dict[Any, list[int]] = {}
    for chain, word in PlacementCheck.objects.filter(month=month).values_list("chain__code", "answer"):
        count = left.setdefault(chain or UNPLACED, [0, 0])
        count[0] += 1
        count[1] += word is not None
    chains = [{"code": c.code, "label": _short(c), "all": left[c.code][0], "done": left[c.code][1]} for c in Chain.objects.order_by("id") if c.code in left]
    apart = left.get(UNPLACED)
    return chains + ([{"code": UNPLACED, "label": say("未判企业", "Firms placed nowhere"), "all": apart[0], "done": apart[1]}] if apart else [])


def _row(check: PlacementCheck) -> dict[str, Any]:
    """One drawn row as the page shows it: the firm's words with the evidence marked; what persons said of it before is not shown."""
    firm = check.enterprise
    found = words_of(check.evidence)
    shown, rest = scope_parts(firm.scope or "", found)
    placement = Placement.objects.filter(enterprise_id=check.enterprise_id, chain_node_id=check.chain_node_id).first() if check.chain_node_id else None
    runner, told = runner_up(check.why_not or "")
    nodes = list(ChainNode.objects.filter(name=runner).exclude(pk=check.chain_node_id)) if runner else []
    return {"check": check, "firm": firm, "name": marked(firm.name, found), "products": marked((firm.products or "").replace("、", "、 "), found), "shown": shown, "rest": rest, "words": found,
            "runner": nodes[0] if len(nodes) == 1 else None, "why": {"words": found, "score": check.score, "grade": check.grade, "why_not": told,
                                                                 "probability": getattr(placement, "probability", None)}}


def node_labels() -> dict[str, int]:
    """Every node as it stands in the list to choose from (name · chain), and its id."""
    return {f"{_label(n)} · {_label(n.chain)}": n.pk for n in ChainNode.objects.select_related("chain").order_by("chain_id", "position", "id")}


@require_GET
@writers_only
def sample(request: HttpRequest) -> HttpResponse:
    """This month's sample, a part at a time; answers by click or key."""
    month = request.GET.get("month") or sampling.month_of()
    groups = _groups(month)
    wanted = request.GET.get("part") or next((g["code"] for g in groups if g["done"] < g["all"]), groups[0]["code"] if groups else "")
    checks = PlacementCheck.objects.filter(month=month, **({"chain": None} if wanted == UNPLACED else {"chain__code": wanted}))
    ordered = checks.select_related("enterprise", "chain_node__chain", "right_node__chain").order_by("id")
    rows = [_row(c) for c in ordered] if groups else []
    columns = {c.name: c for c in table_of("placement_check").columns}
    return render(request, "accuracy/sample.html", {
        "title": say(f"{month} 准确率抽样", f"Accuracy sample {month}"), "month": month, "groups": groups, "part": wanted, "rows": rows, "columns": columns,
        "nodes": node_labels() if rows else {}, "progress": _progress(month), "here": f"{reverse('accuracy_sample')}?month={month}&part={wanted}", "this_month": month == sampling.month_of()})


@require_POST
@writers_only
def draw(request: HttpRequest) -> HttpResponse:
    """Draw this month's sample."""
    batch = sampling.draw(sampling.month_of(), request.user)
    messages.success(request, say(f"已抽取 {batch.created} 条（批次 {batch.number}）。", f"{batch.created} rows drawn (batch {batch.number})."))
    return redirect("accuracy_sample")


def _back(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(next_address(request, reverse("accuracy_sample")) + f"#c{pk}")


def _node(request: HttpRequest, word: str) -> int | None:
    """The node that a person named: the runner-up by its id, or one out of the list by its label."""
    chosen, text = request.POST.get("node", ""), request.POST.get("node_text", "").strip()
    if chosen.isdigit():
        return int(chosen)
    if not text:
        return None
    found = node_labels().get(text) or next((pk for label, pk in node_labels().items() if label.split(" · ")[0] == text), None)
    if found is None:
        raise UserError(say(f"没有环节「{text[:40]}」。", f"There is no node {text[:40]}."), code="unknown-node", hint=say("请从下拉的环节里选一个。", "Choose one from the list."))
    return found


@require_POST
@writers_only
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer; when it was the last of its part, a working edition is made so that maps and lists show it."""
    word = request.POST.get("word", "")
    sampling.answer(pk, word, request.user, node=_node(request, word))
    check = PlacementCheck.objects.get(pk=pk)
    if not PlacementCheck.objects.filter(month=check.month, chain=check.chain, answer=None).exists():
        messages.success(request, say("这一部分已全部核对。", "This part is done."))
        for note in freeze_now():
            messages.info(request, note)
    return _back(request, _next_open(check))


def _next_open(check: PlacementCheck) -> int:
    rest = PlacementCheck.objects.filter(month=check.month, chain=check.chain, answer=None).order_by("id").values_list("pk", flat=True)
    return next((pk for pk in rest if pk > check.pk), rest[0] if rest else check.pk)


@require_POST
@writers_only
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an answer back, with what it did."""
    batches = sampling.take_answer_back(pk, request.user)
    messages.success(request, say(f"已撤回（批次 {'、'.join(b.number for b in batches)}）。", f"Taken back (batch {', '.join(b.number for b in batches)})."))
    return _back(request, pk)


urlpatterns = [
    path("accuracy/", accuracy, name="accuracy"),
    path("accuracy/sample/", sample, name="accuracy_sample"),
    path("accuracy/sample/draw/", draw, name="accuracy_draw"),
    path("accuracy/sample/<int:pk>/answer/", answer, name="accuracy_answer"),
    path("accuracy/sample/<int:pk>/back/", take_back, name="accuracy_back"),
]
