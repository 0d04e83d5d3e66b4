"""What is in a pack: each file with its name, what it is, and how it is made. Nothing is made here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from importlib.resources import files
from typing import Any

from liantu.kernel.edition import Edition
from liantu.kernel.home import home
from liantu.kernel.output import Version
from liantu.kernel.profile import Part, part_result
from liantu.papers.cells import version_word
from liantu.papers.chain import chain_of, chains_of
from liantu.papers.parts import list_parts, map_parts

RENDERERS = ("xlsxwriter", "python-docx", "python-pptx", "vl-convert-python", "typst", "pypdf")
NUMERALS = "〇一二三四五六七八九十"
UNSAFE = '\\/:*?"<>|'


@dataclass(frozen=True)
class Order:
    """What is asked for: an edition, one chain or (None) all of them, the edition compared with, for whom, in which language, with PDF or not."""

    edition: Edition
    chain: str | None
    since: Edition | None = None
    version: Version = "internal"
    language: str = "zh"
    pdf: bool = False

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    @property
    def title(self) -> str:
        """The chain's name, or 总册."""
        return chain_of(self.edition, self.chain).title(self.language) if self.chain else self.say("总册", "All chains")

    @property
    def folder_name(self) -> str:
        """``<chain name>-<edition>-<version>``, as every file system takes it."""
        return safe(f"{self.title}-{self.edition.number}-{version_word(self.version, self.language)}")


@dataclass(frozen=True)
class Item:
    """One file of a pack: its path inside, what it is, and how to make its bytes."""

    name: str
    what: str
    make: Callable[[], bytes]


def safe(name: str) -> str:
    """A file name without what file systems refuse."""
    return "".join("_" if c in UNSAFE or not c.isprintable() else c for c in name).strip(". ")[:120]


def items(order: Order) -> list[Item]:
    """The files of a pack in their order."""
    return [*_papers(order), *_pictures(order), *(_prints(order) if order.pdf else ())]


def _papers(order: Order) -> Iterator[Item]:
    lists = len(list_parts(order.version))
    count = f"{NUMERALS[lists]}清单" if lists < len(NUMERALS) else "清单"
    if order.chain:
        yield Item(order.say("简报.docx", "Brief.docx"), order.say("简报：数据、亮点、问题、建议（公文格式）", "The brief: figures, highlights, problems, proposals"), lambda: _brief(order))
    if order.version != "public":
        yield Item(order.say("调度会材料.docx", "Meeting.docx"), order.say("调度会材料：五个数、问题清单、需链长协调事项", "The meeting paper: five numbers, cases, what the chief must decide"), lambda: _meeting(order))
    if order.chain:
        yield Item(order.say("汇报.pptx", "Deck.pptx"), order.say("16:9 汇报：现状、变化、待定事项、图、清单，形状可编辑", "16:9 deck: state, changes, decisions, maps, lists; editable shapes"), lambda: _deck(order))
    yield Item(order.say(f"{count}.xlsx", "Lists.xlsx"), order.say("清单册：一个清单一张工作表，可筛选，合计随筛选变化", "The lists: a sheet each, with filters and live totals"), lambda: _book(order))


def _brief(order: Order) -> bytes:
    from liantu.papers.brief import brief
    from liantu.papers.docx import to_docx

    assert order.chain
    return to_docx(brief(order.edition, order.chain, since=order.since, version=order.version, language=order.language), edition=order.edition, version=order.version, language=order.language)


def _meeting(order: Order) -> bytes:
    from liantu.papers.docx import to_docx
    from liantu.papers.meeting import meeting_paper

    chains = [order.chain] if order.chain else [c.code for c in chains_of(order.edition)]
    return to_docx(meeting_paper(order.edition, chains, since=order.since, version=order.version, language=order.language), edition=order.edition, version=order.version, language=order.language)


def _deck(order: Order) -> bytes:
    from liantu.papers.deck import to_deck

    assert order.chain
    return to_deck(order.edition, order.chain, since=order.since, version=order.version, language=order.language)


