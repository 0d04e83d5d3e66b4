"""Monthly series watched: never looking ahead, missing-safe, free of units; drops found, seasons and the Spring Festival not; the budget kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import cos, pi, radians, sin

import numpy as np
import pytest

from liantu.methods import monthly_rerank
from liantu.methods.monthly_alarms import alarm_line, group_alarms, group_surprise
from liantu.methods.monthly_calendar import FIRST_YEAR, LAST_YEAR, _means, festival_effects, festival_regressors, january_with_february, month_number, spring_festival
from liantu.methods.monthly_quality import Quality, quality_flags
from liantu.methods.monthly_rerank import EARLIEST, plant
from liantu.methods.monthly_residuals import WARM, one_step
from liantu.methods.monthly_signals import _leave_one_out_median, watch_series

FIRST = "2020-01"
FIELDS = ("score", "rank", "alarm", "expected", "shortfall", "z", "peer_shortfall")


@pytest.fixture(autouse=True)
def few_plantings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monthly_rerank, "EVENTS", 1200)


def panel(n: int = 300, months: int = 60, *, seed: int = 0, noise: float = 0.06, missing: float = 0.0) -> np.ndarray:
    """Series with level, season, slow drift and noise of the same kind."""
    chance = np.random.default_rng(seed)
    log = chance.normal(5, 2, (n, 1)) + chance.normal(0, 0.004, (n, months)).cumsum(axis=1) + noise * chance.standard_t(5, (n, months))
    log += chance.uniform(0, 0.2, (n, 1)) * np.sin(2 * np.pi * (np.arange(months) + chance.integers(0, 12, (n, 1))) / 12)
    return np.where(chance.random((n, months)) < missing, np.nan, np.exp(log))


def same(one: np.ndarray, other: np.ndarray, **close: float) -> None:
    np.testing.assert_allclose(np.asarray(one, dtype=float), np.asarray(other, dtype=float), **{"rtol": 1e-9, "atol": 1e-9, **close})


@pytest.mark.parametrize("learned", [False, True])
@pytest.mark.parametrize("hold", [False, True])
def test_nothing_said_of_a_month_uses_a_later_one(learned: bool, hold: bool) -> None:
    values, peers = panel(missing=0.03), np.arange(300) % 10
    model = watch_series(panel(seed=9), FIRST).model if learned else None
    changed = values.copy()
    changed[:, 45:] *= np.random.default_rng(1).uniform(0, 3, changed[:, 45:].shape)
    changed[::7, 45:] = np.nan
    before, after = (watch_series(v, FIRST, peers=peers, learn=False, model=model, hold_january=hold) for v in (values, changed))
    for field in FIELDS:
        same(getattr(before, field)[:, :45], getattr(after, field)[:, :45], rtol=1e-4 if learned else 1e-9, atol=1e-4 if learned else 1e-9)
    back = ~np.uint8(Quality.TENFOLD_BACK)
    assert ((before.quality & back) == (after.quality & back))[:, :45].all()
    assert not np.allclose(before.z[:, 45:], after.z[:, 45:], equal_nan=True)
    cut = watch_series(values[:, :45], FIRST, peers=peers, learn=False, model=model, hold_january=hold)
    same(cut.score, before.score[:, :45], rtol=1e-4, atol=1e-4)


def test_units_do_not_matter() -> None:
    values = panel(missing=0.02)
    scaled = values * np.exp(np.random.default_rng(3).normal(0, 5, (300, 1)))
    one, other = watch_series(values, FIRST), watch_series(scaled, FIRST)
    for field in ("score", "z", "shortfall"):
        same(getattr(one, field), getattr(other, field), rtol=1e-4, atol=1e-4)
    assert one.model.rerankers and (one.alarm == other.alarm).mean() > 0.9999


@pytest.mark.filterwarnings("error")
def test_missing_months_zeros_negatives_and_late_starts() -> None:
    values = panel(missing=0.1)
    values[0], values[1], values[2] = np.nan, 0.0, -5.0
    values[3, :20], values[4, 30:40], values[5, :45], values[6, 59] = np.nan, np.nan, np.nan, 0.0
    values[7, 7::12] = np.nan  # never seen in August
    values[8] = np.nan
    values[8, 59] = 3.0
    seen = watch_series(values, FIRST, peers=np.arange(300) % 9 - 1)
    assert (np.isfinite(seen.score) <= np.isfinite(values)).all() and not np.isfinite(seen.score[:, :WARM]).any()
    assert not np.isfinite(seen.score[[0, 1, 2, 5, 8]]).any() and seen.alarm[6, 59] and np.isfinite(seen.expected[4, 30:40]).all()
    assert not np.isfinite(seen.score[3, : 20 + WARM]).any() and np.isfinite(seen.score[3, 20 + WARM:]).any()
    assert not np.isfinite(seen.score[7, 7::12]).any() and (~seen.alarm | np.isfinite(seen.rank)).all()
    for empty in (np.empty((0, 60)), np.empty((3, 0)), np.full((3, 10), 1.0)):
        assert watch_series(empty, FIRST).alarm.shape == empty.shape and not watch_series(empty, FIRST).alarm.any()


def test_planted_drops_are_found_and_quiet_series_are_not() -> None:
    calm = panel(600, seed=4, noise=0.05)
    values = calm.copy()
    values[:40, 50:] *= 0.65
    values[40:80, 50] *= 0.6
    values[80:120] *= 1 - 0.05 * np.clip(np.arange(60) - 49, 0, 6)
    for learn in (True, False):
        model = watch_series(panel(600, seed=5, noise=0.05), FIRST, learn=learn).model
        seen = watch_series(values, FIRST, model=model, budget=0.01)
        assert seen.alarm[:80, 50:53].any(axis=1).mean() >= 0.95 and seen.alarm[80:120, 50:56].any(axis=1).mean() >= 0.6
        assert seen.alarm[120:, 36:].mean() < 0.02
        assert np.median(seen.shortfall[:40, 50]) == pytest.approx(0.35, abs=0.04)


def test_a_learned_score_finds_more_of_what_it_was_taught() -> None:
    quiet, teach = panel(500, seed=6, noise=0.1), panel(500, seed=7, noise=0.1)
    values, start, _ = plant(quiet, np.random.default_rng(8), earliest=40, latest=57)
    found = {}
    for learn in (True, False):
        seen = watch_series(values, FIRST, model=watch_series(teach, FIRST, learn=learn).model)
        found[learn] = seen.alarm[np.arange(500)[:, None], start[:, None] + np.arange(4) - (start[:, None] + 4 > 60)].any(axis=1).mean()
    assert found[True] >= found[False] - 0.01 and found[True] > 0.5


def test_few_series_are_scored_plainly_and_learning_repeats_itself() -> None:
    assert not watch_series(panel(40), FIRST).model.rerankers
    assert not watch_series(panel(200, months=EARLIEST), FIRST).model.rerankers
    one, again = watch_series(panel(150), FIRST), watch_series(panel(150), FIRST)
    assert one.model.rerankers
    same(one.score, again.score)


def test_a_seasonal_dip_is_no_alarm() -> None:
    values = panel(400, seed=10, noise=0.04)
    values[:20, 7::12] *= 0.5  # every August, the works holiday
    seen = watch_series(values, FIRST, learn=False)
    assert seen.alarm[:20, 31::12].mean() < 0.05 and np.median(np.abs(seen.shortfall[:20, 43::12])) < 0.1
    once = values.copy()
    once[:20, 8 + 48] *= 0.5  # the same dip in another month is one
    assert watch_series(once, FIRST, budget=0.06, learn=False).alarm[:20, 56].all()


def test_the_spring_festival_is_no_alarm() -> None:
    effect = festival_regressors(month_number("2018-01"), 84) @ np.array([-0.1, -0.5, -0.25])
    calm = panel(400, months=84, seed=11, noise=0.04)
    values = calm * np.exp(effect)
    early = (np.arange(84) % 12 < 3) & (np.arange(84) >= 36)
    spread = {f: np.sqrt(np.nanmean(watch_series(values, "2018-01", festival=f, learn=False).z[:, early] ** 2)) for f in (True, False)}
    usual = np.sqrt(np.nanmean(watch_series(calm, "2018-01", festival=False, learn=False).z[:, early] ** 2))
    assert spread[True] < 1.25 * usual < 0.7 * spread[False]
    values[5, -11] *= 0.6  # February of the last year
    seen = watch_series(values, "2018-01", learn=False)
    assert seen.alarm[5, -11] and seen.shortfall[5, -11] == pytest.approx(0.4, abs=0.1)


def test_festival_coefficients_are_those_planted_and_quiet_where_there_are_none() -> None:
    first, true = month_number("2016-01"), np.array([-0.1, -0.4, -0.2])
    x = festival_regressors(first, 96)
    calm = np.log(panel(300, months=96, seed=12, noise=0.05))
    assert np.abs(festival_effects(calm, first)[-1].effect).mean() < 0.03
    last = festival_effects(calm + x @ true, first)[-1]
    assert (last.begin, last.end) == (84, 96) and np.abs(last.effect - x @ true).mean() < 0.15 * np.abs(x @ true).mean()


def new_moon(number: int) -> datetime:
    """Beijing time of new moon ``number`` after January 2000 (Meeus, Astronomical Algorithms, 2nd ed., ch. 49, main terms; within some minutes)."""
    t = number / 1236.85
    day = 2451550.09766 + 29.530588861 * number + 0.00015437 * t * t
    sun, moon = radians(2.5534 + 29.1053567 * number), radians(201.5643 + 385.81693528 * number)
    node = radians(160.7108 + 390.67050284 * number)
    day += -0.4072 * sin(moon) + 0.17241 * sin(sun) + 0.01608 * sin(2 * moon) + 0.01039 * sin(2 * node) + 0.00739 * sin(moon - sun) - 0.00514 * sin(moon + sun) + 0.00208 * sin(2 * sun)
    return datetime(2000, 1, 1, 12) + timedelta(days=day - 2451545.0, hours=8, seconds=-67)


def sun_longitude(day: datetime) -> float:
    """Apparent longitude of the sun in degrees (Meeus ch. 25, low accuracy)."""
    t = (day - timedelta(hours=8) - datetime(2000, 1, 1, 12)).total_seconds() / 86400 / 36525
    m = radians(357.52911 + 35999.05029 * t)
    return (280.46646 + 36000.76983 * t + 1.9146 * sin(m) + 0.02 * sin(2 * m) - 0.00569 - 0.00478 * sin(radians(125.04 - 1934.136 * t))) % 360


def test_dates_are_new_moons_of_the_first_month() -> None:
    """The first lunar month holds the sun's passage of 330°: each date is the last new moon whose day is not after that passage."""
    assert (cos(pi), spring_festival(2000).isoformat(), spring_festival(2033).isoformat(), spring_festival(2034).isoformat()) == (-1.0, "2000-02-05", "2033-01-31", "2034-02-19")
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        if year == 2034:  # after the leap eleventh month of 2033 the passage comes a day before the first month
            assert spring_festival(year) in [new_moon(k).date() for k in range(420, 425)]
            continue
        passage = next(d for d in (datetime(year, 2, 17) + timedelta(hours=h) for h in range(24 * 5)) if sun_longitude(d) >= 330)
        near = range(round((year - 2000 + 0.1) * 12.3685) - 2, round((year - 2000 + 0.1) * 12.3685) + 3)
        moons = [new_moon(k).date() for k in near]
        assert spring_festival(year) == max(m for m in moons if m <= passage.date()), year


