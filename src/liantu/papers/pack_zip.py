"""Packs as one zip file, kept by content: the same order on the same edition is made once and fetched from then on."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from liantu.kernel.edition import Edition
from liantu.kernel.home import folder, write_atomic
from liantu.kernel.output import Version
from liantu.kernel.release import VERSIONS
from liantu.papers.chain import chain_of
from liantu.papers.pack import KEPT_DAYS, Tell, make_pack, since_of
from liantu.papers.pack_files import Order, key_of, safe

STAMP = (2020, 1, 1, 0, 0, 0)
DAY = 86_400


@dataclass(frozen=True)
class Zipped:
    """A zip of packs: what was ordered, what is in it, and when it was made (seconds since 1970)."""

    key: str
    name: str
    title: str
    label: str
    version: Version
    language: str
    files: tuple[tuple[str, str, int], ...]
    notes: tuple[str, ...]
    seconds: float
    size: int
    at: float

    @property
    def path(self) -> Path:
        return folder("packs") / f"{self.key}.zip"

    @property
    def megabytes(self) -> str:
        return f"{self.size / 1_048_576:.1f}"

    @property
    def made(self) -> str:
        """When it was made, as ISO text."""
        return datetime.fromtimestamp(self.at, UTC).isoformat()

    @property
    def kilobytes(self) -> list[tuple[str, str, int]]:
        """Name, what it is, and size in KB of each file."""
        return [(name, what, max(1, size // 1024)) for name, what, size in self.files]


def zip_key(orders: list[Order]) -> str:
    """The name under which the zip of these orders is kept."""
    return hashlib.sha256("".join(key_of(o) for o in orders).encode()).hexdigest()[:24]


def orders_of(edition: Edition, chains: list[str | None], *, version: Version, since: Edition | None, language: str, pdf: bool) -> list[Order]:
    """One order per chain; None among the chains is the book of all chains."""
    for chain in chains:
        if chain is not None:
            chain_of(edition, chain)
    return [Order(edition, chain, since_of(edition, since), version, language, pdf) for chain in chains]


def zip_packs(orders: list[Order], *, tell: Tell | None = None) -> Zipped:
    """Make (or find) the zip of the packs ordered; each file inside is kept by content as well."""
    started, key = time.perf_counter(), zip_key(orders)
    found = zipped(key)
    if found is not None:
        return found
    data, files, notes = io.BytesIO(), [], []
    with tempfile.TemporaryDirectory() as name, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as target:
        for at, order in enumerate(orders):
            def within(done: int, total: int, what: str, at: int = at) -> None:
                if tell:
                    tell(at * 100 + done * 100 // max(1, total), len(orders) * 100, what)

            pack = make_pack(order.edition, order.chain, Path(name), version=order.version, since=order.since, language=order.language, pdf=order.pdf, tell=within)
            notes += pack.notes
            files += [(f"{pack.folder.name}/{f.name}", f.what, f.size) for f in pack.files]
            for path in sorted(p for p in pack.folder.rglob("*") if p.is_file()):
                target.writestr(zipfile.ZipInfo(path.relative_to(name).as_posix(), STAMP), path.read_bytes(), zipfile.ZIP_DEFLATED)
    first, packed = orders[0], data.getvalue()
    title = first.title if len(orders) == 1 else first.say(f"{len(orders)} 套材料", f"{len(orders)} packs")
    made = Zipped(key, safe(f"{title}-{first.edition.number}-{VERSIONS[first.version]}") + ".zip", title, first.edition.label(first.language), first.version, first.language,
                  tuple(files), tuple(dict.fromkeys(notes)), time.perf_counter() - started, len(packed), time.time())
    write_atomic(made.path, packed)
    write_atomic(made.path.with_suffix(".json"), json.dumps(asdict(made), ensure_ascii=False).encode())
    _sweep()
    return made


def zipped(key: str) -> Zipped | None:
    """A kept zip by its key."""
    about = folder("packs") / f"{key}.json"
    if not about.is_file() or not about.with_suffix(".zip").is_file():
        return None
    said: dict[str, Any] = json.loads(about.read_text(encoding="utf-8"))
    return Zipped(**{**said, "files": tuple(tuple(f) for f in said["files"]), "notes": tuple(said["notes"])})


def kept_zips() -> Iterator[Zipped]:
    """All kept zips, newest first."""
    names = sorted(folder("packs").glob("*.json"), key=lambda p: p.stat().st_mtime, reverse=True)
    return (z for z in (zipped(p.stem) for p in names) if z is not None)


def _sweep() -> None:
    """Zips older than a month go; they can be made again at any time."""
    for path in folder("packs").iterdir():
        if time.time() - path.stat().st_mtime > KEPT_DAYS * DAY:
            path.unlink(missing_ok=True)
