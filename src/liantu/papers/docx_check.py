"""Is a docx in the form of GB/T 9704-2012? An independent reading of its XML: page, line grid, type by role, numbering, page numbers, tables, colophon.

It shares nothing with the writer but the standard: 版心 156 × 225 mm, 22 lines of 28 characters, 天头 37 mm, 订口 28 mm.
Papers in English take a plain report form and are not checked here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from liantu.papers.docx_read import Docx, Line, W, own, text_of

MM = 1440 / 25.4
PORTRAIT = {"top": 37, "bottom": 35, "left": 28, "right": 26}
LANDSCAPE = {"top": 28, "bottom": 26, "left": 35, "right": 37}
LINES, CHARACTERS, TEXT = 22, 28, 16
SMALL_LINE = 360  # 18 pt, in tables
FONTS = {"小标宋": ("方正小标宋",), "仿宋": ("仿宋",), "楷体": ("楷体",), "黑体": ("黑体",), "宋体": ("宋体",)}
LEVELS = ((re.compile(r"^([一二三四五六七八九十]+)、"), "黑体"), (re.compile(r"^（([一二三四五六七八九十]+)）"), "楷体"),
          (re.compile(r"^(\d+)[.．](?!\d)"), "仿宋"), (re.compile(r"^（(\d+)）"), "仿宋"))
ATTACHMENT = re.compile(r"^附件\d*$")
NUMBER = re.compile(r"[\[［【(（](?:19|20)\d{2}[\]］】)）]\s*第?\d+号|〔(?:19|20)\d{2}〕\s*(?:第|0)\d*号")
CHINESE_DAY = re.compile(r"[〇○零一二三四五六七八九]{4}年|[一二三四五六七八九十]+月[一二三四五六七八九十]+日|\d{4}年0\d月|\d月0\d日")
_NUMERALS = "零一二三四五六七八九十"


def check(data: bytes) -> list[str]:
    """All departures from the form, each led by its rule's name (页边距：…); empty when there is none."""
    return [f"{name}：{fault}" for name, rule in RULES.items() for fault in dict.fromkeys(rule(Docx(data)))]


def _parts(docx: Docx) -> tuple[list[Line], list[Line], list[Line]]:
    """(head, text, attachments): what stands before and under the red rule, the text, and all from the first 附件 mark on."""
    lines = [line for line in docx.lines() if line.text.strip() or _border(line)]
    first = next((at for at, line in enumerate(lines) if ATTACHMENT.match(line.text)), len(lines))
    rule = next((at + 1 for at, line in enumerate(lines[:first]) if _border(line)), 0)
    end = rule
    while end < first and lines[end].align == "center" and not _level(lines[end]):
        end += 1
    return lines[:end], lines[end:first], lines[first:]


def _border(line: Line) -> bool:
    return line.xml.find(f"{W}pPr/{W}pBdr/{W}bottom") is not None


def _level(line: Line) -> int:
    return next((at for at, (pattern, _) in enumerate(LEVELS, start=1) if pattern.match(line.text)), 0)


def _is(line: Line, face: str, points: float) -> bool:
    return any(name in line.font for name in FONTS[face]) and not (face == "宋体" and "小标" in line.font) and abs(line.points - points) < 0.01


def _told(line: Line) -> str:
    return f"“{line.text[:12]}”看到{line.font or '（无）'} {line.points:g} 磅"


def _paper(docx: Docx) -> Iterator[str]:
    for at, section in enumerate(docx.sections, start=1):
        short, long_ = sorted((section.length("pgSz", "w"), section.length("pgSz", "h")))
        if abs(short - 210 * MM) > MM or abs(long_ - 297 * MM) > MM:
            yield f"第{at}节纸张 {short / MM:.0f}×{long_ / MM:.0f} mm，应为 A4（210×297 mm）"


def _margins(docx: Docx) -> Iterator[str]:
    for at, section in enumerate(docx.sections, start=1):
        for side, wanted in (LANDSCAPE if section.landscape else PORTRAIT).items():
            seen = section.length("pgMar", side) / MM
            if abs(seen - wanted) > 0.5:
                yield f"第{at}节 {side} 边距 {seen:.1f} mm，应为 {wanted} mm"


def _grid(docx: Docx) -> Iterator[str]:
    _, text, _ = _parts(docx)
    for at, section in enumerate(docx.sections, start=1):
        if section.landscape:
            continue
        pitch = section.length("docGrid", "linePitch")
        height = section.length("pgSz", "h") - PORTRAIT["top"] * MM - PORTRAIT["bottom"] * MM
        if section.word("docGrid", "type") not in ("lines", "linesAndChars") or not pitch or int(height / pitch) != LINES:
            yield f"第{at}节每页 {int(height / pitch) if pitch else '不定'} 行，应为 {LINES} 行"
    width = (210 - PORTRAIT["left"] - PORTRAIT["right"]) * MM / 20
    for line in text:
        if line.points == TEXT and line.align in ("both", "left") and int(width / (TEXT + line.tight)) != CHARACTERS:
            yield f"“{line.text[:12]}”每行 {int(width / (TEXT + line.tight))} 字，应为 {CHARACTERS} 字"


