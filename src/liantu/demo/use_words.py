"""End uses of what the chains make, by group of nodes: use, who buys, who pays. Plain data, general knowledge."""

from __future__ import annotations

from liantu.chains import Node
from liantu.demo.nodes import industrial_code

MARKETS = ("需求平稳增长", "需求较快增长，价格竞争激烈", "国产替代空间较大", "高端供给不足", "增量主要来自出口和替换", "季节性明显", "认证周期长、客户黏性强")

EndUse = tuple[str, str, str]
_USES: dict[tuple[str, str], tuple[EndUse, ...]] = {
    ("nev_battery", "ore basic_chemical lithium_salt cathode anode electrolyte separator_foil cell"): (
        ("新能源乘用车", "整车企业", "整车企业"), ("电网侧储能电站", "发电和电网企业", "电站投资方"), ("两轮车与轻型动力", "电动两轮车企业", "消费者")),
    ("nev_battery",
     "basic_metal metal_material function_material cell_part power_part drive_part light_part chassis_body trim_part smart_part pack_system e_drive fuel_cell"): (
        ("新能源乘用车配套", "整车企业", "整车企业"), ("商用车和专用车配套", "商用车企业", "商用车企业"), ("售后替换", "维修连锁", "车主")),
    ("nev_battery", "equipment engineering"): (("电池工厂新建扩建", "电池企业", "电池企业"), ("材料产线改造", "材料企业", "材料企业")),
    ("nev_battery", "vehicle_make light_electric mobility"): (("家庭出行", "个人消费者", "消费者"), ("网约和城市配送", "运营公司", "运营公司"), ("公务和市政用车", "机关事业单位", "财政资金")),
    ("nev_battery", "storage charging"): (("工商业园区储能充电", "园区和工厂", "用电企业"), ("新能源电站配储", "风光电站", "电站投资方"), ("公共充电场站", "充电运营商", "车主")),
    ("nev_battery", "recycling"): (("再生电池材料", "正极材料企业", "材料企业"), ("再生金属", "冶炼企业", "冶炼企业")),
    ("nonferrous_processing", "base_ore rare_ore scrap base_smelting rare_smelting pure_metal"): (("金属加工材", "铜铝加工企业", "加工企业"), ("国家和商业储备", "储备和贸易公司", "贸易公司")),
    ("nonferrous_processing", "copper_semi wire_foil electronic_material"): (("电力设备和线缆", "电网和设备企业", "设备企业"), ("电子信息", "电子元器件企业", "电子企业"), ("新能源汽车", "电驱和线束企业", "整车企业")),
    ("nonferrous_processing", "aluminium_semi aluminium_deep light_alloy titanium_deep"): (("汽车轻量化", "零部件企业", "整车企业"), ("建筑门窗", "建筑和幕墙企业", "业主"),
                                                                                           ("航空航天", "航空制造企业", "主机厂")),
    ("nonferrous_processing", "powder hard_metal process_equipment"): (("机械加工", "机床和刀具用户", "制造企业"), ("矿山和隧道工程", "工程企业", "工程企业"), ("模具制造", "模具企业", "制造企业")),
    ("nonferrous_processing", "rare_earth_material equipment_use consumer_use service"): (("新能源汽车电机", "电机企业", "整车企业"), ("节能家电", "家电企业", "消费者"),
                                                                                          ("风力发电", "风机企业", "电站投资方")),
    ("medicine_food", "herbs herb_processing traditional_drugs"): (("医院中医处方", "各级中医院", "医保基金和患者"), ("零售药店", "连锁药店", "消费者"), ("药膳与康养", "康养机构", "消费者")),
    ("medicine_food", "bio_chem_raw pharma_pack active_ingredients chemical_drugs biologics research"): (("医院用药", "各级医院", "医保基金和患者"), ("集中带量采购", "医药采购平台", "医保基金"),
                                                                                                         ("原料药出口", "境外制药企业", "制药企业")),
    ("medicine_food", "devices diagnostics equipment testing medical_terminal medical_distribution"): (("医院诊疗", "各级医院", "医院"), ("基层医疗机构", "卫生院和社区中心", "财政资金和医保"),
                                                                                                       ("家庭健康", "电商和药店", "消费者")),
    ("medicine_food", "farm_raw food_pack food_ingredients staple_foods food_distribution food_terminal"): (("家庭消费", "商超和电商", "消费者"), ("连锁餐饮供应", "餐饮企业", "餐饮企业"),
                                                                                                            ("学校和单位食堂", "集中配送企业", "用餐单位")),
    ("medicine_food", "leisure_drinks health_products"): (("休闲零售", "便利店和零食连锁", "消费者"), ("节日礼品", "商超和电商", "消费者")),
    ("digital_culture", "culture_source data_source digital_content creative_service"): (("大众文化消费", "平台用户", "消费者"), ("景区和城市夜游", "景区、文旅公司", "景区运营方"),
                                                                                         ("品牌联名", "消费品企业", "品牌方")),
    ("digital_culture", "circuits display_sensing parts terminals"): (("消费电子整机", "整机品牌", "消费者"), ("文旅智能终端", "景区和展馆", "景区运营方"), ("车载显示", "汽车电子企业", "整车企业")),
    ("digital_culture", "infrastructure intelligence"): (("政务与公共文化", "文旅和宣传部门", "财政资金"), ("内容生产", "内容企业", "内容企业"), ("智慧景区", "景区运营方", "景区运营方")),
    ("digital_culture", "audio_visual play_equipment"): (("演艺场馆", "剧院和演艺公司", "场馆业主"), ("主题乐园", "乐园运营方", "乐园投资方")),
    ("digital_culture", "attractions hospitality cultural_consumption"): (("周末短途游", "散客家庭", "消费者"), ("研学团队", "学校和旅行社", "家庭"), ("会展商旅", "企业客户", "企业")),
    ("specialty_agriculture", "breeding farm_inputs machinery farm_service testing_trace"): (("规模基地", "种植养殖企业", "基地经营者"), ("合作社与农户", "合作社", "农户")),
    ("specialty_agriculture", "packaging cold_logistics trade brand_sales end_use"): (("电商直发", "电商平台商家", "消费者"), ("商超门店", "商超连锁", "消费者"), ("出口", "农产品出口企业", "境外客户")),
    ("specialty_agriculture", "orchards laying_birds fruit_primary egg_primary"): (("鲜食消费", "商超和水果店", "消费者"), ("食品工业原料", "食品加工企业", "加工企业"), ("烘焙与餐饮", "烘焙连锁", "餐饮企业")),
    ("specialty_agriculture", "bamboo_forest bamboo_primary shoot_food bamboo_product"): (("餐饮食材", "餐饮和预制菜企业", "餐饮企业"), ("家居日用", "商超和电商", "消费者"),
                                                                                          ("以竹代塑制品", "餐饮和酒店用品商", "用品商")),
    ("specialty_agriculture", "fruit_food fruit_extract egg_food egg_extract"): (("休闲食品", "零食连锁和电商", "消费者"), ("保健和日化原料", "保健品和日化企业", "生产企业"), ("烘焙原料", "烘焙企业", "烘焙企业")),
}
END_USES = {f"{chain}/{group}": uses for (chain, groups), uses in _USES.items() for group in groups.split()}


def buyer_of(target: Node) -> tuple[str, str]:
    """Who buys for a node and who pays: its makers, or whoever runs it."""
    making = any(industrial_code(c) for c in target.industry_codes)
    who = f"{target.zh}{'企业' if making else '单位'}"
    return who, who
