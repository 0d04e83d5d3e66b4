"""Small chains and firms made up for the tests; the folder of real data, where there is one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from liantu.methods.placement import NodeText, Placer


def node(code: str, name: str, products: str, codes: str, *words: str) -> NodeText:
    """A node from space-separated words; ``words`` may hold synonyms and excludes."""
    synonyms, excludes = (*words, "", "")[:2]
    return NodeText(code, name, tuple(synonyms.split()), tuple(products.split()), tuple(excludes.split()),
                    tuple(codes.split()), chain=code.partition("/")[0])


NODES = (
    node("battery/cell", "方形电芯", "方形铝壳电池 锂离子电池 储能电芯", "3841", "方壳电池", "电芯检测设备"),
    node("battery/cathode", "正极材料", "磷酸铁锂正极材料 三元正极材料 锰酸锂", "3985 2613"),
    node("battery/anode", "负极材料", "人造石墨负极 石墨负极材料 硅碳负极", "3091"),
    node("battery/electrolyte", "电解液", "锂电池电解液 六氟磷酸锂", "3985", "", "电解液添加剂"),
    node("battery/separator", "隔膜", "锂电池隔膜 湿法隔膜", "2921"),
    node("battery/equipment", "锂电设备", "涂布机 卷绕机 锂电池生产设备", "3569"),
    node("battery/recycling", "电池回收", "动力电池回收 废旧电池回收 梯次利用", "4210 7723"),
    node("battery/charging", "充电运营", "充电桩运营 电动汽车充电服务 充电设施运营", "5268"),
    node("car/car", "整车", "新能源汽车 乘用车 电动汽车", "3612", "汽车整车", "汽车模型"),
    node("car/seat", "汽车座椅", "汽车座椅 座椅总成", "3670"),
    node("car/glass", "汽车玻璃", "汽车安全玻璃 夹层玻璃", "3042"),
    node("car/tyre", "轮胎", "子午线轮胎 汽车轮胎", "2911"),
    node("car/repair", "维修保养", "汽车维修 汽车修理 汽车保养", "8111"),
    node("car/dealer", "整车销售", "汽车销售 新车销售", "5261", "汽车经销"),
    node("food/flour", "面粉", "小麦粉 面粉加工", "1311"),
    node("food/bakery", "糕点", "面包 月饼 饼干", "1411", "烘焙食品"),
    node("food/meat", "肉制品", "腊肉制品 火腿肠 肉制品加工", "1353"),
    node("food/drink", "饮料", "碳酸饮料 果汁饮料 瓶装饮用水", "1522 1521"),
    node("food/wheat", "小麦种植", "小麦 玉米 稻谷", "0111 0112", "", "小麦胚芽"),
    node("food/restaurant", "餐饮", "餐饮服务 中餐 正餐服务", "6210"),
    node("food/wholesale", "食品批发", "预包装食品批发 粮油批发", "5121"),
    node("soft/software", "应用软件", "计算机软件 应用软件开发 软件开发", "6513"),
    node("soft/integration", "系统集成", "计算机系统集成 信息系统集成", "6531"),
    node("soft/chip", "芯片", "集成电路 半导体芯片 ASIC芯片", "3973"),
    node("soft/resin", "封装树脂", "不饱和聚酯树脂 环氧树脂", "2651"),
)


@pytest.fixture(scope="session")
def nodes() -> tuple[NodeText, ...]:
    """The nodes of four small chains."""
    return NODES


@pytest.fixture(scope="session")
def placer() -> Placer:
    """A placer over the small chains; its thresholds belong to these tests alone."""
    return Placer(NODES, likely=0.55, verify=0.3)


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder named by LIANTU_DATA; tests that need it are skipped without."""
    folder = os.environ.get("LIANTU_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("环境变量 LIANTU_DATA 未指向数据目录，跳过 (LIANTU_DATA names no folder of real data)")
    return Path(folder)
