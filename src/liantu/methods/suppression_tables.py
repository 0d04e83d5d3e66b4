"""Cell suppression for published tables told as plain lists: the door through which relations come to :mod:`liantu.methods.suppression`.

>>> now = Parts(firm=[1, 2, 3, 4, 5, 6, 7], value=[50.0, 40, 30, 45, 55, 20, 60], codes={"node": list("aabbbcc"), "chain": list("xxxxxyy")})
>>> told = withhold(now, [(("node",), (n,)) for n in "abc"] + [(("chain",), (c,)) for c in "xy"], Rule())
>>> sorted((label[1], reason) for label, reason in told.reasons.items())
[(('a',), 'few'), (('b',), 'secondary'), (('c',), 'few'), (('y',), 'few')]
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse

from liantu.methods.suppression import REASONS, Cells, Rule, cross_tables, linked, protect, reasons_of

Label = tuple[tuple[str, ...], tuple[Any, ...]]
__all__ = ["Label", "Parts", "Rule", "Withheld", "sensitive", "withhold"]


@dataclass(frozen=True)
class Parts:
    """What firms contribute, one entry per contribution: the firm, its value ≥ 0, and the codes that say to which cells it belongs."""

    firm: Sequence[Hashable]
    value: Sequence[float]
    codes: Mapping[str, Sequence[Hashable]]

    @property
    def keys(self) -> list[tuple[Any, ...]]:
        """A contribution that has the same codes in two editions is the same contribution."""
        return list(zip(*self.codes.values(), strict=True)) if self.codes else [()] * len(self.value)


@dataclass(frozen=True)
class Withheld:
    """Cells to keep back with the reason (one of ``REASONS``); primary cells that stay unprotected because of what is out already."""

    reasons: dict[Label, str]
    unprotected: tuple[Label, ...] = ()
    programmes: int = 0
    cells: int = 0
    totals: dict[Label, float] = field(default_factory=dict)


def _cells(parts: Parts, labels: Sequence[Label], numbers: Mapping[Hashable, int]) -> tuple[Cells, list[Label]]:
    """The cells with these labels that have a contribution, in their order."""
    tables = list(dict.fromkeys(dims for dims, _ in labels))
    cells, found = cross_tables(parts.codes, tables, firm=[numbers[f] for f in parts.firm], value=list(parts.value))
    place = {(tables[number], values): at for at, (number, values) in enumerate(found)}
    shown = [label for label in labels if label in place]
    return Cells(sparse.csr_array(cells.members[[place[label] for label in shown], :]), cells.firm, cells.value), shown


def _numbers(*parts: Parts) -> dict[Hashable, int]:
    return {firm: at for at, firm in enumerate(dict.fromkeys(f for p in parts for f in p.firm))}


def totals_of(parts: Parts, labels: Sequence[Label]) -> dict[Label, float]:
    """The sum behind each label that has a contribution."""
    cells, shown = _cells(parts, labels, _numbers(parts))
    return dict(zip(shown, cells.totals.tolist(), strict=True))


def sensitive(parts: Parts, labels: Sequence[Label], rule: Rule) -> set[Label]:
    """The labels of cells that are sensitive by themselves."""
    cells, shown = _cells(parts, labels, _numbers(parts))
    return {label for label, reason in zip(shown, reasons_of(cells, rule), strict=True) if reason}


def withhold(parts: Parts, labels: Sequence[Label], rule: Rule, *, known: Collection[Label] = (), also: Collection[Label] = (), start: Collection[Label] = (),
             before: tuple[Parts, Sequence[Label], Collection[Label]] | None = None) -> Withheld:
    """Which of the cells with these labels must be kept back.

    ``known`` labels are totals that everybody knows; ``also`` must be protected for other reasons; ``start`` are kept back
    already. ``before`` is an earlier edition: its parts, its labels, and those of them that were kept back. A null among
    a label's values is a value like any other.
    """
    numbers = _numbers(parts, *([before[0]] if before else []))
    cells, shown = _cells(parts, list(dict.fromkeys([*labels, *known])), numbers)
    marks: list[Any] = [np.array([label in chosen for label in shown], bool) for chosen in (set(known), set(also), set(start))]
    gone, pairs = np.zeros(len(shown), bool), []
    if before:
        old, old_labels = _cells(before[0], list(dict.fromkeys([*before[1], *known])), numbers)
        cells = linked(cells, old, parts.keys, before[0].keys)
        place = {label: at for at, label in enumerate(shown)}
        pairs = [(place[label], len(shown) + at) for at, label in enumerate(old_labels) if label in place and label not in known]
        marks = [np.concatenate([mark, np.full(len(old_labels), number == 0)]) for number, mark in enumerate(marks)]
        gone = np.concatenate([gone, [label in set(before[2]) for label in old_labels]])
    plan = protect(cells, rule, fixed=marks[0], sensitive=marks[1], start=marks[2], withheld=gone, pairs=pairs)
    reasons = {label: REASONS[plan.reason[at]] for at, label in enumerate(shown) if plan.suppressed[at] and not marks[0][at]}
    unprotected = tuple(shown[at] for at in plan.unprotected if at < len(shown))
    return Withheld(reasons, unprotected, plan.programmes, len(shown), dict(zip(shown, cells.totals[:len(shown)].tolist(), strict=True)))
