"""The chain editor: chains as YAML text with every refusal told at its line, a preview of the map, and the words of one node."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET, require_http_methods

from liantu.chains import ChainTemplate, Node
from liantu.chains.follow import follow
from liantu.chains.records import save_template, template_of_records
from liantu.chains.template import MAX_BYTES, TemplateError, dump_template, industry_code_names, load_template
from liantu.kernel.access import may_write, require_write
from liantu.kernel.problems import UserError
from liantu.kernel.tables import model_of
from liantu.web import jobs
from liantu.web.answers import answered, download, tell, writers_only
from liantu.web.context import language

INLINE_FIRMS = 3000
_LINE = re.compile(r"第 (\d+) 行")


@require_GET
@answered
def chain_editor(request: HttpRequest) -> HttpResponse:
    """All chains with the ways to edit, copy, download and upload them."""
    nodes, links = model_of("chain_node"), model_of("node_link")
    chains = [{"chain": c, "nodes": nodes.objects.filter(chain=c).count(), "links": links.objects.filter(source__chain=c).count()}
              for c in model_of("chain").objects.select_related("industry").order_by("id")]
    return render(request, "chain_editor/chains.html", {"chains": chains, "may_write": may_write(request.user)})


@require_GET
@answered
def chain_yaml(request: HttpRequest, code: str) -> HttpResponse:
    """The chain as a YAML file."""
    return download(dump_template(template_of_records(code)).encode(), f"{code}.yaml", "application/yaml; charset=utf-8")


@require_http_methods(["GET", "POST"])
@answered
def chain_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Edit one chain as text."""
    if request.method == "POST":
        require_write(request.user)
        return _posted(request, code)
    text = dump_template(template_of_records(code))
    return _page(request, text, code)


@require_http_methods(["GET", "POST"])
@writers_only
def chain_new(request: HttpRequest) -> HttpResponse:
    """A new chain: as a copy of another (``?copy=``), from an uploaded file, or as text."""
    if request.method == "POST":
        return _posted(request, None)
    source = request.GET.get("copy")
    text = ""
    if source:
        template = template_of_records(source)
        text = dump_template(replace(template, code=f"{template.code}_copy"[:60], zh=f"{template.zh}（副本）"))
    return _page(request, text, None)


def _posted(request: HttpRequest, code: str | None) -> HttpResponse:
    uploaded = request.FILES.get("file")
    text = request.POST.get("yaml", "").replace("\r\n", "\n")
    if uploaded is not None:
        if uploaded.size > MAX_BYTES:
            raise UserError(f"文件超过 {MAX_BYTES // 1000} KB，不像一条产业链。", code="chain-template", hint="请检查是否选错文件。")
        try:
            text = uploaded.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UserError("文件不是 UTF-8 编码（可能是 GBK）。", code="chain-template", hint="请另存为 UTF-8 后再上传。") from None
    try:
        template = load_template(text if text.strip() else " ")
        if code is not None and template.code != code:
            raise TemplateError([f"这里改的是产业链 {code}，文本里的代码是 {template.code}。要另建一条链，请用「复制」或「新建」。"])
    except TemplateError as error:
        return _page(request, text, code, refusals=_refusals(error, text), status=400)
    if request.POST.get("act") != "save" or uploaded is not None:
        return _page(request, text, code, preview=preview(template), template=template)
    try:
        batch = save_template(template, by=request.user, note=(request.POST.get("note") or "").strip()[:200] or None)
    except UserError as error:
        return _page(request, text, code, refusals=[(None, f"{error.message}{error.hint}", "")], status=409)
    if batch is None:
        messages.info(request, "与现有内容相同，没有改动。")
    else:
        messages.success(request, f"已保存产业链「{template.zh}」：批次 {batch.number}，新增 {batch.created}、更新 {batch.updated}、删除 {batch.deleted}。")
        tell(request, _place_again(batch, request.user))
    return redirect("chain_edit", code=template.code)


def _place_again(batch: Any, user: Any) -> list[str]:
    """The words of nodes changed, so every firm is placed again: at once for small registers, beside the page for large ones."""
    from liantu.chains.placing import place_firms

    count = model_of("enterprise").objects.count()
    if count <= INLINE_FIRMS:
        placed = place_firms(by=user) if count else None
        return [*([f"已重新判断 {count} 家企业的环节（批次 {placed.number}）。"] if placed else []), *follow(batch, by=user)]

    def work(_: jobs.Tell) -> None:
        place_firms(by=user)
        follow(batch, by=user)

    jobs.start("place-all", "正在重新判断企业环节", work)
    return [f"正在后台重新判断 {count} 家企业的环节，完成后自动生成新版次。"]


