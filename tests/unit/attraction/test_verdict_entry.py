"""From records of regions to chances: what is missing is said, and where a hidden structure decides what takes root the chances find it."""

from __future__ import annotations

import polars as pl
import pytest

from liantu.attraction.verdict_entry import SCHEMA, feasibilities
from liantu.demo.generator import build
from liantu.demo.region_panel import panel_sheet
from liantu.kernel.edition import schema_of
from liantu.kernel.tables import table_of

FIELDS = schema_of(table_of("regional_industry"))


def rows(*told: tuple) -> pl.DataFrame:
    names = ("region_name", "industry_code", "industry_name", "year", "firms", "employees", "output", "here")
    return pl.DataFrame([dict(zip(names, row, strict=True)) for row in told], schema={name: FIELDS[name] for name in names}).select(pl.lit(None, dtype=kind).alias(name) if name not in names else pl.col(name)
                                                                                                                                   for name, kind in FIELDS.items())


@pytest.fixture(scope="module")
def panel() -> pl.DataFrame:
    sheet = panel_sheet(build({"seed": 5, "firms": 400, "months": 24, "supply_links": 600}))
    return rows(*((r[0], r[1], r[2], r[3], r[4], r[5], float(r[6]), r[7] == "是") for r in sheet.rows))


def reasons(frame: pl.DataFrame) -> set:
    return set(feasibilities(frame)["why_not"])


def test_what_is_missing_is_said_and_no_chance_is_made_up(panel):
    assert feasibilities(rows()).is_empty() and feasibilities(rows()).schema == pl.Schema(SCHEMA)
    assert reasons(panel.with_columns(pl.lit(False).alias("here"))) == {"no_here"}
    assert reasons(panel.with_columns(pl.lit(True).alias("here"))) == {"many_here"}
    few = panel.filter(pl.col("region_name").is_in(panel["region_name"].unique(maintain_order=True).head(8).implode()))
    assert reasons(few) == {"few_regions"} and feasibilities(few)["probability"].null_count() == few["industry_code"].n_unique()
    assert reasons(panel.filter(pl.col("year") == 2024)) == {"few_years"}
    still = pl.concat([panel.filter(pl.col("year") == 2018), panel.filter(pl.col("year") == 2018).with_columns(pl.lit(2021, dtype=FIELDS["year"]).alias("year"))])
    assert reasons(still) == {"few_entries"}  # nothing took root between two equal years


def test_chances_of_this_district(panel):
    told = feasibilities(panel)
    assert told["industry_code"].to_list() == sorted(panel["industry_code"].unique()) and set(told["why_not"]) == {None, "here_already"}
    absent = told.filter(~pl.col("present"))
    assert absent["probability"].null_count() == 0 and absent["probability"].is_between(0, 1).all() and told.filter(pl.col("present"))["probability"].null_count() == told["present"].sum()
    assert sorted(absent["rank"]) == list(range(1, absent.height + 1)) and absent.sort("rank")["probability"].is_sorted(descending=True)
    assert told["ece"][0] < 0.05 and told["n"][0] > 1000 and 0 < told["base_rate"][0] < 0.3
    assert absent.sort("rank").head(10)["because"].null_count() < 10
    assert feasibilities(panel.sample(fraction=1.0, shuffle=True, seed=3)).equals(told)  # the order of rows does not matter
