"""Time of laying out and drawing the maps, beside naive drawings.

Run: ``python benchmarks/bench_drawing.py``. The naive placing of the chain map is what a first attempt does: columns as given,
boxes pushed down until none overlaps any other, crossings counted pair by pair while neighbours are swapped. The naive drawing of
technology routes and applications puts every row on one endless sheet as it comes: nothing grouped, fitted, ordered or paged.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path

import polars as pl

from liantu.drawing import MapGroup, MapLink, MapNode, MapStage, lay_out, to_svg
from liantu.drawing.application import application_scene
from liantu.drawing.ordering import crossings, order_groups
from liantu.drawing.scene import Group, walk
from liantu.drawing.scene_slide import scene_shapes
from liantu.drawing.scene_svg import scene_svg
from liantu.drawing.shapes import Box
from liantu.drawing.technology import technology_scene
from liantu.kernel.edition import save_edition, schema_of
from liantu.kernel.home import setup
from liantu.kernel.output import Result, output_of


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


def rows_of(output: str, count: int, seed: int = 7) -> list[dict[str, object]]:
    """Routes or applications of a made-up chain, about four to a node."""
    draw, found = random.Random(seed), []
    for at in range(count):
        node = at // 4
        row = {"chain_code": "c", "stage_name": f"阶段{node // 8}", "group_name": "关键材料", "node_code": f"c/{node}", "node_name": f"环节{node}", "position": node, "critical": node % 4 == 0, "node_status": "weak"}
        if output == "technology_map":
            since = draw.randint(1995, 2024)
            row |= {"route": at, "name": f"技术路线{at}", "kind": draw.choice(("mainstream", "alternative", "frontier")), "maturity": draw.randint(1, 9), "chokepoint": draw.random() < 0.3,
                    "local_grasp": draw.choice(("none", "following", "mastered", "leading")), "leaders": "某某公司、另一公司", "since_year": since, "until_year": since + draw.randint(5, 30)}
        else:
            row |= {"application": at, "product": f"产品{node}", "use": f"用途{draw.randint(0, count // 3)}", "buyer": f"买方{draw.randint(0, count // 4)}", "payer": "消费者",
                    "local_customers": draw.choice((None, f"客户{draw.randint(0, count // 4)}"))}
        found.append(row)
    return found


def plain_svg(rows: list[dict[str, object]], first: str, second: str) -> str:
    """Every row as it comes, a box for each end and a line between, on one endless sheet."""
    parts = []
    for at, row in enumerate(rows):
        y = 20 * at
        parts.append(f'<rect x="0" y="{y}" width="300" height="16" fill="#eee"/><text x="4" y="{y + 12}" font-size="11">{escape(str(row[first]))}</text><path d="M300 {y + 8}L400 {y + 8}" stroke="#999"/>'
                     f'<rect x="400" y="{y}" width="300" height="16" fill="#eee"/><text x="404" y="{y + 12}" font-size="11">{escape(str(row[second]))}</text>')
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="700" height="{20 * len(rows)}">{"".join(parts)}</svg>'


def crossed(scene) -> tuple[int, int]:
    """Crossings of the flows as drawn, and in the order in which the rows came."""
    groups = [item for item in walk(scene.items) if isinstance(item, Group)]
    flows = [(g.links[0], g.links[1], 1.0) for g in groups if ">" in g.code]
    drawn = [[g.code for g in sorted((g for g in groups if g.code.startswith(head) and ">" not in g.code), key=lambda g: g.items[0].y)] for head in "pubc"]
    given = [list(dict.fromkeys(end for flow in flows for end in flow[:2] if end.startswith(head))) for head in "pubc"]
    return crossings(drawn, flows), crossings(given, flows)


def scenes() -> None:
    for output, function, ends in (("technology_map", technology_scene, ("node_name", "name")), ("application_map", application_scene, ("product", "use"))):
        declared = output_of(output)
        schema = schema_of(declared)
        for count in (30, 130, 1000):
            rows = rows_of(output, count)
            frame = pl.DataFrame([{c.name: r.get(c.name) for c in declared.columns} for r in rows], schema={c.name: schema[c.name] for c in declared.columns})
            with tempfile.TemporaryDirectory() as folder:
                result = Result(declared, save_edition({"chain": pl.DataFrame({"id": [1], "code": ["c"]})}, number="1", as_of=date(2026, 10, 31), root=Path(folder)), frame)
                scene = function(result, "c", width=1156, height=600)
                laid = timed(lambda f=function, r=result: f(r, "c", width=1156, height=600), 3)
                svg, slide = timed(lambda s=scene: scene_svg(s), 3), timed(lambda s=scene: scene_shapes(s, Box(0, 0, 960, 540)), 3)
                whole = timed(lambda f=function, r=result, n=scene.pages: [scene_svg(f(r, "c", width=1156, height=600, page=at + 1)) for at in range(n)], 1)
            peer = timed(lambda rows=rows, ends=ends: plain_svg(rows, *ends), 3)
            told = "; crossings drawn {}, as given {}".format(*crossed(scene)) if output == "application_map" else ""
            print(f"{output} {count:4d} rows: layout {laid * 1000:6.1f} ms, SVG {svg * 1000:6.1f} ms, slide {slide * 1000:6.1f} ms, all {scene.pages} pages {whole * 1000:7.1f} ms; "
                  f"plain drawing of all rows {peer * 1000:5.1f} ms, one page ÷ plain {(laid + svg) / peer:5.1f}, all pages ÷ plain {whole / peer:5.1f}{told}")


def main() -> None:
    setup()
    scenes()
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
