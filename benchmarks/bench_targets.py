"""Scoring a pool of target firms: CPU seconds beside a plain loop over firms with the same rule, and how both grow.

    python benchmarks/bench_targets.py [--firms 1000 10000 100000] [--loop 10000] [--seed 1]

Pools are those of ``liantu evaluate replay`` (seven years of figures, about two signs a firm, a link at every fifth). The loop is checked to give the same points;
it runs up to ``--loop`` firms. Times are CPU seconds of this process; the growth is the exponent between the two largest sizes (1 = in step with the firms).
"""

from __future__ import annotations

import argparse
import math
import time
from collections import defaultdict
from datetime import date
from typing import Any

import polars as pl

from liantu.attraction.choices import EXPANSION
from liantu.attraction.lenses import with_lenses
from liantu.attraction.target_pool import Pool
from liantu.attraction.targets import scored, sentences
from liantu.evaluation.replay_districts import TODAY, pool
from liantu.kernel.parameter import parameter
from liantu.kernel.relations import months_before
from liantu.methods.geo import distance_km


def steps(value: float | None, starts: dict[str, float], points: dict[str, float], upto: bool = False) -> float:
    if value is None:
        return 0.0
    for name, start in starts.items():
        if value <= start if upto else value >= start:
            return float(points[name])
    return float(next((v for k, v in points.items() if k not in starts), 0.0))


def by_loop(found: Pool, gaps: pl.DataFrame, rule: dict[str, Any], day: date) -> dict[int, float]:
    """The score of every firm, one after the other, from plain records."""
    nodes = {row["node"]: row for row in gaps.iter_rows(named=True)}
    figures, signs, links = defaultdict(list), defaultdict(dict), defaultdict(set)
    for row in found.figures.sort("candidate", "year").iter_rows(named=True):
        figures[row["candidate"]].append((row["year"], row["revenue"]))
    for row in found.signs.iter_rows(named=True):
        if row["kind"] in EXPANSION and months_before(day, rule["sign_months"]) < row["happened_on"] <= day:
            signs[row["candidate"]][row["kind"]] = rule["sign_points"][row["kind"]]
    for row in found.links.iter_rows(named=True):
        if row["since"] <= day:
            links[row["candidate"]].add((row["kind"], row["firm"], row["master"]))
    landed = {row["candidate"] for row in found.landings.iter_rows(named=True) if row["here"] and row["happened_on"] <= day}
    return {firm["candidate"]: _one(firm, nodes.get(firm["node"], {}), figures[firm["candidate"]], signs[firm["candidate"]], links[firm["candidate"]], rule, found.home, day)
            for firm in found.firms.iter_rows(named=True) if firm["candidate"] not in landed and firm["listed_on"] <= day}


def _one(firm: dict[str, Any], node: dict[str, Any], figures: list[Any], signs: dict[str, float], links: set[Any], rule: dict[str, Any], home: Any, day: date) -> float:
    full = rule["full"]
    gap = full["gap"] * rule["gap_share"].get(node.get("status"), 0.0) * (1.0 if node.get("critical") else rule["ordinary_share"])
    worth = [rule["link_points"][kind] + rule["link_master"] * master for kind, _, master in links]
    link = min(full["link"], max(worth) + rule["link_another"] * (len(worth) - 1)) if worth else 0.0
    known = [f for f in figures if f[0] <= day.year - (1 if day.month >= rule["figure_month"] else 2) and f[1] > 0][-4:]
    growth = (known[-1][1] / known[0][1]) ** (1 / (known[-1][0] - known[0][0])) - 1 if len(known) > 1 else None
    fast = steps(growth, rule["growth_from"], rule["growth_points"]) if growth is not None and growth >= min(rule["growth_from"].values()) else 0.0
    size = min(full["size"], steps(known[-1][1] if known else None, rule["size_from"], rule["size_points"]) + fast)
    near = steps(float(distance_km(*home, firm["longitude"], firm["latitude"])), rule["distance_upto"], rule["distance_points"], upto=True)
    marks = max((points for word, points in rule["mark_points"].items() if word in (firm["marks"] or "")), default=0)
    research = steps(firm["rd_share"], rule["rd_from"], rule["rd_points"]) if firm["rd_share"] >= min(rule["rd_from"].values()) else 0.0
    feasible = sum(rule["feasible_points"].values()) * rule["unknown_share"]
    return round(sum(round(v, 2) for v in (gap, link, size, min(full["expansion"], sum(signs.values())), near, min(full["technology"], marks + research), feasible)), 2)


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    asked.add_argument("--firms", type=int, nargs="+", default=[1000, 10_000, 100_000])
    asked.add_argument("--loop", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=1)
    told = asked.parse_args()
    rule, taken = parameter("target_score").value, []
    for n in told.firms:
        found, gaps = pool(told.seed, n, "effect")
        start = time.process_time()
        rows = scored(found, gaps, rule, TODAY)
        seconds = time.process_time() - start
        with_lenses(sentences(rows))
        whole = time.process_time() - start
        taken.append((n, seconds))
        line = f"{n:>8,} firms: points and order {seconds:7.3f} s, with sentences and lenses {whole:7.3f} s"
        if n <= told.loop:
            start = time.process_time()
            plain = by_loop(found, gaps, rule, TODAY)
            slow = time.process_time() - start
            apart = max(abs(plain[c] - s) for c, s in rows.select("candidate", "score").iter_rows())
            line += f"; loop {slow:7.3f} s, {slow / seconds:5.1f} times; largest difference of scores {apart:.4f}"
        print(line)
    if len(taken) > 1:
        (a, first), (b, second) = taken[-2:]
        print(f"growth from {a:,} to {b:,} firms: firms ^ {math.log(second / first) / math.log(b / a):.2f}")


if __name__ == "__main__":
    main()
