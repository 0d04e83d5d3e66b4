"""五大产业 产业链: industries, chains, nodes and what flows between them; where firms stand; who supplies whom."""

from __future__ import annotations

from typing import Any

from django.db import models

from liantu.chains.choices import GRADES, GRASPS, OUTSIDE_KINDS, ROLES, ROUTE_KINDS, STAGES
from liantu.enterprises.models import FIRM_ALIASES
from liantu.kernel import fields
from liantu.kernel.tables import Record


class Industry(Record):
    """产业：全区的重点（五大）产业之一。"""

    code = fields.code("产业代码", "Industry code", required=True, unique=True, secrecy="public")
    name = fields.name("产业名称", "Priority industry", required=True, aliases=("产业",), secrecy="public")
    name_en = fields.text("英文名", "Name in English", secrecy="public")

    class Table:
        zh, en, key, caption = "产业", "Priority industries", ("code",), "name"


class Chain(Record):
    """产业链：一个产业的环节与关系，由一位链长负责。"""

    code = fields.code("产业链代码", "Chain code", required=True, unique=True, secrecy="public")
    name = fields.name("产业链名称", "Chain", required=True, aliases=("产业链",), secrecy="public")
    name_en = fields.text("英文名", "Name in English", secrecy="public")
    industry = fields.reference("chains.Industry", "所属产业", "Industry", aliases=("产业", "产业名称"), secrecy="public")
    chain_chief = fields.text("链长", "Chain chief", secrecy="public")
    lead_office = fields.text("牵头单位", "Lead office", aliases=("牵头部门",), secrecy="public")
    edition = fields.code("模板版本", "Template edition", length=24, secrecy="public")
    basis = fields.code("依据", "Basis", length=40, help="liantu_default 或官方文件", secrecy="public")

    class Table:
        zh, en, key, caption = "产业链", "Chains", ("code",), "name"
        title_words = ("产业链清单", "链长", "重点产业链")


class ChainNode(Record):
    """环节：产业链上的一个产品或服务步骤。"""

    code = fields.code("环节代码", "Node code", required=True, unique=True, length=100, secrecy="public")
    chain = fields.reference("chains.Chain", "产业链", "Chain", required=True, aliases=("产业链名称",), secrecy="public")
    name = fields.name("环节名称", "Chain node", required=True, aliases=("环节", "节点"), secrecy="public")
    name_en = fields.text("英文名", "Name in English", secrecy="public")
    stage = fields.choice("位置", "Stage", *STAGES, secrecy="public")
    stage_code = fields.code("阶段代码", "Stage code", length=40, secrecy="public")
    stage_name = fields.text("阶段", "Stage name", secrecy="public")
    stage_name_en = fields.text("阶段英文", "Stage name in English", secrecy="public")
    group_code = fields.code("分组代码", "Group code", length=40, secrecy="public")
    group_name = fields.text("分组", "Group", secrecy="public")
    group_name_en = fields.text("分组英文", "Group in English", secrecy="public")
    position = fields.integer("次序", "Position", unit="位", secrecy="public")
    synonyms = fields.words("同义词", "Synonyms", secrecy="public")
    products = fields.words("产品词", "Product words", secrecy="public")
    excludes = fields.words("排除词", "Excluded words", secrecy="public")
    industry_codes = fields.words("行业代码", "Industry codes", secrecy="public")
    weight = fields.integer("权重", "Weight", unit="分", secrecy="public")
    critical = fields.flag("关键环节", "Critical", secrecy="public")

    class Table:
        zh, en, key, caption = "环节", "Chain nodes", ("code",), "name"
        importable = False

    @classmethod
    def identify(cls, wanted: list[dict[str, str | None]]) -> list[int | None]:
        """Nodes by code or by name, inside the chain that the row names; a name that stands in two chains answers nothing."""
        named: dict[str, list[tuple[int, str]]] = {}
        for pk, code, name, chain in cls.objects.values_list("id", "code", "name", "chain_id"):
            for word in (code, name):
                named.setdefault(word, []).append((pk, str(chain)))
        found: list[int | None] = []
        for want in wanted:
            options = named.get(want.get("name") or "", [])
            if len(options) > 1:
                options = [o for o in options if o[1] == want.get("_chain")]
            found.append(options[0][0] if len(options) == 1 else None)
        return found


class NodeLink(Record):
    """环节关系：从一个环节流向另一个环节的物料或服务。"""

    source = fields.reference("chains.ChainNode", "上游环节", "From", required=True, secrecy="public")
    target = fields.reference("chains.ChainNode", "下游环节", "To", required=True, secrecy="public")
    item = fields.text("流转物", "Item", secrecy="public")
    weight = fields.integer("权重", "Weight", unit="分", secrecy="public")
    recycling = fields.flag("回收", "Recycling", secrecy="public")

    class Table:
        zh, en, key, caption = "环节关系", "Node links", ("source", "target"), "item"
        importable = False

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target"], name="one_link_per_pair")]


