"""Which cells of an edition betray a firm: all sums over the same rows are one system, solved once and kept by content.

A *measure* is a numeric column of the rows that ``Column.sums`` name; every output that sums it adds cells to its system.
The public version is audited together with the last formal edition, because two totals of which only one firm has changed
tell that firm's figure.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Any

import polars as pl

from liantu.kernel.columns import Column, Sum
from liantu.kernel.edition import Edition, list_editions, open_edition
from liantu.kernel.home import folder, write_atomic
from liantu.kernel.kept import Kept
from liantu.kernel.output import Output, Version, content_key, holds, outputs, run
from liantu.kernel.parameter import parameter
from liantu.methods import suppression, suppression_search, suppression_system, suppression_tables
from liantu.methods.suppression_tables import Label, Parts, Rule, sensitive, totals_of, withhold

RULE = "small_cells"
NEAR = 1e-6  # of a figure; farther and the figure is not the sum that it declares
ROUNDING = 1e-3  # in the figure's unit
Measure = tuple[str, str]  # rows, column


@dataclass(frozen=True)
class Figure:
    """A column of an output as a sum of a measure."""

    output: Output
    column: Column
    sum: Sum


@dataclass(frozen=True)
class SmallCells:
    """What is withheld: reasons by measure and cell; (output, column) whose figures are not what they declare and are withheld
    whole; primary cells that earlier editions or known totals give away; and per measure its cells and their values in numbers."""

    cells: Mapping[Measure, Mapping[Label, str]] = field(default_factory=dict)
    wrong: frozenset[tuple[str, str]] = frozenset()
    unprotected: Mapping[Measure, tuple[Label, ...]] = field(default_factory=dict)
    counts: Mapping[Measure, Mapping[str, float]] = field(default_factory=dict)


def figures(edition: Edition) -> dict[Measure, list[Figure]]:
    """The figures of each measure, in all outputs that anybody but insiders may have and that the edition can compute."""
    found: dict[Measure, list[Figure]] = {}
    for output in outputs().values():
        if output.secrecy == "confidential" or not any(c.sums for c in output.columns) or not holds(output, edition):
            continue
        for column in output.columns:
            for part in column.sums:
                found.setdefault((part.rows, part.column), []).append(Figure(output, column, part))
    return {measure: told for measure, told in found.items() if measure[0] in edition.manifest.tables or holds(outputs()[measure[0]], edition)}


def labels_of(frame: pl.DataFrame, part: Sum) -> list[Label]:
    """The cell of each row of an output: the columns of the parts that it fixes, and their values."""
    dims = tuple(there for there, _ in part.by)
    return [(dims, values) for values in frame.select([pl.col(here).alias(there) for there, here in part.by]).iter_rows()]


def withheld(edition: Edition, version: Version) -> SmallCells:
    """The cells that the department or the public version of an edition keeps back."""
    return _solved(_key(edition, version), version, Kept(edition))


def rule_of(edition: Edition) -> dict[str, Any]:
    """The dated rule in force on the edition's day."""
    return dict(parameter(RULE, date.fromisoformat(edition.manifest.as_of)).value)


def edition_before(edition: Edition) -> Edition | None:
    """The formal edition whose public version people have in hand when this one comes out."""
    earlier = [m for m in list_editions(edition.root) if m.kind == "formal" and m.created_at < edition.manifest.created_at]
    return open_edition(earlier[-1].number, root=edition.root) if earlier and rule_of(edition)["linked_editions"] else None


@cache
def _code() -> str:
    """Hash of the code that decides."""
    return hashlib.sha256("".join(inspect.getsource(m) for m in (sys.modules[__name__], suppression, suppression_search, suppression_system, suppression_tables)).encode()).hexdigest()


def _key(edition: Edition, version: Version) -> str:
    told: dict[str, Any] = {"code": _code(), "version": version, "rule": rule_of(edition)}
    for (rows, column), found in figures(edition).items():
        source = edition.manifest.tables[rows]["sha256"] if rows in edition.manifest.tables else content_key(outputs()[rows], edition)
        told[f"{rows}.{column}"] = [source, *([f.output.name, f.column.name, f.sum.by, content_key(f.output, edition)] for f in found)]
    before = edition_before(edition) if version == "public" else None
    told["before"] = _key(before, version) if before else None
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


@lru_cache(maxsize=32)
def _solved(key: str, version: Version, held: Kept) -> SmallCells:
    path = folder("cache") / f"small-cells-{key[:32]}.json"
    if path.exists():
        return _read(json.loads(path.read_text()))
    found = _solve(held.value, version)
    write_atomic(path, json.dumps(_written(found), ensure_ascii=False).encode(), lasting=False)
    return found


def _written(found: SmallCells) -> dict[str, Any]:
    return {"cells": [[m, [[*label, reason] for label, reason in cells.items()]] for m, cells in found.cells.items()], "wrong": sorted(found.wrong),
            "unprotected": list(found.unprotected.items()), "counts": list(found.counts.items())}


