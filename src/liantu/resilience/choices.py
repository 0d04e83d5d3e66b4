"""The words of the watch: lanes, levels, verdicts, kinds of signs and of stops."""

from __future__ import annotations

from liantu.kernel.columns import Choice

LANES = (Choice("risk", "风险预警", "Warnings"), Choice("standing", "结构风险", "Standing risks"), Choice("data", "数据质量", "Data quality"))
LEVELS = (Choice("blue", "蓝", "Blue", ("蓝色", "四级", "Ⅳ级", "IV级")), Choice("yellow", "黄", "Yellow", ("黄色", "三级", "Ⅲ级", "III级")),
          Choice("orange", "橙", "Orange", ("橙色", "二级", "Ⅱ级", "II级")), Choice("red", "红", "Red", ("红色", "一级", "Ⅰ级", "I级")))
RANK = {choice.value: rank for rank, choice in enumerate(LEVELS, 1)}
"""Blue 1 to red 4: the order of the emergency-response law, four levels."""

VERDICTS = (Choice("real", "属实", "Real", ("真", "确认")), Choice("false", "误报", "False alarm", ("不属实", "虚警")), Choice("maintenance", "检修", "Maintenance", ("计划检修", "停机检修")),
            Choice("seasonal", "季节性", "Seasonal", ("淡季", "季节")), Choice("data_error", "数据有误", "Data error", ("数据错误", "数据问题")))
RELOCATION_KINDS = (
    Choice("branch_elsewhere", "异地新设同业子公司", "New subsidiary of the same trade elsewhere", ("异地设子公司", "外地设厂", "异地投资新厂")),
    Choice("address_changed", "住所变更", "Registered address changed", ("注册地址变更", "地址变更", "迁址")),
    Choice("lease_ended", "厂房退租", "Plant lease ended", ("退租", "厂房到期退租")),
    Choice("equipment_moved", "设备异地转移", "Equipment moved elsewhere", ("设备转移", "设备搬迁", "设备外运")),
    Choice("owner_elsewhere", "股权变更至异地主体", "Shares passed to an owner elsewhere", ("股权变更", "股权转让至异地", "股权外转")))
STOP_KINDS = (
    Choice("line", "单线停产", "One line stopped", ("部分停产", "停线", "半停产", "单条线停产")), Choice("whole", "全面停产", "All production stopped", ("停产", "全线停产", "全厂停产")),
    Choice("maintenance", "计划检修", "Planned maintenance", ("检修", "停机检修", "年度检修", "大修")))

SERIES = (Choice("power_kwh", "用电量", "Electricity"), Choice("output", "产值", "Output"), Choice("employees", "从业人数", "Employees"), Choice("orders", "在手订单", "Orders in hand"),
          Choice("tax", "税收", "Tax"))
UNITS = {"power_kwh": "kWh", "output": "万元", "employees": "人", "orders": "万元", "tax": "万元"}
