"""The feasibility engine on made-up panels: it foresees what can be foreseen, and nothing else; it reads no future."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from liantu.methods import complexity as c
from liantu.methods import entry_learners
from liantu.methods.entry_calibration import curve, measured, out_of_fold
from liantu.methods.entry_features import layer, shrunken_quotient
from liantu.methods.entry_learners import place
from liantu.methods.entry_links import folds_of, learn_links, ridge
from liantu.methods.entry_measure import by_region, drawn, f1_at
from liantu.methods.entry_model import EntryModel, best_threshold, fit_entry
from liantu.methods.entry_panel import EntryPanel, groups_of, shuffled, transition

from .panels import made_up

PANEL = made_up()


@pytest.fixture(scope="module")
def model() -> EntryModel:
    return fit_entry(PANEL, at=0, to=1)


def auc(score: np.ndarray, entered: np.ndarray, eligible: np.ndarray) -> float:
    return float(drawn(score, entered, eligible, draws=0)[0][0])


def test_foresees_the_next_transition_better_than_density(model: EntryModel) -> None:
    entry, change = model.predict(PANEL, 1), transition(PANEL, 1, 2)
    m = c.presence(change.before)
    density = c.density(m, c.proximity(m))
    ours, theirs = (auc(s, change.entered(), change.eligible) for s in (entry.score, density))
    assert ours > 0.75 and ours > theirs + 0.05
    ranked = by_region(entry.score, change.entered(), change.eligible)
    assert np.nanmean(ranked.precision) > 1.5 * change.entered()[change.eligible].mean()


def test_probabilities_hold_and_only_where_nothing_is_yet(model: EntryModel) -> None:
    entry, change = model.predict(PANEL, 1), transition(PANEL, 1, 2)
    assert np.array_equal(np.isnan(entry.probability), ~change.eligible) and np.array_equal(entry.eligible, change.eligible)
    later = measured(entry.probability[change.eligible], change.entered()[change.eligible])
    assert later.ece < 0.03 and model.calibration.ece < 0.02
    assert later.top[1] > 3 * later.base_rate
    assert np.all(np.diff(entry.probability[change.eligible][np.argsort(entry.score[change.eligible])]) >= -1e-12)


def test_a_longer_horizon_is_likelier_by_a_constant_chance(model: EntryModel) -> None:
    usual, twice = model.predict(PANEL, 1), model.predict(PANEL, 1, years=10)
    here = usual.eligible
    assert twice.probability[here] == pytest.approx(1 - (1 - usual.probability[here]) ** 2)


def test_the_future_is_not_read() -> None:
    chance = np.random.default_rng(3)
    values = PANEL.values.copy()
    values[2] = chance.permutation(values[2].ravel()).reshape(values[2].shape)
    other = dataclasses.replace(PANEL, values=values)
    for name, known in layer(PANEL, 1).features.items():
        assert np.array_equal(known, layer(other, 1).features[name]), name
    first, second = (fit_entry(p, at=0, to=1, trees=False).predict(p, 1) for p in (PANEL, other))
    assert np.array_equal(first.score, second.score, equal_nan=True)


def test_learned_features_of_a_region_do_not_know_what_became_of_it() -> None:
    """Out of fold: whatever a left-out region turns into, its learned features stay."""
    values = PANEL.values.copy()
    values[1, 7] = np.random.default_rng(0).permutation(values[1, 7])
    rows = np.arange(len(values[0])) != 7
    found = []
    for panel in (PANEL, dataclasses.replace(PANEL, values=values)):
        scaled = dataclasses.replace(panel, values=np.array([panel.values[0], PANEL.values[1]]), years=panel.years[:2])
        there, back = transition(scaled, 0, 1), transition(scaled, 1, 0)
        after = there.after.copy()
        after[7] = c.rca(panel.values[1])[7]
        links = learn_links(layer(scaled, 0), layer(scaled, 1), dataclasses.replace(there, after=after), back, rows)
        found.append(links.features(layer(scaled, 0), ~rows, own=False))
    for name, known in found[0].items():
        assert np.array_equal(known, found[1][name]), name


def test_shuffled_outcomes_teach_nothing() -> None:
    inside, outside = [], []
    for seed in range(3):
        model = fit_entry(PANEL, at=0, to=1, trees=False, shuffle=seed)
        score, entered, _ = model.out_of_fold
        inside.append(auc(score[None], entered[None], np.ones((1, len(score)), dtype=bool)))
        prediction, change = model.predict(PANEL, 1), transition(PANEL, 1, 2)
        outside += [auc(prediction.score, shuffled(change, np.random.default_rng(k)).entered(), change.eligible) for k in range(10)]
    assert 0.46 < np.mean(inside) < 0.54
    assert 0.48 < np.mean(outside) < 0.52


def test_same_seed_same_model(model: EntryModel) -> None:
    again = fit_entry(PANEL, at=0, to=1)
    assert np.array_equal(again.predict(PANEL, 1).probability, model.predict(PANEL, 1).probability, equal_nan=True)
    assert again.calibration == model.calibration


def test_says_why(model: EntryModel) -> None:
    entry = model.predict(PANEL, 1)
    region, item = np.unravel_index(np.nanargmax(entry.score), entry.score.shape)
    because = model.explain(PANEL, 1, int(region), int(item))
    assert 1 <= len(because) <= 3 and all(j != item and v > 0 and PANEL.values[1, region, j] > 0 for j, v in because)
    terms = model.terms(PANEL, 1, int(region), int(item), top=4)
    assert len(terms) == 4 and {name for name, _ in terms} <= set(model.names)


def test_little_is_learned_from_little() -> None:
    small = made_up(40, 30, seed=1)
    few = transition(small, 0, 1)
    count = int((few.eligible & few.entered()).sum())
    assert 30 <= count < 250
    model = fit_entry(small)
    assert model.entries == count and "不用树" in model.how
    tiny = fit_entry(made_up(8, 9, seed=2))
    assert "太少" in tiny.how and np.isfinite(tiny.predict(made_up(8, 9, seed=2), 1).probability[0]).any()


def test_with_many_entries_trees_join(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(entry_learners.TREES, "max_iter", 30)
    monkeypatch.setitem(entry_learners.FOREST, "n_estimators", 10)
    large = made_up(140, 70, seed=4)
    model, change = fit_entry(large), transition(large, 1, 2)
    assert model.entries >= 250 and "提升树" in model.how
    plain = fit_entry(large, trees=False)
    ours, logistic = (auc(m.predict(large, 1).score, change.entered(), change.eligible) for m in (model, plain))
    assert ours > 0.75 and ours > logistic - 0.02


def test_one_year_gives_an_order_and_no_probability() -> None:
    one = EntryPanel(PANEL.values[:1], PANEL.years[:1], level=10)
    model = fit_entry(one)
    entry = model.predict(one, 0)
    assert "没有概率" in model.how and np.isnan(entry.probability).all() and np.isfinite(entry.score[entry.eligible]).all()
    assert model.terms(one, 0, 0, 0) == []


def test_nothing_is_learned_across_a_change_of_counting(model: EntryModel) -> None:
    broken = dataclasses.replace(PANEL, breaks=(1,))
    found = fit_entry(broken, at=0, to=1)
    assert "口径有变" in found.how and found.entries == model.entries and not found.terms(broken, 1, 0, 0)
    assert not np.array_equal(found.predict(broken, 1).score, model.predict(PANEL, 1).score, equal_nan=True)
    assert "口径有变" not in fit_entry(dataclasses.replace(PANEL, breaks=(2,)), at=0, to=1).how


def test_nothing_ever_entered() -> None:
    still = EntryPanel(np.repeat(PANEL.values[:1], 2, axis=0), PANEL.years[:2], level=10)
    model = fit_entry(still)
    entry = model.predict(still, 1)
    assert model.entries == 0 and (entry.probability[entry.eligible] == 0).all() and model.threshold == float("inf")


def test_empty_rows_and_columns_do_no_harm() -> None:
    values = PANEL.values.copy()
    values[:, 5], values[:, :, 9], values[0, 6] = 0, 0, 0
    holes = dataclasses.replace(PANEL, values=values)
    entry = fit_entry(holes, trees=False).predict(holes, 1)
    assert np.isfinite(entry.probability[entry.eligible]).all()


@pytest.mark.parametrize(("change", "words"), [
    ({"years": np.array([2011, 2011, 2021])}, "rise"), ({"values": -PANEL.values}, "not negative"), ({"values": PANEL.values[0]}, "dimensions"),
    ({"item_inputs": np.ones((3, 3))}, "item_inputs"), ({"region_xy": np.ones((3, 2))}, "region_xy"), ({"region_groups": (np.zeros(2, int),)}, "region_groups"),
])
def test_panels_that_do_not_fit_are_refused(change: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        dataclasses.replace(PANEL, **change)


def test_layers_that_hold_too_little_are_refused() -> None:
    empty = dataclasses.replace(PANEL, values=np.concatenate([PANEL.values[:1], np.zeros_like(PANEL.values[:1]), PANEL.values[2:]]))
    with pytest.raises(ValueError, match="too few"):
        fit_entry(empty)
    with pytest.raises(ValueError, match="two layers in order"):
        fit_entry(PANEL, at=1, to=1)
    with pytest.raises(ValueError, match="industries"):
        fit_entry(PANEL, trees=False).predict(made_up(20, 20), 0)


def test_links_and_neighbours_add_features() -> None:
    chance, (_, regions, items) = np.random.default_rng(0), PANEL.values.shape
    xy = chance.uniform(100, 110, (regions, 2))
    xy[3] = np.nan
    rich = dataclasses.replace(PANEL, region_xy=xy, item_inputs=chance.random((items, items)), item_skills=chance.random((items, items)),
                               region_groups=(np.arange(regions) % 5,), item_groups=(np.arange(items) // 10,))
    found, plain = layer(rich, 0).features, layer(PANEL, 0).features
    assert set(found) - set(plain) == {"nearby", "nearby_presence", "same_area_0", "suppliers", "customers", "skills", "siblings_0"}
    logs, m = np.log1p(c.rca(PANEL.values[0])), c.presence(c.rca(PANEL.values[0]))
    brothers = [j for j in range(10) if j != 4]
    assert found["siblings_0"][6, 4] == pytest.approx(logs[6, brothers].mean(), rel=1e-5)
    a = rich.item_inputs * (1 - np.eye(items))
    assert found["suppliers"][6, 4] == pytest.approx(m[6] @ a[:, 4] / a[:, 4].sum(), rel=1e-5)
    assert (found["nearby"][3] == 0).all()


def test_shrinking_pulls_small_numbers_harder() -> None:
    s, e, k = shrunken_quotient(PANEL.values[0])
    q = c.rca(PANEL.values[0])
    assert np.all((s - 1) * (q - 1) >= -1e-9) and np.all(np.abs(s - 1) <= np.abs(q - 1) + 1e-9)
    assert s[2, 3] == pytest.approx((PANEL.values[0][2, 3] + k[3]) / (e[2, 3] + k[3]))


def test_ridge_on_both_sides_is_the_same() -> None:
    chance = np.random.default_rng(0)
    x, y = chance.normal(size=(30, 12)), chance.normal(size=(30, 3))
    (tall,) = ridge(x, (y, 0.5))
    a = x - x.mean(axis=0)
    penalty = 0.5 * (a**2).sum() / 30
    assert tall(x) == pytest.approx(a @ np.linalg.solve(a.T @ a + penalty * np.eye(12), a.T @ (y - y.mean(axis=0))) + y.mean(axis=0))
    (wide,) = ridge(x.T, (chance.normal(size=(12, 3)), 0.5))
    assert wide.weights.shape == (30, 3)


def test_folds_keep_like_with_like_and_are_even() -> None:
    now = layer(PANEL, 0)
    fold = folds_of(now)
    assert np.array_equal(fold, folds_of(now)) and set(fold) == set(range(5)) and np.bincount(fold).max() < 0.35 * len(fold)


def test_figures_by_hand() -> None:
    score = np.array([[0.9, 0.8, 0.7, 0.1], [0.5, 0.4, 0.3, 0.2]])
    entered = np.array([[True, False, True, False], [False, False, False, True]])
    eligible = np.array([[True, True, True, True], [True, True, True, False]])
    found = by_region(score, entered, eligible, 2)
    assert found.precision.tolist() == [0.5, 0.0] and found.average_precision[0] == pytest.approx((1 + 2 / 3) / 2) and np.isnan(found.average_precision[1])
    area, f1 = drawn(score, entered, eligible, draws=0)
    assert area[0] == pytest.approx(9 / 10) and f1[0] == pytest.approx(0.8)
    assert f1_at(score, entered, eligible, 0.75) == pytest.approx(0.5)
    assert best_threshold(score[eligible], entered[eligible]) == 0.7


def test_curves_rise_and_are_measured_out_of_fold() -> None:
    chance = np.random.default_rng(0)
    score = chance.random(4000)
    entered = chance.random(4000) < 0.3 * score**2
    p = out_of_fold(score, entered, chance.integers(0, 4, 4000))
    found = measured(p, entered)
    assert found.n == 4000 and found.ece < 0.02 and sum(size for *_, size in found.bins) == 4000
    line = curve(score, entered)(np.linspace(-1, 2, 50))
    assert (np.diff(line) >= 0).all() and 0 < line[0] < line[-1] < 1
    assert np.isnan(measured(np.zeros(0), np.zeros(0, bool)).ece)


def test_places_keep_the_order_beyond_both_ends() -> None:
    known = np.array([1.0, 2, 3])
    assert (np.diff(place(np.array([-5.0, -3, 1, 1.5, 2, 3, 3.5, 4]), known)) >= 0).all() and place(np.array([2.0]), known)[0] == 0.5


def test_groups_from_codes() -> None:
    assert groups_of(["3612", "abc"]) == () and [len(g) for g in groups_of(["01", "02", "11"], (1,))] == [3]


def test_australian_regions(data_folder) -> None:
    """A part of the real panel, learned without trees: nowhere near chance, and better than plain EASE."""
    from liantu.evaluation.attraction_panel import read
    from liantu.methods.recommenders import ease_scores

    file = data_folder / "au_sa3_industry_2011_2021.parquet"
    if not file.is_file():
        pytest.skip("数据目录里没有澳大利亚的表，跳过 (no Australian panel in the folder)")
    panel = read(file, {}).panel
    change = transition(panel, 1, 2)
    entry = fit_entry(panel, at=0, to=1, trees=False).predict(panel, 1)
    ours, ease = auc(entry.score, change.entered(), change.eligible), auc(ease_scores(np.log1p(change.before)), change.entered(), change.eligible)
    ranked = by_region(entry.score, change.entered(), change.eligible)
    assert ours > 0.79 and ours > ease + 0.03 and np.nanmean(ranked.average_precision) > 0.21
