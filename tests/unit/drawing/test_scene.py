from __future__ import annotations

import pytest

from liantu.drawing.scene import Circle, Group, Paint, Polygon, Rect, Stroke, Words, extent, moved, over, walk
from liantu.drawing.shapes import Box
from liantu.drawing.text import text_width

INK = Paint("#000000")
ITEMS = (Rect(1, 2, 3, 4, INK), Circle(5, 5, 2, INK), Polygon((((0, 0), (4, 0), (4, 3)),), INK), Stroke(((0, 0), (1, 2, 3, 4, 5, 6)), INK), Words(3, 10, "隔膜", 10),
         Group("组", (Rect(0, 0, 2, 2, INK), Rect(5, 5, 1, 1, INK))))
BOXES = (Box(1, 2, 3, 4), Box(3, 3, 4, 4), Box(0, 0, 4, 3), Box(0, 0, 5, 6), Box(3, 1.2, 20, 11.2), Box(0, 0, 6, 6))


@pytest.mark.parametrize(("item", "box"), list(zip(ITEMS, BOXES, strict=True)))
def test_extent_and_moving(item, box):
    found, shifted = extent(item), extent(moved(item, 7, -2))
    assert (found.x, found.y, found.w, found.h) == pytest.approx((box.x, box.y, box.w, box.h))
    assert (shifted.x, shifted.y, shifted.w, shifted.h) == pytest.approx((box.x + 7, box.y - 2, box.w, box.h))


@pytest.mark.parametrize(("anchor", "left"), [("start", 0), ("middle", 0.5), ("end", 1)])
def test_words_stand_where_their_anchor_says(anchor, left):
    wide = text_width("chain", 10)
    assert extent(Words(100, 50, "chain", 10, anchor=anchor)).x == pytest.approx(100 - left * wide)


def test_turned_words_stand_upright():
    flat, turned = extent(Words(0, 0, "上游材料", 10, anchor="middle")), extent(Words(0, 0, "上游材料", 10, anchor="middle", turn=-90))
    assert (turned.w, turned.h) == pytest.approx((flat.h, flat.w))


def test_walk_gives_groups_before_their_members():
    inner = Group("b", (INK_RECT := Rect(0, 0, 1, 1, INK),))
    assert list(walk((Group("a", (inner,)),))) == [Group("a", (inner,)), inner, INK_RECT]


def test_a_pattern_is_darker_than_its_ground():
    assert over(Paint("#ffffff")) == "#a6a6a6" and over(Paint("#ffffff", "#112233")) == "#112233"
