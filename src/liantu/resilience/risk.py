"""The systemic risk of every firm of a district: each closed alone, what of output, jobs and tax goes with it, and whom it hits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import polars as pl

from liantu.kernel.kept import Kept
from liantu.methods.cascade import scores, shock
from liantu.resilience.network import WEIGHTS, DistrictNetwork

CHUNK = 256  # shocks followed side by side


def once(make: Callable[[], pl.DataFrame], tables: Mapping[str, pl.DataFrame], rule: Mapping[str, Any]) -> pl.DataFrame:
    """What ``make`` gives for these rows of these tables under this rule, worked out once: the passports of a district's figures all ask for the same."""
    marks = tuple((name, frame.height, int(frame.hash_rows(seed=1).sum()), int(frame.hash_rows(seed=2).sum())) for name, frame in sorted(tables.items()))
    return _kept(marks, str(rule), Kept(make))


@lru_cache(maxsize=16)
def _kept(marks: Any, value: str, kept: Kept) -> pl.DataFrame:
    made: pl.DataFrame = kept.value()
    return made


def of_network(district: DistrictNetwork) -> pl.DataFrame:
    """One row per firm: enterprise, place, score, score_down, score_up (share of the district's output lost), output_at_stake, jobs_at_stake, tax_at_stake, spread_output (without the
    firm's own), steps, and for the firms of the highest score hit_firms and victims (names by output at stake)."""
    numbers, firms = district.rule, district.firms.head(district.count)
    if not district.count:
        nothing = {**dict.fromkeys(("score", "score_down", "score_up", *(f"{name}_at_stake" for name in WEIGHTS), "spread_output"), pl.Float64), "steps": pl.Int64, "hit_firms": pl.Int64, "victims": pl.String}
        return firms.with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in nothing.items())
    found = scores(district.network, firms["place"].to_numpy(), tolerance=numbers["tolerance"], weights=district.weights)
    whole = district.weights.sum(axis=0)
    columns = {"score": found.both[:, 0], "score_down": found.down[:, 0], "score_up": found.up[:, 0], "steps": found.steps,
               **{f"{name}_at_stake": found.both[:, at] * whole[at] for at, name in enumerate(WEIGHTS)}}
    rows = firms.with_columns(**{name: pl.Series(values) for name, values in columns.items()})
    rows = rows.with_columns(pl.max_horizontal(pl.col("output_at_stake") - pl.col("output").fill_null(0.0), 0.0).alias("spread_output"), pl.col("steps").cast(pl.Int64))
    worst = rows.sort("score", "enterprise", descending=[True, False]).head(numbers["victims_of"]).select("enterprise", "place")
    return rows.join(_victims(district, worst), on="enterprise", how="left")


def _victims(district: DistrictNetwork, worst: pl.DataFrame) -> pl.DataFrame:
    """enterprise, hit_firms (others that lose at least the felt share) and victims, by output at stake."""
    numbers, names = district.rule, district.names
    told = []
    for part in worst.iter_slices(CHUNK):
        low = pl.DataFrame({str(at): [1.0] * district.network.n for at in range(part.height)}).to_numpy().T.copy()
        low[range(part.height), part["place"].to_numpy()] = 0.0
        levels = shock(district.network, low, tolerance=numbers["tolerance"]).level[:, :district.count]
        for (firm, place), level in zip(part.iter_rows(), levels, strict=True):
            loss = 1 - level
            loss[place] = 0.0
            hit = (loss >= numbers["felt_loss"]).nonzero()[0]
            stake = (loss * district.weights[:district.count, 0])[hit]
            order = sorted(zip((-stake).tolist(), (-loss[hit]).tolist(), hit.tolist(), strict=True))[:numbers["victims_named"]]
            told.append((firm, len(hit), "、".join(names[p] for _, _, p in order) or None))
    return pl.DataFrame(told, schema={"enterprise": pl.Int64, "hit_firms": pl.Int64, "victims": pl.String}, orient="row")
