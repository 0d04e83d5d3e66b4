"""Outputs are kept by content: any code behind them is part of it."""

from __future__ import annotations

import pytest

from liantu.kernel import output


@pytest.fixture
def fresh():
    output._source_hash.cache_clear()


@pytest.mark.parametrize(("module", "moved"), [("liantu.methods.cascade_kernels", {"systemic_risk"}), ("liantu.kernel.relations", {"systemic_risk", "single_supplier"})])
def test_a_change_deep_down_makes_what_rests_on_it_anew(monkeypatch, fresh, module, moved):
    names = ("systemic_risk", "single_supplier")
    before = {name: output._source_hash(name) for name in names}
    real = output._source.__wrapped__
    output._source_hash.cache_clear()
    monkeypatch.setattr(output, "_source", lambda name: real(name) + ("# changed\n" if name == module else ""))
    after = {name: output._source_hash(name) for name in names}
    output._source_hash.cache_clear()
    assert {name for name in names if after[name] != before[name]} == moved
