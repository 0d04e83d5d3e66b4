"""The shock simulator: choose what fails, watch the wave on the chain map, see who suffers when, and whom to phone."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from liantu.kernel.access import may_see_confidential, may_write
from liantu.kernel.edition import Edition
from liantu.kernel.output import run
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import UserError
from liantu.resilience.exposure import Exposure
from liantu.resilience.network import RULE, firm_network, trade_mark
from liantu.web import jobs
from liantu.web.answers import answered, status_of
from liantu.web.chain_view import chains_of
from liantu.web.context import language, need_edition, say
from liantu.web.firms_view import firms_of, select
from liantu.web.formats import share, trimmed
from liantu.web.phone_view import called, gain_words, question_words
from liantu.web.simulator_view import (
    AT_ONCE,
    KIND_WORDS,
    SHOWN,
    Asked,
    asked_of,
    board,
    can_range,
    chain_counts,
    day,
    days_basis,
    event_form,
    kind_of,
    money,
    node_labels,
    range_shown,
    range_words,
    ranges,
    unknowns,
    why,
)

SUGGESTED = 12
RANKED = 12


def _found(edition: Edition, text: str) -> list[dict[str, Any]]:
    """Firms whose name, former name, initials or code holds the text."""
    known = firm_network(edition).places
    rows = select(firms_of(edition), {"q": text}).select("enterprise", "name", "node_name").to_dicts() if text.strip() else []
    return [{"id": row["enterprise"], "name": row["name"], "node": row["node_name"] or ""} for row in rows if row["enterprise"] in known]


@require_GET
@answered
def suggestions(request: HttpRequest) -> HttpResponse:
    """Firms for the search field, as JSON."""
    return JsonResponse({"firms": _found(need_edition(request), request.GET.get("q", ""))[:SUGGESTED]})


def _options(edition: Edition) -> dict[str, Any]:
    """What the form offers: parks with firms, and nodes that are supplied, by chain."""
    district = firm_network(edition)
    parks = edition.table("park").filter(pl.col("id").is_in(district.firms["park"].drop_nulls().unique().implode())).sort("id").select("id", "name").to_dicts()
    supplied = district.links["node"].drop_nulls().unique()
    nodes = edition.table("chain_node").filter(pl.col("id").is_in(supplied.implode())).sort("chain", "position")
    by_chain = [{"label": chain["label"], "nodes": [{"id": row["id"], "label": (row["name_en"] or row["name"]) if language() == "en" else row["name"]}
                                                    for row in nodes.filter(pl.col("chain") == chain["id"]).iter_rows(named=True)]} for chain in chains_of(edition)]
    return {"parks": parks, "nodes": [one for one in by_chain if one["nodes"]]}


def _chain_shown(request: HttpRequest, edition: Edition, asked: Asked | None, counts: dict[str, int]) -> str:
    """The chain asked for, else that of the firm or node shocked, else the one hit most."""
    chains = [str(chain["code"]) for chain in chains_of(edition)]
    if not chains:
        raise UserError(say("还没有产业链。", "There is no chain yet."), code="no-chain", hint=say("请先装入产业链模板：liantu setup。", "Load the chain templates first: liantu setup."))
    wanted = request.GET.get("chain", "")
    if wanted in chains:
        return wanted
    if asked and asked.node:
        return str(edition.table("chain_node").filter(pl.col("id") == asked.node)["code"][0]).split("/", 1)[0]
    return max(chains, key=lambda code: counts.get(code, 0))


def _rows(edition: Edition, exposure: Exposure, figures: bool) -> list[dict[str, Any]]:
    labels = node_labels(edition)
    return [{"hit": row, "node": labels.get(row.node or 0, "—"), "late": at >= AT_ONCE, "days": day(row), "loss": share(row.loss, 0) if figures else "※", "output": trimmed(row.output) if row.output is not None else "—",
             "jobs": "—" if row.jobs is None else f"{row.jobs:,.0f}", "tax": "—" if row.tax is None else trimmed(row.tax), "why": why(row)} for at, row in enumerate(exposure.rows[:SHOWN])]


def _ordered(exposure: Exposure, figures: bool) -> Exposure:
    """For those who may not see figures the rows stand by day, so that their order tells nothing of the amounts."""
    if figures:
        return exposure
    from dataclasses import replace

    return replace(exposure, rows=tuple(sorted(exposure.rows, key=lambda row: (row.days, row.enterprise))))


def _kpis(exposure: Exposure, asked: Asked, figures: bool) -> list[dict[str, str]]:
    totals, others = exposure.totals, [row for row in exposure.rows if not row.shocked and not row.late]
    told = [{"name": say("受影响企业", "Firms hit"), "value": f"{len(exposure.rows):,}", "unit": say("家", ""), "note": say(f"产出损失 {exposure.district.rule['felt_loss']:.0%} 起算", f"from a loss of {exposure.district.rule['felt_loss']:.0%}")},
            {"name": say("最早波及他企", "First other firm feels it"), "value": f"{min((row.days for row in others), default=0):.0f}" if others else "—", "unit": say("天后", "days") if others else "",
             "note": say("第一家感到影响的", "the first to feel it")}]
    if not figures:
        return told
    told.append({"name": say("涉及年产值", "Yearly output at stake"), "value": money(totals["output"]), "range": f"{reverse('simulator_range')}?{asked.query}" if can_range(asked) and not exposure.interval else "",
                 "note": range_words(exposure) or say(f"占全区 {share(totals['output_share'])}；区间未推算", f"{share(totals['output_share'])} of all; no interval yet")})
    told.append({"name": say("其中波及他企", "Of it, other firms"), "value": money(totals["output"] - totals["output_own"]), "note": say("不含直接受冲击的企业", "without the firms shocked")})
    told.append({"name": say("涉及就业", "Jobs at stake"), "value": f"{totals['jobs']:,.0f}", "unit": say("人", ""), "note": say(f"占全区 {share(totals['jobs_share'])}", f"{share(totals['jobs_share'])} of the district")})
    told.append({"name": say("涉及年税收", "Yearly tax at stake"), "value": money(totals["tax"]), "note": say(f"占全区 {share(totals['tax_share'])}", f"{share(totals['tax_share'])} of the district")})
    return told


def _ranking(edition: Edition, figures: bool) -> list[dict[str, Any]]:
    return run("systemic_risk", edition).frame.head(RANKED).to_dicts() if figures else []


@require_GET
@answered
def simulator(request: HttpRequest) -> HttpResponse:
    """One shock on the chain map, or the form that asks for one."""
    edition = need_edition(request)
    kind, figures, problem = kind_of(request.GET), may_see_confidential(request.user), None
    try:
        asked = asked_of(request.GET, edition)
    except UserError as error:
        asked, problem = None, error
    text = request.GET.get("q", "").strip()
    found = _found(edition, text) if text and not asked else []
    if len(found) == 1:
        query = request.GET.copy()
        query.pop("q")
        query["firm"] = str(found[0]["id"])
        asked, found = asked_of(query, edition), []
    exposure = _ordered(range_shown(edition, asked), figures) if asked else None
    beside = _beside(request, edition)
    counts = chain_counts(edition, exposure)
    chain = _chain_shown(request, edition, asked, counts)
    shown = board(edition, chain, exposure, request.user)
    context: dict[str, Any] = {"title": say("冲击推演", "Shock simulator"), "kind": kind, "kinds": [(k, say(*w)) for k, w in KIND_WORDS.items()], "asked": asked, "figures": figures, "text": text, "found": found[:SUGGESTED],
                               "found_count": len(found), "options": _options(edition), "left": request.GET.get("left", "0"), "park": request.GET.get("park", ""), "other": request.GET.get("other", ""),
                               "node": request.GET.get("node", ""), "scope": request.GET.get("scope", "outside"), "chain": chain, "chains": [c | {"hit": counts.get(str(c["code"]), 0)} for c in chains_of(edition)],
                               "board": shown, "rule": parameter(RULE), "may_write": may_write(request.user), "beside": beside, "chosen": _chosen(edition, asked)}
    if exposure and asked:
        context |= {"compared": _compared(edition, asked, beside, figures) if beside and beside.parts != asked.parts else None, "exposure": exposure, "kpis": _kpis(exposure, asked, figures), "rows": _rows(edition, exposure, figures), "unknowns": unknowns(exposure), "days_basis": days_basis(exposure), "event": event_form(asked, edition, request) if may_write(request.user) else None,
                    "wave": {"steps": shown.steps, "nodes": shown.nodes, "tints": shown.tints}, "share_address": request.build_absolute_uri(f"{reverse('simulator')}?{asked.query}"), "last": len(shown.steps) - 1, "ranged": can_range(asked) and figures}
    else:
        context |= {"ranking": _ranking(edition, figures), "problem": problem}
    return render(request, "simulator/simulator.html", context, status=status_of(problem) if problem else 200)


@require_GET
@answered
def simulator_range(request: HttpRequest) -> HttpResponse:
    """The interval of a scenario as JSON: ``words`` when it is known, else how long the drawing of networks has been at work (the first time for an edition)."""
    edition = need_edition(request)
    asked = asked_of(request.GET, edition)
    if asked is None or not can_range(asked) or not may_see_confidential(request.user):
        return JsonResponse({"state": "none"})
    name = f"networks-{trade_mark(edition)}"
    if not ranges.ready(edition):
        state = jobs.state_of(name)
        if state and state["state"] == "failed":
            jobs.forget(name)
            return JsonResponse({"state": "none"})
        if not state or state["state"] != "running":
            jobs.start(name, "networks", lambda tell: ranges.prepare(edition, tell))
        return JsonResponse({"state": "running", "seconds": round((state or {}).get("seconds", 0))})
    return JsonResponse({"state": "done", "words": range_words(range_shown(edition, asked))})


def _beside(request: HttpRequest, edition: Edition) -> Asked | None:
    """The other shock that the address lays beside this one (``with``); None where it says none that can be."""
    try:
        return asked_of(QueryDict(request.GET.get("with", "")), edition) if request.GET.get("with") else None
    except UserError:
        return None


def _compared(edition: Edition, asked: Asked, other: Asked, figures: bool) -> dict[str, Any]:
    """Two shocks line by line, and how many firms both of them hit."""
    pair = [_ordered(range_shown(edition, one), figures) for one in (asked, other)]
    kpis = [_kpis(exposure, one, figures) for exposure, one in zip(pair, (asked, other), strict=True)]
    lines = [{"name": left["name"], "values": [f"{kpi['value']} {kpi.get('unit', '')}".strip() for kpi in (left, right)]} for left, right in zip(*kpis, strict=True)]
    ids = [{row.enterprise for row in exposure.rows} for exposure in pair]
    return {"titles": [asked.title, other.title], "query": other.query, "lines": lines, "both": len(ids[0] & ids[1])}


def _chosen(edition: Edition, asked: Asked | None) -> list[dict[str, Any]]:
    """The firms chosen to stop, each with the address without it."""
    if asked is None or asked.scenario.kind != "stop":
        return []
    names = dict(zip(firm_network(edition).ids, firm_network(edition).names, strict=True))
    return [{"id": firm, "name": names[firm]} for firm in asked.scenario.remaining]


@require_GET
@answered
def simulator_node(request: HttpRequest, code: str) -> HttpResponse:
    """The firms at a node, to choose one that stops; a fragment for the drawer, or a page."""
    edition = need_edition(request)
    nodes = edition.table("chain_node").filter(pl.col("code") == code)
    if nodes.is_empty():
        raise UserError(say(f"没有环节「{code}」。", f"There is no node {code}."), code="unknown-node")
    row, district = nodes.row(0, named=True), firm_network(edition)
    stands = edition.table("placement").filter(pl.col("chain_node") == row["id"], pl.col("grade").is_in(["confirmed", "likely"]))["enterprise"].unique()
    firms = district.firms.filter(pl.col("enterprise").is_in(stands.implode()))
    sold = district.links.group_by(place="seller").agg(pl.col("buyer").n_unique().alias("buyers"))
    firms = firms.join(sold, on="place", how="left").sort("buyers", "enterprise", descending=[True, False], nulls_last=True)
    supplied = district.links.filter(pl.col("node") == row["id"])
    return render(request, "simulator/node.html", {
        "title": (row["name_en"] or row["name"]) if language() == "en" else row["name"], "row": row, "chain": str(code).split("/", 1)[0], "firms": firms.select("enterprise", "name", "buyers").to_dicts(),
        "supplied": supplied.height, "from_outside": supplied.filter(pl.col("seller") >= district.count).height, "fragment": request.headers.get("X-Fragment") == "1"})


@require_GET
@answered
def phone_list(request: HttpRequest) -> HttpResponse:
    """Whom to phone about a shock, on one sheet of A4."""
    edition = need_edition(request)
    asked, figures = asked_of(request.GET, edition), may_see_confidential(request.user)
    if asked is None:
        raise UserError(say("电话清单要先说出了什么事。", "Say what fails before asking whom to phone."), code="no-scenario", hint=say("请先在冲击推演里选企业、道路、物料或园区。", "Choose it in the shock simulator first."))
    exposure = range_shown(edition, asked)
    calls = called(edition, asked)
    if not figures:
        calls = sorted(calls, key=lambda call: call.enterprise)
    return render(request, "simulator/phone_list.html", {
        "title": say("电话清单", "Phone list"), "asked": asked, "figures": figures, "exposure": exposure, "total": money(exposure.totals["output"]), "interval": range_words(exposure), "range": f"{reverse('simulator_range')}?{asked.query}" if figures and can_range(asked) and not exposure.interval else "",
        "calls": [{"firm": call.enterprise, "name": call.name, "node": node_labels(edition).get(call.hit.node or 0, "") if call.hit else "", "why": why(call.hit) if call.hit else say("链主，从未报过供应商名单", "Chain master without a list of suppliers") if call.left is None else say("可能有没登记的往来", "May deal with them unrecorded"),
                   "questions": [question_words(q, figures) for q in call.questions], "gain": gain_words(call, exposure, figures)} for call in calls],
        "weighed": exposure.district.rule["calls_weighed"]})


urlpatterns = [
    path("watch/simulator/phones/", phone_list, name="phone_list"),
    path("watch/simulator/", simulator, name="simulator"),
    path("watch/simulator/range/", simulator_range, name="simulator_range"),
    path("watch/simulator/firms/", suggestions, name="simulator_firms"),
    path("watch/simulator/node/<path:code>/", simulator_node, name="simulator_node"),
]
