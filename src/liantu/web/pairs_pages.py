"""疑似重复: pairs of records that may be one firm, side by side; merge, keep apart, and take apart again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from liantu.chains.follow import follow
from liantu.enterprises import merging, merging_many
from liantu.enterprises.models import Enterprise
from liantu.kernel.access import may_write
from liantu.kernel.parameter import parameter
from liantu.kernel.plan_fit import storable
from liantu.kernel.problems import Refused, UserError
from liantu.kernel.tables import table_of
from liantu.web import pairs_view
from liantu.web.answers import answered, next_address, tell, writers_only
from liantu.web.cells import page_of, whole_number
from liantu.web.context import say

PER_PAGE = 25
LISTED = 50


@require_GET
@answered
def pairs(request: HttpRequest) -> HttpResponse:
    """Pairs to look at, surest first; merges and words that two are two below."""
    rule = parameter("recognition")
    found = pairs_view.found_pairs()
    kinds = {"likely": [p for p in found if p.probability >= rule.value["accept"] and not _two_codes(p)], "doubtful": [p for p in found if p.probability < rule.value["accept"]],
             "codes": [p for p in found if _two_codes(p)]}
    kind = request.GET.get("kind", "")
    page = page_of(request, kinds.get(kind, found), PER_PAGE)
    ids = {pk for p in page for pk in (p.one, p.other)}
    firms = {f.pk: f for f in Enterprise.objects.filter(pk__in=ids).select_related("park")}
    held = pairs_view.backed_by(ids)
    every = request.GET.get("all") == "1"
    rows = [{"pair": p, "chosen": every and p.probability >= rule.value["accept"] and not _two_codes(p), "sides": [{"firm": firms[pk], **held[pk]} for pk in (p.one, p.other)], "two_codes": _two_codes(p), "sure": p.probability >= rule.value["accept"]}
            for p in page if p.one in firms and p.other in firms]
    return render(request, "pairs/pairs.html", {
        "title": say("疑似重复企业", "Possible duplicates"), "page": page, "rows": rows, "rule": rule, "kind": kind, "all": len(found), "counts": {k: len(v) for k, v in kinds.items()},
        "firms": Enterprise.objects.count(), "merges": merging.merges(LISTED), "kept": pairs_view.kept_rows(LISTED), "done": pairs_view.counted(), "may_write": may_write(request.user)})


def _two_codes(pair: Any) -> bool:
    return bool(pair.one_code and pair.other_code and pair.one_code != pair.other_code)


def _next_pair(after: frozenset[int]) -> str:
    """Where to go on: the pair that follows this one in the list, else the list."""
    found = pairs_view.found_pairs()
    here = next((n for n, p in enumerate(found) if frozenset((p.one, p.other)) == after), None)
    if here is None or len(found) < 2:
        return reverse("pairs")
    chosen = found[(here + 1) % len(found)]
    return reverse("pair", args=[chosen.one, chosen.other])


@require_GET
@answered
def pair(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """Two records side by side, what merging them would do, and the buttons."""
    one, other = whole_number(one, most=2**62), whole_number(other, most=2**62)
    for pk in (one, other):
        merging.firm(pk)
    if one == other:
        raise UserError(say("这是同一条记录。", "This is one record."), code="same-record", hint=say("请另选一条。", "Choose another."))
    asked = request.GET.get("keep", "")
    keep, drop = ((one, other) if asked == str(one) else (other, one)) if asked in (str(one), str(other)) else pairs_view.better_kept(one, other)
    take = set(request.GET.getlist("take")) & {c.name for c in table_of("enterprise").columns}
    listed = next((p for p in pairs_view.found_pairs() if {p.one, p.other} == {one, other}), None)
    refusal, effects = None, None
    try:
        effects = pairs_view.consequences(merging.plan_merge(keep, drop, take), request.user)
    except Refused as error:
        refusal = error
    firms = {f.pk: f for f in Enterprise.objects.filter(pk__in=(keep, drop))}
    held = pairs_view.backed_by({keep, drop})
    lines = pairs_view.side_by_side(merging.firm(keep), merging.firm(drop), take, request.user)
    return render(request, "pairs/pair.html", {
        "title": say("是不是同一家", "One firm or two"), "keep": firms[keep], "drop": firms[drop], "held": {"keep": held[keep], "drop": held[drop]}, "lines": lines, "effects": effects,
        "refusal": refusal, "listed": listed, "apart": frozenset((one, other)) in merging.kept_apart(), "may_write": may_write(request.user),
        "differing": sum(li.how != pairs_view.SAME for li in lines), "skip": _next_pair(frozenset((one, other))) if listed else ""})


def _number(request: HttpRequest, name: str) -> int:
    return whole_number(request.POST.get(name), 0, 0, 2**62)


def _said(request: HttpRequest, name: str) -> str:
    """What a form's box says, as it can be stored."""
    return str(storable(request.POST.get(name) or "")).strip()[:200]


@require_POST
@writers_only
def merge(request: HttpRequest) -> HttpResponse:
    """Merge two records as one batch."""
    keep, drop = _number(request, "keep"), _number(request, "drop")
    take = [c.name for c in table_of("enterprise").columns if request.POST.get(f"from_{c.name}") == "drop"]
    where = _next_pair(frozenset((keep, drop)))
    batch = merging.merge(keep, drop, take=take, by=request.user, seen=(_number(request, "keep_revision"), _number(request, "drop_revision")))
    messages.success(request, say(f"已合并：{batch.note}（批次 {batch.number}，可以拆开）。", f"Merged: {batch.note} (batch {batch.number}; it can be taken apart)."))
    tell(request, follow(batch, by=request.user))
    return redirect(where)


