"""Boundaries of townships and parks: features matched to the register by code or name, and written as one batch that can be taken back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from liantu.kernel.batch import Planned, set_planned, write, writing
from liantu.kernel.desk import store_file
from liantu.kernel.models import Batch
from liantu.kernel.problems import Problem, UserError, catalogue
from liantu.methods.geo import simplified
from liantu.places.boundary_files import DIGITS, Feature, Found, Ring, read_features
from liantu.places.models import DATUMS, Park

MOST_TEXT = 2_000_000  # bytes of one boundary; a larger one is simplified
FIRST_TOLERANCE = 1e-5  # degrees, about a metre
METRES = 111_320.0  # per degree of latitude
_SUFFIX = re.compile(r"(街道办事处|街道办|街道|镇人民政府|镇|乡|工业园区|产业园区|园区|管委会)$")

catalogue("boundary-unmatched", "error", "第 {row} 个要素「{seen}」在镇街园区名录里找不到。", "Feature {row} ({seen}) is not in the register of parks and townships.",
          "请核对名称，或先把它登记到镇街园区名录。", "Check the name, or register it first.")
catalogue("boundary-similar", "warning", "第 {row} 个要素「{seen}」按近似名称对到「{name}」。", "Feature {row} ({seen}) was taken for {name}.", "请核对。", "Please check.")
catalogue("boundary-joined", "info", "「{name}」有多个要素，合成一个边界。", "{name} has several features; they were joined.", "", "")
catalogue("boundary-simplified", "info", "「{name}」的边界超过 2 MB，已简化，偏差不超过约 {metres} 米。", "The boundary of {name} exceeds 2 MB and was simplified; it moved by no more than about {metres} m.",
          "示意图用不到更细的边界。", "A sketch needs no finer one.")
catalogue("boundary-absent", "info", "「{name}」没有边界。", "{name} has no boundary.", "图上不画它的位置。", "Its place is not drawn.")


@dataclass
class Boundaries:
    """What an import of boundaries would do: rows to write, the feature of each park, all problems, and by which property they were told apart."""

    found: Found
    data: bytes
    datum: str
    column: str
    parks: dict[int, str] = field(default_factory=dict)
    rows: list[Planned] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def left_out(self) -> int:
        """How many features cannot be imported."""
        return len({problem.row for problem in self.problems if problem.severity == "error"})


def inspect_boundaries(data: bytes, name: str, *, datum: str | None = None, name_column: str | None = None, encoding: str | None = None, approval: str | None = None,
                       siblings: Mapping[str, bytes] | None = None) -> Boundaries:
    """Read a file and match it to the register; writes nothing. ``datum`` is asked for unless the file names one."""
    found = read_features(data, name, siblings=siblings, encoding=encoding)
    chosen = _datum(datum, found.told_datum)
    parks = list(Park.objects.order_by("code"))
    if not parks:
        raise UserError("镇街园区名录是空的。", code="no-parks", hint="请先导入镇街园区名录，再导入边界。")
    column = _column(found.features, parks, name_column)
    result = Boundaries(found, data, chosen, column, problems=list(found.problems))
    taken: dict[int, list[Feature]] = {}
    for feature in found.features:
        park, exact = _match(feature.properties.get(column, ""), parks)
        seen = feature.properties.get(column, "") or "（空）"
        if park is None:
            result.problems.append(Problem("boundary-unmatched", file=name, row=feature.number, seen=seen))
            continue
        if not exact:
            result.problems.append(Problem("boundary-similar", file=name, row=feature.number, seen=seen, details=(("name", park.name),)))
        taken.setdefault(park.pk, []).append(feature)
    for park in parks:
        if park.pk in taken:
            _plan(result, park, taken[park.pk], approval)
        elif not park.boundary:
            result.problems.append(Problem("boundary-absent", file=name, details=(("name", park.name),)))
    return result


def save_boundaries(planned: Boundaries, *, by: Any = None) -> Batch | None:
    """Write the boundaries that were found as one batch; None when the register already says all of it."""
    rows = [row for row in planned.rows if row.values]
    if not rows:
        return None
    with writing():
        stored = store_file(planned.data, planned.found.file, "boundary")
        batch: Batch = Batch.objects.create(kind="import", by=by, file=stored, note=f"边界：{len(rows)} 个镇街园区，坐标系 {planned.datum}")
        write(batch, rows)
    return batch


def _datum(asked: str | None, told: str) -> str:
    known = {choice.value: choice.zh for choice in DATUMS}
    if asked and asked.lower() not in known:
        raise UserError(f"没有坐标系「{asked}」。", code="unknown-datum", hint="可用：" + "、".join(known))
    if not asked and not told:
        raise UserError("文件没有注明坐标系。", code="datum-needed", hint="请向提供单位问清后注明，如 --datum cgcs2000（可用：" + "、".join(known) + "）。")
    return asked.lower() if asked else told


def _column(features: Sequence[Feature], parks: Sequence[Park], wanted: str | None) -> str:
    """The property that names the areas: the one asked for, else the one that matches most parks."""
    columns = list(dict.fromkeys(column for feature in features for column in feature.properties))
    if wanted is not None:
        if wanted not in columns:
            raise UserError(f"文件里没有属性「{wanted}」。", code="unknown-property", hint="现有：" + "、".join(columns[:20]))
        return wanted
    hits = {column: sum(_match(feature.properties.get(column, ""), parks)[0] is not None for feature in features) for column in columns}
    return max(columns, key=lambda column: hits[column], default="")


def _match(value: str, parks: Sequence[Park]) -> tuple[Park | None, bool]:
    """The park that a word means: by code or name exactly, else by the only name with the same beginning before 镇, 街道, 园区 …."""
    value = value.strip()
    for park in parks:
        if value and value in (park.code, park.name):
            return park, True
    bare = _SUFFIX.sub("", value)
    alike = [park for park in parks if bare and _SUFFIX.sub("", park.name) == bare]
    return (alike[0], False) if len(alike) == 1 else (None, False)


def _plan(result: Boundaries, park: Park, features: Sequence[Feature], approval: str | None) -> None:
    """One row to write for a park."""
    name = (("name", park.name),)
    if len(features) > 1:
        result.problems.append(Problem("boundary-joined", file=result.found.file, row=features[0].number, details=name))
    text, tolerance = geometry_text([polygon for feature in features for polygon in feature.polygons])
    if tolerance:
        result.problems.append(Problem("boundary-simplified", file=result.found.file, row=features[0].number, details=(*name, ("metres", f"{tolerance * METRES:.0f}"))))
    row = Planned("park", {}, record=park.pk, sheet="边界", row=features[0].number, revision=park.revision)
    for column, value in (("boundary", text), ("datum", result.datum), *((("approval", approval),) if approval else ())):
        set_planned(row, column, value, {column: getattr(park, column)})
    result.parks[park.pk] = park.name
    result.rows.append(row)


def geometry_text(polygons: Sequence[Sequence[Ring]]) -> tuple[str, float]:
    """GeoJSON of polygons, and the tolerance in degrees by which it was simplified to stay under :data:`MOST_TEXT` (0: not at all).

    Starts at :data:`FIRST_TOLERANCE` and doubles; a ring is never simplified to fewer than four points.
    """
    text, tolerance = _text(polygons), 0.0
    while len(text) > MOST_TEXT:
        tolerance = tolerance * 2 or FIRST_TOLERANCE
        text = _text([[_fewer(ring, tolerance) for ring in rings] for rings in polygons])
    return text, tolerance


def _fewer(ring: Ring, tolerance: float) -> Ring:
    """A closed ring simplified in two halves, so that its first and its farthest point stay."""
    far = max(range(len(ring)), key=lambda at: (ring[at][0] - ring[0][0]) ** 2 + (ring[at][1] - ring[0][1]) ** 2)
    halves = [simplified(half, tolerance).tolist() for half in (ring[:far + 1], ring[far:])]
    kept = [(round(x, DIGITS), round(y, DIGITS)) for x, y in [*halves[0], *halves[1][1:]]]
    return kept if len(kept) >= 4 else [*ring[:1], ring[len(ring) // 3], ring[2 * len(ring) // 3], ring[0]]


def _text(polygons: Sequence[Sequence[Ring]]) -> str:
    coordinates = [[[list(point) for point in ring] for ring in rings] for rings in polygons]
    geometry = {"type": "Polygon", "coordinates": coordinates[0]} if len(coordinates) == 1 else {"type": "MultiPolygon", "coordinates": coordinates}
    return json.dumps(geometry, separators=(",", ":"))
