"""企业名录: the register of firms, their former names, and their yearly and monthly figures with source and 口径."""

from __future__ import annotations

from typing import Any

from django.db import models

from liantu.enterprises.choices import SIZES, STATES
from liantu.kernel import fields
from liantu.kernel.tables import Record

FIRM_ALIASES = ("单位名称", "单位详细名称", "企业（单位）名称", "企业全称", "公司名称", "法人单位名称", "纳税人名称", "用户名称", "户名", "企业", "项目单位", "填报单位", "企业名")
STATISTICS_ONLY = "统计资料：单个企业数据不得对外提供（统计法）"


class Enterprise(Record):
    """企业：一个法人或其分支机构；名称以现名为准，曾用名另存。"""

    uscc = fields.uscc(aliases=("信用代码", "社会信用代码", "统一信用代码", "统一社会信用代码/组织机构代码", "纳税人识别号", "税号", "组织机构代码"), secrecy="public")
    name = fields.name("企业名称", "Enterprise", required=True, aliases=FIRM_ALIASES, secrecy="public")
    former = fields.words("曾用名", "Former names", aliases=("原名称", "更名前名称", "原企业名称"), secrecy="public")
    branch_of = fields.reference("enterprises.Enterprise", "上级法人", "Branch of", aliases=("总公司", "母公司", "所属法人", "上级单位"), secrecy="public")
    industry_code = fields.code("行业代码", "Industry code", length=8, aliases=("国民经济行业代码", "行业代码(4位)", "行业小类", "行业类别代码", "行业小类代码"), secrecy="public")
    industry_edition = fields.code("行业分类版本", "Classification edition", length=24, help="如 GB/T 4754-2017", secrecy="public")
    scope = fields.long_text("经营范围", "Business scope", aliases=("经营（业务）范围", "经营范围及方式", "业务范围"), secrecy="public")
    products = fields.words("主导产品", "Products", aliases=("主要产品", "主营产品", "产品名称", "主要产品名称", "主要业务活动", "主营业务", "产品", "主营产品及占比", "主要产品及占比", "主导产品及营收占比"), secrecy="public")
    address = fields.text("地址", "Address", aliases=("详细地址", "注册地址", "住所", "企业地址", "单位所在地", "生产经营地址", "经营地址"), secrecy="public")
    park = fields.reference("places.Park", "所在园区", "Park or township",
                            aliases=("园区", "镇街", "乡镇", "所属园区", "所属镇街", "所属乡镇", "镇街园区", "镇街/园区", "乡镇街道", "属地", "所在镇街", "所在乡镇", "承载地"), secrecy="public")
    size_class = fields.choice("企业规模", "Size", *SIZES, aliases=("规模", "单位规模", "企业类型（规模）"), secrecy="public")
    above_scale = fields.flag("是否规上", "Above designated size", aliases=("规上", "规模以上", "是否规模以上", "规上企业"), secrecy="internal")
    established_on = fields.date("成立日期", "Established on", aliases=("开业时间", "成立时间", "注册时间", "注册日期", "开业（成立）时间"), secrecy="public")
    capital = fields.money("注册资本", "Registered capital", aliases=("注册资金", "注册资本金"), secrecy="public")
    qualifications = fields.words("资质", "Qualifications", aliases=("企业资质", "荣誉资质", "资质荣誉", "资质类型", "认定类别"), secrecy="public",
                                  help="高企、专精特新、小巨人、单项冠军、上市……")
    status = fields.choice("经营状态", "Status", *STATES, aliases=("状态", "登记状态", "生产状态", "企业状态"), secrecy="public")
    longitude = fields.number("经度", "Longitude", unit="°", secrecy="internal")
    latitude = fields.number("纬度", "Latitude", unit="°", secrecy="internal")
    initials = models.CharField(max_length=200, null=True, editable=False, db_index=True)

    class Table:
        zh, en, key, caption = "企业", "Enterprises", ("uscc",), "name"
        second_identifier = "uscc"
        companions = ("annual_figure",)
        context = ("park",)
        title_words = ("企业名录", "单位名录", "企业清单", "规上企业", "企业名单", "企业基本情况", "高新技术企业")
        identify_rows = "identify_rows"
        derive, derived_from = "derive", ("name",)
        accumulate = ("former", "qualifications", "products")
        title_values = {"高新技术企业": ("qualifications", "高企"), "专精特新": ("qualifications", "专精特新"), "小巨人": ("qualifications", "小巨人"),
                        "单项冠军": ("qualifications", "单项冠军")}

    @classmethod
    def identify(cls, wanted: list[dict[str, str | None]]) -> list[int | None]:
        """Rows by credit code, then by present or former name; an ambiguous name answers nothing."""
        from liantu.enterprises.recognition import identify

        return identify(wanted)

    @classmethod
    def identify_rows(cls, plan: Any, rows: list[Any], values: list[dict[str, Any]]) -> list[tuple[int | None, Any, dict[str, Any]]]:
        """Meet the rows of a sheet with the register; see :mod:`liantu.enterprises.recognition`."""
        from liantu.enterprises.recognition import identify_rows

        return identify_rows(plan, rows, values)

    @classmethod
    def settle_codes(cls, plan: Any, rows: list[Any], values: list[dict[str, Any]]) -> None:
        """Settle damaged credit codes by check digits and name."""
        from liantu.enterprises.recognition import settle_codes

        settle_codes(plan, rows, values)

    @classmethod
    def gather_words(cls, column: str, held: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
        """Words that add up over imports; products with their shares by :func:`liantu.enterprises.product_words.gathered_products`."""
        from liantu.enterprises.product_words import gathered_products

        return gathered_products(held, new) if column == "products" else (*held, *new)

    def derive(self) -> None:
        """Fill the columns that follow from others: pinyin initials for the search."""
        from liantu.enterprises.recognition import initials

        self.initials = initials(self.name)


class MonthlyFigure(Record):
    """企业月度数据：每个来源一行，累计与当期分列，一月可能免报。"""

    enterprise = fields.reference("enterprises.Enterprise", "企业名称", "Enterprise", required=True, aliases=FIRM_ALIASES)
    period = fields.month("月份", "Month", required=True, aliases=("所属期", "期间", "报告期", "时间", "统计月份", "年月", "用电月份", "数据月份"))
    output = fields.money("工业总产值", "Output in the month", aliases=("当月产值", "本月产值", "产值", "本月工业总产值", "当期工业总产值", "总产值（本月）"), source_limit=STATISTICS_ONLY, secrecy="confidential")
    output_cumulative = fields.money("累计工业总产值", "Output, cumulative", aliases=("累计产值", "1-本月累计产值", "本年累计产值", "工业总产值（累计）", "总产值累计"), source_limit=STATISTICS_ONLY, secrecy="confidential")
    revenue = fields.money("营业收入", "Revenue in the month", aliases=("当月营业收入", "本月营收", "主营业务收入", "本月营业收入", "营收"), source_limit=STATISTICS_ONLY, secrecy="confidential")
    tax = fields.money("入库税收", "Tax", aliases=("税收", "实缴税金", "本月入库税收", "税收入库数", "税额"), source_limit="税务信息：仅限本单位履职使用", secrecy="confidential")
    employees = fields.integer("从业人数", "Employees", unit="人", aliases=("从业人员", "用工人数", "参保人数", "职工人数", "期末用工人数", "从业人员期末人数"), secrecy="confidential")
    power_kwh = fields.number("用电量", "Electricity", unit="kWh", aliases=("电量", "本月用电量", "工业用电量", "售电量", "当月用电量"), secrecy="confidential")
    source = fields.text("来源", "Source", length=60, aliases=("数据来源", "来源部门"), help="工信直报、供电、税务、统计……")
    definition = fields.text("口径", "Definition", length=60, aliases=("统计口径",), help="如 法人在地、全口径")

    class Table:
        zh, en, key, caption = "企业月度数据", "Monthly figures", ("enterprise", "period", "source"), "period"
        context = ("period", "source")
        title_words = ("月报", "月度", "用电", "产值", "运行监测", "电量")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "period", "source"], name="one_month_per_source")]


