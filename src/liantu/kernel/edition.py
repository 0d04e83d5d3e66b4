"""Editions: frozen, content-addressed Parquet snapshots of the records. Outputs read nothing else.

An edition is one JSON manifest; its tables are Parquet objects named by the SHA-256 of their content, shared between
editions that hold the same rows. Nothing here needs Django but :func:`freeze`; :func:`open_edition` works in a notebook.
"""

from __future__ import annotations

import difflib
import hashlib
import io
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from liantu.kernel.columns import Column, Table
from liantu.kernel.home import folder, home, unfinished, write_atomic
from liantu.kernel.problems import UserError

FORMAT = 1
_NUMBER = re.compile(r"\w[\w.\-]{0,39}")
_TYPES: dict[str, Any] = {"money": pl.Float64, "number": pl.Float64, "share": pl.Float64, "integer": pl.Int64, "year": pl.Int64,
                          "date": pl.Date, "flag": pl.Boolean}


@dataclass(frozen=True)
class Manifest:
    """What an edition is: ``number`` (``2026-1.0`` formal, ``W000012`` working), as-of day, who approved it and why.

    ``last_change`` is the id of the last change that it holds, so history after it can be told from history before it.
    """

    number: str
    kind: str
    as_of: str
    created_at: str
    approver: str | None
    note: str | None
    last_change: int
    tables: dict[str, dict[str, Any]]
    synthetic: bool = False
    last_change_mark: str = ""
    format: int = FORMAT

    @property
    def content(self) -> str:
        """Hash of all tables: equal for equal records, whatever the edition is called."""
        text = json.dumps({name: t["sha256"] for name, t in sorted(self.tables.items())})
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Edition:
    """An opened edition. ``table(name)`` is a Polars frame; money in 万元, ids and codes as in the records."""

    manifest: Manifest
    root: Path
    _cache: dict[str, pl.DataFrame] = field(default_factory=dict, compare=False, repr=False)

    @property
    def number(self) -> str:
        return self.manifest.number

    @property
    def tables(self) -> list[str]:
        return list(self.manifest.tables)

    def path(self, name: str) -> Path:
        """The Parquet file of one table."""
        if name not in self.manifest.tables:
            raise UserError(f"版次 {self.number} 里没有表「{name}」。", code="unknown-table", hint="现有：" + "、".join(self.tables))
        return self.root / "objects" / f"{self.manifest.tables[name]['sha256']}.parquet"

    def has(self, name: str) -> bool:
        """Whether it can give a table: it holds it, or the table was declared after it was made and is empty there."""
        return name in self.manifest.tables or _declared(name) is not None

    def table(self, name: str) -> pl.DataFrame:
        """A table's rows as frozen. What was declared only after the edition was made is there too, empty: whole tables and single columns."""
        if name not in self._cache:
            declared = _declared(name)
            if name not in self.manifest.tables and declared is not None:
                self._cache[name] = frame_of(declared, ())
            else:
                self._cache[name] = self._read(name, declared)
        return self._cache[name]

    def _read(self, name: str, declared: Table | None) -> pl.DataFrame:
        path = self.path(name)
        if not path.exists():
            raise UserError(f"版次 {self.number} 的数据文件不见了：{path.name}", code="edition-damaged", hint="请从备份恢复 editions/objects。")
        frame = pl.read_parquet(path)
        later = schema_of(declared) if declared else {}
        return frame.with_columns(pl.lit(None, dtype=kind).alias(column) for column, kind in later.items() if column not in frame.columns)

    def label(self, language: str = "zh") -> str:
        """The words under every figure: edition, day and whether the data are synthetic."""
        mark = ("　合成数据" if language == "zh" else " · synthetic data") if self.manifest.synthetic else ""
        kind = {"formal": "正式版次", "working": "工作版次"}[self.manifest.kind] if language == "zh" else f"{self.manifest.kind} edition"
        return f"{kind} {self.number}　数据截至 {self.manifest.as_of}{mark}" if language == "zh" else f"{kind} {self.number} · as of {self.manifest.as_of}{mark}"


