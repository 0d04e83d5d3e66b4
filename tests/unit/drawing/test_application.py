from __future__ import annotations

import itertools

import pytest

from liantu.drawing.application import application_scene, paged
from liantu.drawing.ordering import crossings
from liantu.drawing.scene import Group, Stroke, extent, walk
from liantu.drawing.scene_parts import parts_of
from liantu.drawing.scene_svg import scene_svg
from liantu.kernel.passport import passport_id
from liantu.kernel.problems import UserError

from .scenes import assert_sound, frame_of, groups, result_of, texts, uses

SIZES = [(1156, 600), (1092, 620), (1054, 650), (1304, 900), (1640, 1080)]


def drawn(rows, root, *, width=1156, height=600, version="internal", **more):
    return application_scene(result_of("application_map", rows, root, version=version), "c", width=width, height=height, **more)


def cards(scene):
    return [g for head in "pubc" for g in groups(scene, head) if ">" not in g.code]


def flows(scene):
    return [g for g in walk(scene.items) if isinstance(g, Group) and ">" in g.code]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [1, 9, 40, 135])
def test_cards_and_texts_do_not_overlap(tmp_path, count, size, language):
    scene = drawn(uses(count), tmp_path, width=size[0], height=size[1], language=language)
    assert_sound(scene)
    boxes = [frame_of(card) for card in cards(scene)]
    for a, b in itertools.combinations(boxes, 2):
        assert a.x + a.w <= b.x or b.x + b.w <= a.x or a.y + a.h <= b.y or b.y + b.h <= a.y
    for card in cards(scene):
        frame = frame_of(card)
        for item in card.items:
            inner = extent(item)
            assert inner.x >= frame.x - 1 and inner.right <= frame.x + frame.w + 1, card.name


@pytest.mark.parametrize("count", [3, 40, 135, 500])
def test_every_use_stands_on_one_page_and_each_page_counts_the_rest(tmp_path, count):
    rows = uses(count)
    pages = paged(rows, 20)
    assert sorted(row["application"] for page in pages for row in page) == [row["application"] for row in rows]
    for page in range(drawn(rows, tmp_path).pages):
        scene = drawn(rows, tmp_path, page=page + 1)
        if scene.pages > 1:
            assert any("项用途见另几张和清单" in words.text and f"共 {scene.pages} 张" in words.text for words in texts(scene))


def test_flows_join_product_use_buyer_and_customer(tmp_path):
    row = {**uses(1)[0], "product": "隔膜", "use": "动力", "buyer": "电芯厂", "payer": "车企", "local_customers": "甲、乙"}
    scene = drawn([row], tmp_path)
    assert {g.code for g in cards(scene)} == {"pc/0|隔膜", "u动力", "b电芯厂|车企", "c甲", "c乙"}
    assert {g.code for g in flows(scene)} == {"pc/0|隔膜>u动力", "u动力>b电芯厂|车企", "b电芯厂|车企>c甲", "b电芯厂|车企>c乙"}
    assert {g.passport for g in flows(scene)} == {passport_id("application_map", "1", "2026-1.0")}
    boxes = {g.code: frame_of(g) for g in cards(scene)}
    for flow in flows(scene):
        start, end = (boxes[code] for code in flow.links)
        path = next(i for i in flow.items if isinstance(i, Stroke)).path
        assert path[0] == (start.x + start.w, start.y + start.h / 2) and path[-1][-2:] == (end.x, end.y + end.h / 2)


def test_a_card_lights_up_with_all_on_its_way(tmp_path):
    scene = drawn(uses(30), tmp_path)
    known = {g.code for g in walk(scene.items) if isinstance(g, Group)}
    assert all(card.links and set(card.links) <= known for card in cards(scene))


def test_a_use_without_a_customer_here_is_marked_without_colour(tmp_path):
    rows = [{**row, "use": use, "local_customers": customers} for row, use, customers in zip(uses(2), ("有", "无"), ("甲", None), strict=True)]
    scene = drawn(rows, tmp_path)
    have, none = (next(g for g in cards(scene) if g.code == code) for code in ("u有", "u无"))
    assert frame_of(have).paint.dash == "solid" and frame_of(none).paint.dash == "dash"
    assert any(words.text.startswith("★") for words in texts(scene))
    assert any("其中 1 项有本地客户" in words.text for words in texts(scene))
    assert "没有登记本地客户" in "".join(words.text for words in texts(drawn(rows[1:], tmp_path)))


def test_many_customers_stand_together_with_their_number(tmp_path):
    rows = [{**row, "use": f"用途{at}", "buyer": f"买方{at % 4}", "payer": None, "local_customers": "、".join(f"客户{at}之{n}" for n in range(12))} for at, row in enumerate(uses(12))]
    scene = drawn(rows, tmp_path)
    assert scene.pages == 1 and len(groups(scene, "c")) == 4
    assert any(words.text == "等 36 家" for words in texts(scene))
    assert_sound(scene)


def test_the_order_has_no_more_crossings_than_the_rows_gave(tmp_path):
    scene = drawn(uses(30), tmp_path)
    ends = [(g.links[0], g.links[1], 1.0) for g in flows(scene)]
    by_height = sorted(cards(scene), key=lambda g: frame_of(g).y)
    columns = [[g.code for g in by_height if g.code.startswith(head)] for head in "pubc"]
    given = [list(dict.fromkeys(end for flow in ends for end in flow[:2] if end.startswith(head))) for head in "pubc"]
    assert crossings(columns, ends) <= crossings(given, ends)


def test_customers_are_not_in_a_public_version(tmp_path):
    scene = drawn([{**row, "local_customers": "秘密公司"} for row in uses(6)], tmp_path, version="public")
    svg = scene_svg(scene, interactive=True, standalone=False)
    assert "秘密公司" not in svg and "本地客户不在本版公布" in svg and "有本地客户" not in svg.replace("本地客户不在本版公布", "")
    assert_sound(scene)


def test_nothing_to_draw_is_said(tmp_path):
    with pytest.raises(UserError) as error:
        application_scene(result_of("application_map", [], tmp_path), "c", width=1156, height=600)
    assert error.value.code == "nothing-to-draw"


@pytest.mark.parametrize(("cell", "names"), [(None, []), ("", []), ("甲、乙", ["甲", "乙"]), ("甲，乙；丙\n甲", ["甲", "乙", "丙"])])
def test_a_cell_of_several_words_is_divided(cell, names):
    assert parts_of(cell) == names
