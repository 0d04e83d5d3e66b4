from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.drawing.ordering import crossings, order_groups


def test_a_crossing_pair_is_uncrossed():
    columns, flows = [["a", "b"], ["c", "d"]], [("a", "d", 1.0), ("b", "c", 1.0)]
    assert crossings(columns, flows) == 1
    assert crossings(order_groups(columns, flows), flows) == 0


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_never_worse_than_given_and_nothing_lost(sizes, draw):
    columns = [[f"{i}-{j}" for j in range(size)] for i, size in enumerate(sizes)]
    codes = [code for column in columns for code in column]
    flows = [(draw.choice(codes), draw.choice(codes), draw.random()) for _ in range(20)]
    ordered = order_groups(columns, flows)
    assert [sorted(column) for column in ordered] == [sorted(column) for column in columns]
    assert crossings(ordered, flows) <= crossings(columns, flows)
    assert crossings(columns, flows) == _by_pairs(columns, flows)


def _by_pairs(columns, flows):
    place = {code: (i, (j + 0.5) / len(column)) for i, column in enumerate(columns) for j, code in enumerate(column)}
    lines = []
    for source, target, _ in flows:
        one, two = sorted((place[source], place[target]))
        if one[0] != two[0]:
            lines.append((one, two))
    return sum(a[0][0] == b[0][0] and a[1][0] == b[1][0] and (a[0][1] - b[0][1]) * (a[1][1] - b[1][1]) < 0
               for i, a in enumerate(lines) for b in lines[:i])
