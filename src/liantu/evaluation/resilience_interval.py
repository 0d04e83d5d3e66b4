"""Intervals of what is lost when a firm closes, on synthetic districts whose true network is known: do they hold, and does asking the named firms narrow them?

A district (:mod:`liantu.evaluation.resilience_districts`, made by another law than the sampler's) is known as an office would know it: a quarter of the firms
has told its lists, some totals are missing, the input–output table is blurred. Firms close one by one; the loss on the true network is compared with the
interval told beforehand, calibrated on the district's own answers only. Then the ten firms named for a closure answer from the truth and everything is
done again: learning, drawing, interval (with the calibration of before); the same with ten drawn at random from the firms of which something is unknown, with
the ten largest of them, and with the closed firm and nine at random. Needs no data folder.

Naive ways beside: the network of pure gravity with every possible link, the sector multiplier of the input–output table, and the ensemble before any answer.
Closures of one district share its answers, so that figures over closures are less certain than their number says: intervals draw districts anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from liantu.evaluation.report import Asked, Measure
from liantu.evaluation.resilience_districts import District, district, known_of
from liantu.methods.cascade import FirmNetwork, shock
from liantu.methods.ensemble_draw import Ensemble, draw_networks
from liantu.methods.ensemble_known import Known, added
from liantu.methods.ensemble_learn import Learnt, fill_totals, learn, total_lines
from liantu.methods.ensemble_losses import LEAST, Calibration, Losses, calibrate, closures, interval, losses
from liantu.methods.ensemble_phone import phone_list, unknown

Floats = NDArray[np.float64]
FIRST_SEED, SIZES, LEVEL, ASKED = 5_000, (200, 300, 450, 600), 0.8, 10
CLOSED, QUICK_CLOSED, PHONED, QUICK_PHONED, DRAWS, RANDOM = 25, 12, 5, 2, 200, 3
OURS, RAW, NONE = "liantu（校准后）", "liantu（未校准）", "不用回答（仅先验）"
GRAVITY, MULTIPLIER = "一张引力网络", "行业乘数"
NAMED, CHANCE, LARGEST, WITH = "点名的 10 家", "随机 10 家", "最大的 10 家", "停产企业＋随机 9 家"


@dataclass
class Found:
    """One district: by way (closures,) whether the interval held, its width and its interval score as shares of the district's output, errors of single
    numbers, and by way of asking (phoned,) narrowing and whether the interval still held."""

    n: int
    answered: NDArray[np.bool_]
    calibration: Calibration
    held: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    width: dict[str, Floats] = field(default_factory=dict)
    penalty: dict[str, Floats] = field(default_factory=dict)
    error: dict[str, Floats] = field(default_factory=dict)
    narrowed: dict[str, Floats] = field(default_factory=dict)
    after: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    jobs: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))
    phoned_answered: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=bool))


def run(asked: Asked) -> list[Measure]:
    """Coverage, width, interval score, error of the median beside naive numbers, and narrowing by asking."""
    count = 2 if asked.quick else 4 * asked.seeds
    found = []
    for at in range(count):
        asked.progress(f"区间：合成县区 {at + 1} / {count}")
        found.append(measured(FIRST_SEED + at, SIZES[at % len(SIZES)], *((QUICK_CLOSED, QUICK_PHONED) if asked.quick else (CLOSED, PHONED))))
    return [*_coverage(found), *_sharpness(found), *_narrowing(found)]


def measured(seed: int, n: int, closed: int, phoned: int, draws: int = DRAWS) -> Found:
    """Everything for one district."""
    truth, chance = district(seed, n), np.random.default_rng([seed, 47])
    known = known_of(truth, seed)
    pull = truth.sales**0.5
    firms = chance.choice(n, closed, replace=False, p=pull / pull.sum())
    remaining, weights = closures(firms, n), np.column_stack([truth.sales, truth.jobs])
    learnt = learn(known)
    drawn = draw_networks(known, draws, seed=seed, learnt=learnt)
    said = losses(drawn, truth.sector, truth.essential, remaining, weights, states=True)
    real = (1 - shock(truth.network(), remaining).level) @ weights - said.own
    calibration = calibrate(known, truth.essential, truth.sales, level=LEVEL, draws=draws // 2, seed=seed, learnt=learnt)
    found = Found(n, np.asarray(known.answered)[firms], calibration)
    output, own = truth.sales.sum(), said.own[:, 0]
    blind = replace(known, supplier=(), customer=(), amount=(), suppliers_complete=None, customers_complete=None)
    without = losses(draw_networks(blind, draws // 2, seed=seed), truth.sector, truth.essential, remaining, truth.sales)
    for way, beyond, moved in ((OURS, said.beyond, calibration), (RAW, said.beyond, None), (NONE, without.beyond, None)):
        low, middle, high = (end[:, 0] for end in interval(beyond, said.own[:, :beyond.shape[2]], level=LEVEL, calibration=moved))
        _judge(found, way, (low, middle, high), real[:, 0], own, output)
    low, _, high = interval(said.beyond, said.own, level=LEVEL, calibration=calibration)
    found.jobs = (low[:, 1] <= real[:, 1]) & (real[:, 1] <= high[:, 1])
    for way, number in ((GRAVITY, gravity(known, truth, learnt, remaining, firms)), (MULTIPLIER, multiplier(known, learnt, firms))):
        found.error[way] = _error(number, real[:, 0], own)
    _ask(found, truth, known, said, drawn, remaining, firms, real[:, 0], phoned, seed)
    return found


def _judge(found: Found, way: str, ends: tuple[Floats, Floats, Floats], real: Floats, own: Floats, output: float) -> None:
    low, middle, high = ends
    slack = 1e-9 * own
    found.held[way] = (low - slack <= real) & (real <= high + slack)
    found.width[way] = (high - low) / output
    found.penalty[way] = (high - low + 2 / (1 - LEVEL) * (np.maximum(low - real, 0) + np.maximum(real - high, 0))) / output
    found.error[way] = _error(middle, real, own)


def _error(said: Floats, real: Floats, own: Floats) -> Floats:
    """Absolute logarithm of said over real, both with one hundredth of the closed firm's own sales added."""
    return np.asarray(np.abs(np.log((said + LEAST * own) / (real + LEAST * own))))


