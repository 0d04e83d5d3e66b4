"""Why is this number so: from a cell of an output back to rules, input rows, history, batch, file, sheet and cell.

And from a printed code back to its figure: the ids of every edition are made once and kept on disk, sorted. A code is a
row's id (``P1A2B3C4D5E6``) or a figure's (``P1A2B3C4D5E6.48213``); nobody has to name the edition.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from liantu.kernel.columns import Column
from liantu.kernel.edition import Edition, Manifest, list_editions
from liantu.kernel.home import folder, write_atomic
from liantu.kernel.kept import Kept
from liantu.kernel.output import Output, Result, compute, content_key, output_of, outputs, run
from liantu.kernel.parameter import Parameter
from liantu.kernel.problems import UserError

ROUNDING = 1e-9
DIGITS = 11
_CODE = re.compile(rf"P([0-9A-F]{{{DIGITS}}})(?:\.(\d{{1,5}}))?")
_MISREAD = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1", "|": "1", "Z": "2", "S": "5", "G": "6", "。": ".", "·": "."})
_BETWEEN = re.compile(r"[\s\-_—–　]+")


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
    return "P" + hashlib.sha256(f"{output}\x1f{key}\x1f{edition}".encode()).hexdigest()[:DIGITS].upper()


def column_number(column: str) -> int:
    """A number of four to five digits that stands for a column's name in printed codes; it stays when columns are added or moved."""
    return 1000 + int(hashlib.sha256(column.encode()).hexdigest()[:8], 16) % 99_000


def figure_id(output: Output, key: str, column: str, edition: str) -> str:
    """The id of one figure: its row's passport id and its column's number, such as ``P3F0C51E2B77.48213``."""
    return f"{passport_id(output.name, key, edition)}.{column_number(output.column(column).name)}"


def column_numbered(output: Output, number: int) -> Column | None:
    """The column of an output that a printed code names; None when it has none."""
    return next((c for c in output.columns if column_number(c.name) == number), None)


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
        if not edition.has(table):
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
    content = content_key(passport.output, passport.edition)
    for table in list(kept):
        rest = {name: rows for name, rows in kept.items() if name != table}
        row = _row_from(passport.output.name, content, passport.key, frozenset(rest), Kept(replace(passport, rows=rest)))
        if row is not None and row.get(column) == passport.value:
            kept = rest
    return kept


@lru_cache(maxsize=64)
def _row_from(_output: str, _content: str, _key: str, _tables: frozenset[str], holder: Kept) -> dict[str, Any] | None:
    """An output row recomputed without some of its inputs, None where that cannot be. The figures of one row ask for the same few: each is computed once."""
    try:
        return recompute(holder.value)
    except UserError:
        return None


def recompute(passport: Passport) -> dict[str, Any]:
    """The same output row computed from nothing but its own input rows; equal to the original or the trace is wrong."""
    tables = {}
    for name in passport.edition.tables:
        whole = passport.edition.table(name)
        tables[name] = passport.rows.get(name, whole.clear())
    frame = compute(passport.output, passport.edition, tables)
    return row_by_key(Result(passport.output, passport.edition, frame), passport.key)


@dataclass(frozen=True)
class Agreement:
    """A row computed again from nothing but its own input rows, beside the row as it stands: ``different`` names the columns that do not agree.

    ``again`` is empty and ``error`` tells why, when it could not be computed at all.
    """

    again: dict[str, Any]
    different: tuple[str, ...]
    error: UserError | None = None

    @property
    def equal(self) -> bool:
        return not self.different and self.error is None


def agreement(passport: Passport, columns: Iterable[str] | None = None) -> Agreement:
    """Whether recomputing agrees: on the passport's own column, else on ``columns``, else on the whole row."""
    wanted = [passport.column] if passport.column else list(columns) if columns is not None else list(passport.row)
    try:
        again = recompute(passport)
    except UserError as error:
        return Agreement({}, tuple(wanted), error)
    return Agreement(again, tuple(c for c in wanted if not _same(passport.row[c], again.get(c))))


