"""What the passport page shows: input rows with the very cells they were read from, and the whole of it as xlsx or JSON."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from liantu.kernel.access import visible_columns
from liantu.kernel.captions import caption_column
from liantu.kernel.columns import Column, Table
from liantu.kernel.history import locate, origins
from liantu.kernel.models import Change
from liantu.kernel.passport import Passport
from liantu.kernel.tables import table_of
from liantu.papers.figures import marks
from liantu.web.cells import captions, captions_for, show, whole_number
from liantu.web.context import say
from liantu.web.formats import heading, when

SHOWN = 50
BESIDE = 9
DOWNLOADED = 100_000
_CELL = re.compile(r"^([A-Z]+)(\d+)$")


@dataclass
class ValueView:
    """One value of one input row and where it was read."""

    column: Column
    text: str
    cell: str
    where: str
    batch: str


@dataclass
class RowView:
    """One input row: its name, its values with their cells, and (when opened) the whole origin of each value."""

    id: int
    caption: str
    values: list[ValueView]
    source: str
    opened: list[Any] = field(default_factory=list)
    is_open: bool = False


@dataclass
class StepView:
    """One input table of a number: how many of its rows, and the page of them that is shown."""

    table: Table
    count: int
    page: int
    pages: int
    columns: list[Column]
    rows: list[RowView]
    sources: list[str]
    people: frozenset[str]


def steps_of(passport: Passport, user: Any, asked: Any) -> list[StepView]:
    """The walk: every input table with a page of its rows. ``asked`` is the page's query (``table``, ``page``, ``open``)."""
    return [_step(passport, name, frame, user, asked) for name, frame in passport.rows.items() if frame.height]


