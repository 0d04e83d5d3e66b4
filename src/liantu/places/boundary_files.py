"""Boundaries as files have them: GeoJSON or shapefile (plain or zipped) read into features, every fault told, nothing guessed.

Files come from outside: sizes are limited before anything is unpacked, nothing is written to disk, and whatever a library
stumbles over is answered in words.
"""

from __future__ import annotations

import io
import json
import math
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from liantu.kernel.problems import Problem, UserError, catalogue
from liantu.methods.geo import ring_area, self_crossing

MOST_BYTES, MOST_UNPACKED, MOST_MEMBERS, MOST_FEATURES = 100_000_000, 200_000_000, 1000, 5000
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
WEST, EAST, SOUTH, NORTH = 73.0, 136.0, 3.0, 54.0
DIGITS = 6  # of a degree: a tenth of a metre
LEAST_AREA = 1e-9  # square degrees: about 12 m²
Ring = list[tuple[float, float]]

catalogue("boundary-not-area", "error", "第 {row} 个要素不是面（是 {seen}）。", "Feature {row} is no polygon (it is {seen}).", "只能导入面（Polygon、MultiPolygon）。", "Only polygons can be imported.")
catalogue("boundary-empty", "error", "第 {row} 个要素没有图形，或围不成面。", "Feature {row} is empty or encloses nothing.", "请在制图软件里补画后重新导出。", "Draw it and export again.")
catalogue("boundary-bad-number", "error", "第 {row} 个要素的坐标里有不是数字的值。", "Feature {row} has coordinates that are not numbers.", "请重新导出。", "Export again.")
catalogue("boundary-outside", "error", "第 {row} 个要素的坐标 {seen} 不在经度 73–136、纬度 3–54 之内。", "Feature {row}: {seen} is not within 73–136° E, 3–54° N.",
          "可能是投影坐标（米），或经纬度写反了；请转为经纬度后重新导出。", "Probably projected (metres), or longitude and latitude are swapped; export in degrees.")
catalogue("boundary-crosses", "error", "第 {row} 个要素的边界在 {seen} 处自己相交。", "The outline of feature {row} crosses itself at {seen}.", "请在制图软件里用「修复几何」改正。", "Mend the geometry in your mapping software.")


@dataclass(frozen=True)
class Feature:
    """One area of a file: its place in the file (from 1), its properties as text, and its polygons as rings (the first of each is the outer one)."""

    number: int
    properties: Mapping[str, str]
    polygons: tuple[tuple[Ring, ...], ...]

    @property
    def points(self) -> int:
        return sum(len(ring) for rings in self.polygons for ring in rings)


@dataclass
class Found:
    """What a file holds: features without fault, all problems, and the datum that the file itself names (or "")."""

    file: str
    features: list[Feature] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    told_datum: str = ""


def read_features(data: bytes, name: str, *, siblings: Mapping[str, bytes] | None = None, encoding: str | None = None) -> Found:
    """Read a GeoJSON, a zipped shapefile, or a ``.shp`` whose other parts are given as ``siblings`` (by file name). Raises UserError when the file is none."""
    if len(data) > MOST_BYTES:
        raise UserError(f"边界文件太大（{len(data) / 1e6:.0f} MB，最多 {MOST_BYTES / 1e6:.0f} MB）。", code="boundary-too-large", hint="请先在制图软件里简化，或按镇街拆开。")
    if data[:2] == b"PK":
        return _shapefile(_members(data), name, encoding)
    if PurePath(name).suffix.lower() == ".shp":
        return _shapefile({PurePath(name).name: data, **(siblings or {})}, name, encoding)
    return _geojson(data, name)


