"""Listed firms with products, business scopes and Shenwan classes, read from a folder of evaluation data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from liantu.kernel.problems import UserError
from liantu.methods.item_text import ItemText
from liantu.methods.text import Ints

_SIX = re.compile(r"\d{6}")
FILES = ("chainkg_company.csv", "chainkg_company_industry.csv", "chainkg_company_product.csv", "chainkg_industry.csv")


@dataclass(frozen=True)
class ListedFirm:
    """``products`` are (word, share of revenue); ``path`` are the class codes of three levels or None; ``scope`` may be empty."""

    code: str
    short: str
    name: str
    products: tuple[tuple[str, float], ...]
    path: tuple[str, str, str] | None
    scope: str

    @property
    def by_products(self) -> ItemText:
        """Name and products."""
        return ItemText(self.name, self.products)

    @property
    def by_scope(self) -> ItemText:
        """Name and business scope."""
        return ItemText(self.name, (), self.scope)


def table(folder: Path, name: str) -> pl.DataFrame:
    """A table of the folder as text columns."""
    if not (folder / name).is_file():
        raise UserError(f"评测数据里缺文件「{name}」。", code="no-data", hint=f"请把它放进 {folder}。")
    return pl.read_csv(folder / name, infer_schema_length=0).fill_null("")


def stock_code(text: str) -> str:
    """The first six digits: 601949.SH and 300807SZ are written both ways."""
    found = _SIX.search(text)
    return found.group(0) if found else text


def class_path(code: str) -> tuple[str, str, str]:
    """Shenwan codes of three levels from the code of the third: 720902 lies in 7209 and in 72."""
    return code[:2], code[:4], code


def listed_firms(folder: Path) -> list[ListedFirm]:
    """All firms of the folder that have products, ordered by stock code; of a product told twice the larger share counts."""
    products: dict[str, dict[str, float]] = {}
    for row in table(folder, FILES[2]).iter_rows(named=True):
        held = products.setdefault(stock_code(row["company"]), {})
        held[row["product"]] = max(float(row["weight"] or 0), held.get(row["product"], 0.0))
    label = {stock_code(r["company_code"]): r["industry_code"] for r in table(folder, FILES[1]).iter_rows(named=True)}
    scope = {}
    if (folder / "scope_sw2021_labelled.csv").is_file():
        scope = {stock_code(r["stock_code"]): r["scope"] for r in table(folder, "scope_sw2021_labelled.csv").iter_rows(named=True)}
    firms = {}
    for row in table(folder, FILES[0]).iter_rows(named=True):
        code = stock_code(row["code"])
        if code in products:
            path = class_path(label[code]) if code in label else None
            firms[code] = ListedFirm(code, row["name"], row["fullname"], tuple(products[code].items()), path, scope.get(code, ""))
    return [firms[code] for code in sorted(firms)]


def class_names(folder: Path) -> dict[str, str]:
    """The name of every class of every level by its code (two, four or six digits)."""
    found = {}
    for row in table(folder, FILES[3]).iter_rows(named=True):
        code = row["code"]
        found[code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code] = row["name"]
    return found


def stratified(labels: list[str], share: float, seed: int) -> tuple[Ints, Ints]:
    """Rows to train on and rows to test on: a random ``share`` for the test, spread over the labels, also over those with one row."""
    chance = np.random.default_rng(seed)
    order = chance.permutation(len(labels))
    shuffled = np.asarray(labels)[order]
    rank = np.empty(len(labels))
    for label in np.unique(shuffled):
        rows = order[shuffled == label]
        rank[rows] = (np.arange(len(rows)) + chance.random()) / len(rows)
    test = np.sort(np.argsort(rank, kind="stable")[: round(share * len(labels))])
    return np.setdiff1d(np.arange(len(labels)), test), test