def _declared(name: str) -> Table | None:
    """The table as declared today; None in a notebook, where no declarations are loaded, and for what is no table."""
    from django.apps import apps

    if not apps.ready:
        return None
    from liantu.kernel.tables import models_by_table, table_of

    return table_of(name) if name in models_by_table() else None


def _root(root: Path | None) -> Path:
    path = root or folder("editions")
    (path / "objects").mkdir(parents=True, exist_ok=True)
    return path


def _write_new(path: Path, data: bytes) -> bool:
    """Write a file that nobody has written yet; False when somebody was first. Never leaves half a file under the name."""
    temporary = unfinished(path, data)
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        if path.exists():
            return False
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def schema_of(table: Table) -> dict[str, Any]:
    """Polars types of a table in an edition: ``id``, then each column; references hold the other row's id."""
    return {"id": pl.Int64, **{c.name: pl.Int64 if c.kind == "reference" else _TYPES.get(c.kind, pl.String) for c in table.columns}}


def frame_of(table: Table, rows: Iterable[tuple[Any, ...]]) -> pl.DataFrame:
    """Rows (id, then the columns in order) as a typed frame, ordered by id."""
    schema = schema_of(table)
    columns: list[list[Any]] = [list(c) for c in zip(*rows, strict=True)] or [[] for _ in schema]
    data = {}
    for (name, kind), values in zip(schema.items(), columns, strict=True):
        if kind == pl.Float64:
            values = [None if v is None else float(v) for v in values]
        data[name] = pl.Series(name, values, dtype=kind)
    return pl.DataFrame(data).sort("id")


