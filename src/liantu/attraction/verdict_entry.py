"""From records of regions to the chance that an industry takes root here: the one file that speaks to the method of entry."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from liantu.kernel.kept import Kept
from liantu.kernel.word_lists import join_words
from liantu.methods.entry_model import Entry, EntryModel, fit_entry
from liantu.methods.entry_panel import EntryPanel

LEAST_REGIONS, LEAST_YEARS, LEAST_ENTRIES, TOP = 12, 2, 20, 3
DIVISION = 2  # digits of the industry code that make a division of GB/T 4754: industries of one division are told to the model as kin
MEASURES = ("employees", "firms", "output")
SCHEMA = {"industry_code": pl.String, "industry_name": pl.String, "probability": pl.Float64, "present": pl.Boolean, "base_rate": pl.Float64, "rank": pl.Int64, "because": pl.String,
          "year": pl.Int64, "how": pl.String, "why_not": pl.String, "ece": pl.Float64, "n": pl.Int64}


@dataclass(frozen=True)
class Panel:
    """Amounts (years, regions, industries) as one array, with the names of each side; ``here`` is this district's place."""

    values: Any
    years: list[int]
    codes: list[str]
    names: list[str | None]
    here: int
    regions: int


def panel_of(rows: pl.DataFrame) -> Panel | str:
    """The panel of the measure that is known most often (employees before firms before output), or the name of what is missing."""
    if rows.is_empty():
        return "no_rows"
    measure = max(MEASURES, key=lambda m: rows[m].count())
    known = rows.filter(pl.col(measure) > 0)
    here = known.filter(pl.col("here"))["region_name"].unique().sort().to_list()
    regions, years = known["region_name"].unique().sort().to_list(), known["year"].unique().sort().to_list()
    if len(here) != 1:
        return "no_here" if not here else "many_here"
    if len(regions) < LEAST_REGIONS:
        return "few_regions"
    if len(years) < LEAST_YEARS:
        return "few_years"
    items = known.group_by("industry_code").agg(pl.col("industry_name").drop_nulls().min()).sort("industry_code")
    codes = items["industry_code"].to_list()
    grid = pl.DataFrame({"year": years}).join(pl.DataFrame({"region_name": regions}), how="cross").join(items.select("industry_code"), how="cross")
    amounts = known.group_by("year", "region_name", "industry_code").agg(pl.col(measure).cast(pl.Float64).sum().alias("amount"))
    full = grid.join(amounts, on=["year", "region_name", "industry_code"], how="left", maintain_order="left")["amount"].fill_null(0.0)
    values = full.to_numpy().reshape(len(years), len(regions), len(codes))
    return Panel(values, years, codes, items["industry_name"].to_list(), regions.index(here[0]), len(regions))


def feasibilities(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per industry of the records: the chance that it takes root here within one step of the years, or why that is not told.

    The same records are learned from once: the passports of a district's figures all ask for the same.
    """
    return _kept((rows.height, int(rows.hash_rows(seed=1).sum()), int(rows.hash_rows(seed=2).sum())), Kept(rows))


@lru_cache(maxsize=8)
def _kept(marks: tuple[int, int, int], rows: Kept) -> pl.DataFrame:
    return _feasibilities(rows.value)


def _feasibilities(rows: pl.DataFrame) -> pl.DataFrame:
    panel = panel_of(rows)
    if isinstance(panel, str):
        items = rows.group_by("industry_code").agg(pl.col("industry_name").drop_nulls().min(), pl.col("year").max()).sort("industry_code")
        return items.with_columns(pl.lit(panel).alias("why_not"), *(pl.lit(None, dtype=t).alias(c) for c, t in SCHEMA.items() if c not in (*items.columns, "why_not"))).select(list(SCHEMA)).cast(SCHEMA)  # type: ignore[arg-type]
    return _estimated(panel)


def _estimated(panel: Panel) -> pl.DataFrame:
    """Learned on the last step that ended, told for this district from the newest year on."""
    last = len(panel.years) - 1
    divisions = pl.Series([code[:DIVISION] for code in panel.codes]).rank("dense").cast(pl.Int64).to_numpy()
    given = EntryPanel(panel.values, pl.Series(panel.years).to_numpy(), item_groups=(divisions,))
    try:
        model = fit_entry(given, at=last - 1, to=last)
    except ValueError:  # a year holds too little to learn from
        return _untold(panel, "few_entries")
    if model.entries < LEAST_ENTRIES:
        return _untold(panel, "few_entries")
    return _told(panel, given, model, model.predict(given, last))


def _untold(panel: Panel, why_not: str) -> pl.DataFrame:
    """The industries without a chance, and why."""
    rows = [(code, name, None, None, None, None, None, panel.years[-1], None, why_not, None, None) for code, name in zip(panel.codes, panel.names, strict=True)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _told(panel: Panel, given: EntryPanel, model: EntryModel, entry: Entry) -> pl.DataFrame:
    """This district's row of the model's table; where an industry is here already there is no chance to tell."""
    here, last, known = panel.here, len(panel.years) - 1, model.calibration
    absent, chances = entry.eligible[here].tolist(), entry.probability[here].tolist()
    order = sorted((i for i in range(len(panel.codes)) if absent[i]), key=lambda i: (-chances[i], -entry.score[here, i], i))
    rank = {i: at for at, i in enumerate(order, 1)}
    rows = []
    for i, code in enumerate(panel.codes):
        because = [panel.names[j] or panel.codes[j] for j, gain in model.explain(given, last, here, i, TOP) if gain > 0] if absent[i] else []
        rows.append((code, panel.names[i], chances[i] if absent[i] else None, not absent[i], known.base_rate, rank.get(i), join_words(because), panel.years[-1], model.how,
                     None if absent[i] else "here_already", known.ece, known.n))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
