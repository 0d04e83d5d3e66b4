from __future__ import annotations

import math
import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.drawing.compass import CENTRE, City, Want, compass_drawing, reach, spots_of
from liantu.drawing.scene import Group, Words, extent, walk

STATUSES = ("missing", "weak", "at_risk", "strong", "fair")


def cities(count, seed=3, without=0):
    draw = random.Random(seed)
    found = []
    for at in range(count):
        wants = tuple(Want(f"c/n{at}_{n}", draw.choice(["湿法隔膜", "六氟磷酸锂", "车规级芯片", "电机定转子铁芯"]) + str(n), status := draw.choice(STATUSES), status in STATUSES[:3])
                      for n in range(draw.randint(1, 6)))
        far = (None, None) if at < without else (draw.uniform(5, 2600), draw.uniform(0, 360))
        leaders = draw.randint(0, 4)
        found.append(City(f"第{at}市", *far, leaders, draw.randint(0 if leaders else 1, 3), wants, f"提示{at}"))
    return found


def texts(scene):
    return [item.text for item in walk(scene.items) if isinstance(item, Words)]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 70), st.integers(0, 1000))
def test_circles_never_touch_each_other_or_our_district(count, seed):
    spots = spots_of(cities(count, seed), (400.0, 300.0), 240.0, 2800.0)
    for one, two in combinations(spots, 2):
        assert math.dist((one.x, one.y), (two.x, two.y)) >= one.r + two.r
    for spot in spots:
        assert math.dist((spot.x, spot.y), (400, 300)) >= CENTRE + spot.r


def test_cities_at_one_place_part():
    same = [City(f"{n}市", 500.0, 90.0, 1, 0, ()) for n in range(8)]
    spots = spots_of(same, (0.0, 0.0), 240.0, 600.0)
    assert len({(s.x, s.y) for s in spots}) == 8


def test_bearing_and_distance_are_kept_where_there_is_room():
    (east, north) = spots_of([City("东市", 300.0, 90.0, 1, 0, ()), City("北市", 1200.0, 0.0, 1, 0, ())], (400.0, 300.0), 240.0, 1200.0)
    assert east.y == pytest.approx(300, abs=0.2) and east.x == pytest.approx(400 + reach(300, 1200, 240), abs=0.2)
    assert north.x == pytest.approx(400, abs=0.2) and north.y == pytest.approx(60, abs=0.2)
    far = [reach(d, 1200, 240) for d in (50, 150, 300, 600, 1200)]
    assert far == sorted(far) and far[-1] == 240


@pytest.mark.parametrize("size", [(1156, 600), (920, 470), (1304, 820), (1640, 1080)])
@pytest.mark.parametrize("count", [0, 1, 12, 60, 140])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_city_is_on_the_sheet_and_every_callout_stands_free(size, count, language):
    given_cities = cities(count, without=min(3, count))
    scene = compass_drawing(given_cities, "本区", language=language, width=size[0], height=size[1])
    told = "\n".join(texts(scene))
    drawn = {g.name for g in walk(scene.items) if isinstance(g, Group)}
    for city in given_cities:
        assert city.name in told or city.name in drawn, city.name
    callouts = [extent(g) for g in scene.items if isinstance(g, Group) and g.tip.startswith("提示") and not g.code]
    assert not any(a.overlaps(b) for a, b in combinations(callouts, 2))
    for item in walk(scene.items):
        box = extent(item)
        assert box.x >= -0.5 and box.right <= size[0] + 0.5 and box.y >= -0.5 and box.bottom <= size[1] + 0.5, item


def test_needed_nodes_come_first_and_what_does_not_fit_is_counted():
    wants = tuple(Want(f"c/{n}", f"很长名字的环节第{n}号", "strong" if n < 4 else "missing", n >= 4) for n in range(12))
    scene = compass_drawing([City("甲市", 400.0, 45.0, 2, 0, wants)], "本区")
    told = texts(scene)
    assert any(text.startswith("缺很长名字的环节第") for text in told) and any(text.startswith("+") for text in told)
    assert not any("第0号" in text for text in told)


def test_without_our_status_nothing_is_called_missing():
    scene = compass_drawing([City("甲市", 400.0, 45.0, 2, 0, (Want("c/1", "湿法隔膜", "", False),))], "本区", told=False)
    told = texts(scene)
    assert "湿法隔膜" in told and not any("缺" in text for text in told)


def test_a_city_without_coordinates_is_listed_and_nodes_are_links():
    scene = compass_drawing([City("无坐标市", None, None, 1, 0, ()), City("甲市", 400.0, 45.0, 2, 0, (Want("c/1", "湿法隔膜", "missing", True),))], "本区", href=lambda code: f"/n/{code}")
    assert any("没有坐标" in text and "无坐标市1" in text for text in texts(scene))
    assert [g.href for g in walk(scene.items) if isinstance(g, Group) and g.href] == ["/n/c/1"]


def test_no_city_s_name_covers_another_name_a_circle_or_our_star():
    scene = compass_drawing(cities(90, seed=5), "本区", width=1080, height=470)
    names = [extent(item) for item in scene.items if isinstance(item, Words) and item.text.endswith("市")]
    circles = [extent(g) for g in scene.items if isinstance(g, Group) and (g.code.startswith("city:") or g.name == "本区")]
    assert names
    for at, box in enumerate(names):
        inner = type(box)(box.x + 1.5, box.y + 2, box.w - 3, box.h - 4)
        assert not any(inner.overlaps(other) for other in names[:at]) and not any(inner.overlaps(c) for c in circles)
