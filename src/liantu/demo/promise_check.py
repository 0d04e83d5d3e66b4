"""What was planted about promises and double signings beside what the lists say."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from liantu.demo.planted import Planted

DOUBLES, BROKEN = "重复签约", "未兑现的承诺"
DEMANDED = {DOUBLES: 0.95, BROKEN: 1.0}


def known_promises(planted: Planted) -> dict[str, set[Any]]:
    """Pairs of names of one project; (project, promise) that are clearly below."""
    told = planted.attraction.get("promises")
    if not told:
        return {}
    return {DOUBLES: {frozenset((first, again)) for first, again, _ in told["doubles"]}, BROKEN: {(project, kind) for project, kind in told["broken"]}}


def found_promises(edition: Any) -> Mapping[str, AbstractSet[Any]]:
    """What the lists say on an edition, by the same words."""
    import polars as pl

    from liantu.attraction.choices import PROMISES
    from liantu.kernel.output import run

    pairs = run("repeated_signings", edition).frame.select("first_name", "other_name").iter_rows()
    words = {c.value: c.zh for c in PROMISES}
    below = run("promise_list", edition).frame.filter(pl.col("lamp_rule") == "below").select("project_name", "kind").iter_rows()
    return {DOUBLES: {frozenset(pair) for pair in pairs}, BROKEN: {(name, words[kind]) for name, kind in below}}
