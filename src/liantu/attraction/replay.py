"""名单回看: the list as it would have been on past days, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from liantu.attraction.target_pool import Pool
from liantu.attraction.targets import scored
from liantu.kernel.relations import months_before
from liantu.methods.replay import Cut, Verdict, cut, verdict

AT = (10, 20, 30, 50)


@dataclass(frozen=True)
class Replay:
    """``days``: cut-offs, the newest first, with their counts over the horizon; ``long``: hits of the same lists over the longer look."""

    days: tuple[date, ...]
    cuts: tuple[Cut, ...]
    long: tuple[tuple[int, int] | None, ...]
    verdict: Verdict | None


def replay(pool: Pool, gaps: pl.DataFrame, rule: Mapping[str, Any], today: date) -> Replay:
    """The list on each past day whose horizon has passed. Horizons do not overlap, so that no landing counts twice."""
    months, long = int(rule["horizon_months"]), int(rule["long_months"])
    days, cuts, further = [], [], []
    before = {}
    for back in range(1, int(rule["cutoffs"]) + 2):
        day = months_before(today, months * back)
        before[day] = scored(pool, gaps, rule, day, past=True)
    listed = {day: set(rows.filter("short_listed")["candidate"].to_list()) for day, rows in before.items()}
    for back in range(1, int(rule["cutoffs"]) + 1):
        day, older = months_before(today, months * back), months_before(today, months * (back + 1))
        rows = before[day]
        if rows.height < 2:
            continue
        landed = _landed(rows, pool, day, months_before(today, months * (back - 1)))
        previous = rows["candidate"].is_in(list(listed[older])).to_numpy() if listed[older] else None
        cuts.append(cut(rows["score"].cast(pl.Float64).to_numpy(), rows["revenue"].cast(pl.Float64).fill_null(float("nan")).to_numpy(), _industry(rows), landed, rows["short_listed"].to_numpy(), previous=previous, at=AT))
        days.append(day)
        end = months_before(today, months * back - long)
        further.append((int((_landed(rows, pool, day, end) & rows["short_listed"].to_numpy()).sum()), int(_landed(rows, pool, day, end).sum())) if end <= today else None)
    return Replay(tuple(days), tuple(cuts), tuple(further), verdict(cuts) if cuts else None)


def _landed(rows: pl.DataFrame, pool: Pool, after: date, until: date) -> Any:
    hits = pool.landings.filter(pl.col("here") & (pl.col("happened_on") > after) & (pl.col("happened_on") <= until))["candidate"].unique()
    return rows["candidate"].is_in(hits.to_list()).to_numpy()


def _industry(rows: pl.DataFrame) -> Any:
    """The chain a firm belongs to as a whole number; firms without one are a kind of their own."""
    return rows["chain_code"].fill_null("").rank("dense").cast(pl.Int64).to_numpy()


def sentence(found: Replay, language: str = "zh") -> str:
    """The record in one sentence, plain also where the list was no better."""
    v = found.verdict
    zh = language == "zh"
    if v is None or not v.enough:
        told = f"（{len(found.cuts)} 个时点，应有命中 {v.expected:.1f} 家）" if v else ""
        return f"过去的落地记录太少{told}，还说不出名单准不准。" if zh else "Too few firms have landed so far to say whether the list was any good."
    listed = sum(c.pool.listed for c in found.cuts)
    span = f"{v.low:.1f}–{v.high:.1f}"
    if v.found:
        return (f"过去 {len(found.cuts)} 次名单共 {listed} 家次，一年内落户本区 {v.hits} 家，是随机挑的 {v.lift:.1f} 倍（95% 区间 {span}），也高于同产业随机（{v.industry_lift:.1f} 倍）。" if zh
                else f"Of {listed} firms on {len(found.cuts)} past lists {v.hits} settled here within a year: {v.lift:.1f} times chance (95 % interval {span}), and {v.industry_lift:.1f} times firms of the same chains at random.")
    return (f"过去 {len(found.cuts)} 次名单共 {listed} 家次，一年内落户本区 {v.hits} 家，随机挑也有 {v.expected:.1f} 家：看不出名单比随机更准（{v.lift:.1f} 倍，95% 区间 {span}；同产业随机 {v.industry_lift:.1f} 倍）。" if zh
            else f"Of {listed} firms on {len(found.cuts)} past lists {v.hits} settled here within a year, {v.expected:.1f} by chance alone: the list is not shown to be better than chance ({v.lift:.1f} times, 95 % interval {span}).")