def _refusals(error: TemplateError, text: str) -> list[tuple[int | None, str, str]]:
    """Every reason with its line and the text that stands there."""
    lines = text.split("\n")
    found = []
    for problem in error.problems:
        match = _LINE.search(problem)
        number = int(match.group(1)) if match else None
        found.append((number, problem, lines[number - 1].strip()[:120] if number and number <= len(lines) else ""))
    return found


def _page(request: HttpRequest, text: str, code: str | None, *, refusals: Any = (), preview: Any = None, template: Any = None, status: int = 200) -> HttpResponse:
    nodes = template_of_records(code).nodes if code else ()
    return render(request, "chain_editor/edit.html", {"yaml": text, "code": code, "refusals": refusals, "preview": preview, "template": template, "nodes": nodes,
                                                      "lines": text.count("\n") + 1, "may_write": may_write(request.user)}, status=status)


def preview(template: ChainTemplate) -> SafeString:
    """The map that the text would give, with the firms that stand at known nodes now."""
    from liantu.drawing import MapGroup, MapLink, MapNode, MapStage, lay_out, to_svg

    known = _standing(template.code)
    stages = [MapStage(s.code, s.zh, s.en) for s in template.stages]
    groups = [MapGroup(g.code, g.zh, g.en, g.stage) for g in template.groups]
    nodes = [MapNode(n.code, n.zh, n.en, n.group, "fair" if known.get(n.code) else "missing", known.get(n.code, 0), critical=n.critical) for n in template.nodes]
    links = [MapLink(k.source, k.target, k.item, k.weight) for k in template.links if not k.recycling]
    layout = lay_out(stages, groups, nodes, links, width=1140, language=language())
    return mark_safe(to_svg(layout, title=template.zh, language=language(), legend=False, interactive=False))


def _standing(code: str) -> dict[str, int]:
    """How many firms stand at each node of a chain now (not the rejected ones)."""
    found: dict[str, int] = {}
    placed = model_of("placement").objects.filter(chain_node__chain__code=code).exclude(grade="rejected")
    for node in placed.values_list("chain_node__code", flat=True):
        short = str(node).split("/", 1)[-1]
        found[short] = found.get(short, 0) + 1
    return found


@require_http_methods(["GET", "POST"])
@writers_only
def chain_node_edit(request: HttpRequest, code: str, node: str) -> HttpResponse:
    """The name and words of one node, without the rest of the text."""
    template = template_of_records(code)
    found = next((n for n in template.nodes if n.code == node), None)
    if found is None:
        raise UserError(f"产业链「{template.zh}」里没有环节 {node[:60]}。", code="unknown-node", hint="请在产业链里选。")
    refusals: list[tuple[int | None, str, str]] = []
    if request.method == "POST":
        changed = _changed(found, request.POST)
        whole = replace(template, nodes=tuple(changed if n.code == node else n for n in template.nodes))
        try:
            batch = save_template(load_template(dump_template(whole)), by=request.user, note=f"环节 {changed.zh} 的用词")
            tell(request, [f"已保存：批次 {batch.number}。", *_place_again(batch, request.user)] if batch else ["没有改动。"])
            return redirect("chain_node_edit", code=code, node=node)
        except TemplateError as error:
            refusals = [(None, re.sub(r"^第 \d+ 行 ?", "", p), "") for p in error.problems]
        except UserError as error:
            refusals = [(None, f"{error.message}{error.hint}", "")]
        found = changed
    names = [(c, industry_code_names().get(c, "")) for c in found.industry_codes]
    return render(request, "chain_editor/node.html", {"template": template, "code": code, "node": found, "refusals": refusals, "names": names,
                                                      "words": {k: "、".join(getattr(found, k)) for k in ("synonyms", "products", "excludes", "industry_codes")}},
                  status=400 if refusals else 200)


def _changed(node: Node, data: Any) -> Node:
    def words(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(w.strip() for w in re.split(r"[、，,；;\n\r]+", data.get(name, "")) if w.strip()))

    weight = data.get("weight", "")
    return replace(node, zh=data.get("zh", "").strip(), en=data.get("en", "").strip(), synonyms=words("synonyms"), products=words("products"), excludes=words("excludes"),
                   industry_codes=words("industry_codes"), weight=int(weight) if weight in ("1", "2", "3", "4", "5") else node.weight, critical=data.get("critical") == "1")


urlpatterns = [
    path("chains/edit/", chain_editor, name="chain_editor"),
    path("chains/edit/new", chain_new, name="chain_new"),
    path("chains/edit/<slug:code>/", chain_edit, name="chain_edit"),
    path("chains/edit/<slug:code>/yaml", chain_yaml, name="chain_yaml"),
    path("chains/edit/<slug:code>/node/<str:node>/", chain_node_edit, name="chain_node_edit"),
]
