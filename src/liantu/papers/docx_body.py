"""The blocks of a paper as Word paragraphs: numbered headings, text with figures, tables, decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from liantu.kernel.problems import UserError
from liantu.papers.blocks import Decision, Figure, Grid, Heading, Paper, Paragraph, Picture
from liantu.papers.docx_form import Form
from liantu.papers.docx_table import grid_xml
from liantu.papers.docx_xml import control, element, paragraph, run

LEVELS = 4


@dataclass
class Numbering:
    """Heading numbers: each level counts anew under its parent, and no level is skipped."""

    form: Form
    counts: list[int] = field(default_factory=list)

    def next(self, level: int) -> str:
        """The number of the next heading of a level (1–4)."""
        if not 1 <= level <= min(LEVELS, len(self.counts) + 1):
            raise UserError(f"标题层次跳级：第 {len(self.counts)} 层下面出现第 {level} 层。", code="heading-skips", hint="层次依次为 一、（一）1.（1）。")
        kept = self.counts[:level]
        self.counts = [*kept[:level - 1], (kept[level - 1] if len(kept) == level else 0) + 1]
        return self.form.number(tuple(self.counts))


@dataclass(frozen=True)
class Body:
    """A paper's body, and what it sends to the annexes: pictures, and the tables that it holds in their order."""

    content: tuple[etree._Element, ...]
    pictures: tuple[Picture, ...]
    grids: tuple[Grid, ...]


def body(paper: Paper, form: Form) -> Body:
    """Render the blocks in their order. Maps are not set into the text: they stand as annexes on pages of their own, wide enough to read."""
    numbering, content = Numbering(form), []
    pictures: list[Picture] = []
    grids: list[Grid] = []
    decisions_under = 0
    for block in paper.blocks:
        if isinstance(block, Heading):
            content.append(paragraph(f"Heading{block.level}", run(numbering.next(block.level) + block.text), properties=(element("pageBreakBefore"),) if block.new_page else ()))
            decisions_under = block.level
        elif isinstance(block, Paragraph):
            content.append(paragraph("Body", *parts(block.parts)))
        elif isinstance(block, Grid):
            grids.append(block)
            content += grid_xml(block, len(grids), form)
        elif isinstance(block, Decision):
            content += _decision(block, numbering, min(decisions_under + 1, LEVELS), form)
        else:
            pictures.append(block)
    return Body(tuple(content), tuple(pictures), tuple(grids))


def parts(said: Sequence[str | Figure]) -> list[etree._Element]:
    """Text and figures in their order, each figure in its content control."""
    return [control(part) if isinstance(part, Figure) else run(part) for part in said if not isinstance(part, str) or part]


def _decision(block: Decision, numbering: Numbering, level: int, form: Form) -> list[etree._Element]:
    """A numbered item with what is asked, then its reason, who answers for it and by when."""
    zh = form.official
    made = [paragraph(f"Heading{level}", run(numbering.next(level) + block.text))]
    tail = [f"{word}{value}" for word, value in (("责任单位：" if zh else "Office: ", block.owner), ("时限：" if zh else "due: ", block.due)) if value]
    reason = [*block.reason]
    if tail:
        reason.append(("（" + "；".join(tail) + "）") if zh else " (" + "; ".join(tail) + ")")
    return [*made, paragraph("Body", *parts(reason))] if reason else made
