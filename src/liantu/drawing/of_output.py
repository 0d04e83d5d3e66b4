"""From the rows of the chain map to its drawing: the one place where an output meets the shapes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from liantu.drawing.layout import lay_out
from liantu.drawing.shapes import Layout, MapGroup, MapLink, MapNode, MapStage
from liantu.kernel.output import Result
from liantu.kernel.problems import UserError

Address = Callable[[str], str]


def chain_layout(result: Result, chain: str, *, language: str = "zh", href: Address | None = None, **options: Any) -> Layout:
    """Lay out one chain of a ``chain_map`` result. ``href`` gives the address of a node's page."""
    frame = result.frame.filter(pl.col("chain_code") == chain).sort("position")
    if frame.is_empty():
        known = "、".join(result.frame["chain_code"].unique().sort().to_list())
        raise UserError(f"没有产业链「{chain}」。", code="unknown-chain", hint=f"现有：{known}")
    rows = list(frame.iter_rows(named=True))
    stages = {r["stage_code"]: MapStage(r["stage_code"], r["stage_name"], r["stage_name_en"] or r["stage_name"]) for r in rows}
    groups = {r["group_code"]: MapGroup(r["group_code"], r["group_name"], r["group_name_en"] or r["group_name"], r["stage_code"]) for r in rows}
    nodes = [MapNode(code=r["code"], zh=r["name"], en=r["name_en"] or r["name"], group=r["group_code"], status=r["status"], firms=r["firms"], master=r["master"] or "",
                     critical=bool(r["critical"]), href=href(r["code"]) if href else "") for r in rows]
    return lay_out(list(stages.values()), list(groups.values()), nodes, _links(result, {r["code"] for r in rows}), language=language, **options)


def _links(result: Result, codes: set[str]) -> list[MapLink]:
    name = dict(result.edition.table("chain_node").select("id", "code").iter_rows())
    links = result.edition.table("node_link")
    pairs = ((name.get(r["source"]), name.get(r["target"]), r) for r in links.iter_rows(named=True))
    return [MapLink(source, target, r["item"] or "", float(r["weight"] or 1)) for source, target, r in pairs if source in codes and target in codes]


def chain_title(result: Result, chain: str, language: str = "zh") -> str:
    """The chain's name as a title."""
    row = result.edition.table("chain").filter(pl.col("code") == chain).row(0, named=True)
    return f"{row['name']}图谱" if language == "zh" else row["name_en"] or row["name"]
