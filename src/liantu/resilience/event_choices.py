"""Allowed values of risk events, their steps, tasks and drills, as plain data."""

from __future__ import annotations

from liantu.kernel.columns import Choice

CAUSES = (
    Choice("firm_stopped", "企业停产", "Firm stopped", ("停产", "半停产")), Choice("cut_off", "断供", "Supplier cut off", ("供应商断供", "区外断供")),
    Choice("road_closed", "道路中断", "Road closed", ("封路",)),
    Choice("item_banned", "物项受限", "Item banned", ("出口管制", "禁售")), Choice("power_lost", "停电限电", "Power lost", ("停电", "限电")),
    Choice("price", "价格异动", "Price shock", ("涨价",)),
    Choice("other", "其他", "Other"))
COLOURS = (Choice("red", "红色", "Red", ("一级", "Ⅰ级")), Choice("orange", "橙色", "Orange", ("二级", "Ⅱ级")), Choice("yellow", "黄色", "Yellow", ("三级", "Ⅲ级")),
           Choice("blue", "蓝色", "Blue", ("四级", "Ⅳ级")),
           Choice("green", "绿色", "Green"))
RANKS = {"red": 4, "orange": 3, "yellow": 2, "blue": 1, "green": 0}  # what is worse, in every set of colours
STATES = (Choice("signal", "待核实", "To be verified", ("发现",)), Choice("verified", "已核实", "Verified"), Choice("graded", "处置中", "Being handled", ("已定级",)),
          Choice("handled", "已处置", "Handled"),
          Choice("reviewed", "已复盘", "Reviewed"), Choice("lifted", "已解除", "Lifted"), Choice("dismissed", "已查否", "Dismissed", ("误报",)))
ENDED = ("lifted", "dismissed")
STEPS = (
    Choice("open", "发现登记", "Opened"), Choice("join", "并入信号", "Signal joined"), Choice("verify", "核实属实", "Verified"), Choice("dismiss", "查否", "Dismissed"),
    Choice("grade", "研判定级", "Graded"),
    Choice("raise", "升级", "Level raised"), Choice("lower", "降级", "Level lowered"), Choice("fill", "测算填入", "Filled in from data"), Choice("note", "情况记录", "Note"),
    Choice("task", "任务进展", "Task moved"),
    Choice("handle", "处置完成", "Handled"), Choice("resume", "恢复处置", "Handling resumed"), Choice("review", "复盘", "Reviewed"), Choice("lift", "解除", "Lifted"))
FOUND_BY = (Choice("system", "系统信号", "Signal of the system"), Choice("firm", "企业报告", "Firm"), Choice("office", "部门报告", "Office"), Choice("visit", "走访发现", "Visit"),
            Choice("other", "其他", "Other"))
TASK_KINDS = (
    Choice("substitute", "替代供应商对接", "Substitute suppliers"), Choice("supply", "保供协调", "Keeping supply going"), Choice("finance", "金融", "Finance"),
    Choice("labour", "用工", "Labour"),
    Choice("transport", "运输", "Transport"), Choice("energy", "用能", "Energy"), Choice("superior", "向上协调", "Asking higher levels"), Choice("inform", "信息报送", "Reporting"),
    Choice("check", "现场核查", "On-site check"),
    Choice("other", "其他", "Other"))
TASK_STATES = (Choice("todo", "待办", "To do"), Choice("doing", "办理中", "In hand"), Choice("done", "已完成", "Done"), Choice("dropped", "不再需要", "Dropped"))
SUPPLY_KINDS = (Choice("local", "区内替代", "In the district"), Choice("outside", "区外采购", "Outside"), Choice("short", "缺口", "Short"))
DRILL_STATES = (Choice("planned", "待开始", "Planned"), Choice("running", "进行中", "Running"), Choice("paused", "暂停", "Paused"), Choice("ended", "已结束", "Ended"))
MARKS = (Choice("in_time", "按时", "In time"), Choice("late", "超时", "Late"), Choice("missed", "未做", "Not done"))
EXPECTED = (*(c for c in STEPS if c.value in ("verify", "grade", "raise", "lower", "fill", "note", "handle", "review")), Choice("phone", "电话核实", "Phone list"),
            *(Choice(f"task:{c.value}", f"任务：{c.zh}", f"Task: {c.en}") for c in TASK_KINDS))  # what an inject of a drill may ask for
