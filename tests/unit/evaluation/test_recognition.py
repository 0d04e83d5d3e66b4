"""The protocols of recognition on a small made-up folder."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from liantu.evaluation.name_pairs import line_for
from liantu.evaluation.recognition_names import run
from liantu.evaluation.recognition_short import run as run_short
from liantu.evaluation.report import Asked
from liantu.kernel.problems import UserError

FIRST, SECOND, TRADES = "云澄赣锦恒泰瑞宏远博", "梯川岚禾山峰林海达新", ("陶瓷", "机械", "电子科技", "新材料", "食品", "医药", "光电", "包装")


def names(n: int) -> list[str]:
    chance = np.random.default_rng(1)
    made: dict[str, None] = {}
    while len(made) < n:
        made[f"{chance.choice(['南昌', '九江', '赣州', '宜春市', '上饶'])}{chance.choice(list(FIRST))}{chance.choice(list(SECOND))}{chance.choice(list(FIRST))}{chance.choice(TRADES)}有限公司"] = None
    return list(made)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    every = names(900)
    known, strangers = every[:600], every[600:]
    rows = [{"q": n, "truth": f"C{i}", "kind": "exact"} for i, n in enumerate(known[:200])]
    rows += [{"q": n.replace("有限公司", "股份有限公司"), "truth": f"C{i + 200}", "kind": "suffix"} for i, n in enumerate(known[200:400])]
    rows += [{"q": n[:4] + n[5:], "truth": f"C{i + 400}", "kind": "typo"} for i, n in enumerate(known[400:600])]
    rows += [{"q": n, "truth": "", "kind": "neg_other"} for n in strangers] + [{"q": n + "抚州分公司", "truth": "", "kind": "neg_related0"} for n in known[:100]]
    (tmp_path / "names").mkdir()
    pl.DataFrame([r | {"city": "", "address": ""} for r in rows]).write_parquet(tmp_path / "names" / "queries_600.parquet")
    pl.DataFrame([{"name": n, "uscc": f"C{i}", "city": "", "province": "", "address": ""} for i, n in enumerate(known)]).write_parquet(tmp_path / "names" / "reference_600.parquet")
    with (tmp_path / "chainkg_company.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["name", "fullname", "code"])
        table.writerows([(n.replace("有限公司", "").removeprefix("南昌")[-5:], n, f"{600000 + i}") for i, n in enumerate(known[:200])])
    return tmp_path


def test_figures_with_n_and_plain_ways(folder: Path) -> None:
    found = run(Asked(folder, seeds=2))
    by = {(m.metric, m.method, m.group): m for m in found}
    ours = by["准确率", "liantu（仅名称）", "600"]
    assert ours.value is not None and ours.value > 0.9 and ours.n > 200 and ours.low is not None
    assert by["误认率", "liantu（仅名称）", "600 neg_related0"].value == 0
    assert by["召回率", "liantu（仅名称）", "600 exact"].value == 1
    recall = by["召回率", "liantu（仅名称）", "600"].value or 0
    assert recall > (by["召回率", "规范后相等", "600"].value or 0)
    assert {"原样相等", "规范后相等", "词频余弦加门槛", "逐对编辑距离加门槛", "liantu 重训（名称＋城市＋地址）"} <= {m.method for m in found}


def test_short_names(folder: Path) -> None:
    found = {m.method: m for m in run_short(Asked(folder, seeds=1)) if m.metric == "top-1"}
    assert 100 < found["liantu"].n <= 200
    assert (found["liantu"].value or 0) >= (found["词频余弦"].value or 0) - 0.05


def test_a_folder_without_names_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="queries_N"):
        run(Asked(tmp_path))


def test_the_line_keeps_the_wanted_precision() -> None:
    score, right = np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, False, True])
    assert line_for(score, right, 1.0) == 0.8 and line_for(score, right, 0.75) == 0.6 and line_for(score, ~right, 1.0) > 1
