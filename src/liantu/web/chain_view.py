"""The chain map page, the page (and drawer) of one node, and a person's word on who stands there."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET, require_POST

from liantu.chains.follow import freeze_now
from liantu.chains.placing import confirm, reject
from liantu.drawing import to_svg
from liantu.drawing.of_output import chain_layout, chain_title
from liantu.kernel.access import may_write, released, require_write
from liantu.kernel.columns import Column
from liantu.kernel.edition import Edition
from liantu.kernel.kept import Kept
from liantu.kernel.output import run
from liantu.kernel.problems import UserError
from liantu.web.answers import next_address
from liantu.web.attract_links import link
from liantu.web.context import language, need_edition, say
from liantu.web.formats import WITHHELD
from liantu.web.related import OF_NODE, related
from liantu.web.set_tabs import tabs

STATUS_WORDS = ("strong", "fair", "weak", "at_risk", "missing")
KPIS = ("nodes", "placements", *STATUS_WORDS, "to_verify", "completeness")
NODE_FIGURES = ("firms", "above_scale_firms", "to_verify", "output", "largest_share", "local_supply_share")
WIDTH = 1156.0
HEIGHT = 556.0


@lru_cache(maxsize=48)
def _drawn(content: str, chain: str, lang: str, kept: Kept) -> SafeString:
    """The map as SVG, kept by the edition's content: drawing costs far more than sending."""
    layout = chain_layout(kept.value, chain, language=lang, href=lambda code: reverse("node", args=[chain, code]),
                          width=WIDTH, min_height=HEIGHT - 30, target_height=HEIGHT)
    return mark_safe(to_svg(layout, title=chain_title(kept.value, chain, lang), language=lang, legend=True, interactive=True))


def chains_of(edition: Edition) -> list[dict[str, Any]]:
    """The chains of an edition in their order, with the word to show."""
    rows = edition.table("chain").sort("id").iter_rows(named=True)
    return [{**row, "label": (row["name_en"] or row["name"]) if language() == "en" else row["name"]} for row in rows]


def _chain(edition: Edition, code: str) -> dict[str, Any]:
    for row in chains_of(edition):
        if row["code"] == code:
            return row
    known = "、".join(str(r["code"]) for r in chains_of(edition))
    raise UserError(say(f"没有产业链「{code}」。", f"There is no chain {code}."), code="unknown-chain", hint=say(f"现有：{known}", f"Known: {known}"))


@require_GET
def chain_maps(request: HttpRequest) -> HttpResponse:
    """To the first chain."""
    chains = chains_of(need_edition(request))
    if not chains:
        raise UserError(say("还没有产业链。", "There is no chain yet."), code="no-chain",
                        hint=say("请先装入产业链模板：liantu setup。", "Load the chain templates first: liantu setup."))
    return redirect("chain_map", chain=chains[0]["code"])


def summary_of(edition: Edition, chain: str) -> dict[str, Any]:
    """The figures at the head of a chain, from the output chain_summary."""
    rows = run("chain_summary", edition).where({"chain_code": chain}).frame
    return rows.row(0, named=True) if rows.height else {}


@require_GET
def chain_map(request: HttpRequest, chain: str) -> HttpResponse:
    """One chain on one screen."""
    edition = need_edition(request)
    told = _chain(edition, chain)
    result = run("chain_map", edition)
    rule = result.output.rules(date.fromisoformat(edition.manifest.as_of))["rule"]
    frame = result.frame.filter(pl.col("chain_code") == chain)
    summary = summary_of(edition, chain)
    output = run("chain_summary", edition).output
    return render(request, "liantu/chain_map.html", {
        "title": say(f"{told['label']}图谱", told["label"]), "chain": told, "tabs": tabs(edition, chain, "chain"), "chains": chains_of(edition), "rule": rule,
        "kpis": [(output.column(name), summary.get(name)) for name in KPIS], "scores": output.rules()["scores"],
        "svg": _drawn(edition.manifest.content + str(edition.manifest.as_of), chain, language(), Kept(result)) if frame.height else "",
        "nodes": frame.sort("position").iter_rows(named=True), "columns": result.output.columns, "links": _link_count(edition, frame),
        "status": result.output.column("status")})


def _link_count(edition: Edition, frame: pl.DataFrame) -> int:
    codes = edition.table("chain_node").filter(pl.col("code").is_in(frame["code"].to_list()))["id"].to_list()
    return edition.table("node_link").filter(pl.col("source").is_in(codes) & pl.col("target").is_in(codes)).height


