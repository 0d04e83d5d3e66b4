"""Classes without labels: descriptions decide, the levels agree, labels are held, few labels are weighed by folds."""

from __future__ import annotations

import numpy as np

from liantu.methods.item_text import ItemText
from liantu.methods.zero_shot import Entry, ZeroShot, ZeroWeights, decide, mixed_by_folds

NAMED = {"a": "机械", "b": "食品", "a1": "电机", "a2": "水泵", "b1": "蜜饯"}
PATHS = [("a", "a1"), ("a", "a2"), ("b", "b1")]
WORDS = ("异步电机", "离心水泵", "芒果蜜饯")
FIRMS = [ItemText(products=((WORDS[i % 3] + "一二三四五六七"[i % 7], 1.0),)) for i in range(42)]


def test_descriptions_place_firms_and_levels_agree() -> None:
    machine = ZeroShot(NAMED, PATHS, [Entry("果脯", "指蜜饯的制作")], min_df=1).fit(FIRMS)
    leaf, top = machine.shares[1].argmax(axis=1), machine.shares[0].argmax(axis=1)
    assert [machine.classes[1][i] for i in leaf[:3]] == ["a1", "a2", "b1"]
    assert all(machine.classes[1][i][0] == machine.classes[0][k] for i, k in zip(leaf, top, strict=True))
    for share in machine.shares:
        assert np.allclose(share.sum(axis=1), 1.0)


def test_without_rounds_the_description_alone_decides() -> None:
    machine = ZeroShot(NAMED, PATHS, weights=ZeroWeights(rounds=0), min_df=1).fit(FIRMS)
    assert all((a == b).all() for a, b in zip(machine.first, machine.shares, strict=True))


def test_a_class_without_example_is_never_best() -> None:
    machine = ZeroShot(NAMED, PATHS, min_df=1).fit(FIRMS)
    raw = decide(machine.x[:2], np.array([0, 1]), np.ones(2), machine.x, 3, 1.0)
    assert (raw.argmax(axis=1) != 2).all()
    alone = decide(machine.x[:1], np.array([2]), np.ones(1), machine.x, 3, 1.0)
    assert (alone.argmax(axis=1) == 2).all()


def test_labels_may_contradict_descriptions() -> None:
    machine = ZeroShot(NAMED, PATHS, min_df=1).fit(FIRMS)
    turned = {i: PATHS[(i + 1) % 3] for i in range(30)}
    shares, weights = mixed_by_folds(machine, turned)
    assert weights[1] > 0.5
    right = [machine.classes[1][shares[1][i].argmax()] == PATHS[(i + 1) % 3][1] for i in range(30, 42)]
    assert np.mean(right) > 0.9
