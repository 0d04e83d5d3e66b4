"""The space of meaning of a folder's register: learned anew in each run from the texts of the folder, never from a label."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import polars as pl

from liantu.evaluation.listed_firms import ListedFirm, listed_firms
from liantu.methods.gram_space import GramSpace
from liantu.methods.item_text import ItemText

REGISTRY = "registry_300k.parquet"
FIRMS, LEAST = 10_000, 8  # 25,000 gave the same on the half of firms that is not reported


def register_texts(folder: Path, at_most: int, without: Sequence[str] = ()) -> list[ItemText]:
    """Names and 经营范围 of some firms of the folder's register, drawn at random, without those named; none where it has no register."""
    if not (folder / REGISTRY).is_file():
        return []
    rows = pl.read_parquet(folder / REGISTRY, columns=["name", "scope"]).with_columns(pl.col("name", "scope").fill_null(""))
    rows = rows.filter(~pl.col("name").is_in(list(without)) & (pl.col("scope").str.len_chars() >= LEAST))
    drawn = rows.sample(min(at_most, rows.height), seed=1)
    return [ItemText(name, (), scope) for name, scope in drawn.iter_rows()]


@lru_cache(maxsize=1)
def space_of(folder: Path) -> GramSpace | None:
    """A space from the register and the listed firms' products; None where the folder has no register."""
    firms: list[ListedFirm] = listed_firms(folder)
    texts = register_texts(folder, FIRMS, [f.name for f in firms])
    return GramSpace().fit([*texts, *(f.by_products for f in firms)]) if texts else None