class AnnualFigure(Record):
    """企业年度数据：每个来源一行；增加值只存下达数，不重算。"""

    enterprise = fields.reference("enterprises.Enterprise", "企业名称", "Enterprise", required=True, aliases=FIRM_ALIASES)
    year = fields.year("年份", "Year", required=True, aliases=("年度", "所属年度", "统计年度"))
    output = fields.money("工业总产值", "Output", aliases=("产值", "年产值", "总产值", "全年产值", "工业总产值（当年价）"), source_limit=STATISTICS_ONLY, secrecy="confidential")
    revenue = fields.money("营业收入", "Revenue", aliases=("营收", "年营业收入", "主营业务收入", "年销售收入", "销售收入", "全年营业收入"), source_limit=STATISTICS_ONLY, secrecy="confidential")
    value_added = fields.money("工业增加值", "Value added (official only)", aliases=("增加值",), source_limit=STATISTICS_ONLY, secrecy="confidential")
    tax = fields.money("税收", "Tax", aliases=("年税收", "纳税额", "入库税收", "实缴税金", "上缴税金", "税收总额"), source_limit="税务信息：仅限本单位履职使用", secrecy="confidential")
    rd = fields.money("研发费用", "R&D spending", aliases=("研发投入", "研发经费", "R&D经费", "研究开发费用", "R&D经费内部支出"), source_limit=STATISTICS_ONLY, secrecy="confidential")
    employees = fields.integer("从业人数", "Employees", unit="人", aliases=("从业人员", "用工人数", "职工人数", "年末从业人数", "从业人员平均人数", "员工人数"), secrecy="confidential")
    power_kwh = fields.number("用电量", "Electricity", unit="kWh", aliases=("年用电量", "全年用电量"), secrecy="confidential")
    land_mu = fields.number("用地面积", "Land", unit="亩", aliases=("占地面积", "用地（亩）", "土地面积", "占地"), secrecy="internal")
    source = fields.text("来源", "Source", length=60, aliases=("数据来源", "来源部门"))
    definition = fields.text("口径", "Definition", length=60, aliases=("统计口径",))

    class Table:
        zh, en, key, caption = "企业年度数据", "Annual figures", ("enterprise", "year", "source"), "year"
        context = ("year", "source")
        title_words = ("年报", "年度", "税收", "亩均", "财务状况")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "year", "source"], name="one_year_per_source")]


from liantu.enterprises.pair_models import KeptApart  # noqa: E402, F401  a record of this room in its own file
