"""The annex 数据来源与凭证: each figure of the paper with its rule, its mark, its edition and the code that leads back to the cell."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from liantu.kernel.edition import Edition
from liantu.kernel.passport import passport_id
from liantu.papers.blocks import Figure, Grid
from liantu.papers.docx_form import WIDTH, Form
from liantu.papers.docx_table import grid_rows, table
from liantu.papers.docx_xml import element, paragraph, run

WORDS = {
    "zh": {"title": "数据来源与凭证", "maps": "附图", "figures": "一、正文各数的凭证", "tables": "二、表中各行的凭证", "no": "序号", "text": "数值", "what": "指标", "basis": "依据", "verified": "核实", "code": "凭证号",
           "head": "下列各数取自{label}，按在文中出现的次序排列。", "table": "表{n}《{title}》（{output}）各行凭证号：", "none": "正文没有引用数据。",
           "marks": "“依据”栏：官方，指按上级规定的规则计算；本地，指按本区规定的规则计算；liantu 默认，指尚无官方或本地规则，按软件默认规则计算；空，指直接汇总，不涉及规则。“核实”栏：已核，指有人核对过；待核，指尚未核对；空，指该数由多行汇总。",
           "how": "核对方法：在系统“凭证查询”中输入凭证号，或执行命令 liantu why 凭证号，不需联网，即可看到该数的公式、规则、来源行、批次、文件、工作表和单元格。本文件的电子版中，每个数都是一个内容控件，其“标记”就是凭证号。",
           "scan": "扫码核对：{what}（{id}）"},
    "en": {"title": "Sources and passports", "maps": "Map", "figures": "1 Figures of the text", "tables": "2 Rows of the tables", "no": "No.", "text": "Figure", "what": "What it is", "basis": "Rule", "verified": "Checked", "code": "Passport",
           "head": "All figures come from {label}, in the order of the text.", "table": "Table {n}, {title} ({output}), row by row: ", "none": "The text quotes no figures.",
           "marks": "Rule: official, local, or liantu default (no official or local rule is known); empty: added up from records without a rule. Checked: a person has checked it, or it is still to be verified; empty: added up from many rows.",
           "how": "To check a figure, enter its passport in the system or run liantu why PASSPORT. It works offline and shows formula, rules, source rows, batch, file, sheet and cell. In the electronic file each number is a content control whose tag is its passport.",
           "scan": "To check: {what} ({id})"},
}
COLUMNS = (0.07, 0.15, 0.3, 0.14, 0.09, 0.25)  # parts of the width


def words(form: Form) -> dict[str, str]:
    return WORDS["zh" if form.official else "en"]


def annex(figures: Sequence[Figure], grids: Sequence[Grid], edition: Edition, form: Form) -> list[etree._Element]:
    """The annex's text and tables, without its head."""
    say = words(form)
    made = [paragraph("Body", run(say["head"].format(label=edition.label("zh" if form.official else "en"))))]
    made.append(paragraph("Heading1", run(say["figures"])))
    made.append(_figures(figures, edition, form) if figures else paragraph("Body", run(say["none"])))
    if any(grid_rows(g) for g in grids):
        made += [paragraph("TableNote"), paragraph("Heading1", run(say["tables"]))]
    for at, grid in enumerate(grids, start=1):
        codes = [f"{n}\u00a0{passport_id(grid.result.output.name, grid.result.key_of(row), grid.result.edition.number)}" for n, row in enumerate(grid_rows(grid), start=1)]
        if codes:
            lead = say["table"].format(n=at, title=grid.title, output=grid.result.output.zh if form.official else grid.result.output.en)
            made.append(paragraph("Codes", run(lead + ("；".join(codes) if form.official else "; ".join(codes)))))
    return made


def _figures(figures: Sequence[Figure], edition: Edition, form: Form) -> etree._Element:
    say = words(form)
    rows = [[[run(cell)] for cell in (str(n), f.text, _what(f, edition, form), f.basis, f.verified, f.id)] for n, f in enumerate(figures, start=1)]
    columns = [round(WIDTH * part) for part in COLUMNS]
    columns[2] += WIDTH - sum(columns)
    return table([say[h] for h in ("no", "text", "what", "basis", "verified", "code")], rows, columns, ["TableMiddle", "TableMiddle", "TableText", "TableMiddle", "TableMiddle", "TableMiddle"])


def _what(figure: Figure, edition: Edition, form: Form) -> str:
    """What the figure is and of what; figures of another edition say which."""
    other = f"（版次 {figure.edition}）" if form.official else f" (edition {figure.edition})"
    told = " · ".join(p for p in (figure.about, figure.label) if p)
    return told + (other if figure.edition and figure.edition != edition.number else "")


def last_page(form: Form, main: Figure | None, drawing: etree._Element | None) -> list[etree._Element]:
    """How to check a figure, what the marks mean, and the QR code of the main figure (``drawing``)."""
    say = words(form)
    made = [paragraph("Body", run(say["how"])), paragraph("Body", run(say["marks"]))]
    if main is not None and drawing is not None:
        told = " · ".join(p for p in (main.about, main.label, main.text) if p)
        made += [paragraph("Picture", element("r", drawing)), paragraph("TableNote", run(say["scan"].format(what=told, id=main.id)), properties=(element("jc", val="center"),))]
    return made
