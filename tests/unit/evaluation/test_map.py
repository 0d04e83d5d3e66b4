"""Chain maps from predicted and true placements, and the error stated beforehand: right on small made-up districts, and able to fail."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from liantu.evaluation import placement_map as maps
from liantu.evaluation.placement_checked import builtin_nodes
from liantu.evaluation.report import Asked
from liantu.evaluation.stated_error import FAR, NEAR, Correction, Deck, Stated, correction, drawn, kinds

ANSWER = [("a/x", "likely", 0.9), ("b/y", "to_verify", 0.4)]


@pytest.fixture(scope="module")
def here() -> maps.District:
    return maps.district(1, 700, builtin_nodes())


def test_kinds_are_finest_first() -> None:
    assert [len(k) for k in kinds(ANSWER)] == [3, 2, 1, 1] and kinds([])[-1] == (0,)
    assert kinds([("a/x", "likely", 0.9), ("a/y", "likely", 0.89)])[0] == (("likely", "likely"), (True, True), (True, True))


def test_a_deck_learns_where_such_firms_stand() -> None:
    deck = Deck().learn(dict.fromkeys(range(30), ANSWER), {at: ["b/y"] if at % 3 else ["a/z", "a/x", "c/w"] for at in range(30)})
    assert sorted(set(deck.donors(ANSWER))) == [(NEAR, 0, FAR), (1,)]
    other = [("b/u", "likely", 0.7), ("b/v", "likely", 0.5)]  # an unknown kind: those with as many proposals
    assert deck.donors(other) == deck.donors(ANSWER)
    assert Deck().donors(other) == [(0, 1)]
    codes = ["a/x", "a/z", "b/y", "c/w"]
    for truth in drawn(deck, {1: ANSWER, 2: []}, codes, 20, 0):
        nodes = [n for n, _, _ in truth[1]]
        assert (nodes == ["b/y"] or nodes[0].startswith("a/")) and len(set(nodes)) == len(nodes) and truth[2] == []


def test_limits_widen_with_what_other_districts_show() -> None:
    chance = np.random.default_rng(0)
    chain = np.array(["a"] * 50 + ["b"] * 50)
    told = [Stated(chance.random((100, 100)) < 0.2, np.full((100, 100), 1.0), chain) for _ in range(6)]
    fair = correction([(t, chance.random(100) < 0.2, np.full(100, 2.0)) for t in told])
    assert 0.7 < fair.ratio < 1.3 and fair.away == pytest.approx(2) and fair.spread < 1.6 and fair.freedom == 11
    wild = correction([(t, np.arange(100) < (2 if at % 2 else 45), np.full(100, 1.0)) for at, t in enumerate(told)])
    assert wild.spread > 2 * fair.spread and wild.limits(told[0])[2] > fair.limits(told[0])[2]
    mean, low, high = Correction().limits(told[0], "a")
    assert low < mean < high and mean == pytest.approx(told[0].differs[:, :50].sum(axis=1).mean())


def test_the_true_map_is_the_planted_one(here: maps.District) -> None:
    true = maps.draw_map(here, maps.true_answers(here))
    held = {n for nodes in here.true.values() for n in nodes}
    assert set(true["code"]) == {n.code for n in here.nodes} and len(true) >= 80
    assert held >= set(true.filter(true["firms"] > 0)["code"])
    assert set(true["code"]) - held <= set(true.filter(true["status"] == "missing")["code"])
    assert maps.draw_map(here, {}).filter(true["firms"] >= 0)["status"].unique().to_list() == ["missing"]


def test_perfect_answers_differ_nowhere_and_are_stated_so(here: maps.District) -> None:
    here.said["perfect"] = maps.true_answers(here)
    differs, away = maps.real(here, "perfect")
    told = maps.state(here, "perfect", Deck().learn(here.said["perfect"], here.true), 3, 0)
    assert not differs.any() and not away.any() and not told.differs.any()


def test_the_check_can_fail(here: maps.District) -> None:
    """Taught by a district in which the machine was right, and then it is not: more nodes differ than stated."""
    here.said["perfect"] = maps.true_answers(here)
    codes = sorted({n for nodes in here.true.values() for n in nodes})
    turned = dict(zip(codes, codes[1:] + codes[:1], strict=True))
    here.said["spoilt"] = {firm: [(turned[n], g, s) for n, g, s in said] for firm, said in here.said["perfect"].items()}
    told = maps.state(here, "spoilt", Deck().learn(here.said["perfect"], here.true), 3, 0)
    assert maps.real(here, "spoilt")[0].sum() > Correction().limits(told)[2]


def test_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "QUICK_FIRMS", 700)
    monkeypatch.setattr(maps, "QUICK_DRAWS", 8)
    measures = maps.run(Asked(Path(), seeds=1, quick=True))
    found = {(m.metric, m.method, m.group): m for m in measures}
    ours, plain = found["状态相同的环节", maps.FULL, "合计"], found["状态相同的环节", maps.KEYWORDS, "合计"]
    assert ours.n >= 80 and ours.value > plain.value and ours.low < ours.value < ours.high
    assert found["每环节企业数之差（家）", maps.FULL, "合计"].value < found["每环节企业数之差（家）", maps.KEYWORDS, "合计"].value
    said, real = found["状态不同的环节数（所称）", maps.FULL, "县区 1"], found["状态不同的环节数（实际）", maps.FULL, "县区 1"]
    assert said.low <= said.value <= said.high and real.value == round((1 - ours.value) * ours.n)
    assert len([m for m in measures if m.metric == "企业数，判减真（家）"]) == real.value
    assert found["未超过所称上限", maps.FULL, "县区"].n == 1 and found["未超过所称上限", maps.FULL, "县区 × 链"].n >= 1


def test_the_map_needs_no_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from liantu.cli_evaluate import app

    monkeypatch.delenv("LIANTU_DATA", raising=False)
    monkeypatch.setattr(maps, "run", lambda asked: [maps.Measure("map", "x", "y", 0.5)])
    answered = CliRunner().invoke(app, ["placement", "--only", "map", "--quick"])
    assert answered.exit_code == 0 and "0.5000" in answered.stdout
    assert CliRunner().invoke(app, ["placement"]).exit_code != 0