def test_months_regressors_and_errors() -> None:
    assert month_number("2026-03") == month_number((2026, 3)) == 2026 * 12 + 2
    for bad in ("2026", "2026-13", "March", (2026, 0)):
        with pytest.raises(ValueError):
            month_number(bad)
    with pytest.raises(ValueError, match="1990"):
        spring_festival(1989)
    x = festival_regressors(FIRST_YEAR * 12, 12 * (LAST_YEAR - FIRST_YEAR + 1)).reshape(-1, 12, 3)
    same(x.sum(axis=0), 0), same((x + _means()).sum(axis=1), 1)  # no season of their own; each span falls into some month
    for bad_call in ({"values": np.ones(5)}, {"values": np.ones((2, 30)), "budget": 0.0}, {"values": np.ones((2, 30)), "peers": np.zeros(3, dtype=int)}):
        with pytest.raises(ValueError):
            watch_series(first_month=FIRST, **bad_call)
    with pytest.raises(ValueError, match="knows 40"):
        watch_series(np.ones((2, 50)), FIRST, model=watch_series(np.ones((2, 40)), FIRST).model)


def test_january_waits_for_february() -> None:
    values = np.arange(28.0).reshape(2, 14) + 1
    values[1, 12] = np.nan
    held = january_with_february(values, month_number("2020-01"))
    assert np.isnan(held[:, [0, 12]]).all() and held[0, 1] == 1.5 and held[0, 13] == 13.5 and np.isnan(held[1, 13]) and held[0, 5] == 6
    calm = panel(300, seed=13, noise=0.04)
    calm[3, 48:50] *= 0.5
    seen = watch_series(calm, FIRST, hold_january=True)
    assert not np.isfinite(seen.score[:, ::12]).any() and seen.alarm[3, 49] and seen.shortfall[3, 49] == pytest.approx(0.5, abs=0.08)


