"""Time of laying out and drawing a chain map, beside a naive placing that compares every pair of boxes and flows.

Run: ``python benchmarks/bench_drawing.py``. The naive placing is what a first attempt does: columns as given, boxes
pushed down until none overlaps any other, crossings counted pair by pair while neighbours are swapped.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from liantu.drawing import MapGroup, MapLink, MapNode, MapStage, lay_out, to_svg
from liantu.drawing.ordering import crossings, order_groups


def chain(nodes: int, stages: int = 6, seed: int = 7):
    draw = random.Random(seed)
    columns = [MapStage(f"s{i}", f"阶段{i}", f"Stage {i}") for i in range(stages)]
    groups = [MapGroup(f"g{i}", "关键材料", "Materials", f"s{i % stages}") for i in range(max(stages, nodes // 5))]
    made = [MapNode(f"n{i}", "六氟磷酸锂"[: 2 + i % 4], f"Node {i}", groups[i % len(groups)].code,
                    draw.choice(("strong", "fair", "weak", "missing")), draw.randint(0, 40)) for i in range(nodes)]
    links = []
    while len(links) < 2 * nodes:
        one, two = draw.sample(made, 2)
        gap = int(two.group[1:]) % stages - int(one.group[1:]) % stages
        if gap in (1, 2):
            links.append(MapLink(one.code, two.code, "材料", draw.randint(1, 5)))
    return columns, groups, made, links


def flows_of(groups, nodes, links):
    home = {node.code: node.group for node in nodes}
    total: dict[tuple[str, str], float] = {}
    for link in links:
        key = home[link.source], home[link.target]
        total[key] = total.get(key, 0.0) + link.weight
    return [(a, b, weight) for (a, b), weight in sorted(total.items())]


def naive(columns, groups, nodes, links) -> list[list[str]]:
    """Swap neighbours while the pairwise count of crossings falls, then push overlapping cards apart pair by pair."""
    order = [[group.code for group in groups if group.stage == stage.code] for stage in columns]
    flows = flows_of(groups, nodes, links)

    def crossed() -> int:
        place = {code: (i, (j + 0.5) / len(column)) for i, column in enumerate(order) for j, code in enumerate(column)}
        lines = [sorted((place[a], place[b])) for a, b, _ in flows]
        return sum(a[0][0] == b[0][0] and a[1][0] == b[1][0] and (a[0][1] - b[0][1]) * (a[1][1] - b[1][1]) < 0
                   for i, a in enumerate(lines) for b in lines[:i])

    fewest = crossed()
    for column in order:
        for row in range(len(column) - 1):
            column[row], column[row + 1] = column[row + 1], column[row]
            count = crossed()
            if count < fewest:
                fewest = count
            else:
                column[row], column[row + 1] = column[row + 1], column[row]
    spots = {node.code: [int(node.group[1:]) % len(columns), 0.0] for node in nodes}
    for i, node in enumerate(nodes):
        for other in nodes[:i]:
            if spots[other.code][0] == spots[node.code][0] and spots[other.code][1] >= spots[node.code][1]:
                spots[node.code][1] = spots[other.code][1] + 30
    return order


def timed(work: Callable[[], object], rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def main() -> None:
    for nodes in (95, 148, 500):
        data = chain(nodes)
        ours = timed(lambda data=data: to_svg(lay_out(*data, collapse_above=10_000), title="图"), 3)
        collapsed = timed(lambda data=data: to_svg(lay_out(*data), title="图"), 3)
        peer = timed(lambda data=data: naive(*data), 1)
        columns, groups, made, links = data
        given, flows = [[g.code for g in groups if g.stage == s.code] for s in columns], flows_of(groups, made, links)
        before, after, theirs = (crossings(order, flows) for order in (given, order_groups(given, flows), naive(*data)))
        ordering = timed(lambda given=given, flows=flows: order_groups(given, flows), 3)
        print(f"{nodes:4d} nodes: layout+SVG {ours * 1000:7.1f} ms (default form {collapsed * 1000:6.1f} ms); ordering alone "
              f"{ordering * 1000:6.1f} ms, naive placing alone {peer * 1000:8.1f} ms; naive placing ÷ (layout+SVG) "
              f"{peer / ours:5.2f}, ÷ ordering {peer / ordering:6.2f}; crossings given {before}, naive {theirs}, ours {after}")


if __name__ == "__main__":
    main()
