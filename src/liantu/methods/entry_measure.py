"""How well a ranking names what entered: figures per region and over all cells, with intervals that draw regions anew.

AUC hides how few of those named came (Albora, Zaccaria 2022), so best F1, precision of the first ten of each region and mean average precision stand beside it.
Regions and not cells are drawn, as the cells of a region share its fate (Efron 1979; Cameron and Miller, *J. Human Resources* 50 (2015) 317–372).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from liantu.methods.complexity import Floats, divided
from liantu.methods.entry_panel import Flags

TOP = 10
DRAWS = 200


@dataclass(frozen=True)
class Ranked:
    """Per region: ``precision`` of the first ten (regions with eligible cells; NaN else), ``average_precision`` and ``recall`` (NaN where nothing entered)."""

    precision: Floats
    average_precision: Floats
    recall: Floats


def by_region(score: Floats, entered: Flags, eligible: Flags, k: int = TOP) -> Ranked:
    """Figures of each row; ties keep the order of the columns. Fewer than ``k`` eligible cells still count against ``k``."""
    rows, here = len(score), np.where(eligible, score, -np.inf)
    order = np.argsort(-here, axis=1, kind="stable")
    hit = np.take_along_axis(entered & eligible, order, axis=1).astype(float)
    all_hits, some = hit.sum(axis=1), eligible.any(axis=1)
    running = np.cumsum(hit, axis=1) / np.arange(1, hit.shape[1] + 1)
    first = hit[:, :k].sum(axis=1)
    nothing = np.full(rows, np.nan)
    return Ranked(np.where(some, first / k, nothing), np.where(all_hits > 0, divided((running * hit).sum(axis=1), all_hits), nothing), np.where(all_hits > 0, divided(first, all_hits), nothing))


def drawn(score: Floats, entered: Flags, eligible: Flags, *, draws: int = DRAWS, seed: int = 0) -> tuple[Floats, Floats]:
    """AUC and best F1, (draws + 1,) each: the first is of the regions as they are, the others of regions drawn with replacement."""
    rows = np.broadcast_to(np.arange(len(score))[:, None], score.shape)[eligible]
    s, y = score[eligible], entered[eligible]
    order = np.argsort(-s, kind="stable")
    s, y, rows = s[order], y[order].astype(float), rows[order]
    ends = np.append(np.flatnonzero(np.diff(s)), len(s) - 1) if len(s) else np.zeros(0, dtype=int)
    chance, auc, f1 = np.random.default_rng(seed), np.full(draws + 1, np.nan), np.full(draws + 1, np.nan)
    for k in range(draws + 1 if len(s) else 0):
        weight = (chance.multinomial(len(score), np.full(len(score), 1 / len(score))) if k else np.ones(len(score)))[rows].astype(float)
        right, wrong = np.cumsum(weight * y)[ends], np.cumsum(weight * (1 - y))[ends]
        if right[-1] and wrong[-1]:
            auc[k] = np.trapezoid(np.append(0, right), np.append(0, wrong)) / right[-1] / wrong[-1]
            f1[k] = (2 * right / np.maximum(right + wrong + right[-1], 1e-12)).max()
    return auc, f1


def f1_at(score: Floats, entered: Flags, eligible: Flags, threshold: float) -> float:
    """F1 of naming all eligible cells whose score reaches a threshold."""
    named = eligible & (np.where(eligible, score, -np.inf) >= threshold)
    total = float(named.sum() + (entered & eligible).sum())
    return 2 * float((named & entered).sum()) / total if total else float("nan")