def _read(data: dict[str, Any]) -> SmallCells:
    cells = {tuple(m): {(tuple(dims), tuple(values)): reason for dims, values, reason in rows} for m, rows in data["cells"]}
    return SmallCells(cells, frozenset((a, b) for a, b in data["wrong"]), {tuple(m): tuple((tuple(d), tuple(v)) for d, v in rows) for m, rows in data["unprotected"]},
                      {tuple(m): counts for m, counts in data["counts"]})


@dataclass(frozen=True)
class _Asked:
    """One measure on an edition: its parts, the cells that its figures show, totals that everybody knows, and the label of each row of each figure."""

    parts: Parts
    labels: list[Label]
    known: list[Label]
    rows: list[tuple[Figure, list[Label]]]


def _asked(edition: Edition, measure: Measure, found: list[Figure]) -> _Asked:
    rows, column = measure
    dims = sorted({there for f in found for there, _ in f.sum.by})
    frame = edition.table(rows) if rows in edition.manifest.tables else run(rows, edition).frame
    frame = frame.filter(pl.col(column).is_not_null())
    parts = Parts(frame[found[0].sum.firm].to_list(), frame[column].cast(pl.Float64).to_list(), {d: frame[d].to_list() for d in dims})
    told = [(f, labels_of(run(f.output.name, edition).frame, f.sum)) for f in found]
    known: list[Label] = [((), ())] if any(f.sum.total_known for f in found) else []
    return _Asked(parts, list(dict.fromkeys(label for _, labels in told for label in labels)), known, told)


def _wrong(edition: Edition, asked: _Asked) -> Iterator[tuple[str, str]]:
    """Figures that bear the name of what they sum and are not that sum; and all figures over negative parts, which cannot be protected."""
    negative = any(v < 0 for v in asked.parts.value)
    totals = {} if negative else totals_of(asked.parts, asked.labels)
    for figure, labels in asked.rows:
        values = run(figure.output.name, edition).frame[figure.column.name].to_list()
        same = figure.column.name != figure.sum.column or all(
            v is None or abs(float(v) - totals.get(label, 0.0)) <= ROUNDING + NEAR * abs(float(v)) for v, label in zip(values, labels, strict=True))
        if negative or not same:
            yield figure.output.name, figure.column.name


def _solve(edition: Edition, version: Version) -> SmallCells:
    numbers = rule_of(edition)
    rule = Rule(numbers["min_firms"], numbers["dominance"], numbers["interval"], float(numbers["floor"]), numbers["p"])
    measures = {measure: _asked(edition, measure, found) for measure, found in figures(edition).items()}
    wrong = frozenset(pair for asked in measures.values() for pair in _wrong(edition, asked))
    measures = {m: a for m, a in measures.items() if all(v >= 0 for v in a.parts.value)}
    also = _shared(measures, {m: sensitive(a.parts, a.labels, rule) for m, a in measures.items()})
    base = withheld(edition, "department") if version == "public" else None
    before = edition_before(edition) if version == "public" else None
    if base and not before:
        return base
    cells, unprotected, counts = {}, {}, {}
    for measure, asked in measures.items():
        told = withhold(asked.parts, asked.labels, rule, known=asked.known, also=also[measure], start=list(base.cells[measure]) if base else (),
                        before=_before(before, measure) if before else None)
        cells[measure], unprotected[measure] = told.reasons, told.unprotected
        value = {label: told.totals[label] for label in asked.labels if label in told.totals}
        counts[measure] = {"cells": len(value), "withheld": len(told.reasons), "value": sum(value.values()), "value_withheld": sum(value[label] for label in told.reasons),
                           "programmes": told.programmes}
    return SmallCells(cells, wrong, unprotected, counts)


def _before(edition: Edition, measure: Measure) -> tuple[Parts, list[Label], list[Label]] | None:
    """A measure as the earlier edition published it."""
    found = figures(edition).get(measure)
    if not found:
        return None
    asked = _asked(edition, measure, found)
    return asked.parts, asked.labels, list(withheld(edition, "public").cells.get(measure, {}))


def _shared(measures: Mapping[Measure, _Asked], found: Mapping[Measure, set[Label]]) -> dict[Measure, set[Label]]:
    """A figure made of several measures is sensitive when one of them is; then its cells of the others must be protected too."""
    also: dict[Measure, set[Label]] = {measure: set() for measure in measures}
    rows: dict[tuple[str, str], list[tuple[Measure, list[Label]]]] = {}
    for measure, asked in measures.items():
        for figure, labels in asked.rows:
            rows.setdefault((figure.output.name, figure.column.name), []).append((measure, labels))
    for parts in rows.values():
        for at in range(len(parts[0][1])) if len(parts) > 1 else ():
            if any(labels[at] in found[measure] for measure, labels in parts):
                for measure, labels in parts:
                    also[measure].add(labels[at])
    return also
