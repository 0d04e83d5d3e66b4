"""Classes of a tree: levels agree, unseen classes are known by name, confidence keeps its promise, evidence names the words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.methods.classify import Confidence, TreeClassifier, calibration_error, confidence_of
from liantu.methods.item_text import ItemFeatures, ItemText, scope_items
from liantu.methods.retrieval import Bm25, vote

WORDS = {("机械", "电机"): ("异步电机", "永磁电机", "步进电机", "电机转子"), ("机械", "水泵"): ("离心水泵", "潜水泵", "水泵叶轮", "自吸水泵"),
         ("食品", "蜜饯"): ("芒果蜜饯", "话梅", "果脯", "蜜饯加工"), ("食品", "肉制品"): ("火腿肠", "腊肉", "牛肉干", "酱卤肉制品")}


def firms(n: int, seed: int = 0, noise: float = 0.0) -> tuple[list[ItemText], list[tuple[str, ...]]]:
    chance = np.random.default_rng(seed)
    paths, texts, every = list(WORDS), [], [w for words in WORDS.values() for w in words]
    labels = [paths[int(chance.integers(len(paths)))] for _ in range(n)]
    for path in labels:
        picked = [str(chance.choice(every if chance.random() < noise else WORDS[path])) for _ in range(2)]
        texts.append(ItemText(f"某{chance.integers(999)}公司", ((picked[0], 0.7), (picked[1], 0.3))))
    return texts, labels


def test_levels_agree_and_shares_sum_to_one() -> None:
    texts, labels = firms(80)
    machine = TreeClassifier(min_df=1).fit(texts, labels)
    found = machine.scores(texts)
    for share in found.shares:
        assert np.allclose(share.sum(axis=1), 1)
    for child, parent in ((1, 0),):
        inside = [[machine.classes[0].index(p[0]) for p in machine.leaves if p[1] == c][0] for c in machine.classes[child]]
        assert np.allclose(found.shares[child] @ np.eye(len(machine.classes[0]))[inside], found.shares[parent])


def test_it_beats_chance_and_names_its_words() -> None:
    texts, labels = firms(80)
    machine = TreeClassifier(min_df=1).fit(texts, labels)
    fresh, truth = firms(40, seed=1)
    assert sum(a == b[1] for a, b in zip(machine.predict(fresh), truth, strict=True)) >= 38
    told = machine.evidence(ItemText("某公司", (("异步电机", 0.9), ("腊肉", 0.1))), "电机")
    assert told[0][0] == "异步电机" and "腊肉" not in [w for w, _ in told]


def test_a_class_without_a_firm_is_known_by_its_name() -> None:
    texts, labels = firms(60)
    seen = [i for i, p in enumerate(labels) if p[1] != "水泵"]
    learn, paths = [texts[i] for i in seen], [labels[i] for i in seen]
    asked = [ItemText("", (("离心水泵", 1.0),))]
    assert TreeClassifier(min_df=1).fit(learn, paths).predict(asked) != ["水泵"]
    assert TreeClassifier({"水泵": "水泵", "电机": "电机"}, list(WORDS), min_df=1).fit(learn, paths).predict(asked) == ["水泵"]


def test_promised_precision_is_kept_and_confidence_is_calibrated() -> None:
    texts, labels = firms(600, noise=0.3)
    machine = TreeClassifier(min_df=1).fit(texts, labels)
    line = confidence_of(texts, labels, machine)[1]
    fresh, truth = firms(600, seed=1, noise=0.3)
    found = machine.scores(fresh)
    best = [machine.classes[1][i] for i in found.shares[1].argmax(axis=1)]
    right = np.array([b == t[1] for b, t in zip(best, truth, strict=True)])
    assert 0.4 < right.mean() < 0.95  # hard enough to say something
    taken = line.accepts(found.signs(1), 0.9)
    assert taken.sum() >= 100 and right[taken].mean() > max(0.86, right.mean())
    assert calibration_error(line.probability(found.signs(1)), right) < 0.08
    assert line.accepts(found.signs(1), 0.9).sum() <= line.accepts(found.signs(1), 0.7).sum()


@pytest.mark.parametrize("right", [True, False])
def test_confidence_from_answers_all_alike(right: bool) -> None:
    line = Confidence().fit(np.zeros((8, 4)), np.full(8, right))
    assert line.probability(np.zeros((1, 4)))[0] == pytest.approx(0.9 if right else 0.1)
    assert bool(line.accepts(np.zeros((1, 4)), 0.85)[0]) is right


def test_bad_samples_are_refused() -> None:
    for texts, paths in (([], []), ([ItemText("甲")], []), ([ItemText("甲"), ItemText("乙")], [("a",), ("a", "b")])):
        with pytest.raises(ValueError, match="一一对应"):
            TreeClassifier().fit(texts, paths)


@given(st.lists(st.text(alphabet="电机泵、；（）。，许可 a1", max_size=30), min_size=1, max_size=8))
def test_any_text_becomes_a_row_of_unit_length_or_none(texts: list[str]) -> None:
    rows = [ItemText(t, ((t, 0.5),), t) for t in texts]
    x = ItemFeatures(min_df=1).fit(rows).transform(rows)
    length = np.sqrt(np.asarray(x.multiply(x).sum(axis=1)).ravel())
    assert x.shape[0] == len(rows) and np.all((np.abs(length - 1) < 1e-4) | (length == 0))


def test_boilerplate_says_nothing() -> None:
    scope = "许可项目：电机制造（依法须经批准的项目，经相关部门批准后方可开展经营活动）；一般项目：水泵销售。"
    assert [item for item, _ in scope_items(scope)] == ["电机制造", "水泵销售"]


def test_bm25_and_its_votes() -> None:
    scores = Bm25(["异步电机", "电机转子", "离心水泵", "蜜饯"]).scores(["永磁电机", "水泵叶轮"])
    assert scores.argmax(axis=1)[1] == 2 and set(np.argsort(-scores[0])[:2]) == {0, 1}
    assert vote(scores, [0, 0, 1, 2], 3, neighbours=2).argmax(axis=1).tolist() == [0, 1]
