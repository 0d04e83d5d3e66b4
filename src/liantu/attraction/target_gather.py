"""From the tables of an edition to the pool and the gaps that targets are scored on; asked for by the list, its replay and the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from liantu.attraction.target_pool import TABLES, Pool, pool_of

INPUTS = (*TABLES, "gap_verdict")
GAPS = ("status", "critical", "verdict")


def gathered(tables: Mapping[str, pl.DataFrame], placing: Mapping[str, Any]) -> tuple[Pool, pl.DataFrame]:
    """The pool, and every chain node with the gap that it is, if it is one."""
    chains = tables["chain"].select(chain="id", chain_code="code", chain_name="name")
    nodes = tables["chain_node"].select(node="id", node_code="code", node_name="name", chain="chain").join(chains, on="chain", how="left").drop("chain")
    gaps = tables["gap_verdict"].select(node_code="code", status="status", critical="critical", verdict="verdict")
    return pool_of(tables, placing), nodes.join(gaps, on="node_code", how="left")
