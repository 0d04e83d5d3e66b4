"""What a paper says, before it is Word, PowerPoint or PDF: headings, paragraphs whose figures know their passport, tables, maps, decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from liantu.kernel.output import Result
from liantu.kernel.passport import figure_id


@dataclass(frozen=True)
class Figure:
    """One number as printed (``text`` holds its unit), with its id, what it is, by which rule (官方, 本地, liantu 默认 or "") and whether it is checked."""

    text: str
    id: str
    label: str
    basis: str = ""
    verified: str = ""


@dataclass(frozen=True)
class Heading:
    """Level 1 is 一、, 2 is （一）, 3 is 1., 4 is （1）; the numbers are put by who renders."""

    level: int
    text: str


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
    """A paper: red head or title, its blocks, and what stands at its end."""

    kind: str
    title: str
    blocks: tuple[Block, ...]
    issue: str = ""
    issuer: str = ""
    signed_on: str = ""
    reported_to: tuple[str, ...] = ()
    sent_to: tuple[str, ...] = ()
    note: str = ""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures of the running text, in order."""
        return tuple(f for b in self.blocks if isinstance(b, Paragraph) for f in b.figures) + tuple(
            p for b in self.blocks if isinstance(b, Decision) for p in b.reason if isinstance(p, Figure))


def figure(result: Result, row: dict[str, Any], column: str, *, language: str = "zh", text: str | None = None) -> Figure:
    """A figure of an output row, written with its unit, with its passport id and marks."""
    from liantu.papers.figures import marks, written

    declared = result.output.column(column)
    basis, verified = marks(result.output, row, result.edition)
    return Figure(text if text is not None else written(row[column], declared, language), figure_id(result.output, result.key_of(row), column, result.edition.number),
                  declared.zh if language == "zh" else declared.en, basis, verified)


def said(parts: Sequence[str | Figure]) -> str:
    """The parts as plain text."""
    return "".join(p if isinstance(p, str) else p.text for p in parts)
