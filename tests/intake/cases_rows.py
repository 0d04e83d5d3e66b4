"""What stands in single cells and rows: amounts, dates, choices, duplicates, formulas, merged cells."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

from tests.intake.cases_register import REV, A, B, C, E
from tests.intake.make_sheets import Block, good, xlsx

TAX, LAND, POWER = "annual_figure.tax", "annual_figure.land_mu", "annual_figure.power_kwh"

good("amounts", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "营业收入（万元）"],
    ["一号有限公司", "3.2亿"], ["二号有限公司", "约2000万"], ["三号有限公司", "１，２３４.５"], ["四号有限公司", "1,234,567"], ["五号有限公司", "(123.4)"], ["六号有限公司", "五百"],
    ["七号有限公司", "500万美元"], ["八号有限公司", "800-900"], ["九号有限公司", "人民币300万元"], ["十号有限公司", "3亿2000万元"], ["十一号有限公司", "5000元"], ["十二号有限公司", "2000余万元"],
    ["十三号有限公司", " 12 345 "], ["十四号有限公司", "-5"], ["十五号有限公司", 0], ["十六号有限公司", "30人"]]}),
     Block("Sheet1", "enterprise", ("name", REV), (
         (2, "一号有限公司", D(32000)), (3, "二号有限公司", D(2000)), (4, "三号有限公司", D("1234.5")), (5, "四号有限公司", D(1234567)), (6, "五号有限公司", D("-123.4")),
         (7, "六号有限公司", None), (8, "七号有限公司", None), (9, "八号有限公司", None), (10, "九号有限公司", D(300)), (11, "十号有限公司", D(32000)), (12, "十一号有限公司", D("0.5")),
         (13, "十二号有限公司", D(2000)), (14, "十三号有限公司", D(12345)), (15, "十四号有限公司", D(-5)), (16, "十五号有限公司", D(0)), (17, "十六号有限公司", None))),
     problems="approximate@B3 bad-number@B7 foreign-currency@B8 bad-number@B9 approximate@B13 unit-mismatch@B17")

good("nil_words", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码", "税收（万元）", "主要产品"],
    ["甲机械有限公司", "无", "—", "/"], ["乙电子有限公司", "—", "无", "N/A"], ["丙食品厂", C, "-", "暂无"], ["丁医药有限公司", E, " ", "药片、药水"]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", TAX, "products"), (
         (2, "甲机械有限公司", None, None, None), (3, "乙电子有限公司", None, None, None), (4, "丙食品厂", C, None, None), (5, "丁医药有限公司", E, None, ("药片", "药水")))))

good("dates", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "成立日期"],
    ["一号有限公司", "2015-03-01"], ["二号有限公司", "2015.3"], ["三号有限公司", "2015年3月"], ["四号有限公司", 42064], ["五号有限公司", "20150301"], ["六号有限公司", "2015/3/1"],
    ["七号有限公司", "去年"], ["八号有限公司", "2015-02-30"], ["九号有限公司", date(2015, 3, 1)], ["十号有限公司", "2015年03月01日"], ["十一号有限公司", 20150301], ["十二号有限公司", "2015年"]]}),
     Block("Sheet1", "enterprise", ("name", "established_on"), (
         (2, "一号有限公司", date(2015, 3, 1)), (3, "二号有限公司", date(2015, 3, 1)), (4, "三号有限公司", date(2015, 3, 1)), (5, "四号有限公司", date(2015, 3, 1)),
         (6, "五号有限公司", date(2015, 3, 1)), (7, "六号有限公司", date(2015, 3, 1)), (8, "七号有限公司", None), (9, "八号有限公司", None), (10, "九号有限公司", date(2015, 3, 1)),
         (11, "十号有限公司", date(2015, 3, 1)), (12, "十一号有限公司", date(2015, 3, 1)), (13, "十二号有限公司", date(2015, 1, 1)))),
     problems="date-incomplete@B3 date-incomplete@B4 bad-date@B8 bad-date@B9 date-incomplete@B13")

good("choices_flags_words", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "企业规模", "规上", "状态", "主要产品"],
    ["甲机械有限公司", "大型", "√", "正常", "齿轮、轴承，链条;皮带"], ["乙电子有限公司", "特大", "否", "停业", "芯片\n电容"], ["丙食品厂", "中型企业", "是", "Active", "饼干"],
    ["丁医药有限公司", "small", "大概", "停产", "药片/药水"], ["戊化工有限公司", "3.小型", True, "注销", None]]}),
     Block("Sheet1", "enterprise", ("name", "size_class", "above_scale", "status", "products"), (
         (2, "甲机械有限公司", "large", True, "active", ("齿轮", "轴承", "链条", "皮带")), (3, "乙电子有限公司", None, False, "stopped", ("芯片", "电容")),
         (4, "丙食品厂", "medium", True, "active", ("饼干",)), (5, "丁医药有限公司", "small", None, "stopped", ("药片", "药水")), (6, "戊化工有限公司", "small", True, "closed", None))),
     problems="not-a-choice@B3 bad-flag@C5")

good("required_and_empty_rows", "名录.xlsx", lambda: xlsx({"Sheet1": [
    [], [None, "企业名称", "信用代码", None, "税收（万元）"], [], [None, "甲机械有限公司", A, None, 3], [], [None, None, B, None, 4], [None, "丙食品厂", C, None, None], []]}),
     Block("Sheet1", "enterprise", ("name", "uscc", TAX), ((4, "甲机械有限公司", A, D(3)), (6, None, B, D(4)), (7, "丙食品厂", C, None))), problems="required-missing@B6")

good("duplicates", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码", "税收（万元）"], ["甲机械有限公司", A, 3], ["乙电子有限公司", B, 4], ["甲机械有限公司", A, 3], ["乙电子有限公司", B, 5], ["丙食品厂", C, None], ["丙食品厂", C, 6]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", TAX), (
         (2, "甲机械有限公司", A, D(3)), (3, "乙电子有限公司", B, D(4)), (4, "甲机械有限公司", A, D(3)), (5, "乙电子有限公司", B, D(5)), (6, "丙食品厂", C, None), (7, "丙食品厂", C, D(6)))),
     problems="duplicate-row@B4 duplicate-conflict@C5 duplicate-merged@B7")

good("header_repeated", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码", "税收（万元）"], ["甲机械有限公司", A, 3], ["企业名称", "信用代码", "税收（万元）"], ["乙电子有限公司", B, 4]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", TAX), ((2, "甲机械有限公司", A, D(3)), (4, "乙电子有限公司", B, D(4)))), problems="header-repeated@A3")

good("headings_between", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码", "税收（万元）"], ["一、装备制造"], ["甲机械有限公司", A, 3], ["（二）电子信息"], ["乙电子有限公司", B, 4]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", TAX), ((3, "甲机械有限公司", A, D(3)), (5, "乙电子有限公司", B, D(4)))), problems="heading-row@A2 heading-row@A4")

good("formulas_and_errors", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码", "税收（万元）"], ["甲机械有限公司", A, "=1+2"], ["乙电子有限公司", B, "#REF!"], ["丙食品厂", C, "#DIV/0!"], ["丁医药有限公司", E, 5]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", TAX), (
         (2, "甲机械有限公司", A, None), (3, "乙电子有限公司", B, None), (4, "丙食品厂", C, None), (5, "丁医药有限公司", E, D(5)))),
     problems="formula-no-value@C2 cell-error@C3 cell-error@C4")

good("merged_data", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["所属乡镇", "企业名称", "信用代码", "税收（万元）"], ["城东街道", "甲机械有限公司", A, 30], [None, "乙电子有限公司", B, None], ["云溪镇", "丙食品厂", C, 4]]},
    merged={"Sheet1": ["A2:A3", "D2:D3"]}),
     Block("Sheet1", "enterprise", ("park", "name", "uscc", TAX), (
         (2, "城东街道", "甲机械有限公司", A, D(30)), (3, "城东街道", "乙电子有限公司", B, None), (4, "云溪镇", "丙食品厂", C, D(4)))), problems="merged-number@D2")

good("ditto", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["所属乡镇", "企业名称", "信用代码"], ["城东街道", "甲机械有限公司", A], ["同上", "乙电子有限公司", B], ["〃", "丙食品厂", C]]}),
     Block("Sheet1", "enterprise", ("park", "name", "uscc"), (
         (2, "城东街道", "甲机械有限公司", A), (3, "城东街道", "乙电子有限公司", B), (4, "城东街道", "丙食品厂", C))))

good("hidden_and_empty_sheets", "名录.xlsx", lambda: xlsx({
    "名录": [["企业名称", "信用代码"], ["甲机械有限公司", A]], "旧": [["企业名称", "信用代码"], ["乙电子有限公司", B]], "空": []}, hidden=["旧"]),
     Block("名录", "enterprise", ("name", "uscc"), ((2, "甲机械有限公司", A),)), problems="sheet-hidden@旧!", skipped=("旧", "空"))

good("percent_formats", "研发.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码", "研发投入强度（%）"], ["甲机械有限公司", A, 3.5], ["乙电子有限公司", B, "4.1%"], ["丙食品厂", C, 0.052], ["丁医药有限公司", E, 135]]}, formats={"C4": "0.0%"}),
     Block("Sheet1", "enterprise", ("name", "uscc", "rd_share"), (
         (2, "甲机械有限公司", A, D("0.035")), (3, "乙电子有限公司", B, D("0.041")), (4, "丙食品厂", C, D("0.052")), (5, "丁医药有限公司", E, D("1.35")))), problems="share-range@C5")

good("percent_untold", "研发.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码", "研发投入强度"], ["甲机械有限公司", A, 3.5], ["乙电子有限公司", B, 0.8]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", "rd_share"), ((2, "甲机械有限公司", A, D("0.035")), (3, "乙电子有限公司", B, D("0.008")))), problems="percent-assumed@C1")

good("units_in_headers", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "营业收入（亿元）", "税收\n（元）", "用电量（万千瓦时）", "用地面积（平方米）", "综合能耗（万吨标准煤）", "从业人数（人）"],
    ["甲机械有限公司", 1.5, 123456, 12.3, 2000, 0.05, 100], ["乙电子有限公司", 0.2, 5, 1, 1000, 0.0001, 50]]}),
     Block("Sheet1", "enterprise", ("name", REV, TAX, POWER, LAND, "annual_figure.energy_tce", "annual_figure.employees"), (
         (2, "甲机械有限公司", D(15000), D("12.3456"), D(123000), D(3), D(500), 100), (3, "乙电子有限公司", D(2000), D("0.0005"), D(10000), D("1.5"), D(1), 50))))

good("unit_untold_and_scale", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "税收"], *[[f"{n}号有限公司", v] for n, v in zip("一二三四五六七八九", (5, 6, 7, 8, 9, 10, 11, 12, 85000), strict=True)]]}),
     Block("Sheet1", "enterprise", ("name", TAX), tuple((i, f"{n}号有限公司", D(v)) for i, n, v in zip(range(2, 11), "一二三四五六七八九", (5, 6, 7, 8, 9, 10, 11, 12, 85000), strict=True))),
     problems="unit-assumed@B1 scale-suspect@B10")

good("industry_code_numbers", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "行业小类"], ["甲机械有限公司", 3484], ["乙粮油有限公司", 111], ["丙食品厂", "C1353"]]}),
     Block("Sheet1", "enterprise", ("name", "industry_code"), ((2, "甲机械有限公司", "3484"), (3, "乙粮油有限公司", "0111"), (4, "丙食品厂", "C1353"))), problems="code-padded@B3")

good("column_number_row", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码", "营业收入（万元）", "税收（万元）"], ["甲", "乙", 1, 2], ["甲机械有限公司", A, 10, 3], ["乙电子有限公司", B, 11, 4]]}),
     Block("Sheet1", "enterprise", ("name", "uscc", REV, TAX), ((3, "甲机械有限公司", A, D(10), D(3)), (4, "乙电子有限公司", B, D(11), D(4)))))

good("integers", "名录.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "从业人数"], ["甲机械有限公司", "120人"], ["乙电子有限公司", 12.5], ["丙食品厂", "1,200"], ["丁医药有限公司", "0.3万人"], ["戊化工有限公司", "若干"]]}),
     Block("Sheet1", "enterprise", ("name", "annual_figure.employees"), (
         (2, "甲机械有限公司", 120), (3, "乙电子有限公司", None), (4, "丙食品厂", 1200), (5, "丁医药有限公司", 3000), (6, "戊化工有限公司", None))), problems="not-integer@B3 bad-number@B6")