def _pitch(docx: Docx) -> Iterator[str]:
    """Lines of the text are as far apart as the grid; 1.5 lines are not the form."""
    head, text, attachments = _parts(docx)
    height = (297 - PORTRAIT["top"] - PORTRAIT["bottom"]) * MM
    for line in (*text, *attachments):
        spacing = line.about.get("spacing", {})
        if spacing.get("lineRule", "auto") == "auto" and int(spacing.get("line", 240)) > 240:
            yield f"“{line.text[:12]}”行距 {int(spacing['line']) / 240:g} 倍，应为固定行距"
        elif line in text and line.points == TEXT and line.exact and int(height / line.exact) != LINES:
            yield f"“{line.text[:12]}”行距 {line.exact / 20:.2f} 磅，应为 {height / LINES / 20:.2f} 磅"


def _faces(docx: Docx) -> Iterator[str]:
    head, text, attachments = _parts(docx)
    under = False
    for line in head:
        under = under or _border(line)
        if under and line.align == "center" and not _is(line, "小标宋", 22):
            yield f"标题应为2号小标宋，{_told(line)}"
    for line in text:
        level = _level(line)
        if level and not _is(line, LEVELS[level - 1][1], TEXT):
            yield f"第{level}层标题应为3号{LEVELS[level - 1][1]}，{_told(line)}"
        elif not level and not _aside(line) and not _is(line, "仿宋", TEXT):
            yield f"正文应为3号仿宋，{_told(line)}"
    for line in attachments:
        if ATTACHMENT.match(line.text) and not _is(line, "黑体", TEXT):
            yield f"“附件”二字应为3号黑体，{_told(line)}"


def _aside(line: Line) -> bool:
    """Captions, notes under a table and the like, which have no place in the text's type: told by where they stand."""
    before, after = line.xml.getprevious(), line.xml.getnext()
    caption = bool(re.match(r"^[表图]\d+　", line.text)) and line.align == "center"
    note = before is not None and (before.tag == W + "tbl" or (re.match(r"^表\d+　", text_of(before)) is not None and line.align == "center"))
    return caption or (note and line.points < TEXT and (line.text.startswith("注：") or after is None or line.align == "center"))


def _red(docx: Docx) -> Iterator[str]:
    head, _, _ = _parts(docx)
    before = [line for line in head if line.points > 22 and line.align == "center"]
    if not before:
        yield "没有发文机关标志"
    for line in before:
        if line.colour != "FF0000":
            yield f"“{line.text}”应为红色，看到 {line.colour or '自动'}"
        if "小标宋" not in line.font:
            yield f"“{line.text}”应为小标宋，看到{line.font}"
    for line in head:
        rule = line.xml.find(f"{W}pPr/{W}pBdr/{W}bottom")
        if rule is not None and rule.get(W + "color", "").upper() != "FF0000":
            yield "版头分隔线应为红色"


def _numbering(docx: Docx) -> Iterator[str]:
    """Levels in their order, none skipped, each counting from one."""
    _, text, attachments = _parts(docx)
    counts: list[int] = []
    listed = next((at for at, line in enumerate(text) if line.text.startswith("附件：")), len(text))
    for line in (*text[:listed], *attachments):
        if ATTACHMENT.match(line.text):
            counts = []
        level = _level(line)
        if not level:
            continue
        if level > len(counts) + 1:
            yield f"“{line.text[:12]}”跳级：上面只到第{len(counts)}层"
        found = LEVELS[level - 1][0].match(line.text)
        number = _value(found.group(1)) if found else 0
        wanted = (counts[level - 1] if len(counts) >= level else 0) + 1
        if number != wanted and level <= len(counts) + 1:
            yield f"“{line.text[:12]}”序号应为第{wanted}个，看到第{number}个"
        counts = [*counts[:level - 1], *([0] * (level - 1 - len(counts))), number]


def _value(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral)
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return _NUMERALS.index(tens)
    return (_NUMERALS.index(tens) if tens else 1) * 10 + (_NUMERALS.index(ones) if ones else 0)


def _page_numbers(docx: Docx) -> Iterator[str]:
    if docx.settings.find(W + "evenAndOddHeaders") is None:
        yield "单双页页码应分设"
    for at, section in enumerate(docx.sections, start=1):
        for kind, side in (("default", "right"), ("even", "left")):
            footer = section.footers.get(kind)
            lines = [docx.line(p) for p in footer.iter(W + "p")] if footer is not None else []
            found = next((line for line in lines if any("PAGE" in (i.text or "") for i in line.xml.iter(W + "instrText"))), None)
            where = f"第{at}节{'单' if kind == 'default' else '双'}页"
            if found is None:
                yield f"{where}没有页码"
                continue
            if not re.fullmatch(r"— \d+ —", found.text):
                yield f"{where}页码应为“— 1 —”，看到“{found.text}”"
            if found.align != side or found.length("ind", side) < 200:
                yield f"{where}页码应居{'右' if side == 'right' else '左'}空一字"
            if not _is(found, "宋体", 14):
                yield f"{where}页码应为4号宋体，{_told(found)}"


