"""两条记录是同一家：合并、拆开、判为两家；每一步是一个批次，可以撤销，历史里每个值都在。"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from django.db import IntegrityError

from liantu.kernel.absorb import Absorption, absorb, plan_absorption, take_apart
from liantu.kernel.batch import Planned, existing_values, write, writing
from liantu.kernel.models import Batch, Change
from liantu.kernel.names import name_key
from liantu.kernel.problems import Refused, UserError
from liantu.kernel.word_lists import join_words, split_words

MERGE, SPLIT, APART = "merge", "split", "apart"


@dataclass(frozen=True)
class Merged:
    """One pair of a merge that stands: the batch, the record that stayed, and the name and code of the one that went. A batch may hold ``of`` pairs."""

    batch: Batch
    keep: int
    keep_name: str
    drop: int
    drop_name: str
    drop_code: str | None
    of: int = 1
    first: bool = True


def firm(record: int) -> dict[str, Any]:
    """All columns of one firm; an unknown id is answered in words."""
    from liantu.enterprises.models import Enterprise

    if not Enterprise.objects.filter(pk=record).exists():
        raise UserError(f"名录里没有编号 {record} 的企业，可能已经合并。", code="unknown-firm", hint="请回到疑似重复页面刷新。")
    return existing_values("enterprise", record)


def plan_merge(keep: int, drop: int, take: Iterable[str] = ()) -> Absorption:
    """What merging ``drop`` into ``keep`` would do. The name of the firm that goes becomes a former name.

    Raises Refused when both have valid codes that differ (two legal persons, or one code is wrong) or when one is told to be a
    branch of the other.
    """
    from liantu.enterprises.models import Enterprise

    mine, theirs = firm(keep), firm(drop)
    wanted = set(take)
    if mine["uscc"] and theirs["uscc"] and mine["uscc"] != theirs["uscc"]:
        raise Refused("两条记录的统一社会信用代码不同，是两个法人，不能合并。", code="two-codes",
                      hint="若是总公司与分公司，请在分公司的「上级法人」里填总公司；若有一个代码填错，请先改正或清空错的那个。")
    if mine["branch_of"] == drop or theirs["branch_of"] == keep:
        raise Refused("其中一条登记为另一条的分支机构，不能合并。", code="branch-of", hint="若登记有误，请先清空「上级法人」。")
    plan = plan_absorption("enterprise", keep, drop, wanted)
    own = plan.values.setdefault(("enterprise", keep), {})
    name = own.get("name", mine["name"])
    gone = theirs["name"] if "name" not in wanted else mine["name"]
    former = list(split_words(own.get("former", mine["former"])))
    known = {name_key(w) for w in (name, *former)}
    if name_key(gone) not in known:
        former.append(gone)
    kept = join_words(w for w in former if name_key(w) != name_key(name))
    if (kept or "") != (mine["former"] or ""):
        if Enterprise._meta.get_field("former").max_length is not None and len(kept or "") > Enterprise._meta.get_field("former").max_length:
            raise Refused("曾用名合起来太长，放不下。", code="too-long", hint="请先删去不需要的曾用名。")
        own["former"] = kept
        plan.before.setdefault(("enterprise", keep), {})["former"] = mine["former"]
    if not own:
        del plan.values["enterprise", keep]
    return plan


def merge(keep: int, drop: int, *, take: Iterable[str] = (), by: Any = None, seen: tuple[int, int] | None = None) -> Batch:
    """Merge two records in one batch. ``seen`` are the revisions (keep, drop) that the person looked at; a newer one is refused."""
    from liantu.enterprises.models import Enterprise

    try:
        with writing():
            plan = plan_merge(keep, drop, take)
            rows = {r.pk: r for r in Enterprise.objects.filter(pk__in=(keep, drop))}
            if seen is not None and seen != (rows[keep].revision, rows[drop].revision):
                raise Refused("这两条记录在您查看之后被别人改过，没有合并。", code="changed-meanwhile", hint="请刷新后重新核对。")
            batch = Batch.objects.create(kind=MERGE, by=by, note=f"{rows[drop].name} 并入 {rows[keep].name}"[:200])
            absorb(batch, plan)
    except IntegrityError as error:
        raise Refused("合并会与别的数据冲突，没有保存。", code="merge-conflict", hint="请先核对两家的数据。") from error
    return batch


def split(number: int, *, by: Any = None) -> Batch:
    """Take a merge apart although later work stands on it; both are remembered as two firms, so that they are not asked about again."""
    merged = Batch.objects.filter(pk=number, kind=MERGE).first()
    if merged is None:
        raise UserError(f"批次 B{number:06d} 不是一次合并。", code="unknown-merge", hint="请从合并记录里选。")
    try:
        with writing():
            if Batch.objects.filter(undoes=merged).exists():
                raise Refused(f"批次 {merged.number} 已经拆开或撤销过了。", code="already-undone", hint="请刷新页面。")
            planned = take_apart(merged)
            told = _told(merged)
            batch = Batch.objects.create(kind=SPLIT, by=by, note=("拆开：" + "；".join(f"{m.drop_name} 与 {m.keep_name}" for m in told))[:200], undoes=merged)
            free = [p for p in planned if not p.back]
            if free:
                write(batch, free)
            write(batch, [p for p in planned if p.back])
            for one, other in _together(told):
                _remember(batch, one, other, "合并后又拆开", by)
    except IntegrityError as error:
        raise Refused(f"批次 {merged.number} 不能拆开：它的信用代码或数据后来又给了别的记录。", code="batch-in-use", hint="请先改正后来的数据。") from error
    return batch


def _told(batch: Batch) -> list[Merged]:
    """The pairs of a batch in the order in which they were merged: each ends with the record that went."""
    from liantu.enterprises.models import Enterprise

    found: list[tuple[int, Change, str | None]] = []
    rest = list(batch.changes.filter(table="enterprise").order_by("id"))
    since = 0
    while (at := next((i for i, c in enumerate(rest) if c.kind == Change.DELETED), None)) is not None:
        changes, gone, rest = rest[:at], rest[at], rest[at + 1:]
        code = (gone.before or {}).get("uscc") or next(((c.before or {}).get("uscc") for c in changes if c.record == gone.record and c.kind == Change.UPDATED), None)
        keep = next((c.record for c in changes if c.record != gone.record and c.kind == Change.UPDATED and "former" in (c.after or {})), None)
        if keep is None:  # nothing of the firm that stays changed but what points at it
            keep = next((c.record for c in changes if c.record != gone.record), 0) or _pointed_at(batch, since, gone.pk)
        found.append((keep, gone, code))
        since = gone.pk
    names = dict(Enterprise.objects.filter(pk__in={keep for keep, *_ in found}).values_list("id", "name"))
    return [Merged(batch, keep, names.get(keep, "—"), gone.record, str((gone.before or {}).get("name")), code, len(found), not at) for at, (keep, gone, code) in enumerate(found)]


def _together(told: list[Merged]) -> list[tuple[int, int]]:
    """Every two records that a batch made one."""
    members: dict[int, list[int]] = {}
    for m in told:
        members.setdefault(m.keep, [m.keep]).append(m.drop)
    return [pair for group in members.values() for pair in combinations(group, 2)]


def _pointed_at(batch: Batch, after: int, before: int) -> int:
    for change in batch.changes.filter(kind=Change.UPDATED, pk__gt=after, pk__lt=before):
        target = (change.after or {}).get("enterprise")
        if target:
            return int(target)
    return 0


def merges(limit: int = 50) -> list[Merged]:
    """The pairs of the latest ``limit`` merges that stand (neither undone nor taken apart), newest first."""
    return [told for b in Batch.objects.filter(kind=MERGE, undone_by=None).select_related("by").order_by("-pk")[:limit] for told in _told(b)]


def keep_apart(one: int, other: int, *, reason: str = "", by: Any = None) -> Batch:
    """Remember that two records are two firms."""
    if one == other:
        raise Refused("这是同一条记录。", code="same-record", hint="请另选一条。")
    firm(one), firm(other)
    with writing():
        if frozenset((one, other)) in kept_apart():
            raise Refused("已经判过不是同一家。", code="already-apart", hint="请刷新页面。")
        batch = Batch.objects.create(kind=APART, by=by, note=f"不是同一家：{reason}"[:200] if reason else "不是同一家")
        _remember(batch, one, other, reason, by)
    return batch


def _remember(batch: Batch, one: int, other: int, reason: str, by: Any) -> None:
    from liantu.enterprises.models import Enterprise

    pair = sorted((one, other))
    if frozenset(pair) in kept_apart() or Enterprise.objects.filter(pk__in=pair).count() < 2:
        return
    write(batch, [Planned("kept_apart", {"enterprise": pair[0], "other": pair[1], **_said(reason, by)})])


def _said(reason: str, by: Any) -> dict[str, Any]:
    return {"reason": reason[:200] or None, "who": by.get_username() if by else None, "decided_on": date.today()}


def also_called(record: int, name: str, *, by: Any = None) -> Batch:
    """A person says that a name in a sheet means this firm: it becomes one of its former names, by which rows find it."""
    with writing():
        known = firm(record)
        held = known["former"]
        words = split_words(held)
        if name_key(name) in {name_key(w) for w in words}:
            raise Refused("这个名称已经记在曾用名里了。", code="already-known", hint="请刷新页面。")
        values = {"former": join_words((*words, name))}
        batch = Batch.objects.create(kind="form", by=by, note=f"{name} 就是 {known['name']}"[:200])
        write(batch, [Planned("enterprise", values, record=record, before={"former": held})])
    return batch


def not_called(record: int, name: str, *, by: Any = None) -> Batch:
    """A person says that a name in a sheet is another firm than this one: it is not held for likeness to it again."""
    with writing():
        known = firm(record)
        if (record, name_key(name)) in names_kept_apart():
            raise Refused("已经判过不是同一家。", code="already-apart", hint="请刷新页面。")
        batch = Batch.objects.create(kind=APART, by=by, note=f"{name} 不是 {known['name']}"[:200])
        write(batch, [Planned("kept_apart", {"enterprise": record, "other_name": name[:200], **_said("", by)})])
    return batch


def ask_again(kept: int, *, by: Any = None) -> Batch:
    """Take back that two are two firms; they are listed again while they look alike."""
    from liantu.enterprises.pair_models import KeptApart

    with writing():
        if not KeptApart.objects.filter(pk=kept).exists():
            raise UserError("这条判断已经不在了。", code="unknown-record", hint="请刷新页面。")
        batch = Batch.objects.create(kind=APART, by=by, note="撤回“不是同一家”")
        write(batch, [Planned("kept_apart", {}, record=kept, delete=True)])
    return batch


def kept_apart() -> set[frozenset[int]]:
    """Pairs of ids that a person said are two firms."""
    from liantu.enterprises.pair_models import KeptApart

    return {frozenset(pair) for pair in KeptApart.objects.exclude(other=None).values_list("enterprise_id", "other_id")}


def names_kept_apart() -> set[tuple[int, str]]:
    """(id of a firm, key of a name) of which a person said that the name is another firm."""
    from liantu.enterprises.pair_models import KeptApart

    return {(record, name_key(name)) for record, name in KeptApart.objects.exclude(other_name=None).values_list("enterprise_id", "other_name")}


def standing_merges() -> int:
    """How many merges stand (neither undone nor taken apart)."""
    return Batch.objects.filter(kind=MERGE, undone_by=None).count()
