"""The same content in all kinds of files."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal as D

import xlsxwriter

from tests.intake.cases_register import REV, A, B
from tests.intake.make_sheets import Block, good, text, xls, xlsx

COLUMNS = ("name", "uscc", "annual_figure.revenue")
ROWS = ((2, "甲机械有限公司", A, D(10)), (3, "乙电子有限公司", B, D("20.5")))
LINES = f"企业名称,信用代码,营业收入（万元）\n甲机械有限公司,{A},10\n乙电子有限公司,{B},20.5\n"
GRID = [["企业名称", "信用代码", "营业收入（万元）"], ["甲机械有限公司", A, 10], ["乙电子有限公司", B, 20.5]]

good("csv_gb18030", "名录.csv", lambda: text(LINES, "gb18030"), Block("名录", "enterprise", COLUMNS, ROWS), kind="csv")
good("csv_utf8", "名录.csv", lambda: text(LINES), Block("名录", "enterprise", COLUMNS, ROWS), kind="csv")
good("csv_bom_crlf", "名录.csv", lambda: text("\ufeff" + LINES.replace("\n", "\r\n")), Block("名录", "enterprise", COLUMNS, ROWS), kind="csv")
good("tab_utf16", "名录.txt", lambda: LINES.replace(",", "\t").encode("utf-16"), Block("名录", "enterprise", COLUMNS, ROWS), kind="csv")
good("tab_gb18030_as_xls", "名录.xls", lambda: LINES.replace(",", "\t").encode("gb18030"), Block("名录", "enterprise", COLUMNS, ROWS), kind="csv")
good("semicolons", "名录.csv", lambda: text(LINES.replace(",", ";")), Block("名录", "enterprise", COLUMNS, ROWS), kind="csv")
good("csv_rare_characters", "名录.csv", lambda: text(f"企业名称,信用代码\n䶮䲠有限公司,{A}\n㙍新材料有限公司,{B}\n", "gb18030"),
     Block("名录", "enterprise", ("name", "uscc"), ((2, "䶮䲠有限公司", A), (3, "㙍新材料有限公司", B))), kind="csv")
good("csv_text_codes_and_quotes", "名录.csv", lambda: text(f'企业名称,信用代码,营业收入（万元）\n"甲机械\n有限公司","=""{A}""","1,234.5"\n"乙""电子""有限公司",\'{B},\t20.5\n'),
     Block("名录", "enterprise", COLUMNS, ((2, "甲机械有限公司", A, D("1234.5")), (3, '乙"电子"有限公司', B, D("20.5")))), kind="csv")

good("html_gb2312", "导出.xls", lambda: text(f"""
<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><body>
<table border=1><tr><td colspan=3>企业名录</td></tr><tr><th rowspan=2>企业名称</th><th rowspan=2>信用代码</th><th>指标</th></tr><tr><th>营业收入<br>（万元）</th></tr>
<tr><td>甲机械有限公司</td><td>{A}</td><td>10</td></tr><tr><td>乙电子有限公司&nbsp;</td><td>{B}</td><td>20.5</td></tr></table></body></html>""", "gb2312"),
     Block("导出", "enterprise", COLUMNS, ((4, "甲机械有限公司", A, D(10)), (5, "乙电子有限公司", B, D("20.5")))), kind="html")

good("xml_2003", "导出.xls", lambda: text(f"""
<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="名录"><Table>
<Row><Cell><Data ss:Type="String">企业名称</Data></Cell><Cell><Data ss:Type="String">信用代码</Data></Cell><Cell ss:Index="4"><Data ss:Type="String">营业收入（万元）</Data></Cell></Row>
<Row ss:Index="3"><Cell><Data ss:Type="String">甲机械有限公司</Data></Cell><Cell><Data ss:Type="String">{A}</Data></Cell><Cell ss:Index="4"><Data ss:Type="Number">10</Data></Cell></Row>
</Table></Worksheet></Workbook>"""), Block("名录", "enterprise", COLUMNS, ((3, "甲机械有限公司", A, D(10)),)), kind="html")

OLD = [["2024年企业名录"], ["企业名称", "信用代码", "成立日期", "营业收入（千元）", "研发强度"], ["甲机械有限公司", A, date(2016, 5, 4), 100, 0.035], ["乙电子有限公司", B, date(2018, 1, 2), 205.5, 0.2]]
OLD_BLOCK = Block("名录", "enterprise", ("name", "uscc", "established_on", REV, "rd_share", "annual_figure.year"), (
    (3, "甲机械有限公司", A, date(2016, 5, 4), D(10), D("0.035"), 2024), (4, "乙电子有限公司", B, date(2018, 1, 2), D("20.55"), D("0.2"), 2024)))
STYLES = {(2, 2): "yyyy-mm-dd", (3, 2): "yyyy-mm-dd", (2, 4): "0.0%", (3, 4): "0.0%"}
good("xls", "名录.xls", lambda: xls({"名录": OLD}, merged=[(0, 0, 0, 4)], styles=STYLES), OLD_BLOCK, kind="xls")
good("et", "名录.et", lambda: xls({"名录": OLD}, merged=[(0, 0, 0, 4)], styles=STYLES), OLD_BLOCK, kind="xls")


def with_macro() -> bytes:
    """A workbook with a macro part."""
    out = io.BytesIO(xlsx({"Sheet1": GRID}))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0" + b"\0" * 64)
    return out.getvalue()


good("xlsm", "名录.xlsm", with_macro, Block("Sheet1", "enterprise", COLUMNS, ROWS), problems="macros-ignored@")
good("wrong_ending", "名录.csv", lambda: xlsx({"Sheet1": GRID}), Block("Sheet1", "enterprise", COLUMNS, ROWS))


def stored_results() -> bytes:
    """Formulas whose results are stored, one error among them, a total by formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("名录")
    sheet.write_row(0, 0, GRID[0])
    sheet.write_row(1, 0, ["甲机械有限公司", A])
    sheet.write_formula(1, 2, "=5+5", None, 10)
    sheet.write_row(2, 0, ["乙电子有限公司", B])
    sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    sheet.write_row(3, 0, ["合计"])
    sheet.write_formula(3, 2, "=SUM(C2:C3)", None, "#DIV/0!")
    book.close()
    return out.getvalue()


good("stored_results", "名录.xlsx", stored_results, Block("名录", "enterprise", COLUMNS, ((2, "甲机械有限公司", A, D(10)), (3, "乙电子有限公司", B, None))),
     problems="cell-error@C3 total-row@A4")
