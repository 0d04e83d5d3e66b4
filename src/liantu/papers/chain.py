"""A chain as papers name it: its words, its chief, its lead office."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from liantu.kernel.edition import Edition
from liantu.kernel.problems import UserError


@dataclass(frozen=True)
class Chain:
    """A chain of an edition."""

    code: str
    zh: str
    en: str
    chief: str = ""
    office: str = ""

    def title(self, language: str = "zh") -> str:
        return self.zh if language == "zh" else self.en or self.zh


def chains_of(edition: Edition) -> list[Chain]:
    """All chains of an edition in their order."""
    rows = edition.table("chain").sort("id").select("code", "name", "name_en", "chain_chief", "lead_office").iter_rows()
    return [Chain(code, name, en or "", chief or "", office or "") for code, name, en, chief, office in rows]


def chain_of(edition: Edition, code: str) -> Chain:
    """One chain; an unknown code is answered with the codes that exist."""
    found = next((c for c in chains_of(edition) if c.code == code), None)
    if found is None:
        rows = edition.table("chain").select("code", "name").filter(pl.col("code").is_not_null()).iter_rows()
        raise UserError(f"没有产业链「{code}」。", code="unknown-chain", hint="现有：" + "、".join(f"{c}（{n}）" for c, n in rows))
    return found
