"""A paper as Word in the official form (GB/T 9704-2012): page, fonts by name, numbering, tables, page numbers, colophon, and a passport on each figure.

The text comes first, then each map on a landscape page, then 数据来源与凭证; the colophon stands on the last page, which is even.
English papers take a plain report form.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from lxml import etree

from liantu.kernel.edition import Edition
from liantu.kernel.output import Version
from liantu.papers.blocks import Paper
from liantu.papers.cells import HIDDEN, HIDDEN_NOTE
from liantu.papers.docx_annex import annex, last_page, words
from liantu.papers.docx_body import body
from liantu.papers.docx_form import OFFICIAL, PLAIN, Form, font_table, section, write_styles
from liantu.papers.docx_head import SYNTHETIC, attachment_head, attachment_note, colophon, head, signature
from liantu.papers.docx_picture import QR_SIDE, picture_xml, place, qr_png
from liantu.papers.docx_xml import clean, element, field, keep_with_next, number_controls, paragraph, run

FONTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"
GAP = 346  # twips between the colophon and the page number: 6 mm
PROPERTY_LENGTH = 255  # what Word takes
STEADY = (2020, 1, 1, 0, 0, 0)


def to_docx(paper: Paper, *, edition: Edition, version: Version = "internal", language: str = "zh") -> bytes:
    """The paper as docx bytes; equal papers on equal editions give equal bytes."""
    form = OFFICIAL if language == "zh" else PLAIN
    document = Document()
    root = document.element.body
    write_styles(document.styles.element, form)
    _fonts(document)
    references, last = _running(document, edition, form, paper)
    content = _content(document, paper, edition, version, form, references)
    for child in list(root):
        root.remove(child)
    root.extend([*content, section(form, "evenPage", last)])
    number_controls(root)
    _properties(document, paper, edition)
    return _steady(document)


def _content(document: Any, paper: Paper, edition: Edition, version: Version, form: Form, references: list[etree._Element]) -> list[etree._Element]:
    """All but the last section's page: head, text, signature, maps, figures, and the last page with the colophon."""
    say, made = words(form), body(paper, form)
    titles = [*(p.title for p in made.pictures), say["title"]]
    content = [*head(paper, form, version, synthetic=edition.manifest.synthetic), *made.content]
    language = "zh" if form.official else "en"
    notes = [paper.note, HIDDEN_NOTE[language] if any(f.text == HIDDEN for f in paper.figures) else ""]
    content += [paragraph("Body", run(note + ("。" if form.official and not note.endswith("。") else ""))) for note in notes if note]
    ending = [*attachment_note(titles, form), *signature(paper, form)]
    for line in (content[-1], *ending[:-1]):  # no page holds but a signature
        keep_with_next(line)
    content += ending
    content.append(_end(section(form, "nextPage", references)))
    for number, picture in enumerate(made.pictures, start=1):
        mark = f"附件{number}" if form.official else f"Annex {number}"
        content += [paragraph("AttachmentMark", run(mark)), *picture_xml(document.part, picture, edition, version, form), _end(section(form, "nextPage", references, landscape=True))]
    content += attachment_head(len(titles), len(titles), say["title"], form)
    content += annex(paper.figures, made.grids, edition, form)
    content.append(_end(section(form, "nextPage", references)))
    return [*content, *_last(document, paper, edition, form)]


def _last(document: Any, paper: Paper, edition: Edition, form: Form) -> list[etree._Element]:
    main = paper.figures[0] if paper.figures else None
    code = qr_png(main.id) if main else None
    drawing = place(document.part, code, (QR_SIDE, QR_SIDE), main.id) if code and main else None
    return last_page(form, main, drawing)


def _end(properties: etree._Element) -> etree._Element:
    """The paragraph that ends a section; it takes no room on the page."""
    made = element("p", element("pPr", element("snapToGrid", val=0), element("spacing", before=0, after=0, line=20, lineRule="exact")))
    made[0].append(properties)
    return made


def _running(document: Any, edition: Edition, form: Form, paper: Paper) -> tuple[list[etree._Element], list[etree._Element]]:
    """Page numbers — 1 — at the outer edge, odd right and even left, and on synthetic data a line at the head; on the last page the colophon above.

    Returned as the references of all sections, and those of the last one.
    """
    document.settings.odd_and_even_pages_header_footer = True
    document.add_section()
    found = []
    for at, part in enumerate(document.sections):
        for footer, side in ((part.footer, "right"), (part.even_page_footer, "left")):
            footer.is_linked_to_previous = False
            number = _page_number(form, side, GAP if at else 0)
            _fill(footer._element, *([colophon(paper, form)] if at else []), number)
        if edition.manifest.synthetic and not at:
            for header in (part.header, part.even_page_header):
                header.is_linked_to_previous = False
                _fill(header._element, paragraph("Running", run(SYNTHETIC["zh" if form.official else "en"])))
        found.append([r for r in part._sectPr if r.tag in (qn("w:headerReference"), qn("w:footerReference"))])
    headers = [r for r in found[0] if r.tag == qn("w:headerReference")]
    return found[0], [*headers, *found[1]]


def _page_number(form: Form, side: str, before: int) -> etree._Element:
    dash = "—" if form.official else "–"
    space = (element("spacing", before=before, after=0, line=240, lineRule="auto"),) if before else ()
    return paragraph("PageNumber", run(f"{dash} "), *field("PAGE"), run(f" {dash}"), properties=(*space, element("ind", **{side: 280}), element("jc", val=side)))


def _fill(part: etree._Element, *lines: etree._Element) -> None:
    for child in list(part):
        part.remove(child)
    part.extend(lines)


def _fonts(document: Any) -> None:
    """Put our font table in the place of the template's, and leave out the template's picture and its second set of styles."""
    package = document.part.package
    for rels in (document.part.rels, package.rels):
        for relation in list(rels.values()):
            if relation.reltype.endswith(("/fontTable", "/stylesWithEffects", "/thumbnail", "/customXml")):
                rels.pop(relation.rId)
    document.part.relate_to(Part(PackURI("/word/fontTable.xml"), FONTS_TYPE, font_table(), package), RELATIONSHIP_TYPE.FONT_TABLE)


def _properties(document: Any, paper: Paper, edition: Edition) -> None:
    day = datetime.fromisoformat(edition.manifest.as_of)
    about = document.core_properties
    about.title, about.author = (clean(text.replace("\n", ""))[:PROPERTY_LENGTH] for text in (paper.title, paper.issuer))
    about.last_modified_by, about.comments, about.keywords = about.author, edition.label(), edition.number
    about.created, about.modified, about.revision = day, day, 1


def _steady(document: Any) -> bytes:
    """Save with fixed times inside, so that the same paper gives the same bytes."""
    saved, made = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, STEADY), old.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()
