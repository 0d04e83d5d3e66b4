"""The sheets 32–35: every planted verdict follows from its own figures, sizes stay modest, and industries that fit take root more often."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from liantu.attraction.models import NeighbourPriority, NodeInput, NodeProfile, RegionalIndustry
from liantu.chains.records import load_template_records
from liantu.demo.generator import Built, build, write
from liantu.demo.planted import Planted
from liantu.demo.region_panel import PANEL_FILE, YEARS, panel_sheet
from liantu.demo.self_check import Found, compare
from liantu.demo.verdict_check import confusion, confusion_lines, wrongly_attracted
from liantu.demo.verdict_plan import gap_plans
from liantu.demo.verdict_sheets import INPUT_FILE, NEIGHBOUR_FILE, PROFILE_FILE, answers, books

SETTINGS = {"seed": 5, "firms": 400, "months": 24, "supply_links": 2400}


@pytest.fixture(scope="module")
def built() -> Built:
    return build(SETTINGS)


def test_plans_are_stable_and_their_figures_make_them_true(built: Built) -> None:
    plans = gap_plans(built)
    assert plans == gap_plans(built) and {p.kind for p in plans} == {"missing", "weak", "single"} and {p.verdict for p in plans} == {"attract", "grow", "cooperate", "drop", "verify"}
    for p in plans:
        if p.verdict in ("attract", "grow"):
            assert p.demand > 2 * p.efficient > 0
        elif p.verdict == "drop" or p.planned == "cooperate":
            assert p.efficient > 5 * max(p.demand, p.coefficient * p.users)
    assert any(p.kind == "single" and p.efficient > p.demand for p in plans)


def test_every_row_of_the_sheets_becomes_a_record(built: Built, take, tmp_path: Path) -> None:
    made = books(built)
    for chain in built.plan.templates:
        load_template_records(chain)
    for name, model in ((PROFILE_FILE, NodeProfile), (INPUT_FILE, NodeInput), (NEIGHBOUR_FILE, NeighbourPriority), (PANEL_FILE, RegionalIndustry)):
        write(tmp_path / name, made[name])
        take((tmp_path / name).read_bytes(), name)
        assert model.objects.count() == len(made[name][0].rows), name
    assert RegionalIndustry.objects.filter(here=True).values("region_name").distinct().count() == 1 and 3000 < RegionalIndustry.objects.count() <= 15_000
    assert NodeProfile.objects.filter(efficient_output=None).count() == 0 and NeighbourPriority.objects.exclude(chain_node=None).exists()


def test_what_fits_takes_root_more_often(built: Built) -> None:
    rows = pl.DataFrame([(r[0], r[1], r[3]) for r in panel_sheet(built).rows], schema=["region", "code", "year"], orient="row")
    before, after = (set(rows.filter(pl.col("year") == year).select("region", "code").iter_rows()) for year in YEARS[:2])
    regions, codes = sorted({r for r, _ in before}), sorted({c for _, c in before})
    own = {r: {c for c in codes if (r, c) in before} for r in regions}

    def alike(region: str, code: str) -> float:
        """Mean overlap with the regions that have the code: what a neighbour-based score sees."""
        return sum(len(own[region] & own[o]) / max(len(own[region] | own[o]), 1) for o in regions if code in own[o] and o != region)

    absent = [(alike(r, c), (r, c) in after) for r in regions for c in codes if c not in own[r]]
    absent.sort()
    half = len(absent) // 2
    low, high = sum(e for _, e in absent[:half]), sum(e for _, e in absent[half:])
    assert low + high > 30 and high > 1.5 * low


def test_answers_and_the_check(built: Built) -> None:
    planted = Planted({}, totals={"records": {"outside_presence": 0}})
    answers(built, planted)
    known = planted.attraction["verdicts"]
    right = {ref: row["verdict"] for ref, row in known.items()}
    rows = {r.what: r for r in compare(planted, Found(verdicts=right))}
    assert rows["缺口判断"].share == 1.0 and rows["独家需求不足不招引"].share == 1.0
    wrong = dict.fromkeys(known, "attract")
    assert wrongly_attracted(known, wrong) and {r.what: r for r in compare(planted, Found(verdicts=wrong))}["独家需求不足不招引"].share == 0.0
    assert sum(confusion(known, right).values()) == len(known) and len(list(confusion_lines(known, right))) == 7
