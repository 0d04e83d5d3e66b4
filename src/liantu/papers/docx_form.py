"""The official form of a paper (GB/T 9704-2012) and the plain English one: page, type area, fonts by name, styles.

Lengths are twips (1/20 point; 1 mm is 56.69). The type area is 156 × 225 mm: 22 lines of 28.95 pt, 28 characters of 16 − 0.25 pt.
The line pitch is 579 and not 580 because 22 × 580 would be 4 twips more than the type area holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from docx.oxml.ns import qn
from lxml import etree

from liantu.papers.docx_xml import element, fonts, size

MM = 1440 / 25.4
PAGE = (round(210 * MM), round(297 * MM))
TOP, BOTTOM, LEFT, RIGHT = (round(mm * MM) for mm in (37, 35, 28, 26))
WIDTH = PAGE[0] - LEFT - RIGHT
PITCH = 579
TIGHT = -5  # character spacing of −0.25 pt
CHARACTER = 315  # a character of 16 pt with its spacing
FOOTER = round(23 * MM)  # the page number then stands 7 mm below the type area
HEADER, LOWER = 850, 510  # the running head with the room below it ends where the type area begins, on a landscape page too
RED = "FF0000"

TITLE, SONG, FANG, KAI, HEI, LATIN = "方正小标宋_GBK", "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体", "Times New Roman"
ALTERNATIVES = {
    TITLE: ("方正小标宋简体", "华文中宋", "STZhongsong", "Noto Serif CJK SC", "roman"),
    FANG: ("仿宋", "FangSong", "华文仿宋", "Noto Serif CJK SC", "modern"),
    KAI: ("楷体", "KaiTi", "华文楷体", "Noto Serif CJK SC", "modern"),
    HEI: ("SimHei", "微软雅黑", "Noto Sans CJK SC", "swiss"),
    SONG: ("SimSun", "华文宋体", "Noto Serif CJK SC", "roman"),
}  # other names of the same face, then faces near to it; last the font family that Word falls back on


@dataclass(frozen=True)
class Style:
    """One paragraph style; lengths in twips, ``points`` the type size, ``line`` an exact line pitch (0: as the content needs)."""

    id: str
    name: str
    font: str = FANG
    points: float = 16
    align: str = "both"
    bold: bool = False
    colour: str = ""
    first: int = 0
    left: int = 0
    right: int = 0
    before: int = 0
    after: int = 0
    line: int = PITCH
    tight: int = TIGHT
    outline: int = -1
    grid: bool = True
    keep: bool = False


def _body(id: str, name: str, font: str = FANG, **more: int | bool | float) -> Style:
    return Style(id, name, font, first=2 * CHARACTER, **more)  # type: ignore[arg-type]


def _small(id: str, name: str, font: str = FANG, points: float = 10.5, align: str = "center", **more: int | bool | str) -> Style:
    return Style(id, name, font, points, align, line=360, tight=0, grid=False, **more)  # type: ignore[arg-type]


OFFICIAL_STYLES = (
    _body("Body", "公文正文"),
    Style("Mark", "标记", HEI),
    Style("Masthead", "发文机关标志", TITLE, 54, "center", colour=RED, before=1400, line=0, tight=0, grid=False),
    Style("IssueLine", "期数文号", align="center", before=PITCH),
    Style("HeadLine", "编发单位和日期", align="both", before=120),
    Style("PaperTitle", "公文标题", TITLE, 22, "center", line=680, tight=0, keep=True),
    _body("Heading1", "heading 1", HEI, outline=0, keep=True),
    _body("Heading2", "heading 2", KAI, outline=1, keep=True),
    _body("Heading3", "heading 3", outline=2, keep=True),
    _body("Heading4", "heading 4", outline=3, keep=True),
    Style("AttachmentNote", "附件说明", left=5 * CHARACTER),
    Style("Signature", "发文机关署名", align="right", before=PITCH, keep=True),
    Style("SignDate", "成文日期", align="right", right=4 * CHARACTER),
    Style("AttachmentMark", "附件标识", HEI, keep=True),
    Style("AttachmentTitle", "附件标题", TITLE, 22, "center", before=PITCH, after=PITCH, line=680, tight=0, keep=True),
    Style("Caption", "图表题", HEI, 12, "center", before=180, after=60, line=400, tight=0, grid=False, keep=True),
    Style("Picture", "图片", align="center", line=0, tight=0, grid=False),
    _small("TableHead", "表头", HEI, keep=True),
    _small("TableText", "表内文字", align="left"),
    _small("TableMiddle", "表内短字"),
    _small("TableNumber", "表内数字", align="right"),
    _small("TableNote", "表注", align="both", after=180),
    _small("Codes", "凭证号", align="left"),
    Style("Colophon", "版记", points=14, align="both", left=280, right=280, line=480, tight=0, grid=False),
    Style("PageNumber", "页码", SONG, 14, "right", line=0, tight=0, grid=False),
    Style("Running", "页眉", HEI, 9, "right", colour="7F7F7F", after=1000, line=240, tight=0, grid=False),
)


def _plain(style: Style) -> Style:
    """The same style for an English report: smaller type, no Chinese line grid."""
    sizes = {54.0: 24.0, 22.0: 16.0, 16.0: 11.0, 14.0: 10.0}
    points = sizes.get(float(style.points), style.points)
    heading = style.id.startswith("Heading") or style.id in ("PaperTitle", "AttachmentTitle", "Masthead", "Caption", "TableHead", "Mark", "AttachmentMark")
    line = 320 if style.line == PITCH else (440 if style.line == 680 else style.line)
    return Style(style.id, style.name, SONG if style.font != HEI else HEI, points, "left" if style.align == "both" else style.align, heading, "" if style.colour == RED else style.colour,
                 0, min(style.left, 280), min(style.right, 280), min(style.before, 240), 120 if style.id == "Body" else (style.after if style.id == "Running" else min(style.after, 240)), line, 0, style.outline, False, style.keep)


ENGLISH_STYLES = tuple(_plain(s) for s in OFFICIAL_STYLES)
_DIGITS = "零一二三四五六七八九十"


def chinese(number: int) -> str:
    """一, 十二, 二十三: the numerals of headings (1–99)."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones or not tens else "")


