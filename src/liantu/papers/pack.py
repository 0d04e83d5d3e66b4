"""The chain-chief pack: one folder with papers, deck, workbook and maps, written whole or not at all; what has not changed is not made again."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from liantu.kernel.edition import Edition, formal_before, open_edition
from liantu.kernel.home import folder, write_atomic
from liantu.kernel.output import Version
from liantu.kernel.problems import UserError
from liantu.papers.cells import version_word
from liantu.papers.chain import chain_of, chains_of
from liantu.papers.pack_files import Item, Order, items, key_of

INDEX = {"zh": "目录.txt", "en": "CONTENTS.txt"}
KEPT_DAYS = 30
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Made:
    """A file of a pack."""

    name: str
    what: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Pack:
    """A finished pack. ``made`` counts files made anew, the rest were kept from before; ``unchanged`` says that nothing had to be done."""

    folder: Path
    files: tuple[Made, ...]
    made: int
    seconds: float
    unchanged: bool = False
    notes: tuple[str, ...] = ()


def since_of(edition: Edition, wanted: Edition | None = None) -> Edition | None:
    """The edition to compare with: the wanted one, else the formal one before; None for the first."""
    if wanted is not None:
        return wanted if wanted.number != edition.number else None
    earlier = formal_before(edition.manifest)
    return open_edition(earlier.number) if earlier else None


def make_pack(edition: Edition, chain: str | None, out: Path, *, version: Version = "internal", since: Edition | None = None, language: str = "zh", pdf: bool = False,
              tell: Tell | None = None) -> Pack:
    """Make the pack of a chain (None: the book of all chains) in ``out``.

    ``tell(done, total, what)`` reports progress. Raises UserError when ``out`` cannot be written or a file of the pack is open elsewhere; then nothing has changed.
    """
    started = time.perf_counter()
    if chain is not None:
        chain_of(edition, chain)
    order = Order(edition, chain, since_of(edition, since), version, language, pdf)
    order, notes = _without_missing_tools(order)
    target = _target(out, order)
    done = _unchanged(order, target)
    if done is not None:
        return Pack(target, done, 0, time.perf_counter() - started, True, notes)
    _refuse_open_files(target)
    planned, made, anew = items(order), [], 0
    with tempfile.TemporaryDirectory(prefix=f".{target.name[:40]}-", dir=out, ignore_cleanup_errors=True) as name:
        build = Path(name) / target.name
        for at, item in enumerate(planned):
            if tell:
                tell(at, len(planned), f"{order.title} {item.name}")
            try:
                data, fresh = _bytes(order, item)
            except UserError as empty:
                if empty.code != "nothing-to-draw":
                    raise
                notes += (f"没有做「{item.name}」：{empty.message}",)
                continue
            anew += fresh
            path = build / item.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            made.append(Made(item.name, item.what, hashlib.sha256(data).hexdigest(), len(data)))
        (build / INDEX["zh" if language == "zh" else "en"]).write_bytes(_index(order, made))
        notes += _swap(build, target)
    write_atomic(_record(order), json.dumps([asdict(m) for m in made], ensure_ascii=False).encode())
    _forget_old()
    if tell:
        tell(len(planned), len(planned), order.title)
    return Pack(target, tuple(made), anew, time.perf_counter() - started, False, notes)


def make_packs(edition: Edition, out: Path, *, version: Version = "internal", since: Edition | None = None, language: str = "zh", pdf: bool = False, tell: Tell | None = None) -> list[Pack]:
    """The pack of every chain, and the book of all chains (总册)."""
    chains = [*(c.code for c in chains_of(edition)), None]
    packs = []
    for at, chain in enumerate(chains):
        def within(done: int, total: int, what: str, at: int = at) -> None:
            if tell:
                tell(at * 100 + (done * 100 // max(1, total)), len(chains) * 100, what)

        packs.append(make_pack(edition, chain, out, version=version, since=since, language=language, pdf=pdf, tell=within))
    return packs


def _without_missing_tools(order: Order) -> tuple[Order, tuple[str, ...]]:
    """PDF needs an extra package; without it the rest is made and a sentence says so."""
    if order.pdf:
        from liantu.papers.atlas import missing_tool

        if missing := missing_tool():
            return replace(order, pdf=False), (missing,)
    return order, ()


def _target(out: Path, order: Order) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UserError(f"不能在「{out}」建文件夹：{problem.strerror}。", code="not-writable", hint="请换一个有写权限的目录。") from problem
    if not os.access(out, os.W_OK):
        raise UserError(f"不能写入「{out}」。", code="not-writable", hint="请换一个有写权限的目录。")
    return out / order.folder_name


def _refuse_open_files(target: Path) -> None:
    """Office programs leave a lock beside a file that they hold open; replacing it would lose what is being typed."""
    locks = [p for p in target.rglob("*") if p.name.startswith(("~$", ".~lock."))] if target.is_dir() else []
    if locks:
        name = locks[0].name.removeprefix("~$").removeprefix(".~lock.").removesuffix("#")
        raise UserError(f"「{name}」正在 Excel、Word 或 WPS 里打开。", code="file-open", hint="请关闭后重试；原来的材料没有动。")


def _bytes(order: Order, item: Item) -> tuple[bytes, bool]:
    """The file's bytes, kept from an earlier pack when nothing that it rests on has changed; and whether it was made anew."""
    kept = folder("cache") / "papers" / key_of(order, item.name)
    if kept.exists():
        os.utime(kept)
        return kept.read_bytes(), False
    data = item.make()
    kept.parent.mkdir(exist_ok=True)
    write_atomic(kept, data, lasting=False)
    return data, True


