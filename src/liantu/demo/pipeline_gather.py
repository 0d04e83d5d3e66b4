"""What the lists say about leads and visits of the synthetic district, by the keys of ``pipeline_check``."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from liantu.demo.pipeline_check import LATE
from liantu.demo.pipeline_sheets import OVER, OVER_DAYS
from liantu.kernel.edition import Edition
from liantu.kernel.output import run


def found_pipeline(edition: Edition) -> dict[str, set[Any]]:
    """Codes of leads by their lamp's rule, with what they lack; codes of visits whose step lies; firms visited too often."""
    leads, visits = run("lead_list", edition).frame, run("visit_list", edition).frame
    since = date.fromisoformat(edition.manifest.as_of) - timedelta(days=OVER_DAYS)
    often = visits.filter(pl.col("visited_on") > since).group_by("firm_name").agg(pl.len().cast(pl.Int64).alias("n")).filter(pl.col("n") >= OVER)
    return {**{rule: set(leads.filter(pl.col("lamp_rule") == rule)["code"]) for rule in LATE}, "converted": set(leads.filter(pl.col("project_name").is_not_null())["code"]),
            "missing": set(leads.filter(pl.col("missing") != "").select("code", "missing").iter_rows()), "left_steps": set(visits.filter(pl.col("lamp_rule") == "overdue")["code"]),
            "over_visited": set(often.iter_rows()), "records": {("lead", leads.height), ("visit", visits.height)}}
