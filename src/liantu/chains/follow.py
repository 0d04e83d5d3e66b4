"""What follows every act of writing records: the touched firms are placed again and a working edition is frozen."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction

from liantu.kernel.batch import Planned, undo, write, writing
from liantu.kernel.models import Batch, Change
from liantu.kernel.problems import UserError

_log = logging.getLogger(__name__)


def follow(*batches: Batch | None, by: Any = None) -> list[str]:
    """Place the firms that batches touched and freeze a working edition. Returns what to tell the person, also when it failed.

    The batches are saved already: nothing that goes wrong here may look as if they were not.
    """
    written = [batch for batch in batches if batch is not None]
    if not written:
        return []
    return [note for batch in written for note in _place(batch, by)] + freeze_now()


def _place(batch: Batch, by: Any) -> list[str]:
    try:
        from liantu.chains.placing import place_touched

        placed = place_touched(batch, by=by)
    except UserError as error:
        return [f"内容已保存；企业环节没有重新判断：{error}"]
    except Exception:
        _log.exception("placing after batch %s failed", batch.pk)
        return ["内容已保存；企业环节没有重新判断，请管理员执行 liantu place。"]
    return [] if placed is None else [f"已按新内容重新判断企业所在环节（批次 {placed.number}，{placed.created} 条新增、{placed.updated} 条更新）。"]


def take_back(batch: Batch, *, by: Any = None, note: str | None = None) -> Batch:
    """Undo a batch. What the machine itself said about the firms that go with it goes first; a person's word still forbids it.

    All of it or nothing: when the undo is refused, the machine's placements stay too.
    """
    from liantu.chains.models import Placement
    from liantu.chains.placing import DECIDED

    with transaction.atomic():
        created = Change.objects.filter(batch=batch, table="enterprise", kind=Change.CREATED).values("record")
        machine = Placement.objects.filter(enterprise_id__in=created).exclude(grade__in=DECIDED).exclude(pk__in=Change.objects.filter(batch=batch, table="placement").values("record"))
        ids = list(machine.values_list("pk", flat=True))
        if ids:
            with writing():
                cleared = Batch.objects.create(kind="placement", by=by, note=f"撤销 {batch.number} 前收回机器判断 {len(ids)} 条")
                write(cleared, [Planned("placement", {}, record=pk, delete=True) for pk in ids])
        return undo(batch, by=by, note=note)


def freeze_now() -> list[str]:
    """Make a working edition; says which, or why there is none."""
    from liantu.kernel.edition import freeze

    try:
        return [f"已生成工作版次 {freeze().number}。"]
    except UserError as error:
        return [f"内容已保存；没有生成新版次：{error}"]
