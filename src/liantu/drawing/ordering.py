"""Order of the groups in each column so that few flows cross: barycentre sweeps, then swaps of neighbours.

After Sugiyama, Tagawa and Toda (1981), "Methods for visual understanding of hierarchical system structures".
Deterministic: ties keep the order given.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence

Flow = tuple[str, str, float]


def crossings(columns: Sequence[Sequence[str]], flows: Sequence[Flow]) -> int:
    """Number of pairs of flows that cross, counted between each pair of columns."""
    place = _places(columns)
    between: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    for source, target, _ in flows:
        (a, y), (b, z) = place[source], place[target]
        if a != b:
            between[min(a, b), max(a, b)].append((y, z) if a < b else (z, y))
    return sum(_inversions(pairs) for pairs in between.values())


def _places(columns: Sequence[Sequence[str]]) -> dict[str, tuple[int, float]]:
    return {code: (index, (row + 0.5) / len(column))
            for index, column in enumerate(columns) for row, code in enumerate(column)}


def _inversions(pairs: list[tuple[float, float]]) -> int:
    seen: list[float] = []
    total = 0
    pending: list[float] = []
    last = None
    for left, right in sorted(pairs):
        if left != last:
            for value in pending:
                insort(seen, value)
            pending, last = [], left
        total += len(seen) - bisect_right(seen, right)
        pending.append(right)
    return total


def order_groups(columns: Sequence[Sequence[str]], flows: Sequence[Flow], sweeps: int = 8) -> list[list[str]]:
    """The columns with their codes reordered; never more crossings than the order given."""
    current = [list(column) for column in columns]
    neighbours: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for source, target, weight in flows:
        neighbours[source].append((target, weight))
        neighbours[target].append((source, weight))
    best, fewest = [list(column) for column in current], crossings(current, flows)
    for sweep in range(sweeps):
        forward = sweep % 2 == 0
        for index in range(len(current)) if forward else reversed(range(len(current))):
            current[index] = _by_barycentre(current, index, neighbours)
        count = crossings(current, flows)
        if count < fewest:
            best, fewest = [list(column) for column in current], count
    return _swap_neighbours(best, flows, fewest)


def _by_barycentre(columns: list[list[str]], index: int,
                   neighbours: Mapping[str, list[tuple[str, float]]]) -> list[str]:
    place = _places(columns)

    def centre(code: str) -> float:
        total = weighted = 0.0
        for other, weight in neighbours.get(code, ()):
            column, y = place[other]
            if column != index:
                pull = weight / abs(column - index)
                total, weighted = total + pull, weighted + pull * y
        return weighted / total if total else place[code][1]

    return sorted(columns[index], key=centre)


def _swap_neighbours(columns: list[list[str]], flows: Sequence[Flow], fewest: int, rounds: int = 2) -> list[list[str]]:
    if sum(map(len, columns)) > 60:
        return columns
    for _ in range(rounds):
        before = fewest
        for column in columns:
            for row in range(len(column) - 1):
                column[row], column[row + 1] = column[row + 1], column[row]
                count = crossings(columns, flows)
                if count < fewest:
                    fewest = count
                else:
                    column[row], column[row + 1] = column[row + 1], column[row]
        if fewest == before:
            break
    return columns
