"""Why is this number so: from a cell of an output back to rules, input rows, history, batch, file, sheet and cell."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from liantu.kernel.edition import Edition
from liantu.kernel.kept import Kept
from liantu.kernel.output import Output, Result, compute, output_of, outputs, run
from liantu.kernel.parameter import Parameter
from liantu.kernel.problems import UserError


@dataclass(frozen=True)
class Origin:
    """One value's way into the records: the change that set it, and the cell it was read from."""

    column: str
    value: Any
    batch: str | None
    at: str | None
    by: str | None
    file: str | None
    sheet: str | None
    cell: str | None
    header: str | None
    seen: str | None
    note: str | None = None


@dataclass
class SourceRow:
    """One input row behind a number."""

    table: str
    id: int
    caption: str
    values: dict[str, Any]
    origins: list[Origin] = field(default_factory=list)


@dataclass
class Passport:
    """All that makes one number: what it is, by which rule, from which rows, from which cells."""

    id: str
    output: Output
    edition: Edition
    key: str
    column: str | None
    value: Any
    row: dict[str, Any]
    rules: dict[str, Parameter]
    rows: dict[str, pl.DataFrame]

    @property
    def row_count(self) -> int:
        return sum(frame.height for frame in self.rows.values())


def passport_id(output: str, key: str, edition: str) -> str:
    """A short stable id of one output row on one edition, printed beside its figures."""
    return "P" + hashlib.sha256(f"{output}\x1f{key}\x1f{edition}".encode()).hexdigest()[:11].upper()


def figure_id(output: Output, key: str, column: str, edition: str) -> str:
    """The id of one figure: its row's passport id and the column's place in the declaration, such as ``P3F0C…2A.7``."""
    place = [c.name for c in output.columns].index(column) + 1
    return f"{passport_id(output.name, key, edition)}.{place}"


def row_by_key(result: Result, key: str) -> dict[str, Any]:
    """The output row with a key; a near miss is answered with keys that exist."""
    parts = key.split("|")
    if len(parts) != len(result.output.key):
        raise UserError(f"{result.output.name} 的键有 {len(result.output.key)} 部分（{'|'.join(result.output.key)}），收到「{key}」。", code="bad-key")
    frame = result.frame
    for name, part in zip(result.output.key, parts, strict=True):
        frame = frame.filter(pl.col(name).cast(pl.String) == part)
    if frame.is_empty():
        examples = "、".join(result.key_of(r) for r in result.frame.head(3).iter_rows(named=True)) or "（没有行）"
        raise UserError(f"{result.output.zh}里没有「{key}」。", code="unknown-key", hint=f"例如：{examples}")
    return frame.row(0, named=True)


def rows_behind(output: Output, edition: Edition, row: dict[str, Any]) -> dict[str, pl.DataFrame]:
    """The rows of each input that made an output row, found by the output's declared trace."""
    found: dict[str, pl.DataFrame] = {}
    for table, conditions in output.trace:
        if table not in edition.manifest.tables:
            inner = output_of(table)
            for name, frame in _behind_output(inner, edition, row, conditions).items():
                found[name] = pl.concat([found[name], frame]).unique("id", maintain_order=True) if name in found else frame
            continue
        frame = edition.table(table)
        for column, source in conditions.items():
            frame = frame.filter(_condition(column, source, row, found))
        found[table] = pl.concat([found[table], frame]).unique("id", maintain_order=True) if table in found else frame
    return found


def _condition(column: str, source: str, row: dict[str, Any], found: dict[str, pl.DataFrame]) -> pl.Expr:
    if "." in source:
        table, other = source.split(".", 1)
        return pl.col(column).is_in(found[table][other].drop_nulls().unique().to_list())
    value = row[source]
    return pl.col(column).is_null() if value is None else pl.col(column) == value


def _behind_output(inner: Output, edition: Edition, row: dict[str, Any], conditions: Any) -> dict[str, pl.DataFrame]:
    frame = run(inner.name, edition).frame
    for column, source in conditions.items():
        frame = frame.filter(_condition(column, source, row, {}))
    found: dict[str, pl.DataFrame] = {}
    for inner_row in frame.iter_rows(named=True):
        for name, rows in rows_behind(inner, edition, inner_row).items():
            found[name] = pl.concat([found[name], rows]).unique("id", maintain_order=True) if name in found else rows
    return found


def why(output_name: str, key: str, edition: Edition, *, column: str | None = None) -> Passport:
    """The passport of one output row, or of one of its figures. Raises UserError for unknown outputs, keys and columns."""
    output = output_of(output_name)
    result = run(output_name, edition)
    row = row_by_key(result, key)
    if column is not None:
        output.column(column)
    rules = output.rules(date.fromisoformat(edition.manifest.as_of))
    passport = Passport(passport_id(output_name, key, edition.number), output, edition, key, column, row.get(column) if column else None, row, rules,
                        rows_behind(output, edition, row))
    if column is not None and passport.value:
        passport.rows = _bearing(passport, column)
    return passport


def _bearing(passport: Passport, column: str) -> dict[str, pl.DataFrame]:
    """The inputs that bear upon one figure: a table whose rows can all go without changing it does not."""
    kept = dict(passport.rows)
    for table in list(kept):
        trial = {**kept, table: kept[table].clear()}
        try:
            value = recompute(replace(passport, rows=trial)).get(column)
        except UserError:
            continue
        if value == passport.value:
            del kept[table]
    return kept


def recompute(passport: Passport) -> dict[str, Any]:
    """The same output row computed from nothing but its own input rows; equal to the original or the trace is wrong."""
    tables = {}
    for name in passport.edition.tables:
        whole = passport.edition.table(name)
        tables[name] = passport.rows.get(name, whole.clear())
    frame = compute(passport.output, passport.edition, tables)
    return row_by_key(Result(passport.output, passport.edition, frame), passport.key)


def find(passport: str, edition: Edition) -> tuple[str, str]:
    """Output and key of a printed passport id, searched on an edition; offline, by making the ids again."""
    found = _index(edition.number, edition.manifest.content, Kept(edition)).get(passport.strip().upper())
    if found is None:
        raise UserError(f"版次 {edition.number} 里没有凭证号 {passport}。", code="unknown-passport", hint="请确认凭证号与版次。")
    return found


@lru_cache(maxsize=4)
def _index(number: str, content: str, held: Kept) -> dict[str, tuple[str, str]]:
    """All passport ids of an edition: about 0.1 s per 30,000 output rows."""
    ids: dict[str, tuple[str, str]] = {}
    for name in outputs():
        result = run(name, held.value)
        for row in result.frame.select(result.output.key).iter_rows(named=True):
            key = result.key_of(row)
            ids[passport_id(name, key, number)] = (name, key)
    return ids