def _ask(found: Found, truth: District, known: Known, said: Losses, drawn: Ensemble, remaining: Floats, firms: NDArray[np.int64], real: Floats, phoned: int, seed: int) -> None:
    chance, pool = np.random.default_rng([seed, 53]), np.flatnonzero(unknown(known))
    low, _, high = interval(said.beyond[..., :1], said.own[:, :1], level=LEVEL, calibration=found.calibration)
    before = (high - low)[:, 0]
    chosen = np.flatnonzero(before > 0)[:phoned]

    def again(asked: Sequence[int], rows: NDArray[np.int64]) -> tuple[Floats, NDArray[np.bool_]]:
        more = truth.tell(known, [int(f) for f in asked])
        new = losses(draw_networks(more, drawn.draws, seed=seed + 1), truth.sector, truth.essential, remaining[rows], truth.sales)
        low, _, high = (end[:, 0] for end in interval(new.beyond, new.own, level=LEVEL, calibration=found.calibration))
        slack = 1e-9 * new.own[:, 0]
        return 1 - (high - low) / before[rows], (low - slack <= real[rows]) & (real[rows] <= high + slack)

    found.phoned_answered = found.answered[chosen]
    tries = [again(chance.choice(pool, ASKED, replace=False), chosen) for _ in range(RANDOM)]
    found.narrowed[CHANCE], found.after[CHANCE] = np.mean([t[0] for t in tries], axis=0), np.concatenate([t[1] for t in tries])
    found.narrowed[LARGEST], found.after[LARGEST] = again(pool[np.argsort(-truth.sales[pool])][:ASKED], chosen)
    each: dict[str, list[tuple[Floats, NDArray[np.bool_]]]] = {NAMED: [], WITH: []}
    for s in chosen:
        one = Losses(said.loss[:, s:s + 1], said.own[s:s + 1], said.down[:, s:s + 1], said.up[:, s:s + 1])
        named = phone_list(known, drawn, one, truth.essential, remaining[s], truth.sales, firms=ASKED).firm
        each[NAMED].append(again(named.tolist(), np.array([s])))
        each[WITH].append(again([int(firms[s]), *chance.choice(pool[pool != firms[s]], ASKED - 1, replace=False).tolist()], np.array([s])))
    for way, parts in each.items():
        found.narrowed[way], found.after[way] = (np.concatenate([p[column] for p in parts]) for column in (0, 1))


def _inside(learnt: Learnt) -> float:
    return float(1 / (1 + np.exp(-learnt.bought.mean[0])))


def gravity(known: Known, truth: District, learnt: Learnt, remaining: Floats, firms: NDArray[np.int64]) -> Floats:
    """Losses beyond the closed firm on the one network in which every buyer buys from every supplier of a sector in proportion to sales; local share as answered."""
    sales, purchases = (t[0] for t in fill_totals(known, total_lines(known), 1, None))
    sector, shares = np.asarray(known.sector), np.asarray(known.shares)
    money = _inside(learnt) * shares[sector][:, sector] * (sales / added(sector, sales, known.m)[sector])[:, None] * purchases[None, :]
    np.fill_diagonal(money, 0)
    money *= np.minimum(1, sales / np.maximum(money.sum(axis=1), 1e-300))[:, None]
    i, j = np.nonzero(money)
    network = FirmNetwork(known.n, i, j, money[i, j], sector, truth.essential, sales=sales, purchases=purchases)
    return np.asarray((1 - shock(network, remaining).level) @ truth.sales - truth.sales[firms])


