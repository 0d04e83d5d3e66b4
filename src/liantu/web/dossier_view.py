"""一企一档: all that the edition and the history know of one firm, on two printed pages."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from liantu.kernel.access import may_see_confidential, may_write, visible_columns
from liantu.kernel.columns import Column
from liantu.kernel.edition import Edition
from liantu.kernel.history import locate, origins
from liantu.kernel.models import Change
from liantu.kernel.output import output_of, run
from liantu.kernel.problems import UserError
from liantu.kernel.tables import table_of
from liantu.web.chain_view import live_grades
from liantu.web.chart import months_chart
from liantu.web.context import language, need_edition, say
from liantu.web.formats import shown, words
from liantu.web.related import OF_FIRM, related
from liantu.web.watch_links import of_firm

IDENTITY = ("uscc", "former", "branch_of", "park", "industry_code", "size_class", "above_scale", "status", "established_on", "capital",
            "qualifications", "products", "address")
KEY_FIGURES = ("output", "revenue", "tax", "rd_intensity", "employees")
HISTORY = 40


def _row(edition: Edition, table: str, record: int | None) -> dict[str, Any] | None:
    if record is None or table not in edition.tables:
        return None
    found = edition.table(table).filter(pl.col("id") == record)
    return found.row(0, named=True) if found.height else None


def _rows(edition: Edition, table: str, firm: int, *order: str) -> list[dict[str, Any]]:
    if table not in edition.tables:
        return []
    return edition.table(table).filter(pl.col("enterprise") == firm).sort(*order, descending=True, nulls_last=True).to_dicts()


def _identity(edition: Edition, firm: dict[str, Any], user: Any) -> list[tuple[Column, str, str]]:
    """Column, words and an address for each fact of the firm."""
    table = table_of("enterprise")
    seen = {c.name for c in visible_columns(user, table.columns)}
    facts = []
    for name in IDENTITY:
        column, value, url = table.column(name), firm.get(name), ""
        if name not in seen or (value is None and name in ("former", "branch_of", "capital")):
            continue
        if column.reference:
            other = _row(edition, column.reference, value)
            url = reverse("dossier", args=[value]) if other and column.reference == "enterprise" else ""
            text = str(other["name"]) if other else "—"
        else:
            text = shown(value, column)
        facts.append((column, text, url))
    return facts


def _placements(edition: Edition, firm: int) -> list[dict[str, Any]]:
    nodes = edition.table("chain_node").select("name_en", chain_node="id", node_code="code", node_name="name", of_chain="chain")
    chains = edition.table("chain").select(of_chain="id", chain_code="code", chain_name="name", chain_name_en="name_en")
    rows = edition.table("placement").filter(pl.col("enterprise") == firm).join(nodes, on="chain_node").join(chains, on="of_chain")
    rank = pl.col("grade").replace_strict({"confirmed": 0, "likely": 1, "to_verify": 2}, default=3)
    return rows.sort(rank, "score", descending=[False, True], nulls_last=True).rename({"id": "placement"}).to_dicts()


def _trade(edition: Edition, firm: int) -> dict[str, list[dict[str, Any]]]:
    """Customers and suppliers with what flows; the other side may stand outside the register."""
    links = edition.table("supply_link")
    names = edition.table("enterprise").select(pl.col("id").alias("other"), "name")
    told = {}
    for side, mine, other in (("customers", "supplier", "customer"), ("suppliers", "customer", "supplier")):
        rows = links.filter(pl.col(mine) == firm).with_columns(pl.col(other).alias("other"), pl.col(f"{other}_name").alias("as_told"))
        rows = rows.join(names, on="other", how="left").with_columns(pl.coalesce("name", "as_told").alias("label"))
        told[side] = rows.sort("year", "amount", descending=True, nulls_last=True).select("id", "other", "label", "item", "amount", "year", "source").to_dicts()
    return told


def _charts(months: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Charts of output and electricity by month; of several sources in a month the first by name is drawn."""
    table = table_of("monthly_figure")
    periods = sorted({m["period"] for m in months})[-36:]
    charts = []
    for name, kind in (("output", "bars"), ("power_kwh", "line")):
        column, values, sources = table.column(name), {}, set()
        for row in sorted(months, key=lambda m: m["source"] or ""):
            if row[name] is not None and row["period"] not in values:
                values[row["period"]] = float(row[name])
                sources.add(row["source"] or "—")
        if values:
            charts.append({"column": column, "sources": "、".join(sorted(sources)),
                           "svg": months_chart(periods, [values.get(p) for p in periods], title=words(column), unit=column.unit or "", kind=kind)})
    return charts


def _history(firm: int, edition: Edition, mine: dict[str, list[int]], user: Any) -> list[dict[str, Any]]:
    """What batches did to this firm and its rows, newest first, with sheet and row."""
    wanted = Q(table="enterprise", record=firm)
    for table, ids in mine.items():
        wanted |= Q(table=table, record__in=ids[:400])
    changes = Change.objects.filter(wanted).select_related("batch", "batch__by", "batch__file").order_by("-id")[:600]
    entries: dict[int, dict[str, Any]] = {}
    for change in changes:
        batch = change.batch
        entry = entries.setdefault(batch.pk, {"batch": batch, "lines": [], "counts": {}, "later": change.pk > edition.manifest.last_change,
                                              "file": batch.file.name if batch.file else "", "url": _batch_url(batch.pk)})
        if change.table == "enterprise":
            entry["lines"] += _lines(change, user)
        else:
            told = entry["counts"].setdefault(change.table, {"label": words(table_of(change.table)), "count": 0, "rows": []})
            told["count"] += 1
            if change.sheet and len(told["rows"]) < 3:
                told["rows"].append(say(f"〔{change.sheet}〕第 {change.row} 行", f"[{change.sheet}] row {change.row}"))
    return list(entries.values())[:HISTORY]