def _step(passport: Passport, name: str, frame: pl.DataFrame, user: Any, asked: Any) -> StepView:
    table = table_of(name)
    pages = -(-frame.height // SHOWN)
    page = min(whole_number(asked.get("page")), pages) if asked.get("table") == name else 1
    rows = frame.slice((page - 1) * SHOWN, SHOWN).rows(named=True)
    columns = telling([c for c in visible_columns(user, table.columns) if c.name in frame.columns and any(r[c.name] not in (None, "") for r in rows)], table)
    setters = last_changes(name, [r["id"] for r in rows], passport.edition.manifest.last_change)
    names, words = captions(name, [r["id"] for r in rows]), captions_for(columns, rows)
    opened = asked.get("open", "")
    views = [_row(table, r, columns, setters.get(r["id"], {}), names, words, opened == f"{name}:{r['id']}", passport, user) for r in rows]
    return StepView(table, frame.height, page, pages, columns, views, summary(table, setters), people_of(setters))


def telling(columns: list[Column], table: Table) -> list[Column]:
    """The columns worth standing beside each other: figures, choices, references and keys before codes and long words."""
    if len(columns) <= BESIDE:
        return columns
    rank = {"money": 0, "number": 0, "integer": 0, "share": 0, "year": 0, "month": 0, "choice": 1, "flag": 1, "reference": 1, "name": 1, "words": 2, "date": 2, "text": 3, "uscc": 2}
    order = sorted(columns, key=lambda c: (c.name not in table.key, rank.get(c.kind, 4) + (3 if c.name.endswith("_en") else 0)))
    best = {c.name for c in order[:BESIDE]}
    return [c for c in columns if c.name in best]


def _row(table: Table, row: dict[str, Any], columns: list[Column], setters: dict[str, Change], names: dict[int, str], words: Any, is_open: bool, passport: Passport,
         user: Any) -> RowView:
    values, sources = [], []
    for column in columns:
        change = setters.get(column.name)
        sheet, cell, _ = locate(change, column.name) if change else (None, None, None)
        text = show(row[column.name], column, words)
        values.append(ValueView(column, text, cell or "", _where(change, sheet), change.batch.number if change else ""))
        if change and _where(change, sheet) not in sources:
            sources.append(_where(change, sheet))
    found = []
    if is_open:
        visible = {c.name: c for c in visible_columns(user, table.columns)}
        found = [{"column": heading(visible[o.column]), "value": show(o.value, visible[o.column], words), "origin": o, "at": when(o.at)}
                 for o in origins(table.name, row["id"], upto_change=passport.edition.manifest.last_change, columns=list(visible)) if o.column in visible]
    caption = names.get(row["id"]) or _frozen_caption(table, row)
    return RowView(row["id"], caption, values, "；".join(s for s in sources if s), found, is_open)


def _frozen_caption(table: Table, row: dict[str, Any]) -> str:
    """The row's name as frozen, for rows that the records no longer hold."""
    return str(row.get(caption_column(table.name)) or f"#{row['id']}")


def _where(change: Change | None, sheet: str | None) -> str:
    if change is None:
        return ""
    if change.batch.file_id is None:
        return f"{change.batch.get_kind_display()} {change.batch.number}"
    layout = (change.batch.layouts or {}).get(change.sheet or "", {})
    return f"{layout.get('file') or change.batch.file.name}〔{sheet or change.sheet or ''}〕"


def last_changes(table: str, records: list[int], upto: int) -> dict[int, dict[str, Change]]:
    """For each row and column: the last change, within an edition, that set it."""
    found: dict[int, dict[str, Change]] = {}
    for start in range(0, len(records), 500):
        query = Change.objects.filter(table=table, record__in=records[start:start + 500], id__lte=upto).select_related("batch", "batch__file", "batch__by").order_by("id")
        for change in query:
            for column in change.after or {}:
                found.setdefault(change.record, {})[column] = change
    return found


def summary(table: Table, setters: dict[int, dict[str, Change]]) -> list[str]:
    """The shown rows' sources in one line each: file, sheet and how far its rows reach."""
    rows: dict[tuple[str, str, str], list[int]] = {}
    for changes in setters.values():
        for change in changes.values():
            if change.batch.file_id and change.row:
                key = (_where(change, change.sheet), change.batch.number, change.batch.by.get_username() if change.batch.by else "")
                rows.setdefault(key, []).append(change.row)
    return [f"{where} {spans(found)}　{number}{'　' + by if by else ''}" for (where, number, by), found in sorted(rows.items())]


def people_of(setters: dict[int, dict[str, Change]]) -> frozenset[str]:
    """Who accepted the batches that set the shown rows' values; what no person did is the command line's."""
    return frozenset(change.batch.by.get_username() if change.batch.by else say("命令行", "command line") for changes in setters.values() for change in changes.values())


def spans(rows: Iterable[int]) -> str:
    """Row numbers as spans: 5, 6, 7, 12 → 第 5–7、12 行."""
    parts: list[list[int]] = []
    for row in sorted(set(rows)):
        if parts and row == parts[-1][1] + 1:
            parts[-1][1] = row
        else:
            parts.append([row, row])
    words = "、".join(str(a) if a == b else f"{a}–{b}" for a, b in parts[:8])
    return f"第 {words}{'…' if len(parts) > 8 else ''} 行"


def rows_xlsx(passport: Passport, user: Any) -> bytes:
    """All input rows of a number as a workbook: one sheet per table, each value beside the cell it was read from."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    bold = book.add_format({"bold": True, "bg_color": "#F1F5F9", "border": 1, "border_color": "#D5DEE8"})
    grey = book.add_format({"font_color": "#5D6F85"})
    front = book.add_worksheet("凭证")
    front.set_column(0, 0, 16)
    front.set_column(1, 1, 90)
    for number, (label, text) in enumerate(facts(passport, user)):
        front.write_string(number, 0, label, bold)
        front.write_string(number, 1, text)
    for name, frame in passport.rows.items():
        _xlsx_sheet(book, passport, user, name, frame.head(DOWNLOADED), bold, grey)
    book.close()
    return buffer.getvalue()


def _xlsx_sheet(book: Any, passport: Passport, user: Any, name: str, frame: pl.DataFrame, bold: Any, grey: Any) -> None:
    table = table_of(name)
    columns = [c for c in visible_columns(user, table.columns) if c.name in frame.columns]
    sheet = book.add_worksheet(table.zh[:31])
    sheet.freeze_panes(1, 1)
    sheet.write_string(0, 0, "编号", bold)
    for index, column in enumerate(columns):
        sheet.write_string(0, 1 + index, heading(column), bold)
    sheet.write_string(0, 1 + len(columns), "来源", bold)
    setters = last_changes(name, frame["id"].to_list(), passport.edition.manifest.last_change)
    rows = frame.rows(named=True)
    words = captions_for(columns, rows)
    for number, row in enumerate(rows, 1):
        sheet.write_number(number, 0, row["id"])
        cells = []
        for index, column in enumerate(columns):
            value = row[column.name]
            change = setters.get(row["id"], {}).get(column.name)
            if change is not None:
                where, cell, _ = locate(change, column.name)
                cells.append(f"{column.zh}={_where(change, where)}{cell or ''}")
            if isinstance(value, (int, float)) and not isinstance(value, bool) and not column.reference:
                sheet.write_number(number, 1 + index, value)
            elif value is not None:
                sheet.write_string(number, 1 + index, show(value, column, words)[:32000])
        sheet.write_string(number, 1 + len(columns), "；".join(cells)[:32000], grey)


def facts(passport: Passport, user: Any) -> list[tuple[str, str]]:
    """The head of a passport in words: what it is, by which rules, on which edition."""
    output = passport.output
    basis, verified = marks(output, passport.row, passport.edition)
    lines = [("凭证号", passport.id), ("标记", "　".join(m for m in (basis, verified) if m) or "—"), ("输出", f"{output.zh}（{output.name}）"), ("行", passport.key), ("版次", passport.edition.label()), ("说明", output.doc)]
    if passport.column and any(c.name == passport.column for c in visible_columns(user, [output.column(passport.column)])):
        column = output.column(passport.column)
        lines.insert(4, ("数值", f"{heading(column)} = {show(passport.value, column)}"))
        if column.help:
            lines.append(("算法", column.help))
    lines += [(f"规则 {rule.zh}", f"{rule.mark}；{rule.since} 起；{rule.source}；" + "；".join(f"{k} {v}" for k, v in rule.figures())) for rule in passport.rules.values()]
    return lines


def as_json(passport: Passport, user: Any) -> dict[str, Any]:
    """The passport for programs: the number, its rules, and the first rows of each input with the origin of every value."""
    output = passport.output
    inputs = []
    for name, frame in passport.rows.items():
        columns = [c.name for c in visible_columns(user, table_of(name).columns) if c.name in frame.columns]
        rows = frame.head(SHOWN).select(["id", *columns]).to_dicts()
        setters = last_changes(name, [r["id"] for r in rows], passport.edition.manifest.last_change)
        for row in rows:
            row["origins"] = {column: _origin_json(change, column) for column, change in setters.get(row["id"], {}).items() if column in columns}
        inputs.append({"table": name, "count": frame.height, "rows": rows})
    seen = {c.name for c in visible_columns(user, output.columns)}
    return {"id": passport.id, "output": output.name, "key": passport.key, "column": passport.column, "edition": passport.edition.number,
            "value": passport.value if passport.column in seen else None, "row": {k: v for k, v in passport.row.items() if k in seen},
            "doc": output.doc, "rules": [{"name": r.name, "zh": r.zh, "basis": r.basis, "since": str(r.since), "source": r.source, "value": r.value} for r in passport.rules.values()],
            "inputs": inputs}


def _origin_json(change: Change, column: str) -> dict[str, Any]:
    sheet, cell, header = locate(change, column)
    layout = (change.batch.layouts or {}).get(change.sheet or "", {})
    return {"batch": change.batch.number, "at": change.batch.at.isoformat(timespec="seconds"), "by": change.batch.by.get_username() if change.batch.by else None,
            "file": layout.get("file") or (change.batch.file.name if change.batch.file else None), "sheet": sheet, "cell": cell, "header": header}
