"""From a sheet to its layout: which table it is, where the header stands, which column is which, what the title says.

All row and column numbers of a :class:`Layout` are 0-based places in the grid.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from liantu.kernel.columns import Column, Table
from liantu.kernel.header_content import guess_by_content
from liantu.kernel.header_context import Said, fill_columns, read_context
from liantu.kernel.header_rows import TopRows, blocks, first_data_row, last_data_row
from liantu.kernel.header_words import SERIAL, How, Match, header_period, matches, measure_in, normal_header, plain
from liantu.kernel.sheets import CellValue, SheetGrid, cell_name, column_letter
from liantu.kernel.units import compatible, parse_units

__all__ = ["Guess", "Layout", "guess_layout", "normal_header"]

Memory = Mapping[str, Mapping[str, str | None]]
Corrections = Mapping[str, str | None]

_SAMPLE = 80
_QUICK = 6  # how many (table, header block) pairs are looked at closely
_ENOUGH = 0.3


@dataclass
class Guess:
    """What one column of a sheet was taken for, and why."""

    source: str
    index: int
    column: str | None = None
    unit: str | None = None
    how: How = "none"
    why: str = ""
    confidence: float = 0.0
    period: str | None = None


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
    layouts = [_layout(sheet, top, attempt, file_name, (memory or {}).get(attempt.table.name, {}), corrections or {}) for attempt in tries]
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
    for table in {t.table.name for t in tries[:40]} - {t.table.name for t in chosen}:
        chosen.append(next(t for t in tries if t.table.name == table))
    return chosen[:12]


def _layout(sheet: SheetGrid, top: TopRows, attempt: _Try, file_name: str, known: Mapping[str, str | None], corrections: Corrections) -> Layout | None:
    table, start, rows = attempt.table, attempt.start, attempt.rows
    first, counters = first_data_row(sheet, start + rows)
    guesses = [Guess(" / ".join(words), c) for c, words in enumerate(attempt.parts)]
    sample = sheet.rows[first:first + _SAMPLE]
    guesses = [g for g in guesses if g.source or any(g.index < len(row) and row[g.index] not in (None, "") for row in sample)]
    if not guesses:
        return None
    said = read_context(top.titles(start), sheet.name, file_name)
    doubles = _assign(guesses, attempt.parts, table, known, corrections, sample, said, sheet.name, file_name)
    last, notes = last_data_row(sheet, first, [g.index for g in guesses if g.column])
    layout = Layout(table.name, sheet.name, [*range(start, start + rows), *counters], first, last, guesses, said.units[0] if said.units else None,
                    note_rows=notes, units=said.units, doubles=doubles)
    _settle_units(layout, table)
    _settle_context(layout, table, said)
    layout.fingerprint = _fingerprint(table, guesses)
    layout.score = _score(layout, table, sheet.name, file_name) - 0.01 * rows
    return layout


# -- columns ------------------------------------------------------------------------------------------------------

def _assign(guesses: list[Guess], parts: list[list[str]], table: Table, known: Mapping[str, str | None], corrections: Corrections,
            sample: Sequence[Sequence[CellValue]], said: Said, sheet_name: str, file_name: str) -> list[tuple[int, int]]:
    """Give each column its meaning; each meaning (and period) goes to one column only. Answers the doubles left out."""
    options: list[tuple[Match, Guess]] = []
    settled: dict[int, str | None] = {}
    for guess in guesses:
        guess.period = header_period(" ".join(parts[guess.index]), said.values.get("year")) if parts[guess.index] else None
        told = _told(guess, known, corrections, table)
        if told is not None:
            options.append((told, guess)) if told.column else settled.update({guess.index: None})
            if not told.column:
                guess.how, guess.why, guess.confidence = "remembered", told.why, 1.0
            continue
        if plain(guess.source) in SERIAL:
            guess.why, settled[guess.index] = "序号，不取", None
            continue
        options += [(match, guess) for match in (matches(parts[guess.index], table) if guess.source else [])]
    options.sort(key=lambda o: (-round(o[0].confidence, 3), o[1].index))
    claimed: dict[tuple[str, str | None], Guess] = {}
    beaten: dict[int, Guess] = {}
    for match, guess in options:
        if guess.column or guess.index in settled:
            continue
        key = _claim(match.column, guess, table)
        if key in claimed:
            beaten.setdefault(guess.index, claimed[key])
            continue
        claimed[key] = guess
        _take(guess, match)
    _by_title(guesses, parts, table, claimed, settled, " ".join([said.values.get("title", ""), sheet_name, file_name]), said)
    _by_content(guesses, table, claimed, settled, beaten, sample)
    return _explain_rest(guesses, beaten, settled)


def _told(guess: Guess, known: Mapping[str, str | None], corrections: Corrections, table: Table) -> Match | None:
    """What a person said about this header: now (by text or letter), or earlier."""
    normal = normal_header(guess.source.replace(" / ", ""))
    for key in (guess.source, guess.source.replace(" / ", ""), column_letter(guess.index), normal):
        if key and key in corrections:
            return _person(corrections[key], "本次指定", table)
    wanted = {normal_header(k): v for k, v in corrections.items() if k and not k.isascii()}
    if normal and normal not in ("n月", "n年") and normal in wanted:
        return _person(wanted[normal], "本次指定", table)
    return _person(known[normal], "以前指定过", table) if normal and normal in known else None


def _person(column: str | None, why: str, table: Table) -> Match | None:
    if column is not None and column not in table.names:
        return None
    return Match(column or "", 2.0 if why == "本次指定" else 1.5, "remembered", why if column else f"{why}不取")


def _claim(column: str, guess: Guess, table: Table) -> tuple[str, str | None]:
    """Columns of different periods may share a meaning when the table has a period to tell them apart."""
    period = guess.period if guess.period and period_column(table, column, guess.period) else None
    return column, period


def period_column(table: Table, column: str, period: str) -> Column | None:
    """The column of the same table (or companion) that holds a header's period: a month for ``2025-03``, else a year."""
    prefix = column.rpartition(".")[0]
    prefix = prefix if prefix and prefix not in table.names else ""
    if column not in table.names or not table.column(column).numeric:
        return None
    for kind in ("month", "year"):
        for c in table.columns:
            if c.kind == kind and c.name.rpartition(".")[0] == prefix:
                if (kind == "month") == (len(period) != 4):
                    return c
    return None


