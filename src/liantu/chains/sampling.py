"""The monthly sample: drawn by the month alone, answered by persons, and what the answers say of the machine's accuracy.

Which rows are drawn follows from a hash of month, firm and node: whoever draws gets the same rows, and rows that persons have
decided before (at the desk, on a firm's page) are as likely as others, so that the sample cannot be picked to look good.
Estimates are in :mod:`liantu.methods.sample_accuracy`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from liantu.chains.check_models import PlacementCheck
from liantu.chains.models import Chain, ChainNode, Placement
from liantu.chains.placing import DECIDED, confirm, place_at, reject
from liantu.enterprises.models import Enterprise
from liantu.kernel.batch import Planned, undo, write, writing
from liantu.kernel.models import Batch, Change
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import Refused, UserError
from liantu.methods.sample_accuracy import Told

MACHINE = ("likely", "to_verify")
FOR_PLACED, FOR_UNPLACED = ("right", "wrong", "unclear"), ("belongs", "none", "unclear")
IDS = 900  # ids in one question


@dataclass(frozen=True)
class Unit:
    """One thing that may be drawn: a placement of the machine, or a firm that it placed nowhere (``node`` is None)."""

    key: str
    firm: int
    chain: int | None = None
    node: int | None = None
    grade: str | None = None
    score: Decimal | None = None
    evidence: str | None = None
    why_not: str | None = None


def month_of(day: date | None = None) -> str:
    """The month as the sample names it: 2025-03."""
    return (day or date.today()).strftime("%Y-%m")


def pick(units: Iterable[Unit], month: str, wanted: int) -> list[Unit]:
    """The ``wanted`` units with the smallest hash of month and key: a simple random sample that nobody can steer.

    >>> [u.firm for u in pick([Unit("a", 1), Unit("b", 2), Unit("c", 3)], "2025-03", 2)] == [u.firm for u in pick([Unit("c", 3), Unit("a", 1), Unit("b", 2)], "2025-03", 2)]
    True
    """
    return sorted(units, key=lambda u: sha256(f"{month}|{u.key}".encode()).hexdigest())[:wanted]


def allocate(sizes: Mapping[str, int], wanted: int, least: int) -> dict[str, int]:
    """How many to draw from each stratum: at least ``least`` (or all there are), the rest by size.

    >>> allocate({"likely": 90, "to_verify": 10}, 20, 5)
    {'likely': 15, 'to_verify': 5}
    >>> allocate({"likely": 3, "to_verify": 0}, 20, 5)
    {'likely': 3, 'to_verify': 0}
    """
    drawn = {name: min(size, least) for name, size in sizes.items()}
    while sum(drawn.values()) < min(wanted, sum(sizes.values())):
        room = {name: size * (wanted / max(1, sum(sizes.values()))) - drawn[name] for name, size in sizes.items() if drawn[name] < size}
        drawn[max(room, key=lambda name: room[name])] += 1
    return drawn


def _machine_grades(placements: Sequence[Placement]) -> dict[int, str]:
    """What the machine had said of placements that a person decided since, from the change log."""
    told: dict[int, str] = {}
    ids = [p.pk for p in placements]
    for start in range(0, len(ids), IDS):
        changes = Change.objects.filter(table="placement", record__in=ids[start:start + IDS], batch__kind="placement").order_by("id")
        told.update({record: after["grade"] for record, after in changes.values_list("record", "after") if after and after.get("grade") in MACHINE})
    return told


def placed_units() -> list[Unit]:
    """Every placement that the machine proposed, with the grade that the machine gave; what persons said since is not looked at."""
    rows = list(Placement.objects.filter(score__isnull=False).select_related("enterprise", "chain_node").order_by("id").iterator(chunk_size=5000))
    before = _machine_grades([p for p in rows if p.grade in DECIDED])
    found = []
    for p in rows:
        grade = before.get(p.pk) if p.grade in DECIDED else p.grade
        if grade in MACHINE:
            found.append(Unit(f"{p.enterprise.uscc or p.enterprise.name}|{p.chain_node.code}", p.enterprise_id, p.chain_node.chain_id, p.chain_node_id, grade, p.score, p.evidence, p.why_not))
    return found


def unplaced_units() -> list[Unit]:
    """Firms that the machine placed nowhere. A firm that a person placed because it was drawn here before stays among them."""
    known = set(Placement.objects.values_list("enterprise_id", flat=True))
    found_out = set(PlacementCheck.objects.filter(sampled="unplaced").values_list("enterprise_id", flat=True))
    known -= found_out - set(Placement.objects.filter(score__isnull=False).values_list("enterprise_id", flat=True))
    return [Unit(uscc or name, pk) for pk, name, uscc in Enterprise.objects.order_by("id").values_list("id", "name", "uscc").iterator(chunk_size=20_000) if pk not in known]


def sample(month: str) -> list[tuple[Unit, int]]:
    """The month's sample, each unit with the size of its stratum (chain and grade; firms placed nowhere are one stratum)."""
    rule = parameter("placement_sample").value
    strata: dict[int, dict[str, list[Unit]]] = defaultdict(lambda: {grade: [] for grade in MACHINE})
    for unit in placed_units():
        strata[unit.chain or 0][unit.grade or ""].append(unit)
    drawn: list[tuple[Unit, int]] = []
    for chain in sorted(strata):
        wanted = allocate({grade: len(units) for grade, units in strata[chain].items()}, rule["placed"], rule["least_per_grade"])
        drawn += [(unit, len(units)) for grade, units in strata[chain].items() for unit in pick(units, month, wanted[grade])]
    apart = unplaced_units()
    return [*drawn, *((unit, len(apart)) for unit in pick(apart, month, rule["unplaced"] * Chain.objects.count()))]


