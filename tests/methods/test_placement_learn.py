"""Learning from decisions: simulated nodes of different worth, truth known; how far precision moves is printed and held."""

from __future__ import annotations

import numpy as np
import pytest

from liantu.methods.placement_learn import Decided, learn, line_for_precision


def proposals(seed: int, n: int = 6000) -> list[Decided]:
    """40 nodes with two words each; some words are good at one node and bad at another; a higher score is more often right."""
    chance = np.random.default_rng(seed)
    worth = chance.normal(1.2, 1.5, (40, 2))
    node, word = chance.integers(0, 40, n), chance.integers(0, 2, n)
    score = chance.uniform(0.35, 0.98, n)
    right = chance.random(n) < 1 / (1 + np.exp(-(worth[node, word] + 2 * (score - 0.6))))
    return [Decided(f"n{a}", f"w{a}.{b}", float(s), bool(r)) for a, b, s, r in zip(node, word, score, right, strict=True)]


def measured(seed: int, n: int) -> tuple[float, float, float, float, float]:
    """Precision and recall of the likely before, both after ``n`` decisions, and the error of the mean probability, on proposals not judged."""
    every = proposals(seed)
    rest = every[n:]
    right = np.array([d.right for d in rest])
    before = np.array([d.score >= 0.6 for d in rest])
    learned = learn(every[:n], least=30, least_each=5)
    assert learned is not None and learned.n == n
    sure = learned.probability([d.node for d in rest], [d.word for d in rest], [d.score for d in rest])
    line = line_for_precision(sure, 0.9)
    after = sure >= line if line <= 1 else before
    return right[before].mean(), (right & before).sum() / right.sum(), right[after].mean(), (right & after).sum() / right.sum(), abs(sure.mean() - right.mean())


@pytest.mark.parametrize(("n", "gain", "kept"), [(100, 0.02, 0.12), (400, 0.05, 0.05), (1000, 0.05, 0.03)])
def test_decisions_change_the_next_run_by_so_much(n: int, gain: float, kept: float) -> None:
    runs = np.array([measured(seed, n) for seed in range(10)])
    before, _, after, recall, error = runs.mean(axis=0)
    print(f"{n} 条判断：准确率 {before:.3f} → {after:.3f}，召回 {runs[:, 1].mean():.3f} → {recall:.3f}，平均可能性误差 {error:.3f}（10 次模拟）")
    assert after >= before + gain and after >= 0.9 - kept and error < 0.08 and recall > 0.2


def test_more_decisions_are_no_worse() -> None:
    few, many = (np.mean([measured(seed, n)[2] for seed in range(10)]) for n in (100, 1000))
    assert many >= few and many >= 0.88


def test_too_few_or_one_sided_decisions_teach_nothing() -> None:
    told = proposals(0)
    assert learn(told[:29], least=30, least_each=5) is None
    assert learn([d for d in told if d.right][:200], least=30, least_each=5) is None


def test_it_says_the_same_twice_and_unknown_words_stay_average() -> None:
    told = proposals(1)[:300]
    one, other = (learn(told, least=30, least_each=5) for _ in range(2))
    assert one is not None and other is not None
    ask = (["n1", "new"], ["w1.0", "new"], [0.7, 0.7])
    assert one.probability(*ask).tolist() == other.probability(*ask).tolist()
    assert abs(one.probability(["new"], ["new"], [0.66])[0] - np.mean([d.right for d in told])) < 0.15
    assert len(one.probability([], [], [])) == 0


def test_the_line() -> None:
    assert line_for_precision(np.array([0.99, 0.9, 0.8, 0.2]), 0.89) == 0.8
    assert line_for_precision(np.array([0.5]), 0.9) > 1 and line_for_precision(np.zeros(0), 0.9) > 1