def _geojson(data: bytes, name: str) -> Found:
    try:
        whole = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UserError("文件不是 UTF-8 的 GeoJSON，也不是 shapefile。", code="boundary-unreadable", hint="请导出为 UTF-8 的 GeoJSON，或把 shapefile 的几个文件压成一个 zip。") from None
    except (ValueError, RecursionError):
        raise UserError("文件不是可读的 GeoJSON。", code="boundary-unreadable", hint="请从制图软件重新导出 GeoJSON，或用 zip 打包的 shapefile。") from None
    features = whole.get("features") if isinstance(whole, dict) and whole.get("type") == "FeatureCollection" else [whole] if isinstance(whole, dict) and whole.get("type") == "Feature" else None
    if not isinstance(features, list):
        raise UserError("GeoJSON 里没有要素集（FeatureCollection）。", code="boundary-unreadable", hint="请导出为 FeatureCollection。")
    found = Found(name, told_datum=_crs_datum(whole.get("crs")))
    for number, feature in enumerate(_few(features), 1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        _take(found, number, properties if isinstance(properties, dict) else {}, feature.get("geometry") if isinstance(feature, dict) else None)
    return found


def _few(features: list[Any]) -> list[Any]:
    if len(features) > MOST_FEATURES:
        raise UserError(f"文件里有 {len(features)} 个要素，最多 {MOST_FEATURES} 个。", code="boundary-too-many", hint="请只导出本区的镇街和园区。")
    return features


def _crs_datum(crs: Any) -> str:
    """The datum that an (old-style) ``crs`` member names; a projected or unknown one is refused."""
    named = str(crs.get("properties", {}).get("name", "")) if isinstance(crs, dict) and isinstance(crs.get("properties"), dict) else ""
    if not named:
        return ""
    code = named.replace("::", ":").rsplit(":", 1)[-1]
    if code in ("4490",):
        return "cgcs2000"
    if code in ("4326", "CRS84"):
        return "wgs84"
    raise _unknown_system(named)


def _unknown_system(named: str) -> UserError:
    return UserError(f"坐标系「{named[:60]}」不能用。", code="boundary-projected", hint="请在制图软件里转为 CGCS2000（EPSG:4490）或 WGS-84（EPSG:4326）经纬度后重新导出。")


def _members(data: bytes) -> dict[str, bytes]:
    """The parts of a zipped shapefile, unpacked in memory within limits."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            wanted = [info for info in packed.infolist() if PurePath(info.filename).suffix.lower() in PARTS and "__MACOSX" not in info.filename]
            if len(packed.infolist()) > MOST_MEMBERS or sum(info.file_size for info in wanted) > MOST_UNPACKED:
                raise UserError("压缩包解开后太大。", code="boundary-too-large", hint=f"最多 {MOST_UNPACKED / 1e6:.0f} MB、{MOST_MEMBERS} 个文件。")
            parts = {}
            for info in wanted:
                with packed.open(info) as member:
                    parts[PurePath(info.filename.replace("\\", "/")).name] = member.read(info.file_size + 1)[:info.file_size]
            return parts
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise UserError("压缩包打不开（损坏或有密码）。", code="boundary-unreadable", hint="请重新压缩，不设密码。") from error


def _shapefile(parts: Mapping[str, bytes], name: str, encoding: str | None) -> Found:
    shapes = [part for part in parts if part.lower().endswith(".shp")]
    if len(shapes) != 1:
        told = "、".join(shapes[:5]) or "没有 .shp 文件"
        raise UserError(f"压缩包里要有且只有一个 .shp：{told}。", code="boundary-unreadable", hint="请把同名的 .shp、.shx、.dbf、.prj 压成一个 zip。")
    stem = shapes[0][:-4]
    part = {suffix: next((parts[p] for p in parts if p.lower() == (stem + suffix).lower()), None) for suffix in PARTS}
    if part[".dbf"] is None:
        raise UserError(f"缺少 {stem}.dbf，无法知道每个面是哪个镇街。", code="boundary-unreadable", hint="请把 .dbf 与 .shp 放在一起。")
    found = Found(name, told_datum=_prj_datum((part[".prj"] or b"").decode("utf-8", "replace")))
    told = (part[".cpg"] or b"").decode("ascii", "ignore").strip()
    for trial in [encoding] if encoding else [*([told] if told else []), "utf-8", "gb18030"]:
        try:
            rows = _rows(part, trial)
            break
        except (UnicodeError, LookupError):
            continue
    else:
        raise UserError(f"属性表的文字用 {encoding or 'UTF-8、GBK'} 读不出。", code="boundary-encoding", hint="请用 --encoding 写明编码，如 gbk。")
    for number, (properties, geometry) in enumerate(_few(rows), 1):
        _take(found, number, properties, geometry)
    return found


def _rows(part: Mapping[str, bytes | None], encoding: str | None) -> list[tuple[dict[str, Any], Any]]:
    """Properties and geometry of each row; text that does not decode raises UnicodeError."""
    import shapefile

    files = {suffix[1:]: io.BytesIO(data) for suffix in (".shp", ".shx", ".dbf") if (data := part[suffix]) is not None}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what matters is told by the checks of each feature
            with shapefile.Reader(encoding=encoding, encodingErrors="strict", **files) as reader:
                return [(row.record.as_dict(), row.shape.__geo_interface__ if row.shape.shapeType else None) for row in reader.iterShapeRecords()]
    except (UnicodeError, LookupError):
        raise
    except Exception as error:  # the reader raises whatever a broken file leads it to
        if isinstance(error, shapefile.dbfFileException) and "decode" in str(error):
            raise UnicodeError(str(error)) from error
        raise UserError("shapefile 读不出（文件损坏或不完整）。", code="boundary-unreadable", hint="请重新导出，并把全部文件压成一个 zip。") from error


def _prj_datum(text: str) -> str:
    """The datum that a ``.prj`` names; a projected or old one is refused."""
    plain = text.upper().replace(" ", "_")
    if not plain.strip():
        return ""
    if plain.startswith(("PROJCS", "PROJCRS")):
        raise _unknown_system(text.split('"')[1] if '"' in text else "投影坐标")
    if "CHINA_GEODETIC_COORDINATE_SYSTEM_2000" in plain or "CGCS" in plain or "CHINA_2000" in plain:
        return "cgcs2000"
    if "WGS_1984" in plain or "WGS_84" in plain or "WGS84" in plain:
        return "wgs84"
    raise _unknown_system(text.split('"')[1] if '"' in text else text)


def _take(found: Found, number: int, properties: Mapping[str, Any], geometry: Any) -> None:
    """Keep a feature, or say what is wrong with it."""
    def wrong(code: str, seen: str = "") -> None:
        found.problems.append(Problem(code, file=found.file, row=number, seen=seen))

    kind = str(geometry.get("type")) if isinstance(geometry, dict) else ""
    if not isinstance(geometry, dict):
        return wrong("boundary-empty")
    if kind not in ("Polygon", "MultiPolygon"):
        return wrong("boundary-not-area", kind[:30])
    try:
        raw = [geometry["coordinates"]] if kind == "Polygon" else geometry["coordinates"]
        polygons = tuple(rings for polygon in raw if (rings := tuple(ring for points in polygon if (ring := _ring(points)))))
    except (TypeError, ValueError, KeyError, IndexError, OverflowError):
        return wrong("boundary-bad-number")
    if not polygons or not any(abs(ring_area(rings[0])) > LEAST_AREA for rings in polygons):
        return wrong("boundary-empty")
    for ring in (ring for rings in polygons for ring in rings):
        outside = next(((x, y) for x, y in ring if not (WEST <= x <= EAST and SOUTH <= y <= NORTH)), None)
        if outside:
            return wrong("boundary-outside", f"({outside[0]:g}, {outside[1]:g})")
        crossing = self_crossing(ring)
        if crossing:
            return wrong("boundary-crosses", f"({crossing[0]:.5f}, {crossing[1]:.5f})")
    found.features.append(Feature(number, {str(key): "" if value is None else str(value).strip() for key, value in properties.items()}, polygons))


def _ring(points: Any) -> Ring:
    """A closed ring of rounded coordinates without repeated points; empty when it encloses nothing. Raises ValueError for what is no number."""
    ring: Ring = []
    for point in points:
        x, y = point[0], point[1]
        if isinstance(x, bool) or isinstance(y, bool) or not isinstance(x, int | float) or not isinstance(y, int | float) or not (math.isfinite(x) and math.isfinite(y)):
            raise ValueError("not a number")
        spot = round(float(x), DIGITS), round(float(y), DIGITS)
        if not ring or ring[-1] != spot:
            ring.append(spot)
    if ring and ring[0] != ring[-1]:
        ring.append(ring[0])
    return ring if len(ring) >= 4 else []
