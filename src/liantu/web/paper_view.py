"""A paper's blocks as plain data for a printable page: the same words, numbers and rows as its Word file."""

from __future__ import annotations

from typing import Any

from liantu.papers.blocks import Decision, Grid, Heading, Paper, Paragraph, said
from liantu.papers.cells import HIDDEN, cell_text, header, is_hidden
from liantu.papers.docx_body import Numbering
from liantu.papers.docx_form import OFFICIAL, PLAIN
from liantu.papers.docx_table import NOTHING, grid_columns, grid_rows


def blocks_of(paper: Paper, language: str) -> list[dict[str, Any]]:
    """Headings with their numbers, paragraphs, tables and decisions; pictures are left to the Word file."""
    numbering, shown, grids = Numbering(OFFICIAL if language == "zh" else PLAIN), [], 0
    for block in paper.blocks:
        if isinstance(block, Heading):
            shown.append({"kind": "heading", "level": block.level, "text": numbering.next(block.level) + block.text})
        elif isinstance(block, Paragraph):
            shown.append({"kind": "paragraph", "text": said(block.parts)})
        elif isinstance(block, Grid):
            grids += 1
            shown.append({"kind": "grid", "number": grids, "title": block.title, "note": block.note, **_table(block, language)})
        elif isinstance(block, Decision):
            shown.append({"kind": "paragraph", "text": block.text + (f"（{'；'.join(t for t in (block.owner, block.due) if t)}）" if block.owner or block.due else "")})
    return shown


def _table(grid: Grid, language: str) -> dict[str, Any]:
    columns = grid_columns(grid)
    heads = [{"text": head or header(column, language), "num": column.numeric} for column, head in columns]
    rows = [[{"text": HIDDEN if is_hidden(grid.result, grid.result.key_of(row), c) else cell_text(row[c.name], c, language) or NOTHING, "num": c.numeric} for c,
             _ in columns] for row in grid_rows(grid)]
    return {"heads": heads, "rows": rows}