def _book(order: Order) -> bytes:
    from liantu.papers.book import set_workbook

    return set_workbook(order.edition, order.chain, version=order.version, language=order.language)


def _pictures(order: Order) -> Iterator[Item]:
    folder = order.say("图", "maps")
    if order.chain is None:
        forms = [("svg", "screen", ""), ("png", "screen", "")]
        yield from (Item(f"{folder}/{order.say('各产业链并列', 'All chains')}{mark}.{form}", order.say("各产业链并列图", "All chains side by side"), lambda f=form: _overview(order, f)) for form, _, mark in forms)
        return
    forms = [("svg", "screen", ""), ("png", "screen", ""), *([("pdf", "a3", "-A3"), ("pdf", "a0", "-A0")] if order.pdf else [])]
    for at, part in enumerate(map_parts(order.version), 1):
        title = order.say(part.title, part.title_en)
        for form, paper, mark in forms:
            yield Item(f"{folder}/{at}-{safe(title)}{mark}.{form}", f"{title}{mark.replace('-', ' ')}", lambda p=part, f=form, s=paper: _picture(order, p, f, s))


def _picture(order: Order, part: Part, form: str, paper: str) -> bytes:
    from liantu.drawing.of_output import picture

    result = part_result(part, order.edition, order.chain, order.version)
    words = heading(order, order.say(part.title, part.title_en))
    return picture(result, order.chain, form, language=order.language, title=words[0], subtitle=words[1], footer="liantu 链图", paper=paper)


def heading(order: Order, title: str) -> tuple[str, str]:
    """Title and subtitle of a drawing: the chain and the map; edition, day, mark."""
    return f"{order.title}　{title}", f"{order.edition.label(order.language)}　{version_word(order.version, order.language)}"


def _overview(order: Order, form: str) -> bytes:
    from liantu.drawing.of_output import picture
    from liantu.kernel.release import release

    words = heading(order, order.say("各产业链并列图", "All chains side by side"))
    return picture(release("chain_map", order.edition, order.version), None, form, language=order.language, title=words[0], subtitle=words[1], footer="liantu 链图")


def _prints(order: Order) -> Iterator[Item]:
    from liantu.papers.atlas import atlas, list_atlas

    if order.chain:
        yield Item(order.say("图册.pdf", "Atlas.pdf"), order.say("图册：A3 横向，一图一页", "The maps, one A3 page each"), lambda: atlas(order))
    yield Item(order.say("清单册.pdf", "Lists.pdf"), order.say("清单册：A4 横向，续页有表头", "The lists on A4, heads repeated"), lambda: list_atlas(order))


def key_of(order: Order, item: str = "") -> str:
    """Equal exactly when a file (or, without ``item``, a pack) must come out the same: same edition and rows, same comparison, version, language, profile, code."""
    parts: dict[str, Any] = {
        "item": item, "chain": order.chain, "version": order.version, "language": order.language, "pdf": order.pdf if not item else None, "code": _code(), "profile": _own_profile(),
        "editions": [[m.number, m.kind, m.as_of, m.approver, m.content, m.synthetic] for m in (e.manifest for e in (order.edition, order.since) if e)]}
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _own_profile() -> str:
    own = [path for path in (home() / "profile.yaml", home() / "papers.yaml") if path.exists()]
    return hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in own)).hexdigest() if own else ""


@cache
def _code() -> str:
    """Hash of the package (code and data) and the versions of the libraries that write files."""
    digest = hashlib.sha256()
    for path in sorted(p for p in _walk(files("liantu")) if p.suffix in (".py", ".yaml", ".csv", ".css", ".typ")):
        digest.update(path.name.encode() + path.read_bytes())
    for name in RENDERERS:
        try:
            digest.update(f"{name} {installed(name)}".encode())
        except PackageNotFoundError:
            digest.update(f"{name} -".encode())
    return digest.hexdigest()


def _walk(top: Any) -> Iterator[Any]:
    from pathlib import Path

    return Path(str(top)).rglob("*")