def _lines(change: Change, user: Any) -> list[dict[str, str]]:
    """The columns that one change of the firm set: before, after and the cell."""
    lines = []
    for column in visible_columns(user, table_of(change.table).columns):
        before, after = (change.before or {}).get(column.name), (change.after or {}).get(column.name)
        if before is None and after is None:
            continue
        sheet, cell, _ = locate(change, column.name)
        lines.append({"label": words(column), "before": _plain(before, column), "after": _plain(after, column),
                      "cell": f"〔{sheet}〕{cell}" if cell else "", "kind": change.kind})
    return lines


def _plain(value: Any, column: Column) -> str:
    if value is None or column.kind == "reference":
        return "" if value is None else f"#{value}"
    return shown(float(value) if column.numeric else value, column)[:120]


def _batch_url(batch: int) -> str:
    try:
        return reverse("batch", args=[batch])
    except NoReverseMatch:
        return ""


@require_GET
def dossier(request: HttpRequest, firm: int) -> HttpResponse:
    """One firm."""
    edition = need_edition(request)
    row = _row(edition, "enterprise", firm)
    if row is None:
        raise UserError(say(f"版次 {edition.number} 里没有编号 {firm} 的企业。", f"Edition {edition.number} holds no firm {firm}."), code="unknown-firm",
                        hint=say("可能是后来才登记的，或已撤销。", "It may have been registered later, or taken back."))
    annual = _rows(edition, "annual_figure", firm, "year", "source")
    monthly = _rows(edition, "monthly_figure", firm, "period", "source")
    placements, trade = _placements(edition, firm), _trade(edition, firm)
    insider = may_see_confidential(request.user)
    listed = output_of("firm_list")
    latest = run("firm_list", edition).frame.filter(pl.col("enterprise") == firm)
    key = latest.row(0, named=True) if latest.height else {}
    seen = {c.name for c in visible_columns(request.user, listed.columns)}
    mine = {"placement": [p["placement"] for p in placements], "annual_figure": [a["id"] for a in annual], "monthly_figure": [m["id"] for m in monthly],
            "supply_link": [s["id"] for side in trade.values() for s in side]}
    annual_columns = _used(visible_columns(request.user, table_of("annual_figure").columns), annual, ("enterprise", "year", "source", "definition"))
    monthly_columns = _used(visible_columns(request.user, table_of("monthly_figure").columns), monthly, ("enterprise", "period", "source", "definition"))
    return render(request, "liantu/dossier.html", {
        "title": row["name"], "firm": row, "identity": _identity(edition, row, request.user), "key": key, "edition": edition,
        "figures": [(listed.column(n), key[n]) for n in KEY_FIGURES if n in seen and n in key], "placements": placements, "annual": annual,
        "annual_columns": annual_columns,
        "charts": _charts(monthly) if insider else [], "monthly": monthly if insider else [], "monthly_columns": monthly_columns, "trade": trade, "insider": insider,
        "history": _history(firm, edition, mine, request.user), "may_write": may_write(request.user), "live": live_grades(mine["placement"]),
        "place": {c.name: c for c in table_of("placement").columns}, "related": related(edition, OF_FIRM, "enterprise", firm, request.user), "watched": of_firm(firm), "here": reverse("dossier", args=[firm]), "english": language() == "en"})


def _used(columns: list[Column], rows: list[dict[str, Any]], without: tuple[str, ...]) -> list[Column]:
    """Columns of which at least one row has a value."""
    return [c for c in columns if c.name not in without and any(r[c.name] is not None for r in rows)]


@require_GET
def origin(request: HttpRequest, table: str, record: int, column: str) -> HttpResponse:
    """One stored value's way into the records: batch, person, file, sheet, cell and what stood there."""
    edition = need_edition(request)
    declared = table_of(table)
    found = next((c for c in visible_columns(request.user, declared.columns) if c.name == column), None)
    if found is None:
        raise UserError(say("没有这一列，或您的账号不能看。", "No such column, or your account may not see it."), code="unknown-column")
    row = _row(edition, table, record)
    if row is None:
        raise UserError(say(f"版次 {edition.number} 里没有这一行。", f"Edition {edition.number} holds no such row."), code="unknown-key")
    ways = origins(table, record, upto_change=edition.manifest.last_change, columns=[column])
    firm = _row(edition, "enterprise", row.get("enterprise")) if table != "enterprise" else row
    return render(request, "liantu/origin.html", {
        "title": say(f"{words(found)}的来源", f"Where {words(found)} comes from"), "table": declared, "column": found, "row": row, "value": shown(row[column], found),
        "firm": firm,
        "ways": [{"origin": way, "url": _batch_url(int(way.batch[1:])) if way.batch else ""} for way in ways], "when": row.get("year") or row.get("period")})
