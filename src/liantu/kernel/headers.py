"""From a sheet to its layout: which table it is, where the header stands, which column is which, what the title says.

All row and column numbers of a :class:`Layout` are 0-based places in the grid.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from liantu.kernel.columns import Table
from liantu.kernel.header_assign import Assignment, Decided, Guess, period_column
from liantu.kernel.header_context import Said, fill_columns, read_context
from liantu.kernel.header_rows import TopRows, blocks, first_data_row, last_data_row
from liantu.kernel.header_words import SERIAL, header_period, matches, normal_header, plain
from liantu.kernel.sheets import SheetGrid, cell_name
from liantu.kernel.units import compatible, parse_units

__all__ = ["Guess", "Layout", "guess_layout", "normal_header", "period_column"]

Memory = Mapping[str, Mapping[str, str | None]]
Corrections = Mapping[str, str | None]

_SAMPLE = 80
_QUICK = 6  # how many (table, header block) pairs are looked at closely
_ENOUGH = 0.3


@dataclass
class Layout:
    """How a sheet is to be read."""

    table: str
    sheet: str
    header_rows: list[int]
    first_row: int
    last_row: int
    guesses: list[Guess]
    unit: str | None = None
    context: dict[str, str] = field(default_factory=dict)
    context_from: dict[str, str] = field(default_factory=dict)
    fingerprint: str = ""
    score: float = 0.0
    note_rows: list[int] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    doubles: list[tuple[int, int]] = field(default_factory=list)  # (index left out, index read)

    def taken(self) -> list[Guess]:
        """The columns that are read."""
        return [g for g in self.guesses if g.column]


@dataclass
class _Try:
    table: Table
    start: int
    rows: int
    parts: list[list[str]]
    quick: float


def guess_layout(sheet: SheetGrid, tables: Sequence[Table], *, file_name: str = "", memory: Memory | None = None, as_table: str | None = None,
                 corrections: Corrections | None = None) -> Layout | None:
    """Find header, table and columns of a sheet; None when no table fits.

    ``memory`` holds what persons decided earlier, ``corrections`` what they decide for this one reading (by header text or
    column letter).
    """
    if as_table is not None:
        tables = [t for t in tables if t.name == as_table]
    top = TopRows(sheet)
    tries = _quick_tries(top, tables, corrections, memory)
    layouts = [_layout(sheet, top, attempt, file_name, Decided((memory or {}).get(attempt.table.name, {}), corrections or {})) for attempt in tries]
    known = {t.name: t for t in tables}
    fitting = [la for la in layouts if la and la.taken() and (as_table is not None or corrections or _convincing(la, known[la.table]))]
    return max(fitting, key=lambda la: la.score, default=None)


def _quick_tries(top: TopRows, tables: Sequence[Table], corrections: Corrections | None, memory: Memory | None) -> list[_Try]:
    """The most promising pairs of table and header block by exact words alone."""
    tries: list[_Try] = []
    for start, rows in blocks(top):
        parts = top.parts(start, rows)
        for table in tables:
            known = (memory or {}).get(table.name, {})
            quick = 0.0
            for words in parts:
                if words:
                    found = matches(words, table, fuzzy=False)
                    quick += found[0].confidence if found else 0.6 if known.get(normal_header("".join(words))) else 0.0
                    quick += 0.3 if not found and header_period("".join(words)) else 0.0
            tries.append(_Try(table, start, rows, parts, quick - 0.05 * rows - 0.002 * start))
    tries.sort(key=lambda t: -t.quick)
    chosen = tries[:_QUICK]
    for name in {t.table.name for t in tries[:40]} - {t.table.name for t in chosen}:
        chosen.append(next(t for t in tries if t.table.name == name))
    return chosen[:12]


def _layout(sheet: SheetGrid, top: TopRows, attempt: _Try, file_name: str, decided: Decided) -> Layout | None:
    table, start, rows = attempt.table, attempt.start, attempt.rows
    first, counters = first_data_row(sheet, start + rows)
    guesses = [Guess(" / ".join(words), c) for c, words in enumerate(attempt.parts)]
    sample = sheet.rows[first:first + _SAMPLE]
    guesses = [g for g in guesses if g.source or any(g.index < len(row) and row[g.index] not in (None, "") for row in sample)]
    if not guesses:
        return None
    said = read_context(top.titles(start), sheet.name, file_name)
    doubles = Assignment(guesses, attempt.parts, table, said, decided).run(sample, f"{sheet.name} {file_name}")
    last, notes = last_data_row(sheet, first, [g.index for g in guesses if g.column])
    layout = Layout(table.name, sheet.name, [*range(start, start + rows), *counters], first, last, guesses, said.units[0] if said.units else None,
                    note_rows=notes, units=said.units, doubles=doubles)
    _settle_units(layout, table)
    _settle_context(layout, table, said)
    layout.fingerprint = _fingerprint(table, guesses)
    layout.score = _score(layout, table, sheet.name, file_name) - 0.01 * rows - 0.03 * start
    return layout


# -- units, context, score ------------------------------------------------------------------------------------------

def _settle_units(layout: Layout, table: Table) -> None:
    """Each figure column's unit: its own header's, else the corner's where it measures the same thing."""
    for guess in layout.guesses:
        if not guess.column:
            continue
        column = table.column(guess.column)
        if column.numeric:
            own = [u for part in reversed(guess.source.split(" / ")) for u in parse_units(part)]
            corner = next((u for u in layout.units if compatible(u, column)), None)
            guess.unit = next((u for u in own if compatible(u, column)), None) or (own[0] if own and column.kind == "money" else corner)