def _ids(text: str) -> tuple[int, ...]:
    """Numbers of records as a box holds them: ``12-7``."""
    numbers = text.split("-")
    if len(numbers) < 2 or not all(n.isascii() and n.isdigit() and len(n) < 19 for n in numbers):
        raise UserError(say("没有选中要合并的记录。", "Nothing was chosen."), code="nothing-chosen", hint=say("请回到列表勾选。", "Choose pairs in the list."))
    return tuple(map(int, numbers))


def _alike() -> set[frozenset[int]]:
    return {frozenset((p.one, p.other)) for p in pairs_view.found_pairs()}


@require_GET
@writers_only
def together(request: HttpRequest) -> HttpResponse:
    """What merging the chosen pairs in one go would do, group by group, and the button."""
    chosen = [_ids(text) for text in request.GET.getlist("pair")[:merging_many.AT_MOST]]
    found = merging_many.clusters([(ids[0], ids[1]) for ids in chosen])
    if not found:
        raise UserError(say("没有选中要合并的记录。", "Nothing was chosen."), code="nothing-chosen", hint=say("请回到列表勾选。", "Choose pairs in the list."))
    for pk in (pk for members in found for pk in members):
        merging.firm(pk)
    alike = _alike()
    foreseen = merging_many.foresee([pairs_view.grouped(members, alike) for members in found], alike)
    firms = {f.pk: f for f in Enterprise.objects.filter(pk__in=[pk for members in found for pk in members])}
    groups = [pairs_view.told_group(f, firms, request.user) for f in foreseen]
    good = [g for g in groups if not g["refusal"]]
    return render(request, "pairs/together.html", {"title": say("一次合并几对", "Several pairs in one go"), "groups": groups, "good": len(good), "gone": sum(len(g["drops"]) for g in good),
                                                   "refused": len(groups) - len(good)})


@require_POST
@writers_only
def merge_together(request: HttpRequest) -> HttpResponse:
    """Merge the groups that are still ticked as one batch."""
    groups = [merging_many.Group(ids[0], ids[1:]) for ids in map(_ids, request.POST.getlist("group"))]
    seen = {ids[0]: ids[1] for ids in map(_ids, request.POST.getlist("seen"))}
    batch = merging_many.merge_groups(groups, _alike(), seen=seen, by=request.user)
    gone = sum(len(g.drops) for g in groups)
    messages.success(request, say(f"已并入 {gone} 条（批次 {batch.number}，可以整批拆开）。", f"{gone} records merged (batch {batch.number}; it can be taken apart as a whole)."))
    tell(request, follow(batch, by=request.user))
    return redirect(reverse("pairs") + "#merged")


@require_POST
@writers_only
def apart(request: HttpRequest) -> HttpResponse:
    """Remember that two records are two firms."""
    one, other = _number(request, "keep"), _number(request, "drop")
    where = _next_pair(frozenset((one, other)))
    batch = merging.keep_apart(one, other, reason=_said(request, "reason"), by=request.user)
    messages.success(request, say(f"已记下：不是同一家（批次 {batch.number}），以后不再提示。", f"Noted as two firms (batch {batch.number}); not asked again."))
    return redirect(where)


@require_POST
@writers_only
def split(request: HttpRequest, number: int) -> HttpResponse:
    """Take a merge apart."""
    batch = merging.split(min(number, 2**62), by=request.user)
    messages.success(request, say(f"已拆开，两条记录都在（批次 {batch.number}）。", f"Taken apart; both records stand (batch {batch.number})."))
    tell(request, follow(batch, by=request.user))
    return redirect(reverse("pairs") + "#merged")


@require_POST
@writers_only
def again(request: HttpRequest, kept: int) -> HttpResponse:
    """Take back that two are two firms."""
    merging.ask_again(min(kept, 2**62), by=request.user)
    messages.success(request, say("已撤回，仍相似的会重新列出。", "Taken back; listed again while they look alike."))
    return redirect(reverse("pairs") + "#apart")


@require_POST
@writers_only
def settle(request: HttpRequest) -> HttpResponse:
    """A row of a sheet was held because its name is nearly a registered one: a person says whether it is that firm."""
    record, name = _number(request, "firm"), _said(request, "name")
    if not name:
        raise UserError(say("没有企业名称。", "No name was given."), code="no-name", hint=say("请回到导入页重试。", "Go back to the import page."))
    if request.POST.get("word") == "same":
        batch = merging.also_called(record, name, by=request.user)
        messages.success(request, say(f"已记下：{batch.note}（批次 {batch.number}）。本表已重新核对。", f"Noted: one firm (batch {batch.number}). The sheet was checked again."))
    else:
        batch = merging.not_called(record, name, by=request.user)
        messages.success(request, say(f"已记下：{batch.note}（批次 {batch.number}）。本表已重新核对。", f"Noted: another firm (batch {batch.number}). The sheet was checked again."))
    return redirect(next_address(request, reverse("pairs")))


urlpatterns = [
    path("firms/pairs/", pairs, name="pairs"),
    path("firms/pairs/<int:one>/<int:other>/", pair, name="pair"),
    path("firms/pairs/merge/", merge, name="pairs_merge"),
    path("firms/pairs/together/", together, name="pairs_together"),
    path("firms/pairs/together/merge/", merge_together, name="pairs_merge_together"),
    path("firms/pairs/apart/", apart, name="pairs_apart"),
    path("firms/pairs/split/<int:number>/", split, name="pairs_split"),
    path("firms/pairs/again/<int:kept>/", again, name="pairs_again"),
    path("firms/pairs/settle/", settle, name="pairs_settle"),
]
