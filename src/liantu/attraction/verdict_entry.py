"""From records of regions to the chance that an industry takes root here: the one file that speaks to the method of entry."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

import polars as pl

from liantu.kernel.word_lists import join_words
from liantu.methods.complexity import rca
from liantu.methods.recommenders import contributions, ease_scores, ease_weights

LOW, HIGH = 0.5, 1.0
LEAST_REGIONS, LEAST_YEARS, LEAST_ENTRIES, BINS, TOP = 12, 2, 30, 12, 3
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


def _steps(scores: list[float], entered: list[bool]) -> tuple[list[float], list[float]]:
    """Upper ends of score bins and the rate of entry in each, made monotone by pooling adjacent violators (Ayer and others 1955)."""
    order = sorted(range(len(scores)), key=scores.__getitem__)
    blocks: list[list[float]] = []
    for at in range(BINS):
        part = order[at * len(order) // BINS:(at + 1) * len(order) // BINS]
        if part:
            blocks.append([float(sum(entered[i] for i in part)), float(len(part)), scores[part[-1]]])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            blocks[-1] = [blocks[-1][0] + last[0], blocks[-1][1] + last[1], last[2]]
    return [b[2] for b in blocks], [b[0] / b[1] for b in blocks]


def _read(ends: list[float], rates: list[float], score: float) -> float:
    return rates[min(bisect_left(ends, score), len(rates) - 1)]


def _error(cells: list[tuple[int, float, bool]]) -> float:
    """Calibration error (0–1), each half of the regions predicted from the other half."""
    told: list[tuple[float, bool]] = []
    for half in (0, 1):
        learn, test = [c for c in cells if c[0] % 2 != half], [c for c in cells if c[0] % 2 == half]
        ends, rates = _steps([c[1] for c in learn], [c[2] for c in learn])
        told += [(_read(ends, rates, score), entered) for _, score, entered in test]
    told.sort(key=lambda t: t[0])
    parts = [told[at * len(told) // BINS:(at + 1) * len(told) // BINS] for at in range(BINS)]
    return sum(abs(sum(p for p, _ in part) - sum(e for _, e in part)) for part in parts if part) / len(told)


def feasibilities(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per industry of the records: the chance that it takes root here within one step of the years, or why that is not told."""
    panel = panel_of(rows)
    if isinstance(panel, str):
        items = rows.group_by("industry_code").agg(pl.col("industry_name").drop_nulls().min(), pl.col("year").max()).sort("industry_code")
        return items.with_columns(pl.lit(panel).alias("why_not"), *(pl.lit(None, dtype=t).alias(c) for c, t in SCHEMA.items() if c not in (*items.columns, "why_not"))).select(list(SCHEMA)).cast(SCHEMA)  # type: ignore[arg-type]
    return _estimated(panel)


def _estimated(panel: Panel) -> pl.DataFrame:
    """Label-free scores, made chances by what entered in the last step that ended."""
    before, now = rca(panel.values[-2]), rca(panel.values[-1])
    past, present = ease_scores(before ** 0.5), ease_scores(now ** 0.5)
    cells = [(r, float(past[r, i]), bool(now[r, i] >= HIGH)) for r in range(panel.regions) for i in range(len(panel.codes)) if before[r, i] < LOW]
    entries = sum(c[2] for c in cells)
    if entries < LEAST_ENTRIES:
        return _table(panel, now, [None] * len(panel.codes), "few_entries", None, None, len(cells))
    ends, rates = _steps([c[1] for c in cells], [c[2] for c in cells])
    chances = [None if now[panel.here, i] >= LOW else _read(ends, rates, float(present[panel.here, i])) for i in range(len(panel.codes))]
    return _table(panel, now, chances, None, entries / len(cells), _error(cells), len(cells))


def _table(panel: Panel, now: Any, chances: list[float | None], why_not: str | None, base: float | None, ece: float | None, n: int) -> pl.DataFrame:
    weights, own = ease_weights(now ** 0.5), now[panel.here]
    order = sorted((-(c if c is not None else -1.0), i) for i, c in enumerate(chances) if c is not None)
    rank = {i: at + 1 for at, (_, i) in enumerate(order)}
    rows = []
    for i, code in enumerate(panel.codes):
        told = [panel.names[j] or panel.codes[j] for j, gain in contributions(own ** 0.5, weights, i, TOP) if gain > 0] if chances[i] is not None else []
        rows.append((code, panel.names[i], chances[i], bool(own[i] >= LOW), base, rank.get(i), join_words(told), panel.years[-1], "label_free" if chances[i] is not None else None,
                     why_not or ("here_already" if own[i] >= LOW else None), ece, n))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
