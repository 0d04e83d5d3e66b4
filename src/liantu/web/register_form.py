"""One form for every table: fields from the column declarations, checked by the same readers as sheets, saved as a batch.

Two people may edit the same row: each form knows the revision that it showed. When the row changed meanwhile, nothing is
saved; the form comes back with what the person typed, what the other person saved, and the columns on which they differ.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError

from liantu.kernel.access import visible_columns
from liantu.kernel.batch import Planned, existing_values, write, writing
from liantu.kernel.columns import Column
from liantu.kernel.models import Batch
from liantu.kernel.plan import same, text_of
from liantu.kernel.problems import Problem, Refused, UserError
from liantu.kernel.tables import model_of, table_of
from liantu.kernel.values import parse_value
from liantu.web.cells import caption_column, captions_for, show

SHORT_LIST = 300
REASON = 200
_NUMBERED = re.compile(r"^#(\d{1,18})(?:\s|$)")


@dataclass
class Box:
    """One field of a form: its column, the text in it, the text that was shown first, and what is wrong with it."""

    column: Column
    text: str = ""
    was: str = ""
    error: str = ""
    conflict: str = ""
    options: list[str] = field(default_factory=list)
    names_url: str = ""

    @property
    def widget(self) -> str:
        kinds = {"choice": "select", "flag": "flag", "long_text": "area", "date": "date", "month": "month", "reference": "names"}
        return kinds.get(self.column.kind, "text")


@dataclass
class Form:
    """A form as shown: boxes, the revision it rests on, the reason given, and whether someone else saved meanwhile."""

    table: str
    record: int | None
    revision: int
    boxes: list[Box]
    reason: str = ""
    message: str = ""

    @property
    def wrong(self) -> bool:
        return bool(self.message) or any(b.error for b in self.boxes)


def _columns(table: str, user: Any) -> list[Column]:
    return visible_columns(user, table_of(table).columns)


def as_text(value: Any, column: Column, names: Any = None) -> str:
    """A stored value as it stands in its field."""
    if value is None:
        return ""
    if column.kind == "flag":
        return "1" if value else "0"
    if column.kind == "choice":
        return str(value)
    if column.kind in ("money", "number"):
        return f"{Decimal(str(value)).normalize():f}"
    if column.kind in ("integer", "year"):
        return str(value)
    return show(value, column, names)


def blank(table: str, user: Any) -> Form:
    """An empty form."""
    return Form(table, None, 0, [_box(c, "") for c in _columns(table, user)])


def filled(table: str, record: int, user: Any) -> Form:
    """A form with the row as it stands."""
    row = model_of(table).objects.get(pk=record)
    texts = _texts(table, record, user)
    return Form(table, record, row.revision, [_box(c, texts[c.name]) for c in _columns(table, user)])


def _texts(table: str, record: int, user: Any) -> dict[str, str]:
    values = existing_values(table, record)
    columns = _columns(table, user)
    names = captions_for(columns, [values])
    return {c.name: as_text(values[c.name], c, names) for c in columns}


def _box(column: Column, text: str, was: str | None = None) -> Box:
    box = Box(column, text, text if was is None else was)
    if column.reference:
        caption = caption_column(column.reference)
        query = model_of(column.reference).objects.exclude(**{caption: None}).order_by(caption)
        if query.count() <= SHORT_LIST:
            box.options = [str(n) for n in query.values_list(caption, flat=True)]
        else:
            box.names_url = column.reference
    return box


def posted(table: str, record: int | None, data: Mapping[str, Any], user: Any) -> Form:
    """The form as a person sent it."""
    boxes = [_box(c, str(data.get(c.name, "")).strip(), str(data.get(f"was_{c.name}", ""))) for c in _columns(table, user)]
    revision = str(data.get("revision", "0"))
    return Form(table, record, int(revision) if revision.isdigit() and len(revision) < 10 else 0, boxes, str(data.get("reason", "")).strip())


def read(form: Form) -> dict[str, Any]:
    """The values of all fields that were touched; what is wrong stands in the boxes."""
    values: dict[str, Any] = {}
    for box in form.boxes:
        if form.record is not None and box.text == box.was.strip():
            continue
        value = _value(box, form.table, values)
        if not box.error and (value is not None or values.get(box.column.name) is None):
            values[box.column.name] = value
    if len(form.reason) > REASON:
        form.message = f"理由有 {len(form.reason)} 个字，请写在 {REASON} 字以内。"
    return values


def _value(box: Box, table: str, values: dict[str, Any]) -> Any:
    column = box.column
    if not box.text:
        if column.required:
            box.error = _words("required-missing", column, "")
        return None
    if column.reference:
        return _reference(box, table, values)
    parsed = parse_value(box.text, column, unit="%" if column.kind == "share" and "%" in box.text else None)
    for code, details in parsed.problems:
        problem = Problem(code, column=column.zh, seen=box.text, details=details)
        if problem.severity == "error":
            box.error = f"{problem.message()}{problem.hint()}"
    if parsed.value is None and column.required and not box.error:
        box.error = _words("required-missing", column, box.text)
    return text_of(parsed.value)


def _words(code: str, column: Column, seen: str, **details: str) -> str:
    problem = Problem(code, column=column.zh, seen=seen, details=tuple(details.items()))
    return f"{problem.message()}{problem.hint()}"


def _reference(box: Box, table: str, values: dict[str, Any]) -> int | None:
    column = box.column
    found = rows_named(str(column.reference), box.text)
    keep = getattr(model_of(table)._meta.get_field(column.name), "keep_name", None)
    if keep and not values.get(keep):
        values[keep] = box.text
    if len(found) == 1:
        return found[0]
    if not found and keep:
        return None
    zh = table_of(str(column.reference)).zh
    box.error = (f"有 {len(found)} 个同名的{zh}，请写编号：" + "、".join(f"#{i}" for i in found[:8])) if found else _words("unknown-reference", column, box.text, table=zh, near="")
    return None


def rows_named(table: str, text: str) -> list[int]:
    """Ids of the rows that a text means: ``#12``, a name, or a code."""
    model = model_of(table)
    numbered = _NUMBERED.match(text)
    if numbered:
        return list(model.objects.filter(pk=int(numbered.group(1))).values_list("pk", flat=True))
    exact = list(model.objects.filter(**{caption_column(table): text}).values_list("pk", flat=True)[:20])
    if exact:
        return exact
    if hasattr(model, "identify"):
        found = model.identify([{"name": text, "uscc": text if len(text) == 18 else None}])[0]
        return [found] if found else []
    key = table_of(table).key[0]
    return list(model.objects.filter(**{key: text}).values_list("pk", flat=True)[:20]) if table_of(table).column(key).reference is None else []


