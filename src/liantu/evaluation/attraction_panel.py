"""A table region × industry × year from any file, the layers it is judged on, and what was left out, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from liantu.kernel.problems import UserError
from liantu.methods.entry_panel import EntryPanel, groups_of

WORDS = {
    "region": ("region", "sa3", "county_fips", "fips", "zip3", "zip", "cz", "czone", "prefecture", "city", "county", "area", "geo", "country", "地区", "区县", "城市"),
    "industry": ("industry", "naics", "isic", "nace", "sic", "ind1990", "ind", "item", "product", "hs4", "technology", "tech", "activity", "行业", "产业", "产品"),
    "year": ("year", "period", "年份", "年度", "年"),
    "value": ("workers", "value", "estab", "establishments", "firms", "count", "employment", "emp", "amount", "share", "patents", "exports", "n", "从业人数", "企业数", "数值", "金额"),
}
LEVELS = (("workers", 10.0), ("emp", 10.0), ("从业", 10.0), ("estab", 5.0), ("firm", 3.0), ("企业数", 3.0))
LEAST_SHARE = 0.03  # of industries a region must have, of regions an industry must be in, in every layer used
BREAK = 1.5  # times as many filled cells in one year as in the next: the rules of counting changed
CROSSED = "年份之间统计口径有变：有一年里不出现的小数，各年一律当作 0"


@dataclass(frozen=True)
class Table:
    """``panel`` with the names of its rows and columns; ``notes`` say what was chosen and left out."""

    name: str
    panel: EntryPanel
    regions: tuple[str, ...]
    items: tuple[str, ...]
    notes: tuple[str, ...]


def read(file: Path, options: dict[str, str]) -> Table:
    """``options``: region, industry, year, value (names of columns), level, years (``2011,2016,2021``). UserError when a column is not to be found."""
    frame = (pl.read_parquet(file) if file.suffix == ".parquet" else pl.read_csv(file, infer_schema=False)) if file.is_file() else None
    if frame is None:
        raise UserError(f"没有「{file}」这个文件。", code="no-panel", hint="用 --panel 指定一张地区 × 行业 × 年份的 parquet 或 csv。")
    names = {part: _column(frame.columns, part, options.get(part)) for part in WORDS}
    cells = frame.select(r=pl.col(names["region"]).cast(pl.String), i=pl.col(names["industry"]).cast(pl.String), y=pl.col(names["year"]).cast(pl.Int64, strict=False),
                         v=pl.col(names["value"]).cast(pl.Float64, strict=False)).drop_nulls().filter(pl.col("v").is_finite() & (pl.col("v") >= 0))
    lost = frame.height - cells.height
    values, regions, items, years = _dense(cells.group_by("r", "i", "y").agg(pl.col("v").sum()))
    notes = [f"列：地区 {names['region']}、行业 {names['industry']}、年份 {names['year']}、数值 {names['value']}"] + ([f"{lost} 行没有数或为负，未用"] if lost else [])
    level = float(options["level"]) if "level" in options else _level(names["value"], values)
    kept, said = _layers(values, years, options.get("years"))
    values, years = values[kept], years[kept]
    breaks = tuple(run[0] for run in _runs(values)[1:])
    if said == CROSSED:
        floor = max(float(v[v > 0].min()) for v in values if (v > 0).any())
        values = np.where(values < floor, 0, values)
    rows, columns = _volume(values)
    notes += [said] * bool(said) + [f"算新出现要至少 {level:g}", f"各年都有量的 {int(rows.sum())} 个地区（共 {len(rows)}）、{int(columns.sum())} 个行业（共 {len(columns)}）"]
    values, regions, items = values[:, rows][:, :, columns], [r for r, k in zip(regions, rows, strict=True) if k], [i for i, k in zip(items, columns, strict=True) if k]
    panel = EntryPanel(values, years, level=level, region_groups=groups_of(regions, (2,)), item_groups=groups_of(items, (2, 3, 4)), breaks=breaks)
    return Table(file.stem, panel, tuple(regions), tuple(items), tuple(notes))


def _column(columns: Sequence[str], part: str, told: str | None) -> str:
    if told is not None and told in columns:
        return told
    low = {c.lower(): c for c in columns}
    exact = [low[w] for w in WORDS[part] if w in low]
    found = exact or [c for w in WORDS[part] if len(w) > 2 for c in columns if c.lower().startswith(w)]
    if told is not None or not found:
        raise UserError(f"表里认不出「{part}」这一列{f'（没有「{told}」）' if told else ''}；有的列是：{'、'.join(columns)}。", code="no-panel-column", hint=f"用 --column {part}=列名 指定。")
    return found[0]


def _level(name: str, values: np.ndarray) -> float:
    """The usual least amount by what is counted; none for shares."""
    if values.max(initial=0) <= 1.5:
        return 0.0
    return next((level for word, level in LEVELS if word in name.lower()), 0.0)


def _dense(cells: pl.DataFrame) -> tuple[np.ndarray, list[str], list[str], np.ndarray]:
    regions, items, years = (sorted(cells[c].unique().to_list()) for c in "riy")
    at = [np.searchsorted(np.array(known), cells[c].to_numpy()) for known, c in ((years, "y"), (regions, "r"), (items, "i"))]
    values = np.zeros((len(years), len(regions), len(items)))
    values[tuple(at)] = cells["v"].to_numpy()
    return values, regions, items, np.array(years, dtype=np.int64)


def _layers(values: np.ndarray, years: np.ndarray, told: str | None) -> tuple[list[int], str]:
    """The layers used, three where possible at equal distance, within one way of counting."""
    if told:
        wanted = [int(y) for y in told.split(",")]
        if not set(wanted) <= set(years.tolist()) or sorted(set(wanted)) != wanted:
            raise UserError(f"年份「{told}」不全在表里（有 {'、'.join(map(str, years.tolist()))}），或没有从早到晚写。", code="no-panel-year", hint="写法：--column years=2011,2016,2021")
        kept = [int(np.flatnonzero(years == y)[0]) for y in wanted]
        return kept, CROSSED if len(_runs(values[kept])) > 1 else ""
    runs = _runs(values)
    best = max(runs, key=lambda run: (len(run), run[-1]))
    said = ""
    if len(runs) > 1 and len(best) >= 3:
        said = f"{int(years[best[0]])}–{int(years[best[-1]])} 年以外统计口径不同（有数的格相差一半以上），未用"
    elif len(runs) > 1:
        best, said = list(range(len(years))), CROSSED
    if len(best) <= 3:
        return best, said
    span = (years[best[-1]] - years[best[0]]) // 2
    middle = min(best[1:-1], key=lambda k: (abs(years[best[-1]] - years[k] - span), -k))
    first = min((k for k in best if k < middle), key=lambda k: abs(years[middle] - years[k] - (years[best[-1]] - years[middle])))
    return [first, middle, best[-1]], said


def _runs(values: np.ndarray) -> list[list[int]]:
    """Layers in a row that were counted alike: from one to the next the filled cells do not change by half."""
    filled, runs = (values > 0).sum(axis=(1, 2)).astype(float), [[0]]
    for k in range(1, len(values)):
        if max(filled[k], filled[k - 1]) > BREAK * max(min(filled[k], filled[k - 1]), 1):
            runs.append([])
        runs[-1].append(k)
    return runs


def _volume(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Regions and industries with something in every layer; a mild look ahead, the same for all methods."""
    rows, columns = np.ones(values.shape[1], dtype=bool), np.ones(values.shape[2], dtype=bool)
    for _ in range(3):
        there = values[:, rows][:, :, columns] > 0
        if not there.size:
            break
        many, wide = there.sum(axis=2).min(axis=0) >= LEAST_SHARE * there.shape[2], there.sum(axis=1).min(axis=0) >= LEAST_SHARE * there.shape[1]
        rows[np.flatnonzero(rows)[~many]] = False
        columns[np.flatnonzero(columns)[~wide]] = False
    return rows, columns
