"""Exact laws of the replay against Fisher's and published figures, against brute force, and what must not count twice."""

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import fisher_exact, nchypergeom_fisher

from liantu.methods.replay import Draw, at_least, cut, expected, law, lift, shortlist, verdict


def test_one_urn_is_fishers_exact_test():
    draw = Draw(pool=40, landed=9, listed=11, hits=6)
    table = [[6, 5], [3, 26]]
    assert at_least([draw]) == pytest.approx(fisher_exact(table, alternative="greater").pvalue)


def test_the_law_of_two_urns_equals_all_lists_counted_out():
    draws = [Draw(6, 2, 3, 1), Draw(5, 3, 2, 2)]
    count = np.zeros(5)
    for first in combinations(range(6), 3):
        for second in combinations(range(5), 2):
            count[sum(i < 2 for i in first) + sum(i < 3 for i in second)] += 1
    assert law(draws) == pytest.approx(count / count.sum())
    assert expected(draws) == pytest.approx(3 * 2 / 6 + 2 * 3 / 5)


def test_the_interval_of_one_urn_is_that_of_fishers_noncentral_law():
    draw = Draw(60, 10, 12, 5)
    _, low, high = lift([draw])
    for bound, tail in ((low, lambda w: nchypergeom_fisher.sf(4, 60, 10, 12, w)), (high, lambda w: nchypergeom_fisher.cdf(5, 60, 10, 12, w))):
        grid = np.exp(np.linspace(-6, 6, 4001))
        means = np.array([nchypergeom_fisher.mean(60, 10, 12, w) for w in grid[::100]]) / expected([draw])
        at = float(np.exp(np.interp(bound, means, np.log(grid[::100]))))
        assert tail(at) == pytest.approx(0.025, abs=0.002)


def test_the_interval_covers_the_truth_and_chance_is_seldom_taken_for_skill():
    chance, covered, wrong, rounds = np.random.default_rng(3), 0, 0, 400
    for _ in range(rounds):
        draws = [Draw(300, 12, 15, int(chance.hypergeometric(12, 288, 15))) for _ in range(4)]
        _, low, high = lift(draws)
        covered += low <= 1 <= high
        wrong += low > 1
    assert covered >= 0.95 * rounds
    assert wrong <= 0.025 * rounds + 2 * np.sqrt(0.025 * rounds)


def test_nothing_to_hit_tells_nothing():
    told = verdict([cut(np.array([2.0, 1.0]), np.array([1.0, 2.0]), np.array([0, 0]), np.array([False, False]), np.array([True, False]))])
    assert not told.found and not told.enough and np.isnan(told.lift)


def test_too_few_landings_are_told_as_such():
    n = 40
    landed, listed = np.zeros(n, bool), np.zeros(n, bool)
    landed[0] = listed[:2] = True
    told = verdict([cut(np.arange(n, 0, -1.0), np.full(n, np.nan), np.zeros(n, np.int64), landed, listed)])
    assert told.hits == 1
    assert not told.enough
    assert not told.found


def test_a_list_that_only_picks_the_right_industry_is_not_called_better():
    n = 400
    industry = np.repeat([0, 1], n // 2)
    landed = (industry == 0) & (np.arange(n) % 4 == 0)
    listed = np.zeros(n, bool)
    listed[:40] = True
    told = verdict([cut(np.arange(n, 0, -1.0), np.full(n, np.nan), industry, landed, listed)])
    assert told.low > 1
    assert told.industry_lift == pytest.approx(1.0)
    assert not told.found


def test_only_where_two_lists_differ_can_they_be_told_apart():
    score, size = np.array([5.0, 4, 3, 2, 1, 0]), np.array([0.0, 9, 8, 1, 1, 1])
    landed = np.array([True, True, False, False, False, False])
    found = cut(score, size, np.zeros(6, np.int64), landed, np.array([True, True, False, False, False, False]), at=(1, 2, 6))
    assert found.largest == Draw(pool=2, landed=1, listed=1, hits=1)  # firms 0 and 2; firm 1 stands on both lists
    assert found.largest_hits == 1
    assert found.curve == ((1, 1), (2, 2), (6, 2))
    assert found.last is None


def test_unknown_sizes_and_scores_come_last():
    assert shortlist(np.array([np.nan, 1.0, 2.0]), 3).tolist() == [2, 1]
    found = cut(np.ones(3), np.array([np.nan, 5.0, np.nan]), np.zeros(3, np.int64), np.array([False, True, False]), np.array([True, False, False]))
    assert found.largest_hits == 1


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="lengths"):
        cut(np.ones(3), np.ones(2), np.zeros(3, np.int64), np.zeros(3, bool), np.zeros(3, bool))
    with pytest.raises(ValueError, match="impossible"):
        Draw(3, 2, 2, 0)
