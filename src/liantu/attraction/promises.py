"""承诺台账: what a person adds: a promise of an agreement, a figure of what came of it. Figures of different sources stand side by side and never replace each other.

A figure of the same source and day is refused, not overwritten: a correction goes through the register, where history keeps both.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from liantu.attraction.choices import ACTUAL_SOURCES, PROMISE_UNITS, PROMISES
from liantu.attraction.promise_shared import STAGE_OF
from liantu.kernel.access import may_see_confidential, require_write
from liantu.kernel.batch import Planned, write, writing
from liantu.kernel.models import Batch
from liantu.kernel.problems import Refused, UserError
from liantu.projects.models import Project

KIND_WORDS = {c.value: c.zh for c in PROMISES}
SOURCE_WORDS = {c.value: c.zh for c in ACTUAL_SOURCES}
TEXT = 200


def _insider(user: Any) -> None:
    """Only those who may see single firms' figures write them."""
    require_write(user)
    if not may_see_confidential(user):
        raise Refused("承诺和兑现的数是单个企业的数，您的账号不能登记。", code="insiders-only", hint="请「内部」组的同事登记。")


def _project(project: Any) -> Project:
    found = Project.objects.filter(pk=getattr(project, "pk", project)).first()
    if found is None:
        raise UserError("没有这个项目。", code="unknown-project", hint="请从项目页打开。")
    return found


def _kind(kind: str) -> str:
    if kind not in KIND_WORDS:
        raise UserError(f"没有承诺事项「{kind[:20]}」。", code="unknown-word", hint="可选：" + "、".join(KIND_WORDS.values()))
    return kind


def amount_of(text: Any, word: str) -> Decimal | None:
    """An amount as typed; None for nothing."""
    if text is None or str(text).strip() == "":
        return None
    try:
        value = Decimal(str(text).replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0 or value >= Decimal("1e12"):
        raise UserError(f"{word}「{str(text)[:20]}」不是不小于 0 的数。", code="bad-number", hint="如 12000 或 85.5，不带单位。")
    return value


def day_of(text: Any, word: str) -> date | None:
    """A day as typed (ISO) or a date; None for nothing."""
    if text is None or isinstance(text, date) or not str(text).strip():
        return text if isinstance(text, date) else None
    try:
        return date.fromisoformat(str(text).strip())
    except ValueError:
        raise UserError(f"{word}「{str(text)[:20]}」看不懂。", code="bad-date", hint="如 2027-06-30。") from None


def add_promise(user: Any, project: Any, kind: str, amount: Any, due_on: Any, clause: str = "") -> Batch:
    """Write down a promise. One of kinds 开工, 竣工, 投产 has a day and no amount; every other has an amount."""
    _insider(user)
    row, _ = _project(project), _kind(kind)
    value, due = amount_of(amount, "承诺值"), day_of(due_on, "兑现时限")
    if due is None:
        raise UserError("没有写兑现时限。", code="needs-day", hint="协议里写“投产后一年”的，请折成具体日期。")
    if kind in STAGE_OF:
        value = None
    elif value is None:
        raise UserError("没有写承诺值。", code="needs-amount", hint=f"单位是{PROMISE_UNITS[kind]}。")
    with writing():
        from liantu.attraction.promise_models import Promise

        if Promise.objects.filter(project=row, kind=kind, due_on=due).exists():
            raise Refused(f"{row.name} 在 {due} 前的「{KIND_WORDS[kind]}」承诺已经登记过了。", code="already-known", hint="要改，请在登记表里改那一行。")
        values = {"project": row.pk, "kind": kind, "amount": value, "due_on": due, "clause": clause.strip()[:TEXT] or None}
        return _saved(user, f"{row.name}：登记承诺{KIND_WORDS[kind]}", "promise", values)


def add_actual(user: Any, project: Any, kind: str, amount: Any, as_of: Any, source: str, *, evidence: str = "", verified: bool = False) -> Batch:
    """Write down what came of a promise by one source on one day."""
    _insider(user)
    row, _ = _project(project), _kind(kind)
    value, day = amount_of(amount, "实际值"), day_of(as_of, "截至日期")
    if kind in STAGE_OF:
        raise UserError("开工、竣工、投产以项目阶段的佐证为准。", code="by-stage", hint="请在项目阶段里登记日期和佐证材料。")
    if source not in SOURCE_WORDS:
        raise UserError(f"没有来源「{source[:20]}」。", code="unknown-word", hint="可选：" + "、".join(SOURCE_WORDS.values()))
    if value is None or day is None:
        raise UserError("实际值和截至日期都要写。", code="needs-amount", hint=f"单位是{PROMISE_UNITS[kind]}。")
    if day > date.today():
        raise UserError(f"截至日期 {day} 还没有到。", code="bad-date", hint="请写数据截止的那一天。")
    if verified and not evidence.strip():
        raise Refused("标为已核实要写佐证材料。", code="evidence-missing", hint="如核验报告文号、完税证明编号。")
    with writing():
        from liantu.attraction.promise_models import PromiseActual

        if PromiseActual.objects.filter(project=row, kind=kind, as_of=day, source=source).exists():
            raise Refused(f"{SOURCE_WORDS[source]}在 {day} 的数已经登记过，不覆盖。", code="already-known", hint="写错了请在登记表里改，历史里两个值都在。")
        values = {"project": row.pk, "kind": kind, "as_of": day, "amount": value, "source": source, "evidence": evidence.strip()[:TEXT] or None, "verified": "verified" if verified else "to_verify"}
        return _saved(user, f"{row.name}：登记兑现{KIND_WORDS[kind]}（{SOURCE_WORDS[source]}）", "promise_actual", values)


def _saved(user: Any, note: str, table: str, values: dict[str, Any]) -> Batch:
    batch = Batch.objects.create(kind="form", by=user, note=note[:TEXT])
    write(batch, [Planned(table, {c: v for c, v in values.items() if v is not None})])
    return batch
