"""A docx as a checker sees it: sections, paragraphs with the properties that really hold (own, style's, style's parents', defaults), tables, footers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
Properties = Mapping[str, Mapping[str, str]]


def own(parent: etree._Element | None) -> dict[str, dict[str, str]]:
    """Properties written directly: {"spacing": {"line": "579", …}, …}; a mark without value is {}."""
    if parent is None:
        return {}
    return {etree.QName(c).localname: {etree.QName(k).localname: v for k, v in c.attrib.items()} for c in parent if isinstance(c.tag, str)}


def _over(base: Properties, top: Properties) -> dict[str, dict[str, str]]:
    """Properties of the top over those of the base, attribute by attribute."""
    return {**base, **{name: {**base.get(name, {}), **values} for name, values in top.items()}}  # type: ignore[dict-item]


@dataclass(frozen=True)
class Line:
    """A paragraph: its text, what holds for it and for its text, where it stands. Lengths are twips, ``points`` the type size."""

    text: str
    about: Properties
    type: Properties
    section: int = 0
    xml: etree._Element = field(repr=False, default=None)

    @property
    def font(self) -> str:
        return self.type.get("rFonts", {}).get("eastAsia", "")

    @property
    def points(self) -> float:
        return float(self.type.get("sz", {}).get("val", 20)) / 2

    @property
    def colour(self) -> str:
        return self.type.get("color", {}).get("val", "").upper()

    @property
    def tight(self) -> float:
        """Character spacing in points."""
        return float(self.type.get("spacing", {}).get("val", 0)) / 20

    @property
    def align(self) -> str:
        return self.about.get("jc", {}).get("val", "left")

    def length(self, name: str, attribute: str) -> int:
        return int(self.about.get(name, {}).get(attribute, 0))

    @property
    def exact(self) -> int:
        """An exact line pitch, 0 where the line grows with its content."""
        spacing = self.about.get("spacing", {})
        return int(spacing.get("line", 240)) if spacing.get("lineRule") == "exact" else 0


@dataclass(frozen=True)
class Section:
    """A section: its properties, and its footers by kind (default, even)."""

    xml: etree._Element = field(repr=False)
    footers: Mapping[str, etree._Element] = field(repr=False)

    def length(self, tag: str, attribute: str) -> int:
        found = self.xml.find(W + tag)
        return int(found.get(W + attribute, "0")) if found is not None else 0

    def word(self, tag: str, attribute: str) -> str:
        found = self.xml.find(W + tag)
        return found.get(W + attribute, "") if found is not None else ""

    @property
    def landscape(self) -> bool:
        return self.length("pgSz", "w") > self.length("pgSz", "h")


class Docx:
    """An opened docx. ``blocks`` are the body's paragraphs and tables in order, each with its section's place."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            self._parts = {name: package.read(name) for name in package.namelist() if name.endswith((".xml", ".rels"))}
        self._styles = {s.get(W + "styleId"): s for s in self._xml("word/styles.xml").iter(W + "style")}
        self._defaults = self._xml("word/styles.xml").find(W + "docDefaults")
        self._held: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
        self.settings = self._xml("word/settings.xml")
        body = self._xml("word/document.xml").find(W + "body")
        targets = {r.get("Id"): r.get("Target") for r in self._xml("word/_rels/document.xml.rels").iter(_REL + "Relationship")}
        self.blocks: list[tuple[int, etree._Element]] = []
        ends: list[etree._Element] = []
        for child in body:
            if child.tag in (W + "p", W + "tbl"):
                self.blocks.append((len(ends), child))
            end = child if child.tag == W + "sectPr" else child.find(f"{W}pPr/{W}sectPr")
            if end is not None:
                ends.append(end)
        self.sections = [Section(end, {r.get(W + "type"): self._xml("word/" + targets[r.get(_R)]) for r in end.iter(W + "footerReference")}) for end in ends]

    def _xml(self, name: str) -> etree._Element:
        return etree.fromstring(self._parts[name], _PARSER)

    def line(self, paragraph: etree._Element, section: int = 0) -> Line:
        """A paragraph with what holds for it; the type is that of its first run with text."""
        direct = paragraph.find(W + "pPr")
        style = own(direct).get("pStyle", {}).get("val", "Normal")
        first = next((r for r in paragraph.iter(W + "r") if r.find(W + "t") is not None), None)
        about = _over(self._inherited(style, "pPr"), own(direct))
        type_ = _over(self._inherited(style, "rPr"), own(first.find(W + "rPr")) if first is not None else {})
        return Line(text_of(paragraph), about, type_, section, paragraph)

    def _inherited(self, style: str, kind: str) -> dict[str, dict[str, str]]:
        if (style, kind) not in self._held:
            self._held[style, kind] = self._holds(style, kind)
        return self._held[style, kind]

    def _holds(self, style: str, kind: str) -> dict[str, dict[str, str]]:
        chain: list[etree._Element] = []
        at = self._styles.get(style)
        while at is not None and at not in chain:
            chain.append(at)
            based = at.find(W + "basedOn")
            at = self._styles.get(based.get(W + "val")) if based is not None else None
        held = own(self._defaults.find(f"{W}{kind}Default/{W}{kind}")) if self._defaults is not None else {}
        for level in reversed(chain):
            held = _over(held, own(level.find(W + kind)))
        return held

    def lines(self) -> Iterator[Line]:
        """The body's paragraphs outside of tables."""
        return (self.line(p, section) for section, p in self.blocks if p.tag == W + "p")

    def tables(self) -> Iterator[etree._Element]:
        return (t for _, t in self.blocks if t.tag == W + "tbl")


def text_of(paragraph: etree._Element) -> str:
    """The text that is printed, fields with what they show."""
    return "".join(t.text or "" for t in paragraph.iter(W + "t"))
