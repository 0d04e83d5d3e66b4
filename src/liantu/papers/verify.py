"""The proof of a paper: every figure in it compared with the edition that it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from liantu.kernel.columns import Column
from liantu.kernel.edition import Edition, list_editions, open_edition
from liantu.kernel.output import Result, run
from liantu.kernel.passport import Found, column_numbered, find
from liantu.kernel.problems import UserError
from liantu.kernel.profile import profile
from liantu.papers.cells import HIDDEN, cell_text, shown, word
from liantu.papers.figures import row_name, written
from liantu.papers.read_back import Printed, read_back

State = Literal["agrees", "differs", "unknown", "withheld", "row"]
STATES: dict[State, tuple[str, str]] = {"agrees": ("一致", "agrees"), "differs": ("不一致", "differs"), "unknown": ("查不到", "unknown"),
                                        "withheld": ("不予公布", "withheld"), "row": ("只标到行", "row only")}
_NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.(\d+))?")
_SCALES = (("亿", 1e4), ("100m", 1e4), ("%", 0.01))


@dataclass(frozen=True)
class Checked:
    """A printed figure and what the edition says of it: the state, what it is, and the edition's words."""

    printed: Printed
    state: State
    label: str = ""
    expected: str = ""


@dataclass(frozen=True)
class Proof:
    """All figures of a paper, checked."""

    path: Path
    editions: tuple[str, ...]
    checked: tuple[Checked, ...]

    def count(self, state: State) -> int:
        return sum(c.state == state for c in self.checked)

    @property
    def holds(self) -> bool:
        """Whether there are figures, none differs and none is unknown."""
        return bool(self.checked) and not self.count("differs") and not self.count("unknown")


def verify(path: Path, *, edition: Edition | None = None) -> Proof:
    """Check a whole paper against one edition; without one, each figure against the edition that printed it: those that the paper names are tried first."""
    read = read_back(path)
    rows = _Rows(edition, read.editions)
    checked = [c for printed in read.figures if (c := _checked(printed, rows.of(printed.id.split(".", 1)[0]))) is not None]
    return Proof(path, rows.used, tuple(checked))


class _Rows:
    """Output rows by passport id, each output read once."""

    def __init__(self, only: Edition | None, named: Sequence[str]) -> None:
        known = {m.number for m in list_editions()}
        self._tried: list[Edition | None] = [only] if only else [*(open_edition(n) for n in named if n in known), None]
        self._results: dict[tuple[str, str], tuple[Result, dict[str, dict[str, Any]]]] = {}
        self._found: dict[str, Found | None] = {}

    @property
    def used(self) -> tuple[str, ...]:
        """Numbers of the editions whose figures were met."""
        return tuple(dict.fromkeys(f.edition for f in self._found.values() if f))

    def of(self, row_id: str) -> tuple[Result, dict[str, Any]] | None:
        if row_id not in self._found:
            self._found[row_id] = self._find(row_id)
        found = self._found[row_id]
        if found is None:
            return None
        if (found.output, found.edition) not in self._results:
            result = run(found.output, open_edition(found.edition))
            self._results[found.output, found.edition] = result, {result.key_of(r): r for r in result.frame.iter_rows(named=True)}
        result, rows = self._results[found.output, found.edition]
        return result, rows[found.key]

    def _find(self, row_id: str) -> Found | None:
        for edition in self._tried:
            try:
                return find(row_id, edition)
            except UserError:
                continue
        return None


def _checked(printed: Printed, found: tuple[Result, dict[str, Any]] | None) -> Checked | None:
    """One figure; None for an empty cell of an empty value, which says nothing."""
    if found is None:
        return Checked(printed, "unknown", printed.where)
    result, row = found
    column = _column(printed, result)
    if column is None:
        return Checked(printed, "row", row_name(result, row))
    value = row[column.name]
    if value is None and printed.text in ("", "—"):
        return None
    label = f"{row_name(result, row)} {word(column)}"
    if printed.text == HIDDEN:
        return Checked(printed, "withheld", label)
    agrees = _same(printed.value, value, column) if printed.value is not None and not isinstance(printed.value, str) else _says(printed.text, value, column, result.output.name)
    return Checked(printed, "agrees" if agrees else "differs", label, written(value, column))


def _column(printed: Printed, result: Result) -> Column | None:
    _, _, number = printed.id.partition(".")
    if number:
        return column_numbered(result.output, int(number))
    output, _, name = printed.column.partition(".")
    return next((c for c in result.output.columns if c.name == name), None) if output == result.output.name else None


def _same(seen: Any, value: Any, column: Column) -> bool:
    """A sheet's cell against the stored value."""
    value = shown(value, column)
    if isinstance(seen, datetime):
        return isinstance(value, date) and seen.date() == value
    if isinstance(seen, (int, float)) and isinstance(value, (int, float)):
        return abs(seen - value) <= 1e-9 * max(1.0, abs(value))
    return str(seen) == str(value)


def _says(text: str, value: Any, column: Column, output: str) -> bool:
    """Whether printed words say the value: the same words in either language, or the number to as many places as were printed."""
    if value is None:
        return text in ("", "—")
    printed = _bare(text)
    told = {_bare(t) for language in ("zh", "en") for t in (written(value, column, language), cell_text(value, column, language))}
    lamps = profile().lamps.get(output, {})
    if column.name == "lamp" and value in lamps:
        told |= {_bare(lamps[value].zh), _bare(lamps[value].en)}
    if printed in told or (printed.endswith("…") and any(t.startswith(printed[:-1]) for t in told)):
        return True
    if column.kind == "choice":
        return any(printed.endswith(t) for t in told if t)  # a sign may stand before the word
    return column.numeric and _number_says(text, float(value), column)


def _bare(text: str) -> str:
    return "".join(text.split())


def _number_says(text: str, value: float, column: Column) -> bool:
    found = _NUMBER.search(text)
    if found is None:
        return False
    scale = next((s for mark, s in _SCALES if mark in text), 1.0) if column.kind in ("money", "share") else 1.0
    seen = float(found.group().replace(",", "").replace("−", "-")) * scale
    return abs(seen - value) <= 0.5000001 * 10.0 ** -len(found.group(1) or "") * scale
