"""Small districts whose cascades are worked out by hand: the worked examples E1 and E2 of the engine as records of firms, nodes and links."""

from __future__ import annotations

from typing import Any

from tests.unit.maps_and_lists.district import District


def district(nodes: dict[str, bool], links: list[tuple[str, str, int]], firms: dict[str, str | None], trade: list[tuple[str | None, str | None, str, float | None]],
             revenue: dict[str, float], **more: Any) -> District:
    """``nodes``: name → critical; ``links``: (from, to, weight); ``firms``: name → its node; ``trade``: (supplier, customer, item node, amount), None for outside."""
    made = District()
    made.put("chain", code="c", name="电池链", name_en="Battery")
    places = {name: made.put("chain_node", code=f"c/{name}", chain=1, name=name, position=at, weight=1, critical=critical) for at, (name, critical) in enumerate(nodes.items(), 1)}
    for source, target, weight in links:
        made.put("node_link", source=places[source], target=places[target], item=source, weight=weight)
    ids = {}
    for name, node in firms.items():
        ids[name] = made.put("enterprise", name=name, status="active", park=None, **more.get(name, {}))
        if node:
            made.put("placement", enterprise=ids[name], chain_node=places[node], grade="confirmed", score=1.0)
        if name in revenue:
            made.put("annual_figure", enterprise=ids[name], year=2025, output=revenue[name], revenue=revenue[name], employees=int(revenue[name]), tax=revenue[name] / 10)
    for supplier, customer, item, amount in trade:
        made.put("supply_link", supplier=ids.get(supplier or ""), customer=ids.get(customer or ""), supplier_name=supplier or "区外供应商", customer_name=customer or "区外客户", item=item,
                 chain_node=places.get(item), amount=amount, year=2025)
    return made


def e1() -> District:
    """E1: 1 → 2: 10, 2 → 3: 10, all essential, closed."""
    return district({"料": True, "芯": True, "车": False}, [("料", "芯", 1), ("芯", "车", 1)], {"甲": "料", "乙": "芯", "丙": "车"}, [("甲", "乙", "料", 10.0), ("乙", "丙", "芯", 10.0)],
                    {"甲": 10.0, "乙": 10.0, "丙": 0.0})


def e2() -> District:
    """E2: six firms in three sectors, with firms that can stand in for each other."""
    firms = {"1": "a", "2": "a", "3": "b", "4": "b", "5": "b", "6": "c"}
    trade = [("1", "3", "a", 6.0), ("2", "3", "a", 4.0), ("1", "4", "a", 6.0), ("2", "5", "a", 4.0), ("3", "6", "b", 10.0), ("4", "6", "b", 3.0), ("5", "6", "b", 2.0)]
    return district({"a": True, "b": True, "c": False}, [("a", "b", 1), ("b", "c", 1)], firms, trade, {"1": 12.0, "2": 8.0, "3": 10.0, "4": 3.0, "5": 2.0, "6": 0.0})
