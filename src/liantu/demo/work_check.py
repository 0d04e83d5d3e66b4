"""The known answers about projects, cases, policies, routes and the month's changes as sets, beside what the outputs say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from liantu.demo.planted import Planted

Sets = dict[str, AbstractSet[Any]]

WORDS = {
    "dirt": "新表脏数据", "red_projects": "亮红灯的项目", "yellow_projects": "亮黄灯的项目", "unproven_stages": "缺佐证的阶段", "overdue": "超期的问题", "no_proof": "无佐证销号", "stalled": "停滞的问题",
    "unsatisfied": "企业不满意", "chief": "提请链长的问题", "general": "提请总链长的问题", "expired_policies": "过期政策", "unreviewed_policies": "未做公平竞争审查", "chokepoints": "卡脖子路线",
    "presence": "缺失环节去哪里招",
    "firms_entered": "变化：新进企业", "firms_left": "变化：退出企业", "firms_raised": "变化：升规企业", "firms_moved": "变化：企业换环节", "nodes_changed": "变化：环节状态",
    "projects_new": "变化：新增项目", "projects_moved": "变化：项目进阶段", "projects_state": "变化：项目暂停终止", "cases_opened": "变化：新增问题", "cases_closed": "变化：办结问题",
    "cases_overdue": "变化：新超期问题", "policies_new": "变化：新政策", "policies_expired": "变化：失效政策",
}
CASE_KINDS = ("overdue", "no_proof", "stalled", "unsatisfied", "chief", "general")


def known_work(planted: Planted) -> Sets:
    """What is true, by the keys of WORDS."""
    told: Sets = {
        "dirt": {(*d["place"], d["code"]) for d in planted.dirt}, "red_projects": {p["name"] for p in planted.red_projects},
        "yellow_projects": {p["name"] for p in planted.yellow_projects},
        "unproven_stages": {tuple(pair) for pair in planted.unproven_stages}, "expired_policies": set(planted.expired_policies),
        "unreviewed_policies": set(planted.unreviewed_policies),
        "chokepoints": {(c["node"], c["route"]) for c in planted.chokepoints}, "presence": {(node, city) for node, cities in planted.presence.items() for city in cities}}
    told |= {kind: set(planted.cases.get(kind, ())) for kind in CASE_KINDS}
    return told | known_changes(planted.changes)


def known_changes(changes: Mapping[str, Any]) -> Sets:
    """The planted differences between the two formal editions; empty where no second month was made."""
    if not changes:
        return {}
    plain = ("firms_entered", "firms_raised", "projects_new", "projects_state", "cases_opened", "cases_closed", "cases_overdue", "policies_new", "policies_expired")
    return {name: set(changes[name]) for name in plain} | {
        "firms_left": {f["uscc"] for f in changes["firms_left"]}, "firms_moved": {(f["uscc"], f["before"], f["after"]) for f in changes["firms_moved"]},
        "nodes_changed": {(n["node"], n["before"], n["after"]) for n in changes["nodes_changed"]},
        "projects_moved": {(p["name"], p["before"], p["after"]) for p in changes["projects_moved"]}}
