"""What was planted in the pool of candidates beside what the list and its replay say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TARGETS_DEMANDED = {"名单回看有效": 1.0, "走访名单不超二十分之一": 1.0, "失信和已落户的不列入": 1.0}


@dataclass(frozen=True)
class TargetsTold:
    """What the system says: whether the replay found the list better than chance, its hits and expected hits, the pool, and the names on the short list."""

    found: bool
    hits: int
    expected: float
    pool: int
    listed: frozenset[str]


def target_rows(planted: Mapping[str, Any], told: TargetsTold) -> list[tuple[str, int, int, int, str]]:
    """(what, planted, found, false, note): the planted effect, the length of the list, who must not be on it, who came already."""
    off, here = set(planted["dishonest"]), set(planted["landed_here"])
    wrong = len(told.listed & (off | here))
    most = told.pool // 20
    return [("名单回看有效", 1, int(told.found), 0, f"命中 {told.hits} 家，随机应有 {told.expected:.1f} 家"),
            ("走访名单不超二十分之一", 1, int(0 < len(told.listed) <= most), max(0, len(told.listed) - most), f"名单 {len(told.listed)} 家，库 {told.pool} 家"),
            ("失信和已落户的不列入", len(off | here), len(off | here) - wrong, wrong, "")]
