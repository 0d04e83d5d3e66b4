"""The tabs of the set: the maps and lists of the site's profile on one chain, with how many rows each list has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse

from liantu.kernel.edition import Edition
from liantu.kernel.kept import Kept
from liantu.kernel.profile import Part, part_result, profile
from liantu.web.context import language

CHAIN_MAP = "chain_map"


@dataclass(frozen=True)
class Tab:
    """One map or list of the set, as a tab."""

    part: Part
    label: str
    url: str
    here: bool
    count: int | None = None


def title_of(part: Part) -> str:
    return (part.title_en or part.title) if language() == "en" else part.title


def address(part: Part, chain: str) -> str:
    """Where a part of the set is shown; the chain map has its own page."""
    return reverse("chain_map", args=[chain]) if part.output == CHAIN_MAP else reverse("set_part", args=[chain, part.code])


def tabs(edition: Edition, chain: str, here: str) -> dict[str, list[Tab]]:
    """The maps, lists and further lists of the site's profile with how many rows each list has on this chain."""
    chosen = profile()
    counts = _counts(edition.manifest.content + edition.manifest.as_of, chain, Kept(edition))
    groups: dict[str, list[Tab]] = {}
    for name in ("maps", "lists", "optional"):
        groups[name] = [Tab(part, title_of(part), address(part, chain), part.code == here, counts.get(part.code) if name != "maps" else None) for part in getattr(chosen, name)]
    return groups


@lru_cache(maxsize=64)
def _counts(content: str, chain: str, kept: Kept) -> dict[str, int]:
    chosen = profile()
    return {part.code: part_result(part, kept.value, chain).frame.height for part in (*chosen.lists, *chosen.optional)}
