"""Verdicts planted at gap nodes beside those that the system gave: the confusion table, and single-firm gaps below scale that must never be 招引. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

VERDICT_WORDS = {"attract": "招引", "grow": "培育", "cooperate": "协作", "drop": "放弃", "verify": "待核"}
Told = Mapping[str, str]


def confusion(planted: Mapping[str, Mapping[str, Any]], told: Told) -> Counter[tuple[str, str]]:
    """(planted, told) → nodes, over planted nodes that the system lists as gaps."""
    return Counter((row["verdict"], told[ref]) for ref, row in planted.items() if ref in told)


def wrongly_attracted(planted: Mapping[str, Mapping[str, Any]], told: Told) -> list[str]:
    """Single-firm gaps whose planted demand is below the efficient scale (or has none told) and that were called 招引 all the same."""
    return sorted(ref for ref, row in planted.items() if row["kind"] == "single" and told.get(ref) == "attract" and not 0 < row["efficient_output"] <= row["demand"])


def confusion_lines(planted: Mapping[str, Mapping[str, Any]], told: Told) -> Iterable[str]:
    """The table as text: rows planted, columns told."""
    found = confusion(planted, told)
    yield f"缺口判断混淆表（行：埋设；列：系统；{sum(found.values())} 个埋设缺口，{len(planted) - sum(found.values())} 个不在缺口清单）"
    yield "　　　" + "".join(f"{word:>4}" for word in VERDICT_WORDS.values())
    for value, word in VERDICT_WORDS.items():
        yield f"{word:<3}" + "".join(f"{found[value, other]:>6}" for other in VERDICT_WORDS)
