"""Placing firms on nodes: the machine proposes with evidence, a person decides, and the person's word is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from liantu.chains.business_share import Carried, ToldShares
from liantu.chains.models import ChainNode, Placement, PlacementCheck
from liantu.enterprises.models import Enterprise
from liantu.enterprises.product_words import product_words
from liantu.kernel.batch import Planned, same, write, writing
from liantu.kernel.models import Batch, Change
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import UserError
from liantu.kernel.word_lists import split_words
from liantu.methods.placement import FirmText, NodeText, Placed, Placer
from liantu.methods.placement_learn import Decided, learn, line_for_precision

DECIDED = ("confirmed", "rejected")
READ = {"name", "scope", "products", "industry_code"}


def placer() -> Placer:
    """A placer over the nodes of all chains, with the thresholds in force (``parameters/placement.yaml``)."""
    rule = parameter("placement").value
    nodes = [NodeText(code=n.code, name=n.name, synonyms=split_words(n.synonyms), products=split_words(n.products), excludes=split_words(n.excludes),
                      industry_codes=split_words(n.industry_codes), chain=n.chain.code, group_name=n.group_name or "")
             for n in ChainNode.objects.select_related("chain").order_by("id")]
    return Placer(nodes, likely=rule["likely"], verify=rule["verify"])


def _firms(ids: Iterable[int] | None = None) -> tuple[list[FirmText], Carried]:
    """The firms' words, and the products of those whose products carry shares of the business."""
    query = Enterprise.objects.order_by("id")
    if ids is not None:
        query = query.filter(pk__in=list(ids))
    texts, carried = [], {}
    for pk, name, scope, products, code in query.values_list("id", "name", "scope", "products", "industry_code").iterator(chunk_size=20_000):
        told = product_words(products)
        if any(p.share is not None for p in told):
            carried[pk] = told
        texts.append(FirmText(pk, name, scope or "", tuple(p.word for p in told), code or ""))
    return texts, carried


def place_firms(ids: Iterable[int] | None = None, *, by: Any = None, progress: Callable[[str], None] | None = None) -> Batch | None:
    """Read the given firms (all when None) and write what changed as one batch; decisions of persons stay untouched."""
    if not ChainNode.objects.exists():
        return None
    wanted = None if ids is None else set(ids)
    engine = placer()
    every, carried = _firms(wanted)
    engine.fit_background(every if wanted is None or len(wanted) > 1000 else _firms()[0])
    if progress:
        progress(f"判断 {len(every)} 家企业的环节")
    placed = learned_grades(engine.place(every, at_most=parameter("placement").value["at_most"]))
    with writing():
        planned = _plan(placed, {f.key for f in every}, ToldShares(engine, carried))
        if not planned:
            return None
        batch = Batch.objects.create(kind="placement", by=by, note=f"入链判断 {len(every)} 家")
        write(batch, planned)
    return batch


def decisions() -> list[Decided]:
    """What people said of the machine's proposals: confirmed and rejected ones, and the answers of the monthly samples."""
    said = {(e, n): Decided(code, _word(evidence), float(score), grade == "confirmed")
            for e, n, code, evidence, score, grade in Placement.objects.filter(grade__in=DECIDED, score__isnull=False).order_by("id").values_list(
                "enterprise_id", "chain_node_id", "chain_node__code", "evidence", "score", "grade")}
    for e, n, code, evidence, score, answer in PlacementCheck.objects.filter(chain_node__isnull=False, score__isnull=False).exclude(answer=None).order_by(
            "id").values_list("enterprise_id", "chain_node_id", "chain_node__code", "evidence", "score", "answer"):
        if answer != "unclear":
            said.setdefault((e, n), Decided(code, _word(evidence), float(score), answer == "right"))
    return list(said.values())


def _word(evidence: str | None) -> str:
    """The word that spoke most for a proposal: the first piece of its evidence without source and role."""
    first = (evidence or "").split("；")[0].partition(":")[2]
    return re.sub("（[^（）]*）$", "", first.partition("≈")[2] or first)


def learned_grades(placed: list[Placed]) -> list[Placed]:
    """Proposals graded by what people's decisions teach, once there are enough; else as they are.

    ``likely`` are those above the line at which the expected precision of all open proposals is the one wanted
    (``parameters/placement.yaml``); where no line reaches it, grades stay and only the probability is told.
    """
    rule = parameter("placement").value
    said = decisions()
    learned = learn(said, least=rule["learn_from"], least_each=rule["learn_from_each"])
    if learned is None or not placed:
        return placed
    chance = learned.probability([p.node for p in placed], [_word("；".join(p.evidence)) for p in placed], [p.score for p in placed])
    stored = Placement.objects.exclude(grade__in=DECIDED).filter(score__isnull=False).order_by("id").values_list("chain_node__code", "evidence", "score")
    known = [(node, _word(evidence), float(score)) for node, evidence, score in stored.iterator(chunk_size=20_000)]
    every = learned.probability(*zip(*known, strict=True)) if len(known) > len(placed) else chance
    line = line_for_precision(every, rule["precision_wanted"])
    reachable = line <= 1
    return [replace(p, grade=("likely" if sure >= line else "to_verify") if reachable else p.grade, evidence=(*p.evidence, f"按本区{learned.n}条人工判断"), probability=sure)
            for p, sure in zip(placed, chance.tolist(), strict=True)]


