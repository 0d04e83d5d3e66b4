"""总览: what changed, what wants attention, the chains and the district's totals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from liantu.kernel.access import may_write
from liantu.kernel.edition import Edition, compare, list_editions, open_edition
from liantu.kernel.kept import Kept
from liantu.kernel.models import Batch, Draft
from liantu.kernel.output import output_of, run
from liantu.kernel.tables import table_of
from liantu.web.chain_view import STATUS_WORDS, chains_of
from liantu.web.context import edition_of, language, say
from liantu.web.firms_view import firms_of, select, sums
from liantu.web.formats import in_yi, words
from liantu.web.watch_links import SHOWN, alarms_waiting, open_events


@dataclass(frozen=True)
class News:
    """What differs between two editions."""

    entered: list[tuple[int, str]]
    left: list[tuple[int, str]]
    changed: list[tuple[int, str, str]]
    nodes: list[dict[str, Any]]
    rows: list[tuple[str, int, int, int]]

    @property
    def silent(self) -> bool:
        return not (self.entered or self.left or self.changed or self.nodes or self.rows)


@lru_cache(maxsize=16)
def _news(before: str, after: str, lang: str, kept: Kept) -> News:
    old_edition, new_edition = kept.value
    entered: list[tuple[int, str]] = []
    left: list[tuple[int, str]] = []
    changed: list[tuple[int, str, str]] = []
    rows = []
    tables = [t for t in ("enterprise", "placement", "annual_figure", "monthly_figure", "supply_link", "chain_node") if t in new_edition.tables]
    for difference in compare(old_edition, new_edition, tables=tables):
        touched = {i for i, *_ in difference.changed}
        if difference.table != "enterprise":
            rows.append((words(table_of(difference.table)), len(difference.entered), len(difference.left), len(touched)))
            continue
        names = dict(new_edition.table("enterprise").select("id", "name").iter_rows())
        old = dict(old_edition.table("enterprise").select("id", "name").iter_rows())
        entered = [(i, names[i]) for i in difference.entered]
        left = [(i, old[i]) for i in difference.left]
        columns: dict[int, list[str]] = {}
        for record, column, _, now in difference.changed:
            word = words(table_of("enterprise").column(column))
            if column == "above_scale":
                word = say("升为规上", "now above scale") if now else say("退出规上", "no longer above scale")
            columns.setdefault(record, []).append(word)
        changed = [(i, names[i], "、".join(dict.fromkeys(told))) for i, told in columns.items()]
    return News(entered, left, changed, _moved(old_edition, new_edition), rows)


def _moved(old_edition: Edition, new_edition: Edition) -> list[dict[str, Any]]:
    """Nodes whose status is not what it was."""
    columns = ["code", "chain_code", "chain_name", "name", "name_en", "status"]
    old = run("chain_map", old_edition).frame.select("code", pl.col("status").alias("was"))
    return run("chain_map", new_edition).frame.select(columns).join(old, on="code").filter(pl.col("status") != pl.col("was")).to_dicts()


def _since(request: HttpRequest, edition: Edition) -> tuple[Edition | None, list[Any]]:
    """The edition to compare with (``?since=``, else the last one of an earlier day, else the last that held other rows), and the ones to choose from."""
    older = [m for m in list_editions() if m.created_at < edition.manifest.created_at]
    wanted = request.GET.get("since")
    other = [m for m in reversed(older) if m.content != edition.manifest.content]
    earlier = [m for m in other if m.as_of < edition.manifest.as_of]
    chosen = next((m for m in older if m.number == wanted), None) or next(iter(earlier or other), None)
    choices = older[-12:][::-1]
    return (open_edition(chosen.number) if chosen else None), choices if chosen in choices or chosen is None else [*choices, chosen]


def _item(tone: str, count: int, unit: str, text: str, *, url: str, names: Iterable[str] = ()) -> dict[str, Any]:
    return {"tone": tone, "count": count, "unit": say(unit, ""), "text": text, "names": list(names), "url": url}


def _attention(edition: Edition, user: Any) -> list[dict[str, Any]]:
    """What a person should look at, most pressing first; each with its count and address."""
    nodes = run("chain_map", edition).frame
    critical = nodes.filter((pl.col("status") == "missing") & pl.col("critical").fill_null(False))
    single = run("single_supplier", edition).frame
    name = "name_en" if language() == "en" else "name"
    named = dict(nodes.select("code", pl.coalesce(name, "name")).iter_rows())
    doubtful = int(nodes["to_verify"].sum() or 0)
    events, alarms = open_events(), alarms_waiting()
    items = [
        _item("missing", len(events), "件", say("风险事件未了结", "risk events open"), names=[e.title for e in events[:SHOWN]], url=reverse("events")),
        _item("weak", len(alarms), "家", say("企业预警待核实", "alarmed firms to verify"), names=list(alarms.values())[:SHOWN], url=reverse("watch")),
        _item("missing", critical.height, "个", say("关键环节缺失", "critical nodes missing"), names=critical.head(4)[name].to_list(),
              url=reverse("output", args=["gap_list"]) + "?" + urlencode({"status": "missing", "critical": "1"})),
        _item("at_risk", single.height, "个", say("环节只靠一家企业", "nodes rest on one firm"), url=reverse("output", args=["single_supplier"]),
              names=[named.get(c, c) for c in single.head(4)["node_code"]]),
        _item("weak", doubtful, "条", say("入链判断待核", "placements to verify"), url=reverse("firm_list") + "?grade=to_verify"),
    ]
    if may_write(user):
        items.append(_item("fair", Draft.objects.filter(state="open").count(), "份", say("表格在导入台等待确认", "sheets wait on the desk"), url=reverse("desk")))
    return items


def _totals(edition: Edition) -> dict[str, Any]:
    """The district's totals. Each equals the total of the firm list behind its link."""
    firms = firms_of(edition)
    allowed = {c.name for c in output_of("firm_list").columns}
    whole, above = firms.frame, select(firms, {"above": "1"})
    of_whole, of_above = sums(whole, allowed), sums(above, allowed)
    url, url_above = reverse("firm_list"), reverse("firm_list") + "?above=1"
    figures = [
        (say("企业", "Firms"), f"{whole.height:,}", say("家", ""), url), (say("规上企业", "Above scale"), f"{above.height:,}", say("家", ""), url_above),
        (say("规上工业总产值", "Output, above scale"), in_yi(of_above.get("output")), say("亿元", "100m yuan"), url_above),
        (say("规上营业收入", "Revenue, above scale"), in_yi(of_above.get("revenue")), say("亿元", "100m yuan"), url_above),
        (say("税收", "Tax"), in_yi(of_whole.get("tax")), say("亿元", "100m yuan"), url),
        (say("从业人数", "Employees"), f"{of_whole.get('employees') or 0:,}", say("人", "persons"), url),
    ]
    years = whole["year"].drop_nulls()
    sources = edition.table("annual_figure")["source"].drop_nulls().unique().sort().to_list()[:6] if "annual_figure" in edition.tables else []
    return {"figures": figures, "years": (years.min(), years.max()) if years.len() else None, "sources": "、".join(sources)}


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """总览."""
    edition = edition_of(request)
    title = say("总览", "Overview")
    if edition is None:
        return render(request, "liantu/home_empty.html", {"title": title})
    before, older = _since(request, edition)
    news = _news(before.manifest.content + before.number, edition.manifest.content + edition.number, language(), Kept((before, edition))) if before else None
    summary = {r["chain_code"]: r for r in run("chain_summary", edition).frame.iter_rows(named=True)}
    output = run("chain_summary", edition).output
    cards = [{**chain, "row": summary.get(chain["code"]), "parts": _parts(summary.get(chain["code"]))} for chain in chains_of(edition)]
    return render(request, "liantu/home.html", {
        "title": title, "edition": edition, "before": before, "older": older, "news": news, "attention": _attention(edition, request.user), "cards": cards,
        "totals": _totals(edition),
        "columns": {c.name: c for c in output.columns}, "scores": output.rules()["scores"], "status": run("chain_map", edition).output.column("status"),
        "imports": Batch.objects.filter(kind="import").select_related("by", "file").order_by("-pk")[:6], "statuses": STATUS_WORDS})


def _parts(row: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The bar of a chain: for each status where its part begins and how wide it is (of 100)."""
    if not row or not row["nodes"]:
        return []
    parts, at = [], 0.0
    for status in STATUS_WORDS:
        width = 100.0 * row[status] / row["nodes"]
        parts.append({"status": status, "x": f"{at:.2f}", "width": f"{width:.2f}", "count": row[status]})
        at += width
    return parts
