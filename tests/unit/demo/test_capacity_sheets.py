"""The survey of spare capacity through the desk: every planted answer becomes one record, and what is wrong is told."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from liantu.demo.capacity_sheets import ASKED_BEFORE, CAPACITY_FILE, books
from liantu.demo.generator import Built, build, write
from liantu.demo.planted import Planted
from liantu.kernel.desk import open_draft, read_draft
from liantu.resilience.capacity_models import SupplyCapacity
from tests.robust.kit import csv_bytes

SETTINGS = {"seed": 5, "firms": 300, "months": 24, "supply_links": 1500}


@pytest.fixture(scope="module")
def built() -> Built:
    return build(SETTINGS)


def test_every_answer_becomes_a_record(built: Built, take, tmp_path: Path) -> None:
    world, planted = built.world, Planted({})
    world.plants.planted.dirt.clear()
    write(tmp_path / CAPACITY_FILE, books(world, built.supply, planted)[CAPACITY_FILE])
    data = (tmp_path / CAPACITY_FILE).read_bytes()
    take(csv_bytes([{"统一社会信用代码": f.uscc, "企业名称": f.name} for f in world.firms]))
    told = {(p.sheet, p.row, p.code, p.column, p.seen) for p in read_draft(open_draft(data, CAPACITY_FILE)).problems if p.severity == "error"}
    batch = take(data, CAPACITY_FILE, good_only=True)
    assert batch is not None
    got = {(r.enterprise.uscc, r.item): r for r in SupplyCapacity.objects.select_related("enterprise")}
    assert set(got) == {(c["uscc"], c["item"]) for c in planted.capacities} and {c["kind"] for c in planted.capacities} == {"ready", "full", "stale"}
    for told_row in planted.capacities:
        record = got[told_row["uscc"], told_row["item"]]
        spare = record.spare if record.spare is not None else record.capacity * record.spare_share
        assert float(spare) == pytest.approx(told_row["spare"], abs=0.011) and record.switch_days == told_row["switch_days"]
        assert (record.as_of == ASKED_BEFORE) == (told_row["kind"] == "stale") and record.qualified and record.certificates
        assert told_row["kind"] != "full" or spare == Decimal(0)
    bad = {(d["place"][1], d["place"][2], d["code"], d["column"], d["seen"]) for d in world.plants.planted.dirt}
    assert len(bad) == 2 and {b for b in bad if b[2] == "bad-number"} <= told
    assert not SupplyCapacity.objects.filter(item="未列产品").exists() and not SupplyCapacity.objects.filter(enterprise__name__contains="不存在").exists()
    assert take(data, CAPACITY_FILE, good_only=True) is None or SupplyCapacity.objects.count() == len(got)
