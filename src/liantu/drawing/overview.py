"""All chains side by side from the rows of the chain map and of the chains at a glance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from liantu.drawing.scene import Scene
from liantu.drawing.shapes import MapNode
from liantu.drawing.side_by_side import Column, Section, side_by_side
from liantu.drawing.style import WITHHELD
from liantu.kernel.output import Result, run
from liantu.kernel.passport import passport_id
from liantu.kernel.problems import UserError


def overview_scene(result: Result, *, language: str = "zh", href: Callable[[str], str] | None = None, width: float = 1156, height: float = 600) -> Scene:
    """Draw all chains of a ``chain_map`` result beside each other; ``href`` gives the page of a chain or of a node by its code."""
    if result.frame.is_empty():
        raise UserError("还没有产业链。(nothing to draw)", code="nothing-to-draw", hint="请先装入产业链模板。")
    summary = {row["chain_code"]: row for row in run("chain_summary", result.edition).frame.iter_rows(named=True)}
    names = {row["code"]: row for row in result.edition.table("chain").iter_rows(named=True)}
    columns = [_column(str(code), rows, summary.get(code, {}), names.get(code, {}), result, language)
               for (code,), rows in result.frame.sort("chain_code", "position").group_by("chain_code", maintain_order=True)]
    title = f"{len(columns)} 条产业链并排" if language == "zh" else f"{len(columns)} chains side by side"
    return side_by_side(columns, language=language, href=href, width=width, height=height, title=title)


def _column(code: str, rows: pl.DataFrame, told: dict[str, Any], chain: dict[str, Any], result: Result, language: str) -> Column:
    zh, name = language == "zh", rows["chain_name"][0]
    sections = []
    for _, part in rows.group_by("stage_code", "group_code", maintain_order=True):
        first = part.row(0, named=True)
        nodes = tuple(MapNode(r["code"], r["name"], r["name_en"] or r["name"], r["group_code"], r["status"] or WITHHELD, r["firms"], r["master"] or "", bool(r["critical"])) for r in part.iter_rows(named=True))
        sections.append(Section(first["stage_name"] if zh else first["stage_name_en"] or first["stage_name"], first["group_name"] if zh else first["group_name_en"] or first["group_name"], nodes))
    order = {stage: place for place, stage in reversed(list(enumerate(section.stage for section in sections)))}
    sections.sort(key=lambda section: order[section.stage])
    masters = tuple(rows["master"].drop_nulls().unique(maintain_order=True).to_list())
    passport = passport_id("chain_summary", code, result.edition.number)
    return Column(code, name if zh else chain.get("name_en") or name, told.get("completeness"), int(told.get("firms") or 0), masters, tuple(sections), passport)
