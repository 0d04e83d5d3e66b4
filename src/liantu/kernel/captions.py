"""What to call a row: the column that stands for it, and its name as an edition holds it."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from liantu.kernel.edition import Edition
from liantu.kernel.tables import model_of, table_of


def caption_column(table: str) -> str:
    """The column that stands for a row of a table."""
    declared = model_of(table).Table
    return str(getattr(declared, "caption", None) or declared.key[0])


def frozen_captions(edition: Edition, table: str, ids: Iterable[int]) -> dict[int, str]:
    """Names of rows as an edition holds them; rows that belong to another row (a firm's figures) are led by its name."""
    declared = table_of(table)
    caption = declared.column(caption_column(table))
    frame = edition.table(table).filter(pl.col("id").is_in(list(ids)))
    first = declared.column(declared.key[0]) if declared.key else caption
    led = bool(first.reference) and first.reference != table
    leads = frozen_captions(edition, str(first.reference), frame[first.name].drop_nulls().to_list()) if led else {}
    found = {}
    for row in frame.iter_rows(named=True):
        own = "" if leads and caption.kind in ("long_text", "text") else str(row.get(caption.name) or "")
        found[row["id"]] = " ".join(part for part in (leads.get(row.get(first.name) or 0, ""), own) if part) or f"#{row['id']}"
    return found