@pytest.mark.parametrize("learn", [True, False])
def test_the_budget_is_kept_in_every_month_though_januaries_are_wild(learn: bool) -> None:
    values = panel(4000, seed=14)
    wild = np.where(np.arange(60) % 12 < 2, 0.2, 0.0) * np.random.default_rng(15).normal(size=values.shape)
    teach, other = (values * np.exp(wild))[:2000], (values * np.exp(wild))[2000:]
    model = watch_series(teach, FIRST, festival=False, learn=learn).model
    seen = watch_series(other, FIRST, festival=False, model=model, budget=0.02)
    assert seen.alarm[:, 30:].mean() == pytest.approx(0.02, rel=0.2)
    by_month = np.array([seen.alarm[:, 30:][:, np.arange(30, 60) % 12 == m].mean() for m in range(12)])
    assert (np.abs(by_month / 0.02 - 1) < 0.4).all()  # 40–60 alarms a month name: three standard errors


def test_a_fresh_case_passes_the_line_as_often_as_the_budget_says() -> None:
    rates = []
    for seed in range(40):
        chance = np.random.default_rng(seed)
        score = chance.standard_t(3, (1000, 30)) * np.array([1, 3] * 15)
        rates.append((alarm_line(score[:500]).rank(score[500:]) <= 0.01).mean(axis=0))
    assert np.mean(rates) == pytest.approx(0.01, rel=0.1) and np.mean(rates, axis=0)[::2].mean() == pytest.approx(np.mean(rates, axis=0)[1::2].mean(), rel=0.15)


