"""The firm list: filtered, searched, sorted and summed on the server, fifty rows to a page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from liantu.chains.choices import GRADES
from liantu.enterprises.choices import SIZES, STATES
from liantu.enterprises.recognition import initials
from liantu.kernel.access import visible_columns
from liantu.kernel.columns import Column
from liantu.kernel.edition import Edition
from liantu.kernel.kept import Kept
from liantu.kernel.names import name_key
from liantu.kernel.output import Output, run
from liantu.kernel.word_lists import split_words
from liantu.web.context import language, need_edition, say

PER_PAGE = 50
SHOWN = ("name", "node_name", "park", "size_class", "qualifications", "output", "tax", "rd_intensity", "employees")
SUMMED = ("output", "revenue", "tax", "rd", "employees")
SORTABLE = ("name", "uscc", "chain_name", "node_name", "park", "size_class", "output", "revenue", "tax", "rd_intensity", "employees")
FILTERS = ("chain", "node", "park", "size", "above", "qualification", "grade", "state")


@dataclass(frozen=True)
class Firms:
    """The firm list of one edition made ready for searching."""

    frame: pl.DataFrame
    placements: pl.DataFrame
    parks: tuple[str, ...]
    qualifications: tuple[str, ...]
    nodes: pl.DataFrame
    english: dict[str, str]


def firms_of(edition: Edition) -> Firms:
    """The searchable list of an edition; made once per content and kept in the process."""
    return _prepared(edition.manifest.content + edition.manifest.as_of, Kept(edition))


@lru_cache(maxsize=3)
def _prepared(content: str, kept: Kept) -> Firms:
    edition = kept.value
    frame = run("firm_list", edition).frame
    former = edition.table("enterprise").select(pl.col("id").alias("enterprise"), "former")
    frame = frame.join(former, on="enterprise", how="left", maintain_order="left")
    texts = [f"{name_key(name or '')}\n{(uscc or '').lower()}\n{initials(name) or ''}\n{name_key(old or '')}"
             for name, uscc, old in frame.select("name", "uscc", "former").iter_rows()]
    frame = frame.with_columns(pl.Series("_search", texts, dtype=pl.String)).with_row_index("_row")
    chain = edition.table("chain").select(pl.col("id").alias("chain"), pl.col("code").alias("p_chain_code"), pl.col("name").alias("p_chain_name"))
    english = {code: name for table in ("chain", "chain_node") for code, name in edition.table(table).select("code", "name_en").iter_rows() if name}
    nodes = edition.table("chain_node").select("chain", "position", chain_node="id", p_node_code="code", p_node_name="name")
    nodes = nodes.join(chain, on="chain", how="inner")
    placements = edition.table("placement").filter(pl.col("grade") != "rejected").select("enterprise", "chain_node", "score", p_grade="grade", p_role="role")
    rank = pl.col("p_grade").replace_strict({"confirmed": 2, "likely": 1}, default=0)
    placements = placements.join(nodes, on="chain_node", how="inner").sort(rank, "score", descending=True, nulls_last=True)
    parks = tuple(frame["park"].drop_nulls().unique().sort().to_list())
    words = frame["qualifications"].drop_nulls().str.split("、").explode().drop_nulls().unique().sort().to_list()
    return Firms(frame, placements, parks, tuple(w for w in words if w), nodes.sort("chain", "position"), english)


def _named(firms: Firms, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Codes with their names in the language of the page."""
    return [(code, firms.english.get(code, name)) for code, name in pairs] if language() == "en" else pairs


def asked(request: HttpRequest) -> dict[str, str]:
    """The filters of an address; unknown ones are not looked at."""
    return {name: value for name in (*FILTERS, "q") if (value := request.GET.get(name, "").strip())}


