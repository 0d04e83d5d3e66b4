"""四图五清单 on the page: the set as the site's profile says it, for one chain or for all; a map or a list is one page with the same tabs."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from liantu.kernel.access import released, version_asked, version_for
from liantu.kernel.edition import Edition
from liantu.kernel.kept import Kept
from liantu.kernel.output import run
from liantu.kernel.problems import UserError
from liantu.kernel.profile import Part, Profile, part_columns, part_result, profile
from liantu.kernel.release import release
from liantu.papers.export import export as make
from liantu.papers.export import formats_of
from liantu.web.answers import download
from liantu.web.cells import whole_number
from liantu.web.chain_view import chains_of, summary_of
from liantu.web.context import language, need_edition, say
from liantu.web.outputs_view import Filter, filtered, filters_of, output_page
from liantu.web.set_tabs import CHAIN_MAP, tabs, title_of

WIDTH, HEIGHT = 1156.0, 600.0
FILTERS = 6
OF_CHAIN = ("chain_name", "chain_code", "node_code")  # said by the page, or for machines


def _chain(edition: Edition, code: str) -> dict[str, Any]:
    for row in chains_of(edition):
        if row["code"] == code:
            return row
    known = "、".join(str(r["code"]) for r in chains_of(edition))
    raise UserError(say(f"没有产业链「{code}」。", f"There is no chain {code}."), code="unknown-chain", hint=say(f"现有：{known}", f"Known: {known}"))


def part_of(chosen: Profile, code: str) -> Part:
    """A part of the profile by its code; an unknown code is answered with what exists."""
    parts = {part.code: part for part in (*chosen.maps, *chosen.lists, *chosen.optional)}
    if code not in parts:
        raise UserError(say(f"这套图表里没有「{code}」。", f"The set has no part {code}."), code="unknown-part", hint="、".join(f"{p.code}（{p.title}）" for p in parts.values()))
    return parts[code]


@require_GET
def the_set(request: HttpRequest) -> HttpResponse:
    """The whole set: five chains side by side, and each chain's maps and lists with their rows."""
    edition = need_edition(request)
    chosen = profile()
    rows = [{"chain": chain, "summary": summary_of(edition, chain["code"]), "tabs": tabs(edition, chain["code"], "")} for chain in chains_of(edition)]
    result = run(CHAIN_MAP, edition)
    return render(request, "set/set.html", {
        "title": say(chosen.title_of_set, chosen.title_of_set_en), "profile": chosen, "problems": chosen.problems(), "notices": chosen.notices(date.today()), "rows": rows,
        "svg": _overview(edition.manifest.content + edition.manifest.as_of, language(), Kept(result)) if rows else "", "columns": {c.name: c for c in run("chain_summary", edition).output.columns}})


@lru_cache(maxsize=8)
def _overview(content: str, lang: str, kept: Kept) -> SafeString:
    from liantu.drawing.overview import overview_scene
    from liantu.drawing.scene_svg import scene_svg

    scene = overview_scene(kept.value, language=lang, href=_node_address, width=WIDTH, height=HEIGHT)
    return mark_safe(scene_svg(scene, title=say("五条产业链并排", "The chains side by side"), language=lang, interactive=True, standalone=False))


def _node_address(code: str) -> str:
    chain = code.split("/", 1)[0]
    return reverse("chain_map", args=[chain]) if "/" not in code else reverse("node", args=[chain, code])


@lru_cache(maxsize=48)
def _map(content: str, output: str, version: str, chain: str, lang: str, page: int, kept: Kept) -> tuple[SafeString, int]:
    """A sheet of a map of the set as SVG for the page, kept by the edition's content, and how many sheets there are."""
    from liantu.drawing.of_output import page_svg

    svg, pages = page_svg(kept.value, chain, language=lang, href=_node_address, width=WIDTH, height=HEIGHT, page=page)
    return mark_safe(svg), pages


@require_GET
def part(request: HttpRequest, chain: str, code: str) -> HttpResponse:
    """One map or list of one chain."""
    edition = need_edition(request)
    told, chosen = _chain(edition, chain), profile()
    shown = part_of(chosen, code)
    if shown.output == CHAIN_MAP:
        return redirect("chain_map", chain=chain)
    common = {"chain": told, "chains": chains_of(edition), "part": shown, "tabs": tabs(edition, chain, code), "part_title": title_of(shown)}
    if shown in chosen.maps:
        return _map_page(request, edition, shown, chain, common)
    result = part_result(shown, edition, chain, version_for(request.user))
    columns = [c for c in part_columns(shown, result) if c.name not in OF_CHAIN and c.unit != "号"]
    seen = {c.name for c in result.columns}
    return output_page(request, result, columns=columns, template="set/list.html", export_url=reverse("set_export", args=[chain, code, "_"])[:-1],
                       more={**common, "title": f"{told['label']} · {title_of(shown)}", "filters": _few(filters_of(result, [c for c in columns if c.name in seen], request.GET))})


def _few(filters: list[Filter]) -> list[Filter]:
    """The first filters of a list and those in use: the profile puts the columns that matter first."""
    return [f for place, f in enumerate(filters) if place < FILTERS or f.chosen]


def _map_page(request: HttpRequest, edition: Edition, shown: Part, chain: str, common: dict[str, Any]) -> HttpResponse:
    layers = [shown.output, *shown.options.get("also", [])]
    asked = request.GET.get("layer", layers[0])
    layer = asked if asked in layers else layers[0]
    result = released(request.user, layer, edition)
    page = whole_number(request.GET.get("page"), 1, 1, 99)
    svg, pages = _map(edition.manifest.content + edition.manifest.as_of, layer, result.version, chain, language(), page, Kept(result))
    return render(request, "set/map.html", {**common, "title": f"{common['chain']['label']} · {title_of(shown)}", "layers": [run(name, edition).output for name in layers], "layer": result.output,
                                            "svg": svg, "sheet": min(page, pages), "sheets": range(1, pages + 1), "rules": result.output.rules().values(), "forms": formats_of(layer), "doc": result.output.tells(language())})


@require_GET
def export(request: HttpRequest, chain: str, code: str, form: str) -> HttpResponse:
    """A list of the set as a file, with the profile's columns and the filters of its page."""
    edition, shown = need_edition(request), part_of(profile(), code)
    version = version_asked(request.user, request.GET.get("version", ""))
    release(shown.output, edition, version)  # refuses what the version does not hold, rather than give an empty file
    whole = part_result(shown, edition, chain, version)
    columns = part_columns(shown, whole)
    made = make(shown.output, edition, form, where={"chain_code": chain}, columns=columns, language=language(), result=filtered(whole, columns, request.GET))
    return download(made.data, made.name, made.media_type)


urlpatterns = [
    path("set/", the_set, name="set"),
    path("set/<slug:chain>/<slug:code>/", part, name="set_part"),
    path("set/<slug:chain>/<slug:code>/export/<str:form>", export, name="set_export"),
]