def draw(month: str, by: Any = None) -> Batch:
    """Write the month's sample as one batch; a month is drawn once."""
    with writing():
        if PlacementCheck.objects.filter(month=month).exists():
            raise Refused(f"{month} 的样本已经抽过，每月只抽一次。", code="already-drawn", hint="请直接核对。")
        units = sample(month)
        if not units:
            raise UserError("还没有可以抽查的企业。", code="nothing-to-draw", hint="请先导入企业并运行入链判断。")
        batch = Batch.objects.create(kind="form", by=by, note=f"{month} 入链准确率抽样 {len(units)} 条")
        write(batch, [Planned("placement_check", {"month": month, "sampled": "placed" if u.node else "unplaced", "enterprise": u.firm, "chain": u.chain, "chain_node": u.node,
                                                  "grade": u.grade, "score": u.score, "evidence": u.evidence, "why_not": u.why_not, "out_of": size}) for u, size in units])
    return batch


def _note(check: PlacementCheck) -> str:
    return f"抽样核对 {check.month} 第{check.pk}条："


def _check(pk: int, *, answered: bool) -> PlacementCheck:
    found = PlacementCheck.objects.select_related("enterprise", "chain_node", "right_node").filter(pk=pk).first()
    if found is None:
        raise UserError("这条抽样已经不在了。", code="unknown-check", hint="请刷新页面。")
    if (found.answer is not None) != answered:
        raise Refused("这条抽样已经有人答过了。" if found.answer else "这条抽样还没有答案。", code="changed-meanwhile", hint="请刷新页面。")
    return found


def answer(pk: int, word: str, by: Any, *, node: int | None = None) -> Batch:
    """A person's answer to one drawn row, and what follows from it for the firm's placement, in one go.

    ``right`` confirms the placement, ``wrong`` rejects it (and places the firm at ``node`` where one is told), ``belongs`` places a
    firm that the machine placed nowhere at ``node``; ``unclear`` and ``none`` change no placement.
    """
    with writing():
        check = _check(pk, answered=False)
        if word not in (FOR_PLACED if check.sampled == "placed" else FOR_UNPLACED):
            raise UserError(f"没有答案「{word[:20]}」。", code="unknown-word", hint="请点页面上的按钮。")
        if word == "belongs" and node is None or node is not None and not ChainNode.objects.filter(pk=node).exists():
            raise UserError("请选应在的环节。", code="unknown-node", hint="从下拉的环节里选一个。")
        if word not in ("wrong", "belongs"):
            node = None
        if node is not None and node == check.chain_node_id:
            raise UserError("应在的环节与机器判断相同。", code="same-node", hint="如果判断正确，请点「对」。")
        missed = node is not None and not Placement.objects.filter(enterprise_id=check.enterprise_id, chain_node_id=node, score__isnull=False).exists()
        batch = _follow(check, word, by, node)
        values: dict[str, Any] = {"answer": word, "right_node": node, "missed": missed if word in ("wrong", "belongs", "none") else None,
                                  "who": by.get_username() if by else "命令行", "answered_on": date.today()}
        changed = {c: v for c, v in values.items() if v is not None}
        write(batch, [Planned("placement_check", changed, record=check.pk, before=dict.fromkeys(changed), revision=check.revision)])
    return batch


def _follow(check: PlacementCheck, word: str, by: Any, node: int | None) -> Batch:
    """Decide the placement as the answer says; gives the batch that the answer itself is written to."""
    note = _note(check) + check.enterprise.name
    if node is not None:
        own = place_at(check.enterprise_id, node, by, note=note[:200])
    if word in ("right", "wrong"):
        known = Placement.objects.filter(enterprise_id=check.enterprise_id, chain_node_id=check.chain_node_id).first()
        if known is not None:
            return (confirm if word == "right" else reject)(known.pk, by, note=note[:200])
        if word == "right":
            return place_at(check.enterprise_id, check.chain_node_id, by, note=note[:200])
    return own if node is not None else Batch.objects.create(kind="form", by=by, note=note[:200])


def take_answer_back(pk: int, by: Any) -> list[Batch]:
    """Undo an answer with what it did to placements; refused when a placement was changed since."""
    with writing():
        check = _check(pk, answered=True)
        batches = list(Batch.objects.filter(note__startswith=_note(check), undone_by=None).exclude(kind="undo").order_by("-id"))
        return [undo(batch, by=by, note=f"撤回核对：{check.enterprise.name}") for batch in batches]


def checks_since(month: str) -> list[PlacementCheck]:
    """Drawn rows from a month on."""
    return list(PlacementCheck.objects.filter(month__gte=month).select_related("chain", "right_node__chain").order_by("month", "id"))


def told_of(checks: Iterable[PlacementCheck]) -> list[Told]:
    """Answered records as plain rows; those that cannot be told count nowhere."""
    return [Told(c.month, c.chain.code if c.chain else None, c.grade, c.out_of or 0, c.answer, c.right_node.chain.code if c.missed and c.right_node else None)
            for c in checks if c.answer not in (None, "unclear")]
