"""What the list of targets and its replay say on an edition of the synthetic district."""

from __future__ import annotations

import polars as pl

from liantu.attraction.replay import of_edition
from liantu.demo.target_check import TargetsTold
from liantu.kernel.edition import Edition
from liantu.kernel.output import run


def found_targets(edition: Edition) -> TargetsTold:
    """The replay's finding and who is on the short list."""
    scores, found = run("target_scores", edition).frame, of_edition(edition).verdict
    listed = scores.filter(pl.col("short_listed"))["name"]
    return TargetsTold(bool(found and found.found), found.hits if found else 0, found.expected if found else 0.0, scores.height, frozenset(listed))