def by_hand(table: str) -> bool:
    """Whether rows of a table may be typed into the general form; some are written by the actions of their own pages only."""
    return not getattr(model_of(table).Table, "by_actions", False)


def refuse_by_hand(table: str) -> None:
    """Refuse what :func:`by_hand` does not allow."""
    if not by_hand(table):
        raise Refused(f"「{table_of(table).zh}」由办理页面写入，不能在这里改。", code="by-actions-only", hint="请到它自己的页面按步骤办理，每一步都留痕。")


def save(form: Form, user: Any) -> Batch | None:
    """Save a form as one batch. None when nothing differs; when something is wrong, the form says what and nothing is saved."""
    refuse_by_hand(form.table)
    values = read(form)
    if form.wrong:
        return None
    try:
        with writing():
            return _write(form, values, user)
    except IntegrityError:
        raise UserError("名录里已经有同样的行，没有保存。", code="key-taken", hint="请核对：" + "、".join(table_of(form.table).column(k).zh for k in table_of(form.table).key)) from None


def _write(form: Form, values: dict[str, Any], user: Any) -> Batch | None:
    if form.record is None:
        planned = Planned(form.table, {c: v for c, v in values.items() if v is not None})
        if not planned.values:
            form.message = "还没有填写任何内容。"
            return None
        _refuse_double(form.table, planned.values)
    else:
        row = model_of(form.table).objects.select_for_update().filter(pk=form.record).first()
        if row is None:
            raise UserError("这一行刚被删除，没有保存。", code="unknown-record", hint="请回到列表。")
        if row.revision != form.revision:
            _meet(form, row.revision, user)
            return None
        current = existing_values(form.table, form.record)
        changed = {c: v for c, v in values.items() if not same(v, current[c])}
        if not changed:
            return None
        planned = Planned(form.table, changed, record=form.record, before={c: current[c] for c in changed})
    batch = Batch.objects.create(kind="form", by=user, note=form.reason or None)
    write(batch, [planned])
    return batch


def _refuse_double(table: str, values: dict[str, Any]) -> None:
    declared = table_of(table)
    if all(values.get(k) is not None for k in declared.key) and model_of(table).objects.filter(**{k: values[k] for k in declared.key}).exists():
        raise UserError(f"「{declared.zh}」里已经有同样的行，没有保存。", code="key-taken", hint="请核对：" + "、".join(declared.column(k).zh for k in declared.key))


def _meet(form: Form, revision: int, user: Any) -> None:
    """Someone saved meanwhile: keep what was typed here, take over what was not touched, and show both where they differ."""
    theirs = _texts(form.table, int(form.record or 0), user)
    differing = []
    for box in form.boxes:
        now = theirs[box.column.name]
        if box.text == box.was.strip():
            box.text = now
        elif now not in (box.was, box.text):
            box.conflict = f"别人刚改成「{now or '（空）'}」，您填的是「{box.text or '（空）'}」，打开时是「{box.was or '（空）'}」"
            differing.append(box.column.zh)
        box.was = now
    form.revision = revision
    form.message = "您填写的时候，别人改了这一行，还没有保存。" + (f"这些列两人改得不同：{'、'.join(differing)}；请核对后再保存。" if differing else "您改的列没有冲突，请核对后再保存。")
