from __future__ import annotations

import json
import math

import pytest
from typer.testing import CliRunner

from liantu.cli_maps import app
from liantu.kernel.batch import undo
from liantu.kernel.models import Change
from liantu.kernel.problems import UserError
from liantu.places.boundaries import MOST_TEXT, geometry_text, inspect_boundaries, save_boundaries
from liantu.places.models import Park

from .test_boundary_files import SQUARE, area, geojson

pytestmark = pytest.mark.django_db


@pytest.fixture
def parks(site, db):
    for code, name in (("p1", "白鹭镇"), ("p2", "江北街道"), ("p3", "高新产业园")):
        Park.objects.create(code=code, name=name)
    return Park.objects


def codes(found):
    return sorted(problem.code for problem in found.problems)


def test_features_meet_the_register_by_name_by_code_and_by_likeness(parks):
    data = geojson(({"n": "白鹭镇"}, area()), ({"n": "p3"}, area()), ({"n": "江北"}, area()), ({"n": "不存在镇"}, area()))
    found = inspect_boundaries(data, "a.json", datum="cgcs2000")
    assert found.column == "n" and sorted(found.parks.values()) == ["江北街道", "白鹭镇", "高新产业园"]
    assert codes(found) == ["boundary-similar", "boundary-unmatched"] and found.left_out == 1
    assert "不存在镇" in next(p for p in found.problems if p.severity == "error").line()


def test_writing_is_one_batch_with_history_that_can_be_taken_back(parks):
    data = geojson(({"n": "白鹭镇"}, area()))
    batch = save_boundaries(inspect_boundaries(data, "镇界.json", datum="gcj02", approval="赣S(2025)001号"))
    park = parks.get(code="p1")
    assert json.loads(park.boundary)["type"] == "Polygon" and (park.datum, park.approval) == ("gcj02", "赣S(2025)001号")
    change = Change.objects.get(batch=batch)
    assert (change.table, change.sheet, change.row, batch.updated, batch.file.name) == ("park", "边界", 1, 1, "镇界.json")
    assert save_boundaries(inspect_boundaries(data, "镇界.json", datum="gcj02", approval="赣S(2025)001号")) is None, "the same file again changes nothing"
    undo(batch)
    assert parks.get(code="p1").boundary is None and parks.get(code="p1").datum is None


def test_two_features_of_one_park_are_joined(parks):
    found = inspect_boundaries(geojson(({"n": "白鹭镇"}, area()), ({"n": "白鹭镇"}, area([[x + 1, y] for x, y in SQUARE]))), "a.json", datum="wgs84")
    assert "boundary-joined" in codes(found)
    save_boundaries(found)
    assert json.loads(parks.get(code="p1").boundary)["type"] == "MultiPolygon"


def test_the_datum_is_asked_for_and_the_name_column_checked(parks):
    data = geojson(({"n": "白鹭镇"}, area()))
    with pytest.raises(UserError) as refused:
        inspect_boundaries(data, "a.json")
    assert refused.value.code == "datum-needed" and "cgcs2000" in refused.value.hint
    with pytest.raises(UserError, match="beijing54"):
        inspect_boundaries(data, "a.json", datum="beijing54")
    with pytest.raises(UserError) as refused:
        inspect_boundaries(data, "a.json", datum="wgs84", name_column="XZQMC")
    assert refused.value.hint == "现有：n"


def test_an_empty_register_is_told(site, db):
    with pytest.raises(UserError) as refused:
        inspect_boundaries(geojson(({"n": "白鹭镇"}, area())), "a.json", datum="wgs84")
    assert refused.value.code == "no-parks"


def test_a_boundary_of_more_than_two_megabytes_is_simplified_within_its_tolerance():
    turn = [2 * math.pi * at / 150_000 for at in range(150_000)]
    ring = [(round(116 + math.cos(a) * (0.2 + 0.00002 * math.sin(a * 9000)), 6), round(28 + math.sin(a) * 0.2, 6)) for a in turn]
    text, tolerance = geometry_text([[[*ring, ring[0]]]])
    assert len(text) <= MOST_TEXT and 0 < tolerance < 0.001
    kept = json.loads(text)["coordinates"][0]
    assert kept[0] == kept[-1] and len(kept) > 100
    small, none = geometry_text([[[tuple(p) for p in SQUARE]]])
    assert none == 0.0 and json.loads(small)["coordinates"][0] == SQUARE


def test_the_command_tells_imports_and_counts_what_is_left_out(parks, tmp_path):
    path = tmp_path / "镇界.geojson"
    path.write_bytes(geojson(({"n": "白鹭镇"}, area()), ({"n": "江北街道"}, {"type": "Point", "coordinates": [1, 2]})))
    told = CliRunner().invoke(app, [str(path), "--datum", "cgcs2000", "--yes"])
    assert told.exit_code == 4, told.output
    assert "对上 1 个镇街园区" in told.output and "boundary-not-area" in told.output and "批次 B" in told.output
    assert parks.get(code="p1").datum == "cgcs2000"
    again = CliRunner().invoke(app, [str(path), "--datum", "cgcs2000", "--yes"])
    assert "没有变化" in again.output