def _same(one: Any, other: Any) -> bool:
    """Equal, or apart by no more than the order in which floats are added can do."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= ROUNDING * max(1.0, abs(one), abs(other))
    return bool(one == other)


class Found(NamedTuple):
    """Where a code leads: the edition's number, the output, the row's key, and the column of a figure (None for a whole row)."""

    edition: str
    output: str
    key: str
    column: str | None


def clean(code: str) -> str:
    """A code as it was printed: full-width and small letters, spaces and letters that no hex digit has (O for 0, I for 1) are mended.

    What a QR holds (the address of a passport) gives the code in it.
    Raises UserError (``bad-passport``) for what cannot be a code at all.
    """
    text = _BETWEEN.sub("", unicodedata.normalize("NFKC", code)).upper().rstrip("/").rsplit("/", 1)[-1]
    text = text[:1] + text[1:].translate(_MISREAD)
    if not _CODE.fullmatch(text):
        raise UserError(f"「{code.strip()[:40]}」不是凭证号。", code="bad-passport", hint=f"凭证号是字母 P 加 {DIGITS} 位数字或 A–F，例如 P1A2B3C4D5E6；单个数字后面再加点和列号，例如 P1A2B3C4D5E6.7。")
    return text


def find(code: str, edition: Edition | None = None, *, root: Path | None = None) -> Found:
    """The figure behind a printed code, in one edition or in whichever holds it. Raises UserError (``bad-passport``, ``unknown-passport``)."""
    text = clean(code)
    match = _CODE.fullmatch(text)
    assert match is not None, "clean codes match"
    number, place = int(match[1], 16), match[2]
    searched = [edition] if edition else [Edition(m, root or folder("editions")) for m in in_order(list_editions(root))]
    for held in searched:
        found = _place(held, number)
        if found:
            return Found(held.number, *found, _column(output_of(found[0]), int(place), text) if place else None)
    where = f"版次 {edition.number} 里" if edition else f"{len(searched)} 个版次里都"
    raise UserError(f"{where}没有凭证号 {text}。", code="unknown-passport", hint="请核对凭证号；印它的版次可能不在这台机器上。")


def in_order(manifests: list[Manifest]) -> list[Manifest]:
    """Editions as they are searched: the newest, then formal ones, then working ones, each newest first."""
    newest_first = list(reversed(manifests))
    return newest_first[:1] + sorted(newest_first[1:], key=lambda m: m.kind != "formal")


def _column(output: Output, number: int, code: str) -> str:
    column = column_numbered(output, number)
    if column is None:
        raise UserError(f"「{output.zh}」没有编号 {number} 的列（{code}）。", code="unknown-passport", hint="请核对点号后面的数字。")
    return column.name


def _place(edition: Edition, number: int) -> tuple[str, str] | None:
    """Output and key of the row of an edition with an id."""
    index = _index(index_of(edition))
    at = index["id"].search_sorted(number)
    if at == index.height or index["id"][at] != number:
        return None
    _, output, key = index.row(at)
    return output, key


@lru_cache(maxsize=4)
def _index(path: Path) -> pl.DataFrame:
    """Ids, outputs and keys as read from disk: about 60 bytes a row, of four editions at most."""
    return pl.read_parquet(path)


def index_of(edition: Edition) -> Path:
    """The file of all row ids of an edition, sorted; made when it is not there. It holds for the same rows and the same code only.

    Making it needs all outputs, which the cache keeps by content; an edition's older index is removed.
    """
    number, digest = _index_name(edition.number, edition.manifest.content, edition.manifest.as_of, Kept(edition))
    path = folder("cache") / f"passports-{number}-{digest}.parquet"
    if not path.exists():
        write_atomic(path, _ids(edition), lasting=False)
        for old in path.parent.glob(f"passports-{number}-*.parquet"):
            if old != path:
                old.unlink(missing_ok=True)
    return path


@lru_cache(maxsize=256)
def _index_name(number: str, content: str, as_of: str, held: Kept) -> tuple[str, str]:
    """What stands for an edition's number, and for everything that its ids follow from."""
    keys = [content_key(o, held.value) for o in outputs().values()]
    told = hashlib.sha256("\n".join([number, content, as_of, *keys]).encode()).hexdigest()
    return hashlib.sha256(number.encode()).hexdigest()[:12], told[:24]


def _ids(edition: Edition) -> bytes:
    ids: list[int] = []
    names: list[str] = []
    keys: list[str] = []
    for output in outputs().values():
        result = run(output.name, edition)
        for row in result.frame.select(output.key).iter_rows(named=True):
            key = result.key_of(row)
            ids.append(int(passport_id(output.name, key, edition.number)[1:], 16))
            names.append(output.name)
            keys.append(key)
    frame = pl.DataFrame({"id": pl.Series(ids, dtype=pl.UInt64), "output": pl.Series(names, dtype=pl.String), "key": pl.Series(keys, dtype=pl.String)}).sort("id")
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()
