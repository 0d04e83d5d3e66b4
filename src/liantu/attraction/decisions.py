"""目标决定: why a firm was chosen, watched or dropped, with what was seen on that day frozen beside it, and how it ended."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from liantu.attraction.choices import DECISIONS, OUTCOMES
from liantu.attraction.pipeline_write import changed, enough, filled, fresh, name_of, next_code, pk_of, row_after, save
from liantu.attraction.target_models import CandidateFirm, TargetDecision
from liantu.attraction.targets import PARTS
from liantu.chains.models import ChainNode
from liantu.kernel.access import require_write
from liantu.kernel.batch import Planned, writing
from liantu.kernel.edition import Edition
from liantu.kernel.output import run
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import Refused, UserError

PART_WORDS = {"gap": "缺口匹配", "link": "与本地联系", "size": "规模与成长", "expansion": "扩张信号", "distance": "距离与转移", "technology": "技术资质", "feasible": "落地可行", "risk": "风险"}
ENDED = tuple(c.value for c in OUTCOMES if c.value != "open")


def decide(user: Any, candidate: Any, *, decision: str, reason: str, edition: Edition, node: Any = None, on: date | None = None) -> TargetDecision:
    """Write down a decision on a firm with its score, rank, points and sentence of this edition.

    Raises Refused without a reason, and UserError for a firm that the edition does not score.
    """
    require_write(user)
    if decision not in {c.value for c in DECISIONS}:
        raise UserError(f"没有「{decision[:20]}」这种决定。", code="unknown-word", hint="可选：" + "、".join(c.zh for c in DECISIONS))
    why, firm = enough(reason, "决定"), fresh(CandidateFirm, candidate, "目标企业")
    seen = scored_row(edition, firm.pk)
    if seen is None:
        raise UserError(f"版次 {edition.number} 里没有「{firm.name}」的评分。", code="unknown-target", hint="它可能刚入库，或已落户本区；请先生成新的工作版次。")
    place = pk_of(node) or ChainNode.objects.filter(code=seen["node_code"] or "").values_list("pk", flat=True).first()
    with writing():
        values = {"code": next_code(TargetDecision, "JD", on), "candidate": firm.pk, "chain_node": place, "decision": decision, "decided_on": on or date.fromisoformat(edition.manifest.as_of), "who": name_of(user), "reason": why,
                  "edition": edition.number, "edition_hash": edition.manifest.content, "score": Decimal(str(round(seen["score"], 2))), "rank": seen["rank"], "pool_size": seen["pool_size"],
                  "points": frozen_points(seen), "sentence": seen["sentence"], "outcome": "open" if decision == "chosen" else None}
        batch = save(f"{values['code']} {firm.name}", user, [Planned("target_decision", filled(values))])
        row: TargetDecision = row_after(batch, "target_decision")
    return row


def settle(user: Any, decision: Any, *, outcome: str, on: date | None = None, note: str = "") -> TargetDecision:
    """Write down how a decision ended. An outcome that is known may be corrected; the evidence of that day stays."""
    require_write(user)
    if outcome not in {c.value for c in OUTCOMES}:
        raise UserError(f"没有「{outcome[:20]}」这种结果。", code="unknown-word", hint="可选：" + "、".join(c.zh for c in OUTCOMES))
    with writing():
        row = fresh(TargetDecision, decision, "目标决定")
        if on is not None and row.decided_on and on < row.decided_on:
            raise Refused(f"结果日期 {on} 早于决定日期 {row.decided_on}。", code="bad-day", hint="请写决定当天或之后的日期。")
        save(f"{row.code} 结果", user, changed("target_decision", row.pk, {"outcome": outcome, "outcome_on": on, "outcome_note": note.strip() or None}))
    return fresh(TargetDecision, row.pk, "目标决定")  # type: ignore[no-any-return]


def scored_row(edition: Edition, candidate: int) -> dict[str, Any] | None:
    """A firm's row of the scored list of an edition."""
    rows = run("target_scores", edition).frame.filter(pl.col("candidate") == candidate)
    return rows.row(0, named=True) if rows.height else None


def frozen_points(row: dict[str, Any]) -> str:
    """One line a reason: its points of how many, and on what."""
    full = parameter("target_score").value["full"]
    lines = [f"{PART_WORDS[p]} {row[f'{p}_points']:g}/{full[p]:g} {row[f'{p}_basis'] or ''}".rstrip() for p in PARTS]
    return "\n".join([*lines, *([f"{PART_WORDS['risk']} {row['risk_points']:g} {row['risk_basis'] or ''}"] if row["risk_points"] else [])])


def record() -> list[dict[str, Any]]:
    """Of the decisions of each kind whose end is known: how many firms came here (signed or landed), and how many there were. One row per kind; a firm's last decision counts."""
    last: dict[int, TargetDecision] = {d.candidate_id: d for d in TargetDecision.objects.order_by("decided_on", "id")}  # type: ignore[attr-defined]
    landed = _landed(last)
    rows = []
    for kind in DECISIONS:
        of = [d for d in last.values() if d.decision == kind.value]
        known = [d for d in of if d.outcome in ENDED or d.candidate_id in landed]  # type: ignore[attr-defined]
        rows.append({"kind": kind, "n": len(of), "known": len(known), "came": sum(d.outcome in ("landed", "signed") or d.candidate_id in landed for d in known)})  # type: ignore[attr-defined]
    return rows


def _landed(last: dict[int, TargetDecision]) -> set[int]:
    """Firms that landed here after what was decided about them."""
    from liantu.attraction.target_models import CandidateLanding

    return {c for c, on in CandidateLanding.objects.filter(here=True, candidate__in=list(last)).values_list("candidate", "happened_on")
            if on is not None and (last[c].decided_on is None or on >= last[c].decided_on)}
