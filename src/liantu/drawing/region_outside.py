"""The map of where to go from its rows: presences gathered by city, with the gaps of ours that each could fill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from liantu.drawing.compass import City, Want, compass_drawing
from liantu.drawing.scene import Scene
from liantu.kernel.output import Result
from liantu.kernel.problems import UserError

NEEDED = ("missing", "weak", "at_risk")
_ORDER = {"missing": 0, "weak": 1, "at_risk": 2}


def outside_scene(result: Result, chain: str | None = "", *, language: str = "zh", href: Callable[[str], str] | None = None, width: float = 1156, height: float = 600) -> Scene:
    """Draw an ``outside_map`` result for one chain, or for all (``""`` or ``"all"``). A version that may not show our nodes' status names the nodes only."""
    chain = "" if chain in (None, "", "all") else str(chain)
    frame = result.frame.filter(pl.col("chain_code") == chain) if chain else result.frame
    if frame.is_empty():
        raise UserError("还没有区外布局的记录。(nothing to draw)", code="nothing-to-draw", hint="请导入「区外布局」表：名称、类别、环节、城市、经纬度。")
    told = any(column.name == "node_status" for column in result.columns)
    cities = [_city(rows, told, language) for _, rows in frame.group_by("province", "city", maintain_order=True)]
    cities.sort(key=lambda city: (-city.needed, -city.count, city.name))
    what = result.output.zh if language == "zh" else result.output.en
    names = {row["code"]: row for row in result.edition.table("chain").iter_rows(named=True)} if chain else {}
    name = frame["chain_name"][0] if language == "zh" or chain not in names else names[chain].get("name_en") or frame["chain_name"][0]
    title = f"{name}　{what}" if chain else what
    return compass_drawing(cities, "本区" if language == "zh" else "Our district", language=language, href=href, title=title, told=told, width=width, height=height)


def _city(rows: pl.DataFrame, told: bool, language: str) -> City:
    """One city from its rows; a node that several presences hold stands once."""
    first, zh = rows.row(0, named=True), language == "zh"
    wants: dict[str, Want] = {}
    for row in rows.iter_rows(named=True):
        status = row.get("node_status") or "" if told else ""
        name = row["node_name"] if zh else row.get("node_name_en") or row["node_name"]
        wants[row["node_code"]] = Want(row["node_code"], name, status, status in NEEDED)
    ordered = sorted(wants.values(), key=lambda want: (_ORDER.get(want.status, 3), want.name))
    place = rows.filter(pl.col("distance_km").is_not_null())
    distance, bearing = (place["distance_km"][0], place["bearing_degrees"][0]) if place.height else (None, None)
    return City(first["city"], distance, bearing if bearing is not None or distance is None else 0.0, rows.filter(pl.col("kind") != "cluster").height + rows["kind"].null_count(),
                rows.filter(pl.col("kind") == "cluster").height, tuple(ordered), _tip(rows, first, distance, zh))


def _tip(rows: pl.DataFrame, first: dict[str, Any], distance: float | None, zh: bool) -> str:
    far = "" if distance is None else f" {distance:,.0f} km"
    named = "、".join(f"{row['name']}（{row['node_name']}）" for row in rows.head(6).iter_rows(named=True))
    more = f"…{'共' if zh else 'in all '}{rows.height}" if rows.height > 6 else ""
    return f"{first['province'] or ''} {first['city']}{far}：{named}{more}"
