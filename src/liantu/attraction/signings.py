"""重复签约: which signed projects may be one project under two names, and what a person says about a pair.

Nothing is joined or deleted: a verdict 同一项目 only takes the later signing out of counts and rates; 增资扩产 and 不是同一项目 are remembered, so
that the pair is not asked about again. Each verdict is one batch that can be taken back.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from liantu.attraction.choices import SAME
from liantu.kernel.access import require_write
from liantu.kernel.batch import Planned, existing_values, write, writing
from liantu.kernel.models import Batch
from liantu.kernel.problems import Refused, UserError

WORDS = {c.value: c.zh for c in SAME}
LONGEST = 1000


def _project(pk: int) -> Any:
    from liantu.projects.models import Project

    found = Project.objects.filter(pk=pk).first()
    if found is None:
        raise UserError(f"没有编号 {pk} 的项目。", code="unknown-project", hint="请从重复签约页打开。")
    return found


def in_order(one: int, other: int) -> tuple[int, int]:
    """The two ids with the one that was signed first in front; undated signings come last."""
    pair = sorted((_project(one), _project(other)), key=lambda p: (p.signed_on or date.max, p.pk))
    return pair[0].pk, pair[1].pk


def verdict_on(one: int, other: int) -> Any:
    """The standing verdict on two projects, whichever stands first; None while there is none."""
    from liantu.attraction.promise_models import SigningVerdict

    return SigningVerdict.objects.filter(project__in=(one, other), other__in=(one, other)).order_by("id").first()


def decide(user: Any, one: int, other: int, *, verdict: str, reason: str = "") -> Batch:
    """Say what a pair is: ``same``, ``increase`` or ``different``. ``same`` asks for a reason. A standing verdict is taken back first by a person."""
    require_write(user)
    if one == other:
        raise UserError("这是同一个项目。", code="same-record", hint="请另选一个。")
    if verdict not in WORDS:
        raise UserError(f"没有认定「{verdict[:20]}」。", code="unknown-word", hint="可选：" + "、".join(WORDS.values()))
    why = reason.strip()[:LONGEST]
    if verdict == "same" and not why:
        raise Refused("认定为同一项目要写依据。", code="reason-missing", hint="如：投资协议条款相同、法定代表人相同、同一块地。认定后只计最先签约的一个。")
    with writing():
        first, later = in_order(one, other)
        if verdict_on(first, later) is not None:
            raise Refused("这两个项目已经认定过了。", code="already-decided", hint="要改，请先撤回原来的认定。")
        batch = Batch.objects.create(kind="form", by=user, note=f"重复签约认定：{WORDS[verdict]}：{_project(first).name} 与 {_project(later).name}"[:200])
        write(batch, [Planned("signing_verdict", {"project": first, "other": later, "verdict": verdict, "decided_on": date.today(), "who": user.get_username()[:60], "reason": why or None})])
    return batch


def take_back(user: Any, one: int, other: int) -> Batch:
    """Take the verdict on a pair back; the history keeps it, and the later signing counts again."""
    require_write(user)
    with writing():
        standing = verdict_on(one, other)
        if standing is None:
            raise Refused("这两个项目还没有认定。", code="no-verdict", hint="请刷新页面。")
        batch = Batch.objects.create(kind="form", by=user, note=f"撤回重复签约认定：{standing.project.name} 与 {standing.other.name}"[:200])
        write(batch, [Planned("signing_verdict", {}, record=standing.pk, before=existing_values("signing_verdict", standing.pk), delete=True)])
    return batch
