"""十二种找企业的办法: lenses on the one score. A lens is data: which firms are in, and which reasons count more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl
import yaml

from liantu.kernel.columns import Choice

FILE = "target_lenses.yaml"


@dataclass(frozen=True)
class Lens:
    """``any``: conditions of which one must hold; ``weights``: part → factor of its points (1 where not named)."""

    code: str
    zh: str
    en: str
    any: tuple[Mapping[str, Any], ...]
    weights: Mapping[str, float]


@cache
def lenses() -> tuple[Lens, ...]:
    """The lenses of the package, in the order of the page."""
    told = yaml.safe_load((files("liantu.data") / "forms" / FILE).read_text(encoding="utf-8"))["lenses"]
    return tuple(Lens(x["code"], x["zh"], x["en"], tuple(x["any"]), x["weights"]) for x in told)


def choices() -> tuple[Choice, ...]:
    """The lenses as choices of a column."""
    return tuple(Choice(x.code, x.zh, x.en) for x in lenses())


ACTIONS = {"missing": "fill", "weak": "strengthen", "at_risk": "back_up"}


def _holds(condition: Mapping[str, Any]) -> pl.Expr:
    def has(column: str, words: list[str]) -> pl.Expr:
        return pl.any_horizontal(*(pl.col(column).fill_null("").str.contains(w, literal=True) for w in words))

    def kinds(column: str, wanted: list[str]) -> pl.Expr:
        return pl.col(column).fill_null([]).list.eval(pl.element().is_in(wanted)).list.any()

    kind, value = next(iter(condition.items()))
    made: dict[str, Any] = {
        "node": lambda: pl.col("node").is_not_null(), "actions": lambda: pl.col("status").replace_strict(ACTIONS, default=None, return_dtype=pl.String).is_in(value),
        "pools": lambda: pl.col("pool").is_in(value), "links": lambda: kinds("link_kinds", value), "marks": lambda: has("marks", value), "sources": lambda: has("source", value),
        "signs": lambda: kinds("expansion_kinds", value) | kinds("relocation_kinds", value), "revenue_from": lambda: pl.col("revenue") >= float(value)}
    return made[kind]().fill_null(False)  # type: ignore[no-any-return]


def seen_by(lens: Lens) -> pl.Expr:
    """Whether a scored firm stands under a lens."""
    return pl.any_horizontal(*(_holds(c) for c in lens.any))


def with_lenses(rows: pl.DataFrame) -> pl.DataFrame:
    """With ``lenses``: codes joined by 、 of all lenses that see the firm."""
    parts = [pl.when(seen_by(x)).then(pl.lit(x.code)) for x in lenses()]
    return rows.with_columns(lenses=pl.concat_str(parts, separator="、", ignore_nulls=True))


def weighed(rows: pl.DataFrame, lens: Lens, full: Mapping[str, float]) -> pl.DataFrame:
    """Firms under a lens with ``lens_score``: the same points, some counting more, put back on a scale of 100."""
    weight = {part: float(lens.weights.get(part, 1.0)) for part in full}
    whole = sum(full[p] * w for p, w in weight.items())
    total = pl.sum_horizontal(*(pl.col(f"{p}_points") * w for p, w in weight.items())) * (100 / whole) + pl.col("risk_points")
    found = rows.filter(pl.col("lenses").fill_null("").str.split("、").list.contains(lens.code))
    return found.with_columns(lens_score=total.round(2)).sort("lens_score", "score", "candidate", descending=[True, True, False])
