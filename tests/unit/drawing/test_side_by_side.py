from __future__ import annotations

from itertools import combinations

import pytest

from liantu.drawing.scene import Group, Rect, Words, extent, walk
from liantu.drawing.side_by_side import Column, Section, choose_form, side_by_side

from .conftest import random_chain


def column(code, nodes, stages=6, seed=1):
    columns, groups, made, _ = random_chain(nodes, stages, seed)
    sections = tuple(Section(stage.zh, group.zh + group.code, tuple(n for n in made if n.group == group.code)) for stage in columns for group in groups if group.stage == stage.code)
    return Column(code, f"产业链{code}", 0.6, nodes * 3, ("某某新能源股份有限公司", "另一家公司"), sections, "P123")


FIVE = [column(str(n), size, seed=n) for n, size in enumerate((80, 95, 108, 129, 148))]


def nodes_of(scene):
    return [g for g in walk(scene.items) if isinstance(g, Group) and g.code.startswith("node:")]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("size", "form"), [((1156, 600), "cells"), ((1080, 470), None), ((1304, 860), "cells"), ((1640, 1080), "named")])
def test_every_node_of_five_chains_is_shown_inside_the_sheet(size, form, language):
    scene = side_by_side(FIVE, language=language, width=size[0], height=size[1])
    for item in walk(scene.items):
        box = extent(item)
        assert box.x >= -0.5 and box.right <= size[0] + 0.5 and box.y >= -0.5 and box.bottom <= size[1] + 0.5, item
    if form is None:
        return
    nodes = nodes_of(scene)
    assert len(nodes) == 560
    cells = [extent(g.items[0]) for g in nodes]
    by_row = sorted(cells, key=lambda b: (b.y, b.x))
    assert not any(a.overlaps(b) for a, b in zip(by_row, by_row[1:], strict=False))
    assert any(isinstance(i, Words) for i in nodes[0].items) is (form == "named")


def test_names_on_a_wall_sheet_stand_apart_and_are_tall_enough():
    scene = side_by_side(FIVE, width=1640, height=1080)
    words = [(w, extent(w)) for g in nodes_of(scene) for w in g.items if isinstance(w, Words) and not w.text.isdigit()]
    points_per_px, millimetres = 1.95, 25.4 / 72
    assert min(w.size for w, _ in words) * points_per_px * millimetres >= 2.5
    for (_, a), (_, b) in zip(words, words[1:], strict=False):
        assert not (a.overlaps(b) and abs(a.y - b.y) < 2)


def test_a_chain_with_too_many_groups_is_told_by_stage():
    form = choose_form([column("x", 1000)], 210, 420)
    assert form.kind == "counts"
    scene = side_by_side([column("x", 1000)], width=300, height=500)
    assert any("按阶段合计" in w.text for w in walk(scene.items) if isinstance(w, Words))


@pytest.mark.parametrize("count", [1, 5, 7, 12])
def test_any_number_of_chains_finds_room(count):
    chains = [column(str(n), 40, 4, seed=n) for n in range(count)]
    scene = side_by_side(chains, width=1156, height=900)
    boxes = [extent(g.items[0]) for g in scene.items if isinstance(g, Group) and isinstance(g.items[0], Rect) and g.passport]
    assert len(boxes) == count and not any(a.overlaps(b) for a, b in combinations(boxes, 2))


def test_gaps_are_named_and_the_rest_counted():
    scene = side_by_side(FIVE, width=1156, height=600, href=lambda code: f"/{code}")
    told = [w.text for w in walk(scene.items) if isinstance(w, Words)]
    assert any(text.startswith("缺 ") for text in told) and any("…还有" in text for text in told)
    assert {g.href for g in walk(scene.items) if isinstance(g, Group) and g.code.startswith("chain:")} == {f"/{n}" for n in range(5)}


def test_status_survives_black_and_white():
    looks = {}
    for group in nodes_of(side_by_side(FIVE, width=1156, height=600)):
        status = next(s for s in ("优势", "基本", "薄弱", "风险", "缺失") if s in group.tip)
        first = group.items[0]
        looks.setdefault(status, set()).add((len([i for i in group.items if type(i).__name__ in ("Rect", "Polygon")]), first.paint.dash, first.paint.fill == first.paint.line,
                                             tuple(type(i).__name__ for i in group.items[:2] if type(i).__name__ != "Circle")))
    shapes = [frozenset(value) for value in looks.values()]
    assert len(looks) == 5 and not any(a & b for a, b in combinations(shapes, 2))
