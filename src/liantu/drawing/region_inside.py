"""The district's region map from its rows: which boundaries may be drawn, what shades them, and where the firms stand."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import narwhals as nw
import polars as pl

from liantu.chains.shared import first_placement, latest_figures, working
from liantu.drawing.region_map import RegionPoint, RegionShape, Sketch, region_drawing, shapes_from_geojson
from liantu.drawing.region_tiles import tile_drawing
from liantu.drawing.region_values import scale_of, shown
from liantu.drawing.scene import Scene
from liantu.kernel.columns import Column
from liantu.kernel.output import Result
from liantu.kernel.passport import figure_id
from liantu.kernel.problems import UserError
from liantu.methods.geo import to_wgs84
from liantu.places.shared import located

APPROVAL, POINTS_DATUM = "LIANTU_MAP_APPROVAL", "LIANTU_MAP_POINTS_DATUM"
"""Site settings: the 审图号 of the boundaries, and the datum of the firms' coordinates (wgs84, cgcs2000, gcj02, bd09)."""
DATUM_NAMES = {"wgs84": "WGS-84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}
ALL = ("", "all")


def region_scene(result: Result, chain: str | None = "", *, language: str = "zh", href: Callable[[str], str] | None = None, width: float = 1156, height: float = 600,
                 measure: str = "output") -> Scene:
    """Draw a ``region_map`` result for one chain, or for all together (``""`` or ``"all"``), shaded by the column ``measure``.

    A version that may not show the measure is shaded by the number of firms. Circles grow with output in the internal version only;
    the public version shows no single firm, and no boundary without a map approval number. Without boundaries: tiles, said plainly.
    ``href`` is for nodes and not used here.
    """
    chain = "" if chain in (None, *ALL) else str(chain)
    column = _measure(result, measure)
    frame = result.frame.filter(pl.col("chain_code") == chain) if chain else result.frame
    if frame.is_empty():
        raise UserError("没有可画的园区镇街。(nothing to draw)", code="nothing-to-draw", hint="请先导入园区镇街名录和企业所在园区。")
    parks = result.edition.table("park").sort("code")
    outlines, said = _outlines(parks, result.version, language)
    kinds = _kinds(frame, _chain_names(result, language))
    points, told = _points(result, chain, parks, kinds, language) if outlines and result.version != "public" else ([], [])
    shapes, values, hidden = _shapes(result, frame, column, chain, outlines, language)
    if len(hidden) * 2 > len(shapes) and column.name != "firms":
        said.append(f"{column.zh}多数不予公布，改按企业数着色" if language == "zh" else f"{column.en.lower()} is mostly kept back; shaded by firms instead")
        column = result.output.column("firms")
        shapes, values, hidden = _shapes(result, frame, column, chain, outlines, language)
    missing = [shape.name for shape in shapes if outlines and shape.code not in outlines]
    if missing:
        said.append(("没有边界：" if language == "zh" else "no boundary: ") + "、".join(missing))
    name = (column.zh if column.name != "output" else "入链企业产值") if language == "zh" else column.en
    sized = ("圆越大产值越大（最大 40 家）" if language == "zh" else "larger circle: more output (40 largest)") if any(p.size for p in points) else ""
    sketch = Sketch([shape for shape in shapes if shape.rings] if outlines else shapes, values, name, column.unit or "", kinds, points, hidden, [*said, *told],
                    _title(result, frame, chain, language), sized)
    draw = region_drawing if outlines else tile_drawing
    return draw(sketch, language=language, width=width, height=height)


def _measure(result: Result, measure: str) -> Column:
    shown_here = {column.name: column for column in result.columns if column.numeric}
    result.output.column(measure)
    return shown_here.get(measure) or shown_here["firms"]


def _title(result: Result, frame: pl.DataFrame, chain: str, language: str) -> str:
    what = result.output.zh if language == "zh" else result.output.en
    return f"{_chain_names(result, language).get(chain, frame['chain_name'][0])}　{what}" if chain else what


def _chain_names(result: Result, language: str) -> dict[str, str]:
    rows = result.edition.table("chain").iter_rows(named=True)
    return {row["code"]: row["name"] if language == "zh" else row.get("name_en") or row["name"] for row in rows}


def _kinds(frame: pl.DataFrame, names: dict[str, str]) -> dict[str, str]:
    """Chains that have firms, with their names, in a fixed order."""
    rows = frame.group_by("chain_code", "chain_name").agg(pl.col("firms").sum()).filter(pl.col("firms") > 0).sort("chain_code")
    return {row["chain_code"]: names.get(row["chain_code"], row["chain_name"]) for row in rows.iter_rows(named=True)}


def _outlines(parks: pl.DataFrame, version: str, language: str) -> tuple[dict[str, list[Any]], list[str]]:
    """Rings by park code in one datum, and what must be said about them."""
    zh = language == "zh"
    rows = [row for row in parks.iter_rows(named=True) if row.get("boundary")]
    approvals = sorted({row["approval"] for row in rows if row.get("approval")} | ({os.environ[APPROVAL]} if os.environ.get(APPROVAL) else set()))
    if rows and version == "public" and not approvals:
        return {}, ["边界没有审图号，公开版不画边界" if zh else "the boundaries have no approval number, so the public version does not draw them"]
    if not rows:
        return {}, ["没有导入边界" if zh else "no boundaries were imported"]
    datums = {row.get("datum") for row in rows}
    known = datums <= DATUM_NAMES.keys()
    rings = {}
    for row in rows:
        found = [_moved(ring, row["datum"]) if known and len(datums) > 1 else ring for ring in _rings(row["boundary"])]
        if found:
            rings[row["code"]] = found
    names = "、".join(sorted(DATUM_NAMES[d] for d in datums if d in DATUM_NAMES)) or ("未注明" if zh else "not stated")
    said = [f"坐标系 {names}" + ("（已换算为 WGS-84）" if known and len(datums) > 1 else "") if zh else f"datum {names}"]
    if not known and len(datums) > 1:
        said.append("部分边界未注明坐标系，未换算" if zh else "some boundaries state no datum and were not converted")
    said.append(("审图号：" if zh else "approval number ") + "、".join(approvals) if approvals else ("边界由用户提供，没有审图号，限内部使用" if zh else "boundaries provided by the user, no approval number, for internal use"))
    return rings, said


def _rings(text: str) -> list[Any]:
    try:
        geometry = json.loads(text)
        return shapes_from_geojson(geometry) if isinstance(geometry, dict) else []
    except (ValueError, TypeError, RecursionError):
        return []


def _moved(ring: Any, datum: str) -> list[tuple[float, float]]:
    lon, lat = to_wgs84([p[0] for p in ring], [p[1] for p in ring], datum)
    return list(zip(lon.tolist(), lat.tolist(), strict=True))


def _shapes(result: Result, frame: pl.DataFrame, column: Column, chain: str, outlines: dict[str, list[Any]], language: str) -> tuple[list[RegionShape], dict[str, float | None], frozenset[str]]:
    """One shape per park with its summed value; a park with a kept-back figure is kept back as a whole."""
    shapes, values, hidden = [], {}, set()
    kept = {key for key, name in result.hidden if name == column.name}
    edition = result.edition.number
    for (code,), rows in frame.group_by("park_code", maintain_order=True):
        first = rows.row(0, named=True)
        if any(result.key_of(row) in kept for row in rows.iter_rows(named=True)):
            hidden.add(str(code))
            values[str(code)] = None
        else:
            values[str(code)] = float(rows[column.name].sum()) if rows[column.name].null_count() < rows.height else None
        passport = figure_id(result.output, result.key_of(first), column.name, edition) if chain else ""
        bars = {row["chain_code"]: int(row["firms"] or 0) for row in rows.iter_rows(named=True)}
        shapes.append(RegionShape(str(code), str(first["park_name"]), outlines.get(str(code), []), "", int(rows["projects"].sum()), passport, bars))
    scale = scale_of([v for v in values.values() if v is not None], column.unit or "", language)
    return [_told(shape, values[shape.code], shape.code in hidden, column, scale, frame, language) for shape in shapes], values, frozenset(hidden)


def _told(shape: RegionShape, value: float | None, hidden: bool, column: Column, scale: Any, frame: pl.DataFrame, language: str) -> RegionShape:
    """The shape with its tip."""
    zh, rows = language == "zh", frame.filter(pl.col("park_code") == shape.code)
    amount = "※" if hidden else "—" if value is None else f"{shown(value, scale)} {scale.unit}"
    firms = [f"{row['chain_name']} {row['firms']}" for row in rows.sort("firms", descending=True).iter_rows(named=True) if row["firms"]]
    parts = [shape.name, f"{column.zh if zh else column.en} {amount}", ("企业 " if zh else "firms ") + ("、".join(firms) or "0")]
    if shape.flags:
        parts.append(f"在推项目 {shape.flags} 个" if zh else f"projects under way {shape.flags}")
    return RegionShape(shape.code, shape.name, shape.rings, "，".join(parts) if zh else ", ".join(parts), shape.flags, shape.passport, shape.bars)


def _points(result: Result, chain: str, parks: pl.DataFrame, kinds: dict[str, str], language: str) -> tuple[list[RegionPoint], list[str]]:
    """Firms with coordinates, each under its first chain; sized by output in the internal version only. And what must be said about the others."""
    zh, firms = language == "zh", _firms(result, chain)
    placed = located(nw.from_native(firms)).to_native()
    sizes = _sizes(result) if result.version == "internal" else {}
    datum, home = os.environ.get(POINTS_DATUM, ""), set(parks.get_column("datum").drop_nulls().to_list()) if "datum" in parks.columns else set()
    lon, lat = placed["longitude"].to_list(), placed["latitude"].to_list()
    without = firms.height - placed.height
    told = [f"{without} 家没有坐标，未画" if zh else f"{without} firms without coordinates are not drawn"] if without else []
    if datum in DATUM_NAMES and (len(home) > 1 or home & {"wgs84", "cgcs2000"}):
        east, north = to_wgs84(lon, lat, datum)
        lon, lat = east.tolist(), north.tolist()
    elif placed.height and not (datum and {datum} == home):
        told.append("企业坐标按与边界同一坐标系画，未换算" if zh else "firms' coordinates are taken to be in the boundaries' datum")
    rows = zip(lon, lat, placed["enterprise"], placed["kind"], placed["name"], strict=True)
    return [RegionPoint(x, y, max(0.0, sizes.get(firm, 0.0)), kind, name) for x, y, firm, kind, name in rows if kind in kinds], told


def _firms(result: Result, chain: str) -> pl.DataFrame:
    """Working firms that stand in the chain (or in any), each once at its first node, with its chain (``kind``) and coordinates."""
    table = {name: nw.from_native(result.edition.table(name)) for name in ("placement", "chain_node", "chain", "enterprise")}
    chains = table["chain"].select(nw.col("id").alias("chain"), nw.col("code").alias("kind"))
    nodes = table["chain_node"].select(nw.col("id").alias("chain_node"), "chain").join(chains, on="chain", how="inner")
    placed = table["placement"].filter(nw.col("grade").is_in(["confirmed", "likely"])).select("id", "enterprise", "chain_node", "grade", "score").join(nodes, on="chain_node", how="inner")
    placed = placed.filter(nw.col("kind") == chain) if chain else placed
    first = first_placement(placed).select(nw.col("placement").alias("id"))
    kinds = placed.join(first, on="id", how="inner").select("enterprise", "kind")
    firms = working(table["enterprise"]).select(nw.col("id").alias("enterprise"), "name", "longitude", "latitude")
    return firms.join(kinds, on="enterprise", how="inner").sort("enterprise").to_native()


def _sizes(result: Result) -> dict[int, float]:
    """Output of each firm in its latest year (万元)."""
    figures = latest_figures(nw.from_native(result.edition.table("annual_figure"))).to_native().drop_nulls("output")
    return dict(zip(figures["enterprise"].to_list(), figures["output"].to_list(), strict=True))
