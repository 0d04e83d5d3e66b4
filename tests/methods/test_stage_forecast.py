"""Forecast of stages: against simulated projects with known hazards, hand-counted cases, and no look ahead."""

from __future__ import annotations

import numpy as np
import pytest

from liantu.methods import stage_forecast as f


def simulated(projects: int, seed: int, moves=(0.15, 0.08, 0.12), ends=(0.03, 0.01, 0.0), span: float = 3000.0) -> f.Histories:
    """Projects that begin evenly over the span and move on or end with constant monthly hazards."""
    rng = np.random.default_rng(seed)
    arrived, ended = np.full((projects, len(moves) + 1), np.nan), np.full(projects, np.nan)
    for p in range(projects):
        day = arrived[p, 0] = rng.uniform(0, span)
        for s, (a, b) in enumerate(zip(moves, ends, strict=True)):
            month = rng.geometric(a + b)
            day += (month - rng.random()) * f.MONTH
            if rng.random() < b / (a + b):
                ended[p] = day
                break
            arrived[p, s + 1] = day
    return f.Histories(arrived, ended)


def test_hazards_are_found_again():
    model = f.fit_stages(simulated(4000, 1), 3000.0)
    seen = (model.moves[:3, :12] * 1).mean(axis=1)
    assert seen == pytest.approx([0.15, 0.08, 0.12], abs=0.02)
    assert model.ends[:3, :12].mean(axis=1) == pytest.approx([0.03, 0.01, 0.0], abs=0.01)


def test_chances_are_right_on_the_whole():
    told = simulated(3000, 2)
    score = f.score_history(told, 3000.0, 2, 12, [900, 1200, 1500, 1800, 2100, 2400])
    assert score is not None and score.days == 6
    assert score.brier < score.base and score.low > 0
    assert score.ece < 0.03


def test_nothing_of_the_future_is_used():
    told = simulated(400, 3)
    cut = 1500.0
    hidden = f.Histories(np.where(told.arrived > cut, np.nan, told.arrived), np.where(told.ended > cut, np.nan, told.ended))
    assert np.array_equal(f.chances(told, cut, 2, 12, draws=3).chance, f.chances(hidden, cut, 2, 12, draws=3).chance, equal_nan=True)


def test_without_any_signal_it_does_not_claim_one():
    wins = 0
    for seed in range(20):
        told = simulated(60, 100 + seed, moves=(0.06, 0.06), ends=(0.02, 0.02))
        score = f.score_history(told, 3000.0, 1, 12, [1500, 2000, 2500])
        wins += score is not None and score.low > 0
    assert wins <= 3


def test_a_project_that_is_there_and_one_that_ended():
    told = f.Histories(np.array([[0.0, 100.0], [0.0, np.nan], [0.0, np.nan]]), np.array([np.nan, 50.0, np.nan]))
    found = f.chances(told, 400.0, 1, 6, draws=5)
    assert found.chance[0] == 1 and np.isnan(found.chance[1]) and 0 < found.chance[2] < 1
    assert found.low[2] <= found.chance[2] <= found.high[2] + 1e-9


def test_an_undated_stage_is_passed_with_the_next_one():
    told = f.Histories(np.array([[0.0, np.nan, 90.0]]), np.array([np.nan])).known(200.0)
    assert told.arrived[0].tolist() == [0.0, 90.0, 90.0]
    assert told.known(50.0).stage()[0] == 0


def test_landing_sums_what_chances_say():
    told = simulated(500, 5)
    amount = np.random.default_rng(6).lognormal(8, 1, 500)
    whole = f.landing(told, 2000.0, 2, [12], amount)
    chance = f.chances(told, 2000.0, 2, 12, draws=0).chance
    there = told.known(2000.0).stage() >= 2
    assert whole.mean[0] == pytest.approx(np.nansum(np.where(there, 0, chance) * amount))
    assert whole.low[0] < whole.mean[0] < whole.high[0]
    parts = f.landing(told, 2000.0, 2, [3, 6, 9, 12], amount)
    assert parts.mean.sum() == pytest.approx(whole.mean[0])


def test_landing_range_holds_what_came():
    held = []
    for seed in range(30):
        told = simulated(300, 200 + seed)
        amount = np.ones(300)
        cut = 2000.0
        before, after = told.known(cut), told.known(cut + 12 * f.MONTH)
        came = ((before.stage() < 2) & (before.stage() >= 0) & (after.stage() >= 2)).sum()
        span = f.landing(told, cut, 2, [12], amount, draws=400)
        held.append(span.low[0] <= came <= span.high[0])
    assert 0.6 <= np.mean(held) <= 0.97


def test_no_projects_no_forecast():
    none = f.Histories(np.zeros((0, 4)), np.zeros(0))
    assert f.score_history(none, 100.0, 2, 12, [50.0]) is None
    assert f.landing(none, 100.0, 2, [3, 6], []).mean.tolist() == [0, 0]
