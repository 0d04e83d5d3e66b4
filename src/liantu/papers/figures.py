"""How a figure stands on paper: the value with its unit, and its marks (by whose rule, checked or not)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from liantu.kernel.edition import Edition
from liantu.kernel.output import Output, Result, Version, output_of, outputs
from liantu.kernel.parameter import BASES
from liantu.kernel.release import may_have, release
from liantu.kernel.written import written

BASES_EN = {"official": "official", "local": "local", "liantu_default": "liantu default"}
YES = ("confirmed", "verified", True)
NAMES = ("name", "title", "node_name", "chain_name")
__all__ = ["BASES_EN", "YES", "marks", "row_name", "weakest_basis", "written"]


def weakest_basis(output: Output, edition: Edition, language: str = "zh") -> str:
    """By whose rule an output judges: of several rules the weakest tells; empty where it rests on none."""
    rules = output.rules(date.fromisoformat(edition.manifest.as_of)).values()
    bases = [b for b in ("liantu_default", "local", "official") if any(r.basis == b for r in rules)]
    return (BASES if language == "zh" else BASES_EN)[bases[0]] if bases else ""


def marks(output: Output, row: Mapping[str, Any], edition: Edition, language: str = "zh") -> tuple[str, str]:
    """(by whose rule, checked or not): 官方, 本地 or liantu 默认 when the output rests on dated rules; 已核 or 待核 when it says who has checked."""
    basis = weakest_basis(output, edition, language)
    if not output.verified:
        return basis, ""
    checked = row.get(output.verified) in YES
    return basis, ("已核" if checked else "待核") if language == "zh" else ("checked" if checked else "to verify")


def row_name(result: Result, row: Mapping[str, Any]) -> str:
    """What a row is called: its name, its title, else its node or chain; its key when it has none of them."""
    return next((str(row[n]) for n in NAMES if row.get(n)), result.key_of(row))


def released(name: str, edition: Edition, version: Version = "internal") -> Result | None:
    """An output as a version may show it; None for an output that does not exist, or that the version may not have at all."""
    if name not in outputs() or not may_have(output_of(name), version):
        return None
    return release(name, edition, version)
