"""Declared tables for the intake tests: shaped like a district's, with the words that offices use."""

from __future__ import annotations

from liantu.kernel.columns import Choice, Column, Table

FIRM = ("单位名称", "单位详细名称", "企业全称", "公司名称", "户名", "企业", "填报单位")
CODE = ("信用代码", "社会信用代码", "纳税人识别号")
SIZES = (Choice("large", "大型", "Large", ("大",)), Choice("medium", "中型", "Medium", ("中",)), Choice("small", "小型", "Small", ("小",)), Choice("micro", "微型", "Micro"))
STATES = (Choice("active", "在营", "Active", ("正常", "存续")), Choice("stopped", "停产", "Stopped", ("停业",)), Choice("closed", "注销", "Closed"))

ENTERPRISE = Table("enterprise", "企业", "Enterprises", (
    Column("uscc", "统一社会信用代码", "Credit code", "uscc", aliases=CODE, max_length=18),
    Column("name", "企业名称", "Enterprise", "name", aliases=FIRM, required=True, max_length=200),
    Column("park", "所在园区", "Park or township", "reference", aliases=("园区", "镇街", "乡镇", "所属乡镇", "属地"), reference="park"),
    Column("industry_code", "行业代码", "Industry code", "code", aliases=("国民经济行业代码", "行业代码(4位)", "行业小类"), max_length=8),
    Column("scope", "经营范围", "Scope", "long_text", aliases=("经营（业务）范围", "主要业务活动")),
    Column("products", "主导产品", "Products", "words", aliases=("主要产品", "主营产品", "产品名称")),
    Column("size_class", "企业规模", "Size", "choice", aliases=("规模", "单位规模"), choices=SIZES),
    Column("above_scale", "是否规上", "Above scale", "flag", aliases=("规上", "规模以上")),
    Column("established_on", "成立日期", "Established on", "date", aliases=("开业时间", "成立时间", "注册时间")),
    Column("capital", "注册资本", "Capital", "money", unit="万元", aliases=("注册资金",)),
    Column("status", "经营状态", "Status", "choice", aliases=("状态", "登记状态"), choices=STATES),
    Column("rd_share", "研发投入强度", "R&D share", "share", unit="1", aliases=("研发强度", "研发费用占比")),
    Column("annual_figure.year", "年份", "Year", "year", aliases=("年度",)),
    Column("annual_figure.revenue", "营业收入", "Revenue", "money", unit="万元", aliases=("营收", "年营业收入", "主营业务收入", "销售收入")),
    Column("annual_figure.output", "工业总产值", "Output", "money", unit="万元", aliases=("产值", "总产值", "工业总产值（当年价）")),
    Column("annual_figure.tax", "税收", "Tax", "money", unit="万元", aliases=("纳税额", "入库税收", "税收总额")),
    Column("annual_figure.employees", "从业人数", "Employees", "integer", unit="人", aliases=("从业人员", "职工人数", "用工人数")),
    Column("annual_figure.power_kwh", "用电量", "Electricity", "number", unit="kWh", aliases=("年用电量",)),
    Column("annual_figure.land_mu", "用地面积", "Land", "number", unit="亩", aliases=("占地面积", "土地面积")),
    Column("annual_figure.energy_tce", "综合能耗", "Energy", "number", unit="tce", aliases=("综合能源消费量", "能耗")),
), key=("uscc",), companions=("annual_figure",), context=("park",), title_words=("企业名录", "单位名录", "规上企业", "企业基本情况"))

MONTHLY = Table("monthly_figure", "企业月度数据", "Monthly figures", (
    Column("enterprise", "企业名称", "Enterprise", "reference", aliases=FIRM, required=True, reference="enterprise"),
    Column("enterprise.uscc", "统一社会信用代码", "Credit code", "uscc", aliases=CODE),
    Column("period", "月份", "Month", "month", aliases=("所属期", "期间", "报告期", "统计月份", "年月"), required=True),
    Column("output", "工业总产值", "Output", "money", unit="万元", aliases=("当月产值", "本月产值", "产值", "总产值（本月）")),
    Column("output_cumulative", "累计工业总产值", "Output, cumulative", "money", unit="万元", aliases=("累计产值", "工业总产值（累计）", "1-本月累计产值")),
    Column("output_rate", "产值同比", "Output growth", "share", unit="1", aliases=("产值增速", "工业总产值同比", "工业总产值增速")),
    Column("revenue", "营业收入", "Revenue", "money", unit="万元", aliases=("本月营业收入", "营收")),
    Column("tax", "入库税收", "Tax", "money", unit="万元", aliases=("税收", "税额")),
    Column("employees", "从业人数", "Employees", "integer", unit="人", aliases=("用工人数", "参保人数")),
    Column("power_kwh", "用电量", "Electricity", "number", unit="kWh", aliases=("电量", "本月用电量")),
    Column("source", "来源", "Source", "text", aliases=("数据来源",)),
), key=("enterprise", "period", "source"), context=("period", "source"), title_words=("月报", "月度", "用电", "产值", "运行监测"))

SUPPLY = Table("supply_link", "供需关系", "Supply links", (
    Column("supplier", "供应商", "Supplier", "reference", aliases=("供应商名称", "供货单位", "供方"), required=True, reference="enterprise"),
    Column("supplier.uscc", "供应商统一社会信用代码", "Supplier code", "uscc", aliases=("供应商信用代码",)),
    Column("customer", "客户", "Customer", "reference", aliases=("客户名称", "采购单位", "需方"), required=True, reference="enterprise"),
    Column("item", "物料", "Item", "text", aliases=("产品", "供应产品", "物料名称", "配套产品"), required=True),
    Column("amount", "年采购额", "Amount", "money", unit="万元", aliases=("采购金额", "金额", "年供货额")),
    Column("year", "年份", "Year", "year", aliases=("年度",), required=True),
), key=("supplier", "customer", "item", "year"), context=("year",), title_words=("供需", "配套", "供应商", "采购"))

PARK = Table("park", "园区", "Parks", (
    Column("name", "园区名称", "Park", "name", aliases=("园区", "平台名称"), required=True),
    Column("kind", "园区类型", "Kind", "choice", aliases=("类型",), choices=(Choice("specialised", "专业园区", "Specialised"), Choice("mixed", "综合园区", "Mixed"))),
    Column("town", "所在乡镇", "Town", "text", aliases=("乡镇", "镇街")),
    Column("area_m2", "建筑面积", "Floor area", "number", unit="m²", aliases=("总建筑面积",)),
    Column("land_mu", "占地面积", "Land", "number", unit="亩", aliases=("用地面积",)),
    Column("firm_count", "入驻企业数", "Firms", "integer", unit="个", aliases=("企业数",)),
    Column("full_share", "入驻率", "Occupancy", "share", unit="1", aliases=("厂房入驻率",)),
), key=("name",), context=("town",), title_words=("园区", "平台"))

TABLES = (ENTERPRISE, MONTHLY, SUPPLY, PARK)
