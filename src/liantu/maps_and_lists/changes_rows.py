"""Rows of outputs in two editions, and whether they can differ at all."""

from __future__ import annotations

from typing import Any

from liantu.kernel.edition import Edition
from liantu.kernel.output import content_key, output_of, run


def differs(output: str, before: Edition, after: Edition) -> bool:
    """Whether an output can differ: its tables, its rules or (where it asks for it) its day."""
    declared = output_of(output)
    return content_key(declared, before) != content_key(declared, after)


def rows_of(output: str, edition: Edition, chain: str | None = None) -> dict[str, dict[str, Any]]:
    """The output's rows by key, of all chains or one."""
    result = run(output, edition)
    return {result.key_of(row): row for row in result.frame.iter_rows(named=True) if chain in (None, row["chain_code"])}
