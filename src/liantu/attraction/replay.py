"""名单回看: the list as it would have been on past days, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from liantu.attraction.target_gather import INPUTS, gathered
from liantu.attraction.target_pool import Pool
from liantu.attraction.targets import scored
from liantu.kernel.edition import Edition, list_editions, open_edition
from liantu.kernel.output import outputs, run
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import UserError
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
    editions: tuple[str, ...] = ()


def of_edition(edition: Edition) -> Replay:
    """The replay on an edition. A past day takes the gaps of the newest formal edition not later than it, where there is one, else those of today."""
    on = date.fromisoformat(edition.manifest.as_of)
    placing = parameter("placement", on).value
    older = sorted((m.as_of, m.number) for m in list_editions() if m.kind == "formal" and m.as_of < edition.manifest.as_of)
    pool, gaps = gathered(_tables(edition), placing)

    def then(day: date) -> tuple[str, pl.DataFrame] | None:
        number = next((n for made, n in reversed(older) if date.fromisoformat(made) <= day), None)
        try:
            return None if number is None else (number, gathered(_tables(open_edition(number)), placing)[1])
        except UserError:  # an old edition that cannot give the gaps
            return None

    return replay(pool, gaps, parameter("target_score", on).value, on, then=then)


def _tables(edition: Edition) -> dict[str, pl.DataFrame]:
    return {name: run(name, edition).frame if name in outputs() else edition.table(name) for name in INPUTS}


def replay(pool: Pool, gaps: pl.DataFrame, rule: Mapping[str, Any], today: date, *, then: Callable[[date], tuple[str, pl.DataFrame] | None] = lambda day: None) -> Replay:
    """The list on each past day whose horizon has passed. Horizons do not overlap, so that no landing counts twice.

    ``then`` gives the number of an edition not later than a day, with its gaps; where it gives none, today's gaps are used and ``editions`` has "".
    """
    months, long = int(rule["horizon_months"]), int(rule["long_months"])
    days, cuts, further, numbers = [], [], [], []
    before, editions = {}, {}
    for back in range(1, int(rule["cutoffs"]) + 2):
        day = months_before(today, months * back)
        editions[day], known = then(day) or ("", gaps)
        before[day] = scored(pool, known, rule, day, past=True)
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
        numbers.append(editions[day])
        end = months_before(today, months * back - long)
        further.append((int((_landed(rows, pool, day, end) & rows["short_listed"].to_numpy()).sum()), int(_landed(rows, pool, day, end).sum())) if end <= today else None)
    return Replay(tuple(days), tuple(cuts), tuple(further), verdict(cuts) if cuts else None, tuple(numbers))


def _landed(rows: pl.DataFrame, pool: Pool, after: date, until: date) -> Any:
    hits = pool.landings.filter(pl.col("here") & (pl.col("happened_on") > after) & (pl.col("happened_on") <= until))["candidate"].unique()
    return rows["candidate"].is_in(hits.to_list()).to_numpy()


def _industry(rows: pl.DataFrame) -> Any:
    """The chain a firm belongs to as a whole number; firms without one are a kind of their own."""
    return rows["chain_code"].fill_null("").rank("dense").cast(pl.Int64).to_numpy()


def gaps_told(found: Replay, language: str = "zh") -> str:
    """Whose gaps the past lists were made with."""
    own = [number for number in found.editions if number]
    if found.editions and len(own) == len(found.editions):
        return f"缺口用的是当时版次（{'、'.join(own)}）的判断。" if language == "zh" else f"Gaps are those of the editions of then ({', '.join(own)})."
    if own:
        return f"{len(own)} 次名单用了当时版次的缺口，其余没有留底，用的是今天的缺口。" if language == "zh" else f"{len(own)} lists took the gaps of an edition of then; for the others none was kept, so today's were used."
    return "当时的缺口没有留底，用的是今天的缺口。" if language == "zh" else "No gaps of then were kept, so today's were used."


def against_others(found: Replay, language: str = "zh") -> str:
    """The list beside the largest firms and last year's list, by hits; with the exact chance of such a lead."""
    v = found.verdict
    if v is None:
        return ""
    if language != "zh":
        told = f"The largest firms: {v.largest_hits} hits against {v.hits} (p = {v.largest_p:.3f})"
        return told + (f"; last year's list: {v.last_hits} against {v.last_ours} (p = {v.last_p:.3f})." if v.last_p is not None else ".")
    beside = "比我们少" if v.largest_hits < v.hits else "比我们多" if v.largest_hits > v.hits else "与我们一样多"
    told = f"同样长的名单按规模取，命中 {v.largest_hits} 家，{beside}（单侧 p={v.largest_p:.3f}）"
    return told + (f"；沿用上年名单命中 {v.last_hits} 家，同期我们 {v.last_ours} 家（p={v.last_p:.3f}）。" if v.last_p is not None else "。")


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
