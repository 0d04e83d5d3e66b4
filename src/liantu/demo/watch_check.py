"""What was planted for the watch beside what its rules say: every planted trouble told, no false friend told. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from liantu.demo.planted import Planted

WATCHED = {"slow_decline": "缓慢下滑", "stock_days": "库存告急", "import_dependence": "进口依赖", "orders_fall": "订单下滑", "relocation_signs": "外迁迹象", "stop_reports": "停产停线", "insured_fall": "参保骤降",
           "staff_cuts": "缓慢减员"}
FRIENDS = {"slack_season": "不报：淡季", "planned_maintenance": "不报：计划检修", "spring_festival": "不报：春节低谷", "recovered_stock": "不报：库存已恢复", "old_sign": "不报：陈旧迹象", "ended_stop": "不报：已复产"}
Told = Mapping[str, AbstractSet[str]]


def known_watch(planted: Planted) -> dict[str, set[str]]:
    """Firms that must be told, by kind."""
    return {kind: set(codes) for kind, codes in planted.watch.get("found", {}).items()}


def known_friends(planted: Planted) -> dict[str, set[str]]:
    """Firms that must not be told, by kind."""
    return {kind: set(codes) for kind, codes in planted.watch.get("not_found", {}).items()}