def _settle_context(layout: Layout, table: Table, said: Said) -> None:
    """Keep what was said once, by kind and by the column that it fills."""
    periods = {g.period for g in layout.taken() if g.period and period_column(table, g.column or "", g.period)}
    told = next(iter(periods)) if len(periods) == 1 else ""
    if told and len(told) != 4:
        year, _, month = told.rpartition("-")
        for key, value in (("year", year), ("month", month)):
            if value:
                said.values[key], said.where[key] = value, "表头"
    elif told:
        said.put("year", told, "表头")
    layout.context, layout.context_from = dict(said.values), dict(said.where)
    for name, text in fill_columns(table, said, {g.column for g in layout.taken() if g.column}).items():
        column = table.column(name)
        source = {"year": "year", "month": "month"}.get(column.kind, "township")
        layout.context[name], layout.context_from[name] = text, said.where.get(source, "")
    for guess in layout.taken():
        holder = period_column(table, guess.column or "", told) if told and guess.period == told else None
        if holder is not None and holder.kind == "year":
            layout.context[holder.name], layout.context_from[holder.name] = told, "表头"


def _fingerprint(table: Table, guesses: Iterable[Guess]) -> str:
    headers = sorted({normal_header(g.source.replace(" / ", "")) for g in guesses if g.source})
    return hashlib.sha256("\x1f".join([table.name, *headers]).encode()).hexdigest()[:16]


def _score(layout: Layout, table: Table, sheet_name: str, file_name: str) -> float:
    """How well the table fits: share of headers understood, required columns covered, title words, context."""
    taken = {g.column: g.confidence for g in layout.taken() if g.column}
    vital = {c.name for c in table.columns if c.required and "." not in c.name} | set(table.key)
    worth = sum(sure * (_side(name, table) if "." in name else 1.6 if name in vital else 1.0) for name, sure in taken.items())
    headed = len({normal_header(g.source.replace(" / ", "")) for g in layout.guesses if g.source and plain(g.source) not in SERIAL}) or 1
    headed += sum(1 for g in layout.guesses if not g.source)
    periods = {holder.name for g in layout.taken() if g.period and (holder := period_column(table, g.column or "", g.period)) is not None}
    missing = [c for c in table.columns if c.required and "." not in c.name and c.name not in taken and c.name not in layout.context and c.name not in periods]
    text = "".join([layout.context.get("title", ""), sheet_name, file_name])
    title = 0.2 if any(word in text for word in table.title_words) or (len(table.zh) >= 3 and table.zh in text) else 0.0
    dated = {table.column(n).kind for n in (*periods, *table.context) if n in table.names and (n in periods or n in layout.context)}
    period = 0.25 if "month" in dated else 0.1 if "year" in dated else 0.0
    own = sum(1 for name in taken if "." not in name)
    return float((worth / (headed + 1) + 0.1 * worth) * 0.6 ** len(missing) + (title + period if own else 0.0))


def _side(name: str, table: Table) -> float:
    """The weight of a dotted column: a code beside a reference counts, a companion's figure less."""
    return 0.9 if name.partition(".")[0] in table.names else 0.5


def _convincing(layout: Layout, table: Table) -> bool:
    """Whether a sheet is this table at all: a vital column, at least two columns, and a fair share of its headers."""
    taken = {g.column for g in layout.taken() if g.column}
    vital = {c.name for c in table.columns if c.required and "." not in c.name} | set(table.key) | {c.name for c in table.columns if c.kind == "uscc"}
    headed = sum(1 for g in layout.guesses if g.source and plain(g.source) not in SERIAL)
    enough = len(taken) >= 2 or (len(taken) == 1 and headed == 1 and layout.last_row > layout.first_row)
    return bool(taken & vital) and enough and layout.score >= _ENOUGH and len(layout.taken()) >= 0.2 * headed


def with_township(layout: Layout, table: Table, township: str, where: str) -> Layout:
    """The same layout with a township said from outside (sheets named after townships)."""
    said = Said({**layout.context, "township": township}, {**layout.context_from, "township": where})
    filled = fill_columns(table, said, {g.column for g in layout.taken() if g.column})
    names = {name: text for name, text in filled.items() if table.column(name).kind not in ("year", "month")}
    return replace(layout, context={**layout.context, "township": township, **names},
                   context_from={**layout.context_from, "township": where, **dict.fromkeys(names, where)})


def header_cell(layout: Layout, index: int) -> str:
    """The cell of a column's header, for messages."""
    return cell_name(layout.header_rows[-1] if layout.header_rows else 0, index)
