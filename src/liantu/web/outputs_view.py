"""Any output as a page: its rows, filters, words, rules and inputs; a new output appears here without code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from liantu.kernel.access import released
from liantu.kernel.columns import Column
from liantu.kernel.edition import Edition
from liantu.kernel.kept import Kept
from liantu.kernel.output import KINDS, Result
from liantu.kernel.output import outputs as all_outputs
from liantu.kernel.problems import UserError
from liantu.kernel.tables import model_of, models_by_table, table_of
from liantu.papers.export import formats_of
from liantu.papers.figures import YES, weakest_basis
from liantu.web.context import language, need_edition, say
from liantu.web.formats import WITHHELD, words

PER_PAGE = 100
FEW = 40
KINDS_EN = {"map": "Map", "list": "List", "indicator": "Indicator", "warning": "Warning", "section": "Section"}
FILTERED_KINDS = ("choice", "flag", "year", "month")
NAMED = ("chain_name", "group_name", "stage_name", "park", "node_name")
HIDDEN = ("enterprise", "placement", "name_en", "stage_name_en", "group_name_en", "stage_code", "group_code", "position")


@dataclass(frozen=True)
class Filter:
    """One column to choose from, with its values in words."""

    column: Column
    options: list[tuple[str, str]]
    chosen: str


def filtered(result: Result, columns: Sequence[Column], asked: Mapping[str, Any]) -> Result:
    """Rows whose visible columns equal what the address says, then those that hold the text asked for, then sorted."""
    frame = result.frame
    for column in columns:
        wanted = asked.get(column.name)
        if not wanted:
            continue
        if column.kind == "flag":
            frame = frame.filter(pl.col(column.name) == (str(wanted) in ("1", "true", "True", "是")))
        else:
            frame = frame.filter(pl.col(column.name).cast(pl.String) == str(wanted))
    text = str(asked.get("q") or "").strip()
    if text:
        texts = [c.name for c in columns if not c.numeric and c.kind not in ("choice", "flag", "year", "date")]
        frame = frame.filter(pl.any_horizontal([pl.col(n).cast(pl.String).str.contains(text, literal=True) for n in texts])) if texts else frame.clear()
    sort = str(asked.get("sort") or "")
    if sort.removeprefix("-") in {c.name for c in columns}:
        frame = frame.sort(sort.removeprefix("-"), descending=sort.startswith("-"), nulls_last=True, maintain_order=True)
    return replace(result, frame=frame)


def filters_of(result: Result, columns: Sequence[Column], asked: Mapping[str, Any]) -> list[Filter]:
    """Columns worth choosing from: choices, flags, and names of which there are few."""
    found = []
    for column in columns:
        if column.kind not in FILTERED_KINDS and column.name not in NAMED:
            continue
        values = result.frame[column.name].drop_nulls().unique()
        if not 1 < len(values) <= FEW and not asked.get(column.name):
            continue
        if column.kind == "flag":
            options = [("1", say("是", "Yes")), ("0", say("否", "No"))]
        elif column.kind == "choice":
            have = set(values.to_list())
            options = [(c.value, words(c)) for c in column.choices if c.value in have]
        else:
            known = _english(result.edition.manifest.content, Kept(result.edition)) if language() == "en" else {}
            options = [(str(v), known.get(str(v), str(v))) for v in values.sort().to_list()]
        found.append(Filter(column, options, str(asked.get(column.name) or "")))
    return found


def lineage(result: Result) -> list[dict[str, Any]]:
    """What an output reads: tables (with rows in this edition) and other outputs, with addresses where there are any."""
    told = []
    for name in result.output.inputs:
        table = name in models_by_table()
        declared: Any = table_of(name) if table else all_outputs().get(name)
        try:
            url = reverse("register", args=[name]) if table else reverse("output", args=[name])
        except NoReverseMatch:
            url = ""
        told.append({"name": name, "label": words(declared) if declared else name, "url": url, "rows": result.edition.manifest.tables.get(name, {}).get("rows")})
    return told


@lru_cache(maxsize=4)
def _english(content: str, kept: Kept) -> dict[str, str]:
    """Chinese words of chains, nodes, groups and stages with their English, from the edition itself."""
    edition = kept.value
    found: dict[str, str] = {}
    for table, names in (("chain_node", ("stage_name", "group_name", "name")), ("chain", ("name",))):
        for name in names:
            found.update({zh: en for zh, en in edition.table(table).select(name, f"{name}_en").unique().iter_rows() if zh and en})
    return found


def translated(edition: Edition, columns: Sequence[Column], rows: list[dict[str, Any]]) -> None:
    """On an English page, put the English names of chains, groups and nodes into rows (firms keep their names)."""
    if language() != "en":
        return
    known = _english(edition.manifest.content, Kept(edition))
    wanted = [c.name for c in columns if c.name in (*NAMED, "name") and c.secrecy != "confidential"]
    for row in rows:
        for name in wanted:
            if name != "name" or not row.get("enterprise"):
                row[name] = known.get(row[name], row[name])


def doc(output: Any) -> str:
    """What an output tells whom, in the language of the page."""
    return output.tells(language()) or output.tells("zh")


@require_GET
def outputs(request: HttpRequest) -> HttpResponse:
    """All outputs by kind."""
    need_edition(request)
    groups = []
    for kind, zh in KINDS.items():
        members = [{"name": o.name, "label": words(o), "doc": doc(o)} for o in all_outputs().values() if o.kind == kind]
        if members:
            groups.append({"label": say(zh, KINDS_EN[kind]), "members": members})
    return render(request, "liantu/outputs.html", {"title": say("全部图表清单", "All outputs"), "groups": groups})


def shown_columns(columns: Sequence[Column], frame: pl.DataFrame) -> list[Column]:
    """Columns for the page: without numbers of rows, twins in the other language, and what the whole table leaves empty."""
    english = language() == "en"
    kept = []
    names = {c.name for c in columns}
    for column in columns:
        named = "name" if column.name == "code" else f"{column.name.removesuffix('_code')}_name"
        if column.name in HIDDEN or (column.kind == "code" and column.name.endswith("code") and named in names):
            continue
        if frame.height and frame[column.name].null_count() == frame.height:
            continue
        kept.append(column)
    return [next(c for c in columns if c.name == f"{k.name}_en") if english and f"{k.name}_en" in names else k for k in kept]


def _links(row: dict[str, Any], key: str = "") -> dict[str, str]:
    """Addresses inside a row: its firm, the record that it is about (``key`` is the first key column) and its node."""
    links = {}
    if row.get("enterprise"):
        links["name"] = reverse("dossier", args=[row["enterprise"]])
        links["victims"] = f"{reverse('simulator')}?firm={row['enterprise']}"
    elif key in models_by_table() and row.get(key):
        caption = getattr(model_of(key).Table, "caption", "name")
        links[caption] = reverse("record", args=[key, row[key]])
    node = row.get("node_code") or (row.get("code") if row.get("chain_code") and key == "code" else None)
    if node:
        chain = row.get("chain_code") or str(node).split("/", 1)[0]
        for name in ("node_name", "name", "name_en") if key == "code" else ("node_name",):
            if name in row and name not in links:
                links[name] = reverse("node", args=[chain, node])
    if row.get("chain_code") and not node and "chain_name" in row:
        links["chain_name"] = reverse("chain_map", args=[row["chain_code"]])
    return links


@require_GET
def output(request: HttpRequest, name: str) -> HttpResponse:
    """One output on the edition in view."""
    return output_page(request, released(request.user, name, need_edition(request)), drawn_alone=not request.GET.get("chain_code"))


def output_page(request: HttpRequest, whole: Result, *, columns: Sequence[Column] | None = None, drawn_alone: bool = False, template: str = "liantu/output.html",
                export_url: str = "", more: Mapping[str, Any] | None = None) -> HttpResponse:
    """Rows of an output as a page with filters, rules and inputs. ``columns`` are those to show (all that the person may see when not given)."""
    edition, declared = whole.edition, whole.output
    allowed = list(whole.columns)
    if not set(declared.key) & {c.name for c in allowed}:
        raise UserError(say("您的账号不能看这张表。", "Your account may not see this list."), code="not-visible")
    seen = {c.name for c in allowed}
    visible = allowed if columns is None else [c for c in columns if c.name in seen]
    result = filtered(whole, visible, request.GET)
    page = Paginator(range(result.frame.height), PER_PAGE).get_page(request.GET.get("page"))
    rows = result.frame.slice((page.number - 1) * PER_PAGE, PER_PAGE).to_dicts()
    keys = [result.key_of(row) for row in rows]
    for row, key in zip(rows, keys, strict=True):
        row.update((c.name, WITHHELD) for c in allowed if (key, c.name) in result.hidden)
    shown = shown_columns(visible, whole.frame) if columns is None else visible
    translated(edition, shown, rows)
    kept = request.GET.copy()
    kept.pop("page", None)
    kept["edition"] = edition.number
    drawn = {"svg", "png", "pptx", "pdf"} if drawn_alone or columns is not None else set()
    return render(request, template, {
        "title": words(declared), "output": declared, "doc": doc(declared), "kind": say(KINDS[declared.kind], KINDS_EN[declared.kind]), "columns": shown,
        "rows": [{"values": row, "key": key, "links": _links(row, declared.key[0]), "checked": row.get(declared.verified) in YES} for row, key in zip(rows, keys, strict=True)], "page": page,
        "basis": weakest_basis(declared, edition, language()), "says_checked": bool(declared.verified) and "verification" not in {c.name for c in shown},
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1), "filters": filters_of(whole, visible, request.GET),
        "rules": declared.rules(date.fromisoformat(edition.manifest.as_of)).values(), "inputs": lineage(whole), "sort": request.GET.get("sort", ""),
        "all": whole.frame.height, "query": kept.urlencode(), "forms": [f for f in formats_of(declared.name) if f not in drawn], "edition": edition,
        "hidden_columns": [c for c in declared.columns if c.name not in seen], "withheld": bool(result.hidden), "helped": [c for c in shown if c.help or c.source_limit],
        "kept_fields": [(c.name, request.GET[c.name]) for c in visible if request.GET.get(c.name) and c.kind not in FILTERED_KINDS and c.name not in NAMED],
        "export_url": export_url or reverse("export", args=[declared.name, "_"])[:-1], **(more or {})})
