"""The catalogue of problems: each with a stable code, the words for a clerk (zh, en) and what would be right.

A :class:`Problem` stands at a cell (or row, sheet, file); a :class:`Refused` answers an action; a :class:`UserError`
answers a command or a page. None of them ever shows a traceback.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Entry:
    """One kind of problem. ``zh``/``en`` and the hints are format strings over the problem's details."""

    code: str
    severity: Severity
    zh: str
    en: str
    hint_zh: str
    hint_en: str


CATALOGUE: dict[str, Entry] = {}


def catalogue(code: str, severity: Severity, zh: str, en: str, hint_zh: str, hint_en: str) -> None:
    """Add one kind of problem; a code is used once."""
    if code in CATALOGUE:
        raise ValueError(f"problem code {code} is taken")
    CATALOGUE[code] = Entry(code, severity, zh, en, hint_zh, hint_en)


class _Details(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "—"


@dataclass(frozen=True)
class Problem:
    """One thing wrong (or worth a look) at one place. ``cell`` is like ``D17``; ``seen`` is the value as it stood."""

    code: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    cell: str = ""
    column: str = ""
    seen: str = ""
    details: tuple[tuple[str, str], ...] = ()

    @property
    def entry(self) -> Entry:
        return CATALOGUE[self.code]

    @property
    def severity(self) -> Severity:
        return self.entry.severity

    def _words(self) -> _Details:
        return _Details(dict(self.details), seen=self.seen, column=self.column, sheet=self.sheet, cell=self.cell,
                        file=self.file, row=self.row if self.row is not None else "—")

    def message(self, language: str = "zh") -> str:
        return (self.entry.en if language == "en" else self.entry.zh).format_map(self._words())

    def hint(self, language: str = "zh") -> str:
        return (self.entry.hint_en if language == "en" else self.entry.hint_zh).format_map(self._words())

    def line(self, language: str = "zh") -> str:
        """The whole thing on one line: where, what, what would be right, code."""
        where = " ".join(part for part in (self.file, f"〔{self.sheet}〕" if self.sheet else "", self.cell) if part)
        return f"{where}：{self.message(language)} {self.hint(language)} [{self.code}]"


class UserError(Exception):
    """A command or page cannot go on; the text is shown as it is. ``code`` is stable, ``exit_code`` is for scripts."""

    def __init__(self, message: str, *, code: str = "user-error", hint: str = "", exit_code: int = 2) -> None:
        super().__init__(message)
        self.message, self.code, self.hint, self.exit_code = message, code, hint, exit_code

    def __str__(self) -> str:
        return f"{self.message}{' ' + self.hint if self.hint else ''} [{self.code}]"


class Refused(UserError):
    """An action was asked for that the state, the role or the evidence does not allow."""

    def __init__(self, message: str, *, code: str = "refused", hint: str = "") -> None:
        super().__init__(message, code=code, hint=hint, exit_code=3)
