"""The systemic risk index: worked examples in exact fractions, the properties that its equations have, and both engines against the literal text."""

from __future__ import annotations

import json
import pickle
import sys
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liantu.methods import cascade
from liantu.methods.cascade import PAPER, Cancelled, FirmNetwork, scores, scores_on_spark, shock
from liantu.methods.cascade_plain import plain_cascade

EXAMPLES = json.loads((Path(__file__).parent / "data" / "cascade_examples.json").read_text(encoding="utf-8"))
CASES = [(name, at) for name, case in EXAMPLES.items() for at in range(len(case["results"]))]


def numbers(texts: list[str]) -> np.ndarray:
    return np.array([float(Fraction(t)) for t in texts])


def network_of(case: dict[str, Any], factor: float = 1.0) -> FirmNetwork:
    supplier, customer, amount = (np.array(column) for column in zip(*case["links"], strict=True))
    sales = None if case["sales"] is None else np.array(case["sales"]) * factor
    return FirmNetwork(len(case["sector"]), supplier - 1, customer - 1, amount * factor, np.array(case["sector"]) - 1, case["essential"], sales=sales)


def test_networks_too_large_for_the_cache_give_the_same_numbers() -> None:
    """From some size on memory is asked for ahead of its use; that changes no number."""
    n, chance = 31_000, np.random.default_rng(2)
    network = FirmNetwork(n, chance.integers(0, n, 4 * n), chance.integers(0, n, 4 * n), chance.lognormal(0, 1, 4 * n), np.arange(n) % 50)
    firms = chance.permutation(n)[:6]
    closed = np.ones((len(firms), n))
    closed[np.arange(len(firms)), firms] = 0
    found, swept = scores(network, firms, tolerance=PAPER, workers=1), shock(network, closed, tolerance=PAPER)
    assert np.allclose(found.both, swept.score, rtol=0, atol=1e-12) and np.array_equal(found.steps, swept.steps)


def test_all_worked_results_are_there() -> None:
    assert len(CASES) == 85


@pytest.mark.parametrize(("name", "at"), CASES)
def test_worked_results(name: str, at: int) -> None:
    case = EXAMPLES[name]
    remaining, tolerance, steps, *expected = case["results"][at]
    options = {"tolerance": float(Fraction(tolerance or "0")), "dead_market_unit": case.get("dead_market_unit", 0)}
    found = shock(network_of(case), numbers(remaining), **options)
    assert np.allclose([found.score[0, 0], found.score_down[0, 0], found.score_up[0, 0]], numbers(expected), rtol=0, atol=1e-9)
    if steps is not None:
        assert found.steps[0] == steps
    down, up, _ = plain_cascade(network_of(case), numbers(remaining), **options)
    assert np.allclose(found.down[0], down, rtol=0, atol=1e-12) and np.allclose(found.up[0], up, rtol=0, atol=1e-12)


def test_a_dead_market_is_not_one_unit_of_money() -> None:
    case = EXAMPLES[next(name for name in EXAMPLES if name.startswith("E9"))]
    assert shock(network_of(case), [0, 1, 1]).score_down[0, 0] == 1
    assert shock(network_of(case), [0, 1, 1], dead_market_unit=1).score_down[0, 0] == pytest.approx(2 / 3)
    assert shock(network_of(case, 10), [0, 1, 1], dead_market_unit=1).score_down[0, 0] == 1


def drawn(seed: int, *, open_: bool | None = None) -> tuple[FirmNetwork, np.random.Generator, dict[str, Any]]:
    """A random network, its chance and what it was made of."""
    chance = np.random.default_rng(seed)
    n, m = int(chance.integers(3, 40)), int(chance.integers(1, 7))
    count = int(chance.integers(1, 5 * n))
    made: dict[str, Any] = {"supplier": chance.integers(0, n, count), "customer": chance.integers(0, n, count), "amount": chance.lognormal(0, 1.5, count), "sector": chance.integers(0, m, n),
                            "essential": chance.integers(0, 3, (m, m))}
    made["sector"][0] = m - 1
    closed = FirmNetwork(n, **made)
    if open_ or (open_ is None and chance.random() < 0.5):
        made["sales"], made["purchases"] = closed.sold * chance.uniform(1.1, 2, n), closed.bought * chance.uniform(1, 2, n)
    if chance.random() < 0.3:
        made["market"] = chance.integers(0, 4, n)
    return FirmNetwork(n, **made), chance, {"n": n, **made}


