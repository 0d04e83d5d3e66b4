from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.drawing import MapGroup, MapLink, MapNode, MapStage, lay_out
from liantu.kernel.problems import UserError

from .conftest import random_chain


def assert_sound(layout, nodes):
    """Nothing overlaps, nothing leaves the canvas, every node stands once in its own group."""
    boxes = [item.box for item in layout.groups]
    assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
    for group in layout.groups:
        cards = [card for card in layout.cards if card.group_box == group.box]
        assert not any(a.box.overlaps(b.box) for a, b in combinations(cards, 2))
        for card in cards:
            assert card.node.group == group.group.code
            assert card.box.x >= group.box.x and card.box.right <= group.box.right + 0.01
            assert card.box.y >= group.box.y and card.box.bottom <= group.box.bottom + 0.01
    for box in boxes:
        assert box.x >= 0 and box.right <= layout.width + 0.01 and box.y >= 0 and box.bottom <= layout.height + 0.01
    if not layout.collapsed:
        assert sorted(card.node.code for card in layout.cards) == sorted(node.code for node in nodes)


@st.composite
def chains(draw):
    stages = [MapStage(f"s{i}", f"阶段{i}", "") for i in range(draw(st.integers(1, 7)))]
    sizes = draw(st.lists(st.tuples(st.integers(0, len(stages) - 1), st.integers(0, 14)), max_size=16))
    groups = [MapGroup(f"g{i}", "组" * (i % 12 + 1), "Group", f"s{stage}") for i, (stage, _) in enumerate(sizes)]
    nodes = []
    for group, (_, size) in zip(groups, sizes, strict=True):
        for _ in range(size):
            nodes.append(MapNode(f"n{len(nodes)}", draw(st.text(max_size=24)), draw(st.text(max_size=30)), group.code,
                                 draw(st.sampled_from(("strong", "fair", "weak", "at_risk", "missing"))),
                                 draw(st.integers(0, 99999)), draw(st.sampled_from(("", "某集团", "很长很长的链主企业简称")))))
    codes = [node.code for node in nodes] or ["n0"]
    links = draw(st.lists(st.builds(MapLink, st.sampled_from(codes), st.sampled_from([*codes, "nowhere"]), st.just("物料"),
                                    st.floats(0, 5)), max_size=40))
    return stages, groups, nodes, links


@settings(max_examples=60, deadline=None)
@given(chains())
def test_nothing_overlaps_and_every_node_stands_once(chain):
    layout = lay_out(*chain)
    assert_sound(layout, chain[2])
    assert len({(b.source, b.target) for b in layout.bundles}) == len(layout.bundles)
    known = {node.code for node in chain[2]}
    good = sum(link.source in known and link.target in known and link.source != link.target for link in chain[3])
    assert layout.left_out == len(chain[3]) - good


@pytest.mark.parametrize(("nodes", "stages"), [(50, 4), (83, 5), (95, 5), (95, 6), (148, 6)])
def test_the_whole_map_fits_one_screen(nodes, stages):
    """1140 × 600 px at 1440 × 900: the view box must not be shrunk by more than the crowded canvas allows."""
    layout = lay_out(*random_chain(nodes, stages))
    shrink = max(layout.width / 1140, (layout.height + 26) / 600)
    assert shrink <= (1.0 if nodes <= 95 else 1.17)
    assert layout.density.name_size / shrink >= 9


def test_more_nodes_than_the_limit_are_told_by_counts():
    chain = random_chain(200)
    layout = lay_out(*chain)
    assert layout.collapsed and not layout.cards and not layout.paths
    assert sum(group.size for group in layout.groups) == 200
    assert sum(group.firms for group in layout.groups) == sum(node.firms for node in chain[2])
    assert_sound(layout, chain[2])


def test_a_flow_that_passes_a_column_goes_around_its_boxes():
    layout = lay_out(*random_chain(60, 5, seed=4))
    at = {group.group.code: group for group in layout.groups}
    for bundle in layout.bundles:
        ends = {at[bundle.source].column, at[bundle.target].column}
        for x, y in (point for point in bundle.path[1:] if len(point) == 2):
            inside = [g for g in layout.groups if g.column not in ends and g.box.x <= x <= g.box.right and g.box.y < y < g.box.bottom]
            assert not inside


def test_same_input_same_layout(chain):
    assert lay_out(*chain) == lay_out(*chain)


def test_links_are_gathered_between_groups():
    stages = [MapStage("a", "上游", "Up"), MapStage("b", "下游", "Down")]
    groups = [MapGroup("x", "甲", "X", "a"), MapGroup("y", "乙", "Y", "b")]
    nodes = [MapNode(c, c, c, g, "fair", 1) for c, g in (("p", "x"), ("q", "x"), ("r", "y"))]
    layout = lay_out(stages, groups, nodes, [MapLink("p", "r", "铜", 2), MapLink("q", "r", "铝", 3), MapLink("r", "p", "废料")])
    forward, back = sorted(layout.bundles, key=lambda item: item.returning)
    assert (forward.source, forward.target, forward.links, forward.weight, forward.returning) == ("x", "y", 2, 5, False)
    assert (back.source, back.target, back.returning) == ("y", "x", True)
    assert {(path.source, path.target, path.items) for path in layout.paths} == {
        ("p", "r", ("铜",)), ("q", "r", ("铝",)), ("r", "p", ("废料",))}


def test_wrong_codes_are_told_in_chinese():
    stage, group = MapStage("a", "上游", "Up"), MapGroup("x", "甲", "X", "a")
    node = MapNode("p", "铜", "", "x", "fair", 1)
    with pytest.raises(UserError, match="阶段「zz」不存在"):
        lay_out([stage], [MapGroup("x", "甲", "X", "zz")], [], [])
    with pytest.raises(UserError, match="组「no」不存在"):
        lay_out([stage], [group], [MapNode("p", "铜", "", "no", "fair", 1)], [])
    with pytest.raises(UserError, match="不止一次"):
        lay_out([stage], [group], [node, node], [])
    with pytest.raises(ValueError, match="unknown node status"):
        lay_out([stage], [group], [MapNode("p", "铜", "", "x", "good", 1)], [])


def test_an_empty_chain_is_a_map_of_banners():
    layout = lay_out([MapStage("a", "上游", "Up")], [MapGroup("x", "甲", "X", "a")], [], [])
    assert len(layout.banners) == 1 and not layout.groups
    assert lay_out([], [], [], []).banners == ()