def _plan(placed: list[Any], firms: set[Any], told: ToldShares) -> list[Planned]:
    node_id = dict(ChainNode.objects.values_list("code", "id"))
    node_code = {pk: code for code, pk in node_id.items()}
    current = {(p.enterprise_id, p.chain_node_id): p for p in Placement.objects.all().iterator(chunk_size=20_000) if p.enterprise_id in firms}
    planned, seen = [], set()
    for item in placed:
        key = (item.key, node_id[item.node])
        seen.add(key)
        values = {"grade": item.grade, "score": Decimal(str(round(item.score, 4))), "evidence": "；".join(item.evidence), "who": "liantu",
                  "why_not": item.why_not[:300] or None, "activity": item.activities or None, "probability": None if item.probability is None else Decimal(str(round(item.probability, 4)))}
        known = current.get(key)
        if known is None or known.grade not in DECIDED:
            values |= told.beside(item.key, item.node, values["evidence"], known)
        if known is None:
            planned.append(Planned("placement", {"enterprise": key[0], "chain_node": key[1], **values}))
        elif known.grade not in DECIDED:
            changed = {c: v for c, v in values.items() if not same(v, getattr(known, c))}
            if changed:
                planned.append(Planned("placement", changed, record=known.pk, before={c: getattr(known, c) for c in changed}))
    for (firm, node), known in current.items():
        if known.grade == "confirmed":  # the person spoke of the node; the share is told as long as nobody said another
            values = told.beside(firm, node_code[node], known.evidence, known)
            changed = {c: v for c, v in values.items() if not same(v, getattr(known, c))}
            if changed:
                planned.append(Planned("placement", changed, record=known.pk, before={c: getattr(known, c) for c in changed}))
    stale = [p for key, p in current.items() if key not in seen and p.grade not in DECIDED]
    return [*planned, *(Planned("placement", {}, record=p.pk, delete=True) for p in stale)]


def place_touched(batch: Batch, *, by: Any = None) -> Batch | None:
    """Place again the firms whose words an accepted batch changed."""
    changes = Change.objects.filter(batch=batch, table="enterprise").exclude(kind=Change.DELETED).values_list("record", "after")
    ids = {record for record, after in changes.iterator(chunk_size=20_000) if READ & set(after or {})}
    return place_firms(ids, by=by) if ids else None


def confirm(placement: int, by: Any, *, role: str | None = None, note: str | None = None) -> Batch:
    """A person says: this firm stands at this node."""
    return _decide(placement, by, "confirmed", note, role)


def reject(placement: int, by: Any, *, note: str | None = None) -> Batch:
    """A person says: this firm does not stand at this node; it is not proposed there again."""
    return _decide(placement, by, "rejected", note, None)


def _decide(placement: int, by: Any, grade: str, note: str | None, role: str | None) -> Batch:
    with writing():
        record = Placement.objects.select_related("enterprise", "chain_node").filter(pk=placement).first()
        if record is None:
            raise UserError("这条入链判断已经不在了。", code="unknown-placement", hint="请刷新页面。")
        values: dict[str, Any] = {"grade": grade, "who": by.get_username() if by else "命令行"}
        if role is not None:
            values["role"] = role
        word = "是" if grade == "confirmed" else "不是"
        batch = Batch.objects.create(kind="form", by=by, note=(note or f"{record.enterprise.name} {word} {record.chain_node.name}")[:200])
        write(batch, [Planned("placement", values, record=record.pk, before={c: getattr(record, c) for c in values})])
    return batch


def place_at(enterprise: int, node: int, by: Any, *, role: str | None = None, note: str | None = None) -> Batch:
    """A person puts a firm at a node that nobody proposed."""
    known = Placement.objects.filter(enterprise_id=enterprise, chain_node_id=node).first()
    if known:
        return confirm(known.pk, by, role=role, note=note)
    with writing():
        batch = Batch.objects.create(kind="form", by=by, note=note)
        write(batch, [Planned("placement", {"enterprise": enterprise, "chain_node": node, "grade": "confirmed", "role": role, "evidence": "人工指定",
                                            "who": by.get_username() if by else "命令行"})])
    return batch