def store_frame(frame: pl.DataFrame, root: Path) -> dict[str, Any]:
    """Write one table by content; the same rows are written once."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=False)
    data = buffer.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    path = root / "objects" / f"{digest}.parquet"
    if not path.exists():
        write_atomic(path, data)
    return {"sha256": digest, "rows": frame.height}


def save_edition(frames: dict[str, pl.DataFrame], *, number: str | None = None, as_of: date | None = None, approver: str | None = None,
                 note: str | None = None, last_change: int = 0, last_change_mark: str = "", synthetic: bool = False, root: Path | None = None,
                 known: dict[str, dict[str, Any]] | None = None) -> Edition:
    """Write an edition from frames. Without a number it is a working edition, and equal content gives the existing one back.

    ``known`` holds entries of tables that an earlier edition has already stored.
    """
    if number and not _NUMBER.fullmatch(number):
        raise UserError(f"版次号「{number}」不能用。", code="bad-edition-number", hint="请用字母、数字、汉字和 . - _，不超过 40 个字，例如 2026-1.0。")
    base = _root(root)
    stored = (known or {}) | {name: store_frame(frame, base) for name, frame in frames.items()}
    tables = dict(sorted(stored.items()))
    kind = "formal" if number else "working"
    day = (as_of or date.today()).isoformat()
    while True:
        existing = list_editions(base)
        if number and any(m.number == number for m in existing):
            raise _number_taken(number)
        working = [m for m in existing if m.kind == "working"]
        if not number and working and working[-1].tables == tables and working[-1].as_of == day:
            return Edition(working[-1], base)
        chosen = number or f"W{1 + max((int(m.number[1:]) for m in working), default=0):06d}"
        manifest = Manifest(chosen, kind, day, datetime.now(UTC).isoformat(timespec="microseconds"), approver, note, last_change, tables, synthetic, last_change_mark)
        if _write_new(base / f"{chosen.replace('/', '-')}.json", json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()):
            return Edition(manifest, base)
        if number:
            raise _number_taken(number)


def _number_taken(number: str) -> UserError:
    return UserError(f"版次号 {number} 已经用过。", code="edition-exists", hint="正式版次不能改写，请换一个号。")


def list_editions(root: Path | None = None) -> list[Manifest]:
    """All editions, oldest first."""
    found = [_manifest(path, path.stat().st_mtime_ns) for path in _root(root).glob("*.json")]
    return sorted(found, key=lambda m: m.created_at)


@lru_cache(maxsize=512)
def _manifest(path: Path, _stamp: int) -> Manifest:
    data = json.loads(path.read_text())
    if data.get("format") != FORMAT:
        raise UserError(f"版次文件 {path.name} 的格式是 {data.get('format')}，本程序读 {FORMAT}。", code="edition-format", hint="请升级 liantu。")
    return Manifest(**data)


@lru_cache(maxsize=8)
def _opened(root: Path, number: str, created_at: str) -> Edition:
    for manifest in list_editions(root):
        if manifest.number == number and manifest.created_at == created_at:
            return Edition(manifest, root)
    raise UserError(f"没有版次 {number}。", code="unknown-edition")


def open_edition(which: str | Path | None = None, *, as_of: date | None = None, root: Path | None = None) -> Edition:
    """Open an edition: by number, by the path of its manifest, the newest one, or the newest one as of a day.

    Raises UserError (``no-edition``, ``unknown-edition``) in words a clerk can act on.
    """
    if isinstance(which, Path) or (isinstance(which, str) and which.endswith(".json")):
        path = Path(which).resolve()
        if not path.exists():
            raise UserError(f"没有这个版次文件：{which}", code="unknown-edition")
        return Edition(_manifest(path, path.stat().st_mtime_ns), path.parent)
    base = _root(root)
    editions = list_editions(base)
    if which is not None:
        editions = [m for m in editions if m.number == which]
        if not editions:
            known = "、".join(m.number for m in list_editions(base)[-6:]) or "还没有版次"
            raise UserError(f"没有版次 {which}。", code="unknown-edition", hint=f"最近的版次：{known}")
    if as_of is not None:
        editions = [m for m in editions if m.as_of <= as_of.isoformat()]
    if not editions:
        raise UserError("还没有可用的版次。" if as_of is None else f"{as_of} 及以前没有版次。", code="no-edition", hint="请先执行 liantu freeze。")
    chosen = editions[-1] if as_of is None else max(editions, key=lambda m: (m.as_of, m.created_at))
    return _opened(base, chosen.number, chosen.created_at)


NEWEST = ("last", "latest", "newest", "最新")
NEWEST_FORMAL = ("formal", "last formal", "latest formal", "正式", "最新正式")
BEFORE = ("before", "previous", "previous formal", "上一版", "上次")


def edition_meant(text: str, *, root: Path | None = None) -> Edition:
    """An edition as a person says it: its number, a day (the edition of that day), ``latest``, ``latest formal``, or ``previous`` (the formal one before the newest).

    Raises UserError (``unknown-edition``, ``no-edition``) with the numbers that come nearest.
    """
    said = " ".join(text.lower().replace("-", " ").split())
    found = list_editions(root)
    if not found or text in (m.number for m in found):
        return open_edition(text if found else None, root=root)
    formal = [m for m in found if m.kind == "formal"]
    if said in NEWEST:
        return open_edition(root=root)
    if said in NEWEST_FORMAL and formal:
        return open_edition(formal[-1].number, root=root)
    if said in BEFORE:
        earlier = formal_before(found[-1], root=root)
        if earlier is None:
            raise UserError("只有一个版次，还没有上一个。", code="one-edition", hint="再定一个版次之后才能比较。")
        return open_edition(earlier.number, root=root)
    try:
        return open_edition(as_of=date.fromisoformat(text), root=root)
    except ValueError:
        near = difflib.get_close_matches(text, [m.number for m in found], n=4, cutoff=0.4) or [m.number for m in found[-6:]]
        raise UserError(f"没有版次「{text[:40]}」。", code="unknown-edition", hint=f"相近的：{'、'.join(near)}；也可以写 latest（最新）、latest-formal（最新正式）、previous（上一个正式）或日期 2026-03-31。") from None


def formal_before(manifest: Manifest, *, root: Path | None = None) -> Manifest | None:
    """The formal edition before this one, as the last meeting had it; where there is none, the edition before; None for the first."""
    earlier = [m for m in list_editions(root) if m.created_at < manifest.created_at]
    formal = [m for m in earlier if m.kind == "formal"]
    return next(reversed(formal or earlier), None)


def _rows(model: Any, table: Table) -> Iterator[tuple[Any, ...]]:
    names = ["id", *(f"{c.name}_id" if c.kind == "reference" else c.name for c in table.columns)]
    return iter(model.objects.order_by("id").values_list(*names).iterator(chunk_size=20_000))


def freeze(*, number: str | None = None, as_of: date | None = None, approver: str | None = None, note: str | None = None,
           synthetic: bool | None = None, root: Path | None = None) -> Edition:
    """Freeze the records as they stand, while no writer is at work, as a working or (with ``number``) a formal edition."""
    from liantu.kernel.batch import writing
    from liantu.kernel.models import Change
    from liantu.kernel.tables import all_tables, model_of

    base = _root(root)
    with writing():
        last = Change.objects.order_by("-id").values_list("id", flat=True).first() or 0
        known = _unchanged(base, last)
        frames = {name: frame_of(table, _rows(model_of(name), table)) for name, table in all_tables().items() if name not in known}
    if synthetic is None:
        synthetic = (home() / "SYNTHETIC").exists()
    return save_edition(frames, number=number, as_of=as_of, approver=approver, note=note, last_change=last, last_change_mark=_mark(last),
                        synthetic=synthetic, root=root, known=known)


def _mark(change: int) -> str:
    """Tells one change from another of the same number in another database."""
    from liantu.kernel.models import Change

    found = Change.objects.filter(pk=change).values_list("batch__at", "table", "record").first()
    return "|".join(str(part) for part in found) if found else ""


def _unchanged(root: Path, last: int) -> dict[str, dict[str, Any]]:
    """Entries of the newest edition whose tables no change has touched since; every write of records leaves a change."""
    from liantu.kernel.models import Change
    from liantu.kernel.tables import all_tables

    editions = [m for m in list_editions(root) if 0 < m.last_change <= last]
    if not editions:
        return {}
    newest = max(editions, key=lambda m: (m.last_change, m.created_at))
    if not newest.last_change_mark or newest.last_change_mark != _mark(newest.last_change):
        return {}
    touched = set(Change.objects.filter(id__gt=newest.last_change).values_list("table", flat=True).distinct())
    edition = Edition(newest, root)
    entries = {}
    for name, table in all_tables().items():
        if name in newest.tables and name not in touched and edition.path(name).exists() and list(pl.read_parquet_schema(edition.path(name))) == list(schema_of(table)):
            entries[name] = newest.tables[name]
    return entries


@dataclass(frozen=True)
class Difference:
    """How one table differs between two editions: row ids that entered, left, and (id, column, before, after)."""

    table: str
    entered: list[int]
    left: list[int]
    changed: list[tuple[int, str, Any, Any]]


def compare(before: Edition, after: Edition, *, tables: Iterable[str] | None = None, columns: Iterable[Column] | None = None) -> list[Difference]:
    """What changed between two editions, table by table; tables with equal content cost nothing."""
    result = []
    for name in tables or after.tables:
        old_entry, new_entry = before.manifest.tables.get(name), after.manifest.tables.get(name)
        if old_entry == new_entry or new_entry is None:
            continue
        new = after.table(name)
        old = before.table(name) if old_entry else new.clear()
        shared = [c for c in new.columns if c in old.columns and c != "id"]
        entered = new.join(old, on="id", how="anti")["id"].to_list()
        left = old.join(new, on="id", how="anti")["id"].to_list()
        both = old.join(new, on="id", suffix="__after")
        changed = []
        for column in shared:
            moved = both.filter(pl.col(column).ne_missing(pl.col(f"{column}__after")))
            changed += [(i, column, a, b) for i, a, b in moved.select("id", column, f"{column}__after").iter_rows()]
        result.append(Difference(name, entered, left, sorted(changed, key=lambda c: (c[0], c[1]))))
    return result
