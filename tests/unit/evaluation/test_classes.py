"""The protocol of classes on a small made-up folder: every figure is there, with n, and better than the plain ways."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from liantu.evaluation.listed_firms import class_names, listed_firms, stratified
from liantu.evaluation.placement_classes import run
from liantu.evaluation.report import Asked
from liantu.kernel.problems import UserError

CLASSES = {"110101": ("种子", "稻种", "玉米种", "蔬菜种苗"), "110201": ("水产养殖", "对虾", "海参", "鱼苗"),
           "630101": ("线缆", "电力电缆", "通信电缆", "漆包线"), "630201": ("光伏", "硅片", "电池组件", "光伏逆变器")}


def write(path: Path, rows: list[dict[str, object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    chance = np.random.default_rng(0)
    firms, labels, products, scopes = [], [], [], []
    for at in range(120):
        code, path = f"{600000 + at}", sorted(CLASSES)[at % 4]
        word, *rest = CLASSES[path]
        firms.append({"name": f"企{at}", "fullname": f"示例{at}股份有限公司", "code": code})
        labels.append({"company_code": f"{code}.SH", "industry_code": path})
        for share in (0.6, 0.3, 0.6):
            products.append({"company": f"{code}SH", "product": str(chance.choice(rest)), "weight": share})
        if at % 2:
            scopes.append({"stock_code": code, "scope": f"{word}、{chance.choice(rest)}的生产；依法须经批准的项目，经批准后方可开展。"})
    names = [{"code": c, "name": n} for c, n in (("110000", "农业"), ("110100", "种植业"), ("110200", "渔业"), ("630000", "电力设备"), ("630100", "电网设备"), ("630200", "光伏设备"))]
    write(tmp_path / "chainkg_company.csv", firms)
    write(tmp_path / "chainkg_company_industry.csv", labels)
    write(tmp_path / "chainkg_company_product.csv", products)
    write(tmp_path / "chainkg_industry.csv", names + [{"code": c, "name": w[0]} for c, w in CLASSES.items()])
    write(tmp_path / "scope_sw2021_labelled.csv", scopes)
    return tmp_path


def test_firms_join_by_six_digits_and_keep_the_larger_share(folder: Path) -> None:
    firms = listed_firms(folder)
    assert len(firms) == 120 and all(f.path for f in firms) and sum(bool(f.scope) for f in firms) == 60
    assert all(len(dict(f.products)) == len(f.products) for f in firms)
    assert class_names(folder)["11"] == "农业" and class_names(folder)["6302"] == "光伏设备"


def test_the_split_spreads_over_labels() -> None:
    labels = ["a"] * 70 + ["b"] * 29 + ["c"]
    train, test = stratified(labels, 0.3, 1)
    assert len(test) == 30 and not set(train) & set(test) and len(train) + len(test) == 100
    assert 20 <= sum(labels[i] == "a" for i in test) <= 22
    assert (stratified(labels, 0.3, 1)[1] == test).all() and not (stratified(labels, 0.3, 2)[1] == test).all()


def test_figures(folder: Path) -> None:
    found = {(m.metric, m.method, m.group): m for m in run(Asked(folder, seeds=2))}
    for level in ("一级", "二级", "三级"):
        ours, plain = found["top-1", "产品＋名称", level], found["top-1", "类名作关键词", level]
        assert ours.value is not None and plain.value is not None and ours.value > 0.9 > plain.value
        assert ours.n >= 36 and ours.low is not None and ours.target is not None and ours.seeds == 2
        assert found["top-1", "经营范围＋名称", level].value > 0.9
        assert found["top-1", "产品＋名称（十折）", level].n == 120
        assert found["校准误差 ECE（各轮合并）", "产品＋名称", level].value is not None


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="chainkg_company_product.csv"):
        listed_firms(tmp_path)
