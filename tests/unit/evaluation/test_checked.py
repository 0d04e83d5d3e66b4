"""The two readings of registry firms: well-formed in the package, and the figures right on made-up firms."""

from __future__ import annotations

import csv
from collections import Counter
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from liantu.evaluation import placement_checked as checked
from liantu.evaluation.report import Asked
from liantu.methods.agreement import kappa, kappa_interval
from liantu.methods.intervals import stratified_ratio


def test_the_packaged_readings_fit_the_chains_and_hold_no_text() -> None:
    source = files("liantu.data") / "labels" / "registry_nodes.csv"
    rows = list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))
    assert list(rows[0]) == ["uscc", "stratum", "pool", "pools", "first", "second"] and len(rows) == len({r["uscc"] for r in rows}) == 440
    assert all("".join(r.values()).isascii() for r in rows)
    codes = {n.code for n in checked.builtin_nodes()}
    for firm in checked.labels():
        assert set(firm.first) | set(firm.second) <= codes and firm.strict <= firm.relaxed and len(firm.first) <= 4
    chains = {n.chain for n in checked.builtin_nodes()} | {checked.OUTSIDE}
    assert all(set(f.pools) <= chains and f.stratum in f.pools for f in checked.labels())
    sizes = Counter((r["stratum"], r["pool"]) for r in rows)
    assert sorted(sizes.values()) == [60, 76, 76, 76, 76, 76] and ("outside", "158709") in sizes
    assert (files("liantu.data") / "labels" / "README.md").is_file()


def test_marks() -> None:
    assert checked.reading("-") == {} and checked.reading("a/b;a/c?;d/e?W") == {"a/b": "", "a/c": "?", "d/e": "?W"}


def test_kappa() -> None:
    assert kappa([1] * 25 + [0] * 25, [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15) == pytest.approx(0.4)  # 20, 5, 10, 15
    assert kappa([1, 0], [0, 1]) == pytest.approx(-1) and np.isnan(kappa([1, 1], [1, 1]))
    value, low, high = kappa_interval([[1, 0], [0, 1], [1, 1], [0, 0]] * 20, [[1, 0], [0, 1], [1, 0], [0, 0]] * 20)
    assert low < value < high <= 1


def test_a_stratified_ratio_speaks_of_the_whole() -> None:
    """A thousand firms of which a tenth lie in a stratum read much more densely: the weights undo that."""
    chance = np.random.default_rng(1)
    inside = 0
    for trial in range(100):
        dense, thin = chance.random(100) < 0.9, chance.random(900) < 0.3
        d, t = chance.choice(dense, 80, replace=False), chance.choice(thin, 90, replace=False)
        found = stratified_ratio([*d, *t], [1] * 170, [100 / 80] * 80 + [10] * 90, ["d"] * 80 + ["t"] * 90, seed=trial)
        inside += found[1] <= (dense.sum() + thin.sum()) / 1000 <= found[2]
    assert inside >= 88
    assert np.isnan(stratified_ratio([0], [0], [1], ["a"])[0])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Made-up firms that make, or only sell, what two nodes of the packaged chains make; labels beside them."""
    nodes = {n.code: n for n in checked.builtin_nodes()}
    one, two = sorted(c for c, n in nodes.items() if len(n.products) >= 3 and all(len(p) >= 4 for p in n.products[:3]))[:2]
    rows, told = [], []
    for at in range(60):
        code, makes = (one, two)[at % 2], at % 3 > 0
        word = nodes[code].products[at % 3]
        rows.append({"uscc": f"U{at:03}", "name": f"示例{at}有限公司", "scope": f"一般项目：{word}{'制造' if makes else '销售'}；日用百货销售"})
        told.append({"uscc": f"U{at:03}", "stratum": code.partition("/")[0], "pool": 1000, "first": code if makes else "-", "second": f"{code}?" if makes and at % 10 == 1 else code if makes else "-"})
    rows += [{"uscc": f"X{at:03}", "name": f"过客{at}有限公司", "scope": "住宿"} for at in range(10)]
    told += [{"uscc": f"X{at:03}", "stratum": "outside", "pool": 5000, "first": "-", "second": "-"} for at in range(12)]
    pl.DataFrame(rows).write_parquet(tmp_path / checked.REGISTRY)
    pl.DataFrame(told).write_csv(tmp_path / "labels.csv")
    made = checked.labels(tmp_path / "labels.csv")
    monkeypatch.setattr(checked, "labels", lambda: made)
    return tmp_path


def test_figures(folder: Path) -> None:
    said: list[str] = []
    found = {(m.metric, m.method, m.group): m for m in checked.run(Asked(folder, progress=said.append))}
    assert "72 家中文件夹里有 70 家" in said[0]
    assert found["两次判读 kappa（宽）", "第一次对第二次", "企业×环节"].value == pytest.approx(1)
    assert 0.8 < found["两次判读 kappa（严）", "第一次对第二次", "企业×环节"].value < 1
    ours, plain = found["准确率（宽）", "liantu", "合计"], found["准确率（宽）", "子串", "合计"]
    assert ours.value > plain.value and ours.n > 0 and ours.low < ours.value
    assert found["召回率（宽）", "liantu", "合计"].value > 0.8
    assert found["准确率（宽）", "liantu 较可靠", "合计"].n + found["准确率（宽）", "liantu 待核", "合计"].n == ours.n
    assert found["准确率（严）", "liantu", "合计"].value < ours.value


def test_weights_count_every_pool_a_firm_lies_in() -> None:
    nodes = [checked.NodeText("a/x", "甲物", chain="a"), checked.NodeText("b/y", "乙物", chain="b")]
    firms = [checked.Checked("1", "a", 100, {}, {}, scope="甲物"), checked.Checked("2", "a", 100, {}, {}, scope="甲物、乙物"),
             checked.Checked("3", "b", 50, {}, {}, scope="乙物"), checked.Checked("4", "outside", 700, {}, {})]
    checked.weigh(firms, nodes)
    assert [f.weight for f in firms] == pytest.approx([50, 25, 50, 700])


def test_no_registry_no_figures(tmp_path: Path) -> None:
    said: list[str] = []
    assert checked.run(Asked(tmp_path, progress=said.append)) == [] and "略过" in said[0]