def remade(made: dict[str, Any], **changed: Any) -> FirmNetwork:
    return FirmNetwork(**{**made, **changed})


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([1e-2, 1e-4]), st.booleans())
def test_link_by_link_eight_side_by_side_and_the_literal_text_agree(seed: int, tolerance: float, replace: bool) -> None:
    network, chance, _ = drawn(seed)
    closed = 1 - np.eye(network.n)
    weights = chance.uniform(0, 1, (network.n, 3))
    swept = shock(network, closed, tolerance=tolerance, replace=replace, weights=weights)
    walked = scores(network, tolerance=tolerance, replace=replace, weights=weights, workers=1)
    assert np.allclose(walked.both, swept.score, atol=1e-9) and np.allclose(walked.down, swept.score_down, atol=1e-9) and np.allclose(walked.up, swept.score_up, atol=1e-9)
    assert np.array_equal(walked.steps, swept.steps)
    firm = int(chance.integers(network.n))
    down, up, steps = plain_cascade(network, closed[firm], tolerance=tolerance, replace=replace)
    assert np.allclose(down, swept.down[firm], atol=1e-9) and np.allclose(up, swept.up[firm], atol=1e-9) and steps == swept.steps[firm]


@pytest.mark.parametrize("share", [0.0, 1e9])
def test_light_and_heavy_ways_give_one_answer(monkeypatch: pytest.MonkeyPatch, share: float) -> None:
    network, _, _ = drawn(5, open_=True)
    monkeypatch.setattr(cascade, "_LIGHT", share)
    assert np.allclose(scores(network).both, shock(network, 1 - np.eye(network.n)).score, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_properties(seed: int) -> None:
    """The nine properties of the equations, on random open networks (closed ones stop on the way at any tolerance)."""
    network, chance, made = drawn(seed, open_=True)
    n = network.n

    def shock(*given: Any, **options: Any) -> cascade.Outcome:
        return cascade.shock(*given, **{"tolerance": 1e-11, **options})

    remaining = chance.uniform(0, 1, n) * (chance.random(n) < 0.3) + (chance.random(n) < 0.6)
    remaining = np.clip(remaining, 0, 1)
    found = shock(network, remaining)
    score, down, up = found.score[0, 0], found.score_down[0, 0], found.score_up[0, 0]
    scaled = {k: v * 1e-4 for k, v in made.items() if k in ("amount", "sales", "purchases")}
    assert np.allclose(shock(remade(made, **scaled), remaining).level, found.level, atol=1e-9)  # money has no unit
    order = chance.permutation(n)
    place = np.argsort(order)
    moved = {k: made[k][order] for k in ("sector", "sales", "purchases", "market") if k in made}
    renamed = shock(remade(made, supplier=place[made["supplier"]], customer=place[made["customer"]], **moved), remaining[order])
    assert np.allclose(renamed.level[0], found.level[0][order], atol=1e-9)  # names do not matter
    assert shock(network, remaining * 0.7).score[0, 0] >= score - 1e-9  # a worse shock is never better
    assert max(down, up) - 1e-12 <= score <= min(1, down + up) + 1e-12
    firm = int(chance.integers(n))
    alone = np.ones(n)
    alone[firm] = 0
    assert shock(network, alone).score[0, 0] >= network.sold[firm] / network.sold.sum() - 1e-12
    assert shock(network, remaining, replace=False).score_down[0, 0] >= down - 1e-9  # nobody takes anybody's place
    assert shock(remade(made, essential=2), remaining).score_down[0, 0] >= down - 1e-9
    more = {"sales": network.sales * 1.5}
    assert shock(remade(made, **{**{k: made[k] for k in ("purchases",) if k in made}, **more}), remaining).score_up[0, 0] <= up + 1e-9
    states = [shock(network, remaining, tolerance=0, most_steps=k).level[0] for k in (1, 2, 3, 5)]
    assert all(np.all(later <= earlier + 1e-12) for earlier, later in zip(states, states[1:], strict=False))  # nothing recovers on the way


def test_a_market_of_one_firm_has_nobody_to_take_its_place() -> None:
    network = FirmNetwork(4, [0, 1, 2], [3, 3, 3], [9, 1, 5], [0, 1, 2, 3])
    with_, without = shock(network, [0, 1, 1, 1]), shock(network, [0, 1, 1, 1], replace=False)
    assert np.array_equal(with_.down, without.down) and with_.down[0, 3] == 0


def test_totals_outside_the_network_damp_both_directions() -> None:
    links = {"supplier": [0, 1], "customer": [1, 2], "amount": [10.0, 10.0], "sector": [0, 1, 2]}
    half = FirmNetwork(3, **links, sales=[10, 20, 0], purchases=[0, 20, 40])
    found = shock(half, [0, 1, 1])
    assert found.down[0].tolist() == [0, 0.5, 0.875] and shock(half, [1, 1, 0]).up[0].tolist() == [0.5, 0.5, 0]


def test_directions_weights_and_groups_apart() -> None:
    network = FirmNetwork(3, [0, 1], [1, 2], [10, 10], [0, 1, 2])
    found = shock(network, [1, 1, 1], [1, 1, 0.5], weights=np.array([[1.0, 2], [1, 0], [2, 6]]))  # customers lost, plants whole
    assert found.score_down.tolist() == [[0, 0]] and np.allclose(found.score_up, [[0.5, 0.5]])
    assert np.allclose(found.lost_by([0, 0, 1], [1, 3, 5]), [[0.5, 0.5]]) and found.lost_by([0, 0, 1], [0, 0, 5])[0, 0] == 0


def test_joint_shock_is_not_a_sum() -> None:
    network = FirmNetwork(3, [0, 1], [2, 2], [5, 5], [0, 1, 2])
    both = shock(network, [[0, 1, 1], [1, 0, 1], [0, 0, 1]], weights=[0, 0, 1])
    assert both.score[:, 0].tolist() == [1, 1, 1]


def test_progress_and_cancel() -> None:
    network, _, _ = drawn(3)
    told: list[float] = []
    scores(network, progress=told.append)
    assert told == sorted(told) and told[-1] <= 1 and told
    with pytest.raises(Cancelled):
        scores(network, cancel=lambda: True)


@pytest.mark.parametrize(("changed", "words"), [({"amount": [-1, 2]}, "negative"), ({"customer": [1, 9]}, "0 to 2"), ({"sales": [1, 1, 1]}, "less than"), ({"sector": [0, 1]}, "shape"),
                                                ({"essential": [[3]]}, "2, 1 and 0"), ({"supplier": [0.5, 1]}, "whole")])
def test_bad_networks_are_refused_with_words(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        FirmNetwork(**{"n": 3, "supplier": [0, 1], "customer": [1, 2], "amount": [10, 10], "sector": [0, 1, 2], **changed})


def test_bad_shocks_are_refused() -> None:
    network = FirmNetwork(3, [0, 1], [1, 2], [10, 10], [0, 1, 2])
    for remaining in ([0, 1], [0, 1, 2], [0, 1, float("nan")]):
        with pytest.raises(ValueError, match="remaining"):
            shock(network, remaining)
    with pytest.raises(ValueError, match="firms"):
        scores(network, [3])


def test_paper_mode_stops_early() -> None:
    ring = FirmNetwork(3, [0, 1, 2, 0, 1, 2], [1, 2, 0, 2, 0, 1], np.ones(6), [0, 1, 2], 1)
    assert scores(ring, tolerance=PAPER).both[0, 0] == pytest.approx(191 / 192) and scores(ring).both[0, 0] > 1 - 2e-6


class _Workers:
    """What a Spark context is asked for; everything is pickled on its way, as to another machine."""

    defaultParallelism = 2

    def broadcast(self, value: Any) -> SimpleNamespace:
        return SimpleNamespace(value=pickle.loads(pickle.dumps(value)))

    def parallelize(self, parts: list[Any], slices: int) -> SimpleNamespace:
        assert slices == len(parts)
        return SimpleNamespace(map=lambda job: SimpleNamespace(collect=lambda: [pickle.loads(pickle.dumps(job(pickle.loads(pickle.dumps(p))))) for p in parts]))


def same_as_here(session: Any) -> None:
    network, _, _ = drawn(5, open_=True)
    far, here = scores_on_spark(session, network, slices=3), scores(network)
    assert np.array_equal(far.firms, here.firms) and np.array_equal(far.steps, here.steps)
    assert np.allclose(far.both, here.both, atol=1e-12) and np.allclose(far.up, here.up, atol=1e-12)


def test_slices_on_workers_give_the_same_scores() -> None:
    same_as_here(SimpleNamespace(sparkContext=_Workers()))
    assert len(scores_on_spark(SimpleNamespace(sparkContext=_Workers()), drawn(5)[0], []).firms) == 0


def test_on_a_real_spark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)  # the workers' Python must have liantu
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")
    session = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        same_as_here(session)
    finally:
        session.stop()