def _take(guess: Guess, match: Match) -> None:
    guess.column, guess.how, guess.why, guess.confidence = match.column, match.how, match.why, min(match.confidence, 1.0)


def _by_title(guesses: list[Guess], parts: list[list[str]], table: Table, claimed: dict[tuple[str, str | None], Guess], settled: Mapping[int, str | None],
              title: str, said: Said) -> None:
    """Columns headed 1月 … 12月 alone: the title says what they measure."""
    bare = [g for g in guesses if not g.column and g.index not in settled and g.period and normal_header("".join(parts[g.index])) in ("n月", "n年")]
    if not bare:
        return
    column, why = measure_in(title, table), "标题或文件名写明"
    if column is None:
        fitting = [c for c in table.columns if c.numeric and "." not in c.name and said.units and compatible(said.units[0], c)]
        column, why = (fitting[0], "单位只合这一列") if len(fitting) == 1 else (None, "")
    for guess in bare:
        if column is None:
            guess.why = "只有期间，标题没有写明是什么数"
            continue
        key = _claim(column.name, guess, table)
        if key not in claimed and key[1]:
            claimed[key] = guess
            _take(guess, Match(column.name, 0.85, "context", f"{why}「{column.zh}」"))


def _by_content(guesses: list[Guess], table: Table, claimed: dict[tuple[str, str | None], Guess], settled: Mapping[int, str | None],
                beaten: Mapping[int, Guess], sample: Sequence[Sequence[CellValue]]) -> None:
    free = {c.name for c in table.columns} - {column for column, _ in claimed}
    for guess in guesses:
        if guess.column or guess.index in settled or guess.index in beaten or not free:
            continue
        cells = [row[guess.index] if guess.index < len(row) else None for row in sample]
        match = guess_by_content(guess.source, cells, table, free)
        if match:
            free.discard(match.column)
            claimed[match.column, None] = guess
            _take(guess, match)


def _explain_rest(guesses: list[Guess], beaten: Mapping[int, Guess], settled: Mapping[int, str | None]) -> list[tuple[int, int]]:
    doubles = []
    for guess in guesses:
        if guess.column or guess.index in settled:
            continue
        rival = beaten.get(guess.index)
        if rival is not None and rival.column:
            guess.why = f"与 {column_letter(rival.index)} 列「{rival.source}」重复，取后者"
            rival.why += f"；{column_letter(guess.index)} 列「{guess.source}」也像，未取"
            if guess.source:
                doubles.append((guess.index, rival.index))
        guess.why = guess.why or ("没有表头，内容也认不出" if not guess.source else "没有认出是哪一列，未取")
    return doubles


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
    if len(periods) == 1:
        told = next(iter(periods))
        year, _, month = told.rpartition("-") if len(told) != 4 else (told, "", "")
        for key, value in (("year", year), ("month", month)):
            if value and said.values.get(key) != value and (key == "month" or "year" not in said.values or len(told) != 2):
                said.values[key], said.where[key] = value, "表头"
    layout.context, layout.context_from = dict(said.values), dict(said.where)
    for name, text in fill_columns(table, said, {g.column for g in layout.taken() if g.column}).items():
        column = table.column(name)
        source = {"year": "year", "month": "month"}.get(column.kind, "township")
        layout.context[name], layout.context_from[name] = text, said.where.get(source, "")


def _fingerprint(table: Table, guesses: Iterable[Guess]) -> str:
    headers = sorted({normal_header(g.source.replace(" / ", "")) for g in guesses if g.source})
    return hashlib.sha256("\x1f".join([table.name, *headers]).encode()).hexdigest()[:16]


def _score(layout: Layout, table: Table, sheet_name: str, file_name: str) -> float:
    """How well the table fits: share of headers understood, required columns covered, title words, context."""
    taken = {g.column: g.confidence for g in layout.taken() if g.column}
    vital = {c.name for c in table.columns if c.required and "." not in c.name} | set(table.key)
    worth = sum(sure * (_side(name, table) if "." in name else 1.6 if name in vital else 1.0) for name, sure in taken.items())
    headed = len({normal_header(g.source.replace(" / ", "")) for g in layout.guesses if g.source and plain(g.source) not in SERIAL}) or 1
    periods = {holder.name for g in layout.taken() if g.period and (holder := period_column(table, g.column or "", g.period)) is not None}
    missing = [c for c in table.columns if c.required and "." not in c.name and c.name not in taken and c.name not in layout.context and c.name not in periods]
    text = "".join([layout.context.get("title", ""), sheet_name, file_name])
    title = 0.2 if any(word in text for word in table.title_words) or (table.zh and table.zh in text) else 0.0
    dated = {table.column(n).kind for n in (*periods, *table.context) if n in table.names and (n in periods or n in layout.context)}
    period = 0.25 if "month" in dated else 0.1 if "year" in dated else 0.0
    own = sum(1 for name in taken if "." not in name)
    return float(worth / (headed + 1) * 0.6 ** len(missing) + (title + period if own else 0.0) + 0.02 * min(own, 10))


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