class Placement(Record):
    """入链：企业站在哪个环节，担任什么角色，凭什么，谁定的；人定的永远优先。"""

    enterprise = fields.reference("enterprises.Enterprise", "企业名称", "Enterprise", required=True, aliases=FIRM_ALIASES)
    chain = fields.reference("chains.Chain", "产业链", "Chain", aliases=("产业链名称", "所属产业链"))
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node", required=True, aliases=("环节名称", "产业链环节", "所属环节", "节点", "入链环节"))
    role = fields.choice("角色", "Role", *ROLES, aliases=("企业角色", "链上角色"))
    activity = fields.words("从事活动", "Activities", help="生产、销售、服务、研发：经营范围里就这个环节写明的")
    product = fields.words("产品", "Products at this node", aliases=("环节产品",))
    capacity = fields.text("产能", "Capacity", aliases=("产能/产量", "年产能"))
    business_share = fields.share("业务占比", "Share of business", aliases=("占比", "业务比重"))
    evidence = fields.long_text("依据", "Evidence", aliases=("入链依据", "判断依据"))
    grade = fields.choice("核实程度", "Grade", *GRADES, aliases=("核实状态",))
    score = fields.number("判断分", "Score", unit="分")
    probability = fields.share("判对的可能", "Probability of being right", help="由本区人工判断学得；判断不够时为空")
    who = fields.text("确认人", "Who", length=60, aliases=("核实人",))
    why_not = fields.text("未选理由", "Why not the runner-up")

    class Table:
        zh, en, key, caption = "入链", "Placements", ("enterprise", "chain_node"), "evidence"
        title_words = ("重点企业清单", "入链", "链上企业")
        import_defaults = {"grade": "confirmed", "who": "导入表确认"}
        firm_values = ("grade", ("confirmed", "rejected"))  # a person's word outlives the machine's when two firms are merged

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "chain_node"], name="one_placement_per_node")]


class SupplyLink(Record):
    """供需关系：谁向谁供什么、一年多少；一头可以在区外。"""

    supplier = fields.reference("enterprises.Enterprise", "供应商", "Supplier", keep_name="supplier_name", aliases=("供应商名称", "供货单位", "供方", "供应企业", "供货商", "销售方"))
    customer = fields.reference("enterprises.Enterprise", "客户", "Customer", keep_name="customer_name", aliases=("客户名称", "采购单位", "需方", "采购企业", "采购方", "购买方", "主机厂"))
    supplier_name = fields.name("供应商原名", "Supplier as handed in")
    customer_name = fields.name("客户原名", "Customer as handed in")
    item = fields.text("物料", "Item", required=True, aliases=("产品", "供应产品", "物料名称", "采购物料", "配套产品", "零部件", "货物名称", "采购产品"))
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node", aliases=("所属环节",))
    amount = fields.money("年采购额", "Yearly amount", aliases=("采购金额", "年供货额", "供货金额", "金额", "采购额", "年交易额", "交易金额"), secrecy="confidential")
    year = fields.year("年份", "Year", required=True, aliases=("年度", "采购年度"))
    source = fields.text("来源", "Source", length=60, aliases=("数据来源",))

    class Table:
        zh, en, key, caption = "供需关系", "Supply links", ("supplier_name", "customer_name", "item", "year"), "item"
        context = ("year", "source")
        title_words = ("供需", "配套", "供应商", "采购", "供应链")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["supplier_name", "customer_name", "item", "year"], name="one_supply_per_item_year")]

    @classmethod
    def settle(cls, plan: Any, rows: list[Any], values: list[dict[str, Any]]) -> None:
        """Tell the node of each link from its item's words, where exactly one node says that word."""
        from liantu.chains.words import node_of_word

        known = node_of_word()
        for value in values:
            if value.get("chain_node") is None and value.get("item") in known:
                value["chain_node"] = known[value["item"]]