def select(firms: Firms, wanted: dict[str, str]) -> pl.DataFrame:
    """The rows that meet all filters. With a chain, node or grade asked for, the row shows the placement that meets it."""
    frame = firms.frame
    on_placement = [pl.col(column) == wanted[name] for name, column in (("chain", "p_chain_code"), ("node", "p_node_code"), ("grade", "p_grade"))
                    if name in wanted and wanted[name] != "none"]
    if on_placement:
        met = firms.placements.filter(*on_placement).unique("enterprise", keep="first", maintain_order=True)
        frame = frame.join(met.drop("chain_node", "chain", "score", "position"), on="enterprise", how="inner", maintain_order="left")
        frame = frame.with_columns(pl.col("p_chain_code").alias("chain_code"), pl.col("p_chain_name").alias("chain_name"), pl.col("p_node_code").alias("node_code"),
                                   pl.col("p_node_name").alias("node_name"), pl.col("p_grade").alias("grade"), pl.col("p_role").alias("role"))
    if wanted.get("chain") == "none" or wanted.get("grade") == "none":
        frame = frame.filter(pl.col("nodes") == 0)
    for name, column in (("park", "park"), ("size", "size_class"), ("state", "state")):
        if name in wanted:
            frame = frame.filter(pl.col(column) == wanted[name])
    if wanted.get("above") in ("1", "0"):
        frame = frame.filter(pl.col("above_scale").fill_null(False) == (wanted["above"] == "1"))
    if "qualification" in wanted:
        frame = frame.filter(("、" + pl.col("qualifications") + "、").str.contains("、" + wanted["qualification"] + "、", literal=True))
    if "q" in wanted:
        words = {wanted["q"].lower().replace(" ", ""), name_key(wanted["q"])} - {""}
        frame = frame.filter(pl.any_horizontal([pl.col("_search").str.contains(w, literal=True) for w in words])) if words else frame
    return frame


def ordered(frame: pl.DataFrame, sort: str, allowed: set[str]) -> pl.DataFrame:
    """Sorted by one column (``-output`` is downwards); the list's own order decides among equals."""
    name = sort.removeprefix("-")
    if name not in SORTABLE or name not in allowed:
        return frame
    return frame.sort(name, "_row", descending=[sort.startswith("-"), False], nulls_last=True)


def sums(frame: pl.DataFrame, allowed: set[str]) -> dict[str, Any]:
    """Totals of the filtered rows; columns that the person may not see are not summed."""
    names = [n for n in SUMMED if n in allowed]
    told: dict[str, Any] = frame.select(pl.col(names).sum()).row(0, named=True) if names and frame.height else dict.fromkeys(names, 0)
    if {"rd", "revenue"} <= set(names):
        both = frame.filter(pl.col("rd").is_not_null() & (pl.col("revenue") > 0))
        told["rd_intensity"] = float(both["rd"].sum()) / float(both["revenue"].sum()) if both.height else None
    return told


def columns_for(user: Any, output: Output) -> list[Column]:
    """The columns of the list that the person may see, in the order of the page."""
    seen = {c.name for c in visible_columns(user, output.columns)}
    return [output.column(n) for n in SHOWN if n in seen]


def _options(firms: Firms, wanted: dict[str, str]) -> dict[str, Any]:
    nodes = firms.nodes.filter(pl.col("p_chain_code") == wanted["chain"]) if wanted.get("chain") else firms.nodes.clear()
    if wanted.get("node") and nodes.is_empty():
        nodes = firms.nodes.filter(pl.col("p_node_code") == wanted["node"])
    chains = firms.nodes.unique("p_chain_code", maintain_order=True).select("p_chain_code", "p_chain_name").rows()
    grades = [c for c in GRADES if c.value != "rejected"]
    return {"chains": _named(firms, chains), "nodes": _named(firms, nodes.select("p_node_code", "p_node_name").rows()), "parks": firms.parks,
            "qualifications": firms.qualifications, "sizes": SIZES, "grades": grades, "states": STATES}


@require_GET
def firm_list(request: HttpRequest) -> HttpResponse:
    """企业清单."""
    edition = need_edition(request)
    firms, wanted = firms_of(edition), asked(request)
    output = run("firm_list", edition).output
    allowed = {c.name for c in visible_columns(request.user, output.columns)}
    sort = request.GET.get("sort", "")
    frame = ordered(select(firms, wanted), sort, allowed)
    page = Paginator(range(frame.height), PER_PAGE).get_page(request.GET.get("page"))
    rows = frame.slice((page.number - 1) * PER_PAGE, PER_PAGE).to_dicts()
    for row in rows:
        if language() == "en":
            row["node_name"], row["chain_name"] = firms.english.get(row["node_code"], row["node_name"]), firms.english.get(row["chain_code"], row["chain_name"])
        row["marks"] = list(split_words(row["qualifications"]))
    years = frame["year"].drop_nulls() if "year" in frame.columns else pl.Series([], dtype=pl.Int64)
    return render(request, "liantu/firm_list.html", {
        "title": say("企业清单", "Firms"), "rows": rows, "page": page, "pages": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "columns": columns_for(request.user, output), "sums": sums(frame, allowed), "wanted": wanted, "sort": sort, "sortable": SORTABLE, "all": firms.frame.height,
        "options": _options(firms, wanted), "years": (years.min(), years.max()), "edition": edition, "numeric": {c.name for c in output.columns if c.numeric},
        "more": allowed >= {"output"}, "language": language()})
