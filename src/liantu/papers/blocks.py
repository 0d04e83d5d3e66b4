"""What a paper says, before it is Word, PowerPoint or PDF: headings, paragraphs whose figures know their passport, tables, maps, decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from liantu.kernel.output import Result
from liantu.kernel.passport import figure_id


@dataclass(frozen=True)
class Figure:
    """One number as printed (``text`` holds its unit), with its id, what it is, by which rule (官方, 本地, liantu 默认 or "") and whether it is checked.

    ``about`` names the row that it belongs to (a chain, a node, a project); ``edition`` is the number of the edition it comes from.
    """

    text: str
    id: str
    label: str
    basis: str = ""
    verified: str = ""
    about: str = ""
    edition: str = ""


@dataclass(frozen=True)
class Heading:
    """Level 1 is 一、, 2 is （一）, 3 is 1., 4 is （1）; the numbers are put by who renders. ``new_page`` begins a page with it."""

    level: int
    text: str
    new_page: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Running text with figures between."""

    parts: tuple[str | Figure, ...]

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(p for p in self.parts if isinstance(p, Figure))


@dataclass(frozen=True)
class Grid:
    """Rows of an output as a table: the chosen columns in their order, at most ``limit`` rows; each row carries its passport id."""

    title: str
    result: Result
    columns: tuple[str, ...]
    headers: tuple[str, ...] = ()
    limit: int = 0
    note: str = ""


@dataclass(frozen=True)
class Picture:
    """A map: an output that can be drawn, on one chain."""

    title: str
    output: str
    chain: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """Something that the meeting has to decide, with its reason and who proposes it."""

    text: str
    reason: tuple[str | Figure, ...] = ()
    owner: str = ""
    due: str = ""


Block = Heading | Paragraph | Grid | Picture | Decision


@dataclass(frozen=True)
class Paper:
    """A paper: red head or title, its blocks, and what stands at its end.

    ``title`` breaks its lines where the author broke them. ``issue`` is 期数 (2026年第12期) or a document number (云工强办〔2026〕12号).
    ``masthead`` is the red word at its head; without it the paper begins with its title.
    """

    kind: str
    title: str
    blocks: tuple[Block, ...]
    issue: str = ""
    issuer: str = ""
    signed_on: str = ""
    reported_to: tuple[str, ...] = ()
    sent_to: tuple[str, ...] = ()
    note: str = ""
    masthead: str = ""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures of the running text, in order."""
        return tuple(f for b in self.blocks if isinstance(b, Paragraph) for f in b.figures) + tuple(
            p for b in self.blocks if isinstance(b, Decision) for p in b.reason if isinstance(p, Figure))


def figure(result: Result, row: dict[str, Any], column: str, *, language: str = "zh", text: str | None = None) -> Figure:
    """A figure of an output row, written with its unit, with its passport id and marks; ※ where this version keeps it back."""
    from liantu.papers.cells import HIDDEN, is_hidden
    from liantu.papers.figures import marks, row_name, written

    declared, key = result.output.column(column), result.key_of(row)
    basis, verified = marks(result.output, row, result.edition, language)
    if is_hidden(result, key, declared):
        text = HIDDEN
    return Figure(text if text is not None else written(row[column], declared, language), figure_id(result.output, key, column, result.edition.number),
                  declared.zh if language == "zh" else declared.en, basis, verified, row_name(result, row), result.edition.number)


def said(parts: Sequence[str | Figure]) -> str:
    """The parts as plain text."""
    return "".join(p if isinstance(p, str) else p.text for p in parts)