def test_peers_take_a_common_drop_out() -> None:
    values, peers = panel(600, seed=16, noise=0.05), np.arange(600) // 30
    values[:30, 55] *= 0.7
    values[4, 55] *= 0.5
    alone, with_peers = (watch_series(values, FIRST, peers=p, learn=False) for p in (None, peers))
    assert alone.score[:30, 55].mean() > 3 and abs(with_peers.score[5:30, 55].mean()) < 1.5 and with_peers.alarm[4, 55]
    assert with_peers.peer_shortfall[:30, 55] == pytest.approx(0.3, abs=0.05) and np.isnan(alone.peer_shortfall).all()
    assert with_peers.shortfall[4, 55] == pytest.approx(0.65, abs=0.06)  # the drop itself stays what it is
    few = watch_series(values, FIRST, peers=np.where(np.arange(600) < 5, 0, -1), learn=False)
    same(few.score, alone.score)


def test_median_of_the_others() -> None:
    chance = np.random.default_rng(17)
    values = np.where(chance.random((12, 30)) < 0.3, np.nan, chance.integers(0, 9, (12, 30)).astype(float))
    found = _leave_one_out_median(values)
    for i in range(12):
        rest = np.delete(values, i, axis=0)
        for t in range(30):
            known = rest[np.isfinite(rest[:, t]), t]
            assert found[i, t] == pytest.approx(np.median(known)) if len(known) >= 5 else np.isnan(found[i, t])