def _tables(docx: Docx) -> Iterator[str]:
    for at, found in enumerate(docx.tables(), start=1):
        rows = found.findall(W + "tr")
        if rows and rows[0].find(f"{W}trPr/{W}tblHeader") is None:
            yield f"第{at}个表的表头不能跨页重复"
        if any(r.find(f"{W}trPr/{W}cantSplit") is None for r in rows):
            yield f"第{at}个表有行会跨页断开"
        width = sum(int(c.get(W + "w", "0")) for c in found.iter(W + "gridCol"))
        if width > 156.5 * MM:
            yield f"第{at}个表宽 {width / MM:.0f} mm，超出版心 156 mm"
        for line in (docx.line(p) for p in found.iter(W + "p")):
            if line.exact != SMALL_LINE:
                yield f"第{at}个表行距应为固定 18 磅"
            if line.about.get("snapToGrid", {}).get("val") != "0":
                yield f"第{at}个表内文字不应对齐行网格"


def _colophon(docx: Docx) -> Iterator[str]:
    last = docx.sections[-1]
    if last.word("type", "val") != "evenPage":
        yield "版记所在的最后一页应为双页"
    for at, section in enumerate(docx.sections):
        for kind, footer in section.footers.items():
            rules = footer.find(W + "tbl")
            if at < len(docx.sections) - 1:
                if rules is not None:
                    yield "版记只应在最后一页"
                continue
            if rules is None:
                yield f"最后一页（{kind}）没有版记"
                continue
            yield from _colophon_form(docx, rules)


def _colophon_form(docx: Docx, rules: etree._Element) -> Iterator[str]:
    borders = own(rules.find(f"{W}tblPr/{W}tblBorders"))
    if any(int(borders.get(side, {}).get("sz", "0")) < 8 for side in ("top", "bottom")):
        yield "版记首末分隔线应为粗线（0.35 mm）"
    if len(rules.findall(W + "tr")) > 1 and not 4 <= int(borders.get("insideH", {}).get("sz", "0")) < 8:
        yield "版记中间的分隔线应为细线（0.25 mm）"
    lines = [docx.line(p) for p in rules.iter(W + "p")]
    for line in lines:
        if not _is(line, "仿宋", 14):
            yield f"版记应为4号仿宋，{_told(line)}"
    if not lines or not re.search(r"\d{4}年\d{1,2}月\d{1,2}日印发$", lines[-1].text):
        yield "版记末行应有印发日期"


def _document_number(docx: Docx) -> Iterator[str]:
    """The paper's own number; what the text quotes is as its source wrote it."""
    head, _, _ = _parts(docx)
    for line in head:
        found = NUMBER.search(line.text)
        if found:
            yield f"“{found.group()}”应写作〔2026〕12号：六角括号、不编虚位、不加“第”"


def _days(docx: Docx) -> Iterator[str]:
    """The day in the head, at the signature and in the colophon."""
    head, text, _ = _parts(docx)
    footers = (docx.line(p) for s in docx.sections for f in s.footers.values() for p in f.iter(W + "p"))
    for line in (*head, *(line for line in text if line.align == "right"), *footers):
        found = CHINESE_DAY.search(line.text)
        if found:
            yield f"“{found.group()}”应使用阿拉伯数字，月日不编虚位"


def _attachments(docx: Docx) -> Iterator[str]:
    _, text, attachments = _parts(docx)
    start = next((at for at, line in enumerate(text) if line.text.startswith("附件：")), None)
    marks = [line.text for line in attachments if ATTACHMENT.match(line.text)]
    if start is None:
        if marks:
            yield "正文下没有附件说明"
        return
    listed = [re.sub(r"^附件：", "", text[start].text), *(line.text for line in text[start + 1:] if re.match(r"^\d+\.", line.text))]
    if len(listed) != len(marks):
        yield f"附件说明列了 {len(listed)} 个，后附 {len(marks)} 个"
    if any(re.search(r"[。；，、》]$", name) for name in listed):
        yield "附件名称后不加标点"


RULES: dict[str, Callable[[Docx], Iterator[str]]] = {
    "纸张": _paper, "页边距": _margins, "行数字数": _grid, "行距": _pitch, "字体字号": _faces, "版头": _red, "层次序数": _numbering, "页码": _page_numbers,
    "表格": _tables, "版记": _colophon, "发文字号": _document_number, "日期": _days, "附件": _attachments}
