"""How findings are ranked: a firm's combined level, the chance that something is really the matter, and the score. Plain numbers in and out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from liantu.resilience.choices import RANK

OUT_OF = 10_000  # scores count ten-thousandths of the district's output
HIGHEST_DOUBLE = {"orange": "red", "yellow": "orange"}


@dataclass(frozen=True)
class Witness:
    """One signal about a subject, as ranking sees it: which family of rules, its level, and how often such signals were right."""

    family: str
    level: str
    precision: float


def shrunk(hits: int, n: int, prior: float, weight: float) -> float:
    """The share of real alarms after ``n`` verdicts of which ``hits`` were real: the posterior mean of a Beta prior worth ``weight`` verdicts.

    >>> shrunk(0, 0, 0.33, 10), round(shrunk(0, 1, 0.33, 10), 4), shrunk(10, 10, 0.5, 10)
    (0.33, 0.3, 0.75)
    """
    return (hits + prior * weight) / (n + weight)


def per_family(witnesses: Iterable[Witness]) -> list[Witness]:
    """One witness per family: its highest level with its highest precision; two rules that read one series are no two witnesses."""
    kept: dict[str, Witness] = {}
    for one in witnesses:
        other = kept.get(one.family)
        if other is None:
            kept[one.family] = one
        else:
            kept[one.family] = Witness(one.family, max(one.level, other.level, key=lambda level: RANK[level]), max(one.precision, other.precision))
    return list(kept.values())


def combined(levels: Iterable[str], two_of: int = 2) -> str:
    """The level of a subject with several signals: any red is red; two orange are red; two yellow are orange; else the highest.

    >>> combined(["yellow", "yellow"]), combined(["orange", "orange"]), combined(["blue", "blue", "yellow"]), combined(["orange", "yellow", "yellow"])
    ('orange', 'red', 'yellow', 'orange')
    """
    count = Counter(levels)
    top = max(count, key=lambda level: RANK[level])
    lifted = [HIGHEST_DOUBLE[level] for level in HIGHEST_DOUBLE if count[level] >= two_of]
    return max([top, *lifted], key=lambda level: RANK[level])


def chance(witnesses: Iterable[Witness]) -> float:
    """How probable it is that at least one family of rules is right, if families err independently.

    >>> chance([Witness("power", "red", 0.5), Witness("power", "blue", 0.2), Witness("tax", "blue", 0.5)])
    0.75
    """
    wrong = 1.0
    for one in per_family(witnesses):
        wrong *= 1 - one.precision
    return 1 - wrong


def score(level: str, probability: float, share: float, severity: Mapping[str, float]) -> float:
    """Severity × probability × share of the district's output at stake, in ten-thousandths.

    >>> score("red", 0.5, 0.001, {"red": 8})
    40.0
    """
    return round(severity[level] * probability * share * OUT_OF, 4)


def above_line(scores: Mapping[int, float], budget: int) -> set[int]:
    """The subjects with the highest scores, ``budget`` of them; equal scores by the smaller id.

    >>> above_line({7: 1.0, 3: 2.0, 5: 1.0}, 2)
    {3, 5}
    """
    return set(sorted(scores, key=lambda subject: (-scores[subject], subject))[:max(0, budget)])
