"""Allowed values of the cases' records, as plain data."""

from __future__ import annotations

from liantu.kernel.columns import Choice

SOURCES = (Choice("firm", "企业", "Firm", ("企业反映", "企业提出")), Choice("visit", "走访", "Visit", ("走访收集", "调研")), Choice("meeting", "会议", "Meeting", ("调度会", "座谈会")),
           Choice("hotline", "热线", "Hotline", ("12345", "平台")), Choice("superior", "上级交办", "From above", ("领导交办", "交办件")))
CATEGORIES = (
    Choice("land", "用地", "Land", ("土地",)), Choice("labour", "用工", "Labour", ("招工",)), Choice("loan", "融资", "Finance", ("资金",)), Choice("energy", "用能", "Energy", ("用电", "用气")),
    Choice("logistics", "物流", "Logistics", ("交通",)), Choice("market", "市场", "Market", ("订单", "销售")), Choice("technology", "技术", "Technology"), Choice("approval", "审批", "Approval", ("手续",)),
    Choice("policy", "政策", "Policy", ("政策兑现",)), Choice("law", "法律", "Law"), Choice("other", "其他", "Other"))
STATES = (
    Choice("registered", "登记", "Registered", ("未启动", "已登记", "新增")), Choice("assigned", "交办", "Assigned", ("已交办",)), Choice("doing", "办理中", "In hand", ("推进", "推进中", "正在办理", "办理")),
    Choice("returned", "退回", "Returned"), Choice("done", "办结", "Done", ("已办结",)), Choice("called_back", "回访", "Called back", ("已回访",)), Choice("closed", "销号", "Closed", ("已销号",)),
    Choice("suspended", "挂起", "Suspended", ("待上级",)))
LEVELS = (Choice("office", "责任科室", "Office"), Choice("head", "牵头单位", "Head of the lead office", ("牵头单位主要负责人",)), Choice("chief", "链长", "Chain chief", ("提请链长",)),
          Choice("general", "总链长", "General chief", ("提请总链长",)))
SATISFACTION = (Choice("very", "非常满意", "Very satisfied"), Choice("satisfied", "满意", "Satisfied"), Choice("fair", "基本满意", "Fairly satisfied"), Choice("unsatisfied", "不满意", "Unsatisfied"))
