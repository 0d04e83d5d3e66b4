"""A table region × industry × year, and what counts as an entry in it.

*Eligible*: the location quotient is below :data:`LOW` — the region has next to nothing of the industry. *Entered*: one transition later the quotient
is at least :data:`HIGH` and the amount at least the panel's ``level`` (ten workers, five establishments …), so that a stray case of a small place
does not count. These are the *activations* of Albora, Pietronero, Tacchella and Zaccaria (*Scientific Reports* 13 (2023) 1481).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from liantu.methods.complexity import Floats, rca

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
LOW, HIGH = 0.5, 1.0


@dataclass(frozen=True)
class EntryPanel:
    """``values`` (T, R, I) amounts, not negative, by ``years`` (T,), rising; an amount that counts as entered is at least ``level``.

    Optional: ``region_xy`` (R, 2) longitude and latitude, NaN where unknown; ``item_inputs`` (I, I) input–output coefficients, row supplies column;
    ``item_skills`` (I, I) likeness of the labour two industries hire; ``region_groups`` and ``item_groups``: labels (R,) or (I,) of coarser units,
    one array per level (the first digits of a code). ``breaks``: layers from which on amounts were counted in another way; what seems to appear or vanish
    across one is partly counting, so nothing is learned from it. ValueError in words when the parts do not fit.
    """

    values: Floats
    years: Ints
    region_xy: Floats | None = None
    item_inputs: Floats | None = None
    item_skills: Floats | None = None
    level: float = 0.0
    region_groups: tuple[Ints, ...] = ()
    item_groups: tuple[Ints, ...] = ()
    breaks: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        x, years = np.asarray(self.values, dtype=float), np.asarray(self.years, dtype=np.int64)
        object.__setattr__(self, "values", x)
        object.__setattr__(self, "years", years)
        if x.ndim != 3:
            raise ValueError(f"values must be years × regions × industries, not of {x.ndim} dimensions")
        if len(years) != len(x) or (np.diff(years) <= 0).any():
            raise ValueError(f"years must rise and be one per layer: {len(x)} layers, years {years.tolist()}")
        if not np.isfinite(x).all() or (x < 0).any():
            raise ValueError("values must be finite and not negative: put 0 where nothing is known to be there")
        for name, size in (("item_inputs", x.shape[2]), ("item_skills", x.shape[2])):
            part = getattr(self, name)
            if part is not None and np.shape(part) != (size, size):
                raise ValueError(f"{name} must be {size} × {size}, as there are {size} industries, not {np.shape(part)}")
        if self.region_xy is not None and np.shape(self.region_xy) != (x.shape[1], 2):
            raise ValueError(f"region_xy must be {x.shape[1]} × 2, not {np.shape(self.region_xy)}")
        if any(len(g) != x.shape[1] for g in self.region_groups) or any(len(g) != x.shape[2] for g in self.item_groups):
            raise ValueError("region_groups need one label per region, item_groups one per industry")


def crosses(panel: EntryPanel, at: int, to: int) -> bool:
    """Whether the way of counting changed between two layers."""
    return any(at < k <= to for k in panel.breaks)


@dataclass(frozen=True)
class Transition:
    """What became of the regions from one layer to another: ``before`` (R, I) quotients, ``after`` quotients, ``enough`` (R, I) where the later amount reaches the level."""

    before: Floats
    after: Floats
    enough: Flags

    @property
    def eligible(self) -> Flags:
        """Where next to nothing was there."""
        return self.before < LOW

    def entered(self, line: float = HIGH) -> Flags:
        """Where the later quotient reaches the line, with enough of it."""
        return (self.after >= line) & self.enough


def transition(panel: EntryPanel, at: int, to: int) -> Transition:
    """The transition between two layers, ``at`` before ``to`` or, read backwards, after it."""
    later = panel.values[to]
    return Transition(rca(panel.values[at]), rca(later), (later >= panel.level) & (later > 0))


def shuffled(change: Transition, chance: np.random.Generator) -> Transition:
    """The same with the outcomes of eligible cells dealt out anew among them: nothing is left to be learned."""
    cells = np.flatnonzero(change.eligible)
    dealt = chance.permutation(cells)
    after, enough = change.after.copy(), change.enough.copy()
    after.flat[cells], enough.flat[cells] = change.after.flat[dealt], change.enough.flat[dealt]
    return Transition(change.before, after, enough)


def groups_of(codes: list[str], lengths: tuple[int, ...] = (1, 2, 3, 4)) -> tuple[Ints, ...]:
    """Coarser units from codes of digits (``3612`` → ``361``, ``36``): one array of labels per length that groups anything; none for names.

    >>> [g.tolist() for g in groups_of(["3611", "3612", "3711"])]
    [[0, 0, 1], [0, 0, 1]]
    """
    if not codes or any(not c.isdigit() for c in codes) or len({len(c) for c in codes}) != 1:
        return ()
    found = []
    for length in lengths:
        _, labels = np.unique([c[:length] for c in codes], return_inverse=True)
        if length < len(codes[0]) and 1 < labels.max() + 1 < len(codes):
            found.append(np.asarray(labels, dtype=np.int64))
    return tuple(found)


def in_words(panel: EntryPanel, at: int) -> str:
    """Why nothing can be said of a layer, or an empty text."""
    x: Any = panel.values[at]
    rows, columns = int((x.sum(axis=1) > 0).sum()), int((x.sum(axis=0) > 0).sum())
    if rows < 3 or columns < 3:
        return f"{int(panel.years[at])} 年只有 {rows} 个地区、{columns} 个行业有数，至少各要 3 个 (too few regions or industries with amounts)"
    return ""