def _node_row(edition: Edition, code: str, user: Any) -> tuple[dict[str, Any], list[Column]]:
    """A node's row as the person may see it (figures kept back are ※), and the columns that it may have."""
    result = released(user, "chain_map", edition)
    rows = result.frame.filter(pl.col("code") == code)
    if rows.is_empty():
        raise UserError(say(f"没有环节「{code}」。", f"There is no node {code}."), code="unknown-node",
                        hint=say("可能已从模板中移出。", "It may have left the template."))
    row = rows.row(0, named=True)
    return row | {c.name: WITHHELD for c in result.columns if (code, c.name) in result.hidden}, [c for c in result.columns if c.name in NODE_FIGURES]


def _neighbours(edition: Edition, code: str) -> dict[str, list[dict[str, Any]]]:
    """Nodes before and after a node, with what flows and their status."""
    nodes = edition.table("chain_node").select("id", "code")
    rows = run("chain_map", edition).frame.select("code", "chain_code", "name", "name_en", "status", "firms")
    links = edition.table("node_link").select("source", "target", "item", "weight")
    own = nodes.filter(pl.col("code") == code)["id"].to_list()
    told: dict[str, list[dict[str, Any]]] = {}
    for side, mine, other in (("up", "target", "source"), ("down", "source", "target")):
        found = links.filter(pl.col(mine).is_in(own)).join(nodes, left_on=other, right_on="id").join(rows, on="code").sort("weight", descending=True)
        told[side] = [{**r, "label": (r["name_en"] or r["name"]) if language() == "en" else r["name"]} for r in found.iter_rows(named=True)]
    return told


@require_GET
def node(request: HttpRequest, chain: str, node: str) -> HttpResponse:
    """One node: its status and the rule that made it, who stands there, neighbours, and firms to verify. A fragment for the drawer, or a page."""
    edition = need_edition(request)
    told, (row, figures) = _chain(edition, chain), _node_row(edition, node, request.user)
    if row["chain_code"] != chain:
        return redirect("node", chain=row["chain_code"], node=node)
    firms = released(request.user, "node_firm_list", edition).where({"node_code": node})
    rows = firms.frame.sort("output", descending=True, nulls_last=True, maintain_order=True).to_dicts()
    seen = {c.name for c in firms.columns}
    output = run("chain_map", edition).output
    fragment = request.headers.get("X-Fragment") == "1"
    label = (row["name_en"] or row["name"]) if language() == "en" else row["name"]
    return render(request, "liantu/node_panel.html" if fragment else "liantu/node.html", {
        "title": label, "chain": told, "row": row, "fragment": fragment, "figures": [(column, row[column.name]) for column in figures], "edition": edition,
        "standing": [r for r in rows if r["grade"] in ("confirmed", "likely")], "doubtful": [r for r in rows if r["grade"] == "to_verify"],
        "rejected": [r for r in rows if r["grade"] == "rejected"], "around": _neighbours(edition, node), "columns": {c.name: c for c in firms.output.columns},
        "map_columns": {c.name: c for c in output.columns}, "rule": output.rules(date.fromisoformat(edition.manifest.as_of))["rule"],
        "sees_output": "output" in seen, "may_write": may_write(request.user), "live": live_grades([r["placement"] for r in rows]),
        "gap": _gap(edition, node, request.user), "verdict": link("gap_verdict", code=node) if row["status"] in GAPS else None, "related": related(edition, OF_NODE, "chain_node", _node_id(edition, node), request.user), "here": reverse("node", args=[chain, node])})


GAPS = ("missing", "weak", "at_risk")


def _node_id(edition: Edition, code: str) -> int:
    return int(edition.table("chain_node").filter(pl.col("code") == code)["id"][0])


def _gap(edition: Edition, node: str, user: Any) -> dict[str, Any] | None:
    result = released(user, "gap_list", edition)
    rows = result.where({"code": node}).frame
    return None if rows.is_empty() or (node, "bought_outside") in result.hidden else rows.row(0, named=True)


def live_grades(placements: list[int]) -> dict[int, str]:
    """Grades that persons gave after the edition was frozen, by placement."""
    from liantu.chains.models import Placement

    return dict(Placement.objects.filter(pk__in=placements[:2000], grade__in=["confirmed", "rejected"]).values_list("id", "grade"))


@require_POST
def decide(request: HttpRequest, placement: int, word: str) -> HttpResponse:
    """A person says that a firm stands at a node (``confirm``) or does not (``reject``); the page then shows a fresh working edition."""
    require_write(request.user)
    if word not in ("confirm", "reject"):
        raise UserError(say("只能选「确认」或「不是」。", "Say confirm or reject."), code="unknown-word")
    batch = (confirm if word == "confirm" else reject)(placement, request.user)
    done = say("已确认", "Confirmed") if word == "confirm" else say("已记为「不是」，以后不再提出", "Recorded as not here; it will not be proposed again")
    messages.success(request, say(f"{done}（批次 {batch.number}）。", f"{done} (batch {batch.number})."))
    for note in freeze_now():
        messages.info(request, note)
    return HttpResponseRedirect(next_address(request, reverse("home")))
