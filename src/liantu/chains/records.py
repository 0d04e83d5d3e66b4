"""Chain templates into records and back: one batch per saved chain, so that every edit of a chain has its history."""

from __future__ import annotations

from typing import Any

from liantu.chains import ChainTemplate, Group, Industry, Link, Node, Stage
from liantu.chains import models as m
from liantu.chains.template import load_builtin
from liantu.kernel.batch import Planned, same, write, writing
from liantu.kernel.models import Batch
from liantu.kernel.problems import Refused, UserError
from liantu.kernel.word_lists import join_words, split_words


def load_template_records(code: str, *, by: Any = None) -> Batch | None:
    """Bring one of the built-in chains into the records."""
    return save_template(load_builtin(code), by=by)


def save_template(template: ChainTemplate, *, by: Any = None, note: str | None = None) -> Batch | None:
    """Write a chain as records: new, changed and removed nodes and links in one batch; None when nothing differs.

    A node at which firms stand cannot be removed: the refusal says how many stand there.
    """
    with writing():
        planned = _plan(template)
        if not planned:
            return None
        batch = Batch.objects.create(kind="template", by=by, note=note or f"产业链模板 {template.zh}（{template.edition}）")
        write(batch, planned)
    return batch


def _plan(template: ChainTemplate) -> list[Planned]:
    industry = _one("industry", m.Industry, {"code": template.industry.code, "name": template.industry.zh, "name_en": template.industry.en or None})
    chain = _one("chain", m.Chain, {"code": template.code, "name": template.zh, "name_en": template.en or None, "edition": template.edition, "basis": template.basis})
    _link(chain, "industry", industry)
    stages = {s.code: (i, s) for i, s in enumerate(template.stages)}
    groups = {g.code: (i, g) for i, g in enumerate(template.groups)}
    order = sorted(range(len(template.nodes)), key=lambda i: (stages[groups[template.nodes[i].group][1].stage][0], groups[template.nodes[i].group][0], i))
    nodes: dict[str, Planned] = {}
    known_nodes = {n.code: n for n in m.ChainNode.objects.filter(code__in=[f"{template.code}/{n.code}" for n in template.nodes]).order_by("-id")}
    for position, index in enumerate(order):
        node = template.nodes[index]
        group = groups[node.group][1]
        stage = stages[group.stage][1]
        code = f"{template.code}/{node.code}"
        item = _against("chain_node", known_nodes.get(code), {
            "code": code, "name": node.zh, "name_en": node.en or None, "stage": stage.stage, "stage_code": stage.code, "stage_name": stage.zh,
            "stage_name_en": stage.en or None, "group_code": group.code, "group_name": group.zh, "group_name_en": group.en or None, "position": position,
            "synonyms": join_words(node.synonyms), "products": join_words(node.products), "excludes": join_words(node.excludes), "industry_codes": join_words(node.industry_codes),
            "weight": node.weight, "critical": node.critical})
        _link(item, "chain", chain)
        nodes[node.code] = item
    links = []
    known_links = {(k.source_id, k.target_id): k for k in m.NodeLink.objects.filter(source__in=[n.pk for n in known_nodes.values()]).order_by("-id")}
    for link in template.links:
        source, target = nodes[link.source], nodes[link.target]
        item = _against("node_link", known_links.get((source.record, target.record)), {"item": link.item or None, "weight": link.weight, "recycling": link.recycling})
        _link(item, "source", source)
        _link(item, "target", target)
        links.append(item)
    removed = _removed(chain.record, {n.record for n in nodes.values()}, {i.record for i in links}) if chain.record else []
    every = [industry, chain, *nodes.values(), *links]
    return [p for p in every if p.record is None or p.values or p.links] + removed


def _one(table: str, model: Any, values: dict[str, Any]) -> Planned:
    return _against(table, model.objects.filter(code=values["code"]).first(), values)


def _against(table: str, known: Any, values: dict[str, Any]) -> Planned:
    if known is None:
        return Planned(table, values)
    changed = {c: v for c, v in values.items() if not same(v, getattr(known, c))}
    return Planned(table, changed, record=known.pk, before={c: getattr(known, c) for c in changed})


def _link(item: Planned, column: str, other: Planned) -> None:
    """Set a reference: by id when the other row has one, else by the planned row itself."""
    if item.record is None:
        if other.record is None:
            item.links[column] = other
        else:
            item.values[column] = other.record


def _removed(chain: int, nodes: set[int | None], links: set[int | None]) -> list[Planned]:
    gone = m.ChainNode.objects.filter(chain_id=chain).exclude(pk__in=[n for n in nodes if n])
    standing = [(n.name, m.Placement.objects.filter(chain_node=n).exclude(grade="rejected").count()) for n in gone]
    held = [f"{name}（{count} 家）" for name, count in standing if count]
    if held:
        raise Refused("这些环节还有企业，不能删除：" + "、".join(held), code="node-in-use", hint="请先把企业移到别的环节，或只改环节的名称。")
    old_links = m.NodeLink.objects.filter(source__chain_id=chain).exclude(pk__in=[i for i in links if i])
    rejected = m.Placement.objects.filter(chain_node__in=gone)
    return [*(Planned("chain_node", {}, record=n.pk, delete=True) for n in gone), *(Planned("node_link", {}, record=k.pk, delete=True) for k in old_links),
            *(Planned("placement", {}, record=p.pk, delete=True) for p in rejected)]


def template_of_records(code: str) -> ChainTemplate:
    """A chain as it stands in the records, as a template to copy or edit."""
    chain = m.Chain.objects.select_related("industry").filter(code=code).first()
    if chain is None:
        raise UserError(f"没有产业链「{code}」。", code="unknown-chain", hint="现有：" + "、".join(m.Chain.objects.values_list("code", flat=True)))
    records = list(m.ChainNode.objects.filter(chain=chain).order_by("position"))
    stages = {r.stage_code: Stage(r.stage_code, r.stage, r.stage_name, r.stage_name_en or "") for r in records}
    groups = {r.group_code: Group(r.group_code, r.stage_code, r.group_name, r.group_name_en or "") for r in records}
    nodes = tuple(Node(code=r.code.split("/", 1)[1], zh=r.name, group=r.group_code, industry_codes=split_words(r.industry_codes), weight=r.weight, en=r.name_en or "",
                       synonyms=split_words(r.synonyms), products=split_words(r.products), excludes=split_words(r.excludes), critical=bool(r.critical)) for r in records)
    links = tuple(Link(source=k.source.code.split("/", 1)[1], target=k.target.code.split("/", 1)[1], weight=k.weight or 1, item=k.item or "", recycling=bool(k.recycling))
                  for k in m.NodeLink.objects.filter(source__chain=chain).select_related("source", "target").order_by("id"))
    industry = Industry(chain.industry.code, chain.industry.name, chain.industry.name_en or "")
    return ChainTemplate(code=chain.code, zh=chain.name, industry=industry, edition=chain.edition, basis=chain.basis, classification="GB/T 4754-2017",
                         stages=tuple(stages.values()), groups=tuple(groups.values()), nodes=nodes, links=links, en=chain.name_en or "")
