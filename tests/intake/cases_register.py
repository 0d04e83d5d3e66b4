"""Registers of firms: headers, totals, townships, codes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

from tests.intake.make_sheets import Block, good, xlsx

A, B, C, E = "91330109MA2AX0018Y", "91330109MA2BC11216", "913301097042188334", "91330109580312077F"
REV = "annual_figure.revenue"
YEAR = "annual_figure.year"

good("plain_register", "企业名录.xlsx", lambda: xlsx({"Sheet1": [
    ["统一社会信用代码", "企业名称", "行业代码", "注册资本（万元）", "成立日期"],
    [A, "临江精密机械有限公司", "3484", 1000, date(2016, 5, 4)],
    [B, "临江汽车零部件有限公司", "3670", 550.5, date(2018, 11, 30)],
]}), Block("Sheet1", "enterprise", ("uscc", "name", "industry_code", "capital", "established_on"), (
    (2, A, "临江精密机械有限公司", "3484", D(1000), date(2016, 5, 4)),
    (3, B, "临江汽车零部件有限公司", "3670", D("550.5"), date(2018, 11, 30)))))

good("title_corner_thousand", "规上企业一览.xlsx", lambda: xlsx({"Sheet1": [
    ["2025年规上企业名录"], [None, None, None, None, "单位：千元"],
    ["序号", "单位详细名称", "社会信用代码", "规模", "营业收入"],
    [1, "甲机械有限公司", A, "中型", 12345], [2, "乙电子有限公司", B, "小", 80]]}, merged={"Sheet1": ["A1:E1"]}),
     Block("Sheet1", "enterprise", ("name", "uscc", "size_class", REV, YEAR), (
         (4, "甲机械有限公司", A, "medium", D("1234.5"), 2025), (5, "乙电子有限公司", B, "small", D(8), 2025))))

good("two_row_header", "企业情况.xlsx", lambda: xlsx({"汇总": [
    ["企业基本情况表"],
    ["企业名称", "统一社会信用代码", "经营指标", None, None],
    [None, None, "营业收入（万元）", "税收（万元）", "从业人数（人）"],
    ["甲机械有限公司", A, 100, 5.5, 20], ["乙电子有限公司", B, 200, 6, 30]]},
    merged={"汇总": ["A1:E1", "A2:A3", "B2:B3", "C2:E2"]}),
     Block("汇总", "enterprise", ("name", "uscc", REV, "annual_figure.tax", "annual_figure.employees"), (
         (4, "甲机械有限公司", A, D(100), D("5.5"), 20), (5, "乙电子有限公司", B, D(200), D(6), 30))))

good("three_row_header", "企业情况2024.xlsx", lambda: xlsx({"Sheet1": [
    ["2024年度企业基本情况", None, None, None, None, None],
    ["序号", "企业", "代码", "2024年", None, None],
    [None, None, None, "效益", None, "要素"],
    [None, None, "信用代码", "营业收入（亿元）", "税收（万元）", "用电量（万千瓦时）"],
    [1, "甲机械有限公司", A, 1.25, 300, 45.6], [2, "乙电子有限公司", B, 0.08, 12, 3]]},
    merged={"Sheet1": ["A1:F1", "A2:A4", "B2:B4", "C2:C3", "D2:F2", "D3:E3"]}),
     Block("Sheet1", "enterprise", ("name", "uscc", REV, "annual_figure.tax", "annual_figure.power_kwh", YEAR), (
         (5, "甲机械有限公司", A, D(12500), D(300), D(456000), 2024), (6, "乙电子有限公司", B, D(800), D(12), D(30000), 2024))))

good("townships", "各乡镇企业名录.xlsx", lambda: xlsx({
    "城东街道": [["企业名称", "信用代码"], ["甲机械有限公司", A], ["乙电子有限公司", B]],
    "云溪镇": [["企业名称", "信用代码"], ["丙食品有限公司", C]],
    "填表说明": [["本表由各乡镇填报，每月5日前报送。"], ["不明之处请联系工信局。"]]}),
     Block("城东街道", "enterprise", ("name", "uscc", "park"), ((2, "甲机械有限公司", A, "城东街道"), (3, "乙电子有限公司", B, "城东街道"))),
     Block("云溪镇", "enterprise", ("name", "uscc", "park"), ((2, "丙食品有限公司", C, "云溪镇"),)),
     problems="sheet-unread@填表说明!", skipped=("填表说明",))

good("townships_short_names", "名录.xlsx", lambda: xlsx({
    "城东": [["企业名称", "信用代码"], ["甲机械有限公司", A]], "城西": [["企业名称", "信用代码"], ["丙食品有限公司", C]]}),
     Block("城东", "enterprise", ("name", "uscc", "park"), ((2, "甲机械有限公司", A, "城东"),)),
     Block("城西", "enterprise", ("name", "uscc", "park"), ((2, "丙食品有限公司", C, "城西"),)))

good("total_right", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码", "营业收入（万元）", "从业人数"],
    ["甲机械有限公司", A, 100.5, 10], ["乙电子有限公司", B, 200.25, 20], ["合  计", None, 300.75, 30]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", REV, "annual_figure.employees"), (
         (2, "甲机械有限公司", A, D("100.5"), 10), (3, "乙电子有限公司", B, D("200.25"), 20))), problems="total-row@A4")

good("total_wrong", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["序号", "企业名称", "信用代码", "营业收入（万元）", "从业人数"],
    [1, "甲机械有限公司", A, 100.5, 10], [2, "乙电子有限公司", B, 200.25, 20], ["合计", None, None, 310.75, 31]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", REV, "annual_figure.employees"), (
         (2, "甲机械有限公司", A, D("100.5"), 10), (3, "乙电子有限公司", B, D("200.25"), 20))),
     problems="total-row@A4 total-mismatch@D4 total-mismatch@E4")

good("total_first_rounded", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码", "营业收入（万元）"], ["总计", None, 66.7], ["其中：规模以上", None, 33.33], ["甲机械有限公司", A, 33.33], ["乙电子有限公司", B, 33.34]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", REV), ((4, "甲机械有限公司", A, D("33.33")), (5, "乙电子有限公司", B, D("33.34")))),
     problems="total-row@A2 total-row@A3 total-mismatch@C2")

good("subtotals", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["乡镇", "企业名称", "信用代码", "税收（万元）"],
    ["城东街道", "甲机械有限公司", A, 10], [None, "乙电子有限公司", B, 20], ["小计", None, None, 30],
    ["云溪镇", "丙食品有限公司", C, 7], ["小计", None, None, 8], ["合计", None, None, 37]]}, merged={"Sheet1": ["A2:A3"]}),
     Block("Sheet1", "enterprise", ("park", "name", "uscc", "annual_figure.tax"), (
         (2, "城东街道", "甲机械有限公司", A, D(10)), (3, "城东街道", "乙电子有限公司", B, D(20)), (5, "云溪镇", "丙食品有限公司", C, D(7)))),
     problems="total-row@A4 total-row@A6 total-row@A7 total-mismatch@D6")

good("notes_below", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码", "税收（万元）"], ["甲机械有限公司", A, 10], ["乙电子有限公司", B, 20], [],
    ["注：1.税收为入库数，不含关税。"], ["2.本表数据为初步统计，以年报为准。"], ["填表人：张某", "审核人：李某", "填报日期：2025年4月10日"]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", "annual_figure.tax"), ((2, "甲机械有限公司", A, D(10)), (3, "乙电子有限公司", B, D(20)))),
     problems="note-row@A5 note-row@A6 note-row@A7")

good("uscc_slips", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "统一社会信用代码"],
    ["甲机械有限公司", "91330109ma2ax0018y"], ["乙电子有限公司", " 9133 0109 MA2B C112 16"], ["丙食品有限公司", "９１３３０１０９７０４２１８８３３４"],
    ["丁医药有限公司", "913301O9580312O77F"], ["戊化工有限公司", "'91330109609123457G"], ["己纺织有限公司", "9I330I097321008679"]]}),
     Block("Sheet1", "enterprise", ("name", "uscc"), (
         (2, "甲机械有限公司", A), (3, "乙电子有限公司", B), (4, "丙食品有限公司", C), (5, "丁医药有限公司", E), (6, "戊化工有限公司", "91330109609123457G"),
         (7, "己纺织有限公司", "913301097321008679"))), problems="uscc-fixed@B5 uscc-fixed@B7")

good("uscc_numbers", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "统一社会信用代码"],
    ["丙食品有限公司", 913301097042188000.0], ["庚光学有限公司", "9.1330109704E+17"], ["辛材料有限公司", "913301097042193000"], ["甲机械有限公司", A]]}),
     Block("Sheet1", "enterprise", ("name", "uscc"), ((2, "丙食品有限公司", None), (3, "庚光学有限公司", None), (4, "辛材料有限公司", None), (5, "甲机械有限公司", A))),
     problems="uscc-damaged@B2 uscc-number@B3 uscc-damaged@B4")

good("uscc_wrong", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "统一社会信用代码"],
    ["甲机械有限公司", "91330109MA2AX0019Y"], ["乙电子有限公司", "91330109MA2BC1121"], ["丙食品有限公司", "91330109704218830T"], ["丁医药有限公司", "9133010958031207ZF"],
    ["戊化工有限公司", "330109000012345"], ["己纺织有限公司", "待办"]]}),
     Block("Sheet1", "enterprise", ("name", "uscc"), (
         (2, "甲机械有限公司", None), (3, "乙电子有限公司", None), (4, "丙食品有限公司", "91330109704218830T"), (5, "丁医药有限公司", None), (6, "戊化工有限公司", None),
         (7, "己纺织有限公司", None))),
     problems="uscc-check@B2 uscc-length@B3 uscc-inner@B4 uscc-character@B5 uscc-length@B6 uscc-length@B7")

good("names", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码"],
    [" 临江(集团) 有限公司 ", A], ["临江\u200b精密﹙中国﹚有限公司", B], ["丙食品厂（停产）", C], ["丁医药有限公司（原临江制药厂）", E]]}),
     Block("Sheet1", "enterprise", ("name", "uscc"), (
         (2, "临江（集团）有限公司", A), (3, "临江精密（中国）有限公司", B), (4, "丙食品厂", C), (5, "丁医药有限公司", E))),
     problems="name-note@A4 name-note@A5")

good("content_without_header", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["2025年企业名录"], ["序号", None, None, "行业代码", "联系人"],
    [1, "甲机械有限公司", A, "3484", "张某"], [2, "乙电子有限公司", B, "3970", "李某"], [3, "丙食品厂", C, "1353", "王某"]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", "industry_code"), (
         (3, "甲机械有限公司", A, "3484"), (4, "乙电子有限公司", B, "3970"), (5, "丙食品厂", C, "1353"))))

good("fuzzy_headers", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["*企业名称：", "统一社会信用代码证", "国民经济行业代码号", "经营 范围", "联系电话"],
    ["甲机械有限公司", A, 3484, "一般项目：机械零部件制造", "0571-1234567"]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", "industry_code", "scope"), ((2, "甲机械有限公司", A, "3484", "一般项目：机械零部件制造"),)))

good("column_twice", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码", "公司名称", "税收（万元）"], ["甲机械有限公司", A, "甲机械公司", 3], ["乙电子有限公司", B, "乙电子公司", 4]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", "annual_figure.tax"), ((2, "甲机械有限公司", A, D(3)), (3, "乙电子有限公司", B, D(4)))),
     problems="column-twice@C1")

good("two_years_in_headers", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码", "2023年营业收入（万元）", "2024年营业收入（万元）"], ["甲机械有限公司", A, 10, 11], ["乙电子有限公司", B, None, 22]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", YEAR, REV), (
         (2, "甲机械有限公司", A, 2023, D(10)), (2, "甲机械有限公司", A, 2024, D(11)), (3, "乙电子有限公司", B, 2024, D(22)))))

good("one_year_in_header", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码", "2024年营业收入（万元）", "联系人"], ["甲机械有限公司", A, 10, "张某"]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", REV, YEAR), ((2, "甲机械有限公司", A, D(10), 2024),)))

good("correction_by_person", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码", "开票数（万元）", "税收（万元）"], ["甲机械有限公司", A, 10, 3]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", REV), ((2, "甲机械有限公司", A, D(10)),)),
     corrections={"Sheet1": {"开票数（万元）": REV, "D": None}})

good("remembered_by_person", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码", "2025年3月开票数（千元）"], ["甲机械有限公司", A, 100]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", REV), ((2, "甲机械有限公司", A, D(10)),)),
     memory={"enterprise": {"开票数": REV}})

good("year_in_group_header", "规上企业名录_202610.xlsx", lambda: xlsx({"Sheet1": [
    ["规上企业名录"], ["统计局 2026年10月"], [None, None, None, "单位：万元、人"], ["序号", "单位详细名称", "信用代码", "2025年主要指标", None, "联系人"], [None, None, None, "营业收入", "从业人员", None],
    [1, "甲机械有限公司", A, 100, 5, "张某"]]}, merged={"Sheet1": ["A1:F1", "A4:A5", "B4:B5", "C4:C5", "D4:E4", "F4:F5"]}),
     Block("Sheet1", "enterprise", ("name", "uscc", REV, "annual_figure.employees", YEAR), ((6, "甲机械有限公司", A, D(100), 5, 2025),)))
