"""Each column of a sheet gets its meaning: what persons decided, the header's words, the title, at last the content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from liantu.kernel.columns import Column, Table
from liantu.kernel.header_content import guess_by_content
from liantu.kernel.header_context import Said
from liantu.kernel.header_words import SERIAL, How, Match, header_period, matches, measure_in, normal_header, plain
from liantu.kernel.sheets import CellValue, column_letter
from liantu.kernel.units import compatible

Claim = tuple[str, str | None]


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


@dataclass(frozen=True)
class Decided:
    """What persons decided about headers: earlier (by normal header) and for this reading (by header text or column letter)."""

    earlier: Mapping[str, str | None] = field(default_factory=dict)
    now: Mapping[str, str | None] = field(default_factory=dict)

    def about(self, guess: Guess, table: Table) -> Match | None:
        """The decision about one column; a Match with an empty column means: not to be taken."""
        normal = normal_header(guess.source.replace(" / ", ""))
        for key in (guess.source, guess.source.replace(" / ", ""), column_letter(guess.index), normal):
            if key and key in self.now:
                return self._match(self.now[key], "本次指定", table)
        wanted = {normal_header(k): v for k, v in self.now.items() if k and not k.isascii()}
        if normal and normal not in ("n月", "n年") and normal in wanted:
            return self._match(wanted[normal], "本次指定", table)
        return self._match(self.earlier[normal], "以前指定过", table) if normal and normal in self.earlier else None

    @staticmethod
    def _match(column: str | None, why: str, table: Table) -> Match | None:
        if column is not None and column not in table.names:
            return None
        return Match(column or "", 2.0 if why == "本次指定" else 1.5, "remembered", why if column else f"{why}不取")


class Assignment:
    """Gives the columns of one sheet their meanings for one table; each meaning (and period) goes to one column only."""

    def __init__(self, guesses: list[Guess], parts: list[list[str]], table: Table, said: Said, decided: Decided) -> None:
        self.guesses, self.parts, self.table, self.said, self.decided = guesses, parts, table, said, decided
        self.claimed: dict[Claim, Guess] = {}
        self.beaten: dict[int, Guess] = {}
        self.settled: set[int] = set()

    def run(self, sample: Sequence[Sequence[CellValue]], names: str) -> list[tuple[int, int]]:
        """Fill the guesses; answers the doubles: (column left out, column read). ``names`` are the sheet's and the file's."""
        for match, guess in sorted(self._options(), key=lambda o: (-round(o[0].confidence, 3), o[1].index)):
            if guess.column or guess.index in self.settled:
                continue
            key = self._claim(match.column, guess)
            if key in self.claimed:
                self.beaten.setdefault(guess.index, self.claimed[key])
            else:
                self._take(guess, match, key)
        self._by_title(f"{self.said.values.get('title', '')} {names}")
        self._by_content(sample)
        return self._explain_rest()

    def _options(self) -> list[tuple[Match, Guess]]:
        options: list[tuple[Match, Guess]] = []
        for guess in self.guesses:
            parts = self.parts[guess.index]
            guess.period = header_period(" ".join(parts), self.said.values.get("year")) if parts else None
            told = self.decided.about(guess, self.table)
            if told is not None and told.column:
                options.append((told, guess))
            elif told is not None:
                guess.how, guess.why, guess.confidence = "remembered", told.why, 1.0
                self.settled.add(guess.index)
            elif plain(guess.source) in SERIAL:
                guess.why = "序号，不取"
                self.settled.add(guess.index)
            elif guess.source:
                options += [(match, guess) for match in matches(parts, self.table)]
        return options

    def _claim(self, column: str, guess: Guess) -> Claim:
        """Columns of different periods may share a meaning when the table has a period to tell them apart."""
        return column, guess.period if guess.period and period_column(self.table, column, guess.period) else None

    def _take(self, guess: Guess, match: Match, key: Claim) -> None:
        self.claimed[key] = guess
        guess.column, guess.how, guess.why, guess.confidence = match.column, match.how, match.why, min(match.confidence, 1.0)

    def _by_title(self, title: str) -> None:
        """Columns headed 1月 … 12月 alone: the title says what they measure."""
        bare = [g for g in self.guesses if not g.column and g.index not in self.settled and g.period
                and normal_header("".join(self.parts[g.index])) in ("n月", "n年")]
        if not bare:
            return
        column, why = measure_in(title, self.table), "标题或文件名写明"
        if column is None:
            units = self.said.units
            fitting = [c for c in self.table.columns if c.numeric and "." not in c.name and units and compatible(units[0], c)]
            column, why = (fitting[0], "单位只合这一列") if len(fitting) == 1 else (None, "")
        for guess in bare:
            if column is None:
                guess.why = "只有期间，标题没有写明是什么数"
                continue
            key = self._claim(column.name, guess)
            if key not in self.claimed and key[1]:
                self._take(guess, Match(column.name, 0.85, "context", f"{why}「{column.zh}」"), key)

    def _by_content(self, sample: Sequence[Sequence[CellValue]]) -> None:
        free = {c.name for c in self.table.columns} - {column for column, _ in self.claimed}
        for guess in self.guesses:
            if guess.column or guess.index in self.settled or guess.index in self.beaten or not free:
                continue
            cells = [row[guess.index] if guess.index < len(row) else None for row in sample]
            match = guess_by_content(guess.source, cells, self.table, free)
            if match:
                free.discard(match.column)
                self._take(guess, match, (match.column, None))

    def _explain_rest(self) -> list[tuple[int, int]]:
        doubles = []
        for guess in self.guesses:
            if guess.column or guess.index in self.settled:
                continue
            rival = self.beaten.get(guess.index)
            if rival is not None and rival.column:
                guess.why = f"与 {column_letter(rival.index)} 列「{rival.source}」重复，取后者"
                rival.why += f"；{column_letter(guess.index)} 列「{guess.source}」也像，未取"
                if guess.source:
                    doubles.append((guess.index, rival.index))
            guess.why = guess.why or ("没有表头，内容也认不出" if not guess.source else "没有认出是哪一列，未取")
        return doubles


def period_column(table: Table, column: str, period: str) -> Column | None:
    """The column of the same table (or companion) that holds a header's period: a month for ``2025-03``, else a year."""
    prefix = column.rpartition(".")[0]
    prefix = prefix if prefix and prefix not in table.names else ""
    if column not in table.names or not table.column(column).numeric:
        return None
    for kind in ("month", "year"):
        for c in table.columns:
            if c.kind == kind and c.name.rpartition(".")[0] == prefix and (kind == "month") == (len(period) != 4):
                return c
    return None