def _record(order: Order) -> Path:
    where = folder("cache") / "papers"
    where.mkdir(exist_ok=True)
    return where / f"{key_of(order)}.json"


def _unchanged(order: Order, target: Path) -> tuple[Made, ...] | None:
    """The files of a pack that stands there already exactly as it would be made; None when it does not."""
    record = _record(order)
    if not record.exists() or not target.is_dir():
        return None
    os.utime(record)
    made = tuple(Made(**m) for m in json.loads(record.read_text(encoding="utf-8")))
    for one in made:
        path = target / one.name
        if not path.is_file() or path.stat().st_size != one.size or hashlib.sha256(path.read_bytes()).hexdigest() != one.sha256:
            return None
    return made


def _swap(build: Path, target: Path) -> tuple[str, ...]:
    """Put the finished folder in place of the old one. An old one that people have worked in is set aside, not thrown away."""
    notes: tuple[str, ...] = ()
    aside = build.parent / "old"
    if target.exists() and _worked_in(target):
        number = next(n for n in range(1, 10_000) if not target.with_name(f"{target.name}-改过{n}").exists())
        aside = target.with_name(f"{target.name}-改过{number}")
        notes = (f"原来的「{target.name}」里有人改过文件，已另存为「{aside.name}」。",)
    try:
        if target.exists():
            os.replace(target, aside)
        os.replace(build, target)
    except PermissionError as problem:
        if not target.exists() and aside.exists():
            os.replace(aside, target)
        raise UserError(f"不能替换「{target.name}」：其中的文件可能正被打开。", code="file-open", hint="请关闭 Excel、Word、PowerPoint 里打开的文件后重试；原来的材料没有动。") from problem
    return notes


def _worked_in(target: Path) -> bool:
    """Whether files differ from what the folder's own index says, or others were added."""
    listed = next((target / n for n in INDEX.values() if (target / n).is_file()), None)
    if listed is None:
        return any(target.iterdir())
    sums = dict(reversed(line.split("  ", 1)) for line in listed.read_text(encoding="utf-8-sig").splitlines() if len(line.split("  ", 1)[0]) == 64)
    present = {str(p.relative_to(target)).replace(os.sep, "/") for p in target.rglob("*") if p.is_file() and p != listed}
    return present != set(sums) or any(hashlib.sha256((target / n).read_bytes()).hexdigest() != s for n, s in sums.items())


def _index(order: Order, made: list[Made]) -> bytes:
    """The contents as text: what each file is, and its SHA-256 in the form that ``sha256sum -c`` reads."""
    say = order.say
    lines = [f"{order.title}　{say('材料目录', 'contents of the pack')}", order.edition.label(order.language),
             f"{say('版本', 'version')}：{version_word(order.version, order.language)}",
             f"{say('对比版次', 'compared with')}：{order.since.label(order.language) if order.since else say('无（首个版次）', 'none (first edition)')}",
             f"{say('内容键', 'content key')}：{key_of(order)[:16]}", "",
             *(f"{m.name}　{m.what}　{max(1, m.size // 1024):,} KB" for m in made), "",
             say("核对整份材料：liantu verify 文件；查一个数：liantu why 凭证号", "check a paper: liantu verify FILE; follow a figure: liantu why ID"), "SHA-256",
             *(f"{m.sha256}  {m.name}" for m in made), ""]
    return b"\xef\xbb\xbf" + "\n".join(lines).encode()


def _forget_old() -> None:
    """Kept files that no pack has asked for in a month go."""
    limit = time.time() - KEPT_DAYS * 86_400
    for path in (folder("cache") / "papers").iterdir():
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
