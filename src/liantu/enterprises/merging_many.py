"""Several pairs merged in one go: one batch, foreseen before, taken apart or undone as a whole.

Pairs that share a firm are one group and become one record. Every record that goes must look like the one that stays: that A is
like B and B like C does not make A and C one firm.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db import IntegrityError

from liantu.enterprises.merging import MERGE, kept_apart, plan_merge
from liantu.kernel.absorb import Absorption, absorb
from liantu.kernel.batch import writing
from liantu.kernel.models import Batch
from liantu.kernel.problems import Refused, UserError

AT_MOST = 100  # records in one go


@dataclass(frozen=True)
class Group:
    """Records that become one: ``keep`` stays, ``drops`` are merged into it one after another."""

    keep: int
    drops: tuple[int, ...]

    @property
    def members(self) -> tuple[int, ...]:
        """All records of the group."""
        return (self.keep, *self.drops)


@dataclass(frozen=True)
class Foreseen:
    """What merging a group would do, one plan per record that goes; or why it cannot be done."""

    group: Group
    plans: tuple[Absorption, ...] = ()
    refusal: UserError | None = None


class _Seen(Exception):
    """Ends a trial: nothing of it is kept."""


def clusters(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Records held together by pairs, each group sorted, in the order of their first pair.

    >>> clusters([(1, 2), (5, 4), (2, 3), (6, 6)])
    [(1, 2, 3), (4, 5)]
    """
    group: dict[int, set[int]] = {}
    for one, other in pairs:
        if one == other:
            continue
        both = group.get(one, {one}) | group.get(other, {other})
        for member in both:
            group[member] = both
    return list(dict.fromkeys(tuple(sorted(members)) for members in group.values()))


def foresee(groups: Sequence[Group], alike: Collection[frozenset[int]]) -> list[Foreseen]:
    """What merging would do, group by group; nothing is written. ``alike`` are the pairs that look like one firm."""
    told = kept_apart()
    found = []
    for group in groups:
        try:
            _check(group, alike, told)
            found.append(Foreseen(group, _tried(group)))
        except UserError as error:
            found.append(Foreseen(group, refusal=error))
    return found


def _tried(group: Group) -> tuple[Absorption, ...]:
    """The plans of a group; the second is made where the first is done, in a transaction that is rolled back."""
    if len(group.drops) == 1:
        return (plan_merge(group.keep, group.drops[0]),)
    plans: list[Absorption] = []
    try:
        with writing():
            trial = Batch.objects.create(kind=MERGE)
            for drop in group.drops:
                plans.append(plan_merge(group.keep, drop))
                absorb(trial, plans[-1])
            raise _Seen
    except _Seen:
        return tuple(plans)
    except IntegrityError as error:
        raise _conflict() from error


def merge_groups(groups: Sequence[Group], alike: Collection[frozenset[int]], *, seen: Mapping[int, int], by: Any = None) -> Batch:
    """Merge all groups as one batch or none of them. ``seen`` are the revisions of the records that the person looked at."""
    from liantu.enterprises.models import Enterprise

    members = [pk for group in groups for pk in group.members]
    if not groups or any(not group.drops for group in groups):
        raise UserError("没有选中要合并的记录。", code="nothing-chosen", hint="请先勾选。")
    if len(members) > AT_MOST:
        raise Refused(f"一次最多合并 {AT_MOST} 条记录，选了 {len(members)} 条。", code="too-many", hint="请分几次。")
    if len(set(members)) < len(members):
        raise Refused("同一条记录在两组里，不知道并到哪一家。", code="record-twice", hint="请回到列表重新勾选：同一家的几对一起勾选，会合成一组。")
    try:
        with writing():
            told = kept_apart()
            rows = {r.pk: r for r in Enterprise.objects.filter(pk__in=members)}
            changed = [pk for pk in members if pk not in rows or rows[pk].revision != seen.get(pk)]
            if changed:
                raise Refused(f"有 {len(changed)} 条记录在您查看之后被别人改过或合并了，没有合并。", code="changed-meanwhile", hint="请刷新后重新核对。")
            batch = Batch.objects.create(kind=MERGE, by=by, note=_note(groups, {pk: r.name for pk, r in rows.items()}))
            for group in groups:
                _check(group, alike, told)
                for drop in group.drops:
                    absorb(batch, plan_merge(group.keep, drop))
    except IntegrityError as error:
        raise _conflict() from error
    return batch


def _note(groups: Sequence[Group], names: Mapping[int, str]) -> str:
    told = "；".join(f"{'、'.join(names[d] for d in group.drops)} 并入 {names[group.keep]}" for group in groups)
    gone = sum(len(group.drops) for group in groups)
    return (told if gone == 1 else f"一次合并 {gone} 条：{told}")[:200]


def _conflict() -> Refused:
    return Refused("合并会与别的数据冲突，没有保存。", code="merge-conflict", hint="请逐对核对这几家的数据。")


def _check(group: Group, alike: Collection[frozenset[int]], told: Collection[frozenset[int]]) -> None:
    from liantu.enterprises.models import Enterprise

    for pair in combinations(group.members, 2):  # the one that stays comes first
        apart = frozenset(pair) in told
        if not apart and (frozenset(pair) in alike or group.keep not in pair):
            continue
        names = dict(Enterprise.objects.filter(pk__in=pair).values_list("id", "name"))
        one, other = (names.get(pk, f"#{pk}") for pk in pair)
        if apart:
            raise Refused(f"有人判过「{one}」与「{other}」不是同一家。", code="told-apart", hint="请去掉其中一对，或先撤回那条判断。")
        raise Refused(f"「{one}」与「{other}」没有列为疑似重复，不能因为都像第三家就合成一家。" if len(group.members) > 2 else f"「{one}」与「{other}」没有列为疑似重复。",
                      code="not-alike", hint="请逐对核对，只合并确是同一家的。")