def multiplier(known: Known, learnt: Learnt, firms: NDArray[np.int64]) -> Floats:
    """Output lost by suppliers, suppliers' suppliers and so on: the closed firm's purchases times the sector's local backward multiplier (Leontief inverse)."""
    sales, purchases = (t[0] for t in fill_totals(known, total_lines(known), 1, None))
    sector, local = np.asarray(known.sector), _inside(learnt) * np.asarray(known.shares)
    per_output = added(sector, purchases, known.m) / np.maximum(added(sector, sales, known.m), 1e-300)
    total = np.linalg.inv(np.eye(known.m) - local * per_output).sum(axis=0)
    return np.asarray((total @ local)[sector[firms]] * purchases[firms])


def _over(found: Sequence[Found], pick: Callable[[Found], NDArray[np.bool_] | Floats], metric: str, method: str, group: str = "", *, target: float | None = None,
          note: str = "") -> Measure:
    """A mean over closures, with a 95 % interval that draws districts anew."""
    parts = [np.asarray(pick(f), dtype=float) for f in found]
    sums, counts = np.array([p.sum() for p in parts]), np.array([len(p) for p in parts])
    chance = np.random.default_rng(0).integers(0, len(parts), (2000, len(parts)))
    low, high = np.quantile(sums[chance].sum(axis=1) / np.maximum(counts[chance].sum(axis=1), 1), [0.025, 0.975])
    n = int(counts.sum())
    return Measure("interval", metric, method, float(sums.sum() / n) if n else None, group=group, n=n, seeds=len(parts), low=float(low), high=float(high),
                   interval="bootstrap over districts", target=target, note=note)


def _coverage(found: Sequence[Found]) -> list[Measure]:
    stretch = np.array([(f.calibration.low, f.calibration.high) for f in found])
    cases = sum(f.calibration.cases for f in found)
    note = f"{len(found)} 个合成县区，每县区 {min(f.n for f in found)}–{max(f.n for f in found)} 家；应为 0.75–0.85"
    measures = [_over(found, lambda f: f.held[OURS], "80% 区间包含真值的比例", OURS, "产值", target=LEVEL, note=note),
                _over(found, lambda f: f.held[OURS][f.answered], "80% 区间包含真值的比例", OURS, "停产者已回答", target=LEVEL),
                _over(found, lambda f: f.held[OURS][~f.answered], "80% 区间包含真值的比例", OURS, "停产者未回答", target=LEVEL),
                _over(found, lambda f: f.jobs, "80% 区间包含真值的比例", OURS, "用工", target=LEVEL, note="用产值的校准")]
    measures += [_over(found, lambda f, way=way: f.held[way], "80% 区间包含真值的比例", way, "产值", target=LEVEL) for way in (RAW, NONE)]  # type: ignore[misc]
    measures.append(Measure("interval", "校准放宽（下端、上端的平均倍数）", OURS, float(stretch.mean()), n=cases, seeds=len(found), low=float(stretch[:, 0].mean()),
                            high=float(stretch[:, 1].mean()), interval="low end, high end", note="校准只用已回答企业之间的停产"))
    return measures


def _sharpness(found: Sequence[Found]) -> list[Measure]:
    measures = []
    for way in (OURS, RAW, NONE):
        measures.append(_over(found, lambda f, way=way: 1000 * f.width[way], "区间宽度（占产值 ‰）", way))  # type: ignore[misc]
        measures.append(_over(found, lambda f, way=way: 1000 * f.penalty[way], "区间得分（占产值 ‰，小为好）", way))  # type: ignore[misc]
    measures += [_over(found, lambda f, way=way: f.error[way], "中位数或单一数的对数误差", way) for way in (RAW, NONE, GRAVITY, MULTIPLIER)]  # type: ignore[misc]
    return measures


def _narrowing(found: Sequence[Found]) -> list[Measure]:
    measures = []
    for way in (NAMED, CHANCE, LARGEST, WITH):
        measures.append(_over(found, lambda f, way=way: f.narrowed[way], "问过以后区间变窄的比例", way, "合计"))  # type: ignore[misc]
        for group, told in (("停产者已回答", True), ("停产者未回答", False)):
            measures.append(_over(found, lambda f, way=way, told=told: f.narrowed[way][f.phoned_answered == told], "问过以后区间变窄的比例", way, group))  # type: ignore[misc]
    measures.append(_over(found, lambda f: f.narrowed[NAMED] - 2 * f.narrowed[CHANCE], "点名的变窄 − 2 × 随机的变窄", NAMED, "合计", target=0.0, note="大于 0 即达到两倍"))
    measures += [_over(found, lambda f, way=way: f.after[way], "问过以后 80% 区间包含真值的比例", way, "合计", target=LEVEL) for way in (NAMED, CHANCE)]  # type: ignore[misc]
    return measures
