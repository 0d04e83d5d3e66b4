"""Text tables in docstrings: the examples of outputs, read so that a test can run them and the manual can show them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import polars as pl

from liantu.kernel.output import Output

Tables = dict[str, list[dict[str, str]]]


def example_of(output: Output) -> tuple[Tables, list[dict[str, str]]]:
    """Inputs and expected rows of an output's example, as text cells. Raises ValueError when there is none."""
    text = inspect.getdoc(output.function) or ""
    if "Example:" not in text:
        raise ValueError(f"{output.name} has no Example")
    tables: Tables = {}
    name, header = "", None
    for line in text.split("Example:", 1)[1].splitlines():
        line = line.strip()
        if not line:
            continue
        cells = [c.strip() for c in line.split("|")]
        if len(cells) == 1 and (line in output.inputs or line == "gives"):
            name, header = line, None
            tables[name] = []
        elif header is None:
            header = cells
        else:
            tables[name].append(dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True)))
    return tables, tables.pop("gives")


def typed(rows: list[dict[str, str]], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Text rows as a frame of the given Polars types; columns not mentioned are null."""
    frame = pl.DataFrame({c: pl.Series(c, [r.get(c) or None for r in rows], dtype=pl.String) for c in schema})
    return frame.select(*(pl.col(c).str.to_lowercase().replace({"true": "1", "false": "0"}).cast(pl.Int8).cast(pl.Boolean) if t == pl.Boolean
                          else pl.col(c).str.to_date() if t == pl.Date else pl.col(c).cast(t) for c, t in schema.items()))
