"""Monthly figures, supply links and parks: periods, months side by side, cumulative columns."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

from tests.intake.cases_register import A, B, C
from tests.intake.make_sheets import Block, good, text, xlsx

good("months_as_columns", "用电.xlsx", lambda: xlsx({"Sheet1": [
    ["2025年工业企业用电量"], ["单位：万千瓦时"], ["户名", "1月", "2月", "3月", "合计"], ["甲机械有限公司", 1.5, 2, 3, 6.5], ["乙电子有限公司", "—", 4, "缺", 4], ["合计", 1.5, 6, 3, 10.5]]}),
     Block("Sheet1", "monthly_figure", ("enterprise", "period", "power_kwh"), (
         (4, "甲机械有限公司", "2025-01", D(15000)), (4, "甲机械有限公司", "2025-02", D(20000)), (4, "甲机械有限公司", "2025-03", D(30000)), (5, "乙电子有限公司", "2025-02", D(40000)))),
     problems="total-row@A6")

good("months_under_measure", "产值月报.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "信用代码", "工业总产值（万元）", None, "营业收入（万元）", None], [None, None, "2025年1月", "2025年2月", "2025年1月", "2025年2月"],
    ["甲机械有限公司", A, 10, 11, 20, 21], ["乙电子有限公司", B, 30, "三十", 40, 41]]}, merged={"Sheet1": ["A1:A2", "B1:B2", "C1:D1", "E1:F1"]}),
     Block("Sheet1", "monthly_figure", ("enterprise", "enterprise.uscc", "period", "output", "revenue"), (
         (3, "甲机械有限公司", A, "2025-01", D(10), D(20)), (3, "甲机械有限公司", A, "2025-02", D(11), D(21)),
         (4, "乙电子有限公司", B, "2025-01", D(30), D(40)), (4, "乙电子有限公司", B, "2025-02", None, D(41)))), problems="bad-number@D4")

good("months_as_dates", "用电.xlsx", lambda: xlsx({"用电量": [
    ["企业名称", date(2025, 1, 1), date(2025, 2, 1)], ["甲机械有限公司", 15000, 20000]]}, formats={"B1": 'yyyy"年"m"月"', "C1": 'yyyy"年"m"月"'}),
     Block("用电量", "monthly_figure", ("enterprise", "period", "power_kwh"), ((2, "甲机械有限公司", "2025-01", D(15000)), (2, "甲机械有限公司", "2025-02", D(20000)))))

good("month_in_title", "月报.xlsx", lambda: xlsx({"Sheet1": [
    ["2025年3月规上工业企业产值月报"], [None, None, "单位：千元"], ["企业名称", "工业总产值", "用工人数"], ["甲机械有限公司", 1000, 50], ["乙电子有限公司", 2000, 60]]}),
     Block("Sheet1", "monthly_figure", ("enterprise", "output", "employees", "period"), (
         (4, "甲机械有限公司", D(100), 50, "2025-03"), (5, "乙电子有限公司", D(200), 60, "2025-03"))))

good("month_in_file_name", "企业产值202503.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "产值（万元）", "产值同比（%）"], ["甲机械有限公司", 1000, 5.5], ["乙电子有限公司", 2000, -3]]}),
     Block("Sheet1", "monthly_figure", ("enterprise", "output", "output_rate", "period"), (
         (2, "甲机械有限公司", D(1000), D("0.055"), "2025-03"), (3, "乙电子有限公司", D(2000), D("-0.03"), "2025-03"))))

good("month_in_header", "产值2025.xlsx", lambda: xlsx({"2025年": [
    ["企业名称", "3月产值（万元）", "用电量（千瓦时）"], ["甲机械有限公司", 1000, 2000]]}),
     Block("2025年", "monthly_figure", ("enterprise", "output", "power_kwh", "period"), ((2, "甲机械有限公司", D(1000), D(2000), "2025-03"),)))

good("month_cells", "用电.xlsx", lambda: xlsx({"2025年用电": [
    ["企业名称", "月份", "用电量（千瓦时）"], ["甲机械有限公司", "3月", 1], ["甲机械有限公司", "2025.4", 2], ["甲机械有限公司", 202505, 3], ["甲机械有限公司", date(2025, 6, 1), 4],
    ["甲机械有限公司", "2025年7月份", 5], ["甲机械有限公司", 2025.1, 6], ["甲机械有限公司", "一季度", 7], ["甲机械有限公司", "1-8月", 8], ["甲机械有限公司", None, 9]]}),
     Block("2025年用电", "monthly_figure", ("enterprise", "period", "power_kwh"), (
         (2, "甲机械有限公司", "2025-03", D(1)), (3, "甲机械有限公司", "2025-04", D(2)), (4, "甲机械有限公司", "2025-05", D(3)), (5, "甲机械有限公司", "2025-06", D(4)),
         (6, "甲机械有限公司", "2025-07", D(5)), (7, "甲机械有限公司", "2025-01", D(6)), (8, "甲机械有限公司", None, D(7)), (9, "甲机械有限公司", "2025-08", D(8)),
         (10, "甲机械有限公司", None, D(9)))),
     problems="month-ambiguous@B7 bad-month@B8 cumulative-period@B9 required-missing@B10")

good("month_and_cumulative", "2025年3月产值月报.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "工业总产值（万元）", None, None], [None, "本月", "1-3月累计", "同比（%）"], ["甲机械有限公司", 100, 300, 5.2], ["乙电子有限公司", 200, 500, -1]]},
    merged={"Sheet1": ["A1:A2", "B1:D1"]}),
     Block("Sheet1", "monthly_figure", ("enterprise", "output", "output_cumulative", "output_rate", "period"), (
         (3, "甲机械有限公司", D(100), D(300), D("0.052"), "2025-03"), (4, "乙电子有限公司", D(200), D(500), D("-0.01"), "2025-03"))))

good("period_missing", "产值.xlsx", lambda: xlsx({"Sheet1": [["企业名称", "产值（万元）", "用电量（千瓦时）"], ["甲机械有限公司", 10, 20]]}),
     Block("Sheet1", "monthly_figure", ("enterprise", "output", "power_kwh"), ((2, "甲机械有限公司", D(10), D(20)),)),
     problems="column-missing@", as_table="monthly_figure")

good("year_missing", "产值.xlsx", lambda: xlsx({"Sheet1": [["企业名称", "月份", "产值（万元）"], ["甲机械有限公司", "3月", 10]]}),
     Block("Sheet1", "monthly_figure", ("enterprise", "output"), ((2, "甲机械有限公司", D(10)),)), problems="year-missing@B2")

good("last_year_not_taken", "2025年3月运行监测.xlsx", lambda: xlsx({"Sheet1": [
    ["企业名称", "营业收入（万元）", "上年同期营业收入（万元）", "营业收入增长（%）"], ["甲机械有限公司", 10, 9, 11.1]]}),
     Block("Sheet1", "monthly_figure", ("enterprise", "revenue", "period"), ((2, "甲机械有限公司", D(10), "2025-03"),)))

good("supply_links", "2024年重点企业配套情况.csv", lambda: text("""
供应商,客户,配套产品,采购金额（万元）
甲机械有限公司,临江整车有限公司,齿轮,"1,200"
乙电子有限公司,临江整车有限公司,线束,约300
丙材料有限公司,,钢板,50
""", "gb18030"), Block("2024年重点企业配套情况", "supply_link", ("supplier", "customer", "item", "amount", "year"), (
    (2, "甲机械有限公司", "临江整车有限公司", "齿轮", D(1200), 2024), (3, "乙电子有限公司", "临江整车有限公司", "线束", D(300), 2024), (4, "丙材料有限公司", None, "钢板", D(50), 2024))),
     problems="approximate@D3 required-missing@B4", kind="csv")

good("supply_same_item_other_supplier", "供需对接.xlsx", lambda: xlsx({"Sheet1": [
    ["供应商名称", "客户名称", "物料名称", "金额（元）", "年度"], ["甲机械有限公司", "丁整车有限公司", "齿轮", 1000000, "2024年"], ["乙电子有限公司", "丁整车有限公司", "齿轮", 20000, 2024],
    ["甲机械有限公司", "丁整车有限公司", "齿轮", 30000, "2024年度"], ["甲机械有限公司", "丁整车有限公司", "齿轮", 1, 3024]]}),
     Block("Sheet1", "supply_link", ("supplier", "customer", "item", "amount", "year"), (
         (2, "甲机械有限公司", "丁整车有限公司", "齿轮", D(100), 2024), (3, "乙电子有限公司", "丁整车有限公司", "齿轮", D(2), 2024), (4, "甲机械有限公司", "丁整车有限公司", "齿轮", D(3), 2024),
         (5, "甲机械有限公司", "丁整车有限公司", "齿轮", D("0.0001"), None))), problems="duplicate-conflict@D4 bad-year@E5")

good("parks", "园区清单.xlsx", lambda: xlsx({"Sheet1": [
    ["云溪镇园区情况表"], ["园区名称", "园区类型", "总建筑面积（万平方米）", "占地面积（公顷）", "企业数（家）", "入驻率"],
    ["云溪智造园", "专业园区", 12.5, 2, "35家", 0.85], ["云溪创业园", "综合", 3, 1, 12, "90%"]]}, merged={"Sheet1": ["A1:F1"]}),
     Block("Sheet1", "park", ("name", "kind", "area_m2", "land_mu", "firm_count", "full_share", "town"), (
         (3, "云溪智造园", "specialised", D(125000), D(30), 35, D("0.85"), "云溪镇"), (4, "云溪创业园", None, D(30000), D(15), 12, D("0.9"), "云溪镇"))), problems="not-a-choice@B4")

good("three_sheets_three_tables", "2025年3月数据.xlsx", lambda: xlsx({
    "企业名录": [["企业名称", "信用代码", "经营范围"], ["甲机械有限公司", A, "机械制造"]],
    "用电": [["企业名称", "用电量（千瓦时）"], ["甲机械有限公司", 5]],
    "配套": [["供应商", "客户", "产品"], ["甲机械有限公司", "乙电子有限公司", "齿轮"]]}),
     Block("企业名录", "enterprise", ("name", "uscc", "scope"), ((2, "甲机械有限公司", A, "机械制造"),)),
     Block("用电", "monthly_figure", ("enterprise", "power_kwh", "period"), ((2, "甲机械有限公司", D(5), "2025-03"),)),
     Block("配套", "supply_link", ("supplier", "customer", "item", "year"), ((2, "甲机械有限公司", "乙电子有限公司", "齿轮", 2025),)))

good("unmerged_groups_csv", "2025年2月月报.csv", lambda: text("""
企业名称,工业总产值（万元）,,用电量（千瓦时）
,本月,累计,
甲机械有限公司,10,20,300
乙电子有限公司,11,21,
丙食品厂,,22,500
"""), Block("2025年2月月报", "monthly_figure", ("enterprise", "output", "output_cumulative", "power_kwh", "period"), (
    (3, "甲机械有限公司", D(10), D(20), D(300), "2025-02"), (4, "乙电子有限公司", D(11), D(21), None, "2025-02"), (5, "丙食品厂", None, D(22), D(500), "2025-02"))), kind="csv")

good("code_and_reference", "税务2025年3月.xlsx", lambda: xlsx({"Sheet1": [
    ["纳税人识别号", "企业名称", "入库税收（元）"], [A, "甲机械有限公司", 123456.78], [B, "乙电子有限公司", 0], [C, "丙食品厂", -200]]}),
     Block("Sheet1", "monthly_figure", ("enterprise.uscc", "enterprise", "tax", "period"), (
         (2, A, "甲机械有限公司", D("12.345678"), "2025-03"), (3, B, "乙电子有限公司", D(0), "2025-03"), (4, C, "丙食品厂", D("-0.02"), "2025-03"))))
