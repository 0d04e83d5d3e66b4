"""What the draft page shows, built from a reading: columns with their guesses, problems by kind, counts."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from liantu.enterprises.models import Enterprise
from liantu.kernel.columns import Column, Table
from liantu.kernel.desk import Opened, inspect, workbook_of
from liantu.kernel.models import Batch, Change, Draft, Remembered
from liantu.kernel.names import clean_text
from liantu.kernel.problems import CATALOGUE, Problem
from liantu.kernel.sheets import column_letter
from liantu.kernel.tables import sheet_table, table_of
from liantu.kernel.values import cell_text, is_nil
from liantu.web.cells import show
from liantu.web.formats import heading

LARGE = 2_000_000
KEEP = 4
SEVERITIES = {"error": "错误", "warning": "提醒", "info": "说明"}
SAMPLES = 3
_kept: OrderedDict[str, Opened] = OrderedDict()
_lock = threading.Lock()


def settled_by(problems: Iterable[Problem]) -> list[int | None]:
    """For each problem the registered firm that a held name is nearly, when one word of a person can settle it."""
    held = [dict(p.details).get("before") if p.code == "possible-duplicate" else None for p in problems]
    names = {name for name in held if name}
    known: dict[str, list[int]] = {}
    for pk, name in Enterprise.objects.filter(name__in=names).values_list("id", "name") if names else ():
        known.setdefault(name, []).append(pk)
    return [known[name][0] if name and len(known.get(name, ())) == 1 else None for name in held]


def _key(draft: Draft) -> str:
    """What a reading depends on; for large files the plan may lag behind the register (accepting plans anew)."""
    memory = Remembered.objects.order_by("-at").values_list("at", flat=True).first()
    change = 0 if large(draft) else Change.objects.order_by("-id").values_list("id", flat=True).first()
    return json.dumps([draft.pk, draft.file_id, draft.as_table, draft.corrections, str(memory), change], sort_keys=True, ensure_ascii=False)


def large(draft: Draft) -> bool:
    """Whether a file is read beside the page instead of inside it."""
    return bool(draft.file.size >= LARGE)


def kept(draft: Draft) -> Opened | None:
    """A reading made a moment ago in this process."""
    with _lock:
        return _kept.get(_key(draft))


def opened(draft: Draft, progress: Callable[[int, int], None] | None = None) -> Opened:
    """Read a draft, or give back the reading made a moment ago."""
    key = _key(draft)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    result = inspect(draft, progress=progress)
    with _lock:
        _kept[key] = result
        while len(_kept) > KEEP:
            _kept.popitem(last=False)
    return result


def earlier_batch(draft: Draft) -> Batch | None:
    """A batch that already took in the same file and was not undone."""
    return Batch.objects.filter(file_id=draft.file_id, kind="import", undone_by=None).order_by("-pk").first()


@dataclass
class ColumnView:
    """One column of a sheet as the page shows it."""

    index: int
    letter: str
    source: str
    header: str
    samples: list[str]
    column: str | None
    zh: str
    unit: str
    how: str
    why: str
    confidence: int
    level: str
    period: str


@dataclass
class SheetView:
    """One sheet: which table it was taken for, and every column with its guess."""

    sheet: str
    table: Table
    header_rows: str
    unit: str
    context: list[tuple[str, str, str]]
    columns: list[ColumnView]
    rows: int
    options: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)

    @property
    def doubtful(self) -> int:
        return sum(1 for c in self.columns if c.column and c.level != "sure")

    @property
    def unread(self) -> int:
        return sum(1 for c in self.columns if not c.column)


HOW = {"alias": "表头", "alias_fuzzy": "近似表头", "remembered": "记住的选择", "content": "看内容", "context": "标题", "none": "没认出"}
SAID = {"year": "年份", "month": "月份", "township": "镇街", "office": "单位", "source": "来源"}


def sheets_of(draft: Draft, opened_: Opened) -> list[SheetView]:
    """All sheets that were taken for a table."""
    reading = opened_.reading
    grids = {g.name: g for g in workbook_of(draft.file_id, draft.summary.get("name") or draft.file.name).sheets}
    counted = Counter(r.sheet for r in reading.rows)
    return [_sheet(layout, grids.get(layout.sheet), counted[layout.sheet]) for layout in reading.layouts]


def _sheet(layout: Any, grid: Any, rows: int) -> SheetView:
    table = sheet_table(layout.table)
    headers = sorted(r + 1 for r in layout.header_rows)
    words = {**SAID, **{c.name: c.zh for c in table.columns}}
    context = list(dict.fromkeys((words[name], str(value), str(layout.context_from.get(name, ""))) for name, value in layout.context.items() if value and name in words))
    columns = [_column(g, table, grid, layout.first_row) for g in layout.guesses]
    text = f"第 {headers[0]} 行" if len(headers) == 1 else f"第 {headers[0]}–{headers[-1]} 行" if headers else "没有表头"
    return SheetView(layout.sheet, table, text, layout.unit or "", context, columns, rows, column_options(table))


def _column(guess: Any, table: Table, grid: Any, first_row: int) -> ColumnView:
    column = next((c for c in table.columns if c.name == guess.column), None)
    confidence = round(float(guess.confidence or 0) * 100)
    level = "none" if column is None else "sure" if confidence >= 85 else "fair" if confidence >= 60 else "weak"
    return ColumnView(guess.index, column_letter(guess.index), guess.source or "", guess.source or "（无表头）", samples(grid, guess.index, first_row), guess.column,
                      _option(column, table) if column else "不读", guess.unit or "", HOW.get(guess.how or "", guess.how or ""), guess.why or "", confidence, level,
                      str(guess.period or ""))


def samples(grid: Any, index: int, first_row: int) -> list[str]:
    """The first values of a column as they stand in the file, shortened."""
    found: list[str] = []
    for row in grid.rows[first_row:first_row + 200] if grid else ():
        if index < len(row) and not is_nil(row[index]):
            text = clean_text(cell_text(row[index]))
            found.append(text if len(text) <= 24 else text[:23] + "…")
            if len(found) == SAMPLES:
                break
    return found


def _option(column: Column, table: Table) -> str:
    companion, _, rest = column.name.partition(".")
    return f"{table_of(companion).zh} · {heading(column)}" if rest and companion in table.companions else heading(column)


def column_options(table: Table) -> list[tuple[str, list[tuple[str, str]]]]:
    """The columns that a header may mean: own ones first, then those of each companion table."""
    groups: OrderedDict[str, list[tuple[str, str]]] = OrderedDict()
    for column in table.columns:
        companion, _, rest = column.name.partition(".")
        label = table_of(companion).zh if rest and companion in table.companions else table.zh
        groups.setdefault(label, []).append((column.name, heading(column)))
    return list(groups.items())


@dataclass
class Kind:
    """All problems with one code."""

    code: str
    severity: str
    words: str
    count: int


def kinds_of(problems: Iterable[Problem]) -> list[Kind]:
    """Problems by code, errors first, then the most frequent."""
    counts = Counter(p.code for p in problems)
    order = list(SEVERITIES)
    kinds = [Kind(code, CATALOGUE[code].severity, re.sub(r"\{\w+\}", "…", CATALOGUE[code].zh), n) for code, n in counts.items()]
    return sorted(kinds, key=lambda k: (order.index(k.severity), -k.count, k.code))


def chosen(problems: list[Problem], code: str, severity: str, sheet: str) -> list[Problem]:
    """The problems that a person asked to see: errors first, then in the order of the file."""
    picked = [p for p in problems if (not code or p.code == code) and (not severity or p.severity == severity) and (not sheet or p.sheet == sheet)]
    return sorted(picked, key=lambda p: list(SEVERITIES).index(p.severity))


@dataclass
class ChangeView:
    """One change of a batch in words."""

    kind: str
    table: Table
    record: int
    caption: str
    where: str
    parts: list[tuple[str, str, str]]


CHANGE_WORDS = {"c": "新增", "u": "更新", "d": "删除"}


def change_views(changes: Iterable[Change], visible: Callable[[Iterable[Column]], list[Column]]) -> list[ChangeView]:
    """Changes with their rows' names and each column before → after, as far as the person may see it."""
    from liantu.web.cells import captions, captions_for

    changes = list(changes)
    names: dict[str, dict[int, str]] = {}
    for table in {c.table for c in changes}:
        names[table] = captions(table, [c.record for c in changes if c.table == table])
    result = []
    for change in changes:
        table = table_of(change.table)
        columns = visible(table.columns)
        before, after = change.before or {}, change.after or {}
        words = captions_for(columns, [before, after])
        parts = [(c.zh, show(before.get(c.name), c, words), show(after.get(c.name), c, words)) for c in columns if c.name in before or c.name in after]
        caption = names[change.table].get(change.record) or str(before.get(_caption_name(table)) or f"#{change.record}")
        where = f"{change.sheet} 第 {change.row} 行" if change.sheet and change.row else ""
        result.append(ChangeView(CHANGE_WORDS.get(change.kind, change.kind), table, change.record, caption, where, parts))
    return result


def _caption_name(table: Table) -> str:
    from liantu.web.cells import caption_column

    return caption_column(table.name)
