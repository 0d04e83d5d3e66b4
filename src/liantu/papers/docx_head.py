"""What stands at a paper's beginning and end: marks, red head, title, signature, and the colophon (版记) with its rules."""

from __future__ import annotations

import re

from lxml import etree

from liantu.papers.blocks import Paper
from liantu.papers.cells import version_word
from liantu.papers.docx_form import CHARACTER, PITCH, RED, WIDTH, Form
from liantu.papers.docx_xml import element, paragraph, run, size

SYNTHETIC = {"zh": "合成数据　不代表任何地区，不得引用", "en": "Synthetic data: represents no place, do not cite"}
_YEAR_BRACKETS = re.compile(r"[\[［【(（]((?:19|20)\d{2})[\]］】)）](?=\d+号)")
MASTHEAD_WIDTH, MASTHEAD_MOST, MASTHEAD_LEAST = 420, 54, 26  # points
THICK, THIN = 8, 6  # eighths of a point: 0.35 mm and 0.25 mm


def document_number(text: str) -> str:
    """A document number in its form: 六角括号 around the year, no leading zeros: 云工强〔2026〕12号."""
    return re.sub(r"〕0+(?=\d)", "〕", _YEAR_BRACKETS.sub(r"〔\1〕", text))


def head(paper: Paper, form: Form, version: str, *, synthetic: bool) -> list[etree._Element]:
    """Mark, masthead, issue or document number, red rule and title. A bulletin carries its office and day above the rule."""
    language = "zh" if form.official else "en"
    bulletin = bool(paper.issue) and "号" not in paper.issue
    made = [paragraph("Mark", run(version_word(version, language) + ("　　" + SYNTHETIC[language] if synthetic else "")))]
    masthead = paper.masthead or paper.kind
    if masthead:
        points = min(MASTHEAD_MOST, max(MASTHEAD_LEAST, MASTHEAD_WIDTH // max(len(masthead), 1)))
        made.append(paragraph("Masthead", run(masthead, *size(points if form.official else form.style("Masthead").points))))
        if paper.issue:
            made.append(paragraph("IssueLine", run(document_number(paper.issue))))
        made.append(_rule_line(paper.issuer if bulletin or not form.official else "", paper.signed_on if bulletin or not form.official else "", form))
    made += title_lines("PaperTitle", paper.title, 2 * PITCH if masthead and form.official else 240, PITCH if form.official else 120)
    return made


def _rule_line(left: str, right: str, form: Form) -> etree._Element:
    """The line that carries the red rule; office at the left and day at the right when the paper is a bulletin."""
    rule = element("pBdr", element("bottom", val="single", sz=18 if form.official else 6, space=4, color=RED if form.official else "7F7F7F"))
    tabs = element("tabs", element("tab", val="right", pos=WIDTH - CHARACTER))
    content = [run("　" + left if form.official else left)] if left else []
    if right:
        content += [element("r", element("tab")), run(right)]
    flat = () if content else (element("spacing", before=0, after=0, line=120, lineRule="exact"),)
    return paragraph("HeadLine", *content, properties=(rule, tabs, *flat))


def title_lines(style: str, title: str, before: int, after: int) -> list[etree._Element]:
    """A title, one paragraph per line that its author broke; the room before and after counts once."""
    lines = [line for line in title.split("\n") if line.strip()] or [""]
    return [paragraph(style, run(line.strip()), properties=(element("spacing", before=before if at == 0 else 0, after=after if at == len(lines) - 1 else 0, line=680, lineRule="exact"),))
            for at, line in enumerate(lines)]


def signature(paper: Paper, form: Form) -> list[etree._Element]:
    """Office and day at the end of a paper without seal: the day four characters in, the office centred over it. A bulletin has both in its head."""
    if not form.official or (paper.issue and "号" not in paper.issue) or not paper.signed_on:
        return []
    day = _width(paper.signed_on)
    over = 4 * CHARACTER + max(0, round((day - _width(paper.issuer)) / 2 * CHARACTER))
    office = [paragraph("Signature", run(paper.issuer), properties=(element("ind", right=over),))] if paper.issuer else [paragraph("Body")]
    return [*office, paragraph("SignDate", run(paper.signed_on))]


def _width(text: str) -> float:
    """Width in Chinese characters; Latin letters and digits count half."""
    return sum(0.5 if ord(c) < 0x2E80 else 1.0 for c in text)


def attachment_note(titles: list[str], form: Form) -> list[etree._Element]:
    """附件：1.… below the text, the titles hanging under each other."""
    if not titles:
        return []
    zh = form.official
    several = len(titles) > 1
    first = "附件：" if zh else "Annexes: "
    made = []
    for at, title in enumerate(titles):
        label = (first if at == 0 else "") + (f"{at + 1}." + ("" if zh else " ") if several else "")
        hang = 3 * CHARACTER if at == 0 else 0
        indent = element("ind", left=5 * CHARACTER + (CHARACTER // 2 if several else 0), hanging=hang + (CHARACTER // 2 if several else 0)) if zh else element("ind", left=0)
        before = element("spacing", before=PITCH if zh and at == 0 else 0, after=0, line=form.style("AttachmentNote").line, lineRule="exact")
        made.append(paragraph("AttachmentNote", run(label + title), properties=(before, indent)))
    return made


def attachment_head(number: int, of: int, title: str, form: Form) -> list[etree._Element]:
    """附件 and its number at the head of a page of its own, the title below."""
    zh = form.official
    mark = ("附件" + (str(number) if of > 1 else "")) if zh else f"Annex {number}"
    return [paragraph("AttachmentMark", run(mark)), *title_lines("AttachmentTitle", title, PITCH // 2 if zh else 0, PITCH // 2 if zh else 120)]


def colophon(paper: Paper, form: Form) -> etree._Element:
    """The 版记: who the paper goes to, who printed it and when, between rules of 0.35 and 0.25 mm.

    It is set into the foot of the last page, above the page number: there it stands at the lower edge of the type area in
    Word, WPS and LibreOffice alike, whatever fonts they have.
    """
    lines = [([run(word + "、".join(names) + "。")], element("ind", left=280 + 560, right=280, hanging=560))
             for word, names in (("报：", paper.reported_to), ("送：", paper.sent_to)) if names and form.official]
    printed = [run(paper.issuer or "　"), element("r", element("tab")), run(paper.signed_on + ("印发" if form.official else ""))]
    rows = [paragraph("Colophon", *content, properties=(indent,)) for content, indent in lines]
    rows.append(paragraph("Colophon", *printed, properties=(element("tabs", element("tab", val="right", pos=WIDTH - 280)),)))
    borders = element("tblBorders", *(element(side, val="single", sz=width, space=0, color="000000") for side, width in (("top", THICK), ("bottom", THICK), ("insideH", THIN))))
    properties = element("tblPr", element("tblW", w=WIDTH, type="dxa"), borders, element("tblLayout", type="fixed"),
                         element("tblCellMar", element("left", w=0, type="dxa"), element("right", w=0, type="dxa")))
    cells = (element("tr", element("trPr", element("cantSplit")), element("tc", element("tcPr", element("tcW", w=WIDTH, type="dxa")), line)) for line in rows)
    return element("tbl", properties, element("tblGrid", element("gridCol", w=WIDTH)), *cells)