def official_number(counts: tuple[int, ...]) -> str:
    """一、 （一） 1. （1）: the last count in the numeral of its level."""
    last = counts[-1]
    return (f"{chinese(last)}、", f"（{chinese(last)}）", f"{last}.", f"（{last}）")[len(counts) - 1]


def plain_number(counts: tuple[int, ...]) -> str:
    """1, 1.2, 1.2.3, with a space behind."""
    return ".".join(str(c) for c in counts) + " "


@dataclass(frozen=True)
class Form:
    """How a language's papers look: styles, heading numbers, and whether the page has the official line grid."""

    styles: tuple[Style, ...]
    number: Callable[[tuple[int, ...]], str]
    official: bool

    def style(self, id: str) -> Style:
        return next(s for s in self.styles if s.id == id)


OFFICIAL, PLAIN = Form(OFFICIAL_STYLES, official_number, True), Form(ENGLISH_STYLES, plain_number, False)


def write_styles(root: etree._Element, form: Form) -> None:
    """Replace a document's styles: Normal is 3号仿宋 in the official form, and every other style says its own font."""
    for child in list(root):
        root.remove(child)
    base = form.style("Body")
    root.append(element("docDefaults", element("rPrDefault", element("rPr", fonts(LATIN, base.font), *size(base.points), element("lang", val="en-US", eastAsia="zh-CN"))),
                        element("pPrDefault", element("pPr", *_neat()))))
    normal = element("style", element("name", val="Normal"), element("qFormat"), _paragraph(Style("Normal", "Normal", tight=base.tight, line=base.line, grid=base.grid)),
                     _characters(Style("Normal", "Normal", base.font, base.points, tight=base.tight)), type="paragraph", styleId="Normal")
    normal.set(qn("w:default"), "1")
    root.append(normal)
    table = element("style", element("name", val="Normal Table"), element("tblPr", element("tblInd", w=0, type="dxa")), type="table", styleId="TableNormal")
    table.set(qn("w:default"), "1")
    root.append(table)
    for style in form.styles:
        root.append(element("style", element("name", val=style.name), element("basedOn", val="Normal"), element("qFormat"), _paragraph(style), _characters(style),
                            type="paragraph", styleId=style.id))


def _paragraph(style: Style) -> etree._Element:
    indent: dict[str, int] = {"left": style.left, "right": style.right, "firstLine": style.first}
    if style.first:
        indent["firstLineChars"] = 200
    spacing: dict[str, int | str] = {"before": style.before, "after": style.after, "line": style.line or 240, "lineRule": "exact" if style.line else "auto"}
    return element("pPr", element("keepNext") if style.keep else None, element("widowControl", val=0), *_neat(), None if style.grid else element("snapToGrid", val=0),
                   element("spacing", **spacing), element("ind", **indent), element("jc", val=style.align),
                   element("outlineLvl", val=style.outline) if style.outline >= 0 else None)


def _neat() -> tuple[etree._Element, ...]:
    """No punctuation outside the type area, no extra room between Chinese and Latin."""
    return element("overflowPunct", val=0), element("autoSpaceDE", val=0), element("autoSpaceDN", val=0)


def _characters(style: Style) -> etree._Element:
    return element("rPr", fonts(LATIN, style.font), element("b") if style.bold else None, element("color", val=style.colour) if style.colour else None,
                   element("spacing", val=style.tight), element("kern", val=0), *size(style.points))


def font_table() -> bytes:
    """The fonts by name with what stands near them: where a face is not installed, Word and WPS take the alternative."""
    root = element("fonts")
    for name, (*others, family) in ALTERNATIVES.items():
        root.append(element("font", element("altName", val=",".join(others)), element("charset", val="86"), element("family", val=family), element("pitch", val="variable"), name=name))
    root.append(element("font", element("altName", val="Liberation Serif"), element("charset", val="00"), element("family", val="roman"), element("pitch", val="variable"), name=LATIN))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def section(form: Form, kind: str, references: list[etree._Element], *, landscape: bool = False) -> etree._Element:
    """A section's page: A4 with the margins of the form; a landscape page is the same page turned, the binding edge on top."""
    width, height = (PAGE[1], PAGE[0]) if landscape else PAGE
    margins = {"top": LEFT, "bottom": RIGHT, "left": BOTTOM, "right": TOP} if landscape else {"top": TOP, "bottom": BOTTOM, "left": LEFT, "right": RIGHT}
    page = element("pgSz", w=width, h=height, **({"orient": "landscape"} if landscape else {}))
    edges = element("pgMar", **margins, header=HEADER - LOWER if landscape else HEADER, footer=round(FOOTER * (0.6 if landscape else 1)), gutter=0)
    grid = element("docGrid", type="lines", linePitch=PITCH) if form.official else None
    return element("sectPr", *[etree.fromstring(etree.tostring(r)) for r in references], element("type", val=kind), page, edges, element("cols", space=0), grid)