class TechRoute(Record):
    """技术路线：一个环节可走的一条技术路线，成熟到几级，本地掌握几成，卡不卡脖子，谁领先。"""

    chain = fields.reference("chains.Chain", "产业链", "Chain", aliases=("产业链名称", "所属产业链"), secrecy="public")
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node", required=True, aliases=("环节名称", "产业链环节", "所属环节"), secrecy="public")
    name = fields.text("技术路线", "Route", required=True, length=120, aliases=("路线", "路线名称", "技术名称", "关键技术"), secrecy="public")
    name_en = fields.text("英文名", "Name in English", secrecy="public")
    kind = fields.choice("路线类别", "Kind", *ROUTE_KINDS, aliases=("路线类型", "类别"), secrecy="public")
    maturity = fields.integer("成熟度", "Maturity (1–9)", unit="级", aliases=("技术成熟度", "TRL", "成熟度等级"), help="技术就绪度 1–9 级（GB/T 37264-2018）", secrecy="public")
    local_grasp = fields.choice("本地掌握", "Local grasp", *GRASPS, aliases=("本地掌握度", "掌握程度", "本地掌握程度"), secrecy="internal")
    chokepoint = fields.flag("卡脖子", "Chokepoint", aliases=("是否卡脖子", "卡脖子技术"), secrecy="internal")
    leaders = fields.words("领先者", "Leaders", aliases=("国内外领先者", "领先企业", "领先单位"), secrecy="public")
    local_firms = fields.words("本地企业", "Local firms", aliases=("本地掌握企业", "区内企业"), secrecy="internal")
    since_year = fields.year("起始年份", "Since", aliases=("产业化年份", "开始年份", "起始年"), secrecy="public")
    until_year = fields.year("预计主导至", "Expected until", aliases=("预计终止年份", "结束年份", "预计退出年份"), secrecy="public")
    source = fields.text("来源", "Source", aliases=("资料来源", "数据来源"), secrecy="public")

    class Table:
        zh, en, key, caption = "技术路线", "Technology routes", ("chain_node", "name"), "name"
        title_words = ("技术路线", "关键技术", "技术路线图")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain_node", "name"], name="one_route_per_node")]


class Application(Record):
    """应用领域：一个环节的产品用在哪里，谁要、谁买、谁付钱，本地有没有客户。"""

    chain = fields.reference("chains.Chain", "产业链", "Chain", aliases=("产业链名称", "所属产业链"), secrecy="public")
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node", required=True, aliases=("环节名称", "产业链环节", "所属环节"), secrecy="public")
    product = fields.text("产品", "Product", required=True, length=120, aliases=("产品名称", "主要产品"), secrecy="public")
    use = fields.text("应用场景", "Use", required=True, length=120, aliases=("应用领域", "用途", "应用方向"), secrecy="public")
    buyer = fields.text("需求方", "Buyer", aliases=("买方", "采购方类型", "谁买", "用户类型"), secrecy="public")
    payer = fields.text("付费方", "Payer", aliases=("谁付费", "出资方"), secrecy="public")
    market = fields.text("市场情况", "Market", aliases=("市场规模", "市场前景"), secrecy="public")
    local_customers = fields.words("本地客户", "Local customers", aliases=("区内客户", "本地用户"), secrecy="internal")
    source = fields.text("来源", "Source", aliases=("资料来源", "数据来源"), secrecy="public")

    class Table:
        zh, en, key, caption = "应用领域", "Applications", ("chain_node", "product", "use"), "use"
        title_words = ("应用领域", "应用场景", "应用领域图")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain_node", "product", "use"], name="one_use_per_product")]


class OutsidePresence(Record):
    """区外布局：同一环节在区外的集群和龙头企业，在哪座城市；招商和协作去哪里。"""

    name = fields.name("名称", "Name", required=True, aliases=("企业名称", "集群名称", "区外企业", "企业/集群名称"), secrecy="public")
    kind = fields.choice("类别", "Kind", *OUTSIDE_KINDS, aliases=("类型",), secrecy="public")
    chain = fields.reference("chains.Chain", "产业链", "Chain", aliases=("产业链名称", "所属产业链"), secrecy="public")
    chain_node = fields.reference("chains.ChainNode", "环节", "Chain node", required=True, aliases=("环节名称", "产业链环节", "所属环节"), secrecy="public")
    province = fields.text("省份", "Province", length=40, aliases=("所在省", "省"), secrecy="public")
    city = fields.text("城市", "City", required=True, length=40, aliases=("所在城市", "所在市", "地市"), secrecy="public")
    longitude = fields.number("经度", "Longitude", unit="°", secrecy="public")
    latitude = fields.number("纬度", "Latitude", unit="°", secrecy="public")
    revenue = fields.money("营业收入", "Revenue", aliases=("营收", "产值", "年营业收入"), secrecy="internal")
    marks = fields.words("资质", "Marks", aliases=("标签", "资质荣誉"), secrecy="public")
    ties = fields.text("与本地联系", "Ties with here", aliases=("联系线索", "供货关系"), secrecy="internal")
    source = fields.text("来源", "Source", aliases=("资料来源", "数据来源"), secrecy="public")

    class Table:
        zh, en, key, caption = "区外布局", "Presence elsewhere", ("name", "chain_node"), "name"
        title_words = ("区外布局", "区外龙头", "招商路线", "国内布局", "区域分布", "目标城市")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "chain_node"], name="one_presence_per_node")]


from liantu.chains.check_models import PlacementCheck  # noqa: E402, F401  a record of this room in its own file
