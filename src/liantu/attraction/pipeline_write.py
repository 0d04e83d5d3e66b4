"""How rows of the pipeline are written: one batch per act, who may do what, and how numbers are given out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from liantu.attraction.clocks import rule, site_today
from liantu.kernel.access import may_write, require_write
from liantu.kernel.batch import Planned, existing_values, same, undo, write, writing
from liantu.kernel.models import Batch, Change
from liantu.kernel.problems import Refused, UserError
from liantu.kernel.tables import model_of, table_of

ASSESSORS = "研判"
NOTE = 200


def may_assess(user: Any) -> bool:
    """Whether a person may judge leads, hold admission reviews and check evidence: members of 「研判」, and staff."""
    return may_write(user) and (user.is_staff or user.is_superuser or user.groups.filter(name=ASSESSORS).exists())


def require_assess(user: Any, what: str) -> None:
    """Raise Refused unless the person may judge."""
    require_write(user)
    if not may_assess(user):
        raise Refused(f"「{what}」要由研判人员来做。", code="assessors-only", hint=f"请管理员把您加入「{ASSESSORS}」组，或请研判人员办理。")


def name_of(by: Any) -> str:
    """Who acts."""
    return str(by.get_username())[:60] if by is not None else "命令行"


def enough(text: str, what: str) -> str:
    """A reason that says something, or Refused."""
    told, least = (text or "").strip(), int(rule()["reason_signs"])
    if len(told) < least:
        raise Refused(f"{what}必须写明理由，至少 {least} 个字。", code="reason-missing", hint="理由和经办人会记入经过。")
    return told


def changed(table: str, record: int, values: Mapping[str, Any], revision: int | None = None) -> list[Planned]:
    """A row's update: only what differs; nothing when nothing does."""
    current = existing_values(table, record)
    new = {c: v for c, v in values.items() if not same(v, current[c])}
    return [Planned(table, new, record=record, before={c: current[c] for c in new}, revision=revision)] if new else []


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty."""
    return {c: v for c, v in values.items() if v not in (None, "")}


def save(word: str, by: Any, planned: Sequence[Planned]) -> Batch:
    """Write rows as one batch, inside :func:`liantu.kernel.batch.writing`. Refused when nothing differs."""
    if not planned:
        raise Refused("没有改动，没有保存。", code="nothing-changed")
    batch = Batch.objects.create(kind="form", by=by, note=word[:NOTE])
    write(batch, planned)
    return batch


def next_code(model: Any, head: str, day: Any = None) -> str:
    """The next number of a year: XS2026-0001."""
    head = f"{head}{(day or site_today()).year}-"
    taken = [int(c.removeprefix(head)) for c in model.objects.filter(code__startswith=head).values_list("code", flat=True) if c.removeprefix(head).isdigit()]
    return f"{head}{1 + max(taken, default=0):04d}"


def pk_of(told: Any) -> int | None:
    """The id of a row that is told as the row or as its id."""
    if told in (None, ""):
        return None
    return int(getattr(told, "pk", told))


def fresh(model: Any, told: Any, zh: str) -> Any:
    """A row as it is stored now, told as the row, its id or its code. Raises UserError when it is gone."""
    wanted = {"code": told} if isinstance(told, str) and not told.isdigit() else {"pk": pk_of(told)}
    found = model.objects.filter(**wanted).first()
    if found is None:
        raise UserError(f"没有这个{zh}。", code="unknown-row", hint="可能已被撤销，请刷新页面。")
    return found


def money(told: Any, zh: str) -> Any:
    """An amount in 万元 as typed, thousands separators allowed; None when empty."""
    from decimal import Decimal, InvalidOperation

    text = str(told if told is not None else "").replace(",", "").replace("，", "").strip()
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise UserError(f"{zh}看到「{text[:30]}」，应为不小于 0 的数。", code="bad-number", hint="单位见标题，只写数字。")
    return value


def last_batch(table: str, record: int) -> Batch | None:
    """The newest batch that touched a row and has not been taken back."""
    change = Change.objects.filter(table=table, record=record, batch__undone_by=None).exclude(batch__kind="undo").order_by("-id").select_related("batch").first()
    return change.batch if change else None


def take_back(table: str, record: int, by: Any) -> Batch:
    """Undo the newest act on a row with all that it changed; the history keeps what was taken back. What was imported is undone at the desk."""
    require_write(by)
    with writing():
        found = last_batch(table, record)
        if found is None or found.kind != "form":
            raise Refused("没有可以撤回的步骤。", code="nothing-to-undo", hint="导入的内容请在导入批次里撤销。")
        return undo(found, by=by, note=f"撤回 {found.note or table_of(table).zh}"[:NOTE])


def row_after(batch: Batch, table: str) -> Any:
    """The first row of a table that a batch made."""
    change = batch.changes.filter(table=table, kind=Change.CREATED).order_by("id").first()
    return model_of(table).objects.get(pk=change.record) if change else None
