"""成套材料: choose chains, edition and version, make the whole set beside the page, and take it away as one zip."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from liantu.kernel.access import edition_numbered, may_see_confidential
from liantu.kernel.edition import Edition, formal_before, list_editions
from liantu.kernel.output import Version
from liantu.kernel.problems import Refused, UserError
from liantu.kernel.release import VERSIONS
from liantu.papers.atlas import missing_tool
from liantu.papers.chain import chains_of
from liantu.papers.pack_files import Item, Order, items
from liantu.papers.pack_zip import Zipped, kept_zips, orders_of, zip_key, zip_packs, zipped
from liantu.web import jobs
from liantu.web.answers import answered
from liantu.web.context import language, need_edition, say

VERSIONS_EN = {"internal": "Internal", "department": "Department", "public": "Public"}
ABOUT = {"internal": ("全部内容，含单个企业数据；只在承担任务的单位内使用", "Everything, single firms' figures included; for the offices in charge only"),
         "department": ("不含单个企业的统计和税务数据，小格已隐去；可发给其他部门", "Without single firms' figures, small cells withheld; for other offices"),
         "public": ("只含可公开的列，小格已隐去；可对外", "Public columns only, small cells withheld; for anybody")}
BOOK = "*"
SHOWN = 12


def _versions(user: Any) -> list[Version]:
    """The versions that a person may have made: internal only for those who may see single firms' figures."""
    return ["internal", "department", "public"] if may_see_confidential(user) else ["department", "public"]


@require_http_methods(["GET", "POST"])
@answered
def pack(request: HttpRequest) -> HttpResponse:
    """What to make, and what was made lately."""
    edition = need_edition(request)
    if request.method == "POST":
        return _order(request)
    may = _versions(request.user)
    earlier = formal_before(edition.manifest)
    words = [(v, VERSIONS[v] if language() == "zh" else VERSIONS_EN[v], say(*ABOUT[v])) for v in may]
    chains = chains_of(edition)
    return render(request, "pack/pack.html", {
        "chains": [(c.code, c.title(language()), c.chief) for c in chains], "chosen": request.GET.getlist("chain") or [c.code for c in chains[:1]], "versions": words, "may_internal": "internal" in may,
        "editions": list(reversed(list_editions()))[:60], "edition_number": edition.number, "since": earlier.number if earlier else "", "pdf_missing": missing_tool(),
        "contents": _contents(items(Order(edition, chains[0].code if chains else None, None, may[0], language()))), "kept": [z for z in kept_zips() if z.version in may][:SHOWN], "book": BOOK})


def _contents(files: list[Item]) -> list[tuple[str, str]]:
    """What is in a pack: each paper, and the drawings of a folder in one line."""
    drawn: dict[str, dict[str, None]] = {}
    for item in files:
        if "/" in item.name:
            drawn.setdefault(item.name.split("/")[0], {})[item.what] = None
    return [*((i.name, i.what) for i in files if "/" not in i.name), *((f"{folder}/", say("、", ", ").join(words) + say("（SVG、PNG）", " (SVG, PNG)")) for folder, words in drawn.items())]


def _order(request: HttpRequest) -> HttpResponse:
    orders = _asked(request)
    key = zip_key(orders)
    if zipped(key) is None:
        job = _job(key)
        jobs.forget(job) if (jobs.state_of(job) or {}).get("state") == "failed" else None
        jobs.start(job, say("正在做成套材料", "Making the packs"), lambda tell: zip_packs(orders, tell=lambda done, total, what: tell(done, total)).key)
    return redirect("pack_made", key=key)


def _asked(request: HttpRequest) -> list[Order]:
    """The order as the form says it, all checked; nobody may choose a version above his right."""
    edition = edition_numbered(request.POST.get("edition", ""))
    version = request.POST.get("version", "")
    if version not in _versions(request.user):
        raise Refused(say("您的账号不能做这个版本的材料。", "Your account may not make this version."), code="version-above-right",
                      hint=say("内部版要有「内部」权限，请联系管理员。", "Ask the administrator for the internal right."))
    chains: list[str | None] = [None if c == BOOK else c for c in request.POST.getlist("chain")]
    if not chains:
        raise UserError(say("还没有选择产业链。", "No chain was chosen."), code="needs-chain", hint=say("请至少选一条。", "Choose at least one."))
    since: Edition | None = edition_numbered(request.POST["since"]) if request.POST.get("since") else None
    spoken = "en" if request.POST.get("language") == "en" else "zh"
    return orders_of(edition, chains, version=next(v for v in _versions(request.user) if v == version), since=since, language=spoken, pdf=bool(request.POST.get("pdf")) and not missing_tool())


def _job(key: str) -> str:
    return f"pack-{key}"


@require_GET
@answered
def made(request: HttpRequest, key: str) -> HttpResponse:
    """How far it is; when it is done, what is in it and the zip to take away."""
    found = zipped(key)
    if found is not None:
        _may_have(request, found)
        jobs.forget(_job(key))
        return render(request, "pack/made.html", {"pack": found, "version": VERSIONS[found.version] if language() == "zh" else VERSIONS_EN[found.version]})
    state = jobs.state_of(_job(key))
    if state is None:
        raise UserError(say("没有这份材料，可能已经清理。", "There is no such pack; it may have been cleared."), code="unknown-pack", hint=say("请重新生成。", "Please make it again."))
    if state["state"] == "failed":
        return render(request, "pack/failed.html", {"failure": state}, status=200)
    return render(request, "pack/progress.html", {"state": state, "key": key}, status=202)


def _may_have(request: HttpRequest, found: Zipped) -> None:
    if found.version not in _versions(request.user):
        raise Refused(say("您的账号不能取这个版本的材料。", "Your account may not have this version."), code="version-above-right", hint=say("请联系管理员。", "Ask the administrator."))


@require_GET
@answered
def progress(request: HttpRequest, key: str) -> HttpResponse:
    """How far the job is, for the page: state, done of total, seconds gone and seconds left."""
    state = jobs.state_of(_job(key)) or {"state": "done", "done": 0, "total": 0, "seconds": 0, "title": ""}
    left = None
    if state["state"] == "running" and state["done"] and state["total"] > state["done"]:
        left = round(state["seconds"] * (state["total"] - state["done"]) / state["done"], 1)
    return JsonResponse({"state": state["state"], "done": state["done"], "total": state["total"], "seconds": state["seconds"], "left": left, "url": reverse("pack_made", args=[key])})


@require_GET
@answered
def take(request: HttpRequest, key: str) -> Any:
    """The zip itself."""
    found = zipped(key)
    if found is None:
        raise UserError(say("没有这份材料，可能已经清理。", "There is no such pack; it may have been cleared."), code="unknown-pack", hint=say("请重新生成。", "Please make it again."))
    _may_have(request, found)
    return FileResponse(found.path.open("rb"), as_attachment=True, filename=found.name, content_type="application/zip")


urlpatterns = [
    path("set/pack/", pack, name="pack"),
    path("set/pack/<slug:key>/made/", made, name="pack_made"),
    path("set/pack/<slug:key>/progress/", progress, name="pack_progress"),
    path("set/pack/<slug:key>/zip/", take, name="pack_zip"),
]