def test_firm_alarms_become_node_alarms() -> None:
    member, group = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0]), np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3])
    alarm = np.array([1, 1, 0, 0, 1, 0, 0, 0, 0, 1], dtype=bool)
    judged = np.array([1] * 9 + [0], dtype=bool)
    size = np.array([10, 10, 40, 40, 10, 80, 10, 1, np.nan, 5.0])
    found = group_alarms(member, group, 5, alarm, judged, size, budget=0.005)
    assert found.firms.tolist() == [4, 3, 2, 1, 0] and found.alarms.tolist() == [2, 1, 0, 1, 0]
    same(found.share, [0.2, 0.1, 0, 10 / 15, 0])
    assert found.chance[0] == pytest.approx(1 - 0.995**4 - 4 * 0.005 * 0.995**3) and found.chance[4] == 1
    assert found.alarm.tolist() == [True, False, False, True, False]  # two of four by luck is rare; one small firm is not enough; one that makes two thirds is


def test_a_node_that_falls_as_one_shows_though_the_budget_hides_its_firms() -> None:
    values = panel(400, seed=18, noise=0.05)
    values *= 100 / np.median(values, axis=1, keepdims=True)
    values[:20, 55] *= 0.7
    values[33, 50:] = np.nan
    seen = watch_series(values, FIRST, learn=False)
    shortfall, surprise = group_surprise(np.arange(400), np.arange(400) // 20, 20, values, seen.expected)
    assert seen.alarm[:20, 55].sum() < 10 and surprise[0, 55] < -4 and shortfall[0, 55] == pytest.approx(0.3, abs=0.06)
    assert np.nanmin(surprise[1:, 40:]) > surprise[0, 55] and np.isnan(surprise[:, : WARM + 12]).all()
    one = ~np.isnan(seen.expected[20:40, 55])
    assert shortfall[1, 55] == pytest.approx(1 - values[20:40, 55][one & ~np.isnan(values[20:40, 55])].sum() / seen.expected[20:40, 55][one & ~np.isnan(values[20:40, 55])].sum())


def test_doubtful_data_have_their_own_lane() -> None:
    row = 100 + np.arange(40.0) % 7 + np.arange(40) * 0.1
    values = np.tile(row, (7, 1))
    values[0, 20:23] = np.nan
    values[1, 30], values[2, 30], values[3, 30:] = values[1, 30] * 10, values[2, 30] / 10, values[3, 30:] * 10
    values[4, 31] = values[4, 30]
    values[5, 12], values[5, 13] = -3.0, 0.0
    values[6] = 50.0  # a series that always repeats is not copied
    running = np.ones(values.shape, dtype=bool)
    flags = quality_flags(values, running=running)
    ten, back = Quality.TENFOLD, Quality.TENFOLD_BACK
    assert flags[0].nonzero()[0].tolist() == [21, 22] and flags[0, 21] == Quality.MISSING_RUN
    assert flags[1, 30] == flags[2, 30] == ten | back and flags[3, 30] == ten and not flags[1, 31:].any()
    assert flags[4].nonzero()[0].tolist() == [31] and flags[4, 31] == Quality.COPIED
    assert flags[5, 12] == Quality.NEGATIVE and flags[5, 13] == Quality.ZERO and not quality_flags(values)[5, 13] and not flags[6].any()
    assert one_step(values).z.shape == values.shape
