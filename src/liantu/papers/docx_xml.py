"""Small pieces of Word XML: elements, runs, fields, and a figure as a content control that keeps its id."""

from __future__ import annotations

import re

from docx.oxml.ns import nsmap, qn
from lxml import etree

from liantu.papers.blocks import Figure

W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS = re.compile(r"[\t\n\r\u2028\u2029]+")
_SHARED = re.compile("[“”‘’—…·×]")
ALIAS_LENGTH = 64  # Word refuses longer titles and tags of content controls


def clean(text: str) -> str:
    """Text that XML can carry on one line: control characters go, line breaks become spaces."""
    return _BREAKS.sub(" ", _UNWRITABLE.sub("", text))


def element(tag: str, *children: etree._Element | None, **attributes: str | int) -> etree._Element:
    """``element("ind", left=420)`` is ``<w:ind w:left="420"/>``; children that are None are left out."""
    made = etree.Element(qn(f"w:{tag}"), nsmap={"w": nsmap["w"]})
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(c for c in children if c is not None)
    return made


def run(text: str, *properties: etree._Element) -> etree._Element:
    """A run of text with its properties (size, colour). Quotes, dashes and dots that both scripts share are set in the Chinese font."""
    words = element("t")
    words.text = clean(text)
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    hint = (element("rFonts", hint="eastAsia"),) if _SHARED.search(words.text) else ()
    return element("r", element("rPr", *hint, *properties) if hint or properties else None, words)


def fonts(latin: str, chinese: str) -> etree._Element:
    """The four font slots by name; eastAsia is the one that Chinese characters take."""
    return element("rFonts", ascii=latin, hAnsi=latin, cs=latin, eastAsia=chinese)


def size(points: float) -> tuple[etree._Element, etree._Element]:
    """Type size, which Word counts in half points."""
    return element("sz", val=round(points * 2)), element("szCs", val=round(points * 2))


def control(figure: Figure, *properties: etree._Element) -> etree._Element:
    """A figure as an inline content control: the tag is its passport id, the title what it is; no frame is drawn around it."""
    hidden = etree.Element(f"{{{W15}}}appearance", nsmap={"w15": W15})
    hidden.set(f"{{{W15}}}val", "hidden")
    about = element("sdtPr", element("alias", val=clean(figure.label)[:ALIAS_LENGTH]), element("tag", val=figure.id), element("id", val=0), hidden)
    return element("sdt", about, element("sdtContent", run(figure.text, *properties)))


def number_controls(body: etree._Element) -> None:
    """Give each content control of a document a number of its own; the same figure may stand in a sentence and in a table."""
    for at, mark in enumerate(body.iter(qn("w:sdtPr")), start=1):
        mark.find(qn("w:id")).set(qn("w:val"), str(at))


def keep_with_next(made: etree._Element) -> None:
    """Keep a paragraph on the page of the next one."""
    about = made.find(qn("w:pPr"))
    if made.tag == qn("w:p") and about is not None and about.find(qn("w:keepNext")) is None:
        about.insert(1, element("keepNext"))


def field(instruction: str, *properties: etree._Element) -> list[etree._Element]:
    """A field such as PAGE, as Word writes it."""
    def part(child: etree._Element) -> etree._Element:
        return element("r", element("rPr", *[etree.fromstring(etree.tostring(p)) for p in properties]), child)

    command = element("instrText")
    command.text = f" {instruction} "
    shown = element("t")
    shown.text = "1"
    return [part(element("fldChar", fldCharType="begin")), part(command), part(element("fldChar", fldCharType="separate")), part(shown), part(element("fldChar", fldCharType="end"))]


def paragraph(style: str, *content: etree._Element, properties: tuple[etree._Element, ...] = ()) -> etree._Element:
    """A paragraph of a named style."""
    return element("p", element("pPr", element("pStyle", val=style), *properties), *content)
